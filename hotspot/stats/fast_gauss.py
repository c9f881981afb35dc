"""
The sum of very many Gaussians on a grid: the same answer to ten digits, at a price that no bandwidth raises.

A Gaussian is a narrow Gaussian smoothed by another. So each incident is spread narrowly, over some 16 by 16
points of a fine lattice, and the lattice is smoothed once for all of them, first across the rows and then
along them. Adding up over a lattice in place of integrating changes a Gaussian by at most exp(-2 pi**2 t**2)
on either side, where t**2 = a**2 b**2 / (a**2 + b**2) in steps of the lattice (Poisson's summation formula);
the narrow width a is the least for which that is below the tolerance.

Where cells hold many incidents each, `hotspot.stats.gauss_series` is shorter still, and is used.

Cost: 250 multiplications per incident, and a hundred or so per cell.
References: Dutt & Rokhlin (1993), Fast Fourier transforms for nonequispaced data, for the narrow spreading;
Trefethen & Weideman (2014), The exponentially convergent trapezoidal rule, for its error.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.gauss_series import add_series, terms_of
from hotspot.stats.kernel_sums import MOST_THREADS, Lattice, Sources, add_gaussian, row_bands
from hotspot.stats.kernels import GAUSSIAN_REACH
from hotspot.stats.threads import by_rows, in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-10
"""Largest error, relative to the highest density."""

_STEPS_PER_BANDWIDTH = 2.5
"""The lattice is at least so fine; at about 2.2 steps no narrow width would do."""

_CELL_COST, _NARROW_COST = 1.5, 650.0
"""Time for a multiplication of the series per cell, and a narrow Gaussian, by that for one per incident."""

_NARROW_REACH = 6.75
"""Bandwidths at which the narrow Gaussian is cut off: 1.5e-11 of it lie beyond."""


class Split(NamedTuple):
    """
    How the Gaussians of one bandwidth are taken apart.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    step
        Lattice points per side of a cell.
    pad
        Lattice points around the grid; 0 when the direct sum is shorter and nothing is taken apart.
    narrow_m
        Bandwidth with which incidents are spread.
    reach
        Where that is cut off, in bandwidths.
    wave
        The other Gaussian at the lattice points about its middle, shape (2 * pad + 1,).
    """

    step: int
    pad: int
    narrow_m: float
    reach: float
    wave: NDArray[np.float64]


def gaussians(sources: Sources, lattice: Lattice, shape: tuple[int, int]) -> NDArray[np.float64]:
    """
    Add up Gaussians of one bandwidth at the centres of a grid.

    Parameters
    ----------
    sources
        What is spread; one bandwidth for all.
    lattice
        Where the centres are.
    shape
        Rows and columns.

    Returns
    -------
    ndarray
        Incidents per square metre, southern row first, shape `shape`.
    """
    total = np.zeros(shape)
    if _is_series_shorter(len(sources.xy_m), shape, float(sources.bandwidth_m[0]) / lattice.side_m):
        # What lies outside the grid but in reach is little, and is no part of any cell.
        inside = _is_inside(sources.xy_m, lattice, shape)
        if not inside.all():
            _add_split(_chosen(sources, ~inside), lattice, total)
            sources = _chosen(sources, inside)
        add_series(sources, lattice, total)
    else:
        _add_split(sources, lattice, total)
    return total


def _is_series_shorter(n: int, shape: tuple[int, int], spread: float) -> bool:
    """Compare the multiplications of the series and of the narrow Gaussians; bandwidth in cells."""
    if spread <= 1:
        return False
    terms = terms_of(spread)
    moments = terms * (terms + 1) / 2
    per_cell = moments * (2 * GAUSSIAN_REACH * spread + 1)
    return n * (moments + 20) + shape[0] * shape[1] * per_cell * _CELL_COST < n * _NARROW_COST


def _is_inside(xy_m: NDArray[np.float64], lattice: Lattice, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell which places lie in a cell of the grid."""
    # In cells, from the south-western corner of the grid.
    across = (xy_m[:, 0] - lattice.west_m) / lattice.side_m + 0.5
    up = (xy_m[:, 1] - lattice.south_m) / lattice.side_m + 0.5
    inside: NDArray[np.bool_] = (across >= 0) & (across < shape[1]) & (up >= 0) & (up < shape[0])
    return inside


def _chosen(sources: Sources, wanted: NDArray[np.bool_]) -> Sources:
    """Take some of the incidents; one bandwidth for all."""
    weight = sources.weight if sources.weight.size == 1 else sources.weight[wanted]
    return Sources(sources.xy_m[wanted], weight, sources.bandwidth_m)


