"""Incidents are read as they were written, in one order, the same from both databases."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import inspect, select, text

from hotspot.errors import NotFound
from hotspot.model import Label
from hotspot.rows import ABSENT_S, Reason
from hotspot.store import engine as engines
from hotspot.store import incidents, indexes, loads, municipality, settlement, tables
from hotspot.store.refused import refused_rows
from tests import factories
from tests.factories import MIDNIGHT_S, accepted, batch, refused
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.rows import AcceptedRows

HOUR_S = 3600


@pytest.fixture
def connection(connection: Connection) -> Connection:
    municipality.write_municipality(connection, factories.municipality())
    return connection


def _many(n: int = 50) -> AcceptedRows:
    """Rows of which each column differs, as odd as its type allows."""
    rng = np.random.default_rng(7)
    return accepted(
        rng.integers(-(2**63), 2**63 - 1, n).tolist(),
        xy_m=[(x, y) for x, y in rng.normal(0, 1e6, (n, 2)).tolist()],
        started_s=rng.integers(-(10**9), 10**10, n).tolist(),
        length_s=HOUR_S,
        reported_s=[int(s) if s % 2 else ABSENT_S for s in rng.integers(0, 10**10, n)],
        themes=[f"theme_{i % 3}" for i in range(n)],
        codes=[f"code \t\\{i % 5}" for i in range(n)],
        neighbourhoods=[f"BU0{i % 4}" for i in range(n)],
        stated_areas=[None if i % 4 == 0 else "" if i % 4 == 1 else f"é{i % 7}" for i in range(n)],
    )


def _hash(connection: Connection, *, since_s: int) -> str:
    return incidents.fingerprint(incidents.read_incidents(connection, since_s=since_s, until_s=2**40))


def test_read_incidents__gives_back_every_bit(connection: Connection) -> None:
    rows = _many()
    load(connection, batch(rows))
    read = incidents.read_incidents(connection, since_s=-(2**40), until_s=2**40)
    # Keys differ by source; what else is stored is what was written, in the order of the start.
    order = np.argsort(rows.started_s)
    for field in fields(read):
        written = getattr(rows, field.name)[order]
        assert (getattr(read, field.name).tolist() == written.tolist()) is (field.name != "key")
    assert len(set(read.key.tolist())) == len(rows)


def test_read_register__tells_how_each_incident_became_known(connection: Connection) -> None:
    rows = _many()
    load(connection, batch(rows))
    read, reports = incidents.read_register(connection, since_s=-(2**40), until_s=2**40)
    order = np.argsort(rows.started_s)
    assert len(reports) == len(read) == len(rows)
    for field in fields(reports):
        assert getattr(reports, field.name).tolist() == getattr(rows, field.name)[order].tolist()


def test_view__shows_standing_incidents_in_words(connection: Connection) -> None:
    load(connection, batch(_many(), factories.reversing([int(_many().reversal_key[0])])))
    row = connection.execute(
        text("SELECT source, dataset, theme, code, stated_area, reported_s FROM incidents WHERE row = 3")
    ).one()
    rows = _many()
    assert row[:5] == ("police", "a.csv", "theme_1", "code \t\\1", "")
    assert row[5] == (None if rows.reported_s[1] == ABSENT_S else rows.reported_s[1])
    assert connection.scalar(text("SELECT count(*) FROM incidents")) == len(rows) - 1


def test_read_incidents__orders_equal_starts_by_key(connection: Connection) -> None:
    load(connection, batch(accepted([5, 3, 4], started_s=[MIDNIGHT_S] * 3)))
    read = incidents.read_incidents(connection, since_s=0, until_s=2**40)
    assert read.key.tolist() == sorted(read.key.tolist())


@pytest.mark.parametrize(
    ("since_s", "until_s", "found"),
    [
        (MIDNIGHT_S, MIDNIGHT_S + 1, [0]),
        (MIDNIGHT_S + 2 * HOUR_S, MIDNIGHT_S + 3 * HOUR_S, [0, 1, 2]),
        (MIDNIGHT_S + 2 * HOUR_S + 1, MIDNIGHT_S + 3 * HOUR_S, [1, 2]),
        (MIDNIGHT_S - 10, MIDNIGHT_S, []),
    ],
)
def test_read_incidents__reads_what_can_have_begun_in_the_period(
    connection: Connection, since_s: int, until_s: int, found: list[int]
) -> None:
    """Incidents an hour apart, each of which can have begun in two hours from its start."""
    load(connection, batch(accepted([1, 2, 3, 4], length_s=2 * HOUR_S)))
    load(connection, batch(accepted([5], started_s=[MIDNIGHT_S - 10**6])), dataset="b.csv")
    read = incidents.read_incidents(connection, since_s=since_s, until_s=until_s)
    assert ((read.started_s - MIDNIGHT_S) // HOUR_S).tolist() == found


def test_read_incidents__chooses_themes(connection: Connection) -> None:
    load(connection, batch(_many()))
    everything = {"since_s": -(2**40), "until_s": 2**40}
    assert incidents.themes(connection) == ["theme_0", "theme_1", "theme_2"]
    some = incidents.read_incidents(connection, **everything, themes=["theme_2", "unknown"])
    assert set(some.theme.tolist()) == {"theme_2"}
    assert len(incidents.read_incidents(connection, **everything, themes=[])) == 0


def test_read_incidents__of_an_empty_store_are_none(connection: Connection) -> None:
    read = incidents.read_incidents(connection, since_s=0, until_s=1)
    assert (len(read), read.xy_m.shape) == (0, (0, 2))
    assert incidents.themes(connection) == []


def test_fingerprint__is_the_same_from_both_databases(sqlite_url: str, postgis_url: str) -> None:
    hashes = set()
    for url in (sqlite_url, postgis_url):
        engine = engines.create_engine(url)
        with engines.begin(engine) as connection:
            municipality.write_municipality(connection, factories.municipality())
            load(connection, batch(_many()))
            hashes.add(_hash(connection, since_s=-(2**40)))
        engine.dispose()
    assert len(hashes) == 1


def test_fingerprint__changes_with_the_content(connection: Connection) -> None:
    hashes = []
    for rows in (
        accepted([1]),
        accepted([1], xy_m=[(1.0, 2.0)]),
        accepted([1], neighbourhoods=["BU02"]),
        accepted([]),
    ):
        load(connection, batch(rows))
        hashes.append(_hash(connection, since_s=0))
    assert len(set(hashes)) == len(hashes)


def test_load__counts_every_row(connection: Connection) -> None:
    taken = refused([Reason.OUTSIDE, Reason.OUTSIDE, Reason.NO_COORDINATES])
    first = load(connection, batch(accepted([1, 2])), batch(accepted([3], first_row=50), taken))
    assert (first.rows_read, first.rows_accepted, first.rows_refused) == (6, 3, 3)
    assert first.refused_by_reason == {Reason.NO_COORDINATES: 1, Reason.OUTSIDE: 2}
    assert loads.find_load(connection, "police", "a.csv") == first
    assert loads.find_load(connection, "police", "b.csv") is None
    assert loads.find_load(connection, "council", "a.csv") is None
    assert loads.loads(connection) == [first]
    assert first.loaded_at == factories.NOW


def test_load__of_a_corrected_file_replaces_the_earlier(connection: Connection) -> None:
    first = load(connection, batch(accepted([1, 2]), refused([Reason.OUTSIDE])))
    second = load(connection, batch(accepted([1])), sha256="2")
    assert loads.loads(connection) == [second]
    assert second.id > first.id
    assert connection.execute(select(tables.incident_rows.c.load_id)).all() == [(second.id,)]


def test_load__of_an_empty_file_is_a_load(connection: Connection) -> None:
    assert load(connection).rows_read == 0
    assert load(connection, batch(), dataset="b.csv").rows_read == 0


def test_finish_load__needs_a_load(connection: Connection) -> None:
    with pytest.raises(NotFound, match="no load 9"):
        loads.finish_load(connection, 9)


def test_write_batch__of_a_large_load_ends_with_all_indexes(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def present() -> set[str | None]:
        return {index["name"] for index in inspect(connection).get_indexes("incident_rows")}

    before = present()
    monkeypatch.setattr(indexes, "_LARGE_ROWS", 30)
    load_id = loads.begin_load(
        connection,
        source="s",
        dataset="d",
        sha256="",
        mapping_sha256="",
        file_name="",
        loaded_at=factories.NOW,
    )
    sizes = []
    for number in range(3):
        keys = range(20 * number, 20 * number + 20)
        incidents.write_batch(connection, load_id, batch(accepted(list(keys), first_row=100 * number)))
        sizes.append(len(present()))
    assert sizes == [3, 0, 0]
    settlement.settle(connection, load_id)
    assert present() == before
    assert loads.finish_load(connection, load_id).rows_accepted == 60


def test_refused_rows__come_as_they_stood_in_their_file(connection: Connection) -> None:
    raw = '{"id": "7", "text": "tab\\t, line\\n and \\\\N"}'
    odd = refused([Reason.OUTSIDE], raw=raw, codes=["A\t\\N\n1"], stated_areas=["é"])
    first = load(connection, batch(accepted([1, 2]), odd))
    load(connection, batch(accepted([2], stated_areas=["7"])), dataset="b.csv")
    outside, duplicate = refused_rows(connection)
    assert (outside.raw, outside.code, outside.stated_area) == (raw, "A\t\\N\n1", "é")
    assert (outside.reason, outside.detail) == (Reason.OUTSIDE, "refused: outside")
    assert (outside.source, outside.dataset, outside.row) == ("police", "a.csv", 100_000)
    assert json.loads(duplicate.raw)["stated_area"] == "7"
    assert [row.row for row in refused_rows(connection, load_id=first.id)] == [100_000]
    assert [row.row for row in refused_rows(connection, reason=Reason.DUPLICATE)] == [2]


def test_labels__are_replaced_by_name(connection: Connection) -> None:
    loads.write_labels(connection, {"b": Label("bee", "bee"), "a_b": Label("aap", "monkey")})
    loads.write_labels(connection, {"b": Label("bij", "bee")})
    loads.write_labels(connection, {})
    assert loads.labels(connection) == {"a_b": Label("aap", "monkey"), "b": Label("bij", "bee")}
