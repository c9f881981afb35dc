"""Neighbourhoods, districts and hotspots as GeoJSON features (OGC API - Features)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api import parameters
from api.answers import CRS84, answer, encoded
from api.connection import transaction
from api.parameters import Page
from api.queries import Reader, no_parameters
from api.schemas.features import Collection, Collections, FeatureCollection, LinkedFeature
from hotspot.model import Level
from hotspot.store import boundaries, publications

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from api.connection import Connection
    from api.queries import Parameter
    from api.schemas.common import Link
    from api.settings import ApiSettings


class GeoJson(Response):
    """An answer whose media type is GeoJSON's."""

    media_type = to.GEOJSON


@dataclass(frozen=True, slots=True)
class _Kind:
    """One collection: its names, and its areas' level unless it is of hotspots."""

    id: str
    title: str
    description: str
    level: Level | None = None


AREAS = (
    _Kind("neighbourhoods", "Neighbourhoods", "Neighbourhoods of the newest vintage.", Level.NEIGHBOURHOOD),
    _Kind("districts", "Districts", "Districts of the newest vintage.", Level.DISTRICT),
)
HOTSPOTS = _Kind("hotspots", "Hotspots", "Hotspots of all published weeks, each week in its newest edition.")


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
    routes = APIRouter(tags=["features"])
    limit = parameters.limit(default=settings.page_size, most=settings.max_page_size)

    @routes.get("/collections", summary="All collections", response_model=Collections)
    def collections(request: Request) -> Response:
        """List what can be asked for as features."""
        no_parameters(request)
        links = to.Links(request)
        kinds = tuple(_collection(kind, links) for kind in (*AREAS, HOTSPOTS))
        body = Collections(links=(links.itself(to.JSON),), collections=kinds)
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=settings.cache_lifetime)

    for kind in (*AREAS, HOTSPOTS):
        _add_collection(routes, kind, settings)
        _add_items(routes, kind, settings, limit)
        _add_item(routes, kind, settings)
    return routes


def _add_collection(routes: APIRouter, kind: _Kind, settings: ApiSettings) -> None:
    """Describe one collection."""

    @routes.get(
        f"/collections/{kind.id}",
        summary=f"The collection {kind.id}",
        description=kind.description,
        operation_id=f"collection_{kind.id}",
        response_model=Collection,
    )
    def collection(request: Request) -> Response:
        no_parameters(request)
        links = to.Links(request)
        body = _collection(kind, links, links.itself(to.JSON))
        return answer(request, body.encoded(), media_type=to.JSON, lifetime=settings.cache_lifetime)


def _add_items(routes: APIRouter, kind: _Kind, settings: ApiSettings, limit: Parameter[int]) -> None:
    """Serve one collection page by page."""
    # What they may be asked by is the difference between areas and hotspots.
    conditions: tuple[Parameter[Any], ...] = ()  # Any: each reads a type of its own.
    find: Callable[[Connection, _Query], _Found] = _find_areas(kind.level) if kind.level else _find_hotspots
    if kind.level is None:
        conditions = (
            parameters.WEEK,
            parameters.EDITION,
            parameters.THEME,
            parameters.KIND,
            parameters.GRADE,
            parameters.AREA,
        )
    taken = (*conditions, parameters.BBOX, limit, parameters.OFFSET)

    @routes.get(
        f"/collections/{kind.id}/items",
        summary=f"Features of {kind.id}",
        description=kind.description + _ITEMS[kind.level is None],
        operation_id=f"items_{kind.id}",
        response_model=FeatureCollection,
        response_class=GeoJson,
        openapi_extra={"parameters": [parameter.document() for parameter in taken]},
    )
    def items(request: Request) -> Response:
        query = _query(request, limit, settings.page_size, conditional=kind.level is None)
        with transaction(request) as connection:
            found = find(connection, query)
        links = to.Links(request).pages(
            to.GEOJSON, limit=query.page.limit, offset=query.page.offset, matched=found.matched
        )
        return _send(request, _collected(found, links), links, settings)


