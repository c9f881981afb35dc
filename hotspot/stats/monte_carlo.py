"""
Is what we saw more extreme than what chance gives? The one engine that answers by simulation.

Question: how often does a world in which nothing is going on give a statistic as large as the observed one?
Null: whatever the caller draws anew is exchangeable; its function turns the seeds of replicates into values.
Cost: the caller's function once per replicate, on all processors; a test far from significant may stop early.
Reference: Phipson & Smyth (2010), Permutation p-values should never be zero; Barnard (1963); Besag & Clifford
(1991), Sequential Monte Carlo p-values; Abrams, Kleinman & Kulldorff (2010), Gumbel based p-value
approximations for spatial scan statistics; Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3,
for the idea of seeds by replicate.

Each replicate has a seed of its own, values come back in the order of the seeds, and a test stops at the very
replicate that settles it. So neither the number of threads nor the size of a batch changes a bit of a result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.threads import in_threads, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Number = TypeVar("Number", np.int64, np.float64)

_BATCH = 64
"""Replicates that a thread computes in one go: enough to hide what a call costs, few enough to stop early."""


@dataclass(frozen=True, slots=True)
class Gumbel:
    """
    A Gumbel distribution of maxima: a p-value smaller than so many replicates can show.

    Parameters
    ----------
    location
        The mode, mu.
    scale
        The spread, beta; 0 if all maxima were the same.
    """

    location: float
    scale: float

    def p_value(self, observed: float) -> float:
        """
        Chance that a maximum is at least as large.

        Parameters
        ----------
        observed
            The maximum as it came.

        Returns
        -------
        float
            Above 0 unless it is too small for a float; at most 1.
        """
        if self.scale == 0.0:
            return 1.0 if observed <= self.location else 0.0
        # The exponential of a statistic far below all replicates would overflow; its p-value is 1.
        return -math.expm1(-math.exp(min((self.location - observed) / self.scale, 700.0)))


def replicate_seeds(rng: np.random.Generator, replicates: int) -> NDArray[np.uint64]:
    """
    Draw the state from which the generator of each replicate starts.

    Parameters
    ----------
    rng
        Source of chance.
    replicates
        Number of replicates, at least 1.

    Returns
    -------
    ndarray
        One state per replicate, shape (replicates,).

    Raises
    ------
    InvalidParameter
        If there are to be no replicates.
    """
    if replicates < 1:
        raise InvalidParameter(f"replicates must be at least 1, got {replicates}")
    return rng.integers(0, np.iinfo(np.uint64).max, size=replicates, dtype=np.uint64, endpoint=True)


def replicate_generator(seed: np.uint64) -> np.random.Generator:
    """
    Make the generator of one replicate, for statistics that draw with NumPy.

    Parameters
    ----------
    seed
        The replicate's seed.

    Returns
    -------
    Generator
        The same for the same seed.
    """
    return np.random.Generator(np.random.PCG64(int(seed)))


def replicates_of(
    statistic: Callable[[NDArray[np.uint64]], NDArray[Number]],
    seeds: NDArray[np.uint64],
    *,
    observed: float | None = None,
    stop_after: int | None = None,
    batch: int = _BATCH,
    threads: int | None = None,
) -> NDArray[Number]:
    """
    Compute the statistic of each replicate; the number of threads does not change a bit.

    Parameters
    ----------
    statistic
        Gives one value, or row of values, per seed; called from several threads at once. What a seed gives
        must not depend on the other seeds.
    seeds
        One per replicate, at least one, shape (r,).
    observed
        The statistic as it came; only needed to stop early.
    stop_after
        Stop at the replicate that is the so-manieth at least as large as `observed`; absent: never.
    batch
        Seeds that `statistic` is given at most, at least 1.
    threads
        How many batches are computed at a time; absent for one per processor.

    Returns
    -------
    ndarray
        Values in the order of the seeds; one for each seed unless the test stopped early.

    Raises
    ------
    InvalidParameter
        If a number is not positive, or if it should stop early but knows no observed value.

    Examples
    --------
    >>> def remainder(seeds):
    ...     return (seeds % np.uint64(10)).astype(float)
    >>> replicates_of(remainder, replicate_seeds(np.random.default_rng(1), 999)).size
    999
    """
    if stop_after is not None and stop_after < 1:
        raise InvalidParameter(f"stop_after must be at least 1, got {stop_after}")
    if stop_after is not None and observed is None:
        raise InvalidParameter(f"stop_after needs an observed value, got stop_after {stop_after} alone")
    workers = thread_count(threads)
    batches = _batches(seeds, batch, workers)
    if observed is None or stop_after is None:
        return np.concatenate(in_threads(statistic, batches, threads=workers))
    done: list[NDArray[Number]] = []
    for wave in range(0, len(batches), workers):
        done += in_threads(statistic, batches[wave : wave + workers], threads=workers)
        needed = _settled_after(observed, np.concatenate(done), stop_after)
        if needed is not None:
            return np.concatenate(done)[:needed]
    return np.concatenate(done)


def filled(
    fill: Callable[[NDArray[np.uint64], NDArray[np.float64]], object], row: tuple[int, ...] = ()
) -> Callable[[NDArray[np.uint64]], NDArray[np.float64]]:
    """
    Let a kernel that writes its values into an array give them back, as `replicates_of` wants it.

    Parameters
    ----------
    fill
        Writes the values of some seeds into zeros of the shape (seeds, *row).
    row
        Shape of what one replicate gives; empty for a single value.

    Returns
    -------
    callable
        Gives the values of some seeds.

    Examples
    --------
    >>> def twice(seeds, values):
    ...     values[:] = 2.0 * seeds
    >>> filled(twice)(np.array([1, 2], np.uint64)).tolist()
    [2.0, 4.0]
    """

    def statistic(seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
        values = np.zeros((seeds.size, *row))
        fill(seeds, values)
        return values

    return statistic


def exceedances(
    count: Callable[[NDArray[np.uint64]], NDArray[np.int64]],
    seeds: NDArray[np.uint64],
    *,
    threads: int | None = None,
) -> NDArray[np.int64]:
    """
    Count, for many places at once, the replicates that are at least as extreme.

    Parameters
    ----------
    count
        Counts those among some seeds; called from several threads at once.
    seeds
        One per replicate, at least one, shape (r,).
    threads
        How many shares of the seeds are computed at a time; absent for one per processor.

    Returns
    -------
    ndarray
        Number of replicates, in the shape that `count` gives. Replicates are not kept, only counted.

    Raises
    ------
    InvalidParameter
        If there is to be no thread.
    """
    workers = thread_count(threads)
    counts = in_threads(count, _batches(seeds, seeds.size, workers), threads=workers)
    return np.asarray(sum(counts[1:], start=counts[0]))


def pseudo_p_value(observed: float, simulated: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """
    Share of the replicates, the observation itself counted, that are at least as extreme.

    Counting the observation keeps the value above zero and the test exact.

    Parameters
    ----------
    observed
        The statistic as it came; larger is less like chance.
    simulated
        The same statistic in each replicate, shape (r,).

    Returns
    -------
    float
        Between 1 / (1 + r) and 1.

    Examples
    --------
    >>> pseudo_p_value(3.0, np.array([1.0, 2.0, 3.0, 4.0]))
    0.6
    """
    return float((1 + np.count_nonzero(simulated >= observed)) / (1 + simulated.size))


def pseudo_p_values(as_extreme: NDArray[np.int64], replicates: int) -> NDArray[np.float64]:
    """
    Turn numbers of replicates at least as extreme into p-values, the observation itself counted.

    Parameters
    ----------
    as_extreme
        Number of replicates at least as extreme as what was seen, any shape.
    replicates
        Number of all replicates.

    Returns
    -------
    ndarray
        Between 1 / (1 + replicates) and 1, same shape.

    Examples
    --------
    >>> pseudo_p_values(np.array([0, 9, 99]), 99).tolist()
    [0.01, 0.1, 1.0]
    """
    return np.asarray((1 + as_extreme) / (1 + replicates))


def sequential_p_value(observed: float, simulated: NDArray[np.float64], *, stop_after: int | None) -> float:
    """
    Give the p-value of a test that stops once so many replicates were at least as extreme.

    Parameters
    ----------
    observed
        The statistic as it came; larger is less like chance.
    simulated
        The replicates in the order of their seeds, shape (r,).
    stop_after
        Replicates at least as large that settle the test; absent: it never stops early.

    Returns
    -------
    float
        `stop_after` / replicates needed if the test stops among these, else that of all of them; valid in
        both.

    Examples
    --------
    >>> sequential_p_value(3.0, np.array([1.0, 5.0, 2.0, 4.0, 0.0]), stop_after=2)
    0.5
    >>> sequential_p_value(9.0, np.array([1.0, 5.0, 2.0, 4.0]), stop_after=2)
    0.2
    """
    needed = None if stop_after is None else _settled_after(observed, simulated, stop_after)
    if stop_after is None or needed is None:
        return pseudo_p_value(observed, simulated)
    return stop_after / needed


def gumbel_by_moments(maxima: NDArray[np.float64]) -> Gumbel:
    """
    Fit a Gumbel distribution by its mean and standard deviation.

    Parameters
    ----------
    maxima
        The largest statistic of each replicate, shape (r,), at least 2.

    Returns
    -------
    Gumbel
        The distribution.

    Raises
    ------
    InvalidParameter
        If there are fewer than two maxima or one is not finite.

    Examples
    --------
    >>> fit = gumbel_by_moments(np.array([3.1, 4.2, 5.0, 2.8, 6.3, 4.4, 3.9, 5.5, 4.1]))
    >>> round(fit.scale, 6), round(fit.location, 6), round(fit.p_value(10.0), 8)
    (0.862966, 3.868549, 0.00082058)
    """
    if maxima.size < 2 or not np.isfinite(maxima).all():  # noqa: PLR2004 -- One value has no spread.
        raise InvalidParameter(f"maxima must be at least 2 finite numbers, got {maxima.size}")
    scale = float(maxima.std(ddof=1)) * math.sqrt(6.0) / math.pi
    return Gumbel(location=float(maxima.mean()) - np.euler_gamma * scale, scale=scale)


def recurrence_weeks(p_value: float) -> float:
    """
    Tell once in how many weekly runs chance alone shows something as extreme.

    Parameters
    ----------
    p_value
        The value of one run, above 0 and at most 1.

    Returns
    -------
    float
        Weeks, at least 1.

    Examples
    --------
    >>> recurrence_weeks(0.01)
    100.0
    """
    return 1.0 / p_value


def recurrence_days(p_value: float, *, every_days: float) -> float:
    """
    Tell after how many days of regular runs chance alone is expected to show something as extreme once.

    Parameters
    ----------
    p_value
        The value of one run, above 0 and at most 1; a Gumbel value may be smaller than replicates can show.
    every_days
        Days between two runs, above 0.

    Returns
    -------
    float
        Days, at least `every_days`.

    Examples
    --------
    >>> recurrence_days(0.001, every_days=7)
    7000.0
    """
    return every_days / p_value


def _batches(seeds: NDArray[np.uint64], batch: int, workers: int) -> list[NDArray[np.uint64]]:
    """Divide the seeds so that all threads are busy to the end."""
    rounds = -(-seeds.size // (batch * workers))
    return np.array_split(seeds, max(1, min(rounds * workers, seeds.size)))


def _settled_after(observed: float, simulated: NDArray[Number], stop_after: int) -> int | None:
    """Tell how many replicates were needed until so many were as extreme; none if they never were."""
    exceeding = np.flatnonzero(simulated >= observed)
    return int(exceeding[stop_after - 1]) + 1 if exceeding.size >= stop_after else None
