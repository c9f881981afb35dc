"""What stands on one page, in words and drawings: the same for paper and for a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Item:
    """
    A hotspot on the page.

    Parameters
    ----------
    sign
        The badge by which table and map name it, as SVG.
    name
        What tells it from the others on the page: its theme, or its neighbourhood.
    about
        The other of the two, and what it is.
    rank, change, counts, against, window, lifecycle, hot_time
        The row of the table, as people read it; `window` is that of `against`.
    strip
        Its 24 hours as SVG; empty where the edition does not tell.
    why, changed
        One or two sentences each; empty where the edition does not tell.
    action
        How the action on it stands; empty where there is nothing to say.
    is_open
        Whether nobody has done anything about it yet.
    """

    sign: str
    name: str
    about: str
    rank: str
    change: str
    counts: str
    against: str
    window: str
    lifecycle: str
    hot_time: str
    strip: str
    why: str
    changed: str
    action: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Backing:
    """
    How last week's list of a theme did, and how complete this week is.

    Parameters
    ----------
    letter, colour, theme
        The theme as table and map name it.
    complete, ours, naive_12, naive_52
        Shares as people read them; a dash where there is none.
    """

    letter: str
    colour: str
    theme: str
    complete: str
    ours: str
    naive_12: str
    naive_52: str


@dataclass(frozen=True, slots=True)
class Briefing:
    """
    One page, in one language, ready for whichever form.

    Parameters
    ----------
    language
        `nl` or `en`.
    kicker, area, code
        What it is about, the wider before the narrower; code of the area, or of the municipality.
    title, days
        The week.
    facts
        Name and text of what is told in the head: as-of moment, completeness, edition.
    items
        The hotspots, by theme and rank; as many as may fit.
    more
        What to say below the table where only so many of the items are shown, by that number from 0.
    empty
        What to say instead of a table where there are no hotspots.
    lines
        What is told below the table: what is gone, and which rises there are.
    legend
        Letter, colour and name of each theme in the table.
    plan, week_hours
        Map and hours of the week as SVG; the second is empty where no hour is known.
    week_hours_said
        What the hours rest on.
    backing
        How last week's list did, by theme.
    footnote
        Method, error rates and sources.
    foot
        The line at the bottom of the page.
    said
        The fixed words of the language.
    """

    language: str
    kicker: str
    area: str
    code: str
    title: str
    days: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    more: tuple[str, ...]
    empty: tuple[str, ...]
    lines: tuple[str, ...]
    legend: tuple[tuple[str, str, str], ...]
    plan: str
    week_hours: str
    week_hours_said: str
    backing: tuple[Backing, ...]
    footnote: tuple[str, ...]
    foot: str
    said: Mapping[str, str]
