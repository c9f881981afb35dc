"""
The rows of a weekly list: each hotspot with its rank, its life, its change, its reasons and its hours.

Composes the methods and adds none. A row is about one hotspot under the name that it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from hotspot import harm, ranking, reasons
from hotspot.chance import theme_rng
from hotspot.changes import Snapshot, change, what_changed
from hotspot.explain import explain
from hotspot.hot_times import hot_times
from hotspot.lifecycle import STEP_WEEKS, Category, by_step, lifecycles, place_shares, weekly_counts
from hotspot.model import Level
from hotspot.past import KEPT_WEEKS
from hotspot.sample import is_dated, middle_s, taken
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.changes import Change
    from hotspot.editions import RankedHotspot
    from hotspot.explain import Explanation
    from hotspot.harm import Weights
    from hotspot.hot_times import HotTimes
    from hotspot.model import (
        Area,
        Boundaries,
        Detection,
        Hotspot,
        Incidents,
        Label,
        Municipality,
        Parameters,
    )
    from hotspot.past import Named, Past
    from hotspot.tally import Ledger, Tally
    from hotspot.tracking import Entry
    from hotspot.weeks import Week

SERIES_WEEKS = 52
"""Weeks of the series that each row shows."""

_FEWEST_STEPS = 2
"""Steps without which there is no course to speak of."""

COMPARED_WEEKS = (1, 4)
"""Weeks ago with which a row is compared."""


@dataclass(frozen=True, slots=True)
class Life:
    """
    The course of a hotspot over the year, in steps of four weeks, oldest first.

    Parameters
    ----------
    category
        Its class.
    counts, expected
        Events in its footprint, and what its places lead to expect.
    states
        1 where a step is hot, -1 where it is cold, 0 elsewhere.
    direction
        1 where the scores rise beyond chance, -1 where they fall, 0 elsewhere.
    slope_per_step, p_value
        Sen's slope of the events above expectation, and of the trend; absent with fewer than two steps.
    step_weeks
        Weeks of a step.
    """

    category: Category
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    states: tuple[int, ...]
    direction: int
    slope_per_step: float | None
    p_value: float | None
    step_weeks: int = STEP_WEEKS


@dataclass(frozen=True, slots=True)
class Row:
    """
    A hotspot as the list tells it.

    Parameters
    ----------
    ranked
        Rank and score, each with its interval.
    entry
        What happened to the place since the week before.
    life
        Its course over the year.
    changes
        What changed since each of `COMPARED_WEEKS`; None where it was not listed then.
    what_changed
        The same in a sentence.
    explanation
        Evidence beside that of the detection.
    why
        Two sentences.
    times
        When its incidents happen.
    weekly_counts
        Events in its footprint in the last 52 weeks, oldest first; fewer where the data are shorter.
    """

    ranked: RankedHotspot
    entry: Entry
    life: Life
    changes: tuple[Change | None, ...]
    what_changed: Label
    explanation: Explanation
    why: tuple[Label, Label]
    times: HotTimes
    weekly_counts: tuple[int, ...]

    @property
    def hotspot(self) -> Hotspot:
        """The hotspot under the name that it keeps."""
        return self.ranked.hotspot


@dataclass(frozen=True, slots=True)
class Setting:
    """
    Where a list is about, and what it is told.

    Parameters
    ----------
    municipality
        The place.
    boundaries
        Its areas.
    parameters
        What the detections were told.
    labels
        How people read themes and subthemes.
    weights
        What incidents weigh by harm.
    """

    municipality: Municipality
    boundaries: Boundaries
    parameters: Parameters
    labels: Mapping[str, Label]
    weights: Weights

    @property
    def zone(self) -> ZoneInfo:
        """Time zone that bounds the weeks."""
        return ZoneInfo(self.municipality.time_zone)

    @property
    def told_areas(self) -> list[Area]:
        """The municipality and its neighbourhoods, in this order and by code: what is told of areas."""
        told = [area for area in self.boundaries.areas if area.level is not Level.DISTRICT]
        return sorted(told, key=lambda area: (area.level is not Level.MUNICIPALITY, area.code))


@dataclass(frozen=True, slots=True)
class Material:
    """
    What the rows of all themes are made from.

    Parameters
    ----------
    ledger
        The register.
    tally
        The events up to the week.
    named
        The week's detections under the names that stay, and what happened to each place.
    past
        What was known after the week before.
    completeness
        Share of the week that has been reported by now, by theme; absent where it is not known.
    setting
        Where it is about, and what it is told.
    """

    ledger: Ledger
    tally: Tally
    named: Named
    past: Past
    completeness: Mapping[str, float | None]
    setting: Setting

    @property
    def week(self) -> Week:
        """The week of the list."""
        return self.named.followed.week


def rows_of(detection: Detection, material: Material) -> tuple[Row, ...]:
    """
    Make the rows of one theme.

    Parameters
    ----------
    detection
        What was found of it, under the names that stay.
    material
        What else there is to know.

    Returns
    -------
    tuple of Row
        In the order of their ranks.
    """
    setting, parameters = material.setting, material.setting.parameters
    # Lists of earlier weeks reach as much further back.
    weeks = parameters.window_weeks + parameters.baseline_weeks + KEPT_WEEKS
    incidents, reports = material.ledger.of(detection.theme, detection.week, weeks=weeks)
    ranked = ranking.rank(
        detection,
        rng=theme_rng(parameters.seed, detection.week, detection.theme, purpose="ranking"),
        weights=setting.weights,
        tallies=harm.tallies(detection.hotspots, incidents, reports),
    )
    if not ranked:
        return ()
    hotspots = [row.hotspot for row in ranked]
    explanations = explain(
        hotspots,
        incidents,
        reports,
        detection=detection,
        others=[one for other in material.named.detections for one in other.hotspots],
        area_names={area.code: area.name for area in setting.told_areas},
        zone=setting.zone,
        completeness=material.completeness.get(detection.theme),
    )
    times = _times(hotspots, incidents, detection.week, material)
    earlier = [_snapshots(detection, ago, incidents, material) for ago in COMPARED_WEEKS]
    series = _series(hotspots, detection.theme, material.tally)
    lives = _lives(hotspots, series, detection.theme, material.tally)
    entries = {entry.id: entry for entry in material.named.followed.entries}
    return tuple(
        _row(one, entries[one.hotspot.id], life, explanation, when, counts, earlier, material)
        for one, life, explanation, when, counts in zip(
            ranked, lives, explanations, times, series.tolist(), strict=True
        )
    )


def _row(
    ranked: RankedHotspot,
    entry: Entry,
    life: Life,
    explanation: Explanation,
    times: HotTimes,
    counts: Sequence[int],
    earlier: Sequence[Mapping[str, Snapshot]],
    material: Material,
) -> Row:
    """Put the parts of a row together."""
    before = earlier[0].get(ranked.hotspot.id)
    ranked = replace(ranked, previous_rank=None if before is None else before.rank)
    now = _snapshot(ranked.rank, ranked.hotspot, times)
    changes = tuple(
        None if (then := listed.get(ranked.hotspot.id)) is None else change(now, then, weeks_ago=ago)
        for ago, listed in zip(COMPARED_WEEKS, earlier, strict=True)
    )
    return Row(
        ranked=ranked,
        entry=entry,
        life=life,
        changes=changes,
        what_changed=what_changed(
            now,
            before,
            event=str(entry.event),
            gap_weeks=entry.gap_weeks,
            others=[earlier[0][name].rank for name in entry.event_from if name in earlier[0]],
        ),
        explanation=explanation,
        why=reasons.why(ranked.hotspot, explanation, labels=material.setting.labels),
        times=times,
        weekly_counts=tuple(counts[-SERIES_WEEKS:]),
    )


def _times(
    hotspots: Sequence[Hotspot], incidents: Incidents, week: Week, material: Material
) -> tuple[HotTimes, ...]:
    """Tell the hours of some hotspots of one theme as the list of their week does."""
    parameters, zone = material.setting.parameters, material.setting.zone
    reach = parameters.window_weeks + parameters.baseline_weeks
    age = week.ordinal - week_ordinals(middle_s(incidents), zone)
    looked_at = (age >= 0) & (age < reach) & is_dated(incidents, within_weeks=parameters.window_weeks)
    seen = taken(incidents, looked_at)
    order = np.argsort(seen.key, kind="stable")
    places = [_rows_of_members(one, seen.key[order], order) for one in hotspots]
    rng = theme_rng(parameters.seed, week, hotspots[0].theme, purpose="hot times")
    return hot_times(seen, places, zone=zone, rng=rng)


def _rows_of_members(
    hotspot: Hotspot, keys: NDArray[np.int64], order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find a hotspot's incidents; one of an earlier list may have been withdrawn or changed since."""
    members = np.array(sorted(hotspot.members), np.int64)
    at = np.searchsorted(keys, members)
    known = at < keys.size
    known[known] = keys[at[known]] == members[known]
    return np.asarray(order[at[known]])


