"""
The surface of a week: how dense are incidents where, as squares of a fixed grid.

Those who work with the register see the 52 weeks up to the week, smoothed by a quartic kernel. Below that
level nothing is smoothed, since a smooth surface through few incidents shows where they are, and nothing
slides: squares count fixed periods that never overlap, so that no difference of two weeks is a count.

Below the internal level squares are nested: a square of 1,000 m that holds enough is divided as long as
*each* of its quarters holds enough. An incident lies in one square that is told or in none, so no square can
be had by taking one from another. The squares of the open level are sums of those of partners, rounded: who
sees both learns nothing from the second.

Cost: a sort of the incidents of the period; the kernel sums for the internal surface.
Source: METHODS 2.1 for the kernel; Samet (1984) for the quadtree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.catalogue import Disclosure
from hotspot.disclosure.coarsening import rounded_down
from hotspot.disclosure.rules import COARSEST_GRID_M, FINEST_GRID_M
from hotspot.errors import InvalidParameter
from hotspot.rows import ABSENT_S
from hotspot.stats.cells import SquareCells
from hotspot.stats.kde import kde
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.disclosure.rules import LevelRules, Rules
    from hotspot.tally import Ledger

SURFACE_WEEKS = 52
"""Weeks of the internal surface: all seasons once."""

BANDWIDTH_M = 250.0
"""Reach of the kernel in metres: two squares, about the size of the largest circle of the search."""

LEAST_RATIO = 1.0
"""Squares less dense than so many times the theme's mean over the municipality are left out."""

MOST_CELLS = 3_000
"""Squares of a theme at the most, the densest: a surface for a map and no table of the whole country."""

