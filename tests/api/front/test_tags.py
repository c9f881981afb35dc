"""Each coding has its own tag; what a caller holds is compared weakly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.front.codings import Coding
from api.front.tags import holds, of_coding, uncoded


def test_of_coding__differs_for_each_coding() -> None:
    assert len({of_coding(b'"abc"', coding) for coding in Coding}) == len(Coding)
    assert of_coding(b'"abc"', Coding.IDENTITY) == b'"abc"'
    assert of_coding(b'"abc"', Coding.GZIP) == b'"abc-gzip"'


@pytest.mark.parametrize(
    ("held", "coding", "holds_it"),
    [
        (b"*", Coding.GZIP, True),
        (b'"abc"', Coding.IDENTITY, True),
        (b'W/"abc"', Coding.IDENTITY, True),
        (b'"x", W/"abc-gzip" ,"y"', Coding.GZIP, True),
        (b'"abc-gzip"', Coding.BR, False),
        (b'"abc-gzip"', Coding.IDENTITY, False),
        (b'"abc"', Coding.GZIP, True),
        (b"abc", Coding.IDENTITY, False),
        (b"", Coding.IDENTITY, False),
    ],
)
def test_holds__compares_weakly(held: bytes, coding: Coding, holds_it: bool) -> None:  # noqa: FBT001
    assert holds(held, b'"abc"', coding) is holds_it


def test_uncoded__leaves_out_other_codings() -> None:
    assert uncoded(b'"a-gzip", "b", W/"c-br"', Coding.GZIP) == b'"a", "b"'
    assert uncoded(b" * ", Coding.GZIP) == b"*"
    assert uncoded(b'"a-gzip"', Coding.IDENTITY) == b""


@given(st.binary(), st.sampled_from(list(Coding)))
def test_tags__any_bytes_are_compared(held: bytes, coding: Coding) -> None:
    assert isinstance(holds(held, b'"abc"', coding), bool)
    assert isinstance(uncoded(held, coding), bytes)
