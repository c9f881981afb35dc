"""A strong ETag, compared as RFC 9110 asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers import entity_tag, matches

TAG = '"abc"'


@pytest.mark.parametrize(
    "value", ['"abc"', 'W/"abc"', "*", " * ", '"x", "abc"', '"x",W/"abc"', '"a,b", "abc"', '"abc" ']
)
def test_matches__what_the_caller_holds(value: str) -> None:
    assert matches([value], TAG)
    assert matches(['"x"', value], TAG)


@pytest.mark.parametrize("value", ["", "abc", '"ABC"', '"ab"', '"abc', '"x*"', 'w/"x"'])
def test_matches__nothing_else(value: str) -> None:
    assert not matches([value], TAG)
    assert not matches([], TAG)


@given(st.text(), st.text())
def test_matches__survives_any_header(value: str, tag: str) -> None:
    matches([value], tag)


def test_entity_tag__differs_by_content_and_by_type() -> None:
    tags = {entity_tag("a/b", b"x"), entity_tag("a/c", b"x"), entity_tag("a/b", b"y")}
    assert len(tags) == 3
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)
