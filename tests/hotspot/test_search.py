import math
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.field import Plan
from hotspot.search import Candidate, Events, search

PLAN = Plan(
    weeks=np.array([1, 2, 3, 4]),
    radii_m=np.array([25.0, 50.0, 100.0, 200.0]),
    min_incidents=3,
    lead_incidents=50.0,
    kept=8,
)
ONE_CIRCLE = PLAN._replace(weeks=np.array([1]), radii_m=np.array([50.0]))
QUARTER_TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])
Spots = dict[tuple[float, float], list[int]]


def made(
    xy_m: NDArray[np.float64],
    age_weeks: NDArray[np.int64],
    *,
    day: NDArray[np.float64] | None = None,
    surroundings: NDArray[np.int32] | None = None,
) -> Events:
    """Events as the search takes them; `surroundings` is that of each event."""
    places_m, place = np.unique(xy_m, axis=0, return_inverse=True)
    area = np.zeros(len(places_m), np.int32)
    area[place.reshape(-1)] = 0 if surroundings is None else surroundings
    # Without days all lie far apart: nothing follows closely upon anything.
    days = np.arange(0.0, 100.0 * age_weeks.size, 100.0) if day is None else day
    return Events(places_m, area, place.reshape(-1).astype(np.int64), age_weeks.astype(np.int64), days)


def at_spots(spots: Spots) -> Events:
    """Events from the ages in weeks of those at each place."""
    xy_m = np.array([spot for spot, ages in spots.items() for _ in ages], float)
    return made(xy_m, np.array([age for ages in spots.values() for age in ages]))


def quiet(n: int, *, y_m: float = 0.0, past: int = 12) -> Spots:
    """Places a kilometre apart, each with one event in the last month."""
    return {(1000.0 * i, y_m): [i % 4, *range(4, 4 + past)] for i in range(1, n + 1)}


def found_in(
    events: Events, *, plan: Plan = PLAN, alpha: float = 0.05, replicates: int = 99, seed: int = 1
) -> tuple[Candidate, ...]:
    rng = np.random.default_rng(seed)
    return search(events, plan=plan, alpha=alpha, replicates=replicates, rng=rng)


