"""
Did the ring around a place rise while the place itself fell.

Question: did a theme have fewer events in a place in the last four weeks than expected, and more around it?
Null: each is drawn from its own `expectation`, which knows the city's season and trend.
Cost: one expectation of all places and rings, in steps of four weeks.
Reference: Wheeler & Ratcliffe (2018), A simple weighted displacement difference test to evaluate place based
crime interventions; Bowers & Johnson (2003), Measuring the geographical displacement and diffusion of benefit
effects of crime prevention activity, on rings.

A place that was high by chance falls back by itself, but its ring does not rise for it. So a fall is measured
from the expectation, which a single high step hardly moves, and says nothing unless the ring rises beyond
chance. Of a place that was listed because its last weeks were high, those weeks do not lower the expectation
of the ring: incidents near it may have been counted to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.expectation import LEAST_STEPS, ROOT, expectation
from hotspot.stats.effect import BeforeAfter, displacement_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.stats.effect import Effect

RINGS_M = (250.0, 500.0)
"""Outer edges of the rings in metres (METHODS 2.15)."""

STEP_WEEKS = 4
"""Weeks of a step; the last step is looked at."""
BEFORE_STEPS = 4
"""Steps with which the last one is compared in `RingTest.net`."""

FALL = 0.25
"""
One-sided level at which a place is taken to have fallen.

