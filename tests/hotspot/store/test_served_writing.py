"""What is served changes by versions: once per edition, and only what changed."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select, update

from hotspot.catalogue import (
    COLLECTIONS,
    DISTRICTS,
    HOTSPOTS,
    INCIDENTS,
    NEIGHBOURHOODS,
    RANKINGS,
    Disclosure,
    Reference,
)
from hotspot.crs import Plane
from hotspot.publication import area_fragments
from hotspot.selection import Selection, Window
from hotspot.store import boundaries, migration, served, tables
from hotspot.store import engine as engines
from hotspot.store.served_extents import write_extents
from hotspot.store.served_tables import SERVED, served_extents, served_incidents, served_versions
from hotspot.store.serving_incidents import Outstanding
from tests import factories
from tests import served as stored
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.catalogue import Collection

W31 = stored.WEEK.plus(1)


def _ids(
    connection: Connection, collection: Collection, at: int, level: Disclosure = Disclosure.INTERNAL
) -> list[str]:
    page = served.read_page(connection, Selection(collection, level, at), Window(10_000), Reference.CRS84)
    return [json.loads(text)["id"] for text in page.features]


def _rows(connection: Connection, rows: str) -> list[tuple[object, ...]]:
    table = SERVED[rows]
    return [
        tuple(row)
        for row in connection.execute(select(table.c.id, table.c.feature_id, table.c.properties_json))
    ]


def test_serve__serves_an_edition_once(connection: Connection) -> None:
    stored.prepare(connection)
    shapes = stored.footprints(3, np.random.default_rng(1))
    assert stored.publish(connection, shapes) == 2
    assert stored.publish(connection, shapes) is None
    assert connection.scalar(select(func.max(served_versions.c.number))) == 2


def test_serve__a_correction_closes_what_was_served(connection: Connection) -> None:
    stored.prepare(connection)
    shapes = stored.footprints(3, np.random.default_rng(1))
    first = stored.publish(connection, shapes)
    second = stored.publish(connection, shapes[:1], summary='{"n":2}')
    third = stored.publish(connection, shapes, week=W31)
    assert (first, second, third) == (2, 3, 4)
    assert len(_ids(connection, HOTSPOTS, 2)) == 3
    assert _ids(connection, HOTSPOTS, 3) == ["h0-2010-W30"]
    assert len(_ids(connection, HOTSPOTS, 4)) == 4
    assert len(_ids(connection, RANKINGS, 3)) == 3
    page = served.read_page(
        connection, Selection(HOTSPOTS, Disclosure.INTERNAL, 3), Window(1), Reference.CRS84
    )
    assert json.loads(page.features[0])["properties"]["edition"] == 2


def test_serve__keeps_levels_apart(connection: Connection) -> None:
    stored.prepare(connection)
    shapes = stored.footprints(2, np.random.default_rng(1))
    stored.publish(connection, shapes, levels=(Disclosure.OPEN, Disclosure.INTERNAL))
    assert len(_ids(connection, HOTSPOTS, 2, Disclosure.OPEN)) == 2
    assert _ids(connection, HOTSPOTS, 2, Disclosure.PARTNER) == []
    (text,) = stored.texts_of(
        connection, Selection(HOTSPOTS, Disclosure.OPEN, 2), "h0-2010-W30", Reference.CRS84
    )
    assert list(json.loads(text)["properties"]) == [one.name for one in HOTSPOTS.told(Disclosure.OPEN)]
    for level in Disclosure:
        assert len(_ids(connection, NEIGHBOURHOODS, 2, level)) == 4


def test_serve__a_week_without_hotspots_is_the_newest_all_the_same(connection: Connection) -> None:
    stored.prepare(connection)
    stored.publish(connection, stored.footprints(2, np.random.default_rng(1)))
    stored.publish(connection, [], week=W31)
    told = served.version(connection)
    assert (told.number, told.week) == (3, "2010-W31")


def test_serve__the_same_input_gives_the_same_rows(sqlite_url: str, postgis_url: str) -> None:
    found = []
    for url in (sqlite_url, postgis_url):
        engine = engines.create_engine(url)
        rng = np.random.default_rng(4)
        with engines.begin(engine) as connection:
            stored.prepare(connection)
            stored.load_incidents(connection, 40, rng)
            stored.publish(connection, stored.footprints(5, rng))
            found.append({rows: _rows(connection, rows) for rows in SERVED})
        engine.dispose()
    assert found[0] == found[1]


def test_serve__serves_the_incidents_of_the_year_up_to_the_week(connection: Connection) -> None:
    stored.prepare(connection)
    year_s, second_s = 52 * 604_800, 1
    # The week after W30 begins at 22:00 UTC on the Sunday.
    end_s = factories.MIDNIGHT_S + 604_800 - 7_200
    instants = [end_s - second_s, end_s, end_s - year_s, end_s - year_s - second_s]
    load(connection, factories.batch(factories.accepted([1, 2, 3, 4], started_s=instants)))
    stored.publish(connection, [])
    assert _ids(connection, INCIDENTS, 2) == [f"in-{_key(connection, n):016x}" for n in (3, 1)]
    stored.publish(connection, [], week=W31)
    assert len(_ids(connection, INCIDENTS, 3)) == 3
    assert len(_ids(connection, INCIDENTS, 2)) == 2


def _key(connection: Connection, place: int) -> int:
    """The stored key of an incident by its place in the file."""
    row = tables.incident_rows.c
    return int(connection.scalar(select(row.key).where(row.row == place + 1)) or 0) % 2**64


def test_serve__closes_incidents_that_no_longer_stand_or_say_something_else(connection: Connection) -> None:
    stored.prepare(connection)
    stored.load_incidents(connection, 5, np.random.default_rng(1))
    stored.publish(connection, [])
    row = tables.incident_rows.c
    connection.execute(update(tables.incident_rows).where(row.row == 2).values(reason="duplicate"))
    connection.execute(
        update(tables.incident_rows).where(row.row == 3).values(reported_s=factories.MIDNIGHT_S)
    )
    assert stored.publish(connection, []) == 3
    before, now = (_ids(connection, INCIDENTS, at) for at in (2, 3))
    assert len(before) == 5
    assert set(before) - set(now) == {f"in-{_key(connection, 1):016x}"}
    changed = f"in-{_key(connection, 2):016x}"
    texts = [
        stored.texts_of(connection, Selection(INCIDENTS, Disclosure.INTERNAL, at), changed, Reference.CRS84)
        for at in (2, 3)
    ]
    assert [json.loads(text)["properties"]["reported_at"] for (text,) in texts] == [
        None,
        "2010-07-26T00:00:00Z",
    ]
    assert stored.publish(connection, []) is None


def test_serve__reads_incidents_once_for_many_weeks_and_anew_after_any_change(
    sqlite_url: str, postgis_url: str
) -> None:
    weeks = [stored.WEEK.plus(n) for n in range(-30, 1, 3)]
    found = []
    for url, shares in (
        (sqlite_url, True),
        (postgis_url, True),
        (sqlite_url.replace("hotspot.db", "2.db"), False),
    ):
        engine = engines.create_engine(url)
        if not shares:
            migration.migrate(engine)
        outstanding = Outstanding(weeks[0], weeks[-1]) if shares else None
        with engines.begin(engine) as connection:
            stored.prepare(connection)
            stored.load_incidents(connection, 60, np.random.default_rng(4))
            for number, week in enumerate(weeks):
                if number == 8:
                    load(connection, factories.batch(factories.accepted(range(1, 21))), sha256="2")
                if number == 6:
                    stored.publish(connection, [], week=weeks[-1], summary='{"other":1}')
                stored.publish(connection, [], week=week, outstanding=outstanding)
            told = select(
                *(served_incidents.c[name] for name in ("id", "digest", "from_version", "to_version"))
            ).order_by(served_incidents.c.id)
            found.append([tuple(row) for row in connection.execute(told)])
        engine.dispose()
    assert found[0] == found[1] == found[2]
    assert len({row[2] for row in found[0]}) > 5
    assert any(row[3] is not None for row in found[0])


def test_write_boundaries__serves_the_areas_in_force(connection: Connection) -> None:
    stored.prepare(connection)
    ground = stored.ground()
    renamed = dataclasses.replace(
        ground.boundaries,
        vintage=2018,
        areas=tuple(dataclasses.replace(one, name=f"{one.name} nieuw") for one in ground.boundaries.areas),
    )
    older = dataclasses.replace(ground.boundaries, vintage=2016)
    for version, areas in ((1, ground.boundaries), (2, renamed), (2, older), (2, renamed)):
        fragments = area_fragments(areas, Plane(28992))
        boundaries.write_boundaries(connection, areas, fragments, loaded_at=factories.NOW)
        assert served.version(connection).number == version
    assert served.made_at(connection, 2) == factories.NOW
    texts = [
        stored.texts_of(connection, Selection(NEIGHBOURHOODS, Disclosure.OPEN, at), "BU01", Reference.PLANE)
        for at in (1, 2)
    ]
    assert [json.loads(text)["properties"]["name"] for (text,) in texts] == ["Buurt 1", "Buurt 1 nieuw"]
    assert _ids(connection, DISTRICTS, 2) == ["WK01", "WK02"]


def test_serve__measures_what_is_new_as_it_would_all(connection: Connection) -> None:
    stored.prepare(connection)
    rng = np.random.default_rng(5)
    stored.load_incidents(connection, 20, rng)
    levels = tuple(Disclosure)
    for week, n in ((stored.WEEK, 3), (W31, 5), (stored.WEEK.plus(-1), 0), (W31.plus(2), 2)):
        stored.publish(connection, stored.footprints(n, rng), week=week, levels=levels)
        _assert_measured_anew(connection)
    # A correction closes rows.
    stored.publish(connection, stored.footprints(1, rng), week=W31, levels=levels, summary='{"a":1}')
    _assert_measured_anew(connection)


def _assert_measured_anew(connection: Connection) -> None:
    """Measure all collections without what is known, and see that nothing differs."""
    version = connection.scalar(select(func.max(served_versions.c.number)))
    assert version is not None
    of_now = served_extents.c.version == version
    known = connection.execute(select(served_extents).where(of_now)).all()
    connection.execute(served_extents.delete().where(of_now))
    write_extents(connection, version, {one.rows for one in COLLECTIONS})
    anew = connection.execute(select(served_extents).where(of_now)).all()
    assert known
    assert {tuple(row) for row in known} <= {tuple(row) for row in anew}


def test_serve__a_store_from_before_gets_its_areas_when_it_publishes(connection: Connection) -> None:
    stored.prepare(connection)
    for table in (SERVED["areas"], served_extents, served_versions):
        connection.execute(table.delete())
    assert stored.publish(connection, [None]) == 1
    assert len(_ids(connection, NEIGHBOURHOODS, 1)) == 4


@pytest.mark.parametrize("name", ["a'b", 'a"b', "é/ñ%", "x\\y"])
def test_serve__takes_any_name(connection: Connection, name: str) -> None:
    stored.prepare(connection)
    stored.publish(connection, {name: shapely.Point(176_200, 318_200).buffer(20)})
    selection = Selection(HOTSPOTS, Disclosure.INTERNAL, 2)
    for reference in (Reference.CRS84, Reference.PLANE, Reference.ETRS89):
        (text,) = stored.texts_of(connection, selection, f"{name}-2010-W30", reference)
        assert json.loads(text)["properties"]["hotspot_id"] == name
