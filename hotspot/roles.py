"""Who may do what: roles, the scopes that they have, and the level of disclosure that follows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.catalogue import Disclosure
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Scope(StrEnum):
    """One thing that somebody may do beside reading what is open."""

    PARTNER = "read:partner"
    INTERNAL = "read:internal"
    INCIDENTS = "incidents"
    """Reads single incidents; needs the internal level as well."""
    NOTES = "notes"
    """Reads and writes what professionals say of a hotspot."""


class Role(StrEnum):
    """Whom somebody works for."""

    ANONYMOUS = "anonymous"
    LOCAL = "local"
    """The user of this machine, where access is not controlled."""
    AREA_TEAM = "area_team"
    TASKFORCE = "taskforce"
    ANALYST = "analyst"
    SYSTEM = "system"
    ADMINISTRATOR = "administrator"


GIVEN = (Role.AREA_TEAM, Role.TASKFORCE, Role.ANALYST, Role.SYSTEM, Role.ADMINISTRATOR)
"""Roles that a key or a token can have."""

SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.ANONYMOUS: frozenset(),
    Role.LOCAL: frozenset(Scope),
    Role.AREA_TEAM: frozenset({Scope.INTERNAL, Scope.NOTES}),
    Role.TASKFORCE: frozenset({Scope.INTERNAL, Scope.NOTES}),
    Role.ANALYST: frozenset({Scope.INTERNAL, Scope.INCIDENTS, Scope.NOTES}),
    Role.SYSTEM: frozenset({Scope.PARTNER}),
    Role.ADMINISTRATOR: frozenset(Scope),
}
"""What each role may do where nothing else is said."""

ALLOWED: Mapping[Role, frozenset[Scope]] = {
    **SCOPES,
    # A system may be trusted with more than the usual, but only where that is said for this very system.
    Role.SYSTEM: frozenset({Scope.PARTNER, Scope.INTERNAL, Scope.INCIDENTS}),
}
"""What each role may be given at the most."""


def scopes_of(role: Role, wanted: Iterable[Scope] | None = None) -> frozenset[Scope]:
    """
    Tell the scopes of somebody.

    Parameters
    ----------
    role
        The role.
    wanted
        The scopes that were asked for; absent for those that the role has by itself.

    Returns
    -------
    frozenset of Scope
        The scopes.

    Raises
    ------
    InvalidParameter
        If the role may not have one of them.
    """
    if wanted is None:
        return SCOPES[role]
    asked = frozenset(wanted)
    beyond = sorted(asked - ALLOWED[role])
    if beyond:
        most = ", ".join(sorted(ALLOWED[role])) or "none"
        raise InvalidParameter(f"scopes of {role} must be among {most}; got {', '.join(beyond)}")
    return asked


def level_of(scopes: frozenset[Scope]) -> Disclosure:
    """
    Tell the level of disclosure that scopes give.

    Parameters
    ----------
    scopes
        The scopes.

    Returns
    -------
    Disclosure
        Open where none of them is about reading.
    """
    if Scope.INTERNAL in scopes:
        return Disclosure.INTERNAL
    return Disclosure.PARTNER if Scope.PARTNER in scopes else Disclosure.OPEN


def require_areas(role: Role, areas: frozenset[str] | None) -> None:
    """
    Make sure that whoever is bound to areas has some.

    Parameters
    ----------
    role
        The role.
    areas
        Codes of areas; absent for all.

    Raises
    ------
    InvalidParameter
        If an area team has no areas, or a code could not be one.
    """
    if role is Role.AREA_TEAM and not areas:
        raise InvalidParameter("an area team must have areas, got none")
    if areas is None:
        return
    if not areas:
        raise InvalidParameter("areas must be left out for all, got an empty list")
    strange = sorted(code for code in areas if not code.isalnum() or not code.isascii())
    if strange:
        raise InvalidParameter(f"codes of areas must be letters and digits, got {', '.join(strange)!r}")
