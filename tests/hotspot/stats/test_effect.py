import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.effect import (
    BeforeAfter,
    centre_shift,
    displacement_difference,
    displacement_quotient,
    rate_ratio,
    weighted_sum,
)

COUNT = st.integers(1, 500)


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    return values


def test_displacement_difference__is_that_of_wheeler_and_ratcliffe(published: dict[str, Any]) -> None:
    paper = published["wdd_2018"]
    found = displacement_difference(
        BeforeAfter(*paper["treated"]),
        BeforeAfter(*paper["control"]),
        displaced_treated=BeforeAfter(*paper["disp_treated"]),
        displaced_control=BeforeAfter(*paper["disp_control"]),
    )
    assert found.local.estimate == paper["WDD_local"]
    assert found.displaced.estimate == paper["WDD_disp"]
    assert found.total.estimate == paper["WDD_total"]
    assert found.total.standard_error == pytest.approx(paper["SE"], abs=5e-6)
    assert round(found.total.z, 2) == paper["Z"]
    assert [round(found.total.lower), round(found.total.upper)] == paper["CI95"]


def test_displacement_difference__is_that_of_ptools_with_durations(published: dict[str, Any]) -> None:
    toy = published["wdd_time_weights"]
    found = displacement_difference(
        BeforeAfter(*toy["treated"]), BeforeAfter(*toy["control"]), durations=tuple(toy["time_weights"])
    )
    assert found.total.estimate == toy["total"]
    assert found.total.standard_error**2 == pytest.approx(toy["var"])


def test_displacement_difference__is_that_of_ptools_with_sizes() -> None:
    # Test "Area Weights" of ptools.
    found = displacement_difference(
        BeforeAfter(207, 110, size=1.2),
        BeforeAfter(308, 318, size=0.9),
        displaced_treated=BeforeAfter(178, 157, size=1.5),
        displaced_control=BeforeAfter(150, 140, size=1.6),
    ).total
    assert [found.estimate, found.standard_error, found.z, found.lower, found.upper] == pytest.approx(
        [-99.69444444, 35.4280755, -2.813995483, -169.1321965, -30.25669241]
    )


def test_weighted_sum__is_that_of_ptools() -> None:
    # Test "Cumulative Harm" of ptools.
    areas = [
        ((133, 91), (130, 74)),
        ((388, 305), (327, 202)),
        ((148, 97), (398, 190)),
        ((86, 64), (144, 92)),
        ((94, 67), (183, 96)),
    ]
    effects = [displacement_difference(BeforeAfter(*t), BeforeAfter(*c)).local for c, t in areas]
    found = weighted_sum(effects, weights=[3, 2, 5, 7, 10])
    assert [found.estimate, found.standard_error, found.z, found.lower, found.upper] == pytest.approx(
        [-1721, 304.10360077, -5.65925558, -2317.03210507, -1124.96789493]
    )


def test_displacement_difference__without_any_incident_says_nothing() -> None:
    found = displacement_difference(BeforeAfter(0, 0), BeforeAfter(0, 0)).total
    assert (found.estimate, found.standard_error, found.p_value) == (0, 0, 1)
    assert math.isnan(found.z)


@given(COUNT, COUNT, COUNT, COUNT, st.floats(1, 5))
def test_displacement_difference__dispersion_widens_it(a: int, b: int, c: int, d: int, phi: float) -> None:
    plain = displacement_difference(BeforeAfter(a, b), BeforeAfter(c, d)).total
    wide = displacement_difference(BeforeAfter(a, b), BeforeAfter(c, d), dispersion=phi).total
    assert wide.estimate == plain.estimate
    assert wide.standard_error == pytest.approx(plain.standard_error * math.sqrt(phi))


def test_displacement_difference__rejects_true_nulls_at_the_nominal_rate() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.poisson([60, 60, 90, 90], (4_000, 4))
    rejected = sum(
        displacement_difference(BeforeAfter(*row[:2]), BeforeAfter(*row[2:])).total.p_value <= 0.05
        for row in drawn
    )
    assert rejected / 4_000 == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 4_000))


