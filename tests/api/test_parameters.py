"""Any text is read or refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api import choice, columns, moments, parameters, space, wanted
from api.formats import media, negotiation
from api.queries import Parameter
from hotspot.catalogue import COLLECTIONS, HOTSPOTS, INCIDENTS, Disclosure
from hotspot.errors import InvalidInput, InvalidParameter, NotFound

_READ: tuple[Parameter[Any], ...] = (  # Any: each reads a type of its own.
    parameters.OFFSET,
    parameters.WEEK,
    parameters.WEEK_OR_LATEST,
    parameters.THEME,
    parameters.AREA,
    parameters.EDITION,
    parameters.FORMAT,
    parameters.FEATURE_ID,
    parameters.limit(default=10, most=100),
    space.BBOX,
    space.BBOX_CRS,
    space.CRS,
    space.FILTER_CRS,
    moments.DATETIME,
    wanted.CURSOR,
    choice.FILTER,
    choice.FILTER_LANG,
    wanted.PROFILE,
    wanted.VERSION,
    negotiation.LANGUAGE,
    negotiation.format_parameter(media.FEATURES),
    columns.order(HOTSPOTS, Disclosure.INTERNAL),
    columns.told_only(HOTSPOTS, Disclosure.OPEN),
    columns.told_not(INCIDENTS, Disclosure.INTERNAL),
)

# One of each kind of property does for all of that kind.
_KINDS = {
    one.type: parameter
    for collection in COLLECTIONS
    for one, parameter in zip(
        columns.sortables(collection, Disclosure.INTERNAL),
        columns.conditions(collection, Disclosure.INTERNAL),
        strict=True,
    )
    if not one.one_of
}

ALL: list[Parameter[object]] = [
    Parameter(one.name, one.parse, one.schema, one.description, one.example, in_path=one.in_path)
    for one in (*_READ, *_KINDS.values())
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
    if isinstance(text, bool):
        text = str(text).lower()
    parameter.parse(",".join(map(str, text)) if isinstance(text, list) else str(text))


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
