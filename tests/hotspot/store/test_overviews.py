"""What is written when a week is published says what is made of its features, at every level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select

from hotspot.catalogue import Disclosure
from hotspot.store import overviews, publications, tables
from hotspot.store.disclosed import write_disclosed
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.editions import Edition
    from hotspot.store.publications import Conditions

WEEK = publications.Conditions(factories.publication([]).week)


def publish(connection: Connection) -> Edition:
    listed = [
        factories.feature("hs-a", rank=1, areas=("BU01", "WK01")),
        factories.feature("hs-b", rank=2, areas=("BU02", "WK01")),
        factories.feature("hs-c", theme="theft", rank=1, areas=("BU02", "WK02")),
    ]
    whole, below = factories.publication(listed), factories.publication(listed[1:])
    edition = publications.write_publication(connection, whole, published_at=factories.NOW)
    write_disclosed(connection, edition, {Disclosure.OPEN: below, Disclosure.PARTNER: below})
    return edition


def read(connection: Connection, wanted: Conditions = WEEK) -> dict[Disclosure, list[dict[str, object]]]:
    return {level: overviews.rows(connection, wanted, level=level) for level in Disclosure}


def test_rows__are_the_same_whether_they_were_written_or_not(connection: Connection) -> None:
    edition = publish(connection)
    made = read(connection)
    assert [len(made[level]) for level in Disclosure] == [2, 2, 3]
    overviews.write(connection, edition)
    for table in (tables.published_overviews, tables.disclosed_overviews):
        assert connection.scalar(select(func.count()).select_from(table)) in {3, 4}
    # What is read now is what was written: the features say something else meanwhile.
    assert read(connection) == made
    assert made[Disclosure.INTERNAL][0]["touches"] == ["BU01", "WK01"]
    assert made[Disclosure.OPEN][0]["touches"] == ["BU02", "WK01"]


def test_rows__of_which_some_were_written_are_all_there_in_order(connection: Connection) -> None:
    edition = publish(connection)
    overviews.write(connection, edition)
    whole = read(connection)
    for table, key in (
        (tables.published_overviews, "published_hotspot_id"),
        (tables.disclosed_overviews, "disclosed_hotspot_id"),
    ):
        first = select(func.min(table.c[key])).scalar_subquery()
        connection.execute(delete(table).where(table.c[key] == first))
    assert read(connection) == whole
    overviews.write(connection, edition)
    overviews.write(connection, edition)
    assert read(connection) == whole


@pytest.mark.parametrize(
    ("wanted", "internal", "open_"),
    [
        ({"theme": "theft"}, ["hs-c"], ["hs-c"]),
        ({"areas": frozenset({"BU01"})}, ["hs-a"], []),
        ({"areas": frozenset({"WK01"})}, ["hs-a", "hs-b"], ["hs-b"]),
        ({"areas": frozenset()}, [], []),
        ({"edition": 2}, [], []),
    ],
)
def test_rows__are_those_that_are_wanted_and_no_others(
    connection: Connection, wanted: dict[str, object], internal: list[str], open_: list[str]
) -> None:
    edition = publish(connection)
    for _ in range(2):
        asked = publications.Conditions(WEEK.week, **wanted)  # type: ignore[arg-type]  # Of several types.
        found = read(connection, asked)
        assert [one["id"] for one in found[Disclosure.INTERNAL]] == internal
        assert [one["id"] for one in found[Disclosure.OPEN]] == open_
        overviews.write(connection, edition)
