"""Callers get the coding that they like best, and the same bytes in it."""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]  # It has no type information.
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from api.front.codings import Coding, chosen, coded, is_worthwhile, stream

ALL = list(Coding)


def decoded(body: bytes, coding: Coding) -> bytes:
    if coding is Coding.GZIP:
        return gzip.decompress(body)
    if coding is Coding.BR:
        return bytes(brotli.decompress(body))
    return zstandard.ZstdDecompressor().decompressobj().decompress(body) if coding is Coding.ZSTD else body


@pytest.mark.parametrize(
    ("accepted", "coding", "forced"),
    [
        (b"", Coding.IDENTITY, False),
        (b"gzip", Coding.GZIP, False),
        (b"x-gzip", Coding.GZIP, False),
        (b"GZIP;Q=1", Coding.GZIP, False),
        (b"gzip, deflate, br, zstd", Coding.ZSTD, False),
        (b"gzip, deflate, br", Coding.BR, False),
        (b"gzip;q=1.0, br;q=0.5", Coding.GZIP, False),
        (b"gzip;q=0", Coding.IDENTITY, False),
        (b"gzip;q=0, *", Coding.ZSTD, False),
        (b"*;q=0.1", Coding.ZSTD, False),
        (b"*;q=0", Coding.IDENTITY, False),
        (b"gzip;q=0.5, identity", Coding.IDENTITY, False),
        (b"gzip, identity;q=0.5", Coding.GZIP, False),
        (b"gzip, identity;q=0", Coding.GZIP, True),
        (b"gzip, *;q=0", Coding.GZIP, True),
        (b"identity;q=0", Coding.IDENTITY, False),
        (b"deflate, compress, nonsense", Coding.IDENTITY, False),
        (b"gzip;q=x", Coding.IDENTITY, False),
        (b"gzip;q=nan", Coding.IDENTITY, False),
        (b"gzip;q=7", Coding.IDENTITY, False),
        (b",,;;,=", Coding.IDENTITY, False),
    ],
)
def test_chosen__is_what_the_caller_likes_best(accepted: bytes, coding: Coding, forced: bool) -> None:  # noqa: FBT001
    assert chosen(accepted) == (coding, forced)


@given(st.binary())
def test_chosen__takes_any_bytes(accepted: bytes) -> None:
    assert chosen(accepted)[0] in ALL


@given(st.binary(max_size=2000), st.sampled_from(ALL))
def test_coded__can_be_decoded(body: bytes, coding: Coding) -> None:
    assert decoded(coded(body, coding), coding) == body
    assert coded(body, coding) == coded(body, coding)


@given(st.lists(st.binary(max_size=500)), st.sampled_from(ALL))
def test_stream__can_be_decoded(pieces: list[bytes], coding: Coding) -> None:
    coder = stream(coding)
    assert decoded(b"".join([*map(coder.add, pieces), coder.end()]), coding) == b"".join(pieces)


def test_is_worthwhile__only_for_what_is_not_coded_in_itself() -> None:
    assert is_worthwhile(b"application/geo+json; charset=utf-8")
    assert is_worthwhile(b"application/vnd.mapbox-vector-tile")
    assert not is_worthwhile(b"image/png")
    assert not is_worthwhile(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert not is_worthwhile(b"")
