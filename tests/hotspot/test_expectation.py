import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import nbinom

from hotspot.errors import InvalidParameter
from hotspot.expectation import LEAST_STEPS, ROOT, Expectation, expectation

SEED = 5


def town(rng: np.random.Generator, *, weeks: int = 60, areas: int = 12) -> NDArray[np.float64]:
    """A city with its neighbourhoods, nothing going on."""
    means = rng.lognormal(0.0, 1.0, (areas, 1))
    counts = rng.poisson(means, (areas, weeks))
    return np.concatenate([counts.sum(axis=0, keepdims=True), counts])


def within(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.append(ROOT, np.zeros(len(counts) - 1, np.intp))


def test_expectation__of_weeks_that_are_all_alike_is_that_week() -> None:
    found = expectation(np.full((1, 52), 40), within=[ROOT])
    assert found.expected[0] == pytest.approx(40.0, rel=0.01)
    assert found.history[0] == pytest.approx(np.full(52, 40.0), rel=0.02)


def test_expectation__adds_up_weights_to_one() -> None:
    counts = town(np.random.default_rng(SEED))
    found = expectation(counts, within=within(counts))
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(len(counts)))


def test_expectation__of_neighbourhoods_comes_near_that_of_the_city() -> None:
    counts = town(np.random.default_rng(SEED))
    found = expectation(counts, within=within(counts))
    assert found.expected[1:].sum() == pytest.approx(found.expected[0], rel=0.05)


def test_expectation__follows_the_season_of_the_city_in_a_thin_neighbourhood() -> None:
    rng = np.random.default_rng(SEED)
    weeks = 156
    wave = 1.0 + 0.4 * np.cos(2.0 * np.pi * (np.arange(weeks) - weeks) / 52)
    parts = rng.poisson(2.0 * wave, (40, weeks))
    counts = np.concatenate([parts.sum(axis=0, keepdims=True), parts])
    found = expectation(counts, within=within(counts))
    # The crest lies at the judged week: 1.4 times the yearly mean.
    assert found.expected[0] == pytest.approx(40 * 2.8, rel=0.06)
    assert np.median(found.expected[1:]) == pytest.approx(2.8, rel=0.1)


def test_expectation__follows_a_trend() -> None:
    year = np.arange(-104, 0) / 52
    found = expectation(np.rint(100.0 * 1.3**year)[None], within=[ROOT])
    assert found.expected[0] == pytest.approx(100.0, rel=0.03)


def test_expectation__knows_the_week_that_is_high_every_year() -> None:
    counts = np.full((1, 156), 100)
    counts[0, [52, 104]] = 300
    counts[0, [51, 53, 50, 54, 103, 105, 102, 106]] = 200
    quiet = expectation(np.full((1, 156), 100), within=[ROOT]).expected[0]
    assert expectation(counts, within=[ROOT]).expected[0] > 1.2 * quiet


def test_expectation__is_hardly_raised_by_a_past_outbreak() -> None:
    rng = np.random.default_rng(SEED)
    counts = town(rng, weeks=60)
    outbreak = counts.copy()
    outbreak[1, 40] += 100
    outbreak[0, 40] += 100
    before, after = (expectation(each, within=within(each)).expected[1] for each in (counts, outbreak))
    assert after < before + 0.35 * max(1.0, before)


def test_expectation__is_less_sure_of_a_short_history() -> None:
    rng = np.random.default_rng(SEED)
    counts = rng.poisson(3.0, (1, 104))
    short, long = (expectation(counts[:, -weeks:], within=[ROOT]) for weeks in (8, 104))
    assert short.events[0] < long.events[0]
    assert short.at_least([9])[0] > long.at_least([9])[0]


def test_expectation__makes_less_of_a_high_week_where_weeks_are_uneven() -> None:
    rng = np.random.default_rng(SEED)
    even = rng.poisson(5.0, (20, 104))
    uneven = rng.poisson(5.0 * rng.gamma(1.0, 1.0, (20, 104)))
    chances = [
        np.median(expectation(series, within=np.full(20, ROOT)).at_least(np.full(20, 15)))
        for series in (even, uneven)
    ]
    assert chances[1] > 10 * chances[0]


