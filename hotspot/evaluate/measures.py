"""
How well did each detector do? False weeks, recall, precision, place, each with its interval.

A detector is judged at an operating point (`entries`), in one scenario, and for one kind of its claims.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.evaluate.intervals import Measure, bootstrap, mean_difference, median, ratio, wilson
from hotspot.evaluate.matching import Rule, matched
from hotspot.evaluate.worlds import stream
from hotspot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.evaluate.entries import Cut, Entry
    from hotspot.evaluate.matching import Pair
    from hotspot.evaluate.runner import Outcome

VOLUMES = ((20.0, 60.0), (60.0, 150.0), (150.0, 400.0))
"""Incidents a week: about a third of the worlds each."""
_ONCE_HELD = 0.2
"""A claim is about a hotspot if it holds this share of its incidents, or..."""
_ONCE_PURITY = 0.3
"""... if this share of its members are the hotspot's."""


@dataclass(frozen=True, slots=True)
class Score:
    """
    What a detector came to in one scenario.

    Parameters
    ----------
    entry, cut
        Detector and operating point.
    scenario
        Name of the scenario.
    kind
        Which of its claims.
    rule
        When a claim was a find.
    worlds
        Number of worlds.
    any_weeks
        Share of the weeks that show any claim: where nothing is planted, the rate of false alarms.
    false_weeks
        Share of the weeks that show a false claim.
    false_per_week
        False claims a week.
    recall
        Share of the planted hotspots that were found.
    recall_by_size
        The same by the incidents that were planted; for chronic ones, by halves of the range.
    recall_by_volume
        The same by incidents a week.
    precision
        Share of the claims that were finds.
    iou_disc, iou_addresses
        Median intersection over union of finds with the planted disc, and with the outline of its addresses.
    centroid_error_m
        Median distance of finds from the planted centre, in metres.
    radius_m
        Median radius of a circle of the same area as a claim's footprint.
    once
        Share of the hotspots found on borders that exactly one claim is about.
    seconds
        Time a week, for a world of the scenario.
    """

    entry: str
    cut: Cut
    scenario: str
    kind: Kind
    rule: Rule
    worlds: int
    any_weeks: Measure
    false_weeks: Measure
    false_per_week: Measure
    recall: Measure
    recall_by_size: Mapping[str, Measure]
    recall_by_volume: Mapping[str, Measure]
    precision: Measure
    iou_disc: Measure
    iou_addresses: Measure
    centroid_error_m: Measure
    radius_m: float
    once: Measure
    seconds: float


@dataclass(frozen=True, slots=True)
class Difference:
    """
    How much more one detector recalls than another on the same worlds.

    Parameters
    ----------
    first, second
        The detectors at their operating points.
    scenario
        Name of the scenario.
    recall
        Recall of the first less that of the second, with the interval of the pairs.
    """

    first: str
    second: str
    scenario: str
    recall: Measure


@dataclass(frozen=True, slots=True)
class Ceiling:
    """
    What could be found of the acute hotspots of a scenario if their places and weeks were known.

    Parameters
    ----------
    scenario
        Name of the scenario.
    recall, recall_by_size, recall_by_volume
        The share that a test at the very place and weeks shows.
    """

    scenario: str
    recall: Measure
    recall_by_size: Mapping[str, Measure]
    recall_by_volume: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class _Tally:
    """Counts of one entry in the worlds of a scenario."""

    claims: NDArray[np.float64]
    finds: NDArray[np.float64]
    planted: NDArray[np.float64]
    pairs: tuple[tuple[int, Pair], ...]


def score(
    outcomes: Sequence[Outcome], entry: Entry, *, kind: Kind, rule: Rule = Rule.STANDARD, seed: int
) -> Score:
    """
    Measure one detector in one scenario.

    Parameters
    ----------
    outcomes
        Worlds of the scenario, at least one.
    entry
        The detector and its operating point.
    kind
        Which claims and hotspots.
    rule
        When a claim is a find.
    seed
        Seed of the evaluation, for the bootstrap.

    Returns
    -------
    Score
        The measures with their intervals.
    """
    scenario = outcomes[0].scenario
    rng = stream(seed, "bootstrap", scenario, entry.name, kind, rule)
    tally = _tally(outcomes, entry, kind, rule)
    found, false = tally.finds, tally.claims - tally.finds
    world = np.array([number for number, _ in tally.pairs], np.intp)
    areas = [
        c.area_m2 for one in outcomes for c in entry.reported(one.claims[entry.method]) if c.kind is kind
    ]
    return Score(
        entry=entry.name,
        cut=entry.cut,
        scenario=scenario,
        kind=kind,
        rule=rule,
        worlds=len(outcomes),
        any_weeks=wilson(int(np.count_nonzero(tally.claims)), len(outcomes)),
        false_weeks=wilson(int(np.count_nonzero(false)), len(outcomes)),
        false_per_week=bootstrap(false[:, None], lambda sums: sums[..., 0] / len(outcomes), rng=rng),
        recall=ratio(np.column_stack([found, tally.planted]), rng=rng),
        recall_by_size=_by_size(outcomes, [(number, pair.truth) for number, pair in tally.pairs], kind),
        recall_by_volume=_by_volume(outcomes, np.column_stack([found, tally.planted]), rng),
        precision=ratio(np.column_stack([found, tally.claims]), rng=rng),
        iou_disc=median(np.array([pair.iou_disc for _, pair in tally.pairs]), world, rng=rng),
        iou_addresses=median(np.array([pair.iou_addresses for _, pair in tally.pairs]), world, rng=rng),
        centroid_error_m=median(np.array([p.centroid_error_m for _, p in tally.pairs]), world, rng=rng),
        radius_m=float(np.sqrt(np.median(areas) / np.pi)) if areas else math.nan,
        once=_once(outcomes, tally.pairs, entry, kind),
        seconds=float(np.mean([one.seconds[entry.method] for one in outcomes])),
    )


