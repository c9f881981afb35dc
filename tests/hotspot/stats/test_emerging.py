import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.emerging import Pattern, patterns, patterns_of_scores

UP, DOWN, NONE = 1, -1, 0


def steps(text: str) -> list[int]:
    """`h` is hot, `c` is cold, `.` is neither."""
    return [{"h": 1, "c": -1, ".": 0}[step] for step in text]


HISTORIES = [
    (".........h", NONE, Pattern.NEW_HOT),
    ("c.c......h", NONE, Pattern.NEW_HOT),
    ("........hh", NONE, Pattern.CONSECUTIVE_HOT),
    ("..hhhhhhhh", UP, Pattern.CONSECUTIVE_HOT),
    ("c.......hh", NONE, Pattern.CONSECUTIVE_HOT),
    ("hhhhhhhhhh", UP, Pattern.INTENSIFYING_HOT),
    ("hhhh.hhhhh", UP, Pattern.INTENSIFYING_HOT),
    (".hhhhhhhhh", UP, Pattern.INTENSIFYING_HOT),
    ("hhhhhhhhhh", NONE, Pattern.PERSISTENT_HOT),
    ("hhhhchhhhh", NONE, Pattern.PERSISTENT_HOT),
    ("hhhhhhhhhh", DOWN, Pattern.DIMINISHING_HOT),
    ("hhhhhhhh.h", DOWN, Pattern.DIMINISHING_HOT),
    ("h........h", NONE, Pattern.SPORADIC_HOT),
    ("hh.hh.hhhh", UP, Pattern.SPORADIC_HOT),
    ("h...c....h", NONE, Pattern.OSCILLATING_HOT),
    ("chhhh.hhhh", NONE, Pattern.OSCILLATING_HOT),
    ("hhhhhhhhh.", NONE, Pattern.HISTORICAL_HOT),
    ("hhhhhhhhh.", UP, Pattern.HISTORICAL_HOT),
    ("hhhhhhhhhc", DOWN, Pattern.HISTORICAL_HOT),
    ("..........", NONE, Pattern.NO_PATTERN),
    ("..........", UP, Pattern.NO_PATTERN),
    ("hhhhh.....", DOWN, Pattern.NO_PATTERN),
    ("hhhhhhhh..", DOWN, Pattern.NO_PATTERN),
]


@pytest.mark.parametrize(("history", "trend", "pattern"), HISTORIES)
def test_patterns__by_hand(history: str, trend: int, pattern: Pattern) -> None:
    assert Pattern(patterns(steps(history), trends=trend).item()) == pattern


@pytest.mark.parametrize(("history", "trend", "pattern"), [h for h in HISTORIES if h[0] != "hhhhhhhhhc"])
def test_patterns__the_cold_ones_mirror_the_hot_ones(history: str, trend: int, pattern: Pattern) -> None:
    mirrored = [-step for step in steps(history)]
    assert Pattern(patterns(mirrored, trends=-trend).item()) == -pattern


def test_patterns__a_place_cold_nine_times_in_ten_and_hot_at_the_end_is_a_new_hot_spot() -> None:
    assert Pattern(patterns(steps("ccccccccch"), trends=UP).item()) == Pattern.NEW_HOT


def test_patterns__there_are_seventeen_and_each_is_reached() -> None:
    assert len(Pattern) == 17
    histories, trends = (
        np.array([steps(history) for history, _, _ in HISTORIES]),
        [t for _, t, _ in HISTORIES],
    )
    found = set(patterns(histories, trends=trends).tolist())
    mirrored = set(patterns(-histories, trends=-np.array(trends)).tolist())
    assert found | mirrored == {pattern.value for pattern in Pattern}


