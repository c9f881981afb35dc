"""
From shapes in a plane to those of a tile: cut, upon whole units, valid, and none lost.

A shape too small for the tile's units becomes the smallest that there is, instead of nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.tiles.tiling import BUFFER, EXTENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.tiles.tiling import Tile

_WINDOW = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
"""What a tile tells, in its own units."""

# As numbers: to look up a member of an enumeration takes as long as to compare a few shapes.
_POINT, _MULTIPOINT = int(shapely.GeometryType.POINT), int(shapely.GeometryType.MULTIPOINT)
_COLLECTION = int(shapely.GeometryType.GEOMETRYCOLLECTION)


def cut(shapes: NDArray[np.object_], tile: Tile) -> NDArray[np.object_]:
    """
    Bring shapes into a tile: its units from its north-western corner, and no further than its buffer.

    Parameters
    ----------
    shapes
        Valid shapes in the tile's plane, in metres, shape (n,); what is absent stays so.
    tile
        The tile.

    Returns
    -------
    ndarray
        Shapes with whole numbers as coordinates and outer rings the way vector tiles want them, shape (n,);
        absent where nothing lies in the tile or its buffer. Areas and lines that only touch the buffer's
        border do not lie in it.
    """
    shapes = np.asarray(shapes, object)
    if (shapely.get_type_id(shapes) == _POINT).all():
        return _points(shapes, tile)
    moved = shapely.transform(shapes, lambda xy_m: _units(xy_m, tile))
    bounds = shapely.bounds(moved)
    inside = _lie(bounds[:, :2], bounds[:, 2:])
    # What lies beyond, or is absent, is not worth a comparison.
    near = ~inside & _lie(bounds[:, 2:], bounds[:, :2])
    moved[~(inside | near)] = None
    whole = moved.copy()
    if near.any():
        moved[near] = _parts_within(moved[near])
    return _snapped(moved, whole)


def _points(shapes: NDArray[np.object_], tile: Tile) -> NDArray[np.object_]:
    """Bring points into a tile: as numbers, since to change a shape takes longer than to make one."""
    xy_m, of = shapely.get_coordinates(shapes, return_index=True)
    xy = _units(xy_m, tile)
    within = ((xy >= -BUFFER) & (xy <= EXTENT + BUFFER)).all(axis=1)
    found = np.full(len(shapes), None, object)
    found[of[within]] = shapely.points(np.rint(xy[within]))
    return found


def _units(xy_m: NDArray[np.float64], tile: Tile) -> NDArray[np.float64]:
    """Count a tile's units to the east and to the south of its corner."""
    unit_m = tile.unit_m
    return np.column_stack([(xy_m[:, 0] - tile.west_m) / unit_m, (tile.north_m - xy_m[:, 1]) / unit_m])


def _lie(beyond_low: NDArray[np.float64], below_high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which corners lie on the inner side of those of the window; absent ones do not."""
    within = (beyond_low >= -BUFFER) & (below_high <= EXTENT + BUFFER)
    lie: NDArray[np.bool_] = within[:, 0] & within[:, 1]
    return lie


def _parts_within(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut shapes, and keep what has the dimension that they had."""
    # Ten times faster than an intersection; what it breaks is seen, and mended, once it is on whole units.
    parts = np.asarray(shapely.clip_by_rect(shapes, *_WINDOW.bounds))
    had, has = shapely.get_dimensions(shapes), shapely.get_dimensions(parts)
    mixed = shapely.get_type_id(parts) == _COLLECTION
    for place in np.flatnonzero(mixed & (has == had)).tolist():
        parts[place] = _of_dimension(parts[place], int(had[place]))
    parts[(has < had) | shapely.is_empty(parts)] = None
    return parts


def _of_dimension(shape: shapely.Geometry, dimension: int) -> shapely.Geometry:
    """Keep the parts of a collection that are points, lines or areas."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= _MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    joined: shapely.Geometry = shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
    return joined


def _snapped(shapes: NDArray[np.object_], whole: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put shapes upon whole units, and mend what that broke, or cutting them before from the whole ones."""
    dimensions = shapely.get_dimensions(shapes)
    mixed = shapely.get_type_id(shapes) == _COLLECTION
    for place in np.flatnonzero(mixed & (dimensions >= 0)).tolist():
        # A vector tile's feature is of one kind: of a mixture, what has most to it.
        shapes[place] = _of_dimension(shapes[place], int(dimensions[place]))
    rounded = np.asarray(shapely.transform(shapes, np.rint))
    extended = np.flatnonzero(dimensions > 0)
    if not extended.size:
        return rounded
    sound = rounded[extended]
    for place in np.flatnonzero(_is_broken(sound)).tolist():
        sound[place] = _mended(shapes[extended[place]], whole[extended[place]])
    slim = shapely.remove_repeated_points(sound)
    # Counter-clockwise where y points up is what vector tiles call clockwise: theirs points down.
    rounded[extended] = shapely.orient_polygons(slim, exterior_cw=False)
    return rounded


def _is_broken(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which areas and lines are none any more."""
    broken: NDArray[np.bool_] = ~shapely.is_valid(shapes) | (shapely.length(shapes) == 0)
    return broken


def _mended(shape: shapely.Geometry, whole: shapely.Geometry) -> shapely.Geometry | None:
    """Put a shape upon whole units so that it stays valid; one that vanishes becomes as small as can be."""
    if not shapely.is_valid(shape):
        shape = _of_dimension(shapely.intersection(whole, _WINDOW), int(shapely.get_dimensions(shape)))
        if shapely.is_empty(shape):
            return None
    snapped: shapely.Geometry = shapely.set_precision(shape, 1.0)
    dimension = shapely.get_dimensions(shape)
    if not shapely.is_empty(snapped) and shapely.get_dimensions(snapped) == dimension:
        return snapped
    x, y = np.floor(shapely.get_coordinates(shapely.point_on_surface(shape))[0]).tolist()
    x, y = min(max(x, -BUFFER), EXTENT + BUFFER - 1.0), min(max(y, -BUFFER), EXTENT + BUFFER - 1.0)
    # Line or area, from one corner of a unit to the other.
    return shapely.LineString([(x, y), (x + 1, y)]) if dimension == 1 else _unit(x, y)


def _unit(x: float, y: float) -> shapely.Polygon:
    """Draw one unit."""
    return shapely.Polygon([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])
