"""
From a theme's incidents to the hotspots of one week: composes the methods, reads and writes nothing.

Per theme and week: which weeks the data cover, which incidents can be dated, the window against the baseline,
the tested search, and for each place that passes its footprint, neighbourhoods and evidence. How it works
and what it cannot see: docs/detection.md.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from hotspot.chance import theme_rng
from hotspot.chronic import chronic
from hotspot.description import Finding, Naming, described, grade
from hotspot.errors import CoarseDates, InvalidParameter, Unsuitable
from hotspot.field import Plan
from hotspot.model import Detection, Grade, Kind, Label, State
from hotspot.sample import coverage, is_dated, middle_s, sample, taken
from hotspot.search import Events, search
from hotspot.shortage import MAX_UNDATED_SHARE, Periods, coarse_dates, shortage
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.model import Area, Incidents, Municipality, Parameters
    from hotspot.sample import Sample
    from hotspot.weeks import Week

_WINDOWS_WEEKS = (1, 2, 3, 4, 6, 8, 10, 13)
"""Lengths that are tried, up to the longest that is asked for."""
_RADIUS_PARTS = (0.125, 0.2, 0.3, 0.4, 0.5, 0.625, 0.75, 1.0)
"""Radii that are tried, as parts of the largest: an address, a corner, a street, a square."""
_LEAD_INCIDENTS = 50.0
"""Incidents of the city mixed into a neighbourhood's present lead; same trials."""
_DAY_S = 86_400
_STEP_WEEKS = 4
"""Weeks in which what happens at a place counts once for a chronic hotspot."""
_KEPT = 8
"""Disjoint circles remembered of a replicate: more than one are rare by chance, eight unheard of."""


