"""A week in one small answer: the head of its list, and its hotspots in columns."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from api.schemas.common import LabelPair, Levelled, Link
from api.schemas.rankings import (  # noqa: TC001 - pydantic reads the annotations, as above
    BoundariesLine,
    Completeness,
    Generator,
    GoneLine,
    GradeTexts,
    KindTexts,
    MunicipalityLine,
    ThemeState,
    Weights,
)

Word = Annotated[
    int | None, Field(description="Number of a word in `words`, from 0; null where none is told.")
]
Ring = Annotated[
    list[int],
    Field(
        description="x and y of the first point in steps from the origin, then the steps to each next point."
    ),
]


class Words(Levelled):
    """The words that columns give by their number; of columns that are absent, none."""

    always: ClassVar[frozenset[str]] = frozenset({"theme", "kind", "grade"})

    theme: list[str] = Field(description="Themes, those of `themes` first and in their order.")
    kind: list[str]
    grade: list[str]
    form: list[str]
    event: list[str]
    lifecycle: list[str]


class Columns(Levelled):
    """
    The hotspots of a week by theme and rank, a column for each thing that is told of them.

    All columns are equally long. What the caller's level is not told, and what an early edition does not
    tell, has no column. The numbers mean what the same members of a ranking mean; risks and what was expected
    are rounded to three digits.
    """

    always: ClassVar[frozenset[str]] = frozenset(
        {"id", "theme", "kind", "grade", "rank", "neighbourhood", "touches", "footprint"}
    )

    id: list[str]
    theme: list[Word]
    kind: list[Word]
    grade: list[Word]
    rank: list[int]
    previous_rank: list[int | None]
    rank_lower: list[int | None]
    rank_upper: list[int | None]
    tie: list[int | None]
    observed: list[int | None]
    expected: list[float | None]
    relative_risk: list[float | None]
    relative_risk_lower: list[float | None]
    relative_risk_upper: list[float | None]
    form: list[Word]
    event: list[Word]
    lifecycle: list[Word]
    weeks_listed: list[int | None]
    too_little_data: list[bool | None]
    pile_up: list[bool | None]
    caveats: list[list[str] | None]
    window_start: list[dt.date]
    window_end: list[dt.date]
    previous_observed: list[int | None] = Field(
        description="Incidents in its window on last week's list; null where it was not listed then."
    )
    neighbourhood: list[int | None] = Field(
        description="Number in `areas` of the neighbourhood that it is named after; null where there is none."
    )
    neighbourhoods: list[list[int]] = Field(
        description="Numbers in `areas` of all neighbourhoods touched, the largest share first."
    )
    touches: list[list[int]] = Field(
        description="Numbers in `areas` of the neighbourhoods and districts by which it is found."
    )
    peak: list[list[int | list[int] | None] | None] = Field(
        description="First local hour, number of hours, and weekdays (1 for Monday; null where days show no "
        "pattern) of the hours that hold most; null where there is no pattern."
    )
    changed: list[bool | None] = Field(
        description="Whether it is new or back, split or merged, or has another rank, another count or a "
        "centre at least 20 m from last week's; as far as the level is told of these."
    )
    centroid: list[tuple[int, int] | None] = Field(description="In steps from the origin.")
    footprint: list[list[list[Ring]]] = Field(
        description="Polygons, each a list of rings, the outer one first; the first point of a ring is not "
        "repeated at its end."
    )


class Overview(Levelled):
    """What a list and a map need of a week."""

    always: ClassVar[frozenset[str]] = frozenset(
        {
            *("edition", "content_hash", "published_at", "week", "window_start", "window_end"),
            *("municipality", "labels", "themes", "level", "step_deg", "origin_deg", "words", "areas"),
            *("hotspots", "numberReturned", "links"),
        }
    )

    edition: int
    content_hash: str
    published_at: dt.datetime
    week: str
    window_start: dt.date
    window_end: dt.date
    municipality: MunicipalityLine
    boundaries: BoundariesLine
    generator: Generator
    parameters: dict[str, float] = Field(description="What the detection was told, units in the names.")
    labels: dict[str, LabelPair] = Field(description="How people read themes and subthemes.")
    kinds: KindTexts | None = Field(None, description="What is asked of each kind.")
    grades: GradeTexts | None = Field(None, description="The error rate of each grade.")
    themes: list[ThemeState] = Field(description="All themes, also those without a hotspot.")
    as_of: dt.datetime | dt.date | None = Field(None, description="Moment up to which reports were in.")
    completeness: dict[str, Completeness] | None = Field(
        None, description="By theme, which share of the week had been reported."
    )
    gone: list[GoneLine] | None = Field(None, description="What was listed last week and is no longer.")
    weights: Weights | None = Field(None, description="Which weights the harm has.")
    disclosure: dict[str, Any] | None = Field(
        None, description="By which rules the list was made; below the internal level."
    )
    level: Literal["open", "partner", "internal"] = Field(description="Level of the hotspots told here.")
    step_deg: float = Field(description="Degrees of one step, in longitude and in latitude.")
    origin_deg: tuple[float, float] = Field(
        description="Longitude and latitude from which steps are counted."
    )
    words: Words
    areas: list[list[str | None]] = Field(
        description="Code and name of the areas that the hotspots touch; no name where it is not in force."
    )
    hotspots: Columns
    number_returned: int = Field(alias="numberReturned", description="Hotspots told here.")
    links: tuple[Link, ...]
