"""
Is this cell like its neighbours, or the odd one out? Local and global Moran's I.

Question: do values above (below) the mean lie beside values above (below) the mean, around this cell or over
the whole map?
Null: the values are dealt out at random; for the local statistic the cell keeps its own.
Cost: linear in the number of neighbouring pairs; `conditional` for the p-values.
Reference: Anselin (1995), Local indicators of spatial association; Cliff & Ord (1981), Spatial processes.

The variance in the denominator divides by n, as in Anselin's paper; GeoDa and PySAL (esda 2.9) divide by
n - 1, which makes every I smaller by (n - 1) / n and changes no p-value.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from hotspot.errors import InvalidParameter
from hotspot.stats.conditional import Tails
from hotspot.stats.weights import Weights, neighbour_sums, weight_moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.lattice import Lattice

# The variance under random dealing divides by (n - 1) (n - 2) (n - 3).
_FEWEST_FOR_GLOBAL_I = 4


class Quadrant(IntEnum):
    """Where a cell lies in Moran's scatter plot; the numbers are PySAL's."""

    NONE = 0
    """Exactly at the mean, or beside neighbours that are."""
    HIGH_HIGH = 1
    """A high cell among high ones: the middle of a hotspot."""
    LOW_HIGH = 2
    """A low cell among high ones: a gap or an edge."""
    LOW_LOW = 3
    """A low cell among low ones."""
    HIGH_LOW = 4
    """A high cell among low ones: one address rather than an area."""


@dataclass(frozen=True, slots=True)
class LocalMoran:
    """
    How much each cell is like its neighbours.

    Parameters
    ----------
    i
        The statistic: above 0 for a cell like its neighbours, below 0 for an odd one, shape (n,).
    quadrant
        `Quadrant` of each cell, whatever its significance, shape (n,).
    """

    i: NDArray[np.float64]
    quadrant: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class GlobalMoran:
    """
    How much cells are like their neighbours, over the whole map.

    Parameters
    ----------
    i
        The statistic, about -1 to 1.
    expected
        The same when values are dealt out at random, slightly below 0.
    variance
        Of the same.
    """

    i: float
    expected: float
    variance: float

    @property
    def z(self) -> float:
        """Standard deviations above what is expected."""
        return (self.i - self.expected) / float(np.sqrt(self.variance)) if self.variance > 0 else 0.0

    @property
    def p_two_sided(self) -> float:
        """Chance of as large a deviation in either direction, by the normal approximation."""
        return float(2 * norm.sf(abs(self.z)))


def local_moran(
    value: NDArray[np.float64], weights: Weights | Lattice, *, is_sample_variance: bool = False
) -> LocalMoran:
    """
    Tell for each cell whether it is like its neighbours, and in which way.

    Parameters
    ----------
    value
        One number per cell, such as a count, shape (n,).
    weights
        The neighbours, usually `row_standardised`; a cell's own weight plays no part.
    is_sample_variance
        Whether to divide the variance by n - 1, as GeoDa and PySAL do.

    Returns
    -------
    LocalMoran
        The statistic and the quadrant; 0 and `Quadrant.NONE` where all values are equal.

    Raises
    ------
    InvalidParameter
        If a value is not finite or there is not one per cell.
    """
    sums = neighbour_sums(value, weights)
    value = np.asarray(value, np.float64)
    mean = value.mean() if value.size else 0.0
    z = _without_rounding(value - mean, value)
    lag = _without_rounding(sums.lag - mean * sums.weight, sums.lag)
    divisor = value.size - 1 if is_sample_variance else value.size
    m2 = float((z**2).sum()) / max(divisor, 1)
    is_high, is_low, beside_high, beside_low = z > 0, z < 0, lag > 0, lag < 0
    quadrant = np.select(
        [is_high & beside_high, is_low & beside_high, is_low & beside_low, is_high & beside_low],
        [Quadrant.HIGH_HIGH, Quadrant.LOW_HIGH, Quadrant.LOW_LOW, Quadrant.HIGH_LOW],
        Quadrant.NONE,
    ).astype(np.int8)
    return LocalMoran(z * lag / m2 if m2 > 0 else np.zeros(value.size), quadrant)


def moran_tails(value: NDArray[np.float64], tails: Tails) -> Tails:
    """
    Turn the tails of the neighbours' sum into those of local Moran's I.

    Parameters
    ----------
    value
        One number per cell, shape (n,).
    tails
        From `conditional`, of the same values and neighbours.

    Returns
    -------
    Tails
        Chance of an I at least, and at most, as large: a cell above the mean is the more alike the larger its
        neighbours' sum, a cell below the mean the smaller it is; a cell at the mean has I = 0 always.
    """
    value = np.asarray(value, np.float64)
    z = _without_rounding(value - value.mean(), value) if value.size else value
    one = np.ones(value.size)
    return Tails(
        np.select([z > 0, z < 0], [tails.high, tails.low], one),
        np.select([z > 0, z < 0], [tails.low, tails.high], one),
    )


def global_moran(value: NDArray[np.float64], weights: Weights | Lattice) -> GlobalMoran:
    """
    Tell whether cells are like their neighbours over the whole map.

    Parameters
    ----------
    value
        One number per cell, not all equal, shape (n,), n at least 4.
    weights
        The neighbours, at least one pair.

    Returns
    -------
    GlobalMoran
        The statistic and its moments under random dealing (Cliff & Ord 1981).

    Raises
    ------
    InvalidParameter
        If a value is not finite, all are equal, there are fewer than 4, or there are no neighbours.
    """
    sums = neighbour_sums(value, weights)
    value = np.asarray(value, np.float64)
    n = value.size
    if n < _FEWEST_FOR_GLOBAL_I or np.ptp(value) == 0:
        raise InvalidParameter("value must have at least 4 numbers that are not all equal")
    s0, s1, s2 = weight_moments(weights)
    if s0 == 0:
        raise InvalidParameter("weights must make at least one pair neighbours")
    z = value - value.mean()
    m2, m4 = float((z**2).mean()), float((z**4).mean())
    i = float((z * (sums.lag - value.mean() * sums.weight)).sum()) / (s0 * m2)
    expected = -1 / (n - 1)
    kurtosis = m4 / m2**2
    square = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    square -= kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    square /= (n - 1) * (n - 2) * (n - 3) * s0**2
    return GlobalMoran(i, expected, square - expected**2)


def _without_rounding(difference: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make 0 of what is different from it by rounding only, so that a cell at the mean is in no quadrant."""
    return np.where(np.abs(difference) <= 1e-12 * np.abs(scale), 0.0, difference)
