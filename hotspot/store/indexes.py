"""
The indexes of the incidents during a large load: dropped, then built again from all rows at once.

Entering a million rows one by one into three indexes takes longer than everything else together. Both
databases make and drop indexes within the transaction: after a kill they are as they were before the load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select

from hotspot.store.tables import incident_rows, loads

if TYPE_CHECKING:
    from sqlalchemy import Connection, Index

_LARGE_ROWS = 50_000
"""Fewer rows are entered one by one in a second or two."""

_LARGE_SHARE = 8
"""One row entered costs about as much as eight in an index that is built at once, on both databases."""


def is_large(connection: Connection, load_id: int, *, more_rows: int = 0) -> bool:
    """
    Tell whether a load is large beside what is stored already.

    Parameters
    ----------
    connection
        The open transaction.
    load_id
        Number of the load.
    more_rows
        Rows that are about to be written.

    Returns
    -------
    bool
        Whether working on all rows at once is cheaper than working on those of the load one by one.
    """
    rows_read = func.coalesce(func.sum(loads.c.rows_read), 0)
    of_load = (connection.scalar(select(rows_read).where(loads.c.id == load_id)) or 0) + more_rows
    of_others = connection.scalar(select(rows_read).where(loads.c.id != load_id)) or 0
    return bool(of_load >= max(_LARGE_ROWS, of_others / _LARGE_SHARE))


def drop_for_large_load(connection: Connection, load_id: int, *, more_rows: int) -> None:
    """
    Drop the indexes as soon as a load turns out to be large.

    Parameters
    ----------
    connection
        The open transaction; on PostgreSQL, readers of the incidents wait for its end from here on.
    load_id
        Number of the load.
    more_rows
        Rows that are about to be written.
    """
    if not is_large(connection, load_id, more_rows=more_rows):
        return
    present = _present(connection)
    for index in _indexes():
        if index.name in present:
            index.drop(connection)


def build(connection: Connection) -> None:
    """
    Build the indexes that are missing.

    Parameters
    ----------
    connection
        The open transaction.
    """
    present = _present(connection)
    for index in _indexes():
        if index.name not in present:
            index.create(connection)


def _indexes() -> list[Index]:
    """List the indexes of the incidents."""
    return sorted(incident_rows.indexes, key=lambda index: str(index.name))


def _present(connection: Connection) -> set[str | None]:
    """Name the indexes that are there."""
    return {index["name"] for index in inspect(connection).get_indexes(incident_rows.name)}
