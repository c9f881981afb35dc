"""How many features each collection has since a version, where and when: written once, read by everyone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: rows come from the driver.

from sqlalchemy import bindparam, func, insert, select

from hotspot.catalogue import COLLECTIONS, Disclosure
from hotspot.store import molds
from hotspot.store.served_rows import SIDES
from hotspot.store.served_tables import SERVED, served_extents, served_versions
from hotspot.store.served_views import of_collection, stored_level

if TYPE_CHECKING:
    from collections.abc import Collection as Set
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Select, Table

    from hotspot.catalogue import Collection


_HIGHEST = frozenset({"north_deg", "east_deg", "ends_s"})
"""What of a set of rows is its largest value; of the rest it is the smallest."""


@dataclass(frozen=True, slots=True)
class Extent:
    """
    How much of a collection there is, where and when.

    Parameters
    ----------
    bbox_deg
        West, south, east, north; absent where no feature has a shape.
    starts, ends
        First and last instant of all features, in UTC; absent where none has a time.
    matched
        Number of features.
    """

    bbox_deg: tuple[float, float, float, float] | None
    starts: dt.datetime | None
    ends: dt.datetime | None
    matched: int


def extent(connection: Connection, collection: Collection, level: Disclosure, at: int) -> Extent:
    """
    Tell how much of a collection there is, where and when.

    Parameters
    ----------
    connection
        The open transaction.
    collection
        The collection.
    level
        Who asks.
    at
        The version.

    Returns
    -------
    Extent
        All of it.
    """
    name, told_at = collection.id, str(stored_level(collection, level))
    rows = molds.fixed(connection, "extent", _statement, collection=name, level=told_at, at=at)
    if not rows:
        return Extent(None, None, None, 0)
    west, south, east, north, starts_s, ends_s, matched = rows[0]
    box = None if west is None else (west, south, east, north)
    return Extent(box, instant(starts_s), instant(ends_s), matched)


def _statement() -> Select[*tuple[Any, ...]]:
    """Select what was measured last, up to a version."""
    column = served_extents.c
    return (
        select(*(column[side] for side in SIDES), column.starts_s, column.ends_s, column.matched)
        .where(
            column.collection == bindparam("collection"),
            column.level == bindparam("level"),
            column.version <= bindparam("at"),
        )
        .order_by(column.version.desc())
        .limit(1)
    )


def instant(since_1970_s: int | None) -> dt.datetime | None:
    """
    Read seconds.

    Parameters
    ----------
    since_1970_s
        Seconds since 1970 in UTC, or none.

    Returns
    -------
    datetime or None
        The instant, in UTC.
    """
    return None if since_1970_s is None else dt.datetime.fromtimestamp(since_1970_s, dt.UTC)


def write_extents(
    connection: Connection,
    version: int,
    changed: Set[str],
    *,
    added: Mapping[str, ColumnElement[bool]] | None = None,
) -> None:
    """
    Measure the collections whose rows a version changed.

    Parameters
    ----------
    connection
        The open transaction, after all rows of the version and the version itself have been written.
    version
        Its number.
    changed
        Kinds of rows that it changed.
    added
        For the kinds of which it closed no row, what finds those that it added, by an index: they are put to
        what was measured before. All others are measured anew.
    """
    found = []
    for collection in COLLECTIONS:
        if collection.rows not in changed:
            continue
        week = newest_week(connection, version) if collection.latest_only else None
        new = None if added is None or collection.latest_only else added.get(collection.rows)
        for level in Disclosure:
            if level not in collection.levels or stored_level(collection, level) is not level:
                continue
            told_at = {"collection": collection.id, "level": str(level)}
            measured = _measured(connection, collection, level, week=week, version=version, new=new)
            found.append({"version": version, **told_at, **measured})
    if found:
        connection.execute(insert(served_extents), found)


def _measured(
    connection: Connection,
    collection: Collection,
    level: Disclosure,
    *,
    week: str | None,
    version: int,
    new: ColumnElement[bool] | None,
) -> dict[str, Any]:
    """Measure a collection: only what is new of it where the rest is known."""
    table = SERVED[collection.rows]
    where = [*of_collection(collection, level, week=week), table.c.to_version.is_(None)]
    before = None
    if new is not None:
        told_at = {"collection": collection.id, "level": str(level), "at": version}
        before = connection.execute(_statement(), told_at).first()
    if before is not None and new is not None:
        where += [new, table.c.from_version == version]
    measured = dict(connection.execute(select(*measures(table)).where(*where)).one()._mapping)  # noqa: SLF001 - its public name.
    if before is None:
        return measured
    return {name: _together(name, measured[name], before._mapping[name]) for name in measured}  # noqa: SLF001 - as above.


def _together(name: str, one: Any, other: Any) -> Any:  # noqa: ANN401 - numbers of two types, or none.
    """Put together what was measured of two sets of rows."""
    if name == "matched":
        return one + other
    if one is None or other is None:
        return other if one is None else one
    return max(one, other) if name in _HIGHEST else min(one, other)


def measures(table: Table) -> list[ColumnElement[Any]]:
    """
    Tell how rows are measured.

    Parameters
    ----------
    table
        Table of what is served.

    Returns
    -------
    list of ColumnElement
        Number of rows, the sides around them, and their first and last second, by the names of an extent.
    """
    west, south, east, north = (table.c[side] for side in SIDES)
    return [
        func.count().label("matched"),
        func.min(west).label("west_deg"),
        func.min(south).label("south_deg"),
        func.max(east).label("east_deg"),
        func.max(north).label("north_deg"),
        func.min(table.c.starts_s).label("starts_s"),
        func.max(table.c.ends_s).label("ends_s"),
    ]


def newest_week(connection: Connection, version: int) -> str | None:
    """
    Tell the newest week that is published at a version.

    Parameters
    ----------
    connection
        The open transaction.
    version
        The version.

    Returns
    -------
    str or None
        The week; absent where none is.
    """
    found = connection.scalar(
        select(func.max(served_versions.c.week)).where(served_versions.c.number <= version)
    )
    return None if found is None else str(found)
