"""
How does one use the density clustering where everything else is scikit-learn? As one of its estimators.

It is the clustering of `hotspot.cluster.dbscan` behind `fit` and `fit_predict`. Positions on the plane are
its purpose; other numbers of features are clustered as exactly, by a tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import _check_sample_weight, validate_data

from hotspot.cluster import reach
from hotspot.cluster.dbscan import Border, dbscan
from hotspot.cluster.knee import radius_at_knee
from hotspot.cluster.labels import Clusters, at_least

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_PLANE = 2


class DensityClusters(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types.
    """
    Exact DBSCAN with the labels of scikit-learn's, in a fraction of its time and memory.

    Parameters
    ----------
    radius_m
        Incidents exactly this far apart or closer are neighbours; above 0, in the unit of the positions, here
        the metre. None reads it from the data (`hotspot.cluster.knee`), which takes longer and means
        less than a radius that someone chose, say 100 m.
    min_incidents
        Incidents within the radius, its own included, that make a core incident; at least 1.
    border
        Whose a border incident within reach of two clusters is: of the "first", as scikit-learn has it, or of
        the "nearest", which does not depend on the order of the rows.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Cluster of each row, -1 for noise.
    core_sample_indices_ : ndarray of shape (n_core_samples,)
        Rows that are cores, ascending.
    components_ : ndarray of shape (n_core_samples, n_features)
        Positions of these.
    radius_m_ : float
        The radius used.
    n_features_in_ : int
        Coordinates of a position.

    Examples
    --------
    >>> xy_m = [[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]]
    >>> DensityClusters(radius_m=3, min_incidents=2).fit_predict(xy_m).tolist()
    [0, 0, 0, 1, 1, -1]
    """

    def __init__(
        self, radius_m: float | None = None, min_incidents: int = 5, border: Border = "first"
    ) -> None:
        self.radius_m = radius_m
        self.min_incidents = min_incidents
        self.border = border

    def fit(
        self,
        X: ArrayLike,  # noqa: N803 (scikit-learn's name)
        y: object = None,  # noqa: ARG002 (scikit-learn's signature)
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """
        Cluster some positions.

        Parameters
        ----------
        X
            Positions, shape (n_samples, n_features); in metres if the radius is.
        y
            Ignored.
        sample_weight
            Incidents each row stands for, at least 0, shape (n_samples,); None for one.

        Returns
        -------
        DensityClusters
            Itself.
        """
        x: NDArray[np.float64] = validate_data(self, X, dtype=np.float64, order="C")
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        least = int(at_least("min_incidents", self.min_incidents, 1))
        self.radius_m_ = radius_at_knee(x, min_incidents=least) if self.radius_m is None else self.radius_m
        found = _clusters(x, self.radius_m_, least, weight, self.border)
        self.labels_ = found.label
        self.core_sample_indices_ = np.flatnonzero(found.is_core)
        self.components_ = x[self.core_sample_indices_]
        return self


def _clusters(
    x: NDArray[np.float64], radius: float, least: int, weight: NDArray[np.float64] | None, border: Border
) -> Clusters:
    """Cluster on a line or on the plane by squares, in more dimensions by a tree."""
    if x.shape[1] == 1:
        x = np.column_stack([x, np.zeros(len(x))])
    if x.shape[1] == _PLANE:
        return dbscan(x, radius_m=radius, min_incidents=least, weight=weight, border=border)
    radius = at_least("radius_m", radius, 0, strictly=True)
    return reach.clusters(x, radius=radius, min_weight=least, weight=weight, border=border)
