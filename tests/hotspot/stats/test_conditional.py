"""Exact tails of conditional permutation: against every arrangement, and against drawn ones."""

from __future__ import annotations

import math
from itertools import combinations, permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, hypergeom

from hotspot.errors import InvalidParameter
from hotspot.stats import conditional, lattice, weights
from hotspot.stats.conditional import Tails, exact_tails, exact_tails_with_self, permuted_tails

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACES = st.integers(1, 9).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, (n, 2), elements=st.integers(0, 60).map(float)),
        arrays(np.float64, n, elements=st.integers(-3, 30).map(float)),
    )
)


def every_arrangement(value: NDArray[np.float64], near: weights.Weights) -> Tails:
    high, low = np.ones(value.size), np.ones(value.size)
    for i in range(value.size):
        mine = near.neighbour[near.start[i] : near.start[i + 1]]
        sums = np.array([sum(drawn) for drawn in combinations(np.delete(value, i), mine.size)])
        high[i], low[i] = (sums >= value[mine].sum()).mean(), (sums <= value[mine].sum()).mean()
    return Tails(high, low)


def some_city(side: int, incidents: int, seed: int) -> tuple[NDArray[np.float64], lattice.Lattice]:
    rng = np.random.default_rng(seed)
    share = rng.gamma(0.3, size=side * side)
    row, column = np.divmod(np.arange(side * side), side)
    return rng.multinomial(incidents, share / share.sum()).astype(float), lattice.of_cells(row, column)


@given(PLACES, st.sampled_from([10.0, 20.0, 35.0, 100.0]))
@settings(max_examples=80)
def test_exact_tails__are_those_of_every_arrangement(
    places: tuple[NDArray[np.float64], NDArray[np.float64]], radius_m: float
) -> None:
    xy_m, value = places
    near = weights.within(xy_m, radius_m=radius_m)
    exact, all_of_them = exact_tails(value, near), every_arrangement(value, near)
    np.testing.assert_allclose(exact.high, all_of_them.high, atol=1e-11)
    np.testing.assert_allclose(exact.low, all_of_them.low, atol=1e-11)


def test_exact_tails__of_zeros_and_ones_are_hypergeometric() -> None:
    value = np.zeros(400)
    value[:40] = 1
    row, column = np.divmod(np.random.default_rng(1).permutation(400), 20)
    grid = lattice.of_cells(row, column)
    sums = weights.neighbour_sums(value, grid)
    expected = hypergeom.sf(sums.lag - 1, 399, 40 - value, sums.neighbours)
    np.testing.assert_allclose(exact_tails(value, grid).high, expected, atol=1e-12)


def test_exact_tails__by_two_ways_of_counting_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    value, grid = some_city(9, 300, 2)
    by_transform = exact_tails(value, grid)
    monkeypatch.setattr(conditional, "_STABLE", 0)
    by_addition = exact_tails(value, grid)
    np.testing.assert_allclose(by_transform.high, by_addition.high, atol=1e-12)
    np.testing.assert_allclose(by_transform.low, by_addition.low, atol=1e-12)


def test_exact_tails__are_what_permutations_estimate() -> None:
    value, grid = some_city(25, 4_000, 3)
    exact = exact_tails(value, grid)
    drawn = permuted_tails(value, grid, replicates=2_000, rng=np.random.default_rng(4))
    for one, other in ((exact.high, drawn.high), (exact.low, drawn.low), (exact.folded, drawn.folded)):
        # Five standard errors, and the one that the observation adds.
        bound = 5 * np.sqrt(one * (1 - one) / 2_000) + 6 / 2_000
        assert (np.abs(one - other) < bound).all()


def test_exact_tails__do_not_care_how_equal_weights_are_scaled_or_where_zero_is() -> None:
    value, grid = some_city(8, 200, 5)
    listed = weights.listed(grid)
    here = exact_tails(value, grid)
    for other in (
        exact_tails(value - 7, grid),
        exact_tails(value, weights.row_standardised(listed)),
        exact_tails(value, listed._replace(weight=listed.weight * 3)),
    ):
        np.testing.assert_array_equal(here.high, other.high)
        np.testing.assert_array_equal(here.low, other.low)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_exact_tails__of_turned_values_change_sides(seed: int) -> None:
    value, grid = some_city(7, 90, seed)
    here, turned = exact_tails(value, grid), exact_tails(-value, grid)
    np.testing.assert_allclose(here.high, turned.low, atol=2e-12)
    np.testing.assert_allclose(here.two_sided, turned.two_sided, atol=4e-12)


