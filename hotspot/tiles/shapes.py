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
    from collections.abc import Sequence

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
    return cut_each(shapes, [tile], np.zeros(len(shapes), np.intp))


def cut_each(
    shapes: NDArray[np.object_], tiles: Sequence[Tile], into: NDArray[np.intp]
) -> NDArray[np.object_]:
    """
    Bring each shape into one of several tiles: a tile with few shapes takes as long as four such at once.

    Parameters
    ----------
    shapes
        As of `cut`.
    tiles
        Tiles of one level.
    into
        Place of the tile of each shape, shape (n,).

    Returns
    -------
    ndarray
        As of `cut`.
    """
    shapes = np.array(shapes, object)
    corners_m = np.array([(one.west_m, one.north_m) for one in tiles])[into]
    unit_m = tiles[0].unit_m
    kinds = shapely.get_type_id(shapes)
    if (kinds == _POINT).all():
        return _points(shapes, corners_m, unit_m)
    for place in np.flatnonzero(kinds == _COLLECTION).tolist():
        # A vector tile's feature is of one kind: of a mixture, what has most to it.
        shapes[place] = _of_dimension(shapes[place], int(shapely.get_dimensions(shapes[place])))
    bounds_m = shapely.bounds(shapes)
    low = _units(bounds_m[:, [0, 3]], corners_m, unit_m)
    high = _units(bounds_m[:, [2, 1]], corners_m, unit_m)
    inside = _lie(low, high)
    # What lies beyond, or is absent, is not worth a comparison.
    near = ~inside & _lie(high, low)
    found = np.full(len(shapes), None, object)
    found[inside] = _moved(shapes[inside], corners_m[inside], unit_m, is_rounded=True)
    if near.any():
        parts = _parts_within(_moved(shapes[near], corners_m[near], unit_m))
        found[near] = shapely.transform(parts, np.rint)
    extended = np.flatnonzero(shapely.get_dimensions(found) > 0)
    if not extended.size:
        return found
    sound = found[extended]
    for place in np.flatnonzero(_is_broken(sound)).tolist():
        at = extended[place]
        sound[place] = _mended(_moved(shapes[[at]], corners_m[[at]], unit_m), is_cut=bool(near[at]))
    # Most have none: to look for them here takes less than to have all shapes made anew.
    repeating = _repeating(sound)
    sound[repeating] = shapely.remove_repeated_points(sound[repeating])
    # Counter-clockwise where y points up is what vector tiles call clockwise: theirs points down.
    found[extended] = shapely.orient_polygons(sound, exterior_cw=False)
    return found


def _moved(
    shapes: NDArray[np.object_], corners_m: NDArray[np.float64], unit_m: float, *, is_rounded: bool = False
) -> NDArray[np.object_]:
    """Bring shapes into the units of tiles."""
    of_vertices_m = np.repeat(corners_m, shapely.get_num_coordinates(shapes), axis=0)

    def units(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        xy = _units(xy_m, of_vertices_m, unit_m)
        return np.rint(xy) if is_rounded else xy

    return np.asarray(shapely.transform(shapes, units))


def _points(
    shapes: NDArray[np.object_], corners_m: NDArray[np.float64], unit_m: float
) -> NDArray[np.object_]:
    """Bring points into tiles: as numbers, since to change a shape takes longer than to make one."""
    xy_m, of = shapely.get_coordinates(shapes, return_index=True)
    xy = _units(xy_m, corners_m[of], unit_m)
    within = ((xy >= -BUFFER) & (xy <= EXTENT + BUFFER)).all(axis=1)
    found = np.full(len(shapes), None, object)
    found[of[within]] = shapely.points(np.rint(xy[within]))
    return found


def _units(xy_m: NDArray[np.float64], corners_m: NDArray[np.float64], unit_m: float) -> NDArray[np.float64]:
    """Count a tile's units to the east and to the south of its corner."""
    return (xy_m - corners_m) / (unit_m, -unit_m)


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


def _is_broken(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which areas and lines are none any more."""
    broken: NDArray[np.bool_] = ~shapely.is_valid(shapes) | (shapely.length(shapes) == 0)
    return broken


def _repeating(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    """Tell which shapes may have the same vertex twice in a row."""
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    same = (xy[1:, 0] == xy[:-1, 0]) & (xy[1:, 1] == xy[:-1, 1]) & (of[1:] == of[:-1])
    return np.unique(of[1:][same])


def _mended(moved: NDArray[np.object_], *, is_cut: bool) -> shapely.Geometry | None:
    """Put the only shape upon whole units and keep it valid; one that vanishes becomes as small as can be."""
    whole = moved[0]
    shape = _parts_within(moved)[0] if is_cut else whole
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
