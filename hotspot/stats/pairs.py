"""
Which incidents lie close to each other? The list of near pairs, from which tests of space and time count.

Question: which pairs of positions are less than so many metres apart, and how far?
Null: none; this is what statistics of pairs are made of.
Cost: linear in the number of positions that share a cell or touch one, cells being as wide as the distance.
Reference: Bentley, Stanat & Williams (1977), The complexity of finding fixed-radius near neighbors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numba
import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Metric = Literal["euclidean", "manhattan"]
"""How distance is measured: straight, or along a grid of streets."""

# Twelve bytes each: five gigabytes, beyond which a smaller distance is wanted rather than a larger machine.
_MOST_PAIRS = 400_000_000
# Cells per side; wider cells than the distance cost time and change nothing.
_MOST_CELLS = 1_000_000


class Pairs(NamedTuple):
    """
    Near pairs of positions, each pair once.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    first, second
        The two positions, shape (pairs,).
    distance_m
        How far apart they are, in metres, shape (pairs,).
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    distance_m: NDArray[np.float64]


def near_pairs(xy_m: NDArray[np.float64], *, below_m: float, metric: Metric = "euclidean") -> Pairs:
    """
    List all pairs of positions that are less than a distance apart.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2); equal positions are pairs at distance 0.
    below_m
        The distance, above 0; a pair exactly that far apart is out.
    metric
        How distance is measured.

    Returns
    -------
    Pairs
        The pairs, in an order that depends on the positions only.

    Raises
    ------
    InvalidParameter
        If a position is not finite, the distance is not above 0, or there are too many pairs for the memory.
    """
    xy_m = checked_positions(xy_m)
    if not below_m > 0:
        raise InvalidParameter(f"below_m must be above 0, got {below_m}")
    if metric not in {"euclidean", "manhattan"}:
        raise InvalidParameter(f"metric must be euclidean or manhattan, got {metric!r}")
    order, key, row_width = _by_cell(xy_m, below_m)
    ordered, is_manhattan = xy_m[order], metric == "manhattan"
    nothing = Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    count = _list_pairs(ordered, key, row_width, below_m, is_manhattan, nothing)
    if count > _MOST_PAIRS:
        raise InvalidParameter(f"below_m must leave at most {_MOST_PAIRS} pairs, got {count} at {below_m} m")
    listed = Pairs(np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count))
    if count:
        _list_pairs(ordered, key, row_width, below_m, is_manhattan, listed)
    return Pairs(order[listed.first], order[listed.second], listed.distance_m)


