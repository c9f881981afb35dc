"""What is served is read exactly: against Shapely, at any version, page after page, on both databases."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import re
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any  # Any: GeoJSON.

import numpy as np
import pytest
import shapely

from hotspot.catalogue import (
    HOTSPOTS,
    HOTSPOTS_LATEST,
    INCIDENTS,
    NEIGHBOURHOODS,
    RANKINGS,
    Disclosure,
    PropertyType,
    Reference,
)
from hotspot.cql2.reading import parse
from hotspot.crs import Plane
from hotspot.errors import InvalidInput
from hotspot.selection import Box, Selection, SortKey, Window
from hotspot.store import engine as engines
from hotspot.store import served, served_molds
from hotspot.store.shapes import from_ewkb
from tests import factories
from tests import served as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from hotspot.catalogue import Collection
    from tests.postgis import Cluster

_N = 60
_ROUNDS = 40


@pytest.fixture(scope="module")
def shared(
    store_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A filled store that is only read: one for all tests here."""
    if store_kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('served') / 'hotspot.db')}"
    else:
        running: Cluster = request.getfixturevalue("postgis")
        name = running.create(template="hotspot_template")
        url = running.url(name)
    engine = engines.create_engine(url)
    with engines.begin(engine) as connection:
        _fill(connection)
    yield engine
    engine.dispose()
    if store_kind != "sqlite":
        running.drop(name)


def _fill(connection: Connection) -> None:
    """Serve hotspots, two of them without a shape, areas and incidents."""
    rng = np.random.default_rng(1)
    stored.prepare(connection)
    stored.load_incidents(connection, 150, rng)
    stored.publish(connection, [*stored.footprints(_N, rng), None, None])


@pytest.fixture
def filled(shared: Engine) -> Iterator[Connection]:
    """A reading transaction on the filled store."""
    with engines.read(shared) as connection:
        yield connection


def _selection(connection: Connection, collection: Collection, **more: Any) -> Selection:  # noqa: ANN401
    return Selection(collection, Disclosure.INTERNAL, served.version(connection).number, **more)


def _all(connection: Connection, selection: Selection, reference: Reference) -> list[Any]:
    batches = served.stream_features(connection, selection, reference)
    return [json.loads(text) for batch in batches for text in batch]


def _shape(feature: Any) -> shapely.Geometry | None:  # noqa: ANN401 - GeoJSON
    return None if feature["geometry"] is None else shapely.from_geojson(json.dumps(feature["geometry"]))


def _pages(
    connection: Connection, selection: Selection, limit: int, reference: Reference = Reference.CRS84
) -> Iterator[served.Page]:
    window = Window(limit)
    while True:
        page = served.read_page(connection, selection, window, reference)
        yield page
        if page.last is None:
            return
        window = Window(limit, after=page.last)


def _ids(texts: list[str]) -> list[str]:
    return [json.loads(text)["id"] for text in texts]


@pytest.mark.parametrize("collection", [HOTSPOTS, INCIDENTS], ids=lambda one: one.id)
@pytest.mark.parametrize("reference", [Reference.CRS84, Reference.PLANE, Reference.WEB_MERCATOR])
def test_read_page__finds_what_shapely_finds(
    filled: Connection, collection: Collection, reference: Reference
) -> None:
    rng = np.random.default_rng(2)
    everything = _all(filled, _selection(filled, collection), reference)
    shapes = [_shape(one) for one in everything]
    spans = [_span(one["properties"], collection) for one in everything]
    west, south, east, north = shapely.total_bounds([one for one in shapes if one is not None])
    for _ in range(_ROUNDS):
        x = np.sort(rng.uniform(west, east, 2))
        y = np.sort(rng.uniform(south, north, 2))
        if rng.random() < 0.1:
            x[1] = x[0]
        box = Box(float(x[0]), float(y[0]), float(x[1]), float(y[1]), reference)
        interval = _interval(rng, spans)
        rectangle: shapely.Geometry = shapely.box(box.west, box.south, box.east, box.north)
        if x[1] == x[0]:
            rectangle = shapely.LineString([(box.west, box.south), (box.east, box.north)])
        expected = [
            one["id"]
            for one, shape, span in zip(everything, shapes, spans, strict=True)
            if (shape is None or shapely.intersects(shape, rectangle)) and _meet(span, interval)
        ]
        selection = _selection(filled, collection, box=box, interval=interval)
        pages = list(_pages(filled, selection, int(rng.integers(1, 30)), reference))
        assert [name for page in pages for name in _ids(page.features)] == expected
        assert {page.matched for page in pages} == {len(expected)}


