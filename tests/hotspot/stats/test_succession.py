"""Who follows whom."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.stats.succession import Succession, succession

YEAR_DAYS = 365.0
QUARTER_TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def linked(xy_m: NDArray[np.float64], day: NDArray[np.float64], seed: int = 1) -> Succession:
    return succession(xy_m, day, rng=np.random.default_rng(seed))


def some_pairs(seed: int, *, share: float, n: int = 1500) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Independent incidents, of which a share brings another to the same place within two days."""
    rng = np.random.default_rng(seed)
    xy_m, day = rng.uniform(0, 4000, (n, 2)).round(), rng.uniform(0, YEAR_DAYS, n)
    again = rng.random(n) < share
    return np.vstack([xy_m, xy_m[again]]), np.concatenate([day, day[again] + rng.uniform(0, 2, again.sum())])


def test_succession__links_each_to_the_closest_before_it() -> None:
    # Two at one address, a third 40 m off on the same day as the second, and one too late to follow.
    xy_m = np.array([[0.0, 0.0], [0.0, 0.0], [40.0, 0.0], [0.0, 0.0]])
    found = linked(xy_m, np.array([10.0, 11.0, 11.0, 26.0]))
    assert found.follower.tolist() == [1, 2, -1, -1]


def test_succession__the_same_address_after_days_goes_before_the_next_block_at_once() -> None:
    xy_m = np.array([[0.0, 0.0], [60.0, 0.0], [0.0, 0.0]])
    assert linked(xy_m, np.array([0.0, 9.0, 10.0])).follower.tolist() == [2, -1, -1]


@pytest.mark.parametrize(
    ("apart_m", "after_days", "follower"),
    [(100.0, 14.0, 1), (100.01, 1.0, -1), (0.0, 14.01, -1), (0.0, 0.0, 1)],
)
def test_succession__its_bands_include_their_ends(apart_m: float, after_days: float, follower: int) -> None:
    found = linked(np.array([[0.0, 0.0], [apart_m, 0.0]]), np.array([0.0, after_days]))
    assert found.follower.tolist() == [follower, -1]


def test_succession__none_follows_two_and_none_is_followed_by_two() -> None:
    xy_m, day = some_pairs(3, share=0.5)
    followers = linked(xy_m, day).follower
    real = followers[followers >= 0]
    assert real.size == np.unique(real).size > 100
    assert np.all(day[real] >= day[followers >= 0])


@pytest.mark.parametrize("n", [0, 1])
def test_succession__of_one_incident_or_none(n: int) -> None:
    found = linked(np.zeros((n, 2)), np.zeros(n))
    assert (found.follower.tolist(), found.chance.tolist()) == ([-1] * n, [0.0] * n)


def test_succession__all_at_one_place_and_instant_is_a_chain_that_chance_gives_as_well() -> None:
    found = linked(np.zeros((5, 2)), np.zeros(5))
    # Each points at the first: of those that are as close the first in the list is followed.
    assert found.follower.tolist() == [1, -1, -1, -1, -1]
    assert found.chance.tolist() == [0.0] * 5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_succession__gives_independent_incidents_little_chance_of_being_followers(seed: int) -> None:
    xy_m, day = some_pairs(seed, share=0.0)
    found = linked(xy_m, day)
    assert found.chance.sum() < 0.015 * day.size
    assert np.all((found.chance >= 0) & (found.chance <= 1))


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_succession__counts_as_many_followers_as_there_are(share: float) -> None:
    xy_m, day = some_pairs(5, share=share)
    repeats = day.size - 1500
    assert linked(xy_m, day).chance.sum() == pytest.approx(repeats, rel=0.15)


def test_succession__does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = []
    for threads in (1, 2, 5, None):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        chances.append(linked(*some_pairs(5, share=0.1)).chance.tolist())
    assert chances.count(chances[0]) == 4


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(-1_000_000, 1_000_000), st.integers(-900, 900), st.integers(0, 3))
def test_succession__does_not_care_about_origin_or_turn(
    seed: int, shift_m: int, later_days: int, turns: int
) -> None:
    rng = np.random.default_rng(seed)
    # Whole days and few places: ties abound.
    xy_m, day = rng.integers(0, 12, (120, 2)).astype(float) * 25.0, rng.integers(0, 60, 120).astype(float)
    moved_m = xy_m @ np.linalg.matrix_power(QUARTER_TURN, turns) + float(shift_m)
    here, there = linked(xy_m, day), linked(moved_m, day + float(later_days))
    assert here.follower.tolist() == there.follower.tolist()
    assert here.chance.tolist() == there.chance.tolist()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_succession__links_the_same_incidents_whatever_their_order(seed: int) -> None:
    xy_m, day = some_pairs(seed, share=0.2, n=200)
    order = np.random.default_rng(seed).permutation(day.size)
    here, there = linked(xy_m, day).follower, linked(xy_m[order], day[order]).follower
    renamed = np.where(there >= 0, order[there], -1)
    assert here[order].tolist() == renamed.tolist()


def followed(
    xy_m: NDArray[np.float64], day: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Who follows each, and in which band, by a loop over all pairs."""
    follower, band = np.full(day.size, -1), np.full(day.size, -1)
    points: dict[int, list[tuple[int, float, int]]] = {}
    for i in range(day.size):
        closest = []
        for j in range(day.size):
            after, apart_m = day[i] - day[j], np.hypot(*(xy_m[i] - xy_m[j]))
            if (after > 0 or (after == 0 and j < i)) and after <= 14.0 and apart_m <= 100.0:
                here = np.searchsorted([1.0, 50.0, 100.0], apart_m) * 3 + np.searchsorted(
                    [2.0, 5.0, 14.0], after
                )
                closest.append((int(here), float(after), j))
        if closest:
            here, after, j = min(closest)
            points.setdefault(j, []).append((here, after, i))
    for j, those in points.items():
        here, _, i = min(those)
        follower[j], band[i] = i, here
    return follower, band


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1.0, 1e-6]))
def test_succession__is_what_a_loop_over_all_pairs_gives(seed: int, step_days: float) -> None:
    rng = np.random.default_rng(seed)
    # More cells than slots, so that some share one; with whole days ties abound.
    xy_m = rng.integers(0, 60, (90, 2)).astype(np.float64) * 20.0
    day = rng.integers(0, round(60 / step_days), 90).astype(np.float64) * step_days
    follower, band = followed(xy_m, day)
    chance_of = np.bincount(band[band >= 0], minlength=9).astype(float)
    dealt = np.random.default_rng(1)
    by_chance = np.zeros(9)
    for _ in range(4):
        _, shuffled = followed(xy_m, dealt.permutation(day))
        by_chance += np.bincount(shuffled[shuffled >= 0], minlength=9) / 4
    excess = np.clip((chance_of - by_chance) / np.maximum(chance_of, 1.0), 0.0, 1.0)
    found = linked(xy_m, day, seed=1)
    assert found.follower.tolist() == follower.tolist()
    assert found.chance.tolist() == pytest.approx(np.where(band >= 0, excess[band], 0.0).tolist())


def test_succession__far_apart_is_not_near_although_a_grid_wound_up_has_them_in_one_slot() -> None:
    # Four incidents have four slots of 100 m across; then it begins anew.
    xy_m = np.array([[0.0, 0.0], [400.0, 0.0], [400.0, 400.0], [0.0, 800.0]])
    assert linked(xy_m, np.array([0.0, 1.0, 2.0, 3.0])).follower.tolist() == [-1] * 4
