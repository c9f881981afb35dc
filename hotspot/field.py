"""What the search goes over and with: its plan, the places and events of a theme, and room to count in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Plan(NamedTuple):
    """
    What the search tries, in the observed data and in every replicate alike.

    A named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    weeks
        Lengths of the windows in weeks, all ending with the last week, ascending, shape (windows,).
    radii_m
        Radii of the circles in metres, ascending, shape (rings,).
    min_incidents
        Events in the window that a circle needs.
    lead_incidents
        Weight, in events, of the city's present share when the neighbourhood's present lead is estimated.
    kept
        Disjoint circles that are remembered of each replicate.
    """

    weeks: NDArray[np.int64]
    radii_m: NDArray[np.float64]
    min_incidents: int
    lead_incidents: float
    kept: int


class Field(NamedTuple):
    """
    The places and events of a theme with all that does not change from replicate to replicate.

    Parameters
    ----------
    start, near
        The rings around each place, as in `hotspot.cluster.rings.Rings`.
    places_m
        Distinct places in metres, shape (n, 2).
    total
        Events within each radius of each place, all weeks together, shape (n, rings).
    in_window
        Events in each window, shape (windows,).
    share
        Their share of all events, shape (windows,).
    area
        Number of the neighbourhood of each place, shape (n,).
    area_total
        Events in each neighbourhood, shape (m,).
    per_week
        Events in each week of the longest window, the last week first, shape (longest,).
    counts
        Events at each place in these weeks, shape (n, longest).
    everyone
        Place of each event, shape (events,).
    follower, chance
        Who follows whom, as in `hotspot.stats.succession.Succession`.
    """

    start: NDArray[np.int64]
    near: NDArray[np.int32]
    places_m: NDArray[np.float64]
    total: NDArray[np.int64]
    in_window: NDArray[np.float64]
    share: NDArray[np.float64]
    area: NDArray[np.int32]
    area_total: NDArray[np.int64]
    per_week: NDArray[np.int64]
    counts: NDArray[np.int64]
    everyone: NDArray[np.int32]
    follower: NDArray[np.int64]
    chance: NDArray[np.float64]


class Scratch(NamedTuple):
    """
    Room for one replicate after another without asking for memory; each leaves it as it found it.

    `items` and `where` hold 0, 1, ... between replicates, `recent_at` and `is_recent` zeros; the others are
    written before they are read.
    """

    recent_at: NDArray[np.int32]
    is_recent: NDArray[np.int8]
    occupied: NDArray[np.int32]
    recent: NDArray[np.int64]
    in_window: NDArray[np.int64]
    items: NDArray[np.int32]
    where: NDArray[np.int32]
    edges: NDArray[np.int64]
    raised: NDArray[np.int32]
    strongest: NDArray[np.float64]
    radius_m: NDArray[np.float64]


def scratch(field: Field, plan: Plan) -> Scratch:
    """
    Make clean room.

    Parameters
    ----------
    field
        What is searched.
    plan
        What is tried.

    Returns
    -------
    Scratch
        The room, for one thread.
    """
    n, events = len(field.places_m), field.everyone.size
    return Scratch(
        recent_at=np.zeros((n, plan.weeks.size), np.int32),
        is_recent=np.zeros(n, np.int8),
        occupied=np.empty(n, np.int32),
        recent=np.zeros((field.area_total.size, plan.weeks.size), np.int64),
        in_window=np.zeros(plan.weeks.size, np.int64),
        items=np.arange(events, dtype=np.int32),
        where=np.arange(events, dtype=np.int32),
        edges=np.empty(int((field.start[:, -1] - field.start[:, 0]).max(initial=0)), np.int64),
        raised=np.empty(n, np.int32),
        strongest=np.empty(n),
        radius_m=np.empty(n),
    )
