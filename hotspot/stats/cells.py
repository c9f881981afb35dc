"""
How many incidents fall in each square of a grid? Square cells in metres over a study area.

Question: which part of the city is one unit of analysis, and what was counted in it?
Null: none; cells describe. A cell in which nothing can happen (meadow, water) is no evidence of calm: leave
it out with `hotspot.stats.developed`.
Cost: a few nanoseconds per incident; one test of intersection per cell when the study area is a polygon.
Reference: the grid over a hull is that of the R package sfhotspot. `hotspot.stats.cell_size` has rules for
the side.

Cells are numbered from the south-west, row by row, over those that are kept. A cell holds its western and
southern border, not the others, so that every place lies in at most one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
import shapely

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

NO_CELL = -1
"""Number for a place that lies in no cell."""

MOST_CELLS = 50_000_000
"""Bound on the cells of a grid, kept or not: a country in squares of 30 m; beyond it a unit is wrong."""

_QUARTER_SEGMENTS = 30
"""Segments per quarter circle of a widened hull: the default of R's sf."""


@dataclass(frozen=True, slots=True, eq=False)
class SquareCells:
    """
    A grid of squares of which some are kept.

    Parameters
    ----------
    west_m, south_m
        South-western corner of the grid in metres.
    side_m
        Side of a cell in metres.
    kept
        Which cells are part of the study area, southern row first, shape (rows, columns).
    """

    west_m: float
    south_m: float
    side_m: float
    kept: NDArray[np.bool_]

    @property
    def n_cells(self) -> int:
        """Number of cells that are kept."""
        return int(np.count_nonzero(self.kept))

    @property
    def area_m2(self) -> float:
        """Area of one cell."""
        return self.side_m**2

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the whole grid."""
        rows, columns = self.kept.shape
        return (
            self.west_m,
            self.south_m,
            self.west_m + columns * self.side_m,
            self.south_m + rows * self.side_m,
        )


def square_cells(
    bounds_m: tuple[float, float, float, float], *, side_m: float, study_area: BaseGeometry | None = None
) -> SquareCells:
    """
    Lay squares over bounds, beginning in the south-western corner.

    Parameters
    ----------
    bounds_m
        West, south, east and north in metres; the last row and column may reach beyond.
    side_m
        Side of a cell in metres, above 0.
    study_area
        Cells that this geometry touches or overlaps are kept; all if absent. For cells whose centre it
        covers, use `keep` with `shapely.contains_xy`.

    Returns
    -------
    SquareCells
        The cells.

    Raises
    ------
    InvalidParameter
        If a number is not finite, a side is not above 0, or there would be more than `MOST_CELLS`.

    Examples
    --------
    >>> square_cells((0, 0, 100, 40), side_m=20).n_cells
    10
    """
    west_m, south_m, east_m, north_m = bounds_m
    if not (0 < side_m < math.inf):
        raise InvalidParameter(f"side_m must be above 0 and finite, got {side_m}")
    if not (-math.inf < west_m <= east_m < math.inf and -math.inf < south_m <= north_m < math.inf):
        raise InvalidParameter(
            f"bounds_m must be finite and in the order west, south, east, north, got {bounds_m}"
        )
    columns, rows = _steps(east_m - west_m, side_m), _steps(north_m - south_m, side_m)
    if columns * rows > MOST_CELLS:
        raise InvalidParameter(
            f"a grid has at most {MOST_CELLS} cells, side_m {side_m} gives {columns * rows}"
        )
    cells = SquareCells(float(west_m), float(south_m), float(side_m), np.ones((rows, columns), np.bool_))
    if study_area is None:
        return cells
    shapely.prepare(study_area)
    corners_m = vertices_m(cells)
    boxes = shapely.box(*corners_m[:, 0].T, *corners_m[:, 2].T)
    return keep(cells, np.asarray(shapely.intersects(study_area, boxes)))


def hull_cells(xy_m: NDArray[np.float64], *, side_m: float) -> SquareCells:
    """
    Lay squares over the convex hull of places: the study area when nothing better is known (sfhotspot).

    Parameters
    ----------
    xy_m
        Places in metres, at least one, shape (n, 2).
    side_m
        Side of a cell in metres, above 0.

    Returns
    -------
    SquareCells
        Cells that the hull, widened by half a cell on all sides, touches, of a grid over its bounds.

    Raises
    ------
    InvalidParameter
        If there is no place, or one is not finite.
    """
    if len(xy_m) == 0 or not np.isfinite(xy_m).all():
        raise InvalidParameter(f"xy_m must hold at least one place, all finite, got {len(xy_m)} places")
    if not (0 < side_m < math.inf):
        raise InvalidParameter(f"side_m must be above 0 and finite, got {side_m}")
    west_m, south_m = xy_m.min(axis=0) - side_m / 2
    east_m, north_m = xy_m.max(axis=0) + side_m / 2
    hull = shapely.MultiPoint(xy_m).convex_hull.buffer(side_m / 2, quad_segs=_QUARTER_SEGMENTS)
    return square_cells((west_m, south_m, east_m, north_m), side_m=side_m, study_area=hull)


def keep(cells: SquareCells, wanted: NDArray[np.bool_]) -> SquareCells:
    """
    Keep only some of the cells.

    Parameters
    ----------
    cells
        The cells.
    wanted
        One answer for each kept cell, shape (n_cells,).

    Returns
    -------
    SquareCells
        Those that were kept and are wanted, numbered anew.

    Examples
    --------
    >>> keep(square_cells((0, 0, 60, 20), side_m=20), np.array([True, False, True])).n_cells
    2
    """
    kept = np.zeros(cells.kept.shape, np.bool_)
    kept[cells.kept] = wanted
    return SquareCells(cells.west_m, cells.south_m, cells.side_m, kept)


def centres_m(cells: SquareCells) -> NDArray[np.float64]:
    """
    Tell the middle of each cell.

    Parameters
    ----------
    cells
        The cells.

    Returns
    -------
    ndarray
        Metres, shape (n_cells, 2).
    """
    row, column = np.nonzero(cells.kept)
    return np.column_stack(
        [cells.west_m + (column + 0.5) * cells.side_m, cells.south_m + (row + 0.5) * cells.side_m]
    )


def vertices_m(cells: SquareCells) -> NDArray[np.float64]:
    """
    Tell the corners of each cell, counter-clockwise from the south-west.

    Parameters
    ----------
    cells
        The cells.

    Returns
    -------
    ndarray
        Metres, shape (n_cells, 4, 2). Corners of neighbours are equal to the last digit.
    """
    row, column = np.nonzero(cells.kept)
    x_m = cells.west_m + (column[:, None] + np.array([0, 1, 1, 0])) * cells.side_m
    y_m = cells.south_m + (row[:, None] + np.array([0, 0, 1, 1])) * cells.side_m
    return np.stack([x_m, y_m], axis=2)


def cell_of(cells: SquareCells, xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Find the cell in which each place lies.

    Parameters
    ----------
    cells
        The cells.
    xy_m
        Places in metres; in none where not finite, shape (n, 2).

    Returns
    -------
    ndarray
        Number of the cell, `NO_CELL` (-1) for none, shape (n,).

    Examples
    --------
    >>> cell_of(square_cells((0, 0, 40, 40), side_m=20), np.array([[5.0, 25.0], [20.0, 0.0], [40.0, 0.0]]))
    array([ 2,  1, -1])
    """
    rows, columns = cells.kept.shape
    across = np.floor((xy_m[:, 0] - cells.west_m) / cells.side_m)
    up = np.floor((xy_m[:, 1] - cells.south_m) / cells.side_m)
    # Written so that NaN, which fails every comparison, is in no cell.
    within = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
    number = np.full(cells.kept.shape, NO_CELL, np.int64)
    number[cells.kept] = np.arange(cells.n_cells)
    found = np.full(len(xy_m), NO_CELL, np.int64)
    found[within] = number[up[within].astype(np.int64), across[within].astype(np.int64)]
    return found


