import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspot.frames.pairs import knox_table, near_repeat_table
from hotspot.stats import knox


def test_knox_table__by_hand(incidents: gpd.GeoDataFrame) -> None:
    table = knox_table(
        incidents,
        time="day",
        edges_m=[0, 20],
        edges_days=[0, 2, 3],
        replicates=99,
        rng=np.random.default_rng(1),
    )
    # Pairs of the first corner: one and one day apart, and two days.
    assert table["observed"].tolist() == [2, 1]
    assert table["from_m"].tolist() == [0, 0]
    assert table["to_days"].tolist() == [2, 3]


def test_knox_table__is_the_plain_one_written_as_rows(robberies: gpd.GeoDataFrame) -> None:
    edges_m, edges_days = [0.0, 100.0, 400.0], [0.0, 7.0, 14.0, 28.0]
    frame = knox_table(
        robberies,
        time="date",
        edges_m=edges_m,
        edges_days=edges_days,
        replicates=49,
        rng=np.random.default_rng(2),
    )
    xy_m = np.column_stack([robberies.geometry.x, robberies.geometry.y])
    day = (robberies["date"] - pd.Timestamp(0)) / pd.Timedelta(days=1)
    table = knox.knox_table(
        xy_m,
        day.to_numpy(),
        edges_m=edges_m,
        edges_days=edges_days,
        replicates=49,
        rng=np.random.default_rng(2),
    )
    assert np.array_equal(frame["observed"].to_numpy().reshape(2, 3), table.counts.observed)
    assert np.array_equal(frame["p_value"].to_numpy().reshape(2, 3), table.p_value)
    assert frame["ratio"].to_numpy() == pytest.approx((frame["observed"] / frame["expected"]).to_numpy())
    # Robberies near each other in space follow each other.
    assert frame["p_value"].to_numpy()[0] <= 0.04


def test_near_repeat_table__puts_the_exact_repeats_in_front(incidents: gpd.GeoDataFrame) -> None:
    table = near_repeat_table(
        incidents, time="day", edges_m=[100], edges_days=[0, 7], replicates=9, rng=np.random.default_rng(3)
    )
    assert table["observed"].tolist() == [1, 2]
    assert table["from_m"].tolist()[0] == 0
    assert table["to_m"].tolist()[1] == 100
