import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom, norm

from hotspot.errors import InvalidParameter
from hotspot.lifecycle import (
    WORDS,
    Category,
    by_step,
    lifecycles,
    place_shares,
    recent,
    too_short,
    weekly_counts,
)
from hotspot.model import Label
from hotspot.stats.trend import mann_kendall

CITY = 2000
SHARE = 0.01
USUAL = 20
"""What the outline's places lead to expect."""

LEVELS = {".": USUAL, "h": 60, "c": 2}
"""A usual count, a hot one and a cold one."""


def counts(history: str, *, slope: float = 0.0) -> list[int]:
    """Thirteen counts from thirteen letters; a slope makes hot ones rise or fall."""
    return [LEVELS[letter] + round(slope * (step - 6)) for step, letter in enumerate(history)]


HISTORIES = [
    (".............", 0.0, Category.NONE),
    ("............h", 0.0, Category.NEW),
    ("c..........ch", 0.0, Category.NEW),
    (".........hhhh", 0.0, Category.CONSECUTIVE),
    ("hhhhhhhhhhhhh", 4.0, Category.INTENSIFYING),
    ("hhhhhhhhhhhhh", 0.0, Category.PERSISTENT),
    ("hhhhhh.hhhhhh", 0.0, Category.PERSISTENT),
    ("hhhhhhhhhhhhh", -2.0, Category.DIMINISHING),
    ("hh..hh...h.hh", 0.0, Category.SPORADIC),
    ("h..cc....h..h", 0.0, Category.OSCILLATING),
    ("hhhhhhhhhhhh.", 0.0, Category.HISTORICAL),
    ("hhhhhhhhhhhhc", 0.0, Category.HISTORICAL),
    ("hhhhh........", 0.0, Category.NONE),
    ("ccccccccccccc", 0.0, Category.NONE),
]


@pytest.mark.parametrize(("history", "slope", "category"), HISTORIES)
def test_lifecycles__by_hand(history: str, slope: float, category: Category) -> None:
    found = lifecycles([counts(history, slope=slope)], [CITY] * 13, [SHARE])
    assert found.categories == (category,)
    if slope == 0.0:
        assert found.states[0].tolist() == [{"h": 1, "c": -1, ".": 0}[letter] for letter in history]
    assert found.expected.tolist() == [[USUAL] * 13]
    assert (found.steps, found.is_sorted) == (13, True)


def test_lifecycles__every_category_is_reached_and_has_words() -> None:
    assert {category for _, _, category in HISTORIES} == set(Category) == set(WORDS)


def test_lifecycles__a_busy_season_in_the_whole_city_is_no_rise_here() -> None:
    city, n = np.array([1000] * 6 + [4000] * 7), 600
    observed = np.random.default_rng(8).binomial(city, SHARE, (n, 13))
    assert np.count_nonzero(mann_kendall(observed).p_value <= 0.05) > 0.8 * n, "the counts do rise"
    found = lifecycles(observed, city, [SHARE] * n)
    assert np.count_nonzero(found.states) <= 3
    assert np.count_nonzero(found.directions) <= 0.05 * n + 3 * (0.05 * 0.95 * n) ** 0.5
    assert abs(found.slope_per_step.mean()) < 0.1


def test_lifecycles__tells_direction_and_slope_above_the_city() -> None:
    rising = [20 + 3 * step for step in range(13)]
    found = lifecycles([rising, rising[::-1]], [CITY] * 13, [SHARE, SHARE])
    assert found.directions.tolist() == [1, -1]
    assert found.slope_per_step.tolist() == [3.0, -3.0]
    assert found.trend.p_value.max() < 0.001


def test_lifecycles__the_trend_is_mann_kendall_of_normal_scores_of_the_mid_p() -> None:
    observed = np.array([3, 25, 20, 31, 12, 19, 44, 20, 8, 21, 17, 29, 35])
    found = lifecycles([observed], [CITY] * 13, [SHARE])
    middle = binom.cdf(observed - 1, CITY, SHARE) + binom.pmf(observed, CITY, SHARE) / 2
    np.testing.assert_allclose(found.scores[0], norm.ppf(middle), rtol=1e-9)
    assert found.trend.p_value[0] == mann_kendall(found.scores).p_value[0]


def test_lifecycles__scores_stay_finite_and_ordered_far_from_what_is_expected() -> None:
    found = lifecycles([[0, 1, 100, 200, 300]], [500] * 5, [0.001])
    assert np.isfinite(found.scores).all()
    assert (np.diff(found.scores[0, :3]) > 0).all()


def test_lifecycles__a_history_of_less_than_ten_steps_has_no_category_and_says_so() -> None:
    history = counts("hhhhhhhhhhhhh", slope=4.0)
    short = lifecycles([history[-9:]], [CITY] * 9, [SHARE])
    assert (short.categories, short.directions.tolist(), short.is_sorted) == ((Category.NONE,), [0], False)
    assert short.states.sum() == 9, "its steps are still hot"
    assert lifecycles([history[-10:]], [CITY] * 10, [SHARE]).categories == (Category.INTENSIFYING,)
    assert too_short(9) == Label(
        "De gegevens gaan 9 perioden van vier weken terug; voor een patroon zijn er minstens 10 nodig.",
        "The data go back 9 periods of four weeks; a pattern takes at least 10.",
    )


