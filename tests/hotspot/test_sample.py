import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.model import Incidents
from hotspot.sample import SAME_EVENT_S, coverage, is_dated, middle_s, sample, taken
from hotspot.weeks import Week

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WEEK = Week(2024, 30)
NOON_S = int(dt.datetime(2024, 7, 24, 12, tzinfo=AMSTERDAM).timestamp())
HOUR_S = 3600
DAY_S = 24 * HOUR_S


def incidents(
    *started_s: int, xy_m: list[tuple[float, float]] | None = None, hours: int = 0, precision: str = "minute"
) -> Incidents:
    n = len(started_s)
    start = np.array(started_s, np.int64)
    return Incidents(
        key=np.arange(n, dtype=np.int64),
        xy_m=np.array(xy_m if xy_m is not None else [(0.0, 0.0)] * n, float).reshape(n, 2),
        started_s=start,
        ended_s=start + hours * HOUR_S,
        precision=np.full(n, precision, object),
        theme=np.full(n, "theft", object),
        subtheme=np.full(n, "bicycle", object),
        neighbourhood=np.full(n, "B0101", object),
    )


def test_coverage__of_nothing_is_none() -> None:
    assert coverage(np.empty(0, np.int64)) is None


def test_coverage__leaves_out_strays() -> None:
    # As in St. Louis: incidents of 2010 reported in 2010, and a few that 'occurred' years before.
    real = np.repeat(np.arange(2086, 2112), 1000)
    strays = np.arange(2050, 2086)
    run = coverage(np.concatenate([strays, strays, real]))
    assert run is not None
    assert (run.first.ordinal, run.last.ordinal) == (2086, 2111)


def test_coverage__a_lull_is_no_gap_and_a_missing_month_is() -> None:
    lull = np.repeat([2000, 2001, 2004, 2005], 10)
    gap = np.repeat([2000, 2001, 2006, 2007], 10)
    assert [run and (run.first.ordinal, run.last.ordinal) for run in (coverage(lull), coverage(gap))] == [
        (2000, 2005),
        (2006, 2007),
    ]


def test_coverage__a_campaign_does_not_hide_the_weeks_before() -> None:
    counts = np.full(40, 30)
    counts[-3:] = 120
    run = coverage(np.repeat(np.arange(2000, 2040), counts))
    assert run is not None
    assert run.first.ordinal == 2000


def test_is_dated__refuses_months_and_intervals_wider_than_the_window() -> None:
    assert is_dated(incidents(NOON_S, hours=4 * 168), within_weeks=4).all()
    assert not is_dated(incidents(NOON_S, hours=4 * 168 + 1), within_weeks=4).any()
    assert not is_dated(incidents(NOON_S, precision="month"), within_weeks=4).any()
    assert is_dated(incidents(NOON_S, precision="day"), within_weeks=4).all()


def test_sample__the_middle_of_the_interval_decides_the_week() -> None:
    monday_s = int(WEEK.bounds(AMSTERDAM)[0].timestamp())
    # Begun on Sunday evening: the middle lies before or after midnight.
    early = sample(incidents(monday_s - 6 * HOUR_S, hours=10), WEEK, weeks=2, zone=AMSTERDAM)
    late = sample(incidents(monday_s - 6 * HOUR_S, hours=12), WEEK, weeks=2, zone=AMSTERDAM)
    assert (early.age_weeks.tolist(), late.age_weeks.tolist()) == ([1], [0])
    assert middle_s(incidents(monday_s, hours=2)).tolist() == [monday_s + HOUR_S]


def test_sample__holds_the_weeks_that_were_asked_for_only() -> None:
    told = incidents(*(NOON_S - 7 * DAY_S * age for age in (-1, 0, 1, 2, 3)))
    assert sample(told, WEEK, weeks=3, zone=AMSTERDAM).age_weeks.tolist() == [0, 1, 2]


def test_sample__places_are_distinct_to_the_metre() -> None:
    told = incidents(*[NOON_S] * 4, xy_m=[(0.2, -0.3), (-0.4, 0.1), (1.0, 0.0), (0.0, 1.0)])
    places = sample(told, WEEK, weeks=1, zone=AMSTERDAM)
    assert places.places_m.tolist() == [[0, 0], [0, 1], [1, 0]]
    assert places.place.tolist() == [0, 0, 2, 1]