def lived(
    xy_m: NDArray[np.float64],
    weight: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    n: int,
    repeat_share: float = 0.0,
) -> Events:
    """A year in which when something happens depends on nothing but the one before."""
    place = rng.choice(len(xy_m), size=n, p=weight / weight.sum())
    day = rng.uniform(0, 7 * 56, n)
    again = rng.random(n) < repeat_share
    place = np.concatenate([place, place[again]])
    day = np.concatenate([day, day[again] + rng.uniform(0.3, 3.0, int(again.sum()))])
    kept = day < 7 * 56
    return made(xy_m[place[kept]], 55 - (day[kept] // 7).astype(np.int64), day=day[kept])


def town(seed: int) -> Events:
    """Dense in the middle, very uneven, and nobody follows anybody."""
    rng = np.random.default_rng([7, seed])
    return lived(np.round(rng.gamma(0.6, 800, (400, 2))), rng.pareto(1.2, 400) + 0.05, rng, n=1500)


def country(seed: int) -> Events:
    """Thin everywhere, and of each hundred incidents 15 bring another to the same address."""
    rng = np.random.default_rng([9, seed])
    xy_m, weight = np.round(rng.uniform(0, 6000, (1500, 2))), rng.pareto(3.0, 1500) + 0.3
    return lived(xy_m, weight, rng, n=800, repeat_share=0.15)


def with_outbreak(events: Events, *, incidents: int, seed: int = 0) -> tuple[Events, NDArray[np.float64]]:
    """Add incidents of the last fortnight around one point; gives the point as well."""
    rng = np.random.default_rng([8, seed])
    centre_m = np.array([4500.0, 4500.0])
    more_m = np.round(centre_m + rng.uniform(-40, 40, (incidents, 2)))
    xy_m = np.concatenate([events.places_m[events.place], more_m])
    ages = np.concatenate([events.age_weeks, rng.integers(0, 2, incidents)])
    day = np.concatenate([events.day, 7 * 56 - rng.uniform(0, 14, incidents)])
    return made(xy_m, ages, day=day), centre_m


def told(candidates: tuple[Candidate, ...]) -> list[tuple[object, ...]]:
    """What must not depend on how the places are numbered."""
    return [
        (
            c.events.tolist(),
            c.weeks,
            c.radius_m,
            c.observed,
            c.expected,
            c.log_likelihood_ratio,
            c.p_value,
            c.q_value,
        )
        for c in candidates
    ]


def strongest_p_value(events: Events, seed: int) -> float:
    candidates = found_in(events, replicates=59, seed=seed)
    return candidates[0].p_value if candidates else 1.0


def test_search__finds_the_one_place_that_rose_and_says_what_it_should_have() -> None:
    events = at_spots({**quiet(10), (0.0, 0.0): [0] * 6 + [9] * 2})
    (first, *others) = found_in(events, plan=ONE_CIRCLE)
    # 8 of 138 events are of the last week, and the circle holds 8. Of the 130 others 2 are: that is no lead.
    expected = 8 * 8 / 138
    assert first.expected == pytest.approx(expected)
    outside = 2 * math.log(2 / (8 - expected))
    assert first.log_likelihood_ratio == pytest.approx(6 * math.log(6 / expected) + outside)
    assert (first.observed, first.weeks, first.radius_m) == (6, 1, 50.0)
    assert events.places_m[first.places].tolist() == [[0.0, 0.0]]
    assert events.age_weeks[first.events].tolist() == [0] * 6
    assert (first.p_value, first.q_value) == (0.01, 0.01)
    assert others == []


def test_search__a_circle_holds_the_past_of_addresses_nearby() -> None:
    events = at_spots({**quiet(10), (0.0, 0.0): [0] * 5, (20.0, 0.0): [9] * 4, (60.0, 0.0): [9]})
    (first,) = found_in(events, plan=ONE_CIRCLE)
    assert events.places_m[first.places].tolist() == [[0.0, 0.0], [20.0, 0.0]]
    past = found_in(at_spots({**quiet(10), (0.0, 0.0): [0] * 5}), plan=ONE_CIRCLE)
    assert first.expected > 1.5 * past[0].expected


def test_search__finds_two_one_after_the_other() -> None:
    strong, weaker = [0] * 8 + [1] * 2, [0] * 4 + [1] * 2
    events = at_spots({**quiet(40), (0.0, 5000.0): strong, (0.0, 9000.0): weaker})
    first, second = found_in(events, replicates=199)[:2]
    places = [events.places_m[one.places].tolist() for one in (first, second)]
    assert places == [[[0.0, 5000.0]], [[0.0, 9000.0]]]
    assert first.p_value <= second.p_value <= 0.05
    # What is found is taken out: the second is compared with a city that has not the first one's ten events.
    alone = found_in(at_spots({**quiet(40), (0.0, 9000.0): weaker}), replicates=199)[0]
    assert second.expected == pytest.approx(alone.expected)


def test_search__goes_on_below_an_alpha_that_the_first_block_cannot_show() -> None:
    strong, also = [0] * 14, [0] * 13
    events = at_spots({**quiet(60), (0.0, 5000.0): strong, (0.0, 9000.0): also})
    p_values = [one.p_value for one in found_in(events, alpha=0.002, replicates=999)]
    assert p_values[:2] == [0.001, 0.001]


def test_search__overlapping_circles_are_reported_once() -> None:
    street = {(30.0 * i, 5000.0): [0, 0, 0] for i in range(4)}
    candidates = found_in(at_spots({**quiet(30), **street}))
    assert [one.observed for one in candidates if one.p_value <= 0.05] == [12]


def test_search__staying_where_the_surroundings_fell_is_no_rise() -> None:
    fallen = {(1000.0 * i, 0.0): list(range(4, 44)) for i in range(1, 20)}
    elsewhere = {(1000.0 * i, 50_000.0): [0, 0, 0, 1, 1, 1, *range(4, 44)] for i in range(20)}
    stayed = [0, 0, 0, 0, 1, 1, 1] + [4 + i % 40 for i in range(110)]
    events = at_spots({(0.0, 0.0): stayed, **fallen, **elsewhere})
    events = replace(events, surroundings=(events.places_m[:, 1] > 0).astype(np.int32))
    place = int(np.flatnonzero((events.places_m == 0).all(axis=1))[0])
    assert all(place not in one.places or one.p_value > 0.2 for one in found_in(events))


@pytest.mark.parametrize("seed", range(3))
def test_search__what_is_asked_comes_out_the_same_where_less_is_asked(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = np.concatenate([rng.uniform(0, 1500, (900, 2)).round(-1), np.full((8, 2), 400.0)])
    events = made(xy_m, np.concatenate([rng.integers(0, 30, 900), rng.integers(0, 3, 8)]))
    told = [
        search(events, plan=PLAN, alpha=0.05, replicates=399, rng=np.random.default_rng(7), false_share=share)
        for share in (None, 0.5)
    ]
    shown = [[one for one in every if one.p_value <= 0.05 or one.q_value <= 0.5] for every in told]
    assert 0 < len(shown[0]) < len(told[0])
    assert repr(shown[0]) == repr(shown[1])
    assert [one.centre for one in told[0]] == [one.centre for one in told[1]]


def test_search__of_nothing_finds_nothing() -> None:
    nothing = made(np.empty((0, 2)), np.empty(0, np.int64))
    assert found_in(nothing) == ()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
@pytest.mark.parametrize("age", [0, 30])
def test_search__a_few_events_at_one_place_are_no_candidate(n: int, age: int) -> None:
    events = at_spots({(5.0, 5.0): [age] * n})
    assert found_in(events) == ()


def test_search__everything_at_one_place_is_no_surprise_there() -> None:
    events = at_spots({(5.0, 5.0): [0] * 20 + [30] * 20})
    assert found_in(events) == ()


def test_search__without_an_event_in_the_last_week_looks_at_longer_windows() -> None:
    spots = {place: [max(age, 1) for age in ages] for place, ages in quiet(20).items()}
    (first, *_) = found_in(at_spots({**spots, (0.0, 5000.0): [1] * 9}))
    assert (first.observed, first.weeks, first.p_value) == (9, 2, 0.01)


def test_search__looks_at_windows_of_more_than_four_weeks() -> None:
    plan = PLAN._replace(weeks=np.array([1, 2, 3, 4, 6, 8]))
    spots = {place: [*ages, 5, 7] for place, ages in quiet(30, past=40).items()}
    (first, *_) = found_in(at_spots({**spots, (0.0, 5000.0): [0, 1, 2, 3, 4, 5, 5, 6, 7, 7]}), plan=plan)
    assert (first.observed, first.weeks, first.p_value) == (10, 8, 0.01)


def test_search__hears_no_event_of_before_the_window() -> None:
    (first, *_) = found_in(at_spots({**quiet(30), (0.0, 5000.0): [3] * 6 + [4] * 2}))
    assert (first.observed, first.weeks) == (6, 4)


def test_search__lists_candidates_that_do_not_overlap_with_values_that_never_fall() -> None:
    listed = 0
    for seed in range(6):
        candidates = found_in(with_outbreak(town(seed), incidents=8, seed=seed)[0], seed=seed)
        places = [place for one in candidates for place in one.places.tolist()]
        assert len(places) == len(set(places))
        for values in ([one.p_value for one in candidates], [one.q_value for one in candidates]):
            assert values == sorted(values)
        listed += len(candidates)
        assert all(one.events.size == one.observed > one.expected > 0 for one in candidates)
    assert listed > 8


def test_search__does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    events, _ = with_outbreak(town(3), incidents=6)
    results = []
    for threads in (1, 2, 5, None):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        results.append(told(found_in(events)))
    assert results.count(results[0]) == 4
    assert len(results[0]) > 1


@given(st.integers(0, 500), st.integers(-1_000_000, 1_000_000), st.integers(-1_000_000, 1_000_000))
@settings(max_examples=8, deadline=None)
def test_search__does_not_care_where_the_origin_is(seed: int, x_m: int, y_m: int) -> None:
    events, _ = with_outbreak(town(seed), incidents=6)
    moved = replace(events, places_m=events.places_m + np.array([x_m, y_m], float))
    assert told(found_in(events)) == told(found_in(moved))


@given(st.integers(0, 500))
@settings(max_examples=8, deadline=None)
def test_search__turned_by_a_right_angle_finds_the_same(seed: int) -> None:
    events, _ = with_outbreak(town(seed), incidents=6)
    turned = made(events.places_m[events.place] @ QUARTER_TURN, events.age_weeks, day=events.day)
    here, there = found_in(events), found_in(turned)
    assert here[0].events.tolist() == there[0].events.tolist()
    # Circles of equal strength stand in the order of their places, which a turn changes.
    assert sorted(one.p_value for one in here) == sorted(one.p_value for one in there)


def test_search__true_nulls_are_rejected_at_the_nominal_rate() -> None:
    trials = 120
    p_values = np.array([strongest_p_value(town(trial), trial) for trial in range(trials)])
    # 6 and 36 are expected; each bound is passed in one of some 300 such runs. In a town without a candidate
    # the value is 1, which takes from the larger ones.
    assert np.count_nonzero(p_values <= 0.05) <= 13
    assert 21 <= np.count_nonzero(p_values <= 0.3) <= 51


def test_search__near_repeats_keep_the_level_that_an_independent_null_breaks() -> None:
    trials = 80
    linked, torn = [], []
    for trial in range(trials):
        events = country(trial)
        linked.append(strongest_p_value(events, trial))
        # With the days shuffled nobody follows anybody, which is what a test of independent events believes.
        shuffled = np.random.default_rng(trial).permutation(events.day)
        torn.append(strongest_p_value(replace(events, day=shuffled), trial))
    rejected, broken = (int(np.count_nonzero(np.array(p) <= 0.05)) for p in (linked, torn))
    # 4 are expected; more than 10 come up in one of 350 such runs.
    assert rejected <= 10
    assert broken > 10


def test_search__finds_what_is_planted_and_nothing_else() -> None:
    found = false = 0
    for trial in range(20):
        events, centre_m = with_outbreak(town(trial), incidents=8, seed=trial)
        for one in found_in(events, seed=trial):
            if one.p_value <= 0.05:
                is_there = np.hypot(*(events.places_m[one.centre] - centre_m)) < 100
                found, false = found + int(is_there), false + int(not is_there)
    assert found >= 18
    assert false <= 4
