import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from hotspot.errors import InvalidParameter
from hotspot.stats.trend import Trend, mann_kendall, mann_kendall_correlated, mann_kendall_seasonal

SERIES = st.lists(st.integers(-20, 20), min_size=4, max_size=40)

RISING = [23, 17, 21, 25, 19, 30, 28, 31, 22, 35, 27, 33, 38, 29, 36, 41, 30, 39, 44, 37]
TIED = [4, 4, 5, 6, 5, 5, 4, 3, 3, 2, 2, 3, 3, 2, 1, 1, 2, 2, 1, 1]


def figures(trend: Trend) -> list[float]:
    return [float(x) for x in (trend.s, trend.variance, trend.z, trend.p_value, trend.tau, trend.slope)]


def test_mann_kendall__is_that_of_one_to_ten(shared_data: Path) -> None:
    values = json.loads((shared_data / "reference" / "published_values.json").read_text())["mann_kendall"][
        "1..10"
    ]
    trend = mann_kendall(np.arange(1, 11))
    assert (float(trend.s), float(trend.variance)) == (values["S"], values["var"])
    assert float(trend.z) == pytest.approx(values["z"], abs=1e-5)
    assert float(trend.p_value) == pytest.approx(values["p"], abs=5e-7)
    assert float(trend.tau) == 1
    assert (float(trend.slope_lower), float(trend.slope), float(trend.slope_upper)) == (1, 1, 1)


# pyMannKendall 1.4.3.
def test_mann_kendall__is_that_of_pymannkendall() -> None:
    assert figures(mann_kendall(RISING)) == pytest.approx(
        [123, 949, 3.9602875862832927, 7.485955543962142e-05, 0.6473684210526316, 1]
    )
    assert figures(mann_kendall(TIED)) == pytest.approx(
        [
            -128,
            908.6666666666666,
            -4.213096654353996,
            2.518932067263613e-05,
            -0.6736842105263158,
            -0.21428571428571427,
        ]
    )


def test_mann_kendall_correlated__is_that_of_pymannkendall() -> None:
    for trend in (mann_kendall_correlated(RISING), mann_kendall_correlated(RISING, max_lag=3)):
        assert float(trend.variance) == pytest.approx(100.09098613251167)
        assert float(trend.z) == pytest.approx(12.194453630450308)
    trend = mann_kendall_correlated(TIED, max_lag=3)
    assert figures(trend) == pytest.approx(
        [
            -128,
            1697.8997740963853,
            -3.0821068853794706,
            0.002055410189653939,
            -0.6736842105263158,
            -0.21428571428571427,
        ]
    )


def test_mann_kendall_seasonal__is_that_of_pymannkendall() -> None:
    # 20 steps in cycles of 6: the last cycle is not finished.
    assert figures(mann_kendall_seasonal(RISING, period=6)) == pytest.approx(
        [22, 32, 3.7123106012293743, 0.0002053757361413222, 0.9166666666666666, 6.333333333333334]
    )


def test_mann_kendall__by_hand() -> None:
    # Pairs of 1 3 2 2: +, +, +, -, -, 0: S = 1; variance (4 * 3 * 13 - 2 * 1 * 9) / 18 = 23 / 3.
    trend = mann_kendall([1, 3, 2, 2])
    assert float(trend.s) == 1
    assert float(trend.variance) == pytest.approx(23 / 3)
    assert (float(trend.z), float(trend.p_value)) == (0, 1)
    # Slopes 2, 1/2, 1/3, -1, -1/2, 0.
    assert float(trend.slope) == pytest.approx((0 + 1 / 3) / 2)


def test_mann_kendall__of_a_series_that_never_changes_is_none() -> None:
    for trend in (
        mann_kendall([3] * 8),
        mann_kendall_correlated([3] * 8),
        mann_kendall_seasonal([3] * 8, period=4),
    ):
        assert (float(trend.z), float(trend.p_value), float(trend.slope)) == (0, 1, 0)
        assert (float(trend.slope_lower), float(trend.slope_upper)) == (0, 0)


