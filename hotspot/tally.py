"""
The events of up to three years as the parts of a weekly list count them: by theme, kind, week, hour and area.

Incidents of a theme at one place within six hours are one event, as in the detection; those whose week is not
known are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.hot_times import is_timed
from hotspot.sample import begin_events, coverage, is_dated, middle_s, taken
from hotspot.stats.aoristic import hours_of_week
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.model import Incidents, Reports
    from hotspot.rings import Surroundings
    from hotspot.weeks import Week

HISTORY_WEEKS = 156
"""Weeks that are looked back upon: three years, for the season."""

YEAR_WEEKS = 52
"""Weeks whose addresses are where anything can happen."""

_DAY_HOURS = 24
_BITS = 31
_LOW = (1 << _BITS) - 1
_SHIFT_M = 1 << 30
"""Metres that make every coordinate of a plane positive; both together fill 62 bits."""


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The events up to a week, one array per column, by theme and then in the order of their keys.

    Parameters
    ----------
    week
        The week.
    weeks
        Weeks that the data cover without a gap, up to and with `week`; 0 where they do not cover `week`.
    themes, subthemes, areas
        Names that the numbers below stand for, in alphabetical order; areas are codes of neighbourhoods.
    theme, subtheme, area
        Number of each event's theme, subtheme and neighbourhood, shape (n,).
    age_weeks
        Weeks before `week` in which each lies, 0 for that week itself, shape (n,).
    hour
        Local hour, 0 to 23; -1 where it is not known, shape (n,).
    xy_m
        Positions in metres, shape (n, 2).
    place
        Number of each event's place to the metre, shape (n,).
    places_m
        Distinct places of the last year, where something can happen, in whole metres, shape (m, 2).
    row
        Row of each in the ledger, ascending, shape (n,).
    """

    week: Week
    weeks: int
    themes: tuple[str, ...]
    subthemes: tuple[str, ...]
    areas: tuple[str, ...]
    theme: NDArray[np.int64]
    subtheme: NDArray[np.int64]
    area: NDArray[np.int64]
    age_weeks: NDArray[np.int64]
    hour: NDArray[np.int64]
    xy_m: NDArray[np.float64]
    place: NDArray[np.int64]
    places_m: NDArray[np.float64]
    row: NDArray[np.int64]

    def near(self, around: Surroundings) -> Surroundings:
        """
        Take the surroundings of the events from those of all incidents.

        Parameters
        ----------
        around
            Which rows of the ledger lie where.

        Returns
        -------
        Surroundings
            Which events lie where.
        """
        number = np.full(int(max(around.event.max(initial=-1), self.row.max(initial=-1))) + 1, -1, np.int64)
        number[self.row] = np.arange(self.row.size)
        event = number[around.event]
        return type(around)(around.place[event >= 0], event[event >= 0], around.zone[event >= 0])

    def by_week(self, number: NDArray[np.int64], *, size: int) -> NDArray[np.int64]:
        """
        Count the events by week.

        Parameters
        ----------
        number
            Row in which each is counted; what is negative is not, shape (n,).
        size
            Number of rows.

        Returns
        -------
        ndarray
            Counts, oldest week first and `week` last, shape (size, weeks).
        """
        used = number >= 0
        index = number[used] * self.weeks + (self.weeks - 1 - self.age_weeks[used])
        return np.bincount(index, minlength=size * self.weeks).reshape(size, self.weeks)

    def by_theme_area_week(self, areas: Sequence[str]) -> NDArray[np.int64]:
        """
        Count the events by theme, area and week.

        Parameters
        ----------
        areas
            Codes of neighbourhoods.

        Returns
        -------
        ndarray
            Shape (themes, 1 + areas, weeks); the first area is the whole municipality.
        """
        column = {code: number for number, code in enumerate(areas, start=1)}
        columns = np.array([column.get(code, -1) for code in self.areas] + [-1], np.int64)[self.area]
        width = 1 + len(areas)
        city = self.by_week(self.theme * width, size=len(self.themes) * width)
        inside = self.by_week(
            np.where(columns > 0, self.theme * width + columns, -1), size=len(self.themes) * width
        )
        return (city + inside).reshape(len(self.themes), width, self.weeks)


