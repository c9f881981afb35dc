"""What holds for every scan: calibration, power, invariance, and what happens to bad and empty input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.scan_bernoulli import bernoulli_scan
from hotspot.stats.scan_expectation import expectation_scan
from hotspot.stats.scan_negative_binomial import negative_binomial_scan
from hotspot.stats.scan_permutation import permutation_scan
from hotspot.stats.scan_poisson import poisson_scan
from hotspot.stats.scan_windows import ScanPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.stats.scan_clusters import Scan
    from hotspot.stats.scan_windows import Rates

    Model = Callable[[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], ScanPlan, int], Scan]

STEPS, PLACES = 6, 20


def poisson(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    return poisson_scan(xy_m, cases, base, plan=plan, rng=np.random.default_rng(seed))


def bernoulli(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    return bernoulli_scan(xy_m, cases, base, plan=plan, rng=np.random.default_rng(seed))


def expectation(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    return expectation_scan(xy_m, cases, base / 2.0, plan=plan, rng=np.random.default_rng(seed))


def scattered(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    return negative_binomial_scan(xy_m, cases, base / 2.0, 3.0, plan=plan, rng=np.random.default_rng(seed))


def emerging(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    rng = np.random.default_rng(seed)
    return negative_binomial_scan(xy_m, cases, base / 2.0, 3.0, kind="emerging", plan=plan, rng=rng)


def permutation(
    xy_m: NDArray[np.float64], cases: NDArray[np.int64], base: NDArray[np.int64], plan: ScanPlan, seed: int
) -> Scan:
    return permutation_scan(xy_m, cases, plan=plan, rng=np.random.default_rng(seed))


MODELS = [poisson, bernoulli, expectation, scattered, emerging, permutation]


def quiet(
    model: Model, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """A city in which the model's null holds: places, cases, base."""
    xy_m = rng.uniform(0, 1000, (PLACES, 2))
    base = rng.integers(2, 9, (STEPS, PLACES))
    if model is permutation:
        # A place that has its own ups and downs is just what this scan looks for.
        base = np.outer(rng.integers(1, 3, STEPS), base[0])
    if model in {scattered, emerging}:
        cases = rng.negative_binomial(3.0, 3.0 / (3.0 + base / 2.0))
    elif model is bernoulli:
        cases = rng.binomial(base, 0.3)
        base = base - cases
    else:
        cases = rng.poisson(base / 2.0)
    return xy_m, np.asarray(cases, np.int64), base


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("rates", ["high", pytest.param("both", marks=pytest.mark.slow)])
def test_scan__rejects_true_nulls_at_the_nominal_rate(model: Model, rates: Rates) -> None:
    rng, p_value = np.random.default_rng(17), []
    plan = ScanPlan(replicates=19, max_steps=2, rates=rates, threads=1)
    for seed in range(100 if rates == "high" else 300):
        clusters = model(*quiet(model, rng), plan, seed).clusters
        p_value.append(clusters[0].p_value if clusters else 1.0)
    for level in (0.1, 0.5):
        deviation = np.sqrt(level * (1 - level) * len(p_value))
        rejected = np.count_nonzero(np.array(p_value) <= level)
        assert abs(rejected - level * len(p_value)) < 3.5 * deviation


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("ends_now", [1, 0])
def test_scan__finds_a_planted_cluster(model: Model, ends_now: int) -> None:
    xy_m, cases, base = quiet(model, np.random.default_rng(5))
    planted = np.argsort(np.hypot(*(xy_m - xy_m[3]).T))[:3]
    first = STEPS - 2 if ends_now else 2
    cases[first : first + 2, planted] += 12
    plan = ScanPlan(replicates=199, prospective=bool(ends_now), max_steps=3)
    strongest = model(xy_m, cases, base, plan, 1).clusters[0]
    assert strongest.p_value == 1 / 200
    assert strongest.gumbel_p_value < 1 / 200
    assert set(planted) <= set(strongest.places.tolist())
    assert strongest.last == first + 1
    # One that grows may seem to have begun earlier.
    assert strongest.first in ({first, first - 1} if model is emerging else {first})
    assert strongest.observed > strongest.expected
    assert strongest.relative_risk > 1.3


@pytest.mark.parametrize("model", [poisson, bernoulli, expectation, permutation])
def test_scan__finds_a_planted_gap_when_asked(model: Model) -> None:
    xy_m, cases, base = quiet(model, np.random.default_rng(5))
    cases += 5
    planted = np.argsort(np.hypot(*(xy_m - xy_m[3]).T))[:3]
    cases[-2:, planted] = 0
    strongest = model(
        xy_m, cases, base + 10, ScanPlan(replicates=199, prospective=True, rates="low"), 1
    ).clusters[0]
    assert strongest.observed < strongest.expected
    assert set(strongest.places.tolist()) & set(planted.tolist())
    assert strongest.p_value <= 0.05


