"""Claims about shapes in tiles: valid, cut, and none lost."""

from __future__ import annotations

from typing import Any  # Any: arrays of shapes.

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.catalogue import Reference
from hotspot.tiles.shapes import cut, cut_each
from hotspot.tiles.tiling import BUFFER, EXTENT, Tile, TileMatrixSet

# A unit is two metres, so that nothing is lost on the way to metres and back.
TILE = Tile(TileMatrixSet("x", "x", Reference.PLANE, 1024, 2048, 2 * EXTENT, levels=1), 0, 0, 0)
_WINDOW = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)


def _in_metres(shape: shapely.Geometry) -> shapely.Geometry:
    """Put a shape that is given in the tile's units into the plane."""

    def metres(xy: Any) -> Any:  # noqa: ANN401 - an array
        return [TILE.west_m, TILE.north_m] + xy * [TILE.unit_m, -TILE.unit_m]

    return shapely.transform(shape, metres)


def _cut(*shapes: shapely.Geometry | None) -> list[Any]:
    given_m = np.empty(len(shapes), object)
    given_m[:] = [None if one is None else _in_metres(one) for one in shapes]
    found: list[Any] = cut(given_m, TILE).tolist()
    return found


def test_cut__counts_units_from_the_north_west() -> None:
    inside = _cut(shapely.Point(10.2, 20.7), shapely.LineString([(1, 2), (30.4, 40.6)]))
    assert inside == [shapely.Point(10, 21), shapely.LineString([(1, 2), (30, 41)])]


def test_cut__keeps_what_lies_in_the_buffer_and_nothing_beyond() -> None:
    assert _cut(shapely.Point(-BUFFER, 5), shapely.Point(-BUFFER - 1, 5)) == [shapely.Point(-BUFFER, 5), None]
    (part,) = _cut(shapely.box(-500, 100, 500, 200))
    assert part.bounds == (-BUFFER, 100, 500, 200)


def test_cut__leaves_out_what_only_touches_the_border() -> None:
    edge = EXTENT + BUFFER
    beside = shapely.box(edge, 0, edge + 10, 10)
    assert _cut(beside, shapely.LineString([(edge, 5), (edge + 10, 5)])) == [None, None]


def test_cut__keeps_what_is_absent_absent() -> None:
    assert _cut(None, shapely.Point(1, 1)) == [None, shapely.Point(1, 1)]
    assert _cut() == []


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(100.1, 100.1, 100.2, 100.2),
        shapely.box(100.1, 100.1, 3000.1, 100.3),
        shapely.Polygon([(0.2, 0.2), (4000, 0.3), (4000, 0.4)]),
        shapely.box(-BUFFER, 3, -BUFFER + 0.1, 3.1),
        shapely.box(EXTENT + BUFFER - 0.2, 5, EXTENT + BUFFER + 5, 5.1),
        shapely.LineString([(7.1, 7.1), (7.2, 7.3)]),
    ],
)
def test_cut__loses_nothing_however_small(shape: shapely.Geometry) -> None:
    (found,) = _cut(shape)
    assert found.is_valid
    assert found.length > 0
    assert shapely.get_dimensions(found) == shapely.get_dimensions(shape)
    assert shapely.covered_by(found, _WINDOW)
    assert found.distance(shape) < 1.5


def test_cut__mends_what_rounding_breaks() -> None:
    # Two squares joined by a neck that is narrower than a unit.
    neck = shapely.union_all(
        [shapely.box(0, 0, 100, 100), shapely.box(100, 50.1, 200, 50.3), shapely.box(200, 0, 300, 100)]
    )
    (found,) = _cut(neck)
    assert found.is_valid
    assert found.area == pytest.approx(20_000, abs=250)


def test_cut__takes_of_a_mixture_what_has_most_to_it() -> None:
    square = shapely.box(0, 0, 10, 10)
    mixture = shapely.GeometryCollection([shapely.Point(50, 50), shapely.GeometryCollection([square])])
    (found,) = _cut(mixture)
    assert found.normalize() == square.normalize()


@given(st.integers(3, 12), st.floats(0.1, 3000), st.integers(0, 2**32 - 1))
def test_cut__makes_valid_shapes_with_whole_corners_and_rings_the_right_way(
    n: int, size: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, n))
    reach = rng.uniform(0.05, 1, n) * size
    centre = rng.uniform(-100, EXTENT + 100, 2)
    star = shapely.Polygon(
        np.column_stack([centre[0] + reach * np.cos(turn), centre[1] + reach * np.sin(turn)])
    )
    shape = star if star.is_valid else star.buffer(0)
    if shape.is_empty:
        return
    (found,) = _cut(shape)
    part = shape.intersection(_WINDOW)
    assert (found is None) == (part.area == 0)
    if found is None:
        return
    assert found.is_valid
    corners = shapely.get_coordinates(found)
    assert (corners == np.rint(corners)).all()
    assert shapely.covered_by(found, _WINDOW)
    assert all(one.exterior.is_ccw for one in shapely.get_parts(found))
    assert found.within(part.buffer(1.5))


def test_cut__keeps_a_shape_with_the_same_corner_twice_in_a_row_but_once() -> None:
    (found,) = _cut(shapely.Polygon([(10.1, 10.1), (90, 10), (90, 90), (10.2, 10.2)]))
    assert shapely.get_num_coordinates(found) == 4


def test_cut_each__brings_every_shape_into_its_own_tile_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    matrix_set = TileMatrixSet("x", "x", Reference.PLANE, 1024, 2048, 4 * EXTENT, levels=2)
    tiles = [Tile(matrix_set, 1, row, column) for row in range(2) for column in range(2)]
    middle = (1024 + 2 * EXTENT, 2048 - 2 * EXTENT)
    discs = shapely.buffer(shapely.points(middle + rng.normal(0, 900, (40, 2))), rng.uniform(0.1, 900, 40))
    odd = [None, shapely.Point(middle), shapely.GeometryCollection([shapely.Point(middle), discs[0]])]
    holed = shapely.Point(middle).buffer(800).difference(shapely.Point(middle).buffer(300))
    shapes = np.array([*discs, holed, *odd] * len(tiles), object)
    into = np.repeat(np.arange(len(tiles)), len(shapes) // len(tiles))
    expected = [one for place, tile in enumerate(tiles) for one in cut(shapes[into == place], tile)]
    found = cut_each(shapes, tiles, into).tolist()
    assert found == expected
    assert 0 < found.count(None) < len(found)


def test_cut_each__brings_points_into_their_own_tiles() -> None:
    matrix_set = TileMatrixSet("x", "x", Reference.PLANE, 0, 2 * EXTENT, 2 * EXTENT, levels=2)
    tiles = [Tile(matrix_set, 1, 0, 0), Tile(matrix_set, 1, 0, 1)]
    point = shapely.Point(EXTENT + 10, 2 * EXTENT - 20)
    found = cut_each(np.array([point, point, None], object), tiles, np.array([0, 1, 1]))
    assert found.tolist() == [shapely.Point(EXTENT + 10, 20), shapely.Point(10, 20), None]
