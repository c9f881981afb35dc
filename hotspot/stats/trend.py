"""
Does a series go up or down over time? Mann-Kendall and Sen's slope, for correlated and seasonal series too.

Question: do later values tend to lie above, or below, earlier ones?
Null: all orders of the values are equally likely (Mann-Kendall); correlated values of one distribution
(Hamed-Rao); the same within each season (seasonal).
Cost: the square of the number of steps, per series; many series at once.
Reference: Mann (1945); Kendall (1975), Rank correlation methods; Sen (1968), Estimates of the regression
coefficient based on Kendall's tau; Hamed & Rao (1998), A modified Mann-Kendall trend test for
autocorrelated data; Hirsch, Slack & Smith (1982), Techniques of trend analysis for monthly water quality
data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfc, ndtri
from scipy.stats import rankdata

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import CONFIDENCE, at_least, finite, open_share

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_FEWEST_STEPS = 2
_FEWEST_STEPS_CORRELATED = 4
_CHUNK = 4_000_000
"""Slopes held in memory at once (32 MB)."""

_HAMED_RAO_ALPHA = 0.05
"""Level below which a serial correlation is taken for real (Hamed & Rao 1998)."""


@dataclass(frozen=True, slots=True)
class Trend:
    """
    The trend of one or many series.

    Parameters
    ----------
    s
        Kendall's score: pairs that rise minus pairs that fall.
    variance
        Its variance under the null, ties taken into account.
    z
        The score in standard deviations, one taken off towards 0 (continuity correction).
    p_value
        Two-sided, from the normal distribution.
    tau
        The score divided by the number of pairs, -1 to 1.
    slope
        Sen's slope, the median change per step (per cycle for seasonal series).
    slope_lower, slope_upper
        Confidence interval of the slope (Sen 1968).
    """

    s: NDArray[np.float64]
    variance: NDArray[np.float64]
    z: NDArray[np.float64]
    p_value: NDArray[np.float64]
    tau: NDArray[np.float64]
    slope: NDArray[np.float64]
    slope_lower: NDArray[np.float64]
    slope_upper: NDArray[np.float64]


def mann_kendall(values: ArrayLike, *, confidence: float = CONFIDENCE) -> Trend:
    """
    Test whether a series rises or falls.

    Parameters
    ----------
    values
        The series, oldest first, along the last axis, at least 2 steps; other axes are areas, shape (..., t).
    confidence
        Of the interval of the slope.

    Returns
    -------
    Trend
        Arrays of the shape of the areas. A series that never changes has z = 0 and p = 1.

    Examples
    --------
    >>> trend = mann_kendall(np.arange(1, 11))
    >>> float(trend.s), float(trend.variance), round(float(trend.z), 5), float(trend.slope)
    (45.0, 125.0, 3.93548, 1.0)
    """
    series = _rows(values, least=_FEWEST_STEPS)
    score, variance = _score(series)
    slopes = _sen_slopes([series], variance, confidence)
    return _trend(score, variance, _pairs(series), slopes, np.shape(values)[:-1])


def mann_kendall_correlated(
    values: ArrayLike,
    *,
    max_lag: int | None = None,
    alpha: float = _HAMED_RAO_ALPHA,
    confidence: float = CONFIDENCE,
) -> Trend:
    """
    Test whether a series rises or falls, although neighbouring values resemble each other.

    Parameters
    ----------
    values
        The series, oldest first, along the last axis, at least 4 steps; other axes are areas, shape (..., t).
    max_lag
        Steps up to which correlation is looked for; all if absent. Long lags are estimated from few pairs and
        make the correction erratic: 3 is a good choice for short series.
    alpha
        Only correlations that differ from 0 at this level are corrected for.
    confidence
        Of the interval of the slope.

    Returns
    -------
    Trend
        Arrays of the shape of the areas.

    Notes
    -----
    The variance is multiplied by n / n* of Hamed & Rao, from the ranks of the series without its Sen slope.
    Where that factor is not positive, as strong negative correlations can make it, it says nothing and is
    left out.
    """
    series = _rows(values, least=_FEWEST_STEPS_CORRELATED)
    score, variance = _score(series)
    steps = series.shape[-1]
    lags = steps - 1 if max_lag is None else min(at_least(max_lag, least=1, name="max_lag"), steps - 1)
    median = _sen_slopes([series], variance, confidence)[0]
    without_trend = series - median[:, None] * np.arange(1, steps + 1)
    inflated = variance * _hamed_rao_factor(without_trend, lags, open_share(alpha, name="alpha"))
    slopes = _sen_slopes([series], inflated, confidence)
    return _trend(score, inflated, _pairs(series), slopes, np.shape(values)[:-1])


def mann_kendall_seasonal(values: ArrayLike, *, period: int, confidence: float = CONFIDENCE) -> Trend:
    """
    Test whether a series rises or falls, comparing only values of the same season.

    Parameters
    ----------
    values
        The series, oldest first, along the last axis, more than one period; further axes are areas, shape
        (..., t).
    period
        Steps in a cycle: 12 for months, 52 for weeks.
    confidence
        Of the interval of the slope.

    Returns
    -------
    Trend
        Arrays of the shape of the areas; slopes are per cycle.
    """
    at_least(period, least=1, name="period")
    series = _rows(values, least=period + 1)
    seasons = [series[:, season::period] for season in range(period)]
    # The seasons that an unfinished cycle does not reach a second time have nothing to compare.
    seasons = [season for season in seasons if season.shape[-1] >= _FEWEST_STEPS]
    scores = [_score(season) for season in seasons]
    score = np.sum([score for score, _ in scores], axis=0)
    variance = np.sum([variance for _, variance in scores], axis=0)
    slopes = _sen_slopes(seasons, variance, confidence)
    return _trend(score, variance, sum(map(_pairs, seasons)), slopes, np.shape(values)[:-1])


def _rows(values: ArrayLike, *, least: int) -> NDArray[np.float64]:
    """Take series of at least so many steps as the rows of a table."""
    series = finite(values, name="values")
    if series.ndim == 0 or series.shape[-1] < least:
        came = 1 if series.ndim == 0 else series.shape[-1]
        raise InvalidParameter(f"values must have at least {least} steps, got {came}")
    return series.reshape(-1, series.shape[-1])


def _pairs(series: NDArray[np.float64]) -> int:
    """Count the pairs of steps."""
    return math.comb(series.shape[-1], 2)


def _score(series: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give Kendall's score of each row and its variance under the null, corrected for ties."""
    n = series.shape[-1]
    score, tied = np.zeros(len(series)), np.zeros(len(series))
    for step in range(n):
        score += np.sign(series[:, step + 1 :] - series[:, step, None]).sum(axis=-1)
        # The sum of t (t - 1) (2 t + 5) over groups of t equals is one over members of (t - 1) (2 t + 5).
        equals = (series == series[:, step, None]).sum(axis=-1)
        tied += (equals - 1) * (2 * equals + 5)
    return score, (n * (n - 1) * (2 * n + 5) - tied) / 18