@pytest.mark.parametrize("model", MODELS)
@given(
    st.integers(0, 2**32), st.integers(-(10**5), 10**5), st.floats(0, 6.28), st.sampled_from([0.5, 1.0, 8.0])
)
@settings(max_examples=5)
def test_scan__does_not_care_about_shift_turn_and_scale(
    model: Model, seed: int, shift_m: int, angle: float, factor: float
) -> None:
    xy_m, cases, base = quiet(model, np.random.default_rng(seed))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    plan = ScanPlan(replicates=9, max_steps=2)
    here = model(xy_m, cases, base, plan, 1)
    there = model(factor * xy_m @ turn.T + shift_m, cases, base, plan, 1)
    assert np.array_equal(here.simulated, there.simulated)
    strongest = [scan.clusters[0].statistic for scan in (here, there)]
    assert strongest[0] == strongest[1]


@pytest.mark.parametrize("model", MODELS)
@given(st.integers(0, 2**32))
@settings(max_examples=5)
def test_scan__does_not_care_about_the_order_of_places(model: Model, seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m, cases, base = quiet(model, rng)
    order = rng.permutation(PLACES)
    plan = ScanPlan(replicates=1, max_steps=2)
    here = model(xy_m, cases, base, plan, 1).clusters
    there = model(xy_m[order], cases[:, order], base[:, order], plan, 1).clusters
    assert [one.statistic for one in here] == [one.statistic for one in there]
    assert [set(one.places) for one in here] == [set(order[one.places]) for one in there]


@pytest.mark.parametrize("model", MODELS)
def test_scan__does_not_depend_on_the_threads(model: Model) -> None:
    data = quiet(model, np.random.default_rng(9))
    one, three = (model(*data, ScanPlan(replicates=199, threads=threads), 4).simulated for threads in (1, 3))
    assert np.array_equal(one, three)


@pytest.mark.parametrize("model", MODELS)
def test_scan__stops_early_with_the_p_value_of_the_replicates_it_saw(model: Model) -> None:
    data = quiet(model, np.random.default_rng(9))
    full = model(*data, ScanPlan(replicates=999), 4)
    early = model(*data, ScanPlan(replicates=999, stop_after=20), 4)
    n = early.simulated.size
    assert n < 999
    assert np.array_equal(early.simulated, full.simulated[:n])
    assert early.clusters[0].p_value == 20 / n


@pytest.mark.parametrize("model", MODELS)
def test_scan__clusters_share_no_place_and_are_ordered(model: Model) -> None:
    clusters = model(*quiet(model, np.random.default_rng(2)), ScanPlan(replicates=99), 4).clusters
    places = np.concatenate([one.places for one in clusters])
    assert len(clusters) > 1
    assert np.unique(places).size == places.size
    assert [one.statistic for one in clusters] == sorted((one.statistic for one in clusters), reverse=True)
    assert [one.p_value for one in clusters] == sorted(one.p_value for one in clusters)


@pytest.mark.parametrize("model", [poisson, bernoulli, permutation])
def test_scan__without_cases_or_places_finds_nothing(model: Model) -> None:
    nothing = np.zeros((2, 3), np.int64)
    assert model(np.zeros((3, 2)), nothing, nothing + 1, ScanPlan(), 1).clusters == ()
    assert model(np.zeros((0, 2)), nothing[:, :0], nothing[:, :0], ScanPlan(), 1).clusters == ()


@pytest.mark.parametrize("model", MODELS)
def test_scan__of_one_place_has_no_cluster_in_space(model: Model) -> None:
    one = np.array([[4]])
    assert model(np.zeros((1, 2)), one, one * 2, ScanPlan(), 1).clusters == ()


@pytest.mark.parametrize("model", MODELS)
def test_scan__refuses_bad_counts(model: Model) -> None:
    xy_m, good = np.zeros((2, 2)), np.ones((1, 2))
    for bad in (np.array([[1.0, np.nan]]), np.array([[1.0, -1.0]]), np.array([[1.0, 0.5]]), np.ones((1, 3))):
        with pytest.raises(InvalidParameter, match="cases must"):
            model(xy_m, bad, good, ScanPlan(), 1)  # type: ignore[arg-type]  # Floats are what is tried.


def test_scan__refuses_cases_where_there_is_nobody() -> None:
    xy_m, cases, nobody = np.zeros((2, 2)), np.array([1, 1]), np.array([3, 0])
    for model in (poisson, expectation, scattered):
        with pytest.raises(InvalidParameter, match="must be above 0"):
            model(xy_m, cases, nobody, ScanPlan(), 1)


def test_scan__refuses_shapes_that_do_not_fit() -> None:
    xy_m, cases, base = np.zeros((2, 2)), np.ones((4, 2), np.int64), np.ones((3, 2), np.int64)
    for model in (poisson, bernoulli, expectation, scattered):
        with pytest.raises(InvalidParameter, match=r"steps|shape"):
            model(xy_m, cases, base, ScanPlan(), 1)
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidParameter, match="theta must be finite and above 0"):
        negative_binomial_scan(xy_m, cases, np.ones((4, 2)), 0.0, plan=ScanPlan(), rng=rng)
    with pytest.raises(InvalidParameter, match="kind must be"):
        negative_binomial_scan(
            xy_m,
            cases,
            np.ones((4, 2)),
            1.0,
            kind="other",  # type: ignore[arg-type]  # A wrong word is what is tried.
            plan=ScanPlan(),
            rng=rng,
        )
