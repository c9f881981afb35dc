"""The service, put together: `create_app(settings)`, and `from_environment()` for a server."""

from __future__ import annotations

import ctypes
import sys
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from api import openapi, problems
from api.access.door import Door
from api.access.guard import Guard
from api.front.door import Front
from api.front.watch import watching
from api.hands import Hands
from api.headers import Envelope
from api.html.browsing import Browsing
from api.plain import Plains
from api.routes import (
    areas,
    collections,
    health,
    hotspots,
    items,
    landing,
    notes,
    page,
    queryables,
    rankings,
    tiles,
    weekly,
    weeks,
)
from api.settings import API_VERSION, PREFIX, ApiSettings
from hotspot.store import engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.routing import APIRoute
    from starlette.types import Receive, Scope, Send


class _Service(FastAPI):
    """An application that describes itself in our words, on pages that load nothing from elsewhere."""

    def __init__(self, settings: ApiSettings) -> None:
        super().__init__(
            title=settings.title,
            version=API_VERSION,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            generate_unique_id_function=_route_name,
            lifespan=_lifespan(settings),
            # A service about incidents reports to nobody, whatever else is installed beside it.
            telemetry={"tracing": False, "metrics": False, "logs": False},
        )
        self._settings = settings
        self.hands = Hands(settings.requests_at_work)
        self.front = Front(super().__call__, settings, write=sys.stdout.write if settings.journal else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: from what is kept, or by the routes."""
        await self.front(scope, receive, send)

    def openapi(self) -> dict[str, Any]:  # Any: as the framework has it.
        """Describe the interface, once."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.document(self.routes, self._settings)
        return self.openapi_schema


def _route_name(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


def create_app(settings: ApiSettings) -> FastAPI:
    """
    Make the service; nothing is opened before it starts.

    Parameters
    ----------
    settings
        What may be set.

    Returns
    -------
    FastAPI
        The application, to be run by an ASGI server.
    """
    app = _Service(settings)
    problems.install(app)
    served = (
        landing.router(settings, app.openapi),
        collections.router(settings),
        queryables.router(settings),
        items.router(settings),
        weeks.router(settings),
        rankings.router(settings),
        hotspots.router(settings),
        areas.router(settings),
        tiles.router(settings),
        weekly.router(settings),
        notes.router(),
    )
    for routes in served:
        app.include_router(routes, prefix=PREFIX)
    app.include_router(health.router())
    app.include_router(page.router(settings))
    app.add_middleware(Plains, routers=served, prefix=PREFIX, hands=app.hands, refusal=problems.response)
    app.add_middleware(Browsing)
    app.add_middleware(Envelope)
    # Outside the envelope: what it allows everybody is taken back for those who are somebody.
    guard = Guard(settings, engine=lambda: app.state.books, clock=time.time, monotonic=time.monotonic)
    app.add_middleware(Door, guard=guard)
    app.front.admit = guard.admit
    return app


def from_environment() -> FastAPI:
    """
    Make the service from the environment: `uvicorn --factory api.app:from_environment`.

    Returns
    -------
    FastAPI
        The application.
    """
    _share_memory()
    return create_app(ApiSettings())


def _share_memory() -> None:
    """Let all threads take their memory from one place: places of their own hold on to a third more of it."""
    # Of GNU's library alone; elsewhere there is nothing to set.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENAS, 1)


_ARENAS = -8
"""`M_ARENA_MAX` of GNU's `malloc.h`."""


def _lifespan(settings: ApiSettings) -> Any:  # noqa: ANN401 - the framework's own type for it is not exported
    """Hold the engine from start to end; it connects when first asked, so that a store may come later."""

    @asynccontextmanager
    async def run(app: _Service) -> AsyncIterator[None]:
        serving = engine.Serving(
            connections=settings.requests_at_work + settings.streams, time_limit=settings.time_to_answer
        )
        app.state.engine = engine.create_engine(settings.store_url, serving)
        # Keys and audit have a pool of their own: answers that wait for the audit hold all of the other.
        books = engine.Serving(connections=2, time_limit=settings.time_to_answer)
        app.state.books = engine.create_engine(settings.store_url, books)
        async with watching(app.front, settings):
            yield
        app.hands.rest()
        app.state.engine.dispose()
        app.state.books.dispose()

    return run
