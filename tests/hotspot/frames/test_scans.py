import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.errors import InvalidParameter
from hotspot.frames.scans import area_scan, space_time_scan
from hotspot.stats.scan_windows import ScanPlan

PLAN = ScanPlan(prospective=True, max_steps=2, max_radius_m=300, replicates=99)


def planted(zone: str | None = None) -> gpd.GeoDataFrame:
    """Half a year of incidents all over, and fifteen in one place in the last week."""
    rng = np.random.default_rng(1)
    xy_m = rng.uniform(0, 5000, (300, 2))
    day = rng.integers(0, 182, 300)
    here, now = rng.normal([2500, 2500], 40, (15, 2)), rng.integers(175, 182, 15)
    time = pd.Timestamp("2024-01-01", tz=zone) + pd.to_timedelta(np.concatenate([day, now, [181]]), unit="D")
    points = gpd.points_from_xy(*np.vstack([xy_m, here, [[10, 10]]]).T)
    return gpd.GeoDataFrame({"time": time}, geometry=points, crs=28992)


def test_space_time_scan__finds_what_was_planted() -> None:
    found = space_time_scan(planted(), time="time", snap_m=100, plan=PLAN, rng=np.random.default_rng(2))
    strongest = found.iloc[0]
    assert strongest["p_value"] == 0.01
    assert strongest["observed"] >= 12
    assert strongest.geometry.distance(shapely.Point(2500, 2500)) < 100
    # The last step is the week of 24 to 30 June.
    assert strongest["since"] == pd.Timestamp("2024-06-24")
    assert strongest["until"] == pd.Timestamp("2024-07-01")
    assert found.crs.to_epsg() == 28992
    assert found.geometry.is_valid.all()


def test_space_time_scan__gives_times_in_the_form_in_which_they_came() -> None:
    aware = space_time_scan(planted("UTC"), time="time", snap_m=200, plan=PLAN, rng=np.random.default_rng(2))
    assert aware.iloc[0]["until"] == pd.Timestamp("2024-07-01", tz="UTC")
    numbered = planted().assign(
        time=lambda t: (t["time"] - pd.Timestamp("2024-01-01")) / pd.Timedelta(days=1)
    )
    found = space_time_scan(numbered, time="time", snap_m=200, plan=PLAN, rng=np.random.default_rng(2))
    assert (found.iloc[0]["since"], found.iloc[0]["until"]) == (175, 182)


def test_space_time_scan__of_nothing_is_empty_with_all_columns() -> None:
    found = space_time_scan(planted()[:0], time="time", snap_m=100, plan=PLAN, rng=np.random.default_rng(2))
    full = space_time_scan(planted(), time="time", snap_m=100, plan=PLAN, rng=np.random.default_rng(2))
    assert len(found) == 0
    assert found.columns.tolist() == full.columns.tolist()


def test_space_time_scan__refuses() -> None:
    with pytest.raises(InvalidParameter, match="snap_m and step_days must be above 0, got 0 and 7"):
        space_time_scan(planted(), time="time", snap_m=0, plan=PLAN, rng=np.random.default_rng(2))
    with pytest.raises(InvalidParameter, match=r"at most 10000 steps of time, got 0.001, which makes 182000"):
        space_time_scan(
            planted(), time="time", step_days=0.001, snap_m=100, plan=PLAN, rng=np.random.default_rng(2)
        )


def test_area_scan__finds_the_full_areas() -> None:
    row, column = (axis.ravel() for axis in np.meshgrid(np.arange(8), np.arange(8), indexing="ij"))
    boxes = shapely.box(column * 500.0, row * 500.0, column * 500.0 + 500, row * 500.0 + 500)
    counts = np.where((row < 2) & (column < 2), 25, 5)
    areas = gpd.GeoDataFrame({"incidents": counts, "homes": 100}, geometry=boxes, crs=28992)
    plan = ScanPlan(max_share=0.2, replicates=99)
    found = area_scan(areas, population="homes", plan=plan, rng=np.random.default_rng(3))
    assert found.iloc[0]["p_value"] == 0.01
    assert found.iloc[0]["observed"] >= 75
    assert found.iloc[0]["relative_risk"] > 3
