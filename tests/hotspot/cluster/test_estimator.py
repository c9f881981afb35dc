import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_iris
from sklearn.utils.estimator_checks import parametrize_with_checks

from hotspot.cluster.estimator import DensityClusters
from hotspot.cluster.knee import radius_at_knee
from hotspot.errors import InvalidParameter


@parametrize_with_checks(  # type: ignore[untyped-decorator]  # scikit-learn has no types.
    [DensityClusters(), DensityClusters(radius_m=0.5)]
)
def test_estimator__passes_every_check_of_scikit_learn(
    estimator: DensityClusters, check: Callable[[DensityClusters], None]
) -> None:
    check(estimator)


@pytest.mark.parametrize("radius", [0.42, 0.5])
def test_estimator__finds_the_published_clusters_of_the_iris(shared_data: Path, radius: float) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())["dbscan_iris"]
    fitted = DensityClusters(radius_m=radius, min_incidents=published["minPts"]).fit(load_iris().data)
    assert fitted.n_features_in_ == 4
    assert fitted.labels_.max() + 1 == published[f"eps_{radius}"]["clusters"]
    assert np.count_nonzero(fitted.labels_ == -1) == published[f"eps_{radius}"]["noise"]


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.sampled_from([0, 3]))
@settings(max_examples=60)
def test_estimator__agrees_with_scikit_learn_in_any_dimension(seed: int, d: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 8, (80, d)).astype(float)
    # All weights being 0, which the peer refuses, has no chance worth naming.
    weight = rng.integers(0, most, 80) if most else None
    ours = DensityClusters(radius_m=2, min_incidents=4).fit(x, sample_weight=weight)
    theirs = DBSCAN(eps=2, min_samples=4).fit(x, sample_weight=weight)
    assert np.array_equal(ours.labels_, theirs.labels_)
    assert np.array_equal(ours.core_sample_indices_, theirs.core_sample_indices_)
    assert np.array_equal(ours.components_, theirs.components_)


def test_estimator__reads_a_radius_from_the_data() -> None:
    rng = np.random.default_rng(3)
    x = np.vstack(
        [rng.normal(0, 20, (200, 2)), rng.normal(2000, 20, (200, 2)), rng.uniform(0, 2000, (10, 2))]
    )
    fitted = DensityClusters().fit(x)
    assert 5 < fitted.radius_m_ < 200
    assert fitted.labels_.max() == 1
    assert clone(fitted).radius_m is None


def test_radius_at_knee__is_never_zero() -> None:
    assert radius_at_knee(np.zeros((9, 2)), min_incidents=5) == 1
    piled = np.vstack([np.zeros((90, 2)), [[3.0, 0.0], [9.0, 0.0]]])
    assert radius_at_knee(piled, min_incidents=5) == 3
    assert radius_at_knee(np.repeat([[0.0], [7.0]], 9, axis=0), min_incidents=5) == 7


@pytest.mark.parametrize(
    "change", [{"radius_m": -1.0}, {"radius_m": 0.0}, {"min_incidents": 0}, {"border": "x"}]
)
@pytest.mark.parametrize("d", [2, 3])
def test_estimator__refuses_what_has_no_meaning(change: dict[str, Any], d: int) -> None:
    if d == 3 and "border" in change:
        change = {"radius_m": np.nan}
    with pytest.raises(InvalidParameter):
        DensityClusters(**change).fit(np.zeros((4, d)))
