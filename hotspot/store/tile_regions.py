"""
Small parts of the map with all that lies in them, ready to be told in the tiles of the levels below.

Whoever looks closely at a place asks for many tiles of it, one level after the other, and each would read the
same few features again and write the same words about them. What is kept here is read and written once for
each version of the data. Only whole collections are kept so; whatever is chosen from one is read each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.selection import Selection
from hotspot.store import tiles
from hotspot.store.recent import Recent
from hotspot.tiles import mvt
from hotspot.tiles import shapes as tile_shapes
from hotspot.tiles.tiling import BUFFER, EXTENT, Tile

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from hotspot.tiles.mvt import Told

_SIDE_M = 2_500.0
"""Side of the largest tile that is made of a region: level 14 of web maps, a part of a town on a screen."""

_LEVELS_ABOVE = (1, 0)
"""Levels from that tile to its region: where little lies in them, four such are read at once, else each."""

_MOST_IN_REGION = 300
"""Features of a region beyond which a smaller one is read, or each tile by itself."""

_MOST_FEATURES = 2_500
"""Features that are kept in all; each takes about 1.5 kB, and a town at three levels is about as many."""

_LEAST = 10
"""Features that a region counts for at least, so that empty ones are not kept without end."""

_MARGIN_M = 0.001
"""What is this near a tile is left to be cut: a tile's own units are counted with other roundings."""

_MOST_BYTES = 2**20
"""Bytes of layers that are kept: some hundred small tiles."""

_LAYER_BYTES = 300
"""Bytes that a layer counts for beside its own: its name, and that it is kept."""

_SIBLINGS = 1
"""Levels above a tile at which the tile lies all of which is written at once."""

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Region:
    """
    Features in the order of publication: numbers, shapes, sides in the plane, and what is told of them.

    The shapes are kept as EWKB: read, each takes four times as much, and a tile needs few of them.
    """

    collection: str
    ids: NDArray[np.uint64]
    binaries: NDArray[np.object_]
    sides_m: NDArray[np.float64]
    told: Told


class Regions:
    """What is kept; used by many threads at once."""

    def __init__(self) -> None:
        self._regions: Recent[_Region | None] = Recent(_MOST_FEATURES)
        self._layers: Recent[bytes] = Recent(_MOST_BYTES)

    def layer(
        self, connection: Connection, selection: Selection, tile: Tile, made_at: dt.datetime | None
    ) -> bytes:
        """
        Write the layer of a collection in a tile, as `tiles.layer` does.

        Parameters
        ----------
        connection
            The open transaction.
        selection, tile
            As of `tiles.layer`.
        made_at
            When the version of the selection was made: after a backup was restored, its number comes again.

        Returns
        -------
        bytes
            As of `tiles.layer`.
        """
        what = _what(selection, tile, made_at)
        if what is not None and not self._has(what, tile):
            for region in _around(tile):
                key = _key(what, region)
                if key not in self._regions:
                    found = _read(connection, selection, region)
                    self._regions.keep(key, found, _weight(found))
                if self._regions.find(key) is not None:
                    break
        told = self.ready(selection, tile, made_at)
        return tiles.layer(connection, selection, tile) if told is None else told

    def is_ready(self, selection: Selection, tile: Tile, made_at: dt.datetime | None) -> bool:
        """
        Tell whether a layer most likely can be written without asking the store.

        Parameters
        ----------
        selection, tile, made_at
            As of `layer`.

        Returns
        -------
        bool
            Whether what lies around the tile is kept.
        """
        what = _what(selection, tile, made_at)
        return what is not None and self._has(what, tile)

    def ready(self, selection: Selection, tile: Tile, made_at: dt.datetime | None) -> bytes | None:
        """
        Write a layer without asking the store.

        Parameters
        ----------
        selection, tile, made_at
            As of `layer`.

        Returns
        -------
        bytes or None
            As of `layer`; absent where the store has to be asked.
        """
        what = _what(selection, tile, made_at)
        if what is None:
            return None
        told = self._layers.find(_key(what, tile))
        if told is not None:
            return told
        regions = (self._regions.find(_key(what, one)) for one in _around(tile))
        region = next((one for one in regions if one is not None), None)
        return None if region is None else self._written(what, region, tile)

    def _has(self, what: _Key, tile: Tile) -> bool:
        """Tell whether a layer is kept, or what it can be written of."""
        return _key(what, tile) in self._layers or any(
            self._regions.find(_key(what, one)) is not None for one in _around(tile)
        )

    def _written(self, what: _Key, region: _Region, tile: Tile) -> bytes:
        """Write a layer, and those of the tiles beside it, which are asked next; they take little longer."""
        square = _square(tile)
        layers = dict(zip(square, _layers(region, square), strict=True))
        # What is written alone is kept by whoever answers with it, if it is asked again.
        for one, written in layers.items() if len(square) > 1 else ():
            self._layers.keep(_key(what, one), written, len(written) + _LAYER_BYTES)
        return layers[tile]


