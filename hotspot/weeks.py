"""ISO weeks as values: parsed, printed, counted and bounded in a time zone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache, total_ordering
from typing import TYPE_CHECKING, Self

import numpy as np

from hotspot.errors import InvalidWeek

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

_FORM = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)
_EPOCH_MONDAY = dt.date(1970, 1, 5)
_LAST_YEAR = 9998
"""Year 9999 has weeks whose end lies past the last date that Python knows."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Week:
    """
    One ISO 8601 week, Monday to Sunday.

    Parameters
    ----------
    year
        ISO year, 1970 to 9998; it differs from the calendar year around New Year.
    number
        Week of that ISO year, 1 to 52 or 53.

    Examples
    --------
    >>> Week.parse("2010-W30").monday.isoformat()
    '2010-07-26'
    >>> str(Week.parse("2009-W53").plus(1))
    '2010-W01'
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not _EPOCH_MONDAY.year <= self.year <= _LAST_YEAR:
            raise InvalidWeek(f"a week's year must be {_EPOCH_MONDAY.year} to {_LAST_YEAR}, got {self.year}")
        try:
            dt.date.fromisocalendar(self.year, self.number, 1)
        except ValueError as error:
            raise InvalidWeek(f"ISO year {self.year} has no week {self.number}") from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `2010-W30` or `2010W30`.

        Parameters
        ----------
        text
            An ISO week in one of the two forms of the standard.

        Returns
        -------
        Week
            The week.

        Raises
        ------
        InvalidWeek
            If the text has another form, or that year has no such week.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidWeek(f"a week looks like 2010-W30, got {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: dt.date) -> Self:
        """
        Tell the week of a local day.

        Parameters
        ----------
        day
            A date in the municipality's own time zone.

        Returns
        -------
        Week
            The ISO week that holds the day.
        """
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Self:
        """
        Make the week that lies `ordinal` weeks after the one of 5 January 1970.

        Parameters
        ----------
        ordinal
            Number of weeks, as `ordinal` gives.

        Returns
        -------
        Week
            The week.
        """
        return cls.containing(_EPOCH_MONDAY + dt.timedelta(weeks=ordinal))

    @property
    def ordinal(self) -> int:
        """Weeks since the one that began on 5 January 1970; consecutive weeks differ by one."""
        return (self.monday - _EPOCH_MONDAY).days // 7

    @property
    def monday(self) -> dt.date:
        """First day."""
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> dt.date:
        """Last day."""
        return self.monday + dt.timedelta(days=6)

    def plus(self, weeks: int) -> Week:
        """
        Give the week so many weeks later, or earlier if negative.

        Parameters
        ----------
        weeks
            Number of weeks.

        Returns
        -------
        Week
            The other week.
        """
        return Week.from_ordinal(self.ordinal + weeks)

    def bounds(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """
        Give the first instant of the week and of the next.

        A week with a clock change lasts 167 or 169 hours.

        Parameters
        ----------
        zone
            The municipality's time zone.

        Returns
        -------
        tuple of datetime
            Start (in the week) and end (no longer in it), in UTC.
        """
        start, end = (
            dt.datetime.combine(monday, dt.time(), zone).astimezone(dt.UTC)
            for monday in (self.monday, self.monday + dt.timedelta(weeks=1))
        )
        return start, end

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    def __lt__(self, other: Week) -> bool:
        return (self.year, self.number) < (other.year, other.number)


def week_range(first: Week, last: Week) -> list[Week]:
    """
    List the weeks from the first to the last, both included.

    Parameters
    ----------
    first, last
        The ends; the result is empty if `last` is the earlier.

    Returns
    -------
    list of Week
        In the order of time.
    """
    return [Week.from_ordinal(ordinal) for ordinal in range(first.ordinal, last.ordinal + 1)]


def week_ordinals(instant_s: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """
    Tell for many instants in which week each lies.

    Parameters
    ----------
    instant_s
        Seconds since 1970 in UTC, shape (n,).
    zone
        The municipality's time zone.

    Returns
    -------
    ndarray
        `Week.ordinal` of each instant, shape (n,).
    """
    if instant_s.size == 0:
        return np.empty(0, np.int64)
    # One week of slack on both sides covers every offset from UTC.
    first = int(instant_s.min()) // 604_800 - 2
    last = int(instant_s.max()) // 604_800 + 2
    return first + np.searchsorted(_starts_s(first, last, zone), instant_s, side="right") - 1


@lru_cache(maxsize=64)
def _starts_s(first: int, last: int, zone: ZoneInfo) -> NDArray[np.float64]:
    """Tell when each week from one ordinal to another begins; theme after theme asks for the same weeks."""
    return np.array(
        [
            dt.datetime.combine(_EPOCH_MONDAY + dt.timedelta(weeks=week), dt.time(), zone).timestamp()
            for week in range(first, last + 1)
        ]
    )
