"""
Reads what is served: pages, of which one may be a single feature, and whole collections, at any version.

The database puts the texts of the features together; here they are handed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: rows come from the driver; the tables say what is in them.

from sqlalchemy import func, null, select

from hotspot.catalogue import PropertyType, Reference
from hotspot.crs import RIJKSDRIEHOEK
from hotspot.store import molds, served_molds
from hotspot.store.engine import renew
from hotspot.store.molds import Question
from hotspot.store.municipality import find_municipality
from hotspot.store.served_boxes import COLUMNS
from hotspot.store.served_extents import Extent, extent, instant
from hotspot.store.served_selection import conditions, following, is_wide, order, sorted_by
from hotspot.store.served_tables import SERVED, property_columns, served_versions
from hotspot.store.served_texts import joined, parts
from hotspot.store.shapes import raw

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, FromClause, Row, Select

    from hotspot.selection import Selection, Window
    from hotspot.store.lines import Lines

__all__ = [
    "Extent",
    "Page",
    "Version",
    "extent",
    "made_at",
    "read_page",
    "read_page_at_once",
    "read_rows",
    "references",
    "stream_features",
    "version",
    "version_at_once",
]

_BATCH = 1000
"""Rows that are held in memory at once while a collection streams."""


@dataclass(frozen=True, slots=True)
class Version:
    """
    A state of what is served.

    Parameters
    ----------
    number
        Grows by one with each transaction that changes what is served; 0 where nothing is.
    made_at
        When it was made, in UTC; absent where nobody said.
    week
        The newest week that is published; absent where none is.
    """

    number: int
    made_at: dt.datetime | None
    week: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """
    Part of the features that are selected.

    Parameters
    ----------
    matched
        How many are selected in all.
    features
        GeoJSON texts of those on this page, in order.
    last
        Values of the sort keys and the number of the last row, with which the next page is asked for; absent
        on the last page.
    """

    matched: int
    features: list[str]
    last: tuple[object, ...] | None


def version(connection: Connection) -> Version:
    """
    Tell the version that is served now.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    Version
        The newest.
    """
    return _version(molds.fixed(connection, _NEWEST, _newest_statement))


_NEWEST = "version"
"""Names the statement that asks for the newest version."""


def _version(rows: Sequence[Sequence[Any]]) -> Version:
    """Read the version that was found, if any."""
    if not rows:
        return Version(0, None, None)
    number, made_at_s, of_week = rows[0]
    return Version(number, instant(made_at_s), of_week)


async def version_at_once(lines: Lines) -> Version | None:
    """
    Tell the version that is served now, without waiting in a thread.

    Parameters
    ----------
    lines
        To PostgreSQL.

    Returns
    -------
    Version or None
        The newest; absent where it has to be read in the ordinary way.
    """
    newest = molds.known(_NEWEST, lines.engine.dialect.name)
    told = None if newest is None else await lines.ask(Question(newest, {}))
    return None if told is None else _version(told[0])


def _newest_statement() -> Select[*tuple[Any, ...]]:
    """Select the newest version, and the newest week, which a correction of an older one leaves as it is."""
    column = served_versions.c
    week = select(func.max(column.week)).scalar_subquery()
    return select(column.number, column.made_at_s, week).order_by(column.number.desc()).limit(1)


def made_at(connection: Connection, number: int) -> dt.datetime | None:
    """
    Tell when a version was made.

    Parameters
    ----------
    connection
        The open transaction.
    number
        Its number.

    Returns
    -------
    datetime or None
        When, in UTC; absent where nobody said, or there is no such version.
    """
    return instant(
        connection.scalar(select(served_versions.c.made_at_s).where(served_versions.c.number == number))
    )


def references(connection: Connection) -> tuple[Reference, ...]:
    """
    List the systems in which features can be had.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    tuple of Reference
        Longitude and latitude first; then, of a Dutch municipality, the national plane.
    """
    municipality = find_municipality(connection)
    if municipality is None or municipality.srid != RIJKSDRIEHOEK:
        return Reference.CRS84, Reference.WEB_MERCATOR
    return tuple(Reference)


def read_page(connection: Connection, selection: Selection, window: Window, reference: Reference) -> Page:
    """
    Read a page of features.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        Which are wanted.
    window
        Which part of them.
    reference
        The system of their coordinates.

    Returns
    -------
    Page
        The page; of one that begins past the end, nothing but the count.
    """
    counts = _counts(selection, window)

    def build(_: Connection, selection: Selection, window: Window) -> Select[*tuple[Any, ...]]:
        return _page_statement(connection, selection, window, reference, counts=counts)

    rows: Sequence[Sequence[Any]] | None = None
    if not is_wide(connection, selection):
        rows = served_molds.rows(connection, selection, window, (reference, counts), build)
    if rows is None:
        rows = connection.execute(build(connection, selection, window)).all()
    matched = _counted(rows, window, counts=counts)
    if matched is None:
        matched = _matched(connection, selection)
    return _page(rows, matched, window, reference)


async def read_page_at_once(
    lines: Lines, selection: Selection, window: Window, reference: Reference
) -> tuple[Version, Page] | None:
    """
    Read a page of features and the newest version together, without waiting in a thread.

    Parameters
    ----------
    lines
        To PostgreSQL.
    selection, window, reference
        As of `read_page`.

    Returns
    -------
    tuple of Version and Page, or None
        The version and the page, which is of it if its number is that of the selection; absent where pages
        like this were not asked for before, or have to be read in the ordinary way.
    """
    counts = _counts(selection, window)
    dialect_name = lines.engine.dialect.name
    newest = molds.known(_NEWEST, dialect_name)
    found = served_molds.known(selection, window, (reference, counts), dialect_name)
    if found is None or newest is None:
        return None
    mold, values = found
    told = await lines.ask(Question(newest, {}), Question(mold, mold.named(values)))
    if told is None:
        return None
    matched = _counted(told[1], window, counts=counts)
    return None if matched is None else (_version(told[0]), _page(told[1], matched, window, reference))


def _counts(selection: Selection, window: Window) -> bool:
    """Tell whether what is selected is counted along with a page."""
    return window.limit <= _COUNTED_WITH and not _is_everything(selection)


def _counted(rows: Sequence[Sequence[Any]], window: Window, *, counts: bool) -> int | None:
    """Tell how many are selected, if the rows of a page tell it."""
    if window.after is None and window.offset == 0 and len(rows) <= window.limit:
        return len(rows)
    return int(rows[0][-1]) if counts and rows else None


def _page(rows: Sequence[Sequence[Any]], matched: int, window: Window, reference: Reference) -> Page:
    """Make a page of its rows, and of one more if there is a next page."""
    shown = rows[: window.limit]
    # Behind the text and its parts stand the keys of the order, the row's number and the count.
    last = tuple(shown[-1][3:-1]) if len(rows) > len(shown) and shown else None
    return Page(matched, joined(shown, reference), last)


_COUNTED_WITH = 100
"""On a short page the rest is counted along with it; a long one often is all there is."""


def _page_statement(
    connection: Connection, selection: Selection, window: Window, reference: Reference, *, counts: bool
) -> Select[*tuple[Any, ...]]:
    """Select a page, with one row more than is asked for: it tells whether there is a next page."""
    table = SERVED[selection.collection.rows]
    wanted = conditions(connection, selection)
    last = (*sorted_by(selection), table.c.id)
    told = parts(connection, selection, reference)
    if counts:
        # What is wanted is looked for once: to count it, and to take the page from it.
        found = select(*dict.fromkeys(last)).where(*wanted).cte("found")
        page = _part(select(found.c.id), selection, window, found).subquery("page")
        matched = select(func.count()).select_from(found).scalar_subquery()
        statement = select(*told, *last, matched).join_from(page, table, table.c.id == page.c.id)
        return statement.order_by(*order(selection))
    return _part(select(*told, *last, null()).where(*wanted), selection, window, table)


def _part(
    statement: Select[*tuple[Any, ...]], selection: Selection, window: Window, source: FromClause
) -> Select[*tuple[Any, ...]]:
    """Take a part of rows in their order, and one more."""
    if window.after is not None:
        statement = statement.where(following(selection, window.after, source))
    return statement.order_by(*order(selection, source)).limit(window.limit + 1).offset(window.offset)


def _is_everything(selection: Selection) -> bool:
    """Tell whether all of a collection is selected, the size of which stands written."""
    where = (selection.box, selection.areas, selection.area)
    return all(one is None for one in (selection.where, selection.interval, selection.name, *where))


def _matched(connection: Connection, selection: Selection) -> int:
    """Count what is selected; of whole collections the number stands written."""
    if _is_everything(selection):
        return extent(connection, selection.collection, selection.level, selection.version).matched
    table = SERVED[selection.collection.rows]
    wanted = conditions(connection, selection)
    return int(connection.scalar(select(func.count()).select_from(table).where(*wanted)) or 0)


def stream_features(
    connection: Connection, selection: Selection, reference: Reference
) -> Iterator[list[str]]:
    """
    Read all features that are selected, a batch in memory at a time.

    Parameters
    ----------
    connection
        The open transaction; it stays open until the last feature has been read.
    selection
        Which are wanted.
    reference
        The system of their coordinates.

    Yields
    ------
    list of str
        A GeoJSON text of each feature of the next batch, in order.
    """
    statement = (
        select(*parts(connection, selection, reference))
        .where(*conditions(connection, selection))
        .order_by(*order(selection))
    )
    for batch in _batches(connection, statement, _BATCH):
        yield joined(batch, reference)


def read_rows(
    connection: Connection,
    selection: Selection,
    *,
    names: Sequence[str],
    geometry: Reference | None,
    batch: int = _BATCH,
) -> Iterator[list[tuple[object, ...]]]:
    """
    Read chosen properties of all rows that are selected, a batch in memory at a time.

    Parameters
    ----------
    connection
        The open transaction; it stays open until the last row has been read.
    selection
        Which are wanted.
    names
        Properties, all of them told at the level.
    geometry
        The system of the shapes, x or longitude first whatever it says itself; absent for no shapes.
    batch
        Rows at a time.

    Yields
    ------
    list of tuple
        Name of the feature, its shape as EWKB or None, and the values of the properties: days, instants and
        several texts as GeoJSON has them, the latter as one JSON text.
    """
    table = SERVED[selection.collection.rows]
    shape = null() if geometry is None else raw(table.c[COLUMNS[geometry]])
    columns = property_columns(selection.collection)
    kinds = {one.name: one.type for one in selection.collection.told(selection.level)}
    instants = [n for n, name in enumerate(names, start=2) if kinds[name] is PropertyType.INSTANT]
    statement = (
        select(table.c.feature_id, shape, *(columns[name] for name in names))
        .where(*conditions(connection, selection))
        .order_by(*order(selection))
    )
    for found in _batches(connection, statement, batch):
        yield [_told(row, instants) for row in found]


def _told(row: Row[*tuple[Any, ...]], instants: Sequence[int]) -> tuple[object, ...]:
    """Write the instants of a row as people read them."""
    if not instants:
        return tuple(row)
    values = list(row)
    for place in instants:
        moment = instant(values[place])
        values[place] = None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return tuple(values)


def _batches(
    connection: Connection, statement: Select[*tuple[Any, ...]], size: int
) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Run a statement, a batch at a time: on PostgreSQL through a cursor that the server keeps."""
    options = {"stream_results": True, "yield_per": size}
    with connection.execute(statement, execution_options=options) as result:
        for batch in result.partitions(size):
            yield batch
            # Whoever takes the batches may be slow, and the whole large; each has its time for itself.
            renew(connection)
