"""In which neighbourhood a place lies: by hand, against GEOS, and whatever the order or the origin."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely import MultiPolygon, Polygon, box

from hotspot import neighbourhoods
from hotspot.errors import InvalidBoundaries, InvalidParameter
from hotspot.grid import NOWHERE
from hotspot.model import Area, Boundaries, Level, Municipality
from hotspot.neighbourhoods import Neighbourhoods, assign, nested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SEED = 20101118


def area(code: str, shape: Polygon | MultiPolygon, parent: str = "D", inhabitants: int | None = None) -> Area:
    geometry = shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])
    return Area(Level.NEIGHBOURHOOD, code, code.title(), parent, geometry, inhabitants)


def town() -> Neighbourhoods:
    """B west of A with a shared border at x = 100; C east of a gap of 20 m; D on an island, with a lake."""
    island = Polygon(box(0, 200, 100, 300).exterior, [box(40, 240, 60, 260).exterior])
    return Neighbourhoods(
        (
            area("B", box(0, 0, 100, 100)),
            area("A", box(100, 0, 200, 100)),
            area("C", box(220, 0, 320, 100)),
            area("D", island),
        )
    )


def quarters(n: int, *, seed: int = SEED, size_m: float = 10_000.0) -> list[Polygon]:
    """A town divided into n Voronoi cells whose borders touch exactly."""
    rng = np.random.default_rng(seed)
    sites = shapely.multipoints(rng.integers(0, int(size_m), (n, 2)).astype(np.float64))
    frame = box(0, 0, size_m, size_m)
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=frame))
    return [cell for cell in shapely.intersection(cells, frame) if isinstance(cell, Polygon)]


def named(polygons: Sequence[Polygon | MultiPolygon]) -> Neighbourhoods:
    return Neighbourhoods(tuple(area(f"N{k:05}", polygon) for k, polygon in enumerate(polygons)))


def by_geos(places: Neighbourhoods, xy_m: NDArray[np.float64], *, gap_m: float) -> list[str | None]:
    """The written rule in plain words of Shapely: slow, and nothing else."""
    answers: list[str | None] = []
    for x, y in xy_m:
        point = shapely.Point(x, y)
        covering = [one.code for one in places.areas if one.geometry.covers(point)]
        distances = {one.code: one.geometry.distance(point) for one in places.areas}
        least_m = min(distances.values())
        near = [code for code, away_m in distances.items() if away_m == least_m <= gap_m]
        answers.append(min(covering) if covering else min(near) if near and gap_m > 0 else None)
    return answers


@pytest.mark.parametrize(
    ("xy_m", "code"),
    [
        ((50, 50), "B"),
        ((150, 50), "A"),
        ((100, 50), "A"),  # On the shared border: the first code.
        ((100, 100), "A"),  # On the shared corner.
        ((0, 0), "B"),
        ((0, 50), "B"),
        ((320, 100), "C"),
        ((209, 50), "A"),  # In the gap, 9 m from A and 11 m from C.
        ((211, 50), "C"),
        ((210, 50), "A"),  # In the middle of the gap: the first code.
        ((50, 101), "B"),
        ((100, 110), "A"),  # 10 m from the corner of both.
        ((50, 250), "D"),  # In the lake, 10 m from its shore.
        ((-10, 50), "B"),  # At the limit.
        ((-10.001, 50), None),
        ((50, 150), None),
        ((1e9, -1e9), None),
    ],
)
def test_assign__follows_the_written_rule(xy_m: tuple[float, float], code: str | None) -> None:
    assert assign(town(), np.array([xy_m]), gap_m=10).tolist() == [code]


def test_assign__leaves_gaps_and_lakes_open_when_told_so() -> None:
    points = [[210.0, 50.0], [50.0, 250.0], [-1e-9, 50.0], [100.0, 50.0]]
    assert assign(town(), points, gap_m=0).tolist() == [None, None, None, "A"]


def test_assign__gives_the_first_code_in_an_overlap() -> None:
    places = Neighbourhoods((area("2", box(0, 0, 10, 10)), area("10", box(9, 0, 20, 10))))
    assert assign(places, [[9.5, 5]], gap_m=0).tolist() == ["10"]


@pytest.mark.parametrize("gap_m", [0.0, 10.0, np.inf])
def test_assign__says_none_without_finite_coordinates(gap_m: float) -> None:
    points = [[np.nan, 50], [50, np.nan], [np.inf, 50], [50, -np.inf]]
    assert assign(town(), points, gap_m=gap_m).tolist() == [None] * 4


def test_assign__takes_no_points_at_all() -> None:
    assert assign(town(), np.empty((0, 2)), gap_m=5).tolist() == []


def test_assign__reaches_any_distance_when_told_so() -> None:
    assert assign(town(), [[1e7, 50.0], [-1e7, 50.0]], gap_m=np.inf).tolist() == ["C", "B"]


@pytest.mark.parametrize("gap_m", [-1.0, np.nan])
def test_assign__refuses_a_gap_that_is_no_distance(gap_m: float) -> None:
    with pytest.raises(InvalidParameter, match="gap_m must be 0 or more"):
        assign(town(), [[0, 0]], gap_m=gap_m)


def test_neighbourhoods__are_at_least_one_with_a_code_each() -> None:
    with pytest.raises(InvalidBoundaries, match="at least one"):
        Neighbourhoods(())
    with pytest.raises(InvalidBoundaries, match="got twice: A"):
        Neighbourhoods((area("A", box(0, 0, 1, 1)), area("A", box(1, 0, 2, 1))))


def test_neighbourhoods__are_those_of_their_level() -> None:
    municipality = Municipality("GM1", "Testdam")
    boundaries = Boundaries(2024, nested(town().areas, municipality, {}), "a test")
    assert Neighbourhoods.of(boundaries) == town()
    assert town().codes == ("A", "B", "C", "D")


def test_neighbourhoods__survive_a_trip_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(town()))  # noqa: S301 - our own bytes.
    assert copy == town()
    assert assign(copy, [[100, 50]], gap_m=0).tolist() == ["A"]


def test_positions__point_into_the_areas() -> None:
    assert neighbourhoods.positions(town(), [[50, 50], [900, 900]], gap_m=0).tolist() == [
        1,
        NOWHERE,
    ]


def test_assign__agrees_with_geos_on_and_beside_every_border() -> None:
    polygons = quarters(40)
    places = named(polygons)
    corners = shapely.get_coordinates(polygons)
    edges = (
        corners[:-1] + corners[1:]
    ) / 2  # Midpoints, rounded: on the border, or beside it by the last digit.
    points = np.vstack([corners, edges, np.nextafter(corners, np.inf), np.nextafter(edges, -np.inf)])
    assert assign(places, points, gap_m=25).tolist() == by_geos(places, points, gap_m=25)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        arrays(np.float64, (3, 2), elements=st.integers(0, 12).map(float), unique=True),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([0.0, 1.0, 2.5, 100.0]),
)
def test_assign__agrees_with_geos_on_any_triangles(
    triangles: list[NDArray[np.float64]], gap_m: float
) -> None:
    # Small whole numbers: borders that meet, cross and run through the points are the rule.
    polygons = [Polygon(corners) for corners in triangles]
    places = named([polygon for polygon in polygons if polygon.area > 0] or [box(0, 0, 1, 1)])
    x, y = np.meshgrid(np.arange(-2, 15, 0.5), np.arange(-2, 15, 0.5))
    points = np.column_stack([x.ravel(), y.ravel()])
    assert assign(places, points, gap_m=gap_m).tolist() == by_geos(places, points, gap_m=gap_m)


@settings(max_examples=15, deadline=None)
@given(
    arrays(np.float64, 2, elements=st.integers(-1_000_000, 1_000_000).map(float)),
    st.integers(0, 2**32 - 1),
)
def test_assign__does_not_care_about_the_origin_or_any_order(shift_m: NDArray[np.float64], seed: int) -> None:
    rng = np.random.default_rng(seed)
    polygons = [shapely.transform(polygon, np.round) for polygon in quarters(12, size_m=500)]
    polygons = [polygon for polygon in polygons if polygon.is_valid and polygon.area > 0]
    points = rng.integers(-20, 520, (300, 2)).astype(np.float64)
    here = assign(named(polygons), points, gap_m=15)
    moved = [shapely.transform(polygon, lambda xy: xy + shift_m) for polygon in polygons]
    codes_in_any_order = tuple(rng.permutation(len(moved)).tolist())
    there = Neighbourhoods(tuple(area(f"N{k:05}", moved[k]) for k in codes_in_any_order))
    order = rng.permutation(len(points))
    assert (assign(there, (points + shift_m)[order], gap_m=15) == here[order]).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.001, 0.1, 10.0, 1e4]))
def test_assign__agrees_with_geos_at_any_scale(seed: int, scale: float) -> None:
    polygons = [
        shapely.transform(polygon, lambda xy: xy * scale)
        for polygon in quarters(8, seed=seed % 7, size_m=100)
    ]
    places = named(polygons)
    points = np.random.default_rng(seed).uniform(-20, 120, (100, 2)) * scale
    assert assign(places, points, gap_m=9 * scale).tolist() == by_geos(places, points, gap_m=9 * scale)


def test_nested__dissolves_districts_and_the_municipality() -> None:
    members = [
        area("N2", box(100, 0, 200, 100), "D1", 5),
        area("N1", box(0, 0, 100, 100), "D1", 7),
        area("N3", box(200, 0, 300, 100), "D2", None),
    ]
    areas = nested(members, Municipality("GM1", "Testdam"), {"D1": "Centre"})
    assert [(one.level.value, one.code, one.name, one.parent_code, one.inhabitants) for one in areas] == [
        ("neighbourhood", "N1", "N1", "D1", 7),
        ("neighbourhood", "N2", "N2", "D1", 5),
        ("neighbourhood", "N3", "N3", "D2", None),
        ("district", "D1", "Centre", "GM1", 12),
        ("district", "D2", "D2", "GM1", None),
        ("municipality", "GM1", "Testdam", None, None),
    ]
    assert [one.geometry.area for one in areas] == [1e4, 1e4, 1e4, 2e4, 1e4, 3e4]


def test_nested__has_no_districts_where_there_are_none() -> None:
    areas = nested([area("N1", box(0, 0, 1, 1), "GM1")], Municipality("GM1", "Testdam"), {})
    assert [one.level for one in areas] == [Level.NEIGHBOURHOOD, Level.MUNICIPALITY]
