import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.crs import transform
from hotspot.errors import InvalidParameter
from hotspot.stats.cell_size import chainey_side_m, default_side_m
from hotspot.stats.cells import (
    NO_CELL,
    cell_counts,
    cell_of,
    centres_m,
    hull_cells,
    is_in_cells,
    keep,
    raster,
    square_cells,
    vertices_m,
)
from hotspot.stats.developed import developed


def test_cells__of_a_small_grid_by_hand() -> None:
    cells = square_cells((10, 20, 70, 50), side_m=20)
    assert (cells.n_cells, cells.area_m2, cells.bounds_m) == (6, 400.0, (10.0, 20.0, 70.0, 60.0))
    assert centres_m(cells).tolist() == [[20, 30], [40, 30], [60, 30], [20, 50], [40, 50], [60, 50]]
    assert vertices_m(cells)[4].tolist() == [[30, 40], [50, 40], [50, 60], [30, 60]]
    # West and south of a cell are in, east and north are not; nowhere is nowhere.
    xy_m = np.array(
        [[10, 20], [30, 40], [69.999, 59.999], [70, 30], [9.999, 30], [math.nan, 30], [math.inf, 30]]
    )
    assert cell_of(cells, xy_m).tolist() == [0, 4, 5, *[NO_CELL] * 4]
    assert is_in_cells(cells, xy_m[:5]).tolist() == [True, True, True, False, False]


def test_cells__left_out_are_not_numbered() -> None:
    cells = keep(square_cells((0, 0, 30, 10), side_m=10), np.array([True, False, True]))
    assert cell_of(cells, np.array([[5.0, 5.0], [15.0, 5.0], [25.0, 5.0]])).tolist() == [0, NO_CELL, 1]
    assert cell_counts(np.array([0, NO_CELL, 1, 1]), n_cells=3).tolist() == [1, 2, 0]
    assert cell_counts(np.array([0, NO_CELL, 1]), n_cells=2, weights=np.array([2.0, 5, 0.5])).tolist() == [
        2,
        0.5,
    ]
    assert np.array_equal(raster(cells, np.array([7.0, 8.0])), [[7, np.nan, 8]], equal_nan=True)
    assert is_in_cells(cells, np.array([[5.0, 5.0], [15.0, 5.0]])).tolist() == [True, False]


def test_hull_cells__makes_the_published_grid_of_memphis(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())
    expected = published["gistar_memphis_january_500m"]
    rows = pd.read_csv(shared_data / "memphis" / "robberies_2019.csv")
    rows = rows[rows["date"].str.startswith("2019-01")]
    lon_lat = rows[["longitude", "latitude"]].to_numpy(float)
    xy_m = transform(lon_lat, source="OGC:CRS84", target="EPSG:32615")
    assert len(xy_m) == 206
    cells = hull_cells(xy_m, side_m=500.0)
    assert cells.n_cells == expected["n_cells"]
    # The page prints seven digits.
    assert cells.bounds_m == pytest.approx(expected["bbox"], abs=0.6)
    counts = cell_counts(cell_of(cells, xy_m), n_cells=cells.n_cells)
    assert counts.sum() == 206


def test_hull_cells__of_one_place_is_one_cell() -> None:
    cells = hull_cells(np.array([[3.0, 4.0]]), side_m=10.0)
    assert (cells.n_cells, cells.bounds_m) == (1, (-2.0, -1.0, 8.0, 9.0))


def test_default_side__is_the_published_rule() -> None:
    # A fiftieth of 12,700 m is 254 m; below 5 km whole hundreds would be 0.
    assert default_side_m(np.array([[0, 0], [90_000, 12_700]], float)) == 200.0
    assert default_side_m(np.array([[0, 0], [90_000, 4_000]], float)) == 80.0
    assert chainey_side_m(np.array([[0, 0], [9_000, 30_000]], float)) == 60.0


