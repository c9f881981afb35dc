"""The density squares of a week and theme, in one small answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.access.callers import caller
from api.answers import answer, encoded
from api.connection import lasting
from api.queries import Reader
from api.routes.weeks import first_theme, head, seen
from api.schemas.surface import Surface
from hotspot import surface as squares_of
from hotspot.crs import Plane
from hotspot.geojson import rounded_deg
from hotspot.store import served, surfaces
from hotspot.store.municipality import read_municipality

if TYPE_CHECKING:
    from api.access.callers import Caller
    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.geojson import Json
    from hotspot.surface import Grid
    from hotspot.weeks import Week


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the route.

    Parameters
    ----------
    settings
        Lifetimes.

    Returns
    -------
    APIRouter
        The route.
    """
    routes = APIRouter(tags=["rankings"])
    taken = (parameters.WEEK_OR_LATEST, parameters.THEME)

    @routes.get(
        "/rankings/{week}/surface",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="Where the incidents of a theme are dense",
        response_model=Surface,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def surface(request: Request) -> Response:
        """
        Tell the squares of the collection `cells` of a week and theme, as numbers on a grid.

        Without `theme` it is the first theme of the list; the newest edition of the week holds.
        """
        read = Reader(request)
        week, theme = read.read(parameters.WEEK_OR_LATEST, None), read.read(parameters.THEME, None)
        read.finish()
        with lasting(request) as connection:
            told = _told(connection, week, theme, caller(request))
        links = to.Links(request)
        told["links"] = [links.itself(to.JSON).model_dump()]
        request.state.records = told["numberReturned"]
        return answer(request, encoded(told), media_type=to.JSON, lifetime=settings.cache_lifetime)

    return routes


def _told(connection: Connection, week: Week | None, theme: str | None, who: Caller) -> dict[str, Json]:
    """Put the answer together."""
    stored = seen(connection, who, week)
    if theme is None:
        theme = first_theme(json.loads(stored.summary))
    found = surfaces.surface(
        connection,
        stored.edition.week,
        theme,
        level=who.level,
        version=served.version(connection).number,
        areas=who.areas,
    )
    on = squares_of.grid(found.squares)
    return {
        "week": str(stored.edition.week),
        **head(stored),
        "theme": theme,
        "level": str(who.level),
        "window_start": found.window_start,
        "window_end": found.window_end,
        "grid": None if on is None else _grid(connection, on),
        "squares": squares_of.columns(found.squares, on or squares_of.EMPTY),
        "numberReturned": len(found.squares),
    }


def _grid(connection: Connection, on: Grid) -> dict[str, Json]:
    """Tell where the grid lies."""
    plane = Plane(read_municipality(connection).srid)
    return {
        "columns": on.columns,
        "rows": on.rows,
        "size_m": on.size_m,
        "corners_deg": rounded_deg(plane.to_lon_lat(on.corners_m)).tolist(),
    }
