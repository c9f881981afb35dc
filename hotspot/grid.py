"""
Polygons under a grid of cells, to find the one that covers a point and the one nearest to it.

The answer equals that of `shapely.covers` for every point, however close to a border, and costs a few tens of
nanoseconds per point: the grid knows which cells lie wholly in a polygon; in the other cells a ray to the
right counts the borders it crosses (Shimrat 1962). Where rounding could turn a sign (the error bound of
Shewchuk 1997), GEOS decides, which computes with twice the digits.

References
----------
M. Shimrat, "Algorithm 112: Position of point relative to polygon", CACM 5(8), 1962.
J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust geometric predicates", 1997.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon

NOWHERE = -1
"""Position for a point that no polygon covers."""

_DOUBTFUL = -2
"""Position of a point so close to a border that double precision cannot tell the side."""

_FARTHEST_M = float(np.finfo(np.float64).max)
"""More than any distance, less than none."""

_OUTSIDE, _COVERED, _UNSURE = 0, 1, 2

_ORIENTATION_ERROR = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
"""Relative bound on the error of the orientation determinant (Shewchuk 1997, ccwerrboundA)."""

_CELLS_PER_ROOT_EDGE = 4
"""Grid cells along each axis per square root of the number of edges; 2 to 16 are equally fast."""

_MOST_CELLS_PER_AXIS = 1024
"""Bound on the grid: at most a million cells."""

_SMALLEST_CELL_M = 0.01
"""Side of a cell in metres, at the least: far above the rounding of coordinates of a country's size."""


class _Shape(NamedTuple):
    """Where the cells lie: a square number of them over the bounds of all polygons."""

    west_m: float
    south_m: float
    columns_per_m: float
    rows_per_m: float
    n_cells: int


class _Bands(NamedTuple):
    """
    The edges of each polygon by row of cells.

    `spans` holds first and last column and first and last row of each polygon. The bands of polygon k begin
    at `first_band[k]`, which stands for its first row; the edges in band b are
    `edge[start[b]:start[b + 1]]`, rows of `edges_m` (x1, y1, x2, y2).
    """

    edges_m: NDArray[np.float64]
    spans: NDArray[np.int64]
    first_band: NDArray[np.int64]
    start: NDArray[np.int64]
    edge: NDArray[np.int64]


class _Cells(NamedTuple):
    """
    What each cell, row by row, holds.

    Cell c is touched by the polygons `candidate[start[c]:start[c + 1]]`, in their order: each is twice the
    position of the polygon, plus one where it covers the whole cell. `clear` counts the cells, in all
    directions, from a cell to the nearest one that holds an edge.
    """

    shape: _Shape
    bands: _Bands
    start: NDArray[np.int64]
    candidate: NDArray[np.int64]
    clear: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Grid:
    """
    Polygons laid under cells; `grid` makes it, `covering` and `nearest` ask it.

    Parameters
    ----------
    tree
        The polygons themselves, for the points that are too close to a border for double precision.
    cells
        How they lie under the cells.
    """

    tree: shapely.STRtree
    cells: _Cells


def grid(polygons: Sequence[MultiPolygon]) -> Grid:
    """
    Lay a grid over polygons.

    Parameters
    ----------
    polygons
        Valid polygons with an area, in metres; at least one.

    Returns
    -------
    Grid
        The polygons under cells, in the same order.
    """
    geometries: NDArray[np.object_] = np.array(polygons, dtype=np.object_)
    edges_m, owner = _edges(geometries)
    west_m, south_m, east_m, north_m = shapely.total_bounds(geometries).tolist()
    n = min(
        _CELLS_PER_ROOT_EDGE * math.isqrt(len(edges_m)),
        _MOST_CELLS_PER_AXIS,
        1 + int(min(east_m - west_m, north_m - south_m) / _SMALLEST_CELL_M),
    )
    shape = _Shape(west_m, south_m, n / (east_m - west_m), n / (north_m - south_m), n)
    edge_spans = _spans(edges_m, shape)
    bands = _bands(edges_m, edge_spans, owner, _spans(shapely.bounds(geometries), shape))
    cell, candidate = _candidates(shape, bands, edge_spans)
    # The sort is stable: within a cell the polygons stay in their order.
    by_cell = np.argsort(cell, kind="stable")
    touched = np.zeros(n * n, np.bool_)
    touched[cell[candidate % 2 == 0]] = True
    clear = _steps_to_touched(touched, n)
    start = np.searchsorted(cell[by_cell], np.arange(n * n + 1))
    return Grid(shapely.STRtree(geometries), _Cells(shape, bands, start, candidate[by_cell], clear))


