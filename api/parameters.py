"""What requests may say: every parameter that there is, with its bounds and its description, once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from api.queries import MAX_TOLD, Parameter, told
from hotspot.errors import InvalidParameter, NotFound
from hotspot.grades import SHOWN
from hotspot.model import Kind
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from enum import StrEnum

E = TypeVar("E", bound="StrEnum")

_WHOLE = re.compile(r"\d+", re.ASCII)

CSV = "text/csv"
"""Media type of tables."""

LATEST = "latest"
"""Stands for the newest published week in an address."""

MAX_OFFSET = 1_000_000_000
"""Features that may be skipped: more than any store holds, and a whole number to every database."""

MAX_NAME_LENGTH = 64
"""Characters of a theme or an area's code; those of the sources we know have at most 32."""

MAX_ID_LENGTH = 200
"""Characters of a feature's name."""


@dataclass(frozen=True, slots=True)
class Page:
    """
    A stretch of an ordered list.

    Parameters
    ----------
    limit
        Features at the most.
    offset
        Features to skip.
    """

    limit: int
    offset: int


def whole_number(name: str, *, least: int, most: int, clamp: bool = False) -> Callable[[str], int]:
    """
    Make the reader of a whole number.

    Parameters
    ----------
    name
        Name of the parameter, for the message.
    least, most
        Its bounds, both included.
    clamp
        Whether more than `most` means `most`, as OGC API asks for page sizes.

    Returns
    -------
    callable
        Turns a text into the number or raises `InvalidParameter`.
    """

    def parse(text: str) -> int:
        # Python refuses to turn thousands of digits into a number, hence the cut; it keeps the size's sense.
        number = int(text.lstrip("0")[:20] or "0") if _WHOLE.fullmatch(text) else least - 1
        if clamp:
            number = min(number, most)
        if not least <= number <= most:
            bound = f"of at least {least}" if clamp else f"from {least} to {most}"
            raise InvalidParameter(f"{name} must be a whole number {bound}, got {told(text)}")
        return number

    return parse


def short_name(name: str) -> Callable[[str], str]:
    """
    Make the reader of a code or name.

    Parameters
    ----------
    name
        Name of the parameter, for the message.

    Returns
    -------
    callable
        Turns a text into itself or raises `InvalidParameter`.
    """

    def parse(text: str) -> str:
        # Databases refuse a NUL in a text; nothing that cannot be printed is in a code either.
        if not 1 <= len(text) <= MAX_NAME_LENGTH or not text.isprintable():
            raise InvalidParameter(
                f"{name} must be 1 to {MAX_NAME_LENGTH} printable characters, got {told(text)}"
            )
        return text

    return parse


def one_of(name: str, values: Sequence[E]) -> Callable[[str], E]:
    """
    Make the reader of one word out of a few.

    Parameters
    ----------
    name
        Name of the parameter, for the message.
    values
        What it may be.

    Returns
    -------
    callable
        Turns a text into one of the values or raises `InvalidParameter`.
    """

    def parse(text: str) -> E:
        for value in values:
            if text == value:
                return value
        raise InvalidParameter(f"{name} must be one of {', '.join(values)}, got {told(text)}")

    return parse


def _week(text: str) -> Week:
    """Read a week; what is long is none, and is not told back in full."""
    return Week.parse(text if len(text) <= MAX_TOLD else text[:MAX_TOLD] + "...")


def _week_or_latest(text: str) -> Week | None:
    """Read a week of an address; None is the newest one."""
    return None if text == LATEST else _week(text)


def _format(text: str) -> str:
    """Read the short name of a format and give its media type."""
    formats = {"json": "application/json", "csv": CSV}
    if text not in formats:
        raise InvalidParameter(f"f must be one of {', '.join(formats)}, got {told(text)}")
    return formats[text]


def _feature_id(text: str) -> str:
    """Let through what a name can be; anything else names nothing."""
    if len(text) > MAX_ID_LENGTH or not text.isprintable():
        raise NotFound(f"there is no feature {told(text)}")
    return text


_WEEK_SCHEMA = {"type": "string", "pattern": r"^\d{4}-?W\d{2}$"}
_NAME_SCHEMA = {"type": "string", "minLength": 1, "maxLength": MAX_NAME_LENGTH}

OFFSET = Parameter(
    "offset",
    whole_number("offset", least=0, most=MAX_OFFSET),
    {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
    "What to skip of what `limit` counts; follow the link `next` instead of counting yourself.",
    0,
)

WEEK = Parameter(
    "week",
    _week,
    _WEEK_SCHEMA,
    "Only this ISO week; without it, the newest edition of every published week.",
    "2010-W30",
)

WEEK_OR_LATEST = Parameter(
    "week",
    _week_or_latest,
    {"type": "string", "pattern": r"^(latest|\d{4}-?W\d{2})$"},
    "An ISO week, or `latest` for the newest one published.",
    LATEST,
    in_path=True,
)

THEME = Parameter("theme", short_name("theme"), _NAME_SCHEMA, "Only this theme.", "drug_nuisance")

_KINDS = tuple(Kind)

KIND = Parameter(
    "kind",
    one_of("kind", _KINDS),
    {"type": "string", "enum": [str(kind) for kind in _KINDS]},
    "Only hotspots of this kind: acute (more than usual in the last weeks) or chronic (dense all year).",
    "acute",
)

GRADE = Parameter(
    "grade",
    one_of("grade", SHOWN),
    {"type": "string", "enum": [str(grade) for grade in SHOWN]},
    "Only hotspots of this grade; the list of a week states the error rate of each.",
    "confirmed",
)

AREA_OF_CELLS = Parameter(
    "area",
    short_name("area"),
    _NAME_SCHEMA,
    "Only cells of the neighbourhood with this code, or of the municipality.",
    "BU09350000",
)

AREA = Parameter(
    "area",
    short_name("area"),
    _NAME_SCHEMA,
    "Only what touches the neighbourhood or district with this code.",
    "BU09350000",
)

EDITION = Parameter(
    "edition",
    whole_number("edition", least=1, most=MAX_OFFSET),
    {"type": "integer", "minimum": 1, "maximum": MAX_OFFSET},
    "This edition of the week; without it, the newest, which is the one that holds.",
    1,
)

FEATURE_ID = Parameter(
    "featureId",
    _feature_id,
    {"type": "string"},
    "Name of the feature: an area's code; of a hotspot its id and the week, or its bare id for the newest "
    "week that lists it.",
    "hs-3f2a91c07b44-2010-W30",
    in_path=True,
)

HOTSPOT_ID = Parameter(
    "hotspotId",
    _feature_id,
    {"type": "string"},
    "Id of the hotspot, which it keeps from week to week.",
    "hs-3f2a91c07b44",
    in_path=True,
)


FORMAT = Parameter(
    "f",
    _format,
    {"type": "string", "enum": ["json", "csv"], "default": "json"},
    "Format of the answer; `csv` opens in a spreadsheet.",
    "json",
)


def limit(*, default: int, most: int, of: str = "Features or rows", note: str = "") -> Parameter[int]:
    """
    Make the parameter that bounds a page.

    Parameters
    ----------
    default
        Page size where none is asked for.
    most
        Largest page; asking for more gives this.
    of
        What is counted, with a capital.
    note
        What else is to be said of it.

    Returns
    -------
    Parameter
        The parameter.
    """
    return Parameter(
        "limit",
        whole_number("limit", least=1, most=most, clamp=True),
        {"type": "integer", "minimum": 1, "maximum": most, "default": min(default, most)},
        f"{of} at the most; more than {most} means {most}.{note}",
        10,
    )
