"""
Which places lie so close together that they form one dense place? Exact DBSCAN on weighted places.

Question: where are at least so many incidents within a radius of each other, and how far does that reach?
Null: none; density clustering says nothing about chance, a busy street is dense every week. Test its result.
Cost: linear in the number of neighbouring pairs of distinct places.
Reference: Ester et al. (1996), A density-based algorithm for discovering clusters in large spatial databases.

The textbook leaves one choice to the order of the rows: a border place within reach of two clusters. Here it
belongs to the cluster of its nearest core place, so that the same places in any order give the same clusters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE = -1
"""Label of what belongs to no cluster."""


class Neighbours(NamedTuple):
    """
    For each place all places within a radius, itself included, nearest first (compressed rows).

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    start
        Where the neighbours of each place begin in the other arrays, shape (n + 1,).
    place
        The neighbours; those at equal distance in ascending order, shape (pairs,).
    squared_m2
        Square of the distance to each, shape (pairs,).
    """

    start: NDArray[np.int64]
    place: NDArray[np.int32]
    squared_m2: NDArray[np.float64]


class Scratch(NamedTuple):
    """
    Room for one clustering after another without asking for memory; clean where it says so.

    Parameters
    ----------
    parent
        Forest over the core places; -1 elsewhere, and everywhere when clean, shape (n,).
    owner
        Nearest core place of each place in reach; -1 elsewhere, and everywhere when clean, shape (n,).
    owner_m2
        Square of the distance to it, shape (n,).
    cores
        Core places, at the beginning, shape (n,).
    reached
        Places in reach of a core place, at the beginning, shape (n,).
    """

    parent: NDArray[np.int32]
    owner: NDArray[np.int32]
    owner_m2: NDArray[np.float64]
    cores: NDArray[np.int32]
    reached: NDArray[np.int32]


def scratch(n: int) -> Scratch:
    """
    Make clean room for clusterings of n places.

    Parameters
    ----------
    n
        Number of places.

    Returns
    -------
    Scratch
        The room.
    """
    return Scratch(
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
        np.empty(n),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )


def neighbours(xy_m: NDArray[np.float64], *, radius_m: float) -> Neighbours:
    """
    List for each place the places within a radius.

    Parameters
    ----------
    xy_m
        Distinct places in metres, shape (n, 2).
    radius_m
        The radius; a place exactly that far away is in.

    Returns
    -------
    Neighbours
        The lists.
    """
    n = len(xy_m)
    # The tree may round at the very edge: it looks a little further and the exact test follows.
    pairs = KDTree(xy_m).query_pairs(radius_m * (1 + 1e-9), output_type="ndarray").astype(np.int64)
    squared_m2 = ((xy_m[pairs[:, 0]] - xy_m[pairs[:, 1]]) ** 2).sum(axis=1)
    within = squared_m2 <= radius_m**2
    first, second, squared_m2 = pairs[within, 0], pairs[within, 1], squared_m2[within]
    own = np.arange(n)
    source = np.concatenate([own, first, second])
    target = np.concatenate([own, second, first])
    squared_m2 = np.concatenate([np.zeros(n), squared_m2, squared_m2])
    order = np.lexsort((target, squared_m2, source))
    start = np.searchsorted(source[order], np.arange(n + 1))
    return Neighbours(start.astype(np.int64), target[order].astype(np.int32), squared_m2[order])


@numba.njit(cache=True, nogil=True)
def _root(parent: NDArray[np.int32], place: int) -> int:
    """Find the representative of a place's cluster, halving the path on the way."""
    while parent[place] != place:
        parent[place] = parent[parent[place]]
        place = parent[place]
    return place


