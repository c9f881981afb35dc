"""Geometries as filters state them: valid, in two dimensions, inside the domain of their reference system."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely

from hotspot.catalogue import Reference
from hotspot.cql2.tokens import shown
from hotspot.cql2.tree import Shape
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from hotspot.cql2.json_text import Json

_LATITUDE_FIRST = frozenset({Reference.ETRS89, Reference.ETRF2000})
"""Systems in degrees whose first axis is latitude; otherwise their numbers are those of CRS84."""

_MERCATOR_EDGE_M = 20_037_508.342789244
"""Where web mercator ends: half the equator on its sphere of 6 378 137 m, in metres."""

_ROUNDING_M = 0.01
"""What clients may round off at the edge of web mercator, in metres."""

_PLANE_EDGE_M = 10_000_000.0
"""Beyond it no national plane means anything: a quarter of a meridian, in metres."""

_DOMAINS = {
    Reference.CRS84: (180.0, 90.0),
    Reference.PLANE: (_PLANE_EDGE_M, _PLANE_EDGE_M),
    Reference.WEB_MERCATOR: (_MERCATOR_EDGE_M + _ROUNDING_M, _MERCATOR_EDGE_M + _ROUNDING_M),
}
"""Largest x and y, on either side of zero, in the units of the system."""

_SIZES = {4: 2, 6: 3}
"""Numbers of a box, and where the second corner begins: those in three dimensions have heights."""

_FEWEST_ON_RING = 4
"""Positions of a ring, of which the last is the first."""

_DIMENSIONS = (2, 3)
"""Numbers of a position; a height is dropped."""

Position = tuple[float, float]
"""X or longitude, then y or latitude."""


def box(numbers: Json, reference: Reference) -> Shape:
    """
    Make a shape of a box.

    Parameters
    ----------
    numbers
        Its lower and its upper corner, in the order of axes of the reference, with or without heights.
    reference
        The system.

    Returns
    -------
    Shape
        The box; two boxes where it crosses the antimeridian, a line or point where it has no extent.

    Raises
    ------
    InvalidInput
        If these are no corners.
    """
    if not isinstance(numbers, list) or len(numbers) not in _SIZES:
        raise InvalidInput(f"a BBOX has four or six numbers, got {shown(str(numbers))}")
    half = _SIZES[len(numbers)]
    west, south = _position(numbers[:half], reference)
    east, north = _position(numbers[half:], reference)
    if north < south:
        raise InvalidInput(f"a BBOX has its lower corner first, got {south:g} above {north:g}")
    if west <= east:
        return _shape(_rectangle(west, south, east, north), reference)
    if _numbers_of(reference) is not Reference.CRS84:
        raise InvalidInput(f"a BBOX in metres has its lower corner first, got {west:g} right of {east:g}")
    halves = [_rectangle(west, south, 180, north), _rectangle(-180, south, east, north)]
    return _shape(shapely.unary_union(halves), reference)


def geometry(value: dict[str, Json], reference: Reference) -> Shape:
    """
    Make a shape of a geometry.

    Parameters
    ----------
    value
        The geometry as GeoJSON, its positions in the order of axes of the reference.
    reference
        The system.

    Returns
    -------
    Shape
        The shape.

    Raises
    ------
    InvalidInput
        If it is no geometry, or not a valid one.
    """
    made = _geometry(value, reference)
    if not shapely.is_valid(made):
        raise InvalidInput(f"a geometry in a filter is valid, got one with: {shapely.is_valid_reason(made)}")
    return _shape(made, reference)


def is_mixed(shape: Shape) -> bool:
    """
    Tell whether a shape has parts of several dimensions, for which only a shared point is defined.

    Parameters
    ----------
    shape
        The shape.

    Returns
    -------
    bool
        Whether it has.
    """
    return bool(shapely.get_type_id(shapely.from_wkb(shape.wkb)) == shapely.GeometryType.GEOMETRYCOLLECTION)


def _numbers_of(reference: Reference) -> Reference:
    """Name the system whose numbers a reference has, apart from their order."""
    return Reference.CRS84 if reference in _LATITUDE_FIRST else reference


def _shape(made: shapely.Geometry, reference: Reference) -> Shape:
    """Keep a geometry as a value."""
    if shapely.get_type_id(made) == shapely.GeometryType.GEOMETRYCOLLECTION:
        # Parts of one dimension become one shape, which all tests are defined for.
        made = shapely.unary_union(made)
    west, south, east, north = (float(number) for number in shapely.bounds(made))
    return Shape(shapely.to_wkb(made), (west, south, east, north), _numbers_of(reference))


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Make a polygon, or what is left of one where a side has no length."""
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _position(numbers: Json, reference: Reference) -> Position:
    """Read one position, x first whatever the order of axes."""
    if not isinstance(numbers, list) or len(numbers) not in _DIMENSIONS:
        raise InvalidInput(f"a position has two or three numbers, got {shown(str(numbers))}")
    read = []
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise InvalidInput(f"a position has numbers, got {shown(str(number))}")
        # A whole number may be too large for any other comparison with a float.
        if isinstance(number, int) and abs(number) > _MERCATOR_EDGE_M * 2:
            raise InvalidInput(f"a position lies inside its reference system, got {shown(str(number))}")
        read.append(float(number))
    x, y = (read[1], read[0]) if reference in _LATITUDE_FIRST else (read[0], read[1])
    most_x, most_y = _DOMAINS[_numbers_of(reference)]
    if not (abs(x) <= most_x and abs(y) <= most_y and all(math.isfinite(number) for number in read)):
        raise InvalidInput(
            f"a position lies inside its reference system ({reference.value}: at most {most_x:g} and "
            f"{most_y:g}, x or longitude first), got {x:g} and {y:g}"
        )
    return x, y


