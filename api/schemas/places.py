"""A hotspot through its weeks, and what there is of one area."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Answer, LabelPair, Link
from api.schemas.features import Geometry  # noqa: TC001 - as above
from api.schemas.hotspots import HotspotProperties  # noqa: TC001 - as above


class HotspotWeek(Answer):
    """A hotspot as one week listed it; what the caller may not see is left out."""

    week: str
    edition: int = Field(description="Number of the edition, the newest of the week.")
    rank: int
    kind: Literal["acute", "chronic"]
    grade: Literal["confirmed", "likely"]
    score: float | None = None
    observed: int | None = None
    expected: float | None = None
    relative_risk: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    lifecycle: str | None = None
    event: str | None = None
    area_m2: float | None = None
    centroid: tuple[float, float] | None = None
    links: tuple[Link, ...]


class HotspotHistory(Answer):
    """A hotspot: its whole history, and the evidence of the week asked for, else of the newest."""

    id: str = Field(description="Id of the hotspot, which it keeps from week to week.")
    theme: str
    first_week: str = Field(description="First published week that lists it.")
    latest_week: str = Field(description="Newest published week that lists it.")
    weeks_listed: int = Field(description="Published weeks that list it.")
    is_listed_now: bool = Field(description="Whether the newest published week lists it.")
    bbox: tuple[float, float, float, float] = Field(description="West, south, east, north of its footprint.")
    geometry: Geometry
    evidence: HotspotProperties = Field(
        description="What the week says that the name in the address ends in, else the newest that lists it."
    )
    history: tuple[HotspotWeek, ...] = Field(description="Every week that listed it, the latest first.")
    links: tuple[Link, ...]


class ThemeInArea(Answer):
    """What a list holds of one theme in one area."""

    theme: str
    state: Literal["hotspots", "no_hotspots", "not_enough_data"] = Field(
        description="What the detection in the whole municipality came to."
    )
    hotspots: int = Field(description="Hotspots of the theme that touch the area.")


class ListedInArea(Answer):
    """A hotspot that touches an area."""

    id: str
    theme: str
    kind: Literal["acute", "chronic"]
    grade: Literal["confirmed", "likely"]
    rank: int = Field(description="Rank in the list of the theme in the whole municipality.")
    area_rank: int = Field(description="Rank among those of the theme that touch the area.")
    observed: int | None = None
    expected: float | None = None
    lifecycle: str | None = None
    event: str | None = None
    why: dict[str, list[str]] | None = None
    links: tuple[Link, ...]


class WeekInArea(Answer):
    """How many hotspots touched an area in a week."""

    week: str
    hotspots: int


class AreaSummary(Answer):
    """One neighbourhood or district in a week: what is listed, what rises, and how it was before."""

    code: str
    name: str
    level: Literal["neighbourhood", "district"]
    parent_code: str | None
    inhabitants: int | None
    area_ha: float
    week: str
    edition: int
    published_at: dt.datetime
    as_of: dt.datetime | dt.date | None = Field(
        description="Moment up to which reports were in; below the internal level its day."
    )
    labels: dict[str, LabelPair] = Field(description="How people read the themes and subthemes below.")
    themes: tuple[ThemeInArea, ...]
    hotspots: tuple[ListedInArea, ...]
    hotcrimes: list[dict[str, Any]] = Field(description="Cells of the matrix that are of this area.")
    alarms: list[dict[str, Any]] = Field(description="Rises that were found in this area.")
    weeks: tuple[WeekInArea, ...] = Field(description="The last 52 published weeks, the latest first.")
    links: tuple[Link, ...]
