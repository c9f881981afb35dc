"""
Where are there more of these incidents than of those? One density surface against another.

Question: where is the share of cases (this theme, this year) among all incidents unlike that elsewhere?
Null: which of the incidents are cases is a matter of chance, the same at all places (random labelling): a
place where there are simply many incidents, cases and controls alike, is none.
Cost: two surfaces, and for the test one more per replicate, of the incidents of the smaller group only.
References: Bithell (1991), Estimation of relative risk functions; Kelsall & Diggle (1995), Non-parametric
estimation of spatial variation in relative risk; Bowman & Azzalini (1997) for the stabilising constant.

The p-values are those of single cells. Many cells are looked at: correct for it with `hotspot.stats.fdr`
before you name a place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.cells import is_in_cells
from hotspot.stats.edge import share_at_centres
from hotspot.stats.fast_gauss import Split, fine_lattice, gaussians, room, smooth, split_of
from hotspot.stats.kernel_sums import Lattice, Sources, add_gaussian, add_quartic, on_lattice
from hotspot.stats.kernels import require_kernel
from hotspot.stats.monte_carlo import exceedances, pseudo_p_values, replicate_seeds
from hotspot.stats.permutation import deal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.cells import SquareCells
    from hotspot.stats.kernels import Kernel

Comparison: TypeAlias = Literal["ratio", "log_ratio", "difference", "sum"]
"""How two surfaces f and g become one: (f + d) / (g + d), its natural logarithm, f - g, f + g."""

STABILISER = 0.01
"""Default of alpha: a hundredth of the highest control density is added to both sides of a ratio."""

_TIE = 1e-9
"""Values that differ by less, relative to them or to 1, differ by rounding: a tie counts against the case."""


class _Surfaces(NamedTuple):
    """What all replicates share; all but the lattice as one value per kept cell."""

    lattice: Lattice
    kept: NDArray[np.bool_]
    pooled: NDArray[np.float64]
    share: NDArray[np.float64]
    observed: NDArray[np.float64]
    alpha: float


class _Narrow(NamedTuple):
    """Where and how the kernels of a replicate are spread, and the shape of that lattice."""

    split: Split
    lattice: Lattice
    shape: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class RelativeRisk:
    """
    How the cases lie compared with the controls, cell by cell.

    Parameters
    ----------
    value
        Ratio of both densities, each scaled to one incident in all; 1 where alike, shape (n_cells,).
    p_value_high
        Share of the relabelled worlds, ours counted, in which the value is at least as high, shape
        (n_cells,).
    p_value_low
        The same for at least as low, shape (n_cells,).
    replicates
        Number of relabelled worlds.
    """

    value: NDArray[np.float64]
    p_value_high: NDArray[np.float64]
    p_value_low: NDArray[np.float64]
    replicates: int


def compared(
    first: NDArray[np.float64], second: NDArray[np.float64], *, how: Comparison, alpha: float = 0.0
) -> NDArray[np.float64]:
    """
    Make one surface of two, as the dual density estimates of CrimeStat and sfhotspot do.

    Parameters
    ----------
    first, second
        Densities of the same cells in the same unit, 0 or more, shape (n,).
    how
        See `Comparison`.
    alpha
        Share of the highest value of `second` that is added to both before they are divided, 0 or more.

    Returns
    -------
    ndarray
        One value per cell, shape (n,). Without `alpha` a ratio is infinite (its logarithm minus infinity)
        where only one is 0, and NaN where both are.

    Raises
    ------
    InvalidParameter
        If `how` is unknown, `alpha` negative or the shapes differ.

    Examples
    --------
    >>> compared(np.array([4.0, 0.0]), np.array([1.0, 2.0]), how="ratio", alpha=0.5).tolist()
    [2.5, 0.3333333333333333]
    """
    if how not in get_args(Comparison):
        raise InvalidParameter(f"how must be one of {', '.join(get_args(Comparison))}, got {how!r}")
    if not 0 <= alpha < math.inf:
        raise InvalidParameter(f"alpha must be 0 or more, got {alpha}")
    if first.shape != second.shape:
        raise InvalidParameter(f"both surfaces must have one shape, got {first.shape} and {second.shape}")
    if how == "difference":
        return first - second
    if how == "sum":
        return first + second
    added = alpha * float(second.max(initial=0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: NDArray[np.float64] = (first + added) / (second + added)
        return np.log(ratio) if how == "log_ratio" else ratio


def relative_risk(
    cases_m: NDArray[np.float64],
    controls_m: NDArray[np.float64],
    cells: SquareCells,
    *,
    bandwidth_m: float,
    rng: np.random.Generator,
    kernel: Kernel = "quartic",
    alpha: float = STABILISER,
    n_permutations: int = 999,
) -> RelativeRisk:
    """
    Compare the density of cases with that of controls, and both with chance.

    Parameters
    ----------
    cases_m, controls_m
        Places in metres, at least one each, shapes (n, 2) and (m, 2).
    cells
        The study area. What lies outside is left out, and both densities are divided by the share of a kernel
        that lies inside.
    bandwidth_m
        Bandwidth of both surfaces in metres, above 0. One for both: else a difference of smoothness looks
        like one of risk.
    rng
        Source of chance.
    kernel
        Name of the kernel.
    alpha
        As for `compared`, above 0; what is added is recomputed from the controls of each replicate.
    n_permutations
        Number of relabelled worlds, 1 or more.

    Returns
    -------
    RelativeRisk
        The values and their p-values. Tolerance contours are the lines on which a p-value equals a level.

    Raises
    ------
    InvalidParameter
        If a group is empty, in the study area, or a number is out of bounds.
    """
    _require(cases_m, controls_m, bandwidth_m, kernel, alpha, n_permutations)
    cases_m, controls_m = (one[is_in_cells(cells, one)] for one in (cases_m, controls_m))
    _require(cases_m, controls_m, bandwidth_m, kernel, alpha, n_permutations)
    share = share_at_centres(cells, bandwidth_m=bandwidth_m, kernel=kernel)
    half_m = cells.side_m / 2
    lattice = Lattice(cells.west_m + half_m, cells.south_m + half_m, cells.side_m)
    sums = [_sum(one, lattice, cells, bandwidth_m, kernel) for one in (cases_m, controls_m)]
    densities = (sums[0] / share / len(cases_m), sums[1] / share / len(controls_m))
    value = compared(*densities, how="ratio", alpha=alpha)
    surfaces = _Surfaces(lattice, cells.kept, sums[0] + sums[1], share, value, float(alpha))
    pooled_m = np.ascontiguousarray(np.concatenate([cases_m, controls_m]), np.float64)
    seeds = replicate_seeds(rng, n_permutations)
    counts = _count(pooled_m, len(cases_m), surfaces, float(bandwidth_m), kernel, seeds)
    high, low = pseudo_p_values(counts, n_permutations)
    return RelativeRisk(value, high, low, n_permutations)


def tolerance_sides(risk: RelativeRisk, *, level: float) -> NDArray[np.int8]:
    """
    Tell which cells lie within a tolerance contour.

    Parameters
    ----------
    risk
        What `relative_risk` found.
    level
        Level of one side, above 0 and below 0.5.

    Returns
    -------
    ndarray
        1 where the value is high at the level, -1 where it is low, 0 elsewhere, shape (n_cells,).

    Raises
    ------
    InvalidParameter
        If the level is out of bounds.
    """
    if not 0 < level < 0.5:  # noqa: PLR2004 - both sides would overlap.
        raise InvalidParameter(f"level must be above 0 and below 0.5, got {level}")
    sides: NDArray[np.int8] = (risk.p_value_high <= level).astype(np.int8) - (risk.p_value_low <= level)
    return sides


def _require(
    cases_m: NDArray[np.float64],
    controls_m: NDArray[np.float64],
    bandwidth_m: float,
    kernel: str,
    alpha: float,
    n_permutations: int,
) -> None:
    """Check what is to be compared."""
    require_kernel(kernel)
    for name, xy_m in (("cases_m", cases_m), ("controls_m", controls_m)):
        if len(xy_m) == 0 or not np.isfinite(xy_m).all():
            raise InvalidParameter(f"{name} must hold at least one place, all finite, got {len(xy_m)} places")
    if not 0 < bandwidth_m < math.inf:
        raise InvalidParameter(f"bandwidth_m must be above 0 and finite, got {bandwidth_m}")
    # Without a constant a ratio is 0 / 0 wherever no kernel reaches, which no replicate can be compared with.
    if not 0 < alpha < math.inf:
        raise InvalidParameter(f"alpha must be above 0 and finite, got {alpha}")
    if n_permutations < 1:
        raise InvalidParameter(f"n_permutations must be 1 or more, got {n_permutations}")


def _sum(
    xy_m: NDArray[np.float64], lattice: Lattice, cells: SquareCells, bandwidth_m: float, kernel: Kernel
) -> NDArray[np.float64]:
    """Add up kernels at the centres of the kept cells."""
    sources = Sources(np.ascontiguousarray(xy_m, np.float64), np.ones(1), np.array([float(bandwidth_m)]))
    shape = (cells.kept.shape[0], cells.kept.shape[1])
    if kernel == "gaussian":
        return gaussians(sources, lattice, shape)[cells.kept]
    return on_lattice(sources, lattice, shape, kernel=kernel)[cells.kept]


def _count(
    pooled_m: NDArray[np.float64],
    n_cases: int,
    surfaces: _Surfaces,
    bandwidth_m: float,
    kernel: Kernel,
    seeds: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Count the replicates in which each cell is at least as high, and at least as low."""
    # A quartic kernel is spread as it is.
    side_m = surfaces.lattice.side_m
    split = split_of(bandwidth_m, side_m if kernel == "gaussian" else math.inf)
    shape = room(split, (surfaces.kept.shape[0], surfaces.kept.shape[1]))[0].shape
    narrow = _Narrow(split, fine_lattice(split, surfaces.lattice), (shape[0], shape[1]))

    def relabel(some: NDArray[np.uint64]) -> NDArray[np.int64]:
        counts = np.zeros((2, surfaces.observed.size), np.int64)
        _relabel(pooled_m, n_cases, surfaces, narrow, kernel == "gaussian", some, counts)
        return counts

    return exceedances(relabel, seeds)


