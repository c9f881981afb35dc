"""`hotspot note`: what professionals say of a hotspot, and what they do about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.opening import opened, reading, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.notes import Action, Note, Status, Verdict
from hotspot.store import notes as stored

if TYPE_CHECKING:
    from hotspot.cli.options import Store as StoreUrl

HotspotId = Annotated[
    str, typer.Argument(metavar="ID", help="The hotspot's id, as in the list: it stays from week to week.")
]
Author = Annotated[
    str, typer.Option("--author", help="Who writes: a team or a function, such as 'area team East'.")
]


def add_verdict(
    hotspot_id: HotspotId,
    author: Author,
    text: Annotated[str, typer.Option("--text", help="What you know that the numbers do not.")],
    verdict: Annotated[
        Verdict, typer.Option("--verdict", help="What you make of the hotspot.")
    ] = Verdict.REMARK,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Confirm a hotspot, reject it, or remark on it.

    Notes stand apart from the counts: nothing that is written here changes a number or a rank.

    Example: `hotspot note add hs-3f2a91c07b44 --verdict confirmed --author "area team East" --text "Dealing
    behind the station, evenings."`
    """
    note = Note(hotspot_id, author, _now(), verdict, text, None)
    _add(note, store, Output(as_json))


def add_action(
    hotspot_id: HotspotId,
    author: Author,
    what: Annotated[str, typer.Option("--what", help="What is done.")],
    who: Annotated[str, typer.Option("--who", help="The team or function that does it.")],
    status: Annotated[Status, typer.Option("--status", help="How far it is.")] = Status.SIGNALLED,
    due: Annotated[
        dt.datetime | None,
        typer.Option("--due", formats=["%Y-%m-%d"], help="Day by which.", show_default=False),
    ] = None,
    text: Annotated[str, typer.Option("--text", help="What there is to add.", show_default=False)] = "",
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Record what is done about a hotspot, by whom, by when, and how far it is.

    An action goes signalled, interpreted, agreed, under_way, evaluated, closed, and never back; a closed one
    may be taken up again from the start.

    Example: `hotspot note action hs-3f2a91c07b44 --what "patrol on Fridays" --who "area team East" --due
    2026-12-04 --status agreed --author "area team East"`
    """
    action = Action(what, who, None if due is None else due.date(), status)
    _add(Note(hotspot_id, author, _now(), None, text, action), store, Output(as_json))


def list_notes(
    hotspot_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Only this hotspot.", show_default=False)
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Show what was written, the oldest first.

    Example: `hotspot note list hs-3f2a91c07b44`
    """
    output = Output(as_json)
    with reading(store) as connection:
        found = stored.notes_of(connection, None if hotspot_id is None else [hotspot_id])
    lines = [note for notes in found.values() for note in notes]
    output.result([asdict(note) for note in lines])
    output.table(
        "Notes",
        ["hotspot", "written (UTC)", "author", "verdict", "action", "who", "due", "status", "text"],
        [_row(note) for note in lines],
    )


def _row(note: Note) -> list[object]:
    """Write a note as cells."""
    action = note.action
    return [
        note.hotspot_id,
        note.written_at.strftime("%Y-%m-%d %H:%M"),
        note.author,
        "-" if note.verdict is None else str(note.verdict),
        *(
            ("-", "-", "-", "-")
            if action is None
            else (action.what, action.who, "-" if action.due is None else str(action.due), str(action.status))
        ),
        note.text,
    ]


def _add(note: Note, store: StoreUrl, output: Output) -> None:
    """Keep a note, or nothing."""
    with opened(store) as engine, transaction(engine) as connection:
        number = stored.add_note(connection, note)
    output.result({"note": number} | asdict(note))
    output.say(f"note {number} on {note.hotspot_id} kept")


def _now() -> dt.datetime:
    """Tell the time, in whole seconds."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
