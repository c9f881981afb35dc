"""
Places with more going on all year than their surroundings and the unevenness of the city explain.

Question: where does something add to every address of a place, the whole year through, so that the place is
denser than its surroundings lead to expect?
Null: addresses differ as much as the addresses of this city do, streets and quarters differ as much as its
circles of the same size do; so there is always a busiest street, and a few addresses with half of everything.
Cost: per circle one Bayes factor; there are seven circles around every place.
Reference: Kass & Raftery (1995), Bayes factors; Efron (2004), Large-scale simultaneous hypothesis testing:
the choice of a null hypothesis (the empirical null); Gumbel (1958), Statistics of extremes.

A count says little, for the densest circle is the nightlife street in every week of every year. What tells
a chronic place from a street that is merely busy is that *all* its addresses are. The statistic of a circle
is therefore how much better 'each address has its own and something comes to all alike' explains the counts
of its addresses than 'each has its own', given the level of the surroundings; and, to a limit, how many
places there are with anything at all. What addresses are like is learned from the city, the circles that may
be chronic put aside, and so is how high the highest is by chance; docs/detection.md has what was tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.addresses import leaders
from hotspot.stats.evenness import LOG_LEVELS, Law, level_of_mean, log_bayes_factors
from hotspot.stats.surroundings import Circles, circles_around
from hotspot.stats.threads import by_rows
from hotspot.stats.unevenness import Scatter, fitted_law, scatter_of_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 9
_SAMPLE = 250
"""Circles without overlap from which the city's unevenness is learned, at most."""
_FEWEST = 8
"""Fewer such circles tell nothing about a city."""
_ASIDE = 4
"""Of these the highest are put aside before the city is learned for good: they may be chronic places."""
_ASIDE_PART = 5
"""But not more than this part of them."""
_LEVEL_VARIANCE = (0.5, 0.1)
"""Variance of the logarithm of circles' levels: where it cannot be learned, and the least believed."""
_NUMBER_VARIANCE = (1.0, 0.05)
"""The same of the number of places in a circle."""
_NUMBER_LIMIT = 3.0
"""Most that the number of places may add to the statistic: towns have dense corners."""
_SHRINKAGE = 2.0
"""Places of the city that are mixed into the surroundings."""
_GOLDEN = 0.6180339887498949
"""Steps of the golden section visit the places in an order that is even over the city and needs no chance."""
_PEAKS = slice(5, 15)
"""Ranks of the circles whose heights tell what height chance gives; those above may be true."""
_PEAK_SCALE = 1.3
"""Scale of the Gumbel distribution from which those ranks are spaced, in units of the statistic."""
_HIGHEST_SHIFT, _HIGHEST_SCALE = -0.3, 1.5
"""
Location, from what the ranks tell, and scale of the highest of a city by chance.

Its scale is larger, for what the ranks tell of one city is not quite true of it: fitted to the highest of
2,000 simulated cities without chronic places, of other seeds than the report's.
"""
_PEAK_LOCATION = 6.0
"""Its location over cities of all kinds, for one with too few circles to tell its own."""
_LONGEST = 60
"""Circles that are looked at as candidates."""
_FIRST_PART = 1024
"""Circles that are looked at first where a few of many are wanted; as a rule these are enough."""
_STEP_LIMIT = 4.0
"""Most of an even share that one step may hold: what happened in one month is no chronic place."""
_FEWEST_STEPS = 6
"""Shorter than half a year is not 'all year'."""
_STEPS_ACTIVE = 0.5
"""Least share of the steps in which a chronic place shows anything."""


class Plan(NamedTuple):
    """
    What the search for chronic places tries.

    Parameters
    ----------
    radii_m
        Radii of the circles in metres, ascending.
    surroundings_m
        Radius of the surroundings in metres.
    min_places
        Places with an event that a circle needs.
    """

    radii_m: tuple[float, ...] = (40.0, 50.0, 65.0, 80.0, 100.0, 120.0, 150.0)
    surroundings_m: float = 400.0
    min_places: int = 3


@dataclass(frozen=True, slots=True)
class ChronicCandidate:
    """
    A place that may be chronic, tested.

    Parameters
    ----------
    places
        Indices of its places, ascending.
    radius_m
        Radius of its circle in metres.
    observed
        Its events in the year.
    expected
        What it would have if its places had as many as the average place in the ring around it.
    ring
        Events in that ring.
    statistic
        Logarithm of how much better 'something comes to all its addresses' explains it; higher is stronger.
    p_value
        Chance that the highest circle of a city without chronic places is as high.
    q_value
        Share of chance findings to be expected among this one and all that are stronger.
    """

    places: NDArray[np.int64]
    radius_m: float
    observed: int
    expected: float
    ring: int
    statistic: float
    p_value: float
    q_value: float


