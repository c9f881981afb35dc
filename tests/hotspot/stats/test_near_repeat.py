"""Near-repeat tables, strings and rates: by hand, published, invariance and calibration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.near_repeat import SAME_PLACE_M, near_repeat_rate, near_repeat_strings, near_repeat_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SEED = 2007


def a_city(n: int, *, repeats: float, seed: int = SEED) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Incidents of a year, a share of which brings one more within 100 m and a week."""
    rng = np.random.default_rng(seed)
    xy_m, day = rng.uniform(0, 4_000, (n, 2)), rng.integers(0, 365, n).astype(float)
    first = rng.random(n) < repeats
    near_m = xy_m[first] + rng.uniform(-50, 50, (first.sum(), 2))
    return np.concatenate([xy_m, near_m]), np.concatenate([day, day[first] + rng.integers(0, 7, first.sum())])


def test_near_repeat_table__puts_exact_repeats_in_front() -> None:
    xy_m = np.array([[0.0, 0], [0, 0.05], [0, 50], [0, 150]])
    day = np.array([0.0, 1, 8, 9])
    table = near_repeat_table(
        xy_m, day, edges_m=[100, 200], edges_days=[0, 7, 14], replicates=19, rng=np.random.default_rng(SEED)
    )
    assert table.edges_m.tolist() == [0, SAME_PLACE_M, 100, 200]
    assert table.counts.observed.tolist() == [[1, 0], [0, 2], [1, 2]]
    given_too = near_repeat_table(
        xy_m,
        day,
        edges_m=[0, 0.1, 100, 200],
        edges_days=[0, 7, 14],
        replicates=19,
        rng=np.random.default_rng(SEED),
    )
    np.testing.assert_array_equal(table.p_value, given_too.p_value)
    np.testing.assert_array_equal(table.edges_m, given_too.edges_m)


def test_near_repeat_table__of_burglaries_is_as_published(shared_data: Path) -> None:
    values = json.loads((shared_data / "reference" / "published_values.json").read_text())
    known = values["nearrepeat_vignette_1"]
    rows = pd.read_csv(shared_data / "chicago" / "burglaries_2016.csv.gz", parse_dates=["date"])
    rows = rows[rows["date"] < "2016-02-01"]
    table = near_repeat_table(
        rows[["X", "Y"]].to_numpy(float),
        (rows["date"] - pd.Timestamp("2016-01-01")).dt.days.to_numpy().astype(np.float64),
        edges_m=[200, 400, 600],
        edges_days=known["tds_half_open_days"],
        metric="manhattan",
        rng=np.random.default_rng(SEED),
    )
    assert table.counts.observed.tolist() == known["observed"]
    np.testing.assert_allclose(table.ratio_to_shuffled, known["knox_ratio_mean_999"], rtol=0.03)


def test_near_repeat_table__of_arson_shows_repeats_within_a_fortnight(shared_data: Path) -> None:
    file = shared_data / "reference" / "near_repeat" / "chicago_arson.csv"
    rows = pd.read_csv(file, header=None, names=["x", "y", "date"], parse_dates=["date"])
    xy_m = rows[["x", "y"]].to_numpy(float)
    day = (rows["date"] - rows["date"].min()).dt.days.to_numpy().astype(np.float64)
    table = near_repeat_table(
        xy_m, day, edges_m=[200, 400], edges_days=[0, 14, 28], rng=np.random.default_rng(SEED)
    )
    apart = np.triu_indices(len(xy_m), 1)
    far_m = np.hypot(*(xy_m[apart[0]] - xy_m[apart[1]]).T)
    soon = np.abs(day[apart[0]] - day[apart[1]]) < 14
    assert table.counts.observed[:, 0].tolist() == [
        int((soon & (far_m >= low) & (far_m < high)).sum())
        for low, high in [(0, 0.1), (0.1, 200), (200, 400)]
    ]
    assert table.p_value[0, 0] <= 0.01


