"""
Which points are within reach of which? Density clustering from any way of telling neighbours.

The definition of DBSCAN by itself: core points, chains of core points, border points. It serves positions in
any number of dimensions, and positions spread so far that no grid can hold them.

Cost: linear in the number of neighbouring pairs of distinct points; memory bounded by the most neighbours
that `_AT_ONCE` points have together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from hotspot.cluster.labels import NOISE, Clusters, weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_AT_ONCE = 2048
"""Points whose neighbours are held in memory together."""
_SLACK = 1e-9
"""Share by which the tree looks further than the radius: it may round at the edge, the exact test follows."""


def clusters(
    x: NDArray[np.float64],
    *,
    radius: float,
    min_weight: float,
    weight: NDArray[np.floating] | NDArray[np.integer] | None = None,
    border: str = "first",
) -> Clusters:
    """
    Cluster points of any dimension by how many lie close together.

    Parameters
    ----------
    x
        Positions, finite, shape (n, d).
    radius
        Points exactly this far apart or closer are neighbours.
    min_weight
        Weight within the radius, its own included, that makes a core point.
    weight
        Weight of each point, shape (n,); None for 1.
    border
        Whose a border point in reach of two clusters is: "first" or "nearest".

    Returns
    -------
    Clusters
        Label and core of each point, the clusters numbered by their first core points.
    """
    mass = weights(weight, len(x))
    place, first, of = np.unique(x + 0.0, axis=0, return_index=True, return_inverse=True)
    of = of.reshape(-1)
    at = np.bincount(of, mass, minlength=len(place))
    tree = KDTree(place)
    core = np.concatenate(
        [np.array([], np.bool_)]
        + [
            np.bincount(i, at[j], minlength=stop - start) >= min_weight
            for start, stop, i, j, _ in _pairs(tree, radius)
        ]
    )
    component = _joined(tree, radius, core)
    lowest = np.full(len(place), len(x))
    np.minimum.at(lowest, component[core], first[core])
    number = np.argsort(np.argsort(lowest))
    label = _given(tree, radius, core, number[component], nearest=border == "nearest")
    return Clusters(label[of], core[of])


def _pairs(
    tree: KDTree, radius: float
) -> Iterator[tuple[int, int, NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """List pairs of neighbours for some points at a time: from which, to which, pairs, squared distances."""
    points = tree.data
    for start in range(0, len(points), _AT_ONCE):
        stop = min(start + _AT_ONCE, len(points))
        lists = tree.query_ball_point(points[start:stop], radius * (1 + _SLACK), return_sorted=True)
        near = [np.asarray(its, np.intp) for its in lists]
        i = np.repeat(np.arange(stop - start), [its.size for its in near])
        j = np.concatenate(near)
        squared = ((points[start + i] - points[j]) ** 2).sum(axis=1)
        within = squared <= radius**2
        yield start, stop, i[within], j[within], squared[within]


def _joined(tree: KDTree, radius: float, core: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Join core points in reach of each other; others stay alone."""
    n = len(core)
    component = np.arange(n)
    for start, _, i, j, _ in _pairs(tree, radius):
        both = core[start + i] & core[j]
        links = csr_array(
            coo_array(
                (np.ones(both.sum(), np.int8), (component[start + i[both]], component[j[both]])), (n, n)
            )
        )
        component = connected_components(links, directed=False)[1].astype(np.intp)[component]
    return component


def _given(
    tree: KDTree, radius: float, core: NDArray[np.bool_], number: NDArray[np.intp], *, nearest: bool
) -> NDArray[np.int64]:
    """Give each core point to its cluster and each border point to one in reach."""
    label = np.where(core, number, NOISE).astype(np.int64)
    for start, _, i, j, squared in _pairs(tree, radius):
        open_ = core[j] & ~core[start + i]
        i, j, squared = i[open_], j[open_], squared[open_]  # noqa: PLW2901 (the pairs that matter)
        # The distinct points are in the order of their coordinates, so j breaks ties as it should.
        order = np.lexsort((j, squared, i)) if nearest else np.lexsort((number[j], i))
        border, at = np.unique(i[order], return_index=True)
        label[start + border] = number[j[order][at]]
    return label
