from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

RIJKSDRIEHOEK = 28992


@pytest.fixture(scope="session")
def robberies(shared_data: Path) -> gpd.GeoDataFrame:
    """Robberies in Memphis in 2019, on their plane."""
    table = pd.read_csv(shared_data / "memphis" / "robberies_2019.csv", parse_dates=["date"])
    points = gpd.points_from_xy(table["longitude"], table["latitude"], crs="OGC:CRS84")
    return gpd.GeoDataFrame(table[["uid", "date"]], geometry=points).to_crs(32615)


@pytest.fixture
def incidents() -> gpd.GeoDataFrame:
    """Three incidents at one corner, two of them on one day, three at another and one alone."""
    xy_m = np.array([[5, 5], [5, 5], [15, 5], [905, 905], [905, 915], [915, 905], [2500, 5]], float)
    days = pd.to_datetime(
        ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-01", "2024-02-01", "2024-03-01", "2024-03-02"]
    )
    points = gpd.points_from_xy(*(xy_m + np.array([176_000, 317_000])).T)
    return gpd.GeoDataFrame({"day": days, "number": np.arange(7)}, geometry=points, crs=RIJKSDRIEHOEK)
