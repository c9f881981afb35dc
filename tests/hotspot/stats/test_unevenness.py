"""How unequal the addresses of a city are, fitted."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotspot.stats.evenness import LOG_LEVELS, STRAY_SHARES, Law, laws
from hotspot.stats.unevenness import Scatter, fitted_law, scatter_of_levels

STEPS = 13


def histograms(zones: list[list[int]]) -> NDArray[np.int32]:
    return np.array([np.bincount(zone, minlength=STEPS + 1) for zone in zones], np.int32)


def drawn(rng: np.random.Generator, spread: float, *, zones: int, strays: float = 0.0) -> list[list[int]]:
    """Counts above zero in zones of 60 addresses, each zone with a level of its own."""
    found = []
    for level in rng.lognormal(0.0, 0.7, zones):
        rate = level * rng.lognormal(0.0, spread, 60)
        counts = rng.binomial(STEPS, -np.expm1(-rate / STEPS))
        seen = counts[counts > 0]
        found.append(seen.tolist() + [1] * round(strays * seen.size / (1 - strays)))
    return found


def likelihood(zones: NDArray[np.int32], law: Law) -> float:
    """The same as the kernel's, in plain arrays."""
    by_level = zones @ law.log_probability[0]
    best = by_level.max(axis=1)
    each = np.exp(by_level - best[:, None])
    share = np.full(LOG_LEVELS.size, 1.0 / LOG_LEVELS.size)
    for _ in range(10):
        share *= (1.0 / (each @ share)) @ each / len(each)
    return float(np.log(each @ share).sum() + best.sum())


@pytest.mark.parametrize("spread", [0.6, 1.2, 1.8])
def test_fitted_law__finds_the_spread_that_was_drawn(spread: float) -> None:
    zones = drawn(np.random.default_rng(5), spread, zones=250)
    law = fitted_law(histograms(zones))
    assert abs(law.spread - spread) <= 0.21
    assert law.stray_share <= 0.15


def test_fitted_law__tells_strays_from_addresses() -> None:
    zones = drawn(np.random.default_rng(6), 0.8, zones=250, strays=0.5)
    law = fitted_law(histograms(zones))
    assert 0.3 <= law.stray_share <= 0.7


def test_fitted_law__is_better_than_all_its_neighbours() -> None:
    zones = histograms(drawn(np.random.default_rng(7), 1.4, zones=80, strays=0.2))
    every = laws(STEPS)
    best = fitted_law(zones)
    spread, share = divmod(best.number, len(STRAY_SHARES))
    for one in every:
        other_spread, other_share = divmod(one.number, len(STRAY_SHARES))
        if max(abs(spread - other_spread), abs(share - other_share)) == 1:
            assert likelihood(zones, best) >= likelihood(zones, one) - 1e-5


def test_fitted_law__is_found_from_everywhere() -> None:
    zones = histograms(drawn(np.random.default_rng(9), 1.0, zones=200))
    found = {fitted_law(zones, start=law).number for law in laws(STEPS)[::7]}
    assert found == {fitted_law(zones).number}


@pytest.mark.parametrize(("shift", "sd"), [(0.0, 0.4), (-0.5, 0.8)])
def test_scatter_of_levels__finds_what_was_drawn(shift: float, sd: float) -> None:
    rng = np.random.default_rng(11)
    law = next(one for one in laws(STEPS) if abs(one.spread - 1.0) < 0.01 and one.stray_share == 0.0)
    expected = rng.normal(0.5, 1.0, 400)
    zones = []
    for level in np.exp(expected + rng.normal(shift, sd, 400)):
        counts = rng.binomial(STEPS, -np.expm1(-level * rng.lognormal(0.0, 1.0, 80) / STEPS))
        zones.append([*counts[counts > 0].tolist(), 1])
    found = scatter_of_levels(histograms(zones), expected, law, start=Scatter(0.0, 0.5), least=0.05)
    assert found.shift == pytest.approx(shift, abs=0.12)
    assert found.variance == pytest.approx(sd**2, rel=0.3)


def test_scatter_of_levels__believes_no_less_than_the_least() -> None:
    law = laws(STEPS)[0]
    zones = histograms([[2, 2, 3]] * 10)
    found = scatter_of_levels(zones, np.zeros(10), law, start=Scatter(0.0, 0.5), least=0.2)
    assert found.variance == 0.2


def test_scatter_of_levels__keeps_its_head_where_likely_and_expected_lie_worlds_apart() -> None:
    law = laws(STEPS)[0]
    zones = histograms([[13] * 500] * 8)
    found = scatter_of_levels(zones, np.full(8, LOG_LEVELS[0]), law, start=Scatter(0.0, 0.002), least=0.001)
    assert np.isfinite(found).all()