def chronic(
    places_m: NDArray[np.float64], counts: NDArray[np.int64], *, plan: Plan | None = None
) -> tuple[ChronicCandidate, ...]:
    """
    Find the places that are denser all year than their surroundings explain, and say how sure that is.

    Parameters
    ----------
    places_m
        Distinct places in metres, ordered by x and then y, shape (n, 2).
    counts
        Events by step of four weeks and place, the last step first, shape (steps, n).
    plan
        What is tried; absent for the usual.

    Returns
    -------
    tuple of ChronicCandidate
        Strongest first, no two with a place in common; those that chance explains too.

    Raises
    ------
    InvalidParameter
        If the arrays do not fit each other, a position is no number, a count is negative, or the radii of
        the plan do not ascend.

    Notes
    -----
    A step in which a place has several events counts once for the statistic: a near repeat adds nothing.

    Examples
    --------
    >>> chronic(np.empty((0, 2)), np.empty((13, 0), np.int64))
    ()
    """
    plan = Plan() if plan is None else plan
    _check(places_m, counts, plan)
    kept = np.flatnonzero(counts.any(axis=0))
    leader = leaders(places_m[kept], counts[:, kept].sum(axis=0))
    chosen, address = np.unique(leader, return_inverse=True)
    xy_m, counts_at = places_m[kept[chosen]], np.zeros((chosen.size, len(counts)), np.int64)
    np.add.at(counts_at, address, counts[:, kept].T)
    if len(xy_m) < plan.min_places or len(counts) < _FEWEST_STEPS:
        return ()
    active, events = np.count_nonzero(counts_at, axis=1), counts_at.sum(axis=1)
    circles = circles_around(
        xy_m, active, events, most=len(counts), radii_m=plan.radii_m, surroundings_m=plan.surroundings_m
    )
    height = _heights(xy_m, circles, float(active.mean()), plan)
    peaks = _disjoint(xy_m, height, plan)
    values = height.reshape(-1)[peaks]
    found = [
        _candidate(int(peak), xy_m, counts_at, circles, float(events.mean()), float(value), plan.radii_m)
        for peak, value in zip(peaks, values, strict=True)
    ]
    tested = _tested([one for one in found if one is not None], _location(values))
    # An address is, to the caller, all places that were united to it.
    return tuple(replace(one, places=kept[_marked(one.places, chosen.size)[address]]) for one in tested)