def is_in_cells(cells: SquareCells, xy_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """
    Tell which places lie in a kept cell.

    Parameters
    ----------
    cells
        The cells.
    xy_m
        Places in metres, shape (n, 2).

    Returns
    -------
    ndarray of bool
        One answer per place, shape (n,).
    """
    inside = np.empty(len(xy_m), np.bool_)
    _look_up(cells.kept, np.ascontiguousarray(xy_m), cells.west_m, cells.south_m, cells.side_m, inside)
    return inside


@numba.njit(cache=True, nogil=True)
def _look_up(
    kept: NDArray[np.bool_],
    xy_m: NDArray[np.float64],
    west_m: float,
    south_m: float,
    side_m: float,
    inside: NDArray[np.bool_],
) -> None:
    """Look each place up in the grid; the same arithmetic as `cell_of`."""
    rows, columns = kept.shape
    for i in range(len(xy_m)):
        across, up = math.floor((xy_m[i, 0] - west_m) / side_m), math.floor((xy_m[i, 1] - south_m) / side_m)
        inside[i] = 0 <= across < columns and 0 <= up < rows and kept[up, across]


def cell_counts(
    cell: NDArray[np.int64], *, n_cells: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """
    Add up the incidents, or their weights, of each cell; hexagons too.

    Parameters
    ----------
    cell
        Number of the cell of each place, `NO_CELL` for none, shape (n,).
    n_cells
        Number of cells.
    weights
        Incidents at each place, 1 if absent, shape (n,).

    Returns
    -------
    ndarray
        Sum of each cell, 0 where there is none, shape (n_cells,).

    Examples
    --------
    >>> cell_counts(np.array([2, -1, 2, 0]), n_cells=3).tolist()
    [1.0, 0.0, 2.0]
    """
    inside = cell >= 0
    weight = None if weights is None else weights[inside]
    return np.bincount(cell[inside], weights=weight, minlength=n_cells).astype(np.float64)


def raster(cells: SquareCells, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Lay one value per cell out as an image, southern row first.

    Parameters
    ----------
    cells
        The cells.
    values
        One value for each kept cell, shape (n_cells,).

    Returns
    -------
    ndarray
        NaN where no cell is kept, shape (rows, columns).
    """
    image = np.full(cells.kept.shape, np.nan)
    image[cells.kept] = values
    return image


def _steps(length_m: float, side_m: float) -> int:
    """Cells that cover a length, at least one; a rounding error of the length is no further cell."""
    return max(1, math.ceil(length_m / side_m * (1 - 1e-12)))
