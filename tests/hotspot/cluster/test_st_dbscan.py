from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from hotspot.cluster.dbscan import dbscan
from hotspot.cluster.labels import NOISE
from hotspot.cluster.st_dbscan import st_dbscan
from hotspot.errors import InvalidParameter

SEEDS = st.integers(0, 2**32 - 1)


def test_st_dbscan__parts_what_lies_together_but_happened_apart() -> None:
    xy_m = np.array([[0, 0], [100, 0], [60, 80], [0, 0], [100, 0], [0, 1]], float)
    day = np.array([1, 8, 15, 40, 47, 60])
    found = st_dbscan(xy_m, day, radius_m=100, within_days=7, min_incidents=2)
    # 100 m and 7 days are within: the first three are a chain.
    assert found.label.tolist() == [0, 0, 0, 1, 1, NOISE]
    assert found.is_core.tolist() == [True] * 5 + [False]
    chained = st_dbscan(xy_m, day, radius_m=99.9, within_days=7, min_incidents=2)
    assert chained.label.tolist() == [NOISE, 0, 0, NOISE, NOISE, NOISE]


@given(SEEDS, st.integers(1, 6), st.sampled_from([0.0, 1.0, 3.0, 2.5]))
@settings(max_examples=80)
def test_st_dbscan__is_dbscan_with_its_neighbourhood(seed: int, least: int, within_days: float) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 120))
    xy_m, day = rng.integers(0, 25, (n, 2)).astype(float), rng.integers(0, 20, n)
    apart_m = np.hypot(*(xy_m[:, None] - xy_m).T)
    apart_days = np.abs(day[:, None] - day)
    is_far = ~((apart_m <= 5) & (apart_days <= within_days))
    theirs = DBSCAN(eps=0.5, min_samples=least, metric="precomputed").fit(is_far.astype(float))
    ours = st_dbscan(xy_m, day, radius_m=5, within_days=within_days, min_incidents=least)
    assert np.array_equal(ours.label, theirs.labels_)
    assert np.array_equal(np.flatnonzero(ours.is_core), theirs.core_sample_indices_)


@given(SEEDS, st.integers(-(10**5), 10**5), st.integers(-(10**4), 10**4))
@settings(max_examples=30)
def test_st_dbscan__does_not_care_where_or_when_the_origin_is(seed: int, shift_m: int, later: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m, day = rng.integers(0, 25, (80, 2)).astype(float), rng.integers(0, 20, 80)
    here = st_dbscan(xy_m, day, radius_m=5, within_days=3, min_incidents=3)
    there = st_dbscan(xy_m + shift_m, day + later, radius_m=5, within_days=3, min_incidents=3)
    assert np.array_equal(here.label, there.label)


def test_st_dbscan__is_dbscan_if_time_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    xy_m, day = rng.uniform(0, 1000, (500, 2)), rng.uniform(0, 365, 500)
    ours = st_dbscan(xy_m, day, radius_m=40, within_days=365, min_incidents=4)
    assert np.array_equal(ours.label, dbscan(xy_m, radius_m=40, min_incidents=4).label)


@pytest.mark.parametrize("n", [0, 1])
def test_st_dbscan__of_too_few_is_noise(n: int) -> None:
    found = st_dbscan(np.zeros((n, 2)), np.zeros(n), radius_m=5, within_days=3, min_incidents=2)
    assert found.label.tolist() == [NOISE] * n


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"radius_m": 0.0}, "radius_m must be above 0"),
        ({"radius_m": 1e-12}, "radius_m must be above"),
        ({"within_days": -1.0}, "within_days must be at least 0, got -1"),
        ({"min_incidents": 0}, "min_incidents must be at least 1"),
        ({"day": np.array([1.0])}, r"day must be finite numbers in the shape \(2,\), got the shape \(1,\)"),
        ({"day": np.array([1.0, np.nan])}, "day must be finite"),
    ],
)
def test_st_dbscan__refuses_what_has_no_meaning(change: dict[str, Any], said: str) -> None:
    options: dict[str, Any] = {
        "day": np.zeros(2),
        "radius_m": 5,
        "within_days": 3,
        "min_incidents": 2,
    } | change
    with pytest.raises(InvalidParameter, match=said):
        st_dbscan(np.array([[0.0, 0.0], [1.0, 1.0]]), options.pop("day"), **options)
