"""
How does a statistic behave where nothing is going on? The engine that computes replicates, on all cores.

Question: what are the values of the statistic in so many replicates of the null, and may we stop before the
last?
Null: that of the caller, whose function turns seeds into values.
Cost: the caller's function, once per block of seeds; a test far from significant stops after a few blocks.
Reference: Besag & Clifford (1991), Sequential Monte Carlo p-values.

Each replicate has a seed of its own and a test stops at the very replicate that settles it, so that neither
the number of threads nor the size of a block changes a result.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.permutation import pseudo_p_value, replicate_seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Replicates that a thread computes in one go: enough to hide what a call costs, few enough to stop early.
_BLOCK = 64


def replicates_of(
    statistic: Callable[[NDArray[np.uint64]], NDArray[np.float64]],
    *,
    replicates: int,
    rng: np.random.Generator,
    observed: float | None = None,
    stop_after: int | None = None,
    threads: int | None = None,
) -> NDArray[np.float64]:
    """
    Compute the statistic of each replicate; the number of threads does not change a value.

    Parameters
    ----------
    statistic
        Gives one value per seed; called from several threads at once.
    replicates
        Number of replicates at most, at least 1.
    rng
        Source of the seeds.
    observed
        The statistic as it came; only needed to stop early.
    stop_after
        Stop at the replicate that is the so-manieth at least as large as `observed`; absent: never.
    threads
        Number of threads; absent: one per core.

    Returns
    -------
    ndarray
        Values in the order of the seeds; all `replicates` of them unless the test stopped early.

    Raises
    ------
    InvalidParameter
        If a number is not positive, or if it should stop early but knows no observed value.

    Examples
    --------
    >>> def remainder(seeds):
    ...     return (seeds % np.uint64(10)).astype(float)
    >>> replicates_of(remainder, replicates=999, rng=np.random.default_rng(1)).size
    999
    """
    _check(replicates, observed, stop_after, threads)
    seeds = replicate_seeds(rng, replicates)
    blocks = [seeds[begin : begin + _BLOCK] for begin in range(0, replicates, _BLOCK)]
    workers = min(threads or os.cpu_count() or 1, len(blocks))
    if observed is None or stop_after is None:
        if workers == 1:
            return np.concatenate([statistic(block) for block in blocks])
        with ThreadPoolExecutor(workers) as pool:
            return np.concatenate(list(pool.map(statistic, blocks)))
    done = np.empty(0)
    with ThreadPoolExecutor(workers) as pool:
        for wave in range(0, len(blocks), workers):
            done = np.concatenate([done, *pool.map(statistic, blocks[wave : wave + workers])])
            exceeding = np.flatnonzero(done >= observed)
            if exceeding.size >= stop_after:
                return done[: exceeding[stop_after - 1] + 1]
    return done


def sequential_p_value(observed: float, simulated: NDArray[np.float64], *, stop_after: int | None) -> float:
    """
    Give the p-value of a test that stops once so many replicates were at least as extreme.

    Parameters
    ----------
    observed
        The statistic as it came; larger is less like chance.
    simulated
        The replicates in the order in which they were computed, shape (r,).
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
    if stop_after is not None:
        exceeding = np.flatnonzero(simulated >= observed)
        if exceeding.size >= stop_after:
            return float(stop_after / (exceeding[stop_after - 1] + 1))
    return pseudo_p_value(observed, simulated)


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


def _check(replicates: int, observed: float | None, stop_after: int | None, threads: int | None) -> None:
    """Refuse what cannot be computed."""
    if replicates < 1:
        raise InvalidParameter(f"replicates must be at least 1, got {replicates}")
    if stop_after is not None and stop_after < 1:
        raise InvalidParameter(f"stop_after must be at least 1, got {stop_after}")
    if stop_after is not None and observed is None:
        raise InvalidParameter(f"stop_after needs an observed value, got stop_after {stop_after} alone")
    if threads is not None and threads < 1:
        raise InvalidParameter(f"threads must be at least 1, got {threads}")
