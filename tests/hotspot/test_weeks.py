"""Claims about ISO weeks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidWeek
from hotspot.weeks import Week, week_ordinals, week_range

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = st.sampled_from(["Europe/Amsterdam", "America/Chicago", "Asia/Kolkata", "Pacific/Apia", "UTC"])
DAYS = st.dates(dt.date(1971, 1, 1), dt.date(2300, 1, 1))


def test_week__follows_the_iso_standard_around_new_year() -> None:
    assert str(Week.containing(dt.date(2010, 1, 3))) == "2009-W53"
    assert str(Week.containing(dt.date(2010, 1, 4))) == "2010-W01"
    assert str(Week.containing(dt.date(2024, 12, 30))) == "2025-W01"


@pytest.mark.parametrize(
    "text", ["2010-30", "2010-W3", "W30", "", "2010-W00", "2010-W54", "2010-w30", "٢٠١٠-W30"]
)
def test_parse__refuses_what_is_no_week(text: str) -> None:
    with pytest.raises(InvalidWeek):
        Week.parse(text)


@given(st.text())
def test_parse__any_text_parses_or_raises_our_error(text: str) -> None:
    try:
        assert str(Week.parse(text)).replace("-", "") == text.replace("-", "")
    except InvalidWeek as error:
        assert str(error)


@pytest.mark.parametrize("year", [1969, 9999, 0, -5])
def test_week__refuses_years_that_have_no_bounds(year: int) -> None:
    with pytest.raises(InvalidWeek):
        Week(year, 1)


@given(DAYS)
def test_week__prints_what_it_parses(day: dt.date) -> None:
    week = Week.containing(day)
    assert Week.parse(str(week)) == week
    assert Week.from_ordinal(week.ordinal) == week
    assert week.monday <= day <= week.sunday


@given(DAYS, st.integers(-300, 300))
def test_plus__moves_by_whole_weeks(day: dt.date, weeks: int) -> None:
    week = Week.containing(max(day, dt.date(1980, 1, 1)))
    assert (week.plus(weeks).monday - week.monday).days == 7 * weeks
    assert (week < week.plus(weeks)) == (weeks > 0)


@pytest.mark.parametrize(("week", "hours"), [("2025-W13", 167), ("2025-W43", 169), ("2025-W20", 168)])
def test_bounds__know_the_changes_of_the_clock(week: str, hours: int) -> None:
    start, end = Week.parse(week).bounds(AMSTERDAM)
    assert end - start == dt.timedelta(hours=hours)


@given(DAYS, ZONES)
def test_bounds__of_neighbouring_weeks_touch(day: dt.date, zone: str) -> None:
    week = Week.containing(day)
    assert week.bounds(ZoneInfo(zone))[1] == week.plus(1).bounds(ZoneInfo(zone))[0]


def test_week_range__holds_both_ends() -> None:
    assert [str(week) for week in week_range(Week(2009, 52), Week(2010, 2))] == [
        "2009-W52",
        "2009-W53",
        "2010-W01",
        "2010-W02",
    ]
    assert week_range(Week(2010, 2), Week(2010, 1)) == []


@given(st.lists(st.integers(31_536_000, 4_102_444_800), min_size=1, max_size=20), ZONES)
def test_week_ordinals__agree_with_the_calendar_one_by_one(instants_s: list[int], zone: str) -> None:
    found = week_ordinals(np.array(instants_s), ZoneInfo(zone))
    local = [dt.datetime.fromtimestamp(instant_s, ZoneInfo(zone)) for instant_s in instants_s]
    assert found.tolist() == [Week.containing(clock.date()).ordinal for clock in local]


def test_week_ordinals__of_nothing_are_nothing() -> None:
    assert week_ordinals(np.empty(0, np.int64), AMSTERDAM).size == 0