@given(SERIES)
def test_mann_kendall__has_the_slope_of_scipy(values: list[int]) -> None:
    if len(set(values)) == 1:
        return
    trend, theirs = mann_kendall(values), theilslopes(values)
    assert float(trend.slope) == pytest.approx(theirs.slope)
    assert float(trend.slope_lower) == pytest.approx(theirs.low_slope)
    assert float(trend.slope_upper) == pytest.approx(theirs.high_slope)


@given(SERIES, st.integers(-100, 100), st.integers(1, 9))
def test_mann_kendall__does_not_care_about_origin_and_unit(values: list[int], origin: int, unit: int) -> None:
    here, there = mann_kendall(values), mann_kendall(np.array(values) * unit + origin)
    assert figures(there)[:5] == pytest.approx(figures(here)[:5])
    assert float(there.slope) == pytest.approx(float(here.slope) * unit)


@given(SERIES)
def test_mann_kendall__backwards_and_upside_down_is_the_opposite(values: list[int]) -> None:
    here = mann_kendall(values)
    for other in (mann_kendall(values[::-1]), mann_kendall([-value for value in values])):
        assert float(other.z) == pytest.approx(-float(here.z))
        assert float(other.slope) == pytest.approx(-float(here.slope))


def test_trends__areas_do_not_see_each_other() -> None:
    values = np.random.default_rng(4).poisson(3, (3, 2, 24))
    for test in (mann_kendall, mann_kendall_correlated, lambda v: mann_kendall_seasonal(v, period=5)):
        all_of_them, one = test(values), test(values[1, 0])
        assert all_of_them.z.shape == (3, 2)
        assert float(all_of_them.z[1, 0]) == pytest.approx(float(one.z))
        assert float(all_of_them.slope_upper[1, 0]) == pytest.approx(float(one.slope_upper))


@given(SERIES)
def test_mann_kendall_seasonal__of_a_period_of_one_is_the_plain_test(values: list[int]) -> None:
    assert figures(mann_kendall_seasonal(values, period=1)) == pytest.approx(figures(mann_kendall(values)))


def test_mann_kendall_seasonal__does_not_take_the_season_for_a_trend() -> None:
    values = np.tile(np.arange(12), 5)
    assert float(mann_kendall_seasonal(values, period=12).s) == 0


def test_mann_kendall_correlated__leaves_out_a_factor_that_is_not_positive() -> None:
    zigzag = np.array([0.0, 9.0] * 6)
    assert float(mann_kendall_correlated(zigzag, max_lag=1).variance) == float(mann_kendall(zigzag).variance)


def test_trends__refuse_series_that_are_too_short() -> None:
    for values in ([], [1], 3):
        with pytest.raises(InvalidParameter, match="at least 2 steps"):
            mann_kendall(values)
    with pytest.raises(InvalidParameter, match="at least 4 steps, got 3"):
        mann_kendall_correlated([1, 2, 3])
    with pytest.raises(InvalidParameter, match="at least 5 steps, got 4"):
        mann_kendall_seasonal([1, 2, 3, 4], period=4)
    with pytest.raises(InvalidParameter, match="period must be at least 1"):
        mann_kendall_seasonal([1, 2, 3, 4], period=0)
    with pytest.raises(InvalidParameter, match="values must be finite, got nan"):
        mann_kendall([1, np.nan, 2])


def test_mann_kendall__rejects_true_nulls_at_the_nominal_rate() -> None:
    for values in (
        np.random.default_rng(7).normal(size=(4_000, 13)),
        np.random.default_rng(8).poisson(2, (4_000, 26)),
    ):
        rate = (mann_kendall(values).p_value <= 0.05).mean()
        # The score is discrete: a little below the level is allowed, above it only what chance explains.
        assert 0.03 <= rate <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4_000)


def test_mann_kendall_correlated__rejects_correlated_nulls_less_often_than_the_plain_test() -> None:
    rng = np.random.default_rng(9)
    values = rng.normal(size=(2_000, 60))
    for step in range(1, 60):
        values[:, step] += 0.5 * values[:, step - 1]
    plain = (mann_kendall(values).p_value <= 0.05).mean()
    corrected = (mann_kendall_correlated(values, max_lag=3).p_value <= 0.05).mean()
    assert plain > 0.2
    assert corrected < 0.5 * plain
