from __future__ import annotations

import datetime as dt
import json

import cql2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotspot.catalogue import PropertyType, Reference
from hotspot.cql2.reading import Language, parse
from hotspot.cql2.relations import TemporalTest
from hotspot.cql2.tree import (
    And,
    Arithmetic,
    Comparison,
    Expression,
    Folded,
    Folding,
    Interval,
    Like,
    Literal,
    Not,
    Or,
    Order,
    PropertyName,
    Spatial,
    Sum,
    Temporal,
    Truth,
)
from hotspot.errors import InvalidInput
from tests.hotspot.cql2 import strategies
from tests.hotspot.cql2.steps import calls_of


def _parse(text: str, language: Language = "cql2-text", reference: Reference = Reference.CRS84) -> Expression:
    return parse(text, language, queryables=strategies.QUERYABLES, filter_reference=reference)


def _refusal(text: str, language: Language = "cql2-text", reference: Reference = Reference.CRS84) -> str:
    with pytest.raises(InvalidInput) as refused:
        _parse(text, language, reference)
    return str(refused.value)


_G = '{"property": "geometry"}'
NAME = PropertyName("name", PropertyType.TEXT)
RANK = PropertyName("rank", PropertyType.INTEGER)


def test_parse__keeps_types() -> None:
    assert _parse("rank = 3") == Comparison(Order.EQUAL, RANK, Literal(3, PropertyType.INTEGER))
    assert _parse("rank = 3.0") == Comparison(Order.EQUAL, RANK, Literal(3.0, PropertyType.NUMBER))
    assert _parse("sure") == Truth(PropertyName("sure", PropertyType.BOOLEAN))
    assert _parse("TRUE") == Truth(value=True)
    assert _parse("started < TIMESTAMP('2026-01-01T01:00:00.5+01:00')") == Comparison(
        Order.LESS,
        PropertyName("started", PropertyType.INSTANT),
        Literal(dt.datetime(2026, 1, 1, microsecond=500_000, tzinfo=dt.UTC), PropertyType.INSTANT),
    )


def test_parse__reckons_with_what_is_stated() -> None:
    def right(text: str) -> object:
        read = _parse(f"rank = {text}")
        assert isinstance(read, Comparison)
        return read.right

    assert right("1038280 + 8 * 2") == Literal(1_038_296, PropertyType.INTEGER)
    assert right("21 div 10") == Literal(2.0, PropertyType.NUMBER)
    assert right("-21 % 10") == Literal(-1.0, PropertyType.NUMBER)
    assert right("-7 div 2") == Literal(-3.0, PropertyType.NUMBER)
    assert right("2 ^ 10") == Literal(1024.0, PropertyType.NUMBER)
    assert right("9223372036854775807 + 1") == Literal(2.0**63, PropertyType.NUMBER)
    assert right("rank + 1") == Arithmetic(Sum.PLUS, RANK, Literal(1, PropertyType.INTEGER))


