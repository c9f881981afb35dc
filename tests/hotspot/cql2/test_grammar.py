from __future__ import annotations

import json

import cql2
import pytest
from hypothesis import given

from hotspot.cql2.grammar import structure
from hotspot.errors import InvalidInput
from tests.hotspot.cql2 import strategies
from tests.hotspot.cql2.steps import calls_of


def _property(name: str) -> dict[str, object]:
    return {"property": name}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a = 1", {"op": "=", "args": [_property("a"), 1]}),
        ("-2^2 = a", {"op": "=", "args": [{"op": "^", "args": [-2, 2]}, _property("a")]}),
        ("a = -b", {"op": "=", "args": [_property("a"), {"op": "*", "args": [-1, _property("b")]}]}),
        ("a = +.5", {"op": "=", "args": [_property("a"), 0.5]}),
        ("a - 1 - b", {"op": "-", "args": [{"op": "-", "args": [_property("a"), 1]}, _property("b")]}),
        ("a DIV 2 = 1", {"op": "=", "args": [{"op": "div", "args": [_property("a"), 2]}, 1]}),
        ("NOT NOT a", {"op": "not", "args": [{"op": "not", "args": [_property("a")]}]}),
        ("a IS NOT NULL", {"op": "not", "args": [{"op": "isNull", "args": [_property("a")]}]}),
        ("a NOT IN (1)", {"op": "not", "args": [{"op": "in", "args": [_property("a"), [1]]}]}),
        (r"a = 'it''s \'here\' \d'", {"op": "=", "args": [_property("a"), r"it's 'here' \d"]}),
        ('"a ""b"" and" = TRUE', {"op": "=", "args": [_property('a "b" and'), True]}),
        ("date = DATE('2026-01-01')", {"op": "=", "args": [_property("date"), {"date": "2026-01-01"}]}),
        ("point = 1", {"op": "=", "args": [_property("point"), 1]}),
        ("A_CONTAINS(t, ('a'))", {"op": "a_contains", "args": [_property("t"), ["a"]]}),
        ("A_CONTAINS(t, ())", {"op": "a_contains", "args": [_property("t"), []]}),
        (
            "S_WITHIN(g, MULTIPOINT Z (1 2 3, (4 -5 6)))",
            {
                "op": "s_within",
                "args": [_property("g"), {"type": "MultiPoint", "coordinates": [[1, 2, 3], [4, -5, 6]]}],
            },
        ),
        (
            "a OR b AND NOT c",
            {
                "op": "or",
                "args": [
                    _property("a"),
                    {"op": "and", "args": [_property("b"), {"op": "not", "args": [_property("c")]}]},
                ],
            },
        ),
    ],
)
def test_structure__reads_text_as_json_says_it(text: str, read: object) -> None:
    assert structure(text) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a value or a function at character 1, got the end"),
        ("a = 'it", "a quote that is not closed at character 5"),
        ("a = 1 b", "an operator or the end at character 7, got 'b'"),
        ("a IS 1", "NULL at character 6"),
        ("a NOT = 1", "LIKE, BETWEEN or IN at character 7"),
        ("a BETWEEN 1 OR 2", "AND at character 13"),
        ("a < b < c", "an operator or the end at character 7"),
        ("f(a) = 1", "the function 'f' at character 1, which does not exist"),
        ("a = DATE(2026)", "a text in quotes at character 10"),
        ("a = +b", "a number at character 6"),
        ("a; DROP TABLE b", "';' at character 2"),
        ("S_WITHIN(g, GEOMETRYCOLLECTION(1))", "a geometry at character 32"),
        ("S_WITHIN(g, POINT(1 2, 3 4))", "a point has one position, got 2"),
        ("S_WITHIN(g, MULTIPOINT((1 2, 3 4)))", "a point has one position, got 2"),
        ("(" * 33 + "a = 1" + ")" * 33, "brackets at most 32 deep"),
    ],
)
def test_structure__says_where_a_text_leaves_the_language(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        structure(text)
    assert said in str(refused.value)


@given(strategies.filters())
def test_structure__agrees_with_the_library(read: strategies.Structure) -> None:
    text = cql2.parse_json(json.dumps(read)).to_text()
    assert structure(text) == cql2.parse_text(text).to_json()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4096,
        "(" * 20 + " and ".join(["a=1"] * 500) + " and" + ")" * 20,
        "a in (" * 600,
        "casei(" * 600,
        "not " * 1000 + "a",
        "a=" + "-" * 4000 + "1",
        "a=" + "1+" * 2000 + "1",
        "'" + "''" * 2000,
        "'" + "\\" * 4000,
        '"' * 4001,
        "1" * 4096,
        "1e" * 2048,
        "." * 4096,
        "S_WITHIN(g,POLYGON(" + "(" * 3000,
        " " * 4096,
    ],
)
def test_structure__takes_steps_in_proportion_to_the_text(text: str) -> None:
    # Calls, not seconds: a collection of garbage or a busy machine says nothing of the text.
    # The library takes minutes for the second.
    assert calls_of(lambda: structure(text)) < 60 * len(text)
