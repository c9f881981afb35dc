"""
Writes what is served: each change is a version, which closes rows and adds others.

A week is served once per edition, areas whenever they change, and incidents that stand in the year up to a
published week. The same input gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, islice, repeat
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import and_, func, insert, select, update

from hotspot.catalogue import CELLS, COLLECTIONS, STREETS, Disclosure
from hotspot.errors import InvalidParameter
from hotspot.geojson import canonical_json
from hotspot.served import area_rows, column_values, sheet_columns, week_rows
from hotspot.shapes import served_shapes
from hotspot.sheet import Sheet
from hotspot.store import served_extents, serving_incidents
from hotspot.store.bulk import write_rows
from hotspot.store.served_rows import bars, columns, shaped
from hotspot.store.served_tables import NAMED_BY_WEEK, SERVED, property_columns, served_areas, served_versions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Table

    from hotspot.catalogue import Collection
    from hotspot.crs import Plane
    from hotspot.editions import Edition
    from hotspot.served import Disclosed, Ground, Row
    from hotspot.weeks import Week

_OF_A_WEEK = ("hotspots", "rankings", "cells")

_AT_ONCE = 500
"""Names in one statement."""


@dataclass(frozen=True, slots=True)
class Laid:
    """
    Shapes as one store keeps them, of rows that come back week after week with the very same shape.

    Parameters
    ----------
    by_number
        Each shape, under the number by which Python tells it from others, with what its columns hold.
    """

    by_number: dict[int, tuple[shapely.Geometry | None, tuple[object, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows go: the open transaction, the version that they begin with, and their plane."""

    connection: Connection
    version: int
    plane: Plane


def serve(
    connection: Connection,
    edition: Edition,
    by_level: Mapping[Disclosure, Disclosed],
    *,
    ground: Ground,
    laid: Laid | None = None,
    outstanding: serving_incidents.Outstanding | None = None,
) -> int | None:
    """
    Serve an edition of a week, the areas if they are not served yet, and the incidents of the year up to it.

    Parameters
    ----------
    connection
        The open transaction, the one in which the edition was written.
    edition
        The edition.
    by_level
        The week as each level may see it; not looked at where the edition is served.
    ground
        The place and its areas.
    laid
        Shapes of the surface that are known from other weeks of the same store; receives those of this one.
    outstanding
        Incidents that are known from other weeks of the same store; receives what this one leaves of them.

    Returns
    -------
    int or None
        Number of the new version; absent where all of it was served already.
    """
    place = _place(connection, ground)
    changed = {"areas"} if _serve_areas(place, ground) else set()
    added: dict[str, ColumnElement[bool]] = {}
    if not is_served(connection, edition):
        added |= _serve_week(place, edition, by_level, ground, Laid() if laid is None else laid)
        changed |= set(_OF_A_WEEK)
    week = edition.week
    outstanding = serving_incidents.Outstanding(week, week) if outstanding is None else outstanding
    incidents = serving_incidents.serve_incidents(
        connection, week, version=place.version, ground=ground, outstanding=outstanding
    )
    if incidents is not None:
        changed.add("incidents")
        if incidents.only_added is not None:
            added["incidents"] = incidents.only_added
    outstanding.version = place.version if changed else place.version - 1
    if not changed:
        return None
    _write_version(place, edition.published_at, edition)
    served_extents.write_extents(connection, place.version, changed, added=added)
    return place.version


def read_ahead(
    connection: Connection, week: Week, *, ground: Ground, outstanding: serving_incidents.Outstanding
) -> None:
    """
    Read what serving a week will ask, so that it need not be read once the week is there.

    Parameters
    ----------
    connection
        The open transaction, an earlier one than that in which the week is served.
    week
        The week.
    ground
        The place and its areas.
    outstanding
        Receives the incidents that are to be served.
    """
    version = _place(connection, ground).version
    serving_incidents.read_outstanding(connection, outstanding, week, version=version, ground=ground)


def serve_areas(connection: Connection, ground: Ground, *, made_at: dt.datetime | None) -> int | None:
    """
    Serve the areas in force.

    Parameters
    ----------
    connection
        The open transaction.
    ground
        The place and its areas.
    made_at
        When; absent where nobody says.

    Returns
    -------
    int or None
        Number of the new version; absent where they were served already.
    """
    place = _place(connection, ground)
    if not _serve_areas(place, ground):
        return None
    _write_version(place, made_at, None)
    served_extents.write_extents(connection, place.version, {"areas"})
    return place.version


