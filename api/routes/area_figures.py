"""What the neighbourhoods had of a theme in a week, for a map that is coloured by them."""

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
from api.queries import Reader
from api.routes.weeks import first_theme, head, seen
from api.schemas.area_figures import AreaFigures
from hotspot.catalogue import Disclosure
from hotspot.model import Level
from hotspot.store import area_figures, boundaries, overviews, publications

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.access.callers import Caller
    from api.connection import Connection
    from api.settings import ApiSettings
    from hotspot.geojson import Json
    from hotspot.store.area_figures import Figures
    from hotspot.store.boundaries import AreaLine

LEAST_INHABITANTS = 100
"""Where fewer live, a rate per inhabitant says nothing: there people are who live elsewhere."""

_BEFORE = (1, 4)
"""Weeks before the week with which it is compared."""

_PER = 1000


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
        "/rankings/{week}/areas",  # noqa: FAST003 - read, with all its mistakes, by `Reader`
        summary="What the neighbourhoods had of a theme",
        response_model=AreaFigures,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def figures_of_areas(request: Request) -> Response:
        """
        Tell by neighbourhood the events of the week, what was expected, and what is different from before.

        Without `theme` it is the first theme of the list. Below the internal level it tells where something
        rose and where hotspots are, and no counts.
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
            told = _told(connection, wanted, caller(request))
        told["links"] = [to.Links(request).itself(to.JSON).model_dump()]
        request.state.records = told["numberReturned"]
        return answer(request, encoded(told), media_type=to.JSON, lifetime=settings.cache_lifetime)

    return routes


def _told(connection: Connection, wanted: publications.Conditions, who: Caller) -> dict[str, Json]:
    """Put the answer together."""
    stored = seen(connection, who, wanted.week, wanted.edition)
    summary: dict[str, Any] = json.loads(stored.summary)
    theme = first_theme(summary) if wanted.theme is None else wanted.theme
    edition = stored.edition
    rows = overviews.rows(
        connection,
        publications.Conditions(edition.week, edition.number, theme, areas=who.areas),
        level=who.level,
    )
    areas = boundaries.area_lines(connection, Level.NEIGHBOURHOOD)
    table: dict[str, Json] = {
        "code": [one.code for one in areas],
        "name": [one.name for one in areas],
        "alarm": _alarms(summary, theme, areas),
        "hotspots": _counted(rows, areas),
    }
    earlier: list[dict[str, Figures]] = [{} for _ in _BEFORE]
    if who.level is Disclosure.INTERNAL:
        now = area_figures.figures(connection, edition.week, theme, edition=edition.number)
        earlier = [area_figures.figures(connection, edition.week.plus(-weeks), theme) for weeks in _BEFORE]
        table |= _columns(areas, _allowed(now, areas, who), earlier)
    return {
        "week": str(edition.week),
        **head(stored),
        "theme": theme,
        "level": str(who.level),
        "before": {
            f"week_{weeks}": str(edition.week.plus(-weeks)) if found else None
            for weeks, found in zip(_BEFORE, earlier, strict=True)
        },
        "areas": table,
        "numberReturned": len(areas),
    }


def _alarms(summary: Mapping[str, Any], theme: str, areas: Sequence[AreaLine]) -> list[Json]:
    """Tell where the level is told of an alarm."""
    rows = (summary.get("alarms") or {}).get("rows", ())
    risen = {row["area"] for row in rows if row["theme"] == theme and row["is_alarm"]}
    return [one.code in risen for one in areas]


def _counted(rows: Sequence[Mapping[str, Any]], areas: Sequence[AreaLine]) -> list[Json]:
    """Count the hotspots that touch each area."""
    touching = Counter(code for row in rows for code in row["touches"])
    return [touching[one.code] for one in areas]


def _allowed(found: Mapping[str, Figures], areas: Sequence[AreaLine], who: Caller) -> dict[str, Figures]:
    """Keep the figures of the areas in which somebody works."""
    if who.areas is None:
        return dict(found)
    own = {one.code for one in areas if not who.areas.isdisjoint({one.code, one.parent_code})}
    return {code: one for code, one in found.items() if code in own}


def _columns(
    areas: Sequence[AreaLine], now: Mapping[str, Figures], earlier: Sequence[Mapping[str, Figures]]
) -> dict[str, Json]:
    """Write the figures as columns."""
    listed = [now.get(one.code) for one in areas]
    names = ("observed", "expected", "ratio", "ratio_lower", "ratio_upper")
    table: dict[str, Json] = {
        name: [None if one is None else getattr(one, name) for one in listed] for name in names
    }
    table["inhabitants"] = [one.inhabitants for one in areas]
    table["rate"] = [_rate(one, found) for one, found in zip(areas, listed, strict=True)]
    for weeks, before in zip(_BEFORE, earlier, strict=True):
        table[f"change_{weeks}"] = [
            None if found is None or one.code not in before else found.observed - before[one.code].observed
            for one, found in zip(areas, listed, strict=True)
        ]
    return table


def _rate(area: AreaLine, found: Figures | None) -> float | None:
    """Divide the events by the inhabitants."""
    if found is None or area.inhabitants is None or area.inhabitants < LEAST_INHABITANTS:
        return None
    return round(_PER * found.observed / area.inhabitants, 2)
