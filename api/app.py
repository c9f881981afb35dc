"""The service, put together: `create_app(settings)`, and `from_environment()` for a server."""

from __future__ import annotations

import json
import sys
import time
import zlib
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from api import openapi, problems
from api.access.door import Door
from api.access.guard import Guard
from api.answers import encoded
from api.front import memory
from api.front.door import Front
from api.front.watch import watching
from api.hands import Hands
from api.headers import Envelope
from api.html.browsing import Browsing
from api.plain import Plains
from api.routes import (
    area_figures,
    areas,
    collections,
    health,
    hotspots,
    items,
    landing,
    map_settings,
    me,
    notes,
    overview,
    page,
    queryables,
    rankings,
    surface,
    tiles,
    weekly,
    weeks,
)
from api.settings import API_VERSION, PREFIX, ApiSettings
from hotspot.store import engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.routing import APIRoute
    from sqlalchemy import Engine
    from starlette.types import Receive, Scope, Send

    from hotspot.store.lines import Lines


_BRIEF = timedelta(milliseconds=20)
"""So long the loop looks itself before it leaves a question to a thread: meanwhile all others wait."""

_BRIEF_CACHE_KIB = 16_384
"""Pages of the store that are kept for it: the hotspots of a town for some years."""


_CACHE_KIB = 512
"""The same for each other connection; there are many, and what they read is kept by the system as well."""


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
        self.interface: bytes | None = None
        self.hands = Hands(settings.requests_at_work)
        self.front = Front(super().__call__, settings, write=sys.stdout.write if settings.journal else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: from what is kept, or by the routes."""
        await self.front(scope, receive, send)

    def openapi(self) -> dict[str, Any]:  # Any: as the framework has it.
        """Describe the interface; it is kept as bytes, since as objects it takes sixty times as much."""
        if self.interface is None:
            self.interface = zlib.compress(encoded(openapi.document(self.routes, self._settings)))
        described: dict[str, Any] = json.loads(zlib.decompress(self.interface))  # Any: as above.
        return described


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
        overview.router(settings),
        surface.router(settings),
        area_figures.router(settings),
        hotspots.router(settings),
        areas.router(settings),
        tiles.router(settings),
        weekly.router(settings),
        notes.router(),
        me.router(settings),
        map_settings.router(settings),
    )
    for routes in served:
        app.include_router(routes, prefix=PREFIX)
    app.include_router(health.router())
    app.include_router(page.router(settings))
    app.add_middleware(Plains, routers=served, prefix=PREFIX, hands=app.hands, refusal=problems.response)
    app.add_middleware(Browsing)
    app.add_middleware(Envelope, basemap=settings.basemap_origin, embedders=settings.embedders)
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
    memory.share()
    return create_app(ApiSettings())


def _lines(store: Engine, settings: ApiSettings) -> Lines | None:
    """Make the lines to PostgreSQL; the embedded store has none."""
    if store.dialect.name != "postgresql":
        return None
    # The driver is loaded for this database alone.
    from hotspot.store.lines import Lines  # noqa: PLC0415 - as above

    return Lines(store, settings.requests_at_work)


def _brief(store: Engine, settings: ApiSettings) -> Engine | None:
    """Make the connection on which the loop itself asks the embedded store what takes no time."""
    if store.dialect.name != "sqlite":
        return None
    limit = min(_BRIEF, settings.time_to_answer)
    serving = engine.Serving(connections=1, time_limit=limit, cache_kib=_BRIEF_CACHE_KIB)
    return engine.create_engine(settings.store_url, serving)


def _lifespan(settings: ApiSettings) -> Any:  # noqa: ANN401 - the framework's own type for it is not exported
    """Hold the engine from start to end; it connects when first asked, so that a store may come later."""

    @asynccontextmanager
    async def run(app: _Service) -> AsyncIterator[None]:
        serving = engine.Serving(
            connections=settings.requests_at_work + settings.streams,
            time_limit=settings.time_to_answer,
            cache_kib=_CACHE_KIB,
        )
        app.state.engine = engine.create_engine(settings.store_url, serving)
        app.state.lines = _lines(app.state.engine, settings)
        app.state.brief = _brief(app.state.engine, settings)
        # Keys and audit have a pool of their own: answers that wait for the audit hold all of the other.
        books = engine.Serving(connections=2, time_limit=settings.time_to_answer, cache_kib=_CACHE_KIB)
        app.state.books = engine.create_engine(settings.store_url, books)
        async with watching(app.front, settings):
            yield
        app.hands.rest()
        if app.state.lines is not None:
            await app.state.lines.close()
        if app.state.brief is not None:
            app.state.brief.dispose()
        app.state.engine.dispose()
        app.state.books.dispose()

    return run
