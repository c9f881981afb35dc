"""
Where, and since when, is there more than expected? Scan statistics, each cluster a circle in a table.

The p-value of a cluster is that of the strongest cluster of the whole map: one test, however many circles
were tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import InvalidParameter
from hotspot.frames.plane import centres, days, numbers, positions
from hotspot.stats.scan_permutation import permutation_scan
from hotspot.stats.scan_poisson import poisson_scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.stats.scan_clusters import ScanCluster
    from hotspot.stats.scan_windows import ScanPlan

_LEAST_RADIUS_M = 1.0
"""A cluster of one place is drawn as a circle of this radius."""

_SECONDS_PER_DAY = 86_400

_LONGEST = 10_000
"""Steps of time that a scan takes at the most: 27 years of days."""


def space_time_scan(
    incidents: gpd.GeoDataFrame,
    *,
    time: str,
    step_days: float = 7.0,
    snap_m: float,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """
    Find circles and periods with more incidents than place and period explain (space-time permutation scan).

    It needs no population: a place that is always full, and a week that is full everywhere, are no clusters.

    Parameters
    ----------
    incidents
        Points in a plane in metres.
    time
        Column of times, or of days as numbers.
    step_days
        Length of a step of time; the last step ends with the day of the latest incident.
    snap_m
        Incidents are moved to the centre of a square with this side, so that there are not too many places.
    plan
        What is tried, and how often it is replicated; `ScanPlan(prospective=True)` for clusters of today.
    rng
        Source of chance.

    Returns
    -------
    GeoDataFrame
        Circles, strongest first, none sharing a place, with `observed`, `expected`, `relative_risk`,
        `statistic`, `p_value`, `places` (squares), `radius_m`, `since` and `until` (not included), these two
        in the form of `time`, UTC where that has a time zone. Empty without incidents.
    """
    if not (snap_m > 0 and step_days > 0):
        raise InvalidParameter(f"snap_m and step_days must be above 0, got {snap_m} and {step_days}")
    xy_m, day = positions(incidents), days(incidents, time)
    if len(xy_m) == 0:
        never = _instants(np.empty(0), incidents[time])
        circles = _circles((), np.empty((0, 2)), incidents).drop(columns=["first", "last"])
        return circles.assign(since=never, until=never)
    end = np.floor(day.max()) + 1.0
    steps_ago = np.ceil((end - day) / step_days).astype(np.int64) - 1
    steps = int(steps_ago.max()) + 1
    if steps > _LONGEST:
        raise InvalidParameter(
            f"step_days must leave at most {_LONGEST} steps of time, got {step_days}, which makes {steps}"
        )
    snapped = (np.floor(xy_m / snap_m) + 0.5) * snap_m
    places, which = np.unique(snapped, axis=0, return_inverse=True)
    cases = np.zeros((steps, len(places)), np.int64)
    np.add.at(cases, (steps - 1 - steps_ago, which.ravel()), 1)
    found = permutation_scan(places, cases, plan=plan, rng=rng)
    circles = _circles(found.clusters, places, incidents)
    first, last = circles.pop("first").to_numpy(), circles.pop("last").to_numpy()
    return circles.assign(
        since=_instants(end - (steps - first) * step_days, incidents[time]),
        until=_instants(end - (steps - 1 - last) * step_days, incidents[time]),
    )


def area_scan(
    areas: gpd.GeoDataFrame,
    *,
    column: str = "incidents",
    population: str,
    plan: ScanPlan,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """
    Find circles of areas in which the rate differs from that outside (Kulldorff's Poisson scan).

    Parameters
    ----------
    areas
        Polygons in a plane in metres; an area is in a circle if its centroid is.
    column
        Column of the counts.
    population
        Column of persons, homes or any other known expectation up to a factor.
    plan
        What is tried, and how often it is replicated.
    rng
        Source of chance.

    Returns
    -------
    GeoDataFrame
        Circles, strongest first, none sharing an area, with `observed`, `expected`, `relative_risk`,
        `statistic`, `p_value`, `places` and `radius_m`.
    """
    xy_m = centres(areas, name="areas")
    found = poisson_scan(xy_m, numbers(areas, column), numbers(areas, population), plan=plan, rng=rng)
    return _circles(found.clusters, xy_m, areas).drop(columns=["first", "last"])


def _circles(
    clusters: tuple[ScanCluster, ...], places: NDArray[np.float64], like: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Draw the clusters of a scan."""
    radius = np.array([max(cluster.radius_m, _LEAST_RADIUS_M) for cluster in clusters])
    centre = places[[cluster.centre for cluster in clusters]].reshape(-1, 2)
    columns = {
        name: np.array([getattr(cluster, name) for cluster in clusters], kind)
        for name, kind in (
            ("observed", np.int64),
            ("expected", np.float64),
            ("relative_risk", np.float64),
            ("statistic", np.float64),
            ("p_value", np.float64),
            ("radius_m", np.float64),
            ("first", np.int64),
            ("last", np.int64),
        )
    }
    columns["places"] = np.array([len(cluster.places) for cluster in clusters], np.int64)
    return gpd.GeoDataFrame(columns, geometry=shapely.buffer(shapely.points(centre), radius), crs=like.crs)


def _instants(day: NDArray[np.float64], like: pd.Series) -> NDArray[np.float64] | pd.DatetimeIndex:
    """Bring days back to the form in which times came."""
    if not pd.api.types.is_datetime64_any_dtype(like):
        return day
    # Whole seconds: a fraction of a day is not exact.
    instants = pd.to_datetime(np.round(day * _SECONDS_PER_DAY).astype(np.int64), unit="s")
    return instants if like.dt.tz is None else instants.tz_localize("UTC")
