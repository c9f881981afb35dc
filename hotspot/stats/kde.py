"""
How many incidents per area are there about a place? A smooth surface through all incidents.

Question: what is the density of incidents here, a bandwidth around it taken together?
Null: none. A surface shows where much happens, not whether it is more than chance: test before you act on it.
Cost: `kernel_sums` and `fast_gauss` tell; a million incidents on 14,400 cells take a tenth of a second.
References: Silverman (1986), Density estimation; Diggle (1985) and Jones (1993) for the edge; Abramson (1982)
for a bandwidth of each incident's own.

The value of a cell is the density at its centre, exact to 1e-10 of the highest value (against the sum kernel
by kernel), in incidents per square metre: times 1e6 for square kilometres, times `cells.area_m2` for
incidents per cell. The sum of the latter over a study area that no kernel leaves is the number of incidents,
but for the curvature within a cell (below 0.5 % for bandwidths of three cells or more).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.cells import is_in_cells
from hotspot.stats.collapse import collapsed
from hotspot.stats.edge import share_at_centres, share_at_places
from hotspot.stats.fast_gauss import gaussians
from hotspot.stats.kernel_sums import Lattice, Sources, at_places, on_lattice
from hotspot.stats.kernels import require_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.cells import SquareCells
    from hotspot.stats.kernels import Kernel

EdgeCorrection: TypeAlias = Literal["none", "diggle", "jones"]
"""
What is done about kernels that reach beyond the study area.

