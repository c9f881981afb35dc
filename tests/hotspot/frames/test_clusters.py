import geopandas as gpd
import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from hotspot.frames.clusters import density_clusters, footprints, persistent_clusters, space_time_clusters


def test_density_clusters__by_hand(incidents: gpd.GeoDataFrame) -> None:
    found = density_clusters(incidents, radius_m=20, min_incidents=3)
    assert found["cluster"].tolist() == [0, 0, 0, 1, 1, 1, -1]
    assert found["is_core"].tolist() == [True] * 6 + [False]
    assert found.crs == incidents.crs
    assert found["number"].tolist() == incidents["number"].tolist()
    assert "cluster" not in incidents.columns


def test_density_clusters__keeps_rows_and_index_as_they_are(incidents: gpd.GeoDataFrame) -> None:
    shuffled = incidents.sample(frac=1, random_state=1)
    found = density_clusters(shuffled, radius_m=20, min_incidents=3)
    assert found.index.tolist() == shuffled.index.tolist()
    assert found.loc[6, "cluster"] == -1


def test_clusters__take_no_incident_at_all(incidents: gpd.GeoDataFrame) -> None:
    nothing = incidents[:0]
    assert len(density_clusters(nothing, radius_m=20, min_incidents=3)) == 0
    assert len(persistent_clusters(nothing)) == 0
    assert len(space_time_clusters(nothing, time="day", radius_m=9, within_days=9, min_incidents=3)) == 0
    assert len(footprints(nothing.assign(cluster=np.empty(0, np.int64)))) == 0


def test_space_time_clusters__by_hand(incidents: gpd.GeoDataFrame) -> None:
    found = space_time_clusters(incidents, time="day", radius_m=20, within_days=2, min_incidents=3)
    # The second corner's incidents are a month apart.
    assert found["cluster"].tolist() == [0, 0, 0, -1, -1, -1, -1]


def test_persistent_clusters__by_hand(incidents: gpd.GeoDataFrame) -> None:
    found = persistent_clusters(incidents, min_cluster_incidents=3, min_incidents=2)
    assert found["cluster"].tolist()[:6] == [0, 0, 0, 1, 1, 1]
    assert found["membership"].between(0, 1).all()


def test_footprints__by_hand(incidents: gpd.GeoDataFrame) -> None:
    clustered = density_clusters(incidents, radius_m=20, min_incidents=3)
    found = footprints(clustered)
    assert found["cluster"].tolist() == [0, 1]
    assert found["incidents"].tolist() == [3, 3]
    assert found["places"].tolist() == [2, 3]
    assert found["area_m2"].to_numpy() == pytest.approx(found.area)
    assert found.crs == incidents.crs
    assert found.geometry.iloc[0].covers(incidents.geometry.iloc[:3].union_all())


def test_footprints__without_any_cluster_are_none(incidents: gpd.GeoDataFrame) -> None:
    found = footprints(incidents.assign(cluster=-1))
    assert len(found) == 0
    assert found.crs == incidents.crs


def test_density_clusters__of_memphis_are_those_of_scikit_learn(robberies: gpd.GeoDataFrame) -> None:
    found = density_clusters(robberies, radius_m=200, min_incidents=10)
    xy_m = np.column_stack([robberies.geometry.x, robberies.geometry.y])
    assert np.array_equal(found["cluster"], DBSCAN(eps=200, min_samples=10).fit(xy_m).labels_)
    outlines = footprints(found)
    assert outlines.geometry.is_valid.all()
    assert outlines["incidents"].sum() == (found["cluster"] >= 0).sum()
    assert outlines["incidents"].min() >= 10
