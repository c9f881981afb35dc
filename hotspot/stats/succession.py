"""
Which incidents follow closely upon another, and how many more do so than chance lets follow.

Question: what share of the incidents that come soon and near after another come because of it?
Null: times are exchangeable: who follows whom is a matter of how full the place and the time are.
Cost: one look at the incidents of the last days around each, once and for each permutation of the times.
Reference: Johnson et al. (2007), Space-time patterns of risk, for the excess of pairs near in space and time;
Zhuang et al. (2002), Stochastic declustering, for giving each incident its chance of being a follower.

A test that shuffles times must keep such pairs together, or two burglaries of one burglar count as two
independent surprises and every level is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.stats.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BANDS_M = np.array([1.0, 50.0, 100.0])
"""Upper ends of the bands of distance: the same address, the same block, the same street."""
_BANDS_DAYS = np.array([2.0, 5.0, 14.0])
"""Upper ends of the bands of time; near repeats fade within two weeks (Townsley et al. 2003)."""
_PERMUTATIONS = 4
"""Permutations over which the number of followers by chance is averaged."""
_WORTH_A_THREAD = 20_000
"""Incidents below which a thread costs more than it brings."""


@dataclass(frozen=True, slots=True)
class Succession:
    """
    Who follows whom.

    Parameters
    ----------
    follower
        The incident that follows each most closely, -1 without one, shape (n,); none follows two.
    chance
        Of each follower the chance that it came because of the one before, 0 to 1; 0 elsewhere, shape (n,).
    """

    follower: NDArray[np.int64]
    chance: NDArray[np.float64]


def succession(
    xy_m: NDArray[np.float64], day: NDArray[np.float64], *, rng: np.random.Generator
) -> Succession:
    """
    Link each incident to the one that follows it most closely, with the chance that the link is real.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Times in days from any origin, shape (n,).
    rng
        Source of chance, for the permutations.

    Returns
    -------
    Succession
        The links. The chance of all links in one band of distance and time is the same: the share by which
        they outnumber what permuted times give.
    """
    n_bands = _BANDS_M.size * _BANDS_DAYS.size
    if day.size < 2:  # noqa: PLR2004 - two make a pair.
        return Succession(np.full(day.size, -1, np.int64), np.zeros(day.size))
    cells = _cells(xy_m)
    in_time = np.argsort(day)
    when = day[in_time]
    follower, band = _linked(xy_m, cells, in_time, when)
    seen = np.bincount(band[band >= 0], minlength=n_bands).astype(np.float64)
    # As `rng.permutation(day)` deals them out. Whose day is which is known, so nothing is sorted again.
    shuffled = [rng.permutation(day.size) for _ in range(_PERMUTATIONS)]

    def by_chance_in(dealt: NDArray[np.int64]) -> NDArray[np.int64]:
        holder = np.empty_like(dealt)
        holder[dealt] = np.arange(dealt.size)
        linked = _linked(xy_m, cells, holder[in_time], when)[1]
        return np.bincount(linked[linked >= 0], minlength=n_bands)

    drawn = in_threads(by_chance_in, shuffled, threads=None if day.size >= _WORTH_A_THREAD else 1)
    by_chance = sum(drawn) / _PERMUTATIONS
    excess = np.clip((seen - by_chance) / np.maximum(seen, 1.0), 0.0, 1.0)
    return Succession(follower, np.where(band >= 0, excess[band], 0.0))


def _cells(xy_m: NDArray[np.float64]) -> NDArray[np.int32]:
    """Tell the column and row of each incident in a grid as wide as the widest band."""
    return np.asarray(np.floor((xy_m - xy_m.min(axis=0)) / _BANDS_M[-1]), np.int32)


def _linked(
    xy_m: NDArray[np.float64], cells: NDArray[np.int32], in_time: NDArray[np.int64], when: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Find each incident's follower, and the band of each follower (-1 for those that follow none).

    `in_time` lists the incidents from the first to the last, and `when` their days.
    """
    leader, band, lag = _closest(xy_m, cells, in_time, when, _BANDS_M**2, _BANDS_DAYS)
    return _kept(in_time, leader, band, lag)


