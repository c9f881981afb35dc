"""
Is this week's count far above the weeks just before it? The three EARS charts, C1, C2 and C3.

Question: does a count exceed what the mean and spread of a short baseline lead to expect?
Null: the counts of baseline and present week are independent draws from one normal distribution. Counts are
no such thing and seven weeks tell little about their spread: with small means the charts alarm more often
than `alpha` says (a count of 1 after seven empty weeks always does, unless `min_sigma` is set).
Cost: linear in the number of counts.
Reference: Hutwagner et al. (2003), The bioterrorism preparedness and response Early Aberration Reporting
System (EARS); Salmon, Schumacher & Höhle (2016), Monitoring count time series in R.

C1 looks at the weeks just before, C2 leaves a guard band of two weeks out so that a rise does not hide
itself, and C3 adds up what C2 showed in three weeks. The R package `surveillance` agrees on C1 and C2; its
`earsC` takes for C3 the observed count where its own manual has the mean, so that the present week does not
count: `c3_surveillance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import at_least, non_negative, open_share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BASELINE_WEEKS = 7
"""Weeks from which mean and spread are taken (Hutwagner et al. 2003, who count days)."""

ALPHA = 0.001
"""Level of C1 and C2: about three standard deviations."""

ALPHA_C3 = 0.025
"""Level of C3: about two standard deviations."""

_LEAST_BASELINE = 3
_GUARD_WEEKS = 2
_SUMMED_WEEKS = 2
"""Weeks before the present one that C3 adds."""


@dataclass(frozen=True, slots=True)
class EarsChart:
    """
    One of the charts, week by week; not a number in the weeks that have no full baseline.

    Parameters
    ----------
    statistic
        The charted value: for C1 and C2 standard deviations above the mean, for C3 their sum over three
        weeks.
    expected
        Mean of the baseline.
    sigma
        Standard deviation of the baseline (n - 1), at least `min_sigma`.
    upper_bound
        A count above this is an alarm; minus infinity where any count is.
    alarm
        Whether the count is above the bound.
    """

    statistic: NDArray[np.float64]
    expected: NDArray[np.float64]
    sigma: NDArray[np.float64]
    upper_bound: NDArray[np.float64]
    alarm: NDArray[np.bool_]


def c1(
    counts: ArrayLike,
    *,
    baseline_weeks: int = BASELINE_WEEKS,
    alpha: float = ALPHA,
    min_sigma: float = 0.0,
) -> EarsChart:
    """
    Compare each week with the weeks just before it.

    Parameters
    ----------
    counts
        Incidents by week, oldest first, along the last axis; further axes are areas, shape (..., t).
    baseline_weeks
        Weeks in the baseline, at least 3.
    alpha
        Chance of an alarm in a week under the null.
    min_sigma
        Smallest standard deviation, in incidents; 0 takes the baseline's own.

    Returns
    -------
    EarsChart
        Arrays of the shape of `counts`.

    Examples
    --------
    >>> chart = c1([2, 3, 1, 4, 2, 3, 2, 5])
    >>> round(float(chart.statistic[7]), 5), round(float(chart.upper_bound[7]), 6), bool(chart.alarm[7])
    (2.63493, 5.444329, False)
    """
    return _lagged(counts, baseline_weeks, 0, alpha, min_sigma)


def c2(
    counts: ArrayLike,
    *,
    baseline_weeks: int = BASELINE_WEEKS,
    alpha: float = ALPHA,
    min_sigma: float = 0.0,
) -> EarsChart:
    """
    Compare each week with the weeks before, leaving out the two just before it.

    Parameters
    ----------
    counts, baseline_weeks, alpha, min_sigma
        As for `c1`.

    Returns
    -------
    EarsChart
        Arrays of the shape of `counts`.
    """
    return _lagged(counts, baseline_weeks, _GUARD_WEEKS, alpha, min_sigma)


def c3(
    counts: ArrayLike,
    *,
    baseline_weeks: int = BASELINE_WEEKS,
    alpha: float = ALPHA_C3,
    min_sigma: float = 0.0,
) -> EarsChart:
    """
    Add up by how much more than one standard deviation C2 lay above its mean in this week and the two before.

    An earlier peak can thus alarm by itself: the chart answers for three weeks, not for the last one.

    Parameters
    ----------
    counts, baseline_weeks
        As for `c1`.
    alpha
        Level whose normal quantile the sum must exceed.
    min_sigma
        As for `c1`.

    Returns
    -------
    EarsChart
        Arrays of the shape of `counts`.
    """
    second, earlier, level = _sum_of_earlier(counts, baseline_weeks, alpha, min_sigma)
    statistic = np.maximum(0.0, second.statistic - 1.0) + earlier
    room = np.where(earlier > level, -np.inf, 1.0 + level - earlier)
    # Where any count alarms the bound is minus infinity, also without spread: 0 times infinity is no number.
    with np.errstate(invalid="ignore"):
        bound = np.where(room == -np.inf, -np.inf, second.expected + second.sigma * room)
    bound = np.where(np.isnan(statistic), np.nan, bound)
    return _chart(counts, statistic, second, bound)


def c3_surveillance(
    counts: ArrayLike,
    *,
    baseline_weeks: int = BASELINE_WEEKS,
    alpha: float = ALPHA_C3,
    min_sigma: float = 0.0,
) -> EarsChart:
    """
    Chart C3 as `earsC` of the R package `surveillance` computes it, to compare with its output.

    Its bound is the observed count plus the spread times what the two weeks before leave of the level, at
    least 0: whether it alarms depends on those two weeks alone. Use `c3` for anything else.

    Parameters
    ----------
    counts, baseline_weeks
        As for `c1`.
    alpha
        Level whose normal quantile the sum must exceed.
    min_sigma
        As for `c1`.

    Returns
    -------
    EarsChart
        Arrays of the shape of `counts`; the statistic is the sum over the two weeks before.
    """
    second, earlier, level = _sum_of_earlier(counts, baseline_weeks, alpha, min_sigma)
    with np.errstate(invalid="ignore"):
        bound = np.maximum(0.0, np.asarray(counts, np.float64) + second.sigma * (level - earlier))
    return _chart(counts, earlier, second, bound)


def _lagged(counts: ArrayLike, baseline_weeks: int, lag: int, alpha: float, min_sigma: float) -> EarsChart:
    """Compare each week with a baseline that ends so many weeks before the last one."""
    observed = non_negative(counts, name="counts")
    if observed.ndim == 0:
        raise InvalidParameter("counts must be a series of weeks, got a single number")
    at_least(baseline_weeks, least=_LEAST_BASELINE, name="baseline_weeks")
    least_sigma = float(non_negative(min_sigma, name="min_sigma"))
    level = float(ndtri(1.0 - open_share(alpha, name="alpha")))
    expected, sigma = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    weeks, first = observed.shape[-1], baseline_weeks + lag
    if weeks > first:
        windows = np.lib.stride_tricks.sliding_window_view(observed, baseline_weeks, axis=-1)
        windows = windows[..., : weeks - first, :]
        expected[..., first:] = windows.mean(axis=-1)
        sigma[..., first:] = np.maximum(windows.std(axis=-1, ddof=1), least_sigma)
    above = observed - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        # Without any spread a count at the mean is no deviation, any other an infinite one.
        statistic = np.where(above == 0, 0.0, above / sigma)
    bound = expected + level * sigma
    return EarsChart(statistic, expected, sigma, bound, observed > bound)


def _chart(
    counts: ArrayLike, statistic: NDArray[np.float64], second: EarsChart, bound: NDArray[np.float64]
) -> EarsChart:
    """Chart a sum with the baseline of C2."""
    return EarsChart(statistic, second.expected, second.sigma, bound, np.asarray(counts, np.float64) > bound)


def _sum_of_earlier(
    counts: ArrayLike, baseline_weeks: int, alpha: float, min_sigma: float
) -> tuple[EarsChart, NDArray[np.float64], float]:
    """Take C2, what the two weeks before add to C3, and the level."""
    second = c2(counts, baseline_weeks=baseline_weeks, alpha=alpha, min_sigma=min_sigma)
    excess = np.maximum(0.0, second.statistic - 1.0)
    earlier = np.full(excess.shape, np.nan)
    earlier[..., _SUMMED_WEEKS:] = excess[..., :-_SUMMED_WEEKS] + excess[..., 1:-1]
    return second, earlier, float(ndtri(1.0 - alpha))
