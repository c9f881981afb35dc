"""
When does it happen here, by hour and weekday, and is that more than chance? Hot times.

Question: is there a window of the day, or a run of weekdays, with more of a place's incidents than chance
gives, and does the place differ in its hours from its theme in the whole municipality?
Null: for `p_value`, every hour is as likely as another, and every weekday (two tests; Holm's correction keeps
the chance of naming anything by mistake at 5 %). For `p_value_theme`, a place's incidents are a draw from all
of its theme. In each replicate whole intervals move, so that what is known less exactly says less.
Cost: one random number per occasion and replicate, three times.
Reference: Ratcliffe (2002), Aoristic signatures; Kulldorff (1997), on the ratio that compares windows; Holm
(1979), A simple sequentially rejective multiple test procedure.

Incidents of a place within six hours are one occasion and move together: one night with five broken windows
says no more about nights than one. Only what is known to within 24 hours is used; the rest is counted. A
night belongs to the day on which it begins: for the weekdays, a day runs from 6 to 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.model import Label, Precision
from hotspot.sample import SAME_EVENT_S, middle_s
from hotspot.stats.aoristic import DAY_HOURS, WEEK_HOURS, Pieces, hours_of_week
from hotspot.stats.clock_scan import best_window, draw_p_value, rotation_p_value
from hotspot.stats.counts import at_least
from hotspot.stats.monte_carlo import replicate_seeds
from hotspot.stats.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.model import Incidents

MAX_INTERVAL_S = 24 * 3600
"""Longest interval that says something about hours; METHODS 2.10."""
MIN_OCCASIONS = 5
"""Occasions without which no pattern is looked for: four of four in one night are no habit yet."""
ALPHA = 0.05
"""Chance of naming an hour or a day where there is no pattern."""
DAY_STARTS_HOUR = 6
"""Hour at which a day begins where weekdays are compared: few incidents happen around it."""
TESTED_HOURS = (2, 3, 4, 6, 8)
"""Windows that the test compares: an evening is no less of a pattern than an hour, but holds more hours."""
NAMED_HOURS = (2, 3)
"""Windows of which the best is named: as long as a team can be somewhere."""
TESTED_DAYS = (1, 2, 3, 4, 5)
"""Runs of weekdays that are compared and named: from one day to Monday to Friday."""
MOSTLY_SHARE = 1 / 3
"""Share from which on the hours that hold most are said to be where it mostly happens."""
MOST_TESTED = 1_000
"""Incidents of a theme that are tested, drawn at random from more: the test stays valid and sharp enough."""

_DAYS_NL = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Peak:
    """
    The hours that hold most.

    Parameters
    ----------
    weekdays
        Consecutive days, 1 for Monday to 7 for Sunday, on which the window begins; absent where the days
        show no pattern.
    start_hour
        First hour of the window, 0 to 23.
    hours
        Its length: 2 or 3, or 24 where the days show a pattern and the hours none.
    share
        Part of the incidents in it, on these days where days are named, 0 to 1.
    """

    weekdays: tuple[int, ...] | None
    start_hour: int
    hours: int
    share: float


@dataclass(frozen=True, slots=True)
class HotTimes:
    """
    When the incidents of a place or a theme happened.

    Parameters
    ----------
    incidents
        Those whose time is known to within 24 hours.
    left_out
        The others: known by day or month only, or to a longer interval.
    hours
        Incidents by weekday (Monday first) and hour, spread over their intervals, shape (7, 24).
    p_value
        Chance of a pattern at least as clear, in hours or in weekdays, where there is none; 1 where fewer
        than `MIN_OCCASIONS` occasions are known.
    is_pattern
        Whether that is at most `ALPHA`.
    p_value_theme
        Chance of hours that differ as much from those of the theme in the whole municipality, were the
        incidents a draw from it; absent for a theme itself.
    peak
        The hours that hold most; absent without occasions enough. A name for a pattern only where
        `is_pattern` says so.
    said
        The same in a sentence.
    """

    incidents: int
    left_out: int
    hours: NDArray[np.float64]
    p_value: float
    is_pattern: bool
    p_value_theme: float | None
    peak: Peak | None
    said: Label


def hot_times(
    incidents: Incidents,
    places: Sequence[NDArray[np.int64]],
    *,
    zone: ZoneInfo,
    replicates: int = 999,
    rng: np.random.Generator,
) -> tuple[HotTimes, ...]:
    """
    Tell for many hotspots of one theme when their incidents happen.

    Parameters
    ----------
    incidents
        All of the theme in the time looked at, in any order: what a place is compared with.
    places
        For each hotspot the indices of its incidents, in any order.
    zone
        Time zone of the clock.
    replicates
        Replicates of each test, at least 1.
    rng
        Source of chance.

    Returns
    -------
    tuple of HotTimes
        One for each hotspot; the same, to the last bit, for the same incidents in any order.
    """
    at_least(replicates, least=1, name="replicates")
    if not places:
        return ()
    seeds = replicate_seeds(rng, 3 * len(places)).reshape(-1, 3)
    usable = is_timed(incidents)
    everyone = np.flatnonzero(usable)
    everyone = everyone[np.argsort(incidents.key[everyone], kind="stable")]
    pieces = hours_of_week(incidents.started_s[everyone], incidents.ended_s[everyone], zone)
    position = np.full(len(incidents), -1, np.int64)
    position[everyone] = np.arange(everyone.size)
    when_s = middle_s(incidents)[everyone]
    donors = Pieces(pieces.start, pieces.hour % DAY_HOURS, pieces.weight)

    def described(one: tuple[NDArray[np.int64], NDArray[np.uint64]]) -> HotTimes:
        place, seed = one
        members = np.sort(position[place[usable[place]]])
        rows, spread = _occasions(members, when_s, pieces)
        p_value_theme = _against(donors, rows, spread, replicates=replicates, seed=seed[2])
        return _described(rows, spread, place.size - members.size, p_value_theme, replicates, seed)

    return tuple(in_threads(described, list(zip(places, seeds, strict=True))))


def theme_times(
    incidents: Incidents, *, zone: ZoneInfo, replicates: int = 999, rng: np.random.Generator
) -> HotTimes:
    """
    Tell when the incidents of a theme happen in the whole municipality.

    Parameters
    ----------
    incidents
        All of the theme in the time looked at, in any order.
    zone
        Time zone of the clock.
    replicates
        Replicates of each test, at least 1.
    rng
        Source of chance.

    Returns
    -------
    HotTimes
        Each incident is an occasion of its own; of more than `MOST_TESTED`, so many are tested.
    """
    at_least(replicates, least=1, name="replicates")
    seed = replicate_seeds(rng, 2)
    usable = np.flatnonzero(is_timed(incidents))
    usable = usable[np.argsort(incidents.key[usable], kind="stable")]
    spread = hours_of_week(incidents.started_s[usable], incidents.ended_s[usable], zone)
    tested = spread
    if usable.size > MOST_TESTED:
        chosen = usable[np.sort(rng.choice(usable.size, MOST_TESTED, replace=False))]
        tested = hours_of_week(incidents.started_s[chosen], incidents.ended_s[chosen], zone)
    rows = np.arange(tested.start.size)
    left_out = len(incidents) - int(usable.size)
    return _described(rows, spread, left_out, None, replicates, seed, tested=tested)


def is_timed(incidents: Incidents) -> NDArray[np.bool_]:
    """
    Tell of which incidents the hour is known well enough.

    Parameters
    ----------
    incidents
        The incidents.

    Returns
    -------
    ndarray
        False for those known by day or month only or to more than 24 hours, shape (n,).
    """
    to_the_minute = np.asarray(incidents.precision == str(Precision.MINUTE), bool)
    return to_the_minute & (incidents.ended_s - incidents.started_s <= MAX_INTERVAL_S)


def _occasions(
    members: NDArray[np.int64], when_s: NDArray[np.int64], pieces: Pieces
) -> tuple[NDArray[np.int64], Pieces]:
    """Put a place's incidents in the order of time: where each occasion begins, and their hours."""
    ordered = members[np.lexsort((members, when_s[members]))]
    sizes = pieces.start[ordered + 1] - pieces.start[ordered]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    taken = np.repeat(pieces.start[ordered] - start[:-1], sizes) + np.arange(start[-1])
    return _begins(when_s[ordered]), Pieces(start, pieces.hour[taken], pieces.weight[taken])


