import json
from pathlib import Path
from typing import cast, get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from hotspot.cluster import cells, reach
from hotspot.cluster.dbscan import Border, dbscan
from hotspot.cluster.labels import NOISE, Clusters
from hotspot.errors import InvalidParameter

SEEDS = st.integers(0, 2**32 - 1)


def lattice(seed: int) -> NDArray[np.float64]:
    """Whole metres, so that ties, pile-ups and distances of exactly the radius abound."""
    rng = np.random.default_rng(seed)
    n, side_m = int(rng.integers(1, 200)), int(rng.integers(3, 60))
    return rng.integers(-side_m, side_m, (n, 2)).astype(float)


def peer(
    xy_m: NDArray[np.float64], radius_m: float, least: float, weight: NDArray[np.float64] | None = None
) -> Clusters:
    fitted = DBSCAN(eps=radius_m, min_samples=least).fit(xy_m, sample_weight=weight)
    is_core = np.zeros(len(xy_m), bool)
    is_core[fitted.core_sample_indices_] = True
    return Clusters(fitted.labels_.astype(np.int64), is_core)


def assert_same(ours: Clusters, theirs: Clusters) -> None:
    assert np.array_equal(ours.is_core, theirs.is_core)
    assert np.array_equal(ours.label, theirs.label)


def nearest_by_definition(xy_m: NDArray[np.float64], radius_m: float, found: Clusters) -> NDArray[np.int64]:
    """Give each border row to its nearest core, ties to the lowest x and then y."""
    label = np.where(found.is_core, found.label, NOISE)
    cores = np.flatnonzero(found.is_core)
    for i in np.flatnonzero(~found.is_core):
        away_m2 = ((xy_m[cores] - xy_m[i]) ** 2).sum(axis=1)
        order = np.lexsort((xy_m[cores, 1], xy_m[cores, 0], away_m2))
        if cores.size and away_m2[order[0]] <= radius_m**2:
            label[i] = found.label[cores[order[0]]]
    return label


# By hand.


def test_dbscan__a_pile_up_alone_is_a_cluster() -> None:
    found = dbscan(np.array([[5.0, 5.0]] * 4 + [[500.0, 5.0]] * 3), radius_m=10, min_incidents=4)
    assert found.label.tolist() == [0, 0, 0, 0, NOISE, NOISE, NOISE]
    assert found.is_core.tolist() == [True] * 4 + [False] * 3
    assert found.n_clusters == 1
    assert found.sizes.tolist() == [4]


def test_dbscan__an_incident_exactly_at_the_radius_is_in() -> None:
    xy_m = np.array([[0.0, 0.0], [3.0, 4.0], [8.0, 4.0 + 1e-5]])
    assert dbscan(xy_m, radius_m=5, min_incidents=2).label.tolist() == [0, 0, NOISE]


def test_dbscan__a_border_incident_goes_to_the_first_or_to_the_nearest_cluster() -> None:
    # The one at 9.5 m reaches a core on either side and is none itself; the right one is nearer.
    xy_m = np.array([[-6.0, 0.0], [0.0, 0.0], [9.5, 0.0], [18.0, 0.0], [24.0, 0.0]])
    weight = np.array([9, 1, 1, 1, 9])
    first = dbscan(xy_m, radius_m=10, min_incidents=5, weight=weight)
    nearest = dbscan(xy_m, radius_m=10, min_incidents=5, weight=weight, border="nearest")
    assert first.label.tolist() == [0, 0, 0, 1, 1]
    assert nearest.label.tolist() == [0, 0, 1, 1, 1]
    assert first.is_core.tolist() == [True, True, False, True, True]


@pytest.mark.parametrize("border", get_args(Border))
def test_dbscan__takes_nothing_and_one(border: Border) -> None:
    none = dbscan(np.empty((0, 2)), radius_m=5, min_incidents=2, border=border)
    assert (none.label.size, none.is_core.size, none.n_clusters, none.sizes.size) == (0, 0, 0, 0)
    assert dbscan(np.ones((1, 2)), radius_m=5, min_incidents=1, border=border).label.tolist() == [0]
    assert dbscan(np.ones((1, 2)), radius_m=5, min_incidents=2, border=border).label.tolist() == [NOISE]


def test_dbscan__takes_both_zeros_for_one_place() -> None:
    found = dbscan(np.array([[0.0, -0.0], [-0.0, 0.0]]), radius_m=1e-3, min_incidents=2)
    assert found.label.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"radius_m": 0}, "radius_m must be above 0, got 0"),
        ({"radius_m": np.nan}, "radius_m must be above 0, got nan"),
        ({"min_incidents": 0}, "min_incidents must be above 0, got 0"),
        ({"weight": np.array([1.0])}, r"weight must have the shape \(2,\), got \(1,\)"),
        ({"weight": np.array([1.0, -1.0])}, "weight must be finite and at least 0"),
        ({"weight": np.array([1.0, np.nan])}, "weight must be finite and at least 0"),
        ({"border": "last"}, "border must be 'first' or 'nearest', got 'last'"),
        ({"xy_m": np.zeros((2, 3))}, r"xy_m must have the shape \(n, 2\), got \(2, 3\)"),
        ({"xy_m": np.array([[0.0, 1.0], [np.nan, 2.0]])}, "xy_m must be finite"),
        ({"xy_m": np.array([[0.0, 1.0], [np.inf, 2.0]])}, "xy_m must be finite"),
        ({"xy_m": np.array([[0.0, 1.0], [-1e200, 2.0]])}, "within 1e"),
    ],
)
def test_dbscan__refuses_what_has_no_meaning(change: dict[str, object], said: str) -> None:
    given_: dict[str, object] = {"xy_m": np.zeros((2, 2)), "radius_m": 5, "min_incidents": 2} | change
    with pytest.raises(InvalidParameter, match=said):
        dbscan(cast("NDArray[np.float64]", given_.pop("xy_m")), **given_)  # type: ignore[arg-type]  # wrong on purpose


