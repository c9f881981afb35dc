"""
What lists and maps need of the hotspots of a week: written when it is published, read as a level sees it.

It could be made of the published features each time: of two thousand that takes half a second, most of it to
read what is then left out. Of editions that were published before it was written, it is made so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

from sqlalchemy import case, func, insert, select

from hotspot import overview
from hotspot.catalogue import Disclosure
from hotspot.geojson import canonical_json
from hotspot.store import disclosed, publications, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from hotspot.editions import Edition
    from hotspot.store.publications import Conditions

_PUBLICATION = tables.publications.c
_HOTSPOT = tables.published_hotspots.c
_TOUCHED = tables.published_areas.c
_DISCLOSED = tables.disclosed_hotspots.c
_TOLD = tables.published_overviews.c
_TOLD_BELOW = tables.disclosed_overviews.c

_Row = dict[str, Any]


def write(connection: Connection, edition: Edition) -> None:
    """
    Write what lists and maps need of an edition, at every level; what is written already stays as it is.

    Parameters
    ----------
    connection
        The open transaction, the one in which the edition was written.
    edition
        The edition.
    """
    of_edition = select(_PUBLICATION.id).where(
        _PUBLICATION.week == str(edition.week), _PUBLICATION.number == edition.number
    )
    unwritten = (
        select(_HOTSPOT.id, _HOTSPOT.geojson)
        .outerjoin(tables.published_overviews, _TOLD.published_hotspot_id == _HOTSPOT.id)
        .where(_HOTSPOT.publication_id.in_(of_edition), _TOLD.told.is_(None))
    )
    found = connection.execute(unwritten).all()
    touched = _touched(connection, [number for number, _ in found])
    made = [
        {"published_hotspot_id": number, "told": _text(geojson, touched[number], exact=True)}
        for number, geojson in found
    ]
    if made:
        connection.execute(insert(tables.published_overviews), made)
    below = (
        select(_DISCLOSED.id, _DISCLOSED.geojson, _DISCLOSED.areas)
        .outerjoin(tables.disclosed_overviews, _TOLD_BELOW.disclosed_hotspot_id == _DISCLOSED.id)
        .where(_DISCLOSED.publication_id.in_(of_edition), _TOLD_BELOW.told.is_(None))
    )
    lowered = [
        {"disclosed_hotspot_id": number, "told": _text(geojson, disclosed.unpacked(areas), exact=False)}
        for number, geojson, areas in connection.execute(below)
    ]
    if lowered:
        connection.execute(insert(tables.disclosed_overviews), lowered)


def _text(geojson: str, areas: Sequence[str], *, exact: bool) -> str:
    """Write the row of a feature."""
    return canonical_json(overview.row(json.loads(geojson), areas, exact=exact))


def rows(connection: Connection, wanted: Conditions, *, level: Disclosure) -> list[_Row]:
    """
    Read the hotspots of a week, in the order of its list.

    Parameters
    ----------
    connection
        The open transaction.
    wanted
        What they have to meet; of one week and one edition.
    level
        Who asks.

    Returns
    -------
    list of dict
        As `overview.row` makes them.
    """
    texts = (
        _published(connection, wanted) if level is Disclosure.INTERNAL else _below(connection, wanted, level)
    )
    # One text is read several times as fast as each by itself.
    read: list[_Row] = json.loads(f"[{','.join(texts)}]")
    return read


def _published(connection: Connection, wanted: Conditions) -> list[str]:
    """Read those of the internal level."""
    statement = (
        select(_HOTSPOT.id, _TOLD.told, case((_TOLD.told.is_(None), _HOTSPOT.geojson)))
        .outerjoin(tables.published_overviews, _TOLD.published_hotspot_id == _HOTSPOT.id)
        .where(*publications.matching_hotspots(connection, wanted))
        .order_by(_HOTSPOT.theme, _HOTSPOT.rank, _HOTSPOT.hotspot_id)
    )
    found = connection.execute(statement).all()
    touched = _touched(connection, [number for number, text, _ in found if text is None])
    return [
        _text(geojson, touched[number], exact=True) if text is None else text
        for number, text, geojson in found
    ]


def _touched(connection: Connection, numbers: Iterable[int]) -> dict[int, list[str]]:
    """Read the areas of hotspots of which no row is written."""
    listed: dict[int, list[str]] = {number: [] for number in numbers}
    if listed:
        # They are of one edition, and their numbers follow each other.
        statement = select(_TOUCHED.published_hotspot_id, _TOUCHED.area_code).where(
            _TOUCHED.published_hotspot_id.between(min(listed), max(listed))
        )
        for number, code in connection.execute(statement):
            listed.setdefault(number, []).append(code)
    return listed


def _below(connection: Connection, wanted: Conditions, level: Disclosure) -> list[str]:
    """Read those of a level below the internal one."""
    served = publications.served_statement(wanted.week, wanted.edition)
    statement = (
        select(_TOLD_BELOW.told, case((_TOLD_BELOW.told.is_(None), _DISCLOSED.geojson)), _DISCLOSED.areas)
        .outerjoin(tables.disclosed_overviews, _TOLD_BELOW.disclosed_hotspot_id == _DISCLOSED.id)
        .where(*disclosed.matching_hotspots(level, wanted, served))
        .order_by(_DISCLOSED.theme, _DISCLOSED.rank, _DISCLOSED.hotspot_id)
    )
    return [
        _text(geojson, disclosed.unpacked(areas), exact=False) if text is None else text
        for text, geojson, areas in connection.execute(statement)
    ]


def counts(connection: Connection, *, level: Disclosure) -> dict[tuple[str, int], int]:
    """
    Count the hotspots that each edition lists.

    Parameters
    ----------
    connection
        The open transaction.
    level
        Who asks.

    Returns
    -------
    dict of int
        By week and number of the edition; editions without hotspots are left out.
    """
    hotspot = _HOTSPOT if level is Disclosure.INTERNAL else _DISCLOSED
    statement = (
        select(_PUBLICATION.week, _PUBLICATION.number, func.count())
        .where(hotspot.publication_id == _PUBLICATION.id)
        .group_by(_PUBLICATION.week, _PUBLICATION.number)
    )
    if level is not Disclosure.INTERNAL:
        statement = statement.where(_DISCLOSED.level == level.value)
    return {(week, number): n for week, number, n in connection.execute(statement)}
