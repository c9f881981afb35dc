"""How concentrated are incidents over areas, and what has each area been doing? Shares and patterns."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hotspot.errors import InvalidParameter
from hotspot.frames.plane import centres, numbers
from hotspot.stats import concentration as concentrations
from hotspot.stats import getis_ord, weights
from hotspot.stats.emerging import ALPHA, Pattern, patterns_of_scores
from hotspot.stats.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

_FEWEST_STEPS = 2


def emerging_patterns(
    cells: gpd.GeoDataFrame,
    *,
    columns: Sequence[str],
    radius_m: float,
    steps_back: int = 1,
    alpha: float = ALPHA,
) -> gpd.GeoDataFrame:
    """
    Sort cells into the seventeen classes of an emerging hot spot analysis.

    Parameters
    ----------
    cells
        Polygons in a plane in metres, those without incidents included.
    columns
        Columns of the counts, one per step of time, oldest first; Esri recommends at least ten.
    radius_m
        Cells whose centroids are this close are neighbours.
    steps_back
        Steps before its own that a cell's neighbourhood reaches back, at least 0.
    alpha
        False discovery rate over all cells and steps, and level of the trend test.

    Returns
    -------
    GeoDataFrame
        The cells with `pattern` in words, such as `new hot spot` or `no pattern`.

    Notes
    -----
    The scores are those of Esri's tool: Gi* of each cell in each step, compared with all cells in all steps,
    where a cell's neighbourhood holds itself and its neighbours in the same step and in the ones before.
    """
    if len(columns) < _FEWEST_STEPS:
        raise InvalidParameter(f"columns must name at least {_FEWEST_STEPS} steps, got {len(columns)}")
    if steps_back < 0:
        raise InvalidParameter(f"steps_back must be at least 0, got {steps_back}")
    near = weights.within(centres(cells, name="cells"), radius_m=radius_m)
    counts = np.array([numbers(cells, column) for column in columns], np.float64)
    z = getis_ord.gi_star(counts.ravel(), _through_time(near, len(columns), steps_back))
    found = patterns_of_scores(z.reshape(counts.shape).T, alpha=alpha, trend_alpha=alpha)
    return cells.assign(pattern=[Pattern(value).label for value in found])


def concentration(
    areas: pd.DataFrame,
    *,
    column: str = "incidents",
    incident_shares: Sequence[float] = (0.25, 0.5),
    replicates: int = 999,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """
    Tell how few of the areas hold how many of the incidents, beside the same for incidents that fall by lot.

    Parameters
    ----------
    areas
        A table with one row per area, those without incidents included; it needs no geometry.
    column
        Column of the counts.
    incident_shares
        Shares of the incidents for which to tell the share of the areas.
    replicates
        Number of random allocations.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        One row per share, with `incident_share`, `place_share`, `random_place_share` and, the same in each
        row, `gini`, `generalised_gini`, `random_gini`, `random_generalised_gini` and `p_value`.
    """
    found = concentrations.concentration(
        numbers(areas, column), incident_shares=incident_shares, replicates=replicates, rng=rng
    )
    return pd.DataFrame(asdict(found))


def concentration_curve(areas: pd.DataFrame, *, column: str = "incidents") -> pd.DataFrame:
    """
    Follow the share of the incidents that the fullest areas hold.

    Parameters
    ----------
    areas
        A table with one row per area, those without incidents included; it needs no geometry.
    column
        Column of the counts.

    Returns
    -------
    DataFrame
        `place_share` and `incident_share`, both from 0 to 1.
    """
    curve = concentrations.concentration_curve(numbers(areas, column))
    return pd.DataFrame({"place_share": curve.place_share, "incident_share": curve.incident_share})


def _through_time(near: Weights, steps: int, steps_back: int) -> Weights:
    """Make neighbours in space those in space and time: place i in step t is number t times n plus i."""
    n = near.start.size - 1
    place = np.repeat(np.arange(n), np.diff(near.start))
    first, second = [], []
    for back in range(min(steps_back, steps - 1) + 1):
        # A place in an earlier step is a neighbour of itself; in its own step Gi* adds it.
        own = np.arange(n if back else 0)
        for step in range(back, steps):
            first.append(np.concatenate([place, own]) + step * n)
            second.append(np.concatenate([near.neighbour, own]) + (step - back) * n)
    source, target = np.concatenate(first), np.concatenate(second)
    order = np.lexsort((target, source))
    start = np.zeros(n * steps + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=n * steps), out=start[1:])
    return Weights(start, target[order].astype(np.int32), np.ones(target.size))
