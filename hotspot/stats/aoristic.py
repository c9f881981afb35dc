"""
At what hours of the week did incidents happen whose moment is known only as an interval? Aoristic weights.

Question: which part of each interval lies in which hour of the week, on the clock of the place?
Null: none; within its interval an incident is taken to be equally likely at each moment.
Cost: one step per incident and hour of its interval.
Reference: Ratcliffe & McCullagh (1998), Aoristic crime analysis; Ratcliffe (2002), Aoristic signatures and
the spatio-temporal analysis of high volume crime patterns.

The clock is that of a time zone: the hour that is skipped in spring gets nothing and the one that comes twice
in autumn gets both.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

DAY_HOURS = 24
WEEK_HOURS = 7 * DAY_HOURS
_DAY_S = 86_400
_EPOCH_S = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Pieces(NamedTuple):
    """
    The hours over which each incident is spread.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    start
        Where the pieces of each incident begin, shape (n + 1,).
    hour
        Hour of the week of each piece, 0 for Monday 00:00 to 01:00, shape (start[-1],).
    weight
        Part of the incident in it; those of an incident add up to 1.
    """

    start: NDArray[np.int64]
    hour: NDArray[np.int64]
    weight: NDArray[np.float64]


def hours_of_week(started_s: NDArray[np.int64], ended_s: NDArray[np.int64], zone: ZoneInfo) -> Pieces:
    """
    Spread each incident evenly over its interval and tell the hours of the week in which it lies.

    Parameters
    ----------
    started_s, ended_s
        First and last instant at which each can have happened, in seconds since 1970 in UTC, shape (n,).
        Where they are equal, the whole weight goes to one hour.
    zone
        Time zone of the clock.

    Returns
    -------
    Pieces
        In the order of the incidents and of time. A long interval may have several pieces in one hour.

    Raises
    ------
    InvalidParameter
        If an interval ends before it starts.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> monday_22h, tuesday_2h = np.array([4 * 86400 + 79200]), np.array([5 * 86400 + 7200])
    >>> spread = hours_of_week(monday_22h, tuesday_2h, ZoneInfo("UTC"))
    >>> spread.hour.tolist(), spread.weight.tolist()
    ([22, 23, 24, 25], [0.25, 0.25, 0.25, 0.25])
    """
    if np.any(ended_s < started_s):
        raise InvalidParameter("ended_s must not lie before started_s, got an interval that does")
    if started_s.size == 0:
        return Pieces(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0))
    since_s, offset_s = clock_changes(int(started_s.min()), int(ended_s.max()), zone)
    start, hour, weight = _spread(started_s, ended_s, since_s, offset_s)
    return Pieces(start, hour, weight)


def clock_changes(first_s: int, last_s: int, zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Tell how far the clock is ahead of UTC, and since when.

    Parameters
    ----------
    first_s, last_s
        Bounds of the time that is asked for, in seconds since 1970 in UTC.
    zone
        Time zone of the clock.

    Returns
    -------
    tuple of ndarray
        Instants from which an offset holds, the first being `first_s`, and the offsets in seconds.
    """
    since_s, offset_s = [first_s], [_offset_s(first_s, zone)]
    for day_s in range(first_s + _DAY_S, last_s + 2 * _DAY_S, _DAY_S):
        offset = _offset_s(day_s, zone)
        if offset != offset_s[-1]:
            before, after = day_s - _DAY_S, day_s
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if _offset_s(middle, zone) != offset else (before, middle)
            since_s.append(after)
            offset_s.append(offset)
    return np.array(since_s, np.int64), np.array(offset_s, np.int64)


def _offset_s(instant_s: int, zone: ZoneInfo) -> int:
    """Seconds that the clock is ahead of UTC."""
    ahead = (_EPOCH_S + dt.timedelta(seconds=instant_s)).astimezone(zone).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds())


@numba.njit(cache=True, nogil=True)
def _spread(
    started_s: NDArray[np.int64],
    ended_s: NDArray[np.int64],
    since_s: NDArray[np.int64],
    offset_s: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Cut each interval where the clock strikes and where it is changed."""
    n = started_s.size
    most = 0
    for i in range(n):
        # An hour at each end is cut, and every change of the clock cuts one more.
        most += (ended_s[i] - started_s[i]) // 3600 + 2 + since_s.size
    start, hour, weight = np.zeros(n + 1, np.int64), np.empty(most, np.int64), np.empty(most)
    count = 0
    for i in range(n):
        begin = count
        now, end = started_s[i], ended_s[i]
        change = np.searchsorted(since_s, now, side="right")
        while True:
            local = now + offset_s[change - 1]
            # 1 January 1970 was a Thursday.
            clock = (local // 3600 + 72) % 168
            until = min(end, now + 3600 - local % 3600)
            if change < since_s.size and since_s[change] <= until:
                until = since_s[change]
                change += 1
            part = (until - now) / (end - started_s[i]) if end > started_s[i] else 1.0
            if count > begin and hour[count - 1] == clock:
                weight[count - 1] += part
            else:
                hour[count], weight[count] = clock, part
                count += 1
            now = until
            if now >= end:
                break
        start[i + 1] = count
    return start, hour[:count].copy(), weight[:count].copy()
