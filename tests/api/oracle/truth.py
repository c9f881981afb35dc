"""
What a request for features should find, worked out in plain Python and Shapely from a dump of everything.

Nothing of the service's own reading of requests is used: a question is drawn as a set of conditions, each of
which can say itself as a parameter and can look at a feature. Conditions know three truths, as SQL does.
"""

from __future__ import annotations

import datetime as dt
import json
import operator
from collections.abc import Callable  # noqa: TC003 - a table of them is made when the module is loaded
from dataclasses import dataclass
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry import shape

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

Json = dict[str, Any]  # Any: JSON.
Truth = bool | None
"""Yes, no, or unknown because there is no value."""

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
ZONE = ZoneInfo("Europe/Amsterdam")

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {  # Any: values of one type.
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A feature of the dump."""

    id: str
    properties: Json
    shapes: Mapping[str, BaseGeometry | None]
    span: tuple[dt.datetime, dt.datetime] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that may hold: as CQL2 text, and as a look at a feature."""

    text: str
    holds: Callable[[Known], Truth]


@dataclass(frozen=True, slots=True)
class Question:
    """A request for features: its parameters, and what it should find in which order."""

    params: Mapping[str, str]
    found: list[Known]
    crs: str


def known(by_crs: Mapping[str, Sequence[Json]], span: tuple[str, str] | None) -> list[Known]:
    """Put together what the dumps in several systems tell of each feature."""
    listed = []
    for same in zip(*by_crs.values(), strict=True):
        shapes = {
            crs: None if one["geometry"] is None else shape(one["geometry"])
            for crs, one in zip(by_crs, same, strict=True)
        }
        properties = same[0]["properties"]
        listed.append(Known(same[0]["id"], properties, shapes, _span(properties, span)))
    return listed


def _span(properties: Json, names: tuple[str, str] | None) -> tuple[dt.datetime, dt.datetime] | None:
    """First and last instant of a feature; a day lasts from one local midnight to the next."""
    if names is None:
        return None
    first, last = properties[names[0]], properties[names[1]]
    if "T" in first:
        return dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)
    after = dt.datetime.combine(dt.date.fromisoformat(last) + dt.timedelta(days=1), dt.time(), ZONE)
    begins = dt.datetime.combine(dt.date.fromisoformat(first), dt.time(), ZONE)
    return begins.astimezone(dt.UTC), after.astimezone(dt.UTC) - dt.timedelta(seconds=1)


