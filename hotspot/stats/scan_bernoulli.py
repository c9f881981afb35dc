"""
Where are more of those who could be a case one indeed? Kulldorff's Bernoulli scan.

Question: is the share of cases among cases and controls in some circle higher (lower) than outside?
Null: which of all persons are cases is a matter of chance, the same everywhere.
Cost: per replicate one draw per case and one comparison per window.
Reference: Kulldorff (1997), A spatial scan statistic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.scan import BERNOULLI
from hotspot.stats.scan_clusters import Scan
from hotspot.stats.scan_counts import CountScan, count_table, lanes_of, scan_counts
from hotspot.stats.scan_search import Comparison, backwards, window_sums
from hotspot.stats.scan_windows import ScanPlan, lay_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray


def bernoulli_scan(
    xy_m: NDArray[np.float64],
    cases: NDArray[np.integer] | NDArray[np.floating],
    controls: NDArray[np.integer] | NDArray[np.floating],
    *,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> Scan:
    """
    Find circles, or circles and periods, with another share of cases than outside.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    cases
        Cases of each place, or of each step of time (oldest first) and place, shape (n,) or (t, n).
    controls
        Those who could have been cases and are not, same shape.
    plan
        What is tried; `max_share` is that of cases and controls.
    rng
        Source of chance.

    Returns
    -------
    Scan
        The clusters; empty unless there are both cases and controls.

    Raises
    ------
    InvalidParameter
        If an array has the wrong shape or values.

    Examples
    --------
    >>> xy_m = np.array([[0.0, 0.0], [100.0, 0.0], [900.0, 0.0], [1000.0, 0.0]])
    >>> cases, controls = np.array([6, 5, 1, 1]), np.array([3, 4, 9, 8])
    >>> scan = bernoulli_scan(xy_m, cases, controls, plan=ScanPlan(), rng=np.random.default_rng(1))
    >>> scan.clusters[0].places, scan.clusters[0].observed
    (array([0, 1]), 11)
    """
    table = count_table("cases", cases, n=len(xy_m))
    others = count_table("controls", controls, n=len(xy_m))
    if others.shape != table.shape:
        raise InvalidParameter(f"controls must have the shape of cases, {table.shape}, got {others.shape}")
    persons = table + others
    windows = lay_windows(xy_m, persons.sum(axis=0), steps=len(table), plan=plan)
    total, everyone = float(table.sum()), float(persons.sum())
    if total in {0.0, everyone}:
        return Scan((), np.empty(0))
    base = window_sums(backwards(persons, windows.depth), windows)
    per_cell = persons.ravel().astype(np.int64)

    def draw(generator: np.random.Generator) -> NDArray[np.int64]:
        drawn = generator.multivariate_hypergeometric(per_cell, int(total), method="marginals")
        return drawn.reshape(table.shape)

    problem = CountScan(
        xy_m,
        table,
        windows,
        Comparison(BERNOULLI, base, total, everyone),
        lanes_of(draw),
        against_outside=True,
    )
    return scan_counts(problem, plan=plan, rng=rng)
