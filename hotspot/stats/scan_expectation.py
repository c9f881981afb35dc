"""
Where are more cases than a forecast says? The expectation-based Poisson scan of Neill.

Question: has some circle in some period more (fewer) cases than its own known expectation?
Null: the cases of each place and step are Poisson with the expectation given. A rise of the whole city
counts too: unlike Kulldorff's, this scan compares with the forecast and not with the rest of the city.
Cost: per replicate one Poisson draw per place and step, and one comparison per window.
Reference: Neill, Moore, Sabhnani & Daniel (2005), Detection of emerging space-time clusters; Neill (2009),
Expectation-based scan statistics for monitoring spatial time series data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.stats.scan import EXPECTATION
from hotspot.stats.scan_counts import CountScan, count_table, lanes_of, positive_table, scan_counts
from hotspot.stats.scan_search import Comparison, backwards, window_sums
from hotspot.stats.scan_windows import ScanPlan, lay_windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hotspot.stats.scan_clusters import Scan


def expectation_scan(
    xy_m: NDArray[np.float64],
    cases: NDArray[np.integer] | NDArray[np.floating],
    expected: NDArray[np.floating],
    *,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> Scan:
    """
    Find circles, or circles and periods, with another number of cases than expected.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    cases
        Cases of each place, or of each step of time (oldest first) and place, shape (n,) or (t, n).
    expected
        What each should have, from the past or a model; same shape. Where it is 0 there may be no case.
    plan
        What is tried; `max_share` is that of the expectation.
    rng
        Source of chance.

    Returns
    -------
    Scan
        The clusters. Their relative risk is observed over expected.

    Raises
    ------
    InvalidParameter
        If an array has the wrong shape or values, or a case happened where none is expected.

    Examples
    --------
    >>> import numpy as np
    >>> xy_m = np.array([[0.0, 0.0], [500.0, 0.0], [0.0, 500.0]])
    >>> cases, expected = np.array([[2, 1, 1], [8, 1, 1]]), np.ones((2, 3))
    >>> plan = ScanPlan(prospective=True, max_steps=1)
    >>> scan = expectation_scan(xy_m, cases, expected, plan=plan, rng=np.random.default_rng(1))
    >>> scan.clusters[0].places, round(scan.clusters[0].statistic, 6)
    (array([0]), 9.635532)
    """
    table = count_table("cases", cases, n=len(xy_m))
    forecast = positive_table("expected", expected, n=len(xy_m))
    if forecast.shape != table.shape:
        raise InvalidParameter(f"expected must have the shape of cases, {table.shape}, got {forecast.shape}")
    if (table[forecast == 0.0] > 0.0).any():
        raise InvalidParameter("expected must be above 0 wherever there are cases, got 0")
    windows = lay_windows(xy_m, forecast.sum(axis=0), steps=len(table), plan=plan)
    base = window_sums(backwards(forecast, windows.depth), windows)

    def draw(generator: np.random.Generator) -> NDArray[np.int64]:
        return generator.poisson(forecast)

    problem = CountScan(
        xy_m,
        table,
        windows,
        Comparison(EXPECTATION, base, float(table.sum()), 0.0),
        lanes_of(draw),
        against_outside=False,
    )
    return scan_counts(problem, plan=plan, rng=rng)
