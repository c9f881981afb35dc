"""Streets are served in the place of those before: what is the same stays, and an older version is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import func, select

from hotspot.catalogue import STREETS, Disclosure, Reference
from hotspot.crs import Plane
from hotspot.selection import Selection, Window
from hotspot.served import Row
from hotspot.store import engine as engines
from hotspot.store import served, serving
from hotspot.store.served_tables import served_streets
from tests.api.published import TOWN, write_town

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLANE = Plane(TOWN.srid)


def street(name: str, dy_m: float = 0.0) -> Row:
    line = shapely.MultiLineString([[(176_000.0, 317_000.0 + dy_m), (176_500.0, 317_000.0 + dy_m)]])
    said = {"street_id": name, "name": name, "street_class": None, "importance": 2, "length_m": 500.0}
    return Row(name, said, line, (TOWN.code,))


def names(engine: Engine, version: int | None = None) -> list[str]:
    with engines.read(engine) as connection:
        at = served.version(connection).number if version is None else version
        selection = Selection(STREETS, Disclosure.OPEN, at)
        page = served.read_page(connection, selection, Window(100), Reference.CRS84)
        told = served.extent(connection, STREETS, Disclosure.INTERNAL, at)
        assert told.matched == page.matched == len(page.features)
        batches = served.read_rows(connection, selection, names=(), geometry=None)
        return [str(row[0]) for batch in batches for row in batch]


@pytest.fixture
def town(engine: Engine) -> Engine:
    write_town(engine.url.render_as_string(hide_password=False))
    return engine


def test_serve_streets__replaces_them_and_keeps_the_version_before(town: Engine) -> None:
    assert names(town) == []
    with engines.begin(town) as connection:
        first = serving.serve_streets(connection, [street("a"), street("b", 9.0)], PLANE, made_at=None)
    with engines.begin(town) as connection:
        second = serving.serve_streets(connection, [street("c", 5.0), street("b", 9.0)], PLANE, made_at=None)
    assert first is not None
    assert second == first + 1
    assert names(town, first - 1) == []
    assert names(town, first) == ["a", "b"]
    assert names(town) == ["b", "c"]


def test_serve_streets__changes_nothing_where_they_are_the_same(town: Engine) -> None:
    listed = [street("a"), street("b", 9.0)]
    with engines.begin(town) as connection:
        assert serving.serve_streets(connection, listed, PLANE, made_at=None) is not None
    with engines.begin(town) as connection:
        assert serving.serve_streets(connection, listed[::-1], PLANE, made_at=None) is None
        assert connection.scalar(select(func.count()).select_from(served_streets)) == 2


def test_serve_streets__is_all_or_nothing(town: Engine) -> None:
    with engines.read(town) as connection:
        before = served.version(connection).number
    with pytest.raises(ZeroDivisionError), engines.begin(town) as connection:  # noqa: PT012 - within the transaction
        serving.serve_streets(connection, [street("a")], PLANE, made_at=None)
        1 / 0  # noqa: B018 - as a kill would
    with engines.read(town) as connection:
        assert served.version(connection).number == before
    assert names(town) == []


def test_serve_streets__takes_more_than_one_statement_can_name(town: Engine) -> None:
    with engines.begin(town) as connection:
        many = [street(f"s{number:04}", float(number)) for number in range(1203)]
        serving.serve_streets(connection, many, PLANE, made_at=None)
        assert serving.serve_streets(connection, [street("a")], PLANE, made_at=None) is not None
    assert names(town) == ["a"]


def test_serve_streets__leaves_the_other_collections_as_they_are(town: Engine) -> None:
    with engines.begin(town) as connection:
        before = served.version(connection).number
        serving.serve_streets(connection, [street("a")], PLANE, made_at=None)
        after = served.version(connection)
        assert after.number == before + 1
        assert after.week == "2010-W30"
