"""CQL2's functions: of space, time and lists, and arithmetic."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable  # noqa: TC003 - as in `cql2`
from typing import Any

import shapely

from tests.api.conformance.cql2 import BASIC, PART, Value, told_of
from tests.api.conformance.filtering import (
    filtered,
    literal,
    numbers,
    queryables,
    simple,
    spatial,
    texts,
    values,
)
from tests.api.conformance.requirements import CQL2, requirement
from tests.api.conformance.service import NothingToTest
from tests.api.conformance.subject import Subject, boxes, moment, same, touching, written


@requirement(
    "basic-spatial-functions/s_intersects", part=PART, needs=[*BASIC, CQL2 + "basic-spatial-functions"]
)
def intersects(subject: Subject) -> None:
    def check(name: str) -> None:
        key = spatial(subject, name)
        features = [one for one in subject.located(name) if one.geometry is not None]
        for box in boxes(features, how_many=2, seed=13)[1:]:
            truth = touching(features, box)
            west, south, east, north = box
            same(filtered(subject, name, f"S_INTERSECTS({key},BBOX({written(box)}))"), truth, f"BBOX{box}")
            with_height = f"S_INTERSECTS({key},BBOX({west!r},{south!r},0,{east!r},{north!r},10))"
            same(filtered(subject, name, with_height), truth, with_height)
        x, y = shapely.get_coordinates(features[0].geometry)[0]
        point = f"S_INTERSECTS({key},POINT({float(x)!r} {float(y)!r}))"
        same(filtered(subject, name, point), touching(features, (x, y, x, y)), point)
        over = f"S_INTERSECTS({key},BBOX(150,-90,-150,90))"
        truth = touching(features, (150.0, -90.0, 180.0, 90.0)) | touching(
            features, (-180.0, -90.0, -150.0, 90.0)
        )
        same(filtered(subject, name, over), truth, over)

    subject.each(check)


@requirement(
    "basic-spatial-functions-plus/shapes", part=PART, needs=[*BASIC, CQL2 + "basic-spatial-functions-plus"]
)
def shapes(subject: Subject) -> None:
    _spatial(subject, {"S_INTERSECTS": shapely.intersects})


@requirement("spatial-functions/all", part=PART, needs=[*BASIC, CQL2 + "spatial-functions"])
def relations(subject: Subject) -> None:
    _spatial(
        subject,
        {
            "S_DISJOINT": shapely.disjoint,
            "S_WITHIN": shapely.within,
            "S_CONTAINS": shapely.contains,
            "S_TOUCHES": shapely.touches,
            "S_OVERLAPS": shapely.overlaps,
            "S_CROSSES": shapely.crosses,
            "S_EQUALS": shapely.equals,
        },
    )


def _spatial(subject: Subject, truths: dict[str, Callable[..., Any]]) -> None:  # Any: shapely's predicates.
    """Try spatial functions with shapes of several kinds, one of them a feature's own."""

    def check(name: str) -> None:
        key = spatial(subject, name)
        features = [one for one in subject.located(name) if one.geometry is not None]
        west, south, east, north = boxes(features, how_many=0)[0]
        middle = (west + east) / 2
        own = features[0].geometry
        made = [
            shapely.Polygon([(west, south), (east, south), (middle, north)]),
            shapely.LineString([(west, south), (middle, north), (east, south)]),
            shapely.MultiPoint([(middle, south), (middle, (south + north) / 2)]),
        ]
        if own is not None and shapely.get_num_coordinates(own) < 40:
            made.append(own)
        for other in made:
            said = shapely.to_wkt(other, rounding_precision=-1)
            for function, holds in truths.items():
                text = f"{function}({key},{said})"
                truth = {one.id for one in features if bool(holds(one.geometry, other))}
                same(filtered(subject, name, text), truth, text)

    subject.each(check)


