"""Notes through the service: with a token only, all mistakes at once, and never in a count."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings
from api.writers import read_writers
from hotspot.errors import InvalidFile
from hotspot.notes import token_hash
from hotspot.store import engine as engines
from hotspot.store import migration
from tests.api.published import write_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgis import Cluster

ADDRESS = "/v1/hotspots/d1/notes"
TOKEN = {"Authorization": "Bearer east-secret"}
PLAN = {"what": "patrol on Fridays", "who": "area team East", "due": "2026-12-04", "status": "agreed"}


@pytest.fixture
def writers(tmp_path: Path) -> Path:
    path = tmp_path / "writers.txt"
    path.write_text(f"# teams\n\n{token_hash('east-secret')} area team East\n", "utf-8")
    return path


@pytest.fixture
def writable(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path, writers: Path
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
    with TestClient(create_app(ApiSettings(store_url=url, writers=writers))) as asking:
        yield asking


def _post(asking: TestClient, note: object, **more: Any) -> Any:  # noqa: ANN401 -- as the client has it.
    return asking.post(ADDRESS, json=note, headers=TOKEN, **more)


def test_notes__are_kept_and_told_with_how_the_hotspot_stands(writable: TestClient) -> None:
    listed = writable.get("/v1/rankings/latest").content
    empty = writable.get(ADDRESS, headers=TOKEN)
    assert (empty.status_code, empty.json()["notes"]) == (200, [])
    first = _post(writable, {"verdict": "confirmed", "text": "Gezien, café"})
    assert first.status_code == 201
    assert first.headers["cache-control"] == "no-store"
    assert _post(writable, {"action": PLAN}).status_code == 201
    told = writable.get(ADDRESS, headers=TOKEN).json()
    assert told["verdict"] == "confirmed"
    assert told["action"] == PLAN
    assert [note["text"] for note in told["notes"]] == ["Gezien, café", ""]
    assert {note["author"] for note in told["notes"]} == {"area team East"}
    # Nothing that a person writes changes a list.
    assert writable.get("/v1/rankings/latest").content == listed


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}])
def test_notes__need_a_token(writable: TestClient, headers: dict[str, str]) -> None:
    for answer in (
        writable.get(ADDRESS, headers=headers),
        writable.post(ADDRESS, json={"verdict": "remark", "text": "x"}, headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    assert writable.get(ADDRESS, headers=TOKEN).json()["notes"] == []


def test_notes__nobody_may_where_no_file_is_named(client: TestClient) -> None:
    assert client.get(ADDRESS, headers=TOKEN).status_code == 401


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
    assert writable.get(ADDRESS, headers=TOKEN).json()["notes"] == []


def test_notes__are_of_the_hotspot_also_under_the_name_of_its_feature(writable: TestClient) -> None:
    note = {"verdict": "remark", "text": "seen"}
    feature = writable.post("/v1/hotspots/d1-2010-W30/notes", json=note, headers=TOKEN)
    assert (feature.status_code, feature.json()["hotspot_id"]) == (201, "d1")
    assert [note["text"] for note in writable.get(ADDRESS, headers=TOKEN).json()["notes"]] == ["seen"]


def test_notes__an_action_does_not_go_back(writable: TestClient) -> None:
    assert _post(writable, {"action": PLAN}).status_code == 201
    back = _post(writable, {"action": PLAN | {"status": "signalled"}})
    assert (back.status_code, "status must not go back" in back.text) == (400, True)


def test_notes__refuse_other_types_and_too_much(writable: TestClient) -> None:
    form = {**TOKEN, "Content-Type": "text/plain"}
    assert writable.post(ADDRESS, content=b"x", headers=form).status_code == 415
    large = {**TOKEN, "Content-Type": "application/json"}
    assert writable.post(ADDRESS, content=b" " * 20_000, headers=large).status_code == 413
    broken = writable.post(ADDRESS, content=b"{", headers=large)
    assert broken.status_code == 400


def test_notes__of_an_unknown_hotspot_are_not_found(writable: TestClient) -> None:
    for answer in (
        writable.get("/v1/hotspots/none/notes", headers=TOKEN),
        writable.post("/v1/hotspots/none/notes", json={"verdict": "remark", "text": "x"}, headers=TOKEN),
    ):
        assert answer.status_code == 404
    assert writable.delete(ADDRESS, headers=TOKEN).headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_writers__a_broken_file_is_not_the_callers_mistake(writable: TestClient, writers: Path) -> None:
    writers.write_text("abc area team\n", "utf-8")
    assert writable.get(ADDRESS, headers=TOKEN).status_code == 503
    with pytest.raises(InvalidFile, match=r"row 1: must hold 64 hexadecimal digits.*got 13 characters"):
        read_writers(writers)
    writers.unlink()
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_writers(writers)