def _square(tile: Tile) -> list[Tile]:
    """List the tiles that are written at once: of large ones each, since few of the steps would be spared."""
    above = min(_depth(tile), _SIBLINGS)
    row, column = tile.row >> above << above, tile.column >> above << above
    return [
        Tile(tile.matrix_set, tile.level, row + down, column + right)
        for down in range(1 << above)
        for right in range(1 << above)
    ]


def _layers(region: _Region, square: Sequence[Tile]) -> list[bytes]:
    """Write the layers of tiles."""
    sides_m = np.array([one.sides_m(buffer=BUFFER) for one in square])[:, None]
    low, high = region.sides_m[:, :2], region.sides_m[:, 2:]
    # Of features without a shape all comparisons are false.
    is_near = (low <= sides_m[..., 2:] + _MARGIN_M).all(axis=2)
    is_near &= (high >= sides_m[..., :2] - _MARGIN_M).all(axis=2)
    into, chosen = np.nonzero(is_near)
    cut = tile_shapes.cut_each(tiles.shapes(region.binaries[chosen]), square, into)
    return mvt.layers_of(
        region.collection, mvt.Chosen(chosen, into, len(square)), region.ids[chosen], cut, region.told
    )


def _weight(region: _Region | None) -> int:
    """Tell for how many features a region counts."""
    return _LEAST if region is None else max(len(region.ids), _LEAST)


def _depth(tile: Tile) -> int:
    """Count the levels from a tile to the largest that is cut from a region."""
    side_m, above = tile.unit_m * EXTENT, 0
    while side_m * 2 <= _SIDE_M and above < tile.level:
        side_m, above = side_m * 2, above + 1
    return above


def _around(tile: Tile) -> list[Tile]:
    """List the regions in which a tile lies, the largest first."""
    above = (min(_depth(tile) + more, tile.level) for more in _LEVELS_ABOVE)
    return [Tile(tile.matrix_set, tile.level - up, tile.row >> up, tile.column >> up) for up in above]


def _what(selection: Selection, tile: Tile, made_at: dt.datetime | None) -> _Key | None:
    """Name what is told; None where the tile is too large, or not all of a collection is wanted."""
    if tile.unit_m * EXTENT > _SIDE_M:
        return None
    collection, level, version = selection.collection, selection.level, selection.version
    if selection != Selection(collection, level, version, box=selection.box, sort=selection.sort):
        return None
    return collection.id, level, version, made_at


def _key(what: _Key, tile: Tile) -> _Key:
    """Name what is told of a tile."""
    return (*what, tile.matrix_set.id, tile.level, tile.row, tile.column)


def _read(connection: Connection, selection: Selection, region: Tile) -> _Region | None:
    """Read a region; None where there is too much in it."""
    rows = tiles.rows(connection, selection, region, _MOST_IN_REGION + 1)
    if len(rows) > _MOST_IN_REGION:
        return None
    name = selection.collection.id
    if not rows:
        none = np.empty(0, np.object_)
        return _Region(name, np.empty(0, np.uint64), none, np.empty((0, 4)), mvt.told([], 0))
    ids, binaries, columns = tiles.columns(selection, rows)
    sides_m = shapely.bounds(tiles.shapes(binaries))
    return _Region(name, np.array(ids, np.uint64), binaries, sides_m, mvt.told(columns, len(ids)))
