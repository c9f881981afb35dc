import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, nbinom

from hotspot.errors import InvalidParameter
from hotspot.stats.rates import (
    GammaPrior,
    gamma_prior,
    gamma_prior_iterated,
    gamma_prior_likelihood,
    marshall,
    marshall_local,
    posterior,
    relative_risk,
)

EVENTS, POPULATION = [0, 2, 5, 1, 12], [100, 300, 400, 250, 500]
AREAS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 500)), min_size=2, max_size=20).filter(
    lambda areas: any(events for events, _ in areas)
)


def test_marshall__is_that_of_the_toy(shared_data: Path) -> None:
    toy = json.loads((shared_data / "reference" / "published_values.json").read_text())["marshall_global_EB"]
    shrunk = marshall(toy["events"], toy["pop"])
    assert float(shrunk.prior_mean) == pytest.approx(toy["m"], abs=5e-8)
    assert float(shrunk.prior_variance) == pytest.approx(toy["A"], rel=1e-6)
    assert shrunk.weight == pytest.approx(toy["w"], abs=5e-6)
    assert shrunk.rate == pytest.approx(toy["EB"], abs=5e-6)


def test_marshall__without_more_variance_than_chance_gives_all_the_same() -> None:
    shrunk = marshall([10, 20, 30], [100, 200, 300])
    assert shrunk.weight.tolist() == [0, 0, 0]
    assert shrunk.rate == pytest.approx([0.1, 0.1, 0.1])


def test_marshall_local__is_that_of_esda() -> None:
    smoothing = pytest.importorskip("esda.smoothing", reason="esda is not installed")
    libpysal = pytest.importorskip("libpysal", reason="libpysal is not installed")
    rng = np.random.default_rng(1)
    neighbours = {area: [(area - 1) % 12, (area + 1) % 12, (area + 5) % 12] for area in range(12)}
    events, population = rng.poisson(20, 12), rng.integers(50, 500, 12)
    weights = libpysal.weights.W(neighbours, id_order=list(range(12)))
    theirs = smoothing.Spatial_Empirical_Bayes(events, population, weights).r
    own = [[area, *others] for area, others in neighbours.items()]
    start = np.cumsum([0] + [len(area) for area in own])
    ours = marshall_local(events, population, start=start, neighbour=np.concatenate(own))
    assert ours.rate == pytest.approx(theirs.ravel())


def test_marshall_local__around_everything_is_the_global_one() -> None:
    start, neighbour = np.arange(6) * 5, np.tile(np.arange(5), 5)
    local, everywhere = (
        marshall_local(EVENTS, POPULATION, start=start, neighbour=neighbour),
        marshall(EVENTS, POPULATION),
    )
    assert local.rate == pytest.approx(everywhere.rate)


def test_marshall_local__where_nothing_happened_around_gives_nothing() -> None:
    shrunk = marshall_local([0, 3], [10, 10], start=np.array([0, 1, 2]), neighbour=np.array([0, 1]))
    assert shrunk.rate.tolist() == [0, 0.3]


def test_marshall_local__refuses_an_area_without_itself() -> None:
    with pytest.raises(InvalidParameter, match="at least one neighbour"):
        marshall_local([1, 3], [10, 10], start=np.array([0, 0, 2]), neighbour=np.array([0, 1]))


@given(AREAS)
def test_marshall__lies_between_own_and_common_rate(areas: list[tuple[int, int]]) -> None:
    events, population = np.array(areas, float).T
    shrunk = marshall(events, population)
    own, common = events / population, events.sum() / population.sum()
    assert (shrunk.rate >= np.minimum(own, common) - 1e-12).all()
    assert (shrunk.rate <= np.maximum(own, common) + 1e-12).all()


@given(AREAS, st.integers(0, 1000))
def test_marshall__does_not_care_about_the_order_of_areas(areas: list[tuple[int, int]], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(areas))
    events, population = np.array(areas, float).T
    here, there = marshall(events, population).rate, marshall(events[order], population[order]).rate
    assert there == pytest.approx(here[order])


def test_posterior__is_that_of_the_methods_paper() -> None:
    after = posterior(6, 4, prior=GammaPrior.of(shape=2, rate=0.5))
    assert round(float(after.risk), 3) == 1.778
    assert round(float(after.lower), 3) == 0.768
    assert round(float(after.upper), 3) == 3.205


@given(st.integers(0, 100), st.floats(0.1, 50), st.floats(0.2, 20), st.floats(0.2, 20))
def test_posterior__is_the_gamma_distribution(count: int, expected: float, shape: float, rate: float) -> None:
    after = posterior(count, expected, prior=GammaPrior.of(shape=shape, rate=rate), confidence=0.9)
    law = gamma(shape + count, scale=1 / (rate + expected))
    ends = [float(after.risk), float(after.lower), float(after.upper)]
    assert ends == pytest.approx([law.mean(), law.ppf(0.05), law.ppf(0.95)], rel=1e-6)


