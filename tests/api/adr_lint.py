"""
The rules of the Dutch API Design Rules that a description of an interface can be held to, in our own words.

They restate the linter that the standard publishes, rule by rule under its names, so that `make test` holds
us to it without anything from elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Json = dict[str, Any]  # Any: a JSON document.
Finding = tuple[str, str]
"""Name of the rule, and where it is broken."""

NAMES_OF_THE_OGC = ("bbox-crs", "exclude-properties", "filter-crs", "filter-lang")
"""Parameters that the OGC's standards name in kebab case."""

PATHS_OF_THE_OGC = ("/tileMatrixSets", "/tileMatrixSets/{tileMatrixSetId}")
"""Paths that the OGC's standards name in camel case."""


def forced_by_the_ogc(properties: Iterable[str]) -> set[Finding]:
    """
    What may be found and nothing else: names that the OGC's standards give.

    Part 3 gives each queryable property a parameter of its own name, and ours are in snake case.
    """
    snakes = [name for name in properties if "_" in name]
    return {
        *(("nlgov:query-keys-camel-case", name) for name in (*NAMES_OF_THE_OGC, *snakes)),
        *(("nlgov:paths-kebab-case", path) for path in PATHS_OF_THE_OGC),
    }


_KEBAB = re.compile(r"(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|\{[^}]+\})(/([a-z0-9\-.]+|\{[^}]+\}))*)(/_[a-z]+)?)/?)")
_CAMEL = re.compile(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*")
_PASCAL = re.compile(r"[A-Z][A-Za-z\d]*")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_DATE_NAME = re.compile(r"date|datum|(\w+D|.*_[dD])(ate|atum)")
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """All operations, each with where it is."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield f"{method} {path}", item[method]


def nodes(node: Any, where: str = "#") -> Iterator[tuple[str, Json]]:  # noqa: ANN401 - any part of a document
    """All objects of a document, each with where it is."""
    if isinstance(node, list):
        for number, child in enumerate(node):
            yield from nodes(child, f"{where}/{number}")
    if isinstance(node, dict):
        yield where, node
        for key, child in node.items():
            yield from nodes(child, f"{where}/{key}")


def resolved(document: Json, part: Json) -> Json:
    """Follow references."""
    while "$ref" in part:
        found: Json = document
        for key in part["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        part = found
    return part


def versions(document: Json) -> Iterator[Finding]:
    """It is of OpenAPI 3, the interface has a semantic version, and the address its first number."""
    if not re.fullmatch(r"3(\.\d+){1,2}", str(document.get("openapi"))):
        yield "nlgov:openapi3", "openapi"
    if not _SEMVER.fullmatch(str(document["info"].get("version"))):
        yield "nlgov:semver", "info.version"
    if not document.get("servers"):
        yield "oas3-api-servers", "servers"
    for server in document.get("servers", ()):
        if not re.search(r"/v\d+", server["url"]):
            yield "nlgov:include-major-version-in-uri", server["url"]
    for where, node in nodes(document):
        for server in node.get("servers", ()) if isinstance(node.get("servers"), list) else ():
            if server["url"].startswith("http://"):
                yield "nlgov:servers-use-https", where


def contact(document: Json) -> Iterator[Finding]:
    """Somebody can be asked."""
    told = document["info"].get("contact", {})
    for name in ("email", "name", "url"):
        if not told.get(name):
            yield "nlgov:info-contact-fields-exist", name


def paths(document: Json) -> Iterator[Finding]:
    """Paths are in kebab case and end without a slash."""
    for path in document["paths"]:
        if len(path) > 1 and path.endswith("/"):
            yield "nlgov:paths-no-trailing-slash", path
        if not re.search(r"/openapi\.json|yaml", path) and not _KEBAB.fullmatch(path):
            yield "nlgov:paths-kebab-case", path
        if set(document["paths"][path]) - {*_METHODS, "parameters", "servers", "summary", "description"}:
            yield "nlgov:http-methods", path


def parameters(document: Json) -> Iterator[Finding]:
    """Names of parameters are in camel case, and those of paths are in the paths and the other way round."""
    for where, operation in operations(document):
        named = [resolved(document, one) for one in operation.get("parameters", ())]
        for one in named:
            if one["in"] == "query" and not _CAMEL.fullmatch(one["name"]):
                yield "nlgov:query-keys-camel-case", one["name"]
        if {one["name"] for one in named if one["in"] == "path"} != set(re.findall(r"\{(\w+)\}", where)):
            yield "path-params", where
        keys = [(one["in"], one["name"]) for one in named]
        if len(keys) != len(set(keys)):
            yield "operation-parameters", where
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        if scheme.get("in") == "query" and not _CAMEL.fullmatch(scheme["name"]):
            yield "nlgov:query-keys-camel-case", name


def answers(document: Json) -> Iterator[Finding]:
    """Answers tell the version; mistakes are problems, and what takes parameters can answer 400."""
    for where, operation in operations(document):
        for status, named in operation["responses"].items():
            answer = resolved(document, named)
            if status[0] in "23":
                if "API-Version" not in answer.get("headers", {}):
                    yield "nlgov:missing-version-header", f"{where} {status}"
            elif status[0] in "45":
                yield from _problem(document, answer, f"{where} {status}")
        if (operation.get("parameters") or not where.startswith("get")) and "400" not in operation[
            "responses"
        ]:
            yield "nlgov:problem-invalid-input", where


def _problem(document: Json, answer: Json, where: str) -> Iterator[Finding]:
    """An answer to a mistake is a problem with its members."""
    content = answer.get("content", {})
    if "application/problem+json" not in content:
        yield "nlgov:use-problem-schema", where
        return
    schema = resolved(document, content["application/problem+json"]["schema"])
    if not {"status", "title", "detail"} <= schema.get("properties", {}).keys():
        yield "nlgov:problem-schema-members", where


def names(document: Json) -> Iterator[Finding]:
    """Schemas, tags and operations are named once and in the right case."""
    for name in document["components"]["schemas"]:
        if not _PASCAL.fullmatch(name):
            yield "nlgov:schema-camel-case", name
    ids = [operation.get("operationId") for _, operation in operations(document)]
    for name in ids:
        if name is None or ids.count(name) > 1:
            yield "operation-operationId-unique", str(name)
    tags = [tag["name"] for tag in document.get("tags", ())]
    if len(tags) != len(set(tags)):
        yield "openapi-tags-uniqueness", "tags"


def times(document: Json) -> Iterator[Finding]:
    """Instants have a zone, and what is called a date is one."""
    for where, node in nodes(document):
        properties = node.get("properties")
        if not isinstance(properties, dict):
            continue
        for name, schema in properties.items():
            if not isinstance(schema, dict):
                continue
            form = schema.get("format")
            if form == "date-time-local":
                yield "nlgov:date-time-ensure-timezone", f"{where}/{name}"
            if form == "time":
                yield "nlgov:time-without-timezone", f"{where}/{name}"
            if _DATE_NAME.fullmatch(name) and form != "date":
                yield "nlgov:use-date-instead-of-datetime", f"{where}/{name}"


RULES: tuple[Callable[[Json], Iterator[Finding]], ...] = (
    versions, contact, paths, parameters, answers, names, times,
)  # fmt: skip


def lint(document: Json) -> set[Finding]:
    """Hold a description to all rules."""
    return {finding for rule in RULES for finding in rule(document)}
