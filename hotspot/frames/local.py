"""
Which cells or areas are unusually full beside full ones? Gi* and local Moran for tables of polygons.

Neighbours are the areas whose centroid lies within a radius. All areas are tested at once, so that some are
remarkable by chance: `q_value` is the p-value adjusted for that (Benjamini & Hochberg), and what is marked
keeps to it. Counts that are high for a good reason (a shopping street) are no chance either: test the
change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import erfc

from hotspot.errors import InvalidParameter
from hotspot.frames.plane import centres, numbers
from hotspot.stats import getis_ord, weights
from hotspot.stats import local_moran as moran
from hotspot.stats.conditional import exact_tails, exact_tails_with_self
from hotspot.stats.fdr import benjamini_hochberg

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from hotspot.stats.weights import Weights

Chance = Literal["exact", "normal"]
"""Exact tails of dealing out whole numbers at random, or the normal approximation, for any numbers."""

_FALSE_DISCOVERY_RATE = 0.05


def gi_star(
    cells: gpd.GeoDataFrame,
    *,
    column: str = "incidents",
    radius_m: float,
    chance: Chance = "exact",
    alpha: float = _FALSE_DISCOVERY_RATE,
) -> gpd.GeoDataFrame:
    """
    Test for each cell whether it and its neighbours hold more, or less, than their share (Getis-Ord Gi*).

    Parameters
    ----------
    cells
        Polygons in a plane in metres, those without incidents included.
    column
        Column of the counts.
    radius_m
        Cells whose centroids are this close are neighbours: 1.5 times the side of a square for its eight.
    chance
        `exact` needs counts, and is right also where they are small.
    alpha
        Share of the marked cells that may be chance.

    Returns
    -------
    GeoDataFrame
        The cells with `z`, `p_value` (two-sided), `q_value` and `state`: 1 for a hot cell, -1 for a cold
        one, 0 for neither.
    """
    value, near = numbers(cells, column), weights.within(centres(cells, name="cells"), radius_m=radius_m)
    z = getis_ord.gi_star(value, near)
    p_value = _normal(z) if _is_normal(chance) else exact_tails_with_self(value, near).two_sided
    q_value = benjamini_hochberg(p_value)
    state = np.where(q_value <= alpha, np.sign(z), 0).astype(np.int8)
    return cells.assign(z=z, p_value=p_value, q_value=q_value, state=state)


def local_moran(
    cells: gpd.GeoDataFrame,
    *,
    column: str = "incidents",
    radius_m: float,
    alpha: float = _FALSE_DISCOVERY_RATE,
) -> gpd.GeoDataFrame:
    """
    Test for each cell whether its neighbours are unusual, and tell whether it is like them (local Moran).

    Parameters
    ----------
    cells
        Polygons in a plane in metres, those without incidents included.
    column
        Column of the counts (whole numbers).
    radius_m
        Cells whose centroids are this close are neighbours.
    alpha
        Share of the marked cells that may be chance.

    Returns
    -------
    GeoDataFrame
        The cells with `moran`, `p_value` (two-sided, of the neighbours' sum), `q_value` and `quadrant`:
        `high-high`, `low-low`, `high-low` or `low-high` where significant, else `none`.
    """
    value, near = numbers(cells, column), weights.within(centres(cells, name="cells"), radius_m=radius_m)
    found = moran.local_moran(value, _standardised(near))
    p_value = exact_tails(value, near).two_sided
    q_value = benjamini_hochberg(p_value)
    names = np.array([kind.name.lower().replace("_", "-") for kind in moran.Quadrant], object)
    codes = np.where(q_value <= alpha, found.quadrant, moran.Quadrant.NONE)
    return cells.assign(moran=found.i, p_value=p_value, q_value=q_value, quadrant=names[codes])


def _standardised(near: Weights) -> Weights:
    """Scale weights by row where there are any."""
    return weights.row_standardised(near) if near.weight.size else near


def _is_normal(chance: Chance) -> bool:
    """Tell which p-values are asked for."""
    if chance not in {"exact", "normal"}:
        raise InvalidParameter(f"chance must be 'exact' or 'normal', got {chance!r}")
    return chance == "normal"


def _normal(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give two-sided p-values of standard normal scores."""
    return np.asarray(erfc(np.abs(z) / np.sqrt(2.0)), np.float64)
