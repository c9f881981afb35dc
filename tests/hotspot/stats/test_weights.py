"""Neighbours of scattered places and of cells: by hand, and lists against lattices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import InvalidParameter
from hotspot.stats import lattice, weights
from hotspot.stats.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE_M = np.array([[0.0, 0], [10, 0], [20, 0], [50, 0]])
CELLS = st.sets(st.tuples(st.integers(-4, 9), st.integers(-3, 5)), max_size=60).map(
    lambda cells: np.array(sorted(cells), dtype=np.int64).reshape(-1, 2)
)


def lists(of: Weights) -> list[list[int]]:
    return [part.tolist() for part in np.split(of.neighbour, of.start[1:-1])]


def test_within__holds_who_is_exactly_at_the_radius_and_not_the_place_itself() -> None:
    assert lists(weights.within(LINE_M, radius_m=10)) == [[1], [0, 2], [1], []]
    assert lists(weights.within(LINE_M, radius_m=9.99)) == [[], [], [], []]


def test_nearest__are_so_many_and_not_the_place_itself() -> None:
    assert lists(weights.nearest(LINE_M, neighbours=1))[2:] == [[1], [2]]
    stacked = weights.nearest(np.zeros((6, 2)), neighbours=2)
    assert [len(set(part)) for part in lists(stacked)] == [2] * 6
    assert not any(i in part for i, part in enumerate(lists(stacked)))


def test_row_standardised__weights_of_a_place_sum_to_one() -> None:
    scaled = weights.row_standardised(weights.within(LINE_M, radius_m=10))
    assert scaled.weight.tolist() == [1, 0.5, 0.5, 1]


def test_neighbour_sums__by_hand() -> None:
    sums = weights.neighbour_sums(np.array([1.0, 2, 4, 8]), weights.within(LINE_M, radius_m=10))
    assert sums.lag.tolist() == [2, 5, 2, 0]
    assert sums.neighbours.tolist() == [1, 2, 1, 0]
    assert sums.largest.tolist() == [1, 1, 1, 0]


def test_neighbour_sums__leave_a_place_itself_apart() -> None:
    own = Weights(np.array([0, 2, 3]), np.array([0, 1, 0], np.int32), np.array([0.5, 2.0, 3.0]))
    sums = weights.neighbour_sums(np.array([10.0, 1.0]), own)
    assert [sums.lag.tolist(), sums.own.tolist(), sums.squared.tolist()] == [[2, 30], [0.5, 0], [4, 9]]


@given(CELLS, st.sampled_from([lattice.ROOK, lattice.QUEEN, "radius"]), st.integers(0, 2**32 - 1))
def test_lattice__agrees_with_the_lists_of_the_cells_centres(
    cells: NDArray[np.int64], steps: NDArray[np.int64] | str, seed: int
) -> None:
    cell_m = 130.7
    radius_m = {4: cell_m, 8: cell_m * math.sqrt(2)}.get(len(steps), 2.5 * cell_m)
    chosen = lattice.steps_within(cell_m=cell_m, radius_m=radius_m) if isinstance(steps, str) else steps
    grid = lattice.of_cells(cells[:, 0], cells[:, 1], steps=chosen)
    value = np.random.default_rng(seed).normal(size=len(cells))
    # Far from the origin, where coordinates are rounded.
    by_list = weights.within(cells.astype(np.float64) * cell_m + 5_000_123.4, radius_m=radius_m)
    for one, other in zip(
        weights.neighbour_sums(value, grid), weights.neighbour_sums(value, by_list), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-9)
    assert [sorted(part) for part in lists(weights.listed(grid))] == lists(by_list)
    assert weights.weight_moments(grid) == pytest.approx(weights.weight_moments(by_list))


@given(arrays(np.float64, (12, 12), elements=st.sampled_from([0.0, 0.0, 1.0, 0.5])))
def test_weight_moments__agree_with_the_full_matrix(matrix: NDArray[np.float64]) -> None:
    row, column = np.nonzero(matrix)
    start = np.concatenate([[0], np.cumsum((matrix > 0).sum(axis=1))])
    others = matrix - np.diag(np.diag(matrix))
    both = others.sum(axis=0) + others.sum(axis=1)
    s0, s1, s2 = weights.weight_moments(Weights(start, column.astype(np.int32), matrix[row, column]))
    assert s0 == pytest.approx(others.sum())
    assert s1 == pytest.approx(((others + others.T) ** 2).sum() / 2)
    assert s2 == pytest.approx((both**2).sum())


def test_steps_within__by_hand() -> None:
    assert len(lattice.steps_within(cell_m=100, radius_m=99)) == 0
    assert sorted(map(tuple, lattice.steps_within(cell_m=100, radius_m=100))) == sorted(
        map(tuple, lattice.ROOK)
    )
    assert len(lattice.steps_within(cell_m=500, radius_m=500 * math.sqrt(2))) == 8


def test_what_is_no_neighbourhood__is_refused() -> None:
    with pytest.raises(InvalidParameter, match="radius_m must be above 0"):
        weights.within(LINE_M, radius_m=0)
    for neighbours in (0, 4):
        with pytest.raises(InvalidParameter, match="neighbours must be 1 to 3"):
            weights.nearest(LINE_M, neighbours=neighbours)
    with pytest.raises(InvalidParameter, match="cell_m must be above 0"):
        lattice.steps_within(cell_m=0, radius_m=1)
    zero, one = np.zeros(1, np.int64), np.ones(2, np.int64)
    with pytest.raises(InvalidParameter, match="once"):
        lattice.of_cells(one, one)
    with pytest.raises(InvalidParameter, match="equal length"):
        lattice.of_cells(zero, one)
    with pytest.raises(InvalidParameter, match=r"none be \(0, 0\)"):
        lattice.of_cells(zero, zero, steps=np.zeros((1, 2), np.int64))


def test_values_that_do_not_fit__are_refused() -> None:
    near = weights.within(LINE_M, radius_m=10)
    with pytest.raises(InvalidParameter, match="each of the 4 places"):
        weights.neighbour_sums(np.zeros(3), near)
    with pytest.raises(InvalidParameter, match="finite"):
        weights.neighbour_sums(np.array([1, 2, 3, math.nan]), near)


def test_no_places__have_no_neighbours() -> None:
    nobody = weights.within(np.empty((0, 2)), radius_m=1)
    assert weights.neighbour_sums(np.empty(0), nobody).lag.size == 0
    empty = lattice.of_cells(np.empty(0, np.int64), np.empty(0, np.int64))
    assert weights.neighbour_sums(np.empty(0), empty).lag.size == 0
    assert weights.listed(empty).start.tolist() == [0]
