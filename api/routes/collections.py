"""The collections that there are for a caller, each with where and when its features are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import links as to
from api import moments, serving
from api.access.callers import caller
from api.answers import matches
from api.connection import transaction
from api.formats import media, negotiation
from api.plain import Plain
from api.queries import Reader
from api.schemas.features import Collection as Told
from api.schemas.features import Collections, Extent, Spatial, Temporal
from hotspot.catalogue import COLLECTIONS, Reference

if TYPE_CHECKING:
    from api.formats.negotiation import Language
    from api.schemas.common import Link
    from api.settings import ApiSettings
    from hotspot.catalogue import Collection
    from hotspot.store import served

TAKEN = (negotiation.format_parameter(media.RESOURCE), negotiation.LANGUAGE)
"""Parameters of what is about the service."""


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
        The list, and a route for each collection.
    """
    routes = APIRouter(tags=["features"], route_class=Plain)

    @routes.get(
        "/collections",
        summary="All collections",
        response_model=Collections,
        openapi_extra={"parameters": [one.document() for one in TAKEN]},
    )
    def collections(request: Request) -> Response:
        """List what can be asked for as features."""
        language = language_of(request)
        asking = caller(request)
        links = to.Links(request)
        with transaction(request) as connection:
            state = serving.version(request, connection)
            sent = serving.headers(request, state, asking, media.JSON, settings.cache_lifetime)
            if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
                return Response(status_code=304, headers=sent)
            known = serving.references(request, connection)
            seen = [one for one in COLLECTIONS if asking.may_see(one)]
            told = tuple(
                _told(one, serving.extent(connection, one, asking, state.number), known, links, language)
                for one in seen
            )
        around = links.formats(media.RESOURCE, media.JSON)
        body = Collections(links=around, crs=tuple(map(str, known)), collections=told)
        return _send(body.encoded(), sent, around, language)

    for collection in COLLECTIONS:
        _add_collection(routes, collection, settings)
    return routes


def _add_collection(routes: APIRouter, collection: Collection, settings: ApiSettings) -> None:
    """Describe one collection."""

    @routes.get(
        f"/collections/{collection.id}",
        summary=f"The collection {collection.id}",
        description=collection.description.en,
        operation_id=f"collection_{collection.id}",
        response_model=Told,
        openapi_extra={"parameters": [one.document() for one in TAKEN]},
    )
    def one_collection(request: Request) -> Response:
        asking = serving.seen(request, collection)
        language = language_of(request)
        links = to.Links(request)
        with transaction(request) as connection:
            state = serving.version(request, connection)
            sent = serving.headers(request, state, asking, media.JSON, settings.cache_lifetime)
            if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
                return Response(status_code=304, headers=sent)
            extent = serving.extent(connection, collection, asking, state.number)
            known = serving.references(request, connection)
        around = links.formats(media.RESOURCE, media.JSON)
        told = _told(collection, extent, known, links, language)
        body = told.model_copy(update={"links": (*around, *told.links[1:])})
        return _send(body.encoded(), sent, body.links, language)


def language_of(request: Request) -> Language:
    """
    Read the parameters of what is about the service.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    str
        The language that it wants.

    Raises
    ------
    InvalidQuery
        If anything else is asked for.
    """
    read = Reader(request)
    form = negotiation.chosen(request, read, media.RESOURCE)
    language = negotiation.spoken(request, read, form)
    read.finish()
    return language


def _send(body: bytes, sent: dict[str, str], links: tuple[Link, ...], language: Language) -> Response:
    """Answer with JSON."""
    more = {"Content-Type": to.JSON, "Content-Language": language, "Link": to.header(links)}
    return Response(body, headers=sent | more)


def _told(
    collection: Collection,
    extent: served.Extent,
    known: tuple[Reference, ...],
    links: to.Links,
    language: Language,
) -> Told:
    """Describe a collection."""
    plane = Reference.PLANE if Reference.PLANE in known else Reference.CRS84
    interval = [None if one is None else moments.written(one) for one in (extent.starts, extent.ends)]
    temporal = Temporal(interval=((interval[0], interval[1]),)) if collection.is_timed else None
    spatial = None if extent.bbox_deg is None else Spatial(bbox=(extent.bbox_deg,), crs=str(Reference.CRS84))
    return Told(
        id=collection.id,
        title=getattr(collection.title, language),
        description=getattr(collection.description, language),
        extent=None if spatial is None and temporal is None else Extent(spatial=spatial, temporal=temporal),
        crs=tuple(map(str, known)),
        storage_crs=str(plane),
        links=links.collection(collection),
    )
