"""
The spatial functions of the embedded store, done by Shapely.

GeoAlchemy2 speaks SpatiaLite to SQLite. These are the functions that it then asks for, over EWKB, so that the
same tables and statements work with nothing but the standard library's SQLite.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import shapely

from hotspot.store import functions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    _Value = bytes | str | float | None

_PARSED_SHAPES = 4096
"""Shapes kept parsed: every feature of a page is compared with the same box."""


@lru_cache(_PARSED_SHAPES)
def _shape(ewkb: bytes) -> shapely.Geometry:
    """Parse a stored geometry."""
    return shapely.from_wkb(ewkb)


def _identity(ewkb: bytes | None, *_: object) -> bytes | None:
    """Take or give EWKB, which is what is stored, as it is."""
    return ewkb


def _as_text(ewkb: bytes | None) -> str | None:
    """Write a geometry as WKT."""
    return None if ewkb is None else shapely.to_wkt(_shape(ewkb), rounding_precision=-1)


def _from_text(ewkt: str | None) -> bytes | None:
    """Read `SRID=28992;POINT(1 2)`, with or without the SRID."""
    if ewkt is None:
        return None
    head, separator, wkt = ewkt.rpartition(";")
    shape = shapely.from_wkt(wkt)
    if separator:
        shape = shapely.set_srid(shape, int(head.removeprefix("SRID=")))
    return shapely.to_wkb(shape, include_srid=True)


def _srid(ewkb: bytes | None) -> int | None:
    """Tell the SRID that a geometry carries."""
    return None if ewkb is None else int(shapely.get_srid(_shape(ewkb)))


def _intersects(first: bytes | None, second: bytes | None) -> bool | None:
    """Tell whether two geometries share a point."""
    if first is None or second is None:
        return None
    return bool(shapely.intersects(_shape(first), _shape(second)))


def _relation(test: Callable[[shapely.Geometry, shapely.Geometry], object]) -> Callable[..., bool | None]:
    """Make a test of two stored geometries."""

    def relates(first: bytes | None, second: bytes | None) -> bool | None:
        if first is None or second is None:
            return None
        return bool(test(_shape(first), _shape(second)))

    return relates


def _x(ewkb: bytes | None) -> float | None:
    """Tell the first coordinate of a point."""
    return None if ewkb is None else float(shapely.get_x(_shape(ewkb)))


def _y(ewkb: bytes | None) -> float | None:
    """Tell the second coordinate of a point."""
    return None if ewkb is None else float(shapely.get_y(_shape(ewkb)))


def _area(ewkb: bytes | None) -> float | None:
    """Measure a geometry in the square of its own unit."""
    return None if ewkb is None else float(shapely.area(_shape(ewkb)))


def _accept(*_: object) -> int:
    """Answer the bookkeeping calls of GeoAlchemy2's DDL: there is nothing to do, and that went well."""
    return 1


_FUNCTIONS: tuple[tuple[str, int, Callable[..., _Value]], ...] = (
    ("GeomFromEWKB", -1, _identity),
    ("AsEWKB", 1, _identity),
    ("GeomFromEWKT", 1, _from_text),
    ("ST_AsText", 1, _as_text),
    ("ST_SRID", 1, _srid),
    ("ST_Intersects", 2, _intersects),
    ("ST_Touches", 2, _relation(shapely.touches)),
    ("ST_Within", 2, _relation(shapely.within)),
    ("ST_Contains", 2, _relation(shapely.contains)),
    ("ST_Crosses", 2, _relation(shapely.crosses)),
    ("ST_Equals", 2, _relation(shapely.equals)),
    ("ST_Overlaps", 2, _relation(shapely.overlaps)),
    ("ST_X", 1, _x),
    ("ST_Y", 1, _y),
    ("ST_Area", 1, _area),
    # RecoverGeometryColumn and DiscardGeometryColumn come with every table that GeoAlchemy2 makes or drops.
    ("RecoverGeometryColumn", -1, _accept),
    ("DiscardGeometryColumn", -1, _accept),
)


def register(connection: sqlite3.Connection) -> None:
    """
    Teach a connection the spatial functions.

    Parameters
    ----------
    connection
        A new connection to SQLite.
    """
    for name, n_arguments, function in _FUNCTIONS:
        connection.create_function(name, n_arguments, function, deterministic=True)
    functions.register(connection)