def test_parse__folds_what_is_stated() -> None:
    folded = Folded(Folding.CASE, NAME)
    assert _parse("CASEI(name) = casei('STRASSE')") == _parse("CASEI(name) = casei('straße')")
    assert _parse("CASEI(name) LIKE casei('A%')") == Like(folded, "a%")
    assert _parse("ACCENTI(name) LIKE accenti('é_')") == Like(Folded(Folding.ACCENTS, NAME), "e_")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unknown = 1", "there is no property 'unknown'"),
        ("unknown IS NULL", "a filter is about day, ended, geometry, name"),
        ("name = 1", "'name' (text) and '1' (integer)"),
        ("rank = 'a'", "= compares like with like"),
        ("day = '2026-01-01'", "'day' (date)"),
        ("day = TIMESTAMP('2026-01-01T00:00:00Z')", "'day' (date)"),
        ("started > DATE('2026-01-01')", "'started' (instant)"),
        ("day = DATE('2026-02-30')", "a date is a day that exists"),
        ("day = DATE('0000-01-01')", "a date is a day that exists"),
        ("started = TIMESTAMP('2026-01-01T25:00:00Z')", "a timestamp is an instant that exists"),
        ("started = TIMESTAMP('2026-01-01T00:00:00')", "a timestamp is an instant that exists"),
        ("started = TIMESTAMP('2026-01-01T00:00:00.0000001Z')", "six digits"),
        ("started = TIMESTAMP('0001-01-01T00:00:00+01:00')", "a timestamp is an instant that exists"),
        ("rank = 1e400", "at most 308 digits"),
        ("rank = " + "9" * 400, "at most 308 digits"),
        ("rank = 1 / 0", "a result within bounds, got 1 / 0"),
        ("rank = 1 div 0", "a result within bounds"),
        ("rank = 10^10^10^10", "a result within bounds"),
        ("rank = 0 ^ -1", "a result within bounds"),
        ("rank = 1e200 * 1e200", "a result within bounds"),
        ("name + 1 = 2", "+ takes numbers, got 'name' (text)"),
        ("casei(rank) = 'a'", "casei takes a text"),
        ("casei(name, other) = 'a'", "casei takes one argument, got 2"),
        ("rank LIKE 'a%'", "LIKE compares a text with a pattern"),
        ("rank + 1 LIKE 'a'", "got a number"),
        ("day = DATE('tomorrow')", "a date is a day that exists"),
        ("S_INTERSECTS(geometry, POINT(99999999999 0))", "lies inside its reference system"),
        ("name LIKE other", "the pattern of LIKE is a text in quotes"),
        ("name LIKE 'a\\'", "quote that is not closed"),
        ("name BETWEEN 1 AND 2", "between compares like with like"),
        ("rank IN ('a')", "in compares like with like"),
        ("rank IN ()", "a list that is not empty"),
        ("rank", "true or false for each feature, got 'rank' (integer)"),
        ("'a'", "true or false for each feature"),
        ("NOT name", "true or false for each feature"),
        ("geometry = 1", "S_ and A_ functions compare it"),
        ("tags = 'a'", "S_ and A_ functions compare it"),
        ("geometry + 1 = 2", "S_ and A_ functions compare it"),
        ("(rank = 1) + 1 = 2", "got what is true or false itself"),
        ("S_INTERSECTS(name, POINT(1 2))", "a geometry was required, got 'name' (text)"),
        ("S_INTERSECTS(geometry, 1)", "a geometry was required"),
        ("S_INTERSECTS(geometry)", "s_intersects takes two arguments, got 1"),
        ("S_INTERSECTS(geometry, POINT(90 180))", "lies inside its reference system"),
        ("S_INTERSECTS(geometry, BBOX(1000000,1000000,1000001,1000001))", "lies inside its reference system"),
        ("S_INTERSECTS(geometry, BBOX(0,50,10,40))", "its lower corner first"),
        ("S_INTERSECTS(geometry, BBOX(0,50,10))", "four or six numbers"),
        ("S_INTERSECTS(geometry, BBOX(0,50,1e400,51))", "lies inside its reference system"),
        ("S_INTERSECTS(geometry, LINESTRING(1 2))", "at least 2 positions"),
        ("S_INTERSECTS(geometry, LINESTRING(1 2, 1 2))", "Too few points in geometry component"),
        ("S_INTERSECTS(geometry, POINT(1))", "two or three numbers"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 2 2)))", "a ring ends where it starts"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 0)))", "at least 4 positions"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "Self-intersection"),
        ("S_INTERSECTS(geometry, MULTIPOINT())", "at least 1 positions"),
        ("S_INTERSECTS(geometry, POLYGON())", "a geometry is not empty"),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(1 2))))", "simple members"),
        ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(3 3, 4 4)))", "of one dimension"),
        ("T_AFTER(name, DATE('2026-01-01'))", "a date or an instant was required, got 'name' (text)"),
        ("T_AFTER(day, '2026-01-01')", "an interval or a property was required"),
        ("T_AFTER(day, INTERVAL('2026-01-01'))", "an interval has a start and an end"),
        ("T_AFTER(day, INTERVAL('2026-01-02', '2026-01-01'))", "starts before it ends"),
        ("T_AFTER(day, INTERVAL('yesterday', '..'))", "a timestamp is an instant that exists"),
        ("T_AFTER(day, TIMESTAMP('2026-01-01T00:00:00Z'))", "dates ('day') are compared with dates"),
        ("T_AFTER(day, started)", "dates ('day') are compared with dates"),
        ("A_CONTAINS(name, ('a', 'b'))", "a list of texts was required, got 'name' (text)"),
        ("A_CONTAINS(tags, (1, 2))", "a list of texts was required"),
        ("name = 'a\0b'", "other than the zero byte"),
        ("casei('a') = (1, 2)", "a value, a property or an operation was required, got a list of 2"),
    ],
)  # fmt: skip
def test_parse__says_what_was_required_and_what_came(text: str, said: str) -> None:
    assert said in _refusal(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the filter is not JSON at character 1"),
        ("{", "the filter is not JSON"),
        ("[" * 4000, "the filter is not JSON"),
        ("NaN", "the filter is not JSON"),
        ('{"op": "=", "args": [{"property": "rank"}, Infinity]}', "the filter is not JSON"),
        ('{"op": "=", "args": [{"property": "rank"}, 1e999]}', "at most 308 digits"),
        ('{"property": "rank", "more": 1}', "got the property 'rank'"),
        ("null", "an operation was required, got 'None'"),
        ("[]", "got a list of 0"),
        ('{"op": "drop", "args": []}', "there is no operator or function 'drop'"),
        ('{"op": "=", "args": [{"property": "rank"}, 1], "more": 1}', "got the operation '='"),
        ('{"op": "and", "args": [true]}', "and takes two or more arguments, got 1"),
        ('{"op": "not", "args": []}', "not takes one argument, got 0"),
        ('{"op": "isNull", "args": []}', "isNull takes one argument, got 0"),
        ('{"op": "between", "args": [1, 2]}', "between takes a value and two bounds, got 2 arguments"),
        ('{"op": "in", "args": [{"property": "rank"}, 1]}', "a list that is not empty, got '1'"),
        (r'{"op": "like", "args": [{"property": "name"}, "a\\"]}', "a character after each backslash"),
        (r'{"op": "=", "args": [{"property": "name"}, "\ud800"]}', "other than the zero byte"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": "Sphere"}}]}}', "a type of GeoJSON"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": ["Point"]}}]}}', "a type of GeoJSON"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": "Point", "coordinates": ["1", 2]}}]}}',
         "a position has numbers"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": "Point", "coordinates": [true, 2]}}]}}',
         "a position has numbers"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": "Point"}}]}}', "two or three numbers"),
        (f'{{"op": "s_within", "args": [{_G}, {{"type": "GeometryCollection", "geometries": [1]}}]}}',
         "simple members"),
        ('{"op": "t_after", "args": [{"property": "day"}, {"interval": 3}]}', "a start and an end"),
        ('{"op": "t_after", "args": [{"property": "day"}, ".."]}', "an interval or a property was required"),
    ],
)  # fmt: skip
def test_parse__says_what_was_required_of_json(text: str, said: str) -> None:
    assert said in _refusal(text, "cql2-json")


