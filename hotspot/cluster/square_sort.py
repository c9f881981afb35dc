"""
How do a million incidents get sorted by the square they lie in? By counting, twice.

Cost: linear; two passes for a city, three for a country. Each pass has few targets, so that they stay in the
caches; carrying the positions along is faster than fetching them afterwards.
Reference: Knuth (1998), The art of computer programming, volume 3, section 5.2.5 (radix sorting).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.threads import even_parts, in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGIT_BITS = 9
"""Most bits of one counting sort: more targets than this at a time fall out of the caches."""
MOST_THREADS = 2
"""More processors than this find no work in clustering that pays for another thread."""
WORTH_A_THREAD = 10_000
"""Incidents below which a thread costs more than it brings."""
_PAGE_BITS = 13
"""Bits of the rows that are written at a time on the way back."""


class Grid(NamedTuple):
    """
    Where the squares lie.

    Parameters
    ----------
    x0_m, y0_m
        Lowest coordinates.
    per_m
        Squares in a metre.
    columns
        Squares in a row.
    """

    x0_m: float
    y0_m: float
    per_m: float
    columns: int


class _Items(NamedTuple):
    """Positions, shape (n, 2), and the rows of the input they come from, shape (n,)."""

    xy_m: NDArray[np.float64]
    row: NDArray[np.int32]


def sorted_by_square(
    xy_m: NDArray[np.float64], grid: Grid, *, n_squares: int
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """
    Sort positions by square: by rows of squares and then by columns, in each square by row of the input.

    Parameters
    ----------
    xy_m
        Positions, none below the grid's corner, shape (n, 2).
    grid
        Where the squares lie.
    n_squares
        How many there are, with or without positions.

    Returns
    -------
    tuple of ndarray
        Sorted positions, shape (n, 2), and the rows of the input they come from, shape (n,).
    """
    n = len(xy_m)
    bits = n_squares.bit_length()
    digits = -(-bits // _DIGIT_BITS)
    digit_bits = -(-bits // digits)
    its = _Items(xy_m, np.arange(n, dtype=np.int32))
    # Room is asked for here, not in compiled code: NumPy gets large pages for it.
    spare = [_Items(np.empty((n, 2)), np.empty(n, np.int32)) for _ in range(min(digits, 2))]
    for digit in range(digits):
        to = spare[digit % 2]
        _sort_by_digit(its, to, grid, digit * digit_bits, digit_bits)
        its = to
    return its.xy_m, its.row


def _sort_by_digit(its: _Items, to: _Items, grid: Grid, shift: int, bits: int) -> None:
    """Sort stably by one digit of the squares' numbers, by counting."""
    parts = even_parts(its.row.size, least=WORTH_A_THREAD, most=MOST_THREADS)
    count = np.zeros((len(parts), 1 << bits), np.int64)
    in_threads(lambda k: _count(its.xy_m, grid, shift, count[k], *parts[k]), range(len(parts)))
    # Of one digit all of the first part come before those of the second.
    place = np.ascontiguousarray(np.cumsum(count.T).reshape(-1, len(parts)).T - count)
    in_threads(lambda k: _scatter(its, to, grid, shift, place[k], *parts[k]), range(len(parts)))


@numba.njit(cache=True, nogil=True)
def _code(grid: Grid, x: float, y: float) -> np.int64:
    """Tell the number of a position's square."""
    return np.int64((y - grid.y0_m) * grid.per_m) * grid.columns + np.int64((x - grid.x0_m) * grid.per_m)


@numba.njit(cache=True, nogil=True)
def _count(
    xy_m: NDArray[np.float64], grid: Grid, shift: int, count: NDArray[np.int64], begin: int, end: int
) -> None:
    """Count the digits."""
    mask = count.size - 1
    for k in range(begin, end):
        count[(_code(grid, xy_m[k, 0], xy_m[k, 1]) >> shift) & mask] += 1


@numba.njit(cache=True, nogil=True)
def _scatter(
    its: _Items, to: _Items, grid: Grid, shift: int, place: NDArray[np.int64], begin: int, end: int
) -> None:
    """Write each item where the next of its digit belongs."""
    xy_m, row = its
    to_m, to_row = to
    mask = place.size - 1
    for k in range(begin, end):
        x, y = xy_m[k, 0], xy_m[k, 1]
        digit = (_code(grid, x, y) >> shift) & mask
        at = place[digit]
        place[digit] = at + 1
        to_m[at, 0], to_m[at, 1] = x, y
        to_row[at] = row[k]


def unsorted(order: NDArray[np.int32], value: NDArray[np.int32]) -> NDArray[np.int32]:
    """
    Bring values by square into the order of the input.

    Parameters
    ----------
    order
        Row of the input of each value, shape (n,).
    value
        The values, shape (n,).

    Returns
    -------
    ndarray
        Value of each row, shape (n,).
    """
    n = order.size
    by_row = np.empty(n, np.int32)
    _unsort(order, value, np.empty(n, np.int32), np.empty(n, np.int32), by_row)
    return by_row


@numba.njit(cache=True, nogil=True)
def _unsort(
    order: NDArray[np.int32],
    value: NDArray[np.int32],
    row: NDArray[np.int32],
    its: NDArray[np.int32],
    by_row: NDArray[np.int32],
) -> None:
    """Write values by row: roughly sorted first, so that the last step stays within the cache."""
    begin = np.zeros((order.size >> _PAGE_BITS) + 1, np.int64)
    for page in range(begin.size):
        begin[page] = page << _PAGE_BITS
    for k in range(order.size):
        page = order[k] >> _PAGE_BITS
        to = begin[page]
        begin[page] = to + 1
        row[to] = order[k]
        its[to] = value[k]
    for k in range(order.size):
        by_row[row[k]] = its[k]
