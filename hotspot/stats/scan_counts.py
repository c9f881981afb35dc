"""
How is a scan of whole counts carried out? Observed windows, replicates and clusters, for every model alike.

Question: which circles and periods are unlike the rest, whatever the model says the rest is?
Null: that of the model, which draws the counts of a replicate.
Cost: the search of `scan_search` per replicate, on all cores; the replicates' counts of a place per thread.
Reference: see the modules of the models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import replicate_generator, replicate_seeds, replicates_of
from hotspot.stats.scan import EXPECTATION, deviations, expected_cases
from hotspot.stats.scan_clusters import DIGITS, Content, Scan, disjoint_windows, with_p_values
from hotspot.stats.scan_search import (
    LANES,
    Comparison,
    backwards,
    cumulate,
    least_counts,
    strongest,
    window_sums,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.stats.scan_windows import ScanPlan, Windows

# Share of the logarithm of the number of windows that nearly every replicate's strongest exceeds, and share
# of the weakest replicate of a block that nearly all of the next exceed: the fastest of some trials, of no
# other effect.
_LEVEL, _LEVEL_OF_WEAKEST = 0.25, 0.85
_FIRST_LEVELS = 2


@dataclass(frozen=True, slots=True)
class CountScan:
    """
    A model with its data, ready to be scanned.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    counts
        Cases, one row per step, shape (t, n).
    windows
        All windows.
    compared
        What the counts of each window are compared with.
    draw
        Fills the steps back 1, 2, ... of `(n, depth + 1, 64)` zeros with the counts of one replicate per
        seed.
    against_outside
        The relative risk is the rate inside over that outside, not observed over expected.
    """

    xy_m: NDArray[np.float64]
    counts: NDArray[np.float64]
    windows: Windows
    compared: Comparison
    draw: Callable[[NDArray[np.uint64], NDArray[np.signedinteger]], None]
    against_outside: bool


def scan_counts(problem: CountScan, *, plan: ScanPlan, rng: np.random.Generator) -> Scan:
    """
    Scan the observed counts and the replicates, and test the clusters.

    Parameters
    ----------
    problem
        The model and its data.
    plan
        What is tried.
    rng
        Source of chance.

    Returns
    -------
    Scan
        The clusters and the strongest statistic of each replicate.
    """
    windows, compared = problem.windows, problem.compared
    observed = window_sums(backwards(problem.counts, windows.depth), windows)
    signs = {"high": (1,), "low": (-1,), "both": (1, -1)}[plan.rates]
    scores = np.zeros(observed.size)
    for sign in signs:
        scores = np.maximum(
            scores,
            deviations(
                compared.model,
                observed,
                compared.base,
                compared.total,
                compared.everyone,
                sign,
                plan.min_cases,
            ),
        )
    found = disjoint_windows(scores, windows, problem.xy_m)
    if not found:
        return Scan((), np.empty(0))
    simulated = replicates_of(
        _Search(problem, plan, signs).of,
        replicate_seeds(rng, plan.replicates),
        observed=found[0].statistic,
        stop_after=plan.stop_after,
        threads=plan.threads,
    )

    def content(window: int) -> Content:
        inside = float(observed[window])
        base = float(compared.base[window])
        expected = expected_cases(compared.model, base, compared.total, compared.everyone)
        risk = inside / expected
        if problem.against_outside:
            outside = compared.total - inside
            risk = risk * (compared.total - expected) / outside if outside > 0.0 else math.inf
        return Content(round(inside), expected, risk)

    return with_p_values(
        found,
        simulated,
        windows=windows,
        steps=len(problem.counts),
        stop_after=plan.stop_after,
        content=content,
    )


class _Search:
    """The search of replicates; it keeps the least counts of each level, which all threads share."""

    def __init__(self, problem: CountScan, plan: ScanPlan, signs: tuple[int, ...]) -> None:
        self._problem = problem
        self._plan = plan
        self._signs = signs
        # Numbers of half the width are compared twice as fast; an expectation alone does not bound the
        # counts.
        small = problem.compared.model != EXPECTATION and problem.compared.total < np.iinfo(np.int16).max
        self._dtype: type[np.signedinteger] = np.int16 if small else np.int32
        guess = _LEVEL * math.log(max(problem.windows.size, 1))
        # For each sign the levels to search at, the highest first, and the least counts of those used so far.
        self._levels: dict[int, tuple[float, ...]] = dict.fromkeys(signs, (guess, 0.0))
        self._needed = {(sign, guess): self._least(sign, guess) for sign in signs}

    def of(self, seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Give the strongest statistic of each replicate, rounded as that of the clusters."""
        problem = self._problem
        lanes = np.empty((len(problem.xy_m), problem.windows.depth + 1, LANES), self._dtype)
        best = np.zeros(seeds.size)
        for begin in range(0, seeds.size, LANES):
            some = seeds[begin : begin + LANES]
            lanes[:] = 0
            problem.draw(some, lanes)
            cumulate(lanes)
            part = best[begin : begin + LANES]
            for sign in self._signs:
                if sign < 0:
                    np.negative(lanes, out=lanes)
                np.maximum(part, self._strongest(lanes, sign, some.size), out=part)
        return np.round(best, DIGITS)

    def _strongest(self, lanes: NDArray[np.signedinteger], sign: int, n: int) -> NDArray[np.float64]:
        """Search at ever lower levels until each replicate has a window above it."""
        problem = self._problem
        best = np.zeros(LANES)
        for level in self._levels[sign]:
            if (sign, level) not in self._needed:
                self._needed[sign, level] = self._least(sign, level)
            needed = self._needed[sign, level]
            strongest(lanes, problem.windows, needed, problem.compared, sign, level, best)
            if (best[:n] > level).all():
                break
        weakest = float(best[:n].min()) * _LEVEL_OF_WEAKEST
        if len(self._levels[sign]) == _FIRST_LEVELS and weakest > self._levels[sign][0]:
            self._levels[sign] = (weakest, *self._levels[sign])
        return best[:n]

    def _least(self, sign: int, level: float) -> NDArray[np.signedinteger]:
        """Find the least counts of one level."""
        return least_counts(
            self._problem.windows,
            self._problem.compared,
            level=level,
            sign=sign,
            min_cases=self._plan.min_cases,
            dtype=self._dtype,
        )


