"""A cursor leads on in its own selection, and nowhere else."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api import cursor
from api.cursor import Cursor
from hotspot.catalogue import PropertyType
from hotspot.errors import InvalidParameter

CHECKED = cursor.checksum("hotspots")
KINDS = [
    PropertyType.TEXT,
    PropertyType.NUMBER,
    PropertyType.INTEGER,
    PropertyType.BOOLEAN,
    PropertyType.DATE,
    PropertyType.INSTANT,
]


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@given(
    version=st.integers(0, 2**63 - 1),
    row=st.integers(-(2**63) + 1, 2**63 - 1),
    values=st.tuples(
        st.none() | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.integers(-(2**62), 2**62),
        st.none() | st.booleans(),
        st.none() | st.dates() | st.dates().map(str),
        st.none() | st.integers(-(10**12), 10**12) | st.datetimes(timezones=st.just(dt.UTC)),
    ),
)
def test_cursor__is_read_as_it_was_written(version: int, row: int, values: tuple[object, ...]) -> None:
    told = Cursor(version, (*values, row))
    text = cursor.written(told, CHECKED)
    if len(text) <= cursor.MAX_LENGTH:
        assert cursor.read(text, CHECKED, KINDS) == told


def test_cursor__of_another_selection_is_refused() -> None:
    text = cursor.written(Cursor(3, ("a", 7)), CHECKED)
    with pytest.raises(InvalidParameter, match="cursor must be one that a link `next`"):
        cursor.read(text, cursor.checksum("rankings"), [PropertyType.TEXT])
    with pytest.raises(InvalidParameter):
        cursor.read(text, CHECKED, [PropertyType.INTEGER])
    with pytest.raises(InvalidParameter):
        cursor.read(text, CHECKED, [])


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
@example("")
@example("A" * 5000)
@example(base64.urlsafe_b64encode(b"[" * 1400).decode())
@example(packed([1, 3, CHECKED, [None]]))
@example(packed([1, 3, CHECKED, [True]]))
@example(packed([1, 3, CHECKED, [2**63]]))
@example(packed([1, 3, CHECKED, ["a"]]))
@example(packed([1, -1, CHECKED, [1]]))
@example(packed([1, True, CHECKED, [1]]))
@example(packed([2, 3, CHECKED, [1]]))
@example(packed([1, 3, CHECKED, [{"d": "x"}]]))
@example(packed([1, 3, CHECKED, [{"x": "2010-01-01"}]]))
@example(packed([1, 3, CHECKED, [{}]]))
@example(packed({"a": 1}))
def test_cursor__that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        cursor.read(text, CHECKED, [])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("\x00", PropertyType.TEXT),
        (1, PropertyType.TEXT),
        ("1", PropertyType.INTEGER),
        (True, PropertyType.INTEGER),
        ("2010-02-30", PropertyType.DATE),
        ("x", PropertyType.INSTANT),
        (2, PropertyType.BOOLEAN),
        ([1], PropertyType.TEXT),
        ("a", PropertyType.TEXTS),
    ],
)
def test_cursor__holds_only_what_a_store_can_have_given(value: object, kind: PropertyType) -> None:
    with pytest.raises(InvalidParameter):
        cursor.read(packed([1, 3, CHECKED, [value, 1]]), CHECKED, [kind])


def test_cursor__holds_no_number_without_end() -> None:
    text = base64.urlsafe_b64encode(f'[1,3,"{CHECKED}",[1e999,1]]'.encode()).decode().rstrip("=")
    with pytest.raises(InvalidParameter):
        cursor.read(text, CHECKED, [PropertyType.NUMBER])