def _span(properties: Any, collection: Collection) -> tuple[dt.datetime, dt.datetime]:  # noqa: ANN401
    assert collection.starts is not None
    assert collection.ends is not None
    first, last = properties[collection.starts], properties[collection.ends]
    if collection is INCIDENTS:
        return dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)
    zone = stored.ground().zone
    after = dt.datetime.combine(dt.date.fromisoformat(last) + dt.timedelta(days=1), dt.time(), zone)
    start = dt.datetime.combine(dt.date.fromisoformat(first), dt.time(), zone)
    return start, after - dt.timedelta(seconds=1)


def _interval(
    rng: np.random.Generator, spans: list[tuple[dt.datetime, dt.datetime]]
) -> tuple[dt.datetime | None, dt.datetime | None] | None:
    """None, or an interval that may be open and may end where a feature begins, or a little beside it."""
    if rng.random() < 0.3:
        return None
    ends = [spans[int(rng.integers(len(spans)))][int(rng.integers(2))] for _ in range(2)]
    moved = sorted(end + dt.timedelta(milliseconds=int(rng.integers(-1, 2) * 500)) for end in ends)
    first, last = ((None if rng.random() < 0.2 else one) for one in moved)
    return first, last


def _meet(
    span: tuple[dt.datetime, dt.datetime], interval: tuple[dt.datetime | None, dt.datetime | None] | None
) -> bool:
    if interval is None:
        return True
    first, last = interval
    return (first is None or span[1] >= first) and (last is None or span[0] <= last)


@pytest.mark.parametrize(
    "sort",
    [
        (SortKey("score", descending=True), SortKey("previous_rank")),
        (SortKey("previous_rank"),),
        (SortKey("pile_up", descending=True), SortKey("theme"), SortKey("observed", descending=True)),
    ],
)
def test_read_page__goes_through_any_order_without_a_gap(
    filled: Connection, sort: tuple[SortKey, ...]
) -> None:
    selection = _selection(filled, HOTSPOTS, sort=sort)
    everything = _all(filled, dataclasses.replace(selection, sort=()), Reference.CRS84)
    ordered = list(everything)
    for key in reversed(sort):
        with_value = [one for one in ordered if one["properties"][key.name] is not None]
        with_value.sort(key=lambda one: one["properties"][key.name], reverse=key.descending)
        # A reversed sort keeps equals in their order all the same.
        ordered = with_value + [one for one in ordered if one["properties"][key.name] is None]
    for limit in (1, 7, 1000):
        read = [name for page in _pages(filled, selection, limit) for name in _ids(page.features)]
        assert read == [one["id"] for one in ordered]
    by_offset = served.read_page(filled, selection, Window(5, offset=11), Reference.CRS84)
    assert _ids(by_offset.features) == [one["id"] for one in ordered[11:16]]


