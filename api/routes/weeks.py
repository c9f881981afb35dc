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
from hotspot.catalogue import Disclosure
from hotspot.errors import NotFound
from hotspot.store import overviews, publications

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.access.callers import Caller
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


def seen(
    connection: Connection, who: Caller, week: Week | None, edition: int | None = None
) -> publications.StoredPublication:
    """
    Read an edition of a week as far as a caller may see all of it.

    Parameters
    ----------
    connection
        The open transaction.
    who
        Who asks; whoever works in some areas sees what is not cut to areas as everybody does.
    week
        The week; the newest if absent.
    edition
        Its edition; the one that holds if absent.

    Returns
    -------
    StoredPublication
        The edition.

    Raises
    ------
    NotFound
        If there is none.
    """
    level = who.level if who.areas is None else Disclosure.OPEN
    return publications.edition(
        connection, latest(connection) if week is None else week, edition, level=level
    )


def first_theme(summary: Mapping[str, Any]) -> str:  # Any: JSON.
    """
    Tell the theme that stands for an edition where none is asked for.

    Parameters
    ----------
    summary
        What the edition says beside its rows.

    Returns
    -------
    str
        Its first theme; empty if it has none.
    """
    themes = summary.get("themes", ())
    return str(themes[0]["theme"]) if themes else ""


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
