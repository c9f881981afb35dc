import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.scan import log_likelihood_ratio


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    return values


def test_log_likelihood_ratio__is_that_of_the_space_time_permutation_toy(published: dict[str, Any]) -> None:
    toy = published["stp_toy"]
    counts = toy["counts_rows_days_cols_zones"]
    zone, total = sum(row[toy["zone"]] for row in counts), sum(map(sum, counts))
    assert total == toy["C"]
    assert zone * sum(counts[-1]) / total == toy["mu"]
    ratio = log_likelihood_ratio(float(toy["last_day_observed"]), toy["mu"], float(toy["C"]))
    assert ratio == pytest.approx(toy["llr"], abs=5e-7)


def test_log_likelihood_ratio__is_that_of_new_york(published: dict[str, Any]) -> None:
    cases, population = 552.0, 1_057_673
    for cluster in published["kulldorff_poisson_NY"]["max50pct"][:2]:
        expected = cases * cluster["pop"] / population
        ratio = log_likelihood_ratio(float(cluster["cases"]), expected, cases)
        assert ratio == pytest.approx(cluster["llr"], abs=2e-6)


def test_log_likelihood_ratio__by_hand() -> None:
    by_hand = 3 * math.log(3 / 1) + 7 * math.log(7 / 9)
    assert log_likelihood_ratio(3.0, 1.0, 10.0) == pytest.approx(by_hand)
    assert log_likelihood_ratio(10.0, 1.0, 10.0) == pytest.approx(10 * math.log(10))


@given(st.integers(0, 50), st.floats(0.01, 49.9))
@settings(deadline=None)  # The first call compiles.
def test_log_likelihood_ratio__is_positive_only_above_the_expectation(observed: int, expected: float) -> None:
    ratio = log_likelihood_ratio(float(observed), expected, 50.0)
    assert (ratio > 0) == (observed > expected) or ratio == pytest.approx(0, abs=1e-9)


@given(st.integers(1, 49), st.floats(0.01, 0.99))
@settings(deadline=None)
def test_log_likelihood_ratio__grows_with_the_observed(observed: int, share: float) -> None:
    expected = share * observed
    fewer = log_likelihood_ratio(float(observed), expected, 50.0)
    assert log_likelihood_ratio(observed + 1.0, expected, 50.0) > fewer
