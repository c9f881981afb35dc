"""What there is of a week beside its list, and of all weeks: hotcrimes, differences and hit rates."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.access.callers import caller
from api.answers import answer, encoded, sheet, table
from api.connection import lasting
from api.queries import Reader
from api.routes.weeks import head, latest
from api.schemas.weekly import Backings, Differences, HotCrimes
from hotspot.catalogue import Disclosure
from hotspot.differences import differences
from hotspot.store import publications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.differences import Difference
    from hotspot.store.publications import StoredPublication
    from hotspot.weeks import Week

_Json = dict[str, Any]  # Any: JSON.

_YEAR_WEEKS, _MOST_WEEKS = 53, 106
"""Weeks of hit rates that are told at once: a year, and two at the most, for each is read as a whole."""

_LIMIT = parameters.limit(default=_YEAR_WEEKS, most=_MOST_WEEKS, of="Published weeks")

_TABLE: dict[int | str, _Json] = {200: {"content": {parameters.CSV: {"schema": {"type": "string"}}}}}
"""That an answer comes as a table as well."""

_NO_MATRIX = {
    "nl": "Deze editie is gepubliceerd toen er nog geen hotcrimes werden verteld.",
    "en": "This edition was published before hotcrimes were told.",
}
_NOT_TOLD = {
    "nl": "Er is niets dat op dit niveau verteld mag worden.",
    "en": "There is nothing that may be told at this level.",
}
_TOO_SHORT = {
    "nl": "Er zijn te weinig weken met gegevens om iets te verwachten.",
    "en": "There are too few weeks of data to expect anything.",
}
_FIRST = {
    "nl": "Dit is de eerste editie van deze week.",
    "en": "This is the first edition of this week.",
}
_ALIKE = {
    "nl": "Een lezer ziet in deze editie hetzelfde als in de editie ervoor.",
    "en": "A reader sees the same in this edition as in the one before.",
}


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the routes.

    Parameters
    ----------
    settings
        Lifetimes.

    Returns
    -------
    APIRouter
        The routes.
    """
    routes = APIRouter(tags=["rankings"])
    _add_hotcrimes(routes, settings)
    _add_differences(routes, settings)
    _add_backing(routes, settings)
    return routes


