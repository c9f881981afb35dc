"""
Tables of what is served: a row per feature and version, with a column per property of the catalogue.

A row holds at a version if it was added by then and has not been closed by then; nothing is deleted, so that
every request can be answered at any version. Geometry stands in each row in three systems, with its GeoJSON
beside it, and the properties as JSON: a page is put together by the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any  # Any: types of several values stand in one table.

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, Table, and_, func, text

from hotspot.catalogue import COLLECTIONS, Disclosure, PropertyType
from hotspot.store.columns import TEXT, geometry, metadata, one_of, spatial_index, tree

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

    from hotspot.catalogue import Collection, Property

_TYPES: dict[PropertyType, TypeEngine[Any]] = {
    PropertyType.TEXT: TEXT,
    PropertyType.INTEGER: BigInteger(),
    PropertyType.NUMBER: Double(),
    PropertyType.BOOLEAN: Boolean(),
    PropertyType.DATE: TEXT,
    PropertyType.INSTANT: BigInteger(),
    PropertyType.TEXTS: TEXT,
}
"""
How each property is kept: a day as `2026-07-20`, an instant as whole seconds since 1970 in UTC, and several
texts as a JSON array.
"""

_ID = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers its rows itself only if it is told so in this word."""

_COMMON = ("id", "level")
"""Common columns whose names are those of properties too."""


def column_name(name: str) -> str:
    """
    Name the column of a property.

    Parameters
    ----------
    name
        Name of the property.

    Returns
    -------
    str
        The same, or `told_` before it where each row has a column of that name of its own.
    """
    return f"told_{name}" if name in _COMMON else name


_INDEXED = {"hotspots": ("week", "theme"), "rankings": ("week", "theme")}
"""Properties by which rows are looked for most, where there are more than the week."""

NAMED_BY_WEEK = frozenset({"cells"})
"""
Kinds of rows whose names end with their week: they are found by both, in one index.

An index of the names alone has each row of a week on another page, thousands of which would be written anew.
"""

_WEEK_LENGTH = len("2026-W31")


def _properties(rows: str) -> tuple[Property, ...]:
    """List the properties of a kind of row; all collections that are views of it have the same."""
    return next(one.properties for one in COLLECTIONS if one.rows == rows)


def _rows_without_shape(name: str) -> Index:
    """Index the few rows that every box must find although they lie nowhere."""
    without = text("west_deg IS NULL")
    return Index(f"ix_{name}_without_shape", "west_deg", sqlite_where=without, postgresql_where=without)


def _indexes(rows: str) -> list[Index]:
    """Index rows by their names, and by the properties by which they are looked for most."""
    name = f"served_{rows}"
    if rows in NAMED_BY_WEEK:
        return [Index(f"ix_{name}_level_week_feature_id", "level", "week", "feature_id")]
    indexed = [one.name for one in _properties(rows) if one.name in _INDEXED.get(rows, ("week",))]
    return [
        Index(f"ix_{name}_feature_id", "feature_id"),
        *(Index(f"ix_{name}_level_{column}", "level", column) for column in indexed),
    ]


def _served(rows: str, *more: SchemaItem) -> Table:
    """Declare the table of a kind of row."""
    name = f"served_{rows}"
    return Table(
        name,
        metadata,
        Column("id", _ID, primary_key=True, autoincrement=False),
        Column("level", TEXT, nullable=False),
        Column("feature_id", TEXT, nullable=False),
        Column("from_version", Integer, nullable=False),
        Column("to_version", Integer),
        Column("starts_s", BigInteger),
        Column("ends_s", BigInteger),
        *(Column(side, Double) for side in ("west_deg", "south_deg", "east_deg", "north_deg")),
        *(
            Column(system, geometry("GEOMETRY", is_optional=True))
            for system in ("geometry_deg", "geometry_plane", "geometry_mercator")
        ),
        Column("geometry_json", TEXT),
        Column("properties_json", TEXT, nullable=False),
        Column("areas", TEXT, nullable=False),
        *more,
        *(Column(column_name(one.name), _TYPES[one.type]) for one in _properties(rows)),
        one_of("level", Disclosure),
        Index(f"ix_{name}_level_id", "level", "id"),
        *_indexes(rows),
        _rows_without_shape(name),
        *(
            spatial_index(f"ix_{name}_{system}", system)
            for system in ("geometry_deg", "geometry_plane", "geometry_mercator")
        ),
    )


served_areas = _served("areas")
served_hotspots = _served("hotspots")
served_rankings = _served("rankings")
served_incidents = _served("incidents", Column("digest", BigInteger, nullable=False))
"""The digest tells whether an incident still says what it did when it was served."""
served_cells = _served(
    "cells",
    Column("box_id", BigInteger),
    Index("ix_served_cells_box_id", "box_id").ddl_if(dialect="sqlite"),
)
"""
Squares of the density: those of all themes lie on the same ones.

Of rows that were written together with the same shape only the first, whose number is the box of all, stands
in the R*Tree. It takes longer to write than all else about a row.
"""
served_streets = _served("streets")

served_versions = Table(
    "served_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at_s", BigInteger),
    Column("week", TEXT),
    Column("edition", Integer),
)
"""One row for each transaction that changed what is served; week and edition where one was published."""

served_extents = Table(
    "served_extents",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("collection", TEXT, primary_key=True),
    Column("level", TEXT, primary_key=True),
    Column("matched", BigInteger, nullable=False),
    *(Column(side, Double) for side in ("west_deg", "south_deg", "east_deg", "north_deg")),
    Column("starts_s", BigInteger),
    Column("ends_s", BigInteger),
)
"""How many rows a collection has since a version, where and when; until the next version that says it."""

SERVED: dict[str, Table] = {
    "areas": served_areas,
    "hotspots": served_hotspots,
    "rankings": served_rankings,
    "incidents": served_incidents,
    "cells": served_cells,
    "streets": served_streets,
}
"""Tables by the kind of their rows."""

TREES: dict[str, Table] = {rows: tree(table) for rows, table in SERVED.items()}
"""The R*Trees of the embedded store, by the kind of rows."""


def is_named(rows: str, name: str) -> ColumnElement[bool]:
    """
    Tell which rows have a name.

    Parameters
    ----------
    rows
        Kind of the rows.
    name
        The name.

    Returns
    -------
    ColumnElement
        The condition.
    """
    column = SERVED[rows].c
    found: ColumnElement[bool] = column.feature_id == name
    if rows not in NAMED_BY_WEEK:
        return found
    # In SQL, so that the statement of another name is the same one.
    week = func.substr(name, func.length(name) - (_WEEK_LENGTH - 1), type_=TEXT)
    return and_(column.week == week, found)


def property_columns(collection: Collection) -> dict[str, Column[object]]:
    """
    Find the columns that a filter or an order may name.

    Parameters
    ----------
    collection
        The collection.

    Returns
    -------
    dict of Column
        By the names of the properties.
    """
    table = SERVED[collection.rows]
    return {one.name: table.c[column_name(one.name)] for one in collection.properties}
