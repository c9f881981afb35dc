"""
Rows as a GeoPackage (OGC 12-128r19): a file that is a small database of its own, written batch by batch.

It is an SQLite database with some tables that say what the others hold, so that no library needs to be loaded
and nothing needs to be held in memory. Its coordinates are x or longitude first in every system.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
from typing import TYPE_CHECKING

import shapely
import sqlalchemy
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.types import UserDefinedType

from hotspot.catalogue import PropertyType, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from hotspot.catalogue import Collection

_APPLICATION_ID = 0x47504B47
"""`GPKG`, by which the file is known."""

_USER_VERSION = 10300
"""Version 1.3 of the standard."""

_LITTLE_ENDIAN_WITH_BOX = 0b00000011
"""Flags of a shape: the order of its bytes, and that its box stands before it."""

_WITH_SRID = 0x20000000
"""Bit of the type by which extended well-known binary says that the number of a system follows."""

_SRIDS = {
    Reference.CRS84: 4326,
    Reference.PLANE: 28992,
    Reference.ETRS89: 4258,
    Reference.ETRF2000: 9067,
    Reference.WEB_MERCATOR: 3857,
}
"""Number at EPSG of each system; longitude comes first here whatever EPSG says."""

_TYPES = {
    PropertyType.TEXT: "TEXT",
    PropertyType.INTEGER: "INTEGER",
    PropertyType.NUMBER: "REAL",
    PropertyType.BOOLEAN: "BOOLEAN",
    PropertyType.DATE: "DATE",
    PropertyType.INSTANT: "DATETIME",
    PropertyType.TEXTS: "TEXT",
}

_GEOMETRIES = {
    "point": "POINT",
    "multilinestring": "MULTILINESTRING",
    "polygon": "POLYGON",
    "multipolygon": "MULTIPOLYGON",
}

_STANDARD = {
    "gpkg_spatial_ref_sys": (
        "srs_id INTEGER",
        "srs_name TEXT",
        "organization TEXT",
        "organization_coordsys_id INTEGER",
        "definition TEXT",
        "description TEXT optional",
    ),
    "gpkg_contents": (
        "table_name TEXT",
        "data_type TEXT",
        "identifier TEXT",
        "description TEXT optional",
        "last_change DATETIME",
        "min_x DOUBLE optional",
        "min_y DOUBLE optional",
        "max_x DOUBLE optional",
        "max_y DOUBLE optional",
        "srs_id INTEGER",
    ),
    "gpkg_geometry_columns": (
        "table_name TEXT",
        "column_name TEXT",
        "geometry_type_name TEXT",
        "srs_id INTEGER",
        "z TINYINT",
        "m TINYINT",
    ),
}
"""Tables of the standard, each with its columns; the first is the key."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_FID = "fid"
_GEOMETRY = "geom"


