"""
Do cases gather more than place and period each explain? The space-time permutation scan.

Question: has some circle more cases in some period than its share of all cases and the period's share lead
to expect?
Null: when a case happened says nothing about where; places that are always full and busy weeks are both
allowed.
Cost: per replicate one draw per case of the period that windows reach, and one comparison per window.
Reference: Kulldorff, Heffernan, Hartman, Assuncao & Mostashari (2005), A space-time permutation scan
statistic for disease outbreak detection.

It needs no population. The expectation of a window is its place's cases times its period's cases over all
cases; shuffling dates over the cases changes neither, so that it is the same in every replicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.stats.permutation import draw_without_return
from hotspot.stats.scan import POISSON
from hotspot.stats.scan_clusters import Scan
from hotspot.stats.scan_counts import CountScan, count_table, scan_counts
from hotspot.stats.scan_search import Comparison, window_sums
from hotspot.stats.scan_windows import ScanPlan, Windows, lay_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray


def permutation_scan(
    xy_m: NDArray[np.float64],
    cases: NDArray[np.integer] | NDArray[np.floating],
    *,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> Scan:
    """
    Find circles and periods with more cases, or fewer, than place and period explain.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    cases
        Cases of each step of time, the oldest first, and place, shape (t, n).
    plan
        What is tried; `max_share` is that of the cases.
    rng
        Source of chance.

    Returns
    -------
    Scan
        The clusters; empty without cases. Their relative risk is observed over expected.

    Raises
    ------
    InvalidParameter
        If an array has the wrong shape or values.

    Examples
    --------
    >>> xy_m = np.array([[0.0, 0.0], [500.0, 0.0], [0.0, 500.0]])
    >>> cases = np.array([[1, 0, 2], [0, 1, 1], [1, 1, 0], [5, 1, 1]])
    >>> plan = ScanPlan(prospective=True, max_steps=1)
    >>> first = permutation_scan(xy_m, cases, plan=plan, rng=np.random.default_rng(1)).clusters[0]
    >>> first.places, first.observed, first.expected, round(first.statistic, 6)
    (array([0]), 5, 3.5, 0.396019)
    """
    table = count_table("cases", cases, n=len(xy_m))
    per_place, per_step = table.sum(axis=0), table.sum(axis=1)[::-1]
    windows = lay_windows(xy_m, per_place, steps=len(table), plan=plan)
    total = float(table.sum())
    if total == 0.0:
        return Scan((), np.empty(0))
    problem = CountScan(
        xy_m,
        table,
        windows,
        Comparison(POISSON, _expected(per_place, per_step, windows), total, 0.0),
        _Shuffle(per_place, per_step[: windows.depth]).draw,
        against_outside=False,
    )
    return scan_counts(problem, plan=plan, rng=rng)


def _expected(
    per_place: NDArray[np.float64], per_step: NDArray[np.float64], windows: Windows
) -> NDArray[np.float64]:
    """Multiply the whole numbers of cases of each circle and period, so that equal windows stay equal."""
    space = windows._replace(newest=np.zeros(1, np.int64), oldest=np.ones(1, np.int64))
    in_circle = window_sums(np.column_stack([np.zeros_like(per_place), per_place]), space)
    since = np.concatenate([[0.0], np.cumsum(per_step)])
    in_period = since[windows.oldest] - since[windows.newest]
    products: NDArray[np.float64] = np.multiply.outer(in_circle, in_period)
    products /= per_place.sum()
    return products.ravel()


class _Shuffle:
    """Draws which cases fall in the steps that windows reach; the steps before them get the rest."""

    def __init__(self, per_place: NDArray[np.float64], per_step: NDArray[np.float64]) -> None:
        self._place = np.repeat(np.arange(per_place.size, dtype=np.int32), per_place.astype(np.int64))
        self._per_step = per_step.astype(np.int64)

    def draw(self, seeds: NDArray[np.uint64], lanes: NDArray[np.signedinteger]) -> None:
        """Fill one lane per seed."""
        _shuffle(seeds, self._place, self._per_step, lanes)


@numba.njit(cache=True, nogil=True)
def _shuffle(
    seeds: NDArray[np.uint64],
    place: NDArray[np.int32],
    per_step: NDArray[np.int64],
    lanes: NDArray[np.signedinteger],
) -> None:
    """Give the steps, the last one first, so many cases as they had, drawn from all without return."""
    items = np.empty_like(place)
    drawn = 0
    for step in range(per_step.size):
        drawn += per_step[step]
    for lane in range(seeds.size):
        for i in range(place.size):
            items[i] = place[i]
        draw_without_return(items, drawn, seeds[lane])
        at = 0
        for step in range(per_step.size):
            for case in range(at, at + per_step[step]):
                lanes[items[case], step + 1, lane] += 1
            at += per_step[step]
