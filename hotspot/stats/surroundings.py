"""
Sums over circles around every place, and over the ring between each circle and its wider surroundings.

Question: how many places with how many events are within each of some distances of every place?
Null: none; these are sums, to be compared by others.
Cost: one comparison for each pair of places in reach of each other, and about as many for pairs just beyond.
Reference: none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.threads import by_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Circles(NamedTuple):
    """
    All circles around all places.

    Parameters
    ----------
    histogram
        Number of places by count in each circle, shape (radii, n, most + 1).
    inside
        Number of places, sum of their counts and of their events in each circle, shape (n, radii, 3).
    ring
        The same in the ring around it, which ends with the surroundings, shape (n, radii, 3).
    """

    histogram: NDArray[np.int32]
    inside: NDArray[np.float64]
    ring: NDArray[np.float64]


class _Strips(NamedTuple):
    """Places in strips from south to north, so that those nearby are found without looking at all."""

    order: NDArray[np.int64]
    strips: NDArray[np.int64]
    begin: NDArray[np.int64]
    strip: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    counts: NDArray[np.int64]
    events: NDArray[np.int64]


def circles_around(
    xy_m: NDArray[np.float64],
    count: NDArray[np.int64],
    events: NDArray[np.int64],
    *,
    most: int,
    radii_m: Sequence[float],
    surroundings_m: float,
) -> Circles:
    """
    Sum up the circles around every place, and the rings around them.

    Parameters
    ----------
    xy_m
        Distinct places in metres, shape (n, 2).
    count
        Count of each place, 0 to `most`, shape (n,).
    events
        Events at each place, shape (n,).
    most
        Highest count.
    radii_m
        Radii of the circles in metres, ascending; a place exactly that far away is in.
    surroundings_m
        Radius of the surroundings in metres, above the others.

    Returns
    -------
    Circles
        The sums.

    Examples
    --------
    >>> row = np.array([[0.0, 0.0], [10.0, 0.0], [90.0, 0.0]])
    >>> one = np.ones(3, np.int64)
    >>> sums = circles_around(row, one, 5 * one, most=2, radii_m=[20.0], surroundings_m=100.0)
    >>> sums.inside[0, 0].tolist(), sums.ring[0, 0].tolist(), sums.histogram[0, 0].tolist()
    ([2.0, 2.0, 10.0], [1.0, 1.0, 5.0], [0, 2, 0])
    """
    n, radii = len(xy_m), np.array(radii_m, np.float64)
    strip = np.floor(xy_m[:, 0] / surroundings_m).astype(np.int64)
    order = np.lexsort((xy_m[:, 1], strip))
    strips, begin = np.unique(strip[order], return_index=True)
    near = _Strips(
        order,
        strips,
        np.append(begin, n).astype(np.int64),
        strip[order],
        np.ascontiguousarray(xy_m[order, 0]),
        np.ascontiguousarray(xy_m[order, 1]),
        count[order],
        events[order],
    )
    made = Circles(
        histogram=np.empty((radii.size, n, most + 1), np.int32),
        inside=np.empty((n, radii.size, 3)),
        ring=np.empty((n, radii.size, 3)),
    )
    reach_m2 = np.append(radii, surroundings_m) ** 2

    def sums(first: int, last: int) -> None:
        _sum_up(first, last, near, reach_m2, made)

    by_rows(sums, n)
    return made


@numba.njit(cache=True, nogil=True)
def _sum_up(first: int, last: int, near: _Strips, reach_m2: NDArray[np.float64], made: Circles) -> None:
    """Sum up what lies around some of the places: the surroundings at once, the circles band by band."""
    # Taken out of the tuples once: a loop that reaches into them counts references all the time.
    strip, x_m, y_m, counts, events = near.strip, near.x_m, near.y_m, near.counts, near.events
    histogram, inside, ring = made.histogram, made.inside, made.ring
    widest = reach_m2.size - 1
    bands, around = np.empty((widest, histogram.shape[2]), np.int32), np.empty((widest, 3), np.int64)
    # Of the strip before, the same and the next the places in reach, of the surroundings and of all circles.
    far, close = np.zeros((3, 2), np.int64), np.zeros((3, 2), np.int64)
    end = np.zeros(3, np.int64)
    for i in range(first, last):
        if i == first or strip[i] != strip[i - 1]:
            for side in range(3):
                at = np.searchsorted(near.strips, strip[i] + side - 1)
                is_there = at < near.strips.size and near.strips[at] == strip[i] + side - 1
                begin = near.begin[at] if is_there else 0
                far[side], close[side], end[side] = begin, begin, near.begin[at + 1] if is_there else 0
        places, its_counts, its_events = np.int64(0), np.int64(0), np.int64(0)
        bands[:], around[:] = 0, 0
        for side in range(3):
            _follow(far[side], end[side], y_m, y_m[i], np.sqrt(reach_m2[widest]))
            _follow(close[side], end[side], y_m, y_m[i], np.sqrt(reach_m2[widest - 1]))
            # Without a branch: half of them are in reach, and no processor foresees which.
            for j in range(far[side, 0], far[side, 1]):
                is_in = np.int64((x_m[j] - x_m[i]) ** 2 + (y_m[j] - y_m[i]) ** 2 <= reach_m2[widest])
                places += is_in
                its_counts += is_in * counts[j]
                its_events += is_in * events[j]
            for j in range(close[side, 0], close[side, 1]):
                apart_m2 = (x_m[j] - x_m[i]) ** 2 + (y_m[j] - y_m[i]) ** 2
                if apart_m2 > reach_m2[widest - 1]:
                    continue
                band = widest - 1
                while band > 0 and apart_m2 <= reach_m2[band - 1]:
                    band -= 1
                around[band, 0] += 1
                around[band, 1] += counts[j]
                around[band, 2] += events[j]
                bands[band, counts[j]] += 1
        # Each circle holds the bands up to its own.
        for band in range(1, widest):
            around[band] += around[band - 1]
            bands[band] += bands[band - 1]
        place = near.order[i]
        for band in range(widest):
            histogram[band, place] = bands[band]
            inside[place, band] = around[band]
            ring[place, band, 0] = places - around[band, 0]
            ring[place, band, 1] = its_counts - around[band, 1]
            ring[place, band, 2] = its_events - around[band, 2]


@numba.njit(cache=True, nogil=True)
def _follow(
    run: NDArray[np.int64], end: int, y_m: NDArray[np.float64], north_m: float, reach_m: float
) -> None:
    """Move a run of places, sorted from south to north, on to those within reach of one farther north."""
    # A metre more, since the difference may round the other way than the bound.
    while run[0] < end and y_m[run[0]] < north_m - reach_m - 1.0:
        run[0] += 1
    run[1] = max(run[0], run[1])
    while run[1] < end and y_m[run[1]] <= north_m + reach_m + 1.0:
        run[1] += 1
