"""Secrets that a store makes once and keeps: without them, names at the lower levels cannot be found back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from hotspot.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

DISCLOSURE = "disclosure"
"""Name of the secret from which the ids of the partner and the open level are made."""


def secret(connection: Connection, name: str, make: Callable[[], bytes]) -> bytes:
    """
    Read a secret; the first time, keep the one that is made.

    Parameters
    ----------
    connection
        The open writing transaction.
    name
        Its name.
    make
        Makes one, from the system's own source of chance.

    Returns
    -------
    bytes
        The same each time.
    """
    kept = connection.scalar(select(tables.secrets.c.value).where(tables.secrets.c.name == name))
    if kept is None:
        kept = make()
        connection.execute(insert(tables.secrets).values(name=name, value=kept))
    return bytes(kept)