def detect_week(
    incidents: Incidents,
    neighbourhoods: tuple[Area, ...],
    week: Week,
    parameters: Parameters,
    *,
    municipality: Municipality,
    themes: Sequence[str] | None = None,
    every_candidate: bool = False,
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
    every_candidate
        Whether to give the candidates that did not pass as well, as `rejected`.

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
        themes = [str(theme) for theme in set(incidents.theme.tolist())]
    zone = ZoneInfo(municipality.time_zone)
    periods = _periods(incidents, week, zone, parameters)

    def found(theme: str) -> Detection | CoarseDates:
        try:
            return detect(
                incidents,
                neighbourhoods,
                week,
                parameters,
                zone=zone,
                municipality=municipality.code,
                theme=theme,
                rng=theme_rng(parameters.seed, week, theme),
                every_candidate=every_candidate,
                periods=periods,
            )
        except CoarseDates as refusal:
            return refusal

    ordered = sorted(set(themes))
    # Compiled code lets go of the interpreter: while one theme is in it, another can be read or described.
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        outcomes = list(pool.map(found, ordered))
    detections, refusals = [], []
    for theme, outcome in zip(ordered, outcomes, strict=True):
        if isinstance(outcome, CoarseDates):
            refusals.append(outcome)
            why = Label(nl=outcome.nl, en=outcome.en)
            detections.append(Detection(theme, week, State.NOT_ENOUGH_DATA, why, 0, 0, 0, 0, 0, ()))
        else:
            detections.append(outcome)
    if refusals and len(refusals) == len(detections):
        others = f" (likewise {', '.join(d.theme for d in detections[1:])})" if len(detections) > 1 else ""
        raise Unsuitable(f"{refusals[0]}{others}")
    return tuple(detections)


def detect(  # noqa: PLR0913 - what there is, what is asked, and chance.
    incidents: Incidents,
    neighbourhoods: tuple[Area, ...],
    week: Week,
    parameters: Parameters,
    *,
    zone: ZoneInfo,
    municipality: str,
    theme: str,
    rng: np.random.Generator,
    every_candidate: bool = False,
    periods: Periods | None = None,
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
    every_candidate
        Whether to give the candidates that did not pass as well, as `rejected`.
    periods
        The weeks that the data cover, where that is known from another theme.

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
    if periods is None:
        periods = _periods(incidents, week, zone, parameters)
    events = sample(in_theme if dated.all() else taken(in_theme, dated), week, weeks=periods.weeks, zone=zone)
    in_window = events.age_weeks < parameters.window_weeks
    reason = shortage(periods, events, parameters)
    findings = (
        ()
        if reason is not None
        else _findings(events, periods.weeks, parameters, rng, every_candidate=every_candidate)
    )
    names = {area.code: area.name for area in neighbourhoods}
    naming = Naming(municipality, theme, week)
    hotspots, rejected = (
        tuple(
            described(finding, events, names, naming, parameters)
            for finding in findings
            if (grade(finding, parameters) is not Grade.NONE) == passed and (passed or every_candidate)
        )
        for passed in (True, False)
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
        candidates=len(findings),
        hotspots=hotspots,
        rejected=rejected,
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
    dated = is_dated(incidents, within_weeks=parameters.window_weeks)
    ordinals = week_ordinals(middle_s(incidents)[dated], zone)
    longest = parameters.window_weeks + parameters.baseline_weeks
    covered = coverage(ordinals[(ordinals <= week.ordinal) & (ordinals > week.ordinal - longest)])
    if covered is None or covered.last < week:
        # Without its last week there is no window to speak of.
        return Periods(week, covered, 0, 0)
    weeks = week.ordinal - covered.first.ordinal + 1
    window_weeks = min(parameters.window_weeks, weeks)
    return Periods(week, covered, window_weeks, weeks - window_weeks)


def _findings(
    events: Sample, weeks: int, parameters: Parameters, rng: np.random.Generator, *, every_candidate: bool
) -> list[Finding]:
    """Ask both questions: what is more than before, and what is always more than around."""
    false_share = None if every_candidate else parameters.false_share
    return [*_acute(events, parameters, rng, false_share), *_chronic(events, weeks)]


def _acute(
    events: Sample, parameters: Parameters, rng: np.random.Generator, false_share: float | None
) -> list[Finding]:
    """Find the places with more than their past and the present elsewhere lead to expect."""
    longest = parameters.window_weeks
    place = events.place[events.is_event]
    plan = Plan(
        weeks=np.array(sorted({n for n in _WINDOWS_WEEKS if n < longest} | {longest}), np.int64),
        radii_m=np.array([part * parameters.radius_m for part in _RADIUS_PARTS]),
        min_incidents=parameters.min_incidents,
        lead_incidents=_LEAD_INCIDENTS,
        kept=_KEPT,
    )
    searched = Events(
        places_m=events.places_m,
        surroundings=_surroundings(events),
        place=place,
        age_weeks=events.age_weeks[events.is_event],
        day=middle_s(events.incidents)[events.is_event] / _DAY_S,
    )
    counts = np.bincount(place, minlength=len(events.places_m))
    return [
        Finding(
            kind=Kind.ACUTE,
            places=candidate.places,
            window_weeks=candidate.weeks,
            observed=candidate.observed,
            expected=candidate.expected,
            baseline=int(counts[candidate.places].sum()) - candidate.observed,
            p_value=candidate.p_value,
            q_value=candidate.q_value,
        )
        for candidate in search(
            searched,
            plan=plan,
            alpha=parameters.alpha,
            replicates=parameters.replicates,
            rng=rng,
            false_share=false_share,
        )
    ]


def _chronic(events: Sample, weeks: int) -> list[Finding]:
    """Find the places that are denser all year than what lies around explains."""
    steps = weeks // _STEP_WEEKS
    step = events.age_weeks // _STEP_WEEKS
    counted = events.is_event & (step < steps)
    counts = np.zeros((steps, len(events.places_m)), np.int64)
    np.add.at(counts, (step[counted], events.place[counted]), 1)
    return [
        Finding(
            kind=Kind.CHRONIC,
            places=candidate.places,
            window_weeks=steps * _STEP_WEEKS,
            observed=candidate.observed,
            expected=float(candidate.expected),
            baseline=candidate.ring,
            p_value=candidate.p_value,
            q_value=candidate.q_value,
        )
        for candidate in chronic(events.places_m, counts)
    ]


def _surroundings(events: Sample) -> NDArray[np.int32]:
    """Give each place the number of its neighbourhood."""
    codes = events.incidents.neighbourhood.tolist()
    # Not by `np.unique`: sorting as many texts as there are incidents takes longer than a search.
    rank = {code: number for number, code in enumerate(sorted(set(codes), key=str))}
    area = np.fromiter(map(rank.__getitem__, codes), np.int32, count=len(codes))
    # A place on a border can hold incidents of two neighbourhoods; the first by code stands for it.
    number = np.full(len(events.places_m), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(number, events.place, area)
    return number
