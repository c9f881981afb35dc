import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.cusum import THRESHOLD, Transform, cusum, cusum_after_training

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=40)


def test_cusum__is_that_of_surveillance(shared_data: Path) -> None:
    values = json.loads((shared_data / "reference" / "published_values.json").read_text())["cusum"]
    chart = cusum(values["x"], expected=values["m"])
    assert chart.total == pytest.approx(values["S"], abs=1e-9)
    assert chart.alarm.tolist() == [False] * 6 + [values["alarm_last"]]


def test_cusum__bound_by_hand() -> None:
    # From 0 a single count must be 3.3 standard deviations of 2 above 4: 10.6, hence 11.
    chart = cusum([4, 11], expected=4)
    assert chart.upper_bound.tolist() == [11, 11]
    assert chart.alarm.tolist() == [False, True]


def test_cusum__rossi_by_hand() -> None:
    # x = 9, m = 4: (9 - 12 + 2 * 6) / 4 = 2.25.
    chart = cusum([9], expected=4, transform="rossi", reference=1.0)
    assert chart.total[0] == pytest.approx(1.25)


@given(COUNTS, st.sampled_from(["standard", "rossi"]), st.floats(0.5, 20))
def test_cusum__alarms_from_its_bound_on(counts: list[int], transform: Transform, expected: float) -> None:
    chart = cusum(counts, expected=expected, transform=transform)
    clear = np.abs(chart.total - THRESHOLD) > 1e-9
    assert np.array_equal(chart.alarm[clear], (np.array(counts) >= chart.upper_bound - 1e-9)[clear])


@given(COUNTS, st.integers(0, 39))
def test_cusum__does_not_fall_when_a_count_grows(counts: list[int], week: int) -> None:
    more = list(counts)
    more[week % len(counts)] += 1
    for transform in ("standard", "rossi"):
        fewer_total = cusum(counts, expected=5, transform=transform).total
        assert (cusum(more, expected=5, transform=transform).total >= fewer_total).all()


def test_cusum__areas_do_not_see_each_other() -> None:
    counts = np.random.default_rng(3).poisson(4, (5, 30))
    expected = np.array([[2.0], [3.0], [4.0], [5.0], [6.0]])
    both = cusum(counts, expected=expected)
    for area in range(5):
        alone = cusum(counts[area], expected=float(expected[area, 0]))
        assert np.array_equal(both.total[area], alone.total)


def test_cusum_after_training__takes_the_mean_of_the_first_weeks() -> None:
    chart = cusum_after_training([3, 5, 4, 4, 6, 7, 8, 9], training_weeks=4)
    assert np.array_equal(chart.total, cusum([6, 7, 8, 9], expected=4).total)
    assert chart.expected.tolist() == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("counts", "training_weeks", "message"),
    [
        ([0, 0, 3], 2, "at least one incident per area"),
        ([1, 2], 2, "fewer than the 2 weeks, got 2"),
        ([1, 2], 0, "training_weeks must be at least 1, got 0"),
    ],
)
def test_cusum_after_training__refuses(counts: list[int], training_weeks: int, message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        cusum_after_training(counts, training_weeks=training_weeks)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"expected": 0}, "expected must be positive"),
        ({"expected": 1, "threshold": 0}, "threshold must be positive"),
        ({"expected": 1, "reference": -1}, "reference must not be negative"),
        ({"expected": 1, "transform": "log"}, "'standard' or 'rossi', got 'log'"),
    ],
)
def test_cusum__refuses(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        cusum([1, 2], **options)


def test_cusum__refuses_a_single_number_and_takes_no_week_at_all() -> None:
    with pytest.raises(InvalidParameter, match="series of weeks"):
        cusum(3, expected=1)
    assert cusum([], expected=1).total.size == 0


def test_cusum__alarms_seldom_under_a_normal_null() -> None:
    # k = 1.04 and h = 2.26 are made for one false alarm in 500 weeks; a mean of 400 is as good as normal.
    counts = np.random.default_rng(5).poisson(400, (4_000, 50))
    first = cusum(counts, expected=400).alarm.any(axis=1).mean()
    expected = 1 - (1 - 1 / 500) ** 50
    assert first == pytest.approx(expected, abs=0.02)


def test_cusum__rossi_keeps_the_level_better_than_the_standard_transform_at_small_means() -> None:
    counts = np.random.default_rng(6).poisson(2, (4_000, 50))
    standard = cusum(counts, expected=2).alarm.any(axis=1).mean()
    rossi = cusum(counts, expected=2, transform="rossi").alarm.any(axis=1).mean()
    assert rossi < standard
