"""What the search goes over and with: its plan, the events of a theme, what circles must reach, and room."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.cluster.rings import Rings

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
_FEW_HALVINGS = 24
"""The same where a bound is wanted that is hardly too high."""
_ROUNDING = 1e-6
"""What a likelihood ratio is lower at the most for having been rounded."""
WORD_BITS = 64
"""Of the numbers that counts stand side by side in."""
FINE = 1 << 30
"""Steps into which a chance is divided when it is drawn for."""
RING_SHIFT = 27
"""Bit from which on the ring of a neighbour stands above its number: 134 million places, 16 rings."""


def with_ring(laid: Rings) -> NDArray[np.int32]:
    """
    Write the ring of each neighbour above its number, so that one look tells both.

    Parameters
    ----------
    laid
        The rings around each place.

    Returns
    -------
    ndarray
        Place and ring of each neighbour in one number, shape (pairs,).
    """
    n, rings = laid.start.shape[0], laid.start.shape[1] - 1
    ring = np.tile(np.arange(rings, dtype=np.int32) << RING_SHIFT, n)
    return np.repeat(ring, np.diff(laid.start, axis=1).ravel()) | laid.place


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
        The rings around each place, as in `hotspot.cluster.rings.Rings`; `near` as `with_ring` gives it.
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
    written before they are read. `turn` tells in which order places became recent. What is of 64 bits
    without a sign holds counts in lanes, as `hotspot.circles.Limits` says.
    """

    recent_at: NDArray[np.uint64]
    is_recent: NDArray[np.int8]
    turn: NDArray[np.int32]
    occupied: NDArray[np.int32]
    recent: NDArray[np.uint64]
    inside: NDArray[np.uint64]
    recent_in: NDArray[np.int64]
    in_window: NDArray[np.int64]
    items: NDArray[np.int32]
    where: NDArray[np.int32]
    near: NDArray[np.int32]
    raised: NDArray[np.int32]
    strongest: NDArray[np.float64]
    radius_m: NDArray[np.float64]


_FEW_EVENTS = 1 << 15
"""Recent events from which their counts need the wider lanes."""


def lanes_of(field: Field, plan: Plan) -> tuple[int, int]:
    """
    Tell how counts are laid side by side.

    Parameters
    ----------
    field
        What is searched.
    plan
        What is tried.

    Returns
    -------
    tuple of int
        Lanes in a number of 64 bits, none of which any count can fill, and numbers for all windows.
    """
    lanes = 4 if field.per_week.sum() < _FEW_EVENTS else 2
    return lanes, -(-plan.weeks.size // lanes)


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
    _, words = lanes_of(field, plan)
    return Scratch(
        recent_at=np.zeros((n, words), np.uint64),
        is_recent=np.zeros(n, np.int8),
        turn=np.empty(n, np.int32),
        occupied=np.empty(n, np.int32),
        recent=np.zeros((field.area_total.size, words), np.uint64),
        inside=np.zeros(words, np.uint64),
        recent_in=np.zeros(plan.weeks.size, np.int64),
        in_window=np.zeros(plan.weeks.size, np.int64),
        items=np.arange(events, dtype=np.int32),
        where=np.arange(events, dtype=np.int32),
        near=np.empty(int((field.start[:, -1] - field.start[:, 0]).max(initial=0)), np.int32),
        raised=np.empty(n, np.int32),
        strongest=np.empty(n),
        radius_m=np.empty(n),
    )


class Limits(NamedTuple):
    """
    What the counts of circles are held against, window by window.

    Counts of several windows stand side by side in the lanes of one number, so that they are added up and
    compared at once. An event stands in the lane of the shortest window that it is in; the sum of the lanes
    up to a window is its count. The highest bit of a lane is never reached by a count.

    Parameters
    ----------
    enough
        What `worth_a_look` gives; circles with a larger expected count are passed over.
    slack
        What must be added to a count for it to reach the highest bit of its lane exactly if the circle is
        worth a look whatever its neighbourhood is like, shape (n, rings, words).
    lanes
        Lanes of a number.
    events
        What a draw has to know of each event, side by side: its place, its follower or -1, and what a number
        below `FINE` must be below for it, and for its follower, not to come by itself, shape (events, 4).
    """

    enough: NDArray[np.float64]
    slack: NDArray[np.uint64]
    lanes: int
    events: NDArray[np.int32]


def limits_of(field: Field, plan: Plan, *, asked_from: float = 0.0) -> Limits:
    """
    Tell from which count on each circle is worth a look.

    Parameters
    ----------
    field
        What is searched.
    plan
        What is tried.
    asked_from
        Likelihood ratio below which nobody asks how strong a circle is; 0 where it is asked of all.

    Returns
    -------
    Limits
        For all circles and windows.
    """
    lanes, words = lanes_of(field, plan)
    bits = WORD_BITS // lanes
    enough = worth_a_look(field.everyone.size)
    if asked_from > 0.0:
        # No circle holds more than there is in the longest window.
        enough = enough[: int(field.in_window.max()) + 2]
        at_most = _expected_at_most(asked_from, float(field.in_window.min()), counts=enough.size)
        enough = np.minimum(enough, at_most)
    slack = np.zeros((*field.total.shape, words), np.uint64)
    totals = np.arange(field.total.max(initial=0) + 1)
    for window, share in enumerate(field.share.tolist()):
        expected = totals * share
        least = np.searchsorted(enough, expected)
        # Beyond the table it takes what is expected.
        least = np.where(least < enough.size, least, np.maximum(np.ceil(expected), enough.size))
        least = np.clip(least, plan.min_incidents, 1 << (bits - 1)).astype(np.uint64)
        word, lane = divmod(window, lanes)
        missing = (np.uint64(1 << (bits - 1)) - least) << np.uint64(lane * bits)
        slack[:, :, word] |= missing[field.total]
    follows = np.append(np.ceil(field.chance * FINE), 0.0)
    events = (field.everyone, field.follower, follows[:-1], follows[field.follower])
    return Limits(enough, slack, lanes, np.column_stack(events).astype(np.int32))


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

    def reaches(expected: NDArray[np.float64]) -> NDArray[np.bool_]:
        return observed * np.log(observed / expected) - (observed - expected) >= least

    return _halved(observed, reaches, halvings=_HALVINGS)[0]


def _expected_at_most(ratio: float, events: float, *, counts: int) -> NDArray[np.float64]:
    """Tell up to which expected count a circle may reach a ratio, in windows of so many events at least."""
    observed = np.arange(counts, dtype=np.float64)
    # What is left outside lowers the ratio, the less so the fewer they are; where all are inside, not at all.
    outside = np.maximum(events - observed, 0.0)

    def reaches(expected: NDArray[np.float64]) -> NDArray[np.bool_]:
        lowered = np.where(outside > 0, outside * np.log(outside / (events - expected)), 0.0)
        return observed * np.log(observed / expected) + lowered >= ratio - _ROUNDING

    return _halved(observed, reaches, halvings=_FEW_HALVINGS)[1]


def _halved(
    observed: NDArray[np.float64],
    reaches: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    *,
    halvings: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the last expected counts that were seen to reach something, and the first that were not."""
    low, high = np.zeros(observed.size), observed.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(halvings):
            middle = (low + high) / 2
            reached = reaches(middle)
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    return low, high
