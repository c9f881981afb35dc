"""
The circles of the search: how each is compared with its past, on the data and on every replicate alike.

Around every place with a recent event a circle is laid at each radius of the plan, and looked at over each
of its windows. This is the inner loop of the detector; `hotspot.search` says what is done with it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.field import FINE, RING_SHIFT, WORD_BITS, limits_of, scratch
from hotspot.stats.permutation import advance, below
from hotspot.stats.scan import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.field import Field, Limits, Plan, Scratch

_PLACE = (1 << RING_SHIFT) - 1
"""The bits of a neighbour that tell its place."""


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
    room, limits = scratch(field, plan), limits_of(field, plan)
    occupied = np.flatnonzero(field.counts.any(axis=1)).astype(np.int32)
    first = np.searchsorted(plan.weeks, np.arange(field.counts.shape[1]), side="right")
    word, shift = np.divmod(first, limits.lanes)
    shift *= WORD_BITS // limits.lanes
    for week, counts in enumerate(field.counts.T):
        room.recent_at[:, word[week]] += counts.astype(np.uint64) << np.uint64(shift[week])
    room.is_recent[occupied] = 1
    room.occupied[: occupied.size] = occupied
    circles = np.empty((occupied.size * plan.radii_m.size * plan.weeks.size, 6))
    found, _ = _look(occupied.size, field, plan, limits, room, circles)
    return circles[:found]


@numba.njit(cache=True, nogil=True)
def search_each(
    seeds: NDArray[np.uint64],
    field: Field,
    plan: Plan,
    limits: Limits,
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
    limits
        What `limits_of` gives.
    room
        Clean scratch.
    kept
        Receives the likelihood ratios of its strongest disjoint circles, falling and 0 where there are no
        more, shape (r, plan.kept).
    """
    nothing = np.empty((0, 6))
    for replicate in range(seeds.size):
        n_occupied = _draw(seeds[replicate], field, plan, limits, room)
        _, n_raised = _look(n_occupied, field, plan, limits, room, nothing)
        _keep_disjoint(n_raised, field, room, kept[replicate])
        for place in room.occupied[:n_occupied]:
            room.is_recent[place] = 0
            for word in range(room.recent_at.shape[1]):
                room.recent_at[place, word] = 0


