"""Numbers of new rows: there is one writer at a time, so the next one is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def next_id(connection: Connection, table: Table) -> int:
    """
    Give the number that follows the largest in use.

    Parameters
    ----------
    connection
        The open writing transaction.
    table
        A table with a column `id`.

    Returns
    -------
    int
        At least 1.
    """
    return int(connection.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0) + 1
