import numpy as np
import pytest
import shapely

from hotspot.city import chessboard, city


def test_chessboard__covers_its_square_without_overlap() -> None:
    areas = chessboard(3, 4, side_m=500)
    assert [area.code for area in areas][:5] == ["B0101", "B0102", "B0103", "B0104", "B0201"]
    assert shapely.union_all([area.geometry for area in areas]).area == 12 * 500**2


def test_city__puts_every_address_into_its_area() -> None:
    areas = chessboard(2, 2, side_m=600)
    town = city(areas, weights=[1, 2, 3, 4], addresses=800, rng=np.random.default_rng(1))
    for index, area in enumerate(areas):
        assert shapely.covers(area.geometry, shapely.points(town.xy_m[town.area == index])).all()
        assert town.intensity[town.area == index].sum() == pytest.approx((index + 1) / 10)
    assert town.intensity.sum() == pytest.approx(1)
    assert 800 <= len(town.area) <= 1000


def test_city__is_uneven() -> None:
    town = city(chessboard(3, 3, side_m=600), weights=[1] * 9, addresses=3000, rng=np.random.default_rng(2))
    share = np.sort(town.intensity)[::-1]
    assert share[: share.size // 20].sum() > 0.3


def test_city__repeats_with_the_generator() -> None:
    one, other = (
        city(chessboard(2, 2, side_m=400), weights=[1, 1, 1, 1], addresses=300, rng=np.random.default_rng(3))
        for _ in range(2)
    )
    assert np.array_equal(one.xy_m, other.xy_m)
    assert np.array_equal(one.intensity, other.intensity)
