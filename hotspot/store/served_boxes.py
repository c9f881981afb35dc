"""
Rows whose shape shares a point with a box: exactly, and without asking about each shape.

The index finds the rows whose sides touch the box. Of those, rows that lie inside the box with all their
sides are in it; only shapes that cross its border are compared.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql import operators

from hotspot.catalogue import Reference
from hotspot.crs import LON_LAT, Plane, transform
from hotspot.shapes import WEB_MERCATOR_SRID
from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.municipality import read_municipality
from hotspot.store.served_tables import SERVED, TREES
from hotspot.store.shapes import POLYGON_KIND, ewkb

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Column, ColumnElement, Connection, Select, Table

    from hotspot.selection import Box

_HALF_TURN_DEG = 180.0

_POINTS_PER_SIDE = 33
"""Points of each side that are brought to degrees; between two of them it bends by less than the margin."""

_MARGIN = 0.01
"""Share of a box's size by which its image in degrees is widened, and narrowed."""

_PLAIN_M = 2_000_000.0
"""Side of a box in the plane up to which its image lies between those of its sides; none holds a pole."""

_REMEMBERED = 256
"""Boxes whose images are remembered: one is asked for several times while a statement is made."""

_LARGE_SHARE = 0.2
"""Share of the place from which on looking at each row is quicker than asking the R*Tree for most."""

_POLYGON = struct.Struct("<BIiII10d")
"""A polygon of one ring with four corners in EWKB, little endian: made so, it takes a tenth of the time."""

Sides = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

COLUMNS = {
    Reference.CRS84: "geometry_deg",
    Reference.ETRS89: "geometry_deg",
    Reference.ETRF2000: "geometry_deg",
    Reference.PLANE: "geometry_plane",
    Reference.WEB_MERCATOR: "geometry_mercator",
}
"""Which column has the shape in which system."""


@dataclass(frozen=True, slots=True)
class _Degrees:
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float


def touches(connection: Connection, rows: str, box: Box, around_deg: Sides | None) -> ColumnElement[bool]:
    """
    Tell which rows have a shape that shares a point with a box, or have none; borders count.

    Parameters
    ----------
    connection
        Tells which database it is, and which plane.
    rows
        Kind of the rows.
    box
        The box.
    around_deg
        West, south, east and north of all rows that are asked about; absent where they have no shape.

    Returns
    -------
    ColumnElement
        The condition.
    """
    table = SERVED[rows]
    column = table.c[COLUMNS[box.reference]]
    halves = _halves(box)
    srid = _srid(connection, box.reference)
    if connection.dialect.name == "postgresql":
        near = (_indexed(column, half, box.reference, srid) for half in halves)
        return or_(table.c.west_deg.is_(None), *near)
    found = _beside if is_wide(connection, box, around_deg) else _near
    return or_(*(found(rows, column, half, box.reference, srid) for half in halves))


def _srid(connection: Connection, reference: Reference) -> int:
    """Give the database's code of a system."""
    if reference is Reference.PLANE:
        return read_municipality(connection).srid
    return WEB_MERCATOR_SRID if reference is Reference.WEB_MERCATOR else LON_LAT_SRID


def is_wide(connection: Connection, box: Box, around_deg: Sides | None) -> bool:
    """
    Tell whether a box holds so much of the place that asking the R*Tree first would take longer.

    Parameters
    ----------
    connection
        Tells which database it is; PostGIS decides for itself.
    box
        The box.
    around_deg
        As in `touches`.

    Returns
    -------
    bool
        Whether each row is looked at instead.
    """
    if connection.dialect.name == "postgresql":
        return False
    srid = _srid(connection, box.reference)
    return around_deg is None or any(
        _share(_around_and_within(half, box.reference, srid)[0], around_deg) > _LARGE_SHARE
        for half in _halves(box)
    )


def _share(box: _Degrees, around_deg: Sides) -> float:
    """Tell which share of the place lies in a box."""
    west, south, east, north = around_deg
    wide = min(box.east, east) - max(box.west, west)
    high = min(box.north, north) - max(box.south, south)
    whole = (east - west) * (north - south)
    if wide < 0 or high < 0:
        return 0.0
    return 1.0 if whole == 0 else wide * high / whole


def shape_of(box: Box) -> bytes:
    """
    Write a box in degrees that does not cross the antimeridian as a shape.

    Parameters
    ----------
    box
        The box.

    Returns
    -------
    bytes
        EWKB, as it is compared.
    """
    return _stored(_Degrees(box.west, box.south, box.east, box.north), LON_LAT_SRID)


def _halves(box: Box) -> list[_Degrees]:
    """Cut a box that crosses the antimeridian in two."""
    if box.west <= box.east:
        return [_Degrees(box.west, box.south, box.east, box.north)]
    return [
        _Degrees(box.west, box.south, _HALF_TURN_DEG, box.north),
        _Degrees(-_HALF_TURN_DEG, box.south, box.east, box.north),
    ]


def _indexed(column: Column[object], box: _Degrees, reference: Reference, srid: int) -> ColumnElement[bool]:
    """Let PostGIS find them; in degrees it need not look at shapes that lie inside."""
    shape = func.ST_GeomFromEWKB(_stored(box, srid))
    near = column.op("&&", is_comparison=True)(shape)
    exact: ColumnElement[bool] = func.ST_Intersects(column, shape)
    if COLUMNS[reference] != COLUMNS[Reference.CRS84]:
        return and_(near, exact)
    return and_(near, or_(_inside(column.table, box), exact))


