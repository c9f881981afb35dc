"""
The tested search for places with more incidents now than their past and the present elsewhere explain.

Question: is there, anywhere in the city and at any scale of the search, a place with more incidents in the
last weeks than it should have; and which places are that?
Null: each place has its own level all the time, what raises or lowers the theme does so for all alike, and
incidents bring others after them as often as they have done in this theme; beyond that, when something
happened is exchangeable.
Cost: per replicate a draw of the recent incidents, then sums over the recent ones around each of them.
Reference: Kulldorff et al. (2005), A space-time permutation scan statistic for disease outbreak detection;
Zhang, Assunção & Kulldorff (2010), Spatial scan statistics adjusted for multiple clusters.

Everything that the search tries on the data it tries again in every replicate, and only the strongest result
of a replicate counts. So the chance that it shows anything at all where there is nothing is at most the
p-value at which it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotspot.circles import read_circles, search_each
from hotspot.cluster.rings import circle_sums, rings
from hotspot.field import Field, Plan, limits_of, scratch, with_ring
from hotspot.stats.monte_carlo import filled, pseudo_p_value, replicate_seeds, replicates_of
from hotspot.stats.succession import succession

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.cluster.rings import Rings
    from hotspot.stats.succession import Succession

_FIRST_BLOCK = 199
"""Replicates after which the search stops if there is plainly nothing."""
_FIRST_LOOK = 79
"""Replicates after which it is first seen which circles are so weak that nobody asks for them."""
_PLAINLY_NOTHING = 0.2
"""P-value of the strongest candidate after the first block from which no more replicates are drawn."""
_WORTH_A_THREAD = 50_000
"""Recent events, those of all replicates together, below which a thread costs more than it brings."""
_DIGITS = 9
"""Digits after the point to which the statistic is compared: sums in another order may differ in the last."""


@dataclass(frozen=True, slots=True)
class Events:
    """
    The events of a theme, window and baseline together, as the search takes them.

    Parameters
    ----------
    places_m
        Distinct places in metres, ordered by x and then y, shape (n, 2).
    surroundings
        Number of the neighbourhood of each place, from 0, shape (n,).
    place
        Index of the place of each event, shape (events,).
    age_weeks
        Weeks before the named week in which each lies, shape (events,).
    day
        Time of each in days from any origin, shape (events,).
    """

    places_m: NDArray[np.float64]
    surroundings: NDArray[np.int32]
    place: NDArray[np.int64]
    age_weeks: NDArray[np.int64]
    day: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A circle of the search, tested.

    Parameters
    ----------
    events
        Indices of its events in its window, ascending.
    places
        Indices of all its places, ascending.
    centre
        Index of the place in its middle.
    weeks
        Length of its window in weeks.
    radius_m
        Its radius.
    observed
        Its events in its window.
    expected
        What it should have.
    log_likelihood_ratio
        How unlike chance it is.
    p_value
        Chance that the whole search shows something as strong where there is nothing.
    q_value
        Share of false ones to be expected among the candidates at least as strong.
    """

    events: NDArray[np.int64]
    places: NDArray[np.int64]
    centre: int
    weeks: int
    radius_m: float
    observed: int
    expected: float
    log_likelihood_ratio: float
    p_value: float
    q_value: float


def search(
    events: Events,
    *,
    plan: Plan,
    alpha: float,
    replicates: int,
    rng: np.random.Generator,
    false_share: float | None = None,
) -> tuple[Candidate, ...]:
    """
    Find the places that stand out in the last weeks, at all scales of the plan, and test them together.

    Parameters
    ----------
    events
        The events of the theme.
    plan
        What is tried.
    alpha
        P-value up to which a candidate is taken out before the search looks again.
    replicates
        Monte Carlo replicates of the whole search.
    rng
        Source of chance.
    false_share
        Q-value up to which it is asked how sure a candidate is that is not taken out. The p-values and
        q-values of others may come out lower than they are, but not as low as what is asked for; absent
        where it is asked of all.

    Returns
    -------
    tuple of Candidate
        Strongest first; of circles that overlap the strongest only. P-values and q-values never fall along
        the list.
    """
    asked = Asked(alpha, np.inf if false_share is None else false_share, replicates)
    if events.place.size == 0:
        return ()
    laid = rings(events.places_m, radii_m=plan.radii_m)
    near = with_ring(laid)
    linked = succession(events.places_m[events.place], events.day, rng=rng)
    alive = np.ones(events.place.size, bool)
    found: list[Candidate] = []
    while True:
        field = _field(events, alive, laid, near, linked, plan)
        circles = _disjoint(read_circles(field, plan), events, found, plan)
        if not circles:
            return tuple(found)
        chance = _chance(field, plan, circles, found, asked, replicate_seeds(rng, replicates))
        tested = _tested(circles, chance, found, events, alive, laid, plan)
        if tested[0].p_value > alpha:
            return tuple(found + tested)
        found.append(tested[0])
        alive[tested[0].events] = False


