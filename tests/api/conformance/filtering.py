"""Part 3: queryables, as documents and as parameters, and filters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from tests.api.conformance.crs import UNSUPPORTED, latitude_first, references
from tests.api.conformance.pages import OAS30, parameters, resolved
from tests.api.conformance.requirements import CQL2, CRS, FILTER, SCHEMAS, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import GEOJSON, JSON, REL, SCHEMA, boxes, links, same, touching, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.conformance.subject import Feature, Json, Subject

PART = "Part 3 Filtering"
QUERYABLES = (FILTER + "queryables",)
PARAMETERS = (FILTER + "queryables", FILTER + "queryables-query-parameters")
FILTERS = (FILTER + "filter", FILTER + "features-filter")
DRAFT = "https://json-schema.org/draft/2020-12/schema"
NONE = "this_is_not_a_queryable"


def queryables(subject: Subject, name: str) -> dict[str, Json]:
    """Queryables of a collection with their schemas."""
    properties: dict[str, Json] = subject.schema(name, "queryables")["properties"]
    return properties


def spatial(subject: Subject, name: str) -> str:
    """Name of the spatial queryable."""
    for key, one in queryables(subject, name).items():
        if str(one.get("format", "")).startswith("geometry-"):
            return key
    raise NothingToTest(f"{name} has no spatial queryable")


def simple(subject: Subject, name: str, *kinds: str) -> list[str]:
    """Queryables of simple types whose values the features tell."""
    told = set().union(*(one.properties for one in subject.some(name)))
    kinds = kinds or ("string", "integer", "number", "boolean")
    return [key for key, one in queryables(subject, name).items() if key in told and one.get("type") in kinds]


def texts(subject: Subject, name: str) -> list[str]:
    """Queryables that are texts without a format of their own."""
    return [key for key in simple(subject, name, "string") if "format" not in queryables(subject, name)[key]]


def numbers(subject: Subject, name: str) -> list[str]:
    """Queryables that are numbers."""
    return simple(subject, name, "integer", "number")


def values(features: list[Feature], key: str) -> list[object]:
    """Different values that a property has, absent ones left out; the same in every run."""
    found = {json.dumps(one.properties.get(key)): one.properties.get(key) for one in features}
    return [value for _, value in sorted(found.items()) if value is not None]


def literal(value: object) -> str:
    """Write a value as CQL2 text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def filtered(subject: Subject, name: str, text: str, **more: object) -> list[str]:
    """What a filter in text finds."""
    params = {"filter": text, "filter-lang": "cql2-text", **more}
    return subject.found(name, params)


@requirement("queryables/get-queryables-uris", part=PART, needs=QUERYABLES)
def link_in_header(subject: Subject) -> None:
    for one in subject.collections:
        answer = subject.service.ask(f"/collections/{one['id']}/items", method="HEAD")
        require(answer.status == 200, f"{answer}")
        told = [link for link in answer.header("Link").split(",") if f'rel="{REL}queryables"' in link]
        require(told, f"{answer} has no Link with rel {REL}queryables")


@requirement("features-filter/queryables-link", part=PART, needs=[*QUERYABLES, *FILTERS])
def link_in_body(subject: Subject) -> None:
    for one in subject.collections:
        told = links(subject.collection(one["id"]), REL + "queryables")
        require(told, f"{one['id']} has no link {REL}queryables")
        target = subject.service.target(told[0]["href"]).split("?")[0]
        wanted = subject.service.target(f"/collections/{one['id']}/queryables")
        require(target == wanted, f"{one['id']} links to {target}, required {wanted}")


@requirement("queryables/get-queryables-response", part=PART, needs=QUERYABLES, also=[SCHEMAS + "queryables"])
def document(subject: Subject) -> None:
    for one in subject.collections:
        schema_document(subject, one["id"], "queryables")


