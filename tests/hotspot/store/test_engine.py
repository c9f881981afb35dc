"""An address becomes an engine or a clear message; transactions keep their promises."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import exc, func, insert, literal, select

from hotspot.errors import InvalidParameter, OutOfTime, StoreNotReady, StoreUnavailable
from hotspot.store import engine as engines
from hotspot.store import tables
from hotspot.store.loads import labels
from hotspot.store.shapes import ewkb, from_ewkb
from tests import factories

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hotspot.db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://",
        "mysql://root@localhost/x",
        "sqlite:/x",
    ],
)
def test_create_engine__says_what_an_address_looks_like(url: str) -> None:
    with pytest.raises(InvalidParameter, match="sqlite:///FILE or postgresql://"):
        engines.create_engine(url)


@given(
    st.one_of(
        st.text(),
        st.text().map(lambda rest: f"sqlite:///{rest}"),
        st.text().map(lambda rest: f"sqlite+{rest}:///x"),
        st.text().map(lambda rest: f"postgresql://{rest}"),
        st.text("ab:@/?=&1[]", max_size=12).map(lambda rest: f"postgresql://{rest}"),
    )
)
def test_create_engine__any_text_is_an_address_or_our_error(url: str) -> None:
    with contextlib.suppress(InvalidParameter):
        engines.create_engine(url).dispose()


@pytest.mark.parametrize("url", ["mysql://root:secret@localhost/x", "postgresql://root:secret@localhost:y/x"])
def test_create_engine__does_not_print_a_password(url: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        engines.create_engine(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("door", [engines.begin, engines.read])
def test_begin__a_mistyped_file_is_an_error_and_no_empty_store(tmp_path: Path, door: object) -> None:
    path = tmp_path / "store.db"
    engine = engines.create_engine(f"sqlite:///{path}")
    with pytest.raises(StoreNotReady, match="there is no store at"), door(engine):  # type: ignore[operator]  # Both doors have one signature, which parametrize forgets.
        pass
    assert not path.exists()


def test_begin__a_file_that_is_no_database_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("this is a text and no database, whatever its name says" * 100)
    engine = engines.create_engine(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable, match="file is not a database"), engines.begin(engine):
        pass


def test_begin__a_server_that_is_down_cannot_be_used() -> None:
    engine = engines.create_engine("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable, match="cannot be used") as caught, engines.begin(engine):
        pass
    assert "secret" not in str(caught.value)


def test_begin__missing_tables_ask_for_init(empty_store_url: str, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    engine = engines.create_engine(empty_store_url)
    with pytest.raises(StoreNotReady, match="hotspot init"), engines.begin(engine) as connection:
        labels(connection)
    engine.dispose()


def _write_label(connection: Connection, name: str) -> None:
    connection.execute(insert(tables.labels).values(name=name, nl=name, en=name))


def test_begin__leaves_nothing_behind_when_it_fails(engine: Engine) -> None:
    def fail_halfway() -> None:
        with engines.begin(engine) as connection:
            _write_label(connection, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with engines.read(engine) as connection:
        assert labels(connection) == {}


def test_begin__keeps_other_errors_of_the_database_as_they_are(engine: Engine) -> None:
    with engines.begin(engine) as connection:
        _write_label(connection, "a")
    with pytest.raises(exc.IntegrityError), engines.begin(engine) as connection:
        _write_label(connection, "a")


def test_read__cannot_write(engine: Engine) -> None:
    with pytest.raises((exc.DBAPIError, StoreUnavailable)), engines.read(engine) as connection:
        _write_label(connection, "a")
    with engines.begin(engine) as connection:
        _write_label(connection, "a")


def test_read__sees_one_state_while_another_writes(engine: Engine) -> None:
    with engines.read(engine) as reader:
        assert labels(reader) == {}
        with engines.begin(engine) as writer:
            _write_label(writer, "a")
        assert labels(reader) == {}
    with engines.read(engine) as reader:
        assert list(labels(reader)) == ["a"]


def test_begin__a_writer_waits_for_another(engine: Engine) -> None:
    count = select(func.count()).select_from(tables.labels)
    seen: list[int | None] = []

    def second() -> None:
        with engines.begin(engine) as connection:
            seen.append(connection.scalar(count))

    thread = threading.Thread(target=second)
    with engines.begin(engine) as first:
        thread.start()
        thread.join(0.3)
        assert seen == []
        _write_label(first, "a")
    thread.join(10)
    assert seen == [1]


def test_spatial_functions__are_the_same_on_both_databases(connection: Connection) -> None:
    square = factories.square()
    stored = func.ST_GeomFromEWKB(ewkb(square, srid=28992))
    corner = func.ST_GeomFromEWKT("SRID=28992;POINT(176000 318000)")
    beside = func.ST_GeomFromEWKT("SRID=28992;POINT(175999.9 318000)")
    row = connection.execute(
        select(
            func.ST_SRID(stored),
            func.ST_Area(stored),
            func.ST_Intersects(stored, corner),
            func.ST_Intersects(stored, beside),
            func.ST_X(corner),
            func.ST_Y(corner),
            func.ST_AsText(corner),
            func.ST_AsEWKB(stored),
        )
    ).one()
    shape = from_ewkb(row[7])
    assert (row[0], row[1], bool(row[2]), bool(row[3])) == (28992, 250_000.0, True, False)
    assert (row[4], row[5], row[6].replace(" (", "(")) == (176_000.0, 318_000.0, "POINT(176000 318000)")
    assert shapely.equals_exact(shape, square)


@pytest.mark.parametrize(
    "name", ["ST_SRID", "ST_Area", "ST_X", "ST_Y", "ST_AsText", "AsEWKB", "GeomFromEWKT", "GeomFromEWKB"]
)
def test_spatial_functions__pass_absence_on(sqlite_url: str, name: str) -> None:
    engine = engines.create_engine(sqlite_url)
    with engines.read(engine) as connection:
        assert connection.exec_driver_sql(f"SELECT {name}(NULL), ST_Intersects(NULL, NULL)").one() == (
            None,
            None,
        )
    engine.dispose()


def test_serving__ends_a_statement_that_takes_too_long(store_url: str) -> None:
    serving = engines.Serving(connections=1, time_limit=timedelta(milliseconds=60))
    engine = engines.create_engine(store_url, serving)
    numbers = select(literal(1).label("n")).cte(recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 50_000_000))
    with pytest.raises(OutOfTime, match="ask for less"), engines.read(engine) as connection:
        connection.scalar(select(func.count()).select_from(numbers))
    with engines.read(engine) as connection:
        assert connection.scalar(select(literal(1))) == 1
    engine.dispose()


def test_serving__finds_a_connection_that_has_died(postgis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_IDLE_S", -1.0)
    serving = engines.Serving(connections=1, time_limit=timedelta(seconds=5))
    engine, other = engines.create_engine(postgis_url, serving), engines.create_engine(postgis_url)
    with engines.read(engine) as connection:
        own = connection.scalar(select(func.pg_backend_pid()))
    with engines.read(other) as connection:
        connection.scalar(select(func.pg_terminate_backend(own)))
    with engines.read(engine) as connection:
        assert connection.scalar(select(func.pg_backend_pid())) != own
    engine.dispose()
    other.dispose()
