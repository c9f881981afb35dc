"""
Surfaces that are drawn from the past to say where the next incidents fall: ours and those of practice.

A method gives every cell a value from what happened before a week, the larger the more is expected there.
Cells of equal value are ordered by all their incidents so far, as an analyst would, for every method alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.stats.forecast import forecasts
from hotspot.stats.getis_ord import gi_star
from hotspot.stats.kde import kde_at
from hotspot.stats.lattice import of_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

OURS = "ours"
COUNTS = ("counts_12", "counts_52")
"""The naive ones that ours must not fall below."""
RIVALS = ("kde_12", "kde_52", "gi_star_12", "gi_star_52")
"""The usual ones that ours must surpass."""
LABELS = {
    OURS: "ours (risk surface)",
    "counts_12": "counts, last 12 weeks",
    "counts_52": "counts, last 52 weeks",
    "kde_12": "KDE 200 m, last 12 weeks",
    "kde_52": "KDE 200 m, last 52 weeks",
    "gi_star_12": "Gi* on counts, last 12 weeks",
    "gi_star_52": "Gi* on counts, last 52 weeks",
}
"""All, in the order of the tables."""
BANDWIDTH_M = 200.0
_SPANS = {"12": 12, "52": 52}


@dataclass(frozen=True, slots=True)
class Past:
    """
    Incidents of one theme on cells.

    Parameters
    ----------
    xy_m
        Where they lie, in metres, shape (n, 2).
    week
        When, whole weeks from 0, shape (n,).
    cell
        Cell of each, shape (n,).
    row, column
        Where each cell lies in the grid, shape (c,).
    centres_m
        Its middle, shape (c, 2).
    known_since
        First week at whose beginning the cell has held an incident of any theme, shape (c,).
    """

    xy_m: NDArray[np.float64]
    week: NDArray[np.int64]
    cell: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    centres_m: NDArray[np.float64]
    known_since: NDArray[np.int64]


def surfaces(
    past: Past, origins: Sequence[int], *, horizon_weeks: int
) -> list[Mapping[str, NDArray[np.float64]]]:
    """
    Draw all surfaces at the beginning of each period.

    Parameters
    ----------
    past
        The incidents; only those before an origin are looked at.
    origins
        First weeks of the periods.
    horizon_weeks
        Length of the periods.

    Returns
    -------
    list of dict
        For each origin, by method, a value per cell that ranks it; minus infinity for cells not known yet.
    """
    ours = forecasts(
        past.xy_m,
        past.week,
        past.centres_m,
        cell=past.cell,
        known_since=past.known_since,
        origins=origins,
        horizon_weeks=horizon_weeks,
    )
    drawn: list[Mapping[str, NDArray[np.float64]]] = []
    for origin, one in zip(origins, ours, strict=True):
        is_known = past.known_since <= origin
        values = {OURS: one.expected[is_known], **_usual(past, origin, is_known)}
        so_far = np.bincount(past.cell[past.week < origin], minlength=is_known.size)[is_known]
        ranked = {}
        for name in LABELS:
            rank = np.full(is_known.size, -np.inf)
            order = np.lexsort((so_far, values[name]))
            rank[np.flatnonzero(is_known)[order]] = np.arange(order.size)
            ranked[name] = rank
        drawn.append(ranked)
    return drawn


def _usual(past: Past, origin: int, is_known: NDArray[np.bool_]) -> dict[str, NDArray[np.float64]]:
    """Draw the surfaces of practice on the known cells."""
    values: dict[str, NDArray[np.float64]] = {}
    cells = of_cells(past.row[is_known], past.column[is_known])
    for name, weeks in _SPANS.items():
        used = (past.week < origin) & (past.week >= origin - weeks)
        counts = np.bincount(past.cell[used], minlength=is_known.size)[is_known].astype(np.float64)
        values[f"counts_{name}"] = counts
        values[f"kde_{name}"] = kde_at(past.xy_m[used], past.centres_m[is_known], bandwidth_m=BANDWIDTH_M)
        values[f"gi_star_{name}"] = gi_star(counts, cells)
    return values
