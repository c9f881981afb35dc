"""Rows of what is served as both databases take them: names of columns, shapes as bytes, areas as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.shapes import WEB_MERCATOR_SRID
from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.served_tables import SERVED, column_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from hotspot.catalogue import Collection
    from hotspot.shapes import ServedShapes

SIDES = ("west_deg", "south_deg", "east_deg", "north_deg")
"""Columns with the sides of a row's shape."""

_SHAPED = (*SIDES, "geometry_deg", "geometry_plane", "geometry_mercator", "geometry_json")


def columns(collection: Collection) -> list[str]:
    """
    Name the columns that are written, in the order in which `values` has them.

    Parameters
    ----------
    collection
        Any collection of the kind of rows.

    Returns
    -------
    list of str
        The common ones, those of the shape, those of the properties, and the box where there is one.
    """
    return [
        *("id", "level", "feature_id", "from_version", "starts_s", "ends_s", *_SHAPED),
        *("properties_json", "areas"),
        *(column_name(one.name) for one in collection.properties),
        *(["box_id"] if "box_id" in SERVED[collection.rows].c else []),
    ]


def shaped(connection: Connection, shapes: ServedShapes, *, srid: int) -> list[tuple[object, ...]]:
    """
    Give the values of the columns of the shapes.

    Parameters
    ----------
    connection
        Tells which database it is.
    shapes
        The shapes.
    srid
        Code of the plane.

    Returns
    -------
    list of tuple
        Sides, the shape in three systems, and its GeoJSON, of each shape; all absent where it is.
    """
    bounds = shapely.bounds(shapes.deg)
    sides = bounds.astype(object)
    sides[np.isnan(bounds)] = None
    systems = ((shapes.deg, LON_LAT_SRID), (shapes.plane, srid), (shapes.mercator, WEB_MERCATOR_SRID))
    stored = [_stored(array, code, connection) for array, code in systems]
    texts = shapely.to_geojson(shapes.deg).tolist()
    return list(zip(*sides.T.tolist(), *stored, texts, strict=True))


def _stored(shapes: NDArray[np.object_], srid: int, connection: Connection) -> list[object]:
    """Write shapes as EWKB: bytes for SQLite, hexadecimal digits for PostGIS, which copies texts."""
    return list(
        shapely.to_wkb(
            shapely.set_srid(shapes, srid),
            hex=connection.dialect.name == "postgresql",
            output_dimension=2,
            include_srid=True,
            byte_order=1,
            flavor="extended",
        )
    )


def bars(codes: Iterable[str]) -> str:
    """
    Write the areas that a row touches so that each can be found.

    Parameters
    ----------
    codes
        Their codes.

    Returns
    -------
    str
        Such as `|BU01|WK01|`.
    """
    inner = "|".join(sorted(set(codes)))
    return f"|{inner}|"