class Asker:
    """
    Draws questions about the features of one collection.

    Parameters
    ----------
    features
        All of them, in the order of publication.
    schema
        The properties with their schemas, as the queryables tell them.
    chance
        What is drawn from.
    """

    def __init__(self, features: Sequence[Known], schema: Mapping[str, Json], chance: random.Random) -> None:
        self._features = features
        self._chance = chance
        told = {key for one in features for key, value in one.properties.items() if value is not None}
        self._simple = {
            key: one for key, one in schema.items() if key in told and one.get("type") not in {None, "array"}
        }
        self._bounds = {
            crs: tuple(
                map(float, shapely.total_bounds([one.shapes[crs] for one in features if one.shapes[crs]]))
            )
            for crs in (CRS84, RD)
        }

    def question(self) -> Question:
        """Draw one."""
        chance, params, found = self._chance, dict[str, str](), list(self._features)
        if chance.random() < 0.5:
            crs = chance.choice((CRS84, RD))
            area, params["bbox"] = self._box(crs)
            if crs == RD or chance.random() < 0.2:
                params["bbox-crs"] = crs
            found = [one for one in found if (at := one.shapes[crs]) is None or at.intersects(area)]
        if chance.random() < 0.4:
            params["datetime"], first, last = self._interval()
            found = [one for one in found if one.span is None or _meets(one.span, first, last)]
        if chance.random() < 0.6:
            condition = self._condition(depth=chance.randint(0, 2))
            params["filter"] = condition.text
            found = [one for one in found if condition.holds(one)]
        if chance.random() < 0.2:
            key, value = self._value(of=("string", "integer", "boolean"))
            params[key] = str(value).lower() if isinstance(value, bool) else str(value)
            found = [one for one in found if one.properties.get(key) == value]
        if chance.random() < 0.4:
            keys = [(key, chance.random() < 0.5) for key in chance.sample(sorted(self._simple), 2)]
            params["sortby"] = ",".join(("-" if descending else "") + key for key, descending in keys)
            found = _sorted(found, keys)
        crs = chance.choice((CRS84, RD))
        if crs != CRS84:
            params["crs"] = crs
        return Question(params, found, crs)

    def _value(self, of: tuple[str, ...]) -> tuple[str, Any]:  # Any: a value of any type.
        """Draw a property with a value that some feature has."""
        keys = sorted(key for key, one in self._simple.items() if one["type"] in of)
        key = self._chance.choice(keys)
        told = [one.properties[key] for one in self._features if one.properties.get(key) is not None]
        return key, self._chance.choice(told)

    def _box(self, crs: str) -> tuple[BaseGeometry, str]:
        """Draw a box: anywhere, on a corner of a feature, or of no size."""
        chance, (west, south, east, north) = self._chance, self._bounds[crs]
        x = sorted(chance.uniform(west, east) for _ in range(2))
        y = sorted(chance.uniform(south, north) for _ in range(2))
        if chance.random() < 0.2:
            at = chance.choice([one.shapes[crs] for one in self._features if one.shapes[crs] is not None])
            corner = chance.choice(shapely.get_coordinates(at).tolist())
            x, y = ([corner[0], max(corner[0], x[1])], [corner[1], max(corner[1], y[1])])
            if chance.random() < 0.3:
                x, y = [corner[0]] * 2, [corner[1]] * 2
        sides = (x[0], y[0], x[1], y[1])
        return rectangle(*sides), ",".join(map(repr, sides))

    def _interval(self) -> tuple[str, dt.datetime | None, dt.datetime | None]:
        """Draw an instant or an interval that ends at, or just beside, an end of a feature."""
        chance = self._chance
        spans = [one.span for one in self._features if one.span is not None]
        ends = [
            chance.choice(chance.choice(spans)) if spans else dt.datetime(2010, 1, 1, tzinfo=dt.UTC)
            for _ in "12"
        ]
        beside = [
            end + dt.timedelta(milliseconds=chance.choice((-1000, -500, 0, 0, 500, 1000))) for end in ends
        ]
        first, last = sorted(beside)
        shown = [chance.choice((_utc, _zoned))(one) for one in (first, last)]
        kind = chance.randrange(4)
        if kind == 0:
            return shown[0], first, first
        if kind == 1:
            return f"{chance.choice(('..', ''))}/{shown[1]}", None, last
        if kind == 2:
            return f"{shown[0]}/{chance.choice(('..', ''))}", first, None
        return "/".join(shown), first, last

    def _condition(self, depth: int) -> Condition:
        """Draw a condition that nests so deep."""
        if depth == 0:
            return self._chance.choice(
                (self._compared, self._compared, self._listed, self._absent, self._placed)
            )()
        one, two = self._condition(depth - 1), self._condition(depth - 1)
        kind = self._chance.randrange(3)
        if kind == 0:
            return Condition(f"NOT ({one.text})", lambda at: None if (t := one.holds(at)) is None else not t)
        if kind == 1:
            return Condition(f"({one.text}) AND ({two.text})", lambda at: _both(one.holds(at), two.holds(at)))
        return Condition(f"({one.text}) OR ({two.text})", lambda at: _either(one.holds(at), two.holds(at)))

    def _compared(self) -> Condition:
        """A property against a value."""
        key, value = self._value(of=("string", "integer", "number", "boolean"))
        kind = self._simple[key]["type"]
        sign = self._chance.choice(("=", "<>") if kind == "boolean" else tuple(_ORDERS))
        said = _literal(value, self._simple[key])

        def holds(one: Known) -> Truth:
            there = one.properties.get(key)
            return None if there is None else _ORDERS[sign](_comparable(there), _comparable(value))

        return Condition(
            f'"{key}" {sign} {said}' if self._chance.random() < 0.2 else f"{key} {sign} {said}", holds
        )

    def _listed(self) -> Condition:
        """A property in a list, between two values, or like a pattern."""
        key, value = self._value(of=("string", "integer"))
        other = next(v for k, v in iter(lambda: self._value(of=("string", "integer")), None) if k == key)
        kind = self._simple[key]
        if kind["type"] == "string" and "format" not in kind and self._chance.random() < 0.5:
            head = value[: self._chance.randint(0, len(value))]
            if not set(head) & set("%_\\"):
                text = f"{key} LIKE {_literal(head + '%', kind)}"
                return Condition(text, lambda one: _told(one, key, lambda at: at.startswith(head)))
        if kind["type"] == "integer" and self._chance.random() < 0.5:
            low, high = sorted((value, other))
            return Condition(
                f"{key} BETWEEN {low} AND {high}", lambda one: _told(one, key, lambda at: low <= at <= high)
            )
        listed = ",".join(_literal(one, kind) for one in (value, other))
        negated = self._chance.random() < 0.3
        return Condition(
            f"{key} {'NOT ' if negated else ''}IN ({listed})",
            lambda one: _told(one, key, lambda at: (at in {value, other}) != negated),
        )

    def _absent(self) -> Condition:
        """A property without a value, or with one."""
        key = self._chance.choice(sorted(self._simple))
        negated = self._chance.random() < 0.5
        text = f"{key} IS {'NOT ' if negated else ''}NULL"
        return Condition(text, lambda one: (one.properties.get(key) is None) != negated)

    def _placed(self) -> Condition:
        """Something about the shape."""
        area, sides = self._box(CRS84)
        if area.area == 0.0 or self._chance.random() < 0.5:
            text = f"S_INTERSECTS(geometry,BBOX({sides}))"
        else:
            west, south, east, north = area.bounds
            area = shapely.Polygon([(west, south), (east, south), ((west + east) / 2, north)])
            text = f"S_INTERSECTS(geometry,{shapely.to_wkt(area, rounding_precision=-1)})"
        return Condition(
            text, lambda one: None if (at := one.shapes[CRS84]) is None else bool(at.intersects(area))
        )


def rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """What a box covers: also a line or a point."""
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)


def _told(one: Known, key: str, holds: Callable[[Any], bool]) -> Truth:  # Any: a value of any type.
    """Look at a value, if there is one."""
    there = one.properties.get(key)
    return None if there is None else holds(there)


def _both(one: Truth, two: Truth) -> Truth:
    """And, of three truths."""
    if one is False or two is False:
        return False
    return None if one is None or two is None else True


def _either(one: Truth, two: Truth) -> Truth:
    """Or, of three truths."""
    if one or two:
        return True
    return None if one is None or two is None else False


def _meets(
    span: tuple[dt.datetime, dt.datetime], first: dt.datetime | None, last: dt.datetime | None
) -> bool:
    """Whether two closed intervals share an instant."""
    return (last is None or span[0] <= last) and (first is None or first <= span[1])


def _sorted(features: list[Known], keys: Sequence[tuple[str, bool]]) -> list[Known]:
    """Order by several keys."""

    def compare(one: Known, two: Known) -> int:
        return _order(one, two, keys)

    return sorted(features, key=cmp_to_key(compare))


def _order(one: Known, two: Known, keys: Sequence[tuple[str, bool]]) -> int:
    """Compare by several keys; what has no value comes last, and ties stay as they were."""
    for key, descending in keys:
        at, there = one.properties.get(key), two.properties.get(key)
        if at == there:
            continue
        if at is None or there is None:
            return 1 if at is None else -1
        before = _comparable(at) < _comparable(there)
        return -1 if before != descending else 1
    return 0


def _comparable(value: Any) -> Any:  # noqa: ANN401 - a value of any type
    """An instant as such; everything else compares as it is."""
    if isinstance(value, str) and len(value) == 20 and value.endswith("Z"):
        return dt.datetime.fromisoformat(value).isoformat()
    return value


def _literal(value: Any, schema: Mapping[str, Any]) -> str:  # noqa: ANN401 - a value of any type
    """Write a value as CQL2 text."""
    form = {"date": "DATE('{}')", "date-time": "TIMESTAMP('{}')"}.get(schema.get("format", ""))
    if form is not None:
        return form.format(value)
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else json.dumps(value)


def _utc(at: dt.datetime) -> str:
    """Write an instant in UTC."""
    text = at.astimezone(dt.UTC).isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def _zoned(at: dt.datetime) -> str:
    """Write an instant in another zone."""
    return at.astimezone(dt.timezone(dt.timedelta(hours=1))).isoformat()