def _snapshots(
    detection: Detection, weeks_ago: int, incidents: Incidents, material: Material
) -> dict[str, Snapshot]:
    """Tell how the places of this list that were listed then stood, and those that they came from."""
    wanted = {hotspot.id for hotspot in detection.hotspots}
    wanted |= {name for entry in material.named.followed.entries for name in entry.event_from}
    for then in material.past.since(detection.week, weeks_ago=weeks_ago) or ():
        if then.theme == detection.theme:
            listed = ranking.order(then)
            if wanted.isdisjoint(hotspot.id for hotspot in listed):
                return {}
            # Of all of them, as then: a hotspot's chance depends on its place among the others.
            times = _times(listed, incidents, then.week, material)
            return {
                hotspot.id: _snapshot(number, hotspot, when)
                for number, (hotspot, when) in enumerate(zip(listed, times, strict=True), start=1)
            }
    return {}


def _snapshot(rank: int, hotspot: Hotspot, times: HotTimes) -> Snapshot:
    """Take from a row what another week's is compared with."""
    peak = times.peak if times.is_pattern else None
    return Snapshot(
        rank=rank,
        observed=hotspot.evidence.observed,
        expected=hotspot.evidence.expected,
        area_m2=float(hotspot.footprint.area),
        centroid_xy_m=hotspot.centroid_xy_m,
        peak_start_hour=None if peak is None else peak.start_hour,
        peak_hours=None if peak is None else peak.hours,
    )


