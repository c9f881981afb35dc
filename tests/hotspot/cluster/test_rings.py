"""Circles around places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.cluster.rings import circle_sums, rings

RADII_M = np.array([20.0, 50.0, 130.0])


def test_rings__a_place_exactly_that_far_away_is_inside() -> None:
    laid = rings(np.array([[0.0, 0.0], [12.0, 16.0], [30.0, 40.0], [130.1, 0.0]]), radii_m=RADII_M)
    near = [laid.place[laid.start[0, ring] : laid.start[0, ring + 1]].tolist() for ring in range(3)]
    assert near == [[0, 1], [2], []]


@pytest.mark.parametrize("n", [0, 1])
def test_rings__of_one_place_or_none(n: int) -> None:
    laid = rings(np.zeros((n, 2)), radii_m=RADII_M)
    assert laid.place.tolist() == [0] * n
    assert laid.start.tolist() == [[0, 1, 1, 1]] * n
    assert circle_sums(laid, np.full(n, 7)).tolist() == [[7, 7, 7]] * n


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 120), st.sampled_from([0.0, -7000.0, 1e6]))
def test_circle_sums__sum_what_a_loop_over_all_pairs_sums(seed: int, n: int, origin_m: float) -> None:
    rng = np.random.default_rng(seed)
    # A lattice of 10 m, so that many places lie exactly on a circle.
    xy_m = np.unique(rng.integers(0, 30, (n, 2)), axis=0).astype(float) * 10.0 + origin_m
    weight = rng.integers(0, 9, len(xy_m))
    laid = rings(xy_m, radii_m=RADII_M)
    apart_m = np.hypot(*(xy_m[:, None] - xy_m[None]).transpose(2, 0, 1))
    expected = np.column_stack([(apart_m <= radius_m) @ weight for radius_m in RADII_M])
    assert np.array_equal(circle_sums(laid, weight), expected)
    for i in range(len(xy_m)):
        for ring in range(len(RADII_M)):
            near = laid.place[laid.start[i, ring] : laid.start[i, ring + 1]].tolist()
            assert near == sorted(set(near))
