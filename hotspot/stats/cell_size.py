"""
How large should the cells of a grid be? Two rules of practice.

Question: which side shows the streets and still holds enough incidents to a cell?
Null: none. Both rules look at the extent of the data only, not at how many there are.
Cost: one pass.
References: sfhotspot (R package), automatic cell size; Chainey (2013), Examining the influence of cell size
and bandwidth size on kernel density estimation crime hotspot maps for predicting spatial patterns of crime.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS_ALONG_SHORTER_SIDE = 50
_ROUND_M = 100.0
"""sfhotspot: a fiftieth of the shorter side, in whole hundreds of metres where that leaves anything."""

_CHAINEY_CELLS_ALONG_SHORTER_SIDE = 150


def default_side_m(xy_m: NDArray[np.float64]) -> float:
    """
    Choose a side for which the shorter side of the data's bounds has about fifty cells (sfhotspot).

    Parameters
    ----------
    xy_m
        Places in metres, not all on one horizontal or vertical line, shape (n, 2).

    Returns
    -------
    float
        A fiftieth of the shorter side, rounded down to a multiple of 100 m where that is above 0.

    Raises
    ------
    InvalidParameter
        If the places span no area.

    Examples
    --------
    >>> default_side_m(np.array([[0.0, 0.0], [30_000.0, 12_700.0]]))
    200.0
    """
    side_m = _shorter_side_m(xy_m) / _CELLS_ALONG_SHORTER_SIDE
    rounded_m = math.floor(side_m / _ROUND_M) * _ROUND_M
    return rounded_m if rounded_m > 0 else side_m


def chainey_side_m(xy_m: NDArray[np.float64]) -> float:
    """
    Choose the side of cells for a density surface: the shorter side of the data's bounds by 150.

    Parameters
    ----------
    xy_m
        Places in metres as for `default_side_m`, shape (n, 2).

    Returns
    -------
    float
        Metres, not rounded. The rule's bandwidth is five such sides.

    Examples
    --------
    >>> chainey_side_m(np.array([[0.0, 0.0], [9000.0, 7500.0]]))
    50.0
    """
    return _shorter_side_m(xy_m) / _CHAINEY_CELLS_ALONG_SHORTER_SIDE


def _shorter_side_m(xy_m: NDArray[np.float64]) -> float:
    """Length of the shorter side of the bounds."""
    if len(xy_m) == 0 or not np.isfinite(xy_m).all():
        raise InvalidParameter(f"xy_m must hold at least one place, all finite, got {len(xy_m)} places")
    side_m = float(np.ptp(xy_m, axis=0).min())
    if side_m == 0:
        raise InvalidParameter("xy_m must span an area, got places on one line along an axis")
    return side_m
