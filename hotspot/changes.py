"""
What changed at a hotspot since an earlier list: its place on the list, its events, its size, where and when.

Question: what is different from last week, or from four weeks ago, and how is that said in one sentence?
Cost: none to speak of.
Source: the weekly product of USERS 1.4 ('what changed'); the shift of the centre is `stats.effect`'s.

The sentence says what a reader can act on: the place on the list, the number of incidents, and the rest only
where it changed by so much that a map or a schedule would look different.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.overview import TOLD_SHIFT_M
from hotspot.stats.effect import centre_shift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.stats.effect import Shift

TOLD_SIZE = 1.5
"""Ratio of two sizes, the larger to the smaller, from which it is told."""
_ROUNDED_M = 10
_ROUNDED_M2 = 100
_HOURS = 24
_FULL_TURN_DEG = 360.0

COMPASS = (
    Label("noorden", "north"),
    Label("noordoosten", "north-east"),
    Label("oosten", "east"),
    Label("zuidoosten", "south-east"),
    Label("zuiden", "south"),
    Label("zuidwesten", "south-west"),
    Label("westen", "west"),
    Label("noordwesten", "north-west"),
)
"""The eight directions, clockwise from north."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    A hotspot as one list showed it.

    Parameters
    ----------
    rank
        Its place on the list of its theme, from 1.
    observed, expected
        Events in its window, and those that were to be expected.
    area_m2
        Size of its outline in square metres.
    centroid_xy_m
        Its centre in metres.
    peak_start_hour
        Hour at which its busiest hours begin, 0 to 23; absent where no hours stand out.
    peak_hours
        How many hours they last; absent with the other.
    window_weeks
        Weeks in which its events were counted; absent where the list does not tell.
    """

    rank: int
    observed: int
    expected: float
    area_m2: float
    centroid_xy_m: tuple[float, float]
    peak_start_hour: int | None = None
    peak_hours: int | None = None
    window_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """
    What is different from an earlier list.

    Parameters
    ----------
    weeks_ago
        How long ago that was.
    before
        The hotspot as it was then.
    places_up
        Places that it rose on the list; negative where it fell.
    observed, expected, area_m2
        Present value less the earlier one.
    shift
        How far and where to its centre moved.
    hours_later
        How much later its busiest hours begin, -11 to 12 round the clock; absent where one list has none.
    """

    weeks_ago: int
    before: Snapshot
    places_up: int
    observed: int
    expected: float
    area_m2: float
    shift: Shift
    hours_later: int | None


def change(now: Snapshot, before: Snapshot, *, weeks_ago: int) -> Change:
    """
    Compare a hotspot with itself on an earlier list.

    Parameters
    ----------
    now
        As it is.
    before
        As it was.
    weeks_ago
        How long ago, at least 1.

    Returns
    -------
    Change
        What is different.

    Examples
    --------
    >>> then = Snapshot(5, 6, 1.0, 9000.0, (0.0, 0.0))
    >>> found = change(Snapshot(2, 9, 1.5, 9000.0, (30.0, 40.0)), then, weeks_ago=1)
    >>> found.places_up, found.observed, found.shift.distance_m
    (3, 3, 50.0)
    """
    if weeks_ago < 1:
        raise InvalidParameter(f"weeks_ago must be at least 1, got {weeks_ago}")
    return Change(
        weeks_ago=weeks_ago,
        before=before,
        places_up=before.rank - now.rank,
        observed=now.observed - before.observed,
        expected=now.expected - before.expected,
        area_m2=now.area_m2 - before.area_m2,
        shift=centre_shift(np.array([before.centroid_xy_m]), np.array([now.centroid_xy_m])),
        hours_later=_hours_later(now, before),
    )


def compass(bearing_deg: float) -> Label:
    """
    Name a direction in one of eight words.

    Parameters
    ----------
    bearing_deg
        Degrees clockwise from north.

    Returns
    -------
    Label
        The word, as it follows 'naar het' and 'to the'.

    Examples
    --------
    >>> compass(50.0).nl, compass(350.0).en
    ('noordoosten', 'north')
    """
    if not math.isfinite(bearing_deg):
        raise InvalidParameter(f"bearing_deg must be a number of degrees, got {bearing_deg}")
    sector_deg = _FULL_TURN_DEG / len(COMPASS)
    return COMPASS[math.floor(bearing_deg / sector_deg + 0.5) % len(COMPASS)]


def what_changed(
    now: Snapshot,
    last_week: Snapshot | None,
    *,
    event: str,
    gap_weeks: int = 0,
    others: Sequence[int] = (),
) -> Label:
    """
    Say in one sentence what is different from last week.

    Parameters
    ----------
    now
        The hotspot as it is.
    last_week
        As it was last week; absent where it was not listed then.
    event
        What happened to it, a value of `tracking.Event`: new, continued, returned, split or merged.
    gap_weeks
        Weeks in which it was not listed, for one that returned.
    others
        Ranks, last week, of the hotspots that it was split from or that have merged into it.

    Returns
    -------
    Label
        The sentence.

    Raises
    ------
    InvalidParameter
        If the event is no such value, or one that continued was not listed last week.

    Examples
    --------
    >>> then = Snapshot(5, 6, 1.0, 9000.0, (0.0, 0.0))
    >>> here = Snapshot(2, 9, 1.5, 9000.0, (28.0, 28.0))
    >>> what_changed(here, then, event="continued").nl
    'Steeg van plaats 5 naar 2; 9 incidenten, vorige week 6; middelpunt 40 m naar het noordoosten.'
    >>> what_changed(here, None, event="new").nl
    'Nieuw deze week.'
    """
    if event == "new":
        return Label("Nieuw deze week.", "New this week.")
    if event == "continued" and last_week is None:
        raise InvalidParameter("a hotspot that continued needs last week's list, got none")
    parts = [] if (opening := _opening(event, gap_weeks, others)) is None else [opening]
    if last_week is None:
        parts.append(_present(now))
    else:
        found = change(now, last_week, weeks_ago=1)
        parts += [_rank(now, last_week), _events(now, last_week)]
        parts += [
            part for part in (_size(now, found), _shift(found), _peak(now, last_week)) if part is not None
        ]
    nl, en = ("; ".join(texts) for texts in zip(*((part.nl, part.en) for part in parts), strict=True))
    return Label(f"{nl[0].upper()}{nl[1:]}.", f"{en[0].upper()}{en[1:]}.")


def _hours_later(now: Snapshot, before: Snapshot) -> int | None:
    """Count from one start to the other, the short way round the clock."""
    if now.peak_start_hour is None or before.peak_start_hour is None:
        return None
    later = (now.peak_start_hour - before.peak_start_hour) % _HOURS
    return later if later <= _HOURS // 2 else later - _HOURS


def _opening(event: str, gap_weeks: int, others: Sequence[int]) -> Label | None:
    """Say what happened, where it is more than going on."""
    ranks_nl, ranks_en = _ranks(others, "en"), _ranks(others, "and")
    match event:
        case "continued":
            return None
        case "returned":
            nl, en = ("week", "week") if gap_weeks == 1 else ("weken", "weeks")
            return Label(
                f"terug in de lijst na {gap_weeks} {nl} afwezigheid",
                f"back on the list after {gap_weeks} {en} away",
            )
        case "split":
            return Label(f"afgesplitst van {ranks_nl} van vorige week", f"split from last week's {ranks_en}")
        case "merged":
            return Label(f"samengegaan met {ranks_nl} van vorige week", f"merged with last week's {ranks_en}")
    raise InvalidParameter(f"event must be new, continued, returned, split or merged, got {event!r}")


def _ranks(others: Sequence[int], last: str) -> str:
    """List places of last week's list, `nummer 3, 4 en 7` or `number 3, 4 and 7`."""
    word = "nummer" if last == "en" else "number"
    numbers = [str(rank) for rank in sorted(others)]
    if not numbers:
        return "een hotspot" if last == "en" else "hotspot"
    return f"{word} " + f" {last} ".join(part for part in (", ".join(numbers[:-1]), numbers[-1]) if part)


