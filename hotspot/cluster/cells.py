"""
Which incidents share a small square? A grid fine enough that whoever shares one lies within the radius.

The squares' diagonals are a hair shorter than the radius, so that all pairs within a square are neighbours by
construction and only squares at most two steps apart can hold neighbours of each other. Within a square,
incidents at one coordinate are collapsed to one place with their weight together: a pile-up costs one place.

Cost: linear in the incidents; two counting sorts for a city, three for a country.
Reference: Gunawan (2013), A faster algorithm for DBSCAN; de Berg, Gunawan & Roeloffzen (2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.cluster.square_sort import MOST_THREADS, WORTH_A_THREAD, Grid, sorted_by_square
from hotspot.stats.threads import balanced_parts, in_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

REACH = 2
"""Steps, in rows and in columns, within which the neighbours of a square's incidents lie."""
_SIDE = 0.999 / np.sqrt(2)
"""Side of a square per radius: its diagonal stays below the radius whatever is rounded in finding it."""
MOST_STEPS = 2**24
"""Rows or columns up to which squares are found by counting; more is an extent of 10,000 km at 1 m."""
# Odd numbers with their bits well spread (Steele, Lea & Flood 2014; Knuth's golden ratio among them).
_MIX_X = np.int64(-7046029254386353131)
_MIX_Y = np.int64(-4417276706812531889)


class Squares(NamedTuple):
    """
    Incidents by square, and the distinct places in each.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    key
        Row and column of each square, the row in the upper 32 bits; ascending, shape (m,).
    near
        For each square and each row from `REACH` below to `REACH` above it the first square that is at most
        `REACH` columns to the left, shape (m, 2 * REACH + 1).
    order
        Rows of the input by square, ascending in each, shape (n,).
    start
        Where each square begins in `order`, shape (m + 1,).
    mass
        Weight in each square, shape (m,).
    is_dense
        Whether that weight alone makes all its places core places, shape (m,).
    box_m
        Lowest and highest x, then y, that occur in each square, shape (m, 4).
    first_place, end_place
        Where the places of each square lie in the arrays below, shape (m,).
    place_m
        The distinct places; rows between the squares' ranges mean nothing, shape (n, 2).
    weight
        Weight at each place, shape (n,).
    first_row
        Lowest row of the input at each place; the places of a square ascend in it, shape (n,).
    place
        The place of each entry of `order`; not written in dense squares, shape (n,).
    """

    key: NDArray[np.int64]
    near: NDArray[np.int32]
    order: NDArray[np.int32]
    start: NDArray[np.int32]
    mass: NDArray[np.float64]
    is_dense: NDArray[np.bool_]
    box_m: NDArray[np.float64]
    first_place: NDArray[np.int32]
    end_place: NDArray[np.int32]
    place_m: NDArray[np.float64]
    weight: NDArray[np.float64]
    first_row: NDArray[np.int32]
    place: NDArray[np.int32]


def steps(xy_m: NDArray[np.float64], *, radius_m: float) -> tuple[float, float]:
    """
    Count the columns and rows that squares for a radius would need.

    Parameters
    ----------
    xy_m
        Positions, finite, at least one, shape (n, 2).
    radius_m
        The radius.

    Returns
    -------
    tuple of float
        Columns and rows; infinite where they cannot be counted.
    """
    low_m, high_m = _extent(xy_m)
    with np.errstate(over="ignore"):
        columns, rows = (high_m - low_m) / (radius_m * _SIDE) + 1
    return float(columns), float(rows)


def squares(
    xy_m: NDArray[np.float64], weight: NDArray[np.float64], *, radius_m: float, min_weight: float
) -> Squares:
    """
    Put incidents into squares.

    Parameters
    ----------
    xy_m
        Positions, contiguous and finite, at least one, whose `steps` stay within `MOST_STEPS`, shape (n, 2).
    weight
        Weight of each, shape (n,), or of all, shape (1,).
    radius_m
        The radius.
    min_weight
        Weight from which a square is dense.

    Returns
    -------
    Squares
        The squares.
    """
    n = len(xy_m)
    low_m, high_m = _extent(xy_m)
    per_m = 1 / (radius_m * _SIDE)
    columns, rows = ((high_m - low_m) * per_m).astype(np.int64) + 1
    grid = Grid(low_m[0], low_m[1], per_m, columns)
    place_m, order = sorted_by_square(xy_m, grid, n_squares=int(columns * rows))
    key, start = np.empty(n, np.int64), np.empty(n + 1, np.int32)
    m = _runs(place_m, grid, key, start)
    key, start = key[:m].copy(), start[: m + 1].copy()
    made = Squares(
        key,
        _near(key),
        order,
        start,
        np.empty(m),
        np.empty(m, np.bool_),
        np.empty((m, 4)),
        np.empty(m, np.int32),
        np.empty(m, np.int32),
        place_m,
        np.empty(n),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
    )
    by_squares(start, lambda begin, end: _collapse(weight, min_weight, made, begin, end))
    return made


def by_squares(start: NDArray[np.int32], work: Callable[[int, int], object]) -> None:
    """
    Do work on ranges of squares, each thread on squares with as many incidents.

    Parameters
    ----------
    start
        Where each square begins among the incidents, shape (m + 1,).
    work
        Does the squares from a first up to an end; it releases the interpreter lock and touches its own only.
    """
    in_threads(lambda part: work(*part), balanced_parts(start, least=WORTH_A_THREAD, most=MOST_THREADS))


