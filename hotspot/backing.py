"""
Did the lists say where the next incidents fell? The list against itself a week later, and against counting.

Question: what share of a week's new incidents fell inside the hotspots that were listed before, and would
the cells with most incidents have caught as many on the same area?
Null: none; an interval of the difference that holds 0 does not say that the list does better.
Cost: a sort of the past incidents' cells; a few milliseconds per theme and week.
Source: METHODS 2.13; `hotspot.stats.accuracy` for the indices.

The rivals are naive and strong: the cells of 100 m with most incidents of the theme in the last 12, or 52,
weeks that the list could know, down to the very area of the list. Cells with as many stand in the order of
the other count, then from west to east and south to north; of the last cell a part is taken and as large a
part of its hits. What is then still missing comes from the cells without any past, in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.errors import InvalidParameter
from hotspot.model import Label
from hotspot.stats.accuracy import wilson_interval
from hotspot.stats.counts import CONFIDENCE, positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from hotspot.weeks import Week

CELL_M = 100.0
"""Side of a cell of the rivals in metres: that of the national grid of statistics (CBS)."""
SHORT_WEEKS, LONG_WEEKS = 12, 52
"""Weeks that the rivals count."""
LONGEST_AHEAD_WEEKS = 4
"""A list is judged in so many weeks after it at most."""
_FEWEST_WEEKS = 8
"""Weeks from which drawing them anew tells how sure a pooled share is; fewer vary too little."""
_DRAWS = 1_999


@dataclass(frozen=True, slots=True)
class Caught:
    """
    What a selection of a given area caught.

    Parameters
    ----------
    hits
        New incidents inside; of a cell that is taken in part, as large a part.
    hit_rate, lower, upper
        Their share of all new incidents, 0 to 1, with its 95 % interval.
    pai
        The share divided by the share of the city's area: 1 is what any place of that size catches.
    """

    hits: float
    hit_rate: float
    lower: float
    upper: float
    pai: float


@dataclass(frozen=True, slots=True)
class Backing:
    """
    How one list of one theme did in one later week.

    Parameters
    ----------
    theme
        The theme; `all` or what the caller named all themes together.
    week
        The week whose incidents are looked for.
    listed_week
        The week of the list.
    incidents
        New incidents of the week.
    area_m2, city_m2
        Area of the listed hotspots together, overlaps once, and of the city.
    listed
        What the hotspots caught; absent where nothing was listed or nothing happened.
    naive_12, naive_52
        What as much area of the fullest cells of 12 and 52 weeks would have; absent likewise.
    said
        The row in words.
    """

    theme: str
    week: Week
    listed_week: Week
    incidents: int
    area_m2: float
    city_m2: float
    listed: Caught | None
    naive_12: Caught | None
    naive_52: Caught | None
    said: Label

    @property
    def weeks_ahead(self) -> int:
        """Weeks between the list and the incidents."""
        return self.week.ordinal - self.listed_week.ordinal


@dataclass(frozen=True, slots=True)
class Lead:
    """
    By how much one hit rate is above another.

    Parameters
    ----------
    difference
        Share of the incidents, -1 to 1.
    lower, upper
        Its 95 % interval, the weeks drawn anew together; absent with too few weeks.
    """

    difference: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class PooledBacking:
    """
    How the lists of one theme did over many weeks.

    Parameters
    ----------
    theme
        The theme.
    weeks
        Weeks that are in it: those with a list and incidents.
    weeks_without
        Weeks without a list or without incidents, which are left out.
    incidents
        New incidents of the weeks that are in it.
    listed, naive_12, naive_52
        What hotspots and rivals caught in all; absent without a week. The interval of a share follows from
        drawing whole weeks anew, since the incidents of a week hang together; with fewer than 8 weeks it is
        Wilson's.
    over_12, over_52
        The lead of the hotspots over each rival; absent without a week.
    """

    theme: str
    weeks: int
    weeks_without: int
    incidents: int
    listed: Caught | None
    naive_12: Caught | None
    naive_52: Caught | None
    over_12: Lead | None
    over_52: Lead | None


def backing(
    footprints: Sequence[BaseGeometry],
    new_xy_m: NDArray[np.float64],
    *,
    past_xy_m: NDArray[np.float64],
    past_age_weeks: NDArray[np.int64],
    theme: str,
    week: Week,
    listed_week: Week,
    city_m2: float,
) -> Backing:
    """
    Judge one list by the incidents of a later week.

    Parameters
    ----------
    footprints
        The listed hotspots in metres, overlapping or not.
    new_xy_m
        The incidents of the week in metres, shape (n, 2); on the border is inside.
    past_xy_m
        Incidents up to the week of the list, in metres, shape (p, 2).
    past_age_weeks
        Weeks between each and the week of the list: 0 is that week itself. Those below 0, or of 52 and
        more, are not looked at. Shape (p,).
    theme
        What to call them.
    week, listed_week
        The two weeks; one to four weeks apart.
    city_m2
        Area of the city, at least that of the hotspots.

    Returns
    -------
    Backing
        The row; without rates where nothing was listed or nothing happened, which it says.

    Raises
    ------
    InvalidParameter
        If the weeks are in the wrong order or too far apart, or the city is smaller than its hotspots.
    """
    ahead = week.ordinal - listed_week.ordinal
    if not 1 <= ahead <= LONGEST_AHEAD_WEEKS:
        raise InvalidParameter(
            f"a list is judged 1 to {LONGEST_AHEAD_WEEKS} weeks later, got {listed_week} by {week}"
        )
    total_m2 = float(positive(city_m2, name="city_m2"))
    shape = shapely.union_all(list(footprints))
    area_m2 = float(shape.area)
    if area_m2 > total_m2:
        raise InvalidParameter(f"city_m2 must be at least the {area_m2:g} of the hotspots, got {total_m2:g}")
    n = len(new_xy_m)
    if area_m2 == 0 or n == 0:
        said = _said_nothing(ahead, is_listed=area_m2 > 0)
        return Backing(theme, week, listed_week, n, area_m2, total_m2, None, None, None, said)
    share = area_m2 / total_m2
    shapely.prepare(shape)
    inside = int(np.count_nonzero(shapely.intersects_xy(shape, new_xy_m[:, 0], new_xy_m[:, 1])))
    short, long = _rival_hits(
        new_xy_m, past_xy_m, np.asarray(past_age_weeks), area_m2=area_m2, city_m2=total_m2
    )
    listed = _caught(inside, n, share)
    rivals = _caught(short, n, share), _caught(long, n, share)
    said = _said(ahead, listed, rivals, incidents=n)
    return Backing(theme, week, listed_week, n, area_m2, total_m2, listed, *rivals, said)


def together(rows: Sequence[Backing], *, theme: str) -> Backing:
    """
    Put the themes of one week together: an incident hits where its own theme is listed.

    The fullest cells of all themes at once would chase the theme with most incidents, which is another task
    than that of a list per theme; so the rivals are added up theme by theme as well.

    Parameters
    ----------
    rows
        Rows of distinct themes, of the same weeks and city; at least one.
    theme
        What to call all together.

    Returns
    -------
    Backing
        Hits and incidents added up, those of themes without a list too. Its area is the mean over the
        incidents of what is listed for their theme, which is what a selection by lot would have caught.

    Raises
    ------
    InvalidParameter
        If there is no row, a theme comes twice, or they are of several weeks.
    """
    if len({(row.week, row.listed_week, row.city_m2) for row in rows}) != 1 or len(
        {row.theme for row in rows}
    ) != len(rows):
        raise InvalidParameter(f"rows must be of distinct themes and the same weeks, got {len(rows)}")
    week, listed_week, city_m2 = rows[0].week, rows[0].listed_week, rows[0].city_m2
    ahead = week.ordinal - listed_week.ordinal
    incidents = sum(row.incidents for row in rows)
    area_m2 = sum(row.area_m2 * row.incidents for row in rows) / incidents if incidents else 0.0
    if area_m2 == 0:
        # Incidents of themes without a list are none that a list could have caught.
        said = _said_nothing(ahead, is_listed=incidents == 0 and any(row.area_m2 > 0 for row in rows))
        return Backing(theme, week, listed_week, incidents, area_m2, city_m2, None, None, None, said)
    share = area_m2 / city_m2
    three = [(row.listed, row.naive_12, row.naive_52) for row in rows]
    listed, short, long = (
        _caught(sum(0.0 if one is None else one.hits for one in column), incidents, share)
        for column in zip(*three, strict=True)
    )
    said = _said(ahead, listed, (short, long), incidents=incidents)
    return Backing(theme, week, listed_week, incidents, area_m2, city_m2, listed, short, long, said)


def pooled(rows: Sequence[Backing], *, rng: np.random.Generator) -> PooledBacking:
    """
    Put the rows of many weeks together.

    Parameters
    ----------
    rows
        Rows of one theme, all judged equally many weeks after their list, at most one a week; at least one.
    rng
        Source of chance for drawing weeks anew.

    Returns
    -------
    PooledBacking
        All weeks as one: each incident counts the same. A PAI is the hits divided by those that as much area
        catches by lot, week by week.

    Raises
    ------
    InvalidParameter
        If there is no row, or they are of several themes or distances, or a week comes twice.
    """
    kinds = {(row.theme, row.weeks_ahead) for row in rows}
    if len(kinds) != 1 or len({row.week for row in rows}) != len(rows):
        raise InvalidParameter(
            f"rows must be of one theme, equally far ahead and one a week, got {len(rows)} of {sorted(kinds)}"
        )
    # In the order of the weeks, so that the order of the rows changes no draw.
    used = sorted((row for row in rows if row.listed is not None), key=lambda row: row.week.ordinal)
    theme, without = rows[0].theme, len(rows) - len(used)
    if not used:
        return PooledBacking(theme, 0, without, 0, None, None, None, None, None)
    incidents = np.array([row.incidents for row in used], np.float64)
    by_lot = np.array([row.incidents * row.area_m2 / row.city_m2 for row in used])
    of_row = [(row.listed, row.naive_12, row.naive_52) for row in used]
    hits = np.array([[0.0 if one is None else one.hits for one in three] for three in of_row])
    caught, lead = _together(hits, incidents, by_lot, rng)
    (listed, short, long), (over_short, over_long) = caught, lead
    return PooledBacking(
        theme, len(used), without, int(incidents.sum()), listed, short, long, over_short, over_long
    )


def _together(
    hits: NDArray[np.float64],
    incidents: NDArray[np.float64],
    by_lot: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[list[Caught], list[Lead]]:
    """Pool the hits of list and rivals, shape (weeks, 3), and draw the weeks anew."""
    n = float(incidents.sum())
    share = float(by_lot.sum()) / n
    caught = [_caught(float(one), n, share) for one in hits.sum(axis=0)]
    weeks = len(hits)
    if weeks < _FEWEST_WEEKS:
        return caught, [Lead(caught[0].hit_rate - rival.hit_rate, None, None) for rival in caught[1:]]
    drawn = rng.integers(weeks, size=(_DRAWS, weeks))
    rates = hits[drawn].sum(axis=1) / incidents[drawn].sum(axis=1)[:, None]
    outside = (1 - CONFIDENCE) / 2
    ends = np.quantile(rates, [outside, 1 - outside], axis=0)
    of_lead = np.quantile(rates[:, :1] - rates[:, 1:], [outside, 1 - outside], axis=0)
    caught = [
        Caught(one.hits, one.hit_rate, float(ends[0, i]), float(ends[1, i]), one.pai)
        for i, one in enumerate(caught)
    ]
    lead = [
        Lead(caught[0].hit_rate - rival.hit_rate, float(of_lead[0, i]), float(of_lead[1, i]))
        for i, rival in enumerate(caught[1:])
    ]
    return caught, lead


def _caught(hits: float, incidents: float, area_share: float) -> Caught:
    """Judge hits, whole or not; between whole hits the ends of the interval lie on a straight line."""
    # Adding parts of cells may miss a whole number by a last digit.
    kept = min(float(incidents), round(hits, 9))
    below, above = np.floor(kept), np.ceil(kept)
    interval = wilson_interval([below, above], incidents)
    part = kept - below
    rate = kept / incidents
    return Caught(
        kept,
        rate,
        float((1 - part) * interval.lower[0] + part * interval.lower[1]),
        float((1 - part) * interval.upper[0] + part * interval.upper[1]),
        rate / area_share,
    )


def _rival_hits(
    new_xy_m: NDArray[np.float64],
    past_xy_m: NDArray[np.float64],
    age_weeks: NDArray[np.int64],
    *,
    area_m2: float,
    city_m2: float,
) -> tuple[float, float]:
    """Count what the fullest cells of 12 and of 52 weeks catch on so much area."""
    known = (age_weeks >= 0) & (age_weeks < LONG_WEEKS)
    cells, at = np.unique(_cell(past_xy_m[known]), return_inverse=True)
    long = np.bincount(at, minlength=cells.size)
    short = np.bincount(at[age_weeks[known] < SHORT_WEEKS], minlength=cells.size)
    new = _cell(new_xy_m)
    where = np.searchsorted(cells, new)
    is_known = where < cells.size
    is_known[is_known] = cells[where[is_known]] == new[is_known]
    hits = np.bincount(where[is_known], minlength=cells.size)
    elsewhere = new.size - int(hits.sum())

    def of(first: NDArray[np.int64], then: NDArray[np.int64]) -> float:
        # The cells themselves are in the order from west to east, then from south to north.
        order = np.lexsort((np.arange(cells.size), -then, -first))
        wanted = area_m2 / CELL_M**2
        whole = min(int(wanted), cells.size)
        part = wanted - whole
        caught = float(hits[order[:whole]].sum())
        if whole < cells.size:
            return caught + part * float(hits[order[whole]])
        rest_m2 = city_m2 - cells.size * CELL_M**2
        # Cells reach beyond the city's border, so that little or nothing may be left for the rest.
        return caught + elsewhere * min(1.0, part * CELL_M**2 / rest_m2 if rest_m2 > 0 else 1.0)

    return of(short, long), of(long, short)


def _cell(xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each place the number of its cell, by column and then by row."""
    column, row = np.floor(np.asarray(xy_m, np.float64).reshape(-1, 2) / CELL_M).astype(np.int64).T
    return np.asarray(column * 2**32 + row)


