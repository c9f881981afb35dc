import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspot.backing import Backing, backing, pooled, together
from hotspot.errors import InvalidParameter
from hotspot.stats.accuracy import accuracy, wilson_interval
from hotspot.weeks import Week

WEEK = Week(2026, 30)
CITY_M2 = 1e6
NOWHERE = np.empty((0, 2))


def cell(column: int, row: int, n: int) -> NDArray[np.float64]:
    """So many incidents in the middle of a cell."""
    return np.tile([100.0 * column + 50, 100.0 * row + 50], (n, 1))


def judged(
    *footprints: BaseGeometry,
    new: NDArray[np.float64],
    past: NDArray[np.float64] = NOWHERE,
    age: NDArray[np.int64] | None = None,
    week: Week = WEEK,
    city_m2: float = CITY_M2,
) -> Backing:
    return backing(
        footprints,
        new,
        past_xy_m=past,
        past_age_weeks=np.zeros(len(past), np.int64) if age is None else age,
        theme="theft",
        week=week,
        listed_week=WEEK.plus(-1),
        city_m2=city_m2,
    )


def test_backing__by_hand() -> None:
    # 20 of 100 on 3 % of the city: the example of METHODS 2.13.
    new = np.concatenate([cell(1, 1, 20), cell(8, 8, 80)])
    row = judged(shapely.box(100, 100, 200, 400), new=new)
    expected = accuracy(20, 100, selected_m2=3, total_m2=100)
    assert row.listed is not None
    assert (row.incidents, row.listed.hits, row.listed.hit_rate, row.area_m2) == (100, 20, 0.2, 30_000)
    assert row.listed.pai == pytest.approx(float(expected.pai))
    assert (row.listed.lower, row.listed.upper) == pytest.approx(
        (float(expected.hit_rate_lower), float(expected.hit_rate_upper))
    )
    assert "100 nieuwe incidenten vielen er 20 (20 %)" in row.said.nl
    assert "vorige week" in row.said.nl
    assert row.weeks_ahead == 1


def test_backing__overlapping_hotspots_count_once_and_a_border_is_inside() -> None:
    row = judged(
        shapely.box(0, 0, 100, 100), shapely.box(50, 0, 150, 100), new=np.array([[75.0, 50.0], [150.0, 50.0]])
    )
    assert row.area_m2 == 15_000
    assert row.listed is not None
    assert row.listed.hits == 2


def test_backing__a_rival_has_the_very_area_of_the_list_and_part_of_the_hits_of_its_last_cell() -> None:
    past = np.concatenate([cell(5, 5, 3), cell(6, 5, 2), cell(7, 5, 1)])
    new = np.concatenate([cell(5, 5, 4), cell(6, 5, 6), cell(9, 9, 10)])
    row = judged(shapely.box(0, 0, 150, 100), new=new, past=past)
    assert row.naive_12 is not None
    assert row.naive_12.hits == 4 + 0.5 * 6
    assert row.naive_12.hit_rate == 7 / 20
    assert row.naive_12.pai == pytest.approx(7 / 20 / 0.015)
    row = judged(shapely.box(0, 0, 155, 100), new=new[:15], past=past)
    assert row.naive_12 is not None
    low, high = wilson_interval([7, 8], 15).lower.tolist()
    assert row.naive_12.hits == pytest.approx(7.3)
    assert row.naive_12.lower == pytest.approx(0.7 * low + 0.3 * high)


def test_backing__the_rivals_count_12_and_52_weeks_and_nothing_older_or_later() -> None:
    past = np.concatenate([cell(1, 0, 5), cell(2, 0, 3), cell(3, 0, 9), cell(4, 0, 9)])
    age = np.repeat([20, 11, 52, -1], [5, 3, 9, 9])
    new = np.concatenate([cell(1, 0, 1), cell(2, 0, 2), cell(3, 0, 4), cell(4, 0, 8)])
    row = judged(shapely.box(500, 500, 600, 600), new=new, past=past, age=age)
    assert row.naive_12 is not None
    assert row.naive_52 is not None
    assert (row.naive_12.hits, row.naive_52.hits) == (2, 1)


def test_backing__ties_go_by_the_other_count_then_from_west_to_east_and_south_to_north() -> None:
    new = np.concatenate([cell(3, 3, 1), cell(2, 4, 2), cell(2, 3, 4), cell(9, 9, 8)])
    spot = shapely.box(500, 500, 600, 600)
    row = judged(spot, new=new, past=np.concatenate([cell(3, 3, 1), cell(2, 4, 1), cell(2, 3, 1)]))
    assert row.naive_12 is not None
    assert row.naive_12.hits == 4
    past = np.concatenate([cell(2, 3, 1), cell(3, 3, 1), cell(3, 3, 1)])
    row = judged(spot, new=new, past=past, age=np.array([0, 0, 30]))
    assert row.naive_12 is not None
    assert row.naive_12.hits == 1


