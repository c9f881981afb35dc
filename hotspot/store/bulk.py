"""
Many rows into a table at once, each database by its fastest way.

PostgreSQL takes COPY in its binary form, of which numpy writes whole batches without a loop, since every
field has a fixed width; SQLite takes prepared statements of many rows each.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast  # Any: arrays of several types travel together.

import numpy as np
import sqlalchemy
from sqlalchemy import func, insert, select

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select, Table

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""Signature, no flags, no extension (PostgreSQL's documentation of COPY, "Binary Format")."""

_TRAILER = b"\xff\xff"
"""A field count of -1 ends the rows."""

_VALUES_AT_ONCE = 3_000
"""Values in one statement, of a hundred rows: SQLite would take 32,766, but reads long statements slowly."""


def write_arrays(connection: Connection, table: Table, columns: Mapping[str, NDArray[np.generic]]) -> None:
    """
    Insert rows that are given as arrays of numbers, or of records that are stored as they are.

    Parameters
    ----------
    connection
        The open transaction.
    table
        The table.
    columns
        An array for each column, all of one length; columns that are not named get their default.
    """
    if connection.dialect.name == "postgresql":
        _copy(connection, table, list(columns), [_HEADER, _binary_rows(columns), _TRAILER], binary=True)
        return
    lists = [_values(array) for array in columns.values()]
    _execute_many(connection, table, list(columns), zip(*lists, strict=True))


def write_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """
    Insert rows with texts in them.

    Parameters
    ----------
    connection
        The open transaction.
    table
        The table.
    columns
        Names of the columns.
    rows
        Their values.
    """
    if connection.dialect.name == "postgresql":
        _copy(connection, table, columns, rows, binary=False)
        return
    _execute_many(connection, table, columns, rows)


def _values(array: NDArray[np.generic]) -> list[object]:
    """Give an array's items as the driver of SQLite takes them."""
    if array.dtype.names is None:
        return cast("list[object]", array.tolist())
    whole = array.tobytes()
    size = array.dtype.itemsize
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def _execute_many(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """
    Run prepared statements over all rows, past the types of the table: the values are as stored.

    A statement takes many rows: SQLite then begins fewer statements of its triggers, and holds no lock of
    Python for so long that another thread can go on meanwhile.
    """
    untyped = sqlalchemy.table(table.name, *(sqlalchemy.column(name) for name in columns))
    one = str(insert(untyped).compile(dialect=connection.dialect))
    another = f", ({', '.join('?' * len(columns))})"
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    waiting = iter(rows)
    while part := list(islice(waiting, max(_VALUES_AT_ONCE // len(columns), 1))):
        driver.execute(one + another * (len(part) - 1), tuple(chain.from_iterable(part)))


def _layout(kinds: Mapping[str, np.dtype[Any]]) -> np.dtype[np.void]:
    """Lay out a row as COPY has it: a field count, then each field after its length, big endian."""
    fields: list[tuple[str, str] | tuple[str, np.dtype[Any]]] = [("n_fields", ">i2")]
    for name, kind in kinds.items():
        # What has parts of its own, a shape, is a run of bytes to the database.
        fields += [(f"{name} length", ">i4"), (name, kind if kind.names else kind.newbyteorder(">"))]
    return np.dtype(fields)


def _binary_rows(columns: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Write rows as COPY reads them."""
    layout = _layout({name: array.dtype for name, array in columns.items()})
    rows = np.empty(len(next(iter(columns.values()))), layout)
    rows["n_fields"] = len(columns)
    for name, array in columns.items():
        rows[f"{name} length"] = array.dtype.itemsize
        rows[name] = array
    return rows.tobytes()


def _copy(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    parts: Iterable[bytes] | Iterable[tuple[object, ...]],
    *,
    binary: bool,
) -> None:
    """Send bytes, or rows, to COPY."""
    # The driver is loaded for this database alone: it takes 8 MB of a service over the other.
    from psycopg import sql  # noqa: PLC0415 - as above

    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT {})").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL("BINARY" if binary else "TEXT"),
    )
    driver = cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for part in parts:
            if isinstance(part, bytes):
                copy.write(part)
            else:
                copy.write_row(part)


def read_arrays(
    connection: Connection, statement: Select[*tuple[Any, ...]], kinds: Mapping[str, np.dtype[Any]]
) -> dict[str, NDArray[Any]]:
    """
    Read rows of numbers, and of records that are stored as they are, into arrays.

    Parameters
    ----------
    connection
        The open transaction.
    statement
        What to read; none of it absent, and all its parameters whole numbers.
    kinds
        Type of each column of the statement, by any name.

    Returns
    -------
    dict of ndarray
        An array for each column.
    """
    read = _fetched if connection.dialect.name == "postgresql" else _packed
    return read(connection, statement, kinds)


def _fetched(
    connection: Connection, statement: Select[*tuple[Any, ...]], kinds: Mapping[str, np.dtype[Any]]
) -> dict[str, NDArray[Any]]:
    """Let psycopg fetch all rows in binary at once; COPY would hand them out one by one."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    driver = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
    with driver.cursor(binary=True) as cursor:
        rows = cursor.execute(str(compiled)).fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return {
        name: np.array(column, kind) if kind.names is None else np.frombuffer(b"".join(column), kind)
        for (name, kind), column in zip(kinds.items(), columns, strict=True)
    }


def _packed(
    connection: Connection, statement: Select[*tuple[Any, ...]], kinds: Mapping[str, np.dtype[Any]]
) -> dict[str, NDArray[Any]]:
    """Let SQLite write each column as one text: half the time that an object for each value takes."""
    chosen = list(zip(kinds.items(), statement.subquery().c, strict=True))
    texts = connection.execute(
        select(
            *(
                func.group_concat(column) if kind.names is None else func.group_concat(func.hex(column), "")
                for (_, kind), column in chosen
            )
        )
    ).one()
    return {
        name: np.fromstring(text or "", np.int64, sep=",").astype(kind)
        if kind.names is None
        else np.frombuffer(bytes.fromhex(text or ""), kind)
        for ((name, kind), _), text in zip(chosen, texts, strict=True)
    }