def recall_difference(
    outcomes: Sequence[Outcome], first: Entry, second: Entry, *, kind: Kind, seed: int
) -> Difference:
    """
    Compare the recall of two detectors on the same worlds.

    Parameters
    ----------
    outcomes
        Worlds of one scenario.
    first, second
        The detectors at their operating points.
    kind
        Which hotspots.
    seed
        Seed of the evaluation, for the bootstrap.

    Returns
    -------
    Difference
        First less second.
    """
    one, two = (_tally(outcomes, entry, kind, Rule.STANDARD) for entry in (first, second))
    scenario = outcomes[0].scenario
    rng = stream(seed, "difference", scenario, first.name, second.name, kind)
    measured = mean_difference(
        np.column_stack([one.finds, one.planted]), np.column_stack([two.finds, two.planted]), rng=rng
    )
    return Difference(first.name, second.name, scenario, measured)


def ceiling(outcomes: Sequence[Outcome], *, seed: int) -> Ceiling:
    """
    Tell which share of the acute hotspots could be found by somebody who knew where and when to look.

    Parameters
    ----------
    outcomes
        Worlds of one scenario, at least one.
    seed
        Seed of the evaluation, for the bootstrap.

    Returns
    -------
    Ceiling
        The share, whole and split.
    """
    rng = stream(seed, "ceiling", outcomes[0].scenario)
    acute = [[spot for spot in one.spots if spot.kind is Kind.ACUTE] for one in outcomes]
    rows = np.array([[sum(spot.is_plain for spot in spots), len(spots)] for spots in acute], float)
    plain = [
        (number, index)
        for number, one in enumerate(outcomes)
        for index, spot in enumerate(one.spots)
        if spot.is_plain
    ]
    return Ceiling(
        outcomes[0].scenario,
        ratio(rows, rng=rng),
        _by_size(outcomes, plain, Kind.ACUTE),
        _by_volume(outcomes, rows, rng),
    )


def _tally(outcomes: Sequence[Outcome], entry: Entry, kind: Kind, rule: Rule) -> _Tally:
    """Match the claims of one entry in each world."""
    claims, finds, planted, pairs = [], [], [], []
    for number, one in enumerate(outcomes):
        found = matched(entry.reported(one.claims[entry.method]), one.spots, kind=kind, rule=rule)
        hits = [pair for pair in found.values() if pair is not None]
        claims.append(len(found))
        finds.append(len(hits))
        planted.append(sum(spot.kind is kind for spot in one.spots))
        pairs += [(number, pair) for pair in hits]
    return _Tally(np.array(claims, float), np.array(finds, float), np.array(planted, float), tuple(pairs))


def _by_size(outcomes: Sequence[Outcome], found: Sequence[tuple[int, int]], kind: Kind) -> dict[str, Measure]:
    """Split the recall by the number of planted incidents."""

    def name(incidents: int) -> str:
        if kind is Kind.ACUTE:
            return str(incidents)
        return "below 60" if incidents < 60 else "60 and more"  # noqa: PLR2004 - the middle of the range.

    hits: dict[str, int] = {}
    trials: dict[str, int] = {}
    sizes = sorted({spot.incidents for one in outcomes for spot in one.spots if spot.kind is kind})
    for size in sizes:
        hits[name(size)] = trials[name(size)] = 0
    for one in outcomes:
        for spot in one.spots:
            if spot.kind is kind:
                trials[name(spot.incidents)] += 1
    for number, truth in found:
        hits[name(outcomes[number].spots[truth].incidents)] += 1
    return {key: wilson(hits[key], trials[key]) for key in trials}


def _by_volume(
    outcomes: Sequence[Outcome], rows: NDArray[np.float64], rng: np.random.Generator
) -> dict[str, Measure]:
    """Split the recall by incidents a week."""
    volume = np.array([one.per_week for one in outcomes])
    return {
        f"{low:.0f} to {high:.0f} a week": ratio(rows[(volume >= low) & (volume < high)], rng=rng)
        for low, high in VOLUMES
    }


def _once(
    outcomes: Sequence[Outcome], pairs: Sequence[tuple[int, Pair]], entry: Entry, kind: Kind
) -> Measure:
    """Tell which hotspots found on borders are told once."""
    found, once = 0, 0
    for number, pair in pairs:
        one = outcomes[number]
        if not one.spots[pair.truth].on_border:
            continue
        about = [
            other
            for claim in entry.reported(one.claims[entry.method])
            for other in claim.pairs
            if claim.kind is kind and other.truth == pair.truth
            if other.held >= _ONCE_HELD or other.purity >= _ONCE_PURITY
        ]
        found += 1
        once += len(about) == 1
    return wilson(once, found)
