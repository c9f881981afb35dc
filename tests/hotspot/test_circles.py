"""The circles of the search, against a plain loop over all of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.circles import read_circles, search_each
from hotspot.cluster.rings import rings
from hotspot.field import LEAST_RATIO, RING_SHIFT, Field, Plan, limits_of, scratch, with_ring, worth_a_look
from hotspot.stats.scan import log_likelihood_ratio

PLAN = Plan(
    weeks=np.array([1, 2, 4]),
    radii_m=np.array([30.0, 60.0, 120.0]),
    min_incidents=2,
    lead_incidents=20.0,
    kept=6,
)


def within(xy_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which places lie in which circle, shape (rings, n, n)."""
    apart_m = np.hypot(*(xy_m[:, None] - xy_m[None]).transpose(2, 0, 1))
    inside: NDArray[np.bool_] = apart_m <= PLAN.radii_m[:, None, None]
    return inside


def laid(
    xy_m: NDArray[np.float64],
    place: NDArray[np.int64],
    age_weeks: NDArray[np.int64],
    *,
    area: NDArray[np.int32] | None = None,
    follower: dict[int, int] | None = None,
    chance: float = 0.0,
) -> Field:
    """A field from events, by plain sums; `follower` names who follows whom, all with the same chance."""
    n, longest = len(xy_m), int(PLAN.weeks[-1])
    area = np.zeros(n, np.int32) if area is None else area
    total = np.bincount(place, minlength=n)
    sums = np.ascontiguousarray((within(xy_m) @ total).T)
    counts = np.zeros((n, longest), np.int64)
    recent = age_weeks < longest
    np.add.at(counts, (place[recent], age_weeks[recent]), 1)
    share = np.array([np.mean(age_weeks < weeks) for weeks in PLAN.weeks])
    follows = np.full(place.size, -1, np.int64)
    chances = np.zeros(place.size)
    for first, second in ({} if follower is None else follower).items():
        follows[first], chances[second] = second, chance
    circles = rings(xy_m, radii_m=PLAN.radii_m)
    return Field(
        start=circles.start,
        near=with_ring(circles),
        places_m=xy_m,
        total=sums,
        in_window=share * place.size,
        share=share,
        area=area,
        area_total=np.bincount(area, weights=total).astype(np.int64),
        per_week=counts.sum(axis=0),
        counts=counts,
        everyone=place.astype(np.int32),
        follower=follows,
        chance=chances,
    )


def by_loop(field: Field) -> dict[tuple[int, int, int], tuple[float, ...]]:
    """Observed, expected and likelihood ratio of each circle that reaches the least ratio."""
    inside = within(field.places_m)
    rows: dict[tuple[int, int, int], tuple[float, ...]] = {}
    for place in np.flatnonzero(field.counts.sum(axis=1)).tolist():
        for ring in range(PLAN.radii_m.size):
            for window, weeks in enumerate(PLAN.weeks.tolist()):
                observed = int(field.counts[inside[ring, place], :weeks].sum())
                if observed < PLAN.min_incidents:
                    continue
                quarter = field.area == field.area[place]
                total = int(field.total[place, ring])
                rest = max(int(field.area_total[field.area[place]]) - total, 0)
                recent = min(max(int(field.counts[quarter, :weeks].sum()) - observed, 0), rest)
                share, most = field.share[window], PLAN.lead_incidents
                lead = max((recent + most * share) / (rest + most) / share, 1.0)
                expected = total * share * lead
                least = observed * math.log(observed / expected) - (observed - expected)
                if observed > expected and least >= LEAST_RATIO:
                    everything = float(field.per_week[:weeks].sum())
                    ratio = log_likelihood_ratio(float(observed), expected, everything)
                    rows[place, ring, window] = (observed, expected, ratio)
    return rows


def some_field(seed: int) -> Field:
    rng = np.random.default_rng(seed)
    xy_m = np.unique(rng.integers(0, 60, (60, 2)) * 10, axis=0).astype(float)
    place = rng.choice(len(xy_m), size=300, p=rng.dirichlet(np.full(len(xy_m), 0.4)))
    area = (xy_m[:, 0] > 300).astype(np.int32)
    return laid(xy_m, place, rng.integers(0, 20, place.size), area=area)


