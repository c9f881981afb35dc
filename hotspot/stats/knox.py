"""
Do incidents that are near in space come near in time more often than chance gives? The Knox test.

Question: are there more pairs close in both space and time than the places and the times alone explain?
Null: times are dealt out to the places at random.
Cost: see `pair_table`.
Reference: Knox (1964), The detection of space-time interactions; Baker (2004), Testing for space-time
clusters of unknown size; Kulldorff & Hjalmars (1999) on what a growing population does to the test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats import pair_table
from hotspot.stats.monte_carlo import pseudo_p_value, replicates_of
from hotspot.stats.pair_table import BandedPairs, PairCounts, shuffled_pairs
from hotspot.stats.permutation import deal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.stats.pairs import Metric


@dataclass(frozen=True, slots=True)
class KnoxTest:
    """
    The classical test of one distance and one time.

    Parameters
    ----------
    close_pairs
        Pairs close in both.
    close_in_space, close_in_time
        Pairs close in one, whatever the other.
    pairs
        All pairs.
    p_value
        Chance of at least as many close pairs when times are shuffled, above 0.
    mean_shuffled
        Mean number of close pairs in the shuffled replicates.
    """

    close_pairs: int
    close_in_space: int
    close_in_time: int
    pairs: int
    p_value: float
    mean_shuffled: float

    @property
    def expected_pairs(self) -> float:
        """Mean number of close pairs over all shuffles."""
        return float(self._counts.expected[0, 0])

    @property
    def observed(self) -> NDArray[np.int64]:
        """All pairs by close or not in space (rows) and in time (columns), shape (2, 2)."""
        space_only, time_only = self.close_in_space - self.close_pairs, self.close_in_time - self.close_pairs
        neither = self.pairs - self.close_pairs - space_only - time_only
        return np.array([[self.close_pairs, space_only], [time_only, neither]])

    @property
    def expected(self) -> NDArray[np.float64]:
        """The same table over all shuffles, shape (2, 2)."""
        both = self.expected_pairs
        space_only, time_only = self.close_in_space - both, self.close_in_time - both
        return np.array([[both, space_only], [time_only, self.pairs - both - space_only - time_only]])

    @property
    def ratio(self) -> float:
        """Close pairs over those expected, 1 being chance."""
        return float(self._counts.ratio[0, 0])

    @property
    def p_poisson(self) -> float:
        """Chance of at least as many close pairs were pairs independent, P(X >= K); they are not quite."""
        return float(self._counts.p_poisson[0, 0])

    @property
    def p_poisson_above(self) -> float:
        """P(X > K), which pointpats and R's surveillance print as p-value: too small, for comparison only."""
        return float(self._counts.p_poisson_above[0, 0])

    @property
    def _counts(self) -> PairCounts:
        """The same as a table of one band."""
        one = np.array([self.close_pairs, self.close_in_space, self.close_in_time])
        return PairCounts(one[:1].reshape(1, 1), one[1:2], one[2:], self.pairs)


@dataclass(frozen=True, slots=True)
class KnoxTable:
    """
    The test in each band of distance and time.

    Parameters
    ----------
    counts
        The pairs and their margins, with expectation, ratio and Poisson values.
    p_value
        Chance of at least as many pairs when times are shuffled, above 0, shape (s, t).
    mean_shuffled
        Mean number of pairs in the shuffled replicates, shape (s, t).
    """

    counts: PairCounts
    p_value: NDArray[np.float64]
    mean_shuffled: NDArray[np.float64]

    @property
    def ratio_to_shuffled(self) -> NDArray[np.float64]:
        """Observed over the mean of the replicates; with few pairs `counts.ratio` is steadier."""
        return pair_table.ratio(self.counts.observed, self.mean_shuffled)


@dataclass(frozen=True, slots=True)
class ModifiedKnoxTest:
    """
    Baker's test, which takes account of how many neighbours each incident has.

    Parameters
    ----------
    excess_pairs
        Close pairs above what each incident's own neighbours in space and in time give.
    p_value
        Chance of at least as large an excess when times are shuffled, above 0.
    """

    excess_pairs: float
    p_value: float