@dataclass(frozen=True, slots=True)
class Ledger:
    """
    A register as the tallies of its weeks need it, by theme and then in the order of keys; made once for all.

    Parameters
    ----------
    incidents, reports
        All incidents, also those that are not dated well enough to be counted.
    themes, subthemes, areas
        Names that the numbers below stand for, in alphabetical order.
    start
        First row of each theme, and the number of rows at the end, shape (themes + 1,).
    subtheme, area
        Numbers of each incident's subtheme and neighbourhood, shape (n,).
    when_s
        Middle of each interval, shape (n,).
    week
        `Week.ordinal` of that, shape (n,).
    hour
        Local hour, 0 to 23; -1 where it is not known, shape (n,).
    place
        Index into `places_m` of each, shape (n,).
    places_m
        Distinct places in whole metres, shape (m, 2).
    in_time
        Rows of what is dated, theme by theme in the order of time, shape (dated,).
    """

    incidents: Incidents
    reports: Reports
    themes: tuple[str, ...]
    subthemes: tuple[str, ...]
    areas: tuple[str, ...]
    start: NDArray[np.int64]
    subtheme: NDArray[np.int64]
    area: NDArray[np.int64]
    when_s: NDArray[np.int64]
    week: NDArray[np.int64]
    hour: NDArray[np.int64]
    place: NDArray[np.int64]
    places_m: NDArray[np.float64]
    in_time: NDArray[np.int64]

    def rows(self, theme: str) -> slice:
        """
        Tell where a theme is.

        Parameters
        ----------
        theme
            Its name.

        Returns
        -------
        slice
            Its rows; empty where it has none.
        """
        if theme not in self.themes:
            return slice(0, 0)
        number = self.themes.index(theme)
        return slice(int(self.start[number]), int(self.start[number + 1]))

    def of(self, theme: str, week: Week, *, weeks: int) -> tuple[Incidents, Reports]:
        """
        Take what a theme had in some weeks, dated or not.

        Parameters
        ----------
        theme
            The theme.
        week
            The last week.
        weeks
            How many weeks.

        Returns
        -------
        tuple of Incidents and Reports
            In the order of keys.
        """
        rows = self.rows(theme)
        age_weeks = week.ordinal - self.week[rows]
        chosen = rows.start + np.flatnonzero((age_weeks >= 0) & (age_weeks < weeks))
        return taken(self.incidents, chosen), known(self.reports, chosen)


