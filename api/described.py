"""What the description of the interface says of the standard's resources: formats, headers and schemas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from api.columns import schema as schema_of
from api.formats import media
from api.tilesets import TILE_JSON
from hotspot.catalogue import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.formats.media import Format
    from hotspot.catalogue import Collection

_Json = dict[str, Any]  # Any: a JSON document.

_REFERENCE = "#/components/schemas/"
_ITEMS = re.compile(r"/collections/([^/{}]+)/items")
_ITEM = re.compile(r"/collections/([^/{}]+)/items/\{[^/]+\}")

FORMATS: tuple[tuple[re.Pattern[str], tuple[Format, ...]], ...] = (
    (re.compile(r"/|/conformance|/functions|/collections(/[^/{}]+)?"), media.RESOURCE),
    (re.compile(r"/collections/[^/{}]+/(queryables|schema|sortables)"), media.DESCRIPTION),
    (re.compile(r"(/collections/[^/{}]+)?/tiles|/tileMatrixSets(/\{[^/]+\})?"), media.RESOURCE),
    (re.compile(r"(/collections/[^/{}]+)?/tiles/\{[^/]+\}"), (media.JSON, TILE_JSON, media.HTML)),
    (_ITEMS, media.FEATURES),
    (_ITEM, media.FEATURE),
)
"""Formats of the standard's resources, by their paths."""

_TEXTS = ("text/", "application/json", "application/geo+json-seq")
"""How the media types begin of what is a text."""

_HEADERS: Mapping[str, _Json] = {
    "API-Version": {"description": "Version of the interface.", "schema": {"type": "string"}},
    "ETag": {"description": "Names these very bytes.", "schema": {"type": "string"}},
    "Link": {"description": "The links of the answer, once more (RFC 8288).", "schema": {"type": "string"}},
    "Content-Crs": {
        "description": "System of the coordinates, a URI in angle brackets.",
        "schema": {"type": "string"},
    },
}

_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}}

_GEOMETRY: _Json = {
    "title": "GeoJSON geometry",
    "description": "A shape (RFC 7946): longitude and latitude unless `crs` says otherwise.",
    "type": "object",
    "required": ["type"],
    "nullable": True,
    "properties": {
        "type": {
            "type": "string",
            "enum": [
                "Point",
                "MultiPoint",
                "LineString",
                "MultiLineString",
                "Polygon",
                "MultiPolygon",
                "GeometryCollection",
            ],
        },
        "coordinates": {"type": "array", "items": {}},
        "geometries": {"type": "array", "items": {"type": "object"}},
    },
}


def headers(path: str, *, has_tag: bool) -> _Json:
    """
    Name the headers of an answer.

    Parameters
    ----------
    path
        Path of the operation.
    has_tag
        Whether the answer can be asked for again by its ETag.

    Returns
    -------
    dict
        Header Objects by name.
    """
    names = ["API-Version"]
    if has_tag:
        names.append("ETag")
    if _ITEMS.fullmatch(path) or _ITEM.fullmatch(path):
        names += ["Content-Crs", "Link"]
    return {name: _HEADERS[name] for name in names}


def problem(description: str, *, retry: bool) -> _Json:
    """
    Describe an answer that is a problem.

    Parameters
    ----------
    description
        What it means.
    retry
        Whether it says when to ask again.

    Returns
    -------
    dict
        A Response Object.
    """
    content = {"application/problem+json": {"schema": {"$ref": _REFERENCE + "Problem"}}}
    return {"description": description, "content": content} | ({"headers": _RETRY} if retry else {})


def extend(path: str, operation: _Json) -> None:
    """
    Add to an operation the formats of its answer.

    Parameters
    ----------
    path
        Path of the operation below the server's.
    operation
        An Operation Object, which is changed.
    """
    offered = next((formats for pattern, formats in FORMATS if pattern.fullmatch(path)), ())
    if not offered:
        return
    content = (
        operation["responses"].setdefault("200", {"description": "The answer."}).setdefault("content", {})
    )
    told: _Json | None = next((one.get("schema") for one in content.values()), None)
    content.clear()
    for one in offered:
        content.setdefault(one.media_type, {"schema": _schema(path, one.media_type, told)})


def _schema(path: str, media_type: str, told: _Json | None) -> _Json:
    """Describe the body of one format."""
    for pattern, ending in ((_ITEM, "Feature"), (_ITEMS, "FeatureCollection")):
        found = pattern.fullmatch(path)
        if found and media_type == media.GEOJSON.media_type:
            return {"$ref": f"{_REFERENCE}{_name(found[1])}{ending}"}
    if media_type == media.JSON.media_type and told:
        return told
    if media_type in {media.SCHEMA.media_type, TILE_JSON.media_type}:
        return {"type": "object"}
    return {"type": "string"} if media_type.startswith(_TEXTS) else {"type": "string", "format": "binary"}


def _name(collection_id: str) -> str:
    """Name the schemas of a collection."""
    return "".join(part.capitalize() for part in collection_id.split("-"))


def schemas() -> _Json:
    """
    Describe the features of all collections.

    Returns
    -------
    dict
        Schema Objects by name.
    """
    made: _Json = {"FeatureGeometry": _GEOMETRY}
    for collection in COLLECTIONS:
        made |= _schemas_of(collection)
    return made


def _schemas_of(collection: Collection) -> _Json:
    """Describe the features of a collection; a property is absent where it is not asked for or not told."""
    name = _name(collection.id)
    link = {"type": "array", "items": {"$ref": _REFERENCE + "Link"}}
    feature: _Json = {
        "title": collection.title.en,
        "description": collection.description.en,
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"$ref": _REFERENCE + "FeatureGeometry"},
            "properties": {"$ref": f"{_REFERENCE}{name}Properties"},
            "links": link,
        },
    }
    told: _Json = {}
    for one in collection.properties:
        said: _Json = {"title": one.title.en, "description": one.description, "nullable": True}
        said |= schema_of(one)
        if "enum" in said:
            # In 3.0 null has to stand in the list as well.
            said["enum"] = [*said["enum"], None]
        told[one.name] = said | ({"x-ogc-unit": one.unit} if one.unit else {})
    page = {
        "title": f"{collection.title.en}, a page",
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": link,
            "features": {"type": "array", "items": {"$ref": f"{_REFERENCE}{name}Feature"}},
        },
    }
    properties = {"title": f"{collection.title.en}, what is told", "type": "object", "properties": told}
    return {f"{name}Feature": feature, f"{name}FeatureCollection": page, f"{name}Properties": properties}


def used(document: _Json) -> _Json:
    """
    Keep the schemas that something refers to.

    Parameters
    ----------
    document
        A whole document.

    Returns
    -------
    dict
        Its schemas that are reached from its paths and answers, in the order of their names.
    """
    known: _Json = document["components"]["schemas"]
    wanted = _references({key: value for key, value in document["components"].items() if key != "schemas"})
    wanted |= _references(document["paths"])
    reached: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in reached:
            reached.add(name)
            wanted |= _references(known[name]) - reached
    return {name: known[name] for name in sorted(reached)}


def _references(node: Any) -> set[str]:  # noqa: ANN401 - any part of a JSON document
    """Names of the schemas that a part refers to."""
    if isinstance(node, list):
        return {name for child in node for name in _references(child)}
    if not isinstance(node, dict):
        return set()
    target = str(node.get("$ref", ""))
    here = {target.removeprefix(_REFERENCE)} if target.startswith(_REFERENCE) else set()
    return here | {name for child in node.values() for name in _references(child)}