@numba.njit(cache=True, nogil=True)
def _begins(when_s: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell where each occasion begins among ascending times; the last number is how many times there are."""
    begins, count = np.empty(when_s.size + 1, np.int64), 0
    for number in range(when_s.size):
        if count == 0 or when_s[number] - when_s[begins[count - 1]] > SAME_EVENT_S:
            begins[count] = number
            count += 1
    begins[count] = when_s.size
    return begins[: count + 1].copy()


def _against(
    theme: Pieces, rows: NDArray[np.int64], spread: Pieces, *, replicates: int, seed: np.uint64
) -> float:
    """Test the hours of a place against those of its theme; 1 where the place has too little to test."""
    if rows.size <= MIN_OCCASIONS:
        return 1.0
    return draw_p_value(
        np.diff(rows).astype(np.float64),
        *theme,
        observed=np.asarray(np.bincount(spread.hour % DAY_HOURS, spread.weight, DAY_HOURS), np.float64),
        lengths=TESTED_HOURS,
        replicates=replicates,
        seed=seed,
    )


def _described(
    rows: NDArray[np.int64],
    spread: Pieces,
    left_out: int,
    p_value_theme: float | None,
    replicates: int,
    seed: NDArray[np.uint64],
    *,
    tested: Pieces | None = None,
) -> HotTimes:
    """Test the hours and the days and say what they show."""
    of_test = spread if tested is None else tested
    count = np.asarray(np.bincount(spread.hour, spread.weight, WEEK_HOURS), np.float64)
    n = spread.start.size - 1
    if rows.size <= MIN_OCCASIONS:
        return HotTimes(n, left_out, _table(count), 1.0, False, p_value_theme, None, _too_few(rows.size - 1))
    day = (of_test.hour - DAY_STARTS_HOUR) % WEEK_HOURS // DAY_HOURS
    starts = of_test.start[rows]
    p_hours = rotation_p_value(
        starts,
        of_test.hour % DAY_HOURS,
        of_test.weight,
        bins=DAY_HOURS,
        lengths=TESTED_HOURS,
        replicates=replicates,
        seed=seed[0],
    )
    p_days = rotation_p_value(
        starts, day, of_test.weight, bins=7, lengths=TESTED_DAYS, replicates=replicates, seed=seed[1]
    )
    p_value = min(1.0, 2 * min(p_hours, p_days))
    is_pattern = p_value <= ALPHA
    # Holm: once the clearer of the two stands, the other may be judged by itself.
    peak = _peak(
        count,
        has_hours=not is_pattern or p_hours <= (ALPHA / 2 if p_hours <= p_days else ALPHA),
        has_days=is_pattern and p_days <= (ALPHA / 2 if p_days <= p_hours else ALPHA),
    )
    said = (
        _sentence(peak)
        if is_pattern
        else Label(nl="Geen duidelijk patroon in de tijd.", en="No clear pattern in time.")
    )
    return HotTimes(n, left_out, _table(count), p_value, is_pattern, p_value_theme, peak, said)


def _table(count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours of the week by weekday and hour."""
    return count.reshape(7, DAY_HOURS)


def _peak(count: NDArray[np.float64], *, has_hours: bool, has_days: bool) -> Peak:
    """Find the hours, the days, or the hours of the days that hold most."""
    of_day = _table(count).sum(axis=0)
    window = best_window(of_day, lengths=NAMED_HOURS)
    if not has_days:
        return Peak(None, window.start, window.length, window.share)
    by_night = _table(np.roll(count, -DAY_STARTS_HOUR)).sum(axis=1)
    run = best_window(by_night, lengths=TESTED_DAYS)
    first, hours = (window.start, window.length) if has_hours else (DAY_STARTS_HOUR, DAY_HOURS)
    # The night of Friday is Saturday by the calendar once its hours lie behind midnight.
    later = int(has_hours and first + hours / 2 <= DAY_STARTS_HOUR)
    days = (run.start + later + np.arange(run.length)) % 7
    inside = (DAY_HOURS * days[:, None] + first + np.arange(hours)) % WEEK_HOURS
    weekdays = tuple((days + 1).tolist())
    return Peak(weekdays, first, hours, float(count[inside].sum() / count.sum()))


def _too_few(occasions: int) -> Label:
    """Say that there is too little to see a pattern in."""
    return Label(
        nl=f"Te weinig momenten om een patroon te zien: {occasions}, er zijn er {MIN_OCCASIONS} nodig.",
        en=f"Too few occasions to see a pattern: {occasions}, {MIN_OCCASIONS} are needed.",
    )


def _sentence(peak: Peak) -> Label:
    """Say where most of it lies."""
    is_most = peak.share >= MOSTLY_SHARE
    nl, en = (["Vooral"], ["Mostly"]) if is_most else (["Het meest"], ["Most often"])
    if peak.weekdays is not None:
        nl.append(_named(peak.weekdays, _DAYS_NL, "en", "tot en met"))
        en.append(_named(peak.weekdays, _DAYS_EN, "and", "to"))
    if peak.hours < DAY_HOURS:
        end = peak.start_hour + peak.hours
        # People call the end of a day 24, and every hour after it by its own number.
        end = end if end <= DAY_HOURS else end - DAY_HOURS
        nl.append(f"tussen {peak.start_hour} en {end} uur")
        en.append(f"between {peak.start_hour:02d}:00 and {end:02d}:00")
    return Label(
        nl=f"{' '.join(nl)} ({peak.share:.0%})".replace("%", "\u00a0%") + ".",
        en=f"{' '.join(en)} ({peak.share:.0%}).",
    )


def _named(weekdays: tuple[int, ...], names: tuple[str, ...], both: str, until: str) -> str:
    """Name one day, two days, or the first and the last of more."""
    first, last = names[weekdays[0] - 1], names[weekdays[-1] - 1]
    pair = 2
    if len(weekdays) == 1:
        return first
    return f"{first} {both if len(weekdays) == pair else until} {last}"
