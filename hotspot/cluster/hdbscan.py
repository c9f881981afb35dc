"""
Which dense places stand out when density differs across the city? HDBSCAN, by scikit-learn.

Question: which groups persist over the widest range of densities? It needs no radius, so that a suburb's
cluster is found beside the centre's; it says as little about chance as DBSCAN does.
Null: none. Test its result.
Cost: about n log n on the plane, some hundred times that of `hotspot.cluster.dbscan`.
Reference: Campello, Moulavi & Sander (2013); Campello et al. (2015), Hierarchical density estimates.

scikit-learn's implementation is exact and maintained and nothing here needs it faster; what is added are the
labels that all clusterings of this project share, and weights, which are repetitions: an address with five
incidents is five incidents at no distance from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import HDBSCAN

from hotspot.cluster.labels import NOISE, at_least, canonical, positions
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PersistentClusters:
    """
    The cluster of each incident, and how firmly it belongs to it.

    Parameters
    ----------
    label
        0 to the number of clusters less one in the order of their first rows, or -1 for noise, shape (n,).
    membership
        0 for noise and at the edge up to 1 in the densest part of a cluster, shape (n,). No probability.
    """

    label: NDArray[np.int64]
    membership: NDArray[np.float64]

    @property
    def n_clusters(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.label.max(initial=NOISE)) + 1


def hdbscan(
    xy_m: NDArray[np.float64],
    *,
    min_cluster_incidents: int = 5,
    min_incidents: int | None = None,
    weight: NDArray[np.integer] | None = None,
    merge_within_m: float = 0.0,
    allow_single_cluster: bool = False,
) -> PersistentClusters:
    """
    Cluster incidents by density without naming a radius.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, shape (n, 2).
    min_cluster_incidents
        Fewer incidents than this are no cluster; at least 2.
    min_incidents
        How many incidents, its own included, the density around an incident is measured by, at least 1; more
        smooths. None takes `min_cluster_incidents`.
    weight
        Incidents each row stands for, whole and at least 0, shape (n,); None for one. A row of weight 0 is
        noise.
    merge_within_m
        Clusters closer than this are not told apart.
    allow_single_cluster
        Whether all incidents may be one cluster.

    Returns
    -------
    PersistentClusters
        Label and membership of each row.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds, a coordinate not finite or a weight not whole.

    Examples
    --------
    >>> xy_m = np.array([[0, 0], [0, 1], [1, 0], [90, 90], [90, 91], [91, 90], [300, 0]], float)
    >>> hdbscan(xy_m, min_cluster_incidents=3, min_incidents=2).label.tolist()
    [0, 0, 0, 1, 1, 1, -1]
    """
    xy_m = positions(xy_m)
    n = len(xy_m)
    at_least("min_cluster_incidents", min_cluster_incidents, 2)
    around = min_cluster_incidents if min_incidents is None else min_incidents
    at_least("min_incidents", around, 1)
    at_least("merge_within_m", merge_within_m, 0)
    times = _times(weight, n)
    label, membership = np.full(n, NOISE, np.int64), np.zeros(n)
    if times.sum() < max(min_cluster_incidents, around, 2):
        return PersistentClusters(label, membership)
    fitted = HDBSCAN(
        min_cluster_size=min_cluster_incidents,
        min_samples=around,
        cluster_selection_epsilon=float(merge_within_m),
        allow_single_cluster=allow_single_cluster,
        copy=True,
    ).fit(np.repeat(xy_m, times, axis=0))
    # Of one place all repetitions are alike but for noise at the edge of a cluster: the first speaks for all.
    first = (np.cumsum(times) - times)[times > 0]
    label[times > 0] = canonical(fitted.labels_[first])
    membership[times > 0] = fitted.probabilities_[first]
    return PersistentClusters(label, membership)


def _times(weight: NDArray[np.integer] | None, n: int) -> NDArray[np.int64]:
    """Check the weights."""
    if weight is None:
        return np.ones(n, np.int64)
    if weight.shape != (n,) or not np.issubdtype(weight.dtype, np.integer) or (weight < 0).any():
        came = f"{weight.dtype} in the shape {weight.shape}"
        raise InvalidParameter(f"weight must be whole numbers of at least 0 in the shape ({n},), got {came}")
    return weight.astype(np.int64)
