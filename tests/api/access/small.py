"""A small application behind the door, and clocks that stand still until they are moved."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from api.access.callers import caller
from api.access.door import Door
from api.access.guard import Guard
from api.headers import Envelope
from api.settings import ApiSettings
from hotspot.settings import Access
from hotspot.store import audit
from hotspot.store import engine as engines
from tests.access import kept_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Engine
    from starlette.requests import Request

    from hotspot.audit import Sealed

ITEMS = "/v1/collections/hotspots/items"
STREAM = "/v1/collections/cells/items"
BROKEN = "/v1/collections/rankings/items"
OPEN = "/v1/conformance"


def _items(request: Request) -> Response:
    """Tell what the routes know of a request."""
    who = caller(request)
    request.state.records = 3
    told = {"name": who.name, "level": who.level, "purpose": who.purpose, "headers": list(request.headers)}
    headers = {"Cache-Control": "public, max-age=60", "ETag": '"a"'}
    return JSONResponse(told, headers=headers)


def _stream(request: Request) -> Response:
    """Answer in parts, and break where that is asked."""

    async def parts() -> AsyncIterator[bytes]:
        for n in range(3):
            request.state.records = n + 1
            yield b"part\n"
            if "break" in request.url.query:
                raise RuntimeError("halfway")

    return StreamingResponse(parts())


def _broken(request: Request) -> Response:
    """Make a mistake that tells of all that the request said."""
    raise RuntimeError(f"{request.url} {json.dumps(dict(request.headers))}")


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now_s: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Small:
    """The small application, and what stands before it."""

    engine: Engine
    settings: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        usual: dict[str, Any] = {"access": Access.CONTROLLED, "key_lifetime": 0}
        self.guard = Guard(
            ApiSettings(**usual | self.settings),
            engine=lambda: self.engine,
            clock=self.clock,
            monotonic=self.clock,
        )
        inner = Starlette(
            routes=[
                Route(ITEMS, _items),
                Route("/v1/weeks", _items),
                Route(OPEN, _items),
                Route(STREAM, _stream),
                Route(BROKEN, _broken),
            ]
        )
        self.app = Door(Envelope(inner), guard=self.guard)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def key(self, role: str = "analyst", **changes: Any) -> str:  # noqa: ANN401 -- one keyword per field.
        """Make a key."""
        return kept_key(self.engine, role, **changes)

    def get(self, path: str, key: str | None = None, **headers: str) -> Any:  # noqa: ANN401 -- the client's.
        """Ask, with a key and a purpose where there is a key."""
        sent = {} if key is None else {"X-API-Key": key, "Purpose": "analysis"}
        return self.client.get(path, headers=sent | {k.replace("_", "-"): v for k, v in headers.items()})

    def entries(self) -> list[Sealed]:
        """Read the audit."""
        with engines.read(self.engine) as connection:
            return list(audit.entries(connection))
