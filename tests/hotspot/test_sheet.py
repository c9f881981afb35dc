"""A sheet says of each row what a row by itself would: the same text, the same columns."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.catalogue import CELLS, HOTSPOTS
from hotspot.geojson import canonical_json
from hotspot.served import Row, column_values, sheet_columns
from hotspot.sheet import Sheet
from tests.sheets import sheet

if TYPE_CHECKING:
    from hotspot.geojson import Json

NAMES = ("week", "theme", "incidents", "ratio")

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.lists(st.text(max_size=3), max_size=2),
)
COLUMNS = st.one_of(
    *(
        st.lists(kind, min_size=3, max_size=3)
        for kind in (VALUES, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text())
    )
)


@given(st.tuples(COLUMNS, COLUMNS, COLUMNS), VALUES)
def test_texts__are_those_of_each_row_alone(columns: tuple[list[Json], ...], alike: Json) -> None:
    each = dict(zip(NAMES[1:], columns, strict=True))
    made = Sheet(("a", "b", "c"), {"week": alike}, each, (None,) * 3, ((),) * 3)
    expected = [
        canonical_json({"week": alike, **{name: column[place] for name, column in each.items()}})
        for place in range(3)
    ]
    assert list(made.texts(NAMES)) == expected


def test_texts__of_rows_that_are_all_alike() -> None:
    assert list(Sheet(("a", "b"), {"theme": "50 %s"}).texts(["theme"])) == ['{"theme":"50 %s"}'] * 2


def test_texts__may_be_named_with_the_sign_of_a_template() -> None:
    assert list(Sheet(("a",), {}, {"50 %s": [1]}).texts(["50 %s"])) == ['{"50 %s":1}']


def test_texts__refuse_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        list(Sheet(("a",), {}, {"ratio": [math.inf]}).texts(["ratio"]))


def test_saying__keeps_what_is_named_in_its_order() -> None:
    made = sheet([Row("a", {"ratio": 2.0, "secret": 1, "theme": "theft"}, None)])
    told = made.saying({"edition": 3}, ["theme", "edition", "ratio", "size_m"])
    (text,) = told.texts(["theme", "edition", "ratio", "size_m"])
    assert text == '{"theme":"theft","edition":3,"ratio":2.0,"size_m":null}'
    assert "secret" not in {*told.same, *told.each}


def test_sheet_columns__hold_what_those_of_rows_do() -> None:
    said: list[dict[str, Json]] = [
        {"week": "2010-W30", "theme": "theft", "incidents": 3},
        {"week": "2010-W30", "theme": "drugs", "incidents": 4},
    ]
    made = sheet([Row(str(number), one, None) for number, one in enumerate(said)])
    by_row = list(column_values(CELLS, said))
    assert [list(row) for row in zip(*sheet_columns(CELLS, made), strict=True)] == by_row


def test_sheet_columns__write_several_texts_as_json() -> None:
    made = Sheet(("a",), {"caveats": ["één"]}, {})
    columns = dict(zip([one.name for one in HOTSPOTS.properties], sheet_columns(HOTSPOTS, made), strict=True))
    assert json.loads(str(columns["caveats"][0])) == ["één"]
    assert columns["theme"] == [None]
