"""
Baselines on a grid: Gi* on counts and on their change, CUSUM and Poisson exceedance of each cell.

The cells are those that held an incident in the window or the baseline. Expectations of a cell are its share
of the baseline times what the whole city had in the week, so that a campaign is no hotspot everywhere. A
claim is a cell that no neighbour surpasses, with those of its neighbours that are at least half as extreme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.evaluate.views import FEWEST_MEMBERS, MOST_CLAIMS, claim_of, strongest_first, view
from hotspot.evaluate.worlds import BASELINE_WEEKS, WINDOW_WEEKS
from hotspot.model import Kind
from hotspot.stats import cusum as chart
from hotspot.stats.exceedance import exceedance
from hotspot.stats.getis_ord import gi_star
from hotspot.stats.lattice import QUEEN, of_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.evaluate.claims import Claim, Scene
    from hotspot.evaluate.views import View

CELL_M = 100.0
"""Side of the cells of Gi*: its neighbourhood is then 300 m wide."""
WIDE_CELL_M = 150.0
"""Side of the cells that are charted one by one: the best of 100, 150 and 200 m."""
_UNSEEN = 0.5
"""Incidents added to a cell's past, so that an empty one is not thought to be safe for ever."""
_ANSCOMBE = 3 / 8
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells that hold an incident, by row and column, the cell of each incident and its counts by week."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    corner_m: NDArray[np.float64]
    side_m: float
    cell: NDArray[np.int64]
    by_age: NDArray[np.float64]

    @property
    def window(self) -> NDArray[np.float64]:
        """Incidents of the window in each cell."""
        counts: NDArray[np.float64] = self.by_age[:, :WINDOW_WEEKS].sum(axis=1)
        return counts

    @property
    def past(self) -> NDArray[np.float64]:
        """Incidents of the baseline in each cell."""
        counts: NDArray[np.float64] = self.by_age[:, WINDOW_WEEKS:].sum(axis=1)
        return counts


def gi_star_counts(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the peaks of Gi* on counts.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Acute: counts of the window; chronic: of the whole year; scored by z.
    """
    del rng
    seen = view(scene)
    grid = _grid(seen, CELL_M)
    return strongest_first(
        _peaks(seen, grid, _z(grid, grid.window), Kind.ACUTE)
        + _peaks(seen, grid, _z(grid, grid.window + grid.past), Kind.CHRONIC)
    )


def gi_star_change(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the peaks of Gi* on what the window has more than the baseline leads to expect.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Scored by z of the change of square roots, which is alike uncertain in busy and in quiet cells.
    """
    del rng
    seen = view(scene)
    grid = _grid(seen, CELL_M)
    change = 2 * (np.sqrt(grid.window + _ANSCOMBE) - np.sqrt(_expected(grid).sum(axis=1) + _ANSCOMBE))
    return strongest_first(_peaks(seen, grid, _z(grid, change), Kind.ACUTE))


def cusum(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the cells whose weekly counts have added up to most above their mean.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Scored by the cumulative sum after the weeks of the window (Rossi's transform, for small means).
    """
    del rng
    seen = view(scene)
    grid = _grid(seen, WIDE_CELL_M)
    # Oldest first; age 0 is the named week.
    weekly, mean = grid.by_age[:, :WINDOW_WEEKS][:, ::-1], _expected(grid)[:, ::-1]
    if weekly.shape[0] == 0:
        return ()
    charted = chart.cusum(weekly, expected=np.maximum(mean, 1e-9), transform="rossi")
    return strongest_first(_peaks(seen, grid, charted.total[:, -1], Kind.ACUTE))


def poisson(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the cells with a count that their own past makes least likely.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Scored by minus the decimal logarithm of the Poisson p-value times the number of cells (Bonferroni),
        so that cities compare.
    """
    del rng
    seen = view(scene)
    grid = _grid(seen, WIDE_CELL_M)
    p_value = exceedance(grid.window, expected=_expected(grid).sum(axis=1))
    extremeness = -np.log10(np.maximum(p_value, 1e-300))
    claims = _peaks(seen, grid, extremeness, Kind.ACUTE, shift=-float(np.log10(max(1, p_value.size))))
    return strongest_first(claims)


def _grid(seen: View, side_m: float) -> _Grid:
    """Lay the grid and count by cell and age."""
    corner_m = seen.xy_m.min(axis=0, initial=np.inf) if len(seen.xy_m) else np.zeros(2)
    steps = np.floor((seen.xy_m - corner_m) / side_m).astype(np.int64)
    place, cell = np.unique(steps, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    weeks = WINDOW_WEEKS + BASELINE_WEEKS
    by_age = np.bincount(cell * weeks + seen.age_weeks, minlength=len(place) * weeks).astype(np.float64)
    return _Grid(place[:, 1], place[:, 0], corner_m, side_m, cell, by_age.reshape(len(place), weeks))


def _expected(grid: _Grid) -> NDArray[np.float64]:
    """Tell what each cell's share of the baseline makes of the city's weeks, shape (cells, window)."""
    past = grid.past + _UNSEEN
    share = past / max(float(past.sum()), 1.0)
    expected: NDArray[np.float64] = share[:, None] * grid.by_age[:, :WINDOW_WEEKS].sum(axis=0)
    return expected


def _z(grid: _Grid, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardise the sum over a cell and the eight around it."""
    return gi_star(value, of_cells(grid.row, grid.column))


def _peaks(
    seen: View, grid: _Grid, extremeness: NDArray[np.float64], kind: Kind, *, shift: float = 0.0
) -> list[Claim]:
    """Claim the most extreme cells with their neighbours, each cell once."""
    counted = seen.is_recent if kind is Kind.ACUTE else np.ones(seen.key.size, np.bool_)
    index = np.flatnonzero(counted)
    index = index[np.argsort(grid.cell[index], kind="stable")]
    first = np.searchsorted(grid.cell[index], np.arange(extremeness.size + 1))
    number = {(r, c): i for i, (r, c) in enumerate(zip(grid.row.tolist(), grid.column.tolist(), strict=True))}
    is_taken = np.zeros(extremeness.size, np.bool_)
    claims: list[Claim] = []
    for peak in np.argsort(-extremeness, kind="stable"):
        if extremeness[peak] <= 0 or len(claims) == MOST_CLAIMS:
            break
        if is_taken[peak]:
            continue
        around = [
            number.get((int(grid.row[peak]) + r, int(grid.column[peak]) + c), -1) for r, c in QUEEN.tolist()
        ]
        free = np.array([other for other in around if other >= 0 and not is_taken[other]], np.int64)
        is_taken[free] = is_taken[peak] = True
        joined = np.append(free[extremeness[free] >= _HALF * extremeness[peak]], peak)
        members = np.concatenate([index[first[one] : first[one + 1]] for one in joined])
        if members.size >= FEWEST_MEMBERS:
            score = float(extremeness[peak]) + shift
            claims.append(claim_of(seen, members, footprint=_block(grid, joined), score=score, kind=kind))
    return claims


def _block(grid: _Grid, cells: NDArray[np.int64]) -> shapely.Polygon:
    """Draw cells that touch, filled up to their convex hull: two that meet at a corner are no polygon."""
    low_m = grid.corner_m + np.column_stack([grid.column[cells], grid.row[cells]]) * grid.side_m
    squares = shapely.box(*low_m.T, *(low_m + grid.side_m).T)
    return shapely.Polygon(shapely.get_coordinates(shapely.convex_hull(shapely.union_all(squares))))