def time_pairs_below(day: NDArray[np.float64], edges_days: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Count the pairs, near or far, that are less than so many days apart.

    Parameters
    ----------
    day
        Time of each incident in days, shape (n,).
    edges_days
        Differences in days, shape (e,).

    Returns
    -------
    ndarray
        Number of pairs for each difference, shape (e,).
    """
    return _count_below(np.sort(day), edges_days)


def checked_positions(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Refuse what are no positions.

    Parameters
    ----------
    xy_m
        Positions in metres.

    Returns
    -------
    ndarray
        The same, shape (n, 2).

    Raises
    ------
    InvalidParameter
        If the shape is another or a coordinate is not finite.
    """
    xy_m = np.ascontiguousarray(xy_m, dtype=np.float64)
    if xy_m.ndim != 2 or xy_m.shape[1] != 2:  # noqa: PLR2004 - x and y
        raise InvalidParameter(f"xy_m must have the shape (n, 2), got {xy_m.shape}")
    if not np.isfinite(xy_m).all():
        raise InvalidParameter("xy_m must be finite, got a missing or infinite coordinate")
    return xy_m


def checked_days(day: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """
    Refuse what are no times of the positions.

    Parameters
    ----------
    day
        Time of each incident in days.
    n
        Number of positions.

    Returns
    -------
    ndarray
        The same as numbers with a fraction, shape (n,).

    Raises
    ------
    InvalidParameter
        If there is not one finite time per position.
    """
    day = np.ascontiguousarray(day, dtype=np.float64)
    if day.shape != (n,):
        raise InvalidParameter(f"day must have one value for each of the {n} positions, got {day.shape}")
    if not np.isfinite(day).all():
        raise InvalidParameter("day must be finite, got a missing or infinite time")
    return day


def checked_edges(edges: Sequence[float] | NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """
    Refuse what are no edges of bands.

    Parameters
    ----------
    edges
        Where the bands begin and the last one ends; each band holds its lower edge and not its upper one.
    name
        What to call them in the message.

    Returns
    -------
    ndarray
        The edges, ascending, shape (bands + 1,).

    Raises
    ------
    InvalidParameter
        If there are fewer than two, or they do not rise, or begin below 0.
    """
    checked = np.asarray(edges, dtype=np.float64)
    # Written so that NaN, which fails every comparison, is refused as well.
    if checked.ndim != 1 or checked.size < 2 or not (checked[0] >= 0 and (np.diff(checked) > 0).all()):  # noqa: PLR2004 - one band
        raise InvalidParameter(
            f"{name} must be at least two rising numbers from 0 on, got {checked.tolist()}"
        )
    return checked


def _by_cell(xy_m: NDArray[np.float64], below_m: float) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:
    """Order positions by cell; tell the order, the cell of each so ordered, and a row's width."""
    if not len(xy_m):
        return np.empty(0, np.int32), np.empty(0, np.int64), 1
    corner_m = xy_m.min(axis=0)
    extent_m = float((xy_m - corner_m).max())
    # Rounding must not put a pair at just that distance two cells apart.
    side_m = min(max(below_m * (1 + 1e-9), extent_m / _MOST_CELLS), max(extent_m, math.ulp(1.0)) * 2)
    column, row = ((xy_m - corner_m) / side_m).astype(np.int64).T
    # Two spare columns: the left neighbour of a first cell must not be the last cell of the row before.
    width = int(column.max()) + 3
    key = row * width + column
    order = np.argsort(key, kind="stable")
    return order.astype(np.int32), key[order], width


@numba.njit(cache=True, nogil=True)
def _list_pairs(
    xy_m: NDArray[np.float64],
    key: NDArray[np.int64],
    width: int,
    below_m: float,
    is_manhattan: bool,  # noqa: FBT001 - compiled code takes no keywords cheaply
    out: Pairs,
) -> int:
    """Count the near pairs of positions ordered by cell, and write them down where there is room."""
    count, n = 0, key.size
    begin, end, right = 0, 0, 0
    for i in range(n):
        # Three neighbouring cells of the next row are one stretch of the order, and so are this cell and the
        # next.
        while begin < n and key[begin] < key[i] + width - 1:
            begin += 1
        while end < n and key[end] <= key[i] + width + 1:
            end += 1
        while right < n and key[right] <= key[i] + 1:
            right += 1
        for stretch in range(2):
            first, last = (i + 1, right) if stretch == 0 else (begin, end)
            for j in range(first, last):
                dx, dy = abs(xy_m[i, 0] - xy_m[j, 0]), abs(xy_m[i, 1] - xy_m[j, 1])
                distance_m = dx + dy if is_manhattan else math.sqrt(dx * dx + dy * dy)
                if distance_m < below_m:
                    if out.first.size:
                        out.first[count], out.second[count], out.distance_m[count] = i, j, distance_m
                    count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _count_below(day: NDArray[np.float64], edges_days: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the pairs of ascending times that are less than each difference apart."""
    below = np.zeros(edges_days.size, np.int64)
    for e in range(edges_days.size):
        begin = 0
        for i in range(day.size):
            while begin < i and day[i] - day[begin] >= edges_days[e]:
                begin += 1
            below[e] += i - begin
    return below
