"""
Is a zone fuller, or emptier, than it should be? The likelihood ratios of the scan statistics.

Question: do the cases of a zone and period differ from what the zone would have if it were like the rest?
Null: a case is as likely to fall inside as the expectation says; what that is, is the model's.
Cost: a few logarithms per zone.
Reference: Kulldorff (1997), A spatial scan statistic; Kulldorff et al. (2005), A space-time permutation scan
statistic for disease outbreak detection; Neill et al. (2005), Detection of emerging space-time clusters.

A case more inside a zone that already has too many makes every one of these larger: for a fixed expectation
there is a least count that beats a given value, and the search (`scan_search`) compares whole numbers only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

POISSON, BERNOULLI, EXPECTATION = 0, 1, 2
"""Models: inside against outside given all cases; cases among persons; against the expectation alone."""


@numba.njit(cache=True, nogil=True)
def log_likelihood_ratio(observed: float, expected: float, total: float) -> float:
    """
    Compare a zone's incidents with what is expected; larger is less like chance.

    Parameters
    ----------
    observed
        Incidents in the zone in the period, 0 to `total`.
    expected
        Incidents that are expected there, above 0.
    total
        Incidents of the period in all zones.

    Returns
    -------
    float
        0 unless more was observed than expected.

    Examples
    --------
    >>> round(log_likelihood_ratio(5.0, 3.5, 14.0), 6)
    0.396019
    """
    if observed <= expected:
        return 0.0
    inside = observed * math.log(observed / expected)
    if observed >= total:
        return inside
    return inside + (total - observed) * math.log((total - observed) / (total - expected))


@numba.njit(cache=True, nogil=True)
def bernoulli_log_likelihood_ratio(cases: float, persons: float, all_cases: float, everyone: float) -> float:
    """
    Compare the share of cases among the persons inside with that outside; larger is less like chance.

    Parameters
    ----------
    cases
        Cases inside, 0 to `persons`.
    persons
        Cases and controls inside, 0 to `everyone`.
    all_cases
        Cases inside and outside.
    everyone
        Cases and controls inside and outside.

    Returns
    -------
    float
        At least 0; it does not tell whether there are too many or too few.

    Examples
    --------
    >>> round(bernoulli_log_likelihood_ratio(10.0, 20.0, 30.0, 300.0), 6)
    11.612729
    """
    rate = all_cases / everyone
    outside = everyone - persons
    return max(
        0.0,
        _term(cases, persons * rate)
        + _term(persons - cases, persons * (1.0 - rate))
        + _term(all_cases - cases, outside * rate)
        + _term(outside - (all_cases - cases), outside * (1.0 - rate)),
    )


@numba.njit(cache=True, nogil=True)
def expectation_log_likelihood_ratio(observed: float, expected: float) -> float:
    """
    Compare cases with a known expectation (Neill); larger is less like chance.

    Parameters
    ----------
    observed
        Cases inside.
    expected
        The expectation, above 0.

    Returns
    -------
    float
        At least 0; it does not tell whether there are too many or too few.

    Examples
    --------
    >>> round(expectation_log_likelihood_ratio(5.0, 3.5), 6)
    0.283375
    """
    return max(0.0, _term(observed, expected) + expected - observed)


@numba.njit(cache=True, nogil=True)
def _term(observed: float, expected: float) -> float:
    """One term of a likelihood ratio; the limit 0 where nothing was observed."""
    if observed <= 0.0:
        return 0.0
    return observed * math.log(observed / expected)


@numba.njit(cache=True, nogil=True)
def expected_cases(model: int, base: float, total: float, everyone: float) -> float:
    """
    Tell how many cases a window of a model should have.

    Parameters
    ----------
    model
        One of the three models.
    base
        Persons inside for Bernoulli, the expectation itself for the others.
    total
        All cases.
    everyone
        All persons; only used by Bernoulli.

    Returns
    -------
    float
        The expectation.
    """
    return base * total / everyone if model == BERNOULLI else base


@numba.njit(cache=True, nogil=True)
def deviation(model: int, observed: float, base: float, total: float, everyone: float) -> float:
    """
    Give the likelihood ratio of a model, whether there are too many cases or too few.

    Parameters
    ----------
    model
        One of the three models.
    observed
        Cases inside.
    base
        Persons inside for Bernoulli, the expectation for the others.
    total
        All cases.
    everyone
        All persons; only used by Bernoulli.

    Returns
    -------
    float
        At least 0.
    """
    if model == BERNOULLI:
        return bernoulli_log_likelihood_ratio(observed, base, total, everyone)
    if model == EXPECTATION and base > 0.0:
        return expectation_log_likelihood_ratio(observed, base)
    if base <= 0.0 or base >= total:
        return 0.0
    return max(0.0, _term(observed, base) + _term(total - observed, total - base))


@numba.njit(cache=True, nogil=True)
def deviations(
    model: int,
    observed: NDArray[np.float64],
    base: NDArray[np.float64],
    total: float,
    everyone: float,
    sign: int,
    min_cases: int,
) -> NDArray[np.float64]:
    """
    Give the likelihood ratio of every window.

    Parameters
    ----------
    model
        One of the three models.
    observed, base
        Cases inside each window and what they are compared with, shape (w,).
    total, everyone
        All cases, all persons.
    sign
        1: too many only; -1: too few only.
    min_cases
        Cases that a window of too many needs.

    Returns
    -------
    ndarray
        0 where the window lies on the other side, or is too small, shape (w,).
    """
    found = np.zeros(observed.size)
    for window in range(observed.size):
        case, against = observed[window], base[window]
        expected = expected_cases(model, against, total, everyone)
        if sign * (case - expected) > 0.0 and (sign < 0 or case >= min_cases):
            found[window] = deviation(model, case, against, total, everyone)
    return found