class _Named(UserDefinedType[object]):
    """A type of the standard; what is written is bound as it is."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        """Name the type."""
        return self.name


def write_geopackage(
    path: Path,
    collection: Collection,
    names: Sequence[str],
    reference: Reference,
    batches: Iterable[Sequence[Sequence[object]]],
    *,
    changed_at: dt.datetime | None,
) -> int:
    """
    Write rows to a new file.

    Parameters
    ----------
    path
        The file; it must not exist.
    collection
        What the rows are of.
    names
        Properties that are told.
    reference
        System of the shapes.
    batches
        Rows: the feature's name, its shape (extended well-known binary, x first), its properties.
    changed_at
        When the rows were published, so that the same rows give the same bytes; absent where nobody said.

    Returns
    -------
    int
        Number of rows.
    """
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", poolclass=sqlalchemy.NullPool)
    metadata = MetaData()
    rows = _rows_table(metadata, collection, names)
    with engine.connect() as connection:
        for pragma in (
            f"PRAGMA application_id = {_APPLICATION_ID}",
            f"PRAGMA user_version = {_USER_VERSION}",
            # The file is new and is thrown away where it is not finished.
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
        ):
            connection.exec_driver_sql(pragma)
        told = _described(metadata, collection, reference, changed_at)
        metadata.create_all(connection)
        n_rows, bounds = _fill(connection, rows, names, _SRIDS[reference], batches)
        for table, values in told:
            connection.execute(table.insert(), values)
        contents = metadata.tables["gpkg_contents"]
        if bounds is not None:
            sides = dict(zip(("min_x", "min_y", "max_x", "max_y"), bounds, strict=True))
            connection.execute(contents.update().values(sides))
        connection.commit()
    engine.dispose()
    return n_rows


def _rows_table(metadata: MetaData, collection: Collection, names: Sequence[str]) -> Table:
    """Declare the table of the rows."""
    kinds = {one.name: one.type for one in collection.properties}
    return Table(
        collection.id,
        metadata,
        Column(_FID, sqlalchemy.INTEGER, primary_key=True),
        Column(_GEOMETRY, _Named(_GEOMETRIES.get(collection.geometry, "GEOMETRY"))),
        Column("feature_id", _Named("TEXT")),
        *(Column(name, _Named(_TYPES[kinds[name]])) for name in names),
    )


def _described(
    metadata: MetaData, collection: Collection, reference: Reference, changed_at: dt.datetime | None
) -> list[tuple[Table, list[dict[str, object]]]]:
    """Declare the tables that say what the others hold, with what they say."""
    srid = _SRIDS[reference]
    systems, contents, shapes = (_table(metadata, name) for name in _STANDARD)
    moment = _EPOCH if changed_at is None else changed_at.astimezone(dt.UTC)
    changed = f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"
    return [
        (systems, [_system(-1), _system(0), *([_system(4326)] if srid != 4326 else []), _system(srid)]),  # noqa: PLR2004 - WGS 84
        (
            contents,
            [
                {
                    "table_name": collection.id,
                    "data_type": "features",
                    "identifier": collection.id,
                    "description": collection.description.en,
                    "last_change": changed,
                    "srs_id": srid,
                }
            ],
        ),
        (
            shapes,
            [
                {
                    "table_name": collection.id,
                    "column_name": _GEOMETRY,
                    "geometry_type_name": _GEOMETRIES.get(collection.geometry, "GEOMETRY"),
                    "srs_id": srid,
                    "z": 0,
                    "m": 0,
                }
            ],
        ),
    ]


def _table(metadata: MetaData, name: str) -> Table:
    """Declare a table of the standard; its first column is its key."""
    columns = [text.split() for text in _STANDARD[name]]
    return Table(
        name,
        metadata,
        *(
            Column(column, _Named(kind), primary_key=i == 0, nullable=bool(optional))
            for i, (column, kind, *optional) in enumerate(columns)
        ),
    )


def _system(srid: int) -> dict[str, object]:
    """Describe a coordinate reference system; the standard wants two undefined ones beside the known."""
    undefined = {-1: "Undefined Cartesian SRS", 0: "Undefined geographic SRS"}
    if srid in undefined:
        name, definition, organization = undefined[srid], "undefined", "NONE"
    else:
        from pyproj import CRS  # noqa: PLC0415 -- as in `hotspot.crs`

        system = CRS.from_epsg(srid)
        name, definition, organization = system.name, system.to_wkt("WKT1_GDAL"), "EPSG"
    return {
        "srs_name": name,
        "srs_id": srid,
        "organization": organization,
        "organization_coordsys_id": srid,
        "definition": definition,
        "description": None,
    }


def _fill(
    connection: Connection,
    rows: Table,
    names: Sequence[str],
    srid: int,
    batches: Iterable[Sequence[Sequence[object]]],
) -> tuple[int, tuple[float, float, float, float] | None]:
    """Write the rows; tell how many there are and the box around them."""
    # Bound by position, which is what takes the time; the statement itself comes from the table.
    statement = str(rows.insert().compile(connection, column_keys=[_FID, _GEOMETRY, "feature_id", *names]))
    n_rows = 0
    boxes: list[tuple[float, float, float, float]] = []
    for batch in batches:
        shapes = [_plain(bytes(row[1])) if isinstance(row[1], bytes | memoryview) else None for row in batch]
        parsed = shapely.from_wkb(shapes)
        sides = shapely.bounds(parsed).tolist()
        blobs = [
            None if one is None else _header(srid, box) + one for one, box in zip(shapes, sides, strict=True)
        ]
        numbers = range(n_rows + 1, n_rows + len(batch) + 1)
        written = [
            (number, blob, row[0], *row[2:]) for number, blob, row in zip(numbers, blobs, batch, strict=True)
        ]
        if written:
            connection.exec_driver_sql(statement, written)
            boxes.append(tuple(shapely.total_bounds(parsed).tolist()))
        n_rows += len(written)
    # Where no row of a batch has a shape, its sides are no numbers.
    known = [box for box in boxes if not math.isnan(box[0])]
    if not known:
        return n_rows, None
    west, south, east, north = zip(*known, strict=True)
    return n_rows, (min(west), min(south), max(east), max(north))


def _header(srid: int, sides: Sequence[float]) -> bytes:
    """Write what stands before a shape."""
    west, south, east, north = sides
    return b"GP" + struct.pack("<BBi4d", 0, _LITTLE_ENDIAN_WITH_BOX, srid, west, east, south, north)


def _plain(binary: bytes) -> bytes:
    """Take the number of the system out of extended well-known binary."""
    order = "<" if binary[0] else ">"
    (kind,) = struct.unpack_from(f"{order}I", binary, 1)
    if not kind & _WITH_SRID:
        return binary
    return binary[:1] + struct.pack(f"{order}I", kind & ~_WITH_SRID) + binary[9:]
