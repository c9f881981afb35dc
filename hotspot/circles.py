"""
The circles of the search: how each is compared with its past, on the data and on every replicate alike.

Around every place with a recent event a circle is laid at each radius of the plan, and looked at over each
of its windows. This is the inner loop of the detector; `hotspot.search` says what is done with it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.stats.permutation import advance, below
from hotspot.stats.scan import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE = 1 << 30
"""Steps into which a chance is divided when it is drawn for."""
LEAST_RATIO = 0.5
"""Logarithm of the Poisson likelihood ratio, never above Kulldorff's, that makes a circle worth a look: a
hotspot that holds most of a small theme reaches no more."""
_LEAST_RATIO_OF_MANY = 3.0
_MANY_EVENTS = 1000
"""The same where no circle holds most of a theme, and from how many events on: half of what chance shows."""
_TABULATED = 2000
"""Counts up to which it is looked up whether a circle reaches that; hardly any circle holds more."""
_HALVINGS = 60
"""Steps of the bisection that fills the table: to the last digit."""


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
    """Room for one replicate after another without asking for memory; clean between them."""

    recent_at: NDArray[np.int32]
    occupied: NDArray[np.int32]
    recent: NDArray[np.int64]
    in_window: NDArray[np.int64]
    items: NDArray[np.int64]
    where: NDArray[np.int64]
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
    n = len(field.places_m)
    return Scratch(
        recent_at=np.zeros((n, plan.weeks.size), np.int32),
        occupied=np.empty(n, np.int32),
        recent=np.zeros((field.area_total.size, plan.weeks.size), np.int64),
        in_window=np.zeros(plan.weeks.size, np.int64),
        items=np.empty(field.everyone.size, np.int64),
        where=np.empty(field.everyone.size, np.int64),
        strongest=np.empty(n),
        radius_m=np.empty(n),
    )


def read_circles(field: Field, plan: Plan) -> NDArray[np.float64]:
    """
    Look at all circles of the data.

    Parameters
    ----------
    field
        What is searched.
    plan
        What is tried.

    Returns
    -------
    ndarray
        Place, ring, window, observed, expected and likelihood ratio of each circle that is worth a look,
        shape (circles, 6).
    """
    room = scratch(field, plan)
    recent_at = np.cumsum(field.counts, axis=1)[:, plan.weeks - 1]
    occupied = np.flatnonzero(recent_at[:, -1]).astype(np.int32)
    room.recent_at[:] = recent_at
    room.occupied[: occupied.size] = occupied
    circles = np.empty((occupied.size * plan.radii_m.size * plan.weeks.size, 6))
    found = _look(occupied.size, field, plan, worth_a_look(field.everyone.size), room, circles)
    return circles[:found]


def worth_a_look(events: int) -> NDArray[np.float64]:
    """
    Tell up to which expected count an observed one reaches the least likelihood ratio.

    Parameters
    ----------
    events
        Events of the theme.

    Returns
    -------
    ndarray
        The expected counts, for the observed counts 0, 1, ..., shape (counts,).

    Examples
    --------
    >>> enough = worth_a_look(100)[5]
    >>> round(float(5 * np.log(5 / enough) - (5 - enough)), 6) == LEAST_RATIO
    True
    """
    return _expected_for(LEAST_RATIO if events < _MANY_EVENTS else _LEAST_RATIO_OF_MANY)


@cache
def _expected_for(least: float) -> NDArray[np.float64]:
    """Find the expected counts by halving; there are two such tables, asked for again and again."""
    observed = np.arange(_TABULATED + 1, dtype=np.float64)
    low, high = np.zeros(observed.size), observed.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            reaches = observed * np.log(observed / middle) - (observed - middle) >= least
            low, high = np.where(reaches, middle, low), np.where(reaches, high, middle)
    return low


@numba.njit(cache=True, nogil=True)
def search_each(
    seeds: NDArray[np.uint64],
    field: Field,
    plan: Plan,
    enough: NDArray[np.float64],
    room: Scratch,
    kept: NDArray[np.float64],
) -> None:
    """
    Draw which events are recent, and search, once per seed.

    Parameters
    ----------
    seeds
        State of each replicate's generator, shape (r,).
    field
        What is searched.
    plan
        What is tried.
    enough
        What `worth_a_look` gives; circles with a larger expected count are passed over.
    room
        Clean scratch.
    kept
        Receives the likelihood ratios of its strongest disjoint circles, falling and 0 where there are no
        more, shape (r, plan.kept).
    """
    nothing = np.empty((0, 6))
    for replicate in range(seeds.size):
        n_occupied = _draw(seeds[replicate], field, plan, room)
        _look(n_occupied, field, plan, enough, room, nothing)
        _keep_disjoint(n_occupied, field, room, kept[replicate])
        for place in room.occupied[:n_occupied]:
            for window in range(plan.weeks.size):
                room.recent_at[place, window] = 0


@numba.njit(cache=True, nogil=True)
def _draw(state: np.uint64, field: Field, plan: Plan, room: Scratch) -> int:
    """Draw the events of the longest window, week by week; those that follow another come with it."""
    items, where = room.items, room.where
    n = items.size
    for i in range(n):
        items[i] = i
        where[i] = i
    # Not bare numbers, for which numba would compile the function a second time.
    position, n_occupied, first = n - n, n - n, n - n
    longest = plan.weeks.size - 1
    brought = np.int64(-1)
    for week in range(field.per_week.size):
        end = position + field.per_week[week]
        if week >= plan.weeks[first]:
            first += 1
        while position < end:
            event = brought
            if event < 0:
                state = advance(state)
                event = items[position + below(state, n - position)]
                if field.chance[event] > 0.0:
                    # A follower does not come by itself, only with the one that it follows.
                    state = advance(state)
                    if below(state, _FINE) < field.chance[event] * _FINE:
                        continue
            other, at = items[position], where[event]
            items[position], items[at] = event, other
            where[event], where[other] = position, at
            place = field.everyone[event]
            if room.recent_at[place, longest] == 0:
                room.occupied[n_occupied] = place
                n_occupied += 1
            for window in range(first, longest + 1):
                room.recent_at[place, window] += 1
            position += 1
            brought = np.int64(-1)
            follower = field.follower[event]
            if follower >= 0 and where[follower] >= position and field.chance[follower] > 0.0:
                state = advance(state)
                if below(state, _FINE) < field.chance[follower] * _FINE:
                    brought = follower
    return n_occupied


@numba.njit(cache=True, nogil=True)
def _look(
    n_occupied: int,
    field: Field,
    plan: Plan,
    enough: NDArray[np.float64],
    room: Scratch,
    circles: NDArray[np.float64],
) -> int:
    """Compare all circles with what they should have; writes them down if there is room for them."""
    found = n_occupied - n_occupied
    _sum_areas(n_occupied, field, plan, room)
    inside = room.in_window
    for i in range(n_occupied):
        place = room.occupied[i]
        room.strongest[i] = 0.0
        for window in range(plan.weeks.size):
            inside[window] = 0
        for ring in range(plan.radii_m.size):
            if not _add_ring(place, ring, field, plan, room):
                continue
            before = np.int64(0)
            for window in range(plan.weeks.size):
                observed = inside[window]
                # A longer window without another event, and a circle too empty, have nothing new to show.
                if observed < plan.min_incidents or observed == before:
                    continue
                before = observed
                worth = enough[observed] if observed < enough.size else float(observed)
                expected = field.total[place, ring] * field.share[window]
                # The neighbourhood's lead can only raise what is expected: most circles end here.
                if expected > worth:
                    continue
                expected *= _lead(place, ring, window, observed, field, plan, room)
                if expected > worth:
                    continue
                ratio = log_likelihood_ratio(observed, expected, field.in_window[window])
                if ratio > room.strongest[i]:
                    room.strongest[i] = ratio
                    room.radius_m[i] = plan.radii_m[ring]
                if circles.shape[0] > 0:
                    row = circles[found]
                    row[0], row[1], row[2] = place, ring, window
                    row[3], row[4], row[5] = observed, expected, ratio
                    found += 1
    return found


@numba.njit(cache=True, nogil=True)
def _sum_areas(n_occupied: int, field: Field, plan: Plan, room: Scratch) -> None:
    """Count the recent events of each neighbourhood, window by window."""
    for area in range(room.recent.shape[0]):
        for window in range(plan.weeks.size):
            room.recent[area, window] = 0
    for place in room.occupied[:n_occupied]:
        for window in range(plan.weeks.size):
            room.recent[field.area[place], window] += room.recent_at[place, window]


@numba.njit(cache=True, nogil=True)
def _add_ring(place: int, ring: int, field: Field, plan: Plan, room: Scratch) -> bool:
    """Add one ring's recent events to the circle; says whether there were any."""
    changed = False
    longest = plan.weeks.size - 1
    for edge in range(field.start[place, ring], field.start[place, ring + 1]):
        near = field.near[edge]
        if room.recent_at[near, longest] == 0:
            continue
        changed = True
        for window in range(longest + 1):
            room.in_window[window] += room.recent_at[near, window]
    return changed


