"""
Vector tiles as bytes (Mapbox Vector Tile 2.1): layers of shapes with numbers and what is told of them.

A feature is nothing but numbers written one after the other, so that all features of a layer are laid out as
one array and written at once: about a microsecond for a point, and a tenth of one for each thing told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.tiles import varints
from hotspot.tiles.tiling import EXTENT
from hotspot.tiles.values import ABSENT, Column, Kind, Values, text_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

__all__ = ["MEDIA_TYPE", "Chosen", "Column", "Kind", "Told", "layer", "layers_of", "told"]

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
"""Media type of a vector tile."""

_MOVE_TO_ONE = 1 << 3 | 1
_MOVE_TO = 1
_LINE_TO = 2
_CLOSE_PATH = 1 << 3 | 7

# The tags of the fields (number << 3 | wire type), as vector_tile.proto numbers them.
_TILE_LAYER = b"\x1a"
_LAYER_NAME, _LAYER_KEY, _LAYER_EXTENT = b"\x0a", b"\x1a", b"\x28"
_LAYER_VERSION_2 = b"\x78\x02"
_LAYER_FEATURE = 0x12
_FEATURE_ID, _FEATURE_TAGS, _FEATURE_TYPE, _FEATURE_GEOMETRY = 0x08, 0x12, 0x18, 0x22

_HEAD = 10
"""Numbers of a feature beside its tags and its geometry."""


_POLYGON = int(shapely.GeometryType.POLYGON)


class _Shape(IntEnum):
    """Kinds of geometry, as vector tiles number them."""

    POINT = 1
    LINE = 2
    POLYGON = 3


@dataclass(frozen=True, slots=True)
class _Ragged:
    """Numbers of features, one feature's after the other's: all numbers, and how many each feature has."""

    numbers: Numbers
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Told:
    """
    What is told of features, ready to be written of any of them.

    Parameters
    ----------
    names
        Names of the columns as fields of a layer.
    values
        The values as fields of a layer.
    numbers
        Which value each feature has in each column, shape (columns, n); one beyond the last where it is not
        told.
    is_given
        Whether it has any there, shape (columns, n): what is not finite is given, but not told.
    """

    names: tuple[bytes, ...]
    values: tuple[bytes, ...]
    numbers: NDArray[np.int64]
    is_given: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    Which features are in which of several tiles.

    Parameters
    ----------
    features
        Places of features, those of the first tile first, shape (n,).
    tiles
        Place of the tile of each, shape (n,).
    n_tiles
        Number of tiles.
    """

    features: NDArray[np.intp]
    tiles: NDArray[np.intp]
    n_tiles: int


def told(columns: Sequence[Column], n: int) -> Told:
    """
    Make what is told of features ready to be written in many layers.

    Parameters
    ----------
    columns
        What is told of each.
    n
        Number of features.

    Returns
    -------
    Told
        It.
    """
    values = Values()
    numbers, is_given = np.empty((len(columns), n), np.int64), np.empty((len(columns), n), np.bool_)
    for place, one in enumerate(columns):
        numbers[place] = values.numbered(one)
        is_given[place] = numbers[place] != ABSENT
        if one.kind is Kind.NUMBER:
            is_given[place] = [value is not None for value in one.values]
    numbers[numbers == ABSENT] = len(values.written)
    names = tuple(text_field(_LAYER_KEY, one.name.encode()) for one in columns)
    return Told(names, tuple(values.written), numbers, is_given)


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
        columns = [one for one in columns if one.values.count(None) < len(one.values)]
        ids, shapes = list(compress(ids, kept)), shapes[shown]
    if not len(shapes):
        return b""
    tags, values = _tags(columns, len(shapes))
    names = [text_field(_LAYER_KEY, one.name.encode()) for one in columns]
    features, _ = _features(np.array(ids, np.uint64), tags, *_geometries(shapes))
    return _joined(name, features, names, values)


def layers_of(
    name: str, chosen: Chosen, ids: Numbers, shapes: NDArray[np.object_], about: Told
) -> list[bytes]:
    """
    Write the same layer for each of several tiles, from features of which it is ready what is told of them.

    Parameters
    ----------
    name
        Name of the layer.
    chosen
        Which features are in which tile.
    ids
        Number of each feature that is chosen.
    shapes
        As of `layer`, of each feature that is chosen.
    about
        What is told of all features, the others too.

    Returns
    -------
    list of bytes
        As of `layer`, one for each tile.
    """
    shown = shapely.get_num_coordinates(shapes) > 0
    if not shown.all():
        chosen = Chosen(chosen.features[shown], chosen.tiles[shown], chosen.n_tiles)
        ids, shapes = ids[shown], shapes[shown]
    if not len(shapes):
        return [b""] * chosen.n_tiles
    tags, names, values = _chosen_tags(about, chosen)
    written, lengths = _features(ids, tags, *_geometries(shapes))
    ends = np.cumsum(np.bincount(chosen.tiles, lengths, chosen.n_tiles)).astype(np.int64).tolist()
    parts = zip([0, *ends], ends, names, values, strict=False)
    return [_joined(name, written[start:end], *told) if end > start else b"" for start, end, *told in parts]


