"""
How many pairs lie in each band of distance and of time, and how many with shuffled times? Knox tables.

Question: are incidents that are near in space also near in time more often than their places and times alone
explain?
Null: times are dealt out to the places at random. Places stay where they are and times are all kept, so that
neither a dense street nor a busy month is evidence; a place that drifts slowly is.
Cost: the near pairs once, then one subtraction and a few comparisons per near pair and replicate, 64
replicates at a time; memory for the near pairs.
Reference: Knox (1964), The detection of space-time interactions; Barton & David (1966).

Events are permuted, never pairs: two pairs that share an incident are not independent. Bands are half-open:
100 to 200 m holds 100 m and not 200 m. (The Near Repeat Calculator 1.3 prints the same bands shifted by one
unit.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import numba
import numpy as np
from scipy.stats import poisson

from hotspot.stats.monte_carlo import pseudo_p_values, replicate_seeds, replicates_of
from hotspot.stats.pairs import (
    Metric,
    checked_days,
    checked_edges,
    checked_positions,
    near_pairs,
    time_pairs_below,
)
from hotspot.stats.permutation import deal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Replicates that are counted side by side: as many fit the vector registers and the cache.
LANES = 64
"""Replicates that are counted side by side."""

# Up to here every whole number has a float32 of its own.
_WHOLE_IN_FLOAT32 = 2**24


@dataclass(frozen=True, slots=True)
class PairCounts:
    """
    Pairs of incidents by distance and time.

    Parameters
    ----------
    observed
        Pairs in each band of distance (rows) and time (columns), shape (s, t).
    in_space
        Pairs in each band of distance, at whatever time, shape (s,).
    in_time
        Pairs in each band of time, at whatever distance, shape (t,).
    pairs
        All pairs.
    """

    observed: NDArray[np.int64]
    in_space: NDArray[np.int64]
    in_time: NDArray[np.int64]
    pairs: int

    @property
    def expected(self) -> NDArray[np.float64]:
        """Mean of all shuffles: the pairs in space times those in time, over all pairs."""
        return np.outer(self.in_space, self.in_time) / max(self.pairs, 1)

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Observed over expected, 1 being chance; 1 where none is expected."""
        return ratio(self.observed, self.expected)

    @property
    def p_poisson(self) -> NDArray[np.float64]:
        """
        Chance of at least as many pairs were they independent, P(X >= K).

        PySAL's pointpats and R's surveillance print P(X > K), which is smaller: see `p_poisson_above`.
        """
        return np.asarray(poisson.sf(self.observed - 1, self.expected))

    @property
    def p_poisson_above(self) -> NDArray[np.float64]:
        """Chance of more pairs than were seen, P(X > K): no p-value, for comparison with others only."""
        return np.asarray(poisson.sf(self.observed, self.expected))


