"""
Which incidents form dense places, and what do these look like? Clusterings and footprints of tables.

Each function gives back the incidents with their columns and order, and says for each in which cluster it
is (-1 for none). Density says nothing about chance: a shopping street is a cluster every week.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from hotspot.cluster.dbscan import dbscan
from hotspot.cluster.footprint import footprint
from hotspot.cluster.hdbscan import hdbscan
from hotspot.cluster.st_dbscan import st_dbscan
from hotspot.frames.plane import days, metres, numbers, positions

if TYPE_CHECKING:
    from hotspot.cluster.dbscan import Border


def density_clusters(
    incidents: gpd.GeoDataFrame, *, radius_m: float, min_incidents: float, border: Border = "first"
) -> gpd.GeoDataFrame:
    """
    Find places where incidents lie close together (DBSCAN).

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    radius_m
        Incidents this far apart or closer are neighbours.
    min_incidents
        Incidents within the radius, its own included, that make an incident a core incident.
    border
        Whose an incident at the border of two clusters is: of the `first` or of the `nearest`.

    Returns
    -------
    GeoDataFrame
        The incidents with `cluster` (-1 for none) and `is_core`.
    """
    found = dbscan(positions(incidents), radius_m=radius_m, min_incidents=min_incidents, border=border)
    return incidents.assign(cluster=found.label, is_core=found.is_core)


def persistent_clusters(
    incidents: gpd.GeoDataFrame, *, min_cluster_incidents: int = 5, min_incidents: int | None = None
) -> gpd.GeoDataFrame:
    """
    Find dense places without naming a radius (HDBSCAN).

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    min_cluster_incidents
        Fewer incidents than this are no cluster.
    min_incidents
        How many incidents the density around one is measured by; `min_cluster_incidents` if absent.

    Returns
    -------
    GeoDataFrame
        The incidents with `cluster` (-1 for none) and `membership` (0 to 1, no probability).
    """
    found = hdbscan(
        positions(incidents), min_cluster_incidents=min_cluster_incidents, min_incidents=min_incidents
    )
    return incidents.assign(cluster=found.label, membership=found.membership)


def space_time_clusters(
    incidents: gpd.GeoDataFrame, *, time: str, radius_m: float, within_days: float, min_incidents: int
) -> gpd.GeoDataFrame:
    """
    Find series: incidents close together in space and in time (ST-DBSCAN).

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    time
        Column of times, or of days as numbers.
    radius_m, within_days
        Incidents this far apart or closer, in both, are neighbours.
    min_incidents
        Neighbours, its own included, that make an incident a core incident.

    Returns
    -------
    GeoDataFrame
        The incidents with `cluster` (-1 for none) and `is_core`.
    """
    found = st_dbscan(
        positions(incidents),
        days(incidents, time),
        radius_m=radius_m,
        within_days=within_days,
        min_incidents=min_incidents,
    )
    return incidents.assign(cluster=found.label, is_core=found.is_core)


def footprints(clustered: gpd.GeoDataFrame, *, cluster: str = "cluster") -> gpd.GeoDataFrame:
    """
    Draw the outline of each cluster.

    Parameters
    ----------
    clustered
        Incidents with the number of their cluster, as the other functions give them back.
    cluster
        Column of the numbers; rows below 0 are in none.

    Returns
    -------
    GeoDataFrame
        One polygon per cluster, in the order of their numbers, with `incidents`, `places` (distinct
        positions: 1 is a pile-up on one address) and `area_m2`.
    """
    crs = metres(clustered, name="clustered")
    xy_m, label = positions(clustered, name="clustered"), numbers(clustered, cluster).astype(np.int64)
    order = np.argsort(label, kind="stable")
    order = order[label[order] >= 0]
    found, start = np.unique(label[order], return_index=True)
    members = np.split(order, start[1:]) if found.size else []
    shapes = [footprint(xy_m[rows]) for rows in members]
    return gpd.GeoDataFrame(
        {
            "cluster": found,
            "incidents": np.array([rows.size for rows in members], np.int64),
            "places": np.array([len(np.unique(xy_m[rows], axis=0)) for rows in members], np.int64),
            "area_m2": np.array([shape.area for shape in shapes], np.float64),
        },
        geometry=shapes,
        crs=crs,
    )