def knox(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    within_m: float,
    within_days: float,
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> KnoxTest:
    """
    Test whether incidents near in space are near in time more often than chance gives.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, whole or not, shape (n,).
    within_m, within_days
        How near is close; a pair exactly that far apart is close (as in Knox's paper and in PySAL).
    metric
        How distance is measured.
    replicates
        Number of shuffles, at least 1.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    KnoxTest
        Observed and expected pairs and p-values.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is out of bounds.
    """
    edges_m, edges_days = _closed(within_m, within_days)
    table = knox_table(
        xy_m,
        day,
        edges_m=edges_m,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
        threads=threads,
    )
    counts = table.counts
    return KnoxTest(
        close_pairs=int(counts.observed[0, 0]),
        close_in_space=int(counts.in_space[0]),
        close_in_time=int(counts.in_time[0]),
        pairs=counts.pairs,
        p_value=float(table.p_value[0, 0]),
        mean_shuffled=float(table.mean_shuffled[0, 0]),
    )


def knox_table(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    edges_m: Sequence[float] | NDArray[np.float64],
    edges_days: Sequence[float] | NDArray[np.float64],
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> KnoxTable:
    """
    Test each band of distance and time.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, whole or not, shape (n,).
    edges_m, edges_days
        Where the bands begin and the last one ends; each holds its lower edge and not its upper one.
    metric
        How distance is measured.
    replicates
        Number of shuffles, at least 1; the p-values of all bands come from the same ones.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    KnoxTable
        Observed and expected pairs and p-values; s times t tests, of which some are small by chance.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is out of bounds.
    """
    found = shuffled_pairs(
        xy_m,
        day,
        edges_m=edges_m,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
        threads=threads,
    )
    return KnoxTable(found.counts, found.p_value, found.mean_shuffled)


def modified_knox(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    within_m: float,
    within_days: float,
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> ModifiedKnoxTest:
    """
    Test for close pairs beyond what each incident's own numbers of neighbours give.

    Parameters
    ----------
    xy_m, day, within_m, within_days, metric, replicates, rng, threads
        As for `knox`.

    Returns
    -------
    ModifiedKnoxTest
        K less half the sum over incidents of (neighbours in space) (neighbours in time) / (n - 1), and its p.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is out of bounds.

    Notes
    -----
    The second term moves with the times in every shuffle. PySAL keeps that of the observed times, so that its
    p-value is that of the plain Knox test.
    """
    edges_m, edges_days = _closed(within_m, within_days)
    found = shuffled_pairs(
        xy_m,
        day,
        edges_m=edges_m,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
        threads=threads,
    )
    in_space = _degrees(found.near, found.day.size)
    in_time = _near_in_time(found.day, within_days)

    def products(some: NDArray[np.uint64]) -> NDArray[np.int64]:
        return _shuffled_products(in_space, in_time, some)

    product = replicates_of(products, found.seeds, threads=threads)
    # Twice (n - 1) times the statistic is a whole number: compared so, a tie is a tie.
    scale = max(found.day.size - 1, 1)
    observed = 2 * int(found.counts.observed[0, 0]) * scale - int((in_space * in_time).sum())
    p_value = pseudo_p_value(observed, 2 * found.shuffled[:, 0, 0] * scale - product)
    return ModifiedKnoxTest(observed / (2 * scale), p_value)


def _closed(within_m: float, within_days: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One band from 0 that holds its upper edge."""
    if not (within_m >= 0 and within_days >= 0):
        raise InvalidParameter(
            f"within_m and within_days must be at least 0, got {within_m} and {within_days}"
        )
    return np.array([0, np.nextafter(within_m, np.inf)]), np.array([0, np.nextafter(within_days, np.inf)])


def _degrees(near: BandedPairs, n: int) -> NDArray[np.int64]:
    """Count the near pairs that each incident is in."""
    return np.bincount(near.first, minlength=n) + np.bincount(near.second, minlength=n)


def _near_in_time(day: NDArray[np.float64], within_days: float) -> NDArray[np.int64]:
    """Count the others that each incident is close to in time."""
    # Differences are compared, as for the pairs: day + within_days may round to another side.
    return _time_degrees(np.sort(day), day, within_days)


@numba.njit(cache=True, nogil=True)
def _time_degrees(
    ordered: NDArray[np.float64], day: NDArray[np.float64], within_days: float
) -> NDArray[np.int64]:
    """Count the ascending times within so many days of each time, itself left out."""
    degree = np.empty(day.size, np.int64)
    for i in range(day.size):
        begin, end = np.searchsorted(ordered, day[i]), np.searchsorted(ordered, day[i], side="right")
        low, high = 0, begin
        while low < high:
            middle = (low + high) // 2
            if day[i] - ordered[middle] <= within_days:
                high = middle
            else:
                low = middle + 1
        begin = low
        low, high = end, ordered.size
        while low < high:
            middle = (low + high) // 2
            if ordered[middle] - day[i] <= within_days:
                low = middle + 1
            else:
                high = middle
        degree[i] = low - begin - 1
    return degree


@numba.njit(cache=True, nogil=True)
def _shuffled_products(
    in_space: NDArray[np.int64], in_time: NDArray[np.int64], seeds: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Sum the products of the neighbours in space and in time after the shuffle that each seed gives."""
    n = in_space.size
    items = np.empty(n, np.int32)
    products = np.zeros(seeds.size, np.int64)
    for r in range(seeds.size):
        deal(items, n - 1, seeds[r])
        for i in range(n):
            products[r] += in_space[i] * in_time[items[i]]
    return products
