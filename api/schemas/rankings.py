"""Published weeks and the list of one."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, ClassVar, Literal

from pydantic import Field

from api.schemas.common import Answer, LabelPair, Levelled, Link
from api.schemas.hotspots import HotspotProperties, HotTimes


class EditionLine(Answer):
    """One publication of a week."""

    edition: int = Field(description="1 for the first, then one more for each correction.")
    content_hash: str = Field(description="Editions with the same hash say the same.")
    published_at: dt.datetime
    hotspots: int = Field(description="Hotspots that it lists, of all themes.")
    links: tuple[Link, ...]


class PublishedWeek(Answer):
    """A week with all its editions."""

    week: str
    first_day: dt.date
    last_day: dt.date
    editions: tuple[EditionLine, ...] = Field(description="The latest, which holds, first.")


class Weeks(Answer):
    """All published weeks, the latest first."""

    links: tuple[Link, ...]
    weeks: tuple[PublishedWeek, ...]


class MunicipalityLine(Answer):
    """The place that the list is about."""

    code: str
    name: str
    time_zone: str


class BoundariesLine(Answer):
    """The borders that the list goes by."""

    vintage: int
    source: str
    schematic: bool


class Generator(Answer):
    """The program that made the list."""

    name: str
    version: str


class GradeCounts(Answer):
    """Hotspots of one kind by grade."""

    confirmed: int
    likely: int


class KindCounts(Answer):
    """Hotspots by kind and grade."""

    acute: GradeCounts
    chronic: GradeCounts


class KindTexts(Answer):
    """What is asked of a hotspot of each kind."""

    acute: LabelPair
    chronic: LabelPair


class GradeTexts(Answer):
    """The error rate of each grade, in words."""

    confirmed: LabelPair
    likely: LabelPair


class ThemeState(Levelled):
    """What the search for one theme came to."""

    always: ClassVar[frozenset[str]] = frozenset({"theme", "state", "hotspots"})

    theme: str
    state: Literal["hotspots", "no_hotspots", "not_enough_data"]
    reason: LabelPair | None = Field(description="Why there was not enough data; null otherwise.")
    window_incidents: int
    baseline_incidents: int
    window_weeks: int
    baseline_weeks: int
    candidates: int = Field(description="Dense places that were tested.")
    hotspots: int = Field(description="Those that passed.")
    counts: KindCounts | None = Field(
        None, description="Those that passed, by kind and grade; absent in early editions."
    )


class Completeness(Levelled):
    """Which share of the week's incidents had been reported by the as-of moment."""

    always: ClassVar[frozenset[str]] = frozenset({"is_known"})

    share: float | None = Field(description="The share, 0 to 1; null where it is not known.")
    lower: float | None = Field(description="Lower end of its 95 % interval.")
    upper: float | None = Field(description="Upper end of it.")
    is_known: bool = Field(description="Whether enough delays are known to tell.")
    said: LabelPair = Field(description="The same in a sentence.")


class GoneLine(Answer):
    """A hotspot of last week's list that is listed no longer."""

    id: str = Field(description="Its id.")
    theme: str = Field(description="Its theme.")
    kind: Literal["acute", "chronic"] = Field(description="Its kind.")
    rank: int = Field(description="Its rank last week.")
    neighbourhood_name: str | None = Field(description="Neighbourhood with the largest share.")
    event: Literal["ended", "merged"] = Field(description="Whether it ended or became part of another.")
    into: str | None = Field(description="Id of that other; null where there is none.")


