import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from hotspot.errors import InvalidParameter
from hotspot.stats.e_test import c_test, e_test


def test_e_test__is_that_of_krishnamoorthy_and_thomson(shared_data: Path) -> None:
    values = json.loads((shared_data / "reference" / "published_values.json").read_text())["e_test"]["p"]
    for pair, p_value in values.items():
        first, second = map(int, pair.split(","))
        assert float(e_test(first, second)) == pytest.approx(p_value, abs=5e-5)


def test_e_test__is_that_of_the_second_example_of_the_paper() -> None:
    assert round(float(e_test(6, 2)), 4) == 0.1749


@pytest.mark.parametrize(
    # etest_poisson_2indep of statsmodels 0.15.0, method "wald": two-sided, larger, smaller.
    ("k1", "n1", "k2", "n2", "p_values"),
    [
        (20, 4, 10, 2, (0.9999999999999987, 0.5344640994906383, 0.5171822726650754)),
        (9, 1.5, 3, 2.5, (0.02707069474490458, 0.004686986973162928, 0.9962138544500699)),
        (60, 51477.5, 30, 54308.7, (0.000643144612489779, 0.0002979701380319802, 0.9997119382972844)),
        (15, 1, 5, 1, (0.025035114389344547, 0.01251755719467227, 0.9887976646445327)),
        (41, 28010, 15, 19017, (0.02904335854726313, 0.018445252760816336, 0.982204323537666)),
    ],
)
def test_e_test__is_that_of_statsmodels(
    k1: int, n1: float, k2: int, n2: float, p_values: tuple[float, float, float]
) -> None:
    two = e_test(k1, k2, first_exposure=n1, second_exposure=n2)
    greater = e_test(k1, k2, first_exposure=n1, second_exposure=n2, alternative="greater")
    less = e_test(k1, k2, first_exposure=n1, second_exposure=n2, alternative="less")
    assert [float(two), float(greater), float(less)] == pytest.approx(p_values, abs=1e-6)


def brute_force(k1: int, k2: int, n1: float, n2: float, d: float) -> float:
    """The two sums of the paper, written out."""
    x1, x2 = np.meshgrid(np.arange(120.0), np.arange(120.0), indexing="ij")

    def deviation(a: Any, b: Any) -> Any:  # noqa: ANN401 - numbers and arrays alike
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.nan_to_num(np.abs(a / n1 - b / n2 - d) / np.sqrt(a / n1**2 + b / n2**2), nan=0.0)

    rate = (k1 + k2) / (n1 + n2) - d * n1 / (n1 + n2)
    chance = np.asarray(poisson.pmf(x1, n1 * (rate + d)) * poisson.pmf(x2, n2 * rate))
    return float(chance[deviation(x1, x2) >= deviation(np.float64(k1), np.float64(k2)) - 1e-9].sum())


@pytest.mark.parametrize(
    ("k1", "k2", "n1", "n2", "d"),
    [
        (7, 3, 1.0, 1.0, 2.0),
        (12, 3, 2.0, 1.0, 0.0),
        (0, 9, 1.0, 3.0, 0.0),
        (5, 5, 1.0, 2.0, 1.0),
        (9, 8, 1.0, 1.0, -1.0),
    ],
)
def test_e_test__is_the_sum_of_its_definition(k1: int, k2: int, n1: float, n2: float, d: float) -> None:
    ours = e_test(k1, k2, first_exposure=n1, second_exposure=n2, difference=d)
    assert float(ours) == pytest.approx(brute_force(k1, k2, n1, n2, d), abs=1e-9)


def test_e_test__by_hand_where_only_one_incident_came() -> None:
    # Mean 0.5 each; as extreme as (1, 0) is all with a statistic of 1 or more: not (0, 0), no equal and no
    # nearly equal counts.
    assert float(e_test(1, 0)) == pytest.approx(brute_force(1, 0, 1.0, 1.0, 0.0), abs=1e-12)


def test_e_test__without_any_incident_says_nothing() -> None:
    assert float(e_test(0, 0)) == 1.0


def test_e_test__takes_a_difference_that_the_counts_make_impossible() -> None:
    assert float(e_test(0, 0, difference=5.0, first_exposure=10)) < 1e-12
    assert float(e_test(0, 0, difference=-5.0, second_exposure=10)) < 1e-12


