"""Chronic places: denser all year than surroundings and unevenness explain."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.chronic import ChronicCandidate, Plan, _median, chronic
from hotspot.errors import InvalidParameter

STEPS = 13


def town(
    seed: int,
    *,
    raised: float = 0.0,
    raised_at_once: bool = False,
    busy_street: bool = False,
    side: int = 24,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Addresses every 25 m, as uneven as real ones; those within 80 m of the middle may get more."""
    rng = np.random.default_rng(seed)
    x_m, y_m = np.meshgrid(np.arange(side) * 25.0, np.arange(side) * 25.0, indexing="ij")
    xy_m = np.column_stack([x_m.ravel(), y_m.ravel()])
    own = rng.lognormal(0.0, 1.3, len(xy_m))
    if busy_street:
        own[(xy_m[:, 1] == 100.0) & (xy_m[:, 0] < 250.0)] *= 12.0
    counts = rng.poisson(np.tile(own / STEPS, (STEPS, 1)))
    centre_m = side // 2 * 25.0
    near = np.flatnonzero(np.hypot(*(xy_m - centre_m).T) <= 80.0)
    extra = rng.poisson(raised, near.size)
    when = np.zeros(extra.sum(), int) if raised_at_once else rng.integers(STEPS, size=extra.sum())
    np.add.at(counts, (when, np.repeat(near, extra)), 1)
    return xy_m, counts


def same(one: tuple[ChronicCandidate, ...], other: tuple[ChronicCandidate, ...]) -> bool:
    return len(one) == len(other) and all(
        a.places.tolist() == b.places.tolist()
        and (a.radius_m, a.observed, a.ring, a.statistic) == (b.radius_m, b.observed, b.ring, b.statistic)
        for a, b in zip(one, other, strict=True)
    )


def test_chronic__finds_the_place_where_every_address_has_more() -> None:
    xy_m, counts = town(1, raised=6.0)
    strongest = chronic(xy_m, counts)[0]
    assert np.hypot(*(xy_m[strongest.places].mean(axis=0) - 300.0)) < 40.0
    assert strongest.p_value < 0.01
    assert strongest.q_value < 0.01
    assert 60.0 <= strongest.radius_m <= 110.0


def test_chronic__sums_up_what_lies_in_the_circle_and_in_the_ring() -> None:
    xy_m, counts = town(1, raised=6.0)
    total = counts.sum(axis=0)
    for found in chronic(xy_m, counts)[:3]:
        apart_m = np.hypot(*(xy_m[:, None] - xy_m[found.places]).transpose(2, 0, 1))
        # The circle is around one of its places: the one to which all its places are near.
        centres = found.places[(apart_m[found.places] <= found.radius_m).all(axis=1)]
        assert found.observed == total[found.places].sum()
        rings, mean = [], total.sum() / np.count_nonzero(total)
        for centre in centres:
            far_m = np.hypot(*(xy_m - xy_m[centre]).T)
            ring = (far_m <= 400.0) & (far_m > found.radius_m)
            rings.append((total[ring].sum(), np.count_nonzero(total[ring])))
        assert any(
            found.ring == events
            and found.expected == pytest.approx(found.places.size * (events + 2 * mean) / (places + 2))
            for events, places in rings
        )


def test_chronic__a_busy_street_of_uneven_addresses_is_none() -> None:
    assert all(found.p_value > 0.05 for found in chronic(*town(2, busy_street=True)))


def test_chronic__what_happened_in_one_month_is_none() -> None:
    lasting = chronic(*town(3, raised=6.0))[0]
    assert lasting.p_value < 0.01
    assert all(found.p_value > 0.05 for found in chronic(*town(3, raised=6.0, raised_at_once=True)))


def test_chronic__near_repeats_add_nothing() -> None:
    xy_m, counts = town(4, raised=6.0)
    once, twice = chronic(xy_m, counts), chronic(xy_m, counts * 2)
    assert [found.statistic for found in once] == [found.statistic for found in twice]
    assert [found.observed * 2 for found in once] == [found.observed for found in twice]


def test_chronic__a_pile_up_makes_no_chronic_place() -> None:
    xy_m, counts = town(5)
    counts[:, 300] += 20
    assert all(found.p_value > 0.05 for found in chronic(xy_m, counts))


def test_chronic__no_two_share_a_place_and_the_strongest_comes_first() -> None:
    found = chronic(*town(6, raised=6.0))
    places = np.concatenate([one.places for one in found])
    assert places.size == np.unique(places).size
    for values in ([-one.statistic for one in found], [one.p_value for one in found]):
        assert values == sorted(values)
    assert all(one.observed > one.expected for one in found)
    assert all(0.0 < one.p_value <= 1.0 and one.q_value <= 1.0 for one in found)


def test_chronic__places_without_events_change_nothing() -> None:
    xy_m, counts = town(7, raised=6.0)
    kept = np.flatnonzero(counts.sum(axis=0))
    all_places, few_places = chronic(xy_m, counts), chronic(xy_m[kept], counts[:, kept])
    assert [one.statistic for one in all_places] == [one.statistic for one in few_places]
    for one, other in zip(all_places, few_places, strict=True):
        assert one.places.tolist() == kept[other.places].tolist()