def test_parse__knows_two_languages() -> None:
    assert "cql2-text or cql2-json, got 'sql'" in _refusal("TRUE", "sql")  # type: ignore[arg-type]


def test_parse__bounds_length_and_operators() -> None:
    assert "at most 4096 bytes, got 4099" in _refusal("name = '" + "é" * 2045 + "'")
    assert "at most 64 operators" in _refusal(" OR ".join(["sure"] * 3 + ["NOT sure"] * 64))
    assert "at most 64 operators" in _refusal("rank IN (" + ", ".join(["score"] * 65) + ")")
    assert "32 operators deep" in _refusal("NOT " * 33 + "sure")
    assert "8 in a value" in _refusal("rank = " + "rank + " * 9 + "1")
    assert "8 in a value" in _refusal("casei(accenti(" * 5 + "name" + "))" * 5 + " = 'a'")
    nested = '{"op":"not","args":[' * 65 + "true" + "]}" * 65
    assert "32 operators deep" in _refusal(nested, "cql2-json")
    assert isinstance(_parse("rank IN (" + ", ".join(str(number) for number in range(700)) + ")"), object)


def test_parse__reads_a_long_text_in_few_steps() -> None:
    text = "(" * 20 + " AND ".join(["rank=1"] * 400) + " AND" + ")" * 20
    assert calls_of(lambda: _refusal(text)) < 60 * len(text)


def test_parse__turns_the_axes_of_systems_with_latitude_first() -> None:
    def shape(text: str, reference: Reference) -> object:
        read = _parse(f"S_INTERSECTS(geometry, {text})", reference=reference)
        assert isinstance(read, Spatial)
        return read.right

    lon_lat = shape("POINT(5.69 50.85)", Reference.CRS84)
    assert shape("POINT(50.85 5.69)", Reference.ETRS89) == lon_lat
    assert shape("POINT(50.85 5.69)", Reference.ETRF2000) == lon_lat
    box = shape("BBOX(5, 50, 6, 51)", Reference.CRS84)
    assert shape("BBOX(50, 5, 51, 6)", Reference.ETRS89) == box
    assert shape("BBOX(5, 50, 0, 6, 51, 100)", Reference.CRS84) == box