def serve_streets(
    connection: Connection, listed: Sequence[Row], plane: Plane, *, made_at: dt.datetime | None
) -> int | None:
    """
    Serve streets in the place of those that are served; what is the same stays.

    Parameters
    ----------
    connection
        The open transaction.
    listed
        All streets, each once; none to have none.
    plane
        The municipality's plane.
    made_at
        When; absent where nobody says.

    Returns
    -------
    int or None
        Number of the new version; absent where they were served already.
    """
    table = SERVED[STREETS.rows]
    held = table.c.to_version.is_(None)
    # What a street is named by follows from all that it says.
    before = set(connection.scalars(select(table.c.feature_id).where(held)))
    now = {row.feature_id for row in listed}
    if before == now:
        return None
    place = _next(connection, plane)
    gone = sorted(before - now)
    for start in range(0, len(gone), _AT_ONCE):
        closed = held, table.c.feature_id.in_(gone[start : start + _AT_ONCE])
        connection.execute(update(table).where(*closed).values(to_version=place.version))
    _write(place, STREETS.rows, Disclosure.OPEN, [row for row in listed if row.feature_id not in before])
    _write_version(place, made_at, None)
    served_extents.write_extents(connection, place.version, {STREETS.rows})
    return place.version


def _place(connection: Connection, ground: Ground) -> _Place:
    """Give the version that is being made its number."""
    return _next(connection, ground.plane)


def _next(connection: Connection, plane: Plane) -> _Place:
    """Give the version that is being made its number."""
    newest = connection.scalar(select(func.coalesce(func.max(served_versions.c.number), 0)))
    return _Place(connection, int(newest or 0) + 1, plane)


def _write_version(place: _Place, made_at: dt.datetime | None, edition: Edition | None) -> None:
    """Write down what the version is about."""
    place.connection.execute(
        insert(served_versions).values(
            number=place.version,
            made_at_s=None if made_at is None else int(made_at.timestamp()),
            week=None if edition is None else str(edition.week),
            edition=None if edition is None else edition.number,
        )
    )


def is_served(connection: Connection, edition: Edition) -> bool:
    """
    Tell whether an edition is served: nothing of it has to be made then.

    Parameters
    ----------
    connection
        The open transaction.
    edition
        The edition.

    Returns
    -------
    bool
        Whether it is, or was until a later edition.
    """
    about_it = select(func.count()).where(
        served_versions.c.week == str(edition.week), served_versions.c.edition == edition.number
    )
    return bool(connection.scalar(about_it))


def _serve_week(
    place: _Place,
    edition: Edition,
    by_level: Mapping[Disclosure, Disclosed],
    ground: Ground,
    laid: Laid,
) -> dict[str, ColumnElement[bool]]:
    """
    Close what an earlier edition of the week served, and add what this one does.

    Gives, for the kinds of rows of which none was closed, how those that were added are found.
    """
    added: dict[str, ColumnElement[bool]] = {}
    for rows in _OF_A_WEEK:
        table = SERVED[rows]
        of_the_week = and_(table.c.week == str(edition.week), table.c.to_version.is_(None))
        # By level, since the index of the weeks begins with it: all weeks would be read otherwise.
        closed = place.connection.execute(
            update(table)
            .where(table.c.level.in_([str(level) for level in Disclosure]), of_the_week)
            .values(to_version=place.version)
        )
        if not closed.rowcount:
            added[rows] = of_the_week
    for level in Disclosure:
        if level in by_level:
            made = week_rows(by_level[level], edition=edition.number, level=level, ground=ground)
            for rows, listed in made.items():
                _write(place, rows, level, listed, laid if rows == CELLS.rows else Laid())
    return added


def _serve_areas(place: _Place, ground: Ground) -> bool:
    """Serve the areas unless they are; tell whether they were not."""
    listed = area_rows(ground)
    shapes = served_shapes([row.shape for row in listed], place.plane)
    now = {
        (row.feature_id, canonical_json(dict(row.properties)), text)
        for row, text in zip(listed, shapely.to_geojson(shapes.deg), strict=True)
    }
    held = served_areas.c.to_version.is_(None)
    before = place.connection.execute(
        select(served_areas.c.feature_id, served_areas.c.properties_json, served_areas.c.geometry_json).where(
            held
        )
    )
    if now == {tuple(row) for row in before}:
        return False
    place.connection.execute(update(served_areas).where(held).values(to_version=place.version))
    _write(place, "areas", Disclosure.OPEN, listed)
    return True