def test_e_test__takes_arrays_pair_by_pair() -> None:
    both = e_test([3, 10], [0, 4], first_exposure=[1.0, 2.0])
    assert float(both[0]) == float(e_test(3, 0))
    assert float(both[1]) == float(e_test(10, 4, first_exposure=2.0))
    assert e_test([], []).size == 0


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.5, 3), st.floats(0.5, 3))
@settings(max_examples=60)
def test_e_test__does_not_care_which_count_is_called_first(k1: int, k2: int, n1: float, n2: float) -> None:
    here = e_test(k1, k2, first_exposure=n1, second_exposure=n2)
    there = e_test(k2, k1, first_exposure=n2, second_exposure=n1)
    assert float(here) == pytest.approx(float(there), abs=1e-9)
    greater = e_test(k1, k2, first_exposure=n1, second_exposure=n2, alternative="greater")
    less = e_test(k2, k1, first_exposure=n2, second_exposure=n1, alternative="less")
    assert float(greater) == pytest.approx(float(less), abs=1e-9)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.1, 100))
@settings(max_examples=60)
def test_e_test__does_not_care_about_the_unit_of_exposure(k1: int, k2: int, unit: float) -> None:
    here = e_test(k1, k2, first_exposure=2.0)
    there = e_test(k1, k2, first_exposure=2.0 * unit, second_exposure=unit)
    assert float(here) == pytest.approx(float(there), abs=1e-9)


@pytest.mark.parametrize("mean", [0.5, 2.0, 8.0])
def test_e_test__rejects_true_nulls_at_most_at_about_the_nominal_rate(mean: float) -> None:
    k = np.arange(int(2 * mean) + 15)
    p_value = e_test(k[:, None], k[None, :])
    chance = poisson.pmf(k, mean)
    # Exact: the probability of all pairs that are rejected. Krishnamoorthy & Thomson show small excesses.
    # Counts beyond the range have a probability below 1e-4.
    assert chance @ (p_value <= 0.05) @ chance <= 0.055
    assert chance @ (p_value <= 0.01) @ chance <= 0.012


def test_e_test__is_more_powerful_than_the_c_test_and_less_conservative() -> None:
    k = np.arange(30)
    e, c = e_test(k[:, None], k[None, :]), c_test(k[:, None], k[None, :])
    null, rise = poisson.pmf(k, 3.0), poisson.pmf(k, 9.0)
    assert null @ (c <= 0.05) @ null < null @ (e <= 0.05) @ null <= 0.05
    assert rise @ (c <= 0.05) @ null < rise @ (e <= 0.05) @ null


@pytest.mark.parametrize(("k1", "k2", "p_value"), [(6, 2, 0.289), (15, 5, 0.0414)])
def test_c_test__is_that_of_the_methods_paper(k1: int, k2: int, p_value: float) -> None:
    assert float(c_test(k1, k2)) == pytest.approx(p_value, abs=1e-4 if p_value < 0.1 else 1e-3)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.2, 5), st.floats(0.2, 5))
def test_c_test__is_the_binomial_test(k1: int, k2: int, n1: float, ratio: float) -> None:
    if k1 + k2 == 0:
        assert float(c_test(k1, k2, ratio=ratio)) == 1.0
        return
    share = n1 * ratio / (n1 * ratio + 1)
    greater = binomtest(k1, k1 + k2, share, alternative="greater").pvalue
    less = binomtest(k1, k1 + k2, share, alternative="less").pvalue
    options: dict[str, Any] = {"first_exposure": n1, "ratio": ratio}
    assert float(c_test(k1, k2, alternative="greater", **options)) == pytest.approx(greater, abs=1e-9)
    assert float(c_test(k1, k2, alternative="less", **options)) == pytest.approx(less, abs=1e-9)
    assert float(c_test(k1, k2, **options)) == pytest.approx(min(1, 2 * min(greater, less)), abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((-1, 2), {}, "first must not be negative"),
        ((1.5, 2), {}, "first must be whole numbers"),
        ((1, 2), {"second_exposure": 0}, "second_exposure must be positive"),
        (
            (1, 2),
            {"alternative": "larger"},
            "alternative must be one of two-sided, greater, less, got 'larger'",
        ),
    ],
)
def test_e_test__refuses(arguments: Any, options: dict[str, Any], message: str) -> None:  # noqa: ANN401 - any input
    with pytest.raises(InvalidParameter, match=message):
        e_test(*arguments, **options)
    with pytest.raises(InvalidParameter, match=message):
        c_test(*arguments, **options)