def test_displacement_quotient__is_that_of_the_guide(published: dict[str, Any]) -> None:
    paper, values = published["wdd_2018"], published["wdq"]["on_wdd_2018_with_C=control"]
    found = displacement_quotient(
        BeforeAfter(*paper["treated"]), BeforeAfter(*paper["disp_treated"]), BeforeAfter(*paper["control"])
    )
    assert found.quotient == pytest.approx(values["WDQ"], abs=5e-7)
    assert found.displacement == pytest.approx(values["num"], abs=5e-7)
    assert found.success == pytest.approx(values["den"], abs=5e-7)
    assert found.gross_effect == values["GE"]
    assert found.net_effect == pytest.approx(values["NE"], abs=5e-7)
    assert found.total_net_effect == pytest.approx(values["TNE"], abs=0.05)
    assert found.is_interpretable


def test_displacement_quotient__of_the_toy_is_displacement(published: dict[str, Any]) -> None:
    toy = published["wdq"]["toy_displacement"]
    found = displacement_quotient(BeforeAfter(*toy["R"]), BeforeAfter(*toy["D"]), BeforeAfter(*toy["C"]))
    assert found.quotient == pytest.approx(toy["WDQ"])


def test_displacement_quotient__without_success_is_not_to_be_read() -> None:
    assert not displacement_quotient(
        BeforeAfter(10, 12), BeforeAfter(5, 5), BeforeAfter(10, 10)
    ).is_interpretable
    unchanged = displacement_quotient(BeforeAfter(10, 10), BeforeAfter(5, 5), BeforeAfter(10, 10))
    assert math.isnan(unchanged.quotient)
    with pytest.raises(InvalidParameter, match="the control's counts must be positive"):
        displacement_quotient(BeforeAfter(10, 10), BeforeAfter(5, 5), BeforeAfter(0, 10))


def test_rate_ratio__is_that_of_the_poisson_regression(published: dict[str, Any]) -> None:
    values = published["did_poisson"]
    found = rate_ratio(BeforeAfter(207, 110), BeforeAfter(308, 318))
    assert found.log_ratio == pytest.approx(values["logIRR"], abs=5e-6)
    assert found.standard_error == pytest.approx(values["se"], abs=5e-7)
    assert found.z == pytest.approx(values["z"], abs=5e-3)
    assert found.ratio == pytest.approx(values["IRR"], abs=5e-6)
    assert [found.lower, found.upper] == pytest.approx(values["IRR_CI95"], abs=2e-5)


@given(COUNT, COUNT, COUNT, COUNT)
def test_rate_ratio__is_the_inverse_when_both_change_places(a: int, b: int, c: int, d: int) -> None:
    here = rate_ratio(BeforeAfter(a, b), BeforeAfter(c, d))
    there = rate_ratio(BeforeAfter(c, d), BeforeAfter(a, b))
    assert here.ratio * there.ratio == pytest.approx(1)
    assert here.p_value == pytest.approx(there.p_value)


def test_effects__refuse() -> None:
    with pytest.raises(InvalidParameter, match="counts must be positive, got 0"):
        rate_ratio(BeforeAfter(3, 0), BeforeAfter(2, 2))
    with pytest.raises(InvalidParameter, match="before and after must not be negative"):
        BeforeAfter(-1, 2)
    with pytest.raises(InvalidParameter, match="size must be positive"):
        BeforeAfter(1, 2, size=0)
    with pytest.raises(InvalidParameter, match="durations must be positive"):
        displacement_difference(BeforeAfter(1, 2), BeforeAfter(1, 2), durations=(1, 0))
    with pytest.raises(InvalidParameter, match="weights must be 0, one per effect, got 1"):
        weighted_sum([], weights=[1])


@pytest.mark.parametrize(
    ("east_m", "north_m", "bearing_deg"), [(0, 5, 0), (5, 0, 90), (0, -5, 180), (-5, 0, 270)]
)
def test_centre_shift__points_where_a_compass_does(east_m: float, north_m: float, bearing_deg: float) -> None:
    before_m = np.array([[100.0, 100.0], [102.0, 104.0]])
    shift = centre_shift(before_m, before_m + np.array([east_m, north_m]))
    assert shift.distance_m == pytest.approx(5)
    assert shift.bearing_deg == pytest.approx(bearing_deg)


def test_centre_shift__that_is_none_has_no_bearing() -> None:
    shift = centre_shift(np.zeros((1, 2)), np.zeros((2, 2)))
    assert shift.distance_m == 0
    assert math.isnan(shift.bearing_deg)
    with pytest.raises(InvalidParameter, match="at least one place"):
        centre_shift(np.zeros((0, 2)), np.zeros((2, 2)))
