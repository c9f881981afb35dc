"""
Why is this place on the list, and what should a reader beware of? The evidence of each hotspot.

Question: what is known of each hotspot beside its rank: how much more than expected and how surely, from how
many addresses, kinds of incidents and sources, what lies near, and which other reading is at hand?
Null: for the near repeats, the dates of the theme's events in the window are dealt out to places at random.
Cost: sorting the theme's incidents once; then each hotspot's own incidents and pairs.
Reference: Clayton & Kaldor (1987), on gamma-Poisson risks; Johnson et al. (2007), Space-time patterns of risk
(200 m and two weeks, in ten cities); design notes, METHODS 2.8, 2.16 and 2.17.

Events are counted (incidents at one place within six hours are one), except for sources and places on the
map, which belong to incidents. The sentences are in `hotspot.reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.errors import InvalidParameter
from hotspot.model import Kind, Precision, Reporter
from hotspot.sample import is_dated, middle_s, sample, taken
from hotspot.stats import rates
from hotspot.stats.pair_table import pair_counts
from hotspot.stats.pairs import time_pairs_below

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.model import Detection, Hotspot, Incidents, Label, Reports
    from hotspot.sample import Sample

NEAR_REPEAT_M = 200.0
NEAR_REPEAT_DAYS = 14.0
"""How near and how soon a repeat is; exactly so far counts. Johnson et al. (2007)."""
NEARBY_M = 500.0
"""Metres between footprints within which hotspots are named as neighbours."""
CAMPAIGN_RATIO = 1.5
"""Rise of a theme in the whole municipality from which on it is told; its interval must lie above 1."""
FEW_EVENTS = 5
"""Events below which one more or less changes the picture."""
COMPLETE_SHARE = 0.9
"""Share of the week that must be in for the list not to warn of late reports."""
_HALF = 0.5
"""Above it, most."""
_DAY_S = 86_400
# The prior whose posterior mean is the relative risk of `Evidence`, half an event on both sides.
_PRIOR = rates.GammaPrior.of(shape=0.5, rate=0.5)
_LEAST_EXPECTED = 1e-9
"""Stands for an expectation of nothing at all."""


class Caveat(StrEnum):
    """What a reader should think of before going there, in the order in which it is said."""

    CAMPAIGN = "campaign"
    """The theme is up in the whole municipality: a campaign, a new way to report, a season."""
    EVENT = "event"
    """Most of it happened at and around a planned event."""
    PILE_UP = "pile_up"
    """Most of it lies at one coordinate."""
    SMALL_NUMBERS = "small_numbers"
    """Fewer than `FEW_EVENTS` events."""
    POLICE_FOUND = "police_found"
    """The police found most of it themselves, so it follows where they looked."""
    LATE_REPORTS = "late_reports"
    """Less than `COMPLETE_SHARE` of the week has been reported by now."""


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """
    An event of a calendar, such as a market or a match.

    Parameters
    ----------
    name
        How people call it.
    started_s, ended_s
        When it was, in seconds since 1970 in UTC.
    xy_m
        Where, in the municipality's plane, in metres.
    radius_m
        How far its crowd reaches.
    """

    name: Label
    started_s: int
    ended_s: int
    xy_m: tuple[float, float]
    radius_m: float


@dataclass(frozen=True, slots=True)
class Geocoding:
    """
    How well the incidents of a hotspot are placed and dated.

    Parameters
    ----------
    precise
        Incidents that do not lie on a pile-up.
    stated_area_agrees, stated_area_known
        Of how many the source names an area, and of how many of these it is the one on the map.
    dated_to_minute
        Incidents whose time is known to the minute, be it as an interval.
    """

    precise: int
    stated_area_agrees: int
    stated_area_known: int
    dated_to_minute: int


@dataclass(frozen=True, slots=True)
class NearRepeats:
    """
    Pairs of events within `NEAR_REPEAT_M` and `NEAR_REPEAT_DAYS`, and their mean when dates are dealt out.

    Parameters
    ----------
    pairs
        Such pairs.
    expected
        How many there would be, were the dates those of any of the theme's events in the window.
    """

    pairs: int
    expected: float


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another hotspot, its theme, and the metres between the two footprints, 0 if they touch."""

    id: str
    distance_m: float
    theme: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Evidence of one hotspot beside what `model.Evidence` holds.

    Parameters
    ----------
    id
        The hotspot.
    relative_risk_lower, relative_risk_upper
        95 % credible interval of the relative risk.
    recurrence_years
        By chance such a candidate would be seen once in so many years of weekly runs.
    repeat_share
        Part of the events at an address that has another one in the window, 0 to 1.
    sources
        Incidents by who made them known, the values of `Reporter`.
    geocoding
        How well they are placed.
    near_repeats
        Pairs of events near in place and time.
    nearby
        Other hotspots within `NEARBY_M`, the nearest first.
    caveats
        What to beware of.
    """

    id: str
    relative_risk_lower: float
    relative_risk_upper: float
    recurrence_years: float
    repeat_share: float
    sources: Mapping[str, int]
    geocoding: Geocoding
    near_repeats: NearRepeats
    nearby: tuple[Nearby, ...]
    caveats: tuple[Caveat, ...]


def explain(  # noqa: PLR0913 - what was found, what it is compared with, and what is known beside.
    hotspots: Sequence[Hotspot],
    incidents: Incidents,
    reports: Reports,
    *,
    detection: Detection,
    others: Sequence[Hotspot],
    area_names: Mapping[str, str],
    zone: ZoneInfo,
    completeness: float | None = None,
    calendar: Sequence[PlannedEvent] = (),
) -> tuple[Explanation, ...]:
    """
    Collect the evidence of the hotspots of one theme and week.

    Parameters
    ----------
    hotspots
        The hotspots, under the ids that are published.
    incidents, reports
        The theme's incidents of window and baseline and how they became known, in any order.
    detection
        The detection that found them.
    others
        Hotspots of all themes of the week; those of `hotspots` may be among them.
    area_names
        Names of the neighbourhoods by code, to compare with what the source says.
    zone
        Time zone that bounds the weeks.
    completeness
        Share of the week's incidents that has been reported by now; absent where it is not known.
    calendar
        Planned events, where a calendar exists.

    Returns
    -------
    tuple of Explanation
        In the order of the hotspots; the same, to the last bit, for the same incidents in any order.

    Raises
    ------
    InvalidParameter
        If an incident of a hotspot is not among the incidents.
    """
    # A week more than is looked at, since an event may have begun the evening before.
    weeks = 1 + max((one.evidence.window_weeks for one in hotspots), default=0)
    dated = taken(incidents, is_dated(incidents, within_weeks=max(1, detection.window_weeks)))
    events = sample(dated, detection.week, weeks=weeks, zone=zone)
    order = np.argsort(incidents.key, kind="stable")
    in_time = {
        one.evidence.window_weeks: _share_in_time(events, one.evidence.window_weeks) for one in hotspots
    }
    is_campaign = _is_campaign(detection)
    explained = []
    for one in hotspots:
        members = np.array(sorted(one.members), np.int64)
        at = _positions(members, events.incidents.key, one)
        rows = order[_positions(members, incidents.key[order], one)]
        counted = at[events.is_event[at]]
        risk = rates.posterior(
            one.evidence.observed, max(one.evidence.expected, _LEAST_EXPECTED), prior=_PRIOR
        )
        sources = {str(who): int(np.count_nonzero(reports.reporter[rows] == str(who))) for who in Reporter}
        signs = {
            Caveat.CAMPAIGN: is_campaign and one.kind is Kind.ACUTE,
            Caveat.EVENT: _at_an_event(events, at, calendar),
            Caveat.PILE_UP: one.pile_up,
            Caveat.SMALL_NUMBERS: one.evidence.observed < FEW_EVENTS,
            Caveat.POLICE_FOUND: sources[str(Reporter.POLICE)] > _HALF * members.size,
            Caveat.LATE_REPORTS: completeness is not None and completeness < COMPLETE_SHARE,
        }
        explained.append(
            Explanation(
                id=one.id,
                relative_risk_lower=float(risk.lower),
                relative_risk_upper=float(risk.upper),
                recurrence_years=recurrence_years(one.evidence.recurrence_weeks),
                repeat_share=_repeat_share(events.place[counted]),
                sources=sources,
                geocoding=_geocoding(one, incidents, reports, rows, events.place[at], area_names),
                near_repeats=_near_repeats(events, counted, in_time[one.evidence.window_weeks]),
                nearby=_nearby(one, others),
                caveats=tuple(caveat for caveat in Caveat if signs[caveat]),
            )
        )
    return tuple(explained)


def recurrence_years(recurrence_weeks: float) -> float:
    """
    Turn weeks into years.

    Parameters
    ----------
    recurrence_weeks
        Weeks.

    Returns
    -------
    float
        Years of 365.25 days.

    Examples
    --------
    >>> round(recurrence_years(1000.0), 1)
    19.2
    """
    return recurrence_weeks * 7 / 365.25


def _positions(members: NDArray[np.int64], keys: NDArray[np.int64], hotspot: Hotspot) -> NDArray[np.int64]:
    """Find the members among ascending keys."""
    at = np.searchsorted(keys, members)
    if (at >= keys.size).any() or (keys[np.minimum(at, keys.size - 1)] != members).any():
        raise InvalidParameter(
            f"incidents must hold those of each hotspot, got none for some of {hotspot.id}"
        )
    return at


def _is_campaign(detection: Detection) -> bool:
    """Tell whether the theme is up in the whole municipality, surely and by much."""
    if not (detection.baseline_weeks and detection.baseline_incidents):
        return False
    expected = detection.baseline_incidents * detection.window_weeks / detection.baseline_weeks
    ratio = rates.relative_risk(detection.window_incidents, expected)
    return bool(ratio.risk >= CAMPAIGN_RATIO and ratio.lower > 1)


def _at_an_event(events: Sample, at: NDArray[np.int64], calendar: Sequence[PlannedEvent]) -> bool:
    """Tell whether most of a hotspot's incidents may have happened at a planned event."""
    started_s, ended_s = events.incidents.started_s[at], events.incidents.ended_s[at]
    xy_m = events.incidents.xy_m[at]
    for planned in calendar:
        in_time = (started_s <= planned.ended_s) & (ended_s >= planned.started_s)
        is_near = np.hypot(*(xy_m - planned.xy_m).T) <= planned.radius_m
        if np.count_nonzero(in_time & is_near) > _HALF * at.size:
            return True
    return False