@requirement("temporal-functions/all", part=PART, needs=[*BASIC, CQL2 + "temporal-functions"])
def times(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        told = queryables(subject, name)
        keys = [
            key for key in simple(subject, name, "string") if told[key].get("format") in {"date", "date-time"}
        ]
        if not keys:
            raise NothingToTest(f"{name} has no queryable that is a time")
        for key in keys[:2]:
            known = sorted(map(str, values(features, key)))
            if not known:
                continue
            value = known[len(known) // 2]
            said = f"DATE('{value}')" if told[key]["format"] == "date" else f"TIMESTAMP('{_utc(value)}')"
            least = f"T_INTERSECTS({key},INTERVAL('{_utc(value)}','..'))"
            most = f"T_INTERSECTS({key},INTERVAL('..','{_utc(value)}'))"
            for text, holds in {
                f"T_AFTER({key},{said})": operator.gt,
                f"T_BEFORE({key},{said})": operator.lt,
                f"T_EQUALS({key},{said})": operator.eq,
                f"T_DISJOINT({key},{said})": operator.ne,
                f"T_INTERSECTS({key},{said})": operator.eq,
                least: operator.ge,
                most: operator.le,
                f"{key} = {said}": operator.eq,
                f"{key} >= {said}": operator.ge,
            }.items():
                truth = {n for n, one in told_of(features, key) if holds(_instant(one), _instant(value))}
                same(filtered(subject, name, text), truth, text)

    subject.each(check)


def _instant(text: str) -> dt.datetime:
    """Read a time."""
    at = moment(text, last_of_day=False)
    if at is None:
        raise AssertionError
    return at


def _utc(text: str) -> str:
    """Write a time as CQL2 does: a day as it is, an instant in UTC."""
    return text if len(text) == 10 else f"{_instant(text).astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


@requirement("array-functions/all", part=PART, needs=[*BASIC, CQL2 + "array-functions"])
def arrays(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = [key for key, one in queryables(subject, name).items() if one.get("type") == "array"]
        known = [key for key in keys if any(one.properties.get(key) for one in features)]
        if not known:
            raise NothingToTest(f"{name} has no array")
        key = known[0]
        sample = next(one.properties[key] for one in features if one.properties.get(key))[:1]
        listed = f"({','.join(map(literal, sample))})"
        wanted = set(sample)
        cases: dict[str, Callable[[Value], bool]] = {
            f"A_CONTAINS({key},{listed})": lambda at: wanted <= set(at),
            f"A_CONTAINEDBY({key},{listed})": lambda at: set(at) <= wanted,
            f"A_OVERLAPS({key},{listed})": lambda at: bool(wanted & set(at)),
            f"A_EQUALS({key},{listed})": lambda at: set(at) == wanted,
        }
        for text, holds in cases.items():
            same(filtered(subject, name, text), {n for n, at in told_of(features, key) if holds(at)}, text)

    subject.each(check)


@requirement("property-property/comparison", part=PART, needs=[*BASIC, CQL2 + "property-property"])
def two_properties(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        for keys in (texts(subject, name)[:2], numbers(subject, name)[:2]):
            if len(keys) == 2:
                one, two = keys
                for operator in ("=", "<"):
                    truth = {
                        f.id
                        for f in features
                        if (a := f.properties.get(one)) is not None
                        and (b := f.properties.get(two)) is not None
                        and (a == b if operator == "=" else a < b)
                    }
                    text = f"{one} {operator} {two}"
                    same(filtered(subject, name, text), truth, text)

    subject.each(check)


@requirement("arithmetic/operators", part=PART, needs=[*BASIC, CQL2 + "arithmetic"])
def arithmetic(subject: Subject) -> None:
    def check(name: str) -> None:
        features = subject.some(name)
        keys = [key for key in simple(subject, name, "integer") if values(features, key)]
        if not keys:
            raise NothingToTest(f"{name} has no whole number")
        key = keys[0]
        value: Value = values(features, key)[0]
        cases: dict[str, Callable[[Value], bool]] = {
            f"{key} + 1 > {value}": lambda at: at + 1 > value,
            f"{key} * 2 = {value * 2}": lambda at: at == value,
            f"{key} - {value} = 0": lambda at: at == value,
            f"{key} = 2 * {value} - {value}": lambda at: at == value,
            f"({key} + 2) * 3 <= {(value + 2) * 3}": lambda at: at <= value,
            f"{key} / 2 = {value / 2!r}": lambda at: at == value,
            f"{key} = 2 + 3 * 4 - 14 + {value}": lambda at: at == value,
            f"{key} % 2 = {value % 2}": lambda at: at % 2 == value % 2,
            f"{key} ^ 2 = {value**2}": lambda at: at * at == value * value,
            f"{key} div 2 = {value // 2}": lambda at: at // 2 == value // 2,
        }
        for text, holds in cases.items():
            same(filtered(subject, name, text), {n for n, at in told_of(features, key) if holds(at)}, text)

    subject.each(check)