def _marked(chosen: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Mark some of so many."""
    marked = np.zeros(n, np.bool_)
    marked[chosen] = True
    return marked


def _check(places_m: NDArray[np.float64], counts: NDArray[np.int64], plan: Plan) -> None:
    """Refuse what cannot be places, counts and circles."""
    mistakes = []
    if places_m.shape != (len(places_m), 2) or not np.isfinite(places_m).all():
        mistakes.append(f"places_m must be finite positions (n, 2), got shape {places_m.shape}")
    if counts.shape != (len(counts), len(places_m)) or (counts < 0).any():
        mistakes.append(
            f"counts must be 0 or more for each step and each of {len(places_m)} places, got {counts.shape}"
        )
    sizes = (0.0, *plan.radii_m, plan.surroundings_m)
    if not plan.radii_m or any(inner >= outer for inner, outer in pairwise(sizes)):
        mistakes.append(f"radii must be above 0, ascend and end below the surroundings', got {sizes[1:]}")
    if plan.min_places < 1:
        mistakes.append(f"min_places must be 1 or more, got {plan.min_places}")
    if mistakes:
        raise InvalidParameter(*mistakes)


class _Learned(NamedTuple):
    """What the circles of one radius are like in this city."""

    law: Law
    scatter: Scatter
    centre: NDArray[np.float64]
    of_number: NDArray[np.float64]


def _heights(xy_m: NDArray[np.float64], circles: Circles, mean: float, plan: Plan) -> NDArray[np.float64]:
    """Give the statistic of all circles, shape (n, radii); none where there are too few places."""
    height = np.full((len(xy_m), len(plan.radii_m)), -np.inf)
    every = [np.flatnonzero(enough) for enough in (circles.inside[:, :, 0] >= plan.min_places).T]
    learned = {k: _learned(xy_m, circles, k, rows, mean, plan) for k, rows in enumerate(every) if rows.size}

    def weigh(first: int, last: int) -> None:
        for k, one in learned.items():
            begin, end = np.searchsorted(every[k], [first, last])
            _weighed(circles.histogram[k], every[k][begin:end], one, height[:, k])

    by_rows(weigh, len(xy_m))
    return height


def _weighed(
    histogram: NDArray[np.int32], rows: NDArray[np.int64], learned: _Learned, out: NDArray[np.float64]
) -> None:
    """Write the statistic of some circles of one radius."""
    factor = np.empty(len(out))
    log_bayes_factors(
        histogram,
        rows,
        learned.law.log_probability,
        LOG_LEVELS,
        learned.centre,
        learned.scatter.variance,
        factor,
    )
    out[rows] = np.round(factor[rows] + learned.of_number[rows], _DIGITS)


def _learned(
    xy_m: NDArray[np.float64],
    circles: Circles,
    number: int,
    rows: NDArray[np.int64],
    mean: float,
    plan: Plan,
) -> _Learned:
    """Learn what circles of one radius are like, twice: the second time without those that may be chronic."""
    radius_m = plan.radii_m[number]
    few = _apart(xy_m, rows, radius_m)
    share = radius_m**2 / (plan.surroundings_m**2 - radius_m**2)
    every = _OneSize(circles.histogram[number], circles.inside[:, number, 0], circles.ring[:, number, :2])
    alone = _OneSize(every.histogram[few], every.places[few], every.ring[few])
    number_of = np.arange(few.size)
    first = _fitted(alone, number_of, mean, share)
    value = np.empty(few.size)
    _weighed(alone.histogram, number_of, first, value)
    aside = np.argsort(-value, kind="stable")[: min(_ASIDE, few.size // _ASIDE_PART)]
    return _fitted(every, np.delete(few, aside), mean, share, before=first)


class _OneSize(NamedTuple):
    """Some circles of one size: places by count, all places, and places and counts in the ring around."""

    histogram: NDArray[np.int32]
    places: NDArray[np.float64]
    ring: NDArray[np.float64]


def _fitted(
    circles: _OneSize, few: NDArray[np.int64], mean: float, share: float, *, before: _Learned | None = None
) -> _Learned:
    """Fit to a few circles what all of them are weighed by."""
    histogram, places, ring = circles.histogram[few], circles.places, circles.ring
    law = fitted_law(histogram, start=None if before is None else before.law)
    expected = level_of_mean((ring[:, 1] + _SHRINKAGE * mean) / (ring[:, 0] + _SHRINKAGE), law)
    scatter = Scatter(0.0, _LEVEL_VARIANCE[0])
    if few.size >= _FEWEST:
        start = scatter if before is None else before.scatter
        scatter = scatter_of_levels(histogram, expected[few], law, start=start, least=_LEVEL_VARIANCE[1])
    centre = np.clip(expected + scatter.shift, LOG_LEVELS[0], LOG_LEVELS[-1])
    crowd = np.log(np.maximum(places, 1.0) / ((ring[:, 0] + 1.0) * share))
    return _Learned(law, scatter, centre, _of_number(crowd, places, few))


def _of_number(
    crowd: NDArray[np.float64], places: NDArray[np.float64], few: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Say what the number of places speaks for, measured by how uneven circles of the city are."""
    middle, variance = 0.0, _NUMBER_VARIANCE[0]
    if few.size >= _FEWEST:
        middle = _median(crowd[few])
        spread = 1.4826 * _median(np.abs(crowd[few] - middle))
        variance = max(_NUMBER_VARIANCE[1], spread**2 - _median(1.0 / places[few]))
    above = np.maximum(crowd - middle, 0.0) ** 2 / (variance + 1.0 / np.maximum(places, 1.0))
    return np.minimum(0.5 * above, _NUMBER_LIMIT)


def _median(values: NDArray[np.float64]) -> float:
    """Give what `np.median` gives; that takes ten times as long for a few hundred values."""
    ordered, half = np.sort(values), values.size // 2
    return float(ordered[half] if values.size % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _apart(xy_m: NDArray[np.float64], rows: NDArray[np.int64], radius_m: float) -> NDArray[np.int64]:
    """Choose circles of one size that do not overlap, evenly over the city."""
    turn = np.asarray(np.arange(rows.size) * _GOLDEN % 1.0, np.float64)
    return np.sort(rows[_first_apart(turn, xy_m[rows], np.full(rows.size, radius_m), most=_SAMPLE)])


def _first_apart(
    turn: NDArray[np.float64], xy_m: NDArray[np.float64], radius_m: NDArray[np.float64], *, most: int
) -> NDArray[np.int64]:
    """Go through circles in their turn and keep those that overlap none kept before, up to so many."""
    part = _FIRST_PART
    while True:
        # As if all were sorted: those that come after this part cannot change what is kept of it.
        first = np.arange(turn.size)
        if part < turn.size:
            first = np.flatnonzero(turn <= np.partition(turn, part)[part])
        first = first[np.argsort(turn[first], kind="stable")]
        kept = first[_without_overlap(xy_m[first], radius_m[first], most)]
        if kept.size == most or first.size == turn.size:
            return kept
        part *= 4


def _disjoint(xy_m: NDArray[np.float64], height: NDArray[np.float64], plan: Plan) -> NDArray[np.int64]:
    """Take the highest circles, each without overlap with a higher one; gives places in the flat array."""
    flat = height.reshape(-1)
    known = np.flatnonzero(np.isfinite(flat))
    row, number = np.divmod(known, len(plan.radii_m))
    return known[_first_apart(-flat[known], xy_m[row], np.array(plan.radii_m)[number], most=_LONGEST)]


def _location(peaks: NDArray[np.float64]) -> float:
    """Tell around which height the highest circle of a city like this lies by chance."""
    rank = np.arange(1, peaks.size + 1)
    # The k-th highest of Gumbel's peaks lies, on average, this far below the location.
    below = np.concatenate([[0.0], np.cumsum(1.0 / rank[:-1])]) - np.euler_gamma
    own = (peaks + _PEAK_SCALE * below)[_PEAKS]
    return _PEAK_LOCATION if own.size < _FEWEST else float(own.mean())


def _candidate(
    peak: int,
    xy_m: NDArray[np.float64],
    counts: NDArray[np.int64],
    circles: Circles,
    city: float,
    value: float,
    radii_m: tuple[float, ...],
) -> ChronicCandidate | None:
    """Describe a circle, if it has more than its ring leads to expect and has it all year."""
    row, number = divmod(peak, len(radii_m))
    inside, by_step = _within(xy_m, counts, row, radii_m[number] ** 2)
    places, _, events = circles.ring[row, number].tolist()
    observed = int(circles.inside[row, number, 2])
    # Some of the city is mixed in: an empty ring is no proof that nothing ever happens there.
    expected = float(inside.size * (events + _SHRINKAGE * city) / (places + _SHRINKAGE))
    in_step = by_step.tolist()
    fullest = max(in_step) * len(in_step)
    lasting = fullest <= _STEP_LIMIT * sum(in_step) and sum(map(bool, in_step)) >= _STEPS_ACTIVE * len(
        in_step
    )
    if observed <= expected or not lasting:
        return None
    return ChronicCandidate(inside, radii_m[number], observed, expected, int(events), value, 1.0, 1.0)


@numba.njit(cache=True, nogil=True)
def _within(
    xy_m: NDArray[np.float64], counts: NDArray[np.int64], row: int, radius_m2: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the places within reach of one, and count in how many of them anything happened in each step."""
    inside, n = np.empty(len(xy_m), np.int64), 0
    by_step = np.zeros(counts.shape[1], np.int64)
    for i in range(len(xy_m)):
        if (xy_m[i, 0] - xy_m[row, 0]) ** 2 + (xy_m[i, 1] - xy_m[row, 1]) ** 2 <= radius_m2:
            inside[n] = i
            n += 1
            for step in range(by_step.size):
                by_step[step] += counts[i, step] > 0
    return inside[:n].copy(), by_step


def _tested(found: list[ChronicCandidate], location: float) -> tuple[ChronicCandidate, ...]:
    """Give candidates, highest first, their p- and q-values."""
    above = [(one.statistic - location - _HIGHEST_SHIFT) / _HIGHEST_SCALE for one in found]
    by_chance = np.exp(-np.array(above)).tolist()
    share = np.array(by_chance) / np.arange(1, len(found) + 1)
    q_value = np.minimum(np.minimum.accumulate(share[::-1])[::-1], 1.0)
    return tuple(
        replace(one, p_value=float(-np.expm1(-chance)), q_value=float(q))
        for one, chance, q in zip(found, by_chance, q_value, strict=True)
    )


@numba.njit(cache=True, nogil=True)
def _without_overlap(
    xy_m: NDArray[np.float64], radius_m: NDArray[np.float64], most: int
) -> NDArray[np.int64]:
    """Go through circles and keep each that overlaps none kept before."""
    kept = np.empty(most, np.int64)
    n = 0
    for i in range(len(xy_m)):
        if n == most:
            break
        free = True
        for j in kept[:n]:
            apart_m = radius_m[i] + radius_m[j]
            if (xy_m[i, 0] - xy_m[j, 0]) ** 2 + (xy_m[i, 1] - xy_m[j, 1]) ** 2 <= apart_m * apart_m:
                free = False
                break
        if free:
            kept[n] = i
            n += 1
    return kept[:n]