@numba.njit(cache=True, nogil=True)
def core_places(
    weight: NDArray[np.int64],
    occupied: NDArray[np.int32],
    near: Neighbours,
    reach_m2: float,
    min_weight: int,
    room: Scratch,
) -> int:
    """
    Find the core places and join those in reach of each other.

    Parameters
    ----------
    weight
        Incidents at each place, shape (n,).
    occupied
        The places with a weight, in any order.
    near
        Neighbours within the radius or more.
    reach_m2
        Square of the radius.
    min_weight
        Incidents within the radius, its own included, that make a place a core place.
    room
        Clean; afterwards it holds the core places and their forest.

    Returns
    -------
    int
        Number of core places.
    """
    start, place, squared_m2 = near
    parent, cores = room.parent, room.cores
    found = 0
    for i in occupied:
        mass = np.int64(0)
        for edge in range(start[i], start[i + 1]):
            if squared_m2[edge] > reach_m2 or mass >= min_weight:
                break
            mass += weight[place[edge]]
        if mass >= min_weight:
            parent[i] = i
            cores[found] = i
            found += 1
    for i in cores[:found]:
        for edge in range(start[i], start[i + 1]):
            if squared_m2[edge] > reach_m2:
                break
            other = place[edge]
            if other < i and parent[other] >= 0:
                one, two = _root(parent, i), _root(parent, other)
                # The lowest place represents the cluster, whatever the order in which it grew.
                parent[max(one, two)] = min(one, two)
    return found


@numba.njit(cache=True, nogil=True)
def reached_places(n_cores: int, near: Neighbours, reach_m2: float, room: Scratch) -> int:
    """
    Give every place in reach of a core place to the nearest; at equal distance to the lowest.

    Parameters
    ----------
    n_cores
        What `core_places` returned.
    near, reach_m2
        As `core_places` had them.
    room
        As `core_places` left it; afterwards it holds the places in reach and their owners too.

    Returns
    -------
    int
        Number of places in reach.
    """
    start, place, squared_m2 = near
    owner, owner_m2, reached = room.owner, room.owner_m2, room.reached
    found = 0
    for i in room.cores[:n_cores]:
        for edge in range(start[i], start[i + 1]):
            away_m2 = squared_m2[edge]
            if away_m2 > reach_m2:
                break
            other = place[edge]
            if owner[other] < 0:
                reached[found] = other
                found += 1
            elif away_m2 > owner_m2[other] or (away_m2 == owner_m2[other] and i > owner[other]):
                continue
            owner[other] = i
            owner_m2[other] = away_m2
    return found


@numba.njit(cache=True, nogil=True)
def cluster_of(room: Scratch, place: int) -> int:
    """
    Tell the cluster of a place in reach.

    Parameters
    ----------
    room
        As `reached_places` left it.
    place
        The place.

    Returns
    -------
    int
        The lowest core place of its cluster.
    """
    return _root(room.parent, room.owner[place])


@numba.njit(cache=True, nogil=True)
def clean(n_cores: int, n_reached: int, room: Scratch) -> None:
    """
    Make the room clean for the next clustering.

    Parameters
    ----------
    n_cores, n_reached
        What `core_places` and `reached_places` returned.
    room
        As they left it.
    """
    for place in room.cores[:n_cores]:
        room.parent[place] = -1
    for place in room.reached[:n_reached]:
        room.owner[place] = -1


def dbscan(
    xy_m: NDArray[np.float64],
    *,
    radius_m: float,
    min_incidents: int,
    weights: NDArray[np.int64],
) -> NDArray[np.int64]:
    """
    Label the clusters of distinct places with weights.

    Parameters
    ----------
    xy_m
        Distinct places in metres, in any order, shape (n, 2).
    radius_m
        Places this close are neighbours.
    min_incidents
        Incidents within the radius, its own included, that make a place a core place.
    weights
        Incidents at each place, shape (n,).

    Returns
    -------
    ndarray
        Cluster of each place, numbered from 0 by their lowest core places in the order of x and then y;
        `NOISE` for places in none, shape (n,).

    Examples
    --------
    >>> xy_m = np.array([[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]], float)
    >>> dbscan(xy_m, radius_m=3, min_incidents=2, weights=np.ones(6, np.int64)).tolist()
    [0, 0, 0, 1, 1, -1]
    """
    n = len(xy_m)
    labels = np.full(n, NOISE, np.int64)
    if n == 0:
        return labels
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))
    near = neighbours(xy_m[order], radius_m=radius_m)
    weight = weights[order].astype(np.int64)
    occupied = np.flatnonzero(weight).astype(np.int32)
    room = scratch(n)
    n_cores = core_places(weight, occupied, near, float(radius_m) ** 2, min_incidents, room)
    reached = room.reached[: reached_places(n_cores, near, float(radius_m) ** 2, room)]
    roots = np.array([cluster_of(room, place) for place in reached], np.int64)
    labels[order[reached]] = np.unique(roots, return_inverse=True)[1]
    return labels
