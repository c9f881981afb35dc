import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.monte_carlo import replicate_seeds
from hotspot.stats.permutation import advance, below, deal, draw_without_return


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


def test_deal__starts_anew_each_time() -> None:
    items = np.full(20, -1, np.int32)
    deal(items, 19, np.uint64(7))
    first = items.copy()
    deal(items, 3, np.uint64(8))
    deal(items, 19, np.uint64(7))
    assert np.array_equal(items, first)
    assert sorted(first.tolist()) == list(range(20))
