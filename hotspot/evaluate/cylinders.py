"""
The strongest baseline: the prospective space-time permutation scan, with its line drawn by calibration.

Cylinders stand on circles around the places with an incident in the window and reach back one to four weeks.
Of the circles around a place only those that end at an incident of the window are laid: any other holds the
same of them, and at least as much past. Nothing is drawn at random, as the threshold comes from weeks without
hotspots. The statistic is that of `hotspot.stats.scan_permutation`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
import shapely

from hotspot.cluster.footprint import MARGIN_M
from hotspot.evaluate.views import FEWEST_MEMBERS, MOST_CLAIMS, claim_of, view
from hotspot.evaluate.worlds import WINDOW_WEEKS
from hotspot.model import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.evaluate.claims import Claim, Scene
    from hotspot.evaluate.views import View

NARROW_M, WIDE_M = 200.0, 500.0
_ROUNDING_M = 1e-6
"""Places at equal distance enter a circle together although coordinates are rounded."""


def scan_within_200_m(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the strongest cylinders of at most 200 m.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Without overlap; see `cylinders`.
    """
    del rng
    return cylinders(view(scene), within_m=NARROW_M)


def scan_within_500_m(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the strongest cylinders of at most 500 m.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Without overlap; see `cylinders`.
    """
    del rng
    return cylinders(view(scene), within_m=WIDE_M)


def cylinders(seen: View, *, within_m: float) -> tuple[Claim, ...]:
    """
    Search all cylinders.

    Parameters
    ----------
    seen
        The incidents.
    within_m
        Largest radius in metres.

    Returns
    -------
    tuple of Claim
        The strongest cylinder of each place, weaker ones that overlap a stronger left out (SaTScan's "no
        geographical overlap"). The score is the logarithm of the likelihood ratio less that of the number of
        incidents in the window: the more places are tried, the larger the largest is by chance.
    """
    recent = np.flatnonzero(seen.is_recent)
    if recent.size < FEWEST_MEMBERS:
        return ()
    centre_m = np.unique(seen.xy_m[recent], axis=0)
    start, order = _by_square(seen.xy_m, within_m)
    corner = np.floor(seen.xy_m.min(axis=0) / within_m).astype(np.int64)
    best = np.zeros((len(centre_m), 3))
    in_period = np.cumsum(np.bincount(seen.age_weeks[recent], minlength=WINDOW_WEEKS)).astype(np.float64)
    _search(centre_m, seen.xy_m[order], seen.age_weeks[order], start, corner, within_m, in_period, best)
    claims: list[Claim] = []
    kept: list[int] = []
    for one in np.argsort(-best[:, 0], kind="stable"):
        ratio, radius_m, weeks = best[one]
        if ratio <= 0 or len(claims) == MOST_CLAIMS:
            break
        apart_m = np.hypot(*(centre_m[kept] - centre_m[one]).T)
        if (apart_m <= best[kept, 1] + radius_m + 2 * _ROUNDING_M).any():
            continue
        kept.append(int(one))
        away_m = np.hypot(*(seen.xy_m[recent] - centre_m[one]).T)
        members = recent[(away_m <= radius_m + _ROUNDING_M) & (seen.age_weeks[recent] < weeks)]
        circle = shapely.Point(centre_m[one]).buffer(max(radius_m, MARGIN_M))
        score = float(ratio - np.log(recent.size))
        claims.append(claim_of(seen, members, footprint=circle, score=score, kind=Kind.ACUTE))
    return tuple(claims)


def _by_square(xy_m: NDArray[np.float64], side_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort places into squares; tell where each square begins, with a margin of one, and the order."""
    square = np.floor(xy_m / side_m).astype(np.int64)
    square -= square.min(axis=0) - 1
    columns, rows = square.max(axis=0) + 2
    flat = square[:, 1] * columns + square[:, 0]
    order = np.argsort(flat, kind="stable")
    start = np.searchsorted(flat[order], np.arange(rows * columns + 1)).astype(np.int64)
    # The shape rides along as the last two numbers.
    return np.concatenate([start, [rows, columns]]).astype(np.int64), order


@numba.njit(cache=True, nogil=True)
def _search(
    centre_m: NDArray[np.float64],
    xy_m: NDArray[np.float64],
    age_weeks: NDArray[np.int64],
    start: NDArray[np.int64],
    corner: NDArray[np.int64],
    within_m: float,
    in_period: NDArray[np.float64],
    best: NDArray[np.float64],
) -> None:
    """Find ratio, radius and length of the strongest cylinder around each centre."""
    columns, total = start[-1], float(len(xy_m))
    near = np.empty(len(xy_m), np.int64)
    away_m = np.empty(len(xy_m))
    inside = np.empty(in_period.size)
    for centre in range(len(centre_m)):
        x_m, y_m = centre_m[centre]
        across = np.int64(math.floor(x_m / within_m)) - corner[0] + 1
        up = np.int64(math.floor(y_m / within_m)) - corner[1] + 1
        n = 0
        for row in range(up - 1, up + 2):
            for i in range(start[row * columns + across - 1], start[row * columns + across + 2]):
                distance_m = math.hypot(xy_m[i, 0] - x_m, xy_m[i, 1] - y_m)
                if distance_m <= within_m + _ROUNDING_M:
                    near[n], away_m[n] = i, distance_m
                    n += 1
        order = np.argsort(away_m[:n])
        inside[:] = 0.0
        for position in range(n):
            i = order[position]
            for weeks in range(age_weeks[near[i]], in_period.size):
                inside[weeks] += 1.0
            if position + 1 < n and away_m[order[position + 1]] <= away_m[i] + _ROUNDING_M:
                continue
            for weeks in range(in_period.size):
                ratio = _ratio(inside[weeks], (position + 1) * in_period[weeks] / total, total)
                if inside[weeks] >= FEWEST_MEMBERS and ratio > best[centre, 0]:
                    best[centre, 0], best[centre, 1], best[centre, 2] = ratio, away_m[i], weeks + 1


@numba.njit(cache=True, nogil=True)
def _ratio(observed: float, expected: float, total: float) -> float:
    """Logarithm of the likelihood ratio, 0 where no more came than was expected."""
    if observed <= expected:
        return 0.0
    outside = 0.0
    if observed < total:
        outside = (total - observed) * math.log((total - observed) / (total - expected))
    return observed * math.log(observed / expected) + outside
