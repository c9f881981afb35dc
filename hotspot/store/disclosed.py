"""
What partners and everybody may see of a published week: editions of their own, written beside the whole one.

They are written with the edition and read by themselves, so that no question about a lower level ever touches
what only the higher ones may know.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import false, func, insert, or_, select, true

from hotspot.catalogue import Disclosure
from hotspot.editions import Publication, PublishedFeature
from hotspot.errors import InvalidParameter, NotFound
from hotspot.model import Grade, Kind
from hotspot.store import tables
from hotspot.store.ids import next_id
from hotspot.store.pages import FeaturePage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from hotspot.editions import Edition
    from hotspot.store.publications import Conditions
    from hotspot.weeks import Week

_PUBLICATION = tables.publications.c
_EDITION = tables.disclosed_publications.c
_HOTSPOT = tables.disclosed_hotspots.c


def write_disclosed(
    connection: Connection, edition: Edition, publications: Mapping[Disclosure, Publication]
) -> None:
    """
    Write what the lower levels may see of an edition; what is written already stays as it is.

    Parameters
    ----------
    connection
        The open transaction, the one in which the edition was written.
    edition
        The edition.
    publications
        The publication of each level below the internal one.

    Raises
    ------
    NotFound
        If the edition is not stored.
    InvalidParameter
        If the internal level is among them.
    """
    if Disclosure.INTERNAL in publications:
        raise InvalidParameter("the internal level is the edition itself, got it among the lower ones")
    publication_id = connection.scalar(
        select(_PUBLICATION.id).where(
            _PUBLICATION.week == str(edition.week), _PUBLICATION.number == edition.number
        )
    )
    if publication_id is None:
        raise NotFound(f"{edition.week} has not been published in an edition {edition.number}")
    for level, publication in sorted(publications.items()):
        _write(connection, publication_id, level, publication)


def _write(connection: Connection, publication_id: int, level: Disclosure, publication: Publication) -> None:
    """Write one level, unless it is there."""
    if told(connection, publication_id, level) is not None:
        return
    connection.execute(
        insert(tables.disclosed_publications).values(
            publication_id=publication_id,
            level=level.value,
            content_hash=publication.content_hash,
            summary=publication.summary,
        )
    )
    first = next_id(connection, tables.disclosed_hotspots)
    rows = [
        {
            "id": number,
            "publication_id": publication_id,
            "level": level.value,
            "hotspot_id": feature.id,
            "theme": feature.theme,
            "kind": feature.kind.value,
            "grade": feature.grade.value,
            "rank": feature.rank,
            "areas": packed(feature.areas),
            "geojson": feature.geojson,
        }
        for number, feature in enumerate(publication.features, start=first)
    ]
    if rows:
        connection.execute(insert(tables.disclosed_hotspots), rows)


def packed(codes: tuple[str, ...]) -> str:
    """
    Write the codes of areas so that one of them can be looked for.

    Parameters
    ----------
    codes
        The codes.

    Returns
    -------
    str
        Each between bars.

    Examples
    --------
    >>> packed(("BU09350000", "WK093500"))
    '|BU09350000|WK093500|'
    """
    return f"|{'|'.join(sorted(set(codes)))}|" if codes else ""


def unpacked(areas: str) -> list[str]:
    """
    Read what `packed` wrote.

    Parameters
    ----------
    areas
        Codes between bars.

    Returns
    -------
    list of str
        The codes.

    Examples
    --------
    >>> unpacked("|BU09350000|WK093500|")
    ['BU09350000', 'WK093500']
    """
    return [code for code in areas.split("|") if code]


def told(connection: Connection, publication_id: int, level: Disclosure) -> tuple[str, str] | None:
    """
    Read what an edition says beside its rows at a level.

    Parameters
    ----------
    connection
        The open transaction.
    publication_id
        Number of the publication.
    level
        A level below the internal one.

    Returns
    -------
    tuple of str
        Its hash and its summary; absent if the edition was published before there were levels.
    """
    row = connection.execute(
        select(_EDITION.content_hash, _EDITION.summary).where(
            _EDITION.publication_id == publication_id, _EDITION.level == level.value
        )
    ).first()
    return None if row is None else (row.content_hash, row.summary)


def page(
    connection: Connection, level: Disclosure, wanted: Conditions, served: Select[int], *, limit: int
) -> FeaturePage:
    """
    Give the first of the disclosed hotspots that are wanted.

    Parameters
    ----------
    connection
        The open transaction.
    level
        A level below the internal one.
    wanted
        Theme, kind, grade, area and areas; the week is in `served`.
    served
        Numbers of the publications that are asked about.
    limit
        Features at the most.

    Returns
    -------
    FeaturePage
        Ordered by week (latest first), theme, rank and id.
    """
    matching = matching_hotspots(level, wanted, served)
    matched = connection.scalar(select(func.count()).select_from(tables.disclosed_hotspots).where(*matching))
    statement = (
        select(_HOTSPOT.geojson)
        .join(tables.publications, _PUBLICATION.id == _HOTSPOT.publication_id)
        .where(*matching)
        .order_by(_PUBLICATION.week.desc(), _HOTSPOT.theme, _HOTSPOT.rank, _HOTSPOT.hotspot_id, _HOTSPOT.id)
        .limit(limit)
    )
    return FeaturePage(int(matched or 0), list(connection.scalars(statement)))


def matching_hotspots(
    level: Disclosure, wanted: Conditions, served: Select[int]
) -> list[ColumnElement[bool]]:
    """
    Tell which disclosed hotspots are wanted.

    Parameters
    ----------
    level
        A level below the internal one.
    wanted
        Theme, kind, grade, area and areas; the week is in `served`.
    served
        Numbers of the publications that are asked about.

    Returns
    -------
    list of ColumnElement
        Conditions on disclosed hotspots, all of which have to hold.
    """
    matching: list[ColumnElement[bool]] = [_HOTSPOT.level == level.value, _HOTSPOT.publication_id.in_(served)]
    for column, value in (
        (_HOTSPOT.theme, wanted.theme),
        (_HOTSPOT.kind, wanted.kind),
        (_HOTSPOT.grade, wanted.grade),
    ):
        if value is not None:
            matching.append(column == str(value))
    if wanted.area is not None:
        matching.append(_in_areas(frozenset({wanted.area})))
    if wanted.areas is not None:
        matching.append(_in_areas(wanted.areas))
    return matching


def _in_areas(areas: frozenset[str]) -> ColumnElement[bool]:
    """Tell which hotspots touch one of some areas."""
    touching = (_HOTSPOT.areas.contains(f"|{code}|", autoescape=True) for code in sorted(areas))
    return or_(false(), *touching)


def editions_statement(level: Disclosure) -> Select[str, int, str, int]:
    """
    Select the editions that were published for a level.

    Parameters
    ----------
    level
        A level below the internal one.

    Returns
    -------
    Select
        Week, number, hash of what the level sees, and when it was published.
    """
    return (
        select(_PUBLICATION.week, _PUBLICATION.number, _EDITION.content_hash, _PUBLICATION.published_at_s)
        .join(tables.disclosed_publications, _EDITION.publication_id == _PUBLICATION.id)
        .where(_EDITION.level == level.value)
    )


def history_statement(
    level: Disclosure, hotspot_id: str, served: Select[int], *, areas: frozenset[str] | None = None
) -> Select[str, int, str]:
    """
    Select every week in which a hotspot was listed, as a level sees it.

    Parameters
    ----------
    level
        A level below the internal one.
    hotspot_id
        Its id at that level.
    served
        Numbers of the publications that hold.
    areas
        Codes of areas; only weeks in which it touches one of them. Absent for all.

    Returns
    -------
    Select
        Week, edition and GeoJSON text, the latest first.
    """
    there = true() if areas is None else _in_areas(areas)
    return (
        select(_PUBLICATION.week, _PUBLICATION.number, _HOTSPOT.geojson)
        .join(tables.publications, _PUBLICATION.id == _HOTSPOT.publication_id)
        .where(
            _HOTSPOT.level == level.value,
            _HOTSPOT.hotspot_id == hotspot_id,
            _HOTSPOT.publication_id.in_(served),
            there,
        )
        .order_by(_PUBLICATION.week.desc())
    )


def touching(level: Disclosure, area: str) -> Select[int, int]:
    """
    Count the disclosed hotspots of each publication that touch an area.

    Parameters
    ----------
    level
        A level below the internal one.
    area
        Code of a neighbourhood or district.

    Returns
    -------
    Select
        Columns `publication_id` and `n`.
    """
    return (
        select(_HOTSPOT.publication_id, func.count().label("n"))
        .where(_HOTSPOT.level == level.value, _in_areas(frozenset({area})))
        .group_by(_HOTSPOT.publication_id)
    )


def find(connection: Connection, week: Week, level: Disclosure) -> Publication | None:
    """
    Read what a level may see of the newest edition of a week.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.
    level
        A level below the internal one.

    Returns
    -------
    Publication or None
        The week as it was disclosed; absent if it was not.
    """
    newest = connection.scalar(
        select(_PUBLICATION.id)
        .where(_PUBLICATION.week == str(week))
        .order_by(_PUBLICATION.number.desc())
        .limit(1)
    )
    seen = None if newest is None else told(connection, newest, level)
    if seen is None:
        return None
    content_hash, summary = seen
    statement = (
        select(tables.disclosed_hotspots)
        .where(_HOTSPOT.publication_id == newest, _HOTSPOT.level == level.value)
        .order_by(_HOTSPOT.id)
    )
    features = tuple(
        PublishedFeature(
            id=row.hotspot_id,
            theme=row.theme,
            kind=Kind(row.kind),
            grade=Grade(row.grade),
            rank=row.rank,
            areas=tuple(code for code in row.areas.split("|") if code),
            bbox_deg=tuple(json.loads(row.geojson)["bbox"]),
            geojson=row.geojson,
        )
        for row in connection.execute(statement)
    )
    return Publication(week, summary, features, content_hash)
