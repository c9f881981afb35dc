"""
Vector tiles as bytes (Mapbox Vector Tile 2.1): layers of shapes with numbers and what is told of them.

A feature is nothing but numbers written one after the other, so that all features of a layer are laid out as
one array and written at once: about a microsecond for a point, and a tenth of one for each thing told of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, cast  # Any: values of one kind, which it does not tell.

import numpy as np
import shapely

from hotspot.tiles import varints
from hotspot.tiles.tiling import EXTENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Value = str | int | float | bool | None
    Numbers = NDArray[np.uint64]

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
"""Media type of a vector tile."""

_MOVE_TO_ONE = 1 << 3 | 1
_MOVE_TO = 1
_LINE_TO = 2
_CLOSE_PATH = 1 << 3 | 7

# The tags of the fields (number << 3 | wire type), as vector_tile.proto numbers them.
_TILE_LAYER = b"\x1a"
_LAYER_NAME, _LAYER_KEY, _LAYER_VALUE, _LAYER_EXTENT = b"\x0a", b"\x1a", b"\x22", b"\x28"
_LAYER_VERSION_2 = b"\x78\x02"
_LAYER_FEATURE = 0x12
_FEATURE_ID, _FEATURE_TAGS, _FEATURE_TYPE, _FEATURE_GEOMETRY = 0x08, 0x12, 0x18, 0x22
_VALUE_TEXT, _VALUE_UNSIGNED, _VALUE_SIGNED = b"\x0a", b"\x28", b"\x30"
_VALUE_BOOLEAN = (b"\x38\x00", b"\x38\x01")

_NUMBER_HEAD = np.frombuffer(b"\x22\x09\x19", np.uint8)
"""A value of nine bytes, of which the first says that eight are a number."""

_NUMBER_FIELD = np.dtype([("head", "u1", (3,)), ("number", "<f8")])

_HEADS = tuple(f'"{chr(length + 2)}\n{chr(length)}' for length in range(126))
"""What stands before a text of each length as a value of a layer: bytes that are characters as well."""

_COUNTS = tuple(bytes([0x22, 2, 0x28, number]) for number in range(128))
"""Small whole numbers as values of a layer."""

_ABSENT = -1
"""Number of a value that is not told."""

_BYTES = tuple(bytes([number]) for number in range(128))

_HEAD = 10
"""Numbers of a feature beside its tags and its geometry."""


class Kind(IntEnum):
    """What the values of a column are; numbers that are equal are not the same value in two kinds."""

    TEXT = 0
    INTEGER = 1
    NUMBER = 2
    BOOLEAN = 3


class _Shape(IntEnum):
    """Kinds of geometry, as vector tiles number them."""

    POINT = 1
    LINE = 2
    POLYGON = 3


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


@dataclass(frozen=True, slots=True)
class _Ragged:
    """Numbers of features, one feature's after the other's: all numbers, and how many each feature has."""

    numbers: Numbers
    counts: NDArray[np.int64]


def layer(name: str, ids: Sequence[int], shapes: NDArray[np.object_], columns: Sequence[Column]) -> bytes:
    """
    Write a layer; the layers of a tile are written one after the other.

    Parameters
    ----------
    name
        Its name.
    ids
        Number of each feature, none negative.
    shapes
        What `tile_shapes.cut` gave, shape (n,); features without a shape are left out.
    columns
        What is told of each.

    Returns
    -------
    bytes
        The layer; nothing where no feature has a shape.
    """
    shown = shapely.get_num_coordinates(shapes) > 0
    if not shown.all():
        kept = shown.tolist()
        # What is told of a feature without a shape is no value of the layer either.
        columns = [Column(one.name, one.kind, list(compress(one.values, kept))) for one in columns]
        ids, shapes = list(compress(ids, kept)), shapes[shown]
    if not len(shapes):
        return b""
    told, values = _tags(columns, len(shapes))
    kinds, drawn = _geometries(shapes)
    parts = [
        _LAYER_VERSION_2,
        _text_field(_LAYER_NAME, name.encode()),
        _features(np.array(ids, np.uint64), told, kinds, drawn),
        *(_text_field(_LAYER_KEY, one.name.encode()) for one in columns),
        values,
        _LAYER_EXTENT + varints.one(EXTENT),
    ]
    return _text_field(_TILE_LAYER, b"".join(parts))


def _text_field(tag: bytes, content: bytes) -> bytes:
    """Write a field with a length before its bytes."""
    size = len(content)
    # Most texts are short, and their length is one byte.
    return tag + (_BYTES[size] if size < len(_BYTES) else varints.one(size)) + content


def _tags(columns: Sequence[Column], n: int) -> tuple[_Ragged, bytes]:
    """Give each value of the layer a number, and each feature its pairs of column and value."""
    values = _Values()
    tags = np.empty((n, len(columns), 2), np.int64)
    tags[:, :, 0] = np.arange(len(columns))
    for place, one in enumerate(columns):
        tags[:, place, 1] = values.numbered(one)
    is_told = tags[:, :, 1] != _ABSENT
    return _Ragged(tags[is_told].ravel().astype(np.uint64), 2 * is_told.sum(axis=1)), b"".join(values.written)


class _Values:
    """The values of a layer, as fields of it, and how many there are."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self._count = 0
        self._known: Mapping[Kind, dict[Value, int]] = {kind: {None: _ABSENT} for kind in Kind}

    def numbered(self, column: Column) -> NDArray[np.int64]:
        """Give the numbers of a column's values; what is absent or not finite is not told."""
        known, values = self._known[column.kind], column.values
        new = [one for one in dict.fromkeys(values) if one not in known]
        if column.kind is Kind.NUMBER:
            numbers = cast("list[float]", new)
            if not all(map(math.isfinite, numbers)):
                known.update((one, _ABSENT) for one in numbers if not math.isfinite(one))
                new = [one for one in new if one not in known]
        if new:
            self.written.append(_WRITERS[column.kind](new))
            known.update(zip(new, range(self._count, self._count + len(new)), strict=True))
            self._count += len(new)
        return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _texts(values: Sequence[Any]) -> bytes:
    """Write texts as values of a layer; most are so short and plain that what stands before them is, too."""
    lengths = list(map(len, values))
    if max(lengths) < len(_HEADS) and "".join(values).isascii():
        heads = map(_HEADS.__getitem__, lengths)
        return "".join(chain.from_iterable(zip(heads, values, strict=True))).encode()
    fields = (_text_field(_VALUE_TEXT, one.encode()) for one in values)
    return b"".join([_text_field(_LAYER_VALUE, field) for field in fields])


