"""What a municipality has set for the map page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api.answers import answer
from api.connection import lasting
from api.queries import no_parameters
from api.schemas.page import Basemap, MapSettings, Streets
from hotspot.catalogue import STREETS, Disclosure
from hotspot.errors import StoreNotReady, StoreUnavailable
from hotspot.store import served

if TYPE_CHECKING:
    from api.settings import ApiSettings

_ITEMS = f"/collections/{STREETS.id}/items"


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the route.

    Parameters
    ----------
    settings
        What is set.

    Returns
    -------
    APIRouter
        The route.
    """
    routes = APIRouter(tags=["page"])
    basemap = None
    if settings.basemap_url is not None and settings.basemap_credit is not None:
        basemap = Basemap(
            url=settings.basemap_url,
            attribution=settings.basemap_credit,
            max_zoom=settings.basemap_max_zoom,
        )

    @routes.get("/map", summary="Settings of the map page", response_model=MapSettings)
    def map_settings(request: Request) -> Response:
        """Tell the title, the background map, where streets are, and whether others may show the page."""
        no_parameters(request)
        lifetime = settings.cache_lifetime
        try:
            has_streets = _has_streets(request)
        except (StoreNotReady, StoreUnavailable):
            # The page says itself that there is nothing yet; the store may be there the next time.
            has_streets, lifetime = False, dt.timedelta()
        streets = Streets(items=to.Links(request).href(_ITEMS), attribution=settings.streets_credit)
        told = MapSettings(
            title=settings.title,
            basemap=basemap,
            streets=streets if has_streets else None,
            embeddable=bool(settings.embedders),
        )
        return answer(request, told.encoded(), media_type=to.JSON, lifetime=lifetime)

    return routes


def _has_streets(request: Request) -> bool:
    """Tell whether any streets were loaded."""
    with lasting(request) as connection:
        version = served.version(connection).number
        return served.extent(connection, STREETS, Disclosure.OPEN, version).matched > 0
