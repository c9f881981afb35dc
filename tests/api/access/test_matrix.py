"""Every route, asked by everybody, answers as the one table says; and the documentation shows that table."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.access import matrix
from api.access.callers import ANONYMOUS
from api.access.matrix import ROUTES, Reach, answered, rule, typical
from hotspot.catalogue import COLLECTIONS, Disclosure
from hotspot.roles import GIVEN, Role
from tests.api.access.matrix_table import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from tests.api.access.conftest import Asking, Make

DOCUMENT = Path(__file__).parents[3] / "docs/access.md"
VALUES = {"week": "2010-W30", "hotspotId": "d1", "code": "BU01", "path:path": "main.js", "featureId": "BU01"}
PAST = dt.datetime(2020, 1, 2, tzinfo=dt.UTC)


def routes(app: FastAPI) -> Iterator[str]:
    """Every template for GET that the service knows."""
    for included in app.routes:
        contexts = getattr(included, "effective_route_contexts", list)
        for route in contexts():
            if "GET" in route.methods and route.path != "/v1/broken":
                yield route.path


def address(template: str) -> str:
    return re.sub(r"\{([\w:]+)\}", lambda found: VALUES.get(found[1], "0"), template)


def plain(template: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", template)


def test_each_route__is_in_the_matrix_or_below_a_collection(asking: Asking) -> None:
    listed = {plain(path) for path in ROUTES}
    below = tuple(matrix.COLLECTION.format(collectionId=one.id) for one in COLLECTIONS)
    found = list(routes(asking.seen.app))
    assert len(found) > 40
    below = (*below, "/v1/collections/{")
    strange = [path for path in found if plain(path) not in listed and not path.startswith(below)]
    assert strange == []


def test_each_route__answers_each_role_as_the_matrix_says(make: Make) -> None:
    asking = make(key_lifetime=60, rate_per_minute=0, anonymous_rate_per_minute=0)
    keys: dict[Role, str | None] = {
        role: asking.key(role, areas=frozenset({"BU1"}) if role is Role.AREA_TEAM else None) for role in GIVEN
    }
    keys[Role.ANONYMOUS] = None
    for template in routes(asking.seen.app):
        path = address(template)
        for role, key in keys.items():
            # A parameter that no route knows: what comes after the door is not what this test is about.
            status = asking.get(f"{path}?unknown=1", key).status_code
            expected = answered(role, rule(path))
            caller = asking.caller
            areas = ", own areas" if caller.areas is not None else ""
            got = str(status) if status in {401, 403} else f"{caller.level}{areas}"
            assert got == expected, (path, role)
            assert status < 500, (path, role)


def test_each_route__refuses_what_is_no_key_and_what_holds_no_longer(make: Make) -> None:
    asking = make(key_lifetime=60, rate_per_minute=0, anonymous_rate_per_minute=0)
    good = asking.key()
    other = good[:-1] + ("0" if good[-1] != "0" else "1")
    wrong = ["nonsense", other, asking.key(expires_at=PAST), asking.key(revoked_at=PAST)]
    for template in routes(asking.seen.app):
        for key in wrong:
            answer = asking.get(address(template), key)
            assert answer.status_code == 401, (template, key)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hotspot", error="invalid_token"'
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert asking.caller == ANONYMOUS


def test_an_area_team__is_cut_to_its_areas(asking: Asking) -> None:
    path = "/v1/collections/hotspots/items"
    page = f"{path}?limit=1000"
    everybody = asking.get(page, asking.key("taskforce")).json()
    foreign = asking.get(path, asking.key("area_team", areas=frozenset({"BU99999999"})))
    assert foreign.json()["numberMatched"] == 0
    code = everybody["features"][0]["properties"]["neighbourhood"]
    own = asking.get(page, asking.key("area_team", areas=frozenset({code}))).json()
    assert asking.caller.areas == frozenset({code})
    assert 0 < own["numberMatched"] < everybody["numberMatched"]
    assert {feature["id"] for feature in own["features"]} <= {f["id"] for f in everybody["features"]}
    other = next(f["id"] for f in everybody["features"] if f["id"] not in str(own))
    assert asking.get(f"{path}/{other}", asking.key("area_team", areas=frozenset({code}))).status_code == 404


def test_nobody__is_asked_for_a_key_and_others_are_told_what_is_missing(asking: Asking) -> None:
    answer = asking.get("/v1/collections/incidents/items")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="hotspot"')
    answer = asking.get("/v1/collections/incidents/items", asking.key("taskforce"))
    assert answer.status_code == 403
    assert answer.json()["detail"] == (
        "This needs the scope incidents, which the taskforce (taskforce) does not have."
    )
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("path", "reach", "levels"),
    [
        ("/v1/collections/incidents/items", Reach.AREAS, {Disclosure.INTERNAL}),
        ("/v1/collections/incidents", Reach.AREAS, {Disclosure.INTERNAL}),
        ("/v1/collections/neighbourhoods/items/BU1", Reach.SAME, set(Disclosure)),
        ("/v1/collections/", Reach.SAME, set(Disclosure)),
        ("/v1/collections/none/items", Reach.SAME, set(Disclosure)),
        ("/v1/hotspots/a/notes", Reach.AREAS, {Disclosure.INTERNAL}),
        ("/v1/hotspots/a/notes/more", Reach.SAME, set(Disclosure)),
        ("/v1/hotspots/a", Reach.AREAS, set(Disclosure)),
        ("", Reach.SAME, set(Disclosure)),
        ("/v1", Reach.SAME, set(Disclosure)),
        ("//v1/hotspots/a", Reach.SAME, set(Disclosure)),
    ],
)
def test_rule__of_what_is_not_in_the_table_is_that_of_everybody(
    path: str, reach: Reach, levels: set[Disclosure]
) -> None:
    assert (rule(path).reach, set(rule(path).levels)) == (reach, levels)


def test_permitted__gives_an_area_team_what_is_open_where_it_cannot_be_cut() -> None:
    team = typical(Role.AREA_TEAM)
    assert matrix.LEVEL.permitted(team).level is Disclosure.OPEN
    assert matrix.LEVEL.permitted(team).areas is None
    assert matrix.AREAS.permitted(team) is team


def test_documentation__shows_the_matrix() -> None:
    assert "\n".join(lines()) in DOCUMENT.read_text("utf-8")
