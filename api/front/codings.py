"""Content codings (RFC 9110, 12.5.3): which one a caller takes best, and the bytes in it."""

from __future__ import annotations

import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import brotli  # type: ignore[import-untyped]  # It has no type information.
import zstandard

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_BYTES = 512
"""Below it, headers of a packet outweigh what a coding saves."""

_GZIP_BITS = 31
"""Largest window of zlib, with the head and tail of gzip."""


class Coding(StrEnum):
    """Codings that are made here, the preferred first among those that a caller likes equally."""

    ZSTD = "zstd"
    BR = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


_LEVELS: Mapping[Coding, int] = {
    # One for all, whether the bytes are kept or sent once: a strong tag stands for the same bytes always.
    Coding.ZSTD: 3,
    Coding.BR: 4,
    Coding.GZIP: 4,
}


class Stream(Protocol):
    """Codes what passes through."""

    def add(self, data: bytes) -> bytes:
        """
        Take some bytes.

        Parameters
        ----------
        data
            The next bytes.

        Returns
        -------
        bytes
            What of the coded bytes is ready; may be empty.
        """

    def end(self) -> bytes:
        """
        Finish.

        Returns
        -------
        bytes
            The rest.
        """


def chosen(accept_encoding: bytes) -> tuple[Coding, bool]:
    """
    Choose the coding that a caller likes best.

    Parameters
    ----------
    accept_encoding
        Value of the header; empty where there is none.

    Returns
    -------
    tuple of Coding and bool
        The coding, and whether the caller refuses bytes without any. Where none that is made here pleases, it
        is bytes without any.
    """
    if not accept_encoding:
        return Coding.IDENTITY, False
    weights = _weights(accept_encoding.decode("latin-1").lower())
    rest = weights.get("*")
    # Plain bytes are taken by all who do not refuse them, but gladly only by those who say so.
    plain = weights.get(Coding.IDENTITY, rest if rest == 0 else None)
    best, best_weight = Coding.IDENTITY, 0.0
    for coding in (Coding.ZSTD, Coding.BR, Coding.GZIP):
        weight = weights.get(coding, rest or 0.0)
        if weight > best_weight:
            best, best_weight = coding, weight
    if plain is not None and plain > best_weight:
        best = Coding.IDENTITY
    return best, plain == 0 and best is not Coding.IDENTITY


def _weights(value: str) -> dict[str, float]:
    """Read a list of codings with their weights; what is no weight counts as none at all."""
    weights: dict[str, float] = {}
    for item in value.split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = float(parameter[2:])
                except ValueError:
                    weight = 0.0
        # Written so that NaN is refused as well.
        weights["gzip" if name == "x-gzip" else name] = weight if 0 <= weight <= 1 else 0.0
    return weights


def coded(body: bytes, coding: Coding) -> bytes:
    """
    Code bytes at once.

    Parameters
    ----------
    body
        The bytes.
    coding
        The coding.

    Returns
    -------
    bytes
        The same, coded.
    """
    if coding is Coding.IDENTITY:
        return body
    level = _LEVELS[coding]
    if coding is Coding.GZIP:
        # Not gzip.compress, which writes the time into the head: equal tags are to be equal bytes.
        return zlib.compress(body, level, _GZIP_BITS)
    if coding is Coding.BR:
        return bytes(brotli.compress(body, quality=level))
    return zstandard.ZstdCompressor(level).compress(body)


class _Gzip:
    """Codes a stream as gzip."""

    def __init__(self) -> None:
        self._made = zlib.compressobj(_LEVELS[Coding.GZIP], wbits=_GZIP_BITS)

    def add(self, data: bytes) -> bytes:
        return self._made.compress(data)

    def end(self) -> bytes:
        return self._made.flush()


class _Zstd:
    """Codes a stream as Zstandard."""

    def __init__(self) -> None:
        self._made = zstandard.ZstdCompressor(_LEVELS[Coding.ZSTD]).compressobj()

    def add(self, data: bytes) -> bytes:
        return self._made.compress(data)

    def end(self) -> bytes:
        return self._made.flush()


class _Brotli:
    """Codes a stream as Brotli."""

    def __init__(self) -> None:
        self._made = brotli.Compressor(quality=_LEVELS[Coding.BR])

    def add(self, data: bytes) -> bytes:
        return bytes(self._made.process(data))

    def end(self) -> bytes:
        return bytes(self._made.finish())


class _Plain:
    """Leaves a stream as it is."""

    def add(self, data: bytes) -> bytes:
        return data

    def end(self) -> bytes:
        return b""


_STREAMS: Mapping[Coding, type[Stream]] = {
    Coding.GZIP: _Gzip,
    Coding.ZSTD: _Zstd,
    Coding.BR: _Brotli,
    Coding.IDENTITY: _Plain,
}


def stream(coding: Coding) -> Stream:
    """
    Begin to code a stream.

    Parameters
    ----------
    coding
        The coding.

    Returns
    -------
    Stream
        Codes what passes through; little is held back.
    """
    return _STREAMS[coding]()


_CODED_ALREADY = (
    b"image/png",
    b"image/jpeg",
    b"image/webp",
    b"application/pdf",
    b"application/zip",
    b"font/",
)
_OFFICE = b"application/vnd.openxmlformats"


def is_worthwhile(media_type: bytes) -> bool:
    """
    Tell whether a coding makes bytes of a media type smaller.

    Parameters
    ----------
    media_type
        The media type, parameters included.

    Returns
    -------
    bool
        False for what is coded in itself.
    """
    return bool(media_type) and not media_type.startswith((*_CODED_ALREADY, _OFFICE))
