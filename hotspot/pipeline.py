"""
From a theme's incidents to the hotspots of one week: composes the methods, reads and writes nothing.

Per theme and week: which weeks the data cover, which incidents can be dated, the window against the baseline,
the tested search, and for each place that passes its footprint, neighbourhoods and evidence. How it works
and what it cannot see: docs/detection.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from hotspot.cluster.footprint import footprint
from hotspot.errors import CoarseDates, InvalidParameter, Unsuitable
from hotspot.model import AreaShare, Detection, Evidence, Hotspot, Label, State
from hotspot.sample import coverage, is_dated, middle_s, sample, taken
from hotspot.search import Plan, search
from hotspot.shortage import MAX_UNDATED_SHARE, Periods, coarse_dates, shortage
from hotspot.stats.permutation import recurrence_weeks
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.model import Area, Incidents, Municipality, Parameters
    from hotspot.sample import Sample
    from hotspot.search import Candidate
    from hotspot.weeks import Week

_WINDOWS_WEEKS = (1, 2, 3, 4, 6, 8, 10, 13)
"""Lengths that are tried, up to the longest that is asked for."""
_RADIUS_PARTS = (0.25, 0.5, 1.0)
"""Radii that are tried, as parts of the largest: an address, a corner, a street."""
_SHRINKAGE_INCIDENTS = 50.0
"""Incidents of the city mixed into a neighbourhood's share; docs/detection.md has the trials."""


def detect_week(
    incidents: Incidents,
    neighbourhoods: tuple[Area, ...],
    week: Week,
    parameters: Parameters,
    *,
    municipality: Municipality,
    themes: Sequence[str] | None = None,
) -> tuple[Detection, ...]:
    """
    Find the hotspots of one week for each theme.

    Parameters
    ----------
    incidents
        Incidents of all themes from the start of the baseline to the end of the week, in any order; those
        outside are ignored.
    neighbourhoods
        The neighbourhoods that the incidents are assigned to, for their names.
    week
        The week.
    parameters
        What may be set.
    municipality
        Whose incidents they are; its time zone bounds the weeks.
    themes
        The themes; absent for all that occur.

    Returns
    -------
    tuple of Detection
        One for each theme in the order of their names. A theme whose dates are too coarse has not enough
        data, as long as another theme's are fine.

    Raises
    ------
    Unsuitable
        If the dates of every theme are too coarse.
    """
    if themes is None:
        themes = np.unique(incidents.theme.astype(str)).tolist()
    zone = ZoneInfo(municipality.time_zone)
    detections, refusals = [], []
    for theme in sorted(set(themes)):
        try:
            detection = detect(
                incidents,
                neighbourhoods,
                week,
                parameters,
                zone=zone,
                municipality=municipality.code,
                theme=theme,
                rng=theme_rng(parameters.seed, week, theme),
            )
        except CoarseDates as refusal:
            refusals.append(refusal)
            why = Label(nl=refusal.nl, en=refusal.en)
            detection = Detection(theme, week, State.NOT_ENOUGH_DATA, why, 0, 0, 0, 0, 0, ())
        detections.append(detection)
    if refusals and len(refusals) == len(detections):
        others = f" (likewise {', '.join(d.theme for d in detections[1:])})" if len(detections) > 1 else ""
        raise Unsuitable(f"{refusals[0]}{others}")
    return tuple(detections)


def theme_rng(seed: int, week: Week, theme: str) -> np.random.Generator:
    """
    Make the source of chance of one theme and week, which no other theme or week disturbs.

    Parameters
    ----------
    seed
        Start of the random numbers of the run.
    week, theme
        What is detected.

    Returns
    -------
    Generator
        Always the same for the same arguments.
    """
    digest = hashlib.sha256(theme.encode()).digest()
    entropy = [seed, week.ordinal, int.from_bytes(digest[:8], "big")]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def detect(
    incidents: Incidents,
    neighbourhoods: tuple[Area, ...],
    week: Week,
    parameters: Parameters,
    *,
    zone: ZoneInfo,
    municipality: str,
    theme: str,
    rng: np.random.Generator,
) -> Detection:
    """
    Find the hotspots of one theme in one week.

    Parameters
    ----------
    incidents
        Incidents of all themes, in any order: the other themes tell which weeks the data cover.
    neighbourhoods
        The neighbourhoods that the incidents are assigned to, for their names.
    week
        The week.
    parameters
        What may be set.
    zone
        Time zone that bounds the weeks.
    municipality
        Code of the municipality, for the names of the hotspots.
    theme
        The theme.
    rng
        Source of chance.

    Returns
    -------
    Detection
        The outcome; the same, to the last bit, for the same incidents in any order.

    Raises
    ------
    InvalidParameter
        If so few replicates can never show a hotspot at that alpha.
    Unsuitable
        If most incidents of the theme are dated to the month only, or to an interval wider than the window.
    """
    _refuse_powerless(parameters)
    in_theme = taken(incidents, np.asarray(incidents.theme == theme, bool))
    dated = is_dated(in_theme, within_weeks=parameters.window_weeks)
    if np.count_nonzero(~dated) > MAX_UNDATED_SHARE * dated.size:
        why = coarse_dates(dated, window_weeks=parameters.window_weeks)
        raise CoarseDates(theme, nl=why.nl, en=why.en)
    periods = _periods(incidents, week, zone, parameters)
    events = sample(taken(in_theme, dated), week, weeks=periods.weeks, zone=zone)
    in_window = events.age_weeks < parameters.window_weeks
    reason = shortage(periods, events, parameters)
    candidates = () if reason is not None else _search(events, parameters, rng)
    names = {area.code: area.name for area in neighbourhoods}
    hotspots = tuple(
        _hotspot(candidate, events, names, _Naming(municipality, theme, week))
        for candidate in candidates
        if candidate.p_value <= parameters.alpha
    )
    state = State.HOTSPOTS if hotspots else State.NO_HOTSPOTS
    return Detection(
        theme=theme,
        week=week,
        state=State.NOT_ENOUGH_DATA if reason is not None else state,
        reason=reason,
        window_incidents=int(np.count_nonzero(in_window)),
        baseline_incidents=int(np.count_nonzero(~in_window)),
        window_weeks=periods.window_weeks,
        baseline_weeks=periods.baseline_weeks,
        candidates=len(candidates),
        hotspots=hotspots,
    )


