"""What there is of a week, or of all weeks, at addresses beside the list."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, ClassVar, Literal

from pydantic import Field

from api.schemas.common import Answer, LabelPair, Levelled, Link
from api.schemas.rankings import BackingLine


class HotCrime(Levelled):
    """One subtheme in one area this week."""

    always: ClassVar[frozenset[str]] = frozenset({"theme", "subtheme", "area"})

    theme: str = Field(description="The theme.")
    subtheme: str = Field(description="The subtheme.")
    area: str = Field(description="Code of the area.")
    area_name: str = Field(description="Its name.")
    level: Literal["neighbourhood", "district", "municipality"] = Field(description="Its level.")
    observed: int = Field(description="Events of this week.")
    expected: float | None = Field(description="Events that season and past weeks lead to expect.")
    ratio: float | None = Field(
        description="Observed against expected, drawn towards that of all cells as far as the cell is small."
    )
    ratio_lower: float | None = Field(description="Lower end of its 95 % interval.")
    ratio_upper: float | None = Field(description="Upper end of it.")
    trend: Literal["up", "down", "none"] = Field(description="Where the last year goes, if beyond chance.")
    p_value: float | None = Field(description="Chance of at least so many events; null without a test.")
    q_value: float | None = Field(description="Adjusted for all tests (Benjamini-Hochberg); null likewise.")
    is_alarm: bool = Field(description="Whether `q_value` is at most `q`.")
    too_little_data: bool = Field(description="Whether it was not tested and its ratio only indicates.")


class HotCrimes(Levelled):
    """
    The matrix of subthemes and areas of a week.

    Cells in which nothing happened and that do not stand out are left out.
    """

    always: ClassVar[frozenset[str]] = frozenset(
        {"week", "edition", "content_hash", "published_at", "numberReturned", "links", "items"}
    )

    week: str = Field(description="The week.")
    edition: int = Field(description="Number of the edition.")
    content_hash: str = Field(description="Hash of the whole edition.")
    published_at: dt.datetime = Field(description="When the edition was published.")
    reason: LabelPair | None = Field(description="Why there is no matrix; null where there is one.")
    q: float | None = Field(description="Share of false alarms among all alarms that is accepted.")
    tests: int | None = Field(description="Cells that were tested.")
    expected_false: float | None = Field(description="False alarms to be expected among the alarms.")
    labels: dict[str, LabelPair] = Field(description="How people read the themes and subthemes told here.")
    number_returned: int = Field(alias="numberReturned", description="Cells that meet the conditions.")
    links: tuple[Link, ...]
    items: list[HotCrime] = Field(description="By theme, subtheme, level (the municipality first) and area.")


class WeekBacking(BackingLine):
    """What the list of the week before caught of one week's incidents of one theme."""

    week: str = Field(description="The week whose incidents are looked for.")
    edition: int = Field(description="Edition of that week that tells it.")


class Backings(Answer):
    """
    Hit rates of the lists, week by week: by this a municipality can judge the detection.

    Each week is told by its newest edition; weeks published before hit rates were told have no rows.
    """

    weeks_matched: int = Field(alias="weeksMatched", description="Published weeks on all pages.")
    weeks_returned: int = Field(alias="weeksReturned", description="Published weeks on this page.")
    links: tuple[Link, ...]
    items: list[WeekBacking] = Field(description="The newest week first, then all themes and each by name.")


class FieldChange(Answer):
    """What a reader saw and sees."""

    before: Any = Field(description="In the edition before.")
    after: Any = Field(description="In this edition.")


class DifferenceLine(Answer):
    """A line of the list, or a theme, that this edition tells otherwise."""

    kind: Literal["added", "removed", "changed"] = Field(description="What became of the line.")
    theme: str = Field(description="Its theme.")
    id: str | None = Field(description="The hotspot; null for what is said of the theme as a whole.")
    rank_before: int | None = Field(description="Rank in the edition before; null where it is not listed.")
    rank_after: int | None = Field(description="Rank in this edition; null likewise.")
    fields: dict[str, FieldChange] = Field(description="What changed, by name.")
    said: LabelPair = Field(description="The same in a sentence.")


class Differences(Answer):
    """What a corrected edition of a week tells otherwise than the one before."""

    week: str = Field(description="The week.")
    edition: int = Field(description="Number of the edition.")
    edition_before: int | None = Field(description="The one before; null for the first.")
    published_at: dt.datetime = Field(description="When the edition was published.")
    reason: LabelPair | None = Field(description="Why nothing differs; null where something does.")
    links: tuple[Link, ...]
    items: list[DifferenceLine] = Field(
        description="By theme and rank, what is said of a theme as a whole first."
    )
