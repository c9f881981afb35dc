"""Published weeks: each edition is written once, in one transaction, and never changes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import func, insert, select

from hotspot.catalogue import Disclosure
from hotspot.editions import Edition
from hotspot.errors import NotFound
from hotspot.store import disclosed, tables
from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.ids import next_id
from hotspot.store.pages import FeaturePage, touches
from hotspot.store.shapes import ewkb
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from hotspot.editions import Publication, PublishedFeature
    from hotspot.model import Grade, Kind
    from hotspot.store.pages import BBox

_PUBLICATION = tables.publications.c
_HOTSPOT = tables.published_hotspots.c
_AREA = tables.published_areas.c


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """
    An edition with what its list says beside its rows.

    Parameters
    ----------
    edition
        Week, number, hash and time.
    summary
        A JSON text.
    """

    edition: Edition
    summary: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """
    Which published hotspots are wanted; each condition may be left out.

    Parameters
    ----------
    week
        The week; absent for all weeks.
    edition
        Number of the edition; absent for the newest of each week.
    theme
        Theme of the hotspots; absent for all.
    kind
        Kind of the hotspots; absent for both.
    grade
        Grade of the hotspots; absent for all.
    area
        Code of a neighbourhood or district that they touch; absent for all.
    bbox_deg
        West, south, east, north; hotspots that share a point with the box. Absent for all.
    areas
        Codes of areas; hotspots that touch one of them. Absent for all.
    """

    week: Week | None = None
    edition: int | None = None
    theme: str | None = None
    kind: Kind | None = None
    grade: Grade | None = None
    area: str | None = None
    bbox_deg: BBox | None = None
    areas: frozenset[str] | None = None


def of_edition(wanted: Conditions, edition: Edition) -> Conditions:
    """
    Ask the same of one edition of one week.

    Parameters
    ----------
    wanted
        What hotspots have to meet.
    edition
        The edition.

    Returns
    -------
    Conditions
        The same, of that edition alone.
    """
    return replace(wanted, week=edition.week, edition=edition.number)


def write_publication(
    connection: Connection, publication: Publication, *, published_at: dt.datetime
) -> Edition:
    """
    Publish a week; if it equals the week's newest edition, nothing is written.

    Parameters
    ----------
    connection
        The open transaction: an edition is there as a whole or not at all.
    publication
        The week.
    published_at
        When; kept in whole seconds.

    Returns
    -------
    Edition
        The new edition, or the newest if it says the same.
    """
    newest = connection.execute(_edition_statement(publication.week, None)).first()
    if newest is not None and newest.content_hash == publication.content_hash:
        return _edition(newest.week, newest.number, newest.content_hash, newest.published_at_s)
    number = 1 if newest is None else newest.number + 1
    publication_id = next_id(connection, tables.publications)
    published_at_s = int(published_at.timestamp())
    connection.execute(
        insert(tables.publications).values(
            id=publication_id,
            week=str(publication.week),
            number=number,
            content_hash=publication.content_hash,
            published_at_s=published_at_s,
            summary=publication.summary,
        )
    )
    _write_features(connection, publication_id, publication.features)
    return _edition(str(publication.week), number, publication.content_hash, published_at_s)


def _write_features(
    connection: Connection, publication_id: int, features: Sequence[PublishedFeature]
) -> None:
    """Write the hotspots of an edition and the areas that they are found by."""
    if not features:
        return
    first = next_id(connection, tables.published_hotspots)
    numbered = list(enumerate(features, start=first))
    rows = [{"id": n, "publication_id": publication_id} | _feature_row(feature) for n, feature in numbered]
    connection.execute(insert(tables.published_hotspots), rows)
    codes = [
        {"published_hotspot_id": n, "area_code": code}
        for n, feature in numbered
        for code in sorted(set(feature.areas))
    ]
    if codes:
        connection.execute(insert(tables.published_areas), codes)


def _feature_row(feature: PublishedFeature) -> dict[str, object]:
    """Make the row of a published hotspot; its shape is the one that is served."""
    served = shapely.from_geojson(json.dumps(json.loads(feature.geojson)["geometry"]))
    west, south, east, north = served.bounds
    return {
        "hotspot_id": feature.id,
        "theme": feature.theme,
        "kind": feature.kind.value,
        "grade": feature.grade.value,
        "rank": feature.rank,
        "west_deg": west,
        "south_deg": south,
        "east_deg": east,
        "north_deg": north,
        "geometry_deg": ewkb(served, srid=LON_LAT_SRID),
        "geojson": feature.geojson,
    }


def _edition(week: str, number: int, content_hash: str, published_at_s: int) -> Edition:
    """Make an edition from its row."""
    return Edition(Week.parse(week), number, content_hash, dt.datetime.fromtimestamp(published_at_s, dt.UTC))


def _edition_statement(week: Week, number: int | None) -> Select[int, str, int, str, int, str]:
    """Find an edition of a week, the newest if no number is given."""
    statement = select(
        _PUBLICATION.id,
        _PUBLICATION.week,
        _PUBLICATION.number,
        _PUBLICATION.content_hash,
        _PUBLICATION.published_at_s,
        _PUBLICATION.summary,
    ).where(_PUBLICATION.week == str(week))
    if number is not None:
        statement = statement.where(_PUBLICATION.number == number)
    return statement.order_by(_PUBLICATION.number.desc()).limit(1)


def editions(connection: Connection, *, level: Disclosure = Disclosure.INTERNAL) -> list[Edition]:
    """
    List all editions of all weeks, as a level sees them.

    Parameters
    ----------
    connection
        The open transaction.
    level
        Who asks.

    Returns
    -------
    list of Edition
        The latest week first, of a week the newest edition first; each with the hash of what the level sees,
        and without those that were not published for it.
    """
    if level is Disclosure.INTERNAL:
        statement = select(
            _PUBLICATION.week, _PUBLICATION.number, _PUBLICATION.content_hash, _PUBLICATION.published_at_s
        )
    else:
        statement = disclosed.editions_statement(level)
    statement = statement.order_by(_PUBLICATION.week.desc(), _PUBLICATION.number.desc())
    return [_edition(*row) for row in connection.execute(statement)]


def edition(
    connection: Connection,
    week: Week,
    number: int | None = None,
    *,
    level: Disclosure = Disclosure.INTERNAL,
) -> StoredPublication:
    """
    Read an edition of a week, as a level sees it.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.
    number
        Number of the edition; absent for the newest.
    level
        Who asks.

    Returns
    -------
    StoredPublication
        The edition, with the hash of what the level sees, and its summary.

    Raises
    ------
    NotFound
        If the week has not been published, or not in so many editions, or not for this level.
    """
    row = connection.execute(_edition_statement(week, number)).first()
    if row is None:
        which = "" if number is None else f" in an edition {number}"
        raise NotFound(f"{week} has not been published{which}")
    content_hash, summary = row.content_hash, row.summary
    if level is not Disclosure.INTERNAL:
        seen = disclosed.told(connection, row.id, level)
        if seen is None:
            raise NotFound(f"{week} has not been published for the level {level}")
        content_hash, summary = seen
    return StoredPublication(_edition(row.week, row.number, content_hash, row.published_at_s), summary)


def served_statement(week: Week | None = None, number: int | None = None) -> Select[int]:
    """
    Select the numbers of the publications that a question is about.

    Parameters
    ----------
    week
        The week; absent for all.
    number
        Number of the edition; absent for the newest of each week.

    Returns
    -------
    Select
        Numbers of publications.
    """
    later = tables.publications.alias("later")
    statement = select(_PUBLICATION.id)
    if week is not None:
        statement = statement.where(_PUBLICATION.week == str(week))
    if number is not None:
        return statement.where(_PUBLICATION.number == number)
    newest = select(func.max(later.c.number)).where(later.c.week == _PUBLICATION.week).scalar_subquery()
    return statement.where(_PUBLICATION.number == newest)


def hotspot_page(
    connection: Connection,
    wanted: Conditions,
    *,
    limit: int,
    offset: int = 0,
    level: Disclosure = Disclosure.INTERNAL,
) -> FeaturePage:
    """
    Give a page of published hotspots.

    Parameters
    ----------
    connection
        The open transaction.
    wanted
        What they have to meet.
    limit
        Features on the page, at most.
    offset
        Features before the page.
    level
        Who asks; below the internal level neither the box nor the offset is looked at.

    Returns
    -------
    FeaturePage
        The page, ordered by week (latest first), theme, rank and id.
    """
    if level is not Disclosure.INTERNAL:
        served = served_statement(wanted.week, wanted.edition)
        return disclosed.page(connection, level, wanted, served, limit=limit)
    matching = matching_hotspots(connection, wanted)
    matched = connection.scalar(select(func.count()).select_from(tables.published_hotspots).where(*matching))
    page = (
        select(_HOTSPOT.geojson)
        .join(tables.publications, _PUBLICATION.id == _HOTSPOT.publication_id)
        .where(*matching)
        .order_by(_PUBLICATION.week.desc(), _HOTSPOT.theme, _HOTSPOT.rank, _HOTSPOT.hotspot_id, _HOTSPOT.id)
        .limit(limit)
        .offset(offset)
    )
    return FeaturePage(int(matched or 0), list(connection.scalars(page)))


def matching_hotspots(connection: Connection, wanted: Conditions) -> list[ColumnElement[bool]]:
    """
    Tell which published hotspots of the internal level are wanted.

    Parameters
    ----------
    connection
        The open transaction.
    wanted
        What they have to meet.

    Returns
    -------
    list of ColumnElement
        Conditions on published hotspots, all of which have to hold.
    """
    matching: list[ColumnElement[bool]] = [
        _HOTSPOT.publication_id.in_(served_statement(wanted.week, wanted.edition))
    ]
    if wanted.theme is not None:
        matching.append(_HOTSPOT.theme == wanted.theme)
    if wanted.kind is not None:
        matching.append(_HOTSPOT.kind == wanted.kind.value)
    if wanted.grade is not None:
        matching.append(_HOTSPOT.grade == wanted.grade.value)
    if wanted.area is not None:
        in_area = select(_AREA.published_hotspot_id).where(_AREA.area_code == wanted.area)
        matching.append(_HOTSPOT.id.in_(in_area))
    if wanted.areas is not None:
        matching.append(in_areas(wanted.areas))
    if wanted.bbox_deg is not None:
        tree = tables.published_hotspots_tree
        matching.append(touches(connection, tables.published_hotspots, tree, wanted.bbox_deg))
    return matching


def in_areas(areas: frozenset[str]) -> ColumnElement[bool]:
    """
    Tell which hotspots touch one of some areas.

    Parameters
    ----------
    areas
        Codes of neighbourhoods and districts.

    Returns
    -------
    ColumnElement
        A condition on published hotspots.
    """
    return _HOTSPOT.id.in_(select(_AREA.published_hotspot_id).where(_AREA.area_code.in_(sorted(areas))))
