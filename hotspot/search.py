"""
The tested search for dense places with more incidents now than past and surroundings explain.

Question: is there, anywhere in the city and at any scale of the search, a place with more incidents in the
last weeks than it should have; and which places are that?
Null: which of a theme's incidents fall in which of the last weeks, and which before, is exchangeable: each
place has its own level all the time, and what raises or lowers the theme does so for all places alike.
Cost: per replicate a draw of the recent incidents, then clusterings and sums over the places near them.
Reference: Kulldorff et al. (2005) for the permutation in space and time; the zones are grown by density
clustering and not laid as circles, and the expectation is that of the surroundings; see docs/detection.md.

Everything that the search tries on the data it tries again in every replicate, and only the strongest result
of a replicate counts. So the chance that it shows anything at all where there is nothing is at most the
p-value at which it is cut.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.cluster.dbscan import (
    Neighbours,
    Scratch,
    clean,
    cluster_of,
    core_places,
    neighbours,
    reached_places,
    scratch,
)
from hotspot.stats.permutation import draw_without_return, pseudo_p_value, replicate_seeds
from hotspot.stats.scan import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 9
"""Digits after the point to which the statistic is compared: sums in another order may differ in the last."""


class Plan(NamedTuple):
    """
    What the search tries, in the observed data and in every replicate alike.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    weeks
        Lengths of the windows in weeks, all ending with the last week, ascending.
    reach_m2
        Squares of the radii of the clusterings, ascending.
    min_incidents
        Incidents in the window that a dense place needs.
    shrinkage
        Incidents of the city that are mixed into the surroundings' share, against noise.
    """

    weeks: NDArray[np.int64]
    reach_m2: NDArray[np.float64]
    min_incidents: int
    shrinkage: float


class Places(NamedTuple):
    """
    The distinct places of a theme, ordered by x and then y.

    Parameters
    ----------
    total
        Incidents at each place, window and baseline together, shape (n,).
    surroundings
        Number of the neighbourhood of each place, from 0, shape (n,).
    surroundings_total
        Incidents in each neighbourhood, shape (m,).
    incidents
        Incidents at all places.
    near
        Which places lie near each other, out to the largest radius of the plan.
    """

    total: NDArray[np.int64]
    surroundings: NDArray[np.int32]
    surroundings_total: NDArray[np.int64]
    incidents: int
    near: Neighbours


class _Room(NamedTuple):
    """Scratch of one search: counts of the window, chains of places by cluster, sums by surroundings."""

    clusters: Scratch
    weight: NDArray[np.int64]
    occupied: NDArray[np.int32]
    recent: NDArray[np.int64]
    head: NDArray[np.int32]
    following: NDArray[np.int32]
    roots: NDArray[np.int32]
    zone_recent: NDArray[np.int64]
    zone_total: NDArray[np.int64]
    touched: NDArray[np.int32]
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    ratio: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A dense place of the search, tested.

    Parameters
    ----------
    places
        Indices of its places, ascending; those without an incident in the window too.
    weeks
        Length of its window in weeks.
    radius_m
        Radius of the clustering that found it.
    observed
        Its incidents in its window.
    expected
        What it should have.
    log_likelihood_ratio
        How unlike chance it is.
    p_value
        Chance that the whole search shows something as strong where there is nothing.
    """

    places: NDArray[np.int64]
    weeks: int
    radius_m: float
    observed: int
    expected: float
    log_likelihood_ratio: float
    p_value: float


def search(
    xy_m: NDArray[np.float64],
    counts: NDArray[np.int64],
    surroundings: NDArray[np.int32],
    *,
    plan: Plan,
    replicates: int,
    rng: np.random.Generator,
) -> tuple[Candidate, ...]:
    """
    Find the dense places of the last weeks, at all scales of the plan, and test them together.

    Parameters
    ----------
    xy_m
        Distinct places in metres, ordered by x and then y, shape (n, 2).
    counts
        Incidents by week and place, the last week first; the last row holds the whole baseline,
        shape (weeks + 1, n).
    surroundings
        Number of the neighbourhood of each place, from 0, shape (n,).
    plan
        What is tried.
    replicates
        Monte Carlo replicates of the whole search.
    rng
        Source of chance.

    Returns
    -------
    tuple of Candidate
        Those with more incidents than expected, strongest first; of any that share a place, the
        strongest only.
    """
    total = counts.sum(axis=0)
    places = Places(
        total,
        surroundings,
        np.bincount(surroundings, weights=total).astype(np.int64),
        int(total.sum()),
        neighbours(xy_m, radius_m=float(np.sqrt(plan.reach_m2[-1]))),
    )
    found = _disjoint(_candidates(counts[:-1], plan, places))
    if not found:
        return ()
    seeds = replicate_seeds(rng, replicates)
    simulated = _simulated(seeds, counts[:-1].sum(axis=1), plan, places)
    return tuple(
        replace(candidate, p_value=pseudo_p_value(candidate.log_likelihood_ratio, simulated))
        for candidate in found
    )