def test_exact_tails__are_valid_p_values_of_true_nulls() -> None:
    value, grid = some_city(30, 5_000, 6)
    rng, level = np.random.default_rng(7), 0.05
    # One cell per map: the cells of one map are not independent.
    high = [exact_tails(rng.permutation(value), grid).high[465] for _ in range(400)]
    rejected = int((np.array(high) <= level).sum())
    assert binom.ppf(0.0005, 400, level) * 0.5 <= rejected <= binom.ppf(0.9995, 400, level)


def test_exact_tails__have_a_floor_and_never_reach_zero() -> None:
    value = np.zeros(400)
    value[[167, 168, 169, 187, 189, 207, 208, 209]] = 1_000
    row, column = np.divmod(np.arange(400), 20)
    tails = exact_tails(value, lattice.of_cells(row, column))
    assert tails.high[188] == 1e-12
    assert tails.low.max() == 1


def test_exact_tails_with_self__are_those_of_every_arrangement() -> None:
    value = np.array([0.0, 1, 1, 4, 2, 7])
    row, column = np.divmod(np.arange(6), 3)
    grid = lattice.of_cells(row, column, steps=lattice.ROOK)
    dealt = np.array(list(permutations(value)))
    seen = value + weights.neighbour_sums(value, grid).lag
    sums = np.array([one + weights.neighbour_sums(one, grid).lag for one in dealt])
    exact = exact_tails_with_self(value, grid)
    np.testing.assert_allclose(exact.high, (sums >= seen).mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(exact.low, (sums <= seen).mean(axis=0), atol=1e-12)


def test_permuted_tails__are_the_same_for_any_number_of_threads() -> None:
    value, grid = some_city(12, 500, 8)
    one, two = (
        permuted_tails(value, grid, replicates=99, rng=np.random.default_rng(9), threads=threads)
        for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.high, two.high)
    np.testing.assert_array_equal(one.low, two.low)


def test_permuted_tails__take_any_weights_and_leave_a_place_itself_out() -> None:
    xy_m = np.random.default_rng(10).uniform(0, 100, (30, 2))
    value = np.random.default_rng(11).normal(size=30)
    near = weights.within(xy_m, radius_m=30)
    uneven = near._replace(weight=np.random.default_rng(12).uniform(0.5, 2, near.weight.size))
    tails = permuted_tails(value, uneven, replicates=199, rng=np.random.default_rng(13))
    assert tails.high.min() >= 1 / 200
    assert (tails.high + tails.low == pytest.approx(1 + 1 / 200)) or (tails.high + tails.low).min() > 1
    own = weights.Weights(np.arange(31), np.arange(30, dtype=np.int32), np.ones(30))
    alone = permuted_tails(value, own, replicates=9, rng=np.random.default_rng(14))
    assert alone.high.tolist() == alone.low.tolist() == [1.0] * 30


def test_places_without_neighbours__have_nothing_unusual() -> None:
    far = weights.within(np.array([[0.0, 0], [100, 0]]), radius_m=10)
    for tails in (exact_tails(np.array([1.0, 5.0]), far), exact_tails(np.empty(0), nobody())):
        assert (tails.two_sided == 1).all()
    assert exact_tails_with_self(
        np.array([3.0]), weights.within(np.zeros((1, 2)), radius_m=1)
    ).high.tolist() == [1]


def nobody() -> weights.Weights:
    return weights.within(np.empty((0, 2)), radius_m=1)


def test_what_has_no_exact_tails__is_refused() -> None:
    value, grid = some_city(5, 60, 15)
    for wrong in (value + 0.5, value + 2.0**31):
        with pytest.raises(InvalidParameter, match="whole numbers"):
            exact_tails(wrong, grid)
    listed = weights.listed(grid)
    uneven = listed._replace(weight=np.arange(1.0, listed.weight.size + 1))
    with pytest.raises(InvalidParameter, match="must be equal"):
        exact_tails(value, uneven)
    with pytest.raises(InvalidParameter, match="finite"):
        exact_tails(np.full(25, math.nan), grid)
    everybody = weights.within(np.zeros((60, 2)), radius_m=1)
    with pytest.raises(InvalidParameter, match="2 root n"):
        exact_tails_with_self(np.zeros(60), everybody)
    with pytest.raises(InvalidParameter, match="too large"):
        exact_tails(np.arange(60.0) * 1e6, everybody)
    with pytest.raises(InvalidParameter, match="too large"):
        exact_tails(value * 1e8, grid)
