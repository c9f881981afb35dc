"""What there is of one neighbourhood or district in a week, on one page."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response  # noqa: TC002 - as above

from api import links as to
from api import parameters
from api.access.callers import caller
from api.answers import answer, encoded
from api.connection import lasting
from api.queries import Parameter, Reader
from api.routes.weeks import head, latest
from api.schemas.places import AreaSummary
from hotspot.catalogue import Disclosure
from hotspot.editions import told
from hotspot.model import Level
from hotspot.store import boundaries, listings, publications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.store.publications import StoredPublication
    from hotspot.weeks import Week

_Json = dict[str, Any]  # Any: JSON.

_YEAR_WEEKS = 52

AREA_CODE = Parameter(
    "code",
    parameters.short_name("code"),
    {"type": "string", "minLength": 1, "maxLength": 64},
    "Code of the area.",
    "BU09350000",
    in_path=True,
)

WEEK = Parameter(
    "week",
    parameters.WEEK_OR_LATEST.parse,
    parameters.WEEK_OR_LATEST.schema,
    "The week; without it, the newest that was published.",
    "2010-W30",
)

_PLURALS = {Level.NEIGHBOURHOOD: "neighbourhoods", Level.DISTRICT: "districts"}

_LISTED = ("id", "theme", "kind", "grade", "rank", "observed", "expected", "lifecycle", "event", "why")
"""What is told of a hotspot; its own address tells the rest."""


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
        One route for neighbourhoods and one for districts.
    """
    routes = APIRouter(tags=["areas"])
    for level in _PLURALS:
        _add_summary(routes, level, settings)
    return routes


def _add_summary(routes: APIRouter, level: Level, settings: ApiSettings) -> None:
    """Serve the summaries of one kind of area."""
    taken = (AREA_CODE, WEEK, parameters.EDITION)

    @routes.get(
        f"/{_PLURALS[level]}/{{code}}/summary",
        summary=f"A {level} in a week",
        operation_id=f"summary_{_PLURALS[level]}",
        response_model=AreaSummary,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def summary(request: Request) -> Response:
        """Tell what is listed there, what rises, which kinds of incident stand out, and how the year went."""
        read = Reader(request)
        code, week = read.read(AREA_CODE, ""), read.read(WEEK, None)
        number = read.read(parameters.EDITION, None)
        read.finish()
        who = caller(request)
        # Whoever works in other areas sees of this one what everybody sees.
        seen_at = who.level if who.areas is None or code in who.areas else Disclosure.OPEN
        with lasting(request) as connection:
            area = json.loads(boundaries.area_feature(connection, level, code))["properties"]
            asked = latest(connection) if week is None else week
            stored = publications.edition(connection, asked, number, level=seen_at)
            wanted = publications.Conditions(asked, stored.edition.number, area=code)
            page = publications.hotspot_page(connection, wanted, limit=parameters.MAX_OFFSET, level=seen_at)
            weeks = _weeks(connection, code, asked, seen_at)
        listed = [told(json.loads(fragment)) for fragment in page.fragments]
        request.state.records = len(listed)
        links = to.Links(request)
        body = encoded(_summary(area, stored, listed, weeks, links))
        return answer(request, body, media_type=to.JSON, lifetime=settings.cache_lifetime)


def _weeks(connection: Connection, code: str, newest: Week, level: Disclosure) -> list[_Json]:
    """Count the hotspots of the year's weeks in an area."""
    counted = listings.counts_by_week(connection, code, level=level)
    weeks = [week for week in counted if week <= newest][:_YEAR_WEEKS]
    return [{"week": str(week), "hotspots": counted[week]} for week in weeks]


def _summary(
    area: _Json, stored: StoredPublication, listed: Sequence[_Json], weeks: list[_Json], links: to.Links
) -> _Json:
    """Put together what the list says of an area."""
    summary = json.loads(stored.summary)
    code, edition = area["code"], stored.edition
    matrix, alarms = summary.get("hotcrimes") or {}, summary.get("alarms") or {}
    cells = [cell for cell in matrix.get("rows", ()) if cell["area"] == code]
    rises = [row for row in alarms.get("rows", ()) if row["area"] == code]
    hotspots = Counter(row["theme"] for row in listed)
    named = {entry["theme"] for entry in summary["themes"]} | {cell["subtheme"] for cell in cells}
    around = (
        links.itself(to.JSON),
        links.to(
            f"/collections/{_PLURALS[Level(area['level'])]}/items/{code}", "item", to.GEOJSON, area["name"]
        ),
        links.ranking(edition.week, edition.number).model_copy(update={"rel": "collection"}),
    )
    return {
        **{name: area[name] for name in ("code", "name", "level", "parent_code", "inhabitants", "area_ha")},
        "week": str(edition.week),
        "edition": edition.number,
        "published_at": head(stored)["published_at"],
        "as_of": summary.get("as_of"),
        "labels": {name: label for name, label in summary["labels"].items() if name in named},
        "themes": [
            {"theme": entry["theme"], "state": entry["state"], "hotspots": hotspots[entry["theme"]]}
            for entry in summary["themes"]
        ],
        "hotspots": _listed(listed, edition.week, links),
        "hotcrimes": cells,
        "alarms": rises,
        "weeks": weeks,
        "links": [link.model_dump() for link in around],
    }


def _listed(listed: Sequence[_Json], week: Week, links: to.Links) -> list[_Json]:
    """Tell the hotspots of an area with their rank in it."""
    rows, seen = [], Counter[str]()
    for row in listed:
        seen[row["theme"]] += 1
        rows.append(
            {
                **{name: row[name] for name in _LISTED if name in row},
                "area_rank": seen[row["theme"]],
                "links": [links.hotspot(row["id"], week).model_dump()],
            }
        )
    return rows
