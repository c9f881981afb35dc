"""
Which incidents lie close together in space and in time? ST-DBSCAN.

Question: where and when are at least so many incidents within a radius and so many days of each other, and
how far does that reach? A cluster may wander: it is a series, not a circle.
Null: none; a busy street is dense in every fortnight. Test its result.
Cost: linear in the pairs of neighbours; memory linear in the incidents.
Reference: Birant & Kut (2007), ST-DBSCAN: an algorithm for clustering spatial-temporal data. Their third
condition, on the mean of another attribute, is left out.

A border incident within reach of two clusters goes to the one with the lowest label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.cluster.labels import NOISE, Clusters, at_least, positions
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_STEPS = 2**31
"""Radii that fit into the extent; more would not be counted exactly."""


class _Ordered(NamedTuple):
    """Incidents by square (its side is the radius) and then by day, with where each square begins."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    day: NDArray[np.float64]
    square: NDArray[np.int64]
    key: NDArray[np.int64]
    start: NDArray[np.int64]


def st_dbscan(
    xy_m: NDArray[np.float64],
    day: NDArray[np.floating] | NDArray[np.integer],
    *,
    radius_m: float,
    within_days: float,
    min_incidents: int,
) -> Clusters:
    """
    Cluster incidents by how many lie close together in space and time.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, shape (n, 2).
    day
        When each happened, in days since any instant, shape (n,).
    radius_m
        Incidents at most this far apart may be neighbours; above 0.
    within_days
        They are if they are also at most this many days apart; at least 0.
    min_incidents
        Neighbours, its own included, that make a core incident; at least 1.

    Returns
    -------
    Clusters
        Label and core of each incident, the clusters numbered by their first core incidents.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds or a coordinate or a day not finite.

    Examples
    --------
    >>> xy_m = np.array([[0, 0], [50, 0], [0, 0], [50, 0]], float)
    >>> st_dbscan(xy_m, np.array([1, 3, 90, 91]), radius_m=60, within_days=7, min_incidents=2).label.tolist()
    [0, 0, 1, 1]
    """
    xy_m = positions(xy_m)
    n = len(xy_m)
    days = np.ascontiguousarray(day, np.float64)
    if days.shape != (n,) or not np.isfinite(days).all():
        raise InvalidParameter(f"day must be finite numbers in the shape ({n},), got the shape {days.shape}")
    radius_m = at_least("radius_m", radius_m, 0, strictly=True)
    within_days = at_least("within_days", within_days, 0)
    at_least("min_incidents", min_incidents, 1)
    if n == 0:
        return Clusters(np.empty(0, np.int64), np.empty(0, np.bool_))
    extent_m = float(np.ptp(xy_m, axis=0).max())
    if not extent_m < _MOST_STEPS * radius_m:
        raise InvalidParameter(
            f"radius_m must be above {extent_m / _MOST_STEPS:g} for this extent, got {radius_m}"
        )
    order, its = _ordered(xy_m, days, radius_m)
    core, root = _grown(its, radius_m**2, within_days, min_incidents)
    lowest = np.full(n, n)
    np.minimum.at(lowest, root[core], order[core])
    number = np.argsort(np.argsort(lowest))[root]
    label, is_core = np.empty(n, np.int64), np.empty(n, np.bool_)
    label[order] = _given(its, radius_m**2, within_days, core, number)
    is_core[order] = core
    return Clusters(label, is_core)


def _ordered(
    xy_m: NDArray[np.float64], day: NDArray[np.float64], radius_m: float
) -> tuple[NDArray[np.intp], _Ordered]:
    """Sort incidents by square and day."""
    # A hair wider than the radius, so that rounding never puts neighbours two squares apart.
    step = np.floor((xy_m - xy_m.min(axis=0)) / (radius_m * (1 + 1e-6))).astype(np.int64)
    square = (step[:, 1] << 32) | step[:, 0]
    order = np.lexsort((day, square))
    key, start = np.unique(square[order], return_index=True)
    return order, _Ordered(
        xy_m[order, 0], xy_m[order, 1], day[order], square[order], key, np.append(start, len(day))
    )


@numba.njit(cache=True, nogil=True)
def _neighbours(its: _Ordered, reach_m2: float, within_days: float, i: int, found: NDArray[np.int64]) -> int:
    """List the neighbours of an incident, itself included; tell how many."""
    n = 0
    for row in range(-1, 2):
        middle = its.square[i] + (np.int64(row) << 32)
        square = np.searchsorted(its.key, middle - 1)
        while square < its.key.size and its.key[square] <= middle + 1:
            low, high = its.start[square], its.start[square + 1]
            # The search may round at its edge: it begins a hair earlier and the exact test follows.
            since = its.day[i] - within_days
            j = low + np.searchsorted(its.day[low:high], since - 1e-9 * abs(since))
            while j < high and its.day[j] - its.day[i] <= within_days:
                dx, dy = its.x_m[j] - its.x_m[i], its.y_m[j] - its.y_m[i]
                if dx * dx + dy * dy <= reach_m2 and its.day[i] - its.day[j] <= within_days:
                    found[n] = j
                    n += 1
                j += 1
            square += 1
    return n


@numba.njit(cache=True, nogil=True)
def _root(parent: NDArray[np.int64], i: int) -> int:
    """Find the representative of an incident's cluster, halving the path on the way."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@numba.njit(cache=True, nogil=True)
def _grown(
    its: _Ordered, reach_m2: float, within_days: float, min_incidents: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Find the core incidents and join those that are neighbours."""
    n = its.day.size
    found = np.empty(n, np.int64)
    core = np.empty(n, np.bool_)
    parent = np.arange(n)
    for i in range(n):
        core[i] = _neighbours(its, reach_m2, within_days, i, found) >= min_incidents
    for i in range(n):
        if core[i]:
            for j in found[: _neighbours(its, reach_m2, within_days, i, found)]:
                if core[j] and j < i:
                    one, two = _root(parent, i), _root(parent, j)
                    parent[max(one, two)] = min(one, two)
    for i in range(n):
        parent[i] = _root(parent, i)
    return core, parent


@numba.njit(cache=True, nogil=True)
def _given(
    its: _Ordered,
    reach_m2: float,
    within_days: float,
    core: NDArray[np.bool_],
    number: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give each incident the lowest cluster that it is a core of or has a core neighbour in."""
    label = np.full(core.size, NOISE, np.int64)
    found = np.empty(core.size, np.int64)
    for i in range(core.size):
        if core[i]:
            label[i] = number[i]
            continue
        for j in found[: _neighbours(its, reach_m2, within_days, i, found)]:
            if core[j] and (label[i] < 0 or number[j] < label[i]):
                label[i] = number[j]
    return label
