import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.permutation import (
    advance,
    below,
    draw_without_return,
    pseudo_p_value,
    recurrence_days,
    recurrence_weeks,
    replicate_seeds,
)


def test_pseudo_p_value__counts_the_observation_itself() -> None:
    assert pseudo_p_value(9.0, np.zeros(99)) == 0.01
    assert pseudo_p_value(0.0, np.zeros(99)) == 1.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(-1e6, 1e6))
def test_pseudo_p_value__is_never_zero(simulated: list[float], observed: float) -> None:
    assert 0.0 < pseudo_p_value(observed, np.array(simulated)) <= 1.0


def test_recurrence_weeks__is_the_inverse_of_the_p_value() -> None:
    assert recurrence_weeks(0.001) == 1000.0
    assert recurrence_weeks(1.0) == 1.0


def test_recurrence_days__is_that_in_weeks_for_weekly_runs() -> None:
    assert recurrence_days(0.01, every_days=7) == 7 * recurrence_weeks(0.01)
    assert recurrence_days(1.0, every_days=1) == 1.0


def test_replicate_seeds__repeat_with_the_generator() -> None:
    one, other = (replicate_seeds(np.random.default_rng(5), 50) for _ in range(2))
    assert np.array_equal(one, other)
    assert np.unique(one).size == 50


@given(st.integers(1, 50), st.integers(0, 2**64 - 1), st.data())
@settings(deadline=None)  # The first call compiles.
def test_draw_without_return__keeps_every_item(n: int, seed: int, data: st.DataObject) -> None:
    items = np.arange(n, dtype=np.int32)
    draw_without_return(items, data.draw(st.integers(0, n)), np.uint64(seed))
    assert sorted(items.tolist()) == list(range(n))


def test_draw_without_return__gives_every_item_the_same_chance() -> None:
    times = np.zeros(10)
    for seed in replicate_seeds(np.random.default_rng(1), 20_000):
        items = np.arange(10, dtype=np.int32)
        draw_without_return(items, 3, seed)
        times[items[:3]] += 1
    # Each is drawn 6000 times on average with a standard deviation of 65.
    assert np.abs(times - 6000).max() < 4 * 65


@pytest.mark.parametrize("n", [1, 2, 7, 2**31])
def test_below__stays_below(n: int) -> None:
    state = np.uint64(3)
    for _ in range(100):
        state = np.uint64(advance(state))
        assert 0 <= below(state, n) < n
