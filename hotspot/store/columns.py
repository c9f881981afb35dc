"""
What columns of the store are made of, the same on both databases.

Geometry goes in and comes out as EWKB with the SRID in the value: an SRID of -1 in the type lets each store
have its municipality's own plane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Column, Double, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from enum import StrEnum

LON_LAT_SRID = 4326
"""What databases call longitude and latitude on WGS 84; x, that is longitude, always comes first in them."""

TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text that is ordered by its code points, as SQLite does, and not by the language of the server."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
index_metadata = MetaData()
"""The R*Trees of the embedded store: virtual tables, which only the migrations create."""


def geometry(kind: str, *, is_optional: bool = False) -> Geometry:
    """
    Declare a column of shapes; see the pitfall with spatial indexes in docs/store.md.

    Parameters
    ----------
    kind
        Kind of geometry, such as `POINT`.
    is_optional
        Whether a row may have none.

    Returns
    -------
    Geometry
        Type that takes EWKB.
    """
    return Geometry(kind, srid=-1, spatial_index=False, from_text="ST_GeomFromEWKB", nullable=is_optional)


def spatial_index(name: str, column: str) -> Index:
    """
    Index a geometry column where the database can; the embedded store has its R*Trees instead.

    Parameters
    ----------
    name
        Name of the index.
    column
        Name of the column.

    Returns
    -------
    Index
        An index for PostGIS alone.
    """
    return Index(name, column, postgresql_using="gist").ddl_if(dialect="postgresql")


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """
    Allow a column the values of an enumeration only.

    Parameters
    ----------
    column
        Name of the column.
    values
        The enumeration.

    Returns
    -------
    CheckConstraint
        The rule, named after the column.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def tree(table: Table) -> Table:
    """
    Describe the R*Tree that a trigger keeps beside a table with shapes in degrees.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    Table
        The tree, with the numbers of the rows and their sides.
    """
    return Table(
        f"{table.name}_tree",
        index_metadata,
        Column("id", Integer, primary_key=True),
        *(Column(name, Double) for name in ("west_deg", "east_deg", "south_deg", "north_deg")),
    )
