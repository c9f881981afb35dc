"""
The circles of the search: how each is compared with its past, on the data and on every replicate alike.

Around every place with a recent event a circle is laid at each radius of the plan, and looked at over each
of its windows. This is the inner loop of the detector; `hotspot.search` says what is done with it.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.field import scratch
from hotspot.stats.permutation import advance, below
from hotspot.stats.scan import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.field import Field, Plan, Scratch

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
    room.is_recent[occupied] = 1
    room.occupied[: occupied.size] = occupied
    circles = np.empty((occupied.size * plan.radii_m.size * plan.weeks.size, 6))
    found, _ = _look(occupied.size, field, plan, worth_a_look(field.everyone.size), room, circles)
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
        _, n_raised = _look(n_occupied, field, plan, enough, room, nothing)
        _keep_disjoint(n_raised, field, room, kept[replicate])
        for place in room.occupied[:n_occupied]:
            room.is_recent[place] = 0
            for window in range(plan.weeks.size):
                room.recent_at[place, window] = 0


@numba.njit(cache=True, nogil=True)
def _draw(state: np.uint64, field: Field, plan: Plan, room: Scratch) -> int:
    """Draw the events of the longest window, week by week; those that follow another come with it."""
    # Taken out of the tuples once: a loop that reaches into them counts references all the time.
    items, where, is_recent, recent_at = room.items, room.where, room.is_recent, room.recent_at
    everyone, follower, chance, per_week = field.everyone, field.follower, field.chance, field.per_week
    n, longest = items.size, plan.weeks.size - 1
    # Not bare numbers, for which numba would compile the function a second time.
    position, n_occupied, first = n - n, n - n, n - n
    brought = np.int64(-1)
    for week in range(per_week.size):
        end = position + per_week[week]
        if week >= plan.weeks[first]:
            first += 1
        while position < end:
            event = brought
            if event < 0:
                state = advance(state)
                event = np.int64(items[position + below(state, n - position)])
                if chance[event] > 0.0:
                    # A follower does not come by itself, only with the one that it follows.
                    state = advance(state)
                    if below(state, _FINE) < chance[event] * _FINE:
                        continue
            other, at = items[position], where[event]
            items[position], items[at] = event, other
            where[event], where[other] = position, at
            place = everyone[event]
            if is_recent[place] == 0:
                is_recent[place] = 1
                room.occupied[n_occupied] = place
                n_occupied += 1
            for window in range(first, longest + 1):
                recent_at[place, window] += 1
            position += 1
            brought = np.int64(-1)
            after = follower[event]
            if after >= 0 and where[after] >= position and chance[after] > 0.0:
                state = advance(state)
                if below(state, _FINE) < chance[after] * _FINE:
                    brought = after
    _put_back(position, items, where)
    return n_occupied


@numba.njit(cache=True, nogil=True)
def _put_back(drawn: int, items: NDArray[np.int32], where: NDArray[np.int32]) -> None:
    """Undo a draw: only the first places and those of the drawn items have changed."""
    for position in range(drawn):
        event = items[position]
        where[event] = event
        if event >= drawn:
            items[event] = event
    for position in range(drawn):
        items[position] = position
        where[position] = position


@numba.njit(cache=True, nogil=True)
def _look(
    n_occupied: int,
    field: Field,
    plan: Plan,
    enough: NDArray[np.float64],
    room: Scratch,
    circles: NDArray[np.float64],
) -> tuple[int, int]:
    """
    Compare all circles with what they should have; writes them down if there is room for them.

    Gives how many it wrote down, and around how many places there is one that is worth a look.
    """
    found, n_raised = n_occupied - n_occupied, n_occupied - n_occupied
    # Taken out of the tuples once: a loop that reaches into them counts references all the time.
    start, near, total, area, share = field.start, field.near, field.total, field.area, field.share
    recent_at, is_recent, inside, edges = room.recent_at, room.is_recent, room.in_window, room.edges
    raised, strongest, radius_m = room.raised, room.strongest, room.radius_m
    radii_m, least, last = plan.radii_m, plan.min_incidents, plan.weeks.size - 1
    _sum_areas(room.occupied[:n_occupied], area, recent_at, room.recent)
    for place in room.occupied[:n_occupied]:
        n_edges = _recent_edges(start[place, 0], start[place, radii_m.size], near, is_recent, edges)
        strongest[n_raised] = 0.0
        inside[:] = 0
        position = n_edges - n_edges
        for ring in range(radii_m.size):
            first = position
            while position < n_edges and edges[position] < start[place, ring + 1]:
                for window in range(last + 1):
                    inside[window] += recent_at[near[edges[position]], window]
                position += 1
            # A circle without another event, and one too empty, have nothing new to show.
            if position == first or inside[last] < least:
                continue
            is_worth = False
            for window in range(last + 1):
                observed = inside[window]
                worth = enough[observed] if observed < enough.size else float(observed)
                # The neighbourhood's lead can only raise what is expected: most circles end here.
                is_worth |= total[place, ring] * share[window] <= worth
            if not is_worth:
                continue
            found, best = _compare(place, ring, field, plan, enough, room, circles, found)
            if best > strongest[n_raised]:
                strongest[n_raised], radius_m[n_raised] = best, radii_m[ring]
        if strongest[n_raised] > 0.0:
            raised[n_raised] = place
            n_raised += 1
    return found, n_raised


@numba.njit(cache=True, nogil=True)
def _recent_edges(
    first: int, last: int, near: NDArray[np.int32], is_recent: NDArray[np.int8], edges: NDArray[np.int64]
) -> int:
    """List the edges from a place to places with recent events, the nearest ring first."""
    found = first - first
    for edge in range(first, last):
        # Without a branch: which places are recent is a matter of chance, which no processor foresees.
        edges[found] = edge
        found += int(is_recent[near[edge]])
    return found


@numba.njit(cache=True, nogil=True)
def _compare(
    place: int,
    ring: int,
    field: Field,
    plan: Plan,
    enough: NDArray[np.float64],
    room: Scratch,
    circles: NDArray[np.float64],
    found: int,
) -> tuple[int, float]:
    """Compare one circle with what it should have, window by window; gives the largest ratio as well."""
    inside, before, best = room.in_window, np.int64(0), 0.0
    total, area = field.total[place, ring], field.area[place]
    area_total = field.area_total[area]
    share, in_window, recent = field.share, field.in_window, room.recent
    for window in range(inside.size):
        observed = inside[window]
        # A longer window without another event has nothing new to show.
        if observed < plan.min_incidents or observed == before:
            continue
        before = observed
        worth = enough[observed] if observed < enough.size else float(observed)
        expected = total * share[window]
        if expected > worth:
            continue
        # The circle itself is left out of its surroundings, or it would explain itself away. It may reach
        # over the border, and then a little too much is left out.
        rest = max(area_total - total, 0)
        rest_recent = min(max(recent[area, window] - observed, 0), rest)
        expected *= _lead(rest_recent, rest, share[window], plan.lead_incidents)
        if expected > worth:
            continue
        ratio = log_likelihood_ratio(observed, expected, in_window[window])
        best = max(best, ratio)
        if circles.shape[0] > 0:
            row = circles[found]
            row[0], row[1], row[2] = place, ring, window
            row[3], row[4], row[5] = observed, expected, ratio
            found += 1
    return found, best


@numba.njit(cache=True, nogil=True)
def _sum_areas(
    occupied: NDArray[np.int32],
    area: NDArray[np.int32],
    recent_at: NDArray[np.int32],
    recent: NDArray[np.int64],
) -> None:
    """Count the recent events of each neighbourhood, window by window."""
    recent[:] = 0
    for place in occupied:
        for window in range(recent.shape[1]):
            recent[area[place], window] += recent_at[place, window]


@numba.njit(cache=True, nogil=True)
def _lead(recent: int, events: int, share: float, lead_incidents: float) -> float:
    """Tell how many times the city's recent share the surroundings of a circle have, 1 at the least."""
    lead = (recent + lead_incidents * share) / (events + lead_incidents)
    # Where the surroundings went down, staying as before is no rise.
    return float(max(lead / share, 1.0))


@numba.njit(cache=True, nogil=True)
def _keep_disjoint(n_raised: int, field: Field, room: Scratch, kept: NDArray[np.float64]) -> None:
    """Remember the strongest circles of a replicate that do not overlap."""
    for number in range(kept.size):
        best = 0
        for i in range(1, n_raised):
            if room.strongest[i] > room.strongest[best]:
                best = i
        if n_raised == 0 or room.strongest[best] == 0.0:
            kept[number:] = 0.0
            return
        kept[number] = room.strongest[best]
        centre = room.raised[best]
        for i in range(n_raised):
            if room.strongest[i] == 0.0:
                continue
            other = room.raised[i]
            apart_m = math.hypot(
                field.places_m[other, 0] - field.places_m[centre, 0],
                field.places_m[other, 1] - field.places_m[centre, 1],
            )
            if apart_m <= room.radius_m[best] + room.radius_m[i]:
                room.strongest[i] = 0.0
        room.strongest[best] = 0.0
