import math
from typing import get_args

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.cells import NO_CELL, cell_counts
from hotspot.stats.developed import developed
from hotspot.stats.hexagons import Top, cell_of, centres_m, hexagon_cells, keep, side_of_area_m, vertices_m

TOPS = get_args(Top)


def test_hexagons__by_hand() -> None:
    cells = hexagon_cells((0, 0, 10, 9), side_m=10)
    # Two in the southern row, 17.3 m apart; one above, half a hexagon to the east and 15 m to the north.
    width_m = math.sqrt(3) * 10
    assert centres_m(cells) == pytest.approx(np.array([[0, 0], [width_m, 0], [width_m / 2, 15]]), abs=1e-12)
    assert vertices_m(cells)[0] == pytest.approx(
        np.array([[8.660254, 5], [0, 10], [-8.660254, 5], [-8.660254, -5], [0, -10], [8.660254, -5]]),
        abs=1e-6,
    )
    assert cell_of(
        cells, np.array([[1.0, -9.0], [12.0, 1.0], [9.0, 7.0], [100.0, 0.0], [math.nan, 0.0]])
    ).tolist() == [
        0,
        1,
        2,
        NO_CELL,
        NO_CELL,
    ]
    flat = hexagon_cells((0, 0, 9, 10), side_m=10, top="flat")
    assert centres_m(flat) == pytest.approx(centres_m(cells)[:, ::-1], abs=1e-12)


def test_side_of_area__gives_the_area_back() -> None:
    cells = hexagon_cells((0, 0, 500, 500), side_m=side_of_area_m(10_000.0))
    assert cells.area_m2 == pytest.approx(10_000.0, rel=1e-14)
    assert shapely.area(shapely.polygons(vertices_m(cells))) == pytest.approx(10_000.0, rel=1e-12)


@pytest.mark.parametrize("top", TOPS)
def test_hexagons__cover_the_bounds_once(top: Top) -> None:
    cells = hexagon_cells((1000, 2000, 1730, 2555), side_m=40.0, top=top)
    bounds = shapely.box(1000, 2000, 1730, 2555)
    pieces = shapely.intersection(shapely.polygons(vertices_m(cells)), bounds)
    assert shapely.area(pieces).sum() == pytest.approx(bounds.area, rel=1e-12)
    assert shapely.union_all(pieces).area == pytest.approx(bounds.area, rel=1e-9)


@given(st.integers(0, 10_000), st.sampled_from(TOPS), st.floats(3, 60))
@settings(max_examples=30)
def test_hexagons__hold_the_places_that_their_polygons_cover(seed: int, top: Top, side_m: float) -> None:
    rng = np.random.default_rng(seed)
    cells = hexagon_cells((0, 0, 200, 150), side_m=side_m, top=top)
    cells = keep(cells, rng.random(cells.n_cells) < 0.8)
    xy_m = rng.uniform([-30, -30], [230, 180], (200, 2))
    hexagons = shapely.polygons(vertices_m(cells))
    covering = [
        set(np.flatnonzero(shapely.covers(hexagons, point)).tolist())
        for point in np.asarray(shapely.points(xy_m))
    ]
    assert [set() if one == NO_CELL else {one} for one in cell_of(cells, xy_m).tolist()] == covering
    assert np.array_equal(cell_of(cells, centres_m(cells)), np.arange(cells.n_cells))


@pytest.mark.parametrize("top", TOPS)
def test_hexagons__a_place_on_a_corner_or_side_is_in_one_that_touches_it(top: Top) -> None:
    cells = hexagon_cells((0, 0, 300, 300), side_m=50.0, top=top)
    corners_m = vertices_m(cells)
    sides_m = (corners_m + np.roll(corners_m, 1, axis=1)) / 2
    inner = [
        one[((one > 0) & (one < 300)).all(axis=1)]
        for one in (corners_m.reshape(-1, 2), sides_m.reshape(-1, 2))
    ]
    for xy_m in inner:
        found = cell_of(cells, xy_m)
        assert (found != NO_CELL).all()
        away_m = shapely.distance(np.asarray(shapely.polygons(corners_m))[found], shapely.points(xy_m))
        assert away_m.max() < 1e-9


def test_hexagons__keep_what_the_study_area_touches_and_what_is_developed() -> None:
    disc = shapely.Point(500, 500).buffer(200)
    cells = hexagon_cells((0, 0, 1000, 1000), side_m=50.0, study_area=disc)
    assert shapely.intersects(shapely.polygons(vertices_m(cells)), disc).all()
    xy_m = np.array([[500.0, 500.0]])
    held = developed(vertices_m(cells), xy_m)
    assert np.flatnonzero(held).tolist() == cell_of(cells, xy_m).tolist()
    assert cell_counts(cell_of(keep(cells, held), xy_m), n_cells=1).tolist() == [1.0]


def test_hexagons__refuse_what_makes_no_sense() -> None:
    with pytest.raises(InvalidParameter, match="side_m must be above 0"):
        hexagon_cells((0, 0, 1, 1), side_m=0)
    with pytest.raises(InvalidParameter, match="top must be pointy or flat"):
        hexagon_cells((0, 0, 1, 1), side_m=1, top="round")  # type: ignore[arg-type]  # Wrong on purpose.
    with pytest.raises(InvalidParameter, match="bounds_m must be finite"):
        hexagon_cells((0, 0, -1, 1), side_m=1)
    with pytest.raises(InvalidParameter, match="at most 50000000 cells"):
        hexagon_cells((0, 0, 10_000, 10_000), side_m=0.1)
    with pytest.raises(InvalidParameter, match="area_m2 must be above 0"):
        side_of_area_m(0.0)
