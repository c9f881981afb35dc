"""Random filters: well-typed ones as the structure that JSON has, and texts that only look like filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from hotspot.catalogue import PropertyType
from hotspot.cql2.relations import ArrayTest, SpatialTest, TemporalTest

QUERYABLES = {
    "name": PropertyType.TEXT,
    "other": PropertyType.TEXT,
    "rank": PropertyType.INTEGER,
    "score": PropertyType.NUMBER,
    "sure": PropertyType.BOOLEAN,
    "day": PropertyType.DATE,
    "until": PropertyType.DATE,
    "started": PropertyType.INSTANT,
    "ended": PropertyType.INSTANT,
    "tags": PropertyType.TEXTS,
    "geometry": PropertyType.GEOMETRY,
}

Structure = Any
"""What JSON holds: a filter's structure has no narrower type."""

_ORDERS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_TEMPORAL = [name.value for name in TemporalTest]
_ARRAY = [name.value for name in ArrayTest]
_SPATIAL = [name.value for name in SpatialTest]

WORDS = st.sampled_from(
    ["", "a", "A", "b", "ab", "Äb", "it's", "100%", "a_b", "Straße", "STRASSE", "é", "*", "[x]"]
)
NUMBERS = st.integers(-20, 20) | st.sampled_from([0.5, -2.25, 3.75, 1000000])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 6))
INSTANTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 0, 0, 6)).map(  # noqa: DTZ001 - made aware below
    lambda one: one.replace(microsecond=one.microsecond // 500_000 * 500_000, tzinfo=dt.UTC)
)


def _op(name: str, *arguments: Structure) -> Structure:
    return {"op": name, "args": list(arguments)}


def _property(*names: str) -> st.SearchStrategy[Structure]:
    return st.sampled_from([{"property": name} for name in names])


def written(instant: dt.datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def texts() -> st.SearchStrategy[Structure]:
    plain = WORDS | _property("name", "other")
    return plain | st.builds(_op, st.sampled_from(["casei", "accenti"]), plain)


def numbers() -> st.SearchStrategy[Structure]:
    plain = NUMBERS | _property("rank", "score")
    # Numbers alone may have no result, which is an error; beside a property it is unknown.
    return plain | st.builds(
        _op, st.sampled_from(["+", "-", "*", "/", "%", "^"]), _property("rank", "score"), plain
    )


def _intervals(bounds: st.SearchStrategy[str], *names: str) -> st.SearchStrategy[Structure]:
    stated = st.tuples(bounds, bounds).map(sorted)
    opened = st.tuples(st.just(".."), bounds) | st.tuples(bounds, st.just("..")) | st.just(("..", ".."))
    named = st.just(tuple({"property": name} for name in names))
    return (stated | opened | named).map(lambda pair: {"interval": list(pair)})


def dates() -> st.SearchStrategy[Structure]:
    return DAYS.map(lambda day: {"date": day.isoformat()}) | _property("day", "until")


def instants() -> st.SearchStrategy[Structure]:
    return INSTANTS.map(lambda one: {"timestamp": written(one)}) | _property("started", "ended")


def _temporal() -> st.SearchStrategy[Structure]:
    of_days = dates() | _intervals(DAYS.map(dt.date.isoformat), "day", "until")
    of_instants = instants() | _intervals(INSTANTS.map(written), "started", "ended")
    names = st.sampled_from(_TEMPORAL)
    return st.builds(_op, names, of_days, of_days) | st.builds(_op, names, of_instants, of_instants)


def _sets() -> st.SearchStrategy[Structure]:
    return st.lists(st.sampled_from(["a", "b", "c", '"', ","]), min_size=1, max_size=3) | _property("tags")


def shapes() -> st.SearchStrategy[Structure]:
    """Points, lines and boxes on a small grid, so that they often touch."""
    grid = st.integers(0, 4)
    point = st.tuples(grid, grid).map(list)
    line = st.lists(point, min_size=2, max_size=3, unique_by=tuple)
    sides = st.tuples(grid, grid, grid, grid).map(
        lambda four: [
            min(four[0], four[1]),
            min(four[2], four[3]),
            max(four[0], four[1]) + 1,
            max(four[2:]) + 1,
        ]
    )
    return st.one_of(
        point.map(lambda one: {"type": "Point", "coordinates": one}),
        line.map(lambda one: {"type": "LineString", "coordinates": one}),
        sides.map(lambda one: {"bbox": one}),
        sides.map(
            lambda one: {
                "type": "Polygon",
                "coordinates": [
                    [[one[0], one[1]], [one[2], one[1]], [one[2], one[3]], [one[0], one[3]], [one[0], one[1]]]
                ],
            }
        ),
    )


def spatial() -> st.SearchStrategy[Structure]:
    named = st.just({"property": "geometry"})
    names = st.sampled_from(_SPATIAL)
    return st.builds(_op, names, named, shapes()) | st.builds(_op, names, shapes(), named)


def comparisons() -> st.SearchStrategy[Structure]:
    pairs = [numbers(), texts(), dates(), instants(), st.booleans() | _property("sure")]
    return st.one_of([st.builds(_op, _ORDERS, values, values) for values in pairs])


def predicates() -> st.SearchStrategy[Structure]:
    """Any predicate without AND, OR and NOT."""
    patterns = st.sampled_from(["%", "a%", "%b", "_", "A_b", "100\\%", "%*%", "[x]", "", "a\\_b", "É"])
    return st.one_of(
        comparisons(),
        st.builds(lambda value, low, high: _op("between", value, low, high), numbers(), numbers(), numbers()),
        st.builds(
            lambda value, few: _op("in", value, few), texts(), st.lists(texts(), min_size=1, max_size=3)
        ),
        st.builds(
            lambda value, few: _op("in", value, few), numbers(), st.lists(numbers(), min_size=1, max_size=3)
        ),
        st.builds(lambda text, pattern: _op("like", text, pattern), texts(), patterns),
        _property(*QUERYABLES).map(lambda one: _op("isNull", one)),
        _temporal(),
        st.builds(_op, st.sampled_from(_ARRAY), _sets(), _sets()),
        spatial(),
        _property("sure"),
    )


def filters() -> st.SearchStrategy[Structure]:
    """Any filter."""
    return st.recursive(
        predicates(),
        lambda parts: (
            st.builds(lambda few: _op("and", *few), st.lists(parts, min_size=2, max_size=3))
            | st.builds(lambda few: _op("or", *few), st.lists(parts, min_size=2, max_size=3))
            | st.builds(lambda part: _op("not", part), parts)
        ),
        max_leaves=5,
    )


_LANGUAGE = r"""
name rank score sure day started tags geometry and or not like between in is null true false div ( ) , + - * /
% ^ = <> < <= > >= 1 0.5 1e400 1e5 'a' '' 'a''b' 'x\%' "name" casei( accenti( date( timestamp( interval( '..'
'2026-02-30' '2026-01-01' '2026-01-01T00:00:00Z' s_intersects( t_after( a_contains( bbox( point( polygon((
multipoint( linestring( geometrycollection( 180 -90 1 2 ; -- \ ' " é z
"""
_SCRAPS = st.sampled_from([*_LANGUAGE.split(), "\0", "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL A}"])


def scraps() -> st.SearchStrategy[str]:
    """Words of the language in any order."""
    return st.lists(_SCRAPS, max_size=25).map(" ".join)
