"""
Which places lie in which ring around each place? The circles that a search lays around places.

Cost: linear in the number of pairs of places within the largest radius.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Rings(NamedTuple):
    """
    For each place all places within the largest radius, itself included, ring by ring.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    start
        Ring r of place i holds the neighbours from `start[i, r]` to `start[i, r + 1]`, shape (n, rings + 1).
    place
        The neighbours; those of one ring in ascending order, shape (pairs,).
    """

    start: NDArray[np.int64]
    place: NDArray[np.int32]


def rings(xy_m: NDArray[np.float64], *, radii_m: NDArray[np.float64]) -> Rings:
    """
    Lay circles around each place.

    Parameters
    ----------
    xy_m
        Distinct places in metres, shape (n, 2).
    radii_m
        Radii of the circles, ascending, shape (rings,); a place exactly that far away is inside.

    Returns
    -------
    Rings
        The neighbours of each place.

    Examples
    --------
    >>> laid = rings(np.array([[0.0, 0.0], [30.0, 0.0], [90.0, 0.0]]), radii_m=np.array([50.0, 100.0]))
    >>> laid.start[0].tolist(), laid.place[:3].tolist()
    ([0, 2, 3], [0, 1, 2])
    """
    n, widest_m = len(xy_m), float(radii_m[-1])
    # The tree may round at the very edge: it looks a little further and the exact test follows.
    pairs = KDTree(xy_m).query_pairs(widest_m * (1 + 1e-9), output_type="ndarray").astype(np.int64)
    squared_m2 = ((xy_m[pairs[:, 0]] - xy_m[pairs[:, 1]]) ** 2).sum(axis=1)
    ring = np.searchsorted(radii_m**2, squared_m2)
    inside = ring < radii_m.size
    one, two, ring = pairs[inside, 0], pairs[inside, 1], ring[inside]
    own = np.arange(n)
    source, target = np.concatenate([own, one, two]), np.concatenate([own, two, one])
    key = source * radii_m.size + np.concatenate([np.zeros(n, np.int64), ring, ring])
    # One number for ring and neighbour: sorting numbers is several times as fast as sorting by two keys.
    both = np.sort(key * n + target)
    start = np.searchsorted(both, (own[:, None] * radii_m.size + np.arange(radii_m.size + 1)) * n)
    return Rings(start.astype(np.int64), (both % max(n, 1)).astype(np.int32))


@numba.njit(cache=True, nogil=True)
def circle_sums(laid: Rings, weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Sum weights over the circles around each place.

    Parameters
    ----------
    laid
        The circles.
    weight
        Weight of each place, shape (n,).

    Returns
    -------
    ndarray
        Sum within each radius around each place, shape (n, rings).
    """
    n, n_rings = laid.start.shape[0], laid.start.shape[1] - 1
    sums = np.empty((n, n_rings), np.int64)
    for i in range(n):
        total = np.int64(0)
        for ring in range(n_rings):
            for edge in range(laid.start[i, ring], laid.start[i, ring + 1]):
                total += weight[laid.place[edge]]
            sums[i, ring] = total
    return sums
