"""Any text is read or refused in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api import parameters
from api.parameters import BBox
from api.queries import Parameter
from hotspot.errors import InvalidInput, InvalidParameter, NotFound

ALL: list[Parameter[object]] = [
    Parameter(one.name, one.parse, one.schema, one.description, one.example, in_path=one.in_path)
    for one in (
        parameters.BBOX,
        parameters.OFFSET,
        parameters.WEEK,
        parameters.WEEK_OR_LATEST,
        parameters.THEME,
        parameters.AREA,
        parameters.EDITION,
        parameters.FORMAT,
        parameters.FEATURE_ID,
        parameters.limit(default=10, most=100),
    )
]


@pytest.mark.parametrize("parameter", ALL, ids=lambda one: one.name)
@given(text=st.text(max_size=80))
@example(text="")
@example(text="9" * 5000)
@example(text="\x00")
@example(text="1e999,nan,inf,-0")
@example(text="٣")
def test_each_parameter__reads_any_text_or_refuses_it(parameter: Parameter[object], text: str) -> None:
    try:
        parameter.parse(text)
    except (InvalidInput, NotFound) as error:
        assert len(str(error)) < 500


@pytest.mark.parametrize("parameter", ALL, ids=lambda one: one.name)
def test_each_parameter__reads_its_own_example(parameter: Parameter[object]) -> None:
    text = parameter.example
    parameter.parse(",".join(map(str, text)) if isinstance(text, list) else str(text))


@given(
    west=st.floats(-180, 180), south=st.floats(-90, 90), east=st.floats(-180, 180), north=st.floats(-90, 90)
)
def test_bbox__is_read_back_exactly(west: float, south: float, east: float, north: float) -> None:
    south, north = sorted((south, north))
    flat = BBox.parse(f"{west!r},{south!r},{east!r},{north!r}")
    assert flat.sides_deg == (west, south, east, north)
    assert BBox.parse(f"{west!r}, {south!r},-5,{east!r},{north!r},1e3") == flat


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "a,b,c,d",
        "nan,0,1,1",
        "0,0,inf,1",
        "0,0,1,1e999",
        "1_0,0,20,1",
        "0,1,1,0",
        "0,0,1,91",
        "-181,0,1,1",
        "0,0,181,1",
        "0,0,5,1,1,4",
    ],
)
def test_bbox__refuses_what_is_no_box_on_the_globe(text: str) -> None:
    with pytest.raises(InvalidParameter, match="bbox must be"):
        BBox.parse(text)


def test_limit__means_the_most_where_it_is_more() -> None:
    limit = parameters.limit(default=10, most=100)
    assert [limit.parse(text) for text in ("1", "0099", "100", "101", "9" * 5000)] == [1, 99, 100, 100, 100]
    for text in ("0", "-1", "1.5", "", "unlimited", "1 ", "+1", "1e2"):
        with pytest.raises(InvalidParameter, match="limit must be a whole number of at least 1"):
            limit.parse(text)


def test_offset__is_refused_where_it_is_beyond_any_store() -> None:
    assert parameters.OFFSET.parse("1000000000") == 1_000_000_000
    with pytest.raises(InvalidParameter, match="from 0 to 1000000000"):
        parameters.OFFSET.parse("1000000001")


def test_bbox__has_no_side_that_is_no_number() -> None:
    assert not any(math.isnan(side) for side in BBox.parse("0,0,1,1").sides_deg)
