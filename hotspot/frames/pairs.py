"""
Do incidents follow each other in space and time? Knox and near-repeat tables, one row per band.

Bands hold their lower edge and not their upper one: 0 to 100 m is [0, 100). Each table makes many tests, of
which some are small by chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hotspot.frames.plane import days, positions
from hotspot.stats.knox import knox_table as _knox_table
from hotspot.stats.near_repeat import near_repeat_table as _near_repeat_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from hotspot.stats.pair_table import PairCounts
    from hotspot.stats.pairs import Metric


def knox_table(
    incidents: gpd.GeoDataFrame,
    *,
    time: str,
    edges_m: Sequence[float],
    edges_days: Sequence[float],
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """
    Test in each band of distance and time for more pairs than chance gives.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    time
        Column of times, or of days as numbers.
    edges_m, edges_days
        Where the bands begin and the last one ends.
    metric
        How distance is measured.
    replicates
        Number of shuffles of the times, at least 1.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        Per band `from_m`, `to_m`, `from_days`, `to_days`, `observed`, `expected`, `ratio`, `p_value`.
    """
    table = _knox_table(
        positions(incidents),
        days(incidents, time),
        edges_m=edges_m,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
    )
    return _long(
        np.asarray(edges_m, np.float64), np.asarray(edges_days, np.float64), table.counts, table.p_value
    )


def near_repeat_table(
    incidents: gpd.GeoDataFrame,
    *,
    time: str,
    edges_m: Sequence[float],
    edges_days: Sequence[float],
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """
    Test for repeats at the same place, and in each band of distance and time beyond.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    time
        Column of times, or of days as numbers.
    edges_m
        Upper edges of the bands of distance; the band of exact repeats is put in front.
    edges_days
        Where the bands of time begin and the last one ends.
    metric
        How distance is measured.
    replicates
        Number of shuffles of the times, at least 1.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        As `knox_table`; the first band of distance holds the exact repeats.
    """
    table = _near_repeat_table(
        positions(incidents),
        days(incidents, time),
        edges_m=edges_m,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
    )
    return _long(table.edges_m, table.edges_days, table.counts, table.p_value)


def _long(
    edges_m: NDArray[np.float64],
    edges_days: NDArray[np.float64],
    counts: PairCounts,
    p_value: NDArray[np.float64],
) -> pd.DataFrame:
    """Write a table of bands as rows, by distance and then by time."""
    n_m, n_days = len(edges_m) - 1, len(edges_days) - 1
    return pd.DataFrame(
        {
            "from_m": np.repeat(edges_m[:-1], n_days),
            "to_m": np.repeat(edges_m[1:], n_days),
            "from_days": np.tile(edges_days[:-1], n_m),
            "to_days": np.tile(edges_days[1:], n_m),
            "observed": counts.observed.ravel(),
            "expected": counts.expected.ravel(),
            "ratio": counts.ratio.ravel(),
            "p_value": p_value.ravel(),
        }
    )
