"""Parts 5, 6 and 8: what features consist of, which properties are wanted, and in which order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from tests.api.conformance.filtering import schema_document
from tests.api.conformance.requirements import SCHEMAS, SELECTION, SORTING, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import GEOJSON, REL, links, same

if TYPE_CHECKING:
    from tests.api.conformance.subject import Json, Subject

PART = "Parts 5, 6, 8"
FEATURE_SCHEMAS = (SCHEMAS + "schemas", SCHEMAS + "core-roles-features")
PROPERTIES = (SELECTION + "properties", SELECTION + "properties-features")
ORDERS = (SORTING + "sorting", SORTING + "features-sorting")
_ONCE = (
    "id",
    "primary-geometry",
    "primary-instant",
    "primary-interval-start",
    "primary-interval-end",
    "type",
)


@requirement("schemas/schema-link", part=PART, needs=[SCHEMAS + "schemas"])
def link(subject: Subject) -> None:
    for one in subject.collections:
        told = links(subject.collection(one["id"]), REL + "schema")
        require(told, f"{one['id']} has no link {REL}schema")
        schema_document(subject, one["id"], "schema")


@requirement(
    "schemas/features-valid",
    part=PART,
    needs=[SCHEMAS + "schemas"],
    also=[SCHEMAS + "returnables-and-receivables"],
)
def complete(subject: Subject) -> None:
    def check(name: str) -> None:
        schema = subject.schema(name)
        told = {
            key: one for key, one in schema["properties"].items()
            if not str(one.get("format", "")).startswith("geometry-") and one.get("x-ogc-role") != "id"
        }  # fmt: skip
        within = {
            **schema,
            "properties": {**told, **{k: v for k, v in schema["properties"].items() if k not in told}},
        }
        within.pop("$id", None)
        checker = Draft202012Validator(within, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for one in subject.some(name):
            unknown = one.properties.keys() - schema["properties"].keys()
            require(not unknown, f"{one.id} has {sorted(unknown)[:3]}, of which the schema does not know")
            there = {key: value for key, value in one.properties.items() if value is not None}
            for mistake in checker.iter_errors(there):
                where = mistake.json_path
                require(mistake.validator == "required", f"{one.id}: {where} {mistake.message[:120]}")

    subject.each(check)


@requirement("core-roles-features/roles", part=PART, needs=FEATURE_SCHEMAS)
def roles(subject: Subject) -> None:
    def check(name: str) -> None:
        properties: dict[str, Json] = subject.schema(name)["properties"]
        by_role: dict[str, list[str]] = {}
        for key, one in properties.items():
            if "x-ogc-role" in one:
                by_role.setdefault(one["x-ogc-role"], []).append(key)
        for role in _ONCE:
            require(len(by_role.get(role, ())) <= 1, f"{name} has several properties of the role {role}")
        for key in by_role.get("primary-geometry", ()):
            require(str(properties[key]["format"]).startswith("geometry-"), f"{key} is no geometry")
        temporal = [role for role in by_role if role.startswith("primary-i")]
        for role in temporal:
            (key,) = by_role[role]
            require(properties[key].get("format") in {"date", "date-time"}, f"{key} is no time")
        require(
            not ("primary-instant" in temporal and len(temporal) > 1),
            f"{name} has an instant and an interval",
        )
        formats = {properties[by_role[role][0]]["format"] for role in temporal}
        require(len(formats) <= 1, f"{name}: start and end are of different granularity")
        shapes = [str(one["format"]) for one in properties.values() if "geometry-" in str(one.get("format"))]
        kinds = shapes[0].removeprefix("geometry-").split("-or-") if shapes else []
        for feature in subject.located(name):
            if feature.geometry is not None and "any" not in kinds:
                kind = feature.geometry.geom_type
                require(kind.lower() in kinds, f"{feature.id} is a {kind}, the schema says {kinds}")

    subject.each(check)


@requirement("properties/response", part=PART, needs=PROPERTIES)
def selected(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = list(features[0].properties)
        if len(keys) < 2:
            raise NothingToTest(f"{name} has fewer than two properties")
        path = f"/collections/{name}/items"
        for wanted in (keys[:1], [keys[-1], keys[0]]):
            said = {"properties": ",".join(wanted)}
            page = subject.service.ok(path, {**said, "limit": 1000}, Accept=GEOJSON).json
            for one, whole in zip(page["features"], features, strict=False):
                left = {key: whole.properties[key] for key in wanted if key in whole.properties}
                require(one["properties"] == left, f"{said} leaves {one['properties']}, required {left}")
                require(str(one["id"]) == whole.id, f"{said} changes the order")
            alone = subject.service.ok(f"{path}/{features[0].id}", said, Accept=GEOJSON).json
            require(
                set(alone["properties"]) == set(wanted),
                f"{said} of one feature leaves {list(alone['properties'])}",
            )
        for wrong in ("no_such_property", f"{keys[0]},no_such_property", f"{keys[0]},,{keys[1]}"):
            subject.service.refused(path, {"properties": wrong})
            subject.service.refused(f"{path}/{features[0].id}", {"properties": wrong})

    subject.each(check)


@requirement("properties/exclude", part=PART, needs=PROPERTIES)
def excluded(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = list(features[0].properties)
        path = f"/collections/{name}/items"
        if subject.service.ask(path, {"exclude-properties": keys[0]}).status != 200:
            raise NothingToTest("exclude-properties is not offered")
        page = subject.service.ok(path, {"exclude-properties": keys[0], "limit": 1000}, Accept=GEOJSON).json
        for one, whole in zip(page["features"], features, strict=False):
            left = {key: value for key, value in whole.properties.items() if key != keys[0]}
            require(one["properties"] == left, f"exclude-properties={keys[0]} changes more than that")
        subject.service.refused(path, {"exclude-properties": "no_such_property"})

    subject.each(check)


@requirement(
    "sortables/get-sortables-uris", part=PART, needs=[SORTING + "sortables"], also=[SCHEMAS + "sortables"]
)
def sortables_linked(subject: Subject) -> None:
    for one in subject.collections:
        answer = subject.service.ask(f"/collections/{one['id']}/items", method="HEAD")
        told = [part for part in answer.header("Link").split(",") if f'rel="{REL}sortables"' in part]
        require(told, f"{answer} has no Link with rel {REL}sortables")
        require(
            links(subject.collection(one["id"]), REL + "sortables"), f"{one['id']} has no link {REL}sortables"
        )
        schema_document(subject, one["id"], "sortables")


@requirement("sorting/sortby-response", part=PART, needs=ORDERS)
def sorted_features(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        by_id = {one.id: one for one in features}
        kinds = {
            (one["type"], one.get("format")): key
            for key, one in subject.schema(name, "sortables")["properties"].items()
            if any(feature.properties.get(key) is not None for feature in features)
        }
        # One of each type; the next requirement takes two at once.
        for key in kinds.values():
            for sign in ("", "+", "-"):
                asked = {"sortby": sign + key}
                found = subject.found(name, asked)
                same(found, set(by_id), f"{asked}")
                order = [by_id[one].properties.get(key) for one in found]
                there = [value for value in order if value is not None]
                right = sorted(there, reverse=sign == "-")
                require(there == right, f"{asked} does not come in that order: {there[:5]}")
            descending = subject.found(name, {"sortby": f"-{key}", "limit": max(1, len(features) // 3)})
            require(
                descending == subject.found(name, {"sortby": f"-{key}"}), f"pages of sortby=-{key} do not fit"
            )

    subject.each(check)


@requirement("sorting/sortby-several", part=PART, needs=ORDERS)
def by_several(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        by_id = {one.id: one for one in features}
        keys = [
            key for key in subject.schema(name, "sortables")["properties"]
            if all(one.properties.get(key) is not None for one in features)
        ][:2]  # fmt: skip
        if len(keys) < 2:
            raise NothingToTest(f"{name} has fewer than two sortables without gaps")
        found = [by_id[one].properties for one in subject.found(name, {"sortby": f"{keys[0]},-{keys[1]}"})]
        for before, after in pairwise(found):
            first, then = (before[keys[0]], after[keys[0]])
            held = first < then or (first == then and before[keys[1]] >= after[keys[1]])
            require(held, f"sortby={keys[0]},-{keys[1]} puts {before} before {after}")

    subject.each(check)


@requirement("sorting/sortby-invalid", part=PART, needs=ORDERS)
def wrong_orders(subject: Subject) -> None:
    for one in subject.collections:
        key = next(iter(subject.schema(one["id"], "sortables")["properties"]))
        for wrong in (
            "this_is_not_a_sortable",
            "THIS IS NOT A SORTBY EXPRESSION",
            "",
            f"{key},",
            f"--{key}",
            f"{key},{key}",
        ):
            subject.service.refused(f"/collections/{one['id']}/items", {"sortby": wrong})
