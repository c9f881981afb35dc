"""Who asks, and what follows from it: level of disclosure, areas, scopes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hotspot.catalogue import Disclosure
from hotspot.roles import Role, Scope, level_of

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from hotspot.catalogue import Collection

STATE = "caller"
"""Where the caller stands in the state of a request."""

INCIDENTS = "incidents"
"""The collection that needs a scope beside its level: single incidents."""


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Who asks.

    Parameters
    ----------
    name
        A team, a system or the subject of a token: what the audit and notes call it.
    role
        Whom it works for.
    level
        Level of disclosure at which it is answered.
    scopes
        What it may do.
    areas
        Codes of the areas to which its answers are cut; absent for all.
    key
        Name of its key, or subject of its token; empty where it has none.
    purpose
        What for, by its code; absent where none was needed.
    expires_at_s
        Until when its key or token holds, in seconds since 1970; absent where it has none.
    """

    name: str
    role: Role
    level: Disclosure
    scopes: frozenset[Scope]
    areas: frozenset[str] | None = None
    key: str = ""
    purpose: str | None = None
    # Who somebody is does not depend on it.
    expires_at_s: float | None = field(default=None, compare=False)

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody knows who it is."""
        return self.role is Role.ANONYMOUS

    @property
    def is_local(self) -> bool:
        """Whether it is the user of this machine, where access is not controlled."""
        return self.role is Role.LOCAL

    def may_see(self, collection: Collection) -> bool:
        """
        Tell whether a collection is there for the caller.

        Parameters
        ----------
        collection
            The collection.

        Returns
        -------
        bool
            Whether its level has it, and its scopes allow it.
        """
        if collection.id == INCIDENTS and Scope.INCIDENTS not in self.scopes:
            return False
        return self.level in collection.levels

    def at_open(self) -> Caller:
        """
        Give the same caller as one who reads what everybody may.

        Returns
        -------
        Caller
            At the open level and of all areas.
        """
        return replace(self, level=Disclosure.OPEN, areas=None)


ANONYMOUS = Caller("anonymous", Role.ANONYMOUS, Disclosure.OPEN, frozenset())
"""Everybody."""

LOCAL = Caller("local", Role.LOCAL, level_of(frozenset(Scope)), frozenset(Scope))
"""The user of this machine."""


def caller(request: HTTPConnection) -> Caller:
    """
    Tell who makes a request.

    Parameters
    ----------
    request
        The request, which has come through the door.

    Returns
    -------
    Caller
        Anonymous where it has not.
    """
    found = request.scope.get("state", {}).get(STATE, ANONYMOUS)
    return found if isinstance(found, Caller) else ANONYMOUS