def known(reports: Reports, which: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Reports:
    """
    Select how some incidents became known.

    Parameters
    ----------
    reports
        How all of them did.
    which
        A mask, indices or a slice.

    Returns
    -------
    Reports
        The selection.
    """
    return type(reports)(reports.reported_s[which], reports.reporter[which], reports.stated_area[which])


def ledger(incidents: Incidents, reports: Reports, *, window_weeks: int, zone: ZoneInfo) -> Ledger:
    """
    Put a register in order for tallies.

    Parameters
    ----------
    incidents, reports
        Incidents of all themes and how they became known, in any order.
    window_weeks
        Widest interval of an incident that is still dated, as in the detection.
    zone
        Time zone that bounds the weeks.

    Returns
    -------
    Ledger
        The same for the same incidents in any order.
    """
    themes, theme = _numbered(incidents.theme)
    order = np.lexsort((incidents.key, theme))
    ordered, theme = taken(incidents, order), theme[order]
    subthemes, subtheme = _numbered(ordered.subtheme)
    areas, area = _numbered(ordered.neighbourhood)
    when_s = middle_s(ordered)
    packed, place = np.unique(_packed(ordered.xy_m), return_inverse=True)
    in_time = np.lexsort((when_s, theme))
    return Ledger(
        incidents=ordered,
        reports=known(reports, order),
        themes=themes,
        subthemes=subthemes,
        areas=areas,
        start=np.searchsorted(theme, np.arange(len(themes) + 1)),
        subtheme=subtheme,
        area=area,
        when_s=when_s,
        week=week_ordinals(when_s, zone),
        hour=np.where(is_timed(ordered), hours_of_week(when_s, when_s, zone).hour % _DAY_HOURS, -1),
        place=place.reshape(-1).astype(np.int64),
        places_m=np.column_stack([packed >> _BITS, packed & _LOW]).astype(np.float64) - _SHIFT_M,
        in_time=in_time[is_dated(ordered, within_weeks=window_weeks)[in_time]],
    )


def tally(register: Ledger, week: Week, *, themes: Sequence[str]) -> Tally:
    """
    Count what happened up to a week; what the register holds of other weeks changes nothing.

    Parameters
    ----------
    register
        Incidents of all themes.
    week
        The last week.
    themes
        The themes that are counted.

    Returns
    -------
    Tally
        The same for the same incidents in any order.
    """
    age_weeks = week.ordinal - register.week
    dated = register.in_time
    past = week.ordinal - age_weeks[dated[(age_weeks[dated] >= 0) & (age_weeks[dated] < HISTORY_WEEKS)]]
    covered = coverage(past)
    weeks = 0 if covered is None or covered.last < week else week.ordinal - covered.first.ordinal + 1
    names = tuple(sorted(set(themes)))
    parts = [_events(register, name, age_weeks, weeks) for name in names]
    row = np.concatenate([np.empty(0, np.int64), *parts])
    subthemes, subtheme = _present(register.subthemes, register.subtheme[row])
    areas, area = _present(register.areas, register.area[row])
    in_year = np.zeros(len(register.places_m), bool)
    in_year[register.place[row[age_weeks[row] < YEAR_WEEKS]]] = True
    return Tally(
        week=week,
        weeks=weeks,
        themes=names,
        subthemes=subthemes,
        areas=areas,
        theme=np.repeat(np.arange(len(names)), [part.size for part in parts]),
        subtheme=subtheme,
        area=area,
        age_weeks=age_weeks[row],
        hour=register.hour[row],
        xy_m=register.incidents.xy_m[row],
        place=register.place[row],
        places_m=register.places_m[in_year],
        row=row,
    )


def _events(register: Ledger, theme: str, age_weeks: NDArray[np.int64], weeks: int) -> NDArray[np.int64]:
    """Give the rows of a theme's events of so many weeks, ascending."""
    rows = register.rows(theme)
    order = register.in_time[(register.in_time >= rows.start) & (register.in_time < rows.stop)]
    order = order[(age_weeks[order] >= 0) & (age_weeks[order] < weeks)]
    begins = begin_events(register.incidents.xy_m[rows], register.when_s[rows], order - rows.start)
    return np.sort(order[begins[order - rows.start]])


def _packed(xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """Write each position, to the metre, as one number: sorting those is much faster than sorting pairs."""
    whole = np.floor(xy_m + 0.5).astype(np.int64) + _SHIFT_M
    return np.asarray((whole[:, 0] << _BITS) | whole[:, 1])


def _numbered(texts: NDArray[np.object_]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Give texts numbers in alphabetical order."""
    # Few names stand for many rows: looking each up is much faster than sorting all.
    names = sorted(set(texts.tolist()))
    number = {name: index for index, name in enumerate(names)}
    return tuple(names), np.array([number[text] for text in texts.tolist()], np.int64)


def _present(names: tuple[str, ...], number: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Drop the names that do not occur and number the others anew."""
    occurs = np.zeros(len(names), bool)
    occurs[number] = True
    kept = tuple(name for name, is_kept in zip(names, occurs.tolist(), strict=True) if is_kept)
    return kept, (np.cumsum(occurs) - 1)[number] if number.size else number
