"""The audit as it is kept: rows that are only added, each sealed with the one before it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import insert, select

from hotspot.audit import Act, Anchor, Entry, Sealed, chain
from hotspot.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

_ENTRY = tables.audit_entries.c

_BATCH = 1000
"""Rows that are held at once when the log is read."""


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """
    Add entries at the end of the chain.

    Parameters
    ----------
    connection
        A transaction of `engine.begin_audit`: nobody else adds at the same time, so that there is one chain
        whatever the number of processes.
    entries
        In the order in which they are kept.
    """
    rows = [
        asdict(sealed.entry)
        | {"number": sealed.number, "previous_hash": sealed.previous_hash, "hash": sealed.hash}
        for sealed in chain(entries, after=end(connection))
    ]
    if rows:
        connection.execute(insert(tables.audit_entries), rows)


def end(connection: Connection) -> Anchor | None:
    """
    Find the last entry.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    Anchor or None
        Its number and seal; absent while there is none.
    """
    statement = select(_ENTRY.number, _ENTRY.hash).order_by(_ENTRY.number.desc()).limit(1)
    row = connection.execute(statement).first()
    return None if row is None else Anchor(row.number, row.hash)


def entries(
    connection: Connection, *, from_ms: int | None = None, to_ms: int | None = None
) -> Iterator[Sealed]:
    """
    Read the log in the order in which it was written, a part at a time.

    Parameters
    ----------
    connection
        The open transaction.
    from_ms, to_ms
        First instant and the one after the last, in milliseconds since 1970 UTC; absent for all.

    Yields
    ------
    Sealed
        Each entry in its place.
    """
    statement = select(tables.audit_entries).order_by(_ENTRY.number).limit(_BATCH)
    if from_ms is not None:
        statement = statement.where(_ENTRY.at_ms >= from_ms)
    if to_ms is not None:
        statement = statement.where(_ENTRY.at_ms < to_ms)
    last: int | None = None
    while True:
        # Number by number and not with one long cursor, which SQLite would hold against writers.
        part = statement if last is None else statement.where(_ENTRY.number > last)
        rows = connection.execute(part).all()
        yield from map(_sealed, rows)
        if len(rows) < _BATCH:
            return
        last = rows[-1].number


def _sealed(row: Row[*tuple[Any, ...]]) -> Sealed:
    """Make an entry from its row."""
    return Sealed(
        number=row.number,
        entry=Entry(
            at_ms=row.at_ms,
            request=row.request,
            act=_act(row.act),
            who=row.who,
            key=row.key,
            role=row.role,
            level=row.level,
            areas=row.areas,
            purpose=row.purpose,
            method=row.method,
            path=row.path,
            query=row.query,
            status=row.status,
            records=row.records,
        ),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _act(text: str) -> Act:
    """Read an act; what somebody wrote over it must still be shown as changed."""
    return Act(text) if text in set(Act) else text  # type: ignore[return-value]
