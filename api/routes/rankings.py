"""Which weeks are published, and the list of one."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.answers import answer, encoded, sheet, table
from api.connection import transaction
from api.queries import Reader, no_parameters
from api.schemas.rankings import EditionLine, PublishedWeek, Ranking, Weeks
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
        """All published weeks with their editions, both the latest first; the newest edition holds."""
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
            asked = latest(connection) if week is None else week
            stored = publications.edition(connection, asked, number)
            wanted = publications.Conditions(asked, stored.edition.number, theme, kind, grade, area)
            page = publications.hotspot_page(connection, wanted, limit=rows)
        edition = stored.edition
        if media_type == parameters.CSV:
            name = f"hotspots-{asked}-edition-{edition.number}"
            return sheet(request, _as_csv(page.fragments), name=name, lifetime=settings.cache_lifetime)
        body = _as_json(stored, page.matched, page.fragments, to.Links(request))
        return answer(request, body, media_type=to.JSON, lifetime=settings.cache_lifetime)

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


def _as_json(
    stored: publications.StoredPublication, matched: int, fragments: list[str], links: to.Links
) -> bytes:
    """Tell the list with what there is to know of it; the large matrix has an address of its own."""
    edition = stored.edition
    summary = json.loads(stored.summary)
    summary.pop("hotcrimes", None)
    around = (
        links.itself(to.JSON),
        links.again("alternate", parameters.CSV, "The same as a table", {"f": "csv"}),
        links.ranking(edition.week, edition.number).model_copy(update={"rel": "canonical"}),
        *links.beside(edition.week, edition.number),
    )
    whole = {
        **head(stored),
        **summary,
        "numberMatched": matched,
        "numberReturned": len(fragments),
        "links": [link.model_dump() for link in around],
        "items": [_row(fragment, edition.week, links) for fragment in fragments],
    }
    return encoded(whole)


def _row(fragment: str, week: Week, links: to.Links) -> dict[str, Any]:  # Any: JSON.
    """Tell what a hotspot's feature tells, without its shape but with the way to it."""
    properties = told(json.loads(fragment))
    return {**properties, "links": [links.hotspot(properties["id"], week).model_dump()]}


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
    "first_week",
    "weeks_listed",
    "event",
    "gap_weeks",
    "lifecycle",
    "lifecycle_steps.trend",
    "score_lower",
    "score_upper",
    "rank_lower",
    "rank_upper",
    "p_top3",
    "p_top10",
    "tie",
    "too_little_data",
    "harm_score",
    "harm_rank",
    "relative_risk_lower",
    "relative_risk_upper",
    "recurrence_years",
    "repeat_share",
    "sources.citizen",
    "sources.police",
    "sources.unknown",
    "near_repeats.pairs",
    "near_repeats.expected",
    "caveats",
    "counts.weeks_1",
    "counts.weeks_4",
    "counts.weeks_12",
    "counts.weeks_52",
    "hot_times.said.nl",
    "hot_times.said.en",
    "why.nl",
    "why.en",
    "what_changed.nl",
    "what_changed.en",
)
"""What stands in the table: everything of a row that is one value; a dot leads into what it is part of."""


def _as_csv(fragments: list[str]) -> bytes:
    """Tell the list as a table, for spreadsheets; what an early edition leaves unsaid is empty."""
    rows = [told(json.loads(fragment)) for fragment in fragments]
    names = [column.replace(".", "_") for column in _COLUMNS]
    cells = [[*(_at(row, column) for column in _COLUMNS), *row["centroid"]] for row in rows]
    return table([*names, "lon", "lat"], cells)


def _at(row: Any, path: str) -> object:  # noqa: ANN401 - JSON
    """Find what a path leads to."""
    for name in path.split("."):
        row = None if row is None else row.get(name)
    found: object = row
    return found
