import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.bandwidth import (
    abramson_m,
    likelihood_cross_validation,
    mean_normal_reference_m,
    nearest_m,
    normal_reference_m,
    scott_m,
    silverman_m,
)
from hotspot.stats.kernels import Kernel

KERNELS = get_args(Kernel)
# Waiting times and durations of nothing: twenty round numbers with quartiles that one can check on paper.
VALUES = np.array([1, 2, 3, 5, 8, 13, 21, 34, 55, 89], float)


def hump(seed: int, n: int = 200, spread_m: float = 300.0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(5000.0, spread_m, (n, 2))


def test_scott__is_the_spread_times_the_sixth_root() -> None:
    # Along each axis 0, 0, 64, 64: variance 4096 / 3.
    xy_m = np.array([[0, 0], [0, 64], [64, 0], [64, 64]], float)
    assert scott_m(xy_m) == pytest.approx(math.sqrt(4096 / 3) * 4 ** (-1 / 6), rel=1e-14)
    assert silverman_m(xy_m) == scott_m(xy_m)


def test_normal_reference__is_four_times_the_rule() -> None:
    # Quartiles of R's type 7: 3.5 and 30.75; sd 28.9...; the smaller is 27.25 / 1.34 = 20.336.
    expected = 4 * 1.06 * (30.75 - 3.5) / 1.34 * 10 ** (-1 / 5)
    assert normal_reference_m(VALUES) == pytest.approx(expected, rel=1e-14)


def test_mean_normal_reference__counts_both_axes() -> None:
    xy_m = np.column_stack([VALUES, VALUES * 3])
    assert mean_normal_reference_m(xy_m) == pytest.approx(2 * normal_reference_m(VALUES), rel=1e-14)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("leave_out_place", [False, True])
def test_likelihood__equals_its_definition(kernel: Kernel, leave_out_place: bool) -> None:  # noqa: FBT001 - a parameter of a test.
    xy_m = np.concatenate([hump(1, 60), hump(1, 60)[:20]])
    candidates_m = np.array([900.0, 400.0, 1500.0])
    found = likelihood_cross_validation(
        xy_m, candidates_m=candidates_m, kernel=kernel, leave_out_place=leave_out_place
    )
    squared = ((xy_m[:, None] - xy_m) ** 2).sum(axis=2)
    out = squared == 0 if leave_out_place else np.eye(len(xy_m), dtype=bool)
    for position, h in enumerate(sorted(candidates_m)):
        if kernel == "quartic":
            value = 3 / math.pi / h**2 * np.maximum(1 - squared / h**2, 0) ** 2
        else:
            value = np.exp(-squared / 2 / h**2) / (2 * math.pi * h**2)
        density = np.where(out, 0, value).sum(axis=1) / (~out).sum(axis=1)
        expected = np.log(density).sum() if (density > 0).all() else -math.inf
        assert found.log_likelihood[position] == pytest.approx(expected, rel=1e-12)
    assert found.candidates_m.tolist() == [400.0, 900.0, 1500.0]
    assert found.bandwidth_m == found.candidates_m[np.argmax(found.log_likelihood)]


def test_likelihood__finds_about_the_bandwidth_that_fits_a_hump() -> None:
    # For one normal hump the best is near Scott's rule.
    xy_m = hump(2, 1500)
    found = likelihood_cross_validation(
        xy_m, candidates_m=scott_m(xy_m) * np.array([0.1, 0.3, 1.0, 3.0, 10.0]), kernel="gaussian"
    )
    assert found.bandwidth_m == scott_m(xy_m)


def test_likelihood__of_pile_ups_runs_to_nothing_unless_the_place_is_left_out() -> None:
    xy_m = np.repeat(hump(3, 60), 5, axis=0)
    candidates_m = np.array([1.0, 10.0, 100.0, 300.0])
    plain = likelihood_cross_validation(xy_m, candidates_m=candidates_m, kernel="gaussian")
    fair = likelihood_cross_validation(
        xy_m, candidates_m=candidates_m, kernel="gaussian", leave_out_place=True
    )
    assert plain.bandwidth_m == 1.0
    assert fair.bandwidth_m >= 100.0


@pytest.mark.parametrize("kernel", KERNELS)
def test_abramson__equals_its_definition(kernel: Kernel) -> None:
    xy_m, weights = hump(4, 80), np.random.default_rng(4).integers(1, 5, 80).astype(float)
    squared = ((xy_m[:, None] - xy_m) ** 2).sum(axis=2) / 200.0**2
    value = np.maximum(1 - squared, 0) ** 2 if kernel == "quartic" else np.exp(-squared / 2)
    density = (value * weights).sum(axis=1)
    mean = np.exp((weights * np.log(density)).sum() / weights.sum())
    found = abramson_m(xy_m, pilot_m=200.0, kernel=kernel, weights=weights)
    assert found == pytest.approx(200.0 / np.sqrt(density / mean), rel=1e-12)
    assert np.exp(np.average(np.log(found), weights=weights)) == pytest.approx(200.0)
    bounded = abramson_m(xy_m, pilot_m=200.0, kernel=kernel, weights=weights, at_most_m=210.0)
    assert np.array_equal(bounded, np.minimum(found, 210.0))


def test_nearest__counts_those_at_the_same_place() -> None:
    xy_m = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 50.0], [0.0, 200.0]])
    assert nearest_m(xy_m, k=1, at_least_m=5.0).tolist() == [5.0, 5.0, 50.0, 150.0]
    assert nearest_m(xy_m, k=2, at_least_m=5.0).tolist() == [50.0, 50.0, 50.0, 200.0]


