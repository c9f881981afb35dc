"""
The description of the interface (OpenAPI 3.0.3), finished from what the framework knows of the routes.

3.0 and not 3.1: that is what the OGC's test suite, GDAL and the Dutch rules read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from api.schemas.common import Mistake, Problem
from api.schemas.notes import NewNote
from api.settings import API_VERSION, PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute

    from api.settings import ApiSettings

VERSION = "3.0.3"
"""Version of the OpenAPI specification that the document follows."""

DESCRIPTION = """\
Weekly lists of places where incidents of a theme are more frequent than chance, the past and the
surroundings explain, with their evidence and their shapes (GeoJSON, longitude and latitude on WGS 84).

What is served was published before and never changes: a correction is a new edition. Every answer has
a strong `ETag`; ask with `If-None-Match` and get 304 as long as nothing is new. A request with mistakes is
answered with 400 and all of them (RFC 9457); unknown parameters are mistakes. HEAD works wherever GET does.
"""

_Json = dict[str, Any]  # Any: a JSON document.

_PROBLEMS = {
    "400": ("InvalidRequest", "Something in the request is unknown or wrong; all of it is told at once."),
    "401": ("NoToken", "This needs a token, and not any: `Authorization: Bearer TOKEN`."),
    "404": ("NotFound", "There is no such thing."),
    "415": ("OtherType", "What was sent must be JSON and say so in `Content-Type`."),
    "500": ("OwnMistake", "The service made a mistake."),
    "503": ("Unavailable", "The store cannot be used at the moment; `Retry-After` says when to ask again."),
}

_HEADERS: _Json = {
    "ETag": {"description": "Names these very bytes.", "schema": {"type": "string"}},
    "API-Version": {"description": "Version of the interface.", "schema": {"type": "string"}},
}


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
        An OpenAPI document.
    """
    contact = {
        "name": settings.contact_name,
        "url": settings.contact_url,
        "email": settings.contact_email,
    }
    raw = get_openapi(
        title=settings.title,
        version=API_VERSION,
        openapi_version=VERSION,
        description=DESCRIPTION,
        routes=routes,
        servers=[{"url": PREFIX}],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
    )
    # Put in here and not through the framework, which changes addresses on their way.
    raw["info"]["contact"] = {key: value for key, value in contact.items() if value is not None}
    raw["paths"] = {_below_server(path): _finished(path, item) for path, item in raw["paths"].items()}
    components = raw.setdefault("components", {})
    for model in (Mistake, Problem, NewNote):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        components.setdefault("schemas", {})[model.__name__] = schema
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Of those who may read and write notes."}
    }
    components["responses"] = {name: _problem(text) for name, text in _PROBLEMS.values()}
    finished: _Json = _as_3_0(raw)
    return finished


def _below_server(path: str) -> str:
    """Take the server's own part off a path."""
    return path.removeprefix(PREFIX) or "/"


def _finished(path: str, path_item: _Json) -> _Json:
    """Add to each operation what all of them answer."""
    for operation in path_item.values():
        responses = operation["responses"]
        # What needs a token is kept by nobody on the way, so that there is nothing to ask again about.
        is_open = "security" not in operation
        if is_open:
            responses["200"]["headers"] = _HEADERS
            responses["304"] = {"description": "You hold it already (`If-None-Match`).", "headers": _HEADERS}
        in_path = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
        left_out = {"404": not in_path, "401": is_open, "415": "requestBody" not in operation}
        for status, (name, _) in _PROBLEMS.items():
            if not left_out.get(status):
                responses[status] = {"$ref": f"#/components/responses/{name}"}
        operation["responses"] = dict(sorted(responses.items()))
    if not path.startswith(PREFIX):
        path_item["servers"] = [{"url": "/"}]
    return path_item


def _problem(description: str) -> _Json:
    """Describe an answer that is a problem."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def _as_3_0(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Say in the words of OpenAPI 3.0 what pydantic says in those of JSON Schema 2020-12."""
    if isinstance(node, list):
        return [_as_3_0(child) for child in node]
    if not isinstance(node, dict):
        return node
    said = {key: _as_3_0(child) for key, child in node.items()}
    choices = said.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        del said["anyOf"]
        said |= {"allOf": rest} if "$ref" in rest[0] else rest[0]
        said["nullable"] = True
    if "const" in said and "type" in said:
        said["enum"] = [said.pop("const")]
    if isinstance(said.get("prefixItems"), list):
        first = said.pop("prefixItems")[0]
        said["items"] = first
    return said