@settings(max_examples=10, deadline=None)
@given(st.integers(-500_000, 500_000), st.integers(-500_000, 500_000), st.integers(0, 3))
def test_chronic__does_not_care_where_the_origin_is(east_m: int, north_m: int, seed: int) -> None:
    xy_m, counts = town(seed, raised=4.0, side=14)
    assert same(chronic(xy_m, counts), chronic(xy_m + np.array([east_m, north_m]), counts))


@pytest.mark.parametrize("cores", [1, 3])
def test_chronic__does_not_care_for_the_number_of_cores(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    xy_m, counts = town(8, raised=4.0, side=40)
    usual = chronic(xy_m, counts)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert same(usual, chronic(xy_m, counts))


def test_chronic__is_quiet_where_there_is_too_little() -> None:
    nobody = np.empty((0, 2))
    assert chronic(nobody, np.empty((STEPS, 0), np.int64)) == ()
    alone = np.array([[0.0, 0.0]])
    assert chronic(alone, np.full((STEPS, 1), 5)) == ()
    xy_m, counts = town(9, raised=6.0)
    assert chronic(xy_m, counts[:5]) == ()
    assert chronic(xy_m, np.zeros_like(counts)) == ()
    # Three lonely houses: a circle, but nothing to compare it with.
    three = np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    assert all(found.p_value > 0.05 for found in chronic(three, np.ones((STEPS, 3), np.int64)))
    apart = np.arange(30)[:, None] * np.array([1000.0, 0.0])
    assert chronic(apart, np.ones((STEPS, 30), np.int64)) == ()


@pytest.mark.parametrize(
    ("places_m", "counts", "plan", "says"),
    [
        (np.zeros(3), np.ones((STEPS, 3), np.int64), Plan(), "places_m must be finite positions"),
        (np.array([[np.nan, 0.0]]), np.ones((STEPS, 1), np.int64), Plan(), "places_m must be finite"),
        (np.zeros((2, 2)), np.ones((STEPS, 3), np.int64), Plan(), "each of 2 places"),
        (np.zeros((1, 2)), np.full((STEPS, 1), -1), Plan(), "0 or more"),
        (np.zeros((1, 2)), np.ones((STEPS, 1), np.int64), Plan(radii_m=(80.0, 40.0)), "ascend"),
        (np.zeros((1, 2)), np.ones((STEPS, 1), np.int64), Plan(radii_m=()), "radii"),
        (np.zeros((1, 2)), np.ones((STEPS, 1), np.int64), Plan(surroundings_m=100.0), "surroundings"),
        (np.zeros((1, 2)), np.ones((STEPS, 1), np.int64), Plan(min_places=0), "min_places"),
    ],
)
def test_chronic__refuses_what_cannot_be(
    places_m: NDArray[np.float64], counts: NDArray[np.int64], plan: Plan, says: str
) -> None:
    with pytest.raises(InvalidParameter, match=says):
        chronic(places_m, counts, plan=plan)


def test_chronic__null_towns_rarely_show_one() -> None:
    # 2 of 40 are expected at 5 %; more than 6 come up in one of 300 such runs.
    shown = sum(any(one.p_value <= 0.05 for one in chronic(*town(100 + seed))) for seed in range(40))
    assert shown <= 6


def test_chronic__addresses_measured_anew_for_each_event_make_no_chronic_place() -> None:
    # Each event lies a few metres off, so that hardly two share a place and all places look alike.
    rng = np.random.default_rng(12)
    shown = 0
    for seed in range(12):
        xy_m, counts = town(200 + seed, busy_street=True)
        step, address = np.nonzero(counts)
        spot_m = np.floor(xy_m[address] + rng.normal(0.0, 2.0, (address.size, 2)) + 0.5)
        places_m, place = np.unique(spot_m, axis=0, return_inverse=True)
        measured = np.zeros((STEPS, len(places_m)), np.int64)
        np.add.at(measured, (step, place.reshape(-1)), counts[step, address])
        found = chronic(places_m, measured)
        shown += any(one.p_value <= 0.05 for one in found)
        named = np.concatenate([one.places for one in found])
        assert named.size == np.unique(named).size
    assert shown <= 2


def test_chronic__is_found_in_a_town_that_is_small_enough_to_be_learned_from_it() -> None:
    # Without putting the highest circles aside 3 of these are found, as they teach what is usual here.
    found = sum(any(one.p_value <= 0.05 for one in chronic(*town(seed, raised=2.0))) for seed in range(40))
    assert found >= 5


@pytest.mark.parametrize("seed", [1, 2])
def test_chronic__looking_at_a_few_circles_first_changes_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for part in (1, 7, 100_000):
        monkeypatch.setattr("hotspot.chronic._FIRST_PART", part)
        found.append(chronic(*town(seed, raised=3.0)))
    assert len(found[0]) > 5
    assert same(found[0], found[2])
    assert same(found[1], found[2])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_median__is_that_of_numpy(values: list[float]) -> None:
    assert _median(np.array(values)) == np.median(values)
