"""The weekly lists as rows, for whoever asks the database itself; see the view `ranked_hotspots`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import func, insert, select

from hotspot.errors import NotFound
from hotspot.model import Kind
from hotspot.same_place import Place
from hotspot.store import tables
from hotspot.store.runs import find_run_id
from hotspot.store.shapes import from_ewkb, raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import Polygon
    from sqlalchemy import Connection

    from hotspot.editions import Edition, RankedHotspot
    from hotspot.weeks import Week


def write_rankings(
    connection: Connection,
    edition: Edition,
    ranked: Sequence[RankedHotspot],
    *,
    detected_as: Mapping[str, str] | None = None,
) -> None:
    """
    Store the list of an edition beside the run that it was made from; a list that is there stays.

    Parameters
    ----------
    connection
        The open transaction, the one in which the edition was written.
    edition
        The edition.
    ranked
        The rows of all themes; their hotspots are those of the week's newest run.
    detected_as
        The run's id of each hotspot by the id that it keeps; absent where the two are the same.

    Raises
    ------
    NotFound
        If the edition or one of the hotspots is not stored.
    """
    publication_id = connection.scalar(
        select(tables.publications.c.id).where(
            tables.publications.c.week == str(edition.week), tables.publications.c.number == edition.number
        )
    )
    if publication_id is None:
        raise NotFound(f"{edition.week} has not been published in an edition {edition.number}")
    written = select(func.count()).where(tables.rankings.c.publication_id == publication_id)
    if connection.scalar(written) or not ranked:
        return
    numbers = _row_ids(connection, find_run_id(connection, edition.week))
    ids = {row.hotspot.id: row.hotspot.id for row in ranked} | dict(detected_as or {})
    missing = [ids[row.hotspot.id] for row in ranked if ids[row.hotspot.id] not in numbers]
    if missing:
        raise NotFound(f"the newest run of {edition.week} has no hotspot {missing[0]!r}")
    rows = [
        {
            "publication_id": publication_id,
            "theme": row.hotspot.theme,
            "rank": row.rank,
            "score": float(row.score),
            "previous_rank": row.previous_rank,
            "hotspot_row_id": numbers[ids[row.hotspot.id]],
            "followed_id": row.hotspot.id,
            "rank_lower": row.rank_lower,
            "rank_upper": row.rank_upper,
        }
        for row in ranked
    ]
    connection.execute(insert(tables.rankings), rows)


def _row_ids(connection: Connection, run_id: int | None) -> dict[str, int]:
    """Tell the row of each hotspot of a run."""
    statement = select(tables.hotspots.c.hotspot_id, tables.hotspots.c.id).where(
        tables.hotspots.c.run_id == run_id
    )
    return {row.hotspot_id: row.id for row in connection.execute(statement)}


def published_places(connection: Connection, week: Week) -> tuple[Place, ...]:
    """
    Give the places of a week under the names with which its newest edition was published.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.

    Returns
    -------
    tuple of Place
        As if seen the week before, to be compared with what a new detection of the week finds; none where the
        week was not published, or in early editions, whose names did not stay.
    """
    before = week.plus(-1)
    return tuple(
        Place(
            id=str(row.followed_id),
            theme=str(row.theme),
            kind=Kind(row.kind),
            footprint=cast("Polygon", from_ewkb(row.shape)),
            centroid_xy_m=(row.centroid_x_m, row.centroid_y_m),
            members=frozenset(json.loads(row.members)),
            first_week=before,
            last_week=before,
            weeks_listed=1,
        )
        for row in _listed(connection, week, func.max)
        if row.followed_id is not None
    )


def first_listed(connection: Connection, week: Week) -> dict[str, list[Polygon]] | None:
    """
    Give the footprints of the list of a week as it was handed out first, before any correction.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.

    Returns
    -------
    dict of list of Polygon or None
        By theme, in the municipality's plane; None where the week was not published. A theme without hotspots
        is absent.
    """
    published = select(func.count()).where(tables.publications.c.week == str(week))
    if not connection.scalar(published):
        return None
    found: dict[str, list[Polygon]] = {}
    for row in _listed(connection, week, func.min):
        found.setdefault(str(row.theme), []).append(cast("Polygon", from_ewkb(row.shape)))
    return found


def _listed(connection: Connection, week: Week, which: Any) -> Sequence[Any]:  # noqa: ANN401 -- min or max.
    """Read the hotspots of the first or of the newest edition of a week, in the order of the list."""
    publication, ranking, hotspot = tables.publications.c, tables.rankings.c, tables.hotspots.c
    number = select(which(publication.number)).where(publication.week == str(week)).scalar_subquery()
    statement = (
        select(
            ranking.followed_id,
            ranking.theme,
            hotspot.kind,
            raw(hotspot.geometry).label("shape"),
            hotspot.centroid_x_m,
            hotspot.centroid_y_m,
            hotspot.members,
        )
        .join(tables.publications, publication.id == ranking.publication_id)
        .join(tables.hotspots, hotspot.id == ranking.hotspot_row_id)
        .where(publication.week == str(week), publication.number == number)
        .order_by(ranking.theme, ranking.rank)
    )
    return connection.execute(statement).all()
