"""The list of a week, in every format."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.access.callers import caller
from api.answers import CRS84, answer, encoded, sheet
from api.connection import lasting
from api.formats import media
from api.formats.negotiation import LANGUAGES, chosen, format_parameter, one_of
from api.products import PDF, XLSX, as_briefing, as_csv, as_workbook, properties
from api.queries import Parameter, Reader
from api.routes.weeks import head, latest
from api.schemas.rankings import SeenRanking
from hotspot.catalogue import Disclosure
from hotspot.errors import NotFound
from hotspot.model import Level
from hotspot.store import boundaries, publications

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.connection import Connection
    from api.schemas.common import Link
    from api.settings import ApiSettings
    from hotspot.weeks import Week


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the route.

    Parameters
    ----------
    settings
        Page sizes and lifetimes.

    Returns
    -------
    APIRouter
        The route.
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
        format_parameter(FORMATS),
        LANGUAGE,
    )

    @routes.get(
        "/rankings/{week}",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="The list of a week",
        response_model=SeenRanking,
        responses={200: {"content": {one.media_type: {"schema": _BINARY} for one in FORMATS[1:]}}},
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def ranking(request: Request) -> Response:
        """
        Tell the list of a week by theme and rank, and for each theme whether there was enough data.

        As a workbook or as a briefing (one A4, of the municipality or of `area`) it is what `hotspot list`
        and `hotspot briefing` make, without notes; the briefing is there at the internal level only.
        """
        asked = _asked(request, limit, settings.max_page_size)
        with lasting(request) as connection:
            found = _found(connection, asked)
        request.state.records = len(found.fragments)
        return _formed(request, asked, found, settings)

    return routes


FORMATS = (media.JSON, replace(media.GEOJSON_FILE, suffix=None), media.CSV, XLSX, PDF)
"""Formats of a list."""

_BINARY = {"type": "string", "format": "binary"}

LANGUAGE = Parameter(
    "lang",
    one_of("lang", LANGUAGES),
    {"type": "string", "enum": list(LANGUAGES), "default": "nl"},
    "Language of the workbook and of the briefing; the other formats tell both.",
    "nl",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a list is asked for."""

    wanted: publications.Conditions
    level: Disclosure
    areas: frozenset[str] | None
    rows: int
    form: str
    language: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store has of it; the areas only where a briefing draws them."""

    stored: publications.StoredPublication
    matched: int
    fragments: list[str]
    areas: list[str]


def _asked(request: Request, limit: Parameter[int], most: int) -> _Asked:
    """Read the request."""
    read = Reader(request)
    wanted = publications.Conditions(
        read.read(parameters.WEEK_OR_LATEST, None),
        read.read(parameters.EDITION, None),
        read.read(parameters.THEME, None),
        read.read(parameters.KIND, None),
        read.read(parameters.GRADE, None),
        read.read(parameters.AREA, None),
    )
    rows, form = read.read(limit, most), chosen(request, read, FORMATS).name
    language = read.read(LANGUAGE, "nl")
    who = caller(request)
    if form == "pdf":
        if who.level is not Disclosure.INTERNAL:
            read.refuse(
                format_parameter(FORMATS), "f must not be pdf: the briefing is for the internal level"
            )
        elif who.areas is not None and wanted.area not in who.areas:
            own = ", ".join(sorted(who.areas))
            read.refuse(
                parameters.AREA, f"area must be one of {own}: the briefing is for whoever works there"
            )
        if wanted.theme is not None:
            read.refuse(parameters.THEME, "theme must not come with f=pdf: a briefing is of the whole list")
        if wanted.kind is not None:
            read.refuse(parameters.KIND, "kind must not come with f=pdf: a briefing is of the whole list")
        if wanted.grade is not None:
            read.refuse(parameters.GRADE, "grade must not come with f=pdf: a briefing is of the whole list")
    read.finish()
    return _Asked(replace(wanted, areas=who.areas), who.level, who.areas, rows, form, language)


def _found(connection: Connection, asked: _Asked) -> _Found:
    """Ask the store."""
    week = latest(connection) if asked.wanted.week is None else asked.wanted.week
    is_briefing = asked.form == "pdf"
    # Whoever works in some areas sees their hotspots in full, and of the rest what everybody sees.
    seen_at = asked.level if asked.areas is None or is_briefing else Disclosure.OPEN
    stored = publications.edition(connection, week, asked.wanted.edition, level=seen_at)
    wanted = replace(asked.wanted, week=week, edition=stored.edition.number)
    areas: list[str] = []
    if is_briefing:
        # The page names other hotspots of a tie and draws all of the city: it is cut to its area itself.
        wanted = publications.Conditions(week, stored.edition.number)
        areas = [
            fragment
            for level in (Level.NEIGHBOURHOOD, Level.DISTRICT)
            for fragment in boundaries.area_page(connection, level, limit=parameters.MAX_OFFSET).fragments
        ]
        _require_area(asked.wanted.area, areas)
    rows = parameters.MAX_OFFSET if is_briefing else asked.rows
    page = publications.hotspot_page(connection, wanted, limit=rows, level=asked.level)
    return _Found(stored, page.matched, page.fragments, areas)


def _require_area(code: str | None, areas: Iterable[str]) -> None:
    """Refuse a briefing of an area that does not exist."""
    if code is not None and code not in {json.loads(area)["properties"]["code"] for area in areas}:
        raise NotFound(f"there is no neighbourhood or district {code!r}")


def _formed(request: Request, asked: _Asked, found: _Found, settings: ApiSettings) -> Response:
    """Write a list as it was asked for."""
    edition, lifetime = found.stored.edition, settings.cache_lifetime
    media_type = next(one.content_type for one in FORMATS if one.name == asked.form)
    code = asked.wanted.area
    # A code that is more than letters and digits has no place in the name of a file.
    area = f"-{code}" if code is not None and code.isascii() and code.isalnum() else ""
    name = f"hotspots-{edition.week}{area}-edition-{edition.number}"
    exact = asked.level is Disclosure.INTERNAL
    if asked.form == "csv":
        return sheet(request, as_csv(found.fragments, exact=exact), name=name, lifetime=lifetime)
    if asked.form in {"xlsx", "pdf"}:
        whole = exact and asked.areas is None
        made = (
            as_workbook(found.stored, found.fragments, whole=whole, language=asked.language)
            if asked.form == "xlsx"
            else as_briefing(
                found.stored, found.fragments, found.areas, code=asked.wanted.area, language=asked.language
            )
        )
        return answer(
            request,
            made,
            media_type=media_type,
            lifetime=lifetime,
            headers={"Content-Disposition": f'attachment; filename="{name}.{asked.form}"'},
        )
    links = to.Links(request)
    if asked.form == "geojson":
        headers = {"Content-Crs": f"<{CRS84}>"}
        body = _as_geojson(found, links)
        return answer(request, body, media_type=to.GEOJSON, lifetime=lifetime, headers=headers)
    body = _as_json(found.stored, found.matched, found.fragments, links, exact=exact)
    return answer(request, body, media_type=to.JSON, lifetime=lifetime)


def _as_geojson(found: _Found, links: to.Links) -> bytes:
    """Put the published texts together as they are."""
    head_of = {
        "type": "FeatureCollection",
        **head(found.stored),
        "week": str(found.stored.edition.week),
        "numberMatched": found.matched,
        "numberReturned": len(found.fragments),
        "links": [link.model_dump() for link in _around(found.stored, links)],
    }
    text = encoded(head_of).decode()[:-1] + ',"features":[' + ",".join(found.fragments) + "]}"
    return text.encode()


def _around(stored: publications.StoredPublication, links: to.Links) -> tuple[Link, ...]:
    """Link to the list itself, to its other formats, and to what there is beside it."""
    edition = stored.edition
    return (
        links.itself(to.JSON),
        *(
            links.again("alternate", one.media_type, one.title.en, {"f": one.name})
            for one in FORMATS
            if one is not PDF
        ),
        links.ranking(edition.week, edition.number).model_copy(update={"rel": "canonical"}),
        *links.beside(edition.week, edition.number),
    )


def _as_json(
    stored: publications.StoredPublication,
    matched: int,
    fragments: list[str],
    links: to.Links,
    *,
    exact: bool,
) -> bytes:
    """Tell the list with what there is to know of it; the large matrix has an address of its own."""
    edition = stored.edition
    summary = json.loads(stored.summary)
    summary.pop("hotcrimes", None)
    whole = {
        **head(stored),
        **summary,
        "numberMatched": matched,
        "numberReturned": len(fragments),
        "links": [link.model_dump() for link in _around(stored, links)],
        "items": [_row(fragment, edition.week, links, exact=exact) for fragment in fragments],
    }
    return encoded(whole)


def _row(fragment: str, week: Week, links: to.Links, *, exact: bool) -> dict[str, Any]:  # Any: JSON.
    """Tell what a hotspot's feature tells, without its shape but with the way to it."""
    row = properties(fragment, exact=exact)
    return {**row, "links": [links.hotspot(row["id"], week).model_dump()]}
