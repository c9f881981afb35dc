"""`hotspot key`: who may see more than everybody through the API."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot import keys
from hotspot.cli.opening import opened, reading, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.errors import InvalidParameter
from hotspot.keys import Key
from hotspot.roles import GIVEN, Role, Scope, scopes_of
from hotspot.store import boundaries
from hotspot.store import keys as stored

if TYPE_CHECKING:
    from sqlalchemy import Connection

_YEAR = dt.timedelta(days=365)
"""How long a key holds where nothing else is said."""


def create(
    name: Annotated[str, typer.Option("--name", help="Who holds it: a team or a system, not a person.")],
    role: Annotated[
        str, typer.Option("--role", help=f"What the holder is: {', '.join(GIVEN)}.", metavar="ROLE")
    ],
    areas: Annotated[
        str | None,
        typer.Option(
            "--areas",
            metavar="CODES",
            help="Codes of the neighbourhoods or districts that the holder may see, with commas between; "
            "an area team must have some. Default: all.",
            show_default=False,
        ),
    ] = None,
    scopes: Annotated[
        str | None,
        typer.Option(
            "--scopes",
            metavar="SCOPES",
            help=f"What the holder may do, with commas between, among {', '.join(Scope)}. "
            "Default: what the role may.",
            show_default=False,
        ),
    ] = None,
    expires: Annotated[
        dt.datetime | None,
        typer.Option(
            "--expires",
            formats=["%Y-%m-%d"],
            help="Day (UTC) from which it no longer holds. Default: in a year.",
            show_default=False,
        ),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Make an API key. It is shown once; only a salted hash of it is kept.

    The holder sends it as `Authorization: Bearer KEY` or `X-API-Key: KEY`, and says what for in `Purpose`.

    Examples: `hotspot key create --name "area team East" --role area_team --areas WK093501,BU09350203`;
    `hotspot key create --name dashboard --role system --expires 2027-06-30`
    """
    output = Output(as_json)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    made = keys.make(secrets.token_bytes)
    whose = _role(role)
    key = Key(
        id=made.id,
        name=name.strip(),
        role=whose,
        areas=None if areas is None else frozenset(_words(areas)),
        scopes=scopes_of(whose, None if scopes is None else map(_scope, _words(scopes))),
        salt=made.salt,
        digest=made.digest,
        made_at=now,
        expires_at=now + _YEAR if expires is None else expires.replace(tzinfo=dt.UTC),
    )
    with opened(store) as engine, transaction(engine) as connection:
        _require_areas(connection, key.areas)
        stored.add_key(connection, key)
    output.result({"key": made.text} | _told(key, now))
    output.say(f"key:     {made.text}")
    output.say(f"for {key.name} ({key.role}) until {key.expires_at:%Y-%m-%d}; it is not shown again")


def _require_areas(connection: Connection, codes: frozenset[str] | None) -> None:
    """Refuse areas that are none: whoever is bound to them would see nothing, and not know why."""
    if not codes or boundaries.find_content_hash(connection) is None:
        return
    known = {area.code for area in boundaries.read_boundaries(connection).areas}
    if codes - known:
        strange = ", ".join(sorted(codes - known))
        raise InvalidParameter(f"--areas must be codes of areas in the store, got {strange}")


def list_keys(store: Store = None, as_json: Json = False) -> None:
    """
    Show who holds keys; the keys themselves are kept nowhere.

    Example: `hotspot key list`
    """
    output = Output(as_json)
    now = dt.datetime.now(dt.UTC)
    with reading(store) as connection:
        found = stored.all_keys(connection)
    told = [_told(key, now) for key in found]
    output.result(told)
    output.table(
        "API keys",
        ["id", "name", "role", "areas", "scopes", "made", "expires", "state"],
        [list(one.values()) for one in told],
    )


def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as in `hotspot key list`.")],
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Take a key back. Running services stop taking it within HOTSPOT_API_KEY_LIFETIME (5 s).

    Example: `hotspot key revoke 3f2a91c07b44`
    """
    output = Output(as_json)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with opened(store) as engine, transaction(engine) as connection:
        stored.revoke_key(connection, key_id, at=now)
    output.result({"revoked": key_id})
    output.say(f"key {key_id} was taken back")


def _told(key: Key, now: dt.datetime) -> dict[str, str]:
    """Say what may be shown of a key."""
    expired = "holds" if key.holds(now.timestamp()) else "expired"
    return {
        "id": key.id,
        "name": key.name,
        "role": str(key.role),
        "areas": "all" if key.areas is None else ",".join(sorted(key.areas)),
        "scopes": ",".join(sorted(key.scopes)),
        "made_at": f"{key.made_at:%Y-%m-%d}",
        "expires_at": f"{key.expires_at:%Y-%m-%d}",
        "state": expired if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d}",
    }


def _words(text: str) -> list[str]:
    """Take a list with commas or blanks apart."""
    return text.replace(",", " ").split()


def _role(text: str) -> Role:
    """Read a role."""
    if text not in GIVEN:
        raise InvalidParameter(f"--role must be one of {', '.join(GIVEN)}; got {text!r}")
    return Role(text)


def _scope(text: str) -> Scope:
    """Read a scope."""
    if text not in set(Scope):
        raise InvalidParameter(f"--scopes must be among {', '.join(Scope)}; got {text!r}")
    return Scope(text)
