import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.rank_intervals import rank_intervals, tied

DRAWS = arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(1, 7)), elements=st.integers(-3, 3).map(float)
)


def test_rank_intervals__by_hand() -> None:
    values = np.array([[3.0, 2.0, 1.0]] * 19 + [[2.0, 3.0, 1.0]])
    found = rank_intervals(values)
    assert found.chance.tolist() == [[0.95, 0.05, 0.0], [0.05, 0.95, 0.0], [0.0, 0.0, 1.0]]
    assert (found.lower.tolist(), found.upper.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert found.in_top(1).tolist() == [0.95, 0.05, 0.0]
    assert found.in_top(0).tolist() == [0.0, 0.0, 0.0]


def test_rank_intervals__of_two_equal_items_hold_both_ranks() -> None:
    values = np.array([[1.0, 2.0], [2.0, 1.0]])
    found = rank_intervals(values)
    assert (found.lower.tolist(), found.upper.tolist()) == ([1, 1], [2, 2])


@given(DRAWS)
def test_rank_intervals__hold_the_place_in_the_list(values: NDArray[np.float64]) -> None:
    found, places = rank_intervals(values), np.arange(1, values.shape[1] + 1)
    assert ((found.lower <= places) & (places <= found.upper)).all()
    assert (found.lower >= 1).all()
    assert (found.upper <= values.shape[1]).all()
    assert found.chance.sum(axis=0) == pytest.approx(1.0)
    assert found.chance.sum(axis=1) == pytest.approx(1.0)
    assert found.in_top(3).sum() == pytest.approx(min(3, values.shape[1]))


@given(DRAWS)
def test_rank_intervals__each_hold_seven_in_ten(values: NDArray[np.float64]) -> None:
    found = rank_intervals(values)
    held = [
        row[low - 1 : high].sum()
        for row, low, high in zip(found.chance, found.lower, found.upper, strict=True)
    ]
    assert min(held) >= 0.7 - 1e-9


def test_rank_intervals__of_many_equal_items_hold_ninety_percent() -> None:
    rng = np.random.default_rng(1)
    found = rank_intervals(rng.random((4_000, 20)))
    held = [
        row[low - 1 : high].sum()
        for row, low, high in zip(found.chance, found.lower, found.upper, strict=True)
    ]
    assert np.mean(held) == pytest.approx(0.9, abs=0.005)


@pytest.mark.parametrize("values", [np.empty((0, 2)), np.ones(3), np.array([[np.nan]])])
def test_rank_intervals__refuse_what_are_no_draws(values: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidParameter):
        rank_intervals(values)


def test_tied__compares_each_with_the_first_of_its_group() -> None:
    rng = np.random.default_rng(2)
    noise = rng.standard_normal((20_000, 4))
    # A step of 0.2 gives .56, two steps .61: the third starts a group of its own.
    assert tied(noise - 0.2 * np.arange(4), at_most=0.6).tolist() == [0, 0, 2, 2]


def test_tied__equal_draws_are_ties_and_sure_ones_are_not() -> None:
    assert tied(np.array([[5.0, 5.0, 1.0]]), at_most=0.6).tolist() == [0, 0, 2]
    assert tied(np.ones((3, 1)), at_most=0.6).tolist() == [0]
