import json
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.errors import InvalidParameter
from hotspot.frames.grids import square_grid
from hotspot.frames.local import Chance, gi_star, local_moran


@pytest.fixture
def cells() -> gpd.GeoDataFrame:
    """Twenty by twenty squares with one or two incidents each, and nine full ones."""
    row, column = (axis.ravel() for axis in np.meshgrid(np.arange(20), np.arange(20), indexing="ij"))
    full = (np.abs(row - 5) <= 1) & (np.abs(column - 5) <= 1)
    boxes = shapely.box(column * 100.0, row * 100.0, column * 100.0 + 100, row * 100.0 + 100)
    counts = np.where(full, 12, np.random.default_rng(1).integers(0, 3, 400))
    return gpd.GeoDataFrame({"incidents": counts, "full": full}, geometry=boxes, crs=28992)


def test_gi_star__is_that_of_memphis(shared_data: Path, robberies: gpd.GeoDataFrame) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())
    memphis = published["gistar_memphis_january_500m"]
    grid = square_grid(robberies[robberies["date"] < "2019-02-01"], side_m=500)
    assert len(grid) == memphis["n_cells"]
    found = gi_star(grid, radius_m=500 * np.sqrt(2), chance="normal")
    assert found["z"].head(10).to_numpy() == pytest.approx(memphis["first10_z"], abs=6e-4)


@pytest.mark.parametrize("chance", ["exact", "normal"])
def test_gi_star__marks_the_full_cells(cells: gpd.GeoDataFrame, chance: str) -> None:
    found = gi_star(cells, radius_m=150, chance=cast("Chance", chance))
    assert (found.loc[found["full"], "state"] == 1).all()
    # Beyond the neighbours of the full cells nothing is hot.
    near = found.geometry.distance(found[found["full"]].geometry.union_all()) < 1
    assert not (found.loc[~near, "state"] == 1).any()
    assert (found["q_value"] >= found["p_value"] - 1e-12).all()


def test_local_moran__tells_the_middle_of_a_hotspot(cells: gpd.GeoDataFrame) -> None:
    found = local_moran(cells, radius_m=150)
    assert (found.loc[found["full"], "quadrant"] == "high-high").sum() >= 5
    assert set(found["quadrant"]) <= {"none", "high-high", "low-low", "high-low", "low-high"}
    assert found.crs == cells.crs


def test_gi_star__finds_little_where_nothing_is(cells: gpd.GeoDataFrame) -> None:
    rng = np.random.default_rng(2)
    false = [
        (gi_star(cells.assign(incidents=rng.poisson(2, 400)), radius_m=150)["state"] != 0).any()
        for _ in range(60)
    ]
    # At most 5 % of maps of nothing have a marked cell: at most 8 of 60 with near certainty.
    assert sum(false) <= 8


def test_local__takes_places_without_neighbours(cells: gpd.GeoDataFrame) -> None:
    alone = cells.iloc[[0, 399]]
    assert gi_star(alone, radius_m=10)["state"].tolist() == [0, 0]
    assert local_moran(alone, radius_m=10)["quadrant"].tolist() == ["none", "none"]


def test_gi_star__refuses_an_unknown_chance(cells: gpd.GeoDataFrame) -> None:
    with pytest.raises(InvalidParameter, match="chance must be 'exact' or 'normal', got 'random'"):
        gi_star(cells, radius_m=150, chance=cast("Chance", "random"))