def test_lifecycles__of_nothing_are_none() -> None:
    found = lifecycles(np.zeros((0, 13)), [CITY] * 13, [])
    assert (found.categories, found.states.shape, found.slope_per_step.shape) == ((), (0, 13), (0,))


@pytest.mark.parametrize(
    ("observed", "city", "share", "message"),
    [
        ([[1, 2]], [9], [0.1], r"got \(1, 2\), \(1,\), \(1,\)"),
        ([1, 2], [9, 9], [0.1], "must be"),
        ([[1, 2]], [9, 9], [1.0], "share"),
        ([[1, 2]], [9, 9], [0.0], "share"),
        ([[1, 10]], [9, 9], [0.1], "exceed"),
        ([[1, 0.5]], [9, 9], [0.1], "whole"),
    ],
)
def test_lifecycles__refuses_what_does_not_fit(
    observed: list[float], city: list[int], share: list[float], message: str
) -> None:
    with pytest.raises(InvalidParameter, match=message):
        lifecycles(observed, city, share)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(8)))
def test_lifecycles__do_not_care_about_the_order_of_hotspots(seed: int, order: list[int]) -> None:
    rng = np.random.default_rng(seed)
    observed, share = rng.poisson(20 * rng.uniform(0.5, 2, (8, 1)), (8, 13)), rng.uniform(0.005, 0.02, 8)
    one, other = (
        lifecycles(observed, [CITY] * 13, share),
        lifecycles(observed[order], [CITY] * 13, share[order]),
    )
    assert tuple(one.categories[i] for i in order) == other.categories
    np.testing.assert_array_equal(one.states[order], other.states)
    np.testing.assert_array_equal(one.slope_per_step[order], other.slope_per_step)


def test_lifecycles__under_the_null_steps_and_trends_are_as_often_significant_as_they_may() -> None:
    rng = np.random.default_rng(14)
    remarkable, trends, n = 0, 0, 400
    for _ in range(n):
        found = lifecycles(rng.binomial(CITY, SHARE, (5, 13)), [CITY] * 13, [SHARE] * 5)
        remarkable += bool(found.states.any())
        trends += int(np.count_nonzero(found.directions))
    # With nothing to find, the false discovery rate is the chance of any hot or cold step.
    assert remarkable / n <= 0.05 + 3 * (0.05 * 0.95 / n) ** 0.5
    assert abs(trends / (5 * n) - 0.05) <= 3 * (0.05 * 0.95 / (5 * n)) ** 0.5 + 0.01


def brute(
    xy_m: NDArray[np.float64], age: NDArray[np.int64], outline: shapely.Polygon, weeks: int
) -> list[int]:
    inside = np.array([outline.covers(shapely.Point(place)) for place in xy_m], bool)
    return [int(np.count_nonzero(inside & (age == week))) for week in reversed(range(weeks))]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60))
def test_weekly_counts__are_those_of_asking_each_event(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m, age = np.round(rng.uniform(0, 100, (n, 2)), -1), rng.integers(-2, 12, n)
    outlines = [shapely.box(20, 20, 60, 70), shapely.Point(50, 50).buffer(30), shapely.box(500, 0, 600, 9)]
    found = weekly_counts(xy_m, age, outlines, weeks=8)
    assert found.tolist() == [brute(xy_m, age, outline, 8) for outline in outlines]
    assert weekly_counts(xy_m, age, [], weeks=8).shape == (0, 8)


@pytest.mark.benchmark
def test_weekly_counts__of_a_year_and_sixty_outlines_take_a_tenth_of_a_second() -> None:
    rng = np.random.default_rng(3)
    xy_m, age = rng.uniform(0, 10_000, (100_000, 2)), rng.integers(0, 104, 100_000)
    outlines = [shapely.Point(place).buffer(100) for place in rng.uniform(0, 10_000, (60, 2))]
    started = time.process_time()
    weekly_counts(xy_m, age, outlines)
    assert time.process_time() - started < 0.3


def test_by_step__and_recent__add_up_the_same_weeks() -> None:
    weekly = np.arange(104).reshape(2, 52)
    assert by_step(weekly).shape == (2, 13)
    assert by_step(weekly).sum(axis=-1).tolist() == weekly.sum(axis=-1).tolist()
    assert recent(weekly)[:, 1].tolist() == by_step(weekly)[:, -1].tolist()
    assert recent(weekly)[0].tolist() == [51, 198, 546, 1326]
    assert by_step(np.ones(110, np.int64)).tolist() == [4] * 13, "at most a year"
    assert by_step(np.ones((2, 3), np.int64)).shape == (2, 0)


def test_place_shares__are_parts_of_all_places_and_never_none_or_all() -> None:
    places = np.array([[0.0, 0.0], [5.0, 5.0], [50.0, 50.0]])
    shares = place_shares(
        places, [shapely.box(-1, -1, 10, 10), shapely.box(-9, -9, 99, 99), shapely.box(7, 7, 8, 8)]
    )
    assert shares.tolist() == [2.5 / 4, 3.5 / 4, 0.5 / 4]