class AlarmLine(Levelled):
    """One theme in one area this week, tested for a rise."""

    always: ClassVar[frozenset[str]] = frozenset({"theme", "area", "is_alarm"})

    theme: str = Field(description="The theme.")
    area: str = Field(description="Code of the area.")
    area_name: str = Field(description="Its name.")
    level: Literal["neighbourhood", "district", "municipality"] = Field(description="Its level.")
    observed: int = Field(description="Events of this week.")
    expected: float | None = Field(description="Events that season and past weeks lead to expect.")
    ratio: float | None = Field(description="This week's rate against the expected one.")
    ratio_lower: float | None = Field(description="Lower end of its 95 % interval.")
    ratio_upper: float | None = Field(description="Upper end of it.")
    p_value: float | None = Field(description="Chance of at least so many events if nothing changed.")
    q_value: float | None = Field(description="Adjusted for all tests of the week (Benjamini-Hochberg).")
    is_alarm: bool = Field(description="Whether `q_value` is at most `q`.")
    ears: Literal["c1", "c2", "c3", "none"] = Field(description="EARS chart that alarms, for information.")
    cusum: bool = Field(description="Whether the cumulative sum of 12 weeks alarms, for information.")
    beyond_city: bool | None = Field(
        description="Whether the area rose beyond the city's own rise; null for the city."
    )
    said: LabelPair = Field(description="The same in a sentence.")


class Alarms(Levelled):
    """The rises of the week, with the error rate of the alarms."""

    always: ClassVar[frozenset[str]] = frozenset({"q", "rows"})

    q: float = Field(description="Share of false alarms among all alarms that is accepted.")
    tests: int = Field(description="Areas times themes that were tested.")
    threshold: float | None = Field(description="Largest p-value that made an alarm; 0 without any.")
    expected_false: float | None = Field(description="False alarms to be expected among the alarms.")
    untested: list[str] = Field(description="Themes with too little data for any test.")
    said: LabelPair = Field(description="How sure the alarms are, in a sentence.")
    rows: list[AlarmLine] = Field(description="All alarms, and every theme in the municipality as a whole.")


class ShiftLine(Answer):
    """A shift beyond chance: a fall here that came with a rise elsewhere."""

    theme: str = Field(description="The theme.")
    kind: Literal["place", "hour", "subtheme"] = Field(
        description="To another place, another hour or another subtheme."
    )
    place: str = Field(description="Id of the place that it is about.")
    place_name: str = Field(description="Its name.")
    origin: str = Field(
        alias="from", description="What fell: the place, a part of the day or a subtheme's number."
    )
    to: str = Field(
        description="What rose: a ring around the place, a part of the day or a subtheme's number."
    )
    fall: float | None = Field(description="Events fewer than before.")
    rise: float | None = Field(description="Events more than before.")
    p_value: float | None = Field(description="Chance of the weaker half of the claim.")
    q_value: float | None = Field(description="Adjusted for all tests (Benjamini-Hochberg).")
    said: LabelPair = Field(description="The same in a sentence.")


class Spread(Answer):
    """How events are spread over places."""

    share_of_places_25: float = Field(description="Share of the places that holds a quarter, 0 to 1.")
    share_of_places_50: float = Field(description="Share of the places that holds half, 0 to 1.")
    gini: float = Field(description="Generalised Gini coefficient, 0 (even) to 1 (all at one place).")


class Concentration(Answer):
    """How few addresses hold the window's events of a theme."""

    theme: str = Field(description="The theme.")
    places: int = Field(description="Addresses of the year.")
    incidents: int = Field(description="Events in the window.")
    share_of_places_25: float | None = Field(
        None, description="Share of the places that holds a quarter, 0 to 1; absent without events."
    )
    share_of_places_50: float | None = Field(
        None, description="Share of the places that holds half, 0 to 1; absent likewise."
    )
    gini: float | None = Field(
        None, description="Generalised Gini coefficient, 0 (even) to 1 (all at one place); absent likewise."
    )
    by_chance: Spread | None = Field(description="The same if the events fell by lot.")
    p_value: float | None = Field(description="Chance that they fall so unevenly by lot.")


