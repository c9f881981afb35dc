import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import gammaln

from hotspot.errors import InvalidParameter
from hotspot.stats.rates import GammaPrior, posterior
from hotspot.stats.selected_risks import RiskLaw, _bar, _log_chance, _signed_ratio, risk_law

ONE = np.ones(1)
FLAT = np.zeros(1)


def test_risk_law__with_one_gamma_is_the_posterior_of_the_gamma_poisson_model() -> None:
    law = RiskLaw(ONE, np.array([2.0]), np.array([0.5]), FLAT)
    after = posterior(6, 4, prior=GammaPrior.of(shape=2, rate=0.5))
    assert law.mean([6], [4.0]) == pytest.approx([float(after.risk)])
    drawn = law.draws([6], [4.0], draws=200_000, rng=np.random.default_rng(1))
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(
        [float(after.lower), float(after.upper)], rel=0.01
    )


def test_risk_law__its_chances_add_up_to_1_above_the_bar() -> None:
    law, mean, bar = RiskLaw(ONE, np.array([1.3]), np.array([0.4]), np.array([0.5])), np.array([2.5]), 4
    # The factorial is the same for all laws and left out.
    logs = [
        _log_chance(law, np.array([k]), mean, np.array([bar]))[0] - gammaln(k + 1) for k in range(bar, 400)
    ]
    assert np.exp(logs).sum() == pytest.approx(1.0)


def test_risk_law__the_bar_is_the_smallest_count_that_is_as_unlike_chance() -> None:
    mean = np.array([0.3, 1.0, 4.0])
    bar = _bar(3.0, mean, most=50)
    assert (_signed_ratio(bar, mean) >= 3.0).all()
    assert (_signed_ratio(bar - 1, mean) < 3.0).all()


def test_risk_law__of_one_place_or_none_is_what_was_thought_before() -> None:
    before = risk_law(np.empty(0), np.empty(0))
    assert risk_law([7], [1.0]).weight == pytest.approx(before.weight)
    assert before.weight.sum() == pytest.approx(1.0)
    assert before.mean(np.empty(0), np.empty(0)).size == 0


@given(st.permutations(range(8)))
def test_risk_law__does_not_care_about_the_order(order: list[int]) -> None:
    count, mean = np.array([4, 5, 6, 9, 4, 12, 7, 5]), np.array([0.5, 1, 2, 3, 0.2, 4, 2, 1])
    here, there = risk_law(count, mean), risk_law(count[order], mean[order])
    assert there.weight == pytest.approx(here.weight)
    assert there.mean(count[order], mean[order]) == pytest.approx(here.mean(count, mean)[order])


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(1e-3, 200)), max_size=30))
def test_risk_law__is_a_law_whatever_was_counted(places: list[tuple[int, float]]) -> None:
    count, mean = np.array(places, np.float64).reshape(-1, 2).T
    law = risk_law(count, mean)
    assert law.weight.sum() == pytest.approx(1.0)
    assert (law.weight >= 0).all()
    assert np.isfinite(law.mean(count, mean)).all()


def test_risk_law__a_larger_count_has_a_larger_risk() -> None:
    law = risk_law([3, 4, 5, 6, 9], [1.0] * 5)
    assert (np.diff(law.mean([3, 4, 5, 6, 9], [1.0] * 5)) > 0).all()


@pytest.mark.parametrize(
    ("observed", "expected"), [([1, 2], [1.0]), ([1.5], [1.0]), ([1], [0.0]), ([[1]], [[1.0]])]
)
def test_risk_law__refuses_what_are_no_counts(observed: list[float], expected: list[float]) -> None:
    with pytest.raises(InvalidParameter):
        risk_law(observed, expected)


def chosen(rng: np.random.Generator, n: int) -> tuple[NDArray[np.float64], ...]:
    """The first n places that look like hotspots, of many whose risks are close to 1."""
    expected = np.exp(rng.uniform(np.log(0.3), np.log(30), 4_000))
    risk = np.exp(0.3 * rng.standard_normal(4_000))
    observed = rng.poisson(expected * risk).astype(float)
    listed = np.flatnonzero((_signed_ratio(observed, expected) >= 3.0) & (observed >= 3))[:n]
    return observed[listed], expected[listed], risk[listed]


def test_risk_law__is_not_taken_in_by_the_winners_curse() -> None:
    rng = np.random.default_rng(3)
    counted, shrunken, true = np.zeros(3), 0.0, 0.0
    held = []
    for _ in range(60):
        observed, expected, risk = chosen(rng, 15)
        law = risk_law(observed, expected)
        counted += [(observed - expected).sum(), 0, 0]
        shrunken += float((expected * (law.mean(observed, expected) - 1)).sum())
        true += float((expected * (risk - 1)).sum())
        lower, upper = np.quantile(law.draws(observed, expected, draws=1_000, rng=rng), [0.05, 0.95], axis=0)
        held.append(np.mean((lower <= risk) & (risk <= upper)))
    assert counted[0] > 1.5 * true
    assert shrunken == pytest.approx(true, rel=0.15)
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)