@numba.njit(cache=True, nogil=True)
def _lead(
    place: int, ring: int, window: int, observed: int, field: Field, plan: Plan, room: Scratch
) -> float:
    """Tell how many times the city's recent share a circle's neighbourhood has, 1 at the least."""
    # The circle itself is left out of its surroundings, or it would explain itself away. It may reach over
    # the border, and then a little too much is left out.
    area = field.area[place]
    rest = max(field.area_total[area] - field.total[place, ring], 0)
    rest_recent = min(max(room.recent[area, window] - observed, 0), rest)
    share = field.share[window]
    lead = (rest_recent + plan.lead_incidents * share) / (rest + plan.lead_incidents)
    # Where the surroundings went down, staying as before is no rise.
    return float(max(lead / share, 1.0))


@numba.njit(cache=True, nogil=True)
def _keep_disjoint(n_occupied: int, field: Field, room: Scratch, kept: NDArray[np.float64]) -> None:
    """Remember the strongest circles of a replicate that do not overlap."""
    for number in range(kept.size):
        best = 0
        for i in range(1, n_occupied):
            if room.strongest[i] > room.strongest[best]:
                best = i
        if n_occupied == 0 or room.strongest[best] == 0.0:
            kept[number:] = 0.0
            return
        kept[number] = room.strongest[best]
        centre = room.occupied[best]
        for i in range(n_occupied):
            if room.strongest[i] == 0.0:
                continue
            other = room.occupied[i]
            apart_m = math.hypot(
                field.places_m[other, 0] - field.places_m[centre, 0],
                field.places_m[other, 1] - field.places_m[centre, 1],
            )
            if apart_m <= room.radius_m[best] + room.radius_m[i]:
                room.strongest[i] = 0.0
        room.strongest[best] = 0.0
