"""Claims about when incidents happen."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.hot_times import HotTimes, Peak, hot_times, theme_times
from hotspot.model import Incidents
from hotspot.sample import taken
from tests.factories import texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST_MONDAY = dt.datetime(2024, 1, 1, tzinfo=ZONE)


def at(week: int, weekday: int, hour: float) -> int:
    """Seconds of an hour of a weekday (1 is Monday), so many weeks after 1 January 2024."""
    local = FIRST_MONDAY + dt.timedelta(weeks=week, days=weekday - 1, hours=hour)
    return int(local.timestamp())


def known(
    started_s: Sequence[int], *, length_s: Sequence[int] | int = 0, precision: str = "minute"
) -> Incidents:
    """Incidents of one theme at one place."""
    n = len(started_s)
    start = np.array(started_s, np.int64)
    return Incidents(
        np.arange(n, dtype=np.int64),
        np.zeros((n, 2)),
        start,
        start + np.broadcast_to(np.array(length_s, np.int64), n),
        texts([precision] * n),
        texts(["theft"] * n),
        texts(["bicycle"] * n),
        texts(["B1"] * n),
    )


def of_all(incidents: Incidents, *, seed: int = 0, replicates: int = 999) -> HotTimes:
    """Hot times of a place that holds all incidents."""
    place = np.arange(len(incidents))
    rng = np.random.default_rng(seed)
    return hot_times(incidents, [place], zone=ZONE, replicates=replicates, rng=rng)[0]


def weekend_nights(weeks: int = 12) -> Incidents:
    """Fridays and Saturdays around midnight, and now and then an afternoon."""
    nights = [at(w, 5 + w % 2, 22.2 + 2.5 * (w % 3) / 2) for w in range(weeks)]
    return known([*nights, at(1, 2, 14), at(5, 4, 9.5)])


def test_hot_times__gives_a_quarter_to_each_hour_from_22_to_2() -> None:
    found = of_all(known([at(0, 1, 22)], length_s=4 * 3600))
    assert found.hours[0, [22, 23]].tolist() == [0.25, 0.25]
    assert found.hours[1, [0, 1]].tolist() == [0.25, 0.25]
    assert found.hours.sum() == 1.0


def test_hot_times__leaves_out_and_counts_what_is_known_too_roughly() -> None:
    day = known([at(0, 1, 0)], precision="day")
    assert (of_all(day).incidents, of_all(day).left_out) == (0, 1)
    lengths = of_all(known([at(0, 1, 0), at(0, 2, 0)], length_s=[86_400, 86_401]))
    assert (lengths.incidents, lengths.left_out) == (1, 1)
    assert of_all(known([at(0, 1, 0)], precision="month")).left_out == 1


def test_hot_times__names_the_nights_of_the_weekend() -> None:
    found = of_all(weekend_nights())
    assert found.is_pattern
    # The window and the days hold 12 of 14; 23:27 and 00:42 lie in it as well as 22:12.
    assert found.peak == Peak((5, 6), 22, 3, 12 / 14)
    assert found.said.nl == "Vooral vrijdag en zaterdag tussen 22 en 1 uur (86\u00a0%)."
    assert found.said.en == "Mostly Friday and Saturday between 22:00 and 01:00 (86%)."


def test_hot_times__calls_the_small_hours_by_the_day_of_the_calendar() -> None:
    # At 01:30 the night of Friday is Saturday.
    found = of_all(known([at(w, 6, 1.5) for w in range(8)]))
    assert found.peak is not None
    assert found.peak.weekdays == (6,)
    assert found.peak.share == 1.0
    assert found.said.nl.startswith("Vooral zaterdag tussen ")


def test_hot_times__names_no_weekdays_without_a_pattern_in_them() -> None:
    found = of_all(known([at(w, 1 + w % 7, 15 + w % 2) for w in range(14)]))
    assert found.is_pattern
    assert found.peak == Peak(None, 15, 2, 1.0)
    assert found.said.nl == "Vooral tussen 15 en 17 uur (100\u00a0%)."


def test_hot_times__names_no_hours_without_a_pattern_in_them() -> None:
    found = of_all(known([at(w, 7, (7 + 5 * w) % 24) for w in range(24)]))
    assert found.peak is not None
    assert (found.peak.start_hour, found.peak.hours) == (6, 24)
    # Before 6 it is still Saturday's night.
    assert found.said.en == "Mostly Saturday and Sunday (100%)."
    assert "uur" not in found.said.nl


def test_hot_times__calls_the_end_of_the_day_24() -> None:
    found = of_all(known([at(w, 1 + w % 7, 22 + w % 2) for w in range(14)]))
    assert found.said.nl == "Vooral tussen 22 en 24 uur (100\u00a0%)."


def test_hot_times__sees_no_pattern_in_one_busy_night() -> None:
    # Nine in three hours of one night are one occasion; elsewhere there are three more.
    night = [at(3, 6, 22 + k / 3) for k in range(9)]
    found = of_all(known([*night, at(0, 1, 8), at(1, 3, 12), at(2, 4, 17), at(5, 2, 3)]))
    assert not found.is_pattern
    assert found.said.en == "No clear pattern in time."


def test_hot_times__says_when_there_is_too_little() -> None:
    found = of_all(known([at(w, 5, 22) for w in range(4)]))
    assert (found.p_value, found.is_pattern, found.peak) == (1.0, False, None)
    assert found.said.nl == "Te weinig momenten om een patroon te zien: 4, er zijn er 5 nodig."


def test_hot_times__of_five_in_the_same_hours_are_a_pattern() -> None:
    assert of_all(known([at(w, 1 + w, 22) for w in range(5)])).is_pattern


def test_hot_times__compares_a_place_with_its_theme() -> None:
    # The whole theme is of the evening: a place like it has a pattern, though none of its own.
    rng = np.random.default_rng(5)
    evenings = [
        at(int(w), int(d), float(h))
        for w, d, h in zip(
            rng.integers(0, 50, 300), rng.integers(1, 8, 300), rng.normal(20, 1.5, 300), strict=True
        )
    ]
    mornings = [at(w, 1 + w % 7, 8) for w in range(12)]
    incidents = known([*mornings, *evenings])
    other, like = hot_times(
        incidents, [np.arange(12), np.arange(100, 120)], zone=ZONE, rng=np.random.default_rng(1)
    )
    assert other.p_value_theme is not None
    assert like.p_value_theme is not None
    assert other.is_pattern
    assert like.is_pattern
    assert other.p_value_theme <= 0.01
    assert like.p_value_theme > 0.05


def test_hot_times__do_not_call_a_small_part_most() -> None:
    # Four of every 29 are added between 22 and 23 hours, the others lie anywhere.
    days = [at(w, 1 + w % 7, 22.5 if w % 29 < 4 else (5 * w) % 24) for w in range(290)]
    found = of_all(known(days))
    assert found.said.nl.startswith("Het meest tussen ")
    assert found.said.en.startswith("Most often between ")


def test_theme_times__has_no_theme_to_compare_with() -> None:
    found = theme_times(weekend_nights(), zone=ZONE, rng=np.random.default_rng(1))
    assert found.p_value_theme is None
    assert found.is_pattern


def test_theme_times__tests_a_draw_of_a_large_theme_and_shows_all_of_it() -> None:
    rng = np.random.default_rng(2)
    incidents = known(rng.integers(at(0, 1, 0), at(50, 1, 0), 3_000).tolist())
    found = theme_times(incidents, zone=ZONE, rng=np.random.default_rng(1))
    assert found.incidents == found.hours.sum() == 3_000
    assert not found.is_pattern


def test_hot_times__refuses_no_replicates() -> None:
    with pytest.raises(InvalidParameter, match="replicates"):
        of_all(weekend_nights(), replicates=0)


def test_hot_times__of_no_hotspots_are_none() -> None:
    assert hot_times(weekend_nights(), [], zone=ZONE, rng=np.random.default_rng(1)) == ()


@given(st.permutations(range(14)))
@settings(deadline=None, max_examples=20)
def test_hot_times__are_the_same_in_any_order(order: list[int]) -> None:
    incidents = weekend_nights()
    here, there = of_all(incidents), of_all(taken(incidents, np.array(order)))
    assert (here.p_value, here.p_value_theme, here.peak, here.said) == (
        there.p_value,
        there.p_value_theme,
        there.peak,
        there.said,
    )
    assert here.hours.tobytes() == there.hours.tobytes()


@given(st.integers(1, 200))
@settings(deadline=None, max_examples=20)
def test_hot_times__do_not_depend_on_the_week(weeks: int) -> None:
    # The clock is that of the place, so a summer's night is a winter's night.
    nights = [(w, 5 + w % 2, 22) for w in range(12)]
    here = of_all(known([at(*night) for night in nights]))
    there = of_all(known([at(w + weeks, d, h) for w, d, h in nights]))
    assert here.peak == there.peak
    assert here.hours.tolist() == there.hours.tolist()


@pytest.mark.slow
def test_hot_times__name_a_pattern_at_most_at_the_nominal_rate() -> None:
    rng, trials = np.random.default_rng(9), 1_000
    first_s, last_s = at(0, 1, 0), at(52, 1, 0)
    named = 0
    for n in (6, 30):
        starts = rng.integers(first_s, last_s, (trials, n))
        incidents = known(starts.ravel().tolist(), length_s=rng.integers(0, 43_200, trials * n).tolist())
        places = list(np.arange(trials * n).reshape(trials, n))
        outcomes = hot_times(incidents, places, zone=ZONE, replicates=199, rng=rng)
        named += sum(one.is_pattern for one in outcomes)
    # 100 of 2,000 expected, standard deviation 9.7.
    assert named <= 130


def vehicle_thefts(folder: Path) -> Incidents:
    """New York's vehicle thefts of 2014 with the interval in which each happened."""
    zone = ZoneInfo("America/New_York")
    with gzip.open(
        folder / "nyc_vehicle_thefts" / "vehicle_thefts_2014.csv.gz", "rt", encoding="utf-8"
    ) as file:
        rows = [row for row in csv.DictReader(file) if row["date_start"] and row["date_end"]]
    start, end = (
        [int(dt.datetime.fromisoformat(row[name]).replace(tzinfo=zone).timestamp()) for row in rows]
        for name in ("date_start", "date_end")
    )
    assert len(rows) == 8_715
    ordered = [(a, b - a) for a, b in zip(start, end, strict=True) if b >= a]
    return known([a for a, _ in ordered], length_s=[length for _, length in ordered])


def test_theme_times__of_new_yorks_vehicle_thefts_are_at_night(shared_data: Path) -> None:
    incidents = vehicle_thefts(shared_data)
    found = theme_times(incidents, zone=ZoneInfo("America/New_York"), rng=np.random.default_rng(1))
    assert found.is_pattern
    assert found.incidents + found.left_out == len(incidents)
    # A fifth of the intervals are longer than a day.
    assert found.left_out / len(incidents) == pytest.approx(0.2, abs=0.03)
    assert found.peak is not None
    assert found.peak.start_hour in {0, 1, 2}
    assert 0.17 <= found.peak.share <= 0.25
    # Aoristic weights blur: the night's share is above an even one and far from all.
    by_hour = found.hours.sum(axis=0) / found.incidents
    assert by_hour[10:14].max() < 1 / 24 < by_hour[0:4].min()
