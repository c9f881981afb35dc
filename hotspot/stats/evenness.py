"""
Does something add to every address here, or are a few addresses busy and the others not? A Bayes factor.

Question: the addresses of a zone show counts; were they raised by something that comes to all of them alike,
on top of what each has of its own?
Null: each address has a level of its own, log-normal around that of its zone, with the spread that the
addresses of this city have; and the zone's level is drawn from what zones of this city are like.
Cost: per zone the number of levels times the number of raises, times the different counts that occur.
Reference: Good (1953), The population frequencies of species, for counts of which the zeros are not seen;
Kass & Raftery (1995), Bayes factors; Gauss-Hermite quadrature for the log-normal.

Addresses where nothing happened are not in the data, so every law is one of counts above zero. A count is the
number of periods of the year in which anything happened: two incidents a day apart tell no more than one, and
a place where everything is filed cannot outweigh a street.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOG_LEVELS = np.linspace(np.log(0.02), np.log(60.0), 33)
"""Logarithms of the levels that are tried: events a year at a zone's middling address."""
_RAISES = np.concatenate([[0.0], np.exp(np.linspace(np.log(0.3), np.log(20.0), 8))])
"""Events a year that are added to every address; the first, none, is the null."""
_SPREADS = np.arange(0.4, 2.45, 0.2)
"""Standard deviations of the logarithm of the levels of addresses in one zone; 0.4 is even, 2.4 wild."""
STRAY_SHARES = (0.0, 0.15, 0.3, 0.5, 0.7)
"""Shares of places that are no address: a single incident written down a few metres off."""
_QUADRATURE = 15
_CUT_SD = 4.0
"""Levels farther than this from what zones are like need not be tried."""
_SUMS = {"reassoc", "contract", "nnan", "nsz"}
"""Sums may be taken in any order, so that they are vectorised; each result is rounded where it is used."""


class Law(NamedTuple):
    """
    How counts at addresses are spread in one city.

    Parameters
    ----------
    number
        Which of all laws it is.
    spread
        Standard deviation of the logarithm of the addresses' levels within a zone.
    stray_share
        Share of places that hold one incident and are no address.
    log_probability
        Logarithm of the probability of each count above zero, by raise, count and level, shape
        (9, periods + 1, 33).
    mean_count
        Mean count of the places without a raise, by level, ascending, shape (33,).
    """

    number: int
    spread: float
    stray_share: float
    log_probability: NDArray[np.float64]
    mean_count: NDArray[np.float64]


