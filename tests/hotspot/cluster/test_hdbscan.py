from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from hotspot.cluster.hdbscan import hdbscan
from hotspot.cluster.labels import NOISE
from hotspot.errors import InvalidParameter


def test_hdbscan__finds_groups_of_different_density() -> None:
    rng = np.random.default_rng(5)
    truth = np.repeat([0, 1, 2], 60)
    xy_m = np.vstack(
        [rng.normal(0, 10, (60, 2)), rng.normal([500, 0], 40, (60, 2)), rng.normal([0, 3000], 200, (60, 2))]
    )
    found = hdbscan(xy_m, min_cluster_incidents=15)
    assert found.n_clusters == 3
    assert adjusted_rand_score(truth, found.label) > 0.8
    assert found.label[np.flatnonzero(found.label >= 0)[0]] == 0
    assert (found.membership[found.label == NOISE] == 0).all()
    assert ((found.membership >= 0) & (found.membership <= 1)).all()


@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.sampled_from([0, 1]))
@settings(max_examples=25)
def test_hdbscan__has_the_clusters_of_scikit_learn(seed: int, least: int, single: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = rng.normal(0, 30, (60, 2)) + 300 * rng.integers(0, 3, (60, 1))
    theirs = HDBSCAN(
        min_cluster_size=least, min_samples=least, allow_single_cluster=bool(single), copy=True
    ).fit(xy_m)
    ours = hdbscan(xy_m, min_cluster_incidents=least, allow_single_cluster=bool(single))
    assert np.array_equal(ours.label == NOISE, theirs.labels_ < 0)
    assert len(set(zip(ours.label.tolist(), theirs.labels_.tolist(), strict=True))) == len(
        set(theirs.labels_)
    )


def test_hdbscan__a_weight_is_so_many_incidents() -> None:
    rng = np.random.default_rng(2)
    xy_m = np.vstack([rng.normal(0, 20, (15, 2)), rng.normal(900, 20, (15, 2)), [[5000.0, 0.0]]])
    weight = np.append(rng.integers(1, 4, 30), 0)
    weighted = hdbscan(xy_m, weight=weight)
    repeated = hdbscan(np.repeat(xy_m, weight, axis=0))
    assert np.array_equal(np.repeat(weighted.label, weight), repeated.label)
    assert weighted.label[-1] == NOISE


@pytest.mark.parametrize("n", [0, 1, 4])
def test_hdbscan__of_too_few_is_noise(n: int) -> None:
    found = hdbscan(np.zeros((n, 2)))
    assert found.label.tolist() == [NOISE] * n
    assert found.n_clusters == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"min_cluster_incidents": 1}, "min_cluster_incidents must be at least 2, got 1"),
        ({"min_incidents": 0}, "min_incidents must be at least 1, got 0"),
        ({"merge_within_m": -1.0}, "merge_within_m must be at least 0, got -1"),
        ({"weight": np.array([1.5] * 6)}, "weight must be whole numbers"),
        ({"weight": np.array([-1] * 6)}, "weight must be whole numbers"),
    ],
)
def test_hdbscan__refuses_what_has_no_meaning(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        hdbscan(np.zeros((6, 2)), **change)