@numba.njit(cache=True, nogil=True)
def _relabel(
    pooled_m: NDArray[np.float64],
    n_cases: int,
    surfaces: _Surfaces,
    narrow: _Narrow,
    gaussian: bool,  # noqa: FBT001 - compiled functions take arguments by position.
    seeds: NDArray[np.uint64],
    counts: NDArray[np.int64],
) -> None:
    """Draw who is a case, smooth, and compare with what was seen; for some of the replicates."""
    n = len(pooled_m)
    n_drawn = min(n_cases, n - n_cases)
    drawn_m, items = np.empty((n_drawn, 2)), np.empty(n, np.int32)
    rows, columns = surfaces.kept.shape
    total = np.empty((rows, columns))
    drawn, others = np.empty(surfaces.observed.size), np.empty(surfaces.observed.size)
    split, lattice, (fine_rows, fine_columns) = narrow
    fine, half = np.empty((fine_rows, fine_columns)), np.empty((rows, fine_columns))
    sources = Sources(drawn_m, np.ones(1), np.full(1, split.narrow_m))
    for replicate in range(seeds.size):
        deal(items, n_drawn, seeds[replicate])
        for i in range(n_drawn):
            drawn_m[i, 0], drawn_m[i, 1] = pooled_m[items[i], 0], pooled_m[items[i], 1]
        total[:] = 0.0
        if gaussian:
            fine[:] = 0.0
            add_gaussian(sources, lattice, split.reach, 0, fine_rows, fine)
            smooth(split, fine, half, 0, rows, total)
        else:
            add_quartic(sources, surfaces.lattice, 0, rows, total)
        _scale(total, surfaces, n_drawn, n - n_drawn, drawn, others)
        if n_drawn == n_cases:
            _compare(drawn, others, surfaces, counts)
        else:
            _compare(others, drawn, surfaces, counts)


