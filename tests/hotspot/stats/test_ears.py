import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import InvalidParameter
from hotspot.stats.ears import c1, c2, c3, c3_surveillance

SERIES = st.integers(13, 30).flatmap(lambda n: arrays(np.int64, (2, n), elements=st.integers(0, 20)))


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    found: dict[str, Any] = values["ears"]
    return found


def test_c1__is_that_of_surveillance(published: dict[str, Any]) -> None:
    chart = c1(published["y"], baseline_weeks=published["baseline"])
    for week, key in ((7, "C1_t8"), (8, "C1_t9")):
        assert chart.statistic[week] == pytest.approx(published[key]["z"], abs=1e-5)
    assert chart.expected[7] == pytest.approx(published["C1_t8"]["mean"], abs=1e-6)
    assert chart.sigma[7] == pytest.approx(published["C1_t8"]["sd"], abs=1e-6)
    assert chart.upper_bound[7] == pytest.approx(published["C1_t8"]["UB_alpha.001"], abs=1e-6)
    assert chart.upper_bound[8] == pytest.approx(published["C1_t9"]["UB"], abs=1e-6)
    assert chart.alarm.tolist() == [False] * 8 + [True] + [False] * 3


def test_c2__is_that_of_surveillance(published: dict[str, Any]) -> None:
    chart = c2(published["y"])
    assert chart.statistic[9] == pytest.approx(published["C2_t10"]["z"], abs=1e-5)
    assert chart.expected[9] == pytest.approx(published["C2_t10"]["mean"], abs=1e-6)
    assert np.isnan(chart.statistic[:9]).all()


def test_c3__adds_what_c2_showed_in_three_weeks(published: dict[str, Any]) -> None:
    second, third = c2(published["y"]).statistic, c3(published["y"])
    by_hand = np.maximum(0, second[9:12] - 1).sum()
    assert third.statistic[11] == pytest.approx(by_hand)
    assert np.isnan(third.statistic[:11]).all()
    # The peak of two weeks ago alone is above the quantile of 1.96.
    assert third.alarm[11]
    assert third.upper_bound[11] == -np.inf


def test_c3__by_hand() -> None:
    # Baselines 1..7 shifted: mean and spread of 1..7 are 4 and 2.1602; quiet weeks before the last.
    counts = [1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4, 30]
    chart = c3(counts)
    baseline = np.array([3, 4, 5, 6, 7, 4, 4])
    z = (30 - baseline.mean()) / baseline.std(ddof=1)
    assert chart.statistic[11] == pytest.approx(z - 1)
    assert chart.upper_bound[11] == pytest.approx(
        baseline.mean() + baseline.std(ddof=1) * (1 + 1.959964), abs=1e-5
    )
    assert chart.alarm[11]


def test_c3_surveillance__looks_at_the_two_weeks_before_alone() -> None:
    quiet = [1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4]
    assert not c3_surveillance([*quiet, 1000]).alarm[11]
    peaked = [1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 40, 3]
    assert c3_surveillance(peaked).alarm[11]
    chart = c3_surveillance([*quiet, 4])
    # Observed plus 1.96 standard deviations of the seven weeks from the third on.
    spread = np.std(np.array([3, 4, 5, 6, 7, 4, 4]), ddof=1)
    assert chart.upper_bound[11] == pytest.approx(4 + spread * 1.959964, abs=1e-5)


def test_c1__without_spread_alarms_at_any_rise_unless_a_least_spread_is_set() -> None:
    assert c1([0] * 7 + [1]).alarm[7]
    assert c1([0] * 7 + [1]).statistic[7] == np.inf
    assert not c1([0] * 7 + [0]).alarm[7]
    assert c1([0] * 7 + [0]).statistic[7] == 0
    assert not c1([0] * 7 + [1], min_sigma=0.5).alarm[7]


def test_c1__takes_a_series_that_is_too_short() -> None:
    for counts in ([], [3], [1] * 7):
        chart = c1(counts)
        assert np.isnan(chart.statistic).all()
        assert not chart.alarm.any()
        assert not c3(counts).alarm.any()
        assert not c3_surveillance(counts).alarm.any()


@pytest.mark.parametrize(
    ("counts", "options", "message"),
    [
        (3, {}, "series of weeks"),
        ([1, -1], {}, "counts must not be negative"),
        ([1, np.nan], {}, "counts must be finite"),
        ([1], {"baseline_weeks": 2}, "baseline_weeks must be at least 3, got 2"),
        ([1], {"alpha": 0.0}, "alpha must lie between 0 and 1"),
        ([1], {"min_sigma": -1.0}, "min_sigma must not be negative"),
    ],
)
def test_c1__refuses(counts: Any, options: dict[str, Any], message: str) -> None:  # noqa: ANN401 - any input
    with pytest.raises(InvalidParameter, match=message):
        c1(counts, **options)


@given(SERIES)
def test_ears__areas_do_not_see_each_other(counts: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    for chart in (c1, c2, c3, c3_surveillance):
        both, first = chart(counts), chart(counts[0])
        assert np.array_equal(both.alarm[0], first.alarm)
        assert np.array_equal(both.upper_bound[0], first.upper_bound, equal_nan=True)


@given(SERIES)
def test_ears__a_week_knows_no_later_one(counts: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    for chart in (c1, c2, c3):
        assert np.array_equal(chart(counts).alarm[:, :-1], chart(counts[:, :-1]).alarm)


@given(SERIES, st.integers(1, 50))
def test_ears__adding_a_constant_changes_no_alarm(
    counts: np.ndarray[Any, np.dtype[np.int64]], more: int
) -> None:
    for chart in (c1, c2):
        here, there = chart(counts).statistic, chart(counts + more).statistic
        assert np.allclose(here, there, equal_nan=True)


@given(SERIES)
def test_c3__alarms_where_the_sum_is_above_the_quantile(counts: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    chart = c3(counts, min_sigma=0.5)
    clear = np.abs(chart.statistic - 1.959964) > 1e-4
    assert np.array_equal(chart.alarm[clear], chart.statistic[clear] > 1.959964)


def test_c1__rejects_normal_nulls_as_often_as_the_distribution_of_t_says() -> None:
    # With 7 weeks the statistic is t with 6 degrees of freedom times sqrt(8 / 7), not normal: at alpha = 0.05
    # it is above 1.645 in P(t6 > 1.539) = 8.7 % of the weeks. The chart is what its authors defined.
    values = np.random.default_rng(1).normal(1000, 10, (20_000, 8))
    rate = c1(values, alpha=0.05).alarm[:, 7].mean()
    assert rate == pytest.approx(0.0874, abs=4 * np.sqrt(0.0874 * 0.9126 / 20_000))


def test_c2__finds_a_slow_rise_that_c1_hides_from_itself() -> None:
    rise = [5, 4, 6, 5, 4, 6, 5, 5, 6, 8, 10, 12]
    assert c2(rise).alarm[11]
    assert not c1(rise).alarm[11]
