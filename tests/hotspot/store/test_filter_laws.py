"""What holds of every filter, whatever it says: logic, order, Shapely's answers, both stores alike."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from hotspot.catalogue import PropertyType
from hotspot.cql2.arithmetic import reckon
from hotspot.cql2.folding import without_accents, without_case
from hotspot.cql2.tree import Folding, Sum
from hotspot.errors import InvalidInput
from hotspot.store import dialects
from hotspot.store.columns import TEXT
from tests.hotspot.cql2 import strategies
from tests.hotspot.store import filtering
from tests.hotspot.store.small_table import ROWS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.hotspot.store.filtering import Filtered
    from tests.hotspot.store.small_table import Stores

_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@_FIXTURE
@given(st.data())
def test_condition__splits_rows_by_order(small: tuple[Connection, Filtered], data: st.DataObject) -> None:
    connection, filtered = small
    left, right = data.draw(
        st.one_of(
            [
                st.tuples(operands, operands)
                for operands in (
                    strategies.numbers(),
                    strategies.texts(),
                    strategies.dates(),
                    strategies.instants(),
                )
            ]
        )
    )
    try:
        less, equal, more, unequal, known = (
            set(filtered.selected(connection, filtered.parse(json.dumps(structure), "cql2-json")))
            for structure in (
                {"op": "<", "args": [left, right]},
                {"op": "=", "args": [left, right]},
                {"op": ">", "args": [left, right]},
                {"op": "<>", "args": [left, right]},
                {"op": "not", "args": [{"op": "isNull", "args": [{"op": "=", "args": [left, right]}]}]},
            )
        )
    except InvalidInput:
        return
    assert not (less & equal)
    assert not (equal & more)
    assert not (less & more)
    assert less | more == unequal
    assert unequal | equal == known


@_FIXTURE
@given(strategies.filters(), strategies.filters())
def test_condition__obeys_de_morgan(
    small: tuple[Connection, Filtered], one: strategies.Structure, other: strategies.Structure
) -> None:
    connection, filtered = small

    def selected(structure: strategies.Structure) -> list[int]:
        return filtered.selected(connection, filtered.parse(json.dumps(structure), "cql2-json"))

    def negated(structure: strategies.Structure) -> strategies.Structure:
        return {"op": "not", "args": [structure]}

    try:
        assert selected(negated({"op": "and", "args": [one, other]})) == selected(
            {"op": "or", "args": [negated(one), negated(other)]}
        )
        assert not set(selected(one)) & set(selected(negated(one)))
    except InvalidInput:
        return


@_FIXTURE
@given(strategies.filters())
def test_condition__selects_the_same_on_both_stores(stores: Stores, structure: strategies.Structure) -> None:
    found = []
    for kind in ("sqlite", "postgis"):
        connection, filtered = stores.of(kind)
        try:
            expression = filtered.parse(json.dumps(structure), "cql2-json")
        except InvalidInput:
            return
        found.append(filtered.selected(connection, expression))
    assert found[0] == found[1]


@_FIXTURE
@given(strategies.spatial())
def test_condition__agrees_with_shapely(
    small: tuple[Connection, Filtered], structure: strategies.Structure
) -> None:
    connection, filtered = small
    test = getattr(shapely, structure["op"].removeprefix("s_"))

    def side(argument: strategies.Structure, row: dict[str, object]) -> object:
        if "property" in argument:
            return row["geometry"]
        if "bbox" in argument:
            return shapely.box(*argument["bbox"])
        return shapely.from_geojson(json.dumps(argument))

    wanted = [
        number
        for number, row in enumerate(ROWS, start=1)
        if row["geometry"] is not None and test(*(side(argument, row) for argument in structure["args"]))
    ]
    assert filtered.selected(connection, filtered.parse(json.dumps(structure), "cql2-json")) == wanted


def test_folded__is_the_same_for_every_character(stores: Stores, store_kind: str) -> None:
    connection, _ = stores.of(store_kind)
    name = connection.dialect.name
    # Characters in groups, so that few values are bound.
    points = [chr(point) for point in range(1, 0x3000) if not 0xD800 <= point <= 0xDFFF]
    for start in range(0, len(points), 500):
        text = " ".join(points[start : start + 500])
        bound = literal(text, TEXT)
        small, bare = connection.execute(
            select(dialects.folded(Folding.CASE, bound, name), dialects.folded(Folding.ACCENTS, bound, name))
        ).one()
        assert small == without_case(text)
        assert bare == without_accents(text)


_EXTREMES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.5,
    -3.0,
    7.0,
    1e-150,
    -1e-150,
    1e-151,
    1e150,
    -1e150,
    1e151,
    1e300,
    5e-324,
    1e6,
    0.1,
]


def test_reckoned__is_the_same_on_both_stores_at_the_extremes(stores: Stores, store_kind: str) -> None:
    connection, _ = stores.of(store_kind)
    pairs = list(itertools.product(_EXTREMES, _EXTREMES))
    table = filtering.make(
        connection,
        "pairs",
        {"a": PropertyType.NUMBER, "b": PropertyType.NUMBER},
        [{"a": left, "b": right} for left, right in pairs],
    ).table
    for sum_ in Sum:
        result = dialects.reckoned(sum_, table.c.p_a, table.c.p_b, connection.dialect.name)
        found = connection.scalars(select(result).select_from(table).order_by(table.c.id)).all()
        wanted = [reckon(sum_, left, right) for left, right in pairs]
        for pair, result, expected in zip(pairs, found, wanted, strict=True):
            if expected is None or result is None:
                assert (result, pair, sum_) == (expected, pair, sum_)
            else:
                np.testing.assert_allclose(result, expected, rtol=1e-14)
