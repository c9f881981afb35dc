import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.errors import InvalidParameter
from hotspot.frames.grids import count_incidents, square_grid
from hotspot.frames.patterns import _through_time, concentration, concentration_curve, emerging_patterns
from hotspot.stats import weights

MONTHS = [f"month {month}" for month in range(1, 13)]


@pytest.fixture
def cells() -> gpd.GeoDataFrame:
    """Twelve by twelve squares, two incidents a month; one corner is always full, one in the last month."""
    row, column = (axis.ravel() for axis in np.meshgrid(np.arange(12), np.arange(12), indexing="ij"))
    boxes = shapely.box(column * 100.0, row * 100.0, column * 100.0 + 100, row * 100.0 + 100)
    counts = np.random.default_rng(1).integers(1, 4, (12, 144))
    counts[:, (row < 3) & (column < 3)] += 20
    counts[-1, (row > 8) & (column > 8)] += 30
    columns = dict(zip(MONTHS, counts, strict=True))
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=28992)


def test_emerging_patterns__tell_the_old_from_the_new(cells: gpd.GeoDataFrame) -> None:
    found = emerging_patterns(cells, columns=MONTHS, radius_m=150)["pattern"]
    assert found.iloc[0] in {"persistent hot spot", "intensifying hot spot", "diminishing hot spot"}
    assert found.iloc[143] == "new hot spot"
    assert found.iloc[12 * 6 + 6] in {"no pattern"} | {name for name in set(found) if "cold" in name}
    assert len(found) == len(cells)


def test_emerging_patterns__of_memphis_are_of_the_seventeen(robberies: gpd.GeoDataFrame) -> None:
    grid = square_grid(robberies, side_m=1000)[["geometry"]]
    for month in range(1, 13):
        one = robberies[robberies["date"].dt.month == month]
        grid = grid.assign(**{MONTHS[month - 1]: count_incidents(grid[["geometry"]], one)["incidents"]})
    found = emerging_patterns(grid, columns=MONTHS, radius_m=1500)["pattern"]
    # The centre is full all year; most of the hull is empty all year.
    assert {"persistent hot spot", "no pattern"} <= set(found)


def test_through_time__holds_neighbours_now_and_before() -> None:
    near = weights.within(np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]]), radius_m=2)
    cube = _through_time(near, 3, 1)
    held = [cube.neighbour[a:b].tolist() for a, b in zip(cube.start[:-1], cube.start[1:], strict=True)]
    # Places 0 and 1 are neighbours, 2 is alone; step t begins at 3 t.
    assert held == [[1], [0], [], [0, 1, 4], [0, 1, 3], [2], [3, 4, 7], [3, 4, 6], [5]]
    alone = _through_time(near, 2, 0)
    assert alone.neighbour.tolist() == [1, 0, 4, 3]


def test_emerging_patterns__refuse(cells: gpd.GeoDataFrame) -> None:
    with pytest.raises(InvalidParameter, match="at least 2 steps, got 1"):
        emerging_patterns(cells, columns=MONTHS[:1], radius_m=150)
    with pytest.raises(InvalidParameter, match="steps_back must be at least 0, got -1"):
        emerging_patterns(cells, columns=MONTHS, radius_m=150, steps_back=-1)
    with pytest.raises(InvalidParameter, match="must have a column 'week 1'"):
        emerging_patterns(cells, columns=["week 1", "week 2"], radius_m=150)


def test_concentration__is_a_row_per_share(robberies: gpd.GeoDataFrame) -> None:
    grid = square_grid(robberies, side_m=500)
    table = concentration(grid, incident_shares=(0.25, 0.5, 0.8), replicates=99, rng=np.random.default_rng(1))
    assert table["incident_share"].tolist() == [0.25, 0.5, 0.8]
    assert table["place_share"].is_monotonic_increasing
    assert (table["place_share"] < table["random_place_share"]).all()
    assert table["p_value"].tolist() == [0.01] * 3


def test_concentration_curve__runs_from_nothing_to_all(cells: gpd.GeoDataFrame) -> None:
    curve = concentration_curve(cells, column=MONTHS[0])
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    assert (curve["incident_share"] >= curve["place_share"] - 1e-12).all()
