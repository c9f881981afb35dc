"""One incident stands once, however many files tell of it, and what is taken back does not stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotspot.rows import Reason
from hotspot.store import incidents, indexes, loads, municipality, tables
from hotspot.store.refused import refused_rows
from tests import factories
from tests.factories import MIDNIGHT_S, accepted, batch, refused, reversing
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.rows import Batch

FOREVER_S = 2**40


@pytest.fixture
def connection(connection: Connection) -> Connection:
    municipality.write_municipality(connection, factories.municipality())
    return connection


def _standing(connection: Connection) -> list[tuple[str, int]]:
    """File and row of the incidents that stand."""
    row = tables.incident_rows.c
    statement = (
        select(tables.loads.c.dataset, row.row)
        .join_from(tables.incident_rows, tables.loads, tables.loads.c.id == row.load_id)
        .where(row.reason.is_(None))
        .order_by(tables.loads.c.dataset, row.row)
    )
    return [(dataset, number) for dataset, number in connection.execute(statement)]


def _starts(connection: Connection) -> list[tuple[int, int]]:
    """Key and start of the incidents that stand: what a reader sees of them."""
    read = incidents.read_incidents(connection, since_s=-FOREVER_S, until_s=FOREVER_S)
    return sorted(zip(read.key.tolist(), read.started_s.tolist(), strict=True))


def _reasons(connection: Connection) -> list[tuple[str, int, Reason, str]]:
    return [(r.dataset, r.row, r.reason, r.detail) for r in refused_rows(connection)]


def _assert_nothing_is_lost(connection: Connection) -> None:
    for one in loads.loads(connection):
        assert one.rows_accepted + one.rows_refused == one.rows_read
        assert sum(one.refused_by_reason.values()) == one.rows_refused


def test_settle__keeps_the_earlier_of_two_equal_rows(connection: Connection) -> None:
    load(connection, batch(accepted([1, 2])))
    second = load(connection, batch(accepted([2, 3])), dataset="b.csv")
    assert _standing(connection) == [("a.csv", 2), ("a.csv", 3), ("b.csv", 3)]
    assert second.refused_by_reason == {Reason.DUPLICATE: 1}
    assert _reasons(connection) == [
        ("b.csv", 2, Reason.DUPLICATE, "the same incident stands in an earlier file")
    ]


def test_settle__keeps_the_newer_of_two_different_descriptions(connection: Connection) -> None:
    load(connection, batch(accepted([1, 2])))
    second = load(connection, batch(accepted([2], fingerprints=[77])), dataset="b.csv")
    assert _standing(connection) == [("a.csv", 2), ("b.csv", 2)]
    assert second.rows_accepted == 1
    assert _reasons(connection) == [("a.csv", 3, Reason.DUPLICATE, "replaced by a later row")]
    _assert_nothing_is_lost(connection)


def test_settle__of_three_descriptions_keeps_the_newest(connection: Connection) -> None:
    load(connection, batch(accepted([1], fingerprints=[10])))
    load(connection, batch(accepted([1], fingerprints=[20])), dataset="b.csv")
    load(connection, batch(accepted([1], fingerprints=[10])), dataset="c.csv")
    # The third file returns to what the first said: that one stands, and says the same.
    assert _standing(connection) == [("a.csv", 2)]


def test_settle__does_not_confuse_two_sources(connection: Connection) -> None:
    load(connection, batch(accepted([1])))
    load(connection, batch(accepted([1]), reversing([5])), source="council", dataset="a.csv")
    assert len(_standing(connection)) == 2
    read = incidents.read_incidents(connection, since_s=0, until_s=FOREVER_S)
    assert len(set(read.key.tolist())) == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_settle__a_reversing_row_takes_back_an_incident_whichever_file_comes_first(
    connection: Connection, order: tuple[int, int]
) -> None:
    files = [
        ("a.csv", batch(accepted([1, 2], reversal_keys=[10, 20]))),
        ("b.csv", batch(None, reversing([20]))),
    ]
    for index in order:
        load(connection, files[index][1], dataset=files[index][0])
    assert _standing(connection) == [("a.csv", 2)]
    by_row = {(row.dataset, row.row): row for row in refused_rows(connection)}
    taken, taking = by_row["a.csv", 3], by_row["b.csv", 200_000]
    assert (taken.reason, taken.detail) == (Reason.REVERSED, "taken back by another row")
    assert taken.partner == (taking.load_id, taking.row)
    assert taking.partner == (taken.load_id, taken.row)
    assert taking.reverses
    _assert_nothing_is_lost(connection)


def test_settle__a_reversing_row_takes_a_repeated_row_before_an_incident(connection: Connection) -> None:
    repeated = refused([Reason.DUPLICATE], keys=[1], reversal_keys=[10])
    first = load(connection, batch(accepted([1], reversal_keys=[10]), repeated))
    load(connection, batch(None, reversing([10])), dataset="b.csv")
    assert _standing(connection) == [("a.csv", 2)]
    (row,) = refused_rows(connection, load_id=first.id)
    assert (row.row, row.reason) == (100_000, Reason.REVERSED)
    load(connection, batch(None, reversing([10])), dataset="c.csv")
    assert _standing(connection) == []


def test_settle__a_reversing_row_takes_a_duplicate_of_another_file_before_an_incident(
    connection: Connection,
) -> None:
    load(connection, batch(accepted([1], reversal_keys=[10])))
    load(connection, batch(accepted([1], reversal_keys=[10])), dataset="b.csv")
    load(connection, batch(None, reversing([10])), dataset="c.csv")
    assert _standing(connection) == [("a.csv", 2)]
    (taken,) = (row for row in refused_rows(connection, reason=Reason.REVERSED) if not row.reverses)
    assert (taken.dataset, taken.row) == ("b.csv", 2)


def test_settle__a_reversing_row_takes_the_latest_incident_and_of_these_the_highest_row(
    connection: Connection,
) -> None:
    starts = [MIDNIGHT_S, MIDNIGHT_S + 60, MIDNIGHT_S + 60]
    load(connection, batch(accepted([1, 2, 3], reversal_keys=[10] * 3, started_s=starts), reversing([10])))
    assert _standing(connection) == [("a.csv", 2), ("a.csv", 3)]


@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_settle__the_highest_row_of_any_file_speaks_for_an_incident(
    connection: Connection, order: tuple[str, str]
) -> None:
    files = {
        "a.csv": accepted([1, 2], rows=[5, 3], reversal_keys=[10, 10], started_s=[MIDNIGHT_S] * 2),
        "b.csv": accepted([1], rows=[2], reversal_keys=[10], started_s=[MIDNIGHT_S]),
    }
    for dataset in order:
        load(connection, batch(files[dataset]), dataset=dataset)
    # The first of them takes the duplicate, the second the incident with the highest row: the first key.
    load(connection, batch(None, reversing([10, 10])), dataset="c.csv")
    assert _standing(connection) == [("a.csv", 3)]


def test_settle__a_reversing_row_prefers_what_has_become_a_duplicate_since(connection: Connection) -> None:
    load(connection, batch(accepted([1, 2], reversal_keys=[10, 10]), reversing([10])))
    assert _standing(connection) == [("a.csv", 2)]
    load(connection, batch(accepted([1], fingerprints=[77], reversal_keys=[20])), dataset="b.csv")
    assert _standing(connection) == [("a.csv", 3), ("b.csv", 2)]
    _assert_nothing_is_lost(connection)


def test_settle__a_reversing_row_without_match_takes_nothing(connection: Connection) -> None:
    load(connection, batch(accepted([1]), reversing([99])))
    assert _standing(connection) == [("a.csv", 2)]
    (row,) = refused_rows(connection)
    assert row.partner is None


def test_settle__a_corrected_file_undoes_what_its_earlier_version_had_caused(connection: Connection) -> None:
    load(connection, batch(accepted([1, 2], reversal_keys=[10, 20])))
    before = _starts(connection)
    load(
        connection,
        batch(accepted([1], fingerprints=[77], reversal_keys=[10]), reversing([20])),
        dataset="b.csv",
    )
    assert _standing(connection) == [("b.csv", 2)]
    load(connection, batch(accepted([3])), dataset="b.csv", sha256="2")
    assert _standing(connection) == [("a.csv", 2), ("a.csv", 3), ("b.csv", 2)]
    assert set(before) < set(_starts(connection))
    assert list(refused_rows(connection)) == []
    _assert_nothing_is_lost(connection)


def test_settle__finds_the_same_duplicates_one_by_one_and_all_at_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(connection, batch(accepted([1, 2, 3])))
    monkeypatch.setattr(indexes, "_LARGE_ROWS", 2)
    load(connection, batch(accepted([2, 3, 4])), dataset="b.csv")
    assert _standing(connection) == [("a.csv", 2), ("a.csv", 3), ("a.csv", 4), ("b.csv", 4)]


Rows = list[tuple[str, int, int, int]]
FILE = st.lists(
    st.tuples(
        st.sampled_from(["incident", "incident", "repeated", "reversing"]),
        st.integers(1, 5),
        st.integers(1, 2),
        st.integers(0, 2),
    ),
    max_size=7,
)


def _file(rows: Rows) -> Batch:
    """Make a file: within it, a key is accepted once; an incident's description follows from its key."""
    stands: dict[int, int] = {}
    columns: dict[str, list[int]] = {"repeated": [], "reversing": []}
    for kind, key, group, _ in rows:
        if kind == "incident" and key not in stands:
            stands[key] = len(stands)
        elif kind != "reversing":
            columns["repeated"].append(1 + key % 2)
        else:
            columns["reversing"].append(group)
    taken = refused(
        [Reason.DUPLICATE] * len(columns["repeated"]) + [Reason.REVERSED] * len(columns["reversing"]),
        reversal_keys=columns["repeated"] + columns["reversing"],
        reverses=[False] * len(columns["repeated"]) + [True] * len(columns["reversing"]),
    )
    keys = list(stands)
    starts = [MIDNIGHT_S + 60 * (key // 4) for key in keys]
    return batch(accepted(keys, reversal_keys=[1 + key % 2 for key in keys], started_s=starts), taken)


@given(
    files=st.lists(FILE, min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
    replaced=FILE,
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_settle__does_not_depend_on_the_order_of_the_files(
    connection: Connection, files: list[Rows], order: object, replaced: Rows
) -> None:
    outcomes = []
    numbers = list(range(len(files)))
    shuffled = list(numbers)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    for sequence in (numbers, shuffled):
        with connection.begin_nested() as attempt:
            # An earlier version of one file leaves no trace.
            load(connection, _file(replaced), dataset=f"{sequence[0]}.csv", sha256="0")
            for number in sequence:
                load(connection, _file(files[number]), dataset=f"{number}.csv")
                _assert_nothing_is_lost(connection)
            reversals = sorted(
                (row.dataset, row.row) for row in refused_rows(connection) if row.reverses and row.partner
            )
            matched = sum(row.partner is not None for row in refused_rows(connection))
            outcomes.append((_starts(connection), len(reversals), matched))
            assert matched == 2 * len(reversals)
            attempt.rollback()
    assert outcomes[0] == outcomes[1]