def _said(ahead: int, listed: Caught, rivals: tuple[Caught, Caught], *, incidents: int) -> Label:
    """Put a row in words."""
    old_nl, old_en = _list_of(ahead)
    shares = [round(100 * one.hit_rate) for one in (listed, *rivals)]
    return Label(
        nl=f"Van de {incidents} nieuwe incidenten vielen er {listed.hits:.0f} ({shares[0]} %) in de hotspots "
        f"van {old_nl}. De drukste plekken van 12 en 52 weken, even groot, hadden {shares[1]} % en "
        f"{shares[2]} % gehad.",
        en=f"Of the {incidents} new incidents, {listed.hits:.0f} ({shares[0]} %) fell inside the hotspots of "
        f"{old_en}. The busiest places of 12 and 52 weeks, equally large, would have had {shares[1]} % and "
        f"{shares[2]} %.",
    )


def _said_nothing(ahead: int, *, is_listed: bool) -> Label:
    """Say why a row has no rate."""
    old_nl, old_en = _list_of(ahead)
    if not is_listed:
        return Label(
            nl=f"De lijst van {old_nl} was leeg. Er is dus geen trefkans.",
            en=f"The list of {old_en} was empty, so there is no hit rate.",
        )
    return Label(
        nl="Er waren geen nieuwe incidenten. Er is dus geen trefkans.",
        en="There were no new incidents, so there is no hit rate.",
    )


def _list_of(ahead: int) -> tuple[str, str]:
    """Name the list by how old it is."""
    return ("vorige week", "last week") if ahead == 1 else (f"{ahead} weken eerder", f"{ahead} weeks before")
