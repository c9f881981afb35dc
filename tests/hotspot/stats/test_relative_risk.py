import math
import os
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.cells import centres_m, square_cells
from hotspot.stats.kde import kde
from hotspot.stats.kernels import Kernel
from hotspot.stats.relative_risk import compared, relative_risk, tolerance_sides

KERNELS = get_args(Kernel)
CELLS = square_cells((0, 0, 1000, 1000), side_m=100)


def street(seed: int, n: int) -> NDArray[np.float64]:
    """Very uneven, the same for cases and controls."""
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [rng.normal(400, 80, (n // 2, 2)).clip(0, 999), rng.uniform(0, 1000, (n - n // 2, 2))]
    )


def test_compared__by_hand() -> None:
    first, second = np.array([4.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0])
    assert compared(first, second, how="difference").tolist() == [2.0, 1.0, 0.0]
    assert compared(first, second, how="sum").tolist() == [6.0, 1.0, 0.0]
    ratio = compared(first, second, how="ratio")
    assert ratio[:2].tolist() == [2.0, math.inf]
    assert math.isnan(ratio[2])
    # A constant of half of 2 is added on both sides.
    assert compared(first, second, how="ratio", alpha=0.5) == pytest.approx([5 / 3, 2.0, 1.0])
    assert compared(first, second, how="log_ratio", alpha=0.5) == pytest.approx(np.log([5 / 3, 2.0, 1.0]))
    assert compared(np.zeros(1), np.ones(1), how="log_ratio").tolist() == [-math.inf]


@pytest.mark.parametrize("kernel", KERNELS)
def test_relative_risk__is_the_ratio_of_two_corrected_densities(kernel: Kernel) -> None:
    cases_m, controls_m = street(1, 40), street(2, 90)
    f, g = (
        kde(one, CELLS, bandwidth_m=250.0, kernel=kernel, edge_correction="diggle") / len(one)
        for one in (cases_m, controls_m)
    )
    risk = relative_risk(
        cases_m, controls_m, CELLS, bandwidth_m=250.0, kernel=kernel, rng=np.random.default_rng(1), alpha=0.1
    )
    added = 0.1 * g.max()
    assert risk.value == pytest.approx((f + added) / (g + added), rel=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("n_cases", [25, 70])
def test_relative_risk__finds_where_the_cases_are(kernel: Kernel, n_cases: int) -> None:
    rng = np.random.default_rng(3)
    cases_m = np.concatenate([street(3, n_cases), rng.normal(800, 30, (15, 2)).clip(0, 999)])
    risk = relative_risk(cases_m, street(4, 60), CELLS, bandwidth_m=200.0, kernel=kernel, rng=rng)
    sides = tolerance_sides(risk, level=0.01)
    here = np.hypot(*(centres_m(CELLS) - 800).T) < 100
    assert (sides[here] == 1).all()
    assert risk.replicates == 999


def test_relative_risk__counts_ties_and_itself() -> None:
    # One case, one control: two worlds, of which one is ours.
    risk = relative_risk(
        np.array([[250.0, 250.0]]),
        np.array([[750.0, 750.0]]),
        CELLS,
        bandwidth_m=150.0,
        rng=np.random.default_rng(5),
        n_permutations=199,
    )
    case_cell, nowhere = 22, 9
    assert 0.35 < risk.p_value_high[case_cell] < 0.65
    assert risk.p_value_low[case_cell] == 1.0
    assert risk.p_value_high[nowhere] == risk.p_value_low[nowhere] == risk.value[nowhere] == 1.0


def test_relative_risk__does_not_care_how_many_threads_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        found.append(
            relative_risk(
                street(6, 40), street(7, 50), CELLS, bandwidth_m=150.0, rng=np.random.default_rng(6)
            )
        )
    for one in found[1:]:
        assert np.array_equal(one.p_value_high, found[0].p_value_high)
        assert np.array_equal(one.p_value_low, found[0].p_value_low)


def test_relative_risk__exchanged_groups_exchange_the_sides() -> None:
    # But for the constant, which is taken from the controls and counts where there is next to nothing.
    one, other = street(8, 50), street(9, 50)
    at = [np.random.default_rng(seed) for seed in (1, 2)]
    here = relative_risk(one, other, CELLS, bandwidth_m=200.0, rng=at[0], alpha=1e-6)
    there = relative_risk(other, one, CELLS, bandwidth_m=200.0, rng=at[1], alpha=1e-6)
    busy = np.hypot(*(centres_m(CELLS) - 400).T) < 250
    assert there.value[busy] == pytest.approx(1 / here.value[busy], rel=1e-3)
    assert np.abs(here.p_value_high - there.p_value_low)[busy].max() < 0.1


def test_relative_risk__rejects_true_nulls_at_the_nominal_rate() -> None:
    # One cell in a busy place; each world one draw. 200 draws at 10 %: 20, at most 35 with p < .001.
    cell, rejected_high, rejected_low = 44, 0, 0
    rng = np.random.default_rng(10)
    for world in range(200):
        xy_m = street(1000 + world, 60)
        cases = rng.permutation(60) < 25
        risk = relative_risk(xy_m[cases], xy_m[~cases], CELLS, bandwidth_m=200.0, rng=rng, n_permutations=39)
        rejected_high += risk.p_value_high[cell] <= 0.1
        rejected_low += risk.p_value_low[cell] <= 0.1
    assert 8 <= rejected_high <= 35
    assert 8 <= rejected_low <= 35


def test_relative_risk__refuses_what_makes_no_sense() -> None:
    rng, some = np.random.default_rng(1), street(1, 10)
    with pytest.raises(InvalidParameter, match="controls_m must hold at least one place"):
        relative_risk(some, np.empty((0, 2)), CELLS, bandwidth_m=1.0, rng=rng)
    with pytest.raises(InvalidParameter, match="cases_m must hold at least one place"):
        relative_risk(some + 5000, some, CELLS, bandwidth_m=1.0, rng=rng)
    with pytest.raises(InvalidParameter, match="bandwidth_m must be above 0"):
        relative_risk(some, some, CELLS, bandwidth_m=0.0, rng=rng)
    with pytest.raises(InvalidParameter, match="alpha must be above 0"):
        relative_risk(some, some, CELLS, bandwidth_m=1.0, rng=rng, alpha=0.0)
    with pytest.raises(InvalidParameter, match="n_permutations must be 1 or more"):
        relative_risk(some, some, CELLS, bandwidth_m=1.0, rng=rng, n_permutations=0)
    with pytest.raises(InvalidParameter, match="how must be one of"):
        compared(np.ones(1), np.ones(1), how="product")  # type: ignore[arg-type]  # Wrong on purpose.
    with pytest.raises(InvalidParameter, match="alpha must be 0 or more"):
        compared(np.ones(1), np.ones(1), how="ratio", alpha=-1.0)
    with pytest.raises(InvalidParameter, match="one shape"):
        compared(np.ones(1), np.ones(2), how="ratio")
    with pytest.raises(InvalidParameter, match=r"level must be above 0 and below 0\.5"):
        tolerance_sides(relative_risk(some, some, CELLS, bandwidth_m=100.0, rng=rng), level=0.5)
