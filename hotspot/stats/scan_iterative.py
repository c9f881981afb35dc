"""
What else is there, once the strongest cluster is known and taken out? Iterative scanning.

Question: which further clusters are as unlike chance, in what is left when the ones found are removed?
Null: that of the scan that is repeated, for the data without the clusters found before.
Cost: a whole scan per cluster, and one more.
Reference: Zhang, Assuncao & Kulldorff (2010), Spatial scan statistics adjusted for multiple clusters.

A strong cluster raises what is called normal, and so hides weaker ones; in the usual list their p-values err
towards caution. Here each is tested as if the stronger ones had never been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.stats.scan_clusters import Scan, ScanCluster


def iterative_scan(
    scan: Callable[[NDArray[np.float64], NDArray[np.float64]], Scan],
    cases: NDArray[np.integer] | NDArray[np.floating],
    base: NDArray[np.integer] | NDArray[np.floating],
    *,
    alpha: float = 0.05,
    at_most: int = 10,
) -> tuple[ScanCluster, ...]:
    """
    Scan, take the strongest cluster out if it is significant, and scan again.

    Parameters
    ----------
    scan
        Scans cases against a base of the same shape, both (t, n).
    cases
        Cases of each place, or of each step and place, shape (n,) or (t, n).
    base
        What they are compared with: population, controls, expectation; same shape. A scan that has none
        ignores it.
    alpha
        Largest p-value of a cluster that is taken out, above 0 and below 1.
    at_most
        Largest number of clusters, at least 1.

    Returns
    -------
    tuple of ScanCluster
        In the order found, each with the p-value of its own scan.

    Raises
    ------
    InvalidParameter
        If a number is outside its bounds or the shapes differ.
    """
    if not 0.0 < alpha < 1.0:
        raise InvalidParameter(f"alpha must be above 0 and below 1, got {alpha}")
    if at_most < 1:
        raise InvalidParameter(f"at_most must be at least 1, got {at_most}")
    left = np.atleast_2d(np.array(cases, np.float64))
    against = np.atleast_2d(np.array(base, np.float64))
    if left.shape != against.shape:
        raise InvalidParameter(f"base must have the shape of cases, {left.shape}, got {against.shape}")
    found: list[ScanCluster] = []
    while len(found) < at_most:
        clusters = scan(left.copy(), against.copy()).clusters
        if not clusters or clusters[0].p_value > alpha:
            break
        strongest = clusters[0]
        found.append(strongest)
        cells = np.ix_(np.arange(strongest.first, strongest.last + 1), strongest.places)
        left[cells] = 0.0
        against[cells] = 0.0
    return tuple(found)
