"""
Who may ask for what: one table of routes, from which the door decides and against which everything is tested.

A route that is not in the table is answered at the open level, whoever asks: to forget one is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.access.callers import INCIDENTS, Caller
from api.settings import PREFIX
from hotspot.catalogue import ALL_LEVELS, COLLECTIONS, Disclosure
from hotspot.errors import Forbidden, Unauthenticated
from hotspot.roles import SCOPES, Role, Scope, level_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reach(StrEnum):
    """How an answer follows from who asks."""

    SAME = "same"
    """It does not: everybody gets what is open."""
    LEVEL = "level"
    """By level. It cannot be cut to areas: whoever is bound to some gets what is open."""
    AREAS = "areas"
    """By level, cut to the caller's areas."""
    OWN = "own"
    """It tells of the caller and of nothing else: no purpose is needed, and nothing is written down."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Who may ask for something.

    Parameters
    ----------
    reach
        How the answer follows from who asks.
    levels
        Levels that have it.
    scope
        What the caller must be allowed beside; absent for nothing.
    """

    reach: Reach
    levels: frozenset[Disclosure] = ALL_LEVELS
    scope: Scope | None = None

    def permitted(self, caller: Caller) -> Caller:
        """
        Let a caller in, as the one that the route gets to see.

        Parameters
        ----------
        caller
            Who asks.

        Returns
        -------
        Caller
            The same, or one who reads what is open.

        Raises
        ------
        Unauthenticated
            If nobody knows who asks, and to be known could help.
        Forbidden
            If it is known who asks, and that one may not.
        """
        if caller.is_local:
            return caller
        lacks_scope = self.scope is not None and self.scope not in caller.scopes
        if lacks_scope or caller.level not in self.levels:
            if caller.is_anonymous:
                raise Unauthenticated(
                    "This is not open to everybody: send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
                )
            levels = " or ".join(sorted(self.levels))
            needs = f"the scope {self.scope}" if lacks_scope else f"the level {levels}"
            raise Forbidden(f"This needs {needs}, which {caller.name} ({caller.role}) does not have.")
        if self.reach is Reach.SAME or (self.reach is Reach.LEVEL and caller.areas is not None):
            return caller.at_open() if caller.level is not Disclosure.OPEN else caller
        return caller


SAME, LEVEL, AREAS, OWN = Rule(Reach.SAME), Rule(Reach.LEVEL), Rule(Reach.AREAS), Rule(Reach.OWN)

ROUTES: Mapping[str, Rule] = {
    "/": SAME,
    "/web/deck.js": SAME,
    "/web/linked/{path:path}": SAME,
    "/web/{path:path}": SAME,
    "/health": SAME,
    "/health/live": SAME,
    "/health/ready": SAME,
    PREFIX: SAME,
    f"{PREFIX}/": SAME,
    f"{PREFIX}/conformance": SAME,
    f"{PREFIX}/openapi.json": SAME,
    f"{PREFIX}/openapi-3.1.json": SAME,
    f"{PREFIX}/docs": SAME,
    f"{PREFIX}/collections": AREAS,
    f"{PREFIX}/tileMatrixSets": SAME,
    f"{PREFIX}/tileMatrixSets/{{tileMatrixSetId}}": SAME,
    f"{PREFIX}/tiles": AREAS,
    f"{PREFIX}/tiles/{{tileMatrixSetId}}": AREAS,
    f"{PREFIX}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": AREAS,
    f"{PREFIX}/me": OWN,
    f"{PREFIX}/map": SAME,
    f"{PREFIX}/weeks": LEVEL,
    f"{PREFIX}/backing": LEVEL,
    f"{PREFIX}/rankings/{{week}}": AREAS,
    f"{PREFIX}/rankings/{{week}}/overview": AREAS,
    f"{PREFIX}/rankings/{{week}}/surface": AREAS,
    f"{PREFIX}/rankings/{{week}}/areas": AREAS,
    f"{PREFIX}/rankings/{{week}}/hotcrimes": LEVEL,
    f"{PREFIX}/rankings/{{week}}/differences": LEVEL,
    f"{PREFIX}/hotspots/{{hotspotId}}": AREAS,
    f"{PREFIX}/hotspots/{{hotspotId}}/notes": Rule(
        Reach.AREAS, levels=frozenset({Disclosure.INTERNAL}), scope=Scope.NOTES
    ),
    f"{PREFIX}/neighbourhoods/{{code}}/summary": AREAS,
    f"{PREFIX}/districts/{{code}}/summary": AREAS,
}
"""Each route but those of single collections."""

COLLECTION = f"{PREFIX}/collections/{{collectionId}}"
"""Everything at and below it follows the collection's own rule."""

COLLECTION_RULES: Mapping[str, Rule] = {
    # Areas are the same for everybody, and a map is drawn on all of them.
    one.id: SAME
    if one.same_at_all_levels
    else Rule(Reach.AREAS, levels=one.levels, scope=Scope.INCIDENTS if one.id == INCIDENTS else None)
    for one in COLLECTIONS
}
"""Rules of the collections: levels as the catalogue has them."""

_PREFIX_PARTS = len(PREFIX.split("/"))
_COLLECTION_PARTS = _PREFIX_PARTS + 1

_Node = dict[str, Any]  # Any: nodes hold nodes, and at `_RULE` a rule.
_RULE, _ANY = "", "{}"


def _tree() -> _Node:
    """Arrange the routes by their parts, so that a path is found in a few steps."""
    root: _Node = {}
    for template, rule in ROUTES.items():
        node = root
        for part in template.strip("/").split("/"):
            node = node.setdefault(_ANY if part.startswith("{") else f"/{part}", {})
        node[_RULE] = rule
    return root


_TREE = _tree()


def rule(path: str) -> Rule:
    """
    Find the rule of a path.

    Parameters
    ----------
    path
        Path of a request, decoded.

    Returns
    -------
    Rule
        That of the table; of what is not in it, that everybody gets what is open.
    """
    parts = path.split("/")
    if len(parts) > _COLLECTION_PARTS and parts[1] == PREFIX[1:] and parts[2] == "collections":
        return COLLECTION_RULES.get(parts[_COLLECTION_PARTS], SAME)
    node = _TREE
    for part in parts[1:]:
        found = node.get(f"/{part}")
        node = found if found is not None else node.get(_ANY, {})
    found = node.get(_RULE, SAME)
    return found if isinstance(found, Rule) else SAME


def answered(role: Role, which: Rule) -> str:
    """
    Tell in a word how somebody of a role is answered, with the scopes that the role has by itself.

    Parameters
    ----------
    role
        The role.
    which
        The rule of what is asked for.

    Returns
    -------
    str
        The level, `internal, own areas` where it is cut to areas, or the status with which it is refused.
    """
    asking = typical(role)
    try:
        permitted = which.permitted(asking)
    except Unauthenticated:
        return "401"
    except Forbidden:
        return "403"
    return f"{permitted.level}, own areas" if permitted.areas is not None else str(permitted.level)


def typical(role: Role) -> Caller:
    """
    Make up somebody of a role.

    Parameters
    ----------
    role
        The role.

    Returns
    -------
    Caller
        With the role's own scopes; an area team has the area `BU1`.
    """
    areas = frozenset({"BU1"}) if role is Role.AREA_TEAM else None
    return Caller(str(role), role, level_of(SCOPES[role]), SCOPES[role], areas)