def _add_item(routes: APIRouter, kind: _Kind, settings: ApiSettings) -> None:
    """Serve one feature of a collection."""

    @routes.get(
        f"/collections/{kind.id}/items/{{featureId}}",
        summary=f"One of {kind.id}",
        description="One feature." + _ITEM[kind.level is None],
        operation_id=f"item_{kind.id}",
        response_model=LinkedFeature,
        response_class=GeoJson,
        openapi_extra={"parameters": [parameters.FEATURE_ID.document()]},
    )
    def item(request: Request) -> Response:
        read = Reader(request)
        feature_id = read.read(parameters.FEATURE_ID, "")
        read.finish()
        with transaction(request) as connection:
            if kind.level is None:
                text = publications.hotspot_feature(connection, feature_id)
            else:
                text = boundaries.area_feature(connection, kind.level, feature_id)
        links = to.Links(request)
        around = (
            links.itself(to.GEOJSON),
            links.to(f"/collections/{kind.id}", "collection", to.JSON, kind.title),
        )
        told = encoded([link.model_dump() for link in around]).decode()
        return _send(request, f'{text[:-1]},"links":{told}}}', around, settings)


_ITEMS = {
    False: " In the order of their codes.",
    True: " The newest week first, then by theme and rank. `timeStamp` is when the newest was published.",
}

_ITEM = {
    False: "",
    True: " A hotspot is told as the newest edition of the week in its name tells it; under its bare id, "
    "which it keeps from week to week, as the newest week that lists it does.",
}


@dataclass(frozen=True, slots=True)
class _Query:
    """What a page of features is asked by."""

    wanted: publications.Conditions
    page: Page


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store has on such a page."""

    matched: int
    fragments: Sequence[str]
    published_at: dt.datetime | None = None


def _query(request: Request, limit: Parameter[int], page_size: int, *, conditional: bool) -> _Query:
    """Read what a page of features is asked by."""
    read = Reader(request)
    box = read.read(parameters.BBOX, None)
    wanted = publications.Conditions(
        week=read.read(parameters.WEEK, None) if conditional else None,
        edition=read.read(parameters.EDITION, None) if conditional else None,
        theme=read.read(parameters.THEME, None) if conditional else None,
        kind=read.read(parameters.KIND, None) if conditional else None,
        grade=read.read(parameters.GRADE, None) if conditional else None,
        area=read.read(parameters.AREA, None) if conditional else None,
        bbox_deg=None if box is None else box.sides_deg,
    )
    page = Page(read.read(limit, page_size), read.read(parameters.OFFSET, 0))
    if wanted.edition is not None and wanted.week is None:
        read.refuse(parameters.EDITION, "edition must come with the week that it is of")
    read.finish()
    return _Query(wanted, page)


def _find_areas(level: Level) -> Callable[[Connection, _Query], _Found]:
    """Ask the store for areas of one level."""

    def find(connection: Connection, query: _Query) -> _Found:
        page = boundaries.area_page(
            connection,
            level,
            bbox_deg=query.wanted.bbox_deg,
            limit=query.page.limit,
            offset=query.page.offset,
        )
        return _Found(page.matched, page.fragments)

    return find


def _find_hotspots(connection: Connection, query: _Query) -> _Found:
    """Ask the store for hotspots."""
    wanted = query.wanted
    page = publications.hotspot_page(connection, wanted, limit=query.page.limit, offset=query.page.offset)
    published = (
        edition.published_at
        for edition in publications.editions(connection)
        if wanted.week in {None, edition.week} and wanted.edition in {None, edition.number}
    )
    return _Found(page.matched, page.fragments, max(published, default=None))


def _collection(kind: _Kind, links: to.Links, *more: Link) -> Collection:
    """Describe a collection."""
    return Collection(
        id=kind.id,
        title=kind.title,
        description=kind.description,
        crs=(CRS84,),
        links=(*more, links.to(f"/collections/{kind.id}/items", "items", to.GEOJSON, kind.title)),
    )


def _collected(found: _Found, links: tuple[Link, ...]) -> str:
    """Put published texts into a collection as they are; none is parsed."""
    head: dict[str, object] = {
        "type": "FeatureCollection",
        "numberMatched": found.matched,
        "numberReturned": len(found.fragments),
    }
    if found.published_at is not None:
        head["timeStamp"] = found.published_at.isoformat().replace("+00:00", "Z")
    head["links"] = [link.model_dump() for link in links]
    return encoded(head).decode()[:-1] + ',"features":[' + ",".join(found.fragments) + "]}"


def _send(request: Request, text: str, links: tuple[Link, ...], settings: ApiSettings) -> Response:
    """Answer with features."""
    headers = {"Content-Crs": f"<{CRS84}>", "Link": to.header(links)}
    return answer(
        request, text.encode(), media_type=to.GEOJSON, lifetime=settings.cache_lifetime, headers=headers
    )
