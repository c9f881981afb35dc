"""What ours is compared with: the methods of the field with their usual settings, each naming candidates."""

from __future__ import annotations

from hotspot.evaluate import cellwise, cylinders, dense
from hotspot.evaluate.claims import Method
from hotspot.model import Kind

_BOTH = frozenset(Kind)

BASELINES: tuple[Method, ...] = (
    Method("dbscan", "DBSCAN clusters (100 m, 5)", dense.dbscan_clusters, kinds=_BOTH),
    Method("hdbscan", "HDBSCAN clusters (5)", dense.hdbscan_clusters),
    Method("kde", "KDE top 1 % (quartic, 200 m)", dense.densest_per_cent, kinds=_BOTH),
    Method("gi_star", "Gi* on counts (100 m)", cellwise.gi_star_counts, kinds=_BOTH),
    Method("gi_star_change", "Gi* on change (100 m)", cellwise.gi_star_change),
    Method("cusum", "CUSUM per cell (150 m)", cellwise.cusum),
    Method("poisson", "Poisson per cell (150 m)", cellwise.poisson),
    Method("permutation_scan", "space-time permutation scan (200 m)", cylinders.scan_within_200_m),
    Method("permutation_scan_500m", "space-time permutation scan (500 m)", cylinders.scan_within_500_m),
)
"""In the order of the tables: without a past first, the strongest last."""