def _field(
    events: Events,
    alive: NDArray[np.bool_],
    laid: Rings,
    near: NDArray[np.int32],
    linked: Succession,
    plan: Plan,
) -> Field:
    """Count what is fixed in all replicates: the totals of the places and of the circles."""
    n, longest = len(events.places_m), int(plan.weeks[-1])
    place, age_weeks = events.place[alive], events.age_weeks[alive]
    number = np.cumsum(alive) - 1
    follower = linked.follower[alive]
    # Whoever follows one that was taken out comes by itself from now on.
    follows = np.zeros(alive.size, bool)
    follows[follower[follower >= 0]] = True
    follower = np.where((follower >= 0) & alive[follower], number[follower], -1)
    in_window = age_weeks < longest
    total = np.bincount(place, minlength=n)
    sums = circle_sums(laid, total)
    per_week = np.bincount(age_weeks[in_window], minlength=longest)[:longest].astype(np.int64)
    in_period = np.cumsum(per_week)[plan.weeks - 1].astype(np.float64)
    n_areas = int(events.surroundings.max()) + 1
    counts = np.zeros((n, longest), np.int64)
    np.add.at(counts, (place[in_window], age_weeks[in_window]), 1)
    return Field(
        start=laid.start,
        near=near,
        places_m=events.places_m,
        total=sums,
        in_window=in_period,
        share=in_period / place.size,
        area=events.surroundings,
        area_total=np.bincount(events.surroundings, weights=total, minlength=n_areas).astype(np.int64),
        per_week=per_week,
        counts=counts,
        everyone=place.astype(np.int32),
        follower=follower.astype(np.int64),
        chance=np.where(follows, linked.chance, 0.0)[alive],
    )


class Asked(NamedTuple):
    """
    What is asked about the candidates.

    Parameters
    ----------
    alpha
        P-value up to which a candidate is taken out before the search looks again.
    false_share
        Q-value up to which it is asked how sure others are.
    replicates
        Monte Carlo replicates of the whole search.
    """

    alpha: float
    false_share: float
    replicates: int


class _Chance(NamedTuple):
    """The strongest disjoint circles of each replicate, and from which ratio on all are known; it rises."""

    kept: NDArray[np.float64]
    asked_from: NDArray[np.float64]

    def reached(self, ratio: float) -> tuple[int, int]:
        """Count the circles that are as strong, and the replicates that have one: those that are known."""
        known = self.kept[: np.searchsorted(self.asked_from, ratio, side="right")]
        return int(np.count_nonzero(known >= ratio)), int(np.count_nonzero(known[:, 0] >= ratio))

    def and_then(self, kept: NDArray[np.float64], asked_from: float) -> _Chance:
        """Put more replicates behind these."""
        return _Chance(
            np.concatenate([self.kept, kept]), np.append(self.asked_from, np.full(len(kept), asked_from))
        )


def _chance(
    field: Field,
    plan: Plan,
    circles: list[tuple[float, ...]],
    found: list[Candidate],
    asked: Asked,
    seeds: NDArray[np.uint64],
) -> _Chance:
    """
    Search the replicates; stop after a first block that leaves no doubt (Besag & Clifford 1991).

    That is one with many as strong, or, since a later p-value below alpha is as good as any (the first one's
    bounds it from below), one with none if its p-value is then alpha or less.
    """
    ratios = np.array([one[-1] for one in circles])
    chance = _Chance(np.empty((0, plan.kept)), np.empty(0))
    for end in (_FIRST_LOOK, _FIRST_BLOCK, seeds.size):
        more = seeds[len(chance.kept) : end]
        if more.size == 0:
            break
        asked_from = _asked_from(ratios, chance.kept, len(found), asked)
        chance = chance.and_then(_replicated(field, plan, more, asked_from), asked_from)
        if end != _FIRST_BLOCK:
            continue
        p_value = pseudo_p_value(ratios[0], chance.kept[:, 0])
        is_sure = bool(found) and p_value <= asked.alpha and chance.reached(ratios[0]) == (0, 0)
        if p_value >= _PLAINLY_NOTHING or is_sure:
            break
    return chance


