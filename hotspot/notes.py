"""
What professionals say of a hotspot, and what they do about it: apart from the counts, and never in them.

An area team confirms or rejects a hotspot, or remarks on it, and records an action: who does what, by when,
and how far it is. Notes are only ever added; a later one tells what has changed. Values only: the store
keeps them, lists and briefings show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.weeks import Week

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

MAX_TEXT = 2000
"""Characters of a note: a remark, not a file."""

MAX_NAME = 100
"""Characters of whoever writes or acts: a team or a function."""


class Verdict(StrEnum):
    """What the street says of what the numbers say."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REMARK = "remark"
    """Neither: it only adds something."""


class Status(StrEnum):
    """How far an action is, in the order in which it goes."""

    SIGNALLED = "signalled"
    INTERPRETED = "interpreted"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    EVALUATED = "evaluated"
    CLOSED = "closed"


_STEPS = tuple(Status)


@dataclass(frozen=True, slots=True)
class Action:
    """
    What is done about a hotspot.

    Parameters
    ----------
    what
        What is done.
    who
        The team or function that does it.
    due
        Day by which; absent if none was agreed.
    status
        How far it is.
    """

    what: str
    who: str
    due: dt.date | None
    status: Status


@dataclass(frozen=True, slots=True)
class Note:
    """
    One thing that a professional wrote about a hotspot: a verdict or an action.

    Parameters
    ----------
    hotspot_id
        The hotspot, by the name that it keeps from week to week.
    author
        Who wrote it.
    written_at
        When, in UTC.
    verdict
        What the author makes of the hotspot; absent in a note that only tells of an action.
    text
        The author's words; may be empty where there is an action.
    action
        What is done, as it stands from now on; absent in a note that only tells a verdict.
    """

    hotspot_id: str
    author: str
    written_at: dt.datetime
    verdict: Verdict | None
    text: str
    action: Action | None

    def __post_init__(self) -> None:
        """Refuse what says nothing, or more than fits."""
        mistakes = [
            *_text_mistakes("author", self.author, most=MAX_NAME, least=1),
            *_text_mistakes("text", self.text, most=MAX_TEXT, least=0 if self.action is not None else 1),
        ]
        if self.verdict is None and self.action is None:
            mistakes.append("a note must have a verdict or an action, got neither")
        if self.action is not None:
            mistakes += _text_mistakes("what", self.action.what, most=MAX_TEXT, least=1)
            mistakes += _text_mistakes("who", self.action.who, most=MAX_NAME, least=1)
        if mistakes:
            raise InvalidParameter(*mistakes)


def _text_mistakes(name: str, value: str, *, most: int, least: int) -> list[str]:
    """Say what is wrong with a text."""
    if not least <= len(value.strip()) or len(value) > most:
        return [f"{name} must have {least} to {most} characters, got {len(value.strip())}"]
    if any(ord(letter) < ord(" ") and letter not in "\n\t" for letter in value):
        return [f"{name} must not hold control characters, got {value!r}"]
    return []


@dataclass(frozen=True, slots=True)
class Dossier:
    """
    What is known of a hotspot beside its numbers.

    Parameters
    ----------
    verdict
        The latest verdict that is more than a remark; absent if nobody confirmed or rejected it.
    action
        The action as it stands; absent if there is none.
    notes
        All notes, the oldest first.
    """

    verdict: Verdict | None
    action: Action | None
    notes: tuple[Note, ...]

    def weeks_without_action(self, first_week: Week, week: Week) -> int:
        """
        Tell for how many weeks nobody has done anything about a hotspot that is listed.

        Parameters
        ----------
        first_week
            The first week in which it was listed.
        week
            The week that is looked at.

        Returns
        -------
        int
            Calendar weeks, the first counted; if its last action was closed, those since. 0 where an action
            is open, or where the hotspot was rejected.
        """
        if self.verdict is Verdict.REJECTED:
            return 0
        if self.action is None:
            return max(0, week.ordinal - first_week.ordinal + 1)
        if self.action.status is not Status.CLOSED:
            return 0
        closed = [note.written_at for note in self.notes if note.action is not None][-1]
        return max(0, week.ordinal - Week.containing(closed.date()).ordinal)


def dossier(notes: Sequence[Note]) -> Dossier:
    """
    Read how a hotspot stands from all that was written about it.

    Parameters
    ----------
    notes
        The notes about one hotspot, in the order in which they were written.

    Returns
    -------
    Dossier
        The latest verdict and the latest action.
    """
    verdicts = [note.verdict for note in notes if note.verdict not in {None, Verdict.REMARK}]
    actions = [note.action for note in notes if note.action is not None]
    return Dossier(
        verdict=verdicts[-1] if verdicts else None,
        action=actions[-1] if actions else None,
        notes=tuple(notes),
    )


def require_follows(note: Note, earlier: Dossier) -> None:
    """
    Make sure that an action goes forward; a closed one may be taken up again from the start.

    Parameters
    ----------
    note
        The note that is about to be added.
    earlier
        What there is already.

    Raises
    ------
    InvalidParameter
        If its action would go back.
    """
    if note.action is None or earlier.action is None:
        return
    before, after = earlier.action.status, note.action.status
    reopened = before is Status.CLOSED and after is Status.SIGNALLED
    if _STEPS.index(after) < _STEPS.index(before) and not reopened:
        onwards = ", ".join(_STEPS[_STEPS.index(before) :])
        raise InvalidParameter(f"status must not go back: it is {before}, then {onwards}; got {after}")