@numba.njit(cache=True, nogil=True)
def _draw(state: np.uint64, field: Field, plan: Plan, limits: Limits, room: Scratch) -> int:
    """Draw the events of the longest window, week by week; those that follow another come with it."""
    # Taken out of the tuples once: a loop that reaches into them counts references all the time.
    items, where, is_recent, recent_at = room.items, room.where, room.is_recent, room.recent_at
    events, per_week, lanes, turn = limits.events, field.per_week, limits.lanes, room.turn
    n = items.size
    # Not bare numbers, for which numba would compile the function a second time.
    position, n_occupied, first = n - n, n - n, n - n
    brought = np.int64(-1)
    for week in range(per_week.size):
        end = position + per_week[week]
        if week >= plan.weeks[first]:
            first += 1
        word, one = first // lanes, np.uint64(1) << np.uint64(first % lanes * (WORD_BITS // lanes))
        while position < end:
            event = brought
            if event < 0:
                state = advance(state)
                at = np.int64(position + below(state, n - position))
                event = np.int64(items[at])
                if events[event, 2] > 0:
                    # A follower does not come by itself, only with the one that it follows.
                    state = advance(state)
                    if below(state, FINE) < events[event, 2]:
                        continue
            else:
                at = np.int64(where[event])
            other = items[position]
            items[position], items[at] = event, other
            where[event], where[other] = position, at
            place = events[event, 0]
            if is_recent[place] == 0:
                is_recent[place] = 1
                turn[place] = n_occupied
                n_occupied += 1
            recent_at[place, word] += one
            position += 1
            brought = np.int64(-1)
            after = np.int64(events[event, 1])
            if events[event, 3] > 0 and where[after] >= position:
                state = advance(state)
                if below(state, FINE) < events[event, 3]:
                    brought = after
    _put_back(position, items, where)
    # In the order of their numbers, in which they lie side by side: what is looked up for one is at hand for
    # the next.
    n_occupied = n - n
    for place in range(is_recent.size):
        room.occupied[n_occupied] = place
        n_occupied += is_recent[place]
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
    limits: Limits,
    room: Scratch,
    circles: NDArray[np.float64],
) -> tuple[int, int]:
    """
    Compare all circles with what they should have; writes them down if there is room for them.

    Gives how many it wrote down, and around how many places there is one that is worth a look.
    """
    found, n_raised = n_occupied - n_occupied, n_occupied - n_occupied
    # Taken out of the tuples once: a loop that reaches into them counts references all the time.
    start, near, area, slack = field.start, field.near, field.area, limits.slack
    recent_at, is_recent, inside, around = room.recent_at, room.is_recent, room.inside, room.near
    raised, strongest, radius_m, radii_m = room.raised, room.strongest, room.radius_m, plan.radii_m
    ones, highest = _lane_ends(limits.lanes)
    top = np.uint64(WORD_BITS - WORD_BITS // limits.lanes)
    _sum_areas(room.occupied[:n_occupied], area, recent_at, room.recent)
    for place in room.occupied[:n_occupied]:
        edges = start[place, 0], start[place, radii_m.size]
        # Most places have no circle that reaches what it has to.
        if inside.size == 1 and _reached(edges, place, near, recent_at, slack, ones) & highest == 0:
            continue
        n_around = _recent_around(edges, near, is_recent, around)
        strongest[n_raised] = 0.0
        inside[:] = 0
        position = n_around - n_around
        for ring in range(radii_m.size):
            first = position
            while position < n_around and around[position] >> RING_SHIFT == ring:
                for word in range(inside.size):
                    inside[word] += recent_at[around[position] & _PLACE, word]
                position += 1
            # A circle without another event has nothing new to show.
            if position == first:
                continue
            worth, before = np.uint64(0), np.uint64(0)
            for word in range(inside.size):
                # Each lane becomes the sum of those up to it.
                sums = (inside[word] + before) * ones
                worth |= sums + slack[place, ring, word]
                before = sums >> top
            # The neighbourhood's lead can only raise what is expected: most circles end here.
            if worth & highest == 0:
                continue
            _part(inside, limits.lanes, room.in_window)
            found, best = _compare(place, ring, field, plan, limits, room, circles, found)
            if best > strongest[n_raised]:
                strongest[n_raised], radius_m[n_raised] = best, radii_m[ring]
        if strongest[n_raised] > 0.0:
            raised[n_raised] = place
            n_raised += 1
    return found, n_raised


@numba.njit(cache=True, nogil=True)
def _lane_ends(lanes: int) -> tuple[np.uint64, np.uint64]:
    """Give the numbers with the lowest, and with the highest, bit of each lane."""
    bits = WORD_BITS // lanes
    lowest = np.uint64(0)
    for lane in range(lanes):
        lowest |= np.uint64(1) << np.uint64(lane * bits)
    return lowest, lowest << np.uint64(bits - 1)


@numba.njit(cache=True, nogil=True)
def _part(words: NDArray[np.uint64], lanes: int, counts: NDArray[np.int64]) -> None:
    """Take counts out of their lanes: each window holds those of the shorter ones too."""
    bits = WORD_BITS // lanes
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    total = np.int64(0)
    for window in range(counts.size):
        total += np.int64((words[window // lanes] >> np.uint64(window % lanes * bits)) & mask)
        counts[window] = total


@numba.njit(cache=True, nogil=True)
def _reached(
    edges: tuple[int, int],
    place: int,
    near: NDArray[np.int32],
    recent_at: NDArray[np.uint64],
    slack: NDArray[np.uint64],
    ones: np.uint64,
) -> np.uint64:
    """
    Tell by the highest bits of lanes whether any circle around a place reaches what it has to.

    For counts that stand in one number. All circles at once: a part of a circle that reaches it is enough to
    know. Without a branch: which places are recent is a matter of chance, which no processor foresees.
    """
    worth, total = np.uint64(0), np.uint64(0)
    # Numbers without a sign: for others it is asked each time whether they count from the end.
    for edge in range(np.uint64(edges[0]), np.uint64(edges[1])):
        total += recent_at[np.uint32(near[edge] & _PLACE), 0]
        # Each lane becomes the sum of those up to it.
        worth |= total * ones + slack[place, np.uint32(near[edge] >> RING_SHIFT), 0]
    return worth


@numba.njit(cache=True, nogil=True)
def _recent_around(
    edges: tuple[int, int], near: NDArray[np.int32], is_recent: NDArray[np.int8], around: NDArray[np.int32]
) -> int:
    """List the places with recent events around a place, with their rings, the nearest ring first."""
    found = np.uint64(0)
    for edge in range(np.uint64(edges[0]), np.uint64(edges[1])):
        around[found] = near[edge]
        found += np.uint64(is_recent[np.uint32(near[edge] & _PLACE)])
    return int(np.int64(found))


@numba.njit(cache=True, nogil=True)
def _compare(
    place: int,
    ring: int,
    field: Field,
    plan: Plan,
    limits: Limits,
    room: Scratch,
    circles: NDArray[np.float64],
    found: int,
) -> tuple[int, float]:
    """Compare one circle with what it should have, window by window; gives the largest ratio as well."""
    inside, before, best, enough = room.in_window, np.int64(0), 0.0, limits.enough
    total, area = field.total[place, ring], field.area[place]
    area_total = field.area_total[area]
    share, in_window, recent = field.share, field.in_window, room.recent_in
    _part(room.recent[area], limits.lanes, recent)
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
        rest_recent = min(max(recent[window] - observed, 0), rest)
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
    recent_at: NDArray[np.uint64],
    recent: NDArray[np.uint64],
) -> None:
    """Count the recent events of each neighbourhood, all windows at once."""
    recent[:] = 0
    for place in occupied:
        for word in range(recent.shape[1]):
            recent[area[place], word] += recent_at[place, word]


@numba.njit(cache=True, nogil=True)
def _lead(recent: int, events: int, share: float, lead_incidents: float) -> float:
    """Tell how many times the city's recent share the surroundings of a circle have, 1 at the least."""
    lead = (recent + lead_incidents * share) / (events + lead_incidents)
    # Where the surroundings went down, staying as before is no rise.
    return float(max(lead / share, 1.0))


@numba.njit(cache=True, nogil=True)
def _keep_disjoint(n_raised: int, field: Field, room: Scratch, kept: NDArray[np.float64]) -> None:
    """Remember the strongest circles of a replicate that do not overlap; of equal ones the first drawn."""
    strongest, turn = room.strongest, room.turn
    for number in range(kept.size):
        best, highest = 0, 0.0
        for i in range(n_raised):
            is_first = strongest[i] == highest and turn[room.raised[i]] < turn[room.raised[best]]
            if strongest[i] > highest or is_first:
                best, highest = i, strongest[i]
        if highest == 0.0:
            kept[number:] = 0.0
            return
        kept[number] = highest
        centre = room.raised[best]
        for i in range(n_raised):
            if room.strongest[i] == 0.0:
                continue
            other, reach_m = room.raised[i], room.radius_m[best] + room.radius_m[i]
            east_m = field.places_m[other, 0] - field.places_m[centre, 0]
            north_m = field.places_m[other, 1] - field.places_m[centre, 1]
            # Most lie far apart, which is seen without the root.
            if max(abs(east_m), abs(north_m)) > reach_m:
                continue
            if math.hypot(east_m, north_m) <= reach_m:
                room.strongest[i] = 0.0
        room.strongest[best] = 0.0
