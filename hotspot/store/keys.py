"""API keys as they are kept: never the key itself, and never forgotten once given."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import insert, select, update

from hotspot.errors import NotFound
from hotspot.keys import Key
from hotspot.roles import Role, Scope
from hotspot.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_KEY = tables.api_keys.c


def add_key(connection: Connection, key: Key) -> None:
    """
    Keep a new key.

    Parameters
    ----------
    connection
        The open writing transaction.
    key
        The key; its instants are kept in whole seconds.
    """
    connection.execute(
        insert(tables.api_keys).values(
            id=key.id,
            name=key.name.strip(),
            role=key.role.value,
            areas=None if key.areas is None else " ".join(sorted(key.areas)),
            scopes=" ".join(sorted(key.scopes)),
            salt=key.salt,
            digest=key.digest,
            made_at_s=_seconds(key.made_at),
            expires_at_s=_seconds(key.expires_at),
            revoked_at_s=None if key.revoked_at is None else _seconds(key.revoked_at),
        )
    )


def revoke_key(connection: Connection, key_id: str, *, at: dt.datetime) -> None:
    """
    Take a key back; one that was taken back before keeps its moment.

    Parameters
    ----------
    connection
        The open writing transaction.
    key_id
        Its name.
    at
        When.

    Raises
    ------
    NotFound
        If there is no such key.
    """
    if connection.scalar(select(_KEY.id).where(_KEY.id == key_id)) is None:
        raise NotFound(f"there is no key {key_id!r}; `hotspot key list` names them")
    connection.execute(
        update(tables.api_keys)
        .where(_KEY.id == key_id, _KEY.revoked_at_s.is_(None))
        .values(revoked_at_s=_seconds(at))
    )


def all_keys(connection: Connection) -> tuple[Key, ...]:
    """
    Read all keys, those that no longer hold too.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    tuple of Key
        The oldest first.
    """
    statement = select(tables.api_keys).order_by(_KEY.made_at_s, _KEY.id)
    return tuple(_key(row) for row in connection.execute(statement))


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    """Make a key from its row."""
    return Key(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        areas=None if row.areas is None else frozenset(row.areas.split()),
        scopes=frozenset(map(Scope, row.scopes.split())),
        salt=row.salt,
        digest=row.digest,
        made_at=_instant(row.made_at_s),
        expires_at=_instant(row.expires_at_s),
        revoked_at=None if row.revoked_at_s is None else _instant(row.revoked_at_s),
    )


def _seconds(at: dt.datetime) -> int:
    """Write an instant as it is kept."""
    return int(at.timestamp())


def _instant(seconds: int) -> dt.datetime:
    """Read an instant as it is kept."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
