"""
How sure a measured share, mean or median is.

Shares of independent trials get Wilson's interval; whatever is summed up over worlds gets a bootstrap over
worlds, because the hotspots of one world share its city and its week.

References
----------
Wilson (1927), J. Am. Stat. Assoc. 22; Efron & Tibshirani (1993), An Introduction to the Bootstrap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_Z = 1.959964
"""The 97.5 % point of the normal distribution."""
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Measure:
    """
    A measured value with its 95 % interval.

    Parameters
    ----------
    value
        The value; not a number where nothing was there to measure.
    low, high
        Limits of the interval.
    n
        Trials or worlds that it rests on.
    """

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "-"
        if max(abs(self.low), abs(self.high)) >= 10:  # noqa: PLR2004 - metres, not shares.
            return f"{self.value:.0f} ({self.low:.0f} to {self.high:.0f})"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


NOTHING = Measure(math.nan, math.nan, math.nan, 0)
"""Where nothing was there to measure."""


def wilson(hits: int, trials: int) -> Measure:
    """
    Give a share with Wilson's interval.

    Parameters
    ----------
    hits
        How many trials hit.
    trials
        How many there were; independent.

    Returns
    -------
    Measure
        The share.

    Examples
    --------
    >>> str(wilson(10, 200))
    '0.050 (0.027 to 0.090)'
    """
    if trials == 0:
        return NOTHING
    share, z2 = hits / trials, _Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    # At no hits, and at hits only, rounding may leave a limit a hair's breadth on the wrong side.
    return Measure(share, max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)), trials)


def bootstrap(
    worlds: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    rng: np.random.Generator,
) -> Measure:
    """
    Give a statistic over worlds with its percentile interval.

    Parameters
    ----------
    worlds
        What is known of each world, one row a world, shape (n, k).
    statistic
        From sums over worlds, shape (..., k), to values, shape (...).
    rng
        Source of chance.

    Returns
    -------
    Measure
        The statistic of the sums.
    """
    n = len(worlds)
    if n == 0:
        return NOTHING
    # How often each world is drawn, times its row: the sums of all resamples in one product.
    times = rng.multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
    values = statistic(times @ worlds)
    values = values[~np.isnan(values)]
    value = float(statistic(worlds.sum(axis=0)))
    if values.size == 0 or math.isnan(value):
        return NOTHING
    low, high = np.percentile(values, [2.5, 97.5])
    return Measure(value, float(low), float(high), n)


def ratio(worlds: NDArray[np.float64], *, rng: np.random.Generator) -> Measure:
    """
    Divide one count by another over all worlds.

    Parameters
    ----------
    worlds
        Numerator and denominator of each world, shape (n, 2).
    rng
        Source of chance.

    Returns
    -------
    Measure
        The ratio of the sums.
    """
    return bootstrap(worlds, _ratio, rng=rng)


def mean_difference(
    first: NDArray[np.float64], second: NDArray[np.float64], *, rng: np.random.Generator
) -> Measure:
    """
    Compare two detectors on the same worlds.

    Parameters
    ----------
    first, second
        Numerator and denominator of each world for the one and for the other, shape (n, 2).
    rng
        Source of chance.

    Returns
    -------
    Measure
        The first ratio less the second; the interval keeps the pairs together.
    """

    def difference(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return _ratio(sums[..., :2]) - _ratio(sums[..., 2:])

    return bootstrap(np.hstack([first, second]), difference, rng=rng)


def median(values: NDArray[np.float64], world: NDArray[np.intp], *, rng: np.random.Generator) -> Measure:
    """
    Give the median of values that come in worlds.

    Parameters
    ----------
    values
        The values, shape (n,).
    world
        World of each, shape (n,).
    rng
        Source of chance.

    Returns
    -------
    Measure
        The median; whole worlds are resampled.
    """
    if values.size == 0:
        return NOTHING
    _, index = np.unique(world, return_inverse=True)
    worlds = int(index.max()) + 1
    order = np.argsort(values, kind="stable")
    ordered, index = values[order], index[order]
    times = rng.multinomial(worlds, np.full(worlds, 1 / worlds), size=_RESAMPLES)
    weight = np.cumsum(times[:, index], axis=1)
    # The first value at which half of the weight is reached.
    half = np.argmax(weight >= weight[:, -1:] / 2, axis=1)
    low, high = np.percentile(ordered[half], [2.5, 97.5])
    return Measure(float(np.median(values)), float(low), float(high), int(values.size))


def _ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the first sum by the second; not a number where the second is nought."""
    above, below = sums[..., 0], sums[..., 1]
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
