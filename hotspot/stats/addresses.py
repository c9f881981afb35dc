"""
Which places of a register are one address, written down a few metres apart? A look at all near pairs.

Question: are there more places close together than houses can be, and up to which distance?
Null: an address has one coordinate, so places lie no closer to each other than houses do.
Cost: one look at the places within 30 m of each, and another to unite them.
Reference: Ripley (1977), Modelling spatial patterns, for counting pairs by distance.

Where each incident is measured anew (GPS, a click on a map), no two incidents share a place, every place has
one incident, and a street of a few busy houses looks like a street where everybody has the same. What is
within the error of measurement is therefore united before places are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BAND_M = 2.0
_BANDS = 15
"""Pairs are counted in bands of 2 m, up to 30 m."""
_CLOSE = slice(0, 3)
"""Up to 6 m: houses are rarely so close."""
_FAR = slice(8, 15)
"""From 16 to 30 m: what is usual here."""
_CROWDED = 6.0
"""Times as many close pairs as usual from which coordinates are held to be measured, each anew. Addresses on
streets, in towns and along roads have up to 4; those measured with an error of 3 m have 10 and more."""
_RAISED = 3.0
"""Times as many as usual up to which a distance is held to be an error of measurement."""
_FEWEST_PAIRS = 50
"""Fewer tell nothing."""


def leaders(xy_m: NDArray[np.float64], incidents: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Unite places that are one address, each with the fullest place around it.

    Parameters
    ----------
    xy_m
        Distinct places in metres, shape (n, 2).
    incidents
        Incidents at each, shape (n,).

    Returns
    -------
    ndarray
        Index of the place that stands for each, its own where nothing is united, shape (n,).

    Examples
    --------
    >>> leaders(np.array([[0.0, 0.0], [50.0, 0.0]]), np.ones(2, np.int64)).tolist()
    [0, 1]
    """
    alone = np.arange(len(xy_m))
    if alone.size == 0:
        return alone
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))
    x_m, y_m = np.ascontiguousarray(xy_m[order, 0]), np.ascontiguousarray(xy_m[order, 1])
    within_m = _error_m(_pairs(x_m, y_m, _BAND_M, _BANDS))
    if within_m == 0.0:
        return alone
    number = incidents[order]
    around = _around(x_m, y_m, number, within_m)
    # The fullest surroundings first, then the fullest place, then the order of the places.
    turn = np.lexsort((-number, -around))
    leader = np.empty_like(alone)
    leader[order] = order[_united(x_m, y_m, turn, within_m)]
    return leader


def _error_m(pairs: NDArray[np.int64]) -> float:
    """Tell up to which distance in metres places are one address; 0 where each is its own."""
    if pairs.sum() < _FEWEST_PAIRS:
        return 0.0
    edge = np.arange(pairs.size + 1) ** 2
    density = pairs / np.diff(edge)
    usual = float(density[_FAR].mean())
    if density[_CLOSE].mean() <= _CROWDED * usual:
        return 0.0
    below = density[: _FAR.start] <= _RAISED * usual
    return _BAND_M * float(np.argmax(below) if below.any() else below.size)


@numba.njit(cache=True, nogil=True)
def _pairs(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], band_m: float, bands: int
) -> NDArray[np.int64]:
    """Count pairs of places by distance, in bands that are closed above; places stand in the order of x."""
    pairs = np.zeros(bands, np.int64)
    far_m = band_m * bands
    for i in range(x_m.size):
        for j in range(i + 1, x_m.size):
            east_m = x_m[j] - x_m[i]
            if east_m > far_m:
                break
            apart_m2 = east_m**2 + (y_m[j] - y_m[i]) ** 2
            if apart_m2 <= far_m**2:
                pairs[int(np.ceil(np.sqrt(apart_m2) / band_m)) - 1] += 1
    return pairs


@numba.njit(cache=True, nogil=True)
def _around(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], number: NDArray[np.int64], within_m: float
) -> NDArray[np.int64]:
    """Count the incidents within reach of each place, its own included."""
    around = number.copy()
    for i in range(x_m.size):
        for j in range(i + 1, x_m.size):
            if x_m[j] - x_m[i] > within_m:
                break
            if (x_m[j] - x_m[i]) ** 2 + (y_m[j] - y_m[i]) ** 2 <= within_m**2:
                around[i] += number[j]
                around[j] += number[i]
    return around


@numba.njit(cache=True, nogil=True)
def _united(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], turn: NDArray[np.int64], within_m: float
) -> NDArray[np.int64]:
    """Let each place in its turn, if it is still free, take the free ones within reach."""
    leader = np.full(x_m.size, -1, np.int64)
    for i in turn:
        if leader[i] >= 0:
            continue
        for side in (-1, 1):
            j = i
            while 0 <= j < x_m.size and abs(x_m[j] - x_m[i]) <= within_m:
                if leader[j] < 0 and (x_m[j] - x_m[i]) ** 2 + (y_m[j] - y_m[i]) ** 2 <= within_m**2:
                    leader[j] = i
                j += side
    return leader
