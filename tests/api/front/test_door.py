"""What is kept is answered at the door, and only what may be kept is."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from api.front.door import Front
from api.settings import ApiSettings
from tests.api.front.asking import LONG, Answer, App, ask, front

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


def run_twice(app: App, path: str = "/v1", **headers: str) -> tuple[Answer, Answer, Answer]:
    async def go() -> tuple[Answer, Answer, Answer]:
        door = front(app)
        return (
            await ask(door, path, **headers),
            await ask(door, path, **headers),
            await ask(door, path, **headers),
        )

    return asyncio.run(go())


def test_front__answers_the_third_time_without_asking_the_routes() -> None:
    app = App()
    answers = run_twice(app)
    assert [answer.body for answer in answers] == [LONG] * 3
    assert len(app.asked) == 2
    first, _, last = ({**one.headers, "x-request-id": ""} for one in answers)
    assert first == last


def test_front__asks_anew_for_a_file_that_changed(tmp_path: Path) -> None:
    file = tmp_path / "main.js"
    file.write_bytes(LONG)

    async def go() -> None:
        app = App(version=None, file=file)
        door = front(app)
        for _ in range(4):
            await ask(door, "/web/main.js")
        assert len(app.asked) == 2
        file.write_bytes(b"shorter")
        await ask(door, "/web/main.js")
        await ask(door, "/web/main.js")
        assert len(app.asked) == 3
        file.unlink()
        app.file = None
        await ask(door, "/web/main.js")
        assert len(app.asked) == 4

    asyncio.run(go())


def test_front__keeps_that_there_is_nothing() -> None:
    app = App(body=b"", status=204)
    for answer in run_twice(app, accept_encoding="gzip"):
        assert (answer.status, answer.body, answer.headers["etag"]) == (204, b"", '"abc"')
        assert "content-length" not in answer.headers
    assert len(app.asked) == 2


def test_front__sends_the_coding_that_was_asked_for_with_its_own_tag() -> None:
    app = App()
    for answer in run_twice(app, accept_encoding="gzip"):
        assert gzip.decompress(answer.body) == LONG
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["etag"] == '"abc-gzip"'
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-length"] == str(len(answer.body))


def test_front__does_not_code_what_is_short_unless_plain_bytes_are_refused() -> None:
    short = App(body=b"{}")
    assert run_twice(short, accept_encoding="gzip")[2].headers.get("content-encoding") is None
    forced = run_twice(short, accept_encoding="gzip, identity;q=0")[2]
    assert gzip.decompress(forced.body) == b"{}"


@pytest.mark.parametrize("held", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
def test_front__answers_304_to_whoever_holds_it(held: str) -> None:
    async def go() -> None:
        app = App()
        door = front(app)
        for _ in range(3):
            answer = await ask(door, if_none_match=held)
            assert (answer.status, answer.body) == (304, b"")
            assert answer.headers["etag"] == '"abc"'
            assert "content-length" not in answer.headers
        assert len(app.asked) <= 2
        assert (await ask(door, if_none_match='"other"')).status == 200

    asyncio.run(go())


def test_front__knows_the_tag_of_a_coding_before_anything_is_kept() -> None:
    async def go() -> None:
        app = App(is_marked=False)
        door = front(app)
        answer = await ask(door, if_none_match='"abc-br"', accept_encoding="br")
        assert (answer.status, answer.headers["etag"]) == (304, '"abc-br"')
        assert (await ask(door, if_none_match='"abc-br"', accept_encoding="gzip")).status == 200
        assert (await ask(door, if_none_match='"abc-br"')).status == 200

    asyncio.run(go())


def test_front__answers_head_as_get_without_a_body() -> None:
    async def go() -> None:
        for is_marked in (True, False):
            door = front(App(is_marked=is_marked))
            for _ in range(3):
                got, head = await ask(door), await ask(door, method="HEAD")
                assert head.body == b""
                assert {**got.headers, "x-request-id": ""} == {**head.headers, "x-request-id": ""}

    asyncio.run(go())


@pytest.mark.parametrize(
    "app",
    [
        App(is_marked=False),
        App(status=404),
        App(headers={"cache-control": "no-store"}),
        App(headers={"set-cookie": "a=b"}),
        App(headers={"vary": "*"}),
        App(headers={"vary": "X-Something"}),
        App(version=0),
    ],
    ids=["unmarked", "not found", "no-store", "cookie", "vary", "varies by something", "older"],
)
def test_front__does_not_keep_what_may_not_be_kept(app: App) -> None:
    app.asked.clear()
    run_twice(app)
    assert len(app.asked) == 3


@pytest.mark.parametrize("name", ["authorization", "x_api_key", "cookie", "purpose"])
def test_front__asks_the_routes_for_whoever_is_somebody(name: str) -> None:
    async def go() -> None:
        app = App()
        door = front(app)
        for _ in range(3):
            await ask(door)
        asked = len(app.asked)
        for _ in range(3):
            await ask(door, **{name: "x"})
        assert len(app.asked) == asked + 3

    asyncio.run(go())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"accept": "text/html"}, {"accept": "application/json"}),
        ({"host": "a"}, {"host": "b"}),
        ({"accept_language": "nl"}, {"accept_language": "en"}),
        ({"origin": "https://a"}, {"origin": "https://b"}),
        ({"accept_encoding": "br"}, {"accept_encoding": "gzip"}),
    ],
)
def test_front__keeps_apart_what_depends_on_the_request(one: dict[str, str], other: dict[str, str]) -> None:
    async def go() -> None:
        app = App(headers={"vary": "Accept-Language, Origin"})
        door = front(app)
        for _ in range(3):
            await ask(door, **one)
        before = len(app.asked)
        await ask(door, **other)
        assert len(app.asked) == before + 1

    asyncio.run(go())


def test_front__keeps_together_what_does_not_depend_on_the_language() -> None:
    async def go() -> None:
        app = App()
        door = front(app)
        for _ in range(3):
            await ask(door, accept_language="nl", accept="a, b")
        before = len(app.asked)
        await ask(door, accept_language="en", accept="a,b")
        assert len(app.asked) == before

    asyncio.run(go())


def test_front__lets_go_of_a_version_when_an_answer_tells_of_a_newer_one() -> None:
    async def go() -> None:
        app = App()
        door = front(app)
        for _ in range(3):
            await ask(door)
            await ask(door, "/v1/other")
        app.version, app.body = 2, LONG + b" "
        for _ in range(2):
            await ask(door, "/v1/third")
        assert (await ask(door)).body == app.body
        assert (await ask(door, "/v1/other")).body == app.body
        assert door.shelf.version == 2

    asyncio.run(go())


def test_front__keeps_nothing_until_the_version_is_known() -> None:
    async def go() -> None:
        app = App()
        door = front(app, version=None)
        for _ in range(3):
            await ask(door)
        assert len(app.asked) == 3

    asyncio.run(go())


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(0.05)
    await App()(scope, receive, send)


def test_front__refuses_what_it_cannot_take_in() -> None:
    async def go() -> None:
        door = front(slow, requests_at_work=1, requests_waiting=1)
        answers = await asyncio.gather(*(ask(door, f"/v1/{i}") for i in range(4)))
        assert sorted(answer.status for answer in answers) == [200, 200, 503, 503]
        refused = next(answer for answer in answers if answer.status == 503)
        assert refused.headers["retry-after"] == "5"
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["x-content-type-options"] == "nosniff"
        assert "at most 1 requests wait" in json.loads(refused.body)["detail"]
        assert door.gate.at_work == door.gate.waiting == 0

    asyncio.run(go())


def test_front__lets_nobody_wait_for_ever() -> None:
    async def go() -> None:
        door = front(slow, requests_at_work=1, time_to_answer=timedelta(milliseconds=10))
        answers = await asyncio.gather(*(ask(door, f"/v1/{i}") for i in range(2)))
        assert sorted(answer.status for answer in answers) == [200, 503]
        assert door.gate.at_work == door.gate.waiting == 0

    asyncio.run(go())


def test_front__tells_that_it_lives_when_it_is_full() -> None:
    async def go() -> None:
        door = front(slow, requests_at_work=1, requests_waiting=0)
        full = asyncio.create_task(ask(door))
        await asyncio.sleep(0.01)
        assert (await ask(door, "/v1")).status == 503
        assert (await ask(door, "/health/live")).status == 200
        await full

    asyncio.run(go())


class Pieces:
    """Sends an answer in pieces until the caller leaves."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.sent = 0
        self.hold = asyncio.Event()
        self.hold.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        left = asyncio.ensure_future(receive())
        headers = [(b"content-type", b"application/geo+json"), (b"etag", b'"abc"')]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(self.n):
            await self.hold.wait()
            await asyncio.sleep(0)
            if left.done():
                break
            await send({"type": "http.response.body", "body": LONG, "more_body": True})
            self.sent += 1
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        left.cancel()