def _write(
    place: _Place, rows: str, level: Disclosure, listed: Sequence[Row] | Sheet, laid: Laid | None = None
) -> None:
    """Add rows of a kind."""
    if not len(listed):
        return
    laid = Laid() if laid is None else laid
    collection = next(one for one in COLLECTIONS if one.rows == rows)
    table = SERVED[rows]
    numbers = _numbers(place.connection, table, level)
    if isinstance(listed, Sheet):
        shapes, by_column = listed.shapes, _of_sheet(collection, level, listed)
    else:
        shapes, by_column = [row.shape for row in listed], _of_rows(collection, listed)
    numbered = list(islice(numbers, len(listed)))
    names, starts_s, ends_s, *said = by_column
    if rows in NAMED_BY_WEEK:
        _require_weeks(collection, names, said[2 + list(property_columns(collection)).index("week")])
    boxes = [_boxes(numbered, shapes)] if "box_id" in table.c else []
    # Column by column: thousands of rows are put together by the interpreter's own loop.
    found = zip(
        numbered,
        repeat(level.value),
        names,
        repeat(place.version),
        starts_s,
        ends_s,
        *zip(*_laid(place, shapes, laid), strict=True),
        *said,
        *boxes,
        strict=False,
    )
    write_rows(place.connection, table, columns(collection), found)


def _require_weeks(collection: Collection, names: Iterable[object], weeks: Iterable[object]) -> None:
    """Refuse rows that could not be found by their names."""
    for name, week in zip(names, weeks, strict=True):
        if not str(name).endswith(str(week)):
            raise InvalidParameter(
                f"names of {collection.rows} must end with their week, {week}, got {name!r}"
            )


def _boxes(numbers: Sequence[int], shapes: Sequence[shapely.Geometry | None]) -> list[int]:
    """Give each row the number of the first with that very shape."""
    first: dict[int, int] = {}
    return [first.setdefault(id(shape), number) for number, shape in zip(numbers, shapes, strict=True)]


def _of_rows(collection: Collection, listed: Sequence[Row]) -> list[Iterable[object]]:
    """Give rows by column: names, first and last seconds, all that they say as a text, areas, each value."""
    return [
        [row.feature_id for row in listed],
        [row.starts_s for row in listed],
        [row.ends_s for row in listed],
        [canonical_json(dict(row.properties)) for row in listed],
        [bars(row.areas) for row in listed],
        *zip(*column_values(collection, [row.properties for row in listed]), strict=True),
    ]


def _of_sheet(collection: Collection, level: Disclosure, listed: Sheet) -> list[Iterable[object]]:
    """Give a sheet as `_of_rows` gives rows."""
    # A square touches few areas, and thousands touch the same ones.
    barred = {codes: bars(codes) for codes in set(listed.areas)}
    return [
        listed.feature_ids,
        repeat(listed.starts_s, len(listed)),
        repeat(listed.ends_s, len(listed)),
        listed.texts([one.name for one in collection.told(level)]),
        [barred[codes] for codes in listed.areas],
        *sheet_columns(collection, listed),
    ]


def _laid(
    place: _Place, shapes: Sequence[shapely.Geometry | None], laid: Laid
) -> Iterator[tuple[object, ...]]:
    """Bring shapes that are not known yet into all systems, each once; give what the columns of each hold."""
    new = {id(shape): shape for shape in shapes if id(shape) not in laid.by_number}
    if new:
        stored = shaped(
            place.connection, served_shapes(list(new.values()), place.plane), srid=place.plane.srid
        )
        laid.by_number.update(zip(new, zip(new.values(), stored, strict=True), strict=True))
    return (laid.by_number[id(shape)][1] for shape in shapes)


def _numbers(connection: Connection, table: Table, level: Disclosure) -> Iterator[int]:
    """
    Give new rows their numbers, within their level.

    Numbers are told in cursors and in tiles: with one sequence for all levels, the gaps between the rows that
    everybody sees would count those that only others see.
    """
    levels = list(Disclosure)
    newest = connection.scalar(select(func.max(table.c.id)).where(table.c.level == str(level)))
    turn = 0 if newest is None else int(newest) // len(levels) + 1
    return count(turn * len(levels) + levels.index(level), len(levels))
