"""Whether the service can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api.connection import transaction
from api.queries import no_parameters
from api.schemas.common import Health
from hotspot.store import publications


def router() -> APIRouter:
    """
    Make the route.

    Returns
    -------
    APIRouter
        The route.
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
        return Response(body.encoded(), media_type=to.JSON, headers={"Cache-Control": "no-store"})

    return routes
