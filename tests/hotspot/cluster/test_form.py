import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.cluster.form import Form, Kind, form
from hotspot.errors import InvalidParameter

SEED = 20050830


def hotspot(kind: Kind, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A clear hotspot: one address; 250 m of a street with houses on both sides; a disc of 80 m."""
    if kind == "dot":
        return np.zeros((n, 2))
    if kind == "line":
        return turned(
            np.column_stack([rng.uniform(-125, 125, n), rng.choice([-8.0, 8.0], n)]), rng.uniform(0, 180)
        )
    radius_m, angle = 80 * np.sqrt(rng.random(n)), rng.uniform(0, 2 * np.pi, n)
    return np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)])


def turned(xy_m: NDArray[np.float64], by_deg: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(by_deg)), np.sin(np.radians(by_deg))
    there: NDArray[np.float64] = xy_m @ np.array([[cos, -sin], [sin, cos]])
    return there


def test_form__most_at_one_address_is_a_dot() -> None:
    xy_m = np.array([[0.0, 0.0], [200.0, 0.0], [0.0, 300.0], [-90.0, 50.0]])
    pile = form(xy_m, np.array([7, 1, 1, 1]))
    assert (pile.kind, pile.share_at_address, pile.share_at_coordinate) == ("dot", 0.7, 0.7)
    assert np.allclose(pile.address_m, 0)
    spread = form(xy_m, np.array([1, 1, 1, 1]))
    assert (spread.kind, spread.share_at_address) == ("area", 0.25)


def test_form__along_a_street_is_a_line() -> None:
    line = form(np.column_stack([np.arange(0.0, 200.0, 10.0), np.zeros(20)]))
    assert line.kind == "line"
    assert line.length_m == pytest.approx(np.sqrt((20**2 - 1) / 12) * 10)
    assert np.allclose([line.width_m, line.bearing_deg], [0, 90])


def test_form__a_long_wide_strip_is_an_area() -> None:
    x, y = np.meshgrid(np.arange(0, 500, 25.0), np.arange(0, 100, 20.0))
    assert form(np.column_stack([x.ravel(), y.ravel()])).kind == "area"


def test_form__of_one_incident_is_a_dot() -> None:
    one = form(np.array([[3.0, 4.0]]))
    assert one == Form("dot", 1.0, (3.0, 4.0), 1.0, 0.0, 0.0, one.bearing_deg)


@pytest.mark.parametrize("off_m", [5.0, 10.0])
@pytest.mark.parametrize("kind", ["dot", "line", "area"])
def test_form__of_a_clear_hotspot_survives_locations_that_are_off(kind: Kind, off_m: float) -> None:
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(200):
        xy_m = hotspot(kind, 15, rng)
        found.append(form(xy_m + rng.normal(0, off_m, xy_m.shape)).kind)
    assert np.mean([it != kind for it in found]) < 0.05


@given(st.integers(0, 2**32 - 1), st.integers(-(10**6), 10**6), st.sampled_from([0, 90, 180, 270]))
@settings(max_examples=60)
def test_form__does_not_care_about_order_origin_or_direction(seed: int, shift_m: int, by_deg: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m = rng.integers(-60, 60, (12, 2)).astype(float) * np.array([1.0, rng.choice([0.1, 1.0])]).round(1)
    here, there = form(xy_m), form(turned(xy_m, by_deg)[rng.permutation(12)].round(6) + shift_m)
    assert here.share_at_coordinate == pytest.approx(there.share_at_coordinate)
    assert here.length_m == pytest.approx(there.length_m, abs=1e-3)
    assert here.width_m == pytest.approx(there.width_m, abs=1e-3)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_form__a_weight_is_so_many_incidents(seed: int) -> None:
    rng = np.random.default_rng(seed)
    xy_m, weight = rng.integers(-60, 60, (9, 2)).astype(float), rng.integers(0, 4, 9)
    weight[0] = 1
    here, there = form(xy_m, weight), form(np.repeat(xy_m, weight, axis=0))
    assert here.kind == there.kind
    assert here.share_at_address == pytest.approx(there.share_at_address)
    assert 0 < here.share_at_address <= 1
    assert 0 <= here.bearing_deg < 180


@pytest.mark.parametrize("weight", [None, np.empty(0), np.zeros(0)])
def test_form__refuses_nothing(weight: NDArray[np.float64] | None) -> None:
    with pytest.raises(InvalidParameter, match="at least one incident"):
        form(np.empty((0, 2)), weight)
    with pytest.raises(InvalidParameter, match="at least one incident"):
        form(np.zeros((2, 2)), np.zeros(2))