def _present(now: Snapshot) -> Label:
    """Say where one stands that was not listed last week."""
    nl, en = _incidents(now.observed)
    return Label(f"nu plaats {now.rank} met {nl}", f"now place {now.rank} with {en}")


def _incidents(number: int) -> tuple[str, str]:
    """Write a number of incidents in both languages."""
    return (
        (f"{number} incident", f"{number} incident")
        if number == 1
        else (
            f"{number} incidenten",
            f"{number} incidents",
        )
    )


def _rank(now: Snapshot, before: Snapshot) -> Label:
    """Say how it moved on the list."""
    if now.rank == before.rank:
        return Label(f"bleef op plaats {now.rank}", f"stayed at place {now.rank}")
    nl, en = ("steeg", "rose") if now.rank < before.rank else ("daalde", "fell")
    return Label(
        f"{nl} van plaats {before.rank} naar {now.rank}", f"{en} from place {before.rank} to {now.rank}"
    )


def _events(now: Snapshot, before: Snapshot) -> Label:
    """Say how many incidents there are and were; with their weeks, where these differ."""
    nl, en = _incidents(now.observed)
    then_nl = then_en = f"{before.observed}"
    if None not in {now.window_weeks, before.window_weeks} and now.window_weeks != before.window_weeks:
        nl, en = f"{nl} in {_weeks(now, 'nl')}", f"{en} in {_weeks(now, 'en')}"
        then_nl, then_en = f"{then_nl} in {_weeks(before, 'nl')}", f"{then_en} in {_weeks(before, 'en')}"
    elif now.observed == before.observed:
        return Label(f"{nl}, evenveel als vorige week", f"{en}, as many as last week")
    return Label(f"{nl}, vorige week {then_nl}", f"{en}, last week {then_en}")