def _refuse_powerless(parameters: Parameters) -> None:
    """Refuse so few replicates that no p-value could reach alpha."""
    if (parameters.replicates + 1) * parameters.alpha < 1:
        raise InvalidParameter(
            f"replicates must be at least 1 / alpha - 1 for alpha {parameters.alpha}, "
            f"got {parameters.replicates}"
        )


def _periods(incidents: Incidents, week: Week, zone: ZoneInfo, parameters: Parameters) -> Periods:
    """Tell from all themes together how far back the data go."""
    dated = taken(incidents, is_dated(incidents, within_weeks=parameters.window_weeks))
    ordinals = week_ordinals(middle_s(dated), zone)
    longest = parameters.window_weeks + parameters.baseline_weeks
    covered = coverage(ordinals[(ordinals <= week.ordinal) & (ordinals > week.ordinal - longest)])
    if covered is None or covered.last < week:
        # Without its last week there is no window to speak of.
        return Periods(week, covered, 0, 0)
    weeks = week.ordinal - covered.first.ordinal + 1
    window_weeks = min(parameters.window_weeks, weeks)
    return Periods(week, covered, window_weeks, weeks - window_weeks)


def _search(events: Sample, parameters: Parameters, rng: np.random.Generator) -> tuple[Candidate, ...]:
    """Count by week and place, and search."""
    n, longest = len(events.places_m), parameters.window_weeks
    lengths = sorted({length for length in _WINDOWS_WEEKS if length < longest} | {longest})
    counts = np.zeros((longest + 1, n), np.int64)
    np.add.at(counts, (np.minimum(events.age_weeks, longest), events.place), events.is_event)
    _, area = np.unique(events.incidents.neighbourhood.astype(str), return_inverse=True)
    # A place on a border can hold incidents of two neighbourhoods; the first by code stands for it.
    surroundings = np.full(n, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(surroundings, events.place, area.astype(np.int32))
    plan = Plan(
        weeks=np.array(lengths, np.int64),
        reach_m2=np.array([(part * parameters.radius_m) ** 2 for part in _RADIUS_PARTS]),
        min_incidents=parameters.min_incidents,
        shrinkage=_SHRINKAGE_INCIDENTS,
    )
    return search(events.places_m, counts, surroundings, plan=plan, replicates=parameters.replicates, rng=rng)


@dataclass(frozen=True, slots=True)
class _Naming:
    """What a hotspot's name is derived from, beside its place."""

    municipality: str
    theme: str
    week: Week

    def id_at(self, place_m: NDArray[np.float64]) -> str:
        """Name the hotspot whose fullest place this is; no two hotspots share a place."""
        text = f"{self.municipality}|{self.theme}|{self.week}|{place_m[0]:.0f}|{place_m[1]:.0f}"
        return f"hs-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _hotspot(candidate: Candidate, events: Sample, names: Mapping[str, str], naming: _Naming) -> Hotspot:
    """Describe a candidate that passed."""
    in_zone = np.isin(events.place, candidate.places)
    in_window = events.age_weeks < candidate.weeks
    members = taken(events.incidents, in_zone & in_window)
    counted = in_zone & in_window & events.is_event
    piles, heights = np.unique(events.place[counted], return_counts=True)
    evidence = Evidence(
        observed=candidate.observed,
        expected=candidate.expected,
        baseline=int(np.count_nonzero(in_zone & ~in_window & events.is_event)),
        relative_risk=candidate.observed / candidate.expected,
        log_likelihood_ratio=candidate.log_likelihood_ratio,
        p_value=candidate.p_value,
        recurrence_weeks=recurrence_weeks(candidate.p_value),
        places=piles.size,
        largest_pile_up=int(heights.max()),
        window_weeks=candidate.weeks,
    )
    x_m, y_m = members.xy_m.mean(axis=0).round(2).tolist()
    return Hotspot(
        id=naming.id_at(events.places_m[piles[np.argmax(heights)]]),
        theme=naming.theme,
        week=naming.week,
        footprint=footprint(members.xy_m),
        centroid_xy_m=(x_m, y_m),
        neighbourhoods=tuple(
            AreaShare(code, names.get(code, code), count / len(members))
            for code, count in _tally(events.incidents.neighbourhood[counted])
        ),
        subthemes=_tally(events.incidents.subtheme[counted]),
        evidence=evidence,
        members=tuple(members.key.tolist()),
    )


def _tally(values: NDArray[np.object_]) -> tuple[tuple[str, int], ...]:
    """Count texts, the most frequent first, then by name."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    order = np.lexsort((names, -counts))
    return tuple((str(names[i]), int(counts[i])) for i in order)
