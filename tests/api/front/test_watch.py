"""A publication is seen without a restart, and no answer mixes two of them."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from api.front import exposition
from api.front.door import Front
from api.front.hot import addresses, pages
from api.front.watch import watching
from api.settings import ApiSettings
from hotspot.store import engine as engines
from hotspot.store import served
from hotspot.store.served_tables import served_versions
from hotspot.store.tables import labels
from tests.api.front.asking import LONG, ask

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection, Engine
    from starlette.types import Receive, Scope, Send

ADDRESSES = [f"/v1/{name}" for name in "abcdefgh"]
PUBLICATIONS = 20


def publish(connection: Connection, number: int) -> None:
    """Make a version and say its number in two more places, as a week has several tables."""
    connection.execute(insert(served_versions).values(number=number))
    for name in ("a", "b"):
        changed = connection.execute(update(labels).where(labels.c.name == name).values(nl=str(number)))
        if not changed.rowcount:
            connection.execute(insert(labels).values(name=name, nl=str(number), en=""))


class Service:
    """Tells the version and what the two other places say, each read by a statement of its own."""

    def __init__(self, store: Engine) -> None:
        self._store = store

    def read(self) -> tuple[int, list[str]]:
        with engines.read(self._store) as connection:
            version = served.version(connection).number
            said = [
                str(connection.scalar(select(labels.c.nl).where(labels.c.name == name)))
                for name in ("a", "b")
            ]
        return version, said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        version, said = await asyncio.to_thread(self.read)
        scope["state"]["version"] = version
        body = json.dumps({"version": version, "said": said, "filling": LONG.decode()}).encode()
        headers = [(b"content-type", b"application/json"), (b"etag", b'"%d"' % version)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def test_watching__no_answer_is_wrong_or_mixed_while_weeks_are_published(store_url: str) -> None:
    store = engines.create_engine(store_url)
    with engines.begin(store) as connection:
        publish(connection, 1)
    settings = ApiSettings(store_url=store_url, poll_interval=timedelta(milliseconds=30))
    serving = engines.create_engine(
        store_url, engines.Serving(connections=4, time_limit=timedelta(seconds=5))
    )
    front = Front(Service(serving), settings)
    seen: set[int] = set()
    published = 1

    async def load(which: int) -> None:
        newest = 0
        while published < PUBLICATIONS or newest < PUBLICATIONS:
            answer = await ask(front, ADDRESSES[which % len(ADDRESSES)])
            told = json.loads(answer.body)
            assert answer.status == 200
            assert told["said"] == [str(told["version"])] * 2
            assert answer.headers["etag"] == f'"{told["version"]}"'
            assert told["version"] <= published + 1
            newest = max(newest, told["version"])
            seen.add(told["version"])
            await asyncio.sleep(0)

    def make(number: int) -> None:
        with engines.begin(store) as connection:
            publish(connection, number)

    async def go() -> None:
        nonlocal published
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(watching(front, settings))
            loads = [asyncio.create_task(load(which)) for which in range(6)]
            for number in range(2, PUBLICATIONS + 1):
                await asyncio.to_thread(make, number)
                published = number
                await asyncio.sleep(0.04)
            async with asyncio.timeout(10):
                await asyncio.gather(*loads)

    asyncio.run(go())
    assert max(seen) == PUBLICATIONS
    assert front.shelf.version == PUBLICATIONS
    store.dispose()
    serving.dispose()


def test_watching__makes_the_hot_answers_before_anybody_asks(sqlite_url: str) -> None:
    store = engines.create_engine(sqlite_url)
    with engines.begin(store) as connection:
        publish(connection, 1)
        n_pages = len(pages(connection))
    settings = ApiSettings(store_url=sqlite_url, poll_interval=timedelta(milliseconds=20))
    front = Front(Service(store), settings)

    async def kept(version: int, n: int) -> None:
        async with asyncio.timeout(5):
            while front.shelf.version != version or len(front.shelf) < n:  # noqa: ASYNC110 -- it tells nobody
                await asyncio.sleep(0.02)

    async def go() -> None:
        n_hot = 2 * (len(list(addresses())) + n_pages)
        # The largest pages are made for those who take them coded.
        n_hot -= sum(query == "limit=1000" for _, query in addresses())
        async with watching(front, settings):
            await ask(front, "/v1/weeks")
            await kept(1, n_hot)
            for _ in range(2):
                await ask(front, "/v1/rare", accept_encoding="br")
            with engines.begin(store) as connection:
                publish(connection, 2)
            await kept(2, n_hot + 1)
            assert json.loads((await ask(front, "/v1", accept="*/*")).body)["version"] == 2
            rare = await ask(front, "/v1/rare", accept_encoding="br")
            assert rare.headers["etag"] == '"2-br"'
            assert b'hotspot_answers_total{kept="yes",status="200"} 2.0' in exposition.page(front.figures)

    asyncio.run(go())
    store.dispose()


def test_watching__goes_on_without_a_store(tmp_path: object) -> None:
    settings = ApiSettings(
        store_url=f"sqlite:///{tmp_path}/none.db", poll_interval=timedelta(milliseconds=20)
    )
    front = Front(Service(engines.create_engine(settings.store_url)), settings)

    async def go() -> None:
        async with watching(front, settings):
            await asyncio.sleep(0.1)
        assert front.shelf.version is None

    asyncio.run(go())


def test_watching__waits_for_the_look_that_is_under_way(
    postgis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    ended: list[bool] = []
    version = served.version

    def slowly(connection: Connection) -> served.Version:
        looked.set()
        threading.Event().wait(0.2)
        found = version(connection)
        ended.append(True)
        return found

    monkeypatch.setattr(served, "version", slowly)
    settings = ApiSettings(store_url=postgis_url)

    async def go() -> None:
        async with watching(Front(Service(engines.create_engine(postgis_url)), settings), settings):
            while not looked.is_set():  # noqa: ASYNC110 -- it is set in another thread
                await asyncio.sleep(0.005)
        # A connection that is still in use when the pool is let go of would never be closed.
        assert ended

    asyncio.run(go())