def _chosen_tags(about: Told, chosen: Chosen) -> tuple[_Ragged, list[list[bytes]], list[list[bytes]]]:
    """Give the pairs of each feature, and the columns and values of each tile, which has its own numbers."""
    n_tiles, tiles, n_values = chosen.n_tiles, chosen.tiles, len(about.values)
    per_tile = np.bincount(tiles, minlength=n_tiles)
    full = np.flatnonzero(per_tile)
    firsts = (np.cumsum(per_tile) - per_tile)[full]
    is_named = np.zeros((n_tiles, len(about.names)), bool)
    is_named[full] = np.logical_or.reduceat(about.is_given[:, chosen.features], firsts, axis=1).T
    # A value of a tile is another one than the same value of another tile; the last of each is none.
    keys = about.numbers[:, chosen.features] + tiles * (n_values + 1)
    by_column = np.concatenate([one.ravel() for one in np.split(keys, firsts[1:], axis=1)])
    # Values are numbered as they come in a tile, one column after the other. Of several places the last that
    # is written stays, which is the first one here.
    places, number = np.arange(len(by_column)), np.empty(n_tiles * (n_values + 1), np.int64)
    number[by_column[::-1]] = places[::-1]
    of_tile, new = np.divmod(by_column[number[by_column] == places], n_values + 1)
    of_tile, new = of_tile[new < n_values], new[new < n_values]
    ends = np.cumsum(np.bincount(of_tile, minlength=n_tiles))
    starts = np.concatenate([[0], ends[:-1]])
    number[n_values :: n_values + 1] = ABSENT
    number[of_tile * (n_values + 1) + new] = np.arange(len(new)) - starts[of_tile]
    tags = np.stack([(np.cumsum(is_named, axis=1) - 1)[tiles], number[keys.T]], axis=2)
    written = [about.values[one] for one in new.tolist()]
    values = [written[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    names = [list(compress(about.names, one)) for one in is_named.tolist()]
    return _told_only(tags), names, values


def _joined(name: str, features: bytes, names: Sequence[bytes], values: Sequence[bytes]) -> bytes:
    """Write a layer of its parts."""
    parts = [
        _LAYER_VERSION_2,
        text_field(_LAYER_NAME, name.encode()),
        features,
        *names,
        *values,
        _LAYER_EXTENT + varints.one(EXTENT),
    ]
    return text_field(_TILE_LAYER, b"".join(parts))


def _tags(columns: Sequence[Column], n: int) -> tuple[_Ragged, list[bytes]]:
    """Give each value of the layer a number, and each feature its pairs of column and value."""
    values = Values()
    tags = np.empty((n, len(columns), 2), np.int64)
    tags[:, :, 0] = np.arange(len(columns))
    for place, one in enumerate(columns):
        tags[:, place, 1] = values.numbered(one)
    return _told_only(tags), values.written


def _told_only(tags: NDArray[np.int64]) -> _Ragged:
    """Leave out the pairs whose value is not told."""
    is_told = tags[:, :, 1] != ABSENT
    return _Ragged(tags[is_told].ravel().astype(np.uint64), 2 * is_told.sum(axis=1))


def _features(ids: Numbers, told: _Ragged, kinds: Numbers, drawn: _Ragged) -> tuple[bytes, NDArray[np.int64]]:
    """Write all features; tell how many bytes each takes."""
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
    return varints.encoded(numbers, varints.sizes(numbers)), 1 + _size(lengths) + lengths


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
    present = set(kinds.tolist())
    if len(present) == 1:
        return kinds, _DRAWINGS[present.pop()](shapes)
    counts = np.zeros(len(shapes), np.int64)
    drawn = {shape: _DRAWINGS[shape](shapes[kinds == shape]) for shape in present}
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
    if shapely.get_num_interior_rings(shapes).any() or (shapely.get_type_id(shapes) != _POLYGON).any():
        parts, of_part = shapely.get_parts(shapes, return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        of = of_part[of_ring]
    else:
        # To take areas of one ring apart takes as long as to draw them.
        rings, of = shapes, np.arange(len(shapes))
    xy, path = shapely.get_coordinates(rings, return_index=True)
    is_last = np.append(path[1:] != path[:-1], True)
    return _paths(xy[~is_last], path[~is_last], of, n=len(shapes), is_closed=True)


_DRAWINGS = {int(_Shape.POINT): _points, int(_Shape.LINE): _lines, int(_Shape.POLYGON): _polygons}


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
    firsts = np.cumsum(vertices) - vertices
    place = (starts + 2 - 2 * firsts)[path] + 2 * np.arange(len(path))
    # The command to draw stands between the first vertex and the others.
    place[firsts] -= 1
    steps = _steps(xy, of[path])
    numbers[place], numbers[place + 1] = steps[:, 0], steps[:, 1]
    return _Ragged(numbers, np.bincount(of, weights=lengths, minlength=n).astype(np.int64))


def _steps(xy: NDArray[np.float64], of: NDArray[np.intp]) -> Numbers:
    """Tell where each vertex lies from the one before; the first of a feature from the tile's corner."""
    whole = xy.astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=0)
    begins = np.flatnonzero(of[1:] != of[:-1]) + 1
    steps[begins] = whole[begins]
    return varints.zigzag(steps)