def test_front__passes_on_a_stream_as_it_comes() -> None:
    async def go() -> None:
        app = Pieces(20)
        answer = await ask(streaming(app), accept_encoding="gzip")
        assert gzip.decompress(answer.body) == LONG * 20
        assert answer.pieces > 1
        assert "content-length" not in answer.headers
        assert answer.headers["etag"] == '"abc-gzip"'
        assert (await ask(streaming(app))).body == LONG * 20

    asyncio.run(go())


def streaming(app: Pieces, **settings: int) -> Front:
    async def once(scope: Scope, receive: Receive, send: Send) -> None:
        is_first = True
        forever = asyncio.Event()

        async def received() -> dict[str, object]:
            nonlocal is_first
            if is_first:
                is_first = False
                return {"type": "http.request", "body": b"", "more_body": False}
            await forever.wait()
            return {}

        await door(scope, received, send)

    door = front(app, **settings)
    once.door = door  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def test_front__makes_no_stream_for_head() -> None:
    async def go() -> None:
        app = Pieces(1000)
        answer = await ask(streaming(app), method="HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert app.sent < 10

    asyncio.run(go())


def test_front__bounds_the_streams_and_lets_others_pass_them() -> None:
    async def go() -> None:
        app = Pieces(3)
        app.hold.clear()
        door = streaming(app, streams=1, requests_at_work=1, requests_waiting=5)
        first = asyncio.create_task(ask(door))
        await asyncio.sleep(0.01)
        app.hold.set()
        await asyncio.sleep(0)
        second = await ask(door)
        assert {second.status, (await first).status} <= {200, 503}
        assert (await ask(door)).status == 200

    asyncio.run(go())


def test_front__names_each_request() -> None:
    async def go() -> None:
        door = front(App())
        given = [(await ask(door, x_request_id="abc-1.2")).headers["x-request-id"] for _ in range(3)]
        assert given == ["abc-1.2"] * 3
        made = {(await ask(door)).headers["x-request-id"] for _ in range(3)}
        assert len(made) == 3
        for insane in ("a b", "x" * 65, "é", '"', "-"):
            assert (await ask(door, x_request_id=insane)).headers["x-request-id"] != insane

    asyncio.run(go())


def test_front__notes_a_line_for_each_request_without_what_was_looked_for() -> None:
    written: list[str] = []

    async def go() -> None:
        door = Front(App(), ApiSettings(), write=written.append)
        door.shelf.renew(1)
        for _ in range(3):
            await ask(door, "/v1/x?filter=secret&key=secret", authorization="")
        await ask(door, "/v1/y", authorization="Bearer secret")
        door.journal.flush()

    asyncio.run(go())
    lines = [json.loads(line) for line in "".join(written).splitlines()]
    assert [line["kept"] for line in lines] == [False, False, True, False]
    assert lines[0]["parameters"] == ["filter", "key"]
    assert lines[0] | {"time": 0, "ms": 0, "id": ""} == {
        "time": 0,
        "id": "",
        "method": "GET",
        "path": "/v1/x",
        "parameters": ["filter", "key"],
        "status": 200,
        "ms": 0,
        "bytes": len(LONG),
        "kept": False,
    }
    assert "secret" not in "".join(written)


def test_front__tells_its_figures_on_this_machine_only() -> None:
    async def go() -> None:
        door = front(App())
        for _ in range(3):
            await ask(door)
        page = (await ask(door, "/metrics")).body.decode()
        assert 'hotspot_answers_total{kept="yes",status="200"} 1.0' in page
        assert 'hotspot_answer_seconds_count{kept="no"} 2.0' in page
        assert "hotspot_data_version 1.0" in page
        assert b"hotspot_answers" not in (await ask(front(App(), metrics="off"), "/metrics")).body

    asyncio.run(go())
