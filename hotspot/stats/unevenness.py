"""
How unequal are the addresses of a city, how far its zones from what their surroundings tell? A fit.

Question: with what spread, and with how many strays, do counts at addresses of one zone differ; and by how
much do the levels of zones differ from those expected of them?
Null: none; these are fits, by which others weigh.
Cost: ten of the 55 laws are tried, each a table of levels by zones; thousands of zones would take a second.
Reference: Dempster, Laird & Rubin (1977), for the EM algorithm; Laird (1978), for laws of any form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.evenness import LOG_LEVELS, STRAY_SHARES, Law, exp_below, laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIT_ROUNDS = 10
_SCATTER_ROUNDS = 25
_SETTLED = 1e-3
"""Steps below this, of a logarithm and its variance, end a fit."""
_SUMS = {"reassoc", "contract", "nnan", "nsz"}
"""Sums may be taken in any order, so that they are vectorised."""


def fitted_law(histograms: NDArray[np.int32], *, start: Law | None = None) -> Law:
    """
    Choose the law that fits the zones of a city best, whatever the level of each.

    Parameters
    ----------
    histograms
        Number of places by count in zones that do not overlap, shape (zones, periods + 1); the first column
        is not read.
    start
        A law near which it is looked for; absent for one in the middle.

    Returns
    -------
    Law
        The most likely one of those on the way; the first of equals.
    """
    periods = histograms.shape[1] - 1
    every = laws(periods)
    first = len(every) // len(STRAY_SHARES) // 2 * len(STRAY_SHARES) if start is None else start.number
    return every[_best_law(histograms, _without_raise(periods), len(STRAY_SHARES), first, _FIT_ROUNDS)]


@lru_cache(maxsize=16)
def _without_raise(periods: int) -> NDArray[np.float64]:
    """Stack what all laws say of counts without a raise, shape (laws, periods + 1, 33)."""
    return np.stack([law.log_probability[0] for law in laws(periods)])


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _best_law(
    histograms: NDArray[np.int32], log_probability: NDArray[np.float64], shares: int, first: int, rounds: int
) -> int:
    """Climb from one law: that finds the best of the 55 in a quarter of the time of trying all."""
    spreads = len(log_probability) // shares
    likelihood = np.ones((spreads, shares))
    best = (first // shares, first % shares)
    likelihood[best] = _law_likelihood(histograms, log_probability[first], rounds)
    while True:
        here = best
        for step in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            at = (here[0] + step[0], here[1] + step[1])
            if not (0 <= at[0] < spreads and 0 <= at[1] < shares):
                continue
            if likelihood[at] > 0.0:
                likelihood[at] = _law_likelihood(histograms, log_probability[at[0] * shares + at[1]], rounds)
            if likelihood[at] > likelihood[best]:
                best = at
        if best == here:
            return best[0] * shares + best[1]


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _law_likelihood(
    histograms: NDArray[np.int32], log_probability: NDArray[np.float64], rounds: int
) -> float:
    """Give the logarithm of a law's likelihood, 0 or less; the levels' own law is fitted (by EM)."""
    likelihood, total = _by_level(histograms, log_probability)
    zones, levels = likelihood.shape
    share, gain = np.full(levels, 1.0 / levels), np.empty(levels)
    for _ in range(rounds):
        gain[:] = 0.0
        for z in range(zones):
            weight = 1.0 / _weighed(likelihood[z], share)
            for m in range(levels):
                gain[m] += weight * likelihood[z, m]
        for m in range(levels):
            share[m] *= gain[m] / zones
    for z in range(zones):
        total += np.log(_weighed(likelihood[z], share))
    # Rounded, so that equals are equal however the sums were taken; never above 0, which means 'not yet'.
    return float(min(np.round(total * 1e6) / 1e6, 0.0))


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _weighed(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Sum products; levels are so few that a library's function would take longer to call."""
    total = 0.0
    for m in range(one.size):
        total += one[m] * other[m]
    return total


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _by_level(
    histograms: NDArray[np.int32], log_probability: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Give each zone's likelihood by level, its highest set to 1, and the sum of the logarithms of those."""
    zones, levels = len(histograms), log_probability.shape[1]
    likelihood, total = np.empty((zones, levels)), 0.0
    for z in range(zones):
        row = likelihood[z]
        row[:] = 0.0
        for count in range(1, histograms.shape[1]):
            number = histograms[z, count]
            if number > 0:
                each = log_probability[count]
                for m in range(levels):
                    row[m] += number * each[m]
        best = row[0]
        for m in range(1, levels):
            best = max(best, row[m])
        for m in range(levels):
            row[m] = exp_below(row[m] - best)
        total += best
    return likelihood, total


class Scatter(NamedTuple):
    """
    How far the levels of zones lie from what was expected of them.

    Parameters
    ----------
    shift
        Median of the logarithm of the ratio.
    variance
        Its variance around that.
    """

    shift: float
    variance: float


def scatter_of_levels(
    histograms: NDArray[np.int32], expected: NDArray[np.float64], law: Law, *, start: Scatter, least: float
) -> Scatter:
    """
    Learn how far the levels of zones lie from what was expected of them, each known by its counts only.

    Parameters
    ----------
    histograms
        Number of places by count in zones that do not overlap, at least one, shape (zones, periods + 1).
    expected
        Logarithm of the level expected of each, shape (zones,).
    law
        The city's law.
    start
        Where the fit starts.
    least
        Least variance that is believed, above 0.

    Returns
    -------
    Scatter
        Fitted by EM.
    """
    shift, variance = _scattered(
        histograms, expected, law.log_probability[0], LOG_LEVELS, start.shift, start.variance, least
    )
    return Scatter(shift, variance)


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _scattered(
    histograms: NDArray[np.int32],
    expected: NDArray[np.float64],
    log_probability: NDArray[np.float64],
    log_levels: NDArray[np.float64],
    shift: float,
    variance: float,
    least: float,
) -> tuple[float, float]:
    """Fit the middle and the variance; the prior's values come one from the other, outwards from its top."""
    likelihood, _ = _by_level(histograms, log_probability)
    zones, levels = likelihood.shape
    step = log_levels[1] - log_levels[0]
    mean, square = np.empty(zones), np.empty(zones)
    for _ in range(_SCATTER_ROUNDS):
        narrower = np.exp(-step * step / variance)
        for z in range(zones):
            centre = expected[z] + shift
            top = min(max(int(np.round((centre - log_levels[0]) / step)), 0), levels - 1)
            off = log_levels[top] - centre
            weight, first, second = 0.0, 0.0, 0.0
            for side in (1, -1):
                prior = 1.0
                factor = np.exp((-side * step * off - 0.5 * step * step) / variance)
                m = top if side > 0 else top - 1
                if side < 0:
                    prior *= factor
                    factor *= narrower
                while 0 <= m < levels:
                    value, apart = prior * likelihood[z, m], log_levels[m] - expected[z]
                    weight += value
                    first += value * apart
                    second += value * apart * apart
                    prior *= factor
                    factor *= narrower
                    m += side
            # Where what is likely and what is expected lie worlds apart nothing is left to divide by.
            mean[z] = first / weight if weight > 0.0 else off + shift
            square[z] = second / weight if weight > 0.0 else mean[z] * mean[z]
        before, shift = shift, np.median(mean)
        was, variance = variance, 0.0
        for z in range(zones):
            variance += (square[z] - 2.0 * shift * mean[z] + shift * shift) / zones
        variance = max(least, variance)
        if abs(shift - before) < _SETTLED and abs(variance - was) < _SETTLED:
            break
    return shift, variance