Only around those is asked for a rise; the fall's own p-value is divided by this, as fits a test that is made
after such a choice.
"""

_STEPS_A_YEAR = 13
_MOST_STEPS = 27


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place that incidents may have left.

    Parameters
    ----------
    id, name
        What it is called; the name fits behind 'in'.
    theme
        Number of the only theme that is asked about; absent for all.
    was_listed
        Whether it was chosen because its last weeks were high, as a hotspot is.
    """

    id: str
    name: str
    theme: int | None = None
    was_listed: bool = False

    def has(self, theme: int) -> bool:
        """
        Tell whether a theme is asked about here.

        Parameters
        ----------
        theme
            Number of the theme.

        Returns
        -------
        bool
            Whether it is.
        """
        return self.theme is None or self.theme == theme


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    Which events lie in each place or in the rings around it.

    Parameters
    ----------
    place, event
        Indices of place and event, shape (m,).
    zone
        0 inside, 1 and 2 for the rings, shape (m,).
    """

    place: NDArray[np.int64]
    event: NDArray[np.int64]
    zone: NDArray[np.int64]

    def renumbered(self, order: Sequence[int]) -> Surroundings:
        """
        Give these surroundings with the places in another order.

        Parameters
        ----------
        order
            The present numbers of the places in the order that they get.

        Returns
        -------
        Surroundings
            The same, with other numbers of places.
        """
        rank = np.empty(len(order), np.int64)
        rank[np.array(order, np.int64)] = np.arange(len(order))
        return Surroundings(rank[self.place], self.event, self.zone)

    def and_those_of(self, other: Surroundings, *, places: int) -> Surroundings:
        """
        Put the surroundings of a second list of places behind these, among the same events.

        Parameters
        ----------
        other
            Surroundings of the second list.
        places
            Number of places of the first list.

        Returns
        -------
        Surroundings
            Of both lists, the places of the second numbered on.
        """
        return Surroundings(
            np.concatenate([self.place, other.place + places]),
            np.concatenate([self.event, other.event]),
            np.concatenate([self.zone, other.zone]),
        )


@dataclass(frozen=True, slots=True)
class RingTest:
    """
    A place that fell in the last step, and one ring around it.

    Parameters
    ----------
    place, ring
        Index of the place and of the ring's outer edge in `RINGS_M`.
    inside, inside_expected, around, around_expected
        Events of the last step in place and ring, and what was expected.
    net
        What both together gained beside the rest of the city, in events a step: the weighted displacement
        difference with the four steps before.
    p_value
        That of the weaker half of the claim: the place fell, the ring rose.
    """

    place: int
    ring: int
    inside: int
    inside_expected: float
    around: int
    around_expected: float
    net: Effect
    p_value: float


def surroundings(
    xy_m: NDArray[np.float64],
    footprints: Sequence[shapely.Polygon | shapely.MultiPolygon],
    *,
    rings_m: tuple[float, float] = RINGS_M,
) -> Surroundings:
    """
    Tell which events lie in each place or around it.

    Parameters
    ----------
    xy_m
        Positions of the events in metres, shape (n, 2).
    footprints
        Shapes of the places in the same plane.
    rings_m
        Outer edges of the two rings, ascending.

    Returns
    -------
    Surroundings
        Ordered by place and event; what lies on an edge is inside.
    """
    x_m, y_m = np.ascontiguousarray(xy_m.T)
    found: list[NDArray[np.int64]] = [np.empty((3, 0), np.int64)]
    for place, footprint in enumerate(footprints):
        shapes = [footprint, *(footprint.buffer(edge_m) for edge_m in rings_m)]
        west_m, south_m, east_m, north_m = shapes[-1].bounds
        near = np.flatnonzero((x_m >= west_m) & (x_m <= east_m) & (y_m >= south_m) & (y_m <= north_m))
        zone = np.full(near.size, len(shapes))
        for number in reversed(range(len(shapes))):
            shapely.prepare(shapes[number])
            zone[shapely.intersects_xy(shapes[number], x_m[near], y_m[near])] = number
        held = zone < len(shapes)
        found.append(np.stack([np.full(int(held.sum()), place), near[held], zone[held]]))
    return Surroundings(*np.concatenate(found, axis=1))


def steps_of(weeks: int) -> int:
    """
    Tell how many steps are looked at.

    Parameters
    ----------
    weeks
        Weeks counted, the judged one included.

    Returns
    -------
    int
        Whole steps, at most two years and the last one; 0 where they are too few to expect anything.
    """
    steps = min(weeks // STEP_WEEKS, _MOST_STEPS)
    return steps if steps > LEAST_STEPS else 0


def zone_counts(
    near: Surroundings,
    theme: NDArray[np.int64],
    step: NDArray[np.int64],
    *,
    themes: int,
    places: int,
    steps: int,
) -> NDArray[np.int64]:
    """
    Count the events in places and rings by theme and step.

    Parameters
    ----------
    near
        Which events lie where.
    theme, step
        Of each event; a step is 0 for the oldest, and others than 0 to `steps` - 1 are left out, shape (n,).
    themes, places, steps
        How many there are.

    Returns
    -------
    ndarray
        Counts by theme, place, zone and step.
    """
    used = ((step >= 0) & (step < steps))[near.event]
    event = near.event[used]
    size = (themes, places, 1 + len(RINGS_M), steps)
    index = np.ravel_multi_index((theme[event], near.place[used], near.zone[used], step[event]), size)
    return np.bincount(index, minlength=int(np.prod(size))).reshape(size)


def ring_tests(
    counts: NDArray[np.int64], city: NDArray[np.int64], *, was_listed: NDArray[np.bool_]
) -> tuple[RingTest, ...]:
    """
    Ask around every place that fell whether its rings rose, for one theme.

    Parameters
    ----------
    counts
        Events by place, zone and step, oldest first, as `zone_counts` gives them.
    city
        Events of the whole city by step, shape (steps,).
    was_listed
        Whether each place was chosen for its last weeks, shape (places,).

    Returns
    -------
    tuple of RingTest
        One for each ring around each place that fell; each is one test. Around a place whose rings have never
        held an event, such as the whole city, nothing is asked.
    """
    settled = counts.copy()
    earlier = city[:-2].sum()
    if earlier > 0:
        usual = np.rint(counts[:, 1:, :-2].sum(axis=2) * (city[-2] / earlier)).astype(np.int64)
        raised = np.maximum(counts[:, 1:, -2], usual)
        settled[:, 1:, -2] = np.where(was_listed[:, None], raised, counts[:, 1:, -2])
    series = np.concatenate([city[None], settled.reshape(-1, city.size)])
    within = np.append(ROOT, np.zeros(len(series) - 1, np.intp))
    found = expectation(series[:, :-1], within=within, steps_a_year=_STEPS_A_YEAR)
    places, zones = counts.shape[:2]
    row = 1 + np.arange(places * zones).reshape(places, zones)
    less = found.of(row[:, 0]).at_most(counts[:, 0, -1])
    expected = found.expected[row]
    asked = np.argwhere((less[:, None] <= FALL) & (counts[:, 1:].sum(axis=2) > 0))
    rings = row[asked[:, 0], asked[:, 1] + 1]
    more = found.of(rings).at_least(series[rings, -1])
    return tuple(
        RingTest(
            place=place,
            ring=ring,
            inside=int(counts[place, 0, -1]),
            inside_expected=float(expected[place, 0]),
            around=int(counts[place, ring + 1, -1]),
            around_expected=float(expected[place, ring + 1]),
            net=_net(counts[place, 0], counts[place, ring + 1], city),
            # Both halves of the claim must hold; the fall was chosen for being small.
            p_value=float(max(min(1.0, less[place] / FALL), rise)),
        )
        for (place, ring), rise in zip(asked.tolist(), more, strict=True)
    )


def _net(place: NDArray[np.int64], ring: NDArray[np.int64], city: NDArray[np.int64]) -> Effect:
    """Give what place and ring gained beside the rest of the city, in events a step."""
    rest = city - place - ring

    def before_after(counts: NDArray[np.int64], size: float = 1.0) -> BeforeAfter:
        return BeforeAfter(float(counts[-BEFORE_STEPS - 1 : -1].sum()), float(counts[-1]), size)

    # The rest is brought to the size of each by the steps before those compared: no high step chose it.
    rest_size, *sizes = (max(float(own[: -BEFORE_STEPS - 1].sum()), 1.0) for own in (rest, place, ring))
    return displacement_difference(
        before_after(place),
        before_after(rest, rest_size / sizes[0]),
        displaced_treated=before_after(ring),
        displaced_control=before_after(rest, rest_size / sizes[1]),
        durations=(float(BEFORE_STEPS), 1.0),
    ).total