_DECIMALS = 4
_KM2_M2 = 1e6
_FARTHEST_M = 100_000.0
"""A theme wider than so many metres has misplaced incidents; its surface keeps to those around its middle."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """
    One square of the surface of a theme.

    Parameters
    ----------
    theme
        The theme.
    west_m, south_m, size_m
        South-western corner and side in the municipality's plane, in metres; multiples of the side.
    first, last
        First and last week that are counted.
    incidents
        Incidents in the square: exact, or the lowest number that it stands for.
    density_per_km2
        Incidents per square kilometre in that time: smoothed at the internal level, else `incidents` by area.
    ratio
        Density against the theme's mean: over the municipality at the internal level, over the squares that
        are told at the others.
    """

    theme: str
    west_m: int
    south_m: int
    size_m: int
    first: Week
    last: Week
    incidents: int
    density_per_km2: float
    ratio: float

    @property
    def cell(self) -> str:
        """Name of the square, the same in all weeks."""
        return f"c{self.size_m}-{self.west_m}-{self.south_m}"

    @property
    def shape(self) -> shapely.Polygon:
        """The square in the plane."""
        east_m, north_m = self.west_m + self.size_m, self.south_m + self.size_m
        return shapely.box(self.west_m, self.south_m, east_m, north_m)


def period(week: Week, rules: Rules) -> tuple[Week, Week]:
    """
    Give the newest period that a week's list may tell.

    Parameters
    ----------
    week
        The week of the list.
    rules
        Length of periods, and how long after its end one is told.

    Returns
    -------
    tuple of Week
        First and last week. Periods begin where `Week.ordinal` is a multiple of their length.

    Examples
    --------
    >>> from hotspot.disclosure.rules import Rules
    >>> [str(one) for one in period(Week(2026, 30), Rules())]
    ['2026-W05', '2026-W17']
    """
    length = rules.period_weeks
    number = (week.ordinal - rules.lag_weeks + 1) // length - 1
    return Week.from_ordinal(number * length), Week.from_ordinal(number * length + length - 1)


def cells_of(
    week: Week,
    register: Ledger,
    level: Disclosure,
    *,
    themes: Sequence[str],
    city_m2: float,
    zone: ZoneInfo,
    rules: Rules,
) -> tuple[CellRow, ...]:
    """
    Make the surface of a week.

    Parameters
    ----------
    week
        The week.
    register
        The register; what it holds of later weeks changes nothing.
    level
        Who sees the surface.
    themes
        The themes that have one.
    city_m2
        Area of the municipality in square metres, above 0.
    zone
        Time zone that bounds the weeks.
    rules
        What may be seen below the internal level.

    Returns
    -------
    tuple of CellRow
        By theme, size, row and column; none where the register does not reach back to the beginning of the
        period.

    Raises
    ------
    InvalidParameter
        If the municipality has no area.
    """
    if not city_m2 > 0:
        raise InvalidParameter(f"city_m2 must be above 0, got {city_m2:g}")
    if level is Disclosure.INTERNAL:
        first, last = week.plus(1 - SURFACE_WEEKS), week
    else:
        first, last = period(week, rules)
    found: list[CellRow] = []
    for theme in sorted(set(themes)):
        rows = _dated(register, theme, first, last)
        if level is Disclosure.INTERNAL:
            found += _surface(theme, register.incidents.xy_m[rows], (first, last), city_m2)
        elif _reaches(register, first):
            rows = rows[_may_be_counted(register, rows, last, zone, rules)]
            found += _squares(theme, register, rows, (first, last), rules, level)
    return tuple(found)


def _dated(register: Ledger, theme: str, first: Week, last: Week) -> NDArray[np.int64]:
    """Give the rows of a theme that are dated within some weeks."""
    of_theme, dated = register.rows(theme), register.in_time
    rows = dated[(dated >= of_theme.start) & (dated < of_theme.stop)]
    when = register.week[rows]
    return np.sort(rows[(when >= first.ordinal) & (when <= last.ordinal)])


def _reaches(register: Ledger, first: Week) -> bool:
    """Tell whether the register holds the beginning of a period: half of one would look like a quiet one."""
    return bool(register.in_time.size) and int(register.week[register.in_time].min()) <= first.ordinal


def _may_be_counted(
    register: Ledger, rows: NDArray[np.int64], last: Week, zone: ZoneInfo, rules: Rules
) -> NDArray[np.bool_]:
    """Leave out what is sensitive, and what was reported after the period was first told."""
    sensitive = [name in rules.sensitive_subthemes for name in register.subthemes]
    told_from = dt.datetime.combine(last.plus(rules.lag_weeks).monday, dt.time(), zone).timestamp()
    reported_s = register.reports.reported_s[rows]
    in_time = (reported_s == ABSENT_S) | (reported_s < told_from)
    is_sensitive = np.array([*sensitive, False], bool)[register.subtheme[rows]]
    return np.asarray(in_time & ~is_sensitive, bool)


def _surface(
    theme: str, xy_m: NDArray[np.float64], weeks: tuple[Week, Week], city_m2: float
) -> list[CellRow]:
    """Smooth the incidents of a theme."""
    if len(xy_m) == 0:
        return []
    used_m = xy_m[(np.abs(xy_m - np.median(xy_m, axis=0)) <= _FARTHEST_M).all(axis=1)]
    side_m = FINEST_GRID_M
    west, south = np.floor((used_m.min(axis=0) - BANDWIDTH_M) / side_m).astype(np.int64).tolist()
    east, north = np.floor((used_m.max(axis=0) + BANDWIDTH_M) / side_m).astype(np.int64).tolist()
    shape = (north - south + 1, east - west + 1)
    cells = SquareCells(float(west * side_m), float(south * side_m), float(side_m), np.ones(shape, bool))
    density = kde(used_m, cells, bandwidth_m=BANDWIDTH_M) * _KM2_M2
    ratio = density / (len(used_m) / city_m2 * _KM2_M2)
    at = np.floor(used_m / side_m).astype(np.int64) - (west, south)
    incidents = np.bincount(at[:, 1] * shape[1] + at[:, 0], minlength=density.size)
    kept = np.flatnonzero(ratio >= LEAST_RATIO)
    # Of equally dense squares those further south and west, so that the same input gives the same rows.
    kept = np.sort(kept[np.lexsort((kept, -ratio[kept]))[:MOST_CELLS]])
    return [
        CellRow(
            theme,
            (west + cell % shape[1]) * side_m,
            (south + cell // shape[1]) * side_m,
            side_m,
            *weeks,
            int(incidents[cell]),
            round(float(density[cell]), _DECIMALS),
            round(float(ratio[cell]), _DECIMALS),
        )
        for cell in kept.tolist()
    ]


def _squares(
    theme: str,
    register: Ledger,
    rows: NDArray[np.int64],
    weeks: tuple[Week, Week],
    rules: Rules,
    level: Disclosure,
) -> list[CellRow]:
    """Count the incidents of a theme in nested squares."""
    own = rules.of(level)
    xy_m, place = register.incidents.xy_m[rows], register.place[rows]
    told = [
        (size_m, column, row, rounded_down(count, own.step))
        for size_m, column, row, count in _leaves(xy_m, place, own)
    ]
    total_m2 = sum(size_m**2 for size_m, _, _, _ in told)
    mean = sum(count for _, _, _, count in told) / total_m2 if total_m2 else 0.0
    return [
        CellRow(
            theme,
            column * size_m,
            row * size_m,
            size_m,
            *weeks,
            count,
            round(count / size_m**2 * _KM2_M2, _DECIMALS),
            round(count / size_m**2 / mean, _DECIMALS),
        )
        for size_m, column, row, count in sorted(told, key=lambda one: (one[0], one[2], one[1]))
    ]


def _leaves(
    xy_m: NDArray[np.float64], place: NDArray[np.int64], own: LevelRules
) -> Iterator[tuple[int, int, int, int]]:
    """Divide squares while each quarter holds enough; give size, column, row and count of what is left."""
    size_m = COARSEST_GRID_M
    whole = _full(xy_m, place, size_m, own)
    while whole:
        quarters = _full(xy_m, place, size_m // 2, own) if size_m > own.grid_m else {}
        divided: dict[tuple[int, int], int] = {}
        for (column, row), count in whole.items():
            parts = [(2 * column + i, 2 * row + j) for i in (0, 1) for j in (0, 1)]
            if all(part in quarters for part in parts):
                divided |= {part: quarters[part] for part in parts}
            else:
                yield size_m, column, row, count
        whole, size_m = divided, size_m // 2


def _full(
    xy_m: NDArray[np.float64], place: NDArray[np.int64], size_m: int, own: LevelRules
) -> dict[tuple[int, int], int]:
    """Count the incidents of the squares, by column and row, that rest on enough of them at enough places."""
    square = np.floor(xy_m / size_m).astype(np.int64).reshape(-1, 2)
    corner = square.min(axis=0, initial=0)
    # One number for each square, and for each of its places: rows of two take ten times as long.
    high = int((square - corner)[:, 1].max(initial=0)) + 1
    numbers = (square - corner) @ np.array([high, 1])
    cells, at, incidents = np.unique(numbers, return_inverse=True, return_counts=True)
    wide = int(place.max(initial=0)) + 1
    pairs, piles = np.unique(at.reshape(-1) * wide + place, return_counts=True)
    in_cell = pairs // wide
    places = np.bincount(in_cell, minlength=len(cells))
    enough = (incidents >= own.least_incidents) & (places >= own.least_places)
    if not own.allows_pile_up:
        largest = np.zeros(len(cells), np.int64)
        np.maximum.at(largest, in_cell, piles)
        # A count of which one address has most is the count of an address.
        enough &= 2 * largest <= incidents
    columns, rows = (np.stack(np.divmod(cells[enough], high)) + corner[:, None]).tolist()
    return dict(zip(zip(columns, rows, strict=True), incidents[enough].tolist(), strict=True))
