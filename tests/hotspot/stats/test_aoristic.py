"""Claims about the hours over which incidents are spread."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.aoristic import clock_changes, hours_of_week

ZONE = ZoneInfo("Europe/Amsterdam")


def instant_s(text: str) -> int:
    """Seconds of a local time."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


def spread(start: str, end: str) -> dict[int, float]:
    """Weight by hour of the week."""
    pieces = hours_of_week(np.array([instant_s(start)]), np.array([instant_s(end)]), ZONE)
    return dict(zip(pieces.hour.tolist(), pieces.weight.tolist(), strict=True))


def test_hours_of_week__gives_a_quarter_to_each_hour_from_22_to_2() -> None:
    # METHODS 2.10; 1 July 2024 is a Monday.
    assert spread("2024-07-01 22:00", "2024-07-02 02:00") == {22: 0.25, 23: 0.25, 24: 0.25, 25: 0.25}


def test_hours_of_week__weighs_by_the_part_of_the_hour() -> None:
    assert spread("2024-07-01 08:45", "2024-07-01 10:15") == pytest.approx({8: 1 / 6, 9: 4 / 6, 10: 1 / 6})


def test_hours_of_week__gives_an_instant_whole_to_its_hour() -> None:
    assert spread("2024-07-07 23:59", "2024-07-07 23:59") == {167: 1.0}
    assert spread("2024-07-01 00:00", "2024-07-01 00:00") == {0: 1.0}


def test_hours_of_week__gives_nothing_to_the_hour_that_spring_skips() -> None:
    # 31 March 2024, a Sunday: 02:00 becomes 03:00, so that 01:00 to 04:00 lasts two hours.
    assert spread("2024-03-31 01:00", "2024-03-31 04:00") == {145: 0.5, 147: 0.5}


def test_hours_of_week__gives_both_to_the_hour_that_autumn_repeats() -> None:
    # 27 October 2024, a Sunday: 03:00 becomes 02:00, so that 01:00 to 04:00 lasts four hours.
    assert spread("2024-10-27 01:00", "2024-10-27 04:00") == {145: 0.25, 146: 0.5, 147: 0.25}


def test_hours_of_week__refuses_an_interval_that_ends_before_it_starts() -> None:
    with pytest.raises(InvalidParameter, match="ended_s"):
        hours_of_week(np.array([10]), np.array([9]), ZONE)


def test_hours_of_week__of_nothing_is_empty() -> None:
    pieces = hours_of_week(np.empty(0, np.int64), np.empty(0, np.int64), ZONE)
    assert pieces.start.tolist() == [0]
    assert pieces.hour.size == pieces.weight.size == 0


@given(
    st.integers(-(10**9), 2 * 10**9),
    st.integers(0, 86_400),
    st.sampled_from(["Europe/Amsterdam", "America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_hours_of_week__agrees_with_a_count_minute_by_minute(start_s: int, length_s: int, name: str) -> None:
    # Clocks are changed on whole minutes, so an interval of whole minutes can be counted minute by minute.
    zone, start_s, minutes = ZoneInfo(name), start_s // 60 * 60, length_s // 60
    pieces = hours_of_week(np.array([start_s]), np.array([start_s + 60 * minutes]), zone)
    expected = np.zeros(168)
    for minute in range(max(1, minutes)):
        local = dt.datetime.fromtimestamp(start_s + 60 * minute, zone)
        expected[24 * local.weekday() + local.hour] += 1 / max(1, minutes)
    assert np.bincount(pieces.hour, pieces.weight, 168) == pytest.approx(expected, abs=1e-9)


def test_clock_changes__finds_the_very_second() -> None:
    since_s, offset_s = clock_changes(instant_s("2024-01-01 00:00"), instant_s("2024-12-31 00:00"), ZONE)
    assert offset_s.tolist() == [3600, 7200, 3600]
    assert since_s[1:].tolist() == [
        int(dt.datetime(2024, 3, 31, 1, tzinfo=dt.UTC).timestamp()),
        int(dt.datetime(2024, 10, 27, 1, tzinfo=dt.UTC).timestamp()),
    ]
