"""Pages of ready-made GeoJSON features, filtered by a box exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.sql import operators

from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.shapes import ewkb

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

BBox = tuple[float, float, float, float]
"""West, south, east, north in degrees; west is the larger where the box crosses the antimeridian."""

_HALF_TURN_DEG = 180.0


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """
    Part of the features that match.

    Parameters
    ----------
    matched
        How many match in all.
    fragments
        GeoJSON texts of those on this page, in order.
    """

    matched: int
    fragments: list[str]


def touches(connection: Connection, table: Table, tree: Table, bbox_deg: BBox) -> ColumnElement[bool]:
    """
    Tell which rows have a shape that shares a point with a box; borders count.

    Parameters
    ----------
    connection
        Tells which database it is.
    table
        Table with a column `geometry_deg`.
    tree
        The R*Tree beside it on the embedded store.
    bbox_deg
        The box.

    Returns
    -------
    ColumnElement
        A condition: the index finds the boxes that touch, the shapes themselves decide.
    """
    west, south, east, north = bbox_deg
    if west > east:
        halves = ((west, south, _HALF_TURN_DEG, north), (-_HALF_TURN_DEG, south, east, north))
        return or_(*(touches(connection, table, tree, half) for half in halves))
    box = func.ST_GeomFromEWKB(ewkb(_rectangle(bbox_deg), srid=LON_LAT_SRID))
    exact: ColumnElement[bool] = func.ST_Intersects(table.c.geometry_deg, box)
    if connection.dialect.name == "postgresql":
        return exact
    near = select(tree.c.id).where(
        tree.c.west_deg <= east,
        tree.c.east_deg >= west,
        tree.c.south_deg <= north,
        tree.c.north_deg >= south,
    )
    return and_(operators.in_op(table.c.id, near), exact)


def _rectangle(bbox_deg: BBox) -> shapely.Geometry:
    """Make the box's shape; one without width or height is a line or a point, not an invalid polygon."""
    west, south, east, north = bbox_deg
    if west == east and south == north:
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(*bbox_deg)
