"""
Where does the densest part begin? The value that cuts a surface so that a share of the area lies above it.

Question: which one per cent (say) of the area has the highest values, for a map or for a fair comparison?
Null: none. Some part of any surface is its densest: this makes equal areas, not significance.
Cost: sorting the cells.
Reference: Chainey, Tompson & Uhlig (2008), The utility of hotspot mapping for predicting spatial patterns of
crime, who compare methods at equal area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-9
"""Share of the area by which a sum of cells may exceed a share through rounding alone."""


def top_share_threshold(
    density: NDArray[np.float64], area_m2: float | NDArray[np.float64], *, share: float
) -> float:
    """
    Find the value above which a share of the area lies, or less where equal values forbid it.

    Parameters
    ----------
    density
        Value of each cell; NaN is no part of the area, shape (n,).
    area_m2
        Area of each cell, shape (n,), or of all, above 0.
    share
        Share of the area, 0 to 1.

    Returns
    -------
    float
        The lowest value v for which the cells with `density > v` have at most the share of the area; minus
        infinity for all of it.

    Raises
    ------
    InvalidParameter
        If there is no cell, or a number is out of bounds.

    Examples
    --------
    >>> top_share_threshold(np.array([5.0, 1.0, 4.0, 4.0]), 100.0, share=0.5)
    4.0
    >>> top_share_threshold(np.array([5.0, 1.0, 4.0, 4.0]), 100.0, share=0.75)
    1.0
    """
    area, known = _areas(density, area_m2, share)
    return _threshold(density[known], area, share * float(area.sum()))


def top_mass_threshold(
    density: NDArray[np.float64], area_m2: float | NDArray[np.float64], *, share: float
) -> float:
    """
    Find the value at and above which the smallest area holds a share of all incidents.

    Parameters
    ----------
    density
        Incidents per square metre in each cell, 0 or more; NaN is no part of the area, shape (n,).
    area_m2
        Area of each cell, shape (n,), or of all, above 0.
    share
        Share of the incidents, 0 to 1.

    Returns
    -------
    float
        The highest value v of a cell for which the cells with `density >= v` hold at least the share.

    Raises
    ------
    InvalidParameter
        If there is no cell, or a number is out of bounds.

    Examples
    --------
    >>> top_mass_threshold(np.array([6.0, 1.0, 3.0]), 1.0, share=0.6), top_mass_threshold(
    ...     np.array([6.0, 1.0, 3.0]), 1.0, share=0.7
    ... )
    (6.0, 3.0)
    """
    area, known = _areas(density, area_m2, share)
    value = density[known]
    if (value < 0).any():
        raise InvalidParameter(f"density must be 0 or more, got {value.min()}")
    order = np.argsort(-value, kind="stable")
    held = np.cumsum((value * area)[order])
    enough = held >= share * held[-1] * (1 - _ROUNDING)
    return float(value[order][int(np.argmax(enough))])


def top_share(
    density: NDArray[np.float64], area_m2: float | NDArray[np.float64], *, share: float
) -> NDArray[np.bool_]:
    """
    Choose the densest cells up to a share of the area, cells of equal value in their order.

    Parameters
    ----------
    density, area_m2, share
        As for `top_share_threshold`.

    Returns
    -------
    ndarray of bool
        The longest run of cells, in descending order of their values, that has at most the share of the area,
        shape (n,). Methods with many equal values (counts) are given as much area as the others.

    Raises
    ------
    InvalidParameter
        As for `top_share_threshold`.

    Examples
    --------
    >>> top_share(np.array([5.0, 1.0, 4.0, 4.0]), 100.0, share=0.5).tolist()
    [True, False, True, False]
    """
    area, known = _areas(density, area_m2, share)
    order = np.argsort(-density[known], kind="stable")
    fits = np.cumsum(area[order]) <= share * float(area.sum()) * (1 + _ROUNDING)
    chosen = np.zeros(len(density), np.bool_)
    chosen[np.flatnonzero(known)[order[fits]]] = True
    return chosen


def _areas(
    density: NDArray[np.float64], area_m2: float | NDArray[np.float64], share: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Check what came; give the areas of the cells that have a value, and which these are."""
    known = ~np.isnan(density)
    area = np.broadcast_to(np.asarray(area_m2, np.float64), density.shape)[known]
    if not 0 <= share <= 1:
        raise InvalidParameter(f"share must be 0 to 1, got {share}")
    if area.size == 0 or not (np.isfinite(area) & (area > 0)).all():
        raise InvalidParameter(f"area_m2 must be above 0 for at least one cell with a value, got {area_m2}")
    return area, known


def _threshold(value: NDArray[np.float64], area: NDArray[np.float64], allowed_m2: float) -> float:
    """Find the first value, from above, whose cells no longer fit."""
    order = np.argsort(-value, kind="stable")
    too_much = np.cumsum(area[order]) > allowed_m2 * (1 + _ROUNDING)
    if not too_much.any():
        return float("-inf")
    return float(value[order][int(np.argmax(too_much))])
