"""Notes through the service: with a key only, all mistakes at once, and never in a count."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings
from hotspot.settings import Access
from hotspot.store import engine as engines
from hotspot.store import migration
from tests.access import kept_key
from tests.api.published import write_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgis import Cluster

ADDRESS = "/v1/hotspots/d1/notes"
EAST = {"Purpose": "area_work"}
WEST = {"Purpose": "area_work"}
"""Headers of two area teams; their keys are put in when their store is made."""

PLAN = {"what": "patrol on Fridays", "who": "area team East", "due": "2026-12-04", "status": "agreed"}


@pytest.fixture
def writable(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """Ask a service over a town of this test's own."""
    if store_kind == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'own.db')}"
    else:
        running: Cluster = request.getfixturevalue("postgis")
        name = running.create()
        request.addfinalizer(lambda: running.drop(name))  # noqa: PT021 -- only one of the stores needs it.
        url = running.url(name)
        made = engines.create_engine(url)
        migration.migrate(made)
        made.dispose()
    write_town(url)
    with TestClient(create_app(ApiSettings(store_url=url, access=Access.CONTROLLED))) as asking:
        engine = asking.app.state.engine  # type: ignore[attr-defined]  # The client knows only of ASGI.
        key = kept_key(engine, "area_team", name="area team East", areas=frozenset({"BU01"}))
        monkeypatch.setitem(EAST, "X-API-Key", key)
        other = kept_key(engine, "area_team", name="area team West", areas=frozenset({"BU09"}))
        monkeypatch.setitem(WEST, "X-API-Key", other)
        yield asking


def _post(asking: TestClient, note: object, **more: Any) -> Any:  # noqa: ANN401 -- as the client has it.
    return asking.post(ADDRESS, json=note, headers=EAST, **more)


def test_notes__are_kept_and_told_with_how_the_hotspot_stands(writable: TestClient) -> None:
    listed = writable.get("/v1/rankings/latest").content
    empty = writable.get(ADDRESS, headers=EAST)
    assert (empty.status_code, empty.json()["notes"]) == (200, [])
    first = _post(writable, {"verdict": "confirmed", "text": "Gezien, café"})
    assert first.status_code == 201
    assert first.headers["cache-control"] == "private, no-store"
    assert _post(writable, {"action": PLAN}).status_code == 201
    told = writable.get(ADDRESS, headers=EAST).json()
    assert told["verdict"] == "confirmed"
    assert told["action"] == PLAN
    assert [note["text"] for note in told["notes"]] == ["Gezien, café", ""]
    assert {note["author"] for note in told["notes"]} == {"area team East"}
    # Nothing that a person writes changes a list.
    assert writable.get("/v1/rankings/latest").content == listed


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}])
def test_notes__need_a_key(writable: TestClient, headers: dict[str, str]) -> None:
    for answer in (
        writable.get(ADDRESS, headers=headers),
        writable.post(ADDRESS, json={"verdict": "remark", "text": "x"}, headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    assert writable.get(ADDRESS, headers=EAST).json()["notes"] == []


def test_notes__are_of_the_local_user_where_access_is_not_controlled(client: TestClient) -> None:
    assert client.get(ADDRESS).status_code == 200


def test_notes__of_hotspots_elsewhere_are_not_for_an_area_team(writable: TestClient) -> None:
    for answer in (
        writable.get(ADDRESS, headers=WEST),
        writable.post(ADDRESS, json={"verdict": "remark", "text": "x"}, headers=WEST),
    ):
        assert (answer.status_code, "there is no hotspot" in answer.text) == (404, True)
    assert writable.get(ADDRESS, headers=EAST).json()["notes"] == []


def test_notes__need_a_purpose(writable: TestClient) -> None:
    answer = writable.get(ADDRESS, headers={"X-API-Key": EAST["X-API-Key"]})
    assert answer.status_code == 400
    assert "area_work, analysis" in answer.text


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({"verdict": "maybe", "colour": "red"}, ["verdict", "colour"]),
        ({}, ["a note must have a verdict or an action", "text must have 1 to 2000 characters"]),
        ({"action": PLAN | {"due": "soon", "status": "done"}}, ["action.due", "action.status"]),
        ({"verdict": "remark", "text": "a" * 2001}, ["text must have 1 to 2000 characters, got 2001"]),
        ([], ["body"]),
    ],
)
def test_notes__tell_all_that_is_wrong(writable: TestClient, note: object, said: list[str]) -> None:
    answer = _post(writable, note)
    assert answer.status_code == 400
    assert all(one in answer.text for one in said), answer.text
    assert writable.get(ADDRESS, headers=EAST).json()["notes"] == []


def test_notes__are_of_the_hotspot_also_under_the_name_of_its_feature(writable: TestClient) -> None:
    note = {"verdict": "remark", "text": "seen"}
    feature = writable.post("/v1/hotspots/d1-2010-W30/notes", json=note, headers=EAST)
    assert (feature.status_code, feature.json()["hotspot_id"]) == (201, "d1")
    assert [note["text"] for note in writable.get(ADDRESS, headers=EAST).json()["notes"]] == ["seen"]


def test_notes__an_action_does_not_go_back(writable: TestClient) -> None:
    assert _post(writable, {"action": PLAN}).status_code == 201
    back = _post(writable, {"action": PLAN | {"status": "signalled"}})
    assert (back.status_code, "status must not go back" in back.text) == (400, True)


def test_notes__refuse_other_types_and_too_much(writable: TestClient) -> None:
    form = {**EAST, "Content-Type": "text/plain"}
    assert writable.post(ADDRESS, content=b"x", headers=form).status_code == 415
    large = {**EAST, "Content-Type": "application/json"}
    assert writable.post(ADDRESS, content=b" " * 20_000, headers=large).status_code == 413
    broken = writable.post(ADDRESS, content=b"{", headers=large)
    assert broken.status_code == 400


def test_notes__of_an_unknown_hotspot_are_not_found(writable: TestClient) -> None:
    for answer in (
        writable.get("/v1/hotspots/none/notes", headers=EAST),
        writable.post("/v1/hotspots/none/notes", json={"verdict": "remark", "text": "x"}, headers=EAST),
    ):
        assert answer.status_code == 404
    assert writable.delete(ADDRESS, headers=EAST).headers["allow"] == "GET, HEAD, OPTIONS, POST"
