"""The tables in the database, made and upgraded by Alembic without a configuration file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import exc, text

from hotspot.errors import StoreUnavailable
from hotspot.store import engine as engines

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    """Tell Alembic where the migrations are and which transaction to use."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, *, revision: str = "head") -> None:
    """
    Make the tables or bring them up to date; what is up to date stays as it is.

    Parameters
    ----------
    engine
        The store; a missing SQLite file is made, a missing PostgreSQL database is not.
    revision
        Where to go: `head`, `base` or a revision.

    Raises
    ------
    StoreUnavailable
        If the database cannot be reached, or PostGIS is not installed in it and cannot be.
    """
    if engine.dialect.name == "sqlite":
        try:
            Path(str(engine.url.database)).touch()
        except OSError as error:
            where = engine.url.render_as_string()
            raise StoreUnavailable(f"the database at {where} cannot be made: {error.strerror}") from error
    else:
        _require_postgis(engine)
    with engines.begin(engine) as connection:
        if revision == "base":
            command.downgrade(_config(connection), revision)
        else:
            command.upgrade(_config(connection), revision)


def _require_postgis(engine: Engine) -> None:
    """Make sure of the extension before the tables that use its types."""
    try:
        with engines.begin(engine) as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except exc.DBAPIError as error:
        where = engine.url.render_as_string()
        raise StoreUnavailable(
            f"the database at {where} needs the extension PostGIS: {str(error.orig).strip()}"
        ) from error


_OWN_SEPARATELY = re.compile(r"spatial_ref_sys|.*_tree(_node|_parent|_rowid)?")


def is_compared(name: str | None, kind: str) -> bool:
    """
    Tell Alembic which objects of a database `columns.metadata` describes.

    Parameters
    ----------
    name
        Name of the object.
    kind
        `table`, `column`, `index` and so on.

    Returns
    -------
    bool
        False for PostGIS's own table and for the R*Trees, which only the migrations know.
    """
    return kind != "table" or name is None or _OWN_SEPARATELY.fullmatch(name) is None