def _repeat_share(place: NDArray[np.int64]) -> float:
    """Part of the events whose place has another one."""
    _, counts = np.unique(place, return_counts=True)
    return float(counts[counts > 1].sum() / max(place.size, 1))


def _geocoding(
    hotspot: Hotspot,
    incidents: Incidents,
    reports: Reports,
    rows: NDArray[np.int64],
    place: NDArray[np.int64],
    area_names: Mapping[str, str],
) -> Geocoding:
    """Count how well the incidents are placed and dated."""
    piled = int(np.bincount(place).max()) if hotspot.pile_up else 0
    stated = [
        (str(said).strip().casefold(), str(code))
        for said, code in zip(reports.stated_area[rows], incidents.neighbourhood[rows], strict=True)
        if said is not None
    ]
    agrees = sum(said in {code.casefold(), area_names.get(code, code).casefold()} for said, code in stated)
    to_minute = np.count_nonzero(incidents.precision[rows] == str(Precision.MINUTE))
    return Geocoding(rows.size - piled, agrees, len(stated), int(to_minute))


def _share_in_time(events: Sample, window_weeks: int) -> float:
    """Part of all pairs of the theme's events in the window that are near in time."""
    inside = events.is_event & (events.age_weeks < window_weeks)
    day = middle_s(events.incidents)[inside] / _DAY_S
    pairs = day.size * (day.size - 1) // 2
    near = time_pairs_below(day, np.nextafter(np.array([NEAR_REPEAT_DAYS]), np.inf))
    return float(near[0] / pairs) if pairs else 0.0


def _near_repeats(events: Sample, counted: NDArray[np.int64], share_in_time: float) -> NearRepeats:
    """Count the pairs near in place and time."""
    counts = pair_counts(
        events.incidents.xy_m[counted],
        middle_s(events.incidents)[counted] / _DAY_S,
        edges_m=[0.0, float(np.nextafter(NEAR_REPEAT_M, np.inf))],
        edges_days=[0.0, float(np.nextafter(NEAR_REPEAT_DAYS, np.inf))],
    )
    return NearRepeats(int(counts.observed[0, 0]), int(counts.in_space[0]) * share_in_time)


def _nearby(hotspot: Hotspot, others: Sequence[Hotspot]) -> tuple[Nearby, ...]:
    """List the other hotspots around, the nearest first."""
    rest = [other for other in others if other.id != hotspot.id]
    distances_m = shapely.distance(hotspot.footprint, [other.footprint for other in rest])
    near = [
        Nearby(other.id, float(distance_m), other.theme)
        for other, distance_m in zip(rest, distances_m, strict=True)
        if distance_m <= NEARBY_M
    ]
    return tuple(sorted(near, key=lambda one: (one.distance_m, one.theme, one.id)))
