"""
One shape in the three systems in which it is served: the municipality's plane, degrees, and the web map.

The plane rounded to a tenth of a millimetre is the truth. Degrees follow from it with eight decimals, about a
millimetre, and the metres of the web map (EPSG:3857) from the degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from hotspot.crs import Plane

PLANE_DECIMALS = 4
"""Decimals of metres in the plane."""

DEGREE_DECIMALS = 8
"""Decimals of degrees: a millimetre, as close as the definition of the Dutch plane is followed."""

MERCATOR_DECIMALS = 3
"""Decimals of metres on the web map, which are up to twice as long as those on the ground."""

WEB_MERCATOR_SRID = 3857
"""EPSG code of the web map."""

_ROUNDING = 2.0**-50
"""More than a product can be off, relative to it."""
_EXACT = 2.0**52
"""Whole numbers up to this are exact, and halves below it."""

_SPHERE_M = 6_378_137.0
"""Radius of the sphere that web maps take the earth for (EPSG:3857)."""


@dataclass(frozen=True, slots=True)
class ServedShapes:
    """
    Shapes in the three systems; all arrays have one length, and where a shape is absent it is so in all.

    Parameters
    ----------
    plane, deg, mercator
        The shapes.
    """

    plane: NDArray[np.object_]
    deg: NDArray[np.object_]
    mercator: NDArray[np.object_]


def served_shapes(shapes: Sequence[shapely.Geometry | None], plane: Plane) -> ServedShapes:
    """
    Bring shapes into the three systems: rounded, valid, outer rings counter-clockwise.

    Parameters
    ----------
    shapes
        Shapes in the plane, in metres.
    plane
        The plane.

    Returns
    -------
    ServedShapes
        The same shapes, in the same order.

    Raises
    ------
    InvalidParameter
        If one lies where the plane is not defined.
    """
    given = np.empty(len(shapes), object)
    given[:] = shapes
    in_plane = _sound(_moved(given, lambda xy_m: rounded(xy_m, PLANE_DECIMALS)), PLANE_DECIMALS)
    in_deg = _sound(
        _moved(in_plane, lambda xy_m: rounded(plane.to_lon_lat(xy_m), DEGREE_DECIMALS)), DEGREE_DECIMALS
    )
    on_web = _moved(in_deg, lambda lon_lat_deg: rounded(to_mercator(lon_lat_deg), MERCATOR_DECIMALS))
    return ServedShapes(in_plane, in_deg, on_web)


def to_mercator(lon_lat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Bring degrees to the web map.

    Parameters
    ----------
    lon_lat_deg
        Longitudes and latitudes, shape (n, 2); latitudes strictly between the poles.

    Returns
    -------
    ndarray
        Metres, shape (n, 2).
    """
    radians = np.radians(lon_lat_deg)
    return _SPHERE_M * np.column_stack([radians[:, 0], np.arctanh(np.sin(radians[:, 1]))])


def rounded(coordinates: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """
    Round coordinates as Python's own rounding does, which np.round leaves to chance in the last bit.

    Parameters
    ----------
    coordinates
        Numbers of any shape.
    decimals
        Decimals that are kept.

    Returns
    -------
    ndarray
        The same shape.

    Raises
    ------
    InvalidParameter
        If one is not finite.
    """
    if not np.isfinite(coordinates).all():
        raise InvalidParameter("a shape must lie where its plane is defined, got one that does not")
    given, scale = np.asarray(coordinates, np.float64), 10.0**decimals
    scaled = given * scale
    whole = np.rint(scaled)
    # The quotient of two numbers that are exact is the nearest to the decimal number, if the dividend is the
    # right one. It is in doubt only where the product, itself rounded, lies beside the middle of two.
    apart = np.abs(np.abs(scaled - whole) - 0.5)
    doubtful = (apart <= np.abs(scaled) * _ROUNDING) | (np.abs(scaled) >= _EXACT)
    found = np.asarray(whole / scale, np.float64)
    found[doubtful] = [round(value, decimals) for value in given[doubtful].tolist()]
    return found + 0.0


def _moved(
    shapes: NDArray[np.object_], move: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.object_]:
    """Change the coordinates of all shapes at once."""
    if not shapely.get_num_coordinates(shapes).sum():
        return shapes
    moved: NDArray[np.object_] = shapely.transform(shapes, move)
    return moved


def _sound(shapes: NDArray[np.object_], decimals: int) -> NDArray[np.object_]:
    """Mend what rounding broke, drop what it made equal, and turn the rings the right way round."""
    sound = np.asarray(shapely.remove_repeated_points(shapes))
    present = ~shapely.is_missing(sound)
    for place in np.flatnonzero(present & ~shapely.is_valid(sound)).tolist():
        sound[place] = _mended(sound[place], decimals)
    return np.asarray(shapely.orient_polygons(sound, exterior_cw=False))


def _mended(shape: shapely.Geometry, decimals: int) -> shapely.Geometry:
    """Let the grid's own rules mend a shape; what is left of an area stays one."""
    gridded = shapely.set_precision(shapely.make_valid(shape), 10.0**-decimals)
    parts = shapely.get_parts(shapely.get_parts(gridded))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    joined = shapely.union_all(polygons) if len(polygons) else gridded
    return shapely.transform(joined, lambda xy: rounded(xy, decimals))
