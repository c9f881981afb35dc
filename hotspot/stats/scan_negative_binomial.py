"""
Where are more cases than a forecast and its scatter allow? Tango's negative binomial scan.

Question: has some circle in some period more (fewer) cases than expected, given how much counts scatter by
themselves?
Null: the cases of each place and step are negative binomial with mean m and variance m + m**2 / theta.
Cost: per replicate one draw per place and step and a division per window.
Reference: Tango, Takahashi & Kohriyama (2011), A space-time scan statistic for detecting emerging outbreaks.

The statistic is the efficient score, a sum of (observed - mean) / w over the square root of the sum of mean
/ w,
with w = 1 + mean / theta. For an emerging cluster each step has a weight that grows by one from the first
step of the window to the last. R's scanstatistics leaves out the square root for the emerging kind; here it
is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import replicate_generator, replicate_seeds, replicates_of
from hotspot.stats.scan_clusters import DIGITS, Content, Scan, disjoint_windows, with_p_values
from hotspot.stats.scan_counts import count_table, positive_table
from hotspot.stats.scan_search import backwards, window_sums
from hotspot.stats.scan_windows import ScanPlan, Windows, lay_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray


def negative_binomial_scan(
    xy_m: NDArray[np.float64],
    cases: NDArray[np.integer] | NDArray[np.floating],
    expected: NDArray[np.floating],
    theta: NDArray[np.floating] | float,
    *,
    kind: Literal["hotspot", "emerging"] = "hotspot",
    plan: ScanPlan,
    rng: np.random.Generator,
) -> Scan:
    """
    Find circles, or circles and periods, with another number of cases than expected, scatter considered.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    cases
        Cases of each place, or of each step of time (oldest first) and place, shape (n,) or (t, n).
    expected
        Mean of each, above 0, same shape.
    theta
        How little they scatter, above 0: the variance is m + m**2 / theta; one number or the same shape.
    kind
        A rise that is the same in all steps of a window (hotspot), or grows from step to step (emerging).
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
        If an array has the wrong shape or values.

    Examples
    --------
    >>> xy_m = np.array([[0.0, 0.0], [500.0, 0.0], [0.0, 500.0]])
    >>> cases, expected = np.array([[2, 1, 1], [8, 1, 1]]), np.ones((2, 3))
    >>> plan = ScanPlan(prospective=True, max_steps=1)
    >>> scan = negative_binomial_scan(xy_m, cases, expected, 1.0, plan=plan, rng=np.random.default_rng(1))
    >>> round(scan.clusters[0].statistic, 6)
    4.949747
    """
    table = count_table("cases", cases, n=len(xy_m))
    mean = positive_table("expected", expected, n=len(xy_m))
    size = np.broadcast_to(np.asarray(theta, np.float64), mean.shape)
    if mean.shape != table.shape or (mean <= 0.0).any():
        raise InvalidParameter(f"expected must be above 0 and of shape {table.shape}, got {mean.shape}")
    if not (np.isfinite(size).all() and (size > 0.0).all()):
        raise InvalidParameter(f"theta must be finite and above 0, got {size.min()} to {size.max()}")
    if kind not in {"hotspot", "emerging"}:
        raise InvalidParameter(f"kind must be hotspot or emerging, got {kind!r}")
    windows = lay_windows(xy_m, mean.sum(axis=0), steps=len(table), plan=plan)
    weight = 1.0 / (1.0 + mean / size)
    power = 0 if kind == "hotspot" else 1
    root = np.sqrt(_weighted(mean * weight, windows, power=2 * power))
    small = window_sums(backwards(table, windows.depth), windows) < plan.min_cases

    def scores(counts: NDArray[np.float64], few: NDArray[np.bool_]) -> NDArray[np.float64]:
        score = _weighted((counts - mean) * weight, windows, power=power) / root
        high = np.where(few, 0.0, score)
        return {"high": high, "low": -score, "both": np.maximum(high, -score)}[plan.rates]

    def strongest(seeds: NDArray[np.uint64]) -> NDArray[np.float64]:
        best = np.empty(seeds.size)
        for i, seed in enumerate(seeds):
            generator = replicate_generator(seed)
            counts = generator.negative_binomial(size, weight).astype(np.float64)
            few = window_sums(backwards(counts, windows.depth), windows) < plan.min_cases
            best[i] = scores(counts, few).max(initial=0.0)
        return np.round(best, DIGITS)

    found = disjoint_windows(scores(table, small), windows, xy_m)
    if not found:
        return Scan((), np.empty(0))
    simulated = replicates_of(
        strongest,
        replicate_seeds(rng, plan.replicates),
        observed=found[0].statistic,
        stop_after=plan.stop_after,
        threads=plan.threads,
    )
    observed = window_sums(backwards(table, windows.depth), windows)
    means = window_sums(backwards(mean, windows.depth), windows)

    def content(window: int) -> Content:
        return Content(round(observed[window]), float(means[window]), float(observed[window] / means[window]))

    return with_p_values(
        found, simulated, windows=windows, steps=len(table), stop_after=plan.stop_after, content=content
    )


def _weighted(values: NDArray[np.float64], windows: Windows, *, power: int) -> NDArray[np.float64]:
    """Sum over each window, each step times a power of its number within the window, the oldest being 1."""
    if power == 0:
        return window_sums(backwards(values, windows.depth), windows)
    # The step that lies b back has number `oldest - b`; its powers are sums of products of what is known.
    back = np.arange(len(values), dtype=np.float64)[::-1, None]
    oldest = np.tile(windows.oldest.astype(np.float64), windows.ring_end.size)
    plain, once = (window_sums(backwards(values * back**k, windows.depth), windows) for k in (0, 1))
    if power == 1:
        return oldest * plain - once
    twice = window_sums(backwards(values * back**2, windows.depth), windows)
    return oldest**2 * plain - 2.0 * oldest * once + twice