def _integers(values: Sequence[Any]) -> bytes:
    """Write whole numbers as values of a layer."""
    return b"".join([_COUNTS[one] if 0 <= one < len(_COUNTS) else _integer(one) for one in values])


def _integer(number: int) -> bytes:
    """Write a whole number as a value of a layer, folded where it is negative."""
    kind, folded = (_VALUE_UNSIGNED, number) if number >= 0 else (_VALUE_SIGNED, -2 * number - 1)
    return _text_field(_LAYER_VALUE, kind + varints.one(folded))


def _decimals(values: Sequence[Any]) -> bytes:
    """Write decimals as values of a layer, all of one length."""
    fields = np.empty(len(values), _NUMBER_FIELD)
    fields["head"], fields["number"] = _NUMBER_HEAD, values
    return fields.tobytes()


def _truths(values: Sequence[Any]) -> bytes:
    """Write whether something is so as values of a layer."""
    return b"".join([_text_field(_LAYER_VALUE, _VALUE_BOOLEAN[bool(one)]) for one in values])


_WRITERS: Mapping[Kind, Callable[[Sequence[Any]], bytes]] = {
    Kind.TEXT: _texts,
    Kind.INTEGER: _integers,
    Kind.NUMBER: _decimals,
    Kind.BOOLEAN: _truths,
}


def _features(ids: Numbers, told: _Ragged, kinds: Numbers, drawn: _Ragged) -> bytes:
    """Write all features."""
    tag_bytes, shape_bytes = _bytes_of(told), _bytes_of(drawn)
    # id, tags, kind and geometry, each behind its tag, and the last but one in one byte.
    lengths = 5 + _size(ids) + _size(tag_bytes) + tag_bytes + _size(shape_bytes) + shape_bytes
    head: list[int | NDArray[np.int64] | Numbers] = [
        _LAYER_FEATURE,
        lengths,
        _FEATURE_ID,
        ids,
        _FEATURE_TAGS,
        tag_bytes,
        _FEATURE_TYPE,
        kinds,
        _FEATURE_GEOMETRY,
        shape_bytes,
    ]
    before = 6
    counts = _HEAD + told.counts + drawn.counts
    starts = np.cumsum(counts) - counts
    numbers = np.empty(int(counts.sum()), np.uint64)
    for place, values in enumerate(head[:before]):
        numbers[starts + place] = values
    numbers[_places(starts + before, told.counts)] = told.numbers
    for place, values in enumerate(head[before:], start=before):
        numbers[starts + told.counts + place] = values
    numbers[_places(starts + _HEAD + told.counts, drawn.counts)] = drawn.numbers
    return varints.encoded(numbers, varints.sizes(numbers))


