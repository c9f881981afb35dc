"""
From an address to an engine, and from an engine to a transaction; the same promises on both databases.

One writer at a time, any number of readers beside it, each of which sees one state from beginning to end.
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: options of the library.
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import event, exc, make_url

from hotspot.errors import HotspotError, InvalidParameter, OutOfTime, StoreNotReady, StoreUnavailable
from hotspot.store import spatial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import timedelta

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_PATIENCE_S = 60
"""How long a writer waits for another before it gives up: longer than a load of a million rows."""

_CONNECT_TIMEOUT_S = 10
"""A database that does not answer by then is down as far as a reader is concerned."""

_CACHE_KIB = 65_536
"""Page cache of one SQLite connection: holds the indexes of some million incidents."""

_WRITER_LOCK = 0x686F7473
"""Number of the advisory lock that makes writers queue on PostgreSQL, as SQLite does by itself ('hots')."""

_AUDIT_LOCK = 0x61756474
"""The same for those who add to the audit: a long load must not hold up every answer ('audt')."""

_MISSING_TABLE = frozenset({"42P01", "42703"})
"""PostgreSQL's codes for an undefined table and an undefined column."""

_CANCELLED = "57014"
"""PostgreSQL's code for a statement that was stopped, here because it took too long."""

_STEPS = 1_000
"""SQLite looks at the clock after so many steps of its machine: less than a millisecond."""

_AWAY_S = 0.1
"""So long between two looks it has not worked but waited for its reader, which is not counted."""

_IDLE_S = 5.0
"""A connection that was used so lately is taken for alive without asking."""

_WRITES = "hotspot_writes"


@dataclass(frozen=True, slots=True)
class Serving:
    """
    How a service uses its store: many short readings at once, seldom a writing.

    Parameters
    ----------
    connections
        Connections at the most; they are kept open.
    time_limit
        How long a statement may take.
    cache_kib
        Page cache of one SQLite connection; the system keeps the file's pages for all of them anyway.
    """

    connections: int
    time_limit: timedelta
    cache_kib: int = 2048


class _Embedded(sqlite3.Connection):
    """A connection to SQLite that ends a statement which has worked too long."""

    limit_s = float("inf")
    _worked_s = 0.0
    _looked_s = 0.0

    def begin(self) -> None:
        """Give a statement the whole of its time."""
        self._worked_s, self._looked_s = 0.0, time.monotonic()

    def is_late(self) -> bool:
        """Tell SQLite, which asks now and then, whether to stop."""
        now_s = time.monotonic()
        passed_s, self._looked_s = now_s - self._looked_s, now_s
        if passed_s < _AWAY_S:
            self._worked_s += passed_s
        return self._worked_s > self.limit_s


def create_engine(url: str, serving: Serving | None = None) -> Engine:
    """
    Make the engine of a store; nothing is opened yet.

    Parameters
    ----------
    url
        `sqlite:///FILE` (the embedded default) or `postgresql://USER@HOST/NAME`.
    serving
        How a service uses it; absent for a command, which takes its time and all the memory that helps.

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
        return _embedded(parsed, serving)
    if parsed.get_backend_name() == "postgresql" and parsed.database:
        return _postgresql(parsed, serving)
    raise InvalidParameter(_form(parsed.render_as_string()))


def _form(came: str) -> str:
    """Say what an address must look like."""
    return f"a store is sqlite:///FILE or postgresql://USER@HOST/NAME, got {came!r}"


def _embedded(url: URL, serving: Serving | None) -> Engine:
    """Prepare SQLite: write-ahead log, foreign keys, patience and spatial functions on each connection."""
    # Only a migration makes the file (`mode=rw`): a mistyped name is an error and not an empty store.
    address = f"file:{quote(str(Path(str(url.database)).absolute()))}?mode=rw"
    cache_kib = _CACHE_KIB if serving is None else serving.cache_kib

    def connect() -> sqlite3.Connection:
        # isolation_level None leaves BEGIN to us, so that a writer can say so from the start.
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=_PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
            factory=_Embedded,
        )
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{cache_kib}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        spatial.register(connection)
        if serving is not None:
            connection.limit_s = serving.time_limit.total_seconds()
            connection.set_progress_handler(connection.is_late, _STEPS)
        return connection

    engine = sqlalchemy.create_engine(
        url.set(drivername="sqlite", query={}), creator=connect, **_pool_size(serving)
    )

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        # A reader that turns writer may fail halfway; a writer that says so waits its turn.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    if serving is not None:
        _limit_time(engine)
    return engine


def _pool_size(serving: Serving | None) -> dict[str, int]:
    """Keep as many connections as a service may use, so that none is made for one request and then closed."""
    return {} if serving is None else {"pool_size": serving.connections, "max_overflow": 0}


def _limit_time(engine: Engine) -> None:
    """Let each statement on SQLite begin with the whole of its time."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin_to_count(connection: Connection, *_: object) -> None:
        renew(connection)


def renew(connection: Connection) -> None:
    """
    Give what is read in batches the whole of its time for the next one, as PostgreSQL does by itself.

    Parameters
    ----------
    connection
        The open transaction.
    """
    embedded: object = connection.connection.dbapi_connection
    if isinstance(embedded, _Embedded):
        embedded.begin()


