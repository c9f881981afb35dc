"""What features tell, by what they can be chosen, and by what they can be ordered, as JSON schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import columns, serving
from api import links as to
from api.answers import caching, encoded, entity_tag, matches
from api.connection import depends_on
from api.formats import media, negotiation
from api.plain import Plain
from api.queries import Reader
from hotspot.catalogue import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.access.callers import Caller
    from api.formats.negotiation import Language
    from api.settings import ApiSettings
    from hotspot.catalogue import Collection, Property

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TAKEN = (negotiation.format_parameter(media.DESCRIPTION), negotiation.LANGUAGE)

_Schema = dict[str, object]


class JsonSchema(Response):
    """An answer whose media type is JSON schema's."""

    media_type = to.SCHEMA


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
        Three routes for each collection.
    """
    routes = APIRouter(tags=["features"], route_class=Plain)
    for collection in COLLECTIONS:
        _add(routes, collection, "queryables", _queryables, "By what features can be chosen", settings)
        _add(routes, collection, "schema", _schema, "What each feature tells", settings)
        _add(routes, collection, "sortables", _sortables, "By what features can be ordered", settings)
    return routes


def _add(
    routes: APIRouter,
    collection: Collection,
    name: str,
    written: Callable[[Collection, Caller, Language], _Schema],
    summary: str,
    settings: ApiSettings,
) -> None:
    """Serve one schema of one collection."""

    @routes.get(
        f"/collections/{collection.id}/{name}",
        summary=f"{summary}: {collection.id}",
        description=f"A JSON schema (draft 2020-12). {summary}.",
        operation_id=f"{name}_{collection.id}",
        response_class=JsonSchema,
        openapi_extra={"parameters": [one.document() for one in _TAKEN]},
    )
    def described(request: Request) -> Response:
        asking = serving.seen(request, collection)
        read = Reader(request)
        form = negotiation.chosen(request, read, media.DESCRIPTION)
        language = negotiation.spoken(request, read, form)
        read.finish()
        depends_on(request, None)
        path = f"/collections/{collection.id}/{name}"
        links = to.Links(request)
        body = encoded({"$schema": DRAFT, "$id": links.href(path), **written(collection, asking, language)})
        around = links.formats(media.DESCRIPTION, media.SCHEMA)
        sent = {
            "ETag": entity_tag(to.SCHEMA, body),
            "Cache-Control": caching(
                settings.cache_lifetime, is_public=asking.is_anonymous or asking.is_local
            ),
            "Vary": "Accept, Accept-Encoding",
        }
        if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
            return Response(status_code=304, headers=sent)
        more = {"Content-Type": to.SCHEMA, "Content-Language": language, "Link": to.header(around)}
        return Response(body, headers=sent | more)


def _queryables(collection: Collection, asking: Caller, language: Language) -> _Schema:
    """Say by what features can be chosen; names that are not listed are refused."""
    told = {one.name: _property(one, language) for one in collection.told(asking.level)}
    return {
        "type": "object",
        "title": getattr(collection.title, language),
        "description": getattr(collection.description, language),
        "properties": {**told, columns.GEOMETRY: _geometry(collection)},
        "additionalProperties": False,
    }


def _schema(collection: Collection, asking: Caller, language: Language) -> _Schema:
    """Say what each feature tells, and which part each property plays."""
    told: dict[str, _Schema] = {}
    for place, one in enumerate(collection.told(asking.level), start=1):
        told[one.name] = _property(one, language) | {"x-ogc-propertySeq": place}
        if one.name == collection.starts:
            told[one.name]["x-ogc-role"] = "primary-interval-start"
        elif one.name == collection.ends:
            told[one.name]["x-ogc-role"] = "primary-interval-end"
    name = {
        "type": "string",
        "title": {"nl": "Naam", "en": "Name"}[language],
        "x-ogc-role": "id",
        "x-ogc-propertySeq": 0,
        "readOnly": True,
    }
    shape = _geometry(collection) | {"x-ogc-role": "primary-geometry", "x-ogc-propertySeq": len(told) + 1}
    return {
        "type": "object",
        "title": getattr(collection.title, language),
        "description": getattr(collection.description, language),
        "properties": {"id": name, **told, columns.GEOMETRY: shape},
        "additionalProperties": False,
    }


def _sortables(collection: Collection, asking: Caller, language: Language) -> _Schema:
    """Say by what features can be ordered."""
    told = {one.name: _property(one, language) for one in columns.sortables(collection, asking.level)}
    return {
        "type": "object",
        "title": getattr(collection.title, language),
        "properties": told,
        "additionalProperties": False,
    }


def _property(one: Property, language: Language) -> _Schema:
    """Describe a property."""
    told = columns.schema(one) | {"title": getattr(one.title, language), "description": one.description}
    return told if one.unit is None else told | {"x-ogc-unit": one.unit, "x-ogc-unitLang": "UCUM"}


def _geometry(collection: Collection) -> _Schema:
    """Describe the shape: it has a format only."""
    return {"title": "Shape", "format": f"geometry-{collection.geometry}"}
