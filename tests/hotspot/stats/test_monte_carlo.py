import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import (
    exceedances,
    filled,
    gumbel_by_moments,
    pseudo_p_value,
    pseudo_p_values,
    recurrence_days,
    recurrence_weeks,
    replicate_generator,
    replicate_seeds,
    replicates_of,
    sequential_p_value,
)

SEEDS = replicate_seeds(np.random.default_rng(4), 999)


def uniform(seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.array([replicate_generator(seed).random() for seed in seeds])


def in_tenths(seeds: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.bincount((seeds % np.uint64(10)).astype(np.int64), minlength=10)


@pytest.mark.parametrize("threads", [1, 2, 5, None])
@pytest.mark.parametrize("batch", [1, 7, 64, 5000])
def test_replicates_of__come_in_the_order_of_their_seeds(threads: int | None, batch: int) -> None:
    sizes: list[int] = []

    def same(seeds: NDArray[np.uint64]) -> NDArray[np.int64]:
        sizes.append(seeds.size)
        return seeds.astype(np.int64)

    seeds = np.arange(101, dtype=np.uint64)
    found = replicates_of(same, seeds, batch=batch, threads=threads)
    assert np.array_equal(found, seeds)
    assert max(sizes) <= batch


def test_replicates_of__may_have_a_row_of_values_each() -> None:
    def fill(seeds: NDArray[np.uint64], rows: NDArray[np.float64]) -> None:
        rows[:, 0] = uniform(seeds)
        rows[:, 1] = -rows[:, 0]

    found = replicates_of(filled(fill, (3,)), SEEDS[:70], threads=2)
    assert np.array_equal(found, np.column_stack([uniform(SEEDS[:70]), -uniform(SEEDS[:70]), np.zeros(70)]))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_exceedances__are_added_up_over_all_replicates(threads: int) -> None:
    assert np.array_equal(exceedances(in_tenths, SEEDS, threads=threads), in_tenths(SEEDS))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_replicates_of__stop_at_the_replicate_that_settles_it(threads: int) -> None:
    everything = replicates_of(uniform, SEEDS)
    stopped = replicates_of(uniform, SEEDS, observed=0.9, stop_after=10, threads=threads)
    assert (stopped >= 0.9).sum() == 10
    assert stopped[-1] >= 0.9
    assert np.array_equal(stopped, everything[: stopped.size])


def test_replicates_of__go_on_to_the_end_where_nothing_settles_it() -> None:
    assert replicates_of(uniform, SEEDS[:200], observed=2.0, stop_after=1).size == 200


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
    with pytest.raises(InvalidParameter, match="replicates must be at least 1, got 0"):
        replicate_seeds(np.random.default_rng(1), 0)
    with pytest.raises(InvalidParameter, match="stop_after must be at least 1, got 0"):
        replicates_of(uniform, SEEDS, observed=1.0, stop_after=0)
    with pytest.raises(InvalidParameter, match="needs an observed value"):
        replicates_of(uniform, SEEDS, stop_after=1)
    for wrong in (
        lambda: replicates_of(uniform, SEEDS, threads=0),
        lambda: exceedances(in_tenths, SEEDS, threads=0),
    ):
        with pytest.raises(InvalidParameter, match="threads must be at least 1, got 0"):
            wrong()


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


@given(st.lists(st.integers(0, 99), min_size=1))
def test_pseudo_p_values__are_those_of_each_place(as_extreme: list[int]) -> None:
    simulated = np.arange(99.0)
    one_by_one = [pseudo_p_value(99.0 - k, simulated) for k in as_extreme]
    assert pseudo_p_values(np.array(as_extreme), 99).tolist() == one_by_one


def test_gumbel_by_moments__is_that_of_the_published_toy(shared_data: Path) -> None:
    toy = json.loads((shared_data / "reference" / "published_values.json").read_text())["gumbel_mom_toy"]
    fit = gumbel_by_moments(np.array(toy["replicates"]))
    assert fit.scale == pytest.approx(toy["beta"], abs=5e-7)
    assert fit.location == pytest.approx(toy["mu"], abs=5e-7)
    assert fit.p_value(10.0) == pytest.approx(toy["p_at_10"], abs=5e-9)


def test_gumbel__of_equal_maxima_is_certain() -> None:
    fit = gumbel_by_moments(np.full(9, 3.0))
    assert fit.p_value(3.0) == 1.0
    assert fit.p_value(3.1) == 0.0


@given(st.floats(-1e6, 1e6), st.floats(0.0, 1e3))
def test_gumbel__falls_from_one(observed: float, more: float) -> None:
    fit = gumbel_by_moments(np.array([3.1, 4.2, 5.0, 2.8]))
    assert 0.0 <= fit.p_value(observed + more) <= fit.p_value(observed) <= 1.0


@given(st.integers(-100, 100), st.integers(1, 10))
def test_gumbel_by_moments__follows_shift_and_scale(shift: int, factor: int) -> None:
    maxima = np.array([3.0, 4.0, 5.0, 2.0, 9.0])
    fit, moved = gumbel_by_moments(maxima), gumbel_by_moments(factor * maxima + shift)
    assert moved.scale == pytest.approx(factor * fit.scale)
    assert moved.location == pytest.approx(factor * fit.location + shift, abs=1e-9)


def test_gumbel_by_moments__recovers_the_distribution() -> None:
    fit = gumbel_by_moments(np.random.default_rng(2).gumbel(5.0, 0.9, 20_000))
    assert fit.location == pytest.approx(5.0, abs=0.03)
    assert fit.scale == pytest.approx(0.9, abs=0.03)


def test_gumbel_by_moments__refuses_too_little() -> None:
    with pytest.raises(InvalidParameter, match="at least 2 finite numbers, got 1"):
        gumbel_by_moments(np.array([1.0]))
    with pytest.raises(InvalidParameter, match="finite"):
        gumbel_by_moments(np.array([1.0, np.nan]))