def _sen_slopes(
    seasons: list[NDArray[np.float64]], variance: NDArray[np.float64], confidence: float
) -> NDArray[np.float64]:
    """Give median slope and both ends of its interval for each row, shape (3, rows)."""
    quantile = float(ndtri(0.5 + open_share(confidence, name="confidence") / 2))
    pairs = sum(map(_pairs, seasons))
    found = np.empty((3, len(variance)))
    rows = max(1, _CHUNK // pairs)
    for start in range(0, len(variance), rows):
        part = slice(start, start + rows)
        slopes = np.concatenate([_slopes(season[part]) for season in seasons], axis=-1)
        slopes.sort(axis=-1)
        half_width = quantile * np.sqrt(variance[part])
        lower = np.clip(np.round((pairs - half_width) / 2) - 1, 0, pairs - 1).astype(int)
        upper = np.clip(np.round((pairs + half_width) / 2), 0, pairs - 1).astype(int)
        found[0, part] = np.median(slopes, axis=-1)
        found[1, part] = np.take_along_axis(slopes, lower[:, None], axis=-1)[:, 0]
        found[2, part] = np.take_along_axis(slopes, upper[:, None], axis=-1)[:, 0]
    return found


def _slopes(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the change per step between each two steps, shape (rows, pairs)."""
    earlier, later = np.triu_indices(series.shape[-1], k=1)
    return np.asarray((series[:, later] - series[:, earlier]) / (later - earlier))


def _hamed_rao_factor(without_trend: NDArray[np.float64], lags: int, alpha: float) -> NDArray[np.float64]:
    """Tell by how much serial correlation of the ranks inflates the variance of the score."""
    n = without_trend.shape[-1]
    ranks = rankdata(without_trend, axis=-1)
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    power = (centred**2).sum(axis=-1)
    noticeable = float(ndtri(1 - alpha / 2)) / math.sqrt(n)
    total = np.zeros(len(without_trend))
    for lag in range(1, lags + 1):
        product = (centred[:, lag:] * centred[:, :-lag]).sum(axis=-1)
        correlation = np.divide(product, power, out=np.zeros_like(power), where=power > 0)
        total += np.where(
            np.abs(correlation) > noticeable, (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation, 0.0
        )
    factor = 1 + 2 / (n * (n - 1) * (n - 2)) * total
    return np.where(factor > 0, factor, 1.0)


def _trend(
    score: NDArray[np.float64],
    variance: NDArray[np.float64],
    pairs: int,
    slopes: NDArray[np.float64],
    shape: tuple[int, ...],
) -> Trend:
    """Standardise the score and give everything the shape of the areas."""
    spread = np.sqrt(variance)
    corrected = score - np.sign(score)
    z = np.divide(corrected, spread, out=np.zeros_like(spread), where=spread > 0)
    p_value = erfc(np.abs(z) / math.sqrt(2))
    tau = score / pairs
    columns = (score, variance, z, p_value, tau, *slopes)
    return Trend(*(np.asarray(column).reshape(shape) for column in columns))
