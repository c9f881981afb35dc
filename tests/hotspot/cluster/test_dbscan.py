import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from hotspot.cluster.dbscan import NOISE, dbscan, neighbours


def places(seed: int, n: int = 80, side_m: int = 50) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    xy_m = np.unique(rng.integers(0, side_m, (n, 2)), axis=0).astype(float)
    return xy_m, rng.integers(0, 4, len(xy_m))


def partition(labels: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist()) - {NOISE}}


def test_dbscan__labels_the_example_of_its_definition() -> None:
    xy_m = np.array([[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]], float)
    labels = dbscan(xy_m, radius_m=3, min_incidents=2, weights=np.ones(6, np.int64))
    assert labels.tolist() == [0, 0, 0, 1, 1, NOISE]


def test_dbscan__takes_no_place_at_all() -> None:
    assert dbscan(np.empty((0, 2)), radius_m=5, min_incidents=2, weights=np.empty(0, np.int64)).size == 0


def test_dbscan__a_pile_up_alone_is_a_cluster() -> None:
    xy_m = np.array([[0.0, 0.0], [500.0, 0.0]])
    labels = dbscan(xy_m, radius_m=10, min_incidents=4, weights=np.array([4, 3]))
    assert labels.tolist() == [0, NOISE]


def test_dbscan__a_place_exactly_at_the_radius_is_in() -> None:
    xy_m = np.array([[0.0, 0.0], [3.0, 4.0], [8.0, 4.0 + 1e-5]])
    labels = dbscan(xy_m, radius_m=5, min_incidents=2, weights=np.ones(3, np.int64))
    assert labels.tolist() == [0, 0, NOISE]


def test_dbscan__a_border_place_belongs_to_its_nearest_core() -> None:
    # The place at 9 lies within 10 m of both piles and nearer to the right one.
    xy_m = np.array([[0.0, 0.0], [9.0, 0.0], [17.0, 0.0]])
    labels = dbscan(xy_m, radius_m=10, min_incidents=5, weights=np.array([5, 0, 5]))
    assert labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize("seed", range(40))
def test_dbscan__agrees_with_scikit_learn_on_cores_and_noise(seed: int) -> None:
    xy_m, weights = places(seed)
    peer = DBSCAN(eps=6, min_samples=5).fit(xy_m, sample_weight=weights)
    labels = dbscan(xy_m, radius_m=6, min_incidents=5, weights=weights)
    # The peer lets places without any weight be cores of weightless balls only if the sum suffices: as ours.
    cores = np.zeros(len(xy_m), bool)
    cores[peer.core_sample_indices_] = True
    cores &= weights > 0
    pairs = set(zip(labels[cores].tolist(), peer.labels_[cores].tolist(), strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs})


@pytest.mark.parametrize("seed", range(20))
def test_dbscan__agrees_with_scikit_learn_where_all_places_have_incidents(seed: int) -> None:
    xy_m, weights = places(seed)
    weights = weights + 1
    peer = DBSCAN(eps=6, min_samples=6).fit(xy_m, sample_weight=weights)
    labels = dbscan(xy_m, radius_m=6, min_incidents=6, weights=weights)
    cores = peer.core_sample_indices_
    assert np.array_equal(labels == NOISE, peer.labels_ == NOISE)
    ours = {frozenset(group & set(cores.tolist())) for group in partition(labels)}
    theirs = {frozenset(group & set(cores.tolist())) for group in partition(peer.labels_)}
    assert ours == theirs


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(-5000, 5000), st.integers(-5000, 5000))
@settings(max_examples=60, deadline=None)
def test_dbscan__does_not_care_about_order_or_origin(seed: int, order: int, x_m: int, y_m: int) -> None:
    xy_m, weights = places(seed)
    shuffled = np.random.default_rng(order).permutation(len(xy_m))
    here = dbscan(xy_m, radius_m=6, min_incidents=5, weights=weights)
    there = dbscan(
        xy_m[shuffled] + np.array([x_m, y_m], float), radius_m=6, min_incidents=5, weights=weights[shuffled]
    )
    assert np.array_equal(here[shuffled], there)


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_dbscan__turned_by_a_right_angle_has_the_same_cores(seed: int) -> None:
    xy_m, weights = places(seed)
    here = dbscan(xy_m, radius_m=6, min_incidents=5, weights=weights)
    turned = dbscan(xy_m @ np.array([[0.0, 1.0], [-1.0, 0.0]]), radius_m=6, min_incidents=5, weights=weights)
    assert np.array_equal(here == NOISE, turned == NOISE)
    assert here.max() == turned.max()


def test_neighbours__are_sorted_by_distance_and_hold_the_place_itself() -> None:
    xy_m, _ = places(3)
    near = neighbours(xy_m, radius_m=12)
    for i in range(len(xy_m)):
        squared = near.squared_m2[near.start[i] : near.start[i + 1]]
        brute = ((xy_m - xy_m[i]) ** 2).sum(axis=1)
        assert near.place[near.start[i]] == i
        assert np.array_equal(squared, np.sort(brute[brute <= 144]))
