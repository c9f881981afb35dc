"""Whether the service runs, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api.connection import transaction
from api.queries import no_parameters
from api.schemas.common import Alive, Health, Ready
from hotspot.store import publications, served

_NEVER_KEPT = {"Cache-Control": "no-store"}


def router() -> APIRouter:
    """
    Make the routes.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(tags=["health"])

    @routes.get("/health", summary="Whether the service can answer", response_model=Health)
    def health(request: Request) -> Response:
        """Ok if the store can be read; 503 otherwise. Says what the newest list is."""
        no_parameters(request)
        with transaction(request) as connection:
            editions = publications.editions(connection)
        newest = max(editions, key=lambda edition: (edition.week, edition.number), default=None)
        body = Health(
            status="ok",
            store="reachable",
            latest_week=None if newest is None else str(newest.week),
            edition=None if newest is None else newest.number,
            published_at=None if newest is None else newest.published_at,
        )
        return Response(body.encoded(), media_type=to.JSON, headers=_NEVER_KEPT)

    @routes.get("/health/live", summary="Whether the service runs", response_model=Alive)
    async def live(request: Request) -> Response:
        """Ok as long as the process answers at all: whoever watches it starts it anew when it does not."""
        no_parameters(request)
        return Response(Alive(status="ok").encoded(), media_type=to.JSON, headers=_NEVER_KEPT)

    @routes.get("/health/ready", summary="Whether requests may be sent", response_model=Ready)
    def ready(request: Request) -> Response:
        """Ok if the store can be read; 503 otherwise: send requests to another until then."""
        no_parameters(request)
        with transaction(request) as connection:
            body = Ready(status="ok", version=served.version(connection).number)
        return Response(body.encoded(), media_type=to.JSON, headers=_NEVER_KEPT)

    return routes
