"""Claims about answers that the loop asks a store for itself: they are those of the ordinary way."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any  # Any: what the application holds.

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, insert, select

from api.app import create_app
from api.front import hot
from api.settings import ApiSettings
from hotspot.store import engine as engines
from hotspot.store import migration
from hotspot.store.lines import Lines
from hotspot.store.served_tables import served_versions
from tests.api.published import write_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.front.door import Front
    from tests.postgis import Cluster

ITEMS = "/v1/collections/hotspots/items?"
QUESTIONS = (
    f"{ITEMS}bbox=5,50,6,51&limit=2",
    f"{ITEMS}bbox=5,50,6,51&limit=2&offset=1",
    f"{ITEMS}bbox=5,50,6,51&limit=2&crs=http://www.opengis.net/def/crs/EPSG/0/3857",
    f"{ITEMS}datetime=2010-07-26T00:00:00Z/..&limit=1",
    f"{ITEMS}theme=burglary&rank=1&limit=5",
    f"{ITEMS}filter=rank%3C3%20AND%20theme=%27burglary%27&limit=5",
    f"{ITEMS}theme=none&limit=5",
    f"{ITEMS}theme=burglary&properties=rank,geometry&limit=5",
    "/v1/collections/neighbourhoods/items?name=x&limit=3",
)


@pytest.fixture(scope="module")
def own_town_url(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a store with a town in it to which versions may be added."""
    if store_kind == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('short') / 'town.db'}"
        _write(url)
        yield url
        return
    postgis: Cluster = request.getfixturevalue("postgis")
    name = postgis.create()
    _write(postgis.url(name))
    yield postgis.url(name)
    postgis.drop(name)


def _write(url: str) -> None:
    made = engines.create_engine(url)
    migration.migrate(made)
    made.dispose()
    write_town(url)


@pytest.fixture(scope="module")
def asking(own_town_url: str) -> Iterator[TestClient]:
    """Ask a service over a town, which keeps no answers."""
    quiet = ApiSettings(
        store_url=own_town_url, kept_mib=0, hosts_warmed=0, poll_interval=dt.timedelta(minutes=1)
    )
    with TestClient(create_app(quiet)) as client:
        yield client


@pytest.fixture
def by_hands(asking: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was answered in the ordinary way."""
    app: Any = asking.app
    ordinary, paths = app.hands.run, []

    async def run(function: Any, request: Any) -> Any:  # noqa: ANN401 -- as of the hands.
        paths.append(str(request.url.path))
        return await ordinary(function, request)

    monkeypatch.setattr(app.hands, "run", run)
    return paths


def _told(answer: Any) -> tuple[int, list[tuple[str, str]], bytes]:  # noqa: ANN401 -- as the client has it
    headers = [pair for pair in answer.headers.items() if pair[0] != "x-request-id"]
    return answer.status_code, headers, answer.content


def _shortly(asking: TestClient, path: str, by_hands: list[str]) -> Any:  # noqa: ANN401 -- as above
    """Ask until it is answered shortly: a form has to come twice, and a line is opened beside."""
    for _ in range(200):
        by_hands.clear()
        answer = asking.get(path)
        if not by_hands:
            return answer
        time.sleep(0.01)
    raise AssertionError(path)


@contextmanager
def _slowly(asking: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask as of a store that has no line free, or which takes too long for the loop."""
    state = asking.app.state  # type: ignore[attr-defined]  # The client knows only of ASGI.
    held = state.lines, state.brief
    if state.lines is not None:
        state.lines = Lines(state.engine, 0)
    else:
        # The clock is looked at with every step, since there are few in a small town.
        monkeypatch.setattr(engines, "_STEPS", 1)
        serving = engines.Serving(connections=1, time_limit=dt.timedelta(0))
        state.brief = engines.create_engine(state.engine.url.render_as_string(), serving)
    try:
        yield
    finally:
        if state.brief is not None:
            state.brief.dispose()
        state.lines, state.brief = held


@pytest.mark.parametrize("path", QUESTIONS)
def test_items__are_the_same_the_short_way(
    asking: TestClient, by_hands: list[str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = _shortly(asking, path, by_hands)
    with _slowly(asking, monkeypatch):
        assert _told(asking.get(path)) == _told(short)
    assert by_hands


@pytest.mark.parametrize("row", range(5400, 5600, 50))
def test_tiles__are_the_same_the_short_way(
    asking: TestClient, by_hands: list[str], row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.get(QUESTIONS[0])
    path = f"/v1/collections/hotspots/tiles/WebMercatorQuad/14/{row}/8450"
    short = _shortly(asking, path, by_hands)
    with _slowly(asking, monkeypatch):
        assert _told(asking.get(path)) == _told(short)
    assert by_hands


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ("&f=jsonfg", {}),
        ("&f=csv", {}),
        ("&version=1", {}),
        ("&crs=http://www.opengis.net/def/crs/EPSG/0/28992", {}),
        ("", {"If-None-Match": '"x"'}),
        (f"&filter={'(' * 30}rank=1{')' * 30}{'%20' * 400}", {}),
    ],
)
def test_items__go_the_ordinary_way_where_more_is_asked(
    asking: TestClient, by_hands: list[str], more: str, headers: dict[str, str]
) -> None:
    path = f"{ITEMS}bbox=5,50,6,51&limit=2"
    _shortly(asking, path, by_hands)
    for _ in range(3):
        assert asking.get(path + more, headers=headers).status_code in {200, 400}
    assert len(by_hands) == 3


def test_items__in_an_order_are_asked_shortly_of_the_embedded_store_alone(
    asking: TestClient, by_hands: list[str], store_kind: str
) -> None:
    path = f"{ITEMS}bbox=5,50,6,51&limit=2"
    _shortly(asking, path, by_hands)
    for _ in range(3):
        assert asking.get(f"{path}&sortby=rank").status_code == 200
    assert len(by_hands) == (3 if store_kind == "postgis" else 0)


def test_answers__tell_a_new_version_at_once(asking: TestClient, by_hands: list[str]) -> None:
    tile = "/v1/collections/hotspots/tiles/WebMercatorQuad/14/5490/8450"
    for path in (QUESTIONS[0], tile):
        before = _shortly(asking, path, by_hands)
        with engines.begin(asking.app.state.engine) as connection:  # type: ignore[attr-defined]  # As above.
            newest = connection.scalar(select(func.max(served_versions.c.number)))
            connection.execute(insert(served_versions).values(number=newest + 1, made_at_s=1_300_000_000))
        after = asking.get(path)
        assert before.headers["Data-Version"] == str(newest)
        assert after.headers["Data-Version"] == str(newest + 1)
        assert after.headers["ETag"] != before.headers["ETag"]


def test_items__made_before_anybody_asks_leave_the_pages_of_the_loop_alone(
    asking: TestClient, by_hands: list[str], store_kind: str
) -> None:
    front: Front = asking.app.front  # type: ignore[attr-defined]  # As above.
    wanted = [
        one for one in hot.signatures("http", b"testserver", is_local=True) if b"hotspots/items" in one[2]
    ]
    assert asking.portal is not None
    asking.portal.call(hot.make, front, wanted)
    assert store_kind == "postgis" or len(by_hands) == len(wanted)