def test_sample__five_rows_of_one_quarrel_are_one_event() -> None:
    told = incidents(*[NOON_S] * 5, NOON_S + SAME_EVENT_S, NOON_S + SAME_EVENT_S + 1)
    events = sample(told, WEEK, weeks=1, zone=AMSTERDAM)
    assert events.is_event.tolist() == [True, False, False, False, False, False, True]
    assert events.events() == 2


def test_sample__a_place_where_there_is_always_one_within_hours_is_not_one_event() -> None:
    told = incidents(*(NOON_S - 2 * DAY_S + hour * HOUR_S for hour in range(0, 48, 4)))
    events = sample(told, WEEK, weeks=1, zone=AMSTERDAM)
    assert events.events(within_weeks=1) == 6


def test_sample__the_same_hour_at_two_places_is_two_events() -> None:
    told = incidents(NOON_S, NOON_S, xy_m=[(0, 0), (50, 0)])
    assert sample(told, WEEK, weeks=1, zone=AMSTERDAM).events() == 2


@pytest.mark.parametrize(("apart_m", "events"), [(0.0, 1), (15.0, 1), (15.1, 2)])
def test_sample__one_address_written_in_two_ways_is_one_event(apart_m: float, events: int) -> None:
    told = incidents(NOON_S, NOON_S + HOUR_S, xy_m=[(0.0, 0.0), (0.6 * apart_m, 0.8 * apart_m)])
    assert sample(told, WEEK, weeks=1, zone=AMSTERDAM).events() == events


def test_sample__a_row_of_addresses_is_not_one_event() -> None:
    # Each lies within reach of the one before, yet only the second belongs to the first one's event.
    told = incidents(*[NOON_S] * 4, xy_m=[(0, 0), (10, 0), (20, 0), (30, 0)])
    assert sample(told, WEEK, weeks=1, zone=AMSTERDAM).is_event.tolist() == [True, False, True, False]


@pytest.mark.parametrize("east_m", [0, 1, 1_000_001])
def test_sample__which_addresses_are_one_place_does_not_depend_on_the_origin(east_m: int) -> None:
    told = incidents(*[NOON_S] * 4, xy_m=[(east_m + x_m, 0.0) for x_m in (0.5, 1.0, 1.5, 2.5)])
    places = sample(told, WEEK, weeks=1, zone=AMSTERDAM)
    assert (places.places_m[:, 0] - east_m).tolist() == [1, 2, 3]
    assert places.place.tolist() == [0, 0, 1, 2]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30), st.integers(0, 1000))
@settings(deadline=None)
def test_sample__does_not_care_about_the_order_of_rows(hours: list[int], seed: int) -> None:
    told = incidents(
        *(NOON_S - hour * HOUR_S for hour in hours), xy_m=[(float(hour % 3), 0.0) for hour in hours]
    )
    shuffled = taken(told, np.random.default_rng(seed).permutation(len(hours)))
    one, other = (sample(rows, WEEK, weeks=2, zone=AMSTERDAM) for rows in (told, shuffled))
    assert np.array_equal(one.incidents.key, other.incidents.key)
    assert np.array_equal(one.is_event, other.is_event)
    assert np.array_equal(one.place, other.place)


@pytest.mark.parametrize("hours", [1, 5])
def test_sample__an_event_lasts_from_its_beginning(hours: int) -> None:
    told = incidents(NOON_S, NOON_S + hours * HOUR_S)
    assert sample(told, WEEK, weeks=1, zone=AMSTERDAM).events() == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, -3000.0, 6e6]))
def test_sample__lists_places_by_x_and_then_y(seed: int, origin_m: float) -> None:
    rng = np.random.default_rng(seed)
    xy_m = rng.integers(-12, 12, (80, 2)) / 4 + origin_m
    taken_in = sample(
        incidents(*[NOON_S] * 80, xy_m=[(x, y) for x, y in xy_m.tolist()]), WEEK, weeks=1, zone=AMSTERDAM
    )
    whole, number = np.unique(np.floor(xy_m + 0.5), axis=0, return_inverse=True)
    assert taken_in.places_m.tolist() == whole.tolist()
    assert taken_in.place.tolist() == number.reshape(-1).tolist()
