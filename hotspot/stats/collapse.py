"""
Incidents at the very same coordinates are one place with a weight, which makes a sum over them cheaper.

Most incidents of a city lie on shared addresses. Whether collapsing pays is told by a sample, since finding
out costs about as much as spreading a small kernel.

Cost: one search in a hash table per incident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.stats.kernel_sums import Sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW = 20_000
"""Incidents below which nothing is gained."""

_SAMPLE = 4_096
_SHARED = 0.1
"""Share of a sample at coordinates that occurred in it before, from which collapsing pays."""

# Odd constants with well-mixed bits (Steele, Lea & Flood 2014, SplitMix64).
_MIX_X = np.uint64(0xBF58476D1CE4E5B9)
_MIX_Y = np.uint64(0x94D049BB133111EB)


def collapsed(sources: Sources) -> Sources:
    """
    Put incidents at the same coordinates together, if that pays.

    Parameters
    ----------
    sources
        What is spread; one bandwidth for all.

    Returns
    -------
    Sources
        The same incidents, at no more places, in the order in which these first occur.

    Examples
    --------
    >>> one = Sources(np.array([[1.0, 2.0]]), np.ones(1), np.array([150.0]))
    >>> collapsed(one) is one
    True
    """
    n = len(sources.xy_m)
    if n < _FEW:
        return sources
    sample = sources.xy_m[:: n // _SAMPLE]
    if len(np.unique(sample[:, 0] + 1j * sample[:, 1])) > (1 - _SHARED) * len(sample):
        return sources
    xy_m, weight = np.empty((n, 2)), np.empty(n)
    table = np.full(1 << (2 * n - 1).bit_length(), -1, np.int32)
    places = _collapse(sources.xy_m, sources.xy_m.view(np.uint64), sources.weight, table, xy_m, weight)
    return Sources(xy_m[:places], weight[:places], sources.bandwidth_m)


@numba.njit(cache=True, nogil=True)
def _collapse(
    xy_m: NDArray[np.float64],
    bits: NDArray[np.uint64],
    weight: NDArray[np.float64],
    table: NDArray[np.int32],
    place_m: NDArray[np.float64],
    place_weight: NDArray[np.float64],
) -> int:
    """Find the place of each incident, or make it; give the number of places."""
    places = 0
    mask = np.uint64(table.size - 1)
    for i in range(len(xy_m)):
        mixed = (bits[i, 0] ^ (bits[i, 1] * _MIX_Y)) * _MIX_X
        slot = (mixed ^ (mixed >> np.uint64(29))) * _MIX_Y >> np.uint64(20) & mask
        w = weight[i] if weight.size > 1 else weight[0]
        x, y = xy_m[i, 0], xy_m[i, 1]
        while True:
            place = table[slot]
            if place < 0:
                table[slot] = places
                place_m[places, 0], place_m[places, 1], place_weight[places] = x, y, w
                places += 1
                break
            if place_m[place, 0] == x and place_m[place, 1] == y:
                place_weight[place] += w
                break
            slot = (slot + np.uint64(1)) & mask
    return places
