"""Claims about tiles from the store: what Shapely finds in a tile is what it tells, on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING, Any  # Any: GeoJSON.

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
import shapely.geometry

from hotspot.catalogue import HOTSPOTS, INCIDENTS, NEIGHBOURHOODS, Collection, Disclosure
from hotspot.selection import Selection
from hotspot.store import engine as engines
from hotspot.store import migration, served, tiles
from hotspot.store.tile_regions import Regions
from hotspot.tiles.tiling import (
    BUFFER,
    EXTENT,
    NETHERLANDS_RD_NEW_QUAD,
    TILE_MATRIX_SETS,
    WEB_MERCATOR_QUAD,
    Tile,
    TileMatrixSet,
)
from tests import factories
from tests import served as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy import Connection, Engine

    from tests.postgis import Cluster

_N = 60
_TILES = 20
_WINDOW = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)


def _fill(connection: Connection) -> None:
    rng = np.random.default_rng(4)
    stored.prepare(connection)
    stored.load_incidents(connection, 150, rng)
    dot = shapely.Point(176_400, 318_400)
    odd = [None, dot, dot.buffer(0.2), shapely.LineString([(176_100, 318_100), (176_900, 318_800)])]
    holed = shapely.Point(176_500, 318_500).buffer(200).difference(shapely.Point(176_500, 318_500).buffer(60))
    assert isinstance(holed, shapely.Polygon)
    both = shapely.MultiPolygon([shapely.box(176_000, 318_000, 176_050, 318_050), holed])
    stored.publish(connection, [*stored.footprints(_N, rng), *odd, holed, both])


@pytest.fixture(scope="module")
def store_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Engine]]:
    """Stores of either kind with areas, incidents, and hotspots of all forms, filled once: all only read."""
    made: dict[str, Engine] = {}

    def store(kind: str) -> Engine:
        if kind in made:
            return made[kind]
        if kind == "sqlite":
            template = request.getfixturevalue("sqlite_template")
            url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('tiles') / 'hotspot.db')}"
        else:
            running: Cluster = request.getfixturevalue("postgis")
            url = running.url(running.create())
        made[kind] = engines.create_engine(url)
        migration.migrate(made[kind])
        with engines.begin(made[kind]) as connection:
            _fill(connection)
        return made[kind]

    yield store
    for one in made.values():
        one.dispose()


@pytest.fixture
def filled(store_kind: str, store_of: Callable[[str], Engine]) -> Iterator[Connection]:
    """A transaction that reads such a store."""
    with engines.read(store_of(store_kind)) as connection:
        yield connection


def _selection(connection: Connection, collection: Collection, **more: Any) -> Selection:  # noqa: ANN401
    return Selection(collection, Disclosure.INTERNAL, served.version(connection).number, **more)


def _features(connection: Connection, selection: Selection, matrix_set: TileMatrixSet) -> list[Any]:
    batches = served.stream_features(connection, selection, matrix_set.reference)
    every = (json.loads(text) for batch in batches for text in batch)
    return [one for one in every if one["geometry"] is not None]


def _tile_at(at: Any, matrix_set: TileMatrixSet, level: int) -> Tile:  # noqa: ANN401 - an array
    side_m = matrix_set.size_m / 2**level
    column, row = (at[0] - matrix_set.west_m) // side_m, (matrix_set.north_m - at[1]) // side_m
    return Tile(matrix_set, level, int(row), int(column))


def _random_tile(rng: np.random.Generator, matrix_set: TileMatrixSet, shapes: list[Any]) -> Tile:
    level = int(rng.integers(8, 18 if matrix_set is WEB_MERCATOR_QUAD else 15))
    at = shapely.get_coordinates(shapes[int(rng.integers(len(shapes)))])[0]
    side_m = matrix_set.size_m / 2**level
    column = int((at[0] - matrix_set.west_m) // side_m) + int(rng.integers(-1, 2)) * (rng.random() < 0.3)
    row = int((matrix_set.north_m - at[1]) // side_m)
    return Tile(matrix_set, level, row, column)


def _decoded(layer: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(layer, default_options={"y_coord_down": True})
    return found


def _in_units(shape: shapely.Geometry, tile: Tile) -> shapely.Geometry:
    def units(xy_m: Any) -> Any:  # noqa: ANN401 - an array
        return (xy_m - [tile.west_m, tile.north_m]) / [tile.unit_m, -tile.unit_m]

    return shapely.transform(shape, units)


def _part_within(shape: shapely.Geometry) -> BaseGeometry | None:
    part: BaseGeometry = shapely.intersection(shape, _WINDOW)
    lost = part.is_empty or shapely.get_dimensions(part) < shapely.get_dimensions(shape)
    return None if lost else part


@pytest.mark.parametrize("collection", [HOTSPOTS, INCIDENTS, NEIGHBOURHOODS], ids=lambda one: one.id)
@pytest.mark.parametrize("matrix_set", TILE_MATRIX_SETS, ids=lambda one: one.id)
def test_layer__tells_what_shapely_finds_in_the_tile(
    filled: Connection, collection: Collection, matrix_set: TileMatrixSet
) -> None:
    rng = np.random.default_rng(5)
    selection = _selection(filled, collection)
    features = _features(filled, selection, matrix_set)
    shapes = {one["id"]: shapely.from_geojson(json.dumps(one["geometry"])) for one in features}
    numbers: dict[str, int] = {}
    seen = 0
    for _ in range(_TILES):
        tile = _random_tile(rng, matrix_set, list(shapes.values()))
        parts = {name: _part_within(_in_units(shape, tile)) for name, shape in shapes.items()}
        expected = {name: part for name, part in parts.items() if part is not None}
        layers = _decoded(tiles.layer(filled, selection, tile))
        assert set(layers) == ({collection.id} if expected else set())
        found = layers.get(collection.id, {"features": []})["features"]
        assert sorted(one["properties"]["feature_id"] for one in found) == sorted(expected)
        for one in found:
            name = one["properties"]["feature_id"]
            assert numbers.setdefault(name, one["id"]) == one["id"]
            _check_shape(shapely.geometry.shape(one["geometry"]), expected[name])
        seen += len(found)
        assert not found or layers[collection.id]["extent"] == EXTENT
    assert seen > _TILES


def _check_shape(drawn: BaseGeometry, expected: BaseGeometry) -> None:
    assert drawn.is_valid
    assert not drawn.is_empty
    assert drawn.within(_WINDOW) or shapely.covered_by(drawn, _WINDOW)
    # Rounding moves a corner by 0.71 at the most, what vanished is a whole unit, and slivers may join.
    assert drawn.hausdorff_distance(expected) < 2.1 or drawn.within(expected.buffer(1.5))
    if shapely.get_dimensions(drawn) == 2:
        assert abs(drawn.area - expected.area) <= max(1.0, expected.length)
        for polygon in shapely.get_parts(drawn):
            # Counter-clockwise in these numbers is clockwise on a screen.
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)


def test_layer__tells_the_same_as_the_features(filled: Connection) -> None:
    selection = _selection(filled, HOTSPOTS)
    features = {one["id"]: one for one in _features(filled, selection, WEB_MERCATOR_QUAD)}
    rows = _decoded(tiles.layer(filled, selection, Tile(WEB_MERCATOR_QUAD, 0, 0, 0)))["hotspots"]["features"]
    assert len(rows) == len(features)
    for row in rows:
        said = features[row["properties"].pop("feature_id")]["properties"]
        texts = {
            name: json.loads(row["properties"].pop(name))
            for name in ("caveats", "neighbourhoods")
            if name in row["properties"]
        }
        assert row["properties"] | texts == {name: value for name, value in said.items() if value is not None}


def test_layer__tells_only_what_the_level_may_see(filled: Connection) -> None:
    selection = Selection(HOTSPOTS, Disclosure.OPEN, served.version(filled).number)
    assert tiles.layer(filled, selection, Tile(WEB_MERCATOR_QUAD, 0, 0, 0)) == b""


def test_layer__tells_only_what_touches_the_areas(filled: Connection) -> None:
    world = Tile(WEB_MERCATOR_QUAD, 0, 0, 0)
    some = _selection(filled, HOTSPOTS, areas=frozenset({"BU01"}))
    expected = {one["id"] for one in _features(filled, some, WEB_MERCATOR_QUAD)}
    found = _decoded(tiles.layer(filled, some, world))["hotspots"]["features"]
    assert {one["properties"]["feature_id"] for one in found} == expected
    assert 0 < len(expected) < _N


@pytest.mark.parametrize("matrix_set", TILE_MATRIX_SETS, ids=lambda one: one.id)
@pytest.mark.parametrize("collection", [HOTSPOTS, INCIDENTS], ids=lambda one: one.id)
def test_layer__counts_every_feature_once_where_there_are_too_many(
    filled: Connection, collection: Collection, matrix_set: TileMatrixSet
) -> None:
    selection = _selection(filled, collection)
    features = _features(filled, selection, matrix_set)
    level = 11 if matrix_set is NETHERLANDS_RD_NEW_QUAD else 16
    side_m = matrix_set.size_m / 2**level
    west, south, east, north = shapely.total_bounds(
        [shapely.from_geojson(json.dumps(one["geometry"])) for one in features]
    )
    columns = range(int((west - matrix_set.west_m) // side_m), int((east - matrix_set.west_m) // side_m) + 1)
    rows = range(int((matrix_set.north_m - north) // side_m), int((matrix_set.north_m - south) // side_m) + 1)
    counted = 0
    for row in rows:
        for column in columns:
            layers = _decoded(tiles.layer(filled, selection, Tile(matrix_set, level, row, column), most=0))
            assert set(layers) <= {f"{collection.id}_aggregated"}
            for layer in layers.values():
                assert all(one["properties"]["aggregated"] is True for one in layer["features"])
                counted += sum(one["properties"]["count"] for one in layer["features"])
    assert len(rows) * len(columns) > 4
    assert counted == len(features)


def test_layer__is_counted_only_beyond_the_most(filled: Connection) -> None:
    selection = _selection(filled, HOTSPOTS)
    world = Tile(WEB_MERCATOR_QUAD, 0, 0, 0)
    n = len(_features(filled, selection, WEB_MERCATOR_QUAD))
    assert set(_decoded(tiles.layer(filled, selection, world, most=n))) == {"hotspots"}
    assert set(_decoded(tiles.layer(filled, selection, world, most=n - 1))) == {"hotspots_aggregated"}


def test_layer__counts_in_a_glance_as_well(store_kind: str, store_of: Callable[[str], Engine]) -> None:
    store, tile = store_of(store_kind), Tile(WEB_MERCATOR_QUAD, 0, 0, 0)
    with engines.read(store) as connection:
        selection = _selection(connection, INCIDENTS)
        expected = tiles.layer(connection, selection, tile, most=3)
    serving = engines.Serving(connections=1, time_limit=dt.timedelta(seconds=10))
    service = engines.create_engine(store.url.render_as_string(hide_password=False), serving)
    with engines.glance(service) as connection:
        assert tiles.layer(connection, selection, tile, most=3) == expected
        assert served.version(connection).number == selection.version
    service.dispose()


@pytest.mark.parametrize("most_in_region", [0, 25, 300])
def test_regions__write_the_same_layers_as_are_read_each_time(
    filled: Connection, most_in_region: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspot.store.tile_regions._MOST_IN_REGION", most_in_region)
    rng = np.random.default_rng(8)
    for collection in (HOTSPOTS, INCIDENTS, NEIGHBOURHOODS):
        selection = _selection(filled, collection)
        for matrix_set in TILE_MATRIX_SETS:
            regions, features = Regions(), _features(filled, selection, matrix_set)
            shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in features]
            for tile in [_random_tile(rng, matrix_set, shapes) for _ in range(_TILES)] * 2:
                expected = tiles.layer(filled, selection, tile)
                assert regions.layer(filled, selection, tile, factories.NOW) == expected
                ready = regions.ready(selection, tile, factories.NOW)
                assert ready in {None, expected}
                assert regions.is_ready(selection, tile, factories.NOW) == (ready is not None)


def test_regions__are_those_of_one_version_and_of_all_that_there_is(filled: Connection) -> None:
    selection, regions = _selection(filled, HOTSPOTS), Regions()
    near = shapely.from_geojson(json.dumps(_features(filled, selection, WEB_MERCATOR_QUAD)[0]["geometry"]))
    tile = _tile_at(shapely.get_coordinates(near)[0], WEB_MERCATOR_QUAD, 16)
    assert regions.ready(selection, tile, factories.NOW) is None
    told = regions.layer(filled, selection, tile, factories.NOW)
    assert set(_decoded(told)) == {"hotspots"}
    assert regions.ready(selection, tile, factories.NOW) == told
    for other in (
        dataclasses.replace(selection, version=selection.version + 1),
        dataclasses.replace(selection, level=Disclosure.OPEN),
        dataclasses.replace(selection, areas=frozenset({"BU01"})),
        dataclasses.replace(selection, area="BU01"),
    ):
        assert regions.ready(other, tile, factories.NOW) is None
    assert regions.ready(selection, tile, factories.NOW + dt.timedelta(seconds=1)) is None
    one_touching = dataclasses.replace(selection, area="BU01")
    assert regions.layer(filled, one_touching, tile, factories.NOW) == tiles.layer(filled, one_touching, tile)


def test_regions__write_the_tiles_beside_one_as_if_each_were_asked_for(
    filled: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection, regions = _selection(filled, HOTSPOTS), Regions()
    near = shapely.from_geojson(json.dumps(_features(filled, selection, WEB_MERCATOR_QUAD)[0]["geometry"]))
    first = _tile_at(shapely.get_coordinates(near)[0], WEB_MERCATOR_QUAD, 16)
    beside = [dataclasses.replace(first, row=first.row ^ down, column=first.column ^ 1) for down in (0, 1)]
    expected = [tiles.layer(filled, selection, one) for one in (first, *beside)]
    assert any(expected[1:])
    # Once one is written, nothing has to be cut for the others any more.
    assert regions.layer(filled, selection, first, factories.NOW) == expected[0]
    monkeypatch.delattr("hotspot.tiles.shapes.cut_each")
    assert [regions.ready(selection, one, factories.NOW) for one in (first, *beside)] == expected
    for other in (
        dataclasses.replace(selection, version=selection.version + 1),
        dataclasses.replace(selection, level=Disclosure.OPEN),
        dataclasses.replace(selection, areas=frozenset({"BU01"})),
        dataclasses.replace(selection, area="BU01"),
        dataclasses.replace(selection, name="h1"),
        dataclasses.replace(selection, collection=INCIDENTS),
        dataclasses.replace(selection, interval=(factories.NOW, None)),
    ):
        assert not regions.is_ready(other, beside[0], factories.NOW)
        assert regions.ready(other, beside[0], factories.NOW) is None
    assert regions.ready(selection, beside[0], factories.NOW + dt.timedelta(seconds=1)) is None


def test_regions__read_four_tiles_at_once_where_little_lies_in_them(
    filled: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = _selection(filled, HOTSPOTS)
    near = shapely.from_geojson(json.dumps(_features(filled, selection, WEB_MERCATOR_QUAD)[0]["geometry"]))
    first = _tile_at(shapely.get_coordinates(near)[0], WEB_MERCATOR_QUAD, 14)
    beside = dataclasses.replace(first, row=first.row ^ 1)
    found = []
    for most in range(0, 3 * _N, 4):
        monkeypatch.setattr("hotspot.store.tile_regions._MOST_IN_REGION", most)
        regions = Regions()
        regions.layer(filled, selection, first, factories.NOW)
        found.append([regions.is_ready(selection, one, factories.NOW) for one in (first, beside)])
    # Neither while even one tile holds too much, then the tile alone, then all four.
    assert sorted(found) == found
    assert [False, False] in found
    assert [True, False] in found
    assert [True, True] in found


def test_regions__let_go_of_what_was_not_asked_for_longest(filled: Connection) -> None:
    selection, regions = _selection(filled, HOTSPOTS), Regions()
    # Each in a region of its own.
    tiles_of_town = [
        Tile(WEB_MERCATOR_QUAD, 14, 5000 + 2 * (n // 20), 8000 + 2 * (n % 20)) for n in range(300)
    ]
    for tile in tiles_of_town:
        regions.layer(filled, selection, tile, factories.NOW)
    ready = [regions.ready(selection, tile, factories.NOW) is not None for tile in tiles_of_town]
    assert not ready[0]
    assert ready[-1]
    assert ready == sorted(ready)


def test_layer__has_the_same_bytes_from_both_databases(store_of: Callable[[str], Engine]) -> None:
    found = []
    for kind in ("sqlite", "postgis"):
        with engines.read(store_of(kind)) as connection:
            selections = [_selection(connection, one) for one in (HOTSPOTS, INCIDENTS, NEIGHBOURHOODS)]
            rng = np.random.default_rng(6)
            told = []
            for matrix_set in TILE_MATRIX_SETS:
                shapes = [
                    shapely.from_geojson(json.dumps(one["geometry"]))
                    for one in _features(connection, selections[0], matrix_set)
                ]
                random = [_random_tile(rng, matrix_set, shapes) for _ in range(10)]
                told += [tiles.layer(connection, one, tile) for one in selections for tile in random]
                told += [tiles.layer(connection, one, tile, most=3) for one in selections for tile in random]
        found.append(told)
    assert any(found[0])
    assert found[0] == found[1]
