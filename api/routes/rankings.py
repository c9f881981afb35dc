"""Which weeks are published, and the list of one."""

from __future__ import annotations

import csv
import io
import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.answers import answer, encoded
from api.connection import transaction
from api.queries import Reader, no_parameters
from api.schemas import EditionLine, PublishedWeek, Ranking, Weeks
from hotspot.editions import told
from hotspot.errors import NotFound
from hotspot.store import publications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.editions import Edition
    from hotspot.weeks import Week


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the routes.

    Parameters
    ----------
    settings
        Page sizes and lifetimes.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(tags=["rankings"])
    limit = parameters.limit(default=settings.max_page_size, most=settings.max_page_size)
    taken = (
        parameters.WEEK_OR_LATEST,
        parameters.THEME,
        parameters.KIND,
        parameters.GRADE,
        parameters.AREA,
        parameters.EDITION,
        limit,
        parameters.FORMAT,
    )

    @routes.get("/weeks", summary="Published weeks", response_model=Weeks)
    def weeks(request: Request) -> Response:
        """All published weeks with their editions, the latest first; the first edition of each holds."""
        no_parameters(request)
        with transaction(request) as connection:
            editions = publications.editions(connection)
        links = to.Links(request)
        body = Weeks(links=(links.itself(to.JSON),), weeks=tuple(_by_week(editions, links)))
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=settings.cache_lifetime)

    @routes.get(
        "/rankings/{week}",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="The list of a week",
        response_model=Ranking,
        responses={200: {"content": {parameters.CSV: {"schema": {"type": "string"}}}}},
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def ranking(request: Request) -> Response:
        """Tell the list of a week by theme and rank, and for each theme whether there was enough data."""
        read = Reader(request)
        week = read.read(parameters.WEEK_OR_LATEST, None)
        number = read.read(parameters.EDITION, None)
        theme, area = read.read(parameters.THEME, None), read.read(parameters.AREA, None)
        kind, grade = read.read(parameters.KIND, None), read.read(parameters.GRADE, None)
        rows, media_type = read.read(limit, settings.max_page_size), read.read(parameters.FORMAT, to.JSON)
        read.finish()
        with transaction(request) as connection:
            asked = _latest(connection) if week is None else week
            stored = publications.edition(connection, asked, number)
            wanted = publications.Conditions(asked, stored.edition.number, theme, kind, grade, area)
            page = publications.hotspot_page(connection, wanted, limit=rows)
        write = _as_csv if media_type == parameters.CSV else _as_json
        body = write(stored, page.matched, page.fragments, to.Links(request))
        name = f'inline; filename="hotspots-{asked}-edition-{stored.edition.number}.csv"'
        headers = {"Content-Disposition": name} if media_type == parameters.CSV else {}
        charset = "; charset=utf-8" if media_type == parameters.CSV else ""
        return answer(
            request, body, media_type=media_type + charset, lifetime=settings.cache_lifetime, headers=headers
        )

    return routes


def _latest(connection: Connection) -> Week:
    """Tell the newest published week."""
    editions = publications.editions(connection)
    if not editions:
        raise NotFound("no week is published yet")
    return editions[0].week


def _by_week(editions: Iterable[Edition], links: to.Links) -> Iterable[PublishedWeek]:
    """Put the editions of a week together, the latest of both first."""
    ordered = sorted(editions, key=lambda edition: (edition.week, edition.number), reverse=True)
    for week, of_week in groupby(ordered, key=lambda edition: edition.week):
        lines = tuple(
            EditionLine(
                edition=edition.number,
                content_hash=edition.content_hash,
                published_at=edition.published_at,
                links=(links.ranking(week, edition.number),),
            )
            for edition in of_week
        )
        yield PublishedWeek(week=str(week), first_day=week.monday, last_day=week.sunday, editions=lines)


def _as_json(
    stored: publications.StoredPublication, matched: int, fragments: list[str], links: to.Links
) -> bytes:
    """Tell the list with what there is to know of it."""
    edition = stored.edition
    head = {
        "edition": edition.number,
        "content_hash": edition.content_hash,
        "published_at": edition.published_at.isoformat().replace("+00:00", "Z"),
        **json.loads(stored.summary),
        "numberMatched": matched,
        "numberReturned": len(fragments),
        "links": [
            links.itself(to.JSON).model_dump(),
            links.again("alternate", parameters.CSV, "The same as a table", {"f": "csv"}).model_dump(),
            links.ranking(edition.week, edition.number).model_dump() | {"rel": "canonical"},
        ],
        "items": [_row(fragment, links) for fragment in fragments],
    }
    return encoded(head)


def _row(fragment: str, links: to.Links) -> dict[str, Any]:  # Any: JSON.
    """Tell what a hotspot's feature tells, without its shape but with the way to it."""
    properties = told(json.loads(fragment))
    return {**properties, "links": [links.hotspot(properties["id"]).model_dump()]}


_COLUMNS = (
    "week",
    "theme",
    "kind",
    "grade",
    "rank",
    "previous_rank",
    "neighbourhood",
    "neighbourhood_name",
    "observed",
    "expected",
    "relative_risk",
    "p_value",
    "q_value",
    "recurrence_weeks",
    "baseline",
    "places",
    "largest_pile_up",
    "pile_up",
    "form",
    "score",
    "area_m2",
    "window_start",
    "window_end",
    "id",
)
"""What stands in the table: everything of a row that is one value."""


def _as_csv(
    stored: publications.StoredPublication, matched: int, fragments: list[str], links: to.Links
) -> bytes:
    """Tell the list as a table, for spreadsheets."""
    del stored, matched, links  # A table has no place for what is not a row.
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([*_COLUMNS, "lon", "lat"])
    for fragment in fragments:
        row = told(json.loads(fragment))
        rows.writerow([*(_cell(row[column]) for column in _COLUMNS), *row["centroid"]])
    # The mark by which spreadsheets know UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """Keep a text from being read as a formula, and write truth as JSON does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