def _size(numbers: NDArray[np.int64] | Numbers) -> NDArray[np.int64]:
    """Tell how many bytes numbers take."""
    return varints.sizes(numbers.astype(np.uint64))


def _bytes_of(ragged: _Ragged) -> NDArray[np.int64]:
    """Tell how many bytes each feature's numbers take."""
    so_far = np.concatenate([[0], np.cumsum(varints.sizes(ragged.numbers))])
    ends = np.cumsum(ragged.counts)
    found: NDArray[np.int64] = so_far[ends] - so_far[ends - ragged.counts]
    return found


def _places(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the places from each start on, as many as each count."""
    shift = starts - (np.cumsum(counts) - counts)
    return np.repeat(shift, counts) + np.arange(int(counts.sum()))


def _geometries(shapes: NDArray[np.object_]) -> tuple[Numbers, _Ragged]:
    """Draw all shapes as commands, whatever their kind."""
    kinds = (shapely.get_dimensions(shapes) + 1).astype(np.uint64)
    drawings = {_Shape.POINT: _points, _Shape.LINE: _lines, _Shape.POLYGON: _polygons}
    present = [shape for shape in _Shape if (kinds == shape).any()]
    if len(present) == 1:
        return kinds, drawings[present[0]](shapes)
    counts = np.zeros(len(shapes), np.int64)
    drawn = {shape: drawings[shape](shapes[kinds == shape]) for shape in present}
    for shape, ragged in drawn.items():
        counts[kinds == shape] = ragged.counts
    starts = np.cumsum(counts) - counts
    numbers = np.empty(int(counts.sum()), np.uint64)
    for shape, ragged in drawn.items():
        numbers[_places(starts[kinds == shape], ragged.counts)] = ragged.numbers
    return kinds, _Ragged(numbers, counts)


def _points(shapes: NDArray[np.object_]) -> _Ragged:
    """Draw points: one command, and where each lies from the one before."""
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    vertices = np.bincount(of, minlength=len(shapes))
    counts = 1 + 2 * vertices
    starts = np.cumsum(counts) - counts
    numbers = np.empty(int(counts.sum()), np.uint64)
    numbers[starts] = vertices << 3 | _MOVE_TO
    numbers[_places(starts + 1, 2 * vertices)] = _steps(xy, of).ravel()
    return _Ragged(numbers, counts)


def _lines(shapes: NDArray[np.object_]) -> _Ragged:
    """Draw lines."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    xy, path = shapely.get_coordinates(parts, return_index=True)
    return _paths(xy, path, of, n=len(shapes), is_closed=False)


def _polygons(shapes: NDArray[np.object_]) -> _Ragged:
    """Draw areas: the outer ring of each part, then its holes, all without their last vertex."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, path = shapely.get_coordinates(rings, return_index=True)
    is_last = np.append(path[1:] != path[:-1], True)
    return _paths(xy[~is_last], path[~is_last], of_part[of_ring], n=len(shapes), is_closed=True)


def _paths(
    xy: NDArray[np.float64], path: NDArray[np.intp], of: NDArray[np.intp], *, n: int, is_closed: bool
) -> _Ragged:
    """Draw paths: go to the first vertex, draw to the others, and close where they are rings."""
    vertices = np.bincount(path, minlength=len(of))
    lengths = 2 + 2 * vertices + is_closed
    starts = np.cumsum(lengths) - lengths
    numbers = np.empty(int(lengths.sum()), np.uint64)
    numbers[starts] = _MOVE_TO_ONE
    numbers[starts + 3] = (vertices - 1) << 3 | _LINE_TO
    if is_closed:
        numbers[starts + lengths - 1] = _CLOSE_PATH
    nth = np.arange(len(path)) - (np.cumsum(vertices) - vertices)[path]
    # The command to draw stands between the first vertex and the others.
    place = starts[path] + 2 + 2 * nth - (nth == 0)
    numbers[np.stack([place, place + 1], axis=1)] = _steps(xy, of[path])
    return _Ragged(numbers, np.bincount(of, weights=lengths, minlength=n).astype(np.int64))


def _steps(xy: NDArray[np.float64], of: NDArray[np.intp]) -> Numbers:
    """Tell where each vertex lies from the one before; the first of a feature from the tile's corner."""
    steps = xy.astype(np.int64)
    goes_on = of[1:] == of[:-1]
    steps[1:][goes_on] -= xy[:-1][goes_on].astype(np.int64)
    return varints.zigzag(steps)
