import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.week_concentration import WeekConcentration, week_concentration


def measured(place: NDArray[np.int64], age: NDArray[np.int64], *, seed: int = 1) -> WeekConcentration:
    return week_concentration(place, age, theme="theft", rng=np.random.default_rng(seed), replicates=199)


def test_concentration__takes_the_years_addresses_for_places() -> None:
    place = np.array([1, 1, 1, 2, 3, 4, 5, 6])
    age = np.array([0, 1, 3, 2, 4, 51, 52, -1])
    found = measured(place, age)
    assert (found.places, found.incidents) == (4, 4)
    assert found.observed is not None
    # One of four addresses holds three of four events: a quarter and a half both need one.
    assert (found.observed.share_of_places_25, found.observed.share_of_places_50) == (0.25, 0.25)
    assert found.observed.gini == pytest.approx(0.625)


def test_concentration__of_an_empty_window_says_nothing() -> None:
    for age in (np.empty(0, np.int64), np.array([4, 9])):
        found = measured(np.arange(age.size), age)
        assert (found.places, found.incidents) == (age.size, 0)
        assert (found.observed, found.by_chance, found.p_value) == (None, None, None)


def test_concentration__sees_one_busy_address_among_many() -> None:
    place = np.concatenate([np.zeros(10, np.int64), np.arange(200)])
    found = measured(place, np.concatenate([np.zeros(10, np.int64), np.arange(200) % 40]))
    assert found.observed is not None
    assert found.by_chance is not None
    assert found.observed.gini > found.by_chance.gini
    assert found.observed.share_of_places_25 < found.by_chance.share_of_places_25
    assert found.p_value == pytest.approx(1 / 200)


@given(st.permutations(range(12)))
def test_concentration__does_not_care_about_order_or_names(order: list[int]) -> None:
    place, age = (
        np.array([1, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9]),
        np.array([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7]),
    )
    assert measured(place[order] * 17 + 3, age[order]) == measured(place, age)


def test_concentration__by_lot_is_significant_at_the_nominal_rate() -> None:
    rng = np.random.default_rng(5)
    old, ages = np.arange(80), np.full(80, 10)
    p_values = []
    for seed in range(200):
        place, age = (
            np.concatenate([old, rng.integers(80, size=60)]),
            np.concatenate([ages, np.zeros(60, np.int64)]),
        )
        p_values.append(measured(place, age, seed=seed).p_value or 0.0)
    assert np.mean(np.array(p_values) <= 0.1) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("weeks", [0, 53])
def test_concentration__refuses_a_window_beyond_the_year(weeks: int) -> None:
    with pytest.raises(InvalidParameter, match="window_weeks"):
        week_concentration(
            np.zeros(1, np.int64),
            np.zeros(1, np.int64),
            theme="t",
            rng=np.random.default_rng(1),
            window_weeks=weeks,
        )