# Published.


def test_dbscan__labels_the_published_example(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())
    example_ = published["dbscan_sklearn_doc"]
    found = dbscan(
        np.array(example_["X"], float), radius_m=example_["eps"], min_incidents=example_["min_samples"]
    )
    assert found.label.tolist() == example_["labels"]


# Another implementation.


@given(SEEDS, st.integers(1, 12), st.sampled_from([1.0, 2.0, 5.0, 5.5, 13.0, 40.0]))
@example(0, 3, 1e-7)
@settings(max_examples=100)
def test_dbscan__has_the_labels_of_scikit_learn(seed: int, least: int, radius_m: float) -> None:
    xy_m = lattice(seed)
    theirs = peer(xy_m, radius_m, least)
    assert_same(dbscan(xy_m, radius_m=radius_m, min_incidents=least), theirs)
    assert_same(reach.clusters(xy_m, radius=radius_m, min_weight=least), theirs)


@given(SEEDS, st.integers(1, 12), st.sampled_from([2.0, 5.0, 13.0]))
@settings(max_examples=60)
def test_dbscan__has_the_labels_of_scikit_learn_with_weights(seed: int, least: int, radius_m: float) -> None:
    xy_m = lattice(seed)
    weight = np.random.default_rng(seed).integers(0, 5, len(xy_m)).astype(float)
    weight[0] += 1  # The peer refuses weights of which all are 0.
    assert_same(
        dbscan(xy_m, radius_m=radius_m, min_incidents=least, weight=weight),
        peer(xy_m, radius_m, least, weight),
    )


@given(SEEDS)
@settings(max_examples=40)
def test_dbscan__has_the_labels_of_scikit_learn_far_out_and_off_the_lattice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = 1e6 + rng.normal(0, 100, (300, 2)) * rng.uniform(0.1, 3, (300, 1))
    assert_same(dbscan(xy_m, radius_m=15, min_incidents=5), peer(xy_m, 15, 5))


@pytest.mark.parametrize("n", [30_000])
def test_dbscan__has_the_labels_of_scikit_learn_on_two_cores(n: int) -> None:
    rng = np.random.default_rng(n)
    xy_m = np.vstack([rng.normal(0, 800, (n // 3, 2)), rng.uniform(-5000, 5000, (n // 3, 2))]).round()
    xy_m = np.vstack([xy_m, xy_m[rng.integers(0, 500, n - len(xy_m))]])[rng.permutation(n)]
    assert_same(dbscan(xy_m, radius_m=75, min_incidents=10), peer(xy_m, 75, 10))


# Invariance.


@given(SEEDS, st.integers(1, 9), st.sampled_from([2.0, 5.0, 13.0]))
@settings(max_examples=60)
def test_dbscan__gives_border_incidents_to_the_nearest_core(seed: int, least: int, radius_m: float) -> None:
    xy_m = lattice(seed)
    first = dbscan(xy_m, radius_m=radius_m, min_incidents=least)
    nearest = dbscan(xy_m, radius_m=radius_m, min_incidents=least, border="nearest")
    assert np.array_equal(nearest.is_core, first.is_core)
    assert np.array_equal(nearest.label, nearest_by_definition(xy_m, radius_m, first))
    assert_same(reach.clusters(xy_m, radius=radius_m, min_weight=least, border="nearest"), nearest)


@given(SEEDS, SEEDS, st.integers(-50_000, 50_000))
@settings(max_examples=60)
def test_dbscan__does_not_care_about_order_or_origin_with_the_nearest(
    seed: int, order: int, shift_m: int
) -> None:
    xy_m = lattice(seed)
    shuffled = np.random.default_rng(order).permutation(len(xy_m))
    here = dbscan(xy_m, radius_m=5, min_incidents=4, border="nearest").label[shuffled]
    there = dbscan(xy_m[shuffled] + shift_m, radius_m=5, min_incidents=4, border="nearest").label
    same = (here[:, None] == here) == (there[:, None] == there)
    assert same.all()
    assert np.array_equal(here == NOISE, there == NOISE)


@given(SEEDS)
@settings(max_examples=60)
def test_dbscan__a_weight_is_so_many_incidents(seed: int) -> None:
    xy_m = lattice(seed)
    weight = np.random.default_rng(seed).integers(1, 5, len(xy_m))
    weighted = dbscan(xy_m, radius_m=5, min_incidents=6, weight=weight)
    repeated = dbscan(np.repeat(xy_m, weight, axis=0), radius_m=5, min_incidents=6)
    assert np.array_equal(np.repeat(weighted.label, weight), repeated.label)
    assert np.array_equal(np.repeat(weighted.is_core, weight), repeated.is_core)


def test_dbscan__holds_an_extent_that_no_grid_holds() -> None:
    xy_m = np.array([[0.0, 0.0], [1e-4, 0.0], [9e14, 0.0], [1e99, -1e99]])
    assert max(cells.steps(xy_m, radius_m=1e-3)) > cells.MOST_STEPS
    assert dbscan(xy_m, radius_m=1e-3, min_incidents=2).label.tolist() == [0, 0, NOISE, NOISE]
