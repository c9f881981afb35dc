from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.cluster.stac import HotCircles, stac
from hotspot.errors import InvalidParameter

SEED = 19950401


def same_places(one: HotCircles, two: HotCircles) -> bool:
    return np.array_equal(one.label, two.label) and np.array_equal(one.node_label, two.node_label)


def test_stac__circles_that_share_an_incident_are_one_place() -> None:
    # With one node every 10 m the circles around 0 and 20 share the incident at 10, those at 60 none.
    xy_m = np.array([[0, 0], [10, 0], [20, 0], [60, 0], [70, 0]], float)
    found = stac(xy_m, radius_m=10, spacing_m=10, min_incidents=2)
    assert found.label.tolist() == [0, 0, 0, 1, 1]
    assert found.node_m[0].tolist() == [10, 0]
    assert found.n_clusters == 2
    assert found.ellipses[0] is not None
    assert found.ellipses[0].bearing_deg == pytest.approx(90)
    assert found.ellipses[1] is None


def test_stac__keeps_the_fullest_circles_only() -> None:
    xy_m = np.vstack([np.zeros((7, 2)), np.full((5, 2), 1000.0), np.full((6, 2), 2000.0)])
    assert stac(xy_m, radius_m=50, most_circles=1).label.tolist() == [0] * 7 + [-1] * 11
    assert stac(xy_m, radius_m=50).label.tolist() == [0] * 7 + [2] * 5 + [1] * 6


@pytest.mark.parametrize("lattice", ["rectangular", "triangular"])
def test_stac__finds_the_planted_places(lattice: Any) -> None:  # noqa: ANN401 (a literal)
    rng = np.random.default_rng(SEED)
    centres_m = np.array([[1000.0, 1000.0], [4000.0, 2000.0], [2500.0, 4500.0]])
    xy_m = np.vstack([rng.uniform(0, 5000, (150, 2)), np.repeat(centres_m, 40, axis=0)])
    xy_m[150:] += rng.normal(0, 50, (120, 2))
    found = stac(xy_m, radius_m=200, min_incidents=20, lattice=lattice)
    assert found.n_clusters == 3
    centres = sorted((e.x_m, e.y_m) for e in found.ellipses if e is not None)
    assert np.allclose(centres, sorted(map(tuple, centres_m)), atol=60)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_stac__of_too_few_is_nothing(n: int) -> None:
    found = stac(np.zeros((n, 2)))
    assert found.label.tolist() == [-1] * n
    assert (found.n_clusters, found.node_m.shape) == (0, (0, 2))


@given(st.integers(0, 2**32 - 1), st.integers(-(2**17), 2**17))
@settings(max_examples=40)
def test_stac__does_not_care_about_order_origin_or_scale(seed: int, shift_m: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = rng.integers(0, 64, (60, 2)).astype(float)
    shuffled = rng.permutation(60)
    here = stac(xy_m, radius_m=8)
    there = stac(xy_m[shuffled] + shift_m, radius_m=8)
    assert np.array_equal(here.label[shuffled], there.label)
    assert same_places(here, stac(xy_m * 2, radius_m=16))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_stac__members_are_in_a_circle_of_their_place(seed: int) -> None:
    xy_m = np.random.default_rng(seed).uniform(0, 1000, (100, 2))
    found = stac(xy_m, radius_m=90)
    away_m = np.hypot(*(xy_m[:, None] - found.node_m).T).T
    for i in range(100):
        inside = {int(k) for k in found.node_label[away_m[i] <= 90]}
        assert inside == ({int(found.label[i])} - {-1})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"radius_m": 0.0}, "radius_m must be above 0"),
        ({"spacing_m": -1.0}, "spacing_m must be above 0"),
        ({"min_incidents": 0}, "min_incidents must be at least 1"),
        ({"most_circles": 0}, "most_circles must be at least 1"),
        ({"lattice": "round"}, "lattice must be 'rectangular' or 'triangular', got 'round'"),
        ({"spacing_m": 1e-9}, "spacing_m is too small"),
    ],
)
def test_stac__refuses_what_has_no_meaning(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter, match=said):
        stac(np.array([[0.0, 0.0], [9.0, 9.0]]), **change)
