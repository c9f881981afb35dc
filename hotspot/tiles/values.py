"""What features tell, as the values of a layer of a vector tile (Mapbox Vector Tile 2.1)."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from enum import IntEnum
from itertools import repeat
from typing import TYPE_CHECKING, Any, cast  # Any: values of one kind, which it does not tell.

import numpy as np

from hotspot.tiles import varints

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Value = str | int | float | bool | None

# The tags of the fields (number << 3 | wire type), as vector_tile.proto numbers them.
_LAYER_VALUE = b"\x22"
_VALUE_TEXT, _VALUE_UNSIGNED, _VALUE_SIGNED = b"\x0a", b"\x28", b"\x30"
_VALUE_BOOLEAN = (b"\x38\x00", b"\x38\x01")

_NUMBER_HEAD = b"\x22\x09\x19"
"""A value of nine bytes, of which the first says that eight are a number."""

_NUMBER_FIELD = struct.Struct("<3sd")

_HEADS = tuple(f'"{chr(length + 2)}\n{chr(length)}' for length in range(126))
"""What stands before a text of each length as a value of a layer: bytes that are characters as well."""

_COUNTS = tuple(bytes([0x22, 2, 0x28, number]) for number in range(128))
"""Small whole numbers as values of a layer."""

ABSENT = -1
"""Number of a value that is not told."""

_BYTES = tuple(bytes([number]) for number in range(128))


class Kind(IntEnum):
    """What the values of a column are; numbers that are equal are not the same value in two kinds."""

    TEXT = 0
    INTEGER = 1
    NUMBER = 2
    BOOLEAN = 3


@dataclass(frozen=True, slots=True)
class Column:
    """
    One thing that is told of each feature.

    Parameters
    ----------
    name
        Its name.
    kind
        What the values are.
    values
        One per feature; absent where nothing is told.
    """

    name: str
    kind: Kind
    values: Sequence[Value]


class Values:
    """The values of a layer: each is written once, and has a number."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self._known: Mapping[Kind, dict[Value, int]] = {kind: {None: ABSENT} for kind in Kind}

    def numbered(self, column: Column) -> NDArray[np.int64]:
        """
        Give the numbers of a column's values.

        Parameters
        ----------
        column
            The column.

        Returns
        -------
        ndarray
            One for each feature; `ABSENT` for what is absent or not finite, which is not told.
        """
        known, values = self._known[column.kind], column.values
        new = [one for one in dict.fromkeys(values) if one not in known]
        if column.kind is Kind.NUMBER:
            numbers = cast("list[float]", new)
            if not all(map(math.isfinite, numbers)):
                known.update((one, ABSENT) for one in numbers if not math.isfinite(one))
                new = [one for one in new if one not in known]
        if new:
            count = len(self.written)
            self.written += _WRITERS[column.kind](new)
            known.update(zip(new, range(count, count + len(new)), strict=True))
        return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _texts(values: Sequence[Any]) -> list[bytes]:
    """Write texts as values of a layer; most are so short and plain that what stands before them is, too."""
    lengths = list(map(len, values))
    if max(lengths) < len(_HEADS) and "".join(values).isascii():
        heads = map(_HEADS.__getitem__, lengths)
        return [f"{head}{one}".encode() for head, one in zip(heads, values, strict=True)]
    fields = (text_field(_VALUE_TEXT, one.encode()) for one in values)
    return [text_field(_LAYER_VALUE, field) for field in fields]


def _integers(values: Sequence[Any]) -> list[bytes]:
    """Write whole numbers as values of a layer."""
    return [_COUNTS[one] if 0 <= one < len(_COUNTS) else _integer(one) for one in values]


def _integer(number: int) -> bytes:
    """Write a whole number as a value of a layer, folded where it is negative."""
    kind, folded = (_VALUE_UNSIGNED, number) if number >= 0 else (_VALUE_SIGNED, -2 * number - 1)
    return text_field(_LAYER_VALUE, kind + varints.one(folded))


def _decimals(values: Sequence[Any]) -> list[bytes]:
    """Write decimals as values of a layer, all of one length."""
    return list(map(_NUMBER_FIELD.pack, repeat(_NUMBER_HEAD), values))


def _truths(values: Sequence[Any]) -> list[bytes]:
    """Write whether something is so as values of a layer."""
    return [text_field(_LAYER_VALUE, _VALUE_BOOLEAN[bool(one)]) for one in values]


_WRITERS: Mapping[Kind, Callable[[Sequence[Any]], list[bytes]]] = {
    Kind.TEXT: _texts,
    Kind.INTEGER: _integers,
    Kind.NUMBER: _decimals,
    Kind.BOOLEAN: _truths,
}


def text_field(tag: bytes, content: bytes) -> bytes:
    """
    Write a field with a length before its bytes.

    Parameters
    ----------
    tag
        What the field is.
    content
        Its bytes.

    Returns
    -------
    bytes
        The field.
    """
    size = len(content)
    # Most texts are short, and their length is one byte.
    return tag + (_BYTES[size] if size < len(_BYTES) else varints.one(size)) + content
