"""
How far should one incident count? Rules for the bandwidth of a density surface.

Question: which bandwidth shows what is there and not the noise?
Null: none. No rule knows the question that the surface is for; practice in cities is 150 m to 300 m, fixed,
so that weeks can be compared.
Cost: sorting for the rules of thumb; all pairs in reach, for each candidate, for the cross-validation.
References: Scott (1992), Multivariate density estimation; Silverman (1986), section 4.3; Venables & Ripley
(2002), Modern applied statistics with S (`bandwidth.nrd`); Abramson (1982), On bandwidth variation in kernel
estimates; Loader (1999), Bandwidth selection: classical or plug-in?

The rules of thumb take the data for one normal hump, which no city is: they smooth too much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from hotspot.errors import InvalidParameter
from hotspot.stats.kernel_sums import Sources, at_places
from hotspot.stats.kernels import gaussian_value, quartic_value, require_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.kernels import Kernel

_NORMAL_QUARTILES = 1.34
"""Quartiles of a normal distribution are this many standard deviations apart (Silverman 1986, 3.28)."""

_NRD_FACTOR = 4 * 1.06
"""MASS gives four standard deviations of the kernel, since its kernels are four of them wide."""


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodCrossValidation:
    """
    How well each bandwidth foretells an incident from all others.

    Parameters
    ----------
    bandwidth_m
        The best candidate; of equally good ones the smallest.
    candidates_m
        The candidates, ascending, shape (k,).
    log_likelihood
        Sum of the log density of each incident without itself; minus infinity where a kernel reaches nobody
        else, shape (k,).
    """

    bandwidth_m: float
    candidates_m: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]


def scott_m(xy_m: NDArray[np.float64]) -> float:
    """
    Apply Scott's rule in two dimensions: standard deviation times n to the power of -1/6.

    Silverman's rule has the factor (4 / (d + 2))**(1 / (d + 4)), which is 1 in two dimensions: they are one.

    Parameters
    ----------
    xy_m
        Places in metres, two or more, not all at one, shape (n, 2).

    Returns
    -------
    float
        Standard deviation of a Gaussian kernel in metres. The data's is the root of the mean of both axes'
        variances (divisor n - 1), which does not change when the map is turned.

    Raises
    ------
    InvalidParameter
        If the places have no spread.

    Examples
    --------
    >>> round(scott_m(np.array([[0.0, 0.0], [0.0, 200.0], [200.0, 0.0], [200.0, 200.0]])), 4)
    91.6486
    """
    _require_spread(xy_m)
    return math.sqrt(float(xy_m.var(axis=0, ddof=1).mean())) * float(len(xy_m) ** (-1 / 6))


def silverman_m(xy_m: NDArray[np.float64]) -> float:
    """
    Apply Silverman's rule, in two dimensions the same as `scott_m`.

    Parameters
    ----------
    xy_m
        As for `scott_m`.

    Returns
    -------
    float
        As from `scott_m`.
    """
    return scott_m(xy_m)


def normal_reference_m(values_m: NDArray[np.float64]) -> float:
    """
    Apply `bandwidth.nrd` of R's MASS to one coordinate.

    Parameters
    ----------
    values_m
        One coordinate of each place in metres, two or more, shape (n,).

    Returns
    -------
    float
        4 * 1.06 * min(sd, interquartile range / 1.34) * n**(-1/5) in metres, 0 or more. The factor 4 is there
        because MASS divides by it again: a Gaussian takes a quarter of this as its standard deviation.

    Raises
    ------
    InvalidParameter
        If there are fewer than two values, or one is not finite.

    Examples
    --------
    >>> round(normal_reference_m(np.arange(1.0, 11.0)), 4)
    8.0997
    """
    if len(values_m) < 2 or not np.isfinite(values_m).all():  # noqa: PLR2004 - as the message says.
        raise InvalidParameter(f"values_m must be at least 2 finite numbers, got {len(values_m)} values")
    low_m, high_m = np.quantile(values_m, [0.25, 0.75])
    spread_m = min(float(values_m.std(ddof=1)), float(high_m - low_m) / _NORMAL_QUARTILES)
    return float(_NRD_FACTOR * spread_m * len(values_m) ** (-1 / 5))


def mean_normal_reference_m(xy_m: NDArray[np.float64]) -> float:
    """
    Average `normal_reference_m` of both axes: what sfhotspot means to use for its quartic kernel.

    Its code averages the first axis alone (R's `mean(a, b)` ignores `b`); here both count.

    Parameters
    ----------
    xy_m
        Places in metres, two or more, shape (n, 2).

    Returns
    -------
    float
        Bandwidth of a quartic kernel in metres.
    """
    return (normal_reference_m(xy_m[:, 0]) + normal_reference_m(xy_m[:, 1])) / 2


def likelihood_cross_validation(
    xy_m: NDArray[np.float64],
    *,
    candidates_m: NDArray[np.float64],
    kernel: Kernel = "quartic",
    leave_out_place: bool = False,
) -> LikelihoodCrossValidation:
    """
    Choose the bandwidth under which each incident is most likely given all others.

    Parameters
    ----------
    xy_m
        Places of the incidents in metres, two or more, shape (n, 2).
    candidates_m
        Bandwidths to try in metres, above 0, shape (k,).
    kernel
        Name of the kernel.
    leave_out_place
        Leave out not only the incident but all at its coordinates. With many incidents on shared addresses
        the plain form rewards a bandwidth near 0, which foretells an address from itself.

    Returns
    -------
    LikelihoodCrossValidation
        The best, and how good each is. The density without the incident is divided by the number of incidents
        that are left.

    Raises
    ------
    InvalidParameter
        If a candidate is not above 0, or under each some incident has nobody in reach.
    """
    require_kernel(kernel)
    _require_spread(xy_m)
    candidates = np.unique(np.asarray(candidates_m, np.float64))
    if candidates.size == 0 or not (np.isfinite(candidates) & (candidates > 0)).all():
        raise InvalidParameter(f"candidates_m must be above 0 and finite, got {candidates_m}")
    places, count = np.unique(np.asarray(xy_m, np.float64), axis=0, return_counts=True)
    likelihood = np.array(
        [
            _log_likelihood(places, count, float(one), kernel, leave_out_place=leave_out_place)
            for one in candidates
        ]
    )
    best = int(np.argmax(likelihood))
    if likelihood[best] == -np.inf:
        raise InvalidParameter(
            f"candidates_m must reach from each incident to another, got {candidates[-1]} at most"
        )
    return LikelihoodCrossValidation(float(candidates[best]), candidates, likelihood)


def abramson_m(
    xy_m: NDArray[np.float64],
    *,
    pilot_m: float,
    kernel: Kernel = "quartic",
    weights: NDArray[np.float64] | None = None,
    at_most_m: float = math.inf,
) -> NDArray[np.float64]:
    """
    Give each incident a bandwidth of its own: narrow where there are many, wide where there are few.

    Parameters
    ----------
    xy_m
        Places of the incidents in metres, shape (n, 2).
    pilot_m
        Bandwidth in metres of the first, fixed estimate, and of an incident in surroundings of mean density.
    kernel
        Name of the kernel.
    weights
        Incidents at each place, above 0, 1 if absent, shape (n,).
    at_most_m
        No bandwidth is larger; a lone incident's would be (sparr takes five pilots).

    Returns
    -------
    ndarray
        pilot * (f / g)**(-1/2) with f the first estimate at the incident and g the geometric mean of f over
        all incidents, shape (n,).

    Raises
    ------
    InvalidParameter
        If a bandwidth or weight is not above 0.

    Examples
    --------
    >>> abramson_m(np.array([[0.0, 0.0], [0.0, 0.0], [900.0, 0.0]]), pilot_m=100.0).round(3).tolist()
    [89.09, 89.09, 125.992]
    """
    require_kernel(kernel)
    if not (0 < pilot_m < math.inf and at_most_m > 0):
        raise InvalidParameter(f"pilot_m and at_most_m must be above 0, got {pilot_m} and {at_most_m}")
    weight = np.ones(len(xy_m)) if weights is None else np.asarray(weights, np.float64)
    if not ((weight > 0).all() and np.isfinite(weight).all() and np.isfinite(xy_m).all()):
        raise InvalidParameter("weights must be above 0, and they and xy_m finite, got others")
    if len(xy_m) == 0:
        return np.empty(0)
    places = np.ascontiguousarray(xy_m, np.float64)
    density = at_places(Sources(places, weight, np.array([float(pilot_m)])), places, kernel=kernel)
    log_density = np.log(density)
    log_mean = np.average(log_density, weights=weight)
    bandwidth_m: NDArray[np.float64] = np.minimum(pilot_m * np.exp(0.5 * (log_mean - log_density)), at_most_m)
    return bandwidth_m


def nearest_m(xy_m: NDArray[np.float64], *, k: int, at_least_m: float) -> NDArray[np.float64]:
    """
    Give each incident the distance to its k-th nearest other incident as bandwidth.

    Parameters
    ----------
    xy_m
        Places of the incidents in metres, more than k, shape (n, 2).
    k
        Which neighbour, from 1; incidents at the same coordinates are neighbours at distance 0.
    at_least_m
        No bandwidth is smaller, above 0: a pile-up of k + 1 incidents would else have none.

    Returns
    -------
    ndarray
        Bandwidths in metres, shape (n,).

    Raises
    ------
    InvalidParameter
        If k is not 1 to n - 1 or `at_least_m` not above 0.

    Examples
    --------
    >>> nearest_m(np.array([[0.0, 0.0], [3.0, 4.0], [100.0, 4.0]]), k=1, at_least_m=10.0).tolist()
    [10.0, 10.0, 97.0]
    """
    if not 1 <= k < len(xy_m):
        raise InvalidParameter(f"k must be 1 to {len(xy_m) - 1}, got {k}")
    if not (0 < at_least_m < math.inf and np.isfinite(xy_m).all()):
        raise InvalidParameter(f"at_least_m must be above 0 and xy_m finite, got {at_least_m}")
    # The nearest is the incident itself, or one at the same coordinates, which is as good.
    away_m, _ = KDTree(xy_m).query(xy_m, k=[k + 1])
    bandwidth_m: NDArray[np.float64] = np.maximum(np.asarray(away_m, np.float64)[:, 0], at_least_m)
    return bandwidth_m


def _log_likelihood(
    places: NDArray[np.float64],
    count: NDArray[np.int64],
    bandwidth_m: float,
    kernel: Kernel,
    *,
    leave_out_place: bool,
) -> float:
    """Add up the log density of each incident without itself."""
    n = int(count.sum())
    sources = Sources(places, count.astype(np.float64), np.array([bandwidth_m]))
    others = at_places(sources, places, kernel=kernel, skip_place=True)
    if leave_out_place:
        left = np.maximum(n - count, 1)
    else:
        peak = gaussian_value(0.0, bandwidth_m) if kernel == "gaussian" else quartic_value(0.0, bandwidth_m)
        others += (count - 1) * peak
        left = np.full(len(count), n - 1)
    if (others <= 0).any():
        return -math.inf
    return float((count * np.log(others / left)).sum())


def _require_spread(xy_m: NDArray[np.float64]) -> None:
    """Refuse what has no spread."""
    if len(xy_m) < 2 or not np.isfinite(xy_m).all() or not np.ptp(xy_m, axis=0).any():  # noqa: PLR2004 - two.
        raise InvalidParameter(f"xy_m must hold at least 2 finite places that differ, got {len(xy_m)} places")
