"""When the features of a page are: the instants by which `datetime` chooses them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotspot.store.served_selection import conditions, following, order
from hotspot.store.served_tables import SERVED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.selection import Selection, Window

Interval = tuple[dt.datetime | None, dt.datetime | None]
"""First and last instant in UTC, both included; both are absent where there is no time."""


def read_times(connection: Connection, selection: Selection, window: Window) -> dict[str, Interval]:
    """
    Read when the features of a page are.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        Which are wanted.
    window
        Which part of them.

    Returns
    -------
    dict
        The interval of each by its name.
    """
    column = SERVED[selection.collection.rows].c
    statement = select(column.feature_id, column.starts_s, column.ends_s)
    statement = statement.where(*conditions(connection, selection)).order_by(*order(selection))
    if window.after is not None:
        statement = statement.where(following(selection, window.after))
    rows = connection.execute(statement.limit(window.limit).offset(window.offset))
    return {name: (_instant(starts_s), _instant(ends_s)) for name, starts_s, ends_s in rows}


def _instant(since_1970_s: int | None) -> dt.datetime | None:
    """Read seconds."""
    return None if since_1970_s is None else dt.datetime.fromtimestamp(since_1970_s, dt.UTC)
