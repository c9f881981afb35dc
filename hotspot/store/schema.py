"""Whether the tables in the database are those of this version; asked at every start, so without Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, Table, Text, inspect, select

from hotspot.errors import StoreNotReady
from hotspot.store import engine as engines

if TYPE_CHECKING:
    from sqlalchemy import Engine

REVISION = "0010"
"""The newest migration in `migrations/versions`; a test compares the two."""

_VERSION = Table("alembic_version", MetaData(), Column("version_num", Text))
"""Where Alembic writes down which migrations a database has had."""


def check(engine: Engine) -> None:
    """
    Make sure that the tables are there and of this version.

    Parameters
    ----------
    engine
        The store.

    Raises
    ------
    StoreNotReady
        If the tables are missing, older or newer than this version of the project.
    StoreUnavailable
        If the database cannot be reached.
    """
    with engines.read(engine) as connection:
        has_tables = inspect(connection).has_table(_VERSION.name)
        found = connection.scalar(select(_VERSION.c.version_num)) if has_tables else None
    if found != REVISION:
        where = engine.url.render_as_string()
        has = "has no tables" if found is None else f"is at version {found}, required is {REVISION}"
        raise StoreNotReady(f"the store at {where} {has}; run `hotspot init`")