def _disjoint(candidates: list[Candidate]) -> list[Candidate]:
    """Put the strongest first and drop those that share a place with a stronger one."""
    ordered = sorted(
        (candidate for candidate in candidates if candidate.log_likelihood_ratio > 0.0),
        key=lambda one: (-one.log_likelihood_ratio, one.weeks, one.radius_m, int(one.places[0])),
    )
    taken: set[int] = set()
    kept = []
    for candidate in ordered:
        places = set(candidate.places.tolist())
        if taken.isdisjoint(places):
            taken |= places
            kept.append(candidate)
    return kept


def _simulated(
    seeds: NDArray[np.uint64], per_week: NDArray[np.int64], plan: Plan, places: Places
) -> NDArray[np.float64]:
    """Search every replicate; the threads share the work and do not change the result."""
    everyone = np.repeat(np.arange(places.total.size, dtype=np.int32), places.total)
    best = np.empty(seeds.size)
    threads = min(os.cpu_count() or 1, seeds.size)
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(_strongest_of_each, part, everyone, per_week, plan, places, _room(places), strongest)
            for part, strongest in zip(
                np.array_split(seeds, threads), np.array_split(best, threads), strict=True
            )
        ]
        for job in jobs:
            job.result()
    return np.round(best, _DIGITS)


def _candidates(per_week: NDArray[np.int64], plan: Plan, places: Places) -> list[Candidate]:
    """Search the observed data at all scales; they have no p-value yet."""
    room = _room(places)
    everywhere = np.arange(places.total.size, dtype=np.int32)
    found: list[Candidate] = []
    done, week, n_occupied = 0, 0, 0
    for length in plan.weeks.tolist():
        for counts in per_week[week:length]:
            drawn = np.repeat(everywhere, counts)
            n_occupied = _add_week(drawn, places, n_occupied, room)
            done += drawn.size
        week = length
        for reach_m2 in plan.reach_m2.tolist():
            _, n_reached, n_zones = size = _zones(n_occupied, done, reach_m2, plan, places, room)
            found += _read(room, n_reached, n_zones, length, float(np.sqrt(reach_m2)))
            clean(size[0], n_reached, room.clusters)
    return found


def _read(room: _Room, n_reached: int, n_zones: int, weeks: int, radius_m: float) -> list[Candidate]:
    """Take the zones of one scale out of the scratch."""
    reached = room.clusters.reached[:n_reached].astype(np.int64)
    roots = np.array([cluster_of(room.clusters, place) for place in reached], np.int64)
    return [
        Candidate(
            places=np.sort(reached[roots == room.roots[zone]]),
            weeks=weeks,
            radius_m=radius_m,
            observed=int(room.observed[zone]),
            expected=float(room.expected[zone]),
            log_likelihood_ratio=round(float(room.ratio[zone]), _DIGITS),
            p_value=1.0,
        )
        for zone in range(n_zones)
    ]


def _room(places: Places) -> _Room:
    """Make clean scratch."""
    n, m = places.total.size, places.surroundings_total.size
    return _Room(
        clusters=scratch(n),
        weight=np.zeros(n, np.int64),
        occupied=np.empty(n, np.int32),
        recent=np.zeros(m, np.int64),
        head=np.full(n, -1, np.int32),
        following=np.empty(n, np.int32),
        roots=np.empty(n, np.int32),
        zone_recent=np.zeros(m, np.int64),
        zone_total=np.zeros(m, np.int64),
        touched=np.empty(m, np.int32),
        observed=np.empty(n, np.int64),
        expected=np.empty(n),
        ratio=np.empty(n),
    )


