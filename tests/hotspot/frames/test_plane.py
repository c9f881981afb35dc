from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.errors import InvalidCrs, InvalidParameter
from hotspot.frames import clusters, grids, local, pairs, patterns, scans
from hotspot.frames.plane import centres, days, metres, numbers, positions, together
from hotspot.stats.scan_windows import ScanPlan

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("crs", "message"),
    [
        (
            "EPSG:4326",
            r"projected CRS in metres, got WGS 84 \(in degree\); reproject first: incidents.to_crs",
        ),
        ("EPSG:2913", r"got NAD83\(HARN\) / Oregon North \(ft\) \(in foot\); reproject first"),
        ("ESRI:102696", r"\(in US survey foot\); reproject first"),
        ("EPSG:4978", r"got WGS 84 \(in metre\); reproject first"),
        ("EPSG:3857", "which stretches distances; reproject first"),
        (None, r"got none; say which it is with incidents.set_crs\(...\), then reproject: incidents.to_crs"),
    ],
)
def test_metres__refuses_planes_without_them_and_says_what_to_do(crs: str | None, message: str) -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(5, 50)], crs=crs)
    with pytest.raises(InvalidCrs, match=message):
        metres(frame, name="incidents")


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:32631", "EPSG:7415", "+proj=utm +zone=31 +units=m"])
def test_metres__takes_any_plane_with_them(crs: str) -> None:
    assert metres(gpd.GeoDataFrame(geometry=[shapely.Point(5, 50)], crs=crs), name="incidents").is_projected


def test_metres__refuses_a_table_without_geometry() -> None:
    for frame in (pd.DataFrame({"a": [1]}), gpd.GeoDataFrame({"a": [1]})):
        with pytest.raises(InvalidParameter, match="GeoDataFrame with a geometry column"):
            metres(frame, name="incidents")


def test_metres__the_way_out_that_the_message_shows_works(incidents: gpd.GeoDataFrame) -> None:
    degrees = incidents.to_crs("EPSG:4326")
    assert metres(degrees.to_crs(degrees.estimate_utm_crs()), name="incidents").to_epsg() == 32631


def test_frames__all_refuse_degrees(incidents: gpd.GeoDataFrame) -> None:
    degrees, rng = incidents.to_crs("EPSG:4326"), np.random.default_rng(1)
    cells = grids.square_grid(incidents, side_m=1000).to_crs("EPSG:4326")
    calls: list[Callable[[], object]] = [
        lambda: clusters.density_clusters(degrees, radius_m=1, min_incidents=1),
        lambda: clusters.persistent_clusters(degrees),
        lambda: clusters.space_time_clusters(degrees, time="day", radius_m=1, within_days=1, min_incidents=1),
        lambda: clusters.footprints(degrees.assign(cluster=0)),
        lambda: grids.square_grid(degrees, side_m=1),
        lambda: grids.hexagon_grid(degrees, side_m=1),
        lambda: grids.count_incidents(cells, incidents),
        lambda: grids.density_surface(degrees, bandwidth_m=1, side_m=1),
        lambda: local.gi_star(cells, radius_m=1),
        lambda: local.local_moran(cells, radius_m=1),
        lambda: pairs.knox_table(degrees, time="day", edges_m=[0, 9], edges_days=[0, 9], rng=rng),
        lambda: pairs.near_repeat_table(degrees, time="day", edges_m=[9], edges_days=[0, 9], rng=rng),
        lambda: scans.space_time_scan(degrees, time="day", snap_m=1, plan=ScanPlan(), rng=rng),
        lambda: scans.area_scan(cells, population="incidents", plan=ScanPlan(), rng=rng),
        lambda: patterns.emerging_patterns(cells, columns=["incidents"] * 2, radius_m=1),
    ]
    for call in calls:
        with pytest.raises(InvalidCrs, match="must be in a projected CRS in metres, got WGS 84"):
            call()


def test_together__refuses_two_planes(incidents: gpd.GeoDataFrame) -> None:
    other = incidents.to_crs(32631)
    with pytest.raises(
        InvalidCrs, match=r"b must be in the CRS of a \(Amersfoort / RD New\), got WGS 84 / UTM"
    ):
        together(incidents, other, names=("a", "b"))


def test_positions__are_those_of_the_points(incidents: gpd.GeoDataFrame) -> None:
    assert positions(incidents)[0].tolist() == [176_005, 317_005]
    assert positions(incidents[:0]).shape == (0, 2)


@pytest.mark.parametrize("wrong", [None, shapely.Point(), shapely.LineString([[0, 0], [1, 1]])])
def test_positions_and_centres__refuse_what_is_neither_point_nor_polygon(wrong: object) -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(1, 1), wrong], crs=28992)
    with pytest.raises(InvalidParameter, match=r"incidents must have a point in each row, got .* in row 1"):
        positions(frame)
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), wrong], crs=28992)
    with pytest.raises(InvalidParameter, match=r"cells must have a polygon in each row, got .* in row 1"):
        centres(frame, name="cells")


def test_centres__are_centroids() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 4)], crs=28992)
    assert centres(frame, name="cells").tolist() == [[1, 2]]
    assert centres(frame[:0], name="cells").shape == (0, 2)


def test_days__count_from_any_kind_of_time() -> None:
    local_time = pd.Series(pd.to_datetime(["1970-01-02 12:00", "1970-01-03 00:00"]))
    frame = pd.DataFrame(
        {"naive": local_time, "aware": local_time.dt.tz_localize("Europe/Amsterdam"), "number": [1.5, 2]}
    )
    assert days(frame, "naive").tolist() == [1.5, 2]
    assert days(frame, "number").tolist() == [1.5, 2]
    assert days(frame, "aware") == pytest.approx([1.5 - 1 / 24, 2 - 1 / 24])


def test_days_and_numbers__refuse_what_is_missing_or_none() -> None:
    frame = pd.DataFrame(
        {"text": ["a", "b"], "gap": [1.0, None], "never": pd.Series([pd.Timestamp(0), pd.NaT])}
    )
    with pytest.raises(InvalidParameter, match="must have a column 'day', got text, gap, never"):
        days(frame, "day")
    with pytest.raises(InvalidParameter, match="column 'never' must hold a time in each row, got 1 missing"):
        days(frame, "never")
    with pytest.raises(
        InvalidParameter, match="column 'text' must hold a time in each row, got values of type"
    ):
        days(frame, "text")
    with pytest.raises(InvalidParameter, match="column 'text' must hold a number in each row, got values of"):
        numbers(frame, "text")
    with pytest.raises(InvalidParameter, match="column 'gap' must hold a number in each row, got 1 missing"):
        numbers(frame, "gap")
