"""
One layer of one vector tile from the rows that are served, the same bytes from both databases.

All that lies in a tile is told. Where that is too much to be sent and drawn, the tile tells instead how many
features lie in each of its squares, in a layer of another name: nothing is left out, and nothing pretends to
be everything.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any  # Any: rows are of the driver's types.

import numpy as np
import shapely
from sqlalchemy import Double, Integer, bindparam, func, literal, select
from sqlalchemy.sql import operators

from hotspot.catalogue import PropertyType, Reference
from hotspot.crs import RIJKSDRIEHOEK, Plane
from hotspot.selection import Selection
from hotspot.served import instant_texts
from hotspot.shapes import WEB_MERCATOR_SRID, to_mercator
from hotspot.store import molds
from hotspot.store.columns import TEXT
from hotspot.store.engine import batched
from hotspot.store.served_boxes import COLUMNS
from hotspot.store.served_extents import newest_week
from hotspot.store.served_selection import conditions, held
from hotspot.store.served_tables import SERVED, TREES, property_columns
from hotspot.store.served_views import of_collection
from hotspot.store.shapes import raw
from hotspot.tiles import mvt
from hotspot.tiles import shapes as tile_shapes
from hotspot.tiles.mvt import Column, Kind
from hotspot.tiles.tiling import BUFFER, EXTENT, from_mercator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection, Select

    from hotspot.catalogue import Collection
    from hotspot.tiles.tiling import Tile, TileMatrixSet

MOST_FEATURES = 10_000
"""Features of one layer: some megabytes, and what a map draws without stopping."""

SQUARES = 64
"""Squares along a tile's side in which features are counted where there are too many."""

NAME = "feature_id"
"""What tells a feature's name, under which it can be asked for; the number of a feature is for maps alone."""

AGGREGATED = "_aggregated"
"""Ends the name of a layer that tells numbers instead of features."""

COUNTED = (("count", Kind.INTEGER), ("aggregated", Kind.BOOLEAN))
"""What is told of a square."""

_BATCH = 10_000
"""Rows that are counted at once."""

_LARGE_M = 10_000.0
"""Side from which on a tile may hold so much that counting comes first."""

_KEPT_TILES = 1024
"""Tiles of which the sides in degrees are kept."""

_SRIDS = {Reference.WEB_MERCATOR: WEB_MERCATOR_SRID, Reference.PLANE: RIJKSDRIEHOEK}
"""Codes of the planes: tiles of a municipality's own are made of the Dutch one only."""

_POINTS_PER_SIDE = 33
"""Points of a box's side that are brought into another plane."""

_KINDS = {
    PropertyType.INTEGER: Kind.INTEGER,
    PropertyType.NUMBER: Kind.NUMBER,
    PropertyType.BOOLEAN: Kind.BOOLEAN,
}
"""What is told as it is; everything else is told as text."""


def layer(connection: Connection, selection: Selection, tile: Tile, *, most: int = MOST_FEATURES) -> bytes:
    """
    Write the layer of a collection in a tile.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        Which rows; its box is that of the tile.
    tile
        The tile.
    most
        Features beyond which they are counted instead.

    Returns
    -------
    bytes
        A layer of the collection's name with everything that lies in the tile or its buffer; beyond `most`,
        one whose name ends in `_aggregated`, with each square of the tile in which something has its middle.
        Nothing where there is nothing.
    """
    if tile.unit_m * EXTENT > _LARGE_M and _are_many(connection, selection, tile, most):
        return _counted(connection, selection, tile)
    found = rows(connection, selection, tile, most + 1)
    if len(found) > most:
        return _counted(connection, selection, tile)
    return _told(selection, found, tile) if found else b""


def _are_many(connection: Connection, selection: Selection, tile: Tile, most: int) -> bool:
    """Count what lies in a large tile before it is read, no further than has to be known."""
    table = SERVED[selection.collection.rows]
    some = select(table.c.id).where(*_where(connection, selection, tile)).limit(most + 1).subquery()
    return int(connection.scalar(select(func.count()).select_from(some)) or 0) > most


def _told(selection: Selection, found: Sequence[Sequence[Any]], tile: Tile) -> bytes:
    """Write all features."""
    ids, binaries, told = columns(selection, found)
    return mvt.layer(selection.collection.id, ids, tile_shapes.cut(shapes(binaries), tile), told)


