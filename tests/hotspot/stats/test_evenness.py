"""The Bayes factor of 'something comes to every address'."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotspot.stats.evenness import LOG_LEVELS, Law, fitted_law, laws, level_of_mean, log_bayes_factors

STEPS = 13


def histogram(counts: list[int]) -> NDArray[np.int64]:
    return np.bincount(counts, minlength=STEPS + 1)


def factors(law: Law, zones: list[list[int]], *, level: float = 1.0, variance: float = 0.5) -> list[float]:
    rows = np.array([histogram(zone) for zone in zones], np.int32)
    out = np.empty(len(rows))
    centre = np.full(len(rows), np.log(level))
    log_bayes_factors(rows, law.log_probability, LOG_LEVELS, centre, variance, out)
    return out.tolist()


def law_of(spread: float, stray_share: float = 0.0) -> Law:
    return next(
        law for law in laws(STEPS) if abs(law.spread - spread) < 0.01 and law.stray_share == stray_share
    )


def drawn(rng: np.random.Generator, spread: float, *, zones: int, strays: float = 0.0) -> list[list[int]]:
    """Counts above zero in zones of 60 addresses, each zone with a level of its own."""
    found = []
    for level in rng.lognormal(0.0, 0.7, zones):
        rate = level * rng.lognormal(0.0, spread, 60)
        counts = rng.binomial(STEPS, -np.expm1(-rate / STEPS))
        seen = counts[counts > 0]
        found.append(seen.tolist() + [1] * round(strays * seen.size / (1 - strays)))
    return found


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


@pytest.mark.parametrize("spread", [0.6, 1.2, 1.8])
def test_fitted_law__finds_the_spread_that_was_drawn(spread: float) -> None:
    zones = drawn(np.random.default_rng(5), spread, zones=250)
    law = fitted_law(np.array([histogram(zone) for zone in zones]))
    assert abs(law.spread - spread) <= 0.21
    assert law.stray_share <= 0.15


def test_fitted_law__tells_strays_from_addresses() -> None:
    zones = drawn(np.random.default_rng(6), 0.8, zones=250, strays=0.5)
    law = fitted_law(np.array([histogram(zone) for zone in zones]))
    assert 0.3 <= law.stray_share <= 0.7
