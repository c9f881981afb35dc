"""The scans against what SaTScan, papers and a plain version give."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import replicate_seeds
from hotspot.stats.scan import (
    bernoulli_log_likelihood_ratio,
    expectation_log_likelihood_ratio,
    log_likelihood_ratio,
)
from hotspot.stats.scan_bernoulli import bernoulli_scan
from hotspot.stats.scan_expectation import expectation_scan
from hotspot.stats.scan_iterative import iterative_scan
from hotspot.stats.scan_negative_binomial import negative_binomial_scan
from hotspot.stats.scan_permutation import permutation_scan
from hotspot.stats.scan_poisson import poisson_scan
from hotspot.stats.scan_windows import ScanPlan
from tests.hotspot.stats.scan_oracle import Oracle

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.stats.scan_clusters import Scan


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    return values


@pytest.fixture(scope="module")
def new_york(shared_data: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates, cases and population of the 281 tracts, in the order of their numbers from 1."""
    folder = shared_data / "reference" / "satscan_ny"
    place, cases, people = (
        np.loadtxt(folder / f"satscan_ny_{name}.txt") for name in ("coords", "cases", "pop")
    )
    for table in (place, cases, people):
        assert table[:, 0].tolist() == list(range(1, 282))
    return np.ascontiguousarray(place[:, 1:3]), cases[:, 1], people[:, 2]


def test_poisson_scan__gives_the_clusters_of_satscan_for_new_york(
    new_york: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], published: dict[str, Any]
) -> None:
    xy_m, cases, people = new_york
    assert cases.sum() == 552
    assert people.sum() == 1_057_673
    scan = poisson_scan(xy_m, cases, people, plan=ScanPlan(replicates=1999), rng=np.random.default_rng(1))
    expected = published["kulldorff_poisson_NY"]["max50pct"]
    for ours, theirs in zip(scan.clusters, expected, strict=False):
        assert ours.observed == theirs["cases"]
        assert people[ours.places].sum() == theirs["pop"]
        assert round(ours.expected, 2) == theirs["expected"]
        assert round(ours.relative_risk, 2) == theirs["rr"]
        assert round(ours.statistic, 6) == theirs["llr"]
        assert ours.p_value == pytest.approx(theirs["p_satscan"], abs=0.035)
        assert ours.gumbel_p_value == pytest.approx(theirs["p_satscan"], abs=0.035)
        if "ids" in theirs:
            assert (ours.places + 1).tolist() == sorted(theirs["ids"])
            assert ours.centre + 1 == theirs["ids"][0]
    first = scan.clusters[0]
    assert (first.centre + 1, first.places.size) == (expected[0]["centre"], expected[0]["n_areas"])
    assert round(first.radius_m, 3) == expected[0]["radius"]
    assert round(first.observed / first.expected, 2) == expected[0]["oe"]


def test_bernoulli_scan__gives_the_published_ratio(published: dict[str, Any]) -> None:
    toy = published["kulldorff_bernoulli_toy"]
    assert bernoulli_log_likelihood_ratio(toy["c"], toy["n"], toy["C"], toy["N"]) == pytest.approx(
        toy["llr"], abs=5e-7
    )
    # The same, found by a scan: twenty persons at one place, the others far away at fourteen.
    xy_m = np.column_stack([np.r_[0.0, np.arange(14) * 40.0 + 9_000.0], np.zeros(15)])
    persons = np.array([20] + [20] * 14)
    cases = np.array([10] + [1, 2] * 6 + [1, 1])
    scan = bernoulli_scan(
        xy_m, cases, persons - cases, plan=ScanPlan(replicates=99), rng=np.random.default_rng(1)
    )
    first = scan.clusters[0]
    assert (first.places.tolist(), first.observed, first.expected) == ([0], 10, 2.0)
    assert round(first.statistic, 6) == toy["llr"]
    assert first.relative_risk == pytest.approx((10 / 20) / (20 / 280))
    assert first.p_value == 0.01