def test_backing__what_the_known_cells_leave_comes_from_the_others_in_proportion() -> None:
    # A hectare is known; the list has 12, so that 11 of the other 99 are taken.
    new = np.concatenate([cell(1, 1, 5), cell(9, 9, 9)])
    row = judged(shapely.box(0, 0, 400, 300), new=new, past=cell(1, 1, 3))
    assert row.naive_52 is not None
    assert row.naive_52.hits == pytest.approx(5 + 9 * 11 / 99)
    row = judged(shapely.box(0, 0, 1000, 1000), new=new, past=cell(1, 1, 3))
    assert row.naive_52 is not None
    assert row.naive_52.hits == pytest.approx(14)
    assert row.naive_52.pai == pytest.approx(1.0)
    row = judged(shapely.box(0, 0, 110, 50), new=new, past=NOWHERE, city_m2=5_500)
    assert row.naive_12 is not None
    assert row.naive_12.hits == pytest.approx(14)


def test_backing__an_empty_list_and_an_empty_week_have_no_rate_and_say_so() -> None:
    row = judged(new=cell(1, 1, 5))
    assert (row.listed, row.naive_12, row.naive_52, row.area_m2, row.incidents) == (None, None, None, 0.0, 5)
    assert row.said.nl == "De lijst van vorige week was leeg. Er is dus geen trefkans."
    row = judged(shapely.box(0, 0, 1, 1), new=NOWHERE, week=WEEK.plus(2))
    assert (row.listed, row.weeks_ahead) == (None, 3)
    assert row.said.en == "There were no new incidents, so there is no hit rate."


@pytest.mark.parametrize("ahead", [-1, 4])
def test_backing__refuses_weeks_that_do_not_follow(ahead: int) -> None:
    with pytest.raises(InvalidParameter, match="1 to 4 weeks later"):
        judged(new=NOWHERE, week=WEEK.plus(ahead))


def test_backing__refuses_a_city_smaller_than_its_hotspots() -> None:
    with pytest.raises(InvalidParameter, match="city_m2"):
        judged(shapely.box(0, 0, 10, 10), new=cell(0, 0, 1), city_m2=99.0)


def some(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1000, (30, 2)), rng.uniform(0, 1000, (300, 2)), rng.integers(0, 60, 300)


@given(st.integers(0, 999), st.integers(-50, 50), st.integers(-50, 50))
def test_backing__does_not_care_about_order_or_whole_cells_of_shift(seed: int, east: int, north: int) -> None:
    new, past, age = some(1)
    spot = shapely.box(100, 200, 350, 310)
    here = judged(spot, new=new, past=past, age=age)
    turn = np.random.default_rng(seed).permutation(300)
    moved = np.array([100.0 * east, 100.0 * north])
    there = judged(
        shapely.affinity.translate(spot, *moved),
        new=new[::-1] + moved,
        past=past[turn] + moved,
        age=age[turn],
    )
    assert there.listed == here.listed
    assert there.naive_12 == here.naive_12
    assert there.naive_52 == here.naive_52


def test_backing__hotspots_at_random_have_a_pai_of_1() -> None:
    rng = np.random.default_rng(4)
    hits = []
    for _ in range(300):
        corner = rng.integers(0, 90, 2) * 10.0
        row = judged(
            shapely.box(*corner, *(corner + 100)), new=rng.uniform(0, 1000, (40, 2)), past=some(2)[1]
        )
        assert row.listed is not None
        assert row.naive_52 is not None
        hits.append([row.listed.pai, row.naive_52.pai])
    assert np.mean(hits, axis=0) == pytest.approx([1.0, 1.0], abs=0.2)


@pytest.mark.benchmark
def test_backing__of_a_theme_and_week_takes_less_than_ten_milliseconds() -> None:
    rng = np.random.default_rng(6)
    new, past = rng.uniform(0, 8_000, (400, 2)), rng.uniform(0, 8_000, (20_000, 2))
    age = rng.integers(0, 52, 20_000)
    spots = [shapely.Point(xy).buffer(90) for xy in rng.uniform(0, 8_000, (20, 2))]
    times = []
    for _ in range(5):
        began = time.process_time()
        judged(*spots, new=new, past=past, age=age, city_m2=64e6)
        times.append(time.process_time() - began)
    assert min(times) < 0.03  # Three times the aim: machines differ.


