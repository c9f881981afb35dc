import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.search import Candidate, Plan, search
from hotspot.stats.scan import log_likelihood_ratio

PLAN = Plan(np.array([1, 2]), np.array([25.0, 50.0]) ** 2, 4, 50.0)


def place_counts(
    rows: dict[tuple[float, float], tuple[int, int, int]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Places with their incidents in the last week, the week before and the baseline."""
    places = sorted(rows)
    return np.array(places, float), np.array([rows[place] for place in places], np.int64).T


def searched(
    xy_m: NDArray[np.float64],
    counts: NDArray[np.int64],
    surroundings: NDArray[np.int32] | None = None,
    *,
    plan: Plan = PLAN,
    seed: int = 1,
) -> tuple[Candidate, ...]:
    if surroundings is None:
        surroundings = np.zeros(len(xy_m), np.int32)
    return search(xy_m, counts, surroundings, plan=plan, replicates=99, rng=np.random.default_rng(seed))


def some_city(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    xy_m = np.unique(rng.integers(0, 1500, (150, 2)), axis=0).astype(float)
    return xy_m, rng.poisson(np.array([[0.1], [0.1], [4.0]]) * rng.gamma(0.7, 1.4, len(xy_m)))


def test_search__finds_the_one_place_that_rose_and_says_why() -> None:
    quiet = {(1000.0 * i, 0.0): (1, 1, 18) for i in range(1, 11)}
    found = searched(*place_counts({**quiet, (0.0, 0.0): (6, 0, 0), (40.0, 0.0): (0, 0, 4)}))
    strongest = found[0]
    # 16 of 210 incidents lie in the last week; the zone of 25 m holds the 6 and nothing of the past.
    rest = (10 + 50 * 16 / 210) / (204 + 50)
    expected = 6 * max(rest, 16 / 210)
    assert (strongest.places.tolist(), strongest.weeks, strongest.radius_m) == ([0], 1, 25.0)
    assert strongest.observed == 6
    assert strongest.expected == pytest.approx(expected)
    assert strongest.log_likelihood_ratio == pytest.approx(log_likelihood_ratio(6.0, expected, 16.0))
    assert strongest.p_value == 0.01


def test_search__a_zone_holds_the_past_of_addresses_nearby() -> None:
    found = searched(
        *place_counts({(0.0, 0.0): (5, 0, 0), (20.0, 0.0): (0, 0, 9), (1000.0, 0.0): (3, 3, 60)})
    )
    assert found[0].places.tolist() == [0, 1]


def test_search__a_rise_of_the_whole_quarter_is_expected_at_each_of_its_places() -> None:
    quarter = {(1000.0 * i, 0.0): (4, 0, 20) for i in range(20)}
    elsewhere = {(1000.0 * i, 50_000.0): (1, 1, 40) for i in range(40)}
    xy_m, counts = place_counts({**quarter, **elsewhere})
    south = (xy_m[:, 1] > 0).astype(np.int32)
    one_city = searched(xy_m, counts)[0]
    with_quarters = searched(xy_m, counts, south)[0]
    assert with_quarters.expected > 1.3 * one_city.expected
    assert with_quarters.log_likelihood_ratio < 0.4 * one_city.log_likelihood_ratio


def test_search__staying_where_the_surroundings_fell_is_no_rise() -> None:
    fallen = {(1000.0 * i, 0.0): (0, 0, 40) for i in range(1, 20)}
    elsewhere = {(1000.0 * i, 50_000.0): (3, 3, 40) for i in range(20)}
    xy_m, counts = place_counts({(0.0, 0.0): (4, 3, 110), **fallen, **elsewhere})
    found = searched(xy_m, counts, (xy_m[:, 1] > 0).astype(np.int32))
    assert all(0 not in candidate.places for candidate in found)


def test_search__nothing_dense_gives_nothing() -> None:
    assert searched(*place_counts({(1000.0 * i, 0.0): (1, 0, 5) for i in range(9)})) == ()


def test_search__candidates_share_no_place() -> None:
    for seed in range(10):
        places = [place for found in searched(*some_city(seed)) for place in found.places.tolist()]
        assert len(places) == len(set(places))


def test_search__does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    p_values = []
    for threads in (1, 2, 5, None):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        p_values.append([one.p_value for one in searched(*some_city(3), plan=PLAN._replace(min_incidents=2))])
    assert p_values.count(p_values[0]) == 4
    assert len(p_values[0]) > 3


@given(st.integers(0, 500), st.integers(-9000, 9000), st.integers(-9000, 9000))
@settings(max_examples=25, deadline=None)
def test_search__does_not_care_where_the_origin_is(seed: int, x_m: int, y_m: int) -> None:
    xy_m, counts = some_city(seed)
    here, there = searched(xy_m, counts), searched(xy_m + np.array([x_m, y_m], float), counts)
    assert [(c.places.tolist(), c.p_value) for c in here] == [(c.places.tolist(), c.p_value) for c in there]


@given(st.integers(0, 500))
@settings(max_examples=25, deadline=None)
def test_search__turned_by_a_right_angle_finds_the_same_evidence(seed: int) -> None:
    xy_m, counts = some_city(seed)
    turned_m = xy_m @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    order = np.lexsort((turned_m[:, 1], turned_m[:, 0]))
    here, there = searched(xy_m, counts), searched(turned_m[order], counts[:, order])
    assert [c.log_likelihood_ratio for c in here[:1]] == [c.log_likelihood_ratio for c in there[:1]]


def test_search__true_nulls_are_rejected_at_the_nominal_rate() -> None:
    # Times are shuffled over the places of a very uneven city: nothing is going on by construction.
    rejected, trials = 0, 250
    for trial in range(trials):
        rng = np.random.default_rng([11, trial])
        xy_m = np.unique(np.round(rng.gamma(0.5, 500, (120, 2))), axis=0)
        place = np.repeat(np.arange(len(xy_m)), rng.poisson(rng.pareto(1.2, len(xy_m)) * 1.5))
        counts = np.zeros((3, len(xy_m)), np.int64)
        np.add.at(counts, (rng.choice(3, size=place.size, p=[0.03, 0.03, 0.94]), place), 1)
        quarter = (xy_m[:, 0] > np.median(xy_m[:, 0])).astype(np.int32)
        found = search(xy_m, counts, quarter, plan=PLAN, replicates=59, rng=rng)
        rejected += bool(found) and found[0].p_value <= 0.05
    # 12.5 are expected; more than 23 come up in one of 500 such runs.
    assert 1 <= rejected <= 23
