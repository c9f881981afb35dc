import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.accuracy import (
    accuracy,
    pai_by_week,
    pai_curve,
    penalised_pai,
    recapture_rate,
    wilson_interval,
)

AREAS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=20
).filter(lambda areas: any(observed for observed, _, _ in areas))


def test_pai_curve__is_that_of_ptools(shared_data: Path) -> None:
    small = json.loads((shared_data / "reference" / "published_values.json").read_text())["pai_small"]
    curve = pai_curve(small["obs"], small["pred"], area_m2=small["area"])
    assert curve.pai == pytest.approx(small["PAI"])
    assert curve.pei == pytest.approx(small["PEI"])
    assert curve.predicted_per_observed == pytest.approx(small["RRI_cumpred_over_cumobs"], abs=5e-6)


def test_pai_curve__by_hand_with_unequal_areas() -> None:
    # Densities predicted: 2, 3, 1: the second area first.
    curve = pai_curve([4, 1, 5], [4, 3, 3], area_m2=[2, 1, 3])
    assert curve.order.tolist() == [1, 0, 2]
    assert curve.area_share == pytest.approx([1 / 6, 3 / 6, 1])
    assert curve.hit_rate == pytest.approx([0.1, 0.5, 1])
    assert curve.pai == pytest.approx([0.6, 1, 1])
    # In hindsight the first area (density 2) comes first, then the third (5/3).
    assert curve.best_pai == pytest.approx([0.4 / (2 / 6), 0.9 / (5 / 6), 1])


def test_pai_curve__does_not_reward_ties() -> None:
    curve = pai_curve([6, 0, 3], [1, 1, 1], area_m2=[1, 1, 1])
    assert curve.order.tolist() == [1, 2, 0]
    assert curve.predicted_per_observed[0] == np.inf


def test_pai_curve__area_under_it_is_a_half_by_lot() -> None:
    assert pai_curve([1, 1, 1, 1], [4, 3, 2, 1], area_m2=[1, 1, 1, 1]).area_under_curve == pytest.approx(0.5)
    assert pai_curve([1, 0], [2, 1], area_m2=[1, 1]).area_under_curve == pytest.approx(0.75)


@given(AREAS)
def test_pai_curve__ends_at_one_and_the_oracle_beats_it(areas: list[tuple[int, int, int]]) -> None:
    observed, predicted, _ = np.array(areas, float).T
    curve = pai_curve(observed, predicted, area_m2=np.ones(len(areas)))
    assert curve.pai[-1] == pytest.approx(1)
    assert (curve.pei <= 1 + 1e-9).all()
    assert sorted(curve.order.tolist()) == list(range(len(areas)))


@given(AREAS)
def test_pai_curve__does_not_care_about_the_units(areas: list[tuple[int, int, int]]) -> None:
    observed, predicted, area = np.array(areas, float).T
    here = pai_curve(observed, predicted, area_m2=area)
    there = pai_curve(observed, predicted * 2, area_m2=area * 4)
    assert there.order.tolist() == here.order.tolist()
    assert there.pai == pytest.approx(here.pai)


def test_accuracy__is_that_of_the_methods_paper() -> None:
    found = accuracy(20, 100, selected_m2=3, total_m2=100)
    assert [round(float(x), 2) for x in (found.pai, found.pai_lower, found.pai_upper)] == [6.67, 4.45, 9.63]
    assert float(found.hit_rate) == 0.2
    assert float(found.hits_per_km2) == pytest.approx(20 / 3e-6)


def test_accuracy__takes_arrays() -> None:
    found = accuracy([1, 2], [10, 20], selected_m2=[1, 2], total_m2=10)
    assert found.pai == pytest.approx([1, 0.5])


def test_wilson_interval__at_its_ends_and_without_trials() -> None:
    interval = wilson_interval([0, 10, 0], [10, 10, 0])
    assert interval.lower[0] == 0
    assert interval.upper[1] == 1
    # 10 of 10: lower end n / (n + z^2).
    assert interval.lower[1] == pytest.approx(10 / (10 + 1.959964**2), abs=1e-6)
    assert (interval.lower[2], interval.upper[2]) == (0, 1)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_wilson_interval__covers_the_share_about_as_often_as_it_says(share: float) -> None:
    hits = np.random.default_rng(1).binomial(80, share, 20_000)
    interval = wilson_interval(hits, 80)
    assert ((interval.lower <= share) & (share <= interval.upper)).mean() == pytest.approx(0.95, abs=0.02)


def test_penalised_pai__runs_from_hit_rate_to_pai() -> None:
    values = [
        float(penalised_pai(20, 100, selected_m2=3, total_m2=100, penalty=penalty)) for penalty in (0, 0.5, 1)
    ]
    assert values == pytest.approx([0.2, 0.2 / np.sqrt(0.03), 0.2 / 0.03])


def test_recapture_rate__takes_the_growth_of_the_city_out() -> None:
    # Half of the incidents before; of twice as many incidents still half.
    assert float(recapture_rate(50, 100, hits_after=100, incidents_after=200)) == 1
    assert float(recapture_rate(50, 100, hits_after=30, incidents_after=120)) == pytest.approx(0.5)


def test_pai_by_week__is_wider_where_weeks_differ() -> None:
    incidents = np.full(26, 20)
    steady, uneven = np.full(26, 4), np.tile([0, 8], 13)
    rng = np.random.default_rng(2)
    even = pai_by_week(steady, incidents, selected_share=0.05, rng=rng)
    wide = pai_by_week(uneven, incidents, selected_share=0.05, rng=rng)
    assert float(even.lower) == pytest.approx(4)
    assert float(even.upper) == pytest.approx(4)
    # The mean of 26 weeks of 0 or 8 has a standard error of 0.16 of the mean.
    assert float(wide.lower) == pytest.approx(4 * (1 - 1.96 * 0.196), abs=0.35)
    assert float(wide.upper) == pytest.approx(4 * (1 + 1.96 * 0.196), abs=0.35)


def test_pai_by_week__covers_the_pai_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        incidents = rng.poisson(30, 40)
        hits = rng.binomial(incidents, rng.beta(4, 16, 40))
        interval = pai_by_week(hits, incidents, selected_share=0.1, replicates=299, rng=rng)
        covered += bool(interval.lower <= 2 <= interval.upper)
    assert covered >= 300 * 0.9


@pytest.mark.parametrize(("hits", "incidents"), [([3], [2]), ([1, 2], [3]), ([0], [0]), ([[1]], [[2]])])
def test_pai_by_week__refuses(hits: list[int], incidents: list[int]) -> None:
    with pytest.raises(InvalidParameter, match="one per week"):
        pai_by_week(hits, incidents, selected_share=0.1, rng=np.random.default_rng(1))


def test_accuracy__refuses_more_than_all() -> None:
    with pytest.raises(InvalidParameter, match="at most the trials, got 3 of 2"):
        accuracy(3, 2, selected_m2=1, total_m2=2)
    with pytest.raises(InvalidParameter, match="selected_m2 must be at most total_m2"):
        accuracy(1, 2, selected_m2=3, total_m2=2)
    with pytest.raises(InvalidParameter, match="penalty must be 0 to 1"):
        penalised_pai(1, 2, selected_m2=1, total_m2=2, penalty=1.5)
    with pytest.raises(InvalidParameter, match="one per area"):
        pai_curve([1, 2], [1], area_m2=[1, 1])
    with pytest.raises(InvalidParameter, match="at least one incident"):
        pai_curve([0], [1], area_m2=[1])