def shapes(binaries: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Read shapes.

    Parameters
    ----------
    binaries
        EWKB of each, absent where there is none, shape (n,).

    Returns
    -------
    ndarray
        The shapes, shape (n,).
    """
    return np.atleast_1d(shapely.from_wkb(binaries))


def columns(
    selection: Selection, found: Sequence[Sequence[Any]]
) -> tuple[tuple[int, ...], NDArray[np.object_], list[Column]]:
    """
    Turn rows into what layers are made of.

    Parameters
    ----------
    selection
        Of which the rows are.
    found
        What `rows` gave, not empty.

    Returns
    -------
    tuple
        Numbers of the features, EWKB of their shapes in the plane of the tile, and all that is told of any of
        them.
    """
    ids, names, binaries, *values = zip(*found, strict=True)
    told = selection.collection.told(selection.level)
    return (
        ids,
        np.array(binaries, object),
        [
            Column(NAME, Kind.TEXT, names),
            *(
                _column(one.name, one.type, column)
                for one, column in zip(told, values, strict=True)
                # What is told of no feature is not named: so are most columns of a tile.
                if column.count(None) < len(found)
            ),
        ],
    )


def rows(
    connection: Connection, selection: Selection, tile: Tile, limit: int
) -> Sequence[Sequence[Any]]:  # Any: as the driver reads them.
    """
    Read what may lie in a tile.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        Which rows.
    tile
        The tile; its buffer counts.
    limit
        Rows at the most.

    Returns
    -------
    list of tuple
        Number, name, shape and properties of each, in the order of publication.
    """
    collection = selection.collection
    plain = replace(selection, box=None, sort=())
    if plain != Selection(collection, selection.level, selection.version):
        asked = _features(selection, tile, _where(connection, selection, tile))
        return connection.execute(asked.limit(limit)).all()
    week = newest_week(connection, selection.version) if collection.latest_only else None
    return molds.fixed(
        connection,
        f"tile {collection.id} {selection.level} {tile.matrix_set.id}",
        lambda: _plain(connection, selection, tile),
        version=selection.version,
        most=limit,
        **({"week": week} if collection.latest_only else {}),
        **dict(zip(_SIDES, _bounds(connection, tile), strict=True)),
    )


def _plain(connection: Connection, selection: Selection, tile: Tile) -> Select[*tuple[Any, ...]]:
    """Ask for all of a collection that may lie in a tile, all values being left open."""
    collection, table = selection.collection, SERVED[selection.collection.rows]
    where = [
        *of_collection(collection, selection.level, week=bindparam("week", type_=TEXT)),  # type: ignore[arg-type]
        *held(table, bindparam("version", type_=Integer())),  # type: ignore[arg-type]
        _near(connection, collection.rows, tile, [bindparam(name, type_=Double()) for name in _SIDES]),
    ]
    return _features(selection, tile, where).limit(bindparam("most", type_=Integer()))


def _features(
    selection: Selection, tile: Tile, where: Sequence[ColumnElement[bool]]
) -> Select[*tuple[Any, ...]]:
    """Ask for features with all that is told of them."""
    table = SERVED[selection.collection.rows]
    own = property_columns(selection.collection)
    told = [own[one.name] for one in selection.collection.told(selection.level)]
    asked = select(table.c.id, table.c.feature_id, raw(table.c[_shape_of(tile)]), *told)
    return asked.where(*where).order_by(table.c.id)


def _where(connection: Connection, selection: Selection, tile: Tile) -> list[ColumnElement[bool]]:
    """Tell which rows are wanted in a tile."""
    wanted = conditions(connection, replace(selection, box=None))
    sides: list[ColumnElement[float]] = [literal(side, Double()) for side in _bounds(connection, tile)]
    return [*wanted, _near(connection, selection.collection.rows, tile, sides)]


def _shape_of(tile: Tile) -> str:
    """Name the column with the shapes in the plane of a tile."""
    return COLUMNS[tile.matrix_set.reference]


_SIDES = ("west", "south", "east", "north")


def _bounds(connection: Connection, tile: Tile) -> tuple[float, float, float, float]:
    """Tell the sides of a tile and its buffer as the index of either database knows them."""
    return tile.sides_m(buffer=BUFFER) if connection.dialect.name == "postgresql" else _around_deg(tile)


def _near(
    connection: Connection, rows: str, tile: Tile, sides: Sequence[ColumnElement[float]]
) -> ColumnElement[bool]:
    """Tell which rows have sides that touch those of a tile; what only comes near is cut away later."""
    west, south, east, north = sides
    near: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        window = func.ST_MakeEnvelope(west, south, east, north, _SRIDS[tile.matrix_set.reference])
        near = SERVED[rows].c[_shape_of(tile)].op("&&", is_comparison=True)(window)
        return near
    tree = TREES[rows].c
    found = select(tree.id).where(
        tree.west_deg <= east, tree.east_deg >= west, tree.south_deg <= north, tree.north_deg >= south
    )
    near = operators.in_op(SERVED[rows].c.id, found)
    return near


@lru_cache(_KEPT_TILES)
def _around_deg(tile: Tile) -> tuple[float, float, float, float]:
    """Give a box in degrees around a tile and its buffer."""
    west, south, east, north = tile.sides_m(buffer=BUFFER)
    around_deg = _in_degrees(_border(west, south, east, north), tile.matrix_set)
    # Between two points a side bends by far less than this.
    margin_deg = 0.01 * np.ptp(around_deg, axis=0)
    low, high = around_deg.min(axis=0) - margin_deg, around_deg.max(axis=0) + margin_deg
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _border(west: float, south: float, east: float, north: float) -> NDArray[np.float64]:
    """Walk around a box: meridians and parallels bend in most planes, so that the corners are not enough."""
    x, y = np.linspace(west, east, _POINTS_PER_SIDE), np.linspace(south, north, _POINTS_PER_SIDE)
    sides = ((x, np.full_like(x, south)), (x, np.full_like(x, north)), (np.full_like(y, west), y))
    return np.concatenate([np.column_stack(side) for side in (*sides, (np.full_like(y, east), y))])


def _in_degrees(xy_m: NDArray[np.float64], matrix_set: TileMatrixSet) -> NDArray[np.float64]:
    """Bring positions in the plane of a tile matrix set to degrees."""
    if matrix_set.reference is Reference.WEB_MERCATOR:
        return from_mercator(xy_m)
    return Plane(_SRIDS[matrix_set.reference]).to_lon_lat(xy_m)


def _column(name: str, kind: PropertyType, values: tuple[Any, ...]) -> Column:
    """Give a column of the store as one of the tile."""
    if kind is PropertyType.INSTANT:
        written = iter(instant_texts(np.array([one for one in values if one is not None], np.int64)))
        values = tuple(None if one is None else next(written) for one in values)
    return Column(name, _KINDS.get(kind, Kind.TEXT), values)


def _counted(connection: Connection, selection: Selection, tile: Tile) -> bytes:
    """Write how many features have their middle in each square of a tile."""
    table = SERVED[selection.collection.rows]
    sides = (table.c.west_deg, table.c.south_deg, table.c.east_deg, table.c.north_deg)
    asked = select(*sides).where(*_where(connection, selection, tile))
    counts = np.zeros(SQUARES * SQUARES, np.int64)
    with batched(connection):
        for batch in connection.execute(asked, execution_options={"yield_per": _BATCH}).partitions():
            sides_deg = np.array([tuple(row) for row in batch], np.float64)
            middle_deg = (sides_deg[:, :2] + sides_deg[:, 2:]) / 2
            counts += _squares(_in_plane(middle_deg, tile.matrix_set), tile)
    full = np.flatnonzero(counts)
    rows_of, columns_of = np.divmod(full, SQUARES)
    side = EXTENT // SQUARES
    squares = shapely.box(columns_of * side, rows_of * side, (columns_of + 1) * side, (rows_of + 1) * side)
    told = (counts[full].tolist(), [True] * len(full))
    counted = [Column(name, kind, values) for (name, kind), values in zip(COUNTED, told, strict=True)]
    return mvt.layer(aggregated(selection.collection), full.tolist(), np.atleast_1d(squares), counted)


def aggregated(collection: Collection) -> str:
    """
    Name the layer that tells numbers instead of features.

    Parameters
    ----------
    collection
        The collection.

    Returns
    -------
    str
        The name.
    """
    return collection.id + AGGREGATED


def sides_m(
    sides_deg: tuple[float, float, float, float], matrix_set: TileMatrixSet
) -> tuple[float, float, float, float]:
    """
    Tell where a box in degrees lies in the plane of a tile matrix set.

    Parameters
    ----------
    sides_deg
        West, south, east, north.
    matrix_set
        The set.

    Returns
    -------
    tuple of float
        West, south, east, north of what holds it, in metres.
    """
    around_m = _in_plane(_border(*sides_deg), matrix_set)
    low, high = around_m.min(axis=0), around_m.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _in_plane(lon_lat_deg: NDArray[np.float64], matrix_set: TileMatrixSet) -> NDArray[np.float64]:
    """Bring degrees into the plane of a tile matrix set."""
    if matrix_set.reference is Reference.WEB_MERCATOR:
        return to_mercator(lon_lat_deg)
    return Plane(_SRIDS[matrix_set.reference]).to_metres(lon_lat_deg)


def _squares(xy_m: NDArray[np.float64], tile: Tile) -> NDArray[np.int64]:
    """Count the points in each square; those beyond the tile are another one's."""
    side_m = tile.unit_m * (EXTENT // SQUARES)
    column = np.floor((xy_m[:, 0] - tile.west_m) / side_m).astype(np.int64)
    row = np.floor((tile.north_m - xy_m[:, 1]) / side_m).astype(np.int64)
    here = (column >= 0) & (column < SQUARES) & (row >= 0) & (row < SQUARES)
    return np.bincount(row[here] * SQUARES + column[here], minlength=SQUARES * SQUARES)
