"""What a list and a map need of a week, in one small answer."""

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
from api.routes.weeks import head, seen
from api.schemas.overview import Overview
from hotspot import overview as packing
from hotspot.store import boundaries, overviews, publications

if TYPE_CHECKING:
    from api.access.callers import Caller
    from api.connection import Connection
    from api.settings import ApiSettings

_HEAD = (
    *("week", "window_start", "window_end", "municipality", "boundaries", "generator", "parameters"),
    *("labels", "kinds", "grades", "themes", "as_of", "completeness", "gone", "weights", "disclosure"),
)
"""What of the list's summary a page shows at once; the rest is at the address of the list."""


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
    taken = (parameters.WEEK_OR_LATEST, parameters.THEME, parameters.EDITION)

    @routes.get(
        "/rankings/{week}/overview",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="A week in one small answer",
        response_model=Overview,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def overview(request: Request) -> Response:
        """
        Tell the head of a list and its hotspots in columns, with their outlines on a grid of about a metre.

        It is what the map page is drawn from: two thousand hotspots are a few hundred kilobytes. Everything
        else, and exact outlines, are at the addresses of the list and of each hotspot.
        """
        read = Reader(request)
        wanted = publications.Conditions(
            read.read(parameters.WEEK_OR_LATEST, None),
            read.read(parameters.EDITION, None),
            read.read(parameters.THEME, None),
            areas=caller(request).areas,
        )
        read.finish()
        with lasting(request) as connection:
            told, request.state.records = _told(connection, wanted, caller(request), to.Links(request))
        return answer(request, told, media_type=to.JSON, lifetime=settings.cache_lifetime)

    return routes


def _told(
    connection: Connection, wanted: publications.Conditions, who: Caller, links: to.Links
) -> tuple[bytes, int]:
    """Put the week together."""
    stored = seen(connection, who, wanted.week, wanted.edition)
    edition = stored.edition
    rows = overviews.rows(connection, publications.of_edition(wanted, edition), level=who.level)
    summary = json.loads(stored.summary)
    columns = packing.written(
        rows,
        themes=[one["theme"] for one in summary.get("themes", ())],
        names=boundaries.area_names(connection, {code for row in rows for code in row["touches"]}),
    )
    around = (
        links.itself(to.JSON),
        links.ranking(edition.week, edition.number).model_copy(update={"rel": "collection"}),
        *links.beside(edition.week, edition.number),
    )
    before = {
        **head(stored),
        **{name: summary[name] for name in _HEAD if name in summary},
        "level": str(who.level),
        "numberReturned": len(rows),
        "links": [link.model_dump() for link in around],
    }
    # The columns are written already: the largest part of the answer is not read again to be sent.
    return encoded(before)[:-1] + b"," + columns[1:].encode(), len(rows)
