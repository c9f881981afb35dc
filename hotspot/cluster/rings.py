"""
Which places lie in which ring around each place? The circles that a search lays around places.

Cost: linear in the number of pairs of places in reach of each other, and about twice as many just beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

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
    n = len(xy_m)
    if n == 0:
        return Rings(np.zeros((0, radii_m.size + 1), np.int64), np.empty(0, np.int32))
    # A little wider, since a quotient may round over the edge of a cell.
    near = _near(xy_m, *_cells(xy_m, float(radii_m[-1]) * (1 + 1e-9)), radii_m**2)
    start = np.empty((n, radii_m.size + 1), np.int64)
    start[:, 1:] = np.cumsum(near.number).reshape(near.number.shape)
    start[1:, 0], start[0, 0] = start[:-1, -1], 0
    return Rings(start, _listed(near, start[:, :-1].copy()))


def _cells(
    xy_m: NDArray[np.float64], wide_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Divide into cells; those above each other follow each other.

    Gives each place's cell, the places in the order of the cells, and for each cell three runs in that order
    that hold all places near it, shape (cells, 3, 2).
    """
    column_row = np.floor((xy_m - xy_m.min(axis=0)) / wide_m).astype(np.int64) + 1
    # A row is left free above all: what follows the highest cell of a column is not near it.
    high = int(column_row[:, 1].max()) + 2
    code = column_row[:, 0] * high + column_row[:, 1]
    order = np.argsort(code)
    ordered = code[order]
    is_first = np.append(True, ordered[1:] != ordered[:-1])
    cell = np.empty(len(xy_m), np.int64)
    cell[order] = np.cumsum(is_first) - 1
    middle = ordered[is_first][:, None] + np.array([-high, 0, high])
    ends = np.searchsorted(ordered, middle - 1), np.searchsorted(ordered, middle + 1, side="right")
    return cell, order, np.stack(ends, axis=-1)


class _Near(NamedTuple):
    """
    The places near each, in no order.

    Parameters
    ----------
    start
        Where those of each place begin, shape (n + 1,).
    place, ring
        Which they are, and in which ring around it, shape (pairs,).
    number
        How many there are in each ring, shape (n, rings).
    """

    start: NDArray[np.int64]
    place: NDArray[np.int32]
    ring: NDArray[np.int8]
    number: NDArray[np.int64]


@numba.njit(cache=True, nogil=True)
def _near(
    xy_m: NDArray[np.float64],
    cell: NDArray[np.int64],
    order: NDArray[np.int64],
    runs: NDArray[np.int64],
    reach_m2: NDArray[np.float64],
) -> _Near:
    """Find what is near each place, and measure how near. Without branches, which no processor foresees."""
    n = len(xy_m)
    start, number = np.zeros(n + 1, np.int64), np.zeros((n, reach_m2.size), np.int64)
    place, ring = np.empty(16 * n, np.int32), np.empty(16 * n, np.int8)
    its_m = xy_m[order]
    apart_m2, which = np.empty(n), np.empty(n, np.int32)
    for i in range(n):
        found = np.int64(0)
        for run in range(3):
            for near in range(runs[cell[i], run, 0], runs[cell[i], run, 1]):
                apart = (xy_m[i, 0] - its_m[near, 0]) ** 2 + (xy_m[i, 1] - its_m[near, 1]) ** 2
                apart_m2[found], which[found] = apart, near
                found += np.int64(apart <= reach_m2[-1])
        first, end = start[i], start[i] + found
        start[i + 1] = end
        if end > place.size:
            more = place.size + found
            place = np.append(place, np.empty(more, np.int32))
            ring = np.append(ring, np.empty(more, np.int8))
        for k in range(found):
            beyond = np.int64(0)
            for reach in reach_m2:
                beyond += np.int64(apart_m2[k] > reach)
            place[first + k], ring[first + k] = order[which[k]], beyond
            number[i, beyond] += 1
    return _Near(start, place, ring, number)


@numba.njit(cache=True, nogil=True)
def _listed(near: _Near, end: NDArray[np.int64]) -> NDArray[np.int32]:
    """Enter each place, in their order, with all that it is near: so each list is in that order, too."""
    listed = np.empty(near.start[-1], np.int32)
    for i in range(near.start.size - 1):
        for k in range(near.start[i], near.start[i + 1]):
            other, ring = near.place[k], near.ring[k]
            listed[end[other, ring]] = i
            end[other, ring] += 1
    return listed


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