class BandedPairs(NamedTuple):
    """
    Near pairs, ordered by band of distance.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    first, second
        The incidents of each pair, shape (pairs,).
    start
        Where each band begins, shape (s + 1,).
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    start: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShuffledPairs:
    """
    Pairs of incidents by distance and time, as they came and with shuffled times.

    Parameters
    ----------
    day
        Time of each incident in days, shape (n,).
    near
        The near pairs by band of distance.
    counts
        The pairs as they came, and their margins.
    seeds
        One per replicate, shape (r,).
    shuffled
        Pairs in each replicate, shape (r, s, t).
    """

    day: NDArray[np.float64]
    near: BandedPairs
    counts: PairCounts
    seeds: NDArray[np.uint64]
    shuffled: NDArray[np.int64]

    @property
    def p_value(self) -> NDArray[np.float64]:
        """Chance of at least as many pairs when times are shuffled, above 0, shape (s, t)."""
        return pseudo_p_values((self.shuffled >= self.counts.observed).sum(axis=0), self.seeds.size)

    @property
    def mean_shuffled(self) -> NDArray[np.float64]:
        """Mean number of pairs in the shuffled replicates, shape (s, t)."""
        return np.asarray(self.shuffled.mean(axis=0))


def banded_pairs(
    xy_m: NDArray[np.float64], *, edges_m: Sequence[float] | NDArray[np.float64], metric: Metric = "euclidean"
) -> BandedPairs:
    """
    List the pairs in each band of distance.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    edges_m
        Where the bands begin and the last one ends, in metres, shape (s + 1,).
    metric
        How distance is measured.

    Returns
    -------
    BandedPairs
        The pairs.

    Raises
    ------
    InvalidParameter
        If a position is not finite or the edges do not rise from 0 on.
    """
    edges = checked_edges(edges_m, "edges_m")
    near = near_pairs(xy_m, below_m=float(edges[-1]), metric=metric)
    band = np.searchsorted(edges, near.distance_m, side="right") - 1
    # Within a band by the first incident, so that its times stay at hand.
    order = np.lexsort((near.second, near.first, band))
    start = np.searchsorted(band[order], np.arange(edges.size)).astype(np.int64)
    return BandedPairs(near.first[order], near.second[order], start)


def pair_counts(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    edges_m: Sequence[float] | NDArray[np.float64],
    edges_days: Sequence[float] | NDArray[np.float64],
    metric: Metric = "euclidean",
) -> PairCounts:
    """
    Count the pairs of incidents in each band of distance and time.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, whole or not, shape (n,).
    edges_m
        Where the bands of distance begin and the last one ends, in metres, shape (s + 1,).
    edges_days
        The same for the bands of time, in days, shape (t + 1,).
    metric
        How distance is measured.

    Returns
    -------
    PairCounts
        The table and its margins.

    Raises
    ------
    InvalidParameter
        If a position or time is missing, or the edges do not rise from 0 on.
    """
    xy_m = checked_positions(xy_m)
    return counted(
        banded_pairs(xy_m, edges_m=edges_m, metric=metric), checked_days(day, len(xy_m)), edges_days
    )


def counted(
    near: BandedPairs, day: NDArray[np.float64], edges_days: Sequence[float] | NDArray[np.float64]
) -> PairCounts:
    """
    Count listed pairs by their times.

    Parameters
    ----------
    near
        The pairs by band of distance.
    day
        Time of each incident in days, shape (n,).
    edges_days
        Where the bands of time begin and the last one ends, in days, shape (t + 1,).

    Returns
    -------
    PairCounts
        The table and its margins.
    """
    edges = checked_edges(edges_days, "edges_days")
    bands, columns = near.start.size - 1, edges.size - 1
    apart = np.abs(day[near.first] - day[near.second])
    column = np.searchsorted(edges, apart, side="right") - 1
    row = np.repeat(np.arange(bands), np.diff(near.start))
    # A pair before the first column or after the last one counts in no column.
    inside = (column >= 0) & (column < columns)
    table = np.bincount(row[inside] * columns + column[inside], minlength=bands * columns)
    return PairCounts(
        table.reshape(bands, columns).astype(np.int64),
        np.diff(near.start),
        np.diff(time_pairs_below(day, edges)),
        day.size * (day.size - 1) // 2,
    )


def shuffled_counts(
    near: BandedPairs,
    day: NDArray[np.float64],
    *,
    edges_days: Sequence[float] | NDArray[np.float64],
    seeds: NDArray[np.uint64],
    threads: int | None = None,
) -> NDArray[np.int64]:
    """
    Count the listed pairs by their times in replicates in which the times of the incidents are shuffled.

    Parameters
    ----------
    near
        The pairs by band of distance.
    day
        Time of each incident in days, shape (n,).
    edges_days
        Where the bands of time begin and the last one ends, in days, shape (t + 1,).
    seeds
        One per replicate, at least one, shape (r,).
    threads
        How many batches of replicates run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    ndarray
        A table per replicate, shape (r, s, t).
    """
    edges = checked_edges(edges_days, "edges_days")
    time = day - day.min() if day.size else day
    precision: type[np.float32 | np.float64] = np.float64
    if (time == np.rint(time)).all() and time.max(initial=0) < _WHOLE_IN_FLOAT32:
        # Whole differences lie below an edge where they lie below the next whole number.
        precision, edges = np.float32, np.ceil(edges)
    times = cast("NDArray[np.float64]", time.astype(precision))
    limits = cast("NDArray[np.float64]", edges.astype(precision))

    def count(some: NDArray[np.uint64]) -> NDArray[np.int64]:
        below = _shuffled(near, times, limits, some)[:, :, : some.size]
        return np.diff(below, axis=1).transpose(2, 0, 1)

    return replicates_of(count, seeds, batch=LANES, threads=threads)


def shuffled_pairs(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    edges_m: Sequence[float] | NDArray[np.float64],
    edges_days: Sequence[float] | NDArray[np.float64],
    metric: Metric,
    replicates: int,
    rng: np.random.Generator,
    threads: int | None,
) -> ShuffledPairs:
    """
    Count the pairs in each band of distance and time, as they came and with shuffled times.

    Parameters
    ----------
    xy_m, day, edges_m, edges_days, metric
        As for `pair_counts`.
    replicates
        Number of shuffles, at least 1.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    ShuffledPairs
        Both, and what the test was made of.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is out of bounds.
    """
    xy_m = checked_positions(xy_m)
    day = checked_days(day, len(xy_m))
    seeds = replicate_seeds(rng, replicates)
    near = banded_pairs(xy_m, edges_m=edges_m, metric=metric)
    counts = counted(near, day, edges_days)
    shuffled = shuffled_counts(near, day, edges_days=edges_days, seeds=seeds, threads=threads)
    return ShuffledPairs(day, near, counts, seeds, shuffled)


def ratio(observed: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Divide what was seen by what chance gives.

    Parameters
    ----------
    observed
        Pairs that were seen.
    expected
        Pairs that are expected, same shape.

    Returns
    -------
    ndarray
        The ratio; where none is expected 1, or infinite if some were seen all the same.
    """
    none = np.where(observed > 0, np.inf, 1.0)
    return np.divide(observed, expected, out=none, where=expected > 0)


@numba.njit(cache=True, nogil=True)
def _shuffled(
    near: BandedPairs,
    time: NDArray[np.float64],
    edges: NDArray[np.float64],
    seeds: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Count the pairs of each band that are less than each edge apart in time, replicates side by side."""
    n, bands = time.size, near.start.size - 1
    shuffled = np.zeros((n, LANES), time.dtype)
    items = np.empty(n, np.int32)
    for r in range(seeds.size):
        deal(items, n - 1, seeds[r])
        for i in range(n):
            shuffled[i, r] = time[items[i]]
    counts = np.zeros((bands, edges.size, LANES), np.int64)
    below = np.empty((edges.size, LANES), np.int32)
    apart = np.empty(LANES, time.dtype)
    for band in range(bands):
        for e in range(edges.size):
            for r in range(LANES):
                below[e, r] = 0
        for pair in range(near.start[band], near.start[band + 1]):
            first, second = near.first[pair], near.second[pair]
            for r in range(LANES):
                apart[r] = abs(shuffled[first, r] - shuffled[second, r])
            for e in range(edges.size):
                for r in range(LANES):
                    below[e, r] += apart[r] < edges[e]
        for e in range(edges.size):
            for r in range(LANES):
                counts[band, e, r] = below[e, r]
    return counts
