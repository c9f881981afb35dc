"""
What a detection looks at: the weeks that the data cover, and one theme's events in them, place by place.

Real registers hold strays that 'occurred' decades before they begin, end in the middle of a week, miss a
month, know only the month of an incident, or hold one quarrel as five rows. A place is compared with its own
past, so weeks in which nobody counted must not look like weeks in which nothing happened; and chance is
reckoned in events, so one event must not count five times.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.model import Incidents, Precision
from hotspot.weeks import Week, week_ordinals

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

_WEEK_S = 604_800
_BUSIEST_WEEKS = 8
_RUNNING_SHARE = 0.2
"""Part of a busy week's incidents from which the data are held to run in a week."""
_QUIET_WEEKS = 2
"""Weeks below it in a row that are still a lull and not a gap in the data."""
SAME_EVENT_S = 6 * 3600
"""Seconds within which incidents of a theme at one place are one event; docs/detection.md has the trials."""
SAME_EVENT_M = 15.0
"""Metres within which they are at one place: a register writes one address in more than one way."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    The weeks in which the data run.

    Parameters
    ----------
    first, last
        The first and the last such week.
    """

    first: Week
    last: Week


@dataclass(frozen=True, slots=True)
class Sample:
    """
    The dated incidents of one theme in the window and the baseline, and the events that they make up.

    Parameters
    ----------
    incidents
        The incidents in the order of their keys.
    age_weeks
        Weeks before the named week in which each lies, 0 for that week itself, shape (n,).
    place
        Index into `places_m` of each, shape (n,).
    is_event
        False for those that repeat an earlier one of the same event, shape (n,).
    places_m
        Distinct places in whole metres, ordered by x and then y, shape (m, 2).
    """

    incidents: Incidents
    age_weeks: NDArray[np.int64]
    place: NDArray[np.int64]
    is_event: NDArray[np.bool_]
    places_m: NDArray[np.float64]

    def events(self, *, within_weeks: int | None = None) -> int:
        """
        Count the events of the last weeks.

        Parameters
        ----------
        within_weeks
            Number of weeks; absent for all.

        Returns
        -------
        int
            Events.
        """
        if within_weeks is None:
            return int(np.count_nonzero(self.is_event))
        return int(np.count_nonzero(self.is_event & (self.age_weeks < within_weeks)))


def coverage(week_ordinal: NDArray[np.int64]) -> Coverage | None:
    """
    Tell since when and until when the data run.

    A week counts if it holds a fifth of what a busy week holds, which is the median of the eight busiest: a
    campaign does not raise that bar much, and strays do not reach it. Three weeks below it in a row are a
    gap, and what lies before a gap is left out.

    Parameters
    ----------
    week_ordinal
        `Week.ordinal` of each incident of all themes together, shape (n,).

    Returns
    -------
    Coverage or None
        The latest unbroken run of weeks; None without incidents.

    Examples
    --------
    >>> stray, weekly = np.array([3]), np.repeat(np.arange(2000, 2010), 20)
    >>> run = coverage(np.concatenate([stray, weekly]))
    >>> f"{run.first} to {run.last}"
    '2008-W19 to 2008-W28'
    """
    if week_ordinal.size == 0:
        return None
    weeks, counts = np.unique(week_ordinal, return_counts=True)
    busy = float(np.median(np.sort(counts)[-_BUSIEST_WEEKS:]))
    running = weeks[counts >= _RUNNING_SHARE * busy]
    gaps = np.flatnonzero(np.diff(running) > _QUIET_WEEKS + 1)
    first = running[0] if gaps.size == 0 else running[gaps[-1] + 1]
    return Coverage(Week.from_ordinal(int(first)), Week.from_ordinal(int(running[-1])))


def is_dated(incidents: Incidents, *, within_weeks: int) -> NDArray[np.bool_]:
    """
    Tell which incidents are dated well enough to be counted by week.

    Parameters
    ----------
    incidents
        The incidents.
    within_weeks
        Widest interval that is accepted; an incident in a wider one may lie on either side of a window.

    Returns
    -------
    ndarray
        False for month-only dates and wider intervals, shape (n,).
    """
    by_month = np.asarray(incidents.precision == str(Precision.MONTH), bool)
    return ~by_month & (incidents.ended_s - incidents.started_s <= within_weeks * _WEEK_S)


