"""The weekly lists as rows, for whoever asks the database itself; see the view `ranked_hotspots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from hotspot.errors import NotFound
from hotspot.store import tables
from hotspot.store.runs import find_run_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from hotspot.editions import Edition, RankedHotspot


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
