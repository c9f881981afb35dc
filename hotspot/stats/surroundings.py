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
        strips,
        np.append(begin, n).astype(np.int64),
        strip[order],
        np.ascontiguousarray(xy_m[order, 0]),
        np.ascontiguousarray(xy_m[order, 1]),
        count[order],
        events[order],
    )
    bands = np.zeros((n, radii.size, most + 1), np.int32)
    around = np.zeros((n, radii.size + 1, 3), np.int64)
    reach_m2 = np.append(radii, surroundings_m) ** 2

    def sums(first: int, last: int) -> None:
        _sum_up(first, last, near, reach_m2, bands, around)

    by_rows(sums, n)
    back = np.empty(n, np.int64)
    back[order] = np.arange(n)
    sums_within = around.cumsum(axis=1)[back].astype(np.float64)
    histogram = np.ascontiguousarray(bands.cumsum(axis=1, dtype=np.int32)[back].swapaxes(0, 1))
    inside = sums_within[:, :-1]
    return Circles(histogram, inside, sums_within[:, -1:] - inside)


@numba.njit(cache=True, nogil=True)
def _sum_up(
    first: int,
    last: int,
    near: _Strips,
    reach_m2: NDArray[np.float64],
    bands: NDArray[np.int32],
    around: NDArray[np.int64],
) -> None:
    """Sum up what lies around some of the places, band by band; the last band ends with the surroundings."""
    widest = reach_m2.size - 1
    far_m = np.sqrt(reach_m2[widest])
    for i in range(first, last):
        at = np.searchsorted(near.strips, near.strip[i] - 1)
        while at < near.strips.size and near.strips[at] <= near.strip[i] + 1:
            begin, end = near.begin[at], near.begin[at + 1]
            # A metre more, since the difference may round the other way than the bound.
            begin += np.searchsorted(near.y_m[begin:end], near.y_m[i] - far_m - 1.0)
            for j in range(begin, end):
                north_m = near.y_m[j] - near.y_m[i]
                if north_m > far_m:
                    break
                apart_m2 = (near.x_m[j] - near.x_m[i]) ** 2 + north_m**2
                if apart_m2 > reach_m2[widest]:
                    continue
                band = widest
                while band > 0 and apart_m2 <= reach_m2[band - 1]:
                    band -= 1
                around[i, band, 0] += 1
                around[i, band, 1] += near.counts[j]
                around[i, band, 2] += near.events[j]
                if band < widest:
                    bands[i, band, near.counts[j]] += 1
            at += 1
