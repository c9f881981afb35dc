"""
The sum of Gaussians where cells hold many incidents each: a series in their places within the cell.

What all incidents of one cell do to a distant cell centre is a series of Hermite functions of the distance
times moments of their positions within the cell. The moments are taken once per cell, and then the cells are
spread instead of the incidents: first along the rows, then across them.

The series is cut off where what is left out is below `TOLERANCE` of a kernel's peak per incident and falls
off with the distance as a Gaussian 1.4 times as wide does; the sum of such errors is at most twice that share
of the highest density.

Cost: 66 multiplications per incident and 3,500 per cell, for a bandwidth of three cells.
Reference: Greengard & Strain (1991), The fast Gauss transform.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.kernel_sums import MOST_THREADS, Lattice, Sources
from hotspot.stats.kernels import GAUSSIAN_REACH
from hotspot.stats.threads import balanced_parts, by_rows, in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-10
"""Largest error per incident, as a share of the kernel's peak."""

_CRAMER = 1.0866
"""Cramer's bound: He_n(x) exp(-x**2 / 4) is at most this times the root of n factorial."""

_MOST_TERMS = 48
"""Terms beyond these add nothing to the bound where a cell is no wider than a bandwidth."""


class _Series(NamedTuple):
    """The series of a bandwidth; `wave[j, k]` is the j-th function at k - reach cells, by j factorial."""

    terms: int
    reach: int
    wave: NDArray[np.float64]


class _Sorted(NamedTuple):
    """Incidents by cell: their offsets from its centre in bandwidths, and their weights."""

    start: NDArray[np.int64]
    across: NDArray[np.float64]
    up: NDArray[np.float64]
    weight: NDArray[np.float64]


def add_series(sources: Sources, lattice: Lattice, total: NDArray[np.float64]) -> None:
    """
    Add Gaussians of one bandwidth at the centres of a grid.

    Parameters
    ----------
    sources
        What is spread, each place in a cell of the grid; one bandwidth for all, no less than a cell's side.
    lattice
        Where the centres are.
    total
        The sums, changed in place, shape (rows, columns).
    """
    rows, columns = total.shape
    spread = float(sources.bandwidth_m[0]) / lattice.side_m
    series, found = _series(spread, terms_of(spread)), _sort(sources, lattice, rows, columns)
    along = np.zeros((rows, series.terms, columns))
    # As many incidents in each part: rows differ in what they hold.
    in_threads(
        lambda part: _spread_along_rows(found, series, *part, along),
        balanced_parts(found.start[::columns], least=1, most=MOST_THREADS),
    )
    by_rows(
        lambda first, end: _spread_across_rows(series, first, end, along, total),
        rows,
        least=1,
        most=MOST_THREADS,
    )


def terms_of(spread: float) -> int:
    """
    Count the terms that the tolerance needs.

    Parameters
    ----------
    spread
        Bandwidth in cells, at least 1.

    Returns
    -------
    int
        At least 1; the moments are half its square.
    """
    left_out = 0.0
    for term in range(_MOST_TERMS, 0, -1):
        mixed = sum(1.0 / math.sqrt(math.factorial(j) * math.factorial(term - j)) for j in range(term + 1))
        left_out += _CRAMER**2 * (0.5 / spread) ** term * mixed
        if left_out > TOLERANCE:
            return term + 1
    return 1


def _series(spread: float, terms: int) -> _Series:
    """Tabulate the Hermite functions; the bandwidth is given in cells."""
    reach = math.ceil(GAUSSIAN_REACH * spread)
    x = np.arange(-reach, reach + 1) / spread
    wave = np.empty((terms, x.size))
    wave[0] = np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    for j in range(1, terms):
        wave[j] = (x * wave[j - 1] - (wave[j - 2] if j > 1 else 0.0)) / j
    return _Series(terms, reach, wave)


def _sort(sources: Sources, lattice: Lattice, rows: int, columns: int) -> _Sorted:
    """Sort the incidents by cell, by counting."""
    n = len(sources.xy_m)
    start = np.zeros(rows * columns + 1, np.int64)
    cell = _cells(sources.xy_m, lattice, rows, columns, start)
    found = _Sorted(start, np.empty(n), np.empty(n), np.empty(n))
    _fill(sources, lattice, columns, cell, found)
    return found


