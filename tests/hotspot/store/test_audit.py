"""The audit is one chain, whoever writes it, and the database refuses to change it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, exc, insert, select, update

from hotspot.audit import Act, Anchor, verify
from hotspot.store import audit, tables
from hotspot.store import engine as engines
from tests.hotspot.test_audit import entry

if TYPE_CHECKING:
    from sqlalchemy import Engine

_TABLE = tables.audit_entries


def test_entries__come_back_in_one_chain(engine: Engine) -> None:
    told = [entry(records=None, areas=None), entry(act=Act.BEGUN, query="é%25"), entry(at_ms=5)]
    with engines.begin_audit(engine) as connection:
        audit.append(connection, [])
        assert audit.end(connection) is None
        audit.append(connection, told[:2])
    with engines.begin_audit(engine) as connection:
        audit.append(connection, told[2:])
    with engines.read(engine) as connection:
        found = list(audit.entries(connection))
        assert [one.entry for one in found] == told
        assert verify(found).faults == ()
        assert audit.end(connection) == Anchor(3, found[-1].hash)
        assert [one.number for one in audit.entries(connection, from_ms=5, to_ms=6)] == [3]


def test_entries__are_read_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    with engines.begin_audit(engine) as connection:
        audit.append(connection, [entry(records=n) for n in range(5)])
        assert [one.entry.records for one in audit.entries(connection)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "statement",
    [
        update(_TABLE).values(who="nobody"),
        delete(_TABLE),
        insert(_TABLE)
        .prefix_with("OR REPLACE", dialect="sqlite")
        .from_select(list(_TABLE.c), select(_TABLE)),
    ],
    ids=["update", "delete", "replace"],
)
def test_entries__cannot_be_changed(engine: Engine, statement: object) -> None:
    with engines.begin_audit(engine) as connection:
        audit.append(connection, [entry()])
    with pytest.raises(exc.IntegrityError), engines.begin(engine) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # Any of the three.
    with engines.read(engine) as connection:
        assert verify(audit.entries(connection)).entries == 1


def test_entries__that_somebody_wrote_over_are_shown_as_changed(engine: Engine) -> None:
    with engines.begin_audit(engine) as connection:
        audit.append(connection, [entry()])
        drop = ("never_change",) if engine.dialect.name == "postgresql" else ("never_update",)
        for name in drop:
            on = " ON audit_entries" if engine.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER audit_entries_{name}{on}")
        connection.execute(update(_TABLE).values(act="something"))
        assert verify(audit.entries(connection)).faults == ("entry 1 was changed",)


def test_append__by_many_at_once_makes_one_chain(engine: Engine) -> None:
    def write(who: str) -> None:
        own = engines.create_engine(engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
        for n in range(5):
            with engines.begin_audit(own) as connection:
                audit.append(connection, [entry(who=who, records=n)] * 2)
        own.dispose()

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engines.read(engine) as connection:
        found = verify(audit.entries(connection))
    assert (found.entries, found.faults) == (40, ())


def test_append__does_not_wait_for_other_writers_of_postgis(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with engines.begin(engine), engines.begin_audit(engine) as connection:
        audit.append(connection, [entry()])
