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

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BANDS_M = np.array([1.0, 50.0, 100.0])
"""Upper ends of the bands of distance: the same address, the same block, the same street."""
_BANDS_DAYS = np.array([2.0, 5.0, 14.0])
"""Upper ends of the bands of time; near repeats fade within two weeks (Townsley et al. 2003)."""
_PERMUTATIONS = 4
"""Permutations over which the number of followers by chance is averaged."""


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
    cell, around = _cells(xy_m)
    follower, band = _linked(xy_m, day, cell, around)
    seen = np.bincount(band[band >= 0], minlength=n_bands).astype(np.float64)
    shuffled = [rng.permutation(day) for _ in range(_PERMUTATIONS)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        drawn = pool.map(lambda days: _linked(xy_m, days, cell, around)[1], shuffled)
        by_chance = sum(np.bincount(one[one >= 0], minlength=n_bands) for one in drawn) / _PERMUTATIONS
    excess = np.clip((seen - by_chance) / np.maximum(seen, 1.0), 0.0, 1.0)
    return Succession(follower, np.where(band >= 0, excess[band], 0.0))


def _cells(xy_m: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide into cells as wide as the widest band; gives each incident's cell and each cell's nine."""
    column_row = np.floor((xy_m - xy_m.min(axis=0)) / _BANDS_M[-1]).astype(np.int64) + 1
    wide = int(column_row[:, 1].max()) + 2
    codes, cell = np.unique(column_row[:, 0] * wide + column_row[:, 1], return_inverse=True)
    steps = np.array([dx * wide + dy for dx in (-1, 0, 1) for dy in (-1, 0, 1)])
    wanted = codes[:, None] + steps
    at = np.minimum(np.searchsorted(codes, wanted), codes.size - 1)
    return cell.reshape(-1).astype(np.int64), np.where(codes[at] == wanted, at, -1)


def _linked(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    cell: NDArray[np.int64],
    around: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find each incident's follower, and the band of each follower (-1 for those that follow none)."""
    order = np.lexsort((np.arange(day.size), day, cell))
    start = np.searchsorted(cell[order], np.arange(len(around) + 1))
    return _closest(xy_m, day, cell, around, order, start, _BANDS_M**2, _BANDS_DAYS)


@numba.njit(cache=True, nogil=True)
def _closest(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    cell: NDArray[np.int64],
    around: NDArray[np.int64],
    order: NDArray[np.int64],
    start: NDArray[np.int64],
    bands_m2: NDArray[np.float64],
    bands_days: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let each point at the closest one before it, then let each keep the closest that point at it."""
    n, n_times = day.size, bands_days.size
    leader = np.full(n, -1, np.int64)
    band = np.full(n, -1, np.int64)
    lag = np.empty(n)
    for i in range(n):
        for other_cell in around[cell[i]]:
            if other_cell < 0:
                continue
            end = start[other_cell + 1]
            for position in range(
                _first_since(day[i] - bands_days[-1], day, order, start[other_cell], end), end
            ):
                j = order[position]
                after = day[i] - day[j]
                apart_m2 = (xy_m[i, 0] - xy_m[j, 0]) ** 2 + (xy_m[i, 1] - xy_m[j, 1]) ** 2
                if after < 0.0:
                    break
                # Of two at one instant the first in the list comes first; rounding may let one in too many.
                if (after == 0.0 and j >= i) or after > bands_days[-1] or apart_m2 > bands_m2[-1]:
                    continue
                here = _band(apart_m2, bands_m2) * n_times + _band(after, bands_days)
                # At the same band and lag the first in the list, whichever cell it lies in.
                is_sooner = after < lag[i] or (after == lag[i] and j < leader[i])
                if band[i] < 0 or here < band[i] or (here == band[i] and is_sooner):
                    leader[i], band[i], lag[i] = j, here, after
    return _kept(leader, band, lag), band


@numba.njit(cache=True, nogil=True)
def _band(value: float, bands: NDArray[np.float64]) -> int:
    """Find the first band that reaches a value."""
    number = 0
    while value > bands[number]:
        number += 1
    return number


@numba.njit(cache=True, nogil=True)
def _first_since(
    since: float, day: NDArray[np.float64], order: NDArray[np.int64], low: int, high: int
) -> int:
    """Find where in a cell, whose incidents stand in the order of time, those since a day begin."""
    while low < high:
        middle = (low + high) // 2
        if day[order[middle]] < since:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)
def _kept(leader: NDArray[np.int64], band: NDArray[np.int64], lag: NDArray[np.float64]) -> NDArray[np.int64]:
    """Let each keep the closest of those that point at it; takes the band from the others."""
    follower = np.full(leader.size, -1, np.int64)
    for i in range(leader.size):
        j = leader[i]
        if j < 0:
            continue
        rival = follower[j]
        if rival < 0 or band[i] < band[rival] or (band[i] == band[rival] and lag[i] < lag[rival]):
            follower[j] = i
            loser = rival
        else:
            loser = i
        if loser >= 0:
            band[loser] = -1
    return follower