@numba.njit(cache=True, nogil=True)
def _expectation(
    root: int, places: Places, shrinkage: float, city_share: float, room: _Room
) -> tuple[int, float]:
    """Sum up one zone: what it has in the window and what it should have."""
    observed, n_touched = 0, 0
    place = room.head[root]
    while place >= 0:
        area = places.surroundings[place]
        if room.zone_total[area] == 0 and places.total[place] > 0:
            room.touched[n_touched] = area
            n_touched += 1
        room.zone_total[area] += places.total[place]
        room.zone_recent[area] += room.weight[place]
        observed += room.weight[place]
        place = room.following[place]
    expected = 0.0
    for area in room.touched[:n_touched]:
        own, own_recent = room.zone_total[area], room.zone_recent[area]
        # The zone itself is left out of its surroundings, or it would explain itself away.
        rest, rest_recent = places.surroundings_total[area] - own, room.recent[area] - own_recent
        share = (rest_recent + shrinkage * city_share) / (rest + shrinkage)
        # Where the surroundings went down, staying as before is no rise.
        expected += own * max(share, city_share)
        room.zone_total[area] = 0
        room.zone_recent[area] = 0
    return observed, expected


@numba.njit(cache=True, nogil=True)
def _zones(
    n_occupied: int, n_recent: int, reach_m2: float, plan: Plan, places: Places, room: _Room
) -> tuple[int, int, int]:
    """Cluster the window at one radius and weigh each cluster; gives numbers of cores, places, zones."""
    clusters = room.clusters
    n_cores = core_places(
        room.weight, room.occupied[:n_occupied], places.near, reach_m2, plan.min_incidents, clusters
    )
    n_reached = reached_places(n_cores, places.near, reach_m2, clusters)
    n_zones = 0
    for place in clusters.reached[:n_reached]:
        root = cluster_of(clusters, place)
        if room.head[root] < 0:
            room.roots[n_zones] = root
            n_zones += 1
        room.following[place] = room.head[root]
        room.head[root] = place
    city_share = n_recent / places.incidents
    for zone in range(n_zones):
        root = room.roots[zone]
        observed, expected = _expectation(root, places, plan.shrinkage, city_share, room)
        room.head[root] = -1
        room.observed[zone] = observed
        room.expected[zone] = expected
        room.ratio[zone] = log_likelihood_ratio(float(observed), expected, float(n_recent))
    return n_cores, n_reached, n_zones


@numba.njit(cache=True, nogil=True)
def _add_week(drawn: NDArray[np.int32], places: Places, n_occupied: int, room: _Room) -> int:
    """Add the incidents of one more week to the window; says at how many places it now has any."""
    for place in drawn:
        if room.weight[place] == 0:
            room.occupied[n_occupied] = place
            n_occupied += 1
        room.weight[place] += 1
        room.recent[places.surroundings[place]] += 1
    return n_occupied


@numba.njit(cache=True, nogil=True)
def _strongest(
    drawn: NDArray[np.int32], per_week: NDArray[np.int64], plan: Plan, places: Places, room: _Room
) -> float:
    """Search one replicate, whose incidents stand in the order of the weeks, the last week first."""
    # Not a bare 0, for which numba would compile the functions below a second time.
    zero = len(drawn[:0])
    best, done, week, n_occupied = 0.0, zero, zero, zero
    for length in plan.weeks:
        for size in per_week[week:length]:
            n_occupied = _add_week(drawn[done : done + size], places, n_occupied, room)
            done += size
        week = length
        for reach_m2 in plan.reach_m2:
            n_cores, n_reached, n_zones = _zones(n_occupied, done, reach_m2, plan, places, room)
            clean(n_cores, n_reached, room.clusters)
            for zone in range(n_zones):
                best = max(best, room.ratio[zone])
    for place in room.occupied[:n_occupied]:
        room.weight[place] = 0
    for area in range(room.recent.size):
        room.recent[area] = 0
    return best


@numba.njit(cache=True, nogil=True)
def _strongest_of_each(
    seeds: NDArray[np.uint64],
    everyone: NDArray[np.int32],
    per_week: NDArray[np.int64],
    plan: Plan,
    places: Places,
    room: _Room,
    best: NDArray[np.float64],
) -> None:
    """Draw which incidents are recent, search, and keep the strongest result, once per seed."""
    # Loops instead of array expressions: they compile in a tenth of the time and run as fast.
    items = np.empty_like(everyone)
    recent = 0
    for size in per_week:
        recent += size
    for replicate in range(seeds.size):
        for i in range(everyone.size):
            items[i] = everyone[i]
        draw_without_return(items, recent, seeds[replicate])
        best[replicate] = _strongest(items[:recent], per_week, plan, places, room)
