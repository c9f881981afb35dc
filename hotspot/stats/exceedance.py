"""
How unusual is this count, given what was expected here? Poisson and negative binomial exceedance.

Question: how often does chance alone give at least as many incidents as came?
Null: the count is Poisson with a known mean, or negative binomial where weeks vary more than that.
Cost: one incomplete gamma or beta function per count.
Reference: Johnson, Kemp & Kotz (2005), Univariate discrete distributions; Clark & Perry (1989), Estimation
of the negative binomial parameter, on moments.

The size k of a negative binomial gives a variance of mean + mean² / k: small means very uneven weeks,
infinity is the Poisson distribution. A mean that is itself estimated from few weeks makes every value here
too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, gammainc
from scipy.stats import nbinom, poisson

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import CONFIDENCE, Interval, non_negative, open_share, whole
from hotspot.stats.counts import exact_interval as _exact_interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Dispersion:
    """
    How weeks vary around their mean.

    Parameters
    ----------
    mean
        Mean count.
    variance
        Variance of the counts (n - 1).
    size
        Size k of the negative binomial with these moments; infinite where the counts vary no more than
        Poisson.
    ratio
        Variance divided by mean; 1 for Poisson, not a number where nothing happened.
    """

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    size: NDArray[np.float64]
    ratio: NDArray[np.float64]


def dispersion(counts: ArrayLike) -> Dispersion:
    """
    Estimate mean and size of a negative binomial by moments.

    Parameters
    ----------
    counts
        Incidents by week along the last axis, at least 2 weeks; further axes are areas, shape (..., t).

    Returns
    -------
    Dispersion
        Arrays of the shape of the areas.

    Examples
    --------
    >>> fitted = dispersion([0, 0, 6, 2])
    >>> float(fitted.mean), float(fitted.variance), float(fitted.size)
    (2.0, 8.0, 0.6666666666666666)
    """
    observed = np.atleast_1d(non_negative(counts, name="counts"))
    if observed.shape[-1] < 2:  # noqa: PLR2004 (a variance needs two)
        raise InvalidParameter(f"counts must have at least 2 weeks, got {observed.shape[-1]}")
    mean, variance = observed.mean(axis=-1), observed.var(axis=-1, ddof=1)
    excess = variance - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(excess > 0, mean**2 / excess, np.inf)
        ratio = variance / mean
    return Dispersion(np.asarray(mean), np.asarray(variance), size, np.asarray(ratio))


def exceedance(observed: ArrayLike, *, expected: ArrayLike, size: ArrayLike = np.inf) -> NDArray[np.float64]:
    """
    Give the chance of at least so many incidents.

    Parameters
    ----------
    observed
        Counts of any shape.
    expected
        Mean, at least 0; fits the shape of `observed`.
    size
        Size k of the negative binomial, above 0; infinite for Poisson.

    Returns
    -------
    ndarray
        P(X >= observed), 1 for a count of 0, of the broadcast shape.

    Examples
    --------
    >>> round(float(exceedance(6, expected=2)), 4), round(float(exceedance(6, expected=2, size=2)), 4)
    (0.0166, 0.0625)
    """
    count, mean, k = np.broadcast_arrays(
        whole(observed, name="observed"), non_negative(expected, name="expected"), _size(size)
    )
    some = np.maximum(count, 1.0)
    finite = np.isfinite(k)
    share = mean / (mean + np.where(finite, k, 1.0))
    tail = np.where(finite, betainc(some, np.where(finite, k, 1.0), share), gammainc(some, mean))
    return np.where(count == 0, 1.0, tail)


def alarm_threshold(*, expected: ArrayLike, alpha: float, size: ArrayLike = np.inf) -> NDArray[np.float64]:
    """
    Find the smallest count that chance reaches with at most a given probability.

    Parameters
    ----------
    expected
        Mean, at least 0.
    alpha
        The probability, between 0 and 1.
    size
        Size k of the negative binomial, above 0; infinite for Poisson.

    Returns
    -------
    ndarray
        Whole numbers of at least 1, of the broadcast shape.

    Examples
    --------
    >>> float(alarm_threshold(expected=2, alpha=0.05)), float(alarm_threshold(expected=2, alpha=0.05, size=2))
    (6.0, 7.0)
    """
    mean, k = np.broadcast_arrays(non_negative(expected, name="expected"), _size(size))
    level = open_share(alpha, name="alpha")
    finite = np.isfinite(k)
    shape = np.where(finite, k, 1.0)
    guess = np.where(finite, nbinom.isf(level, shape, shape / (shape + mean)), poisson.isf(level, mean)) + 1.0
    # The quantile may be one off where the tail equals the level but for rounding.
    for step in (-1.0, 1.0):
        other = np.maximum(1.0, guess + step)
        chance = exceedance(np.minimum(guess, other), expected=mean, size=k)
        move = chance <= level if step < 0 else chance > level
        guess = np.where(move, other, guess)
    return np.maximum(1.0, guess)


def exact_interval(observed: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """
    Tell which Poisson means a count does not exclude (Garwood's exact interval).

    Parameters
    ----------
    observed
        Counts of any shape.
    confidence
        Least coverage, between 0 and 1.

    Returns
    -------
    Interval
        Means, of the shape of the counts.
    """
    return _exact_interval(observed, confidence=confidence)


def square_root_change(before: ArrayLike, after: ArrayLike) -> NDArray[np.float64]:
    """
    Compare two counts of equally long periods at a glance: twice the difference of their square roots.

    Parameters
    ----------
    before, after
        The counts.

    Returns
    -------
    ndarray
        Approximately standard normal if nothing changed; above 0 for a rise (Wheeler 2016).

    Examples
    --------
    >>> round(float(square_root_change(20, 30)), 2), round(float(square_root_change(10, 20)), 2)
    (2.01, 2.62)
    """
    rise = np.sqrt(whole(after, name="after")) - np.sqrt(whole(before, name="before"))
    return np.asarray(2.0 * rise)


def _size(size: ArrayLike) -> NDArray[np.float64]:
    """Take sizes above 0, infinity included."""
    parsed = np.asarray(size, np.float64)
    # Written so that NaN, which fails every comparison, is refused as well.
    if not np.all(parsed > 0):
        raise InvalidParameter(f"size must be positive, got {parsed[~(parsed > 0)].flat[0]}")
    return parsed
