import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.cluster.ellipse import ellipse
from hotspot.errors import InvalidParameter

# Example in the documentation of pointpats (pointpats.centrography.ellipse, method "crimestat"): both
# semi-axes and the turn in radians, there from the x axis to the long one.
PUBLISHED = np.array(
    [
        [66.22, 32.54], [22.52, 22.39], [31.01, 81.21], [9.47, 31.02], [30.78, 60.10], [75.21, 58.93],
        [79.26, 7.68], [8.23, 39.93], [98.73, 77.17], [89.78, 42.53], [65.19, 92.08],
    ]
)  # fmt: skip


def test_ellipse__of_a_cross_by_hand() -> None:
    # Sums of squares 18 and 2 over n - 2 = 2, doubled.
    found = ellipse(np.array([[-3.0, 5.0], [3.0, 5.0], [0.0, 4.0], [0.0, 6.0]]))
    assert (found.x_m, found.y_m) == (0, 5)
    assert found.semi_major_m == pytest.approx(np.sqrt(18))
    assert found.semi_minor_m == pytest.approx(np.sqrt(2))
    assert found.bearing_deg == pytest.approx(90)
    assert found.area_m2 == pytest.approx(np.pi * 6)


def test_ellipse__is_the_published_one() -> None:
    found = ellipse(PUBLISHED)
    assert found.semi_major_m == pytest.approx(50.13029459102783)
    assert found.semi_minor_m == pytest.approx(37.95222670267865)
    assert np.radians(90 - found.bearing_deg) == pytest.approx(0.3465582095042642)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20), st.floats(0, 179), st.integers(-(10**6), 10**6))
@settings(max_examples=60)
def test_ellipse__moves_turns_and_grows_with_its_incidents(
    seed: int, factor: float, by_deg: float, shift_m: int
) -> None:
    xy_m = np.random.default_rng(seed).normal(0, [90, 20], (30, 2))
    cos, sin = np.cos(np.radians(by_deg)), np.sin(np.radians(by_deg))
    here = ellipse(xy_m)
    there = ellipse(factor * xy_m @ np.array([[cos, -sin], [sin, cos]]) + shift_m)
    assert there.semi_major_m == pytest.approx(factor * here.semi_major_m, rel=1e-6)
    assert there.semi_minor_m == pytest.approx(factor * here.semi_minor_m, rel=1e-6)
    turn = (there.bearing_deg - here.bearing_deg - by_deg + 90) % 180 - 90
    assert turn == pytest.approx(0, abs=1e-3)
    assert 0 <= there.bearing_deg < 180


def test_ellipse__holds_the_share_of_a_normal_cloud_that_it_should() -> None:
    xy_m = np.random.default_rng(7).normal(0, 50, (20_000, 2))
    found = ellipse(xy_m)
    inside = np.hypot(xy_m[:, 0] - found.x_m, xy_m[:, 1] - found.y_m) <= found.semi_major_m
    assert np.mean(inside) == pytest.approx(1 - np.exp(-1), abs=0.02)


def test_outline__lies_on_the_ellipse_and_points_along_the_bearing() -> None:
    found = ellipse(PUBLISHED)
    corners = found.outline_m(n_points=360)
    along = corners[0] - [found.x_m, found.y_m]
    assert np.hypot(*along) == pytest.approx(found.semi_major_m)
    assert np.degrees(np.arctan2(*along)) % 180 == pytest.approx(found.bearing_deg)
    x, y = corners.T
    area = 0.5 * np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))
    assert area == pytest.approx(found.area_m2, rel=1e-3)


def test_ellipse__of_one_place_is_a_point_without_direction() -> None:
    found = ellipse(np.full((5, 2), 7.0))
    assert (found.semi_major_m, found.semi_minor_m, found.bearing_deg) == (0, 0, 0)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_ellipse__needs_three(n: int) -> None:
    with pytest.raises(InvalidParameter, match=f"at least 3 incidents, got {n}"):
        ellipse(np.zeros((n, 2)))
