import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.gumbel import gumbel_by_moments


def test_gumbel_by_moments__is_that_of_the_published_toy(shared_data: Path) -> None:
    toy = json.loads((shared_data / "reference" / "published_values.json").read_text())["gumbel_mom_toy"]
    fit = gumbel_by_moments(np.array(toy["replicates"]))
    assert fit.scale == pytest.approx(toy["beta"], abs=5e-7)
    assert fit.location == pytest.approx(toy["mu"], abs=5e-7)
    assert fit.p_value(10.0) == pytest.approx(toy["p_at_10"], abs=5e-9)


def test_gumbel__of_equal_maxima_is_certain() -> None:
    fit = gumbel_by_moments(np.full(9, 3.0))
    assert fit.p_value(3.0) == 1.0
    assert fit.p_value(3.1) == 0.0


@given(st.floats(-1e6, 1e6), st.floats(0.0, 1e3))
def test_gumbel__falls_from_one(observed: float, more: float) -> None:
    fit = gumbel_by_moments(np.array([3.1, 4.2, 5.0, 2.8]))
    assert 0.0 <= fit.p_value(observed + more) <= fit.p_value(observed) <= 1.0


@given(st.integers(-100, 100), st.integers(1, 10))
def test_gumbel_by_moments__follows_shift_and_scale(shift: int, factor: int) -> None:
    maxima = np.array([3.0, 4.0, 5.0, 2.0, 9.0])
    fit, moved = gumbel_by_moments(maxima), gumbel_by_moments(factor * maxima + shift)
    assert moved.scale == pytest.approx(factor * fit.scale)
    assert moved.location == pytest.approx(factor * fit.location + shift, abs=1e-9)


def test_gumbel_by_moments__recovers_the_distribution() -> None:
    fit = gumbel_by_moments(np.random.default_rng(2).gumbel(5.0, 0.9, 20_000))
    assert fit.location == pytest.approx(5.0, abs=0.03)
    assert fit.scale == pytest.approx(0.9, abs=0.03)


def test_gumbel_by_moments__refuses_too_little() -> None:
    with pytest.raises(InvalidParameter, match="at least 2 finite numbers, got 1"):
        gumbel_by_moments(np.array([1.0]))
    with pytest.raises(InvalidParameter, match="finite"):
        gumbel_by_moments(np.array([1.0, np.nan]))
