import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.cluster import footprint as module
from hotspot.cluster.footprint import MARGIN_M, footprint

COORDINATES = st.tuples(st.floats(-300, 300), st.floats(-300, 300))


def at(*points: tuple[float, float]) -> NDArray[np.float64]:
    return np.array(points, float)


def is_sound(shape: shapely.Polygon, xy_m: NDArray[np.float64]) -> bool:
    covers: bool = shape.covers(shapely.MultiPoint(xy_m))
    return covers and shape.is_valid and len(shape.interiors) == 0 and shape.exterior.is_ccw


def test_footprint__of_one_address_is_a_disc() -> None:
    shape = footprint(at((100, 200), (100, 200)))
    assert shape.area == pytest.approx(math.pi * MARGIN_M**2, rel=0.02)
    assert shape.centroid.distance(shapely.Point(100, 200)) < 0.1


def test_footprint__of_two_addresses_is_a_band() -> None:
    shape = footprint(at((0, 0), (100, 0)))
    assert shape.area == pytest.approx(100 * 2 * MARGIN_M + math.pi * MARGIN_M**2, rel=0.02)


def test_footprint__of_a_straight_street_is_a_band() -> None:
    xy_m = at(*((x, 2.0 * x) for x in range(0, 60, 10)))
    assert is_sound(footprint(xy_m), xy_m)
    assert footprint(xy_m).area == pytest.approx(footprint(xy_m[[0, -1]]).area, rel=0.01)


def test_footprint__fills_the_hole_of_a_ring() -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    xy_m = 150 * np.column_stack([np.cos(angle), np.sin(angle)])
    assert is_sound(footprint(xy_m), xy_m)


def test_footprint__falls_back_on_the_convex_hull(monkeypatch: pytest.MonkeyPatch) -> None:
    xy_m = at((0, 0), (100, 0), (50, 80))
    island = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)])
    monkeypatch.setattr(module, "_closed", lambda _: island)
    assert is_sound(footprint(xy_m), xy_m)


@given(st.lists(COORDINATES, min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_footprint__covers_all_places_without_holes(points: list[tuple[float, float]]) -> None:
    xy_m = at(*points)
    shape = footprint(xy_m)
    assert is_sound(shape, xy_m)
    # A sliver would let the area fall below that of the disc that fits everywhere in it.
    assert shape.area >= 0.98 * math.pi * MARGIN_M**2
    assert shape.area <= shapely.MultiPoint(xy_m).convex_hull.buffer(MARGIN_M + 1).area


@given(st.lists(COORDINATES, min_size=1, max_size=20), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_footprint__does_not_care_about_order(points: list[tuple[float, float]], chance: object) -> None:
    turned = points[::-1] + points[:1]
    assert footprint(at(*points)).wkb == footprint(at(*turned)).wkb