def middle_s(incidents: Incidents) -> NDArray[np.int64]:
    """
    Tell the middle of each incident's interval, which decides its week.

    Parameters
    ----------
    incidents
        The incidents.

    Returns
    -------
    ndarray
        Seconds since 1970 in UTC, shape (n,).
    """
    return incidents.started_s + (incidents.ended_s - incidents.started_s) // 2


def taken(incidents: Incidents, which: NDArray[np.bool_] | NDArray[np.int64]) -> Incidents:
    """
    Select or reorder incidents.

    Parameters
    ----------
    incidents
        The incidents.
    which
        A mask or the indices in the order that is wanted.

    Returns
    -------
    Incidents
        The selection.
    """
    # A mask is looked through once, not once for each column.
    rows = np.flatnonzero(which) if which.dtype == np.bool_ else which
    return Incidents(
        **{column.name: getattr(incidents, column.name).take(rows, axis=0) for column in fields(Incidents)}
    )


def sample(dated: Incidents, week: Week, *, weeks: int, zone: ZoneInfo) -> Sample:
    """
    Take the incidents of the last weeks and collapse them on places and events.

    Parameters
    ----------
    dated
        Incidents of one theme in any order.
    week
        The last week.
    weeks
        Number of weeks, window and baseline together.
    zone
        Time zone that bounds the weeks.

    Returns
    -------
    Sample
        The same for the same incidents in any order.
    """
    age_weeks = week.ordinal - week_ordinals(middle_s(dated), zone)
    order = np.argsort(dated.key, kind="stable")
    order = order[(age_weeks[order] >= 0) & (age_weeks[order] < weeks)]
    incidents = taken(dated, order)
    # To the metre: an address through two conversions of coordinates is one place. Halves go up: to the even
    # neighbour, as `round` has it, would depend on where the origin is.
    places_m, place = _places(np.floor(incidents.xy_m + 0.5))
    when_s = middle_s(incidents)
    is_event = begin_events(incidents.xy_m, when_s, np.argsort(when_s, kind="stable"))
    return Sample(incidents, age_weeks[order], place, is_event, places_m)


def _places(xy_m: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """List the distinct ones of positions in whole metres, by x and then y; gives the number of each too."""
    if len(xy_m) == 0:
        return xy_m, np.empty(0, np.int64)
    # As one number each: sorting pairs takes ten times as long.
    low = xy_m.min(axis=0).astype(np.int64)
    east, north = (xy_m.astype(np.int64) - low).T
    high = int(north.max()) + 1
    codes, place = np.unique(east * high + north, return_inverse=True)
    return (np.column_stack(np.divmod(codes, high)) + low).astype(np.float64), place.reshape(-1)


@numba.njit(cache=True, nogil=True)
def begin_events(
    xy_m: NDArray[np.float64], when_s: NDArray[np.int64], order: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """
    Mark the incidents that begin an event: none before them is near enough in place and time.

    Parameters
    ----------
    xy_m
        Positions of incidents of one theme in metres, shape (n, 2).
    when_s
        When each happened, in seconds, shape (n,).
    order
        Indices of those that are looked at, in the order of time, shape (m,).

    Returns
    -------
    ndarray
        False for those that repeat one that is looked at, shape (n,).
    """
    is_event = np.ones(when_s.size, np.bool_)
    first = 0
    for position in range(order.size):
        i = order[position]
        while when_s[order[first]] < when_s[i] - SAME_EVENT_S:
            first += 1
        for earlier in range(first, position):
            j = order[earlier]
            # An event is counted from its beginning: linking each incident to the one before would let a busy
            # place, where there is always one within hours, become a single event.
            if not is_event[j]:
                continue
            apart_m2 = (xy_m[i, 0] - xy_m[j, 0]) ** 2 + (xy_m[i, 1] - xy_m[j, 1]) ** 2
            if apart_m2 <= SAME_EVENT_M**2:
                is_event[i] = False
                break
    return is_event