@lru_cache(maxsize=16)
def laws(periods: int) -> tuple[Law, ...]:
    """
    List the laws of which a city has one.

    Parameters
    ----------
    periods
        Number of periods, the highest count.

    Returns
    -------
    tuple of Law
        All combinations of spreads and shares of strays.

    Examples
    --------
    >>> law = laws(13)[0]
    >>> bool(np.allclose(np.exp(law.log_probability[:, 1:]).sum(axis=1), 1.0))
    True
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(_QUADRATURE)
    return tuple(
        _law(number, periods, float(spread), nodes, weights / weights.sum(), stray_share)
        for number, (spread, stray_share) in enumerate(product(_SPREADS, STRAY_SHARES))
    )


def _law(
    number: int,
    periods: int,
    spread: float,
    nodes: NDArray[np.float64],
    weights: NDArray[np.float64],
    stray_share: float,
) -> Law:
    """Tabulate one law."""
    count = np.arange(periods + 1)
    ways = gammaln(periods + 1) - gammaln(count + 1) - gammaln(periods - count + 1)
    own = np.exp(LOG_LEVELS[:, None] + spread * nodes)
    rate = (own[None, :, :, None] + _RAISES[:, None, None, None]) / periods
    # A period without an event has probability exp(-rate): counts of periods are binomial.
    each = np.exp(ways + count * np.log(-np.expm1(-rate)) - (periods - count) * rate)
    probability = np.einsum("dlgc,g->dcl", each, weights)
    seen = probability[:, 1:] / probability[:, 1:].sum(axis=1, keepdims=True)
    seen *= 1.0 - stray_share
    seen[:, 0] += stray_share
    log_probability = np.zeros(probability.shape)
    log_probability[:, 1:] = np.log(np.maximum(seen, 1e-300))
    return Law(number, spread, stray_share, log_probability, count[1:] @ seen[0])


def level_of_mean(mean_count: NDArray[np.float64], law: Law) -> NDArray[np.float64]:
    """
    Tell the level at which places have a given mean count.

    Parameters
    ----------
    mean_count
        Mean count of places with any, shape (n,).
    law
        The city's law.

    Returns
    -------
    ndarray
        Logarithm of the level, within the levels that are tried, shape (n,).
    """
    # Strictly ascending, or the inverse would be ambiguous where all counts are at their limit.
    ascending = np.maximum.accumulate(law.mean_count) + 1e-9 * np.arange(law.mean_count.size)
    return np.interp(mean_count, ascending, LOG_LEVELS)


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def log_bayes_factors(
    histograms: NDArray[np.int32],
    zones: NDArray[np.int64],
    log_probability: NDArray[np.float64],
    log_levels: NDArray[np.float64],
    centre: NDArray[np.float64],
    variance: float,
    out: NDArray[np.float64],
) -> None:
    """
    Weigh 'something adds to every address' against 'addresses are as they are', zone by zone.

    Parameters
    ----------
    histograms
        Number of places by count, shape (n, periods + 1).
    zones
        Rows that are weighed, shape (zones,).
    log_probability
        That of the city's law, in rows of levels (C order).
    log_levels
        `LOG_LEVELS`.
    centre
        Logarithm of the level that each zone should have, shape (n,).
    variance
        How far zones of this city are from that, as a variance of the logarithm.
    out
        Receives the logarithm of the factor in the rows that are weighed: above 0 speaks for a raise,
        shape (n,).
    """
    raises = log_probability.shape[0]
    periods = histograms.shape[1] - 1
    reach = _CUT_SD * np.sqrt(variance) + 0.3
    count, number = np.empty(periods, np.int64), np.empty(periods)
    prior, value = np.empty(log_levels.size), np.empty(log_levels.size)
    for zone in zones:
        kinds = 0
        for c in range(1, periods + 1):
            if histograms[zone, c] > 0:
                count[kinds], number[kinds] = c, histograms[zone, c]
                kinds += 1
        first = np.searchsorted(log_levels, centre[zone] - reach)
        width = np.searchsorted(log_levels, centre[zone] + reach) - first
        for m in range(width):
            prior[m] = -0.5 * (log_levels[first + m] - centre[zone]) ** 2 / variance
        null, factor = 0.0, 0.0
        for k in range(raises):
            for m in range(width):
                value[m] = prior[m]
            for b in range(kinds):
                # The levels lie side by side, so that this sum, which is much of the work, is vectorised.
                weight, row = number[b], log_probability[k, count[b], first : first + width]
                for m in range(width):
                    value[m] += weight * row[m]
            total = _log_sum(value, width)
            if k == 0:
                null = total
            else:
                factor += np.exp(min(total - null, 600.0)) / (raises - 1)
        out[zone] = np.log(max(factor, 1e-300))


@numba.njit(cache=True, nogil=True, fastmath=_SUMS)
def _log_sum(value: NDArray[np.float64], n: int) -> float:
    """Add up what has these logarithms, and give the logarithm of that; what is negligible is left out."""
    best = value[0]
    for m in range(1, n):
        best = max(best, value[m])
    total = 0.0
    for m in range(n):
        total += exp_below(value[m] - best)
    return float(best + np.log(total))


@numba.njit(cache=True, nogil=True, fastmath=_SUMS, inline="always")
def exp_below(x: float) -> float:
    """
    Raise e to a power of 0 or less, side by side for many: the library's function takes them one by one.

    Parameters
    ----------
    x
        The power; below -36 it gives no more than it does there, which is nothing beside 1.

    Returns
    -------
    float
        Within 1e-10 of the exact one, relative to it, down to -36.
    """
    y = max(x, -36.0) / 256.0
    power = 1 / 720 + y * (1 / 5040 + y * (1 / 40320 + y / 362880))
    power = 1.0 + y * (1.0 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120 + y * power)))))
    for _ in range(8):
        power *= power
    return power
