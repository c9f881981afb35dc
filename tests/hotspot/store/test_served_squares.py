"""Squares of the density: those of all themes share a box, and each is found by its place and by its name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from alembic import command
from sqlalchemy import delete, func, select, text

from hotspot.catalogue import CELLS, Disclosure, Reference
from hotspot.errors import InvalidParameter
from hotspot.selection import Box, Selection, Window
from hotspot.served import Row
from hotspot.store import engine as engines
from hotspot.store import migration, served
from hotspot.store.served_tables import TREES, served_cells
from tests import served as stored
from tests.sheets import sheet

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.sheet import Sheet
    from hotspot.weeks import Week

SIZE_M = 250
THEMES = ("burglary", "drugs", "theft")
SQUARES = {
    (west_m, south_m): shapely.box(west_m, south_m, west_m + SIZE_M, south_m + SIZE_M)
    for west_m in range(176_000, 177_000, SIZE_M)
    for south_m in range(318_000, 319_000, SIZE_M)
}
WEEKS = tuple(stored.WEEK.plus(n) for n in range(3))


def _squares(week: Week) -> Sheet:
    """Squares of a week: all themes on the same ones."""
    rows = [
        Row(
            f"{theme}-c{SIZE_M}-{west_m}-{south_m}-{week}",
            {
                "week": str(week),
                "theme": theme,
                "cell": f"c{SIZE_M}-{west_m}-{south_m}",
                "size_m": SIZE_M,
                "window_start": week.monday.isoformat(),
                "window_end": week.sunday.isoformat(),
                "incidents": 5 + n % 7,
                "density_per_km2": None,
                "ratio": 1.5,
            },
            square,
            (),
            0,
            1,
        )
        for theme in THEMES
        for n, ((west_m, south_m), square) in enumerate(SQUARES.items())
    ]
    return sheet(rows)


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """Three weeks of squares at two levels."""
    stored.prepare(connection)
    for week in WEEKS:
        levels = (Disclosure.OPEN, Disclosure.INTERNAL)
        stored.publish(connection, [], week=week, levels=levels, cells=_squares(week))
    return connection


def _found(connection: Connection, box: Box | None = None, name: str | None = None) -> list[str]:
    """Names of what is found at the internal level."""
    selection = Selection(CELLS, Disclosure.INTERNAL, served.version(connection).number, box=box, name=name)
    page = served.read_page(connection, selection, Window(10_000), Reference.CRS84)
    return [json.loads(one)["id"] for one in page.features]


def _box(area: shapely.Polygon) -> Box:
    west_m, south_m, east_m, north_m = area.bounds
    return Box(west_m, south_m, east_m, north_m, Reference.PLANE)


def _in_tree(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(TREES["cells"])) or 0)


@pytest.mark.parametrize("seed", range(8))
def test_read_page__finds_the_squares_of_all_themes_and_weeks_in_a_box(filled: Connection, seed: int) -> None:
    rng = np.random.default_rng(seed)
    west_m, south_m = rng.uniform((175_900, 317_900), (176_900, 318_900)).round(1)
    # From a sliver to all of them: each is looked for in its own way.
    wide_m, high_m = rng.uniform(1, (60, 400, 1_500)[seed % 3], 2).round(1)
    area = shapely.box(west_m, south_m, west_m + wide_m, south_m + high_m)
    expected = {
        f"{theme}-c{SIZE_M}-{corner[0]}-{corner[1]}-{week}"
        for corner, square in SQUARES.items()
        if square.intersects(area)
        for theme in THEMES
        for week in WEEKS
    }
    found = _found(filled, _box(area))
    assert len(found) == len(expected)
    assert set(found) == expected


def test_read_page__finds_a_square_by_its_name(filled: Connection) -> None:
    name = f"drugs-c{SIZE_M}-176250-318500-{WEEKS[1]}"
    assert _found(filled, name=name) == [name]
    for other in ("", "W31", str(WEEKS[1]), name[:-1], f"drugs-c{SIZE_M}-176250-318500-2009-W31", f"{name}é"):
        assert _found(filled, name=other) == []


def test_write__refuses_a_square_that_could_not_be_found_by_its_name(connection: Connection) -> None:
    stored.prepare(connection)
    squares = _squares(stored.WEEK)
    with pytest.raises(InvalidParameter, match=r"must end with their week, 2010-W30, got 'c0'"):
        stored.publish(connection, [], cells=replace(squares, feature_ids=["c0", *squares.feature_ids[1:]]))


def test_write__the_same_squares_of_all_themes_are_one_box_in_the_tree(sqlite_url: str) -> None:
    engine = engines.create_engine(sqlite_url)
    with engines.begin(engine) as connection:
        stored.prepare(connection)
        stored.publish(connection, [], cells=_squares(stored.WEEK))
        assert _in_tree(connection) == len(SQUARES)
        connection.execute(delete(served_cells).where(served_cells.c.theme == THEMES[0]))
        assert _in_tree(connection) == len(SQUARES)
        connection.execute(delete(served_cells))
        assert _in_tree(connection) == 0
    engine.dispose()


def test_migrate__squares_of_before_stay_where_they_are(sqlite_url: str) -> None:
    engine = engines.create_engine(sqlite_url)
    with engines.begin(engine) as connection:
        stored.prepare(connection)
        stored.publish(connection, [], cells=_squares(stored.WEEK))
    box = Box(176_010.0, 318_010.0, 176_020.0, 318_020.0, Reference.PLANE)
    with engines.begin(engine) as connection:
        command.downgrade(migration._config(connection), "0009")
        assert _in_tree(connection) == len(SQUARES) * len(THEMES)
        plan = "EXPLAIN QUERY PLAN SELECT 1 FROM served_cells WHERE feature_id = 'a'"
        assert "ix_served_cells_feature_id" in str(connection.execute(text(plan)).all())
    migration.migrate(engine)
    with engines.begin(engine) as connection:
        assert len(_found(connection, box)) == len(THEMES)
        stored.publish(connection, [], week=WEEKS[1], cells=_squares(WEEKS[1]))
        assert len(_found(connection, box)) == 2 * len(THEMES)
        assert _in_tree(connection) == len(SQUARES) * (len(THEMES) + 1)
    engine.dispose()
