"""
Which hotspot of this week is which of the weeks before? Names that stay, with births, splits and merges.

Question: is a hotspot the same place as one that was listed before?
Cost: for each week the pairs of hotspots whose outlines or centroids are near, and the cube of the number of
hotspots for the assignment.
Source: the same place from `Rule` (METHODS 2.15, descriptive shift); Kuhn (1955), The Hungarian method for
the assignment problem.

The rule, in words:

1. *Same place.* Two hotspots of one theme and kind are one place if their outlines share three tenths of
   their union, or their centroids are at most 150 m apart, or they share three tenths of the incidents of
   the smaller. A hotspot is compared with the outline that was seen last, so one that drifts is followed.
2. *One to one.* Among all pairs that may be one place, those are chosen that together are most alike: the
   sum, over the pairs, of nearness, shared outline, shared incidents and size. So of two parts of a place the
   nearer and larger keeps the name. Between almost equal pairs the place that was listed longer and later and
   the hotspot with more events go first.
3. *Gaps.* A place that is not listed is remembered for so many weeks; a week without a run counts as one in
   which it was not listed. When it is back in time it keeps its name; later it is born anew.
4. *Splits.* A hotspot that takes over nobody's name, but continues a place whose name went to another, was
   split from it. It continues it if the two share a fifth of the smaller outline or three tenths of the
   smaller's incidents.
5. *Merges.* A place of last week that is not found again, but continues in a hotspot that has another's name,
   was merged into that. Its name ends there.
6. *Names.* A place is named once, by the id of the hotspot with which it began, and no name is given twice.

What is remembered after a week is all that the next one needs: following a history in parts, from any week
on, gives the same as following it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from scipy.optimize import linear_sum_assignment

from hotspot.errors import InvalidParameter
from hotspot.same_place import RULE, Place, compared

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from hotspot.model import Hotspot
    from hotspot.same_place import Fit, Rule
    from hotspot.weeks import Week


class Event(StrEnum):
    """What happened to a place since the run before."""

    NEW = "new"
    """Listed for the first time, or not within the weeks that are remembered."""
    CONTINUED = "continued"
    """Listed the week before as well."""
    RETURNED = "returned"
    """Listed before, but not the week before."""
    SPLIT = "split"
    """New, and part of a place whose name went to another."""
    MERGED = "merged"
    """Listed before; another place has merged into it."""


class End(StrEnum):
    """Why a place of the run before is not listed."""

    ENDED = "ended"
    """It is listed no longer; it keeps its name if it returns in time."""
    MERGED = "merged"
    """It has become part of another; its name ends."""


@dataclass(frozen=True, slots=True)
class Memory:
    """
    What following remembers from one week to the next.

    Parameters
    ----------
    week
        The last week that was followed; absent before the first.
    places
        Places that may be listed again under their name, ordered by it.
    names
        All names ever given.
    """

    week: Week | None
    places: tuple[Place, ...]
    names: frozenset[str]


_NO_NAMES: Mapping[str, str] = MappingProxyType({})

EMPTY = Memory(None, (), frozenset())
"""Before the first week."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One hotspot of a week and the place that it is.

    Parameters
    ----------
    hotspot_id
        Id that the detection gave it.
    id
        Name of the place, the same in all weeks.
    event
        What happened to it.
    event_from
        Names of the places that it was split from, or that have merged into it, the most alike first.
    gap_weeks
        Weeks in which it was not listed since it was seen last.
    first_week
        When it was listed first.
    weeks_listed
        In how many weeks it was listed, this one counted.
    """

    hotspot_id: str
    id: str
    event: Event
    event_from: tuple[str, ...]
    gap_weeks: int
    first_week: Week
    weeks_listed: int


@dataclass(frozen=True, slots=True)
class Gone:
    """
    A place of the run before that is not listed.

    Parameters
    ----------
    id
        Its name.
    event
        Why it is not listed.
    into
        Name of the place that it has merged into; absent where it has not.
    """

    id: str
    event: End
    into: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """
    One week of a history.

    Parameters
    ----------
    week
        The week.
    entries
        One for each hotspot of the week, ordered by the detection's id.
    gone
        Places of the run before that are not listed, ordered by name.
    memory
        What the next week needs.
    """

    week: Week
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...]
    memory: Memory

    def by_hotspot(self) -> dict[str, Entry]:
        """
        Find the entries by the detection's ids.

        Returns
        -------
        dict of Entry
            Each entry by its `hotspot_id`.
        """
        return {entry.hotspot_id: entry for entry in self.entries}


def follow(
    weeks: Iterable[tuple[Week, Sequence[Hotspot]]],
    *,
    memory: Memory = EMPTY,
    rule: Rule = RULE,
    names: Mapping[str, str] = _NO_NAMES,
) -> tuple[Followed, ...]:
    """
    Give each hotspot the name of the place that it is, week after week.

    Parameters
    ----------
    weeks
        Weeks in the order of time, each with its hotspots of all themes and kinds in any order. Weeks may be
        missing.
    memory
        What was remembered after the week before the first.
    rule
        What one place is.
    names
        Names, by the ids of hotspots, that places get which begin with these; without one a place is named by
        the id. A name that was given to another place is not given again.

    Returns
    -------
    tuple of Followed
        One for each week.

    Raises
    ------
    InvalidParameter
        If the weeks are not in order, one is not after those remembered, or one has two hotspots of one id.
    """
    history = []
    for week, hotspots in weeks:
        followed = _next_week(week, hotspots, memory, rule, names)
        history.append(followed)
        memory = followed.memory
    return tuple(history)


def _next_week(
    week: Week, hotspots: Sequence[Hotspot], memory: Memory, rule: Rule, given_names: Mapping[str, str]
) -> Followed:
    """Follow one week more."""
    # What stands first in the input must not decide anything, so both sides are ordered by name.
    present = sorted(hotspots, key=lambda hotspot: hotspot.id)
    _require(week, present, memory)
    places = [place for place in memory.places if place.gap_weeks(week) <= rule.max_gap_weeks]
    fit = compared(places, present, week, rule)
    place_of = _assigned(fit)
    merged = _merged(fit, place_of, [place.last_week == memory.week for place in places])
    own = [given_names.get(hotspot.id, hotspot.id) for hotspot in present]
    names = _named(present, place_of, places, memory.names, own)
    entries = tuple(
        _entry(hotspot, names[j], week, places[place_of[j]], _ids(merged.get(j, ()), places))
        if j in place_of
        else _birth(hotspot, names[j], week, _ids(_parents(j, fit, place_of), places))
        for j, hotspot in enumerate(present)
    )
    into = {places[i].id: names[j] for j, absorbed in merged.items() for i in absorbed}
    gone = tuple(
        Gone(place.id, End.MERGED if place.id in into else End.ENDED, into.get(place.id))
        for place in memory.places
        if place.last_week == memory.week and place.id not in names
    )
    unseen = [place for place in places if place.id not in names and place.id not in into]
    seen = [_seen(hotspot, entry, week) for hotspot, entry in zip(present, entries, strict=True)]
    remembered = tuple(sorted([*unseen, *seen], key=lambda place: place.id))
    return Followed(week, entries, gone, Memory(week, remembered, memory.names.union(names)))


def _require(week: Week, present: Sequence[Hotspot], memory: Memory) -> None:
    """Refuse a week that is not later, and one that names two hotspots alike."""
    if memory.week is not None and week <= memory.week:
        raise InvalidParameter(f"weeks are followed in order, got {week} after {memory.week}")
    twice = [one.id for one, other in pairwise(present) if one.id == other.id]
    if twice:
        raise InvalidParameter(f"{week} must name each hotspot once, got {twice[0]} more than once")


def _assigned(fit: Fit) -> dict[int, int]:
    """Choose the pairs that together are most alike; gives the place of each hotspot that has one."""
    old, new = linear_sum_assignment(fit.likeness, maximize=True)
    # An assignment fills up with pairs that are no one place, whose likeness is nothing.
    return {j: i for i, j in zip(old.tolist(), new.tolist(), strict=True) if fit.likeness[i, j] > 0}


def _parents(j: int, fit: Fit, place_of: Mapping[int, int]) -> list[int]:
    """List the places that a hotspot without a name continues although another has their name."""
    return sorted((i for i in sorted(place_of.values()) if fit.part[i, j] > 0), key=lambda i: -fit.part[i, j])


def _merged(fit: Fit, place_of: Mapping[int, int], is_recent: Sequence[bool]) -> dict[int, list[int]]:
    """List, for each hotspot with a name, the places of the run before that end in it."""
    named = sorted(place_of)
    lost = [i for i, recent in enumerate(is_recent) if recent and i not in place_of.values()]
    merged: dict[int, list[int]] = {}
    for i in sorted(lost, key=lambda i: -fit.part[i].max(initial=0.0)):
        into = max(named, key=lambda j: fit.part[i, j], default=None)
        if into is not None and fit.part[i, into] > 0:
            merged.setdefault(into, []).append(i)
    return merged


def _named(
    present: Sequence[Hotspot],
    place_of: Mapping[int, int],
    places: Sequence[Place],
    given: frozenset[str],
    own: Sequence[str],
) -> list[str]:
    """Name each hotspot after its place, or by its own name where that was never given."""
    used = set(given)
    names = []
    for j, hotspot in enumerate(present):
        unnamed = own[j] if own[j] not in used else hotspot.id
        name = places[place_of[j]].id if j in place_of else _unused(unnamed, used)
        used.add(name)
        names.append(name)
    return names


def _unused(name: str, used: Container[str]) -> str:
    """Put a number behind a name that was given before, which ids are made to avoid."""
    numbered = (f"{name}-{number}" for number in count(2))
    return next(free for free in chain([name], numbered) if free not in used)


def _ids(indices: Iterable[int], places: Sequence[Place]) -> tuple[str, ...]:
    """Give the names of some places."""
    return tuple(places[i].id for i in indices)


def _entry(hotspot: Hotspot, name: str, week: Week, place: Place, absorbed: tuple[str, ...]) -> Entry:
    """Write down a place that was listed before."""
    gap_weeks = place.gap_weeks(week)
    event = Event.MERGED if absorbed else Event.RETURNED if gap_weeks > 0 else Event.CONTINUED
    return Entry(hotspot.id, name, event, absorbed, gap_weeks, place.first_week, place.weeks_listed + 1)


def _birth(hotspot: Hotspot, name: str, week: Week, split_from: tuple[str, ...]) -> Entry:
    """Write down a place that is listed for the first time."""
    return Entry(hotspot.id, name, Event.SPLIT if split_from else Event.NEW, split_from, 0, week, 1)


def _seen(hotspot: Hotspot, entry: Entry, week: Week) -> Place:
    """Remember a place as it was seen."""
    return Place(
        entry.id,
        hotspot.theme,
        hotspot.kind,
        hotspot.footprint,
        hotspot.centroid_xy_m,
        frozenset(hotspot.members),
        entry.first_week,
        week,
        entry.weeks_listed,
    )
