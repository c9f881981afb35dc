"""One row of the list in words: its rank, its change, its counts, its hours and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.notes import dossier
from hotspot.report import figures
from hotspot.report.words import DASH, DAYS, words
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.notes import Note
    from hotspot.report.published import Json

UP, DOWN, SAME = "\u25b2", "\u25bc", "="
"""Signs of a hotspot that rose, fell or stayed."""

_DAY_HOURS = 24
_VERDICTS = {"confirmed": "verdict_confirmed"}
"""A verdict and a grade share a code, not a word."""
_WEEKS_SHOWN = ("weeks_1", "weeks_4", "weeks_12")


def rank(row: Json, *, is_tied: bool) -> str:
    """
    Write a rank with its interval.

    Parameters
    ----------
    row
        Properties of a hotspot.
    is_tied
        Whether it shares its place with others: all of them are given the place of the first.

    Returns
    -------
    str
        Such as `2 (1-4)`, or `2= (1-4)` for a shared place; without interval in editions that know none.
    """
    lower, upper = row.get("rank_lower"), row.get("rank_upper")
    place = f"{row['tie']}{SAME}" if is_tied else str(row["rank"])
    return place if lower is None or upper is None else f"{place} ({lower}{DASH}{upper})"


def change(row: Json, language: str) -> str:
    """
    Write how a hotspot stands against last week.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        An arrow with the number of places, or a word for one that was not listed or has split or merged.
    """
    said, event, before = words(language), row.get("event"), row.get("previous_rank")
    if before is None:
        return said[event] if event in {"new", "returned", "split", "merged"} else DASH
    places = before - row["rank"]
    moved = SAME if places == 0 else f"{UP if places > 0 else DOWN}{abs(places)}"
    return f"{moved} {said[event]}" if event in {"split", "merged"} else moved


def where(row: Json, language: str) -> str:
    """
    Name the neighbourhood that holds most of a hotspot.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Its name; its code where it has none.
    """
    name = row.get("neighbourhood_name") or row.get("neighbourhood")
    return words(language)["nowhere"] if name is None else str(name)


def counts(row: Json) -> str:
    """
    Write the incidents of the last week, four weeks and twelve weeks.

    Parameters
    ----------
    row
        Properties of a hotspot.

    Returns
    -------
    str
        Such as `3 / 9 / 11`; a dash where the edition does not tell.
    """
    told = row.get("counts")
    return DASH if told is None else " / ".join(str(told.get(weeks, DASH)) for weeks in _WEEKS_SHOWN)


def against(row: Json, language: str) -> str:
    """
    Write what was counted in the window against what was to be expected.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `8 / 1.2`.
    """
    return f"{row['observed']} / {figures.expectation(row.get('expected'), language)}"


def window(row: Json, language: str) -> str:
    """
    Write in which window a hotspot was counted, which is its own and not that of other columns.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `in 52 wk`.
    """
    return words(language)["in_weeks"].format(weeks=row["window_weeks"])


def lifecycle(row: Json, language: str) -> str:
    """
    Name the lifecycle of a hotspot.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The word, or a dash.
    """
    return words(language)[row.get("lifecycle") or "none"]


def kind_and_form(row: Json, language: str) -> str:
    """
    Write what a hotspot is.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `acute, hot line`; a pile-up is named with it.
    """
    said = words(language)
    text = f"{said[row['kind']]}, {said[row['form']]}"
    return f"{text}; {said['pile_up']}" if row.get("pile_up") else text


def few_data(row: Json, language: str) -> str:
    """
    Say where the rank of a hotspot rests on few events.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        That it does; empty where it does not, or the edition does not tell.
    """
    return words(language)["few_data"] if row.get("too_little_data") else ""


def grade(row: Json, language: str) -> str:
    """
    Write how sure a hotspot is.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The grade, and whether its rank rests on few data.
    """
    return ", ".join(part for part in (words(language)[row["grade"]], few_data(row, language)) if part)


def hot_time(row: Json, language: str) -> str:
    """
    Write the hours that hold most of a hotspot, where they are a pattern.

    Parameters
    ----------
    row
        Properties of a hotspot, or another value with `hot_times`.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Such as `vr-za 22-01`; a dash where there is no pattern.
    """
    told = row.get("hot_times")
    if not told or not told.get("is_pattern") or told.get("peak") is None:
        return DASH
    peak = told["peak"]
    parts = []
    if peak.get("weekdays"):
        first, last = (DAYS[language][day - 1] for day in (peak["weekdays"][0], peak["weekdays"][-1]))
        parts.append(first if len(peak["weekdays"]) == 1 else f"{first}{DASH}{last}")
    if peak["hours"] < _DAY_HOURS:
        end = (peak["start_hour"] + peak["hours"]) % _DAY_HOURS
        parts.append(f"{peak['start_hour']:02d}{DASH}{end:02d}")
    return " ".join(parts) or DASH


def caveats(row: Json, language: str) -> str:
    """
    Write what a reader should mind.

    Parameters
    ----------
    row
        Properties of a hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The caveats, comma between; empty where there are none.
    """
    said = words(language)
    names = {"pile_up": "pile_up_caveat"}
    return ", ".join(said.get(names.get(one, one), one) for one in row.get("caveats", ()))


def action(notes: Sequence[Note], language: str) -> str:
    """
    Write how the action on a hotspot stands, and what the street made of it.

    Parameters
    ----------
    notes
        The notes about it, the oldest first.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The latest verdict, action and day by which; empty where nobody wrote any.
    """
    said, found = words(language), dossier(notes)
    parts = []
    if found.verdict is not None:
        parts.append(said[_VERDICTS.get(found.verdict, found.verdict)])
    if found.action is not None:
        parts.append(f"{said[found.action.status]}: {found.action.what} ({found.action.who})")
        if found.action.due is not None:
            parts.append(said["until"].format(day=figures.day(found.action.due, language)))
    if not parts and notes:
        parts.append(f"{said['remark']}: {notes[-1].text}")
    # A note may have lines; a table has one for each hotspot.
    return " ".join(", ".join(parts).split())


def open_weeks(row: Json, notes: Mapping[str, Sequence[Note]]) -> int:
    """
    Tell for how many weeks nobody has done anything about a hotspot.

    Parameters
    ----------
    row
        Properties of a hotspot.
    notes
        What professionals wrote, by hotspot.

    Returns
    -------
    int
        Weeks since it was first listed, the first counted; 0 where there is an action or it was rejected.
    """
    week = Week.parse(row["week"])
    first = row.get("first_week")
    found = dossier(notes.get(row["id"], ()))
    return found.weeks_without_action(week if first is None else Week.parse(first), week)


def state_of_action(row: Json, notes: Mapping[str, Sequence[Note]], language: str) -> str:
    """
    Write how the action on a hotspot stands, or for how many weeks there has been none.

    Parameters
    ----------
    row
        Properties of a hotspot.
    notes
        What professionals wrote, by hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        What was written, the weeks without action, or both; a dash where there is nothing to say.
    """
    said, weeks = words(language), open_weeks(row, notes) if "first_week" in row else 0
    parts = [action(notes.get(row["id"], ()), language)]
    if weeks > 0:
        parts.append(said["no_action"].format(weeks=weeks) if weeks > 1 else said["no_action_yet"])
    return "; ".join(part for part in parts if part) or DASH


def action_in_short(row: Json, notes: Mapping[str, Sequence[Note]], language: str) -> str:
    """
    Write how far the action on a hotspot is, in a word or two.

    Parameters
    ----------
    row
        Properties of a hotspot.
    notes
        What professionals wrote, by hotspot.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The status of the action, else the weeks without one, else the verdict; a dash where there is nothing.
    """
    said, found = words(language), dossier(notes.get(row["id"], ()))
    if found.action is not None:
        return said[found.action.status]
    weeks = open_weeks(row, notes) if "first_week" in row else 0
    if weeks > 0:
        return said["open"].format(weeks=weeks)
    return DASH if found.verdict is None else said[_VERDICTS.get(found.verdict, found.verdict)]
