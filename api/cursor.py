"""Where a page ended, written so that the next request can go on from there: opaque to callers."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotspot.catalogue import PropertyType
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 2000
"""Characters of a cursor; sort values are short."""

_CHECKSUM_BYTES = 9
_MAX_ID = 2**63 - 1
_FORM = 1
"""Number of this form, so that a later one can tell its own."""

_REQUIRED = "cursor must be one that a link `next` of the same selection gave"


@dataclass(frozen=True, slots=True)
class Cursor:
    """
    Where a page ended.

    Parameters
    ----------
    version
        Version of the data that the page was of.
    after
        Values of the sort keys and the number of its last row.
    """

    version: int
    after: tuple[object, ...]


def checksum(said: str) -> str:
    """
    Sum up what a selection is, so that a cursor is not used with another one.

    Parameters
    ----------
    said
        All that narrows or orders the selection.

    Returns
    -------
    str
        A short text.
    """
    digest = hashlib.blake2b(said.encode(), digest_size=_CHECKSUM_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode()


def written(cursor: Cursor, checked: str) -> str:
    """
    Write a cursor.

    Parameters
    ----------
    cursor
        Where the page ended.
    checked
        Checksum of its selection.

    Returns
    -------
    str
        Letters, digits, `-` and `_`.
    """
    values = [_plain(value) for value in cursor.after]
    text = json.dumps([_FORM, cursor.version, checked, values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(text: str, checked: str, kinds: Sequence[PropertyType]) -> Cursor:
    """
    Read a cursor that was written for the same selection.

    Parameters
    ----------
    text
        As it came.
    checked
        Checksum of the selection it is used with.
    kinds
        What each sort key holds.

    Returns
    -------
    Cursor
        Where to go on.

    Raises
    ------
    InvalidParameter
        If it is none, or of another selection.
    """
    try:
        form, version, found, values = _unpacked(text)
        if form != _FORM or found != checked or type(version) is not int or not 0 <= version <= _MAX_ID:
            raise InvalidParameter(_REQUIRED)
        after = tuple(_restored(value) for value in values)
    except (ValueError, TypeError, KeyError, RecursionError, binascii.Error) as error:
        raise InvalidParameter(_REQUIRED) from error
    # Whoever makes up a cursor gets no further than whoever makes up a filter.
    if len(after) != len(kinds) + 1 or after[-1] is None:
        raise InvalidParameter(_REQUIRED)
    if not all(
        _can_be(value, kind) for value, kind in zip(after, [*kinds, PropertyType.INTEGER], strict=True)
    ):
        raise InvalidParameter(_REQUIRED)
    return Cursor(version, after)


def _can_be(value: object, kind: PropertyType) -> bool:
    """Tell whether a store can have given a value; one without dates or truth gives texts or numbers."""
    is_number = type(value) in {int, float} and math.isfinite(float(str(value)))
    forms = {
        PropertyType.TEXT: isinstance(value, str) and "\x00" not in value,
        PropertyType.INTEGER: type(value) is int and abs(value) <= _MAX_ID,
        PropertyType.NUMBER: is_number,
        PropertyType.BOOLEAN: isinstance(value, bool) or (is_number and value in {0, 1}),
        PropertyType.DATE: type(value) is dt.date or (isinstance(value, str) and _is_date(value)),
        PropertyType.INSTANT: is_number or isinstance(value, dt.datetime),
    }
    return value is None or forms.get(kind, False)


def _is_date(text: str) -> bool:
    """Tell whether a text is a date."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _unpacked(text: str) -> tuple[object, object, object, list[object]]:
    """Turn the text into what it says."""
    if not text.isascii() or not 1 <= len(text) <= MAX_LENGTH:
        raise InvalidParameter(_REQUIRED)
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    found = json.loads(packed.decode())
    if not isinstance(found, list) or len(found) != 4 or not isinstance(found[3], list):  # noqa: PLR2004 - as written
        raise InvalidParameter(_REQUIRED)
    form, version, checked, values = found
    return form, version, checked, values


def _plain(value: object) -> object:
    """Write a value as JSON can; dates and instants say what they are."""
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return value


def _restored(value: object) -> object:
    """Read a value back."""
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return {"t": dt.datetime.fromisoformat, "d": dt.date.fromisoformat}[kind](str(text))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InvalidParameter(_REQUIRED)
