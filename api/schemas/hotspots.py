"""What is said of one hotspot."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import ClassVar, Literal

from pydantic import Field

from api.schemas.common import Answer, LabelPair, Levelled


class AreaShare(Levelled):
    """A neighbourhood that a hotspot touches."""

    always: ClassVar[frozenset[str]] = frozenset({"code", "name"})

    code: str
    name: str
    share: float = Field(description="Share of the hotspot's incidents in it, 0 to 1.")


class LifecycleSteps(Levelled):
    """The year before, in steps, oldest first."""

    weeks: int = Field(description="Weeks in a step.")
    counts: list[int] = Field(description="Events in the footprint per step.")
    expected: list[float] = Field(description="Events per step that the city's course leads to expect.")
    hot: list[Literal[-1, 0, 1]] = Field(description="1 where a step is hot, -1 where it is cold.")
    trend: Literal["up", "down", "none"] = Field(description="Where the steps go, if beyond chance.")
    slope_per_step: float | None = Field(
        description="Events that each step has more than the one before, beyond the city's course (Sen); "
        "null where the history is too short."
    )
    trend_p_value: float | None = Field(
        description="Chance of a course at least as steady without any trend (Mann-Kendall); null likewise."
    )


class Change(Answer):
    """The hotspot as an earlier list showed it, and how far it has moved since."""

    weeks_ago: int = Field(description="Weeks before this list.")
    rank: int = Field(description="Its rank then.")
    observed: int = Field(description="Events in its window then.")
    expected: float | None = Field(description="Events that were expected then.")
    area_m2: float = Field(description="Area of its footprint then, in square metres.")
    shift_m: float = Field(description="Metres that its centre has moved since.")
    shift_bearing_deg: float | None = Field(
        description="Direction of that in degrees, clockwise from north; null where it has not moved."
    )
    peak_start_hour: int | None = Field(
        description="Hour at which its busiest hours began then, 0 to 23; null where none stood out."
    )
    peak_hours: int | None = Field(description="How many hours these lasted; null likewise.")


class Sources(Answer):
    """Incidents by who made them known."""

    citizen: int = Field(description="Reported by citizens.")
    police: int = Field(description="Found by the police themselves.")
    unknown: int = Field(description="The source does not say.")


class Geocoding(Answer):
    """How well the incidents are placed and dated."""

    precise: int = Field(description="Incidents that do not lie on a pile-up.")
    stated_area_agrees: int = Field(description="Those whose stated area is the one on the map.")
    stated_area_known: int = Field(description="Those of which the source states an area.")
    dated_to_minute: int = Field(description="Those whose time is known to the minute.")


class NearRepeats(Answer):
    """Pairs of events within 200 m and 14 days of each other."""

    pairs: int = Field(description="Such pairs.")
    expected: float | None = Field(description="Such pairs if the dates were dealt out anew.")


class Nearby(Answer):
    """Another hotspot within 500 m."""

    id: str = Field(description="Its id.")
    distance_m: float = Field(description="Metres between the footprints, 0 if they touch.")
    theme: str = Field(description="Its theme.")


class Texts(Answer):
    """Sentences in both languages."""

    nl: list[str]
    en: list[str]


class WeekCounts(Answer):
    """Events in the footprint in the last weeks."""

    weeks_1: int = Field(description="In the week itself.")
    weeks_4: int = Field(description="In the last 4 weeks.")
    weeks_12: int = Field(description="In the last 12 weeks.")
    weeks_52: int = Field(description="In the last 52 weeks.")


class Peak(Levelled):
    """The hours that hold most."""

    weekdays: list[int] | None = Field(
        description="Days on which it begins, 1 for Monday to 7 for Sunday; null where days show no pattern."
    )
    start_hour: int = Field(description="First local hour, 0 to 23.")
    hours: int = Field(description="Length in hours.")
    share: float = Field(description="Share of the incidents in it, 0 to 1.")


class HotTimes(Levelled):
    """When incidents happen."""

    incidents: int = Field(description="Incidents whose time is known to within 24 hours.")
    left_out: int = Field(description="The others.")
    hours: list[list[float]] = Field(
        description="Incidents by weekday (Monday first) and local hour, spread over their intervals: 7 x 24."
    )
    p_value: float | None = Field(description="Chance of a pattern at least as clear where there is none.")
    is_pattern: bool = Field(description="Whether that is small enough to speak of a pattern.")
    peak: Peak | None = Field(
        description="The hours that hold most; a name for a pattern only where `is_pattern`. Null where too "
        "few occasions are known."
    )
    said: LabelPair = Field(description="The same in a sentence.")


_UNSAID = " Editions published before this was told leave it out."


class Evidence(Levelled):
    """Why a place is on the list of a week."""

    always: ClassVar[frozenset[str]] = frozenset({"id", "theme", "week", "kind", "grade", "rank"})

    id: str = Field(
        description="Name that the hotspot keeps from week to week; with the week, the id of its feature."
    )
    theme: str = Field(description="Name of its theme.")
    week: str = Field(description="Last week of the window, such as `2010-W30`.")
    kind: Literal["acute", "chronic"] = Field(
        "acute",
        description="`acute`: more in the last weeks than its past and the present elsewhere lead to expect; "
        "`chronic`: denser, all year, than its surroundings explain." + _UNSAID,
    )
    grade: Literal["confirmed", "likely"] = Field(
        "confirmed", description="How sure it is; the list states the error rate of each grade." + _UNSAID
    )
    rank: int = Field(
        description="Place in the list of its theme, from 1: acute before chronic, confirmed before likely."
    )
    score: float | None = Field(
        description="Events too many in four weeks, shrunken; what the order follows within a kind and grade."
    )
    previous_rank: int | None = Field(
        description="Its rank in the week before; in early editions, that of the hotspot of its kind at this "
        "place then. Null if there was none."
    )
    observed: int = Field(description="Incidents in its window.")
    expected: float | None = Field(
        description="Incidents that its past and the present elsewhere lead to expect; of a chronic hotspot, "
        "that the ring around it leads to expect."
    )
    baseline: int = Field(
        description="Incidents in the baseline; of a chronic hotspot, in the ring around it."
    )
    relative_risk: float | None = Field(description="Rate against the rate expected; absent if that is zero.")
    p_value: float | None = Field(description="Chance that the whole search finds anything this extreme.")
    q_value: float | None = Field(
        None,
        description="Share of false ones to be expected among all candidates of its theme and week that are "
        "at least as extreme; absent in early editions.",
    )
    recurrence_weeks: float | None = Field(
        description="By chance such a hotspot is seen once in so many weeks."
    )
    places: int = Field(description="Distinct places among the incidents.")
    largest_pile_up: int = Field(description="Incidents at the place that has most.")
    pile_up: bool = Field(
        description="Whether most of its incidents share one coordinate: a single address, or where a "
        "register puts what it cannot place."
    )
    form: Literal["dot", "line", "area"] | None = Field(
        None,
        description="One address, along a street, or around; the footprint of a dot is a disc. Absent in "
        "early editions.",
    )
    neighbourhood: str | None = Field(description="Code of the neighbourhood with the largest share.")
    neighbourhood_name: str | None = Field(description="Its name.")
    neighbourhoods: list[AreaShare] = Field(description="All neighbourhoods touched, largest share first.")
    subthemes: dict[str, int] = Field(description="Incidents by subtheme, largest first.")
    window_weeks: int = Field(description="Weeks of its own window, in which it stands out most.")
    window_start: dt.date = Field(description="First local day of that window.")
    window_end: dt.date = Field(description="Last local day of that window.")
    centroid: tuple[float, float] = Field(description="Longitude and latitude of the incidents' mean.")
    area_m2: float = Field(description="Area of the footprint.")


class HotspotProperties(Evidence):
    """Why a place is on the list of a week, what changed, and when; early editions tell the evidence only."""

    first_week: str | None = Field(None, description="First week in which it was listed.")
    weeks_listed: int | None = Field(None, description="Weeks in which it was listed, this one included.")
    event: Literal["new", "continued", "returned", "split", "merged"] | None = Field(
        None,
        description="What happened since the week before: listed for the first time, listed then too, listed "
        "earlier, new out of a part of another, or another has become part of it.",
    )
    event_from: list[str] | None = Field(
        None, description="Ids of the hotspots that it came from or that became part of it."
    )
    gap_weeks: int | None = Field(None, description="Weeks that it was away before it returned.")
    lifecycle: (
        Literal[
            "new",
            "consecutive",
            "intensifying",
            "persistent",
            "diminishing",
            "sporadic",
            "oscillating",
            "historical",
            "none",
        ]
        | None
    ) = Field(None, description="Course of the year (Esri's emerging hot spot classes).")
    lifecycle_steps: LifecycleSteps | None = Field(None, description="What that rests on.")
    changes: list[Change | None] | None = Field(
        None, description="Itself one and four weeks ago; null where it was not listed then."
    )
    score_lower: float | None = Field(
        None, description="Lower end of the interval that holds the true score with 90 % chance, in events."
    )
    score_upper: float | None = Field(None, description="Upper end of it.")
    rank_lower: int | None = Field(
        None, description="Best rank of its 90 % interval, within the rows of its kind and grade."
    )
    rank_upper: int | None = Field(None, description="Worst rank of it.")
    p_top3: float | None = Field(None, description="Chance that it truly stands among the first 3, 0 to 1.")
    p_top10: float | None = Field(None, description="Chance that it truly stands among the first 10, 0 to 1.")
    tie: int | None = Field(
        None, description="Number that it shares with those from which it cannot be told apart."
    )
    too_little_data: bool | None = Field(None, description="Whether it has too few events for a firm rank.")
    harm_score: float | None = Field(
        None, description="The score weighed by harm; null where all weights are 1."
    )
    harm_rank: int | None = Field(None, description="Rank if the order followed the harm; null likewise.")
    relative_risk_lower: float | None = Field(
        None, description="Lower end of the 95 % interval of the relative risk."
    )
    relative_risk_upper: float | None = Field(None, description="Upper end of it.")
    recurrence_years: float | None = Field(
        None, description="By chance such a hotspot is seen once in so many years."
    )
    repeat_share: float | None = Field(
        None, description="Share of the events at an address that has another one in the window, 0 to 1."
    )
    sources: Sources | None = Field(None, description="Incidents by who made them known.")
    geocoding: Geocoding | None = Field(None, description="How well its incidents are placed and dated.")
    near_repeats: NearRepeats | None = Field(None, description="Pairs of events near in place and time.")
    nearby: list[Nearby] | None = Field(None, description="Other hotspots within 500 m, the nearest first.")
    caveats: (
        list[Literal["campaign", "event", "pile_up", "small_numbers", "police_found", "late_reports"]] | None
    ) = Field(None, description="What to beware of.")
    why: Texts | None = Field(None, description="Why it is a hotspot, in two sentences.")
    what_changed: LabelPair | None = Field(None, description="What changed since last week, in a sentence.")
    counts: WeekCounts | None = Field(None, description="Events in the footprint in the last weeks.")
    weekly_counts: list[int] | None = Field(
        None, description="Events in the footprint in each of the last 52 weeks, oldest first."
    )
    hot_times: HotTimes | None = Field(None, description="When its incidents happen.")
