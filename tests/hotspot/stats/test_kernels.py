import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.kernels import (
    gaussian_below,
    gaussian_value,
    quartic_over_rectangle,
    quartic_value,
    require_kernel,
)

inside = st.floats(-1.5, 1.5)


def test_quartic_value__is_the_published_one(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())[
        "quartic_kernel"
    ]
    for away_m, density in published["density_at"].items():
        assert quartic_value(float(away_m) ** 2, 100.0) == pytest.approx(density, rel=2e-5, abs=0)


def test_gaussian_value__is_the_normal_density() -> None:
    assert gaussian_value(0.0, 100.0) == pytest.approx(1 / (2 * math.pi * 100**2), rel=1e-15)
    assert gaussian_value(100.0**2, 100.0) == pytest.approx(
        math.exp(-0.5) / (2 * math.pi * 100**2), rel=1e-15
    )


def test_kernels__integrate_to_one() -> None:
    # In rings: the integral of 2 pi r K(r).
    for value, reach in ((quartic_value, 1.0), (gaussian_value, 8.0)):
        node, weight = np.polynomial.legendre.leggauss(200)
        r = (node + 1) / 2 * reach
        density = np.array([value(float(one) ** 2, 1.0) for one in r])
        assert (weight * reach / 2 * 2 * math.pi * r * density).sum() == pytest.approx(1.0, abs=1e-12)


@given(inside, inside, inside, inside)
def test_quartic_over_rectangle__equals_a_fine_sum(x1: float, x2: float, y1: float, y2: float) -> None:
    west, east, south, north = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    n = 400
    x = west + (np.arange(n) + 0.5) / n * (east - west)
    y = south + (np.arange(n) + 0.5) / n * (north - south)
    squared = x[:, None] ** 2 + y[None, :] ** 2
    fine = (3 / math.pi * np.maximum(1 - squared, 0) ** 2).mean() * (east - west) * (north - south)
    assert quartic_over_rectangle(west, east, south, north) == pytest.approx(fine, abs=3e-5)


@given(st.floats(0.05, 1.5), st.floats(0, 1), st.floats(0, 1))
def test_quartic_over_rectangle__sums_to_one_over_any_squares(side: float, east: float, north: float) -> None:
    x = np.arange(-1 - 2 * side, 1 + 2 * side, side) + east * side
    y = np.arange(-1 - 2 * side, 1 + 2 * side, side) + north * side
    total = sum(
        quartic_over_rectangle(float(one), float(one) + side, float(other), float(other) + side)
        for one in x
        for other in y
    )
    assert total == pytest.approx(1.0, abs=1e-12)


def test_gaussian_below__is_a_half_in_the_middle() -> None:
    assert gaussian_below(0.0) == 0.5
    assert gaussian_below(-9.0) == pytest.approx(0.0, abs=1e-18)
    assert gaussian_below(1.959963984540054) == pytest.approx(0.975, rel=1e-14)


def test_require_kernel__refuses_what_it_does_not_know() -> None:
    with pytest.raises(InvalidParameter, match="quartic, gaussian, got 'triangular'"):
        require_kernel("triangular")
