"""In which weeks a hotspot was listed, and how many an area had in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotspot.catalogue import Disclosure
from hotspot.errors import NotFound
from hotspot.store import disclosed, tables
from hotspot.store.publications import in_areas, served_statement
from hotspot.weeks import Week

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PUBLICATION = tables.publications.c
_HOTSPOT = tables.published_hotspots.c
_AREA = tables.published_areas.c


@dataclass(frozen=True, slots=True)
class Listing:
    """
    A hotspot as one week listed it.

    Parameters
    ----------
    week
        The week.
    edition
        Number of the edition, the newest of the week.
    geojson
        The feature, a GeoJSON text.
    """

    week: Week
    edition: int
    geojson: str


def history(
    connection: Connection,
    hotspot_id: str,
    *,
    level: Disclosure = Disclosure.INTERNAL,
    areas: frozenset[str] | None = None,
) -> list[Listing]:
    """
    Give every week in which a hotspot was listed.

    Parameters
    ----------
    connection
        The open transaction.
    hotspot_id
        Id of the hotspot, which it keeps from week to week.
    level
        Who asks.
    areas
        Codes of areas; only weeks in which it touches one of them. Absent for all.

    Returns
    -------
    list of Listing
        The latest week first, each in its newest edition.

    Raises
    ------
    NotFound
        If no week's newest edition has it, there.
    """
    served = served_statement()
    if level is Disclosure.INTERNAL:
        statement = (
            select(_PUBLICATION.week, _PUBLICATION.number, _HOTSPOT.geojson)
            .join(tables.publications, _PUBLICATION.id == _HOTSPOT.publication_id)
            .where(_HOTSPOT.hotspot_id == hotspot_id, _HOTSPOT.publication_id.in_(served))
            .order_by(_PUBLICATION.week.desc())
        )
        if areas is not None:
            statement = statement.where(in_areas(areas))
    else:
        statement = disclosed.history_statement(level, hotspot_id, served, areas=areas)
    found = [Listing(Week.parse(week), number, text) for week, number, text in connection.execute(statement)]
    if not found:
        raise NotFound(f"there is no hotspot {hotspot_id!r}")
    return found


def counts_by_week(
    connection: Connection, area: str, *, level: Disclosure = Disclosure.INTERNAL
) -> dict[Week, int]:
    """
    Count the hotspots that touch an area in each published week.

    Parameters
    ----------
    connection
        The open transaction.
    area
        Code of a neighbourhood or district.
    level
        Who asks.

    Returns
    -------
    dict of int
        By week, the latest first; 0 where a published week lists none there.
    """
    served = served_statement().subquery()
    if level is Disclosure.INTERNAL:
        touching = (
            select(_HOTSPOT.publication_id, func.count().label("n"))
            .join(tables.published_areas, _AREA.published_hotspot_id == _HOTSPOT.id)
            .where(_AREA.area_code == area)
            .group_by(_HOTSPOT.publication_id)
            .subquery()
        )
    else:
        touching = disclosed.touching(level, area).subquery()
    statement = (
        select(_PUBLICATION.week, func.coalesce(touching.c.n, 0))
        .join(served, served.c.id == _PUBLICATION.id)
        .outerjoin(touching, touching.c.publication_id == _PUBLICATION.id)
        .order_by(_PUBLICATION.week.desc())
    )
    return {Week.parse(week): int(n) for week, n in connection.execute(statement)}
