"""
Do the cells around here hold more than their share? Getis and Ord's Gi, Gi* and general G.

Question: is the sum over a cell's neighbours (Gi), the cell itself included (Gi*), unusually large or small;
and do high values lie beside high values over the whole map (G)?
Null: the values are dealt out to the cells at random. Counts that differ for a good reason (a shopping
street) are no null: test the change, or read the result as a description.
Cost: linear in the number of neighbouring pairs.
Reference: Ord & Getis (1995), Local spatial autocorrelation statistics; Getis & Ord (1992).

The normal approximation is poor where counts are small and few cells hold most of them: `conditional` gives
the exact tails of the same question, `fdr` the adjustment for asking it once per cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from hotspot.errors import InvalidParameter
from hotspot.stats.weights import Weights, neighbour_sums, weight_moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.lattice import Lattice

# The fourth moment divides by n (n - 1) (n - 2) (n - 3).
_FEWEST_FOR_GENERAL_G = 4


@dataclass(frozen=True, slots=True)
class GeneralG:
    """
    How much high values lie beside high values, over the whole map.

    Parameters
    ----------
    g
        Share of the products of all pairs that neighbours hold, 0 to 1.
    expected
        The same when values are dealt out at random.
    variance
        Of the same.
    """

    g: float
    expected: float
    variance: float

    @property
    def z(self) -> float:
        """Standard deviations above what is expected; above 0 where high values lie together."""
        return (self.g - self.expected) / float(np.sqrt(self.variance)) if self.variance > 0 else 0.0

    @property
    def p_one_sided(self) -> float:
        """Chance of as large a deviation in the direction that was seen (what PySAL prints), at most .5."""
        return float(norm.sf(abs(self.z)))

    @property
    def p_two_sided(self) -> float:
        """Chance of as large a deviation in either direction."""
        return 2 * self.p_one_sided


def gi(
    value: NDArray[np.float64], weights: Weights | Lattice, *, is_binary_variance: bool = False
) -> NDArray[np.float64]:
    """
    Tell how unusual the sum over the neighbours of each cell is, the cell itself left out.

    Parameters
    ----------
    value
        One number per cell, such as a count; cells without incidents included, shape (n,).
    weights
        The neighbours.
    is_binary_variance
        Whether to take the variance of weights of 1 whatever they are, as PySAL's esda does. With
        row-standardised weights that is too large and gives too small a z; for comparisons only.

    Returns
    -------
    ndarray
        Standard deviations above what is expected, shape (n,). 0 where there is nothing to compare: no
        neighbours, no other cells, or values that are all equal.

    Raises
    ------
    InvalidParameter
        If a value is not finite or there is not one per cell.

    Notes
    -----
    Mean and variance are those of the other cells; z does not change when all weights of a cell are scaled.
    """
    sums = neighbour_sums(value, weights)
    value = np.asarray(value, np.float64)
    others = value.size - 1
    # Deviations from the mean, so that large counts do not lose the variance to rounding.
    deviation = _deviation(value)
    total_square = float((deviation**2).sum())
    mean = -deviation / max(others, 1)
    variance = np.maximum(total_square - deviation**2, 0.0) / max(others, 1) - mean**2
    lag = sums.lag - sums.weight * value.mean() if value.size else sums.lag
    squared = sums.weight if is_binary_variance else sums.squared
    return _standardised(lag - mean * sums.weight, variance, others, sums.weight, squared, total_square)


def gi_star(
    value: NDArray[np.float64], weights: Weights | Lattice, *, is_binary_variance: bool = False
) -> NDArray[np.float64]:
    """
    Tell how unusual the sum over each cell and its neighbours is.

    Parameters
    ----------
    value
        One number per cell, such as a count; cells without incidents included, shape (n,).
    weights
        The neighbours. A cell for which no weight of its own was chosen gets the largest of its neighbours'
        weights, a cell without neighbours 1.
    is_binary_variance
        Whether to take the variance of weights of 1 whatever they are, as PySAL's esda does.

    Returns
    -------
    ndarray
        Standard deviations above what is expected, shape (n,); 0 where all values are equal or where a cell
        has all the others as neighbours.

    Raises
    ------
    InvalidParameter
        If a value is not finite or there is not one per cell.
    """
    sums = neighbour_sums(value, weights)
    value = np.asarray(value, np.float64)
    n = value.size
    deviation = _deviation(value)
    own = np.where(sums.own > 0, sums.own, np.where(sums.neighbours > 0, sums.largest, 1.0))
    weight = sums.weight + own
    squared = weight if is_binary_variance else sums.squared + own**2
    total_square = float((deviation**2).sum())
    mean = value.mean() if n else 0.0
    lag = sums.lag - sums.weight * mean + own * deviation
    return _standardised(lag, np.full(n, total_square / max(n, 1)), n, weight, squared, total_square)


def general_g(value: NDArray[np.float64], weights: Weights | Lattice) -> GeneralG:
    """
    Tell whether high values lie beside high values, over the whole map.

    Parameters
    ----------
    value
        One number of at least 0 per cell, shape (n,), n at least 4; at least two above 0.
    weights
        The neighbours; a cell's own weight plays no part.

    Returns
    -------
    GeneralG
        The statistic and its moments under random dealing (Getis & Ord 1992).

    Raises
    ------
    InvalidParameter
        If a value is below 0 or not finite, or there are too few.
    """
    sums = neighbour_sums(value, weights)
    value = np.asarray(value, np.float64)
    if value.size < _FEWEST_FOR_GENERAL_G or value.min() < 0 or np.count_nonzero(value) < 2:  # noqa: PLR2004 - a pair
        raise InvalidParameter("value must have at least 4 numbers, none below 0 and two above it")
    n = value.size
    m1, m2, m3, m4 = (float((value**power).sum()) for power in (1, 2, 3, 4))
    s0, s1, s2 = weight_moments(weights)
    b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    square = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    square /= (m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3)
    expected = s0 / (n * (n - 1))
    return GeneralG(float((value * sums.lag).sum()) / (m1**2 - m2), expected, square - expected**2)


def _deviation(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Subtract the mean; equal values deviate by nothing, not by the rounding of their mean."""
    return value - value.mean() if value.size and value.min() < value.max() else np.zeros(value.size)


def _standardised(
    excess: NDArray[np.float64],
    variance: NDArray[np.float64],
    drawn_from: int,
    weight: NDArray[np.float64],
    squared: NDArray[np.float64],
    total_square: float,
) -> NDArray[np.float64]:
    """Divide by the standard deviation of a weighted sum of values drawn without return, if any."""
    spread = (drawn_from * squared - weight**2) / max(drawn_from - 1, 1)
    # What is left by rounding, of a spread or of a variance that is truly 0, must not be divided by.
    has_spread = (spread > 1e-12 * drawn_from * squared) & (variance * drawn_from > 1e-12 * total_square)
    scale = np.sqrt(np.where(has_spread, variance * spread, 1.0))
    return np.where(has_spread, excess / scale, 0.0)
