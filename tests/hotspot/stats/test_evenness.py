"""The Bayes factor of 'something comes to every address'."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotspot.stats.evenness import LOG_LEVELS, Law, exp_below, laws, level_of_mean, log_bayes_factors

STEPS = 13


def histogram(counts: list[int]) -> NDArray[np.int64]:
    return np.bincount(counts, minlength=STEPS + 1)


def factors(law: Law, zones: list[list[int]], *, level: float = 1.0, variance: float = 0.5) -> list[float]:
    rows = np.array([histogram(zone) for zone in zones], np.int32)
    out = np.empty(len(rows))
    centre = np.full(len(rows), np.log(level))
    zones_all = np.arange(len(rows))
    log_bayes_factors(rows, zones_all, law.log_probability, LOG_LEVELS, centre, variance, out)
    return out.tolist()


def law_of(spread: float, stray_share: float = 0.0) -> Law:
    return next(
        law for law in laws(STEPS) if abs(law.spread - spread) < 0.01 and law.stray_share == stray_share
    )


def test_law__gives_the_counts_above_zero_a_probability_of_one() -> None:
    for law in laws(STEPS):
        assert np.allclose(np.exp(law.log_probability[:, 1:]).sum(axis=1), 1.0)
        assert (np.diff(law.mean_count) > 0).all()


def test_law__without_spread_would_be_a_truncated_binomial() -> None:
    # By hand: at spread 0.4 and a low level the chance of two periods among those with any is about
    # (12 / 2) * (rate / 13) * E[s^2] / E[s], with E[s^2] / E[s] = exp(1.5 * 0.4^2).
    law, level = law_of(0.4), 0
    rate = np.exp(LOG_LEVELS[level])
    ratio = np.exp(law.log_probability[0, 2, level] - law.log_probability[0, 1, level])
    assert ratio == pytest.approx(6 * rate / 13 * np.exp(1.5 * 0.4**2), rel=0.02)


def test_level_of_mean__is_the_inverse_of_the_mean() -> None:
    law = law_of(1.2)
    assert np.allclose(level_of_mean(law.mean_count[5:30], law), LOG_LEVELS[5:30])
    assert level_of_mean(np.array([0.0, 99.0]), law).tolist() == [LOG_LEVELS[0], LOG_LEVELS[-1]]


def test_log_bayes_factors__even_counts_speak_for_a_raise_and_uneven_ones_of_the_same_sum_do_not() -> None:
    even, uneven = factors(law_of(1.2), [[3] * 12, [13, 11, 4] + [1] * 8])
    assert even > 4.0
    assert uneven < 0.0


def test_log_bayes_factors__one_full_place_adds_nothing() -> None:
    street = [1, 1, 2, 1, 1, 3, 1, 2]
    plain, with_pile_up = factors(law_of(1.4), [street, [*street, 13]])
    assert with_pile_up < plain + 0.5


def test_log_bayes_factors__are_at_most_one_on_average_where_nothing_adds() -> None:
    # That is what makes a Bayes factor honest: its mean over the null is exactly 1.
    rng, law = np.random.default_rng(3), law_of(1.2)
    zones = []
    for level in rng.lognormal(0.0, np.sqrt(0.5), 20_000):
        counts = rng.binomial(STEPS, -np.expm1(-level * rng.lognormal(0.0, 1.2, 25) / STEPS))
        zones.append(counts[counts > 0].tolist())
    factor = np.exp(factors(law, zones))
    assert np.mean(factor >= 20.0) <= 1 / 20
    assert np.mean(factor >= 100.0) <= 1 / 100
    assert factor.mean() <= 1.0 + 4.0 * factor.std() / np.sqrt(factor.size)


def test_log_bayes_factors__are_what_the_plain_sums_give() -> None:
    law, rng = law_of(1.2, 0.15), np.random.default_rng(8)
    zones = [rng.integers(1, STEPS + 1, size).tolist() for size in (3, 10, 60)]
    for zone, factor in zip(zones, factors(law, zones, level=2.0, variance=0.3), strict=True):
        prior = -0.5 * (LOG_LEVELS - np.log(2.0)) ** 2 / 0.3
        near = np.abs(LOG_LEVELS - np.log(2.0)) <= 4.0 * np.sqrt(0.3) + 0.3
        value = (prior + np.einsum("c,kcm->km", histogram(zone), law.log_probability))[:, near]
        total = np.logaddexp.reduce(value, axis=1)
        assert factor == pytest.approx(np.logaddexp.reduce(total[1:] - total[0]) - np.log(8), abs=1e-9)


def test_log_bayes_factors__leave_the_other_zones_alone() -> None:
    rows = np.array([histogram([1, 2, 3])] * 3, np.int32)
    out, law = np.full(3, 7.0), law_of(1.2)
    log_bayes_factors(rows, np.array([1]), law.log_probability, LOG_LEVELS, np.zeros(3), 0.5, out)
    assert (out[[0, 2]] == 7.0).all()
    assert out[1] < 7.0


def test_exp_below__is_the_exponential() -> None:
    for power in np.linspace(-36.0, 0.0, 1001):
        assert exp_below(power) == pytest.approx(np.exp(power), rel=1e-10)
    assert exp_below(-1e6) == pytest.approx(np.exp(-36.0))
