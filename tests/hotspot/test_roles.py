"""Roles have scopes, and nobody gets more than the role may have."""

from __future__ import annotations

import pytest

from hotspot.catalogue import Disclosure
from hotspot.errors import InvalidParameter
from hotspot.roles import ALLOWED, SCOPES, Role, Scope, level_of, require_areas, scopes_of


@pytest.mark.parametrize(
    ("role", "level"),
    [
        (Role.ANONYMOUS, Disclosure.OPEN),
        (Role.SYSTEM, Disclosure.PARTNER),
        (Role.AREA_TEAM, Disclosure.INTERNAL),
        (Role.TASKFORCE, Disclosure.INTERNAL),
        (Role.ANALYST, Disclosure.INTERNAL),
        (Role.ADMINISTRATOR, Disclosure.INTERNAL),
        (Role.LOCAL, Disclosure.INTERNAL),
    ],
)
def test_role__has_its_level(role: Role, level: Disclosure) -> None:
    assert level_of(scopes_of(role)) is level
    assert SCOPES[role] <= ALLOWED[role]


def test_incidents__are_for_analysts_and_administrators() -> None:
    assert {role for role in Role if Scope.INCIDENTS in SCOPES[role]} == {
        Role.ANALYST,
        Role.ADMINISTRATOR,
        Role.LOCAL,
    }


def test_scopes_of__can_be_less_but_not_more() -> None:
    assert scopes_of(Role.ANALYST, [Scope.NOTES]) == {Scope.NOTES}
    assert level_of(scopes_of(Role.SYSTEM, [])) is Disclosure.OPEN
    with pytest.raises(InvalidParameter, match=r"scopes of area_team must be among .*; got incidents"):
        scopes_of(Role.AREA_TEAM, [Scope.INCIDENTS])


def test_areas__are_needed_by_area_teams() -> None:
    require_areas(Role.ANALYST, None)
    require_areas(Role.AREA_TEAM, frozenset({"BU1"}))
    for areas in (None, frozenset[str]()):
        with pytest.raises(InvalidParameter, match="must have areas"):
            require_areas(Role.AREA_TEAM, areas)
    with pytest.raises(InvalidParameter, match="empty list"):
        require_areas(Role.ANALYST, frozenset())
    with pytest.raises(InvalidParameter, match="letters and digits"):
        require_areas(Role.ANALYST, frozenset({"BU 1"}))