def _positions(value: Json, reference: Reference, fewest: int) -> list[Position]:
    """Read a list of positions."""
    if not isinstance(value, list) or len(value) < fewest:
        raise InvalidInput(f"a list of at least {fewest} positions was required, got {shown(str(value))}")
    return [_position(one, reference) for one in value]


def _parts(value: Json) -> list[Json]:
    """Read a list that is not empty."""
    if not isinstance(value, list) or not value:
        raise InvalidInput(f"a geometry is not empty, got {shown(str(value))}")
    return value


def _line(value: Json, reference: Reference) -> shapely.LineString:
    """Read a line."""
    return shapely.LineString(_positions(value, reference, 2))


def _polygon(value: Json, reference: Reference) -> shapely.Polygon:
    """Read a polygon."""
    rings = [_positions(ring, reference, _FEWEST_ON_RING) for ring in _parts(value)]
    for ring in rings:
        if ring[0] != ring[-1]:
            raise InvalidInput(f"a ring ends where it starts, got {ring[0]} and {ring[-1]}")
    return shapely.Polygon(rings[0], rings[1:])


def _geometry(value: dict[str, Json], reference: Reference) -> shapely.Geometry:
    """Read a geometry by its type."""
    kind = value.get("type")
    coordinates = value.get("coordinates")
    made: shapely.Geometry
    match kind:
        case "Point":
            made = shapely.Point(_position(coordinates, reference))
        case "LineString":
            made = _line(coordinates, reference)
        case "Polygon":
            made = _polygon(coordinates, reference)
        case "MultiPoint":
            made = shapely.MultiPoint(_positions(coordinates, reference, 1))
        case "MultiLineString":
            made = shapely.MultiLineString([_line(one, reference) for one in _parts(coordinates)])
        case "MultiPolygon":
            made = shapely.MultiPolygon([_polygon(one, reference) for one in _parts(coordinates)])
        case "GeometryCollection":
            members = _parts(value.get("geometries"))
            made = shapely.GeometryCollection([_member(one, reference) for one in members])
        case _:
            raise InvalidInput(f"a geometry has a type of GeoJSON, got {shown(str(kind))}")
    return made


def _member(value: Json, reference: Reference) -> shapely.Geometry:
    """Read a member of a collection."""
    if not isinstance(value, dict) or value.get("type") == "GeometryCollection":
        raise InvalidInput(f"a collection of geometries has simple members, got {shown(str(value))}")
    return _geometry(value, reference)