def rules(history: tuple[int, ...], trend: int) -> list[Pattern]:
    """Esri's sentences, written out one by one for a single place, without an order of precedence."""
    n, found = len(history), []
    for sign, side in ((1, "HOT"), (-1, "COLD")):
        state = [sign * step for step in history]
        rise = sign * trend
        hot = [step == 1 for step in state]
        most = sum(hot) >= 0.9 * n - 1e-9
        run = len(list(itertools.takewhile(bool, reversed(hot))))
        cold_before = any(step == -1 for step in state[:-1])
        if hot[-1] and sum(hot) == 1:
            found.append(Pattern[f"NEW_{side}"])
        if run >= 2 and sum(hot) == run and not most:
            found.append(Pattern[f"CONSECUTIVE_{side}"])
        if most and hot[-1]:
            name = {1: "INTENSIFYING", 0: "PERSISTENT", -1: "DIMINISHING"}[rise]
            found.append(Pattern[f"{name}_{side}"])
        if hot[-1] and not most and -1 not in state:
            found.append(Pattern[f"SPORADIC_{side}"])
        if hot[-1] and not most and cold_before:
            found.append(Pattern[f"OSCILLATING_{side}"])
        if not hot[-1] and most:
            found.append(Pattern[f"HISTORICAL_{side}"])
    return found or [Pattern.NO_PATTERN]


@given(
    st.lists(st.sampled_from([1, 1, 1, 0, -1]), min_size=1, max_size=24), st.sampled_from([UP, NONE, DOWN])
)
def test_patterns__are_the_first_of_the_rules_that_hold(history: list[int], trend: int) -> None:
    assert Pattern(patterns(history, trends=trend).item()) == rules(tuple(history), trend)[0]


def test_patterns__every_history_of_seven_steps_has_exactly_one() -> None:
    histories = np.array(list(itertools.product((-1, 0, 1), repeat=7)))
    for trend in (UP, NONE, DOWN):
        found = patterns(histories, trends=np.full(len(histories), trend))
        assert found.shape == (len(histories),)
        assert [Pattern(value) for value in found] == [rules(tuple(h.tolist()), trend)[0] for h in histories]


def test_patterns__takes_any_number_of_places_and_one_step() -> None:
    assert patterns(np.zeros((0, 5)), trends=np.zeros(0)).size == 0
    assert patterns([[1], [-1], [0]], trends=[0, 0, 0]).tolist() == [1, -1, 0]
    assert patterns(np.zeros((2, 3, 4)), trends=np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize(
    ("states", "trends", "message"),
    [
        ([[2, 0]], [0], "states must be -1, 0 or 1, got 2"),
        ([[1, 0]], [0.5], "trends must be -1, 0 or 1, got 0.5"),
        ([[np.nan, 0]], [0], "states must be -1, 0 or 1, got nan"),
        ([[]], [0], "at least one step"),
        ([[1, 0]], [0, 1], r"trends must have the shape \(1,\) of the places, got \(2,\)"),
    ],
)
def test_patterns__refuses(states: Any, trends: Any, message: str) -> None:  # noqa: ANN401 - any input
    with pytest.raises(InvalidParameter, match=message):
        patterns(states, trends=trends)


def test_pattern__has_a_name_for_people() -> None:
    assert Pattern.NEW_HOT.label == "new hot spot"
    assert Pattern.OSCILLATING_COLD.label == "oscillating cold spot"
    assert Pattern.NO_PATTERN.label == "no pattern"


def test_patterns_of_scores__by_hand() -> None:
    z = np.zeros((4, 12))
    z[:, :] = np.resize([0.3, -0.3], 12)
    z[0] = np.linspace(4, 8, 12)
    z[1] = np.resize([5.0, 5.1], 12)
    z[2, -1] = 6.0
    z[3] = np.linspace(-4, -8, 12)
    found = [Pattern(value) for value in patterns_of_scores(z)]
    assert found == [
        Pattern.INTENSIFYING_HOT,
        Pattern.PERSISTENT_HOT,
        Pattern.NEW_HOT,
        Pattern.INTENSIFYING_COLD,
    ]


def test_patterns_of_scores__finds_no_pattern_in_nearly_all_noise() -> None:
    z = np.random.default_rng(3).normal(size=(500, 13))
    # With the false discovery rate controlled at 5 %, all of pure noise is quiet in 95 % of the cases.
    assert np.count_nonzero(patterns_of_scores(z)) <= 2
