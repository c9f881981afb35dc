"""Adjusted p-values: by hand, published, and what must hold for any values."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, false_discovery_control

from hotspot.errors import InvalidParameter
from hotspot.stats import fdr

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    class Adjust(Protocol):
        def __call__(self, p_value: NDArray[np.float64]) -> NDArray[np.float64]: ...


ALL = [fdr.benjamini_hochberg, fdr.benjamini_yekutieli, fdr.bonferroni, fdr.holm, fdr.sidak]
FAMILY_WISE = [fdr.bonferroni, fdr.holm, fdr.sidak]
P_VALUES = arrays(np.float64, st.integers(0, 40), elements=st.floats(0, 1))


def test_benjamini_hochberg__rejects_two_of_the_published_ten(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())["BH_FDR"]
    adjusted = fdr.benjamini_hochberg(np.array(published["p"]))
    assert np.count_nonzero(adjusted <= published["q"]) == published["n_rejected"]
    # The third and fourth take the value of the fifth, 0.042 * 10 / 5, which is the smallest above them.
    assert adjusted.round(6).tolist()[:5] == [0.01, 0.04, 0.084, 0.084, 0.084]


def test_benjamini_hochberg__rejects_a_value_above_its_own_line_below_a_later_one() -> None:
    # 0.03 > 1 * 0.05 / 2, yet the second value holds the line and carries the first.
    assert (fdr.benjamini_hochberg(np.array([0.03, 0.04])) <= 0.05).all()


def test_holm__by_hand() -> None:
    assert fdr.holm(np.array([0.02, 0.01, 0.03])).tolist() == pytest.approx([0.04, 0.03, 0.04])


@given(P_VALUES)
def test_benjamini_hochberg__agrees_with_scipy(p: NDArray[np.float64]) -> None:
    if p.size:
        np.testing.assert_allclose(
            fdr.benjamini_hochberg(p), false_discovery_control(p, method="bh"), atol=1e-300
        )
        np.testing.assert_allclose(
            fdr.benjamini_yekutieli(p), false_discovery_control(p, method="by"), atol=1e-300
        )


@given(P_VALUES, st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("adjust", ALL)
def test_adjusted_values__follow_their_tests_and_never_shrink(
    adjust: Adjust, p: NDArray[np.float64], seed: int
) -> None:
    adjusted = adjust(p)
    assert (adjusted >= p * (1 - 1e-12)).all()
    assert (adjusted <= 1).all()
    order = np.random.default_rng(seed).permutation(p.size)
    np.testing.assert_array_equal(adjust(p[order]), adjusted[order])
    by_p = np.argsort(p, kind="stable")
    assert (np.diff(adjusted[by_p]) >= -1e-12).all()


@given(P_VALUES)
def test_the_five__are_ordered_by_strictness(p: NDArray[np.float64]) -> None:
    exact = 1 + 1e-9
    assert (fdr.benjamini_hochberg(p) <= fdr.holm(p) * exact).all()
    assert (fdr.holm(p) <= fdr.bonferroni(p) * exact).all()
    assert (fdr.sidak(p) <= fdr.bonferroni(p) * exact).all()
    assert (fdr.benjamini_hochberg(p) <= fdr.benjamini_yekutieli(p) * exact).all()


def test_sidak__keeps_very_small_values() -> None:
    assert fdr.sidak(np.array([1e-18, 1.0])).tolist() == pytest.approx([2e-18, 1.0])


@pytest.mark.parametrize("adjust", ALL)
def test_no_tests__adjust_to_no_values(adjust: Adjust) -> None:
    assert adjust(np.empty(0)).shape == (0,)


@pytest.mark.parametrize("adjust", ALL)
@pytest.mark.parametrize("wrong", [math.nan, -0.001, 1.001, math.inf])
def test_values_that_are_no_probabilities__are_refused(adjust: Adjust, wrong: float) -> None:
    with pytest.raises(InvalidParameter, match="between 0 and 1"):
        adjust(np.array([0.5, wrong]))


def test_a_table_of_values__is_refused() -> None:
    with pytest.raises(InvalidParameter, match="shape"):
        fdr.benjamini_hochberg(np.full((2, 2), 0.5))


@pytest.mark.parametrize("adjust", [*FAMILY_WISE, fdr.benjamini_hochberg])
def test_true_nulls__give_any_finding_at_the_nominal_rate(adjust: Adjust) -> None:
    rng = np.random.default_rng(20)
    families, tests, level = 4_000, 30, 0.05
    false = sum((adjust(rng.random(tests)) <= level).any() for _ in range(families))
    low, high = binom.interval(0.999, families, 1 - (1 - level / tests) ** tests)
    assert low <= false <= high


def test_benjamini_hochberg__keeps_the_share_of_false_findings() -> None:
    rng = np.random.default_rng(21)
    shares = []
    for _ in range(500):
        p = rng.random(100)
        p[:20] **= 12  # A fifth of the tests have something to find.
        found = fdr.benjamini_hochberg(p) <= 0.1
        shares.append(found[20:].sum() / max(found.sum(), 1))
    # The rate is q times the share of true nulls, .08; three standard errors of the mean either side.
    assert np.mean(shares) == pytest.approx(0.08, abs=3 * np.std(shares) / math.sqrt(len(shares)))
