"""Claims about vector tiles: another implementation reads what was written."""

from __future__ import annotations

from typing import Any  # Any: what a decoder gives.

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
import shapely.geometry
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from hotspot.tiles import mvt
from hotspot.tiles.mvt import Chosen, Column, Kind


def _array(shapes: list[shapely.Geometry | None]) -> np.ndarray[Any, np.dtype[np.object_]]:
    found = np.empty(len(shapes), object)
    found[:] = shapes
    return found


def _decoded(layer: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(layer, default_options={"y_coord_down": True})
    return found


def _features(layer: bytes, name: str = "x") -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = _decoded(layer)[name]["features"]
    return features


def test_layer__is_byte_for_byte_what_the_specification_shows() -> None:
    # Mapbox Vector Tile 2.1, 4.3.5.1: a point at 25, 17 is the commands 9, 50, 34.
    layer = mvt.layer("p", [1], _array([shapely.Point(25, 17)]), [])
    feature = b"\x08\x01\x12\x00\x18\x01\x22\x03\x09\x32\x22"
    body = b"\x78\x02" + b"\x0a\x01p" + b"\x12\x0b" + feature + b"\x28\x80\x20"
    assert layer == b"\x1a" + bytes([len(body)]) + body


@pytest.mark.parametrize(
    ("shape", "commands"),
    [
        # The examples of the specification, 4.3.5.
        (shapely.MultiPoint([(5, 7), (3, 2)]), [17, 10, 14, 3, 9]),
        (shapely.LineString([(2, 2), (2, 10), (10, 10)]), [9, 4, 4, 18, 0, 16, 16, 0]),
        (
            shapely.MultiLineString([[(2, 2), (2, 10), (10, 10)], [(1, 1), (3, 5)]]),
            [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
        ),
        (shapely.Polygon([(3, 6), (8, 12), (20, 34)]), [9, 6, 12, 18, 10, 12, 24, 44, 15]),
        (
            shapely.MultiPolygon(
                [
                    ([(0, 0), (10, 0), (10, 10), (0, 10)], []),
                    (
                        [(11, 11), (20, 11), (20, 20), (11, 20)],
                        [[(13, 13), (13, 17), (17, 17), (17, 13)]],
                    ),
                ]
            ),
            [
                *(9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15),
                *(9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15),
                *(9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15),
            ],
        ),
    ],
    ids=lambda one: one.geom_type if isinstance(one, BaseGeometry) else "",
)
def test_layer__draws_as_the_specification_does(shape: shapely.Geometry, commands: list[int]) -> None:
    _, drawn = mvt._geometries(_array([shape]))
    assert drawn.numbers.tolist() == commands


_VALUES = st.one_of(st.none(), st.text(max_size=200))
_ROW = st.tuples(
    _VALUES,
    st.one_of(st.none(), st.integers(-(2**62), 2**62)),
    st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.booleans()),
)


@given(st.lists(_ROW, min_size=1, max_size=20))
def test_layer__tells_every_value_as_it_is(rows: list[tuple[Any, ...]]) -> None:
    names = ("text", "whole", "number", "truth")
    columns = [
        Column(name, kind, values)
        for name, kind, values in zip(names, Kind, zip(*rows, strict=True), strict=True)
    ]
    shapes = _array([shapely.Point(n, n) for n in range(len(rows))])
    found = _features(mvt.layer("x", list(range(len(rows))), shapes, columns))
    said = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows
    ]
    assert [one["properties"] for one in found] == said
    assert [type(value) for one in found for value in one["properties"].values()] == [
        type(value) for one in said for value in one.values()
    ]
    assert [one["id"] for one in found] == list(range(len(rows)))


@given(st.lists(_ROW, min_size=1, max_size=5), st.integers(14, 40))
def test_layer__tells_many_values_as_it_tells_few(rows: list[tuple[Any, ...]], times: int) -> None:
    many = rows * times
    names = ("text", "whole", "number", "truth")
    by_column = zip(names, Kind, zip(*many, strict=True), strict=True)
    columns = [Column(name, kind, values) for name, kind, values in by_column]
    shapes = _array([shapely.Point(1, 1)] * len(many))
    found = _features(mvt.layer("x", list(range(len(many))), shapes, columns))
    assert [one["properties"] for one in found] == [
        {name: value for name, value in zip(names, row, strict=True) if value is not None} for row in many
    ]