def test_posterior__without_variance_is_the_prior() -> None:
    after = posterior([0, 9], [1, 1], prior=GammaPrior(1.2, 0.0))
    assert after.risk.tolist() == after.lower.tolist() == after.upper.tolist() == [1.2, 1.2]
    assert GammaPrior(1.2, 0.0).shape == GammaPrior(1.2, 0.0).rate == np.inf


def test_priors__find_the_one_from_which_risks_were_drawn() -> None:
    rng = np.random.default_rng(5)
    expected = rng.uniform(2, 30, 3_000)
    observed = rng.poisson(expected * rng.gamma(4, 0.25, 3_000))
    for estimate in (gamma_prior, gamma_prior_iterated, gamma_prior_likelihood):
        prior = estimate(observed, expected)
        assert prior.mean == pytest.approx(1, abs=0.04)
        assert prior.variance == pytest.approx(0.25, abs=0.04)


def test_gamma_prior_iterated__solves_the_equations_of_clayton_and_kaldor() -> None:
    rng = np.random.default_rng(6)
    expected = rng.uniform(2, 30, 60)
    observed = rng.poisson(expected * rng.gamma(4, 0.25, 60))
    prior = gamma_prior_iterated(observed, expected)
    risk = np.asarray((observed + prior.shape) / (expected + prior.rate), np.float64)
    assert risk.mean() == pytest.approx(prior.mean, rel=1e-6)
    spread = ((1 + prior.rate / expected) * (risk - risk.mean()) ** 2).sum() / 59
    assert spread == pytest.approx(prior.variance, rel=1e-6)


def test_gamma_prior_likelihood__is_a_maximum() -> None:
    rng = np.random.default_rng(7)
    expected = rng.uniform(2, 30, 80)
    observed = rng.poisson(expected * rng.gamma(4, 0.25, 80))

    def likelihood(prior: GammaPrior) -> float:
        return float(np.sum(nbinom.logpmf(observed, prior.shape, prior.rate / (prior.rate + expected))))

    best = gamma_prior_likelihood(observed, expected)
    for mean, variance in ((1.01, 1), (0.99, 1), (1, 1.05), (1, 0.95)):
        assert likelihood(GammaPrior(best.mean * mean, best.variance * variance)) < likelihood(best)


def test_priors__of_areas_that_are_one_have_no_variance() -> None:
    observed, expected = [10, 20, 30], [10.0, 20.0, 30.0]
    for estimate in (gamma_prior, gamma_prior_iterated, gamma_prior_likelihood):
        assert estimate(observed, expected) == GammaPrior(1.0, 0.0)


@settings(max_examples=30)
@given(AREAS)
def test_priors__are_always_a_distribution(areas: list[tuple[int, int]]) -> None:
    events, population = np.array(areas, float).T
    for estimate in (gamma_prior, gamma_prior_iterated, gamma_prior_likelihood):
        prior = estimate(events, population / 10)
        assert prior.mean > 0
        assert prior.variance >= 0


def test_relative_risk__is_the_exact_interval_divided_by_the_expectation() -> None:
    found = relative_risk([10, 0], [5.0, 2.0])
    assert found.risk.tolist() == [2, 0]
    assert found.lower == pytest.approx([4.7954 / 5, 0], abs=1e-4)
    assert found.upper == pytest.approx([18.3904 / 5, -np.log(0.025) / 2], abs=1e-4)


def test_posterior__covers_the_risk_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    prior = GammaPrior.of(shape=3, rate=3)
    risk, expected = rng.gamma(3, 1 / 3, 20_000), rng.uniform(1, 20, 20_000)
    after = posterior(rng.poisson(risk * expected), expected, prior=prior)
    covered = ((after.lower <= risk) & (risk <= after.upper)).mean()
    assert covered == pytest.approx(0.95, abs=4 * np.sqrt(0.05 * 0.95 / 20_000))


@pytest.mark.parametrize(
    ("events", "population", "message"),
    [
        ([0, 0], [1, 2], "must not all be 0"),
        ([1, 2], [1, 0], "population must be positive"),
        ([1, 2], [1, 2, 3], "one per area"),
        ([1, np.nan], [1, 2], "events must be finite"),
    ],
)
def test_rates__refuse(events: list[float], population: list[float], message: str) -> None:
    for method in (marshall, gamma_prior, gamma_prior_iterated, gamma_prior_likelihood):
        with pytest.raises(InvalidParameter, match=message):
            method(events, population)


def test_gamma_prior_iterated__needs_two_areas() -> None:
    with pytest.raises(InvalidParameter, match="at least 2 areas are needed for a variance, got 1"):
        gamma_prior_iterated([3], [2.0])