def _asked_from(ratios: NDArray[np.float64], kept: NDArray[np.float64], n_found: int, asked: Asked) -> float:
    """Give the ratio of the last circle of which is asked, whatever the replicates to come may hold."""
    every, highest = np.sort(kept.ravel()), np.sort(kept[:, 0])
    by_chance = (1 + every.size - np.searchsorted(every, ratios)) / (1 + asked.replicates)
    share = np.minimum(by_chance / (n_found + 1 + np.arange(ratios.size)), 1.0)
    p_value = (1 + highest.size - np.searchsorted(highest, ratios)) / (1 + asked.replicates)
    is_out = (p_value > asked.alpha) & (share > asked.false_share)
    # Neither value falls along the list: behind the first that is out, all are.
    return float(ratios[max(int(np.argmax(is_out)) - 1, 0)]) if is_out.any() else 0.0


def _replicated(
    field: Field, plan: Plan, seeds: NDArray[np.uint64], asked_from: float
) -> NDArray[np.float64]:
    """Search every replicate; the threads share the work and do not change the result."""
    limits = limits_of(field, plan, asked_from=asked_from)

    def each(part: NDArray[np.uint64], kept: NDArray[np.float64]) -> None:
        search_each(part, field, plan, limits, scratch(field, plan), kept)

    draws = seeds.size * int(field.per_week.sum())
    threads = None if draws >= _WORTH_A_THREAD else 1
    return np.round(replicates_of(filled(each, (plan.kept,)), seeds, threads=threads), _DIGITS)


def _disjoint(
    circles: NDArray[np.float64], events: Events, found: list[Candidate], plan: Plan
) -> list[tuple[float, ...]]:
    """Keep the strongest circles that overlap neither each other nor those found before."""
    circles = circles.round(_DIGITS)
    # By evidence; of equal ones the smaller, the shorter, the first.
    circles = circles[np.lexsort((circles[:, 0], circles[:, 2], circles[:, 1], -circles[:, 5]))]
    centre_m = events.places_m[circles[:, 0].astype(np.int64)]
    radius_m = plan.radii_m[circles[:, 1].astype(np.int64)]
    free = np.ones(len(circles), bool)
    for one in found:
        apart_m = np.hypot(*(centre_m - events.places_m[one.centre]).T)
        free &= apart_m > radius_m + one.radius_m
    kept = []
    while free.any():
        first = int(np.argmax(free))
        kept.append(tuple(circles[first].tolist()))
        apart_m = np.hypot(*(centre_m - centre_m[first]).T)
        free &= apart_m > radius_m + radius_m[first]
    return kept


def _tested(
    circles: list[tuple[float, ...]],
    chance: _Chance,
    found: list[Candidate],
    events: Events,
    alive: NDArray[np.bool_],
    laid: Rings,
    plan: Plan,
) -> list[Candidate]:
    """Give the circles their p-values and q-values; both never fall along the list."""
    least_p = found[-1].p_value if found else 0.0
    least_q = found[-1].q_value if found else 0.0
    tested = []
    for rank, (centre, ring, window, observed, expected, ratio) in enumerate(circles, start=len(found) + 1):
        as_strong, with_one = chance.reached(ratio)
        least_p = max(least_p, (1 + with_one) / (1 + len(chance.kept)))
        # Disjoint circles as strong that a replicate shows on average, the data counted in.
        least_q = max(least_q, min(1.0, (1 + as_strong) / (1 + len(chance.kept)) / rank))
        first, last = laid.start[int(centre), 0], laid.start[int(centre), int(ring) + 1]
        places = np.sort(laid.place[first:last]).astype(np.int64)
        is_inside = np.zeros(len(events.places_m), np.bool_)
        is_inside[places] = True
        weeks = int(plan.weeks[int(window)])
        tested.append(
            Candidate(
                events=np.flatnonzero(is_inside[events.place] & alive & (events.age_weeks < weeks)),
                places=places,
                centre=int(centre),
                weeks=weeks,
                radius_m=float(plan.radii_m[int(ring)]),
                observed=int(observed),
                expected=expected,
                log_likelihood_ratio=ratio,
                p_value=least_p,
                q_value=least_q,
            )
        )
    return tested
