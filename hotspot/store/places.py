"""From shapes in a filter to conditions on the columns that keep the shape of a row in several systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import ColumnElement, and_, func, not_, or_

from hotspot.catalogue import Reference
from hotspot.cql2.relations import SpatialTest
from hotspot.cql2.tree import PropertyName, Shape, Spatial
from hotspot.crs import LON_LAT, RIJKSDRIEHOEK, transform
from hotspot.errors import InvalidInput
from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.shapes import ewkb

if TYPE_CHECKING:
    from collections.abc import Callable

WEB_MERCATOR_SRID = 3857
"""What databases call the plane of web maps."""

Bounds = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

_PER_SIDE = 64
"""Points on each side of a rectangle that are brought into degrees, where its sides bend."""

_MARGIN_DEG = 0.001
"""Put around bounds in degrees that were reckoned from a plane: a hundred metres, for what bends between the
points and for the decimetres by which two ways to degrees differ."""

_LARGEST_M = 500_000.0
"""Shapes that reach further are not looked for by degrees: they hold most rows anyway."""

_FUNCTIONS = {
    SpatialTest.INTERSECTS: "ST_Intersects",
    SpatialTest.TOUCHES: "ST_Touches",
    SpatialTest.WITHIN: "ST_Within",
    SpatialTest.CONTAINS: "ST_Contains",
    SpatialTest.CROSSES: "ST_Crosses",
    SpatialTest.EQUALS: "ST_Equals",
    SpatialTest.OVERLAPS: "ST_Overlaps",
}
"""What both databases call each test; each of them implies a shared point."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """
    Where a table keeps the shape of a row.

    Parameters
    ----------
    degrees
        The column in longitude and latitude.
    plane, mercator
        The same in the municipality's plane and in that of web maps; absent where the table has none.
    plane_srid
        Code of the municipality's plane.
    box_deg
        Columns with west, south, east and north of the shape in degrees; absent where the table has none.
    near
        Makes a condition that holds for all rows whose box shares a point with bounds in degrees, by an
        index; absent where the database sees to it itself.
    """

    degrees: ColumnElement[object]
    plane: ColumnElement[object] | None = None
    mercator: ColumnElement[object] | None = None
    plane_srid: int = RIJKSDRIEHOEK
    box_deg: tuple[ColumnElement[float], ...] | None = None
    near: Callable[[Bounds], ColumnElement[bool]] | None = None

    def in_system(self, reference: Reference) -> tuple[ColumnElement[object], int]:
        """
        Find the column of a system.

        Parameters
        ----------
        reference
            CRS84, the plane or web mercator.

        Returns
        -------
        tuple of ColumnElement and int
            The column and the database's code of the system.

        Raises
        ------
        InvalidInput
            If the table has no shapes in that system.
        """
        column, srid = {
            Reference.PLANE: (self.plane, self.plane_srid),
            Reference.WEB_MERCATOR: (self.mercator, WEB_MERCATOR_SRID),
        }.get(reference, (self.degrees, LON_LAT_SRID))
        if column is None:
            raise InvalidInput(f"this collection cannot be filtered in {reference.value}")
        return column, srid


def spatial_condition(
    node: Spatial, shapes: Callable[[PropertyName], Shapes], dialect_name: str
) -> ColumnElement[bool]:
    """
    Tell which rows lie so.

    Parameters
    ----------
    node
        The test.
    shapes
        Finds where the shapes of a property are.
    dialect_name
        Which database it is.

    Returns
    -------
    ColumnElement
        The condition.

    Raises
    ------
    InvalidInput
        If there are no shapes in the system of the filter.
    """
    if node.test is SpatialTest.DISJOINT:
        shared = Spatial(SpatialTest.INTERSECTS, node.left, node.right)
        return not_(spatial_condition(shared, shapes, dialect_name))
    stated = _stated(node)
    reference = Reference.CRS84 if stated is None else stated.reference
    named = _named(node)
    srid = RIJKSDRIEHOEK if named is None else shapes(named).in_system(reference)[1]
    sides = [
        _geometry(side, srid) if isinstance(side, Shape) else shapes(side).in_system(reference)[0]
        for side in (node.left, node.right)
    ]
    exact: ColumnElement[bool] = getattr(func, _FUNCTIONS[node.test])(*sides)
    if dialect_name == "postgresql" or stated is None or named is None:
        return exact
    box = shapes(named).box_deg
    bounds = _bounds_deg(stated, shapes(named).plane_srid)
    if box is None or bounds is None:
        return exact
    west, south, east, north = box
    inside = and_(west >= bounds[0], east <= bounds[2], south >= bounds[1], north <= bounds[3])
    if node.test is SpatialTest.INTERSECTS and _is_rectangle(stated):
        # What lies inside a rectangle with its box needs no exact test, which is most of what is found.
        exact = or_(inside, exact)
    # Unknown where the box is unknown, false where the exact test would be false: so NOT stays right as well.
    return and_(west <= bounds[2], east >= bounds[0], south <= bounds[3], north >= bounds[1], exact)


def near_condition(node: Spatial, shapes: Callable[[PropertyName], Shapes]) -> ColumnElement[bool] | None:
    """
    Find rows by the index, for a test that each selected row must pass.

    Parameters
    ----------
    node
        The test.
    shapes
        Finds where the shapes of a property are.

    Returns
    -------
    ColumnElement or None
        A condition that holds wherever the test does; absent where no index can help.
    """
    stated, named = _stated(node), _named(node)
    if stated is None or named is None or node.test is SpatialTest.DISJOINT:
        return None
    near = shapes(named).near
    bounds = _bounds_deg(stated, shapes(named).plane_srid)
    return None if near is None or bounds is None else near(bounds)


def _stated(node: Spatial) -> Shape | None:
    """Find a shape that the filter states."""
    return next((side for side in (node.left, node.right) if isinstance(side, Shape)), None)


def _named(node: Spatial) -> PropertyName | None:
    """Find a property that is tested."""
    return next((side for side in (node.left, node.right) if isinstance(side, PropertyName)), None)


def _is_rectangle(shape: Shape) -> bool:
    """Tell whether a shape in degrees is its own bounds."""
    if shape.reference is not Reference.CRS84:
        return False
    west, south, east, north = shape.bounds
    return bool(shapely.equals(shapely.from_wkb(shape.wkb), shapely.box(west, south, east, north)))


def _geometry(shape: Shape, srid: int) -> ColumnElement[object]:
    """Bind a shape."""
    bound: ColumnElement[object] = func.ST_GeomFromEWKB(ewkb(shapely.from_wkb(shape.wkb), srid=srid))
    return bound


def _bounds_deg(shape: Shape, plane_srid: int) -> Bounds | None:
    """Give bounds in degrees that hold the whole shape; absent where degrees cannot tell."""
    if shape.reference is Reference.CRS84:
        return shape.bounds
    srid = plane_srid if shape.reference is Reference.PLANE else WEB_MERCATOR_SRID
    west, south, east, north = shape.bounds
    across, along = np.linspace(west, east, _PER_SIDE), np.linspace(south, north, _PER_SIDE)
    sides = [
        np.column_stack([across, np.full(_PER_SIDE, south)]),
        np.column_stack([across, np.full(_PER_SIDE, north)]),
        np.column_stack([np.full(_PER_SIDE, west), along]),
        np.column_stack([np.full(_PER_SIDE, east), along]),
    ]
    there = np.vstack(sides)
    code = f"EPSG:{srid}"
    points = transform(there, source=code, target=LON_LAT)
    back = transform(points, source=LON_LAT, target=code)
    # Far away from its country a plane folds over: degrees that do not lead back hold nothing.
    if max(east - west, north - south) > _LARGEST_M or not (np.abs(back - there) < 1).all():
        return None
    (least_x, least_y), (most_x, most_y) = points.min(axis=0) - _MARGIN_DEG, points.max(axis=0) + _MARGIN_DEG
    return float(least_x), float(least_y), float(most_x), float(most_y)
