"""
How many incidents are in each cell, and how dense are they? Grids and surfaces as tables of cells.

A cell that no incident fell in is a cell: leave it in. Cells in which none can happen (water, meadows) are
not part of the question: hand in the developed area as `area`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from hotspot.errors import InvalidParameter
from hotspot.frames.plane import centres, metres, numbers, positions, together
from hotspot.stats import cells as squares
from hotspot.stats import hexagons
from hotspot.stats import kde as surfaces

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from hotspot.stats.cells import SquareCells
    from hotspot.stats.kde import EdgeCorrection
    from hotspot.stats.kernels import Kernel

_M2_PER_KM2 = 1e6


def square_grid(
    incidents: gpd.GeoDataFrame, *, side_m: float, area: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """
    Lay squares over incidents and count them.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    side_m
        Side of a square.
    area
        Polygons that the squares shall cover; the convex hull of the incidents, widened by half a square, if
        absent.

    Returns
    -------
    GeoDataFrame
        The squares, from the south-west eastwards, with `cell` and `incidents` (those in it, 0 too). A border
        belongs to the square to its north or east.
    """
    cells = _squares(incidents, side_m, area)
    inside = squares.cell_of(cells, positions(incidents))
    counted = squares.cell_counts(inside, n_cells=cells.n_cells).astype(np.int64)
    return _framed(squares.vertices_m(cells), incidents).assign(incidents=counted)


def hexagon_grid(
    incidents: gpd.GeoDataFrame, *, side_m: float, area: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """
    Lay hexagons over incidents and count them.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    side_m
        Side of a hexagon, half of its widest diameter.
    area
        Polygons that the hexagons shall cover; the convex hull of the incidents if absent.

    Returns
    -------
    GeoDataFrame
        The hexagons with `cell` and `incidents` (those in it, 0 too).
    """
    xy_m = positions(incidents)
    covered = shapely.MultiPoint(xy_m).convex_hull if area is None else _covered(incidents, area)
    cells = hexagons.hexagon_cells(covered.bounds, side_m=side_m, study_area=covered)
    counted = squares.cell_counts(hexagons.cell_of(cells, xy_m), n_cells=cells.n_cells).astype(np.int64)
    return _framed(hexagons.vertices_m(cells), incidents).assign(incidents=counted)


def count_incidents(cells: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Count the incidents of each cell or other area.

    Parameters
    ----------
    cells
        Polygons that do not overlap, in a plane in metres.
    incidents
        Points in the same plane.

    Returns
    -------
    GeoDataFrame
        The cells with `incidents`. An incident on the border of several counts in the last of them; one
        outside all cells counts nowhere.
    """
    together(cells, incidents, names=("cells", "incidents"))
    xy_m = positions(incidents)
    centres(cells, name="cells")
    point, cell = shapely.STRtree(cells.geometry.array).query(shapely.points(xy_m), predicate="intersects")
    last = np.full(len(xy_m), -1)
    np.maximum.at(last, point, cell)
    return cells.assign(incidents=np.bincount(last[last >= 0], minlength=len(cells)))


def density_surface(
    incidents: gpd.GeoDataFrame,
    *,
    bandwidth_m: float,
    side_m: float,
    kernel: Kernel = "quartic",
    edge_correction: EdgeCorrection = "none",
    area: gpd.GeoDataFrame | None = None,
    weight: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Estimate the density of incidents on squares (KDE).

    A surface is no test: it has peaks wherever incidents are, chance or not.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    bandwidth_m
        Bandwidth of the kernel: 150 to 300 m is usual in a city.
    side_m
        Side of a square; a fifth of the bandwidth or so.
    kernel
        `quartic`, which ends at the bandwidth, or `gaussian`.
    edge_correction
        `none`, `diggle` or `jones`; the latter two take the squares for the area in which incidents are
        recorded.
    area
        Polygons that the squares shall cover; the convex hull of the incidents if absent.
    weight
        Column of incidents each row stands for; one if absent.

    Returns
    -------
    GeoDataFrame
        The squares with `cell` and `density_per_km2`, taken at their centres.
    """
    cells = _squares(incidents, side_m, area)
    density = surfaces.kde(
        positions(incidents),
        cells,
        bandwidth_m=bandwidth_m,
        kernel=kernel,
        weights=None if weight is None else numbers(incidents, weight),
        edge_correction=edge_correction,
    )
    return _framed(squares.vertices_m(cells), incidents).assign(density_per_km2=density * _M2_PER_KM2)


def _squares(incidents: gpd.GeoDataFrame, side_m: float, area: gpd.GeoDataFrame | None) -> SquareCells:
    """Lay the squares."""
    xy_m = positions(incidents)
    if area is None:
        return squares.hull_cells(xy_m, side_m=side_m)
    covered = _covered(incidents, area)
    return squares.square_cells(covered.bounds, side_m=side_m, study_area=covered)


def _covered(incidents: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> BaseGeometry:
    """Join the polygons of an area."""
    metres(incidents, name="incidents")
    together(incidents, area, names=("incidents", "area"))
    centres(area, name="area")
    if len(area) == 0:
        raise InvalidParameter("area must have at least one polygon, got none")
    covered: BaseGeometry = area.geometry.union_all()
    return covered


def _framed(corners_m: NDArray[np.float64], like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make a table of cells from their corners."""
    number = np.arange(len(corners_m))
    return gpd.GeoDataFrame({"cell": number}, geometry=shapely.polygons(corners_m), crs=like.crs)