def test_expectation__reckons_chances_by_the_mixture() -> None:
    counts = town(np.random.default_rng(SEED))
    found = expectation(counts, within=within(counts))
    share = found.sizes / (found.sizes + found.means)
    by_hand = (found.weights * nbinom.sf(2, found.sizes, share)).sum(axis=1)
    assert found.at_least(np.full(len(counts), 3)) == pytest.approx(by_hand)
    assert found.at_most(np.full(len(counts), 2)) == pytest.approx(1.0 - by_hand)


def test_expectation__of_nothing_at_all_is_next_to_nothing() -> None:
    found = expectation(np.zeros((3, 20), int), within=[ROOT, 0, 0])
    assert (found.expected > 0).all()
    assert (found.expected < 0.1).all()
    assert found.at_least(np.zeros(3)).tolist() == [1.0, 1.0, 1.0]


def test_expectation__times_a_rise_of_the_city_makes_a_count_less_unusual() -> None:
    counts = town(np.random.default_rng(SEED))
    found = expectation(counts, within=within(counts))
    last = np.full(len(counts), 8)
    assert (found.at_least(last, times=2.0) > found.at_least(last)).all()


def test_expectation__takes_some_series_out() -> None:
    counts = town(np.random.default_rng(SEED))
    found = expectation(counts, within=within(counts))
    some = found.of(np.array([3, 1]))
    assert isinstance(some, Expectation)
    assert some.expected.tolist() == found.expected[[3, 1]].tolist()


@settings(max_examples=20)
@given(order=st.permutations(range(1, 13)))
def test_expectation__does_not_care_in_which_order_neighbourhoods_come(order: list[int]) -> None:
    counts = town(np.random.default_rng(SEED), weeks=20)
    straight = expectation(counts, within=within(counts)).expected
    shuffled = expectation(counts[[0, *order]], within=within(counts)).expected
    assert shuffled == pytest.approx(straight[[0, *order]], rel=1e-9)


def test_expectation__of_three_levels_takes_the_season_from_the_one_above() -> None:
    rng = np.random.default_rng(SEED)
    cells = rng.poisson(1.0, (4, 5, 60))
    kinds = cells.sum(axis=1)
    counts = np.concatenate([kinds.sum(axis=0, keepdims=True), kinds, cells.reshape(20, 60)])
    found = expectation(counts, within=[ROOT, 0, 0, 0, 0, *np.repeat([1, 2, 3, 4], 5)])
    assert found.expected[1:5].sum() == pytest.approx(found.expected[0], rel=0.1)
    assert found.expected[5:].sum() == pytest.approx(found.expected[0], rel=0.1)


@pytest.mark.parametrize("size", [np.inf, 2.0])
def test_expectation__is_exceeded_as_rarely_as_it_says(size: float) -> None:
    rng = np.random.default_rng(SEED)
    chances = []
    for _ in range(12):
        means = np.exp(rng.uniform(np.log(0.05), np.log(50.0), (44, 1)))
        uneven = 1.0 if np.isinf(size) else rng.gamma(size, 1.0 / size, (44, 61))
        parts = rng.poisson(means * uneven, (44, 61))
        counts = np.concatenate([parts.sum(axis=0, keepdims=True), parts])
        chances.append(expectation(counts[:, :-1], within=within(counts)).at_least(counts[:, -1]))
    p_value = np.concatenate(chances)
    # Of 540 values; a bound that a calibrated test passes 99 times of 100.
    assert (p_value <= 0.05).mean() <= 0.072
    assert (p_value <= 0.01).mean() <= 0.021


@pytest.mark.parametrize(
    ("counts", "inside", "said"),
    [
        (np.ones((1, LEAST_STEPS - 1)), [ROOT], "weeks before"),
        (np.ones((2, 20)), [ROOT], "one per series"),
        (np.ones((2, 20)), [1, ROOT], "come after"),
        (np.ones(20), [ROOT], "one per series"),
        (np.full((1, 20), 0.5), [ROOT], "whole"),
    ],
)
def test_expectation__refuses_what_it_cannot_use(
    counts: NDArray[np.float64], inside: list[int], said: str
) -> None:
    with pytest.raises(InvalidParameter, match=said):
        expectation(counts, within=inside)
