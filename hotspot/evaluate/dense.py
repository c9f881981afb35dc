"""
Baselines that show where much happens: DBSCAN, HDBSCAN and the top per cent of a kernel density surface.

None of them knows a past or a chance; each is run as its users run it. For chronic places they see the whole
year instead of the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import ndimage

from hotspot.cluster.dbscan import dbscan
from hotspot.cluster.footprint import footprint
from hotspot.cluster.hdbscan import hdbscan
from hotspot.evaluate.views import FEWEST_MEMBERS, MOST_CLAIMS, claim_of, strongest_first, view
from hotspot.evaluate.worlds import BASELINE_WEEKS, WINDOW_WEEKS
from hotspot.model import Kind
from hotspot.stats.cells import cell_of, raster, square_cells, vertices_m
from hotspot.stats.isopleths import top_share
from hotspot.stats.kde import kde

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.evaluate.claims import Claim, Scene
    from hotspot.evaluate.views import View

RADIUS_M, MIN_INCIDENTS = 100.0, 5
"""DBSCAN: practice is 100 to 200 m, and 4 or 5 incidents, see METHODS 2.1."""
BANDWIDTH_M, CELL_M = 200.0, 50.0
"""KDE: fixed practice is 150 to 300 m."""
TOP_SHARE = 0.01
_YEAR = (WINDOW_WEEKS + BASELINE_WEEKS) / WINDOW_WEEKS


def dbscan_clusters(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the clusters of DBSCAN, the one with most incidents first.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Acute: of the window; chronic: of the whole year, at the same density a week.
    """
    del rng
    seen = view(scene)
    claims: list[Claim] = []
    for kind, which, times in _questions(seen):
        found = dbscan(seen.xy_m[which], radius_m=RADIUS_M, min_incidents=MIN_INCIDENTS * times)
        claims += _clusters(seen, which, found.label, kind)
    return strongest_first(claims)


def hdbscan_clusters(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the clusters of HDBSCAN, the one with most incidents first.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Of the window.
    """
    del rng
    seen = view(scene)
    recent = np.flatnonzero(seen.is_recent)
    found = hdbscan(seen.xy_m[recent], min_cluster_incidents=MIN_INCIDENTS)
    return strongest_first(_clusters(seen, recent, found.label, Kind.ACUTE))


def densest_per_cent(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Name the connected parts of the densest per cent of the area, the one with the highest peak first.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Not needed.

    Returns
    -------
    tuple of Claim
        Acute: of the window; chronic: of the whole year. The area is what lies within the bandwidth of any
        incident, and a score the peak in multiples of the area's mean, so that cities compare.
    """
    del rng
    seen = view(scene)
    if len(seen.xy_m) == 0:
        return ()
    (west_m, south_m), (east_m, north_m) = seen.xy_m.min(axis=0), seen.xy_m.max(axis=0)
    margin_m = BANDWIDTH_M + CELL_M
    cells = square_cells(
        (west_m - margin_m, south_m - margin_m, east_m + margin_m, north_m + margin_m), side_m=CELL_M
    )
    corners_m = vertices_m(cells)
    area = kde(seen.xy_m, cells, bandwidth_m=BANDWIDTH_M) > 0
    claims: list[Claim] = []
    for kind, which, _ in _questions(seen):
        if which.size == 0:
            continue
        density = np.where(area, kde(seen.xy_m[which], cells, bandwidth_m=BANDWIDTH_M), np.nan)
        chosen = top_share(density, cells.area_m2, share=TOP_SHARE)
        parts, _ = ndimage.label(raster(cells, chosen.astype(np.float64)) > 0)
        part = parts[cells.kept]
        inside = part[cell_of(cells, seen.xy_m[which])]
        for number in np.unique(inside[inside > 0]):
            members = which[inside == number]
            if members.size >= FEWEST_MEMBERS:
                squares = shapely.polygons(corners_m[part == number])
                # Squares that share a side; holes are filled.
                outline = shapely.Polygon(shapely.get_exterior_ring(shapely.union_all(squares)))
                peak = float(density[part == number].max() / np.nanmean(density))
                claims.append(claim_of(seen, members, footprint=outline, score=peak, kind=kind))
    return strongest_first(claims)


def _questions(seen: View) -> tuple[tuple[Kind, NDArray[np.int64], float], ...]:
    """Give the incidents that each question is about, and how many windows they span."""
    recent = np.flatnonzero(seen.is_recent)
    return (Kind.ACUTE, recent, 1.0), (Kind.CHRONIC, np.arange(seen.key.size), _YEAR)


def _clusters(seen: View, which: NDArray[np.int64], label: NDArray[np.int64], kind: Kind) -> list[Claim]:
    """Claim the largest clusters, scored by their incidents."""
    sizes = np.bincount(label[label >= 0])
    claims = []
    for number in np.argsort(-sizes, kind="stable")[:MOST_CLAIMS]:
        members = which[label == number]
        shape = footprint(seen.xy_m[members])
        claims.append(claim_of(seen, members, footprint=shape, score=float(members.size), kind=kind))
    return claims