def _postgresql(url: URL, serving: Serving | None) -> Engine:
    """Prepare PostgreSQL through psycopg 3; readers see one snapshot."""
    options = f"-c lock_timeout={_PATIENCE_S}s"
    at_once: dict[str, Any] = {}
    if serving is not None:
        # Most readings of a service are glances; whoever begins a transaction says so.
        at_once = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
        options += f" -c statement_timeout={int(serving.time_limit.total_seconds() * 1000)}ms"
        # Just-in-time compilation takes longer than any of a service's short statements.
        options += " -c jit=off"
    engine = sqlalchemy.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=serving is None,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S, "options": options},
        **_pool_size(serving),
        **at_once,
    )
    if serving is not None:
        _ping_the_idle(engine)
    return engine


def _ping_the_idle(engine: Engine) -> None:
    """Ask a connection whether it lives if it was idle: asking each time costs a round trip per request."""

    @event.listens_for(engine, "checkin")
    def note(_: object, record: ConnectionPoolEntry) -> None:
        record.info["used_s"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        if time.monotonic() - record.info.get("used_s", float("inf")) > _IDLE_S:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:  # The driver's own; the pool makes another connection and asks again.
                raise exc.DisconnectionError from error


def begin(engine: Engine) -> AbstractContextManager[Connection]:
    """
    Run a block in one writing transaction; other writers wait.

    Parameters
    ----------
    engine
        The store.

    Returns
    -------
    context manager
        Gives the connection: committed when the block ends, rolled back when it raises. Raises
        `StoreUnavailable` if the database cannot be reached or another writer does not finish, and
        `StoreNotReady` if the tables are missing.
    """
    return _begin(engine, _WRITER_LOCK)


def begin_audit(engine: Engine) -> AbstractContextManager[Connection]:
    """
    Run a block that adds to the audit; whoever else adds to it waits.

    PostgreSQL lets it go on beside other writers; SQLite has one writer, whatever is written.

    Parameters
    ----------
    engine
        The store.

    Returns
    -------
    context manager
        As of `begin`.
    """
    return _begin(engine, _AUDIT_LOCK)


@contextmanager
def _begin(engine: Engine, lock: int) -> Iterator[Connection]:
    """Begin to write as soon as nobody else holds the lock."""
    with own_errors(engine), engine.connect() as plain:
        level = {"isolation_level": "READ COMMITTED"} if engine.dialect.name == "postgresql" else {}
        connection = plain.execution_options(**{_WRITES: True, **level})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sqlalchemy.select(sqlalchemy.func.pg_advisory_xact_lock(lock)))
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
    with own_errors(engine), engine.connect() as plain:
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
def glance(engine: Engine) -> Iterator[Connection]:
    """
    Run a block of short readings, each of which sees the state of its own moment.

    What is served can be read like this, since it is told for a version, whose rows are neither changed nor
    taken away. Whoever reads anything else, or many rows at a time, takes `read`.

    Parameters
    ----------
    engine
        The store.

    Yields
    ------
    Connection
        Nothing is to be written through it.

    Raises
    ------
    StoreUnavailable
        If the database cannot be reached.
    StoreNotReady
        If the tables are missing.
    """
    # A service's connections to PostgreSQL commit at once, and those to SQLite begin only when told to.
    with own_errors(engine), engine.connect() as connection:
        yield connection


def batched(connection: Connection) -> AbstractContextManager[object]:
    """
    Run a block that reads rows in batches through a cursor that the server keeps, in a glance as well.

    Parameters
    ----------
    connection
        Of `read` or of `glance`: PostgreSQL keeps cursors as long as a transaction only.

    Returns
    -------
    context manager
        Ends the transaction, if there was none before.
    """
    if connection.dialect.name != "postgresql":
        return nullcontext()
    driver: Any = connection.connection.dbapi_connection  # Any: of the driver.
    transaction: AbstractContextManager[object] = driver.transaction()
    return transaction


@contextmanager
def own_errors(engine: Engine) -> Iterator[None]:
    """
    Turn what the drivers raise into what the caller can do about it.

    Parameters
    ----------
    engine
        The store that is asked.

    Yields
    ------
    None
        While it is asked.
    """
    try:
        yield
    except (exc.DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        # The library wraps what the driver raises; short statements are not run through it.
        own = _own_error(engine, error.orig if isinstance(error, exc.DBAPIError) else error)
        if own is None:
            raise
        raise own from error


def _own_error(engine: Engine, error: BaseException | None) -> HotspotError | None:
    """Tell which of our errors a driver's error is, if any."""
    where = engine.url.render_as_string()
    reason = str(error).strip()
    if reason == "interrupted" or getattr(error, "sqlstate", None) == _CANCELLED:
        return OutOfTime("to answer this took too long; ask for less at a time")
    if engine.dialect.name == "sqlite":
        if not Path(str(engine.url.database)).exists():
            return StoreNotReady(f"there is no store at {where}; run `hotspot init` first")
        missing = reason.startswith(("no such table", "no such column"))
    else:
        missing = getattr(error, "sqlstate", None) in _MISSING_TABLE
    if missing:
        return StoreNotReady(f"the store at {where} lacks its tables ({reason}); run `hotspot init` first")
    driver = engine.dialect.loaded_dbapi
    unreachable = isinstance(error, driver.OperationalError | driver.InterfaceError)
    if unreachable or reason == "file is not a database":
        return StoreUnavailable(f"the database at {where} cannot be used: {reason}")
    return None
