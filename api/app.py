"""The service, put together: `create_app(settings)`, and `from_environment()` for a server."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from api import openapi, problems
from api.headers import Envelope
from api.routes import features, health, landing, notes, page, rankings, weekly
from api.settings import API_VERSION, PREFIX, ApiSettings
from hotspot.store import engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.routing import APIRoute


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
    for routes in (
        landing.router(settings, app.openapi),
        features.router(settings),
        rankings.router(settings),
        weekly.router(settings),
        notes.router(settings),
    ):
        app.include_router(routes, prefix=PREFIX)
    app.include_router(health.router())
    app.include_router(page.router(settings))
    app.add_middleware(Envelope)
    return app


def from_environment() -> FastAPI:
    """
    Make the service from the environment: `uvicorn --factory api.app:from_environment`.

    Returns
    -------
    FastAPI
        The application.
    """
    return create_app(ApiSettings())


def _lifespan(settings: ApiSettings) -> Any:  # noqa: ANN401 - the framework's own type for it is not exported
    """Hold the engine from start to end; it connects when first asked, so that a store may come later."""

    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine.create_engine(settings.store_url)
        yield
        app.state.engine.dispose()

    return run
