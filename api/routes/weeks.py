"""Which weeks are published, in which editions, and which of them is the newest."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api.access.callers import caller
from api.answers import answer
from api.connection import lasting
from api.queries import no_parameters
from api.schemas.rankings import EditionLine, PublishedWeek, Weeks
from hotspot.errors import NotFound
from hotspot.store import overviews, publications

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.editions import Edition
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

    @routes.get("/weeks", summary="Published weeks", response_model=Weeks)
    def weeks(request: Request) -> Response:
        """All published weeks with their editions, both the latest first; the newest edition holds."""
        no_parameters(request)
        with lasting(request) as connection:
            level = caller(request).level
            editions = publications.editions(connection, level=level)
            listed = overviews.counts(connection, level=level)
        links = to.Links(request)
        body = Weeks(links=(links.itself(to.JSON),), weeks=tuple(_by_week(editions, listed, links)))
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=settings.cache_lifetime)

    return routes


def latest(connection: Connection) -> Week:
    """
    Tell the newest published week.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    Week
        The week.

    Raises
    ------
    NotFound
        If nothing is published.
    """
    editions = publications.editions(connection)
    if not editions:
        raise NotFound("no week is published yet")
    return editions[0].week


def head(stored: publications.StoredPublication) -> dict[str, Any]:  # Any: JSON.
    """
    Tell which edition something is from.

    Parameters
    ----------
    stored
        The edition.

    Returns
    -------
    dict
        Its number, its hash and when it was published.
    """
    edition = stored.edition
    return {
        "edition": edition.number,
        "content_hash": edition.content_hash,
        "published_at": edition.published_at.isoformat().replace("+00:00", "Z"),
    }


def _by_week(
    editions: Iterable[Edition], listed: Mapping[tuple[str, int], int], links: to.Links
) -> Iterable[PublishedWeek]:
    """Put the editions of a week together, the latest of both first."""
    ordered = sorted(editions, key=lambda edition: (edition.week, edition.number), reverse=True)
    for week, of_week in groupby(ordered, key=lambda edition: edition.week):
        lines = tuple(
            EditionLine(
                edition=edition.number,
                content_hash=edition.content_hash,
                published_at=edition.published_at,
                hotspots=listed.get((str(week), edition.number), 0),
                links=(links.ranking(week, edition.number),),
            )
            for edition in of_week
        )
        yield PublishedWeek(week=str(week), first_day=week.monday, last_day=week.sunday, editions=lines)