def test_read_page__answers_while_another_request_empties_what_is_remembered(
    filled: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Emptied(dict[object, Any]):  # Any: as the store keeps it.
        def __setitem__(self, key: object, value: object) -> None:
            """Lose it at once."""

    monkeypatch.setattr(served_molds, "_molds", Emptied())
    selection = _selection(
        filled, HOTSPOTS, where=parse("rank < 7", "cql2-text", queryables={"rank": PropertyType.INTEGER})
    )
    first, *others = (served.read_page(filled, selection, Window(9), Reference.CRS84) for _ in range(3))
    assert others == [first, first]
    assert first.features


def test_read_page__refuses_a_place_in_another_order(filled: Connection) -> None:
    # A statement that is kept, since such pages were asked for before, changes nothing.
    for row in range(3):
        served.read_page(filled, _selection(filled, HOTSPOTS), Window(1, after=(row,)), Reference.CRS84)
    with pytest.raises(InvalidInput, match="a place in the order has 1 values, got 2"):
        served.read_page(filled, _selection(filled, HOTSPOTS), Window(1, after=(1, 2)), Reference.CRS84)


def test_read_page__stays_as_it_was_while_weeks_are_published(connection: Connection) -> None:
    filled = connection
    _fill(filled)
    rng = np.random.default_rng(3)
    selection = _selection(filled, HOTSPOTS)
    before = _all(filled, selection, Reference.CRS84)
    first = served.read_page(filled, selection, Window(10), Reference.CRS84)
    stored.publish(filled, stored.footprints(9, rng), summary='{"corrected":true}')
    stored.publish(filled, stored.footprints(5, rng), week=stored.WEEK.plus(1))
    rest = served.read_page(filled, selection, Window(1000, after=first.last), Reference.CRS84)
    assert _ids([*first.features, *rest.features]) == [one["id"] for one in before]
    assert [json.loads(text) for text in [*first.features, *rest.features]] == before
    assert (first.matched, rest.matched) == (len(before), len(before))
    now = _selection(filled, HOTSPOTS)
    assert now.version == selection.version + 2
    assert served.read_page(filled, now, Window(1), Reference.CRS84).matched == 9 + 5
    latest = served.read_page(filled, _selection(filled, HOTSPOTS_LATEST), Window(99), Reference.CRS84)
    assert latest.matched == 5
    earlier = dataclasses.replace(selection, collection=HOTSPOTS_LATEST)
    assert served.read_page(filled, earlier, Window(1), Reference.CRS84).matched == len(before)


def test_read_page__across_the_antimeridian_is_everything_but_what_lies_between(filled: Connection) -> None:
    everything = _all(filled, _selection(filled, HOTSPOTS), Reference.CRS84)
    selection = _selection(filled, HOTSPOTS, box=Box(5.70, -90, 5.69, 90, Reference.CRS84))
    page = served.read_page(filled, selection, Window(1000), Reference.CRS84)
    sides = shapely.MultiPolygon([shapely.box(-180, -90, 5.69, 90), shapely.box(5.70, -90, 180, 90)])
    expected = [
        one["id"] for one in everything if (shape := _shape(one)) is None or shapely.intersects(shape, sides)
    ]
    assert 2 < len(expected) < len(everything)
    assert _ids(page.features) == expected


@pytest.mark.parametrize("side_m", [5e4, 3e6, 3e7])
def test_read_page__a_box_around_everything_holds_everything(filled: Connection, side_m: float) -> None:
    for reference in (Reference.PLANE, Reference.WEB_MERCATOR):
        if reference is Reference.WEB_MERCATOR and side_m == 5e4:
            continue
        box = Box(150_000 - side_m, 300_000 - side_m, 150_000 + side_m, 300_000 + side_m, reference)
        if reference is Reference.WEB_MERCATOR:
            box = dataclasses.replace(box, north=2e7)
        page = served.read_page(filled, _selection(filled, HOTSPOTS, box=box), Window(1000), reference)
        assert page.matched == _N + 2
        assert len(page.features) == _N + 2


def test_read_page__shows_only_what_touches_the_areas(filled: Connection) -> None:
    everything = _all(filled, _selection(filled, HOTSPOTS), Reference.CRS84)
    for areas in ({"BU01"}, {"BU01", "BU02"}, {"WK01"}, {"GM0001"}, {"BU"}, {"%"}, set[str]()):
        page = served.read_page(
            filled, _selection(filled, HOTSPOTS, areas=frozenset(areas)), Window(1000), Reference.CRS84
        )
        whole = bool(areas & {"WK01", "GM0001"})
        expected = [one["id"] for one in everything if whole or one["properties"]["neighbourhood"] in areas]
        assert _ids(page.features) == expected


@pytest.mark.parametrize(
    "text",
    [
        "rank < 20 AND theme = 'theft'",
        "score IS NULL",
        "S_INTERSECTS(geometry, BBOX(5.68, 50.85, 5.70, 50.86))",
    ],
)
def test_read_page__filters(filled: Connection, text: str) -> None:
    queryables = {one.name: one.type for one in HOTSPOTS.properties} | {"geometry": PropertyType.GEOMETRY}
    where = parse(text, "cql2-text", queryables=queryables)
    everything = _all(filled, _selection(filled, HOTSPOTS), Reference.CRS84)
    box = shapely.box(5.68, 50.85, 5.70, 50.86)
    holds: dict[str, Callable[[Any], bool]] = {
        "rank": lambda one: one["properties"]["rank"] < 20 and one["properties"]["theme"] == "theft",
        "score": lambda one: one["properties"]["score"] is None,
        "S": lambda one: (shape := _shape(one)) is not None and bool(shapely.intersects(shape, box)),
    }
    is_wanted = holds[re.split(r"[ _]", text, maxsplit=1)[0]]
    page = served.read_page(filled, _selection(filled, HOTSPOTS, where=where), Window(1000), Reference.CRS84)
    expected = [one["id"] for one in everything if is_wanted(one)]
    assert 0 < len(expected) < len(everything)
    assert _ids(page.features) == expected


def test_served__has_the_shapes_that_were_given_in_every_system(filled: Connection) -> None:
    selection = _selection(filled, HOTSPOTS)
    in_plane = [_shape(one) for one in _all(filled, selection, Reference.PLANE)]
    in_deg = [_shape(one) for one in _all(filled, selection, Reference.CRS84)]
    flipped = [_shape(one) for one in _all(filled, selection, Reference.ETRS89)]
    for plane, deg, other in zip(in_plane[:_N], in_deg[:_N], flipped[:_N], strict=True):
        assert isinstance(plane, shapely.Polygon)
        assert isinstance(deg, shapely.Polygon)
        assert isinstance(other, shapely.Polygon)
        assert plane.is_valid
        assert deg.is_valid
        assert deg.exterior.is_ccw
        back_m = Plane(28992).to_metres(shapely.get_coordinates(deg))
        np.testing.assert_allclose(back_m, shapely.get_coordinates(plane), atol=0.001)
        np.testing.assert_array_equal(shapely.get_coordinates(other), shapely.get_coordinates(deg)[:, ::-1])
        assert np.array_equal(np.round(shapely.get_coordinates(plane), 4), shapely.get_coordinates(plane))
    assert in_plane[_N:] == in_deg[_N:] == [None, None]


def test_read_rows__streams_values_and_shapes_in_batches(filled: Connection) -> None:
    names = ["incident_id", "started_at", "reported_at", "theme"]
    selection = _selection(filled, INCIDENTS)
    batches = list(served.read_rows(filled, selection, names=names, geometry=Reference.PLANE, batch=40))
    assert max(map(len, batches)) == 40
    rows = [row for batch in batches for row in batch]
    features = _all(filled, selection, Reference.PLANE)
    assert len(rows) == len(features) == 150
    for (name, shape, *values), feature in zip(rows, features, strict=True):
        assert name == feature["id"]
        assert values == [feature["properties"][one] for one in names]
        assert isinstance(shape, bytes)
        assert shapely.equals(from_ewkb(shape), _shape(feature))
    bare = next(served.read_rows(filled, selection, names=(), geometry=None))
    assert bare[0] == (features[0]["id"], None)


def test_read_rows__gives_each_batch_its_time(shared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # A clock by which all of it takes longer than a statement may, and no batch does.
    clock = itertools.count(step=0.09)
    monkeypatch.setattr(engines, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(engines, "_STEPS", 100)
    url = shared.url.render_as_string(hide_password=False)
    limited = engines.create_engine(url, engines.Serving(connections=1, time_limit=dt.timedelta(seconds=1)))
    names = [one.name for one in INCIDENTS.properties]
    with engines.read(limited) as connection:
        selection = _selection(connection, INCIDENTS)
        batches = served.read_rows(connection, selection, names=names, geometry=None, batch=5)
        assert sum(map(len, batches)) == 150
    limited.dispose()


def test_read_rows__tells_several_texts_as_json(filled: Connection) -> None:
    (rows,) = served.read_rows(
        filled, _selection(filled, HOTSPOTS), names=["caveats", "pile_up"], geometry=None
    )
    assert rows[1][2:] == ('["pile_up"]', True)


def test_read_page__finds_one_by_name(filled: Connection) -> None:
    selection = _selection(filled, HOTSPOTS)
    (text,) = stored.texts_of(filled, selection, "h3-2010-W30", Reference.PLANE)
    feature = json.loads(text)
    assert feature["id"] == "h3-2010-W30"
    assert feature["properties"]["why_nl"] == '"Meer" dan één \\ 4'
    assert feature["properties"]["why_en"] is None
    assert text == served.read_page(filled, selection, Window(1, offset=3), Reference.PLANE).features[0]
    assert stored.texts_of(filled, selection, "h3", Reference.CRS84) == []


def test_extent__is_that_of_all_features(filled: Connection) -> None:
    for collection in (HOTSPOTS, RANKINGS, INCIDENTS, NEIGHBOURHOODS):
        selection = _selection(filled, collection)
        features = _all(filled, selection, Reference.CRS84)
        told = served.extent(filled, collection, Disclosure.INTERNAL, selection.version)
        shapes = [shape for one in features if (shape := _shape(one)) is not None]
        assert told.matched == len(features)
        assert told.bbox_deg == tuple(shapely.total_bounds(shapes).tolist())
        if collection.is_timed:
            spans = [_span(one["properties"], collection) for one in features]
            assert (told.starts, told.ends) == (min(one for one, _ in spans), max(one for _, one in spans))


def test_version__is_nothing_before_anything_is_served(connection: Connection) -> None:
    assert served.version(connection) == served.Version(0, None, None)
    assert served.extent(connection, HOTSPOTS, Disclosure.OPEN, 0).matched == 0
    assert served.references(connection) == (Reference.CRS84, Reference.WEB_MERCATOR)
    page = served.read_page(connection, Selection(HOTSPOTS, Disclosure.OPEN, 0), Window(9), Reference.CRS84)
    assert page == served.Page(0, [], None)


def test_version__tells_the_week_and_when_it_was_made(filled: Connection) -> None:
    told = served.version(filled)
    assert told == served.Version(2, factories.NOW, "2010-W30")
    assert served.made_at(filled, 2) == factories.NOW
    assert served.made_at(filled, 1) is None
    assert served.references(filled) == tuple(Reference)
