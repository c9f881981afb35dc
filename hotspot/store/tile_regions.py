"""
Small parts of the map with all that lies in them, ready to be told in the tiles of the levels below.

Whoever looks closely at a place asks for many tiles of it, one level after the other, and each would read the
same few features again and write the same words about them. What is kept here is read and written once for
each version of the data. Only whole collections are kept so; whatever is chosen from one is read each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.selection import Selection
from hotspot.store import tiles
from hotspot.tiles import mvt
from hotspot.tiles import shapes as tile_shapes
from hotspot.tiles.tiling import BUFFER, EXTENT, Tile

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from hotspot.tiles.mvt import Told

_SIDE_M = 2_500.0
"""Side of the tile that is a region: level 14 of web maps, at which a part of a town fills a screen."""

_MOST_IN_REGION = 300
"""Features of a region beyond which each tile is read by itself."""

_MOST_FEATURES = 2_500
"""Features that are kept in all; each takes about 1.5 kB, and a town at three levels is about as many."""

_LEAST = 10
"""Features that a region counts for at least, so that empty ones are not kept without end."""

_MARGIN_M = 0.001
"""What is this near a tile is left to be cut: a tile's own units are counted with other roundings."""

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Region:
    """
    Features in the order of publication: numbers, shapes, sides in the plane, and what is told of them.

    The shapes are kept as EWKB: read, each takes four times as much, and a tile needs few of them.
    """

    ids: NDArray[np.uint64]
    binaries: NDArray[np.object_]
    sides_m: NDArray[np.float64]
    told: Told


class Regions:
    """What is kept; used by many threads at once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, _Region | None] = OrderedDict()
        self._n_features = 0
        self._lock = threading.Lock()

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
        key = _key(selection, tile, made_at)
        if key is None:
            return tiles.layer(connection, selection, tile)
        if key not in self._kept:
            self._keep(key, _read(connection, selection, _around(tile)))
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
        key = _key(selection, tile, made_at)
        return key is not None and self._kept.get(key) is not None

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
        key = _key(selection, tile, made_at)
        if key is None:
            return None
        with self._lock:
            region = self._kept.get(key)
            if region is None:
                return None
            self._kept.move_to_end(key)
        west, south, east, north = tile.sides_m(buffer=BUFFER)
        low, high = region.sides_m[:, :2], region.sides_m[:, 2:]
        # Of features without a shape all comparisons are false.
        is_near = (low <= (east + _MARGIN_M, north + _MARGIN_M)).all(axis=1)
        is_near &= (high >= (west - _MARGIN_M, south - _MARGIN_M)).all(axis=1)
        chosen = np.flatnonzero(is_near)
        if not len(chosen):
            return b""
        cut = tile_shapes.cut(tiles.shapes(region.binaries[chosen]), tile)
        return mvt.layer_of(selection.collection.id, region.ids[chosen], cut, region.told, chosen)

    def _keep(self, key: _Key, region: _Region | None) -> None:
        """Keep a region, or that there is too much in it; what was not asked for longest is let go."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = region
                self._n_features += _weight(region)
            while self._n_features > _MOST_FEATURES:
                _, dropped = self._kept.popitem(last=False)
                self._n_features -= _weight(dropped)


def _weight(region: _Region | None) -> int:
    """Tell for how many features a region counts."""
    return _LEAST if region is None else max(len(region.ids), _LEAST)


def _around(tile: Tile) -> Tile:
    """Find the region in which a tile lies."""
    above = 0
    while tile.unit_m * EXTENT * (2 << above) <= _SIDE_M and above < tile.level:
        above += 1
    return Tile(tile.matrix_set, tile.level - above, tile.row >> above, tile.column >> above)


def _key(selection: Selection, tile: Tile, made_at: dt.datetime | None) -> _Key | None:
    """Name the region of a tile; None where the tile is too large, or not all of a collection is wanted."""
    if tile.unit_m * EXTENT > _SIDE_M:
        return None
    plain = Selection(selection.collection, selection.level, selection.version)
    if replace(selection, box=None, sort=()) != plain:
        return None
    region = _around(tile)
    where = (region.matrix_set.id, region.level, region.row, region.column)
    return (selection.collection.id, selection.level, selection.version, made_at, *where)


def _read(connection: Connection, selection: Selection, region: Tile) -> _Region | None:
    """Read a region; None where there is too much in it."""
    rows = tiles.rows(connection, selection, region, _MOST_IN_REGION + 1)
    if len(rows) > _MOST_IN_REGION:
        return None
    if not rows:
        none = np.empty(0, np.object_)
        return _Region(np.empty(0, np.uint64), none, np.empty((0, 4)), mvt.told([], 0))
    ids, binaries, columns = tiles.columns(selection, rows)
    sides_m = shapely.bounds(tiles.shapes(binaries))
    return _Region(np.array(ids, np.uint64), binaries, sides_m, mvt.told(columns, len(ids)))