@given(st.integers(0, 1000), st.floats(0.1, 10), st.floats(0, math.pi), st.integers(-90_000, 90_000))
@settings(max_examples=25)
def test_bandwidths__grow_with_the_map_and_do_not_care_where_it_lies(
    seed: int, scale: float, angle: float, shift_m: int
) -> None:
    xy_m = hump(seed, 40)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    there = scale * xy_m @ turn + shift_m
    assert scott_m(there) == pytest.approx(scale * scott_m(xy_m), rel=1e-8)
    assert nearest_m(there, k=5, at_least_m=1e-9) == pytest.approx(
        scale * nearest_m(xy_m, k=5, at_least_m=1e-9), rel=1e-6
    )
    assert abramson_m(there, pilot_m=scale * 500, kernel="gaussian") == pytest.approx(
        scale * abramson_m(xy_m, pilot_m=500, kernel="gaussian"), rel=1e-6
    )
    assert mean_normal_reference_m(scale * xy_m + shift_m) == pytest.approx(
        scale * mean_normal_reference_m(xy_m), rel=1e-8
    )


def test_bandwidths__refuse_what_makes_no_sense() -> None:
    one = np.zeros((1, 2))
    for xy_m in (one, np.zeros((5, 2)), np.array([[0.0, 1.0], [np.nan, 2.0]])):
        with pytest.raises(InvalidParameter, match="at least 2 finite places that differ"):
            scott_m(xy_m)
    with pytest.raises(InvalidParameter, match="at least 2 finite numbers, got 1"):
        normal_reference_m(np.ones(1))
    for candidates_m in (np.empty(0), np.array([0.0]), np.array([np.nan])):
        with pytest.raises(InvalidParameter, match="candidates_m must be above 0"):
            likelihood_cross_validation(hump(1), candidates_m=candidates_m)
    with pytest.raises(InvalidParameter, match=r"must reach from each incident to another, got 2\.0"):
        likelihood_cross_validation(np.array([[0.0, 0.0], [5.0, 0.0]]), candidates_m=np.array([1.0, 2.0]))
    with pytest.raises(InvalidParameter, match="must reach"):
        likelihood_cross_validation(
            np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 0.0]]), candidates_m=np.ones(1), leave_out_place=True
        )
    with pytest.raises(InvalidParameter, match="pilot_m and at_most_m must be above 0"):
        abramson_m(one, pilot_m=0.0)
    with pytest.raises(InvalidParameter, match="weights must be above 0"):
        abramson_m(one, pilot_m=1.0, weights=np.zeros(1))
    assert abramson_m(np.empty((0, 2)), pilot_m=1.0).size == 0
    with pytest.raises(InvalidParameter, match="k must be 1 to 0, got 1"):
        nearest_m(one, k=1, at_least_m=1.0)
    with pytest.raises(InvalidParameter, match="at_least_m must be above 0"):
        nearest_m(hump(1), k=1, at_least_m=0.0)
