"""Keys come back as kept, without the secret, and are never forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hotspot.errors import NotFound
from hotspot.roles import Role, Scope
from hotspot.store import keys, tables
from tests.access import key_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)


def test_keys__come_back_as_kept_and_without_their_secret(connection: Connection) -> None:
    assert keys.all_keys(connection) == ()
    text, plain = key_of("system", scopes=frozenset())
    _, bound = key_of("area_team", areas=frozenset({"BU2", "BU1"}), made_at=NOW)
    for key in (bound, plain):
        keys.add_key(connection, key)
    assert keys.all_keys(connection) == (plain, bound)
    assert bound.scopes == {Scope.INTERNAL, Scope.NOTES}
    assert bound.role is Role.AREA_TEAM
    (row,) = connection.execute(select(tables.api_keys).where(tables.api_keys.c.id == plain.id)).all()
    assert text.rpartition("_")[2] not in str(tuple(row))


def test_revoke_key__keeps_the_first_moment(connection: Connection) -> None:
    _, key = key_of()
    keys.add_key(connection, key)
    keys.revoke_key(connection, key.id, at=NOW)
    keys.revoke_key(connection, key.id, at=NOW + dt.timedelta(days=1))
    assert keys.all_keys(connection) == (replace(key, revoked_at=NOW),)
    with pytest.raises(NotFound, match="there is no key 'nothing'"):
        keys.revoke_key(connection, "nothing", at=NOW)