def _add_split(sources: Sources, lattice: Lattice, total: NDArray[np.float64]) -> None:
    """Spread narrowly, then smooth."""
    shape = (total.shape[0], total.shape[1])
    split = split_of(float(sources.bandwidth_m[0]), lattice.side_m)
    fine, half = room(split, shape)
    narrow = Sources(sources.xy_m, sources.weight, np.array([split.narrow_m]))
    _spread(narrow, fine_lattice(split, lattice), split.reach, fine)

    def smooth_rows(first: int, end: int) -> None:
        smooth(split, fine, half, first, end, total)

    by_rows(smooth_rows, shape[0], least=1, most=MOST_THREADS)


def split_of(bandwidth_m: float, side_m: float) -> Split:
    """
    Decide how to take a bandwidth apart.

    Parameters
    ----------
    bandwidth_m
        The bandwidth, above 0.
    side_m
        Side of a cell.

    Returns
    -------
    Split
        How.
    """
    if bandwidth_m <= side_m:
        return Split(1, 0, bandwidth_m, GAUSSIAN_REACH, np.ones(1))
    step = math.ceil(_STEPS_PER_BANDWIDTH * side_m / bandwidth_m)
    spread = bandwidth_m * step / side_m
    # The lesser root of a**2 (1 - a**2 / spread**2) = t**2.
    least = math.log(4.0 / TOLERANCE) / (2.0 * math.pi**2)
    narrow = 0.5 * spread**2 * (1.0 - math.sqrt(1.0 - 4.0 * least / spread**2))
    wide = math.sqrt(spread**2 - narrow)
    pad = math.ceil(GAUSSIAN_REACH * wide)
    away = np.arange(-pad, pad + 1) / wide
    wave = np.exp(-0.5 * away * away) / (math.sqrt(2.0 * math.pi) * wide)
    # Both passes together scale by the area that a lattice point stands for.
    return Split(step, pad, math.sqrt(narrow) * side_m / step, _NARROW_REACH, wave)


def fine_lattice(split: Split, lattice: Lattice) -> Lattice:
    """
    Lay the fine lattice, of which every `step`-th point within the padding is a centre.

    Parameters
    ----------
    split
        How the Gaussians are taken apart.
    lattice
        Where the centres are.

    Returns
    -------
    Lattice
        Where its points are.
    """
    fine_m = lattice.side_m / split.step
    return Lattice(lattice.west_m - split.pad * fine_m, lattice.south_m - split.pad * fine_m, fine_m)


def room(split: Split, shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Make room for the fine lattice, and for it when it is smoothed across the rows.

    Parameters
    ----------
    split
        How the Gaussians are taken apart.
    shape
        Rows and columns of the grid.

    Returns
    -------
    fine
        Zeros, shape (rows and padding, columns and padding).
    half
        Anything, shape (rows, columns and padding).
    """
    rows, columns = ((size - 1) * split.step + 1 + 2 * split.pad for size in shape)
    return np.zeros((rows, columns)), np.empty((shape[0], columns))


def _spread(sources: Sources, lattice: Lattice, reach: float, total: NDArray[np.float64]) -> None:
    """Add Gaussians incident by incident, rows shared between the threads."""
    in_threads(
        lambda band: add_gaussian(sources, lattice, reach, *band, total),
        row_bands(sources.xy_m, lattice, total.shape[0]),
    )


@numba.njit(cache=True, nogil=True)
def smooth(
    split: Split,
    fine: NDArray[np.float64],
    half: NDArray[np.float64],
    first_row: int,
    end_row: int,
    total: NDArray[np.float64],
) -> None:
    """
    Smooth the fine lattice at the centres of some rows of the grid.

    Parameters
    ----------
    split
        How the Gaussians are taken apart.
    fine
        What was spread narrowly.
    half
        Room for the same smoothed across the rows.
    first_row, end_row
        The rows that change.
    total
        The sums, changed in place, shape (rows, columns).
    """
    step, wave = split.step, split.wave
    for row in range(first_row, end_row):
        for column in range(fine.shape[1]):
            half[row, column] = 0.0
        for k in range(wave.size):
            height = wave[k]
            for column in range(fine.shape[1]):
                half[row, column] += height * fine[row * step + k, column]
        for k in range(wave.size):
            height = wave[k]
            for column in range(total.shape[1]):
                total[row, column] += height * half[row, column * step + k]