def rows(n: int, *, seed: int = 3) -> list[Backing]:
    rng = np.random.default_rng(seed)
    made = []
    for back in range(n):
        new = np.concatenate([cell(1, 1, int(rng.integers(2, 8))), cell(5, 5, int(rng.integers(8, 20)))])
        made.append(
            backing(
                [shapely.box(100, 100, 200, 200)],
                new,
                past_xy_m=cell(7, 7, 2),
                past_age_weeks=np.zeros(2, np.int64),
                theme="theft",
                week=WEEK.plus(-back),
                listed_week=WEEK.plus(-back - 1),
                city_m2=CITY_M2,
            )
        )
    return made


def test_pooled__adds_up_weeks_and_leaves_out_those_without_a_list() -> None:
    weeks = rows(10)
    empty = judged(new=cell(1, 1, 5), week=WEEK.plus(1), city_m2=CITY_M2)
    without = Backing(**{name: getattr(empty, name) for name in Backing.__slots__} | {"listed_week": WEEK})
    all_of_them = pooled([*weeks, without], rng=np.random.default_rng(1))
    assert (all_of_them.weeks, all_of_them.weeks_without) == (10, 1)
    assert all_of_them.incidents == sum(row.incidents for row in weeks)
    hits = sum(row.listed.hits for row in weeks if row.listed is not None)
    assert all_of_them.listed is not None
    assert all_of_them.listed.hits == hits
    assert all_of_them.listed.hit_rate == pytest.approx(hits / all_of_them.incidents)
    assert all_of_them.listed.pai == pytest.approx(hits / all_of_them.incidents / 0.01)
    assert all_of_them.listed.lower < all_of_them.listed.hit_rate < all_of_them.listed.upper
    assert all_of_them.over_52 is not None
    assert all_of_them.over_52.difference == pytest.approx(all_of_them.listed.hit_rate)
    assert all_of_them.over_52.lower is not None
    assert all_of_them.over_52.lower > 0
    assert pooled(weeks[::-1], rng=np.random.default_rng(1)) == pooled(weeks, rng=np.random.default_rng(1))


def test_pooled__few_weeks_have_wilsons_interval_and_no_week_nothing() -> None:
    weeks = rows(3)
    few = pooled(weeks, rng=np.random.default_rng(1))
    assert few.listed is not None
    interval = wilson_interval(few.listed.hits, few.incidents)
    assert (few.listed.lower, few.listed.upper) == (float(interval.lower), float(interval.upper))
    assert few.over_12 is not None
    assert few.over_12.lower is None
    none = pooled([judged(new=cell(1, 1, 5))], rng=np.random.default_rng(1))
    assert (none.weeks, none.weeks_without, none.listed, none.over_12) == (0, 1, None, None)


def test_pooled__refuses_what_does_not_belong_together() -> None:
    weeks = rows(2)
    for wrong in ([], [weeks[0], weeks[0]], [weeks[0], judged(new=NOWHERE, week=WEEK.plus(1))]):
        with pytest.raises(InvalidParameter, match="rows must be of one theme"):
            pooled(wrong, rng=np.random.default_rng(1))


def of_theme(theme: str, footprints: list[BaseGeometry], new: NDArray[np.float64]) -> Backing:
    """One theme's list, with two past incidents, in a city of a hundred cells."""
    past = np.concatenate([cell(0, 0, 1), cell(9, 9, 1)])
    return backing(
        footprints,
        new,
        past_xy_m=past,
        past_age_weeks=np.zeros(2, np.int64),
        theme=theme,
        week=WEEK.plus(1),
        listed_week=WEEK,
        city_m2=CITY_M2,
    )


def test_together__adds_up_theme_by_theme() -> None:
    theft = of_theme("theft", [shapely.box(0, 0, 100, 100)], np.concatenate([cell(0, 0, 2), cell(9, 9, 1)]))
    arson = of_theme("arson", [], cell(0, 0, 1))
    both = together([theft, arson], theme="all")
    assert theft.naive_12 is not None
    assert both.listed is not None
    assert both.naive_12 is not None
    # An incident of arson cannot hit a hotspot of theft, and nobody gets area for a theme without a list.
    assert (both.incidents, both.listed.hits) == (4, 2.0)
    assert both.area_m2 == pytest.approx(0.75 * 1e4)
    assert both.listed.pai == pytest.approx(2 / (3 * 0.01))
    assert both.naive_12.hits == theft.naive_12.hits


def test_together__of_empty_lists_has_no_rate_and_refuses_a_theme_twice() -> None:
    empty = of_theme("theft", [], cell(0, 0, 3))
    both = together([empty], theme="all")
    assert (both.listed, both.incidents) == (None, 3)
    assert "empty" in both.said.en
    with pytest.raises(InvalidParameter, match="distinct themes"):
        together([empty, empty], theme="all")
    with pytest.raises(InvalidParameter, match="got 0"):
        together([], theme="all")