def _near(
    rows: str, column: Column[object], box: _Degrees, reference: Reference, srid: int
) -> ColumnElement[bool]:
    """Let the R*Tree of the embedded store find them: quick where they are few."""
    table = SERVED[rows]
    outer, _ = _around_and_within(box, reference, srid)
    without = select(table.c.id).where(table.c.west_deg.is_(None))
    found: ColumnElement[bool] = operators.in_op(table.c.id, _in_tree(rows, outer).union_all(without))
    return and_(found, _decided(rows, column, box, reference, srid))


def _beside(
    rows: str, column: Column[object], box: _Degrees, reference: Reference, srid: int
) -> ColumnElement[bool]:
    """Look at the sides of each row: quick where most are found."""
    outer, _ = _around_and_within(box, reference, srid)
    side = SERVED[rows].c
    may = and_(
        side.west_deg <= outer.east,
        side.east_deg >= outer.west,
        side.south_deg <= outer.north,
        side.north_deg >= outer.south,
    )
    return and_(or_(side.west_deg.is_(None), may), _decided(rows, column, box, reference, srid))


def _decided(
    rows: str, column: Column[object], box: _Degrees, reference: Reference, srid: int
) -> ColumnElement[bool]:
    """Decide on rows near a box; only shapes that may cross its border are looked at."""
    table = SERVED[rows]
    _, inner = _around_and_within(box, reference, srid)
    shape = func.ST_GeomFromEWKB(_stored(box, srid))
    exact: ColumnElement[bool] = func.ST_Intersects(column, shape)
    return or_(table.c.west_deg.is_(None), _inside(table, inner), exact)


def _in_tree(rows: str, box: _Degrees) -> Select[int]:
    """Find the numbers of the rows whose sides touch a box."""
    column, row = TREES[rows].c, SERVED[rows].c
    found = select(column.id).where(
        column.west_deg <= box.east,
        column.east_deg >= box.west,
        column.south_deg <= box.north,
        column.north_deg >= box.south,
    )
    return select(row.id).where(row.box_id.in_(found)) if "box_id" in row else found


def within_tree(rows: str, bounds_deg: tuple[float, float, float, float]) -> ColumnElement[bool]:
    """
    Tell which rows have sides that touch bounds, by the R*Tree of the embedded store.

    Parameters
    ----------
    rows
        Kind of the rows.
    bounds_deg
        West, south, east, north.

    Returns
    -------
    ColumnElement
        The condition; false for rows without a shape.
    """
    found: ColumnElement[bool] = operators.in_op(SERVED[rows].c.id, _in_tree(rows, _Degrees(*bounds_deg)))
    return found


def _inside(table: Table, box: _Degrees) -> ColumnElement[bool]:
    """Tell which rows lie in a box with all their sides."""
    column = table.c
    return and_(
        column.west_deg >= box.west,
        column.east_deg <= box.east,
        column.south_deg >= box.south,
        column.north_deg <= box.north,
    )


@lru_cache(_REMEMBERED)
def _around_and_within(box: _Degrees, reference: Reference, srid: int) -> tuple[_Degrees, _Degrees]:
    """Give a box in degrees that holds a box, and one that is held by it."""
    if COLUMNS[reference] == COLUMNS[Reference.CRS84]:
        return box, box
    sides = _sides(box, reference, srid)
    west, south, east, north = sides
    is_plain = max(box.east - box.west, box.north - box.south) <= _PLAIN_M
    if (reference is Reference.PLANE and not is_plain) or not np.isfinite(sides).all():
        everywhere = _Degrees(-_HALF_TURN_DEG, -_HALF_TURN_DEG, _HALF_TURN_DEG, _HALF_TURN_DEG)
        nowhere = _Degrees(_HALF_TURN_DEG, _HALF_TURN_DEG, -_HALF_TURN_DEG, -_HALF_TURN_DEG)
        return everywhere, nowhere
    every = np.concatenate(sides)
    margin = _MARGIN * np.ptp(every, axis=0) + 1e-6
    low, high = every.min(axis=0) - margin, every.max(axis=0) + margin
    inner = _Degrees(
        float(west[:, 0].max() + margin[0]),
        float(south[:, 1].max() + margin[1]),
        float(east[:, 0].min() - margin[0]),
        float(north[:, 1].min() - margin[1]),
    )
    return _Degrees(float(low[0]), float(low[1]), float(high[0]), float(high[1])), inner


def _sides(box: _Degrees, reference: Reference, srid: int) -> NDArray[np.float64]:
    """Bring the sides of a box to degrees: west, south, east and north, shape (4, points, 2)."""
    x = np.linspace(box.west, box.east, _POINTS_PER_SIDE)
    y = np.linspace(box.south, box.north, _POINTS_PER_SIDE)
    west, east, south, north = (np.full_like(x, side) for side in (box.west, box.east, box.south, box.north))
    xy_m = np.array([(west, y), (x, south), (east, y), (x, north)]).transpose(0, 2, 1).reshape(-1, 2)
    if reference is Reference.WEB_MERCATOR:
        degrees = transform(xy_m, source=f"EPSG:{srid}", target=LON_LAT)
    else:
        degrees = Plane(srid).to_lon_lat(xy_m)
    return degrees.reshape(4, _POINTS_PER_SIDE, 2)


def _stored(box: _Degrees, srid: int) -> bytes:
    """Write the box as a shape; without width or height it is a line or a point, no invalid polygon."""
    if box.west == box.east and box.south == box.north:
        return ewkb(shapely.Point(box.west, box.south), srid=srid)
    if box.west == box.east or box.south == box.north:
        return ewkb(shapely.LineString([(box.west, box.south), (box.east, box.north)]), srid=srid)
    west, south, east, north = box.west, box.south, box.east, box.north
    ring = (west, south, east, south, east, north, west, north, west, south)
    return _POLYGON.pack(1, POLYGON_KIND, srid, 1, len(ring) // 2, *ring)