def covering(grid: Grid, points_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Find the first polygon that covers each point, its border counted.

    Parameters
    ----------
    grid
        The polygons.
    points_m
        Points in metres, shape (n, 2); not finite where unknown.

    Returns
    -------
    ndarray
        Positions of polygons, `NOWHERE` where none covers the point, shape (n,).
    """
    found: NDArray[np.int64] = _locate(points_m, grid.cells)
    doubtful = np.flatnonzero(found == _DOUBTFUL)
    if doubtful.size:
        point, polygon = grid.tree.query(shapely.points(points_m[doubtful]), predicate="intersects")
        first = np.full(doubtful.size, len(grid.tree))
        np.minimum.at(first, point, polygon)
        found[doubtful] = np.where(first == len(grid.tree), NOWHERE, first)
    return found


def nearest(grid: Grid, points_m: NDArray[np.float64], *, within_m: float) -> NDArray[np.int64]:
    """
    Find the polygon whose border is nearest to each point; of equally near ones, the first.

    Parameters
    ----------
    grid
        The polygons.
    points_m
        Points in metres, shape (n, 2); not finite where unknown.
    within_m
        Largest distance that counts, in metres.

    Returns
    -------
    ndarray
        Positions of polygons, `NOWHERE` where all are farther, shape (n,).
    """
    found: NDArray[np.int64] = _approach(points_m, grid.cells, within_m)
    return found


def _edges(geometries: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Edges of all rings as (x1, y1, x2, y2), with the position of the polygon of each."""
    parts, polygon_of_part = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring_of_vertex[:-1] == ring_of_vertex[1:]
    edges_m = np.hstack([vertices[:-1], vertices[1:]])[same_ring]
    owner = polygon_of_part[part_of_ring[ring_of_vertex[:-1][same_ring]]]
    return edges_m, owner


def _spans(boxes_m: NDArray[np.float64], shape: _Shape) -> NDArray[np.int64]:
    """First column, last column, first row, last row of boxes or edges, by the arithmetic of the kernels."""
    columns = (boxes_m[:, 0::2] - shape.west_m) * shape.columns_per_m
    rows = (boxes_m[:, 1::2] - shape.south_m) * shape.rows_per_m
    cells = np.hstack([np.sort(columns, axis=1), np.sort(rows, axis=1)]).astype(np.int64)
    return np.minimum(cells, shape.n_cells - 1)


def _bands(
    edges_m: NDArray[np.float64],
    edge_spans: NDArray[np.int64],
    owner: NDArray[np.int64],
    spans: NDArray[np.int64],
) -> _Bands:
    """List the edges of each polygon by row of cells."""
    first_band = np.concatenate([[0], np.cumsum(spans[:, 3] - spans[:, 2] + 1)])
    edge, row = _runs(edge_spans[:, 2], edge_spans[:, 3])
    band = first_band[owner[edge]] + row - spans[owner[edge], 2]
    by_band = np.argsort(band, kind="stable")
    start = np.searchsorted(band[by_band], np.arange(first_band[-1] + 1))
    return _Bands(edges_m, spans, first_band, start, edge[by_band])


def _runs(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write out runs of whole numbers, ends included: which run, and which number."""
    lengths = last - first + 1
    run = np.repeat(np.arange(first.size), lengths)
    start = np.concatenate([[0], np.cumsum(lengths)])
    return run, first[run] + np.arange(run.size) - start[run]


# The mapping of a coordinate to its cell never decreases, rounding included. Hence an edge is listed in every
# cell that holds one of its points, and a cell where no edge is listed lies wholly on one side.


@numba.njit(cache=True)
def _steps_to_touched(touched: NDArray[np.bool_], n: int) -> NDArray[np.int32]:
    """Count the king's moves from each cell of a square grid to the nearest touched one, in two sweeps."""
    steps = np.full((n + 2, n + 2), 2 * n, np.int32)
    for row in range(n):
        for column in range(n):
            if touched[row * n + column]:
                steps[row + 1, column + 1] = 0
    for r in range(1, n + 1):
        for c in range(1, n + 1):
            above = min(steps[r - 1, c - 1], steps[r - 1, c], steps[r - 1, c + 1])
            steps[r, c] = min(steps[r, c], above + 1, steps[r, c - 1] + 1)
    for r in range(n, 0, -1):
        for c in range(n, 0, -1):
            below = min(steps[r + 1, c - 1], steps[r + 1, c], steps[r + 1, c + 1])
            steps[r, c] = min(steps[r, c], below + 1, steps[r, c + 1] + 1)
    return steps[1:-1, 1:-1].copy().ravel()


@numba.njit(cache=True)
def _candidates(
    shape: _Shape, bands: _Bands, edge_spans: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the polygons that touch each cell, by polygon."""
    n, spans = shape.n_cells, bands.spans
    most = np.sum((spans[:, 1] - spans[:, 0] + 1) * (spans[:, 3] - spans[:, 2] + 1))
    cell, candidate = np.empty(most, np.int64), np.empty(most, np.int64)
    touched_by = np.full(n * n, -1)
    count = 0
    for k in range(len(spans)):
        for row in range(spans[k, 2], spans[k, 3] + 1):
            band = bands.first_band[k] + row - spans[k, 2]
            for position in range(bands.start[band], bands.start[band + 1]):
                e = bands.edge[position]
                first, last = _columns_in_row(shape, bands.edges_m[e], edge_spans[e], row)
                for column in range(first, last + 1):
                    here = row * n + column
                    if touched_by[here] != k:
                        touched_by[here] = k
                        cell[count], candidate[count] = here, 2 * k
                        count += 1
            for column in range(spans[k, 0], spans[k, 1] + 1):
                here = row * n + column
                x = shape.west_m + (column + 0.5) / shape.columns_per_m
                y = shape.south_m + (row + 0.5) / shape.rows_per_m
                if touched_by[here] != k and _side(bands, x, y, k, row) == _COVERED:
                    cell[count], candidate[count] = here, 2 * k + 1
                    count += 1
    return cell[:count], candidate[:count]


@numba.njit(cache=True)
def _columns_in_row(
    shape: _Shape, edge_m: NDArray[np.float64], span: NDArray[np.int64], row: int
) -> tuple[int, int]:
    """Columns that an edge may touch in one of its rows, one more on either side against rounding."""
    x1, y1, x2, y2 = edge_m
    if span[1] - span[0] <= 1 or y1 == y2:
        return span[0], span[1]
    per_m = (x2 - x1) / (y2 - y1)
    low = max(min(y1, y2), shape.south_m + row / shape.rows_per_m)
    high = min(max(y1, y2), shape.south_m + (row + 1) / shape.rows_per_m)
    one = (x1 + (low - y1) * per_m - shape.west_m) * shape.columns_per_m
    other = (x1 + (high - y1) * per_m - shape.west_m) * shape.columns_per_m
    first = max(span[0], math.floor(min(one, other)) - 1)
    return first, min(span[1], math.floor(max(one, other)) + 1)


@numba.njit(cache=True)
def _side(bands: _Bands, x: float, y: float, k: int, row: int) -> int:
    """Say on which side of a polygon's border a point in that row of cells lies."""
    band = bands.first_band[k] + row - bands.spans[k, 2]
    inside = False
    for position in range(bands.start[band], bands.start[band + 1]):
        x1, y1, x2, y2 = bands.edges_m[bands.edge[position]]
        if x1 == x and y1 == y:
            return _COVERED
        if (y1 > y) != (y2 > y):
            left, right = (x1 - x) * (y2 - y), (x2 - x) * (y1 - y)
            if abs(left - right) <= _ORIENTATION_ERROR * (abs(left) + abs(right)):
                return _UNSURE
            if (left > right) == (y2 > y1):
                inside = not inside
        elif y1 == y and y2 == y and min(x1, x2) <= x <= max(x1, x2):
            return _COVERED
    return _COVERED if inside else _OUTSIDE


@numba.njit(cache=True)
def _locate(points_m: NDArray[np.float64], cells: _Cells) -> NDArray[np.int64]:
    """Find the first polygon that covers each point."""
    shape, bands = cells.shape, cells.bands
    n = shape.n_cells
    found = np.empty(len(points_m), np.int64)
    for i in range(len(points_m)):
        x, y = points_m[i]
        found[i] = NOWHERE
        across, up = (x - shape.west_m) * shape.columns_per_m, (y - shape.south_m) * shape.rows_per_m
        # Written so that NaN, which fails every comparison, is nowhere. The far borders map to about n;
        # a cell there is never wholly in a polygon, so that a point beyond is looked at closely.
        if not (0 <= across <= n + 1 and 0 <= up <= n + 1):
            continue
        row = min(int(up), n - 1)
        here = row * n + min(int(across), n - 1)
        for position in range(cells.start[here], cells.start[here + 1]):
            k = cells.candidate[position] >> 1
            whole = cells.candidate[position] & 1
            side = _COVERED if whole else _side(bands, x, y, k, row)
            if side != _OUTSIDE:
                found[i] = k if side == _COVERED else _DOUBTFUL
                break
    return found


@numba.njit(cache=True)
def _approach(points_m: NDArray[np.float64], cells: _Cells, within_m: float) -> NDArray[np.int64]:
    """Find the nearest polygon of each point, in rings of cells around it."""
    shape, bands = cells.shape, cells.bands
    n = shape.n_cells
    cell_m = min(1.0 / shape.columns_per_m, 1.0 / shape.rows_per_m)
    found = np.full(len(points_m), NOWHERE)
    for i in range(len(points_m)):
        x, y = points_m[i]
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        # A point outside the grid is no nearer to a cell than the point of the grid that is nearest to it.
        column = int(min(max((x - shape.west_m) * shape.columns_per_m, 0.0), n - 1.0))
        row = int(min(max((y - shape.south_m) * shape.rows_per_m, 0.0), n - 1.0))
        least_m = min(within_m, _FARTHEST_M)
        ring = cells.clear[row * n + column]
        # Ring r is at least r - 1 cells away; the smallest cell is a margin for rounding.
        while ring < n and (ring - 1) * cell_m <= least_m + _SMALLEST_CELL_M:
            for r in range(max(row - ring, 0), min(row + ring, n - 1) + 1):
                step = 1 if abs(r - row) == ring else max(2 * ring, 1)
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= n or cells.clear[r * n + c] > 0:
                        continue
                    if _gap_m(shape, x, y, c, r) > least_m + _SMALLEST_CELL_M:
                        continue
                    for position in range(cells.start[r * n + c], cells.start[r * n + c + 1]):
                        k = cells.candidate[position] >> 1
                        away_m = _distance_m(bands, x, y, k, r)
                        if away_m < least_m or (away_m == least_m and (found[i] == NOWHERE or k < found[i])):
                            found[i], least_m = k, away_m
            ring += 1
    return found


@numba.njit(cache=True)
def _gap_m(shape: _Shape, x: float, y: float, column: int, row: int) -> float:
    """Distance from a point to a cell."""
    west_m = shape.west_m + column / shape.columns_per_m
    south_m = shape.south_m + row / shape.rows_per_m
    across_m = max(west_m - x, x - (west_m + 1.0 / shape.columns_per_m), 0.0)
    up_m = max(south_m - y, y - (south_m + 1.0 / shape.rows_per_m), 0.0)
    return math.sqrt(across_m * across_m + up_m * up_m)


@numba.njit(cache=True)
def _distance_m(bands: _Bands, x: float, y: float, k: int, row: int) -> float:
    """Distance from a point to the nearest edge of a polygon in a row of cells, by the formula of GEOS."""
    band = bands.first_band[k] + row - bands.spans[k, 2]
    least_m = np.inf
    for position in range(bands.start[band], bands.start[band + 1]):
        x1, y1, x2, y2 = bands.edges_m[bands.edge[position]]
        dx, dy = x2 - x1, y2 - y1
        length2 = dx * dx + dy * dy
        along = ((x - x1) * dx + (y - y1) * dy) / length2 if length2 > 0 else 0.0
        if along <= 0.0:
            away_m = math.sqrt((x - x1) * (x - x1) + (y - y1) * (y - y1))
        elif along >= 1.0:
            away_m = math.sqrt((x - x2) * (x - x2) + (y - y2) * (y - y2))
        else:
            away_m = abs(((y1 - y) * dx - (x1 - x) * dy) / length2) * math.sqrt(length2)
        least_m = min(least_m, away_m)
    return least_m
