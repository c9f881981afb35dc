"""CQL2, class by class: what a filter finds must be what its words say of the features that were served."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable  # noqa: TC003 - a table of them is made when the module is loaded
from typing import TYPE_CHECKING, Any

import shapely

from tests.api.conformance.filtering import (
    FILTERS,
    filtered,
    literal,
    numbers,
    simple,
    spatial,
    texts,
    values,
)
from tests.api.conformance.requirements import CQL2, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import boxes, same, touching

if TYPE_CHECKING:
    from tests.api.conformance.subject import Feature, Subject

PART = "CQL2"
BASIC = (*FILTERS, CQL2 + "basic-cql2", CQL2 + "cql2-text")
Value = Any  # Any: a JSON value.
_ORDERS: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def told_of(features: list[Feature], key: str) -> list[tuple[str, Value]]:
    """Names of features with their values; of an absent value nothing holds."""
    return [(one.id, one.properties[key]) for one in features if one.properties.get(key) is not None]


@requirement("basic-cql2/comparison", part=PART, needs=BASIC)
def comparisons(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in [*texts(subject, name)[:3], *numbers(subject, name)[:3]]:
            told = told_of(features, key)
            for value in values(features, key)[:1]:
                for sign, holds in _ORDERS.items():
                    text = f"{key} {sign} {literal(value)}"
                    same(filtered(subject, name, text), {n for n, at in told if holds(at, value)}, text)
                text = f'"{key}" = {literal(value)}'
                same(filtered(subject, name, text), {n for n, at in told if at == value}, text)

    subject.each(check)


@requirement("basic-cql2/logic", part=PART, needs=BASIC)
def logic(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        key = next(key for key in simple(subject, name) if values(features, key))
        value = values(features, key)[0]
        said, everything = f"{key} = {literal(value)}", {one.id for one in features}
        at, absent = (
            {n for n, one in told_of(features, key) if one == value},
            everything - {n for n, _ in told_of(features, key) if True},
        )
        cases = {
            said: at,
            f"NOT {said}": everything - at - absent,
            f"NOT ({said})": everything - at - absent,
            f"{said} OR {key} IS NULL": at | absent,
            f"{said} AND {key} IS NOT NULL": at,
            f"{said} AND {key} IS NULL": set(),
            f"{said} OR {said} AND {key} IS NULL": at,
            f"({said} OR {said}) AND {key} IS NULL": set(),
            "1 = 1": everything,
            "1 = 2": set(),
            "true": everything,
            "false": set(),
        }
        for text, truth in cases.items():
            same(filtered(subject, name, text), truth, text)

    subject.each(check)


@requirement("basic-cql2/booleans", part=PART, needs=BASIC)
def booleans(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = simple(subject, name, "boolean")
        if not keys:
            raise NothingToTest(f"{name} has no boolean")
        for key in keys:
            for value in (True, False):
                text = f"{key} = {literal(value)}"
                same(
                    filtered(subject, name, text),
                    {n for n, at in told_of(features, key) if at is value},
                    text,
                )

    subject.each(check)


@requirement("basic-cql2/types", part=PART, needs=BASIC)
def wrong_types(subject: Subject) -> None:
    def check(name: str) -> None:
        path = f"/collections/{name}/items"
        for key in numbers(subject, name)[:1]:
            subject.service.refused(path, {"filter": f"{key} = 'a text'"})
        for key in simple(subject, name, "boolean")[:1]:
            subject.service.refused(path, {"filter": f"{key} = 3"})
        for key in texts(subject, name)[:1]:
            subject.service.refused(path, {"filter": f"{key} = 3"})
            # Text of another language than ours in a text is a text.
            for tricky in ("''", "'a''b'", "'%'", "'; drop table x; --'", "'é漢😀'"):
                same(filtered(subject, name, f"{key} = {tricky}"), set(), tricky)

    subject.each(check)


@requirement(
    "advanced-comparison-operators/like-between-in",
    part=PART,
    needs=[*BASIC, CQL2 + "advanced-comparison-operators"],
)
def advanced(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in texts(subject, name)[:2]:
            known = [str(value) for value in values(features, key)]
            if not known:
                continue
            first = known[0]
            if len(first) > 1 and not set("%_\\") & set(first):
                head, cased = literal(first[:2] + "%"), literal("_" * len(first))
                same(
                    filtered(subject, name, f"{key} LIKE {head}"),
                    {n for n, at in told_of(features, key) if at[:2] == first[:2]},
                    head,
                )
                long = {n for n, at in told_of(features, key) if len(at) == len(first)}
                same(filtered(subject, name, f"{key} LIKE {cased}"), long, cased)
                same(
                    filtered(subject, name, f"{key} LIKE '\\%%'"),
                    {n for n, at in told_of(features, key) if at[:1] == "%"},
                    "escaped",
                )
            some = known[:2]
            listed = f"{key} IN ({','.join(map(literal, some))})"
            same(
                filtered(subject, name, listed),
                {n for n, at in told_of(features, key) if at in some},
                listed,
            )
            other = f"{key} NOT IN ({','.join(map(literal, some))})"
            same(
                filtered(subject, name, other),
                {n for n, at in told_of(features, key) if at not in some},
                other,
            )
        for key in numbers(subject, name)[:2]:
            known_numbers = values(features, key)
            if known_numbers:
                low, high = min(known_numbers), max(known_numbers)  # type: ignore[type-var]  # They are numbers.
                middle: Value = known_numbers[len(known_numbers) // 2]
                between = f"{key} BETWEEN {low} AND {middle!r}"
                same(
                    filtered(subject, name, between),
                    {n for n, at in told_of(features, key) if low <= at <= middle},
                    between,
                )
                outside = f"{key} NOT BETWEEN {low} AND {high}"
                same(filtered(subject, name, outside), set(), outside)

    subject.each(check)


@requirement(
    "case-insensitive-comparison/casei", part=PART, needs=[*BASIC, CQL2 + "case-insensitive-comparison"]
)
def caseless(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in texts(subject, name)[:2]:
            for value in map(str, values(features, key)[:2]):
                truth = {n for n, at in told_of(features, key) if at.casefold() == value.casefold()}
                for said in (value.upper(), value.lower()):
                    text = f"CASEI({key}) = CASEI({literal(said)})"
                    same(filtered(subject, name, text), truth, text)

    subject.each(check)


@requirement(
    "accent-insensitive-comparison/accenti", part=PART, needs=[*BASIC, CQL2 + "accent-insensitive-comparison"]
)
def accentless(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for key in texts(subject, name)[:2]:
            for value in map(str, values(features, key)[:4]):
                text = f"ACCENTI({key}) = ACCENTI({literal(value)})"
                found = filtered(subject, name, text)
                require(
                    {n for n, at in told_of(features, key) if at == value} <= set(found),
                    f"{text} misses what is equal",
                )

    subject.each(check)


@requirement("cql2-json/same-as-text", part=PART, needs=[*BASIC, CQL2 + "cql2-json"])
def in_json(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        key = next(key for key in simple(subject, name) if values(features, key))
        value = values(features, key)[0]
        prop, said = {"property": key}, literal(value)
        pairs: list[tuple[str, Any]] = [  # Any: JSON.
            (f"{key} = {said}", {"op": "=", "args": [prop, value]}),
            (f"{key} <> {said}", {"op": "<>", "args": [prop, value]}),
            (f"{key} IS NULL", {"op": "isNull", "args": [prop]}),
            (f"NOT {key} = {said}", {"op": "not", "args": [{"op": "=", "args": [prop, value]}]}),
            (
                f"{key} = {said} OR {key} IS NULL",
                {"op": "or", "args": [{"op": "=", "args": [prop, value]}, {"op": "isNull", "args": [prop]}]},
            ),
        ]
        for text, tree in pairs:
            found = subject.found(name, {"filter": json.dumps(tree), "filter-lang": "cql2-json"})
            require(
                found == filtered(subject, name, text), f"{json.dumps(tree)} finds another set than {text}"
            )
        path = f"/collections/{name}/items"
        for wrong in (
            "[]",
            "1",
            "null",
            "{",
            '{"op":"="}',
            '{"op":"=","args":[]}',
            '{"op":"nope","args":[1,2]}',
        ):
            subject.service.refused(path, {"filter": wrong, "filter-lang": "cql2-json"})

    subject.each(check)


@requirement(
    "cql2-json/shapes", part=PART, needs=[*BASIC, CQL2 + "cql2-json", CQL2 + "basic-spatial-functions"]
)
def shapes_in_json(subject: Subject) -> None:
    def check(name: str) -> None:
        key = spatial(subject, name)
        features = [one for one in subject.located(name) if one.geometry is not None]
        box = boxes(features, how_many=1, seed=17)[1]
        for shape in ({"bbox": list(box)}, json.loads(shapely.to_geojson(shapely.box(*box)))):
            tree = {"op": "s_intersects", "args": [{"property": key}, shape]}
            found = subject.found(name, {"filter": json.dumps(tree), "filter-lang": "cql2-json"})
            same(found, touching(features, box), json.dumps(tree))

    subject.each(check)
