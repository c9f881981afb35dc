"""Which of the formats and languages on offer a caller gets: `f` and `lang` win over the headers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from api.queries import Parameter, told
from hotspot.errors import InvalidParameter, NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from api.formats.media import Format
    from api.queries import Reader

Language = Literal["nl", "en"]
"""Languages in which people can read the service."""

LANGUAGES: tuple[Language, ...] = ("en", "nl")
"""The first is used where nothing was asked for."""

_MAX_RANGES = 40
"""Ranges of a header that are looked at; browsers send fewer than ten."""

_MAX_HEADER = 2000
"""Characters of a header that are looked at."""

_KEPT = 256
"""Headers of which the outcome is kept."""

_FOR_PROGRAMS = ("application/json", "application/geo+json", "application/schema+json", "text/csv")

_QUALITY = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def one_of(name: str, words: Sequence[str]) -> Callable[[str], str]:
    """
    Make the reader of one word out of a few.

    Parameters
    ----------
    name
        Name of the parameter, for the message.
    words
        What it may be.

    Returns
    -------
    callable
        Turns a text into itself or raises `InvalidParameter`.
    """

    def parse(text: str) -> str:
        if text not in words:
            raise InvalidParameter(f"{name} must be one of {', '.join(words)}, got {told(text)}")
        return text

    return parse


@lru_cache(_KEPT)
def format_parameter(offered: tuple[Format, ...]) -> Parameter[str]:
    """
    Make the parameter that names a format.

    Parameters
    ----------
    offered
        The formats, the usual one first.

    Returns
    -------
    Parameter
        The parameter `f`.
    """
    names = [one.name for one in offered]
    return Parameter(
        "f",
        one_of("f", names),
        {"type": "string", "enum": names, "default": names[0]},
        "Format of the answer; wins over the header `Accept`. "
        + "; ".join(f"`{one.name}`: {one.title.en}" for one in offered)
        + ".",
        names[0],
    )


LANGUAGE: Parameter[str] = Parameter(
    "lang",
    one_of("lang", LANGUAGES),
    {"type": "string", "enum": list(LANGUAGES)},
    "Language of titles and pages: `nl` or `en`; wins over the header `Accept-Language`, which holds for web "
    "pages only.",
    "en",
)


def chosen(request: Request, read: Reader, offered: tuple[Format, ...]) -> Format:
    """
    Choose the format of an answer.

    Parameters
    ----------
    request
        The request.
    read
        Reads its parameters; a wrong `f` is noted there.
    offered
        The formats, the one for those who take anything first.

    Returns
    -------
    Format
        The one that `f` names, else the one that `Accept` likes best.

    Raises
    ------
    NotAcceptable
        If the caller takes none of them.
    """
    name = read.read(format_parameter(offered), None)
    if name is not None:
        return next(one for one in offered if one.name == name)
    found = _best(_header(request, "accept"), offered)
    if found is None:
        types = ", ".join(dict.fromkeys(one.media_type for one in offered))
        raise NotAcceptable(f"Accept must allow one of {types}, got {told(request.headers['accept'])}")
    return found


def spoken(request: Request, read: Reader, chosen_format: Format) -> Language:
    """
    Choose the language of an answer.

    Parameters
    ----------
    request
        The request.
    read
        Reads its parameters; a wrong `lang` is noted there.
    chosen_format
        Format of the answer: only web pages, which people read in their browsers, follow the header, so that
        programs get one and the same answer everywhere.

    Returns
    -------
    str
        `nl` or `en`.
    """
    named = read.read(LANGUAGE, None)
    if named is None and chosen_format.name == "html":
        named = best_language(_header(request, "accept-language"))
    return "nl" if named == "nl" else "en"


def _header(request: Request, name: str) -> str:
    """Join the lines of a header; what is longer than any browser's is cut, so that little is kept of it."""
    return ",".join(request.headers.getlist(name))[:_MAX_HEADER]


@lru_cache(_KEPT)
def _best(accept: str, offered: tuple[Format, ...]) -> Format | None:
    """Find the format that a header likes best; the first of those that it likes alike."""
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    liked = [max(_liking(ranges, name) for name in (one.media_type, *one.also)) for one in offered]
    best = max(liked)
    return offered[liked.index(best)] if best > 0 else None


def _liking(ranges: Sequence[tuple[str, float]], media_type: str) -> float:
    """Tell the quality that the most specific range gives a media type; none is zero."""
    for pattern in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        found = [quality for name, quality in ranges if name == pattern]
        if found:
            return max(found)
    return 0.0


@lru_cache(_KEPT)
def prefers_page(accept: str) -> bool:
    """
    Tell whether a header likes web pages better than all that programs read.

    Parameters
    ----------
    accept
        Value of `Accept`; empty where there is none.

    Returns
    -------
    bool
        True for browsers.
    """
    if "html" not in accept:
        return False
    ranges = _ranges(accept[:_MAX_HEADER])
    return _liking(ranges, "text/html") > max(_liking(ranges, one) for one in _FOR_PROGRAMS)


@lru_cache(_KEPT)
def best_language(accept: str) -> Language:
    """
    Find the language that a header likes best.

    Parameters
    ----------
    accept
        Value of `Accept-Language`; empty where there is none.

    Returns
    -------
    str
        `en` for whoever likes none of ours.
    """
    liked = dict.fromkeys(LANGUAGES, 0.0)
    for name, quality in _ranges(accept):
        for one in LANGUAGES:
            if name.partition("-")[0] == one:
                liked[one] = max(liked[one], quality)
    return max(LANGUAGES, key=lambda one: liked[one])


def _ranges(header: str) -> list[tuple[str, float]]:
    """Read the ranges of a header with their qualities; parameters other than the quality are left aside."""
    found = []
    for part in header.split(",")[:_MAX_RANGES]:
        name, *parameters = (text.strip() for text in part.split(";"))
        if name:
            qualities = [match[1] for text in parameters if (match := _QUALITY.fullmatch(text))]
            found.append((name.lower(), float(qualities[0]) if qualities else 1.0))
    return found
