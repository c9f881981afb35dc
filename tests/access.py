"""Keys for tests."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

from hotspot import keys
from hotspot.keys import Key
from hotspot.roles import Role, scopes_of
from hotspot.store import engine as engines
from hotspot.store.keys import add_key

if TYPE_CHECKING:
    from sqlalchemy import Engine

MADE_AT = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
EXPIRES_AT = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


def key_of(role: str = "analyst", **changes: Any) -> tuple[str, Key]:  # noqa: ANN401 - one keyword per field.
    """Make a key: what its holder sends, and what is kept."""
    made = keys.make(secrets.token_bytes)
    whose = Role(role)
    usual: dict[str, Any] = {
        "id": made.id,
        "name": f"the {role}",
        "role": whose,
        "areas": None,
        "scopes": scopes_of(whose),
        "salt": made.salt,
        "digest": made.digest,
        "made_at": MADE_AT,
        "expires_at": EXPIRES_AT,
    }
    return made.text, Key(**usual | changes)


def kept_key(engine: Engine, role: str = "analyst", **changes: Any) -> str:  # noqa: ANN401 - as above.
    """Make a key and keep it; gives what its holder sends."""
    text, key = key_of(role, **changes)
    with engines.begin(engine) as connection:
        add_key(connection, key)
    return text