def _weeks(snapshot: Snapshot, language: str) -> str:
    """Write the length of a window."""
    one, more = ("week", "weken") if language == "nl" else ("week", "weeks")
    return f"{snapshot.window_weeks} {one if snapshot.window_weeks == 1 else more}"


def _size(now: Snapshot, found: Change) -> Label | None:
    """Say how the outline changed, if by half or more."""
    sizes = sorted((now.area_m2, found.before.area_m2))
    if sizes[1] < TOLD_SIZE * sizes[0]:
        return None
    then, here = (round(size / _ROUNDED_M2) * _ROUNDED_M2 for size in (found.before.area_m2, now.area_m2))
    nl, en = ("groter", "larger") if found.area_m2 > 0 else ("kleiner", "smaller")
    then_nl, here_nl = (f"{size:,}".replace(",", ".") for size in (then, here))
    return Label(
        f"het gebied is {nl}: {here_nl} m², was {then_nl}", f"the area is {en}: {here:,} m², was {then:,}"
    )


def _shift(found: Change) -> Label | None:
    """Say how far and where to the centre moved, if far enough."""
    if found.shift.distance_m < TOLD_SHIFT_M:
        return None
    metres = round(found.shift.distance_m / _ROUNDED_M) * _ROUNDED_M
    way = compass(found.shift.bearing_deg)
    return Label(f"middelpunt {metres} m naar het {way.nl}", f"centre {metres} m to the {way.en}")


def _peak(now: Snapshot, before: Snapshot) -> Label | None:
    """Say which hours are busiest, if they are others than last week."""
    here, then = _hours(now), _hours(before)
    if here is None or then is None or here == then:
        return None
    (from_hour, to_hour), (from_then, to_then) = here, then
    return Label(
        f"drukste uren {from_hour} tot {to_hour} uur, vorige week {from_then} tot {to_then} uur",
        f"busiest hours {from_hour}:00 to {to_hour}:00, last week {from_then}:00 to {to_then}:00",
    )


def _hours(snapshot: Snapshot) -> tuple[int, int] | None:
    """Give the hours at which the busiest time begins and ends."""
    if snapshot.peak_start_hour is None or snapshot.peak_hours is None:
        return None
    return snapshot.peak_start_hour, (snapshot.peak_start_hour + snapshot.peak_hours) % _HOURS
