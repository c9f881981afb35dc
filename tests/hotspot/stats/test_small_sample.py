import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.small_sample import exact_test, power


def test_exact_test__is_that_of_wheeler(shared_data: Path) -> None:
    values = json.loads((shared_data / "reference" / "published_values.json").read_text())
    for days, statistic in values["small_sample_exact_G_7days"].items():
        if days != "src":
            assert round(exact_test(json.loads(days)).statistic, 2) == statistic


def test_exact_test__by_hand() -> None:
    # All three on one day: 7 of 343 ways. On two days: 7 * 6 * 3 = 126 ways more.
    assert exact_test([3, 0, 0, 0, 0, 0, 0]).p_value == pytest.approx(7 / 343)
    assert exact_test([0, 2, 1, 0, 0, 0, 0]).p_value == pytest.approx(133 / 343)
    assert exact_test([1, 1, 1, 0, 0, 0, 0]).p_value == pytest.approx(1)
    assert exact_test([3, 0, 0, 0, 0, 0, 0]).outcomes == 84


def test_exact_test__of_one_bin_says_nothing() -> None:
    assert exact_test([4]).p_value == pytest.approx(1)


def test_exact_test__chi_square_and_g_agree_on_three_events_a_week() -> None:
    for days in ([3, 0, 0, 0, 0, 0, 0], [2, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0]):
        assert exact_test(days).p_value == pytest.approx(exact_test(days, statistic="chi_square").p_value)


def test_exact_test__chi_square_by_hand() -> None:
    # Expected 2 and 2: (1 + 1) / 2 = 1; as far or farther off are 0, 1, 3, 4 of 4: 10 of 16 ways.
    test = exact_test([3, 1], statistic="chi_square")
    assert test.statistic == pytest.approx(1)
    assert test.p_value == pytest.approx(10 / 16)


@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=4).filter(lambda counts: 0 < sum(counts) <= 6),
    st.integers(0, 100),
)
@settings(max_examples=30)
def test_exact_test__is_the_sum_over_all_sequences(counts: list[int], seed: int) -> None:
    p = np.random.default_rng(seed).dirichlet(np.full(len(counts), 3.0))
    n = sum(counts)

    def g(held: Any) -> float:  # noqa: ANN401 - counts as a list or an array
        x = np.asarray(held, float)
        return float(2 * sum(a * np.log(a / (n * b)) for a, b in zip(x, p, strict=True) if a > 0))

    total = 0.0
    for sequence in itertools.product(range(len(counts)), repeat=n):
        if g(np.bincount(sequence, minlength=len(counts))) >= g(counts) - 1e-9:
            total += float(np.prod(p[list(sequence)]))
    assert exact_test(counts, probabilities=p).p_value == pytest.approx(total)


def test_exact_test__does_not_care_about_the_order_of_days() -> None:
    assert exact_test([2, 0, 3, 1]).p_value == pytest.approx(exact_test([1, 3, 2, 0]).p_value)


def test_power__is_that_of_ptools() -> None:
    # Test "Power Example" of ptools.
    assert round(power(3, alternative=[0.5, 0.5, 0, 0, 0, 0, 0]), 2) == 0.25
    assert round(power(11, alternative=[0.25] * 4 + [0] * 3), 2) == 0.58


@pytest.mark.parametrize("statistic", ["g", "chi_square"])
def test_exact_test__rejects_true_nulls_at_most_at_the_nominal_rate(statistic: Any) -> None:  # noqa: ANN401 - literal
    # Exact: the power where the truth is the null.
    for n in (3, 7, 12):
        assert power(n, alternative=np.full(7, 1 / 7), statistic=statistic) <= 0.05


@pytest.mark.parametrize(
    ("counts", "options", "message"),
    [
        ([0, 0], {}, "at least one event"),
        ([[1, 2]], {}, "one row of bins"),
        ([1, 2], {"probabilities": [0.5, 0.4]}, "probabilities must be 2 that add up to 1"),
        ([1, 2], {"probabilities": [1.0, 0.0]}, "probabilities must be positive"),
        ([1, 2], {"statistic": "ks"}, "statistic must be 'g' or 'chi_square', got 'ks'"),
        ([100] * 7, {}, "at most 10000000 outcomes"),
    ],
)
def test_exact_test__refuses(counts: Any, options: dict[str, Any], message: str) -> None:  # noqa: ANN401 - any input
    with pytest.raises(InvalidParameter, match=message):
        exact_test(counts, **options)


def test_power__refuses() -> None:
    with pytest.raises(InvalidParameter, match="alternative must be probabilities"):
        power(3, alternative=[0.5, 0.6])
    with pytest.raises(InvalidParameter, match="n must be at least 1"):
        power(0, alternative=[0.5, 0.5])
