"""
Who is whose neighbour, and what do the neighbours add up to? Lists for scattered places.

Question: over which other places does a local statistic of this place sum, and with which weight?
Null: none; the choice of neighbours is an assumption, and a local statistic is no better than it.
Cost: linear in the number of neighbouring pairs.
Reference: Anselin & Rey (2014), Modern spatial econometrics in practice, chapter 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from scipy.spatial import KDTree

from hotspot.errors import InvalidParameter
from hotspot.stats.lattice import ROUNDING, Lattice
from hotspot.stats.pairs import checked_positions, near_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Weights(NamedTuple):
    """
    The neighbours of each place and their weights (compressed rows).

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    start
        Where the neighbours of each place begin in the other arrays, shape (n + 1,).
    neighbour
        The neighbours, shape (pairs,); a place itself only where its own weight was chosen by hand.
    weight
        Their weights, above 0, shape (pairs,).
    """

    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    weight: NDArray[np.float64]


class NeighbourSums(NamedTuple):
    """
    What the neighbours of each place add up to; the place itself is left out.

    Parameters
    ----------
    lag
        Weighted sum of the neighbours' values, shape (n,).
    weight
        Sum of the weights, shape (n,).
    squared
        Sum of the squared weights, shape (n,).
    largest
        The largest weight, 0 for a place without neighbours, shape (n,).
    own
        Weight of the place itself, 0 where none was chosen, shape (n,).
    neighbours
        How many there are, shape (n,).
    """

    lag: NDArray[np.float64]
    weight: NDArray[np.float64]
    squared: NDArray[np.float64]
    largest: NDArray[np.float64]
    own: NDArray[np.float64]
    neighbours: NDArray[np.int64]


def within(xy_m: NDArray[np.float64], *, radius_m: float) -> Weights:
    """
    Make all places within a radius neighbours, with weight 1.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    radius_m
        The radius, above 0; a place exactly that far away is in.

    Returns
    -------
    Weights
        Each place's neighbours in ascending order, itself left out.

    Raises
    ------
    InvalidParameter
        If a place is not finite or the radius not above 0.
    """
    if not radius_m > 0:
        raise InvalidParameter(f"radius_m must be above 0, got {radius_m}")
    xy_m = checked_positions(xy_m)
    pairs = near_pairs(xy_m, below_m=radius_m * (1 + ROUNDING))
    source = np.concatenate([pairs.first, pairs.second])
    neighbour = np.concatenate([pairs.second, pairs.first])
    order = np.lexsort((neighbour, source))
    start = np.zeros(len(xy_m) + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=len(xy_m)), out=start[1:])
    return Weights(start, neighbour[order], np.ones(source.size))


def nearest(xy_m: NDArray[np.float64], *, neighbours: int) -> Weights:
    """
    Make the nearest places neighbours, with weight 1; not always in both directions.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    neighbours
        How many, 1 to n - 1; among places at equal distance the choice is arbitrary.

    Returns
    -------
    Weights
        Each place's neighbours, the nearest first, itself left out.

    Raises
    ------
    InvalidParameter
        If a place is not finite or there are not as many others.
    """
    xy_m = checked_positions(xy_m)
    n = len(xy_m)
    if not 1 <= neighbours < n:
        raise InvalidParameter(
            f"neighbours must be 1 to {n - 1} (one fewer than the places), got {neighbours}"
        )
    found = np.asarray(KDTree(xy_m).query(xy_m, neighbours + 1)[1], np.int32)
    # Of many places at one spot the tree may leave out the place itself: then the last one goes.
    is_self = found == np.arange(n, dtype=np.int32)[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    return Weights(
        np.arange(n + 1, dtype=np.int64) * neighbours, found[~is_self].copy(), np.ones(n * neighbours)
    )


def row_standardised(weights: Weights) -> Weights:
    """
    Scale the weights of each place so that they sum to 1.

    Parameters
    ----------
    weights
        The neighbours.

    Returns
    -------
    Weights
        The same neighbours; a place without any stays without.
    """
    rows = np.repeat(np.arange(weights.start.size - 1), np.diff(weights.start))
    total = np.bincount(rows, weights.weight, minlength=weights.start.size - 1)
    return Weights(weights.start, weights.neighbour, weights.weight / total[rows])


def listed(cells: Lattice) -> Weights:
    """
    Write the neighbours on a lattice as lists.

    Parameters
    ----------
    cells
        The lattice.

    Returns
    -------
    Weights
        The same neighbours with weight 1.
    """
    index = np.full(cells.size, -1, np.int32)
    index[cells.position] = np.arange(cells.position.size, dtype=np.int32)
    found = index[cells.position[:, None] + cells.step]
    start = np.zeros(cells.position.size + 1, np.int64)
    np.cumsum((found >= 0).sum(axis=1), out=start[1:])
    neighbour = found[found >= 0]
    return Weights(start, neighbour, np.ones(neighbour.size))


def neighbour_sums(value: NDArray[np.float64], weights: Weights | Lattice) -> NeighbourSums:
    """
    Add up the neighbours of each place.

    Parameters
    ----------
    value
        One value per place, shape (n,).
    weights
        The neighbours.

    Returns
    -------
    NeighbourSums
        The sums.

    Raises
    ------
    InvalidParameter
        If a value is not finite or there is not one per place.
    """
    value = checked_values(value, weights)
    if isinstance(weights, Weights):
        return NeighbourSums(*_listed_sums(value, weights))
    lag, count = _lattice_sums(value, weights.position, weights.step, weights.size)
    weight = count.astype(np.float64)
    return NeighbourSums(lag, weight, weight, np.minimum(weight, 1.0), np.zeros(value.size), count)


def weight_moments(weights: Weights | Lattice) -> tuple[float, float, float]:
    """
    Add up what the moments of a statistic of the whole map need: S0, S1 and S2 of Cliff and Ord.

    Parameters
    ----------
    weights
        The neighbours; a place's own weight plays no part.

    Returns
    -------
    tuple
        The sum of all weights; half the sum of the squares of w_ij + w_ji; the sum of the squares of each
        place's row and column sum.
    """
    pairs = weights if isinstance(weights, Weights) else listed(weights)
    n = pairs.start.size - 1
    row = np.repeat(np.arange(n), np.diff(pairs.start))
    is_other = row != pairs.neighbour
    row, column, weight = row[is_other], pairs.neighbour[is_other].astype(np.int64), pairs.weight[is_other]
    there, back = row * n + column, column * n + row
    order = np.argsort(there)
    at = np.minimum(np.searchsorted(there, back, sorter=order), max(there.size - 1, 0))
    returned = np.where(there[order][at] == back, weight[order][at], 0.0) if there.size else weight
    # A pair that is listed one way only counts both ways, the second time as 0 + w.
    s1 = float(((weight + returned) ** 2).sum() + (weight[returned == 0] ** 2).sum()) / 2
    both = np.bincount(row, weight, minlength=n) + np.bincount(column, weight, minlength=n)
    return float(weight.sum()), s1, float((both**2).sum())


def checked_values(value: NDArray[np.float64], weights: Weights | Lattice) -> NDArray[np.float64]:
    """
    Refuse what are no values of the places.

    Parameters
    ----------
    value
        One value per place.
    weights
        The neighbours of the places.

    Returns
    -------
    ndarray
        The same as numbers with a fraction, shape (n,).

    Raises
    ------
    InvalidParameter
        If a value is not finite or there is not one per place.
    """
    value = np.ascontiguousarray(value, dtype=np.float64)
    n = weights.start.size - 1 if isinstance(weights, Weights) else weights.position.size
    if value.shape != (n,):
        raise InvalidParameter(f"value must have one number for each of the {n} places, got {value.shape}")
    if not np.isfinite(value).all():
        raise InvalidParameter("value must be finite, got a missing or infinite number")
    return value


@numba.njit(cache=True, nogil=True)
def _listed_sums(
    value: NDArray[np.float64], weights: Weights
) -> tuple[
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.int64],
]:
    """Add up the listed neighbours, the place itself apart."""
    n = value.size
    lag, weight, squared = np.zeros(n), np.zeros(n), np.zeros(n)
    largest, own, count = np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    for i in range(n):
        for at in range(weights.start[i], weights.start[i + 1]):
            j, w = weights.neighbour[at], weights.weight[at]
            if j == i:
                own[i] += w
                continue
            lag[i] += w * value[j]
            weight[i] += w
            squared[i] += w * w
            largest[i] = max(largest[i], w)
            count[i] += 1
    return lag, weight, squared, largest, own, count


@numba.njit(cache=True, nogil=True)
def _lattice_sums(
    value: NDArray[np.float64], position: NDArray[np.int64], step: NDArray[np.int64], size: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Add up the neighbours on a lattice and count them."""
    spread, is_cell = np.zeros(size), np.zeros(size, np.int64)
    for i in range(value.size):
        spread[position[i]] = value[i]
        is_cell[position[i]] = 1
    lag, count = np.zeros(value.size), np.zeros(value.size, np.int64)
    for i in range(value.size):
        for k in range(step.size):
            lag[i] += spread[position[i] + step[k]]
            count[i] += is_cell[position[i] + step[k]]
    return lag, count
