import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.cluster.nnh import groups_by_chance, nearest_neighbour_threshold, nnh
from hotspot.errors import InvalidParameter

SEED = 20150701


def groups(
    centres_m: NDArray[np.float64], each: int, spread_m: float, seed: int = SEED
) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return np.repeat(centres_m, each, axis=0) + rng.uniform(-spread_m, spread_m, (each * len(centres_m), 2))


def test_threshold__is_the_published_one(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())["nnh_threshold"]
    threshold = nearest_neighbour_threshold(published["N"], area_m2=published["A_m2"])
    assert threshold.random_m == pytest.approx(published["d_ran"], abs=5e-6)
    assert threshold.standard_error_m == pytest.approx(published["SE"], abs=5e-6)
    assert threshold.lower_m == pytest.approx(published["lower_95_one_tail"], abs=5e-6)


def test_nnh__the_fullest_seed_takes_first_and_pairs_at_the_threshold_are_none() -> None:
    # The middle of the first five has four others in reach; the end of the chain is exactly 10 m away.
    xy_m = np.array([[0, 0], [5, 0], [-5, 0], [0, 5], [0, -5], [15, 0], [15, 1], [15, 2]], float)
    (first,) = nnh(xy_m, area_m2=1e6, within_m=10, min_incidents=3)
    assert first.label.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert first.centre_m.tolist() == [[0, 0], [15, 1]]
    assert first.within_m == 10
    assert first.ellipses[0] is not None
    assert first.ellipses[0].semi_major_m == pytest.approx(np.sqrt(2 * 50 / 3))
    (alone,) = nnh(xy_m[[0, 1, 5]], area_m2=1e6, within_m=10, min_incidents=2)
    assert alone.label.tolist() == [0, 0, -1]
    assert alone.ellipses == (None,)


def test_nnh__groups_groups_until_there_are_none() -> None:
    square = np.array([[0.0, 0.0], [0.0, 2000.0], [2000.0, 0.0], [2000.0, 2000.0]])
    centres_m = (square[:, None] + np.array([[0.0, 0.0], [20_000.0, 0.0], [0.0, 20_000.0]])).reshape(-1, 2)
    orders = nnh(groups(centres_m, 12, 5), area_m2=1e9, min_incidents=4, min_groups=3)
    assert [order.n_clusters for order in orders] == [12, 3]
    assert orders[1].label.shape == (12,)
    assert np.allclose(orders[1].centre_m, [[1000, 1000], [21_000, 1000], [1000, 21_000]], atol=5)
    assert orders[1].within_m > orders[0].within_m


@pytest.mark.parametrize("n", [0, 1])
def test_nnh__of_too_few_is_nothing(n: int) -> None:
    assert nnh(np.zeros((n, 2)), area_m2=1e6) == ()


def test_nnh__takes_a_pile_up_for_one_group() -> None:
    (first,) = nnh(np.zeros((12, 2)), area_m2=1e6)
    assert first.label.tolist() == [0] * 12
    assert nnh(np.zeros((12, 2)), area_m2=1e6, t=1000) == ()


@given(st.integers(0, 2**32 - 1), st.integers(-100_000, 100_000))
@settings(max_examples=40)
def test_nnh__does_not_care_about_order_or_origin(seed: int, shift_m: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = rng.integers(0, 60, (80, 2)).astype(float)
    shuffled = rng.permutation(80)
    here = nnh(xy_m, area_m2=3600, min_incidents=3)
    there = nnh(xy_m[shuffled] + shift_m, area_m2=3600, min_incidents=3)
    for one, two in zip(here[:1], there[:1], strict=True):
        label = one.label[shuffled]
        assert np.array_equal(label[:, None] == label, two.label[:, None] == two.label)
        assert one.n_clusters == two.n_clusters


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_nnh__each_group_has_a_seed_that_reaches_all(seed: int) -> None:
    xy_m = np.random.default_rng(seed).integers(0, 60, (80, 2)).astype(float)
    for order in nnh(xy_m, area_m2=3600, min_incidents=4)[:1]:
        for k in range(order.n_clusters):
            group = xy_m[order.label == k]
            away_m = np.hypot(*(group[:, None] - group).T)
            assert len(group) >= 4
            assert away_m.max(axis=1).min() < order.within_m


def test_groups_by_chance__tells_groups_from_chance() -> None:
    rng = np.random.default_rng(SEED)
    grouped = np.vstack([groups(rng.uniform(0, 5000, (8, 2)), 12, 40), rng.uniform(0, 5000, (100, 2))])
    test = groups_by_chance(grouped, area_m2=25e6, min_incidents=6, n_replicates=99, rng=rng)
    assert test.observed >= 8
    assert test.p_value == 0.01
    assert test.simulated.shape == (99,)


def test_groups_by_chance__rejects_true_nulls_at_most_at_the_nominal_rate() -> None:
    rng = np.random.default_rng(SEED)
    p_values = [
        groups_by_chance(
            rng.random((150, 2)) * 1000, area_m2=1e6, min_incidents=3, n_replicates=19, rng=rng
        ).p_value
        for _ in range(200)
    ]
    # Ties of a count make the test conservative; 200 trials at 10 % exceed 32 once in a thousand.
    assert 4 <= np.count_nonzero(np.array(p_values) <= 0.1) <= 32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"area_m2": 0.0}, "area_m2 must be above 0, got 0"),
        ({"min_incidents": 1}, "min_incidents must be at least 2, got 1"),
        ({"min_groups": 1}, "min_groups must be at least 2, got 1"),
        ({"within_m": 0.0}, "within_m must be above 0, got 0"),
        ({"t": np.nan}, "t must be at least"),
    ],
)
def test_nnh__refuses_what_has_no_meaning(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        nnh(np.zeros((5, 2)), **({"area_m2": 1.0} | change))


def test_groups_by_chance__needs_two() -> None:
    with pytest.raises(InvalidParameter, match="number of incidents must be at least 2, got 1"):
        groups_by_chance(np.zeros((1, 2)), area_m2=1, rng=np.random.default_rng(SEED))
