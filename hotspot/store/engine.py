"""
From an address to an engine, and from an engine to a transaction; the same promises on both databases.

One writer at a time, any number of readers beside it, each of which sees one state from beginning to end.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import event, exc, make_url

from hotspot.errors import HotspotError, InvalidParameter, StoreNotReady, StoreUnavailable
from hotspot.store import spatial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

_PATIENCE_S = 60
"""How long a writer waits for another before it gives up: longer than a load of a million rows."""

_CONNECT_TIMEOUT_S = 10
"""A database that does not answer by then is down as far as a reader is concerned."""

_CACHE_KIB = 65_536
"""Page cache of one SQLite connection: holds the indexes of some million incidents."""

_WRITER_LOCK = 0x686F7473
"""Number of the advisory lock that makes writers queue on PostgreSQL, as SQLite does by itself ('hots')."""

_MISSING_TABLE = frozenset({"42P01", "42703"})
"""PostgreSQL's codes for an undefined table and an undefined column."""

_WRITES = "hotspot_writes"


def create_engine(url: str) -> Engine:
    """
    Make the engine of a store; nothing is opened yet.

    Parameters
    ----------
    url
        `sqlite:///FILE` (the embedded default) or `postgresql://USER@HOST/NAME`.

    Returns
    -------
    Engine
        The engine.

    Raises
    ------
    InvalidParameter
        If the address has another form.
    """
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        # What cannot be parsed may hold a password all the same.
        raise InvalidParameter(_form(re.sub("://.*@", "://***@", url, flags=re.DOTALL))) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return _embedded(parsed)
    if parsed.get_backend_name() == "postgresql" and parsed.database:
        return _postgresql(parsed)
    raise InvalidParameter(_form(parsed.render_as_string()))


def _form(came: str) -> str:
    """Say what an address must look like."""
    return f"a store is sqlite:///FILE or postgresql://USER@HOST/NAME, got {came!r}"


def _embedded(url: URL) -> Engine:
    """Prepare SQLite: write-ahead log, foreign keys, patience and spatial functions on each connection."""
    # Only a migration makes the file (`mode=rw`): a mistyped name is an error and not an empty store.
    address = f"file:{quote(str(Path(str(url.database)).absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        # isolation_level None leaves BEGIN to us, so that a writer can say so from the start.
        connection = sqlite3.connect(
            address, uri=True, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        spatial.register(connection)
        return connection

    engine = sqlalchemy.create_engine(url.set(drivername="sqlite", query={}), creator=connect)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        # A reader that turns writer may fail halfway; a writer that says so waits its turn.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    """Prepare PostgreSQL through psycopg 3; readers see one snapshot."""
    return sqlalchemy.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "options": f"-c lock_timeout={_PATIENCE_S}s",
        },
    )


@contextmanager
def begin(engine: Engine) -> Iterator[Connection]:
    """
    Run a block in one writing transaction; other writers wait.

    Parameters
    ----------
    engine
        The store.

    Yields
    ------
    Connection
        Committed when the block ends, rolled back when it raises.

    Raises
    ------
    StoreUnavailable
        If the database cannot be reached or another writer does not finish.
    StoreNotReady
        If the tables are missing.
    """
    with _own_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(_WRITER_LOCK)))
            yield connection


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """
    Run a block in one reading transaction; it waits for nobody and sees one state throughout.

    Parameters
    ----------
    engine
        The store.

    Yields
    ------
    Connection
        Nothing can be written through it.

    Raises
    ------
    StoreUnavailable
        If the database cannot be reached.
    StoreNotReady
        If the tables are missing.
    """
    with _own_errors(engine), engine.connect() as plain:
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
            return
        with plain.begin():
            plain.exec_driver_sql("PRAGMA query_only = ON")
            try:
                yield plain
            finally:
                plain.exec_driver_sql("PRAGMA query_only = OFF")


@contextmanager
def _own_errors(engine: Engine) -> Iterator[None]:
    """Turn what the drivers raise into what the caller can do about it."""
    try:
        yield
    except exc.DBAPIError as error:
        own = _own_error(engine, error)
        if own is None:
            raise
        raise own from error


def _own_error(engine: Engine, error: exc.DBAPIError) -> HotspotError | None:
    """Tell which of our errors a driver's error is, if any."""
    where = engine.url.render_as_string()
    reason = str(error.orig).strip()
    if engine.dialect.name == "sqlite":
        if not Path(str(engine.url.database)).exists():
            return StoreNotReady(f"there is no store at {where}; run `hotspot init` first")
        missing = reason.startswith(("no such table", "no such column"))
    else:
        missing = getattr(error.orig, "sqlstate", None) in _MISSING_TABLE
    if missing:
        return StoreNotReady(f"the store at {where} lacks its tables ({reason}); run `hotspot init` first")
    unreachable = isinstance(error, exc.OperationalError | exc.InterfaceError)
    if unreachable or reason == "file is not a database":
        return StoreUnavailable(f"the database at {where} cannot be used: {reason}")
    return None