@given(st.integers(0, 10_000), st.sampled_from([10.0, 33.3, 3.7]))
@settings(max_examples=30)
def test_cells__partition_the_plane(seed: int, side_m: float) -> None:
    rng = np.random.default_rng(seed)
    cells = square_cells((100, 200, 200, 260), side_m=side_m)
    cells = keep(cells, rng.random(cells.n_cells) < 0.7)
    xy_m = rng.uniform([90, 190], [210, 270], (200, 2))
    squares = shapely.polygons(vertices_m(cells))
    covering = [
        set(np.flatnonzero(shapely.covers(squares, point)).tolist())
        for point in np.asarray(shapely.points(xy_m))
    ]
    found = cell_of(cells, xy_m)
    assert [set() if one == NO_CELL else {one} for one in found.tolist()] == covering
    assert np.array_equal(is_in_cells(cells, xy_m), found != NO_CELL)
    assert np.array_equal(cell_of(cells, centres_m(cells)), np.arange(cells.n_cells))


def test_square_cells__keep_what_the_study_area_touches() -> None:
    disc = shapely.Point(50, 50).buffer(30, quad_segs=64)
    cells = square_cells((0, 0, 100, 100), side_m=10, study_area=disc)
    squares = shapely.polygons(vertices_m(cells))
    assert shapely.intersects(squares, disc).all()
    assert shapely.area(shapely.intersection(squares, disc)).sum() == pytest.approx(disc.area)
    inside = keep(cells, shapely.contains_xy(disc, centres_m(cells)))
    assert inside.n_cells < cells.n_cells


def test_developed__is_what_holds_or_is_near_an_address() -> None:
    cells = square_cells((0, 0, 500, 10), side_m=10)
    corners_m = vertices_m(cells)
    xy_m = np.array([[15.0, 5.0], [15.0, 5.0], [203.0, 5.0]])
    assert np.flatnonzero(developed(corners_m, xy_m)).tolist() == [1, 20]
    # Distances from 15 to the cells' sides: 5, 15, 25 m.
    assert np.flatnonzero(developed(corners_m, xy_m[:1], within_m=15.0)).tolist() == [0, 1, 2, 3]
    assert not developed(corners_m, np.empty((0, 2)), within_m=5.0).any()


@given(st.integers(0, 1000), st.floats(0.1, 40))
@settings(max_examples=25)
def test_developed__equals_the_distance_to_each_address(seed: int, within_m: float) -> None:
    rng = np.random.default_rng(seed)
    corners_m = vertices_m(square_cells((0, 0, 200, 200), side_m=20))
    xy_m = rng.uniform(-20, 220, (5, 2))
    away_m = shapely.distance(np.asarray(shapely.polygons(corners_m))[:, None], shapely.points(xy_m)).min(
        axis=1
    )
    assert np.array_equal(developed(corners_m, xy_m, within_m=within_m), away_m <= within_m)


def test_cells__refuse_what_makes_no_sense() -> None:
    for side_m in (0.0, -5.0, math.nan, math.inf):
        with pytest.raises(InvalidParameter, match="side_m must be above 0"):
            square_cells((0, 0, 1, 1), side_m=side_m)
        with pytest.raises(InvalidParameter, match="side_m must be above 0"):
            hull_cells(np.zeros((1, 2)), side_m=side_m)
    for bounds_m in ((1, 0, 0, 1), (0, 0, math.nan, 1), (0, 0, math.inf, 1)):
        with pytest.raises(InvalidParameter, match="bounds_m must be finite"):
            square_cells(bounds_m, side_m=1)
    with pytest.raises(InvalidParameter, match=r"at most 50000000 cells, side_m 0\.01"):
        square_cells((0, 0, 1000, 1000), side_m=0.01)
    with pytest.raises(InvalidParameter, match="at least one place"):
        hull_cells(np.empty((0, 2)), side_m=1)
    with pytest.raises(InvalidParameter, match="at least one place"):
        default_side_m(np.array([[0.0, math.nan]]))
    with pytest.raises(InvalidParameter, match="must span an area"):
        default_side_m(np.array([[0.0, 1.0], [9.0, 1.0]]))
    with pytest.raises(InvalidParameter, match="within_m must be 0 or more"):
        developed(np.zeros((1, 4, 2)), np.zeros((1, 2)), within_m=-1.0)
    with pytest.raises(InvalidParameter, match="xy_m must be finite, got 1"):
        developed(np.zeros((1, 4, 2)), np.array([[0.0, math.nan]]))