@numba.njit(cache=True, nogil=True)
def _scale(
    total: NDArray[np.float64],
    surfaces: _Surfaces,
    n_drawn: int,
    n_others: int,
    drawn: NDArray[np.float64],
    others: NDArray[np.float64],
) -> None:
    """Turn the sum of those drawn into both densities; the others are what remains of all."""
    cell = 0
    rows, columns = total.shape
    for row in range(rows):
        for column in range(columns):
            if surfaces.kept[row, column]:
                here = total[row, column]
                drawn[cell] = here / surfaces.share[cell] / n_drawn
                # Rounding may leave a hair below nothing.
                others[cell] = max(surfaces.pooled[cell] - here, 0.0) / surfaces.share[cell] / n_others
                cell += 1


@numba.njit(cache=True, nogil=True)
def _compare(
    cases: NDArray[np.float64], controls: NDArray[np.float64], surfaces: _Surfaces, counts: NDArray[np.int64]
) -> None:
    """Count where a replicate is at least as high or as low as what was seen."""
    added = surfaces.alpha * controls.max()
    for cell in range(cases.size):
        seen = surfaces.observed[cell]
        value = (cases[cell] + added) / (controls[cell] + added)
        margin = _TIE * max(seen, 1.0)
        if value >= seen - margin:
            counts[0, cell] += 1
        if value <= seen + margin:
            counts[1, cell] += 1
