"""
Do two counts come from the same rate? The exact-in-spirit E-test, and beside it the exact C-test.

Question: do two Poisson counts, each with an exposure (weeks, area), differ by more than chance allows?
Null: the first rate equals the second plus a given difference.
Cost: per pair about 400 times the larger mean; both tests take arrays of pairs.
Reference: Krishnamoorthy & Thomson (2004), A more powerful test for comparing two Poisson means;
Przyborowski & Wilenski (1940), Homogeneity of results in testing samples from Poisson series, for the
conditional C-test.

The E-test is more powerful than the C-test, whose true level lies far below the nominal one where counts
are small. Its variance is that of the paper, not pooled; the R package `ptools` pools it, which gives the
same only for equal exposures. An outcome as extreme as the observed one counts as such also where the two
differ by rounding.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numba
import numpy as np
from scipy.special import betainc

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import finite, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Alternative = Literal["two-sided", "greater", "less"]
"""Which rate the alternative takes for higher: `greater` is the first."""

_SIDE = {"two-sided": 0, "greater": 1, "less": -1}

_TIE = 1e-9
"""Relative difference below which two statistics are one."""

_WINDOW_SIGMA = 9.0
"""Standard deviations around a mean within which Poisson counts are looked at: less than 1e-17 is outside."""

_WINDOW = 25
"""Counts added to that above the mean, for means so small that the tail is longer than a normal one."""


def e_test(
    first: ArrayLike,
    second: ArrayLike,
    *,
    first_exposure: ArrayLike = 1.0,
    second_exposure: ArrayLike = 1.0,
    difference: ArrayLike = 0.0,
    alternative: Alternative = "two-sided",
) -> NDArray[np.float64]:
    """
    Give the p-value of the E-test for each pair of counts.

    Parameters
    ----------
    first, second
        The counts; arrays are taken pair by pair, broadcast against each other.
    first_exposure, second_exposure
        Weeks, areas or persons behind each count, above 0.
    difference
        First rate minus second rate under the null, per unit of exposure.
    alternative
        `greater` asks whether the first rate is above the second plus the difference.

    Returns
    -------
    ndarray
        Values between 0 and 1, of the broadcast shape; two empty counts give 1 where the difference is 0.

    Notes
    -----
    The rate under the null, (k1 + k2) / (n1 + n2) - d n1 / (n1 + n2), can come out impossible where the
    difference is large; the nearest possible rate is taken then. An outcome without any incident, whose
    variance is 0, equals the null where the difference is 0 and lies infinitely far from it elsewhere.

    Examples
    --------
    >>> [round(float(p), 4) for p in e_test([0, 6, 10], [3, 2, 4])]
    [0.0884, 0.1749, 0.1202]
    """
    pairs = np.broadcast_arrays(
        whole(first, name="first"),
        whole(second, name="second"),
        positive(first_exposure, name="first_exposure"),
        positive(second_exposure, name="second_exposure"),
        finite(difference, name="difference"),
    )
    k1, k2, n1, n2, d = (np.ascontiguousarray(values).ravel() for values in pairs)
    return np.asarray(_e_tests(k1, k2, n1, n2, d, _side(alternative)).reshape(pairs[0].shape))


def c_test(
    first: ArrayLike,
    second: ArrayLike,
    *,
    first_exposure: ArrayLike = 1.0,
    second_exposure: ArrayLike = 1.0,
    ratio: ArrayLike = 1.0,
    alternative: Alternative = "two-sided",
) -> NDArray[np.float64]:
    """
    Give the p-value of the conditional test, exact given the sum of both counts.

    Parameters
    ----------
    first, second
        The counts; arrays are taken pair by pair, broadcast against each other.
    first_exposure, second_exposure
        Weeks, areas or persons behind each count, above 0.
    ratio
        First rate divided by second rate under the null, above 0.
    alternative
        `greater` asks whether the first rate is above the second times the ratio.

    Returns
    -------
    ndarray
        Values above 0 and at most 1, of the broadcast shape; two-sided is twice the smaller tail.

    Examples
    --------
    >>> [round(float(p), 4) for p in c_test([6, 15], [2, 5])]
    [0.2891, 0.0414]
    """
    k1, k2 = whole(first, name="first"), whole(second, name="second")
    weight = positive(first_exposure, name="first_exposure") * positive(ratio, name="ratio")
    share = weight / (weight + positive(second_exposure, name="second_exposure"))
    k1, k2, share = np.broadcast_arrays(k1, k2, share)
    # P(X >= k1) and P(X <= k1) of the binomial; where a tail holds every outcome, beta is not defined.
    upper = np.where(k1 == 0, 1.0, betainc(np.maximum(k1, 1.0), k2 + 1.0, share))
    lower = np.where(k2 == 0, 1.0, betainc(np.maximum(k2, 1.0), k1 + 1.0, 1.0 - share))
    side = _side(alternative)
    if side == 0:
        return np.minimum(1.0, 2.0 * np.minimum(upper, lower))
    return np.asarray(upper if side > 0 else lower)


def _side(alternative: Alternative) -> int:
    """Translate an alternative."""
    if alternative not in _SIDE:
        raise InvalidParameter(f"alternative must be one of {', '.join(_SIDE)}, got {alternative!r}")
    return _SIDE[alternative]


@numba.njit(cache=True, nogil=True)
def _deviation(x1: float, x2: float, n1: float, n2: float, d: float) -> float:
    """Difference of the rates from the null, in standard deviations."""
    above = x1 / n1 - x2 / n2 - d
    variance = x1 / (n1 * n1) + x2 / (n2 * n2)
    if variance > 0.0:
        return above / math.sqrt(variance)
    if above == 0.0:
        return 0.0
    return math.inf if above > 0.0 else -math.inf


@numba.njit(cache=True, nogil=True)
def _first(mean: float) -> int:
    """Smallest count worth looking at."""
    return max(0, int(mean - _WINDOW_SIGMA * math.sqrt(mean)) - 1)


@numba.njit(cache=True, nogil=True)
def _masses(mean: float) -> NDArray[np.float64]:
    """Chances of the counts from `_first` on."""
    first = _first(mean)
    last = int(mean + _WINDOW_SIGMA * math.sqrt(mean)) + _WINDOW
    mass = np.zeros(last - first + 1)
    if mean <= 0.0:
        mass[0] = 1.0
        return mass
    for x in range(first, last + 1):
        mass[x - first] = math.exp(x * math.log(mean) - mean - math.lgamma(x + 1.0))
    return mass


@numba.njit(cache=True, nogil=True)
def _as_extreme(value: float, observed: float, side: int) -> bool:
    """Tell whether an outcome speaks against the null at least as much as what was observed."""
    if side == 0:
        value, observed = abs(value), abs(observed)
    elif side < 0:
        value, observed = -value, -observed
    if math.isinf(observed):
        return value >= observed
    return value >= observed - _TIE * (1.0 + abs(observed))


@numba.njit(cache=True, nogil=True)
def _e_tests(
    k1: NDArray[np.float64],
    k2: NDArray[np.float64],
    n1: NDArray[np.float64],
    n2: NDArray[np.float64],
    d: NDArray[np.float64],
    side: int,
) -> NDArray[np.float64]:
    """Test each pair."""
    p_value = np.empty(k1.size)
    for i in range(k1.size):
        observed = _deviation(k1[i], k2[i], n1[i], n2[i], d[i])
        rate = (k1[i] + k2[i] - d[i] * n1[i]) / (n1[i] + n2[i])
        rate = max(rate, 0.0, -d[i])
        mean1, mean2 = n1[i] * (rate + d[i]), n2[i] * rate
        mass1, mass2 = _masses(mean1), _masses(mean2)
        first1, first2 = _first(mean1), _first(mean2)
        total = 0.0
        for a in range(mass1.size):
            within = 0.0
            for b in range(mass2.size):
                value = _deviation(float(first1 + a), float(first2 + b), n1[i], n2[i], d[i])
                if _as_extreme(value, observed, side):
                    within += mass2[b]
            total += mass1[a] * within
        p_value[i] = min(1.0, total)
    return p_value
