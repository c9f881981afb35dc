"""
How many incidents fall in each hexagon? Regular hexagons of equal area in metres over a study area.

Question: as for square cells; a hexagon's neighbours are all equally far, and it has no corners that only
touch.
Null: none; cells describe.
Cost: some ten nanoseconds per incident.
Reference: Carr, Olsen & White (1992), Hexagon mosaic maps; the two rectangular lattices are theirs.

These are exact in the plane and for analysis. For exchange with others who count in the cells of H3, which
are neither equal in area nor measured in metres, see `hotspot.stats.h3_cells`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import shapely

from hotspot.errors import InvalidParameter
from hotspot.stats.cells import MOST_CELLS, NO_CELL

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Top: TypeAlias = Literal["pointy", "flat"]
"""What is at the northern end of a hexagon: a corner or a side."""


@dataclass(frozen=True, slots=True, eq=False)
class HexagonCells:
    """
    A mosaic of regular hexagons of which some are kept.

    Pointy ones lie in rows, of which every second is shifted to the east by half a hexagon; flat ones are
    the same with both axes exchanged, so that their "rows" run to the north.

    Parameters
    ----------
    west_m, south_m
        Centre of the first hexagon of the first row in metres.
    side_m
        Side of a hexagon, also the distance from its centre to a corner, in metres.
    top
        Which way they lie.
    kept
        Which are part of the study area, shape (rows, hexagons in a row).
    """

    west_m: float
    south_m: float
    side_m: float
    top: Top
    kept: NDArray[np.bool_]

    @property
    def n_cells(self) -> int:
        """Number of hexagons that are kept."""
        return int(np.count_nonzero(self.kept))

    @property
    def area_m2(self) -> float:
        """Area of one hexagon."""
        return 1.5 * math.sqrt(3.0) * self.side_m**2


def side_of_area_m(area_m2: float) -> float:
    """
    Tell the side of a hexagon of an area.

    Parameters
    ----------
    area_m2
        Area in square metres, above 0.

    Returns
    -------
    float
        Side in metres.

    Raises
    ------
    InvalidParameter
        If the area is not above 0.

    Examples
    --------
    >>> round(side_of_area_m(10_000.0), 3)
    62.04
    """
    if not 0 < area_m2 < math.inf:
        raise InvalidParameter(f"area_m2 must be above 0 and finite, got {area_m2}")
    return math.sqrt(area_m2 / (1.5 * math.sqrt(3.0)))


def hexagon_cells(
    bounds_m: tuple[float, float, float, float],
    *,
    side_m: float,
    top: Top = "pointy",
    study_area: BaseGeometry | None = None,
) -> HexagonCells:
    """
    Lay hexagons over bounds so that they cover all of it.

    Parameters
    ----------
    bounds_m
        West, south, east and north in metres; the first hexagon has its centre in the south-western corner.
    side_m
        Side of a hexagon in metres, above 0; `side_of_area_m` finds that of an area.
    top
        Whether a corner (`pointy`) or a side (`flat`) is at the northern end.
    study_area
        Hexagons that this geometry touches or overlaps are kept; those that touch the bounds if absent.

    Returns
    -------
    HexagonCells
        The hexagons.

    Raises
    ------
    InvalidParameter
        If a number is not finite, the side not above 0, or there would be more than `MOST_CELLS`.

    Examples
    --------
    >>> hexagon_cells((0, 0, 10, 9), side_m=10).n_cells
    3
    """
    west_m, south_m, east_m, north_m = bounds_m
    if not 0 < side_m < math.inf:
        raise InvalidParameter(f"side_m must be above 0 and finite, got {side_m}")
    if top not in {"pointy", "flat"}:
        raise InvalidParameter(f"top must be pointy or flat, got {top!r}")
    if not (-math.inf < west_m <= east_m < math.inf and -math.inf < south_m <= north_m < math.inf):
        raise InvalidParameter(
            f"bounds_m must be finite and in the order west, south, east, north, got {bounds_m}"
        )
    along_m, across_m = east_m - west_m, north_m - south_m
    if top == "flat":
        along_m, across_m = across_m, along_m
    # One more on the west covers what the shift of every second row leaves open.
    rows, columns = (
        math.floor(across_m / (1.5 * side_m)) + 2,
        math.floor(along_m / (math.sqrt(3) * side_m)) + 3,
    )
    if rows * columns > MOST_CELLS:
        raise InvalidParameter(
            f"a mosaic has at most {MOST_CELLS} cells, side_m {side_m} gives {rows * columns}"
        )
    width_m = math.sqrt(3.0) * side_m
    corner_m = (west_m - width_m, south_m) if top == "pointy" else (west_m, south_m - width_m)
    cells = HexagonCells(*corner_m, float(side_m), top, np.ones((rows, columns), np.bool_))
    area = shapely.box(*bounds_m) if study_area is None else study_area
    shapely.prepare(area)
    return keep(cells, np.asarray(shapely.intersects(area, shapely.polygons(vertices_m(cells)))))


def keep(cells: HexagonCells, wanted: NDArray[np.bool_]) -> HexagonCells:
    """
    Keep only some of the hexagons.

    Parameters
    ----------
    cells
        The hexagons.
    wanted
        One answer for each kept hexagon, shape (n_cells,).

    Returns
    -------
    HexagonCells
        Those that were kept and are wanted, numbered anew.
    """
    kept = np.zeros(cells.kept.shape, np.bool_)
    kept[cells.kept] = wanted
    return HexagonCells(cells.west_m, cells.south_m, cells.side_m, cells.top, kept)


def centres_m(cells: HexagonCells) -> NDArray[np.float64]:
    """
    Tell the middle of each hexagon.

    Parameters
    ----------
    cells
        The hexagons.

    Returns
    -------
    ndarray
        Metres, shape (n_cells, 2).
    """
    row, column = np.nonzero(cells.kept)
    along_m, across_m = _laid_out(row, column, cells.side_m)
    x_m, y_m = (along_m, across_m) if cells.top == "pointy" else (across_m, along_m)
    return np.column_stack([cells.west_m + x_m, cells.south_m + y_m])


def vertices_m(cells: HexagonCells) -> NDArray[np.float64]:
    """
    Tell the corners of each hexagon, counter-clockwise.

    Parameters
    ----------
    cells
        The hexagons.

    Returns
    -------
    ndarray
        Metres, shape (n_cells, 6, 2); corners of neighbours are equal but for rounding.
    """
    start = 30.0 if cells.top == "pointy" else 0.0
    angle = np.radians(start + 60.0 * np.arange(6))
    corners_m: NDArray[np.float64] = centres_m(cells)[:, None] + cells.side_m * np.column_stack(
        [np.cos(angle), np.sin(angle)]
    )
    return corners_m


def cell_of(cells: HexagonCells, xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Find the hexagon in which each place lies.

    Parameters
    ----------
    cells
        The hexagons.
    xy_m
        Places in metres; in none where not finite, shape (n, 2).

    Returns
    -------
    ndarray
        Number of the hexagon, that is of the nearest centre, `NO_CELL` (-1) if it is not kept, shape (n,). A
        place equally near to two, on their common side, belongs to one and the same of them always.

    Examples
    --------
    >>> cells = hexagon_cells((0, 0, 300, 300), side_m=100.0)
    >>> bool((cell_of(cells, centres_m(cells)) == np.arange(cells.n_cells)).all())
    True
    """
    along, across = xy_m[:, 0] - cells.west_m, xy_m[:, 1] - cells.south_m
    if cells.top == "flat":
        along, across = xy_m[:, 1] - cells.south_m, xy_m[:, 0] - cells.west_m
    known = np.isfinite(along) & np.isfinite(across)
    along, across = np.where(known, along, 0.0), np.where(known, across, 0.0)
    # Even rows and odd rows are a rectangular lattice each; the nearest centre of all is that of one of them.
    width_m, pitch_m = math.sqrt(3.0) * cells.side_m, 1.5 * cells.side_m
    even_column, even_row = np.round(along / width_m), 2.0 * np.round(across / (2 * pitch_m))
    odd_column = np.round(along / width_m - 0.5)
    odd_row = 2.0 * np.round((across / pitch_m - 1.0) / 2) + 1.0
    even_m2 = (along - even_column * width_m) ** 2 + (across - even_row * pitch_m) ** 2
    odd_m2 = (along - (odd_column + 0.5) * width_m) ** 2 + (across - odd_row * pitch_m) ** 2
    is_even = even_m2 <= odd_m2
    row, column = np.where(is_even, even_row, odd_row), np.where(is_even, even_column, odd_column)
    rows, columns = cells.kept.shape
    within = known & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    number = np.full(cells.kept.shape, NO_CELL, np.int64)
    number[cells.kept] = np.arange(cells.n_cells)
    found = np.full(len(xy_m), NO_CELL, np.int64)
    found[within] = number[row[within].astype(np.int64), column[within].astype(np.int64)]
    return found


def _laid_out(
    row: NDArray[np.int64], column: NDArray[np.int64], side_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tell how far along its row and across the rows a hexagon's centre lies."""
    along_m = math.sqrt(3.0) * side_m * (column.astype(np.float64) + 0.5 * (row % 2))
    return along_m, 1.5 * side_m * row.astype(np.float64)
