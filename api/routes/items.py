"""Features of each collection, page by page, one by one, and as files (OGC API - Features)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import cursor, files, moments, serving, wanted, wanted_one
from api import links as to
from api.answers import encoded, matches
from api.connection import brief, depends_on, glance, lines
from api.formats import geojson, jsonfg, media
from api.plain import Plain, shortened
from api.queries import told
from api.schemas.features import FeatureCollection, LinkedFeature
from hotspot.catalogue import COLLECTIONS, Disclosure, PropertyType, Reference
from hotspot.cql2.tree import Comparison, Literal, Order, PropertyName
from hotspot.errors import NotFound, OutOfTime
from hotspot.selection import Selection, SortKey, Window
from hotspot.store import served
from hotspot.store.served_times import read_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.access.callers import Caller
    from api.connection import Connection
    from api.formats.media import Format
    from api.formats.told import Told
    from api.settings import ApiSettings
    from api.wanted import Wanted
    from api.wanted_one import WantedOne
    from hotspot.catalogue import Collection
    from hotspot.store.lines import Lines
    from hotspot.store.served import Page, Version
    from hotspot.store.served_times import Interval


class GeoJson(Response):
    """An answer whose media type is GeoJSON's."""

    media_type = to.GEOJSON


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
        Two routes for each collection.
    """
    routes = APIRouter(tags=["features"], route_class=Plain)
    for collection in COLLECTIONS:
        _add_items(routes, collection, settings)
        _add_item(routes, collection, settings)
    return routes


def _add_items(routes: APIRouter, collection: Collection, settings: ApiSettings) -> None:
    """Serve many features of one collection."""
    described = wanted.taken(collection, Disclosure.INTERNAL, settings.page_size, settings.max_page_size)

    async def short(request: Request) -> Response | None:
        if len(request.scope["query_string"]) > _SHORT_BYTES or "if-none-match" in request.headers:
            return None
        asked = wanted.read(request, collection, serving.seen(request, collection), settings)
        is_plain = asked.format is media.GEOJSON and asked.version is None
        if not is_plain or not serving.are_served_everywhere(asked.references):
            return None
        held = lines(request)
        if held is None:
            # What is made before anybody asks would fill the pages that are kept for those who do.
            if request.scope["state"].get("warming", False):
                return None
            return _brief_page(request, asked, settings)
        return await _page_at_once(request, held, asked, settings)

    @routes.get(
        f"/collections/{collection.id}/items",
        summary=f"Features of {collection.id}",
        description=f"{collection.description.en} {_ORDER}",
        operation_id=f"items_{collection.id}",
        response_model=FeatureCollection,
        response_class=GeoJson,
        openapi_extra={"parameters": [parameter.document() for parameter in described]},
    )
    @shortened(short)
    def items(request: Request) -> Response:
        asked = wanted.read(request, collection, serving.seen(request, collection), settings)
        with glance(request) as connection:
            state = serving.version(request, connection, asked.version)
            serving.check_references(request, connection, asked.references)
            sent = _headers(request, state, asked.caller, asked.format, asked.crs, settings)
            if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
                return Response(status_code=304, headers=sent)
            if asked.format.suffix is None:
                return _page(request, connection, asked, state, sent)
        return files.response(request, asked, state, sent)


_ORDER = (
    "In the order of publication unless `sortby` says otherwise. `next` leads to the next page; whoever "
    "follows it gets every feature once, whatever is published meanwhile."
)


def _add_item(routes: APIRouter, collection: Collection, settings: ApiSettings) -> None:
    """Serve one feature of a collection."""
    described = wanted_one.taken(collection, Disclosure.INTERNAL)

    @routes.get(
        f"/collections/{collection.id}/items/{{featureId}}",
        summary=f"One of {collection.id}",
        description="One feature, with links.",
        operation_id=f"item_{collection.id}",
        response_model=LinkedFeature,
        response_class=GeoJson,
        openapi_extra={"parameters": [parameter.document() for parameter in described]},
    )
    def item(request: Request) -> Response:
        asked = wanted_one.read(request, collection, serving.seen(request, collection))
        with glance(request) as connection:
            state = serving.version(request, connection, asked.version)
            serving.check_references(request, connection, {"crs": asked.crs})
            sent = _headers(request, state, asked.caller, asked.format, asked.crs, settings)
            if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
                return Response(status_code=304, headers=sent)
            return _single(request, connection, asked, state, sent)


def _headers(
    request: Request, state: Version, asking: Caller, form: Format, crs: Reference, settings: ApiSettings
) -> dict[str, str]:
    """Write the headers of an answer with features."""
    told = serving.headers(request, state, asking, form, settings.cache_lifetime)
    return told | {"Content-Crs": f"<{crs}>", "Content-Type": form.content_type}


def _systems(form: Format, crs: Reference) -> tuple[Reference, ...]:
    """List the systems in which shapes are told: JSON-FG has them in CRS84 beside another."""
    if form is media.JSON_FG and crs is not Reference.CRS84:
        return Reference.CRS84, crs
    return (crs,)


_SHORT_BYTES = 1024
"""Longer queries are not read beside others, but in a thread."""

_TRIES = 2
"""So often the newest version is asked for; who finds another each time asks in the ordinary way."""


async def _page_at_once(
    request: Request, held: Lines, asked: Wanted, settings: ApiSettings
) -> Response | None:
    """Answer with a page of features that takes one short question, if it is one of those."""
    newest = serving.newest(request)
    if newest is None:
        return None
    number = newest.number
    for _ in range(_TRIES):
        found = await served.read_page_at_once(held, asked.at(number), asked.window(), asked.crs)
        if found is None:
            return None
        state, page = found
        if state.number == number:
            depends_on(request, number)
            sent = _headers(request, state, asked.caller, asked.format, asked.crs, settings)
            return _answer(request, asked, state, sent, page)
        number = state.number
    return None


def _brief_page(request: Request, asked: Wanted, settings: ApiSettings) -> Response | None:
    """Answer with a page of features from the embedded store, unless that takes long."""
    try:
        with brief(request) as connection:
            state = serving.version(request, connection)
            sent = _headers(request, state, asked.caller, asked.format, asked.crs, settings)
            return _page(request, connection, asked, state, sent)
    except OutOfTime:
        return None


def _page(
    request: Request, connection: Connection, asked: Wanted, state: Version, sent: dict[str, str]
) -> Response:
    """Answer with a page of features."""
    selection, window = asked.at(state.number), asked.window()
    pages = [
        served.read_page(connection, selection, window, one) for one in _systems(asked.format, asked.crs)
    ]
    if asked.format is not media.JSON_FG:
        return _answer(request, asked, state, sent, pages[0])
    schema = to.Links(request).href(f"/collections/{asked.collection.id}/schema")
    head = jsonfg.head(asked.collection, asked.crs, schema)
    times = read_times(connection, selection, window)
    features = _as_json_fg([one.features for one in pages], asked.told, times)
    return _answer(request, asked, state, sent, replace(pages[0], features=features), head)


def _answer(
    request: Request,
    asked: Wanted,
    state: Version,
    sent: dict[str, str],
    page: Page,
    head: Mapping[str, object] | None = None,
) -> Response:
    """Write a page of features; JSON-FG has a head of its own, and features that are written already."""
    window = asked.window()
    token = None
    if page.last is not None:
        token = cursor.written(cursor.Cursor(state.number, page.last), asked.checksum)
    links = to.Links(request).features(asked.collection.id, asked.format, window, page.matched, token)
    told: dict[str, object] = {} if head is None else dict(head)
    told |= {"numberMatched": page.matched, "numberReturned": len(page.features)}
    if state.made_at is not None:
        told["timeStamp"] = moments.written(state.made_at)
    features = page.features
    if head is None and not asked.told.is_all:
        features = [geojson.told_only(one, asked.told) for one in features]
    request.state.records = len(features)
    return Response(geojson.page(told, links, features), headers={**sent, "Link": to.header(links)})


def _as_json_fg(features: list[list[str]], telling: Told, times: Mapping[str, Interval]) -> list[str]:
    """Write features as JSON-FG, whose shapes are told in one system or in two."""
    elsewhere: Sequence[str | None] = features[1] if len(features) > 1 else [None] * len(features[0])
    return [
        jsonfg.feature(here, there, telling, times)
        for here, there in zip(features[0], elsewhere, strict=True)
    ]


def _named(everything: Selection, name: str) -> Iterator[Selection]:
    """Look for a feature by its name; for a hotspot by its own as well, as the newest week tells it."""
    yield replace(everything, name=name)
    if everything.collection.rows == "hotspots":
        own = PropertyName("hotspot_id", PropertyType.TEXT)
        same = Comparison(Order.EQUAL, own, Literal(name, PropertyType.TEXT))
        yield replace(everything, where=same, sort=(SortKey("week", descending=True),))


def _single(
    request: Request, connection: Connection, asked: WantedOne, state: Version, sent: dict[str, str]
) -> Response:
    """Answer with one feature."""
    collection = asked.collection
    areas = serving.areas(collection, asked.caller)
    everything = Selection(collection, asked.caller.level, state.number, areas=areas)
    for selection in _named(everything, asked.name):
        pages = [
            served.read_page(connection, selection, Window(1), one).features
            for one in _systems(asked.format, asked.crs)
        ]
        if pages[0]:
            break
    else:
        raise NotFound(f"{collection.id} holds no {told(asked.name)}")
    text = pages[0][0]
    if asked.format is media.JSON_FG:
        times = read_times(connection, selection, Window(1))
        schema = to.Links(request).href(f"/collections/{collection.id}/schema")
        head = encoded(jsonfg.head(collection, asked.crs, schema)).decode()
        text = f"{head[:-1]},{_as_json_fg(pages, asked.told, times)[0][1:]}"
    elif not asked.told.is_all:
        text = geojson.told_only(text, asked.told)
    links = to.Links(request).feature(collection.id, asked.format)
    request.state.records = 1
    return Response(geojson.single(text, links), headers={**sent, "Link": to.header(links)})
