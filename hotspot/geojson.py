"""
GeoJSON as it is served: rounded in one place, valid, and the same text for the same value.

Geometry as RFC 7946 asks: longitude before latitude on WGS 84, outer rings counter-clockwise, seven decimals
(about a centimetre).
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.crs import Plane

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""Whatever JSON can say."""

Shape: TypeAlias = "shapely.Polygon | shapely.MultiPolygon"
"""Shapes that are served."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""Made once: `json.dumps` would make one for each of many thousand rows."""

DEGREE_DECIMALS = 7
"""Decimals of a degree, about a centimetre; RFC 7946 section 11.2 calls six already enough."""


def canonical_json(value: Json) -> str:
    """
    Write JSON that is the same text for the same value: no blanks, keys in the order given.

    Parameters
    ----------
    value
        Anything that JSON can say.

    Returns
    -------
    str
        One line of text.

    Raises
    ------
    ValueError
        If a number is infinite or no number, which JSON cannot say.

    Examples
    --------
    >>> canonical_json({"name": "Wyck", "share": 0.25})
    '{"name":"Wyck","share":0.25}'
    """
    return _ENCODER.encode(value)


def number(value: float, decimals: int) -> float | None:
    """
    Round a number; what JSON cannot say, such as the risk of a place that expected nothing, is absent.

    Parameters
    ----------
    value
        The number, maybe infinite.
    decimals
        Decimals that are kept.

    Returns
    -------
    float or None
        The number that is served.
    """
    # Adding zero turns the negative zero that rounding may leave into zero.
    return round(float(value), decimals) + 0.0 if math.isfinite(value) else None


def rounded_deg(lon_lat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Round degrees to what is served; np.round would leave the last bit to chance, Python's own does not.

    Parameters
    ----------
    lon_lat_deg
        Longitudes and latitudes in degrees, of any shape.

    Returns
    -------
    ndarray
        The same, with `DEGREE_DECIMALS` decimals.

    Raises
    ------
    InvalidParameter
        If one of them is not finite.
    """
    if not np.isfinite(lon_lat_deg).all():
        raise InvalidParameter("a shape must lie where its plane is defined, got one without longitude")
    flat = [round(value, DEGREE_DECIMALS) + 0.0 for value in lon_lat_deg.ravel().tolist()]
    return np.array(flat).reshape(lon_lat_deg.shape)


def served_shape(shape: Shape, plane: Plane) -> Shape:
    """
    Bring a shape to rounded longitude and latitude, valid and with its rings the way RFC 7946 asks.

    Parameters
    ----------
    shape
        A shape in the plane, in metres.
    plane
        The plane.

    Returns
    -------
    Polygon or MultiPolygon
        What is served; a MultiPolygon where one came.

    Raises
    ------
    InvalidParameter
        If it has no area, or lies where the plane is not defined.
    """
    served: Shape = shapely.transform(shape, lambda xy_m: rounded_deg(plane.to_lon_lat(xy_m)))
    if not served.is_valid:
        served = _mended(served)
    if served.area == 0:
        raise InvalidParameter(f"a shape must have an area, got {shape.area:g} square metres")
    if isinstance(shape, shapely.MultiPolygon) and isinstance(served, shapely.Polygon):
        served = shapely.MultiPolygon([served])
    oriented: Shape = shapely.orient_polygons(shapely.remove_repeated_points(served), exterior_cw=False)
    return oriented


def _mended(served: Shape) -> Shape:
    """Let the grid's own rules mend a shape of which rounding made an edge touch another."""
    gridded = shapely.set_precision(shapely.make_valid(served), 10.0**-DEGREE_DECIMALS)
    # A collection may hold collections: twice taken apart, only simple shapes are left.
    simple = shapely.get_parts(shapely.get_parts(gridded))
    polygons = [part for part in simple if isinstance(part, shapely.Polygon)]
    joined = shapely.union_all(polygons)
    # A grid's coordinates are multiples of its size but for the last bit, which is rounded away.
    parts = shapely.get_parts(shapely.transform(joined, rounded_deg)).tolist()
    return shapely.Polygon(parts[0]) if len(parts) == 1 else shapely.MultiPolygon(parts)


def bbox_deg(served: Shape) -> tuple[float, float, float, float]:
    """
    Give the sides of a served shape.

    Parameters
    ----------
    served
        The shape.

    Returns
    -------
    tuple of float
        West, south, east, north in degrees.
    """
    west, south, east, north = served.bounds
    return west, south, east, north


def geometry(served: Shape) -> dict[str, Json]:
    """
    Write a served shape as a GeoJSON geometry.

    Parameters
    ----------
    served
        The shape.

    Returns
    -------
    dict
        A `Polygon` or `MultiPolygon`, outer rings first.
    """
    if isinstance(served, shapely.Polygon):
        return {"type": "Polygon", "coordinates": _rings(served)}
    return {"type": "MultiPolygon", "coordinates": [_rings(polygon) for polygon in served.geoms]}


def _rings(polygon: shapely.Polygon) -> list[Json]:
    """Outer ring first, then the holes."""
    return [shapely.get_coordinates(ring).tolist() for ring in (polygon.exterior, *polygon.interiors)]
