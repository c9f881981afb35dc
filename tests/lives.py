"""
Lives of hotspots with known truth: birth, drift, split, merge, gap and death, side by side.

Each week a living place moves 20 m, and is seen where it is, give or take some metres, with an outline and a
size that change from week to week and the incidents of its last one to four weeks. Places keep off each other
by `apart_m`, as the detector reports no two that overlap; half of them are born right beside another.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.model import AreaShare, Evidence, Form, Grade, Hotspot, Kind
from hotspot.tracking import Event
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.tracking import Followed

FIRST = Week(2024, 40)
DRIFT_M = 20.0
REMEMBERED_WEEKS = 4
_CORNERS = 14


def seen(
    name: str,
    xy_m: tuple[float, float] = (0.0, 0.0),
    *,
    radius_m: float = 60.0,
    outline: shapely.Polygon | None = None,
    members: Sequence[int] = (),
    week: Week = FIRST,
    theme: str = "theft",
    kind: Kind = Kind.ACUTE,
    observed: int = 6,
) -> Hotspot:
    """One hotspot; a disc of 60 m unless said otherwise."""
    return Hotspot(
        id=name,
        theme=theme,
        week=week,
        kind=kind,
        grade=Grade.CONFIRMED,
        form=Form.AREA,
        pile_up=False,
        footprint=shapely.Point(xy_m).buffer(radius_m) if outline is None else outline,
        centroid_xy_m=xy_m,
        neighbourhoods=(AreaShare("BU01", "Buurt 1", 1.0),),
        subthemes=(("bicycle", observed),),
        evidence=Evidence(observed, 1.0, 3, 5.0, 6.0, 0.01, 0.02, 100.0, 3, 2, 4),
        members=tuple(members),
    )


@dataclass(frozen=True, slots=True)
class Truth:
    """What following should say of one hotspot."""

    id: str
    event: Event
    event_from: tuple[str, ...] = ()
    gap_weeks: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """Weeks with their hotspots, the truth of each by week and id, and into what a name merged, by week."""

    weeks: tuple[tuple[Week, tuple[Hotspot, ...]], ...]
    truth: dict[tuple[Week, str], Truth]
    merged: dict[tuple[Week, str], str]


@dataclass(slots=True, eq=False)
class _Life:
    """A place that lives."""

    xy_m: NDArray[np.float64]
    heading: float
    radius_m: float
    rate: float
    born: int
    name: str = ""
    last_listed: int | None = None
    hidden_weeks: int = 0
    events: list[list[int]] = field(default_factory=list)
    changed: int = -1
    parent: _Life | None = None
    absorbed: _Life | None = None


@dataclass(frozen=True, slots=True)
class City:
    """How rough the lives are."""

    lives: int = 12
    weeks: int = 52
    apart_m: float = 200.0
    jitter_m: float = 15.0
    resize: float = 0.25
    share_members: bool = True
    death: float = 0.03
    gap: float = 0.04
    split: float = 0.02
    merge: float = 0.03
    missing_run: float = 0.0


@dataclass(slots=True)
class Score:
    """How well a history was followed."""

    hotspots: int = 0
    right: int = 0
    """Hotspots with the right name, where either part of a split and either side of a merge may keep it."""
    strictly: int = 0
    """The same, where only the part that stays in its place and the stronger side may."""
    labels: Counter[tuple[Event, Event]] = field(default_factory=Counter)
    """Hotspots by what happened and what was said to have happened."""


def score(history: History, followed: Sequence[Followed]) -> Score:
    """Hold what was said against the truth: a wrong name is wrong in all weeks that follow."""
    found = Score()
    name_of: dict[str, str] = {}
    for week in followed:
        truths = [(history.truth[week.week, entry.hotspot_id], entry) for entry in week.entries]
        said = {truth.id: entry for truth, entry in truths}
        for truth, entry in truths:
            name_of.setdefault(truth.id, truth.id)
            for other in truth.event_from:
                if entry.id != name_of[other]:
                    continue
                stayed = said[other] if truth.event is Event.SPLIT else entry
                if truth.event is Event.MERGED or stayed.id == stayed.hotspot_id:
                    name_of[truth.id], name_of[other] = entry.id, stayed.id
        for truth, entry in truths:
            found.hotspots += 1
            found.right += entry.id == name_of[truth.id]
            found.strictly += entry.id == truth.id
            found.labels[truth.event, entry.event] += 1
    return found


def lives(city: City, rng: np.random.Generator) -> History:
    """Live through a history."""
    return _World(city, rng).history()


class _World:
    """The lives at one moment."""

    def __init__(self, city: City, rng: np.random.Generator) -> None:
        self.city, self.rng = city, rng
        self.alive: list[_Life] = []
        self.left: list[tuple[int, NDArray[np.float64]]] = []
        self.keys = 0

    def history(self) -> History:
        weeks, truth, merged = [], {}, {}
        for number in range(self.city.weeks):
            self._live(number)
            if self.rng.random() < self.city.missing_run:
                for life in self.alive:
                    # A birth or a merge in a week without a run is seen in none.
                    life.parent = life.absorbed = None
                self._bound_gaps(number)
                continue
            week = FIRST.plus(number)
            hotspots = []
            for life in self.alive:
                if life.hidden_weeks > 0:
                    continue
                hotspot = self._observed(life, week)
                truth[week, hotspot.id] = self._truth(life, hotspot.id, number)
                if life.absorbed is not None and life.absorbed.last_listed == number - 1:
                    merged[week, life.absorbed.name] = life.name
                life.parent = life.absorbed = None
                life.last_listed = number
                hotspots.append(hotspot)
            weeks.append((week, tuple(hotspots)))
        return History(tuple(weeks), truth, merged)

    def _truth(self, life: _Life, hotspot_id: str, number: int) -> Truth:
        gap = 0 if life.last_listed is None else number - life.last_listed - 1
        if not life.name or gap > REMEMBERED_WEEKS:
            life.name = hotspot_id
            if life.parent is not None:
                return Truth(life.name, Event.SPLIT, (life.parent.name,))
            return Truth(life.name, Event.NEW)
        if life.absorbed is not None:
            return Truth(life.name, Event.MERGED, (life.absorbed.name,), gap)
        return Truth(life.name, Event.RETURNED if gap else Event.CONTINUED, (), gap)

    def _observed(self, life: _Life, week: Week) -> Hotspot:
        rng = self.rng
        radius_m = float(np.clip(life.radius_m * math.exp(rng.normal(0, self.city.resize)), 40, 200))
        centre_m = life.xy_m + rng.normal(0, self.city.jitter_m, 2)
        angle = np.sort(rng.uniform(0, 2 * np.pi, _CORNERS))
        reach = radius_m * rng.uniform(0.7, 1.1, _CORNERS)
        corners = centre_m + reach[:, None] * np.c_[np.cos(angle), np.sin(angle)]
        outline = shapely.MultiPoint(corners).convex_hull.buffer(5)
        if life.absorbed is not None:
            # A place that has just taken in another covers both.
            theirs = shapely.Point(life.absorbed.xy_m).buffer(0.8 * life.absorbed.radius_m)
            corners = np.r_[shapely.get_coordinates(outline), shapely.get_coordinates(theirs)]
            outline = shapely.Polygon(shapely.get_coordinates(shapely.MultiPoint(corners).convex_hull))
        recent = [key for keys in life.events[-int(rng.integers(1, 5)) :] for key in keys]
        if not self.city.share_members:
            recent = [self._key() for _ in recent]
        return seen(
            f"hs-{rng.integers(2**48):012x}",
            (float(centre_m[0]), float(centre_m[1])),
            outline=outline,
            members=sorted(recent),
            week=week,
            observed=max(3, len(recent)),
        )

    def _key(self) -> int:
        self.keys += 1
        return self.keys

    def _live(self, number: int) -> None:
        rng = self.rng
        for life in [
            life for life in self.alive if rng.random() < self.city.death and life.born < number - 2
        ]:
            self._remove(life, number)
        self._split(number)
        self._merge(number)
        for life in self.alive:
            if life.born != number:
                self._drift(life)
            self._hide(life, number)
        while len(self.alive) < self.city.lives and self._born(number):
            pass
        for life in self.alive:
            life.events.append([self._key() for _ in range(rng.poisson(life.rate))])
        self._bound_gaps(number)

    def _bound_gaps(self, number: int) -> None:
        """Show what else would be away for longer than is remembered."""
        for life in self.alive:
            if life.last_listed is not None and number - life.last_listed - 1 >= REMEMBERED_WEEKS:
                life.hidden_weeks = 0

    def _remove(self, life: _Life, number: int) -> None:
        self.alive.remove(life)
        self.left.append((number, life.xy_m))

    def _hide(self, life: _Life, number: int) -> None:
        if life.hidden_weeks > 0:
            life.hidden_weeks -= 1
        elif life.name and life.changed != number and self.rng.random() < self.city.gap:
            life.hidden_weeks = int(self.rng.integers(1, REMEMBERED_WEEKS + 1))

    def _is_free(self, xy_m: NDArray[np.float64], besides: _Life | None, number: int | None = None) -> bool:
        near = [life for life in self.alive if life is not besides]
        if any(np.hypot(*(life.xy_m - xy_m)) < self.city.apart_m for life in near):
            return False
        if number is None:
            return True
        recent = [place for left, place in self.left if number - left <= REMEMBERED_WEEKS + 1]
        return not any(np.hypot(*(place - xy_m)) < self.city.apart_m for place in recent)

    def _drift(self, life: _Life) -> None:
        for _ in range(12):
            step_m = DRIFT_M * np.array([math.cos(life.heading), math.sin(life.heading)])
            # What was split may be nearer than places keep off each other; it then may only move apart.
            if self._is_free(life.xy_m + step_m, life) or self._moves_off(life, step_m):
                life.xy_m = life.xy_m + step_m
                return
            life.heading = float(self.rng.uniform(0, 2 * np.pi))

    def _moves_off(self, life: _Life, step_m: NDArray[np.float64]) -> bool:
        close = [
            other.xy_m
            for other in self.alive
            if other is not life and np.hypot(*(other.xy_m - life.xy_m - step_m)) < self.city.apart_m
        ]
        return all(
            np.hypot(*(place - life.xy_m - step_m)) > np.hypot(*(place - life.xy_m)) + 5 for place in close
        )

    def _born(self, number: int) -> bool:
        rng = self.rng
        for _ in range(40):
            if self.alive and rng.random() < 0.5:
                beside = self.alive[int(rng.integers(len(self.alive)))]
                turn = rng.uniform(0, 2 * np.pi)
                away_m = rng.uniform(self.city.apart_m, self.city.apart_m + 100)
                place = beside.xy_m + away_m * np.array([math.cos(turn), math.sin(turn)])
            else:
                place = rng.uniform(0, 3000, 2)
            if self._is_free(place, None, number):
                self.alive.append(self._new(place, number, float(rng.uniform(45, 110))))
                return True
        return False

    def _new(self, place: NDArray[np.float64], number: int, radius_m: float) -> _Life:
        heading, rate = float(self.rng.uniform(0, 2 * np.pi)), float(self.rng.uniform(2, 8))
        return _Life(place, heading, radius_m, rate, number)

    def _split(self, number: int) -> None:
        rng = self.rng
        for life in list(self.alive):
            if life.hidden_weeks or not life.name or life.radius_m < 60 or rng.random() >= self.city.split:
                continue
            turn, apart_m = rng.uniform(0, 2 * np.pi), rng.uniform(0.8, 1.1) * max(80.0, life.radius_m)
            move = 0.1
            way = np.array([math.cos(turn), math.sin(turn)])
            child = self._new(life.xy_m + (1 - move) * apart_m * way, number, max(40.0, 0.55 * life.radius_m))
            if not self._is_free(child.xy_m, life, number):
                continue
            child.rate, child.parent, child.heading = 0.4 * life.rate, life, float(turn)
            child.events = [[key for key in keys if rng.random() < 0.3] for keys in life.events]
            life.events = [
                [key for key in keys if key not in set(theirs)]
                for keys, theirs in zip(life.events, child.events, strict=True)
            ]
            life.xy_m = life.xy_m - move * apart_m * way
            life.heading = float(turn) + math.pi
            life.rate, life.radius_m = max(2.0, 0.65 * life.rate), 0.9 * life.radius_m
            life.changed = child.changed = number
            self.alive.append(child)

    def _merge(self, number: int) -> None:
        rng = self.rng
        for life in list(self.alive):
            if (
                life not in self.alive
                or life.hidden_weeks
                or not life.name
                or rng.random() >= self.city.merge
            ):
                continue
            others = [
                other for other in self.alive if other is not life and not other.hidden_weeks and other.name
            ]
            near = [o for o in others if np.hypot(*(o.xy_m - life.xy_m)) < self.city.apart_m + 60]
            near = [o for o in near if o.changed != number and o.rate < 0.7 * life.rate]
            if not near:
                continue
            weaker = near[0]
            life.xy_m = life.xy_m + weaker.rate / (life.rate + weaker.rate) * (weaker.xy_m - life.xy_m)
            life.rate += weaker.rate
            pad: list[list[int]] = [[] for _ in range(max(len(life.events), len(weaker.events)))]
            both = [([*pad, *one.events])[-len(pad) :] for one in (life, weaker)]
            life.events = [[*mine, *theirs] for mine, theirs in zip(*both, strict=True)]
            life.absorbed, life.changed = weaker, number
            self._remove(weaker, number)