def schema_document(subject: Subject, name: str, kind: str) -> None:
    """Hold a schema to what all of them are."""
    answer = subject.service.ok(f"/collections/{name}/{kind}", Accept=SCHEMA)
    require(answer.media_type == SCHEMA, f"{answer}, required {SCHEMA}")
    told: Json = answer.json
    Draft202012Validator.check_schema(told)
    require(told.get("$schema") == DRAFT, f"{answer} has $schema {told.get('$schema')}")
    here = subject.service.target(told.get("$id", ""))
    require(here == answer.target.split("?")[0], f"{answer} has $id {told.get('$id')}")
    require(told.get("type") == "object", f"{answer} is of type {told.get('type')}")
    require(told.get("properties"), f"{answer} has no properties")
    for key, one in told["properties"].items():
        is_spatial = str(one.get("format", "")).startswith("geometry-")
        require(
            ("type" in one) != is_spatial, f"{name}.{key} has both a type and a geometry, or neither: {one}"
        )
        require(one.get("title"), f"{name}.{key} has no title")
        if one.get("format") in {"date", "date-time"}:
            require(one["type"] == "string", f"{name}.{key} is a time of type {one['type']}")


@requirement("queryables-query-parameters/parameters", part=PART, needs=PARAMETERS)
def as_parameters(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in simple(subject, name):
            for value in values(features, key)[:2]:
                truth = {one.id for one in features if one.properties.get(key) == value}
                text = str(value).lower() if isinstance(value, bool) else str(value)
                found = subject.found(name, {key: text})
                same(found, truth, f"{key}={text}")

    subject.each(check)


@requirement("queryables-query-parameters/invalid", part=PART, needs=PARAMETERS)
def wrong_values(subject: Subject) -> None:
    def check(name: str) -> None:
        told = queryables(subject, name)
        for key in simple(subject, name):
            wrong = {"integer": "1.5x", "number": "many", "boolean": "maybe"}.get(told[key]["type"])
            if told[key].get("format") in {"date", "date-time"}:
                wrong = "yesterday"
            if "enum" in told[key] and wrong is None:
                wrong = "no-such-word"
            if wrong is not None:
                subject.service.refused(f"/collections/{name}/items", {key: wrong})

    subject.each(check)


@requirement("queryables-query-parameters/described", part=PART, needs=[*PARAMETERS, OAS30])
def parameters_described(subject: Subject) -> None:
    def check(name: str) -> None:
        named = parameters(subject, f"/collections/{name}/items")
        for key in simple(subject, name):
            require(key in named, f"the description has no parameter {key}")
            schema = resolved(subject.openapi, named[key]["schema"])
            kind = queryables(subject, name)[key]["type"]
            require(schema.get("type") == kind, f"{key} is a {schema.get('type')} there and a {kind} here")

    subject.each(check)


def wrong_filters() -> Iterator[str]:
    """Filters that have to be refused whatever the collection."""
    yield from (
        "THIS IS NOT A FILTER", f"{NONE} IS NULL", f"{NONE} = 1", "", "1 =", "(1 = 1", "'a' = 'b", "=", ")",
        "NOT", "1 = 1 AND", "\x00", "a" * 20_000, "(" * 500 + "1=1" + ")" * 500, "1=1;DROP TABLE x",
    )  # fmt: skip


@requirement("filter/filter-param", part=PART, needs=FILTERS)
def filters(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in simple(subject, name):
            truth = {one.id for one in features if one.properties.get(key) is None}
            same(filtered(subject, name, f"{key} IS NULL"), truth, f"{key} IS NULL")
        for text in wrong_filters():
            answer = subject.service.refused(f"/collections/{name}/items", {"filter": text})
            told = answer.body.decode().lower()
            require("select " not in told and "sqlite" not in told, f"{answer} tells of the database")

    subject.each(check)


@requirement("filter/filter-lang-param", part=PART, needs=[*FILTERS, CQL2 + "cql2-text", CQL2 + "cql2-json"])
def languages(subject: Subject) -> None:
    def check(name: str) -> None:
        key = simple(subject, name)[0]
        path = f"/collections/{name}/items"
        text = f"{key} IS NULL"
        in_json = json.dumps({"op": "isNull", "args": [{"property": key}]})
        asked = filtered(subject, name, text)
        require(subject.found(name, {"filter": text}) == asked, "the default language is not cql2-text")
        found = subject.found(name, {"filter": in_json, "filter-lang": "cql2-json"})
        require(found == asked, "cql2-json finds another set than cql2-text")
        for wrong in ("nope", ""):
            subject.service.refused(path, {"filter": text, "filter-lang": wrong})
        subject.service.refused(path, {"filter": in_json, "filter-lang": "cql2-text"})
        subject.service.refused(path, {"filter": text, "filter-lang": "cql2-json"})

    subject.each(check)


@requirement("filter/filter-crs-wgs84", part=PART, needs=[*FILTERS, CQL2 + "basic-spatial-functions"])
def default_reference(subject: Subject) -> None:
    def check(name: str) -> None:
        key = spatial(subject, name)
        features = subject.located(name)
        for box in boxes(features, how_many=3, seed=3):
            truth = touching([one for one in features if one.geometry is not None], box)
            same(filtered(subject, name, f"S_INTERSECTS({key},BBOX({written(box)}))"), truth, f"BBOX({box})")
        for wrong in (
            f"S_INTERSECTS({key},BBOX(1000000,1000000,1000001,1000001))",
            f"S_INTERSECTS({key},POINT(90 180))",
        ):
            subject.service.refused(f"/collections/{name}/items", {"filter": wrong})

    subject.each(check)


@requirement(
    "filter/filter-crs-param", part=PART, needs=[*FILTERS, CQL2 + "basic-spatial-functions", CRS + "crs"]
)
def other_references(subject: Subject) -> None:
    def check(name: str) -> None:
        key = spatial(subject, name)
        for uri in references(subject, name):
            features = [one for one in subject.located(name, uri) if one.geometry is not None]
            for box in boxes(features, how_many=2, seed=5):
                text = f"S_INTERSECTS({key},BBOX({written(box)}))"
                found = filtered(subject, name, text, **{"filter-crs": uri})
                same(
                    found, touching(features, box), f"{text} in {uri} (latitude first: {latitude_first(uri)})"
                )
        path = f"/collections/{name}/items"
        subject.service.refused(path, {"filter": f"{key} IS NULL", "filter-crs": UNSUPPORTED})

    subject.each(check)


@requirement(
    "features-filter/mixing-expressions", part=PART, needs=[*FILTERS, CQL2 + "basic-spatial-functions"]
)
def mixed(subject: Subject) -> None:
    def check(name: str) -> None:
        key = spatial(subject, name)
        features = subject.located(name)
        first, second = boxes(features, how_many=2, seed=9)[1:3]
        with_shape = [one for one in features if one.geometry is not None]
        text = f"S_INTERSECTS({key},BBOX({written(second)}))"
        truth = touching(features, first) & touching(with_shape, second)
        same(filtered(subject, name, text, bbox=written(first)), truth, f"{text} and bbox={first}")
        west, south, east, north = boxes(features, how_many=0)[0]
        far = f"S_INTERSECTS({key},BBOX({east + 1!r},{south!r},{east + 2!r},{north!r}))"
        same(
            filtered(subject, name, far, bbox=written((west, south, east, north))),
            set(),
            "two boxes far apart",
        )

    subject.each(check)


@requirement("features-filter/mixing-parameters", part=PART, needs=[*FILTERS, *PARAMETERS])
def mixed_with_parameters(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = [key for key in texts(subject, name) if values(features, key)]
        if len(keys) < 2:
            raise NothingToTest(f"{name} has fewer than two texts")
        (one, two), first = keys[:2], values(features, keys[0])[0]
        second = values(features, two)[-1]
        truth = {f.id for f in features if f.properties.get(one) == first and f.properties.get(two) == second}
        found = filtered(subject, name, f"{two} = {literal(second)}", **{one: first})
        same(found, truth, f"{one}={first} and {two} = {second}")

    subject.each(check)


@requirement("filter/get-functions", part=PART, needs=[*FILTERS, CQL2 + "functions"])
def functions(subject: Subject) -> None:
    answer = subject.service.ok("/functions", Accept=JSON)
    require(answer.media_type == JSON, f"{answer}, required {JSON}")
    for one in answer.json["functions"]:
        require(
            one.get("name") and one.get("returns"), f"a function lacks its name or what it returns: {one}"
        )


@requirement("features-filter/response-errors", part=PART, needs=FILTERS)
def wrong(subject: Subject) -> None:
    for one in subject.collections:
        path = f"/collections/{one['id']}/items"
        subject.service.refused(path, {"filter": "x"}, Accept=GEOJSON)
        subject.service.refused(path, {"filter-lang": "sql"})
        subject.service.refused(path, {"filter-crs": UNSUPPORTED})
