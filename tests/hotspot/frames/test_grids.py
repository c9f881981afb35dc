import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.errors import InvalidCrs, InvalidParameter
from hotspot.frames.grids import count_incidents, density_surface, hexagon_grid, square_grid


def area(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    box = shapely.box(176_000, 317_000, 178_999, 317_999)
    return gpd.GeoDataFrame(geometry=[box], crs=incidents.crs)


def test_square_grid__by_hand(incidents: gpd.GeoDataFrame) -> None:
    cells = square_grid(incidents, side_m=1000, area=area(incidents))
    assert cells["incidents"].tolist() == [6, 0, 1]
    assert cells["cell"].tolist() == [0, 1, 2]
    assert cells.geometry.iloc[0].bounds == (176_000, 317_000, 177_000, 318_000)
    assert cells.crs == incidents.crs


def test_grids__lose_no_incident(incidents: gpd.GeoDataFrame, robberies: gpd.GeoDataFrame) -> None:
    for points in (incidents, robberies):
        assert square_grid(points, side_m=500)["incidents"].sum() == len(points)
        assert hexagon_grid(points, side_m=500)["incidents"].sum() == len(points)


def test_hexagon_grid__has_hexagons_of_one_size(incidents: gpd.GeoDataFrame) -> None:
    cells = hexagon_grid(incidents, side_m=100, area=area(incidents))
    assert cells.area.to_numpy() == pytest.approx(np.full(len(cells), 1.5 * np.sqrt(3) * 100**2))
    assert cells.geometry.union_all().buffer(0.01).covers(area(incidents).geometry.iloc[0])


def test_count_incidents__counts_each_once(incidents: gpd.GeoDataFrame, robberies: gpd.GeoDataFrame) -> None:
    halves = gpd.GeoDataFrame(
        geometry=[
            shapely.box(176_000, 317_000, 176_905, 318_000),
            shapely.box(176_905, 317_000, 178_000, 318_000),
        ],
        crs=incidents.crs,
    )
    # Two incidents lie on the border, one is outside both.
    assert count_incidents(halves, incidents)["incidents"].tolist() == [3, 3]
    cells = square_grid(robberies, side_m=700)
    counted = count_incidents(cells.drop(columns="incidents"), robberies)
    assert counted["incidents"].tolist() == cells["incidents"].tolist()


def test_density_surface__by_hand(incidents: gpd.GeoDataFrame) -> None:
    one = incidents[6:]
    cells = density_surface(one, bandwidth_m=100, side_m=10, area=area(incidents))
    # The quartic kernel is 3 / (pi h^2) (1 - u^2)^2 per square metre; the nearest centre is 5 m away.
    assert cells["density_per_km2"].max() == pytest.approx(95.493 * (1 - 0.05**2) ** 2, abs=1e-3)
    assert (cells["density_per_km2"] * 10**2 / 1e6).sum() == pytest.approx(0.54, abs=0.02)


def test_density_surface__weighs_rows(incidents: gpd.GeoDataFrame) -> None:
    weighed = density_surface(incidents.assign(weight=2), weight="weight", bandwidth_m=200, side_m=50)
    plain = density_surface(incidents, bandwidth_m=200, side_m=50)
    assert weighed["density_per_km2"].to_numpy() == pytest.approx(2 * plain["density_per_km2"].to_numpy())


def test_density_surface__corrected_at_the_edge_holds_all_incidents(robberies: gpd.GeoDataFrame) -> None:
    cells = density_surface(robberies, bandwidth_m=1500, side_m=300, edge_correction="jones")
    assert (cells["density_per_km2"] * 0.3**2).sum() == pytest.approx(len(robberies), rel=0.01)


def test_grids__refuse_an_area_of_another_plane_or_without_polygons(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(InvalidCrs, match="area must be in the CRS of incidents"):
        square_grid(incidents, side_m=100, area=area(incidents).to_crs(32631))
    with pytest.raises(InvalidParameter, match="area must have at least one polygon, got none"):
        hexagon_grid(incidents, side_m=100, area=area(incidents)[:0])
    with pytest.raises(InvalidParameter, match="at least one place"):
        square_grid(incidents[:0], side_m=100)