`none`: nothing; incidents outside count as all others do.
`diggle`: the density at a place is divided by the share of a kernel around that place which lies inside;
right on average where incidents are spread evenly. Needs one bandwidth for all incidents.
`jones`: the kernel of each incident is divided by its own share inside, so that it adds exactly one incident
to the study area.
With either correction incidents outside the study area are left out: it says that there they were not
recorded.
"""


def kde(
    xy_m: NDArray[np.float64],
    cells: SquareCells,
    *,
    bandwidth_m: float | NDArray[np.float64],
    kernel: Kernel = "quartic",
    weights: NDArray[np.float64] | None = None,
    edge_correction: EdgeCorrection = "none",
) -> NDArray[np.float64]:
    """
    Estimate the density of incidents at the centre of each cell.

    Parameters
    ----------
    xy_m
        Places of the incidents in metres, repeated or not, shape (n, 2).
    cells
        Where the density is wanted; for an edge correction also where incidents were recorded.
    bandwidth_m
        Bandwidth in metres, above 0; for an adaptive estimate that of each incident, shape (n,).
    kernel
        `quartic`, which ends at the bandwidth, or `gaussian`, whose standard deviation it is.
    weights
        Incidents at each place, 0 or more, 1 if absent, shape (n,).
    edge_correction
        See `EdgeCorrection`.

    Returns
    -------
    ndarray
        Incidents per square metre, shape (n_cells,).

    Raises
    ------
    InvalidParameter
        If a coordinate, weight or bandwidth is out of bounds, or the correction does not fit the bandwidth.

    Examples
    --------
    >>> from hotspot.stats.cells import square_cells
    >>> one = kde(np.array([[50.0, 50.0]]), square_cells((0, 0, 200, 100), side_m=100), bandwidth_m=100)
    >>> [float(f"{value:.6g}") for value in one]
    [9.5493e-05, 0.0]
    """
    sources = _sources(xy_m, bandwidth_m, kernel, weights, edge_correction)
    if edge_correction != "none":
        sources = _within(sources, cells)
    if np.ndim(bandwidth_m) == 0:
        sources = collapsed(sources)
    if edge_correction == "jones":
        sources = _by_own_share(sources, cells, kernel)
    half_m = cells.side_m / 2
    lattice = Lattice(cells.west_m + half_m, cells.south_m + half_m, cells.side_m)
    shape = (cells.kept.shape[0], cells.kept.shape[1])
    if kernel == "gaussian" and sources.bandwidth_m.size == 1 and len(sources.xy_m) > 1:
        density = gaussians(sources, lattice, shape)[cells.kept]
    else:
        density = on_lattice(sources, lattice, shape, kernel=kernel)[cells.kept]
    if edge_correction == "diggle":
        density /= share_at_centres(cells, bandwidth_m=float(sources.bandwidth_m[0]), kernel=kernel)
    return density


def kde_at(
    xy_m: NDArray[np.float64],
    at_m: NDArray[np.float64],
    *,
    bandwidth_m: float | NDArray[np.float64],
    kernel: Kernel = "quartic",
    weights: NDArray[np.float64] | None = None,
    edge_correction: EdgeCorrection = "none",
    study_area: SquareCells | None = None,
) -> NDArray[np.float64]:
    """
    Estimate the density of incidents at any places.

    Parameters
    ----------
    xy_m
        Places of the incidents in metres, shape (n, 2).
    at_m
        Where the density is wanted, in metres, shape (m, 2).
    bandwidth_m, kernel, weights, edge_correction
        As for `kde`.
    study_area
        Where incidents were recorded; an edge correction needs it.

    Returns
    -------
    ndarray
        Incidents per square metre, NaN outside the study area where the edge is corrected, shape (m,).

    Raises
    ------
    InvalidParameter
        As for `kde`, or if an edge is to be corrected and there is no study area.

    Examples
    --------
    >>> at_m = np.array([[50.0, 0.0], [100.0, 0.0]])
    >>> [float(f"{value:.6g}") for value in kde_at(np.zeros((1, 2)), at_m, bandwidth_m=100)]
    [5.37148e-05, 0.0]
    """
    sources = _sources(xy_m, bandwidth_m, kernel, weights, edge_correction)
    at_m = _places(at_m, "at_m")
    if edge_correction == "none":
        return at_places(sources, at_m, kernel=kernel)
    if study_area is None:
        raise InvalidParameter(f"edge_correction {edge_correction!r} needs a study_area, got none")
    sources = _within(sources, study_area)
    if edge_correction == "jones":
        sources = _by_own_share(sources, study_area, kernel)
    inside = is_in_cells(study_area, at_m)
    density = np.full(len(at_m), np.nan)
    density[inside] = at_places(sources, at_m[inside], kernel=kernel)
    if edge_correction == "diggle":
        bandwidth = sources.bandwidth_m
        density[inside] /= share_at_places(study_area, at_m[inside], bandwidth_m=bandwidth, kernel=kernel)
    return density


def _sources(
    xy_m: NDArray[np.float64],
    bandwidth_m: float | NDArray[np.float64],
    kernel: Kernel,
    weights: NDArray[np.float64] | None,
    edge_correction: EdgeCorrection,
) -> Sources:
    """Check what is to be spread."""
    require_kernel(kernel)
    places = _places(xy_m, "xy_m")
    bandwidth = np.atleast_1d(np.ascontiguousarray(bandwidth_m, np.float64))
    if np.ndim(bandwidth_m) > 0 and bandwidth.shape != (len(places),):
        raise InvalidParameter(
            f"bandwidth_m must be one number or {len(places)}, got shape {bandwidth.shape}"
        )
    if not (np.isfinite(bandwidth) & (bandwidth > 0)).all():
        raise InvalidParameter(
            f"bandwidth_m must be above 0 and finite, got {bandwidth.min(initial=np.inf)} at least"
        )
    weight = np.ones(1) if weights is None else np.ascontiguousarray(weights, np.float64)
    if weights is not None and weight.shape != (len(places),):
        raise InvalidParameter(f"weights must be {len(places)} numbers, got shape {weight.shape}")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise InvalidParameter(f"weights must be 0 or more and finite, got {weight.min()} at least")
    if edge_correction not in {"none", "diggle", "jones"}:
        raise InvalidParameter(f"edge_correction must be none, diggle or jones, got {edge_correction!r}")
    if edge_correction == "diggle" and np.ndim(bandwidth_m) > 0:
        raise InvalidParameter("edge_correction 'diggle' needs one bandwidth for all incidents, use 'jones'")
    return Sources(places, weight, bandwidth)


def _places(xy_m: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Check coordinates."""
    places = np.ascontiguousarray(xy_m, np.float64)
    if places.ndim != 2 or places.shape[1] != 2:  # noqa: PLR2004 - x and y.
        raise InvalidParameter(f"{name} must have the shape (n, 2), got {places.shape}")
    if not np.isfinite(places).all():
        raise InvalidParameter(
            f"{name} must be finite, got {np.count_nonzero(~np.isfinite(places))} that are not"
        )
    return places


def _within(sources: Sources, cells: SquareCells) -> Sources:
    """Leave out the incidents outside the study area."""
    inside = is_in_cells(cells, sources.xy_m)
    if inside.all():
        return sources
    weight = sources.weight if sources.weight.size == 1 else sources.weight[inside]
    bandwidth = sources.bandwidth_m if sources.bandwidth_m.size == 1 else sources.bandwidth_m[inside]
    return Sources(sources.xy_m[inside], weight, bandwidth)


def _by_own_share(sources: Sources, cells: SquareCells, kernel: Kernel) -> Sources:
    """Divide each incident by the share of its kernel in the study area."""
    share = share_at_places(cells, sources.xy_m, bandwidth_m=sources.bandwidth_m, kernel=kernel)
    return Sources(sources.xy_m, sources.weight / share, sources.bandwidth_m)