@numba.njit(cache=True, nogil=True)
def _closest(
    xy_m: NDArray[np.float64],
    cells: NDArray[np.int32],
    in_time: NDArray[np.int64],
    when: NDArray[np.float64],
    bands_m2: NDArray[np.float64],
    bands_days: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Let each, in the order of time, point at the closest one before it, with their band and lag."""
    n, n_times = when.size, bands_days.size
    leader, band, lag = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.empty(n)
    # The grid is wound up to some slots for each incident. Cells far apart may share a slot, which costs a
    # look and no more, since all distances are measured.
    side = 4
    while side * side < n:
        side *= 2
    # In the order of time what may be followed stands side by side, and stays within the caches.
    its_m, its_cell = np.empty((n, 2)), np.empty((n, 2), np.int32)
    for i in range(n):
        one = in_time[i]
        its_m[i, 0], its_m[i, 1] = xy_m[one, 0], xy_m[one, 1]
        its_cell[i, 0], its_cell[i, 1] = cells[one, 0], cells[one, 1]
    # In each slot the last one so far, and before each the one before it in its slot.
    last, before = np.full(side * side, -1, np.int32), np.empty(n, np.int32)
    arrived, oldest = n - n, n - n
    for i in range(n):
        # Those of one instant arrive together: which of them comes first is told by the list.
        while arrived < n and when[arrived] == when[i]:
            slot = _slot(its_cell[arrived, 0], its_cell[arrived, 1], side)
            before[arrived] = last[slot]
            last[slot] = arrived
            arrived += 1
        while when[i] - when[oldest] > bands_days[-1]:
            oldest += 1
        for k in range(9):
            j = last[_slot(its_cell[i, 0] + k // 3 - 1, its_cell[i, 1] + k % 3 - 1, side)]
            while j >= oldest:
                after = when[i] - when[j]
                apart_m2 = (its_m[i, 0] - its_m[j, 0]) ** 2 + (its_m[i, 1] - its_m[j, 1]) ** 2
                if apart_m2 <= bands_m2[-1] and (after > 0.0 or in_time[j] < in_time[i]):
                    here = _band(apart_m2, bands_m2) * n_times + _band(after, bands_days)
                    # At the same band and lag the first in the list, whichever cell it lies in.
                    is_sooner = after < lag[i] or (after == lag[i] and in_time[j] < in_time[leader[i]])
                    if band[i] < 0 or here < band[i] or (here == band[i] and is_sooner):
                        leader[i], band[i], lag[i] = j, here, after
                j = before[j]
    return leader, band, lag


@numba.njit(cache=True, nogil=True)
def _slot(column: int, row: int, side: int) -> np.uint64:
    """Tell the slot of a cell; a number without a sign is not asked whether it counts from the end."""
    return np.uint64((column & (side - 1)) * side + (row & (side - 1)))


@numba.njit(cache=True, nogil=True)
def _band(value: float, bands: NDArray[np.float64]) -> int:
    """Find the first band that reaches a value."""
    number = 0
    while value > bands[number]:
        number += 1
    return number


@numba.njit(cache=True, nogil=True)
def _kept(
    in_time: NDArray[np.int64],
    leader: NDArray[np.int64],
    band: NDArray[np.int64],
    lag: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let each keep the closest of those that point at it; the others have no band. In the list's order."""
    kept = np.full(leader.size, -1, np.int64)
    for i in range(leader.size):
        j = leader[i]
        if j < 0:
            continue
        rival = kept[j]
        is_first = rival < 0 or lag[i] < lag[rival] or (lag[i] == lag[rival] and in_time[i] < in_time[rival])
        if rival < 0 or band[i] < band[rival] or (band[i] == band[rival] and is_first):
            kept[j] = i
    follower, its_band = np.full(leader.size, -1, np.int64), np.full(leader.size, -1, np.int64)
    for j in range(leader.size):
        i = kept[j]
        if i >= 0:
            follower[in_time[j]], its_band[in_time[i]] = in_time[i], band[i]
    return follower, its_band
