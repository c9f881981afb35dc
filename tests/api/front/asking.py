"""A small application behind the front, and a client that speaks ASGI to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.front.door import Front
from api.front.shelf import Source
from api.settings import ApiSettings

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONG = b"[" + b'"a text that is said again and again",' * 200 + b"0]"


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    raw: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    pieces: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.raw}


@dataclass
class App:
    """Answers with one body, and counts how often it is asked."""

    body: bytes = LONG
    version: int | None = 1
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_marked: bool = True
    file: Path | None = None
    asked: list[Scope] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        if self.is_marked:
            scope["state"]["version"] = self.version
        if self.file is not None:
            scope["state"]["sources"] = (Source.of(self.file),)
        told = {
            "content-type": "application/json",
            "etag": '"abc"',
            "content-length": str(len(self.body)),
            **self.headers,
        }
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        held = dict(scope["headers"]).get(b"if-none-match", b"")
        if b'"abc"' in held:
            kept = [pair for pair in headers if pair[0] != b"content-length"]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def front(app: ASGIApp, *, version: int | None = 1, **settings: Any) -> Front:  # noqa: ANN401 -- of any kind
    usual: dict[str, Any] = {"store_url": "sqlite:///none.db", "time_to_answer": timedelta(seconds=1)}
    made = Front(app, ApiSettings(**(usual | settings)))
    made.shelf.renew(version)
    return made


async def ask(app: ASGIApp, path: str = "/v1", *, method: str = "GET", **headers: str) -> Answer:
    """Ask once; names of headers are written with underscores."""
    path, _, query = path.partition("?")
    named = {"host": "127.0.0.1:8000"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope: Scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in named.items() if value],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8000),
    }
    answer = Answer()

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.raw = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")
            answer.pieces += 1

    await app(scope, receive, send)
    return answer
