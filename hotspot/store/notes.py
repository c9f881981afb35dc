"""Notes of professionals: only ever added, and apart from all that is counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import func, insert, select

from hotspot.errors import NotFound
from hotspot.notes import Action, Note, Status, Verdict, dossier, require_follows
from hotspot.store import tables
from hotspot.store.ids import next_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

_NOTE = tables.notes.c
_HOTSPOT = tables.published_hotspots.c


def add_note(connection: Connection, note: Note) -> int:
    """
    Add a note.

    Parameters
    ----------
    connection
        The open transaction.
    note
        The note; `written_at` is kept in whole seconds.

    Returns
    -------
    int
        Its number.

    Raises
    ------
    NotFound
        If no such hotspot was ever published.
    InvalidParameter
        If its action would go back.
    """
    published = select(func.count()).where(_HOTSPOT.hotspot_id == note.hotspot_id)
    if not connection.scalar(published):
        raise NotFound(f"there is no hotspot {note.hotspot_id!r}")
    require_follows(note, dossier(notes_of(connection, [note.hotspot_id]).get(note.hotspot_id, ())))
    number = next_id(connection, tables.notes)
    action = note.action
    connection.execute(
        insert(tables.notes).values(
            id=number,
            hotspot_id=note.hotspot_id,
            author=note.author,
            written_at_s=int(note.written_at.timestamp()),
            verdict=None if note.verdict is None else note.verdict.value,
            text=note.text,
            what=None if action is None else action.what,
            who=None if action is None else action.who,
            due=None if action is None or action.due is None else action.due.isoformat(),
            status=None if action is None else action.status.value,
        )
    )
    return number


def notes_of(
    connection: Connection, hotspot_ids: Sequence[str] | None = None
) -> Mapping[str, tuple[Note, ...]]:
    """
    Read the notes about some hotspots.

    Parameters
    ----------
    connection
        The open transaction.
    hotspot_ids
        The hotspots; absent for all.

    Returns
    -------
    dict of tuple of Note
        By hotspot, the oldest first; a hotspot without notes is absent.
    """
    statement = select(tables.notes).order_by(_NOTE.id)
    if hotspot_ids is not None:
        statement = statement.where(_NOTE.hotspot_id.in_(hotspot_ids))
    found: dict[str, list[Note]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.hotspot_id].append(_note(row))
    return {name: tuple(notes) for name, notes in found.items()}


def touched_areas(connection: Connection, hotspot_id: str) -> frozenset[str]:
    """
    Tell which areas a published hotspot touches, in any of its weeks.

    Parameters
    ----------
    connection
        The open transaction.
    hotspot_id
        The hotspot, by the name that it keeps from week to week.

    Returns
    -------
    frozenset of str
        Codes of neighbourhoods and districts; empty if no such hotspot was ever published.
    """
    statement = (
        select(tables.published_areas.c.area_code)
        .join(tables.published_hotspots, _HOTSPOT.id == tables.published_areas.c.published_hotspot_id)
        .where(_HOTSPOT.hotspot_id == hotspot_id)
        .distinct()
    )
    return frozenset(connection.scalars(statement))


def _note(row: Row[*tuple[Any, ...]]) -> Note:
    """Make a note from its row."""
    action = None
    if row.status is not None:
        due = None if row.due is None else dt.date.fromisoformat(row.due)
        action = Action(row.what, row.who, due, Status(row.status))
    return Note(
        hotspot_id=row.hotspot_id,
        author=row.author,
        written_at=dt.datetime.fromtimestamp(row.written_at_s, dt.UTC),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        text=row.text,
        action=action,
    )
