"""
Where are cases more frequent, per inhabitant, than elsewhere? Kulldorff's Poisson scan.

Question: is the rate in some circle, or in some circle and period, higher (lower) than outside?
Null: the cases, as many as there are, fall on places and steps in proportion to the population.
Cost: per replicate one comparison per window.
Reference: Kulldorff (1997), A spatial scan statistic; Kulldorff (2001), Prospective time periodic
geographical disease surveillance using a scan statistic (population-based Poisson in space and time).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.scan import POISSON
from hotspot.stats.scan_clusters import Scan
from hotspot.stats.scan_counts import CountScan, count_table, lanes_of, positive_table, scan_counts
from hotspot.stats.scan_search import Comparison, backwards, window_sums
from hotspot.stats.scan_windows import ScanPlan, lay_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray


def poisson_scan(
    xy_m: NDArray[np.float64],
    cases: NDArray[np.integer] | NDArray[np.floating],
    population: NDArray[np.integer] | NDArray[np.floating],
    *,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> Scan:
    """
    Find circles, or circles and periods, in which the rate differs from that outside.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    cases
        Cases of each place, or of each step of time (oldest first) and place, shape (n,) or (t, n).
    population
        Persons at risk, or any known expectation up to a factor; shape (n,) if it does not change, or (t, n).
    plan
        What is tried.
    rng
        Source of chance.

    Returns
    -------
    Scan
        The clusters; empty without cases.

    Raises
    ------
    InvalidParameter
        If an array has the wrong shape or values, or a case happened where nobody lives.

    Examples
    --------
    >>> xy_m = np.array([[0.0, 0.0], [100.0, 0.0], [900.0, 0.0], [1000.0, 0.0]])
    >>> population = np.array([1000, 1000, 1000, 1000])
    >>> scan = poisson_scan(
    ...     xy_m, np.array([9, 8, 1, 2]), population, plan=ScanPlan(), rng=np.random.default_rng(1)
    ... )
    >>> scan.clusters[0].places, scan.clusters[0].expected
    (array([0, 1]), 10.0)
    """
    table = count_table("cases", cases, n=len(xy_m))
    people = positive_table("population", population, n=len(xy_m))
    if len(people) not in {1, len(table)}:
        raise InvalidParameter(f"population must have 1 or {len(table)} steps, got {len(people)}")
    people = np.ascontiguousarray(np.broadcast_to(people, table.shape))
    if (table[people == 0.0] > 0.0).any():
        raise InvalidParameter("population must be above 0 wherever there are cases, got 0")
    windows = lay_windows(xy_m, people.sum(axis=0), steps=len(table), plan=plan)
    total, everyone = float(table.sum()), float(people.sum())
    if total == 0.0:
        return Scan((), np.empty(0))
    base = window_sums(backwards(people, windows.depth), windows) * total / everyone
    share = (people / everyone).ravel()

    def draw(generator: np.random.Generator) -> NDArray[np.int64]:
        return generator.multinomial(int(total), share).reshape(table.shape)

    problem = CountScan(
        xy_m, table, windows, Comparison(POISSON, base, total, everyone), lanes_of(draw), against_outside=True
    )
    return scan_counts(problem, plan=plan, rng=rng)