def _add_hotcrimes(routes: APIRouter, settings: ApiSettings) -> None:
    """Serve the matrix of a week."""
    taken = (
        parameters.WEEK_OR_LATEST,
        parameters.THEME,
        parameters.AREA_OF_CELLS,
        parameters.EDITION,
        parameters.FORMAT,
    )

    @routes.get(
        "/rankings/{week}/hotcrimes",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="Subthemes by area in a week",
        response_model=HotCrimes,
        responses=_TABLE,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def hotcrimes(request: Request) -> Response:
        """Tell which kind of incident stands out in which area: count, expected, ratio, trend and alarm."""
        read = Reader(request)
        week = read.read(parameters.WEEK_OR_LATEST, None)
        number = read.read(parameters.EDITION, None)
        theme, area = read.read(parameters.THEME, None), read.read(parameters.AREA_OF_CELLS, None)
        media_type = read.read(parameters.FORMAT, to.JSON)
        read.finish()
        level = caller(request).level
        with lasting(request) as connection:
            stored = _edition(connection, week, number, level)
        summary = json.loads(stored.summary)
        matrix = summary.get("hotcrimes")
        cells = [] if matrix is None else matrix["rows"]
        wanted = [cell for cell in cells if theme in {None, cell["theme"]} and area in {None, cell["area"]}]
        if media_type == parameters.CSV:
            edition = stored.edition
            names = _CELL if level is Disclosure.INTERNAL else _CELL_BELOW
            rows = [[str(edition.week), edition.number, *(cell[name] for name in names)] for cell in wanted]
            body = table(("week", "edition", *names), rows)
            name = f"hotcrimes-{edition.week}-edition-{edition.number}"
            return sheet(request, body, name=name, lifetime=settings.cache_lifetime)
        links = to.Links(request)
        named = {cell[name] for cell in wanted for name in ("theme", "subtheme")}
        told = {
            "week": summary["week"],
            **head(stored),
            "reason": _reason(matrix, level),
            **{name: (matrix or {}).get(name) for name in ("q", "tests", "expected_false")},
            "labels": {name: label for name, label in summary["labels"].items() if name in named},
            "numberReturned": len(wanted),
            "links": _links(links, stored),
            "items": wanted,
        }
        return answer(request, encoded(told), media_type=to.JSON, lifetime=settings.cache_lifetime)


_CELL = (
    "theme",
    "subtheme",
    "area",
    "area_name",
    "level",
    "observed",
    "expected",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "trend",
    "p_value",
    "q_value",
    "is_alarm",
    "too_little_data",
)
"""What is said of a cell."""

_CELL_BELOW = ("theme", "subtheme", "area", "area_name", "level", "observed", "trend")
"""What is said of it below the internal level."""


def _reason(matrix: _Json | None, level: Disclosure) -> _Json | None:
    """Say why there is no matrix, if there is none."""
    if level is not Disclosure.INTERNAL:
        return None if matrix and matrix["rows"] else dict(_NOT_TOLD)
    if matrix is None:
        return dict(_NO_MATRIX)
    return None if matrix["tests"] or matrix["rows"] else dict(_TOO_SHORT)


def _add_differences(routes: APIRouter, settings: ApiSettings) -> None:
    """Serve what an edition corrects."""
    taken = (parameters.WEEK_OR_LATEST, parameters.EDITION)

    @routes.get(
        "/rankings/{week}/differences",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="What a corrected edition tells otherwise",
        response_model=Differences,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def corrections(request: Request) -> Response:
        """Compare an edition, the newest if none is named, line by line with the one before."""
        read = Reader(request)
        week = read.read(parameters.WEEK_OR_LATEST, None)
        number = read.read(parameters.EDITION, None)
        read.finish()
        level = caller(request).level
        with lasting(request) as connection:
            stored = _edition(connection, week, number, level)
            found = _compared(connection, stored, level)
        edition = stored.edition
        before = edition.number - 1
        alike = _ALIKE if before else _FIRST
        told = {
            "week": str(edition.week),
            "edition": edition.number,
            "edition_before": before or None,
            "published_at": head(stored)["published_at"],
            "reason": None if found else dict(alike),
            "links": _links(to.Links(request), stored, table=False),
            "items": [_difference(one) for one in found],
        }
        return answer(request, encoded(told), media_type=to.JSON, lifetime=settings.cache_lifetime)


def _compared(connection: Connection, stored: StoredPublication, level: Disclosure) -> tuple[Difference, ...]:
    """Compare an edition with the one before; the first one with nothing."""
    week, number = stored.edition.week, stored.edition.number
    if number == 1:
        return ()
    earlier = publications.edition(connection, week, number - 1, level=level)
    return differences(
        _features(connection, week, number - 1, level),
        _features(connection, week, number, level),
        summary_before=json.loads(earlier.summary),
        summary_after=json.loads(stored.summary),
    )


def _features(connection: Connection, week: Week, number: int, level: Disclosure) -> list[_Json]:
    """Read all hotspots of an edition."""
    wanted = publications.Conditions(week, number)
    page = publications.hotspot_page(connection, wanted, limit=parameters.MAX_OFFSET, level=level)
    return [json.loads(fragment) for fragment in page.fragments]


def _difference(found: Difference) -> _Json:
    """Tell one difference."""
    return {
        "kind": str(found.kind),
        "theme": found.theme,
        "id": found.id,
        "rank_before": found.rank_before,
        "rank_after": found.rank_after,
        "fields": {
            name: {"before": before, "after": after} for name, (before, after) in found.fields.items()
        },
        "said": {"nl": found.said.nl, "en": found.said.en},
    }


def _add_backing(routes: APIRouter, settings: ApiSettings) -> None:
    """Serve the hit rates of all weeks."""
    taken = (parameters.THEME, _LIMIT, parameters.OFFSET, parameters.FORMAT)

    @routes.get(
        "/backing",
        summary="Hit rates of the lists, week by week",
        response_model=Backings,
        responses=_TABLE,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def backing(request: Request) -> Response:
        """
        Tell what each list caught of the week after it, beside two naive rivals of the same area.

        This is the success criterion that a municipality can hold the detection to. What is judged is the
        list that was handed out first, not a corrected one. Pages are of whole weeks, the newest first, each
        as the newest edition of the judging week tells it.
        """
        read = Reader(request)
        theme = read.read(parameters.THEME, None)
        page = parameters.Page(read.read(_LIMIT, _YEAR_WEEKS), read.read(parameters.OFFSET, 0))
        media_type = read.read(parameters.FORMAT, to.JSON)
        read.finish()
        with lasting(request) as connection:
            matched, weeks = _newest(connection, page, caller(request).level)
        rows = [row for stored in weeks for row in _backing(stored) if theme in {None, row["theme"]}]
        if media_type == parameters.CSV:
            body = table((*_BACKING, *_RIVALS), [_flat(row) for row in rows])
            return sheet(request, body, name="backing", lifetime=settings.cache_lifetime)
        links = to.Links(request)
        around = (
            *links.pages(to.JSON, limit=page.limit, offset=page.offset, matched=matched),
            links.again("alternate", parameters.CSV, "The same as a table", {"f": "csv"}),
        )
        told = {
            "weeksMatched": matched,
            "weeksReturned": len(weeks),
            "links": [link.model_dump() for link in around],
            "items": rows,
        }
        headers = {"Link": to.header(around)}
        lifetime = settings.cache_lifetime
        return answer(request, encoded(told), media_type=to.JSON, lifetime=lifetime, headers=headers)


def _newest(
    connection: Connection, page: parameters.Page, level: Disclosure
) -> tuple[int, list[StoredPublication]]:
    """Count the published weeks, and read the newest edition of each on a page."""
    # Latest week first, of a week the newest edition first.
    by_week = groupby(publications.editions(connection, level=level), key=lambda edition: edition.week)
    newest = [next(editions) for _, editions in by_week]
    wanted = newest[page.offset : page.offset + page.limit]
    read = publications.edition
    return len(newest), [read(connection, one.week, one.number, level=level) for one in wanted]


def _backing(stored: StoredPublication) -> list[_Json]:
    """Give the hit rates that an edition tells; early ones tell none."""
    of_week = {"week": str(stored.edition.week), "edition": stored.edition.number}
    return [of_week | row for row in json.loads(stored.summary).get("backing", ())]


_BACKING = (
    "week",
    "edition",
    "theme",
    "listed_week",
    "incidents",
    "hits",
    "hit_rate",
    "lower",
    "upper",
    "pai",
    "area_m2",
    "city_m2",
)
_RIVALS = tuple(
    f"naive_{weeks}_{name}" for weeks in (12, 52) for name in ("hits", "hit_rate", "lower", "upper", "pai")
)
"""What stands in the table."""


def _flat(row: _Json) -> list[object]:
    """Put the rivals beside the list."""
    rivals = {
        f"{rival}_{name}": value
        for rival in ("naive_12", "naive_52")
        for name, value in (row[rival] or {}).items()
    }
    return [*(row[name] for name in _BACKING), *(rivals.get(name) for name in _RIVALS)]


def _edition(
    connection: Connection, week: Week | None, number: int | None, level: Disclosure
) -> StoredPublication:
    """Read an edition; without a week, of the newest."""
    asked = latest(connection) if week is None else week
    return publications.edition(connection, asked, number, level=level)


def _links(links: to.Links, stored: StoredPublication, *, table: bool = True) -> Sequence[_Json]:
    """Link to the answer itself, to it as a table, and to the list that it belongs to."""
    ranking = links.ranking(stored.edition.week, stored.edition.number)
    around = [links.itself(to.JSON), ranking.model_copy(update={"rel": "related"})]
    if table:
        around.append(links.again("alternate", parameters.CSV, "The same as a table", {"f": "csv"}))
    return [link.model_dump() for link in around]