def replicated(field: Field, replicates: int, *, asked_from: float = 0.0) -> NDArray[np.float64]:
    """The strongest disjoint circles of some replicates."""
    kept = np.full((replicates, PLAN.kept), np.nan)
    seeds = np.random.default_rng(3).integers(0, 2**63, replicates).astype(np.uint64)
    limits = limits_of(field, PLAN, asked_from=asked_from)
    search_each(seeds, field, PLAN, limits, scratch(field, PLAN), kept)
    return kept


def pairs(kept: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many circles each replicate holds."""
    held: NDArray[np.int64] = np.count_nonzero(kept > 0, axis=1)
    return held


def pairs_apart() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """A hundred places a kilometre apart, two events at each, six of all of the last week."""
    place = np.repeat(np.arange(100), 2)
    return np.arange(100.0)[:, None] * [1000.0, 0.0], place, np.where(np.arange(200) < 6, 0, 9)


def test_read_circles__by_hand() -> None:
    # Ten events of 80 are of the last week, four of them at one address with one event of the past.
    place = np.array([0] * 5 + [1] * 75)
    ages = np.array([0, 0, 0, 0, 9] + [0] * 6 + [9] * 69)
    rows = read_circles(laid(np.array([[0.0, 0.0], [5000.0, 0.0]]), place, ages), PLAN)
    # The lead is (6 + 20 / 8) / (75 + 20) against 1 / 8, which is below 1 and so 1. Larger circles and longer
    # windows hold nothing more; nor is the other address above what it should have.
    expected = 5 / 8
    # Inside 4 against 5/8, outside 6 against 75/8.
    ratio = 4 * math.log(4 / expected) + 6 * math.log(6 / (10 - expected))
    assert rows.tolist() == [pytest.approx([0, 0, 0, 4, expected, ratio])]


def test_read_circles__the_lead_of_a_quarter_raises_what_is_expected() -> None:
    places_m = np.array([[0.0, 0.0], [5000.0, 0.0], [9000.0, 0.0]])
    place = np.repeat([0, 1, 2], [9, 40, 300])
    ages = np.full(349, 9)
    ages[[*range(8), *range(9, 15), *range(49, 53)]] = 0
    one = read_circles(laid(places_m, place, ages), PLAN)
    two = read_circles(laid(places_m, place, ages, area=np.array([0, 0, 1], np.int32)), PLAN)
    share = 18 / 349
    assert two[0, 4] / one[0, 4] == pytest.approx((6 + 20 * share) / (40 + 20) / share)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_read_circles__gives_what_a_loop_over_all_circles_gives(seed: int) -> None:
    field = some_field(seed)
    everything = by_loop(field)
    rows = read_circles(field, PLAN)
    keys = [(int(row[0]), int(row[1]), int(row[2])) for row in rows]
    assert len(set(keys)) == len(keys)
    for key, row in zip(keys, rows, strict=True):
        assert row[3:].tolist() == pytest.approx(everything[key])
    # What is passed over has a smaller circle or a shorter window with the same events, not expected more.
    for place, ring, window in set(everything) - set(keys):
        observed, expected, _ = everything[place, ring, window]
        assert any(
            key[0] == place
            and key[1] <= ring
            and key[2] <= window
            and everything[key][0] == observed
            and everything[key][1] <= expected * (1 + 1e-12)
            for key in everything
            if key != (place, ring, window)
        )


def test_search_each__replicates_hold_as_many_events_in_each_week_as_the_data() -> None:
    # Each place has one event, so a pair in a replicate would be an event drawn twice.
    n = 60
    field = laid(
        np.arange(float(n))[:, None] * [1000.0, 0.0], np.arange(n), np.where(np.arange(n) < 20, 0, 9)
    )
    assert pairs(replicated(field, 30)).tolist() == [0] * 30
    # All in one circle: it always holds just what it should.
    alone = laid(np.array([[0.0, 0.0]]), np.zeros(n, np.int64), np.where(np.arange(n) < 20, 0, 9))
    assert pairs(replicated(alone, 30)).tolist() == [0] * 30


def test_search_each__replicates_depend_on_their_own_seed_only() -> None:
    field = some_field(8)
    assert np.array_equal(replicated(field, 40)[:7], replicated(field, 7))


def test_search_each__a_follower_comes_with_the_one_that_it_follows() -> None:
    places_m, place, ages = pairs_apart()
    follower = {2 * pair: 2 * pair + 1 for pair in range(100)}
    together = replicated(laid(places_m, place, ages, follower=follower, chance=1.0), 60)
    apart = replicated(laid(places_m, place, ages), 60)
    # Six events are drawn: three whole pairs, or, by chance, hardly ever two of one pair.
    assert np.all(pairs(together) == 3)
    assert pairs(apart).mean() < 0.5
    # Each pair holds 2 where 6 / 200 of 2 are expected, and the other pairs 4 where 5.94 are.
    assert np.allclose(together[:, :3], 2 * math.log(2 / 0.06) + 4 * math.log(4 / 5.94))


def test_search_each__a_follower_comes_as_often_as_its_chance_says() -> None:
    places_m, place, ages = pairs_apart()
    follower = {2 * pair: 2 * pair + 1 for pair in range(100)}
    found = []
    for chance in (0.0, 0.3, 0.6, 1.0):
        field = laid(places_m, place, ages, follower=follower, chance=chance)
        found.append(pairs(replicated(field, 400)).mean())
    assert found == sorted(found)
    assert 0.5 < found[1] < found[2] < 2.5


def test_search_each__a_replicate_remembers_its_strongest_circles_first() -> None:
    kept = replicated(some_field(9), 40)
    assert np.all(np.diff(kept, axis=1) <= 0)
    assert np.all((kept == 0) | (kept >= LEAST_RATIO))


@pytest.mark.parametrize("seed", range(4))
def test_search_each__what_is_asked_for_does_not_depend_on_what_is_not(seed: int) -> None:
    field = some_field(seed)
    everything = replicated(field, 60)
    for asked_from in (0.7, 1.5, 3.0):
        kept = replicated(field, 60, asked_from=asked_from)
        strong = everything * (everything >= asked_from)
        assert np.array_equal(kept * (kept >= asked_from), strong)
        # And little else is looked at: what is left is there by the slack of the bound.
        assert np.count_nonzero(kept) < np.count_nonzero(everything)


@pytest.mark.parametrize("windows", [1, 4, 5, 8])
def test_read_circles__counts_side_by_side_as_one_by_one(
    windows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    xy_m, weeks = np.array([[0.0, 0.0], [50.0, 0.0]]), np.arange(1, windows + 1)
    ages = np.tile(np.arange(windows), 6)
    place = np.arange(ages.size) % 2
    rows = []
    for few in (1 << 15, 0):
        monkeypatch.setattr("hotspot.field._FEW_EVENTS", few)
        plan = PLAN._replace(weeks=weeks, min_incidents=1)
        counts = np.zeros((2, windows), np.int64)
        np.add.at(counts, (place, ages), 1)
        near = laid(xy_m, place, ages + 4)
        # Far more events elsewhere and before, so that each circle is worth a look.
        many = near._replace(
            counts=counts,
            per_week=counts.sum(axis=0),
            share=weeks / 1e4,
            in_window=np.multiply(weeks, 6.0, dtype=np.float64),
        )
        rows.append(read_circles(many, plan))
    assert np.array_equal(rows[0], rows[1])
    widest = rows[0][(rows[0][:, 1] == 2) | (rows[0][:, 1] == 1)]
    assert {(int(window), int(observed)) for window, observed in widest[:, [2, 3]]} == {
        (window, 6 * (window + 1)) for window in range(windows)
    }


def test_search_each__of_no_recent_event() -> None:
    field = laid(np.array([[0.0, 0.0]]), np.zeros(5, np.int64), np.full(5, 9))
    assert pairs(replicated(field, 3)).tolist() == [0, 0, 0]
    assert read_circles(field, PLAN).shape == (0, 6)


def test_worth_a_look__is_where_the_likelihood_ratio_is_reached() -> None:
    for observed, enough in enumerate(worth_a_look(100)[1:200].tolist(), start=1):
        more = enough * (1 + 1e-6)
        assert observed * math.log(observed / enough) - (observed - enough) >= LEAST_RATIO - 1e-9
        assert observed * math.log(observed / more) - (observed - more) < LEAST_RATIO


def test_with_ring__tells_place_and_ring() -> None:
    circles = rings(np.array([[0.0, 0.0], [20.0, 0.0], [100.0, 0.0]]), radii_m=PLAN.radii_m)
    near = with_ring(circles)
    assert (near & ((1 << RING_SHIFT) - 1)).tolist() == circles.place.tolist()
    assert (near >> RING_SHIFT).tolist() == [0, 0, 2, 0, 0, 2, 0, 2, 2]
