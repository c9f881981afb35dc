"""From a selection to conditions and an order: what it wants, at which version, and after which row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import and_, false, func, literal, or_

from hotspot.crs import RIJKSDRIEHOEK
from hotspot.errors import InvalidInput
from hotspot.store import served_boxes
from hotspot.store.filters import condition
from hotspot.store.municipality import find_municipality
from hotspot.store.places import Shapes
from hotspot.store.served_boxes import touches, within_tree
from hotspot.store.served_extents import extent, newest_week
from hotspot.store.served_tables import SERVED, is_named, property_columns
from hotspot.store.served_views import of_collection

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Table, UnaryExpression

    from hotspot.catalogue import Collection
    from hotspot.selection import Selection, SortKey
    from hotspot.store.served_boxes import Sides


def held(table: Table, version: int) -> list[ColumnElement[bool]]:
    """
    Tell which rows hold at a version.

    Parameters
    ----------
    table
        Table of what is served.
    version
        The version.

    Returns
    -------
    list of ColumnElement
        Conditions that all must hold.
    """
    return [
        table.c.from_version <= version,
        or_(table.c.to_version.is_(None), table.c.to_version > version),
    ]


def conditions(connection: Connection, selection: Selection) -> list[ColumnElement[bool]]:
    """
    Tell which rows are selected.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        What is wanted.

    Returns
    -------
    list of ColumnElement
        Conditions that all must hold.
    """
    collection = selection.collection
    table = SERVED[collection.rows]
    week = newest_week(connection, selection.version) if collection.latest_only else None
    found = [
        *of_collection(collection, selection.level, week=week),
        *held(table, selection.version),
    ]
    if selection.name is not None:
        found.append(is_named(collection.rows, selection.name))
    if selection.where is not None:
        columns = filtered_by(connection, collection)
        found.append(condition(selection.where, columns, connection.dialect.name))
    if selection.box is not None:
        found.append(touches(connection, collection.rows, selection.box, _around_deg(connection, selection)))
    if selection.interval is not None:
        found += _during(table, *selection.interval)
    if selection.areas is not None:
        found.append(_in_areas(connection, table, selection.areas))
    if selection.area is not None:
        found.append(_in_areas(connection, table, frozenset({selection.area})))
    return found


def is_wide(connection: Connection, selection: Selection) -> bool:
    """
    Tell whether the statement of a selection is another one because its box is large.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        What is wanted.

    Returns
    -------
    bool
        Whether it looks at each row instead of asking the R*Tree.
    """
    box = selection.box
    return box is not None and served_boxes.is_wide(connection, box, _around_deg(connection, selection))


def _around_deg(connection: Connection, selection: Selection) -> Sides | None:
    """Give the sides of the whole collection; PostGIS asks for none."""
    if connection.dialect.name == "postgresql":
        return None
    return extent(connection, selection.collection, selection.level, selection.version).bbox_deg


def filtered_by(connection: Connection, collection: Collection) -> dict[str, ColumnElement[object] | Shapes]:
    """
    Find what a filter may be about: the properties, and the geometry under this name.

    Parameters
    ----------
    connection
        Tells which database it is, and which plane.
    collection
        The collection.

    Returns
    -------
    dict
        Columns by name.
    """
    column = SERVED[collection.rows].c
    municipality = find_municipality(connection)
    shapes = Shapes(
        degrees=column.geometry_deg,
        plane=column.geometry_plane,
        mercator=column.geometry_mercator,
        plane_srid=RIJKSDRIEHOEK if municipality is None else municipality.srid,
        box_deg=(column.west_deg, column.south_deg, column.east_deg, column.north_deg),
        near=None if connection.dialect.name == "postgresql" else partial(within_tree, collection.rows),
    )
    return {**property_columns(collection), "geometry": shapes}


def _during(table: Table, first: dt.datetime | None, last: dt.datetime | None) -> list[ColumnElement[bool]]:
    """Tell which rows share an instant with an interval; whole seconds are compared with it as it is."""
    found = []
    if first is not None:
        found.append(or_(table.c.ends_s.is_(None), table.c.ends_s >= ceiling_s(first)))
    if last is not None:
        found.append(or_(table.c.starts_s.is_(None), table.c.starts_s <= floor_s(last)))
    return found


def floor_s(instant: dt.datetime) -> int:
    """
    Give the last whole second up to an instant.

    Parameters
    ----------
    instant
        The instant.

    Returns
    -------
    int
        Seconds since 1970 in UTC.
    """
    return int(instant.replace(microsecond=0).timestamp())


def ceiling_s(instant: dt.datetime) -> int:
    """
    Give the first whole second from an instant on.

    Parameters
    ----------
    instant
        The instant.

    Returns
    -------
    int
        Seconds since 1970 in UTC.
    """
    return floor_s(instant) + (instant.microsecond > 0)


def _in_areas(connection: Connection, table: Table, areas: frozenset[str]) -> ColumnElement[bool]:
    """Tell which rows touch one of some areas."""
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return or_(false(), *(place(table.c.areas, f"|{code}|") > 0 for code in sorted(areas)))


def order(
    selection: Selection, source: FromClause | None = None
) -> list[UnaryExpression[object] | ColumnElement[object]]:
    """
    Give the order of the rows: rows without a value come last, and equals as they were published.

    Parameters
    ----------
    selection
        What is wanted.
    source
        What is ordered; absent for the rows themselves.

    Returns
    -------
    list of ColumnElement
        Keys of the order, the last being the row's own number.
    """
    ordered = SERVED[selection.collection.rows] if source is None else source
    keys = [
        (column.desc() if key.descending else column.asc()).nulls_last()
        for key, column in zip(selection.sort, sorted_by(selection, source), strict=True)
    ]
    return [*keys, ordered.c.id.asc()]


def sorted_by(selection: Selection, source: FromClause | None = None) -> list[ColumnElement[object]]:
    """
    Find the columns of the keys of an order.

    Parameters
    ----------
    selection
        What is wanted.
    source
        What has the columns, under their names; absent for the rows themselves.

    Returns
    -------
    list of ColumnElement
        One for each key.
    """
    columns = property_columns(selection.collection)
    found = [columns[key.name] for key in selection.sort]
    return [column if source is None else source.c[column.key] for column in found]


def following(
    selection: Selection, after: Sequence[object], source: FromClause | None = None
) -> ColumnElement[bool]:
    """
    Tell which rows come after one in the order.

    Parameters
    ----------
    selection
        What is wanted.
    after
        Values of the keys of the order and the number of that row.
    source
        As of `order`.

    Returns
    -------
    ColumnElement
        The condition.

    Raises
    ------
    InvalidInput
        If there are more or fewer values than keys.
    """
    ordered = SERVED[selection.collection.rows] if source is None else source
    columns = sorted_by(selection, source)
    if len(after) != len(columns) + 1:
        raise InvalidInput(f"a place in the order has {len(columns) + 1} values, got {len(after)}")
    equal: list[ColumnElement[bool]] = []
    ways: list[ColumnElement[bool]] = []
    for key, column, value in zip(selection.sort, columns, after, strict=False):
        if value is not None:
            ways.append(and_(*equal, _beyond(key, column, value)))
        equal.append(column.is_(None) if value is None else column == literal(value, column.type))
    ways.append(and_(*equal, ordered.c.id > after[-1]))
    return or_(*ways)


def _beyond(key: SortKey, column: ColumnElement[object], value: object) -> ColumnElement[bool]:
    """Tell which values come after one; none at all comes last."""
    # Bound: SQLAlchemy would not compare with a bare True.
    stated = literal(value, column.type)
    past = column < stated if key.descending else column > stated
    return or_(past, column.is_(None))
