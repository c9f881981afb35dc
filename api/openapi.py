"""
The description of the interface (OpenAPI 3.0.3), finished from what the framework knows of the routes.

Three sources: the routes with their parameters, the catalogue of the collections, and the few things that
hold for every operation (headers, problems, who may ask). A path for any collection becomes one for each, so
that programs find the properties of each by their names.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from api import described
from api.dialects import OLDER, as_3_0, as_3_1
from api.schemas.common import Mistake, Problem
from api.schemas.notes import NewNote
from api.settings import API_VERSION, PREFIX
from hotspot.catalogue import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.routing import BaseRoute

    from api.settings import ApiSettings
    from hotspot.catalogue import Collection

DESCRIPTION = """\
Weekly lists of places where incidents of a theme are more frequent than chance, the past and the
surroundings explain, with their evidence and their shapes, as OGC API - Features and Tiles.

What is served was published before and never changes: a correction is a new edition. Every answer has
a strong `ETag`; ask with `If-None-Match` and get 304 as long as nothing is new. A request with mistakes is
answered with 400 and all of them (RFC 9457); unknown parameters are mistakes. HEAD works wherever GET does.

Everybody is told what is open. Who asks with a key or a token and a `Purpose` is told what their level has.
"""

_Json = dict[str, Any]  # Any: a JSON document.

_PROBLEMS = {
    "400": ("InvalidRequest", "Something in the request is unknown or wrong; all of it is told at once."),
    "401": ("Unauthenticated", "This needs a key or a token, or the one that was sent is not known."),
    "403": ("Forbidden", "Who asks is known and may not have this."),
    "404": ("NotFound", "There is no such thing."),
    "406": ("NotAcceptable", "None of the formats that `Accept` allows is on offer here."),
    "413": ("TooLarge", "What was sent is larger than a note can be."),
    "415": ("OtherType", "What was sent must be JSON and say so in `Content-Type`."),
    "429": ("TooManyRequests", "Too many requests; `Retry-After` says when to ask again."),
    "500": ("OwnMistake", "The service made a mistake, which it has noted."),
    "503": ("Unavailable", "Too much at once, or no store; `Retry-After` says when to ask again."),
}

_WITH_BODY = frozenset({"413", "415"})
"""Answers to those only who send something."""

_ANYBODY: list[_Json] = [{}, {"bearer": []}, {"apiKey": []}]
_KNOWN: list[_Json] = [{"bearer": []}, {"apiKey": []}]
_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of this service, or a token of the organisation's own sign-on (OIDC).",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A key of this service, for programs that can send no `Authorization`.",
    },
}

_BESIDE: _Json = {"servers": [{"url": "/"}]}
"""Where the few addresses are that have no version."""

_ANY_COLLECTION = "{collectionId}"
"""What stands for a collection in the path of a route that serves all of them."""


def document(routes: Sequence[BaseRoute], settings: ApiSettings) -> _Json:
    """
    Describe the interface.

    Parameters
    ----------
    routes
        Routes of the application; those that are kept out of the description are left out.
    settings
        Names and sizes that the description tells.

    Returns
    -------
    dict
        An OpenAPI document of version 3.0.3.
    """
    contact = {
        "name": settings.contact_name,
        "url": settings.contact_url,
        "email": settings.contact_email,
    }
    raw = get_openapi(
        title=settings.title,
        version=API_VERSION,
        openapi_version=OLDER,
        description=DESCRIPTION,
        routes=routes,
        servers=[{"url": PREFIX}],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    )
    # Put in here and not through the framework, which changes addresses on their way.
    raw["info"]["contact"] = {key: value for key, value in contact.items() if value is not None}
    raw["paths"] = {
        explicit: _finished(explicit, own) | ({} if path.startswith(PREFIX) else _BESIDE)
        for path, item in raw["paths"].items()
        for explicit, own in _for_each_collection(_below_server(path), item)
    }
    raw["tags"] = [{"name": name} for name in sorted(_tags(raw["paths"]))]
    components = raw.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (Mistake, Problem, NewNote):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    schemas |= described.schemas()
    components["securitySchemes"] = _SCHEMES
    components["responses"] = {
        name: described.problem(text, retry=status in {"429", "503"})
        for status, (name, text) in _PROBLEMS.items()
    }
    finished: _Json = as_3_0(raw)
    finished["components"]["schemas"] = described.used(finished)
    return finished


def newer(older: _Json) -> _Json:
    """
    Describe the interface as OpenAPI 3.1.

    Parameters
    ----------
    older
        What `document` wrote.

    Returns
    -------
    dict
        The same as an OpenAPI document of version 3.1.
    """
    return as_3_1(older)


def _below_server(path: str) -> str:
    """Take the server's own part off a path."""
    return path.removeprefix(PREFIX) or "/"


def _for_each_collection(path: str, item: _Json) -> Iterator[tuple[str, _Json]]:
    """Write a path for any collection as one for each of those that have it."""
    if _ANY_COLLECTION not in path:
        yield path, item
        return
    for collection in COLLECTIONS:
        if collection.has_tiles or "/tiles" not in path:
            yield path.replace(_ANY_COLLECTION, collection.id), _of_collection(collection, item)


def _of_collection(collection: Collection, item: _Json) -> _Json:
    """Make the operations of one collection out of those of any."""
    own = copy.deepcopy(item)
    for operation in own.values():
        operation["parameters"] = [
            one for one in operation.get("parameters", ()) if one["name"] != _ANY_COLLECTION.strip("{}")
        ]
        operation["operationId"] = f"{collection.id}.{operation['operationId']}"
        operation["summary"] = f"{operation.get('summary', '')} ({collection.title.en})"
    return own


def _finished(path: str, path_item: _Json) -> _Json:
    """Add to each operation what all of them take and answer."""
    for method, operation in path_item.items():
        described.extend(path, operation)
        responses = operation["responses"]
        # What needs a token is kept by nobody on the way, so that there is nothing to ask again about.
        for_known = "security" in operation or path.startswith("/collections/incidents")
        operation["security"] = _KNOWN if for_known else _ANYBODY
        for status, answer in responses.items():
            if status.startswith("2"):
                answer["headers"] = described.headers(path, has_tag=not for_known)
        if method == "get":
            responses["304"] = {
                "description": "You hold it already (`If-None-Match`).",
                "headers": described.headers(path, has_tag=True),
            }
        in_path = "{" in path or path.startswith("/collections/")
        for status, (name, _) in _PROBLEMS.items():
            told = {"404": in_path}.get(status, status not in _WITH_BODY or "requestBody" in operation)
            if told:
                responses[status] = {"$ref": f"#/components/responses/{name}"}
            else:
                responses.pop(status, None)
        responses.pop("422", None)
        operation["responses"] = dict(sorted(responses.items()))
    return path_item


def _tags(paths: _Json) -> set[str]:
    """List the tags that operations have."""
    operations = [item[method] for item in paths.values() for method in ("get", "post") if method in item]
    return {tag for operation in operations for tag in operation.get("tags", ())}