@numba.njit(cache=True, nogil=True)
def _extent(xy_m: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the lowest and the highest coordinates."""
    x0 = x1 = xy_m[0, 0]
    y0 = y1 = xy_m[0, 1]
    for i in range(xy_m.shape[0]):
        x, y = xy_m[i, 0], xy_m[i, 1]
        x0, x1 = min(x0, x), max(x1, x)
        y0, y1 = min(y0, y), max(y1, y)
    return np.array([x0, y0]), np.array([x1, y1])


@numba.njit(cache=True, nogil=True)
def _runs(its_m: NDArray[np.float64], grid: Grid, key: NDArray[np.int64], start: NDArray[np.int32]) -> int:
    """List the squares that sorted positions are in, and where each begins; tell how many there are."""
    m = 0
    for position in range(its_m.shape[0]):
        row = np.int64((its_m[position, 1] - grid.y0_m) * grid.per_m)
        column = np.int64((its_m[position, 0] - grid.x0_m) * grid.per_m)
        its = (row << 32) | column
        if m == 0 or its != key[m - 1]:
            key[m] = its
            start[m] = position
            m += 1
    start[m] = its_m.shape[0]
    return m


@numba.njit(cache=True, nogil=True)
def _near(key: NDArray[np.int64]) -> NDArray[np.int32]:
    """Find for each square where the squares near it begin in each row."""
    near = np.empty((key.size, 2 * REACH + 1), np.int32)
    for k in range(2 * REACH + 1):
        at = 0
        for square in range(key.size):
            wanted = key[square] + (np.int64(k - REACH) << 32) - REACH
            while at < key.size and key[at] < wanted:
                at += 1
            near[square, k] = at
    return near


@numba.njit(cache=True, nogil=True)
def _collapse(weight: NDArray[np.float64], min_weight: float, made: Squares, begin: int, end: int) -> None:
    """Move the distinct places of each square from `begin` up to `end` to its front, with their weights."""
    order, start, mass, is_dense, place_m = made.order, made.start, made.mass, made.is_dense, made.place_m
    first_place, end_place, box_m = made.first_place, made.end_place, made.box_m
    most = 0
    for square in range(begin, end):
        most = max(most, start[square + 1] - start[square])
    size = 4
    while size < 2 * most:
        size *= 2
    table = np.empty(size, np.int32)
    its_m = np.empty((most, 2))
    bits = its_m.view(np.int64)
    is_weighted = weight.size > 1
    for square in range(begin, end):
        low, high = start[square], start[square + 1]
        total = 0.0
        for k in range(high - low):
            # Zero has two forms that are equal and differ in their bits; adding zero leaves one.
            its_m[k, 0], its_m[k, 1] = place_m[low + k, 0] + 0.0, place_m[low + k, 1] + 0.0
            total += weight[order[low + k]] if is_weighted else weight[0]
        mass[square] = total
        is_dense[square] = total >= min_weight
        first_place[square] = low
        last = _distinct(its_m, bits, weight, made, low, high, table)
        end_place[square] = last
        box_m[square] = _box(place_m, low, last)


@numba.njit(cache=True, nogil=True)
def _distinct(
    its_m: NDArray[np.float64],
    bits: NDArray[np.int64],
    weight: NDArray[np.float64],
    made: Squares,
    low: int,
    high: int,
    table: NDArray[np.int32],
) -> int:
    """Collapse the incidents of one square through a hash table; tell where its places end."""
    order, place_m, at, first_row, place_of = (
        made.order,
        made.place_m,
        made.weight,
        made.first_row,
        made.place,
    )
    is_weighted = weight.size > 1
    mask = 3
    while mask + 1 < 2 * (high - low):
        mask = 2 * mask + 1
    for slot in range(mask + 1):
        table[slot] = -1
    end = low
    for k in range(high - low):
        mixed = bits[k, 0] * _MIX_X ^ bits[k, 1] * _MIX_Y
        slot = ((mixed ^ (mixed >> 32)) * _MIX_X >> 33) & mask
        place = table[slot]
        while place >= 0 and (place_m[place, 0] != its_m[k, 0] or place_m[place, 1] != its_m[k, 1]):
            slot = (slot + 1) & mask
            place = table[slot]
        if place < 0:
            place = end
            end += 1
            table[slot] = place
            place_m[place, 0], place_m[place, 1] = its_m[k, 0], its_m[k, 1]
            at[place] = 0.0
            first_row[place] = order[low + k]
        at[place] += weight[order[low + k]] if is_weighted else weight[0]
        place_of[low + k] = place
    return end


@numba.njit(cache=True, nogil=True)
def _box(place_m: NDArray[np.float64], first: int, end: int) -> tuple[float, float, float, float]:
    """Box some places."""
    x0 = x1 = place_m[first, 0]
    y0 = y1 = place_m[first, 1]
    for place in range(first + 1, end):
        x, y = place_m[place, 0], place_m[place, 1]
        x0, x1 = min(x0, x), max(x1, x)
        y0, y1 = min(y0, y), max(y1, y)
    return x0, x1, y0, y1