def test_parse__knows_the_domain_of_each_system() -> None:
    for text, reference in (
        ("POINT(176000 318000)", Reference.PLANE),
        ("POINT(633000 6594000)", Reference.WEB_MERCATOR),
        ("BBOX(-20037508.35, -20037508.35, 20037508.35, 20037508.35)", Reference.WEB_MERCATOR),
        ("BBOX(150, -90, -150, 90)", Reference.CRS84),
        ("BBOX(-90, 150, 90, -150)", Reference.ETRS89),
    ):
        assert isinstance(_parse(f"S_INTERSECTS(geometry, {text})", reference=reference), Spatial)
    for text, reference in (
        ("POINT(100 0)", Reference.ETRS89),
        ("POINT(3e7 0)", Reference.WEB_MERCATOR),
        ("POINT(2e7 0)", Reference.PLANE),
    ):
        assert "inside its reference system" in _refusal(
            f"S_INTERSECTS(geometry, {text})", reference=reference
        )
    assert "lower corner first" in _refusal(
        "S_INTERSECTS(geometry, BBOX(2, 0, 1, 1))", reference=Reference.PLANE
    )


def test_parse__makes_one_shape_of_a_collection_of_one_dimension() -> None:
    text = "S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4)))"
    assert _parse(text) == _parse("S_TOUCHES(geometry, MULTIPOINT(1 2, 3 4))")


def test_parse__takes_a_day_among_instants_as_the_whole_day() -> None:
    started = PropertyName("started", PropertyType.INSTANT)
    day = Interval(
        Literal(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), PropertyType.INSTANT),
        Literal(dt.datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=dt.UTC), PropertyType.INSTANT),
        PropertyType.INSTANT,
    )
    wanted = Temporal(TemporalTest.INTERSECTS, Interval(started, started, PropertyType.INSTANT), day)
    assert _parse("T_INTERSECTS(started, DATE('2026-01-01'))") == wanted
    assert _parse("T_INTERSECTS(started, INTERVAL('2026-01-01', '2026-01-01'))") == wanted


def test_parse__joins_and_negates() -> None:
    sure = Truth(PropertyName("sure", PropertyType.BOOLEAN))
    assert _parse("sure AND NOT sure OR sure") == Or((And((sure, Not(sure))), sure))


def test_parse__asks_whether_there_is_anything() -> None:
    for text in ("geometry IS NULL", "tags IS NULL", "(rank = 1) IS NULL", "rank + 1 IS NULL"):
        assert _parse(text) != _parse("name IS NULL")
    for stated in ('{"bbox": [1, 2, 3, 4]}', '["a"]', '"a"', "1", '{"type": "Point", "coordinates": [1, 2]}'):
        assert _parse(f'{{"op": "isNull", "args": [{stated}]}}', "cql2-json") is not None


@given(strategies.filters())
def test_parse__reads_both_languages_alike(read: strategies.Structure) -> None:
    text = cql2.parse_json(json.dumps(read)).to_text()
    stated = json.dumps(read)
    if all(len(one.encode()) <= 4096 for one in (text, stated)):
        try:
            from_json = _parse(stated, "cql2-json")
        except InvalidInput as refused:
            assert _refusal(text) == str(refused)
        else:
            assert _parse(text) == from_json


@given(strategies.filters())
def test_parse__makes_values_that_can_be_kept_and_compared(read: strategies.Structure) -> None:
    stated = json.dumps(read)
    try:
        made = _parse(stated, "cql2-json")
    except InvalidInput:
        return
    assert hash(made) == hash(_parse(stated, "cql2-json"))


@given(st.text() | strategies.scraps())
@example("a = 'b\ud800'")
@example("rank = 1" + "0" * 5000)
def test_parse__reads_any_text_or_raises_our_error(text: str) -> None:
    for language in ("cql2-text", "cql2-json"):
        try:
            read = _parse(text, language)
        except InvalidInput as refused:
            assert str(refused).encode()
        else:
            assert hash(read) is not None


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["name", "rank", "geometry", "Point", "Polygon", "2026-01-01", ".."]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates"]
            ),
            inner
            | st.sampled_from(["=", "and", "in", "s_within", "t_after", "like", "isNull", "^", "casei"]),
            max_size=3,
        )
        | st.builds(
            lambda name, few: {"op": name, "args": few},
            st.sampled_from(
                [
                    "and",
                    "or",
                    "not",
                    "=",
                    "<",
                    "in",
                    "like",
                    "between",
                    "isNull",
                    "casei",
                    "+",
                    "^",
                    "s_within",
                    "t_after",
                    "a_equals",
                ]
            ),
            st.lists(inner, max_size=3),
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_parse__reads_any_json_or_raises_our_error(value: strategies.Structure) -> None:
    try:
        _parse(json.dumps(value), "cql2-json")
    except InvalidInput as refused:
        assert str(refused).encode()
