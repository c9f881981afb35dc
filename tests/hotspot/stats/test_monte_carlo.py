import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import replicate_generator, replicates_of, sequential_p_value


def uniform(seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.array([replicate_generator(seed).random() for seed in seeds])


def test_replicates_of__do_not_depend_on_the_threads() -> None:
    one, two, five = (
        replicates_of(uniform, replicates=333, rng=np.random.default_rng(4), threads=threads)
        for threads in (1, 2, 5)
    )
    assert one.size == 333
    assert np.array_equal(one, two)
    assert np.array_equal(one, five)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_replicates_of__stop_at_the_replicate_that_settles_it(threads: int) -> None:
    everything = replicates_of(uniform, replicates=999, rng=np.random.default_rng(4))
    stopped = replicates_of(
        uniform, replicates=999, rng=np.random.default_rng(4), observed=0.9, stop_after=10, threads=threads
    )
    assert (stopped >= 0.9).sum() == 10
    assert stopped[-1] >= 0.9
    assert np.array_equal(stopped, everything[: stopped.size])


def test_replicates_of__go_on_to_the_end_where_nothing_settles_it() -> None:
    rng = np.random.default_rng(4)
    assert replicates_of(uniform, replicates=200, rng=rng, observed=2.0, stop_after=1).size == 200


def test_sequential_p_value__by_hand() -> None:
    simulated = np.array([1.0, 3.0, 0.0, 5.0, 2.0])
    assert sequential_p_value(3.0, simulated, stop_after=2) == 2 / 4
    assert sequential_p_value(3.0, simulated, stop_after=None) == 3 / 6
    assert sequential_p_value(4.0, simulated, stop_after=2) == 2 / 6


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(0, 9), st.integers(1, 5))
def test_sequential_p_value__is_a_probability(values: list[int], observed: int, stop_after: int) -> None:
    simulated = np.array(values, float)
    assert 0.0 < sequential_p_value(float(observed), simulated, stop_after=stop_after) <= 1.0


def test_sequential_p_value__rejects_true_nulls_at_the_nominal_rate() -> None:
    rng, rejected = np.random.default_rng(8), 0
    for _ in range(2000):
        rejected += sequential_p_value(rng.random(), rng.random(99), stop_after=10) <= 0.1
    # 200 on average with a standard deviation of 13.
    assert abs(rejected - 200) < 4 * 13.5


def test_replicates_of__refuse_what_cannot_be() -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidParameter, match="replicates must be at least 1, got 0"):
        replicates_of(uniform, replicates=0, rng=rng)
    with pytest.raises(InvalidParameter, match="stop_after must be at least 1, got 0"):
        replicates_of(uniform, replicates=9, rng=rng, observed=1.0, stop_after=0)
    with pytest.raises(InvalidParameter, match="needs an observed value"):
        replicates_of(uniform, replicates=9, rng=rng, stop_after=1)
    with pytest.raises(InvalidParameter, match="threads must be at least 1, got 0"):
        replicates_of(uniform, replicates=9, rng=rng, threads=0)