def test_permutation_scan__gives_the_published_toy(published: dict[str, Any]) -> None:
    toy = published["stp_toy"]
    xy_m = np.array([[0.0, 0.0], [900.0, 0.0], [0.0, 900.0]])
    scan = permutation_scan(
        xy_m,
        np.array(toy["counts_rows_days_cols_zones"]),
        plan=ScanPlan(prospective=True, max_steps=1, replicates=9),
        rng=np.random.default_rng(1),
    )
    first = scan.clusters[0]
    assert (first.places.tolist(), first.first, first.last) == ([toy["zone"]], 3, 3)
    assert (first.observed, first.expected) == (toy["last_day_observed"], toy["mu"])
    assert round(first.statistic, 6) == toy["llr"]
    assert round(float(np.exp(first.statistic)), 6) == toy["glr"]


def some_cases(
    rng: np.random.Generator, *, places: int, steps: int, cases: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    xy_m = rng.integers(0, 40, (places, 2)).astype(np.float64) * 50.0
    counts = np.zeros((steps, places), np.int64)
    place = rng.choice(places, cases, p=rng.dirichlet(np.full(places, 0.8)))
    np.add.at(counts, (rng.integers(0, steps, cases), place), 1)
    return xy_m, counts


@given(st.integers(0, 2**32), st.integers(2, 400), st.integers(1, 8))
@settings(max_examples=30)
def test_permutation_scan__equals_the_plain_one(seed: int, cases: int, max_steps: int) -> None:
    xy_m, counts = some_cases(np.random.default_rng(seed), places=30, steps=8, cases=cases)
    oracle = Oracle(xy_m, counts, max_share=0.4, max_steps=max_steps)
    plan = ScanPlan(max_share=0.4, max_steps=max_steps, prospective=True, replicates=70)
    scan = permutation_scan(xy_m, counts, plan=plan, rng=np.random.default_rng(seed))
    observed = oracle.ratios(counts).max(initial=0.0)
    if not scan.clusters:
        assert observed < 1e-9
        return
    assert scan.clusters[0].statistic == round(observed, 9)
    plain = np.round(oracle.strongest(replicate_seeds(np.random.default_rng(seed), 70)), 9)
    assert np.array_equal(scan.simulated, plain)


def test_expectation__by_hand() -> None:
    assert expectation_log_likelihood_ratio(8.0, 2.0) == pytest.approx(8 * np.log(4) - 6)
    assert expectation_log_likelihood_ratio(0.0, 2.0) == 2.0
    assert log_likelihood_ratio(8.0, 2.0, 1e9) == pytest.approx(8 * np.log(4) - 6, abs=1e-6)


def test_expectation_scan__by_hand() -> None:
    xy_m = np.array([[0.0, 0.0], [10.0, 0.0], [900.0, 0.0], [1000.0, 0.0]])
    cases = np.array([[1, 2, 1, 1], [6, 5, 1, 1]])
    plan = ScanPlan(prospective=True, max_steps=1, replicates=99)
    scan = expectation_scan(xy_m, cases, np.ones((2, 4)), plan=plan, rng=np.random.default_rng(1))
    first = scan.clusters[0]
    assert (first.places.tolist(), first.observed, first.expected) == ([0, 1], 11, 2.0)
    assert first.relative_risk == 5.5
    assert first.statistic == pytest.approx(11 * np.log(5.5) + 2 - 11)


def test_negative_binomial_scan__by_hand() -> None:
    xy_m = np.array([[0.0, 0.0], [900.0, 0.0], [2000.0, 0.0]])
    cases, mean = np.array([[3, 1, 1], [7, 1, 1]]), np.array([[2.0, 2.0, 2.0], [3.0, 2.0, 2.0]])
    plan = ScanPlan(prospective=True, max_steps=2, max_share=0.4, replicates=9)
    rng = np.random.default_rng(1)
    w = 1 + mean / 2.0
    one = (7 - 3) / w[1, 0] / np.sqrt(3 / w[1, 0])
    two = ((7 - 3) / w[1, 0] + (3 - 2) / w[0, 0]) / np.sqrt(3 / w[1, 0] + 2 / w[0, 0])
    scan = negative_binomial_scan(xy_m, cases, mean, 2.0, plan=plan, rng=rng)
    assert scan.clusters[0].statistic == pytest.approx(max(one, two), abs=1e-9)
    # Emerging: the second step counts twice.
    two = (2 * (7 - 3) / w[1, 0] + (3 - 2) / w[0, 0]) / np.sqrt(4 * 3 / w[1, 0] + 2 / w[0, 0])
    scan = negative_binomial_scan(xy_m, cases, mean, 2.0, kind="emerging", plan=plan, rng=rng)
    assert scan.clusters[0].statistic == pytest.approx(max(one, two), abs=1e-9)


def test_negative_binomial_scan__comes_near_poisson_where_counts_do_not_scatter() -> None:
    xy_m, counts = some_cases(np.random.default_rng(4), places=12, steps=3, cases=200)
    mean, rng = np.full(counts.shape, 200 / 36), np.random.default_rng(1)
    plan = ScanPlan(replicates=9, prospective=True, max_steps=1, max_share=0.1)
    first = negative_binomial_scan(xy_m, counts, mean, 1e12, plan=plan, rng=rng).clusters[0]
    assert first.statistic == pytest.approx(
        (first.observed - first.expected) / np.sqrt(first.expected), abs=1e-6
    )


def test_scan__of_a_region_that_has_all_cases_has_an_infinite_relative_risk() -> None:
    xy_m = np.array([[0.0, 0.0], [900.0, 0.0], [2000.0, 0.0]])
    scan = poisson_scan(
        xy_m,
        np.array([7, 0, 0]),
        np.array([1, 1, 1]),
        plan=ScanPlan(replicates=9),
        rng=np.random.default_rng(1),
    )
    assert scan.clusters[0].relative_risk == np.inf
    assert scan.clusters[0].statistic == pytest.approx(7 * np.log(3))


def test_iterative_scan__finds_the_second_as_if_the_first_had_never_been() -> None:
    rng = np.random.default_rng(3)
    xy_m = np.array([[x, y] for x in range(8) for y in range(8)], np.float64) * 100.0
    people = np.full(64, 1000)
    cases = rng.poisson(5.0, 64)
    cases[[0, 1, 8, 9]] += 30
    cases[[62, 63, 54, 55]] += 9

    def scan(left: NDArray[np.float64], against: NDArray[np.float64]) -> Scan:
        return poisson_scan(xy_m, left, against, plan=ScanPlan(replicates=199), rng=np.random.default_rng(7))

    at_once = scan(cases.astype(float), people.astype(float)).clusters
    one_by_one = iterative_scan(scan, cases, people, alpha=0.05)
    assert len(one_by_one) == 2
    assert np.array_equal(one_by_one[0].places, at_once[0].places)
    assert {54, 55, 62, 63} <= set(one_by_one[1].places.tolist())
    assert one_by_one[1].statistic > at_once[1].statistic
    assert one_by_one[1].p_value <= at_once[1].p_value
    assert len(iterative_scan(scan, cases, people, at_most=1)) == 1


def test_iterative_scan__refuses_what_cannot_be() -> None:
    def never(left: NDArray[np.float64], against: NDArray[np.float64]) -> Scan:
        raise AssertionError

    one = np.ones(3)
    with pytest.raises(InvalidParameter, match="alpha must be above 0 and below 1, got 1"):
        iterative_scan(never, one, one, alpha=1.0)
    with pytest.raises(InvalidParameter, match="at_most must be at least 1, got 0"):
        iterative_scan(never, one, one, at_most=0)
    with pytest.raises(InvalidParameter, match="shape"):
        iterative_scan(never, one, np.ones(2))
