import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.cluster import footprint as module
from hotspot.cluster.footprint import MARGIN_M, footprint
from hotspot.errors import InvalidParameter

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


def test_footprint__has_inlets_around_many_places_but_not_around_a_few() -> None:
    many_m = np.random.default_rng(3).uniform(0, 600, (60, 2))
    few_m = many_m[:19]
    for xy_m, is_convex in ((many_m, False), (few_m, True)):
        hull = shapely.MultiPoint(xy_m).convex_hull.buffer(MARGIN_M)
        assert (footprint(xy_m).area > 0.99 * hull.area) == is_convex


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


@st.composite
def awkward(draw: st.DrawFn) -> NDArray[np.float64]:
    """Places on a line, a lattice, a ring or anywhere; some twice, some a hair apart; here or far out."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n = draw(st.integers(1, 60))
    spread_m = draw(st.sampled_from([1e-9, 1.0, 60.0, 400.0, 5000.0]))
    shape = draw(st.sampled_from(["line", "lattice", "ring", "cloud"]))
    t = rng.uniform(-1, 1, n)
    if shape == "line":
        xy_m = np.column_stack([t, rng.uniform(-3, 3) * t])
    elif shape == "lattice":
        xy_m = rng.integers(-3, 4, (n, 2)) / 3
    elif shape == "ring":
        xy_m = np.column_stack([np.cos(np.pi * t), np.sin(np.pi * t)])
    else:
        xy_m = rng.normal(0, 1, (n, 2))
    twice = xy_m[rng.integers(0, n, n // 3)]
    xy_m = spread_m * np.vstack([xy_m, twice])
    xy_m[n:] += draw(st.sampled_from([0.0, 1e-9, 0.004]))
    return xy_m + draw(st.sampled_from([0.0, -1e6, 1e6, 7e6]))


@given(awkward())
@settings(max_examples=200)
def test_footprint__of_awkward_places_is_sound_and_nowhere_narrow(xy_m: NDArray[np.float64]) -> None:
    shape = footprint(xy_m)
    assert is_sound(shape, xy_m)
    assert shape.exterior.is_simple
    opened = shape.buffer(1.5 - MARGIN_M, quad_segs=32).buffer(MARGIN_M - 1.5, quad_segs=32)
    assert opened.area >= 0.97 * shape.area
    assert shape.hausdorff_distance(shapely.MultiPoint(xy_m).convex_hull) >= MARGIN_M - 1


def test_footprint__of_thousands_of_places_is_sound() -> None:
    rng = np.random.default_rng(8)
    street_m = np.column_stack([rng.uniform(0, 900, 4000), rng.normal(0, 4, 4000)])
    xy_m = 1e6 + np.vstack([street_m, street_m[:, ::-1], rng.normal(450, 120, (4000, 2))])
    assert is_sound(footprint(xy_m), xy_m)


@pytest.mark.parametrize("xy_m", [np.empty((0, 2)), np.array([[0.0, np.nan]]), np.zeros((2, 3))])
def test_footprint__refuses_what_is_nowhere(xy_m: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidParameter):
        footprint(xy_m)
