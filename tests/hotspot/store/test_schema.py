"""Migrations make the tables that the code describes, on both databases, and can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import shapely
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hotspot.errors import StoreNotReady, StoreUnavailable
from hotspot.store import engine as engines
from hotspot.store import migration, runs, schema
from hotspot.store.columns import metadata
from hotspot.store.shapes import ewkb
from hotspot.weeks import Week

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.postgis import Cluster


def _differences(engine: Engine) -> list[object]:
    """Compare the database with the tables of the code, leaving out the other database's indexes."""
    with engines.begin(engine) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: migration.is_compared(name, kind),
                "compare_server_default": False,
            },
        )
        found = compare_metadata(context, metadata)
    spatial = {index.name for table in metadata.tables.values() for index in table.indexes
               if index.dialect_options["postgresql"]["using"] == "gist"}  # fmt: skip
    others = spatial if engine.dialect.name == "sqlite" else {"ix_served_cells_box_id"}
    return [one for one in found if not (one[0] == "add_index" and one[1].name in others)]


def test_migrate__makes_the_tables_that_the_code_describes(engine: Engine) -> None:
    assert _differences(engine) == []


def test_migrate__goes_back_to_nothing_and_up_again(empty_store_url: str) -> None:
    engine = engines.create_engine(empty_store_url)
    for revision in ("head", "base", "0001", "head", "head"):
        migration.migrate(engine, revision=revision)
        left = set(sqlalchemy.inspect(engine).get_table_names()) - {"spatial_ref_sys", "alembic_version"}
        assert (left == set()) is (revision == "base")
    schema.check(engine)
    assert _differences(engine) == []
    engine.dispose()


def test_migrate__tells_what_earlier_hotspots_were(empty_store_url: str) -> None:
    engine = engines.create_engine(empty_store_url)
    migration.migrate(engine, revision="0002")
    box = shapely.box(0, 0, 1, 1)
    with engines.begin(engine) as connection:
        plane = ewkb(box, srid=28992), ewkb(box, srid=4326)
        for statement, values in _an_early_publication(*plane):
            connection.execute(sqlalchemy.text(statement), values)
    migration.migrate(engine)
    with engines.read(engine) as connection:
        told = connection.execute(
            sqlalchemy.text(
                "SELECT kind, grade, form, pile_up, q_value, hotspot_id FROM ranked_hotspots ORDER BY rank"
            )
        ).all()
        served = connection.execute(sqlalchemy.text("SELECT kind, grade FROM published_hotspots")).all()
        assert runs.find_run(connection, Week(2010, 30)) is None
    assert [tuple(row) for row in told] == [
        ("acute", "confirmed", "area", False, 0.01, "a"),
        ("acute", "confirmed", "dot", True, 0.02, "b"),
    ]
    assert [tuple(row) for row in served] == [("acute", "confirmed")]
    engine.dispose()


def _an_early_publication(in_plane: bytes, served: bytes) -> list[tuple[str, dict[str, object]]]:
    """Rows of a published week as the version before kinds and grades wrote them."""
    hotspot = """
        INSERT INTO hotspots (id, run_id, theme, position, hotspot_id, geometry, centroid_x_m, centroid_y_m,
            observed, expected, baseline, relative_risk, log_likelihood_ratio, p_value, recurrence_weeks,
            places, largest_pile_up, window_weeks, neighbourhoods, subthemes, members)
        VALUES (:id, 1, 'theft', :id, :name, :shape, 0, 0, 4, 1, 3, 4, 5, :p, 100, :places, :pile, 4,
            '[]', '[]', '[]')
    """
    published = "INSERT INTO published_hotspots VALUES (1, 1, 'a', 'theft', 1, 0, 0, 1, 1, :shape, '{}')"
    ranking = "INSERT INTO rankings VALUES (1, 'theft', :rank, 9, NULL, :row)"
    return [
        ("INSERT INTO runs VALUES (1, '2010-W30', '{\"gone\": 1}', 'i', 'c', 0)", {}),
        ("INSERT INTO detections VALUES (1, 'theft', 0, 'hotspots', NULL, NULL, 9, 9, 4, 52, 2)", {}),
        (hotspot, {"id": 1, "name": "a", "shape": in_plane, "p": 0.01, "places": 3, "pile": 2}),
        (hotspot, {"id": 2, "name": "b", "shape": in_plane, "p": 0.02, "places": 1, "pile": 4}),
        ("INSERT INTO publications VALUES (1, '2010-W30', 1, 'h', 0, '{}')", {}),
        (published, {"shape": served}),
        (ranking, {"rank": 1, "row": 1}),
        (ranking, {"rank": 2, "row": 2}),
    ]


def test_migrate__makes_spatial_indexes_after_the_other_database_had_its_turn(
    sqlite_url: str, postgis_url: str
) -> None:
    for url in (sqlite_url, postgis_url):
        engine = engines.create_engine(url)
        with engines.read(engine) as connection:
            names = {
                index["name"]
                for table in metadata.tables
                for index in sqlalchemy.inspect(connection).get_indexes(table)
            }
        assert ("ix_hotspots_geometry" in names) is (engine.dialect.name == "postgresql")
        engine.dispose()


def test_check__asks_for_init_where_there_are_no_tables(empty_store_url: str) -> None:
    engine = engines.create_engine(empty_store_url)
    with pytest.raises(StoreNotReady, match="hotspot init"):
        schema.check(engine)
    engine.dispose()


def test_check__asks_for_init_where_the_tables_are_old(empty_store_url: str) -> None:
    engine = engines.create_engine(empty_store_url)
    migration.migrate(engine, revision="0001")
    with pytest.raises(StoreNotReady, match="is at version 0001, required is"):
        schema.check(engine)
    engine.dispose()


def test_migrate__asks_for_postgis_where_it_may_not_be_made(postgis: Cluster) -> None:
    name = postgis.create()
    url = postgis.url(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
    engine = engines.create_engine(url.replace("postgres@", "visitor@"))
    with pytest.raises(StoreUnavailable, match="needs the extension PostGIS"):
        migration.migrate(engine)
    engine.dispose()
    postgis.drop(name)


def test_migrate__says_where_it_could_not_make_the_file(tmp_path: Path) -> None:
    engine = engines.create_engine(f"sqlite:///{tmp_path}/missing/store.db")
    with pytest.raises(StoreUnavailable, match=r"missing/store.db cannot be made"):
        migration.migrate(engine)


def test_revision__is_that_of_the_newest_migration() -> None:
    folder = Path(migration.__file__).parent / "migrations" / "versions"
    assert max(file.name[:4] for file in folder.glob("[0-9]*.py")) == schema.REVISION
