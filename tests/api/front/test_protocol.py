"""What is sent at once is what would have been sent otherwise."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = """
import sys
import uvicorn
from api.front.door import Front
from api.settings import ApiSettings
from hotspot.cli.service import _server_options
from tests.api.front.asking import App

async def app(scope, receive, send):
    if scope["type"] == "http":
        bodies = {"/v1/short": b"x" * 3000, "/v1/nothing": b""}
        body = bodies.get(scope["path"], b"y" * 200_000)
        await App(body=body, status=200 if body else 204)(scope, receive, send)

front = Front(app, ApiSettings())
front.shelf.renew(1)
uvicorn.run(front, host="127.0.0.1", port=int(sys.argv[1]), **_server_options())
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(free)], cwd=root)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", free)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        yield free
    finally:
        process.terminate()
        process.wait(10)


def said(port: int, *requests: str) -> bytes:
    """Send requests on one connection, the last of which closes it; give all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sending:
        sending.sendall("".join(requests).encode())
        got = b""
        while piece := sending.recv(1 << 20):
            got += piece
    return got


def request(path: str, *, method: str = "GET", end: bool = True, **headers: str) -> str:
    named = {"Host": "a", "X-Request-Id": "one", "Connection": "close" if end else "keep-alive"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n"


def plain(answer: bytes) -> tuple[bytes, set[bytes], bytes]:
    """Take an answer apart; the date and the order of headers do not matter."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    return (
        status,
        {line.lower() for line in lines if not line.lower().startswith((b"date", b"connection"))},
        body,
    )


@pytest.mark.parametrize("path", ["/v1/short", "/v1/long", "/v1/nothing"])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"method": "HEAD"},
        {"If_None_Match": '"abc"'},
        {"If_None_Match": '"other"'},
        {"Accept_Encoding": "gzip"},
    ],
    ids=["get", "head", "held", "not held", "gzip"],
)
def test_protocol__sends_what_is_kept_as_it_was_sent_before(
    port: int, path: str, asked: dict[str, str]
) -> None:
    answers = [plain(said(port, request(path, end=True, **asked))) for _ in range(3)]
    # A connection that closes goes the usual way; one that stays open gets the bytes at once.
    both = said(port, request(path, end=False, **asked), request(path, end=True, **asked))
    status, headers, body = answers[-1]
    assert both.count(status + b"\r\n") == 2
    first = plain(both[: len(both) - both[::-1].index(b"/PTTH"[::1]) - 5])
    assert first == (status, headers, body)
    assert answers[0] == answers[1] == answers[2]


def test_protocol__answers_requests_in_their_order(port: int) -> None:
    for _ in range(3):
        said(port, request("/v1/short"))
    got = said(
        port,
        request("/v1/new", end=False),
        request("/v1/short", end=False),
        request("/v1/newer", end=False),
        request("/v1/short"),
    )
    bodies = [part[:1] for part in got.split(b"\r\n\r\n")[1:]]
    assert bodies == [b"y", b"x", b"y", b"x"]


def test_protocol__leaves_to_others_what_comes_through_a_proxy(port: int) -> None:
    for _ in range(4):
        assert said(port, request("/v1/short", X_Forwarded_Proto="https")).startswith(b"HTTP/1.1 200 OK")
