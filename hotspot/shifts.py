"""
Did a fall here come with a rise nearby, at another time of day, or in another kind of incident.

Question: did incidents of a theme go from a place to the ring around it, from one part of the day to another,
or from one subtheme to another?
Null: place and ring are as their own past and the city's lead to expect (`rings`); weeks are exchangeable, so
that the last ones are mixed like those before them (`stats.mix`).
Cost: that of `rings`, and 4,845 ways to choose 4 of 20 weeks for each mix that is not plainly as before.
Reference: as in `rings` and `stats.mix`; Benjamini & Hochberg (1995) over all of them.

The mixes of a hotspot that was listed for its last weeks are not tested: they are part of why it was listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.rings import RINGS_M, STEP_WEEKS, ring_tests, steps_of, zone_counts
from hotspot.stats.counts import open_share
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.mix import choices, mix_test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from hotspot.rings import Place, RingTest, Surroundings
    from hotspot.stats.effect import Effect
    from hotspot.stats.mix import MixTest

FALSE_SHARE = 0.1
"""Share of false shifts among all reported ones that is accepted."""

AFTER_WEEKS = STEP_WEEKS
"""The weeks whose mix is looked at."""
BEFORE_WEEKS = 16
"""
The weeks that mix is compared with.

Of 12 weeks and 4 more only 1,820 choices can be made, too few for a p-value to survive some hundred tests.
"""

LEAST_EVENTS = 40
"""Events in all 20 weeks that a mix needs: ten a part of the day."""


class Kind(StrEnum):
    """Where to incidents went."""

    PLACE = "place"
    HOUR = "hour"
    SUBTHEME = "subtheme"


class Part(NamedTuple):
    """A part of the day with its name."""

    key: str
    label: Label


PARTS = (
    Part("night", Label("'s nachts (0-6 uur)", "at night (0-6 h)")),
    Part("morning", Label("'s ochtends (6-12 uur)", "in the morning (6-12 h)")),
    Part("afternoon", Label("'s middags (12-18 uur)", "in the afternoon (12-18 h)")),
    Part("evening", Label("'s avonds (18-24 uur)", "in the evening (18-24 h)")),
)
"""Six hours each, from midnight."""
_PART_HOURS = 6


@dataclass(frozen=True, slots=True)
class Events:
    """
    Events up to the judged week, one array per column and in any order.

    Parameters
    ----------
    theme, subtheme
        Numbers of theme and subtheme, shape (n,).
    week
        `Week.ordinal`, shape (n,).
    hour
        Local hour, 0 to 23; -1 where it is not known to the hour, shape (n,).
    """

    theme: NDArray[np.int64]
    subtheme: NDArray[np.int64]
    week: NDArray[np.int64]
    hour: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Displaced:
    """
    A shift beyond chance.

    Parameters
    ----------
    theme
        Number of the theme.
    kind
        What sort of shift.
    place, place_name
        Id and name of the place that it is about.
    away_from, to
        The place's id and `ring_250` or `ring_500`; a part of the day; or numbers of subthemes as text.
    fall, rise
        Events in the last four weeks fewer and more than expected (place), or than in four weeks before (hour
        and subtheme); both above 0.
    net
        What place and ring together gained or lost beside the rest of the city (weighted displacement
        difference); absent for hour and subtheme.
    p_value
        That of the weaker half of the claim.
    q_value
        Adjusted for all tests (Benjamini & Hochberg).
    said
        The shift as a sentence.
    """

    theme: int
    kind: Kind
    place: str
    place_name: str
    away_from: str
    to: str
    fall: float
    rise: float
    net: Effect | None
    p_value: float
    q_value: float
    said: Label


@dataclass(frozen=True, slots=True)
class Shifts:
    """
    The shifts of one week.

    Parameters
    ----------
    tests
        Shifts that were asked about.
    rows
        Those beyond chance, by p-value, theme, kind and place.
    """

    tests: int
    rows: tuple[Displaced, ...]


class _Asked(NamedTuple):
    """One test: everything but the adjusted value; the sentence is only made for what is beyond chance."""

    theme: int
    kind: Kind
    place: Place
    away_from: str
    to: str
    fall: float
    rise: float
    net: Effect | None
    p_value: float
    say: Callable[[], Label]


class _Names(NamedTuple):
    """How people read numbers of themes and subthemes."""

    themes: Sequence[Label]
    subthemes: Sequence[Label]


def shifts(
    events: Events,
    places: Sequence[Place],
    near: Surroundings,
    *,
    week: int,
    first_week: int,
    themes: Sequence[Label],
    subthemes: Sequence[Label],
    q: float = FALSE_SHARE,
) -> Shifts:
    """
    Find the shifts of the last four weeks that are beyond chance.

    Parameters
    ----------
    events
        The events; those after `week` are not looked at.
    places
        The places: neighbourhoods, and hotspots listed before. A place of which all events are wanted, the
        city, may have only zone 0.
    near
        Which events lie in each and around it.
    week
        Ordinal of the judged week, the last of the four.
    first_week
        Ordinal of the first week in which events were counted.
    themes, subthemes
        How people read the numbers of themes and subthemes.
    q
        Share of false shifts among all reported ones that is accepted.

    Returns
    -------
    Shifts
        Without a test about places where there are fewer than 36 weeks, about mixes with fewer than 20.

    Raises
    ------
    InvalidParameter
        If the first week lies after the judged one.
    """
    share = open_share(q, name="q")
    if first_week > week:
        raise InvalidParameter(f"first_week must not lie after week {week}, got {first_week}")
    names = _Names(themes, subthemes)
    weeks = week - first_week + 1
    # Places in an order of their own: the same input in any order gives the same bits.
    order = sorted(range(len(places)), key=lambda number: (places[number].id, places[number].theme or 0))
    places, near = [places[number] for number in order], near.renumbered(order)
    asked: list[_Asked] = []
    if steps_of(weeks) > 0:
        asked += _between_places(events, places, near, week, steps_of(weeks), names)
    if weeks >= AFTER_WEEKS + BEFORE_WEEKS:
        asked += _between_parts(events, places, near, week, names)
    q_values = benjamini_hochberg(np.array([one.p_value for one in asked], np.float64))
    rows = [
        Displaced(
            theme=one.theme,
            kind=one.kind,
            place=one.place.id,
            place_name=one.place.name,
            away_from=one.away_from,
            to=one.to,
            fall=one.fall,
            rise=one.rise,
            net=one.net,
            p_value=one.p_value,
            q_value=float(value),
            said=one.say(),
        )
        for one, value in zip(asked, q_values, strict=True)
        if value <= share
    ]
    return Shifts(
        len(asked), tuple(sorted(rows, key=lambda row: (row.p_value, row.theme, row.kind, row.place, row.to)))
    )


def _between_places(
    events: Events, places: Sequence[Place], near: Surroundings, week: int, steps: int, names: _Names
) -> Iterator[_Asked]:
    """Ask of every place that fell whether a ring around it rose."""
    # Step `steps - 1` is the last four weeks; negative steps lie before all that is looked at.
    step = steps - 1 - (week - events.week) // STEP_WEEKS
    themes = len(names.themes)
    counts = zone_counts(near, events.theme, step, themes=themes, places=len(places), steps=steps)
    known = (step >= 0) & (step < steps)
    for theme in range(themes):
        city = np.bincount(step[known & (events.theme == theme)], minlength=steps)
        rows = [row for row, place in enumerate(places) if place.has(theme)]
        if city[:-1].sum() == 0 or not rows:
            continue
        was_listed = np.array([places[row].was_listed for row in rows], bool)
        for found in ring_tests(counts[theme, rows], city, was_listed=was_listed):
            yield _of_ring(theme, places[rows[found.place]], found, names)


def _of_ring(theme: int, place: Place, found: RingTest, names: _Names) -> _Asked:
    """Take what a test of a ring found."""
    fall, rise = found.inside_expected - found.inside, found.around - found.around_expected
    to, say = f"ring_{RINGS_M[found.ring]:.0f}", partial(_said_of_ring, names.themes[theme], place, found)
    return _Asked(theme, Kind.PLACE, place, place.id, to, fall, rise, found.net, found.p_value, say)


def _said_of_ring(theme: Label, place: Place, found: RingTest) -> Label:
    """Say what a test of a ring found."""
    what, edge_m = _inside(theme), f"{RINGS_M[found.ring]:.0f}"
    inside, around = f"{found.inside_expected:.1f}", f"{found.around_expected:.1f}"
    where = Label(f"in de ring van {edge_m} m eromheen", f"in the ring of {edge_m} m around it")
    if found.ring > 0:
        inner_m = f"{RINGS_M[found.ring - 1]:.0f}"
        where = Label(f"op {inner_m} tot {edge_m} m afstand", f"at {inner_m} to {edge_m} m from it")
    return Label(
        nl=f"Minder {what.nl} in {place.name} ({found.inside} in vier weken, {inside.replace('.', ',')} "
        f"verwacht), meer {where.nl} ({found.around}, {around.replace('.', ',')} verwacht).",
        en=f"Less {what.en} in {place.name} ({found.inside} in four weeks, {inside} expected), "
        f"more {where.en} ({found.around}, {around} expected).",
    )


def _between_parts(
    events: Events, places: Sequence[Place], near: Surroundings, week: int, names: _Names
) -> list[_Asked]:
    """Ask of every place whether its hours or subthemes are mixed otherwise than before."""
    weeks = AFTER_WEEKS + BEFORE_WEEKS
    number = events.week - (week - weeks + 1)
    used = np.flatnonzero(((number >= 0) & (number < weeks))[near.event] & (near.zone == 0))
    free = np.array([not place.was_listed for place in places], bool)
    used = used[free[near.place[used]]]
    place, event = near.place[used], near.event[used]
    ways = choices(weeks, last=AFTER_WEEKS)
    part = np.where(events.hour >= 0, events.hour // _PART_HOURS, -1)
    asked: list[_Asked] = []
    for kind, column in ((Kind.HOUR, part[event]), (Kind.SUBTHEME, events.subtheme[event])):
        for theme in range(len(names.themes)):
            own = np.flatnonzero((events.theme[event] == theme) & (column >= 0))
            parts, code = np.unique(column[own], return_inverse=True)
            if parts.size <= 1:
                continue
            size = (len(places), weeks, parts.size)
            index = np.ravel_multi_index((place[own], number[event[own]], code), size)
            counts = np.bincount(index, minlength=int(np.prod(size))).reshape(size)
            for row in np.flatnonzero(counts.sum(axis=(1, 2)) >= LEAST_EVENTS).tolist():
                if places[row].has(theme):
                    found = mix_test(counts[row], ways=ways)
                    pair = (int(parts[found.fell]), int(parts[found.rose]))
                    asked.append(_of_mix(kind, theme, places[row], found, pair, names))
    return asked


def _of_mix(
    kind: Kind, theme: int, place: Place, found: MixTest, pair: tuple[int, int], names: _Names
) -> _Asked:
    """Take what a test of a mix found; a part that did not fall, or one that did not rise, is no shift."""
    away_from, to = (PARTS[part].key if kind is Kind.HOUR else str(part) for part in pair)
    p_value = found.p_value if found.is_shift else 1.0
    say = partial(_said_of_mix, kind, names.themes[theme], place, pair, names)
    return _Asked(theme, kind, place, away_from, to, found.fall, found.rise, None, p_value, say)


def _said_of_mix(kind: Kind, theme: Label, place: Place, pair: tuple[int, int], names: _Names) -> Label:
    """Say what a test of a mix found."""
    if kind is Kind.HOUR:
        what, (fewer, more) = _inside(theme), (PARTS[part].label for part in pair)
        return Label(
            nl=f"Minder {what.nl} in {place.name} {fewer.nl}, meer {more.nl}.",
            en=f"Less {what.en} in {place.name} {fewer.en}, more {more.en}.",
        )
    fewer, more = (_inside(names.subthemes[part]) for part in pair)
    return Label(
        nl=f"{theme.nl} in {place.name}: minder {fewer.nl}, meer {more.nl}.",
        en=f"{theme.en} in {place.name}: less {fewer.en}, more {more.en}.",
    )


def _inside(name: Label) -> Label:
    """Write a name as it stands inside a sentence; abbreviations keep their capitals."""
    return Label(
        *(text if text[1:2].isupper() else text[:1].lower() + text[1:] for text in (name.nl, name.en))
    )
