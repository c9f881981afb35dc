"""
The sum of many kernels, on a grid and at places: what every smoothed surface is made of.

On a grid each incident adds its kernel to the few cell centres in its reach; two threads have rows of their
own and see the incidents in the same order, so that their number does not change a single digit. At places
the incidents are put into bins as wide as the reach, and each place looks at nine of them.

Cost: on a grid the incidents times the cells in reach (49 for a quartic of three cells, 2,300 for such a
Gaussian; `hotspot.stats.fast_gauss` has a cheaper way); at places the pairs of a place and an incident in
reach.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.kernels import GAUSSIAN_REACH, gaussian_value, quartic_value
from hotspot.stats.threads import by_rows, in_threads, thread_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.kernels import Kernel

MOST_THREADS = 8
"""Threads that share the rows of a grid at most: each looks at all incidents."""

PLACES_WORTH_A_THREAD = 1_000
"""Places below which starting a thread costs more than it saves."""

_WORTH_A_THREAD = 20_000
"""The same for incidents on a grid."""


class Lattice(NamedTuple):
    """
    Centres of square cells, kept or not.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    west_m, south_m
        Centre of the south-western cell.
    side_m
        Distance between centres.
    """

    west_m: float
    south_m: float
    side_m: float


class Sources(NamedTuple):
    """
    What is spread: incidents with weights and bandwidths.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    weight
        Incidents at each place, shape (n,), or shape (1,) when all have the same.
    bandwidth_m
        Bandwidth of each, shape (n,), or shape (1,) when all have the same.
    """

    xy_m: NDArray[np.float64]
    weight: NDArray[np.float64]
    bandwidth_m: NDArray[np.float64]


class _Bins(NamedTuple):
    """Incidents sorted into square bins: those of bin b are `source[start[b]:start[b + 1]]`."""

    west_m: float
    south_m: float
    side_m: float
    columns: int
    rows: int
    start: NDArray[np.int64]
    source: NDArray[np.int64]


def on_lattice(
    sources: Sources, lattice: Lattice, shape: tuple[int, int], *, kernel: Kernel
) -> NDArray[np.float64]:
    """
    Add up the kernels at the centres of a grid.

    Parameters
    ----------
    sources
        What is spread.
    lattice
        Where the centres are.
    shape
        Rows and columns.
    kernel
        Name of the kernel.

    Returns
    -------
    ndarray
        Incidents per square metre, southern row first, shape `shape`.
    """
    total = np.zeros(shape)

    def spread(band: tuple[int, int]) -> None:
        first_row, end_row = band
        if kernel == "quartic":
            add_quartic(sources, lattice, first_row, end_row, total)
        else:
            add_gaussian(sources, lattice, GAUSSIAN_REACH, first_row, end_row, total)

    in_threads(spread, row_bands(sources.xy_m, lattice, shape[0]))
    return total


def row_bands(xy_m: NDArray[np.float64], lattice: Lattice, rows: int) -> list[tuple[int, int]]:
    """
    Divide the rows of a grid so that each thread has about as many incidents.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2).
    lattice
        Where the centres are.
    rows
        Number of rows.

    Returns
    -------
    list
        First row and end of each band.
    """
    threads = min(thread_count(), MOST_THREADS)
    if len(xy_m) < _WORTH_A_THREAD or threads == 1:
        return [(0, rows)]
    # A sample of the incidents is enough to balance the load.
    up = (xy_m[:: len(xy_m) // 5_000, 1] - lattice.south_m) / lattice.side_m
    inner = np.clip(np.round(np.quantile(up, np.arange(1, threads) / threads)), 0, rows)
    return list(pairwise([0, *inner.astype(int).tolist(), rows]))


@numba.njit(cache=True, nogil=True)
def add_quartic(
    sources: Sources, lattice: Lattice, first_row: int, end_row: int, total: NDArray[np.float64]
) -> None:
    """
    Add quartic kernels to some rows of a grid.

    Parameters
    ----------
    sources
        What is spread.
    lattice
        Where the centres are.
    first_row, end_row
        The rows that change.
    total
        The sums, changed in place, shape (rows, columns).
    """
    xy_m, weight, bandwidth_m = sources
    per_m, columns = 1.0 / lattice.side_m, total.shape[1]
    reach, shrink, peak = 0.0, 0.0, 0.0
    for i in range(len(xy_m)):
        if i == 0 or bandwidth_m.size > 1:
            reach = bandwidth_m[i] * per_m
            shrink = 1.0 / (reach * reach)
            peak = 3.0 / (math.pi * bandwidth_m[i] * bandwidth_m[i])
        across, up = (xy_m[i, 0] - lattice.west_m) * per_m, (xy_m[i, 1] - lattice.south_m) * per_m
        # The whole square around the disc: cheaper than finding where the circle passes each row.
        low, high = max(math.ceil(up - reach), first_row), min(math.floor(up + reach), end_row - 1)
        first, last = max(math.ceil(across - reach), 0), min(math.floor(across + reach), columns - 1)
        height = peak * (weight[i] if weight.size > 1 else weight[0])
        for row in range(low, high + 1):
            left = 1.0 - (row - up) * (row - up) * shrink
            for column in range(first, last + 1):
                inside = max(left - (column - across) * (column - across) * shrink, 0.0)
                total[row, column] += height * inside * inside


@numba.njit(cache=True, nogil=True)
def add_gaussian(
    sources: Sources,
    lattice: Lattice,
    reach: float,
    first_row: int,
    end_row: int,
    total: NDArray[np.float64],
) -> None:
    """
    Add Gaussian kernels to some rows of a grid.

    Parameters
    ----------
    sources
        What is spread.
    lattice
        Where the centres are.
    reach
        Where the kernels are cut off, in bandwidths.
    first_row, end_row
        The rows that change.
    total
        The sums, changed in place, shape (rows, columns).
    """
    xy_m, weight, bandwidth_m = sources
    column_share, row_share = np.empty(total.shape[1]), np.empty(total.shape[0])
    per_m, columns = 1.0 / lattice.side_m, total.shape[1]
    wide, shrink, constant, peak = 0.0, 0.0, 0.0, 0.0
    for i in range(len(xy_m)):
        if i == 0 or bandwidth_m.size > 1:
            wide = reach * bandwidth_m[i] * per_m
            shrink = 1.0 / (bandwidth_m[i] * per_m * bandwidth_m[i] * per_m)
            constant = math.exp(-shrink)
            peak = 1.0 / (2.0 * math.pi * bandwidth_m[i] * bandwidth_m[i])
        across, up = (xy_m[i, 0] - lattice.west_m) * per_m, (xy_m[i, 1] - lattice.south_m) * per_m
        low, high = max(math.ceil(up - wide), 0), min(math.floor(up + wide), len(total) - 1)
        first, last = max(math.ceil(across - wide), 0), min(math.floor(across + wide), columns - 1)
        if max(low, first_row) > min(high, end_row - 1) or first > last:
            continue
        # All rows in reach, whatever the band, so that rounding does not depend on it.
        _bell(column_share, across, first, last, shrink, constant)
        _bell(row_share, up, low, high, shrink, constant)
        here = peak * (weight[i] if weight.size > 1 else weight[0])
        for row in range(max(low, first_row), min(high, end_row - 1) + 1):
            height = here * row_share[row]
            for column in range(first, last + 1):
                total[row, column] += height * column_share[column]


@numba.njit(cache=True, nogil=True)
def _bell(
    share: NDArray[np.float64], middle: float, first: int, last: int, shrink: float, constant: float
) -> None:
    """Fill in exp(-shrink * (k - middle)**2 / 2) for k from first to last with two exponentials."""
    start = min(max(round(middle), first), last)
    # Each step multiplies by a factor that itself shrinks by a constant, exp(-shrink): outwards, so that
    # nothing underflows before its time.
    away = start - middle
    upward = math.exp(-0.5 * shrink * away * away)
    value = upward
    factor = math.exp(-shrink * (away + 0.5))
    # Downwards the first factor is exp(shrink * (away - 0.5)).
    back = math.exp(shrink * (away - 0.5)) if factor == 0.0 else constant / factor
    for k in range(start, last + 1):
        share[k] = upward
        upward *= factor
        factor *= constant
    for k in range(start, first - 1, -1):
        share[k] = value
        value *= back
        back *= constant


def at_places(
    sources: Sources, at_m: NDArray[np.float64], *, kernel: Kernel, skip_place: bool = False
) -> NDArray[np.float64]:
    """
    Add up the kernels at places.

    Parameters
    ----------
    sources
        What is spread.
    at_m
        Where the sum is wanted, in metres, shape (m, 2).
    kernel
        Name of the kernel.
    skip_place
        Leave out incidents at the very coordinates of the place.

    Returns
    -------
    ndarray
        Incidents per square metre, shape (m,).
    """
    total = np.zeros(len(at_m))
    if len(at_m) == 0 or len(sources.xy_m) == 0:
        return total
    reach_m = float(sources.bandwidth_m.max()) * (GAUSSIAN_REACH if kernel == "gaussian" else 1.0)
    bins = _bins(sources.xy_m, reach_m)

    def gather(first: int, end: int) -> None:
        _gather(sources, at_m, bins, (first, end), kernel == "gaussian", skip_place, total)

    by_rows(gather, len(at_m), least=PLACES_WORTH_A_THREAD, most=MOST_THREADS)
    return total


def _bins(xy_m: NDArray[np.float64], reach_m: float) -> _Bins:
    """Sort incidents into bins that are as wide as the reach, but no more bins than incidents."""
    west_m, south_m = (float(value) for value in xy_m.min(axis=0))
    width_m, height_m = (float(value) for value in np.ptp(xy_m, axis=0))
    side_m = max(reach_m, math.sqrt(width_m * height_m / len(xy_m)), max(width_m, height_m) / len(xy_m))
    columns, rows = int(width_m // side_m) + 1, int(height_m // side_m) + 1
    across = ((xy_m[:, 0] - west_m) // side_m).astype(np.int64)
    up = ((xy_m[:, 1] - south_m) // side_m).astype(np.int64)
    number = np.minimum(up, rows - 1) * columns + np.minimum(across, columns - 1)
    start = np.zeros(rows * columns + 1, np.int64)
    np.cumsum(np.bincount(number, minlength=rows * columns), out=start[1:])
    return _Bins(west_m, south_m, side_m, columns, rows, start, np.argsort(number, kind="stable"))


@numba.njit(cache=True, nogil=True)
def _gather(
    sources: Sources,
    at_m: NDArray[np.float64],
    bins: _Bins,
    part: tuple[int, int],
    gaussian: bool,  # noqa: FBT001 - compiled functions take arguments by position.
    skip_place: bool,  # noqa: FBT001 - as above.
    total: NDArray[np.float64],
) -> None:
    """Add up the kernels at some of the places."""
    xy_m, weight, bandwidth_m = sources
    for i in range(part[0], part[1]):
        x, y = at_m[i, 0], at_m[i, 1]
        across = int(max(min((x - bins.west_m) // bins.side_m, bins.columns + 1.0), -2.0))
        up = int(max(min((y - bins.south_m) // bins.side_m, bins.rows + 1.0), -2.0))
        first, last = max(across - 1, 0), min(across + 1, bins.columns - 1)
        found = 0.0
        if first > last:
            continue
        for row in range(max(up - 1, 0), min(up + 1, bins.rows - 1) + 1):
            for position in range(
                bins.start[row * bins.columns + first], bins.start[row * bins.columns + last + 1]
            ):
                j = bins.source[position]
                dx, dy = xy_m[j, 0] - x, xy_m[j, 1] - y
                if skip_place and dx == 0.0 and dy == 0.0:
                    continue
                w = weight[j] if weight.size > 1 else weight[0]
                bandwidth = bandwidth_m[j] if bandwidth_m.size > 1 else bandwidth_m[0]
                squared_m2 = dx * dx + dy * dy
                if gaussian:
                    found += w * gaussian_value(squared_m2, bandwidth)
                else:
                    found += w * quartic_value(squared_m2, bandwidth)
        total[i] = found
