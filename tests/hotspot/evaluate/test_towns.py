"""Cities of many shapes."""

import numpy as np
import pytest
import shapely

from hotspot.evaluate.towns import Inequality, Shape, cells, town, unequal

SIDE_M = 3000.0


@pytest.mark.parametrize("shape", list(Shape))
def test_town__has_all_addresses_in_the_area_that_they_name(shape: Shape) -> None:
    made = town(shape, Inequality.GAMMA, side_m=SIDE_M, rng=np.random.default_rng(1))
    assert len(made.xy_m) > 500
    for index, area in enumerate(made.areas):
        points = shapely.points(made.xy_m[made.area == index])
        assert shapely.intersects(area.geometry.buffer(1e-6), points).all()


@pytest.mark.parametrize("shape", list(Shape))
def test_town__intensities_are_shares(shape: Shape) -> None:
    made = town(shape, Inequality.PARETO, side_m=SIDE_M, rng=np.random.default_rng(2))
    assert made.intensity.sum() == pytest.approx(1)
    assert (made.intensity >= 0).all()


def test_town__is_the_same_for_the_same_state_and_another_for_another() -> None:
    one, same, other = (
        town(Shape.TOWNS, Inequality.LOGNORMAL, side_m=SIDE_M, rng=np.random.default_rng(seed))
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one.xy_m, same.xy_m)
    assert not np.array_equal(one.xy_m, other.xy_m)


def test_town__pile_ups_hold_a_large_part() -> None:
    made = town(Shape.PILE_UPS, Inequality.LOGNORMAL, side_m=SIDE_M, rng=np.random.default_rng(5))
    assert np.sort(made.intensity)[-3:].sum() > 0.05


def test_cells__fill_the_square_without_overlap() -> None:
    areas = cells(SIDE_M, 20, rng=np.random.default_rng(6))
    assert sum(area.geometry.area for area in areas) == pytest.approx(SIDE_M**2)
    assert shapely.union_all([area.geometry for area in areas]).area == pytest.approx(SIDE_M**2)
    assert len({area.code for area in areas}) == 20


@pytest.mark.parametrize("law", list(Inequality))
def test_unequal__is_positive_and_heavy_tailed(law: Inequality) -> None:
    drawn = unequal(law, 5000, rng=np.random.default_rng(7))
    assert (drawn > 0).all()
    busiest = np.sort(drawn)[-500:].sum() / drawn.sum()
    assert busiest > 0.2