def test_near_repeat_strings__are_those_of_ptools(shared_data: Path) -> None:
    known = json.loads((shared_data / "reference" / "published_values.json").read_text())["near_strings"]
    found = near_repeat_strings(
        np.column_stack([known["x"], known["y"]]).astype(float),
        np.array(known["t"], float),
        below_m=known["dist_lt"],
        below_days=known["time_lt"],
    )
    assert found.string.tolist() == known["component"]
    assert found.size.tolist() == [3, 3, 3, 2, 2]


def test_near_repeat_strings__bounds_are_strict_and_the_lonely_are_strings_of_one() -> None:
    xy_m, day = np.array([[0.0, 0], [10, 0], [0, 9], [500, 0]]), np.array([0.0, 0, 1, 0])
    found = near_repeat_strings(xy_m, day, below_m=10, below_days=2)
    assert found.string.tolist() == [1, 2, 1, 3]
    assert found.size.tolist() == [2, 1, 2, 1]
    assert near_repeat_strings(xy_m, day, below_m=10, below_days=1).size.tolist() == [1, 1, 1, 1]
    assert near_repeat_strings(xy_m, day, below_m=10.5, below_days=2, metric="manhattan").size.max() == 3
    assert near_repeat_strings(np.empty((0, 2)), np.empty(0), below_m=1, below_days=1).string.size == 0


@given(st.integers(0, 2**32 - 1))
def test_near_repeat_strings__hang_together_in_any_order(seed: int) -> None:
    xy_m, day = a_city(150, repeats=0.5, seed=seed)
    order = np.random.default_rng(seed).permutation(len(xy_m))
    here = near_repeat_strings(xy_m, day, below_m=200, below_days=14)
    there = near_repeat_strings(xy_m[order], day[order], below_m=200, below_days=14)
    np.testing.assert_array_equal(here.size[order], there.size)
    # The same numbers, but for their order: one string here is one string there.
    assert len(set(zip(here.string[order], there.string, strict=True))) == here.string.max()
    # Numbers rise with the first incident of each string.
    assert (np.diff(np.unique(here.string, return_index=True)[1]) > 0).all()


@pytest.mark.parametrize("repeats", [0.0, 0.1, 0.3])
def test_near_repeat_rate__is_near_the_planted_one(repeats: float) -> None:
    rates = [
        near_repeat_rate(*a_city(2_000, repeats=repeats, seed=seed), below_m=100, below_days=7)
        for seed in range(20)
    ]
    planted = repeats / (1 + repeats)
    for excess in ([one.per_incident for one in rates], [one.per_incident_soon for one in rates]):
        assert np.mean(excess) == pytest.approx(
            planted, abs=3 * np.std(excess) / np.sqrt(20) + 0.02 * planted
        )


def test_near_repeat_rate__by_later_pairs_is_not_fooled_by_places_that_drift() -> None:
    rng = np.random.default_rng(SEED)
    day = rng.integers(0, 364, 3_000).astype(float)
    # Two quarters that are busy in one half of the year each.
    xy_m = rng.uniform(0, 1_000, (3_000, 2)) + np.where(day < 182, 0, 5_000)[:, None]
    rate = near_repeat_rate(xy_m, day, below_m=100, below_days=7)
    assert rate.per_incident > 0.3
    assert abs(rate.per_incident_soon) < 0.3 * rate.per_incident


def test_near_repeat_rate__of_nothing_is_nothing() -> None:
    rate = near_repeat_rate(np.empty((0, 2)), np.empty(0), below_m=1, below_days=1)
    assert [rate.pairs, rate.per_incident, rate.per_incident_soon] == [0, 0, 0]


@pytest.mark.parametrize("below_days", [0.0, -1.0, float("nan")])
def test_a_time_that_is_none__is_refused(below_days: float) -> None:
    at: dict[str, Any] = {"below_m": 1, "below_days": below_days}
    with pytest.raises(InvalidParameter, match="below_days must be above 0"):
        near_repeat_strings(np.zeros((1, 2)), np.zeros(1), **at)
    with pytest.raises(InvalidParameter, match="below_days must be above 0"):
        near_repeat_rate(np.zeros((1, 2)), np.zeros(1), **at)