def test_layer__keeps_equal_numbers_of_different_kinds_apart() -> None:
    columns = [
        Column("whole", Kind.INTEGER, [1, 0]),
        Column("number", Kind.NUMBER, [1.0, 0.0]),
        Column("truth", Kind.BOOLEAN, [True, False]),
    ]
    found = _features(mvt.layer("x", [1, 2], _array([shapely.Point(1, 1)] * 2), columns))
    assert [[type(value) for value in one["properties"].values()] for one in found] == [
        [int, float, bool]
    ] * 2


@pytest.mark.parametrize("n", [2, 200])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_layer__does_not_tell_what_is_no_number(value: float, n: int) -> None:
    column = Column("number", Kind.NUMBER, [value, None, 2.5, *[1.5] * n])
    found = _features(mvt.layer("x", list(range(n + 3)), _array([shapely.Point(1, 1)] * (n + 3)), [column]))
    assert [one["properties"] for one in found] == [{}, {}, {"number": 2.5}, *[{"number": 1.5}] * n]


def test_layer__writes_a_value_once() -> None:
    shapes = _array([shapely.Point(n, n) for n in range(100)])
    layer = mvt.layer("x", list(range(100)), shapes, [Column("theme", Kind.TEXT, ["drug_nuisance"] * 100)])
    assert layer.count(b"drug_nuisance") == 1


def test_layer__leaves_out_what_has_no_shape() -> None:
    shapes = _array([None, shapely.Point(1, 1), shapely.Polygon()])
    layer = mvt.layer("x", [1, 2, 3], shapes, [Column("name", Kind.TEXT, ["a", "b", "c"])])
    assert [(one["id"], one["properties"]) for one in _features(layer)] == [(2, {"name": "b"})]
    assert b"c" not in layer[-20:]


def test_layer__without_anything_is_nothing() -> None:
    assert mvt.layer("x", [], _array([]), []) == mvt.layer("x", [1], _array([None]), []) == b""


def test_layer__takes_all_kinds_of_shapes_at_once_in_their_order() -> None:
    shapes: list[BaseGeometry] = [
        shapely.box(0, 0, 10, 10),
        shapely.Point(3, 4),
        shapely.LineString([(0, 0), (5, 5), (9, 1)]),
        shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(5, 5, 9, 9)]),
    ]
    sound = shapely.orient_polygons(_array([*shapes]), exterior_cw=False)
    found = _features(mvt.layer("x", [5, 4, 3, 2, 2**40], sound, []))
    assert [one["id"] for one in found] == [5, 4, 3, 2, 2**40]
    for one, shape in zip(found, shapes, strict=True):
        assert shapely.geometry.shape(one["geometry"]).normalize().equals(shape.normalize())


def test_layers__stand_one_after_the_other() -> None:
    both = b"".join(mvt.layer(name, [1], _array([shapely.Point(1, 1)]), []) for name in ("a", "b"))
    assert set(_decoded(both)) == {"a", "b"}


@given(st.lists(_ROW, min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_layers_of__are_the_same_as_layers_one_by_one(rows: list[tuple[Any, ...]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    numbers = [*(one[2] for one in rows), float("nan")]
    by_column = [*zip(*rows, strict=True)]
    columns = [
        Column(name, kind, [*values, None]) if kind is not Kind.NUMBER else Column(name, kind, numbers)
        for name, kind, values in zip(("text", "whole", "number", "truth"), Kind, by_column, strict=True)
    ]
    n, n_tiles = len(rows) + 1, 4
    forms = _array([shapely.Point(3, 4), shapely.box(0, 0, 9, 9), None, shapely.LineString([(1, 1), (2, 5)])])
    # The last tile has nothing in it.
    into, features = np.nonzero(np.vstack([rng.random((n_tiles - 1, n)) < 0.6, np.zeros((1, n), bool)]))
    shapes = forms[rng.integers(0, len(forms), len(features))]
    ids = np.arange(100, 100 + n, dtype=np.uint64)
    chosen = Chosen(features, into, n_tiles)
    found = mvt.layers_of("x", chosen, ids[features], shapes, mvt.told(columns, n))
    for tile, layer in enumerate(found):
        places = features[into == tile].tolist()
        of_tile = [Column(one.name, one.kind, [one.values[place] for place in places]) for one in columns]
        of_tile = [one for one in of_tile if one.values.count(None) < len(places)]
        expected = mvt.layer("x", ids[places].tolist(), shapes[into == tile], of_tile)
        assert layer == expected
    assert found[-1] == b""


def test_layers_of__nothing_are_nothing() -> None:
    none = np.empty(0, np.intp)
    chosen = Chosen(none, none, 2)
    assert mvt.layers_of("x", chosen, np.empty(0, np.uint64), _array([]), mvt.told([], 0)) == [b"", b""]
