"""
Do the marked places catch what comes after? Forecasts judged on real history.

For each period the cells are ranked from what happened before it, and so many of them are marked as make up
the area that is asked for. Cells are squares that had held an incident of any theme of the register before
the period (the developed area, as far as anybody could know); incidents elsewhere count as missed by all.
Nothing is tuned on the periods that are judged. Their intervals draw whole periods anew, the same for both
sides of a comparison, with the ends moved outwards where there are few periods (expanded percentiles).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.special import ndtr, stdtrit

from hotspot.evaluate.registers import CHICAGO_THEMES, FOOT_M, READERS, ST_LOUIS_THEMES
from hotspot.evaluate.surfaces import COUNTS, LABELS, OURS, RIVALS, Past, surfaces
from hotspot.evaluate.worlds import stream
from hotspot.stats.accuracy import accuracy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.evaluate.registers import Register

CELL_M = 200.0
SHARES = (0.01, 0.03)
"""Parts of the developed area that are marked."""
NIJ_CELLS_FT = (250.0, 600.0)
"""Sides of the smallest and of the largest cell that the challenge allowed: 62,500 and 360,000 ft2."""
NIJ_AREAS_MI2 = (0.25, 0.75)
"""The smallest and the largest forecast area that it allowed."""
NIJ_HORIZONS_WEEKS = (1, 2, 4, 9, 13)
"""One and two weeks, and one, two and three months, in whole weeks."""
NIJ_WEEKS = 104
_NIJ_BUFFER_FT = 500.0
"""The published boundary is wider than the city by this."""
_MILE_FT = 5280.0
_WEEKS = {"st_louis_2010": 26, "chicago/burglaries_2016.csv.gz": 26, "chicago/crimes_2017_2019.csv.gz": 52}
_REPLICATES = 1999
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Catch:
    """
    What one method caught in all periods of a case.

    Parameters
    ----------
    hits
        Incidents in its marked cells, by period, shape (p,).
    hit_rate, hit_rate_lower, hit_rate_upper
        Share of the incidents, with its Wilson interval.
    pai, pei
        Hit rate divided by the share of the area, and divided by that of the best choice in hindsight.
    """

    hits: NDArray[np.int64]
    hit_rate: float
    hit_rate_lower: float
    hit_rate_upper: float
    pai: float
    pei: float


@dataclass(frozen=True, slots=True)
class Case:
    """
    One theme of one city, one period length and one size of the marked area.

    Parameters
    ----------
    city, theme
        Which.
    cell_m
        Side of the cells in metres.
    marked
        How much is marked, as people read it.
    horizon_weeks
        Length of a period.
    periods
        Number of periods, one after the other, the last at the end of the register.
    incidents
        Incidents by period, in all, shape (p,).
    area_share
        Marked part of the area, by period, shape (p,).
    best
        Incidents that the best cells in hindsight held, shape (p,).
    catches
        What each method caught.
    """

    city: str
    theme: str
    cell_m: float
    marked: str
    horizon_weeks: int
    periods: int
    incidents: NDArray[np.int64]
    area_share: NDArray[np.float64]
    best: NDArray[np.int64]
    catches: Mapping[str, Catch]

    @property
    def better_count(self) -> str:
        """The naive count that caught more, chosen in hindsight."""
        return max(COUNTS, key=lambda name: int(self.catches[name].hits.sum()))


@dataclass(frozen=True, slots=True)
class Margin:
    """
    How much more ours caught than another method, in the same periods.

    Parameters
    ----------
    cases
        What it is about: a city, a theme, or all.
    against
        Name of the other method.
    difference, lower, upper
        Hit rate of ours less that of the other, with the interval of whole periods drawn anew.
    """

    cases: str
    against: str
    difference: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """
    What real history says.

    Parameters
    ----------
    cases
        Every case.
    margins
        Of each case against the better naive count, in the order of the cases.
    by_city
        By city and marked area against every method, over the cases of one week.
    pooled
        Over all cases of one week against every method; longer periods hold the same incidents once more.
    skipped
        Registers that are not there, with the reason.
    """

    cases: tuple[Case, ...]
    margins: tuple[Margin, ...]
    by_city: tuple[Margin, ...]
    pooled: tuple[Margin, ...]
    skipped: tuple[str, ...]

    @property
    def is_never_below_counts(self) -> bool:
        """Whether no case is below its better naive count with all of its interval."""
        return all(margin.upper >= 0 for margin in self.margins)

    @property
    def is_above_rivals(self) -> bool:
        """Whether ours is above KDE and Gi* over all cases, with all of the interval."""
        return all(margin.lower > 0 for margin in self.pooled if margin.against in RIVALS)


def history(folder: Path, *, seed: int = 3, registers: Sequence[str] | None = None) -> HistoryReport:
    """
    Judge forecasts on all registers that are there.

    Parameters
    ----------
    folder
        Folder of the shared data.
    seed
        Of the intervals.
    registers
        Only these, by their path in the folder; absent for all.

    Returns
    -------
    HistoryReport
        The same for the same data and seed.
    """
    cases: list[Case] = []
    skipped: list[str] = []
    for path in READERS if registers is None else registers:
        if not (folder / path).exists():
            skipped.append(f"{path}: not in {folder.name}")
        elif path == "portland_nij":
            cases += _challenge(READERS[path](folder), folder / path / "boundary_coords_feet.csv")
        else:
            cases += _city(READERS[path](folder), weeks=_WEEKS[path])
    return report(cases, skipped, seed=seed)


def report(cases: Sequence[Case], skipped: Sequence[str], *, seed: int) -> HistoryReport:
    """
    Compare ours with the others, case by case and pooled.

    Parameters
    ----------
    cases
        The cases.
    skipped
        What is missing, with the reason.
    seed
        Of the intervals.

    Returns
    -------
    HistoryReport
        The comparison.
    """
    others = [name for name in LABELS if name != OURS]
    groups: dict[str, list[Case]] = {}
    weekly = [case for case in cases if case.horizon_weeks == 1]
    for case in weekly:
        groups.setdefault(f"{case.city}, {case.marked}", []).append(case)
    return HistoryReport(
        tuple(cases),
        tuple(_margin(_title(case), [case], case.better_count, seed) for case in cases),
        tuple(_margin(title, group, name, seed) for title, group in groups.items() for name in others),
        tuple(_margin("all", weekly, name, seed) for name in others) if weekly else (),
        tuple(skipped),
    )


def _title(case: Case) -> str:
    """Name a case."""
    length = f"{case.horizon_weeks} week{'s' if case.horizon_weeks > 1 else ''}"
    return f"{case.city}, {case.theme}, {case.cell_m:.0f} m cells, {case.marked}, {length}"


def _city(register: Register, *, weeks: int) -> list[Case]:
    """Foretell the last weeks of a register one by one, theme by theme."""
    wanted = {*ST_LOUIS_THEMES.values(), *(theme.lower() for theme in CHICAGO_THEMES)}
    themes = [theme for theme in dict.fromkeys(register.theme.tolist()) if theme in wanted]
    marks = [(f"{share:.0%} of the developed area", share, 0.0) for share in SHARES]
    cases = []
    for theme in sorted(themes):
        past = past_of(register, theme, cell_m=CELL_M)
        origins = range(register.weeks - weeks, register.weeks)
        cases += _cases(register.city, theme, past, origins, 1, marks, CELL_M, None)
    return cases


def _challenge(register: Register, boundary: Path) -> list[Case]:
    """Foretell Portland as in the NIJ challenge."""
    city_ft2 = shapely.Polygon(pd.read_csv(boundary).to_numpy()).buffer(-_NIJ_BUFFER_FT).area
    cases = []
    for side_ft in NIJ_CELLS_FT:
        marks = [(f"{area:.2f} sq mi", 0.0, area * _MILE_FT**2 / side_ft**2) for area in NIJ_AREAS_MI2]
        for theme in ("burglary", "theft of auto"):
            past = past_of(register, theme, cell_m=side_ft * FOOT_M)
            for horizon in NIJ_HORIZONS_WEEKS:
                origins = range(register.weeks - NIJ_WEEKS // horizon * horizon, register.weeks, horizon)
                n_cells = city_ft2 / side_ft**2
                cases += _cases(
                    register.city, theme, past, origins, horizon, marks, side_ft * FOOT_M, n_cells
                )
    return cases


def past_of(register: Register, theme: str, *, cell_m: float) -> Past:
    """
    Lay cells over a register and take one theme.

    Parameters
    ----------
    register
        The register.
    theme
        The theme.
    cell_m
        Side of the cells in metres.

    Returns
    -------
    Past
        Its incidents on the cells that hold any incident.
    """
    steps = np.floor(register.xy_m / cell_m).astype(np.int64)
    place, cell = np.unique(steps, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    first = np.full(len(place), register.weeks, np.int64)
    np.minimum.at(first, cell, register.week)
    of_theme = register.theme == theme
    return Past(
        xy_m=register.xy_m[of_theme],
        week=register.week[of_theme],
        cell=cell[of_theme],
        row=place[:, 1],
        column=place[:, 0],
        centres_m=np.asarray((place + 0.5) * cell_m, np.float64),
        known_since=first + 1,
    )


def _cases(
    city: str,
    theme: str,
    past: Past,
    origins: range,
    horizon: int,
    marks: Sequence[tuple[str, float, float]],
    cell_m: float,
    n_cells: float | None,
) -> list[Case]:
    """Mark cells for all periods and count what they caught."""
    drawn = surfaces(past, origins, horizon_weeks=horizon)
    rows: dict[str, list[list[float]]] = {title: [] for title, _, _ in marks}
    for origin, ranks in zip(origins, drawn, strict=True):
        coming = past.cell[(past.week >= origin) & (past.week < origin + horizon)]
        came = np.bincount(coming, minlength=past.row.size)
        known = past.known_since <= origin
        for title, share, cells in marks:
            k = max(1, int(share * np.count_nonzero(known) + cells))
            base = np.count_nonzero(known) if n_cells is None else n_cells
            best = int(np.sort(came[known])[-k:].sum())
            hits = [int(came[np.argpartition(-ranks[name], k - 1)[:k]].sum()) for name in LABELS]
            rows[title].append([coming.size, k / base, best, *hits])
    return [
        _case(city, theme, cell_m, title, horizon, np.array(rows[title], np.float64)) for title, _, _ in marks
    ]


def _case(city: str, theme: str, cell_m: float, marked: str, horizon: int, rows: NDArray[np.float64]) -> Case:
    """Sum up the periods of a case."""
    incidents, share, best = rows[:, 0], rows[:, 1], rows[:, 2]
    catches = {}
    for name, hits in zip(LABELS, rows[:, 3:].T, strict=True):
        total = max(1.0, float(incidents.sum()))
        # Weeks count by their incidents, as in the hit rate.
        weighted = max(1e-9, float((incidents * share).sum()) / total)
        found = accuracy(hits.sum(), total, selected_m2=weighted, total_m2=1.0, confidence=_CONFIDENCE)
        catches[name] = Catch(
            hits.astype(np.int64),
            float(found.hit_rate),
            float(found.hit_rate_lower),
            float(found.hit_rate_upper),
            float(found.pai),
            float(hits.sum() / max(1.0, best.sum())),
        )
    return Case(
        city,
        theme,
        cell_m,
        marked,
        horizon,
        len(rows),
        incidents.astype(np.int64),
        share,
        best.astype(np.int64),
        catches,
    )


def _outside(periods: int) -> float:
    """Tell the share of the draws beyond each end: with few periods percentiles alone are too narrow."""
    # Hesterberg (2015), What teachers should know about the bootstrap: the expanded percentile interval.
    freedom = max(1, periods - 1)
    wide = float(stdtrit(freedom, (1 - _CONFIDENCE) / 2)) * np.sqrt(periods / freedom)
    return float(ndtr(wide))


def _margin(title: str, cases: Sequence[Case], against: str, seed: int) -> Margin:
    """Compare hit rates; the periods of a city are drawn anew, the same for both sides and all its cases."""
    total, gained = 0.0, 0.0
    totals, gains = np.zeros(_REPLICATES), np.zeros(_REPLICATES)
    for case in cases:
        more = case.catches[OURS].hits - case.catches[against].hits
        rng = stream(seed, "history", title, against, case.city, case.periods)
        drawn = rng.integers(case.periods, size=(_REPLICATES, case.periods))
        total, gained = total + case.incidents.sum(), gained + more.sum()
        totals += case.incidents[drawn].sum(axis=1)
        gains += more[drawn].sum(axis=1)
    outside = _outside(sum({case.city: case.periods for case in cases}.values()))
    lower, upper = np.quantile(gains / np.maximum(totals, 1.0), [outside, 1 - outside])
    return Margin(title, against, float(gained / max(total, 1.0)), float(lower), float(upper))