def lanes_of(
    counts: Callable[[np.random.Generator], NDArray[np.int64]],
) -> Callable[[NDArray[np.uint64], NDArray[np.signedinteger]], None]:
    """
    Let a model draw its replicates with NumPy.

    Parameters
    ----------
    counts
        Draws the counts of one replicate, one row per step, shape (t, n).

    Returns
    -------
    callable
        Fills the lanes of `CountScan.draw`.
    """

    def draw(seeds: NDArray[np.uint64], lanes: NDArray[np.signedinteger]) -> None:
        for lane, seed in enumerate(seeds):
            lanes[:, 1:, lane] = counts(replicate_generator(seed))[::-1][: lanes.shape[1] - 1].T

    return draw


def count_table(name: str, values: NDArray[np.generic], *, n: int) -> NDArray[np.float64]:
    """
    Check counts and bring them into the shape of steps and places.

    Parameters
    ----------
    name
        What they are, for the message.
    values
        Whole numbers of at least 0, shape (n,) or (t, n).
    n
        Number of places.

    Returns
    -------
    ndarray
        The same, shape (t, n).

    Raises
    ------
    InvalidParameter
        If the shape or a value is wrong.
    """
    table = positive_table(name, values, n=n)
    if (table != np.floor(table)).any():
        raise InvalidParameter(f"{name} must be whole numbers, got {table[table != np.floor(table)][0]}")
    return table


def positive_table(name: str, values: NDArray[np.generic], *, n: int) -> NDArray[np.float64]:
    """
    Check numbers and bring them into the shape of steps and places.

    Parameters
    ----------
    name
        What they are, for the message.
    values
        Numbers of at least 0, shape (n,) or (t, n).
    n
        Number of places.

    Returns
    -------
    ndarray
        The same, shape (t, n).

    Raises
    ------
    InvalidParameter
        If the shape or a value is wrong.
    """
    table = np.atleast_2d(np.asarray(values, np.float64))
    if table.ndim != 2 or table.shape[1] != n or table.shape[0] < 1:  # noqa: PLR2004 -- Steps and places.
        raise InvalidParameter(f"{name} must have the shape ({n},) or (t, {n}), got {np.shape(values)}")
    if not (np.isfinite(table).all() and (table >= 0.0).all()):
        raise InvalidParameter(f"{name} must be finite and at least 0, got {table.min()} to {table.max()}")
    return table
