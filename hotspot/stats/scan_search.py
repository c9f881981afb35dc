"""
Which window of a replicate is the strongest? The search that all scans of counts share, without a logarithm.

Question: what is the largest likelihood ratio of all windows, in each of many replicates?
Null: none of its own; it searches whatever the caller drew.
Cost: an addition and a comparison of small whole numbers per window and replicate, 64 replicates at once.
Reference: Neill (2012), Fast subset scan, for bounding before computing; the bound by counts is our own.

What a window is compared with stays the same in all replicates. So for each window the least count that beats
a level is found once; only the few windows that reach it are computed. A replicate in which none does, and so
has no result, is searched again at a lower level: levels change the time, never a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.scan import BERNOULLI, EXPECTATION, deviation, expected_cases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.scan_windows import Windows

LANES = 64
"""Replicates searched side by side; with fewer the compiler unrolls the loop and does not vectorise it."""

# Halvings after which a bound on the expectation is as exact as a float.
_HALVINGS = 60

# What is taken off a level, so that rounding never hides a window; those let in needlessly are computed.
_SLACK = 1e-9


class Comparison(NamedTuple):
    """
    What the counts of each window are compared with; compiled code takes it as it is.

    Parameters
    ----------
    model
        One of the models of `scan`.
    base
        Persons or expected cases of each window, circle by circle, shape (w,).
    total
        All cases.
    everyone
        All persons; only used by Bernoulli.
    """

    model: int
    base: NDArray[np.float64]
    total: float
    everyone: float


def backwards(values: NDArray[np.float64], depth: int) -> NDArray[np.float64]:
    """
    Cumulate a table back from its last step.

    Parameters
    ----------
    values
        One row per step, one column per place, shape (t, n).
    depth
        Steps to go back, at most t.

    Returns
    -------
    ndarray
        For each place its sum over the last 0, 1, ... `depth` steps, shape (n, depth + 1).
    """
    sums = np.zeros((values.shape[1], depth + 1))
    np.cumsum(values[::-1][:depth].T, axis=1, out=sums[:, 1:])
    return sums


@numba.njit(cache=True, nogil=True)
def window_sums(sums: NDArray[np.float64], windows: Windows) -> NDArray[np.float64]:
    """
    Sum a quantity over each window.

    Parameters
    ----------
    sums
        The quantity, cumulated backwards, shape (n, depth + 1).
    windows
        The windows.

    Returns
    -------
    ndarray
        Its sum in each, circle by circle and within that period by period, shape (w,).
    """
    periods, depth = windows.newest.size, sums.shape[1]
    found = np.empty(windows.ring_end.size * periods)
    inside = np.empty(depth)
    for centre in range(windows.centre.size):
        for step in range(depth):
            inside[step] = 0.0
        position = windows.place_start[centre]
        for ring in range(windows.ring_start[centre], windows.ring_start[centre + 1]):
            while position < windows.ring_end[ring]:
                place = windows.place[position]
                for step in range(depth):
                    inside[step] += sums[place, step]
                position += 1
            for period in range(periods):
                found[ring * periods + period] = (
                    inside[windows.oldest[period]] - inside[windows.newest[period]]
                )
    return found


def least_counts(
    windows: Windows,
    compared: Comparison,
    *,
    level: float,
    sign: int,
    min_cases: int,
    dtype: type[np.signedinteger],
) -> NDArray[np.signedinteger]:
    """
    Find for each window the least count whose likelihood ratio is above a level.

    Parameters
    ----------
    windows
        The windows.
    compared
        What counts are compared with.
    level
        The level, at least 0.
    sign
        1: too many cases; -1: too few, where counts and results are negative.
    min_cases
        Cases that a window of too many needs.
    dtype
        Type of the counts; its largest number stands for never.

    Returns
    -------
    ndarray
        The counts, times `sign`, shape (w,).
    """
    largest = float(compared.base.max(initial=0.0))
    bounds = _bounds(compared.model, compared.total, compared.everyone, largest, level * (1 - _SLACK), sign)
    never = int(np.iinfo(dtype).max)
    needed = np.full(compared.base.size, never, dtype)
    _fill(needed, windows, compared.base, bounds, sign, min_cases, never)
    return needed


@numba.njit(cache=True, nogil=True)
def _fill(
    needed: NDArray[np.signedinteger],
    windows: Windows,
    base: NDArray[np.float64],
    bounds: NDArray[np.float64],
    sign: int,
    min_cases: int,
    never: int,
) -> None:
    """Look up the least count of each window; bases grow with their circles, so bounds are walked once."""
    periods = windows.newest.size
    passed = np.empty(periods, np.int64)
    for centre in range(windows.centre.size):
        for period in range(periods):
            passed[period] = 0
        for ring in range(windows.ring_start[centre], windows.ring_start[centre + 1]):
            for period in range(periods):
                against, at = base[ring * periods + period], passed[period]
                while at < bounds.size and (bounds[at] < against or (sign > 0 and bounds[at] == against)):
                    at += 1
                passed[period] = at
                count = max(at + 1, min_cases) if sign > 0 else 1 - at
                if against > 0.0 and count < never:
                    needed[ring * periods + period] = count


@numba.njit(cache=True, nogil=True)
def _bounds(
    model: int, total: float, everyone: float, largest: float, level: float, sign: int
) -> NDArray[np.float64]:
    """Give for counts 1, 2, ... (0, 1, ... for too few) the base at which the ratio passes the level."""
    found = []
    last = 1.0 if sign > 0 else 0.0
    growing = 0.0
    while growing <= largest and (model == EXPECTATION or last <= total):
        near = last * everyone / total if model == BERNOULLI else last
        far = _extreme(model, last, total, everyone, largest, sign)
        # Towards the extreme the other ratios grow without bound; these may stay below the level.
        bounded = model == BERNOULLI or (model == EXPECTATION and sign < 0)
        if bounded and deviation(model, last, far, total, everyone) <= level:
            near = far
        for _ in range(_HALVINGS):
            middle = 0.5 * (near + far)
            if deviation(model, last, middle, total, everyone) > level:
                far = middle
            else:
                near = middle
        # The widest window that may pass, and for safety a little more.
        growing = max(growing, near * (1.0 + sign * _SLACK))
        found.append(growing)
        last += 1.0
    return np.array(found)


@numba.njit(cache=True, nogil=True)
def _extreme(model: int, observed: float, total: float, everyone: float, largest: float, sign: int) -> float:
    """Give the base at which so many cases are least like chance."""
    if sign > 0:
        return observed if model == BERNOULLI else 0.0
    if model == BERNOULLI:
        return everyone - (total - observed)
    # All but all cases; an expectation has no bound of its own and goes beyond any window.
    return 2.0 * largest + observed + 1.0 if model == EXPECTATION else total * (1.0 - 1e-15)


@numba.njit(cache=True, nogil=True)
def cumulate(lanes: NDArray[np.signedinteger]) -> None:
    """
    Turn counts per step into counts since the last step, in place.

    Parameters
    ----------
    lanes
        Counts by place, step back (the first stays 0) and replicate, shape (n, depth + 1, 64).
    """
    for place in range(lanes.shape[0]):
        for step in range(1, lanes.shape[1]):
            for lane in range(LANES):
                lanes[place, step, lane] += lanes[place, step - 1, lane]


@numba.njit(cache=True, nogil=True)
def strongest(
    lanes: NDArray[np.signedinteger],
    windows: Windows,
    needed: NDArray[np.signedinteger],
    compared: Comparison,
    sign: int,
    level: float,
    best: NDArray[np.float64],
) -> None:
    """
    Raise the best value of each of 64 replicates to that of its strongest window above a level.

    Parameters
    ----------
    lanes
        Cumulated counts, shape (n, depth + 1, 64).
    windows
        The windows.
    needed
        Least count of each window that is computed, shape (w,).
    compared
        What counts are compared with.
    sign
        1: too many cases; -1: too few.
    level
        The level, at least 0; replicates that have more already are done and left alone, and nothing below
        it is written down.
    best
        The largest value of each replicate, changed in place, shape (64,).
    """
    depth, periods = lanes.shape[1], windows.newest.size
    inside = np.zeros((depth, LANES), lanes.dtype)
    counts = np.zeros(LANES, lanes.dtype)
    done = best > level
    # Differences of the counts' own type: wider ones would halve what the processor compares at once.
    narrow = lanes.dtype.type
    for centre in range(windows.centre.size):
        for step in range(depth):
            for lane in range(LANES):
                inside[step, lane] = 0
        position = windows.place_start[centre]
        for ring in range(windows.ring_start[centre], windows.ring_start[centre + 1]):
            while position < windows.ring_end[ring]:
                place = windows.place[position]
                for step in range(depth):
                    for lane in range(LANES):
                        inside[step, lane] += lanes[place, step, lane]
                position += 1
            for period in range(periods):
                newest, oldest = windows.newest[period], windows.oldest[period]
                window = ring * periods + period
                most = narrow(inside[oldest, 0] - inside[newest, 0])
                for lane in range(LANES):
                    most = max(most, narrow(inside[oldest, lane] - inside[newest, lane]))
                if most >= needed[window]:
                    for lane in range(LANES):
                        counts[lane] = inside[oldest, lane] - inside[newest, lane]
                    _compute(counts, needed[window], window, compared, sign, level, done, best)


@numba.njit(cache=True, nogil=True)
def _compute(
    counts: NDArray[np.signedinteger],
    least: int,
    window: int,
    compared: Comparison,
    sign: int,
    level: float,
    done: NDArray[np.bool_],
    best: NDArray[np.float64],
) -> None:
    """Compute one window for the replicates that reach its least count."""
    base = compared.base[window]
    expected = expected_cases(compared.model, base, compared.total, compared.everyone)
    for lane in range(LANES):
        case = float(sign * counts[lane])
        if counts[lane] >= least and not done[lane] and sign * (case - expected) > 0.0:
            ratio = deviation(compared.model, case, base, compared.total, compared.everyone)
            # Least counts let some windows below the level pass: kept, one would seem the strongest later.
            if ratio > level:
                best[lane] = max(best[lane], ratio)
