"""
How small is a p-value that is smaller than a thousand replicates can show? The Gumbel tail.

Question: how often would chance give a maximum as large as this, beyond the largest replicate?
Null: that of the replicates; their maxima follow a Gumbel distribution, which holds well for scan statistics.
Cost: a mean and a standard deviation.
Reference: Abrams, Kleinman & Kulldorff (2010), Gumbel based p-value approximations for spatial scan
statistics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Gumbel:
    """
    A Gumbel distribution of maxima.

    Parameters
    ----------
    location
        The mode, mu.
    scale
        The spread, beta; 0 if all maxima were the same.
    """

    location: float
    scale: float

    def p_value(self, observed: float) -> float:
        """
        Chance that a maximum is at least as large.

        Parameters
        ----------
        observed
            The maximum as it came.

        Returns
        -------
        float
            Above 0 unless it is too small for a float; at most 1.
        """
        if self.scale == 0.0:
            return 1.0 if observed <= self.location else 0.0
        # The exponential of a statistic far below all replicates would overflow; its p-value is 1.
        return -math.expm1(-math.exp(min((self.location - observed) / self.scale, 700.0)))


def gumbel_by_moments(maxima: NDArray[np.float64]) -> Gumbel:
    """
    Fit a Gumbel distribution by its mean and standard deviation.

    Parameters
    ----------
    maxima
        The largest statistic of each replicate, shape (r,), at least 2.

    Returns
    -------
    Gumbel
        The distribution.

    Raises
    ------
    InvalidParameter
        If there are fewer than two maxima or one is not finite.

    Examples
    --------
    >>> fit = gumbel_by_moments(np.array([3.1, 4.2, 5.0, 2.8, 6.3, 4.4, 3.9, 5.5, 4.1]))
    >>> round(fit.scale, 6), round(fit.location, 6), round(fit.p_value(10.0), 8)
    (0.862966, 3.868549, 0.00082058)
    """
    if maxima.size < 2 or not np.isfinite(maxima).all():  # noqa: PLR2004 -- One value has no spread.
        raise InvalidParameter(f"maxima must be at least 2 finite numbers, got {maxima.size}")
    scale = float(maxima.std(ddof=1)) * math.sqrt(6.0) / math.pi
    return Gumbel(location=float(maxima.mean()) - np.euler_gamma * scale, scale=scale)
