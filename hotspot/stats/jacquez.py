"""
Are an incident's nearest in space also its nearest in time? Jacquez' test, which needs no threshold.

Question: how many of the k nearest in space are among the k nearest in time as well, over all incidents?
Null: times are dealt out to the places at random.
Cost: the square of the number of incidents once, then k squared comparisons per incident and replicate.
Reference: Jacquez (1996), A k nearest neighbour test for space-time interaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import pseudo_p_value, replicate_seeds, replicates_of
from hotspot.stats.pairs import checked_days, checked_positions
from hotspot.stats.permutation import deal

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class JacquezTest:
    """
    Neighbours that incidents have in space and in time.

    Parameters
    ----------
    shared_neighbours
        J_k: how many of the nearest in space are among the nearest in time, over all incidents, 0 to n k.
    p_value
        Chance of at least as many when times are shuffled, above 0.
    """

    shared_neighbours: int
    p_value: float


def jacquez(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    neighbours: int,
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> JacquezTest:
    """
    Test whether the nearest in space are the nearest in time more often than chance gives.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, shape (n,).
    neighbours
        k, how many of the nearest are looked at, 1 to n - 1.
    replicates
        Number of shuffles, at least 1.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    JacquezTest
        The statistic and its p-value.

    Raises
    ------
    InvalidParameter
        If a position or time is missing, or there are not that many other incidents.

    Notes
    -----
    Of several at equal distance the first in the input is nearest. Where many incidents share an address or a
    day, the statistic thus depends on the order of the input; the p-value stays valid.
    """
    xy_m = checked_positions(xy_m)
    day = checked_days(day, len(xy_m))
    if not 1 <= neighbours < len(xy_m):
        raise InvalidParameter(
            f"neighbours must be 1 to {len(xy_m) - 1} (incidents less one), got {neighbours}"
        )
    in_space = _nearest(xy_m, neighbours)
    in_time = _nearest(np.column_stack([day, np.zeros(day.size)]), neighbours)
    seeds = replicate_seeds(rng, replicates)

    def shared(some: NDArray[np.uint64]) -> NDArray[np.int64]:
        return _shuffled(in_space, in_time, some)

    simulated = replicates_of(shared, seeds, threads=threads)
    observed = _shared(in_space, in_time, np.arange(day.size, dtype=np.int32))
    return JacquezTest(observed, pseudo_p_value(observed, simulated))


@numba.njit(cache=True, nogil=True)
def _nearest(xy: NDArray[np.float64], neighbours: int) -> NDArray[np.int32]:
    """List the nearest others of each position; at equal distance the first in the input."""
    n = len(xy)
    nearest = np.empty((n, neighbours), np.int32)
    squared = np.empty(neighbours)
    for i in range(n):
        found = 0
        for j in range(n):
            if j == i:
                continue
            far = (xy[i, 0] - xy[j, 0]) ** 2 + (xy[i, 1] - xy[j, 1]) ** 2
            if found == neighbours and far >= squared[found - 1]:
                continue
            at = min(found, neighbours - 1)
            while at > 0 and squared[at - 1] > far:
                squared[at], nearest[i, at] = squared[at - 1], nearest[i, at - 1]
                at -= 1
            squared[at], nearest[i, at] = far, j
            found = min(found + 1, neighbours)
    return nearest


@numba.njit(cache=True, nogil=True)
def _shared(in_space: NDArray[np.int32], in_time: NDArray[np.int32], taken: NDArray[np.int32]) -> int:
    """Count the shared neighbours when each place takes the time of another incident."""
    shared = 0
    for i in range(len(in_space)):
        for one in in_space[i]:
            for other in in_time[taken[i]]:
                if taken[one] == other:
                    shared += 1
                    break
    return shared


@numba.njit(cache=True, nogil=True)
def _shuffled(
    in_space: NDArray[np.int32], in_time: NDArray[np.int32], seeds: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Count the shared neighbours after the shuffle that each seed gives."""
    n = len(in_space)
    taken = np.empty(n, np.int32)
    counts = np.empty(seeds.size, np.int64)
    for r in range(seeds.size):
        deal(taken, n - 1, seeds[r])
        counts[r] = _shared(in_space, in_time, taken)
    return counts