class Caught(Answer):
    """What a selection of places caught."""

    hits: float | None = Field(description="New incidents inside; of a place taken in part, as large a part.")
    hit_rate: float | None = Field(description="Their share of all new incidents, 0 to 1.")
    lower: float | None = Field(description="Lower end of its 95 % interval (Wilson).")
    upper: float | None = Field(description="Upper end of it.")
    pai: float | None = Field(
        description="Prediction accuracy index: the share divided by the share of the city's area."
    )


class BackingLine(Caught):
    """
    What last week's list caught of this week's incidents, beside two naive rivals of the same area.

    What the list caught is null where nothing was listed or nothing happened; the rivals are too.
    """

    theme: str = Field(description="The theme; `all` for all of them together.")
    listed_week: str = Field(description="Week of the list that is judged.")
    incidents: int = Field(description="New incidents of the week.")
    area_m2: float = Field(description="Area of the listed hotspots, in square metres.")
    city_m2: float = Field(description="Area of the city, in square metres.")
    naive_12: Caught | None = Field(description="The busiest places of 12 weeks, equally large.")
    naive_52: Caught | None = Field(description="The busiest places of 52 weeks, equally large.")
    said: LabelPair = Field(description="The same in a sentence.")


class Weights(Answer):
    """The weights of the harm."""

    name: str = Field(description="Their name.")
    version: str = Field(description="Their version.")
    source: str = Field(description="Where they come from.")


class RankingRow(HotspotProperties):
    """A row of the list: what the hotspot's feature says, and where that feature is."""

    always: ClassVar[frozenset[str]] = frozenset({"id", "theme", "week", "kind", "grade", "rank", "links"})

    links: tuple[Link, ...]


class Ranking(Levelled):
    """The list of one week; its matrix of subthemes and areas is at an address of its own."""

    always: ClassVar[frozenset[str]] = frozenset(
        {
            "edition",
            "content_hash",
            "published_at",
            "week",
            "window_start",
            "window_end",
            "municipality",
            "labels",
            "themes",
            "numberMatched",
            "numberReturned",
            "links",
            "items",
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
    input_hash: str
    labels: dict[str, LabelPair]
    kinds: KindTexts | None = Field(None, description="What is asked of each kind; absent in early editions.")
    grades: GradeTexts | None = Field(
        None,
        description="The error rate of each grade under the list's parameters; absent in early editions.",
    )
    themes: list[ThemeState] = Field(description="All themes, also those without a row.")
    as_of: dt.datetime | dt.date | None = Field(
        None,
        description="Moment up to which reports were in, below the internal level its day; absent in early "
        "editions.",
    )
    completeness: dict[str, Completeness] | None = Field(
        None, description="By theme, which share of the week had been reported; absent likewise."
    )
    gone: list[GoneLine] | None = Field(
        None, description="What was listed last week and is no longer; absent likewise."
    )
    alarms: Alarms | None = Field(None, description="The rises of the week; absent likewise.")
    shifts: list[ShiftLine] | None = Field(None, description="The shifts of the week; absent likewise.")
    concentration: list[Concentration] | None = Field(
        None, description="By theme, how few addresses hold the events; absent likewise."
    )
    backing: list[BackingLine] | None = Field(
        None, description="What last week's list caught of this week's incidents; absent likewise."
    )
    hot_times: dict[str, HotTimes] | None = Field(
        None, description="By theme, when its incidents happen; absent likewise."
    )
    weights: Weights | None = Field(None, description="Which weights the harm has; absent likewise.")
    number_matched: int = Field(alias="numberMatched", description="Rows that meet the conditions.")
    number_returned: int = Field(alias="numberReturned", description="Rows told here.")
    links: tuple[Link, ...]
    items: list[RankingRow]


class SeenRanking(Ranking):
    """The list of one week as any level sees it."""

    disclosure: dict[str, Any] | None = Field(
        None, description="By which rules the list was made for the caller's level; below the internal one."
    )
    remembered: list[dict[str, Any]] | None = Field(
        None, description="Since when the level knows each of its hotspots; below the internal one."
    )