@numba.njit(cache=True, nogil=True)
def _cells(
    xy_m: NDArray[np.float64], lattice: Lattice, rows: int, columns: int, start: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Find the cell of each incident, and where the incidents of each cell begin when sorted."""
    cell = np.empty(len(xy_m), np.int32)
    per_m = 1.0 / lattice.side_m
    for i in range(len(xy_m)):
        across = int((xy_m[i, 0] - lattice.west_m) * per_m + 0.5)
        up = int((xy_m[i, 1] - lattice.south_m) * per_m + 0.5)
        cell[i] = min(up, rows - 1) * columns + min(across, columns - 1)
        start[cell[i] + 1] += 1
    for c in range(start.size - 1):
        start[c + 1] += start[c]
    return cell


@numba.njit(cache=True, nogil=True)
def _fill(sources: Sources, lattice: Lattice, columns: int, cell: NDArray[np.int32], found: _Sorted) -> None:
    """Put the incidents in the order of their cells."""
    xy_m, weight, bandwidth_m = sources
    per_cell, per_m = lattice.side_m / bandwidth_m[0], 1.0 / lattice.side_m
    height = 1.0 / (bandwidth_m[0] * bandwidth_m[0])
    free = found.start.copy()
    for i in range(len(xy_m)):
        position = free[cell[i]]
        free[cell[i]] += 1
        row = cell[i] // columns
        across = (xy_m[i, 0] - lattice.west_m) * per_m - (cell[i] - row * columns)
        found.across[position] = across * per_cell
        found.up[position] = ((xy_m[i, 1] - lattice.south_m) * per_m - row) * per_cell
        found.weight[position] = height * (weight[i] if weight.size > 1 else weight[0])


@numba.njit(cache=True, nogil=True)
def _take_moments(
    found: _Sorted, cell: int, powers: NDArray[np.float64], moment: NDArray[np.float64]
) -> None:
    """Add up weight * across**j * up**k over the incidents of a cell, for j + k below the number of terms."""
    terms = powers.size
    moment[:] = 0.0
    for i in range(found.start[cell], found.start[cell + 1]):
        power = 1.0
        for k in range(terms):
            powers[k] = power
            power *= found.up[i]
        power = found.weight[i]
        for j in range(terms):
            for k in range(terms - j):
                moment[j, k] += power * powers[k]
            power *= found.across[i]


@numba.njit(cache=True, nogil=True)
def _spread_along_rows(
    found: _Sorted, series: _Series, first_row: int, end_row: int, along: NDArray[np.float64]
) -> None:
    """Take the moments of the cells of some rows, and spread each row along itself."""
    terms, reach, wave = series
    columns = along.shape[2]
    powers, moment = np.empty(terms), np.empty((terms, terms))
    # The moments of a row, with nothing on either side so that no column is special.
    held = np.zeros((terms, terms, columns + 2 * reach))
    for row in range(first_row, end_row):
        if found.start[row * columns] == found.start[(row + 1) * columns]:
            continue
        for column in range(columns):
            _take_moments(found, row * columns + column, powers, moment)
            for j in range(terms):
                for k in range(terms - j):
                    held[k, j, column + reach] = moment[j, k]
        for k in range(terms):
            for j in range(terms - k):
                for away in range(2 * reach + 1):
                    height, shift = wave[j, away], 2 * reach - away
                    for column in range(columns):
                        along[row, k, column] += height * held[k, j, column + shift]


@numba.njit(cache=True, nogil=True)
def _spread_across_rows(
    series: _Series, first_row: int, end_row: int, along: NDArray[np.float64], total: NDArray[np.float64]
) -> None:
    """Spread what the rows hold over some rows of the grid."""
    terms, reach, wave = series
    rows, _, columns = along.shape
    for row in range(first_row, end_row):
        for source in range(max(row - reach, 0), min(row + reach, rows - 1) + 1):
            for k in range(terms):
                height = wave[k, row - source + reach]
                for column in range(columns):
                    total[row, column] += height * along[source, k, column]