def _series(hotspots: Sequence[Hotspot], theme: str, counted: Tally) -> NDArray[np.int64]:
    """Count the theme's events in each footprint by week."""
    own = counted.theme == counted.themes.index(theme)
    weeks = min(counted.weeks, SERIES_WEEKS)
    return weekly_counts(
        counted.xy_m[own], counted.age_weeks[own], [one.footprint for one in hotspots], weeks=weeks
    )


def _lives(
    hotspots: Sequence[Hotspot], series: NDArray[np.int64], theme: str, counted: Tally
) -> tuple[Life, ...]:
    """Tell the course of each hotspot over the year."""
    own = (counted.theme == counted.themes.index(theme)) & (counted.age_weeks < series.shape[1])
    city = by_step(np.bincount(counted.age_weeks[own], minlength=series.shape[1])[::-1])
    counts = by_step(series)
    if city.size < _FEWEST_STEPS:
        return tuple(Life(Category.NONE, tuple(row), (), (), 0, None, None) for row in counts.tolist())
    found = lifecycles(counts, city, place_shares(counted.places_m, [one.footprint for one in hotspots]))
    return tuple(
        Life(
            category=category,
            counts=tuple(counts[row].tolist()),
            expected=tuple(found.expected[row].tolist()),
            states=tuple(found.states[row].tolist()),
            direction=int(found.directions[row]),
            slope_per_step=float(found.slope_per_step[row]),
            p_value=float(found.trend.p_value[row]),
        )
        for row, category in enumerate(found.categories)
    )
