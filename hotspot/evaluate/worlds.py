"""
Worlds with known truth: cities, histories and planted hotspots, each fresh and each reproducible.

Its scenario says what happens in the background and what is planted; a world's number decides its shape and
its background in turn, so that any 25 worlds in a row hold every pair of the two. The rest is drawn.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from scipy.stats import poisson

from hotspot.evaluate.claims import Scene
from hotspot.evaluate.echoes import jittered, rounded, with_doubles, with_near_repeats
from hotspot.evaluate.scenarios import Background, scenario
from hotspot.evaluate.towns import Inequality, Shape, town
from hotspot.model import Kind
from hotspot.simulate import Campaign, History, Planted, history, planted
from hotspot.simulate import Kind as Theme
from hotspot.weeks import Week, week_ordinals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.city import City
    from hotspot.evaluate.scenarios import Scenario
    from hotspot.model import Incidents

ZONE = ZoneInfo("Europe/Amsterdam")
THEME = "burglary"
WINDOW_WEEKS, BASELINE_WEEKS = 4, 52
_RADIUS_M = (40.0, 150.0)
_CHRONIC_PER_WEEK = (0.3, 2.0)
_CHRONIC_SPOTS = (2, 5)
_VILLAGE_PER_WEEK = (20.0, 60.0)
_SIDE_M = (2500.0, 20_000.0)
_APART_M = 450.0
"""Planted centres are this far apart at least: two discs of 150 m and half a claim's width each."""
_PLAIN_LEVEL = 0.05
"""Divided by twice the incidents of the window, so many places and lengths somebody who searches tries."""
_NOISE = (0.0, 0.2)
"""Coefficient of variation of the city's weekly level beyond Poisson."""
_TRIES = 200
_DRIFT = {Background.DRIFT_HALF: 0.5, Background.DRIFT_WHOLE: 1.0, Background.ALL: 0.3}
_NEAR_REPEATS = {Background.NEAR_REPEATS: 0.1, Background.ALL: 0.05}
_DOUBLES = {Background.DOUBLES: 0.1, Background.ALL: 0.05}


@dataclass(frozen=True, slots=True)
class Truth:
    """
    A planted hotspot and what of it is in the incidents.

    Parameters
    ----------
    kind
        Acute or chronic.
    xy_m
        Its centre, in metres.
    radius_m
        Its addresses lie within this distance.
    weeks
        How long it lasts, to the last week.
    incidents
        What it was to add.
    on_border
        Whether a quarter of its addresses or more lie across a border.
    is_plain
        Whether it would stand out to somebody who knew where and in which weeks to look; acute ones only.
        What is not plain no detector can be expected to find.
    members
        Keys of its incidents.
    members_m
        Where they were recorded, in metres, shape (members, 2).
    addresses_m
        The addresses it draws from, in metres, shape (addresses, 2).
    """

    kind: Kind
    xy_m: tuple[float, float]
    radius_m: float
    weeks: int
    incidents: int
    on_border: bool
    is_plain: bool
    members: tuple[int, ...] = field(repr=False)
    members_m: NDArray[np.float64] = field(repr=False)
    addresses_m: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class World:
    """
    One city and week with its truth.

    Parameters
    ----------
    scenario, number
        Which one it is.
    background, shape
        What its number decides.
    per_week
        Incidents in an average week.
    scene
        What a detector is shown.
    truth
        What was planted.
    """

    scenario: str
    number: int
    background: Background
    shape: Shape
    per_week: float
    scene: Scene = field(repr=False)
    truth: tuple[Truth, ...] = field(repr=False)


def stream(seed: int, *names: str | float) -> np.random.Generator:
    """
    Make the source of chance of one purpose, which no other purpose disturbs.

    Parameters
    ----------
    seed
        Seed of the whole evaluation.
    *names
        What it is for.

    Returns
    -------
    Generator
        Always the same for the same arguments.
    """
    digest = hashlib.sha256("|".join(map(str, names)).encode()).digest()
    entropy = [seed, int.from_bytes(digest[:8], "big")]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def turn(which: Scenario, number: int) -> tuple[Background, Shape]:
    """
    Tell the background and the shape of a world.

    Parameters
    ----------
    which
        Its scenario.
    number
        Its number, from 0.

    Returns
    -------
    tuple of Background and Shape
        Every pair once in as many worlds in a row as there are pairs.
    """
    backgrounds, shapes = which.backgrounds, tuple(Shape)
    # One step further in each round, so that the first few worlds already have many shapes.
    shape = shapes[(number + number // len(backgrounds)) % len(shapes)]
    return backgrounds[number % len(backgrounds)], shape


def world(name: str, number: int, *, seed: int) -> World:
    """
    Draw one world.

    Parameters
    ----------
    name
        Its scenario.
    number
        Which one, from 0.
    seed
        Seed of the evaluation.

    Returns
    -------
    World
        Always the same for the same arguments.
    """
    which, rng = scenario(name), stream(seed, "world", name, number)
    background, shape = turn(which, number)
    per_week = _between(_VILLAGE_PER_WEEK if shape is Shape.VILLAGE else which.per_week, rng)
    side_m = float(np.clip(1000 * np.sqrt(per_week / _between(which.per_km2, rng)), *_SIDE_M))
    inequality = tuple(Inequality)[int(rng.integers(len(Inequality)))]
    where = town(shape, inequality, side_m=side_m, rng=rng)
    last = Week(2021, 30).plus(int(rng.integers(104)))
    spots = _spots(which, where, last, rng)
    told = _lived(where, background, per_week, last, tuple(spot for _, spot in spots), rng)
    incidents = _recorded(told, rng)
    told = History(incidents, told.reporter, told.planted, told.truth)
    truth = tuple(_truth(told, where, index, kind, last) for index, (kind, _) in enumerate(spots))
    return World(
        name, number, background, shape, per_week, Scene(incidents, where.areas, last, ZONE, THEME), truth
    )


def _between(bounds: tuple[float, float], rng: np.random.Generator) -> float:
    """Draw a number of which each factor is as likely."""
    return float(np.exp(rng.uniform(*np.log(bounds))))


def _spots(which: Scenario, where: City, last: Week, rng: np.random.Generator) -> list[tuple[Kind, Planted]]:
    """Choose what is planted: acute ones of each size, some chronic ones, all well apart."""
    # The largest first, so that in a small town the small ones have to look for room.
    wanted = [
        (Kind.ACUTE, int(rng.integers(1, WINDOW_WEEKS + 1)), extra)
        for extra in sorted(which.acute, reverse=True)
    ]
    if which.chronic:
        weeks = WINDOW_WEEKS + BASELINE_WEEKS
        wanted += [
            (Kind.CHRONIC, weeks, round(float(rng.uniform(*_CHRONIC_PER_WEEK)) * weeks))
            for _ in range(int(rng.integers(*_CHRONIC_SPOTS)))
        ]
    spots: list[tuple[Kind, Planted]] = []
    for kind, weeks, extra in wanted:
        spot = _spot(where, last, weeks, extra, [one for _, one in spots], which.on_border, rng)
        if spot is not None:
            spots.append((kind, spot))
    return spots


def _spot(
    where: City,
    last: Week,
    weeks: int,
    extra: int,
    others: list[Planted],
    on_border: bool,  # noqa: FBT001 - private, and a field of the scenario.
    rng: np.random.Generator,
) -> Planted | None:
    """Find room for one hotspot away from the others; none if the town is full."""
    for _ in range(_TRIES):
        try:
            spot = planted(
                where,
                THEME,
                radius_m=float(rng.uniform(*_RADIUS_M)),
                incidents=extra,
                first=last.plus(1 - weeks),
                weeks=weeks,
                on_border=on_border,
                rng=rng,
            )
        except ValueError:
            # A town of few borders has no place for a small hotspot on one; a larger one may fit.
            continue
        if all(np.hypot(*np.subtract(spot.xy_m, other.xy_m)) >= _APART_M for other in others):
            return spot
    return None


def _lived(
    where: City,
    background: Background,
    per_week: float,
    last: Week,
    spots: tuple[Planted, ...],
    rng: np.random.Generator,
) -> History:
    """Draw the history of a world, as it happened."""
    weeks = WINDOW_WEEKS + BASELINE_WEEKS
    first = last.plus(1 - weeks)
    seasonal = background in {Background.SEASON, Background.ALL}
    theme = Theme(
        THEME,
        (("home", 1.0),),
        per_week=per_week,
        peak_hour=float(rng.uniform(0, 24)),
        season=float(rng.uniform(0.2, 0.6)) if seasonal else 0.0,
        drift=_DRIFT.get(background, 0.0),
    )
    told = history(
        where,
        [theme],
        first=first,
        weeks=weeks,
        truth=spots,
        campaigns=_campaigns(where, background, first, weeks, rng),
        zone=ZONE,
        rng=rng,
    )
    end_s = int(last.bounds(ZONE)[1].timestamp())
    if background in _NEAR_REPEATS:
        told = with_near_repeats(told, where, share=_NEAR_REPEATS[background], end_s=end_s, rng=rng)
    if background in _DOUBLES:
        told = with_doubles(told, share=_DOUBLES[background], end_s=end_s, rng=rng)
    return told


def _campaigns(
    where: City, background: Background, first: Week, weeks: int, rng: np.random.Generator
) -> list[Campaign]:
    """Draw what raises many places at once: noise in all worlds, a campaign or a trend in some."""
    shape = 1 / max(float(rng.uniform(*_NOISE)), 1e-3) ** 2
    level = rng.gamma(shape, 1 / shape, size=weeks)
    found: list[Campaign] = []
    if background is Background.TREND:
        level *= np.exp(rng.uniform(np.log(0.5), np.log(2.0)) * np.arange(weeks) / 52)
        slopes = rng.normal(0.0, 0.3, size=len(where.areas))
        found += [
            Campaign(THEME, first.plus(week), 1, float(np.exp(slope * (week - weeks) / 52)), area.code)
            for area, slope in zip(where.areas, slopes, strict=True)
            for week in range(weeks)
        ]
    if background in {Background.CITY_CAMPAIGN, Background.QUARTER_CAMPAIGN}:
        length = int(rng.integers(1, 5))
        start = first.plus(weeks - length - int(rng.integers(0, 3)))
        # A quarter is one of the busier half: a campaign where nothing happens shows nothing.
        busy = np.argsort(np.bincount(where.area, where.intensity, len(where.areas)))
        quarter = where.areas[int(rng.choice(busy[busy.size // 2 :]))].code
        code = quarter if background is Background.QUARTER_CAMPAIGN else None
        found.append(Campaign(THEME, start, length, float(rng.uniform(1.5, 3.0)), code))
    return found + [Campaign(THEME, first.plus(week), 1, float(factor)) for week, factor in enumerate(level)]


def _recorded(told: History, rng: np.random.Generator) -> Incidents:
    """Write coordinates as one of several registers would."""
    how = rng.choice(["exact", "metre", "ten metres", "measured"], p=[0.5, 0.2, 0.1, 0.2])
    if how == "metre":
        return rounded(told.incidents, to_m=1.0)
    if how == "ten metres":
        return rounded(told.incidents, to_m=10.0)
    if how == "measured":
        return jittered(told.incidents, precision_m=3.0, rng=rng)
    return told.incidents


def _truth(told: History, where: City, index: int, kind: Kind, last: Week) -> Truth:
    """Tell what of a planted hotspot is in the incidents."""
    spot = told.truth[index]
    near = np.hypot(*(where.xy_m - np.array(spot.xy_m)).T) <= spot.radius_m
    counts = np.bincount(where.area[near])
    of_it = told.planted == index
    return Truth(
        kind=kind,
        xy_m=spot.xy_m,
        radius_m=spot.radius_m,
        weeks=spot.weeks,
        incidents=spot.incidents,
        on_border=bool(counts.max() <= 0.75 * counts.sum()),
        is_plain=kind is Kind.ACUTE and _is_plain(told.incidents, spot, last),
        members=tuple(told.incidents.key[of_it].tolist()),
        members_m=told.incidents.xy_m[of_it],
        addresses_m=where.xy_m[near],
    )


def _is_plain(incidents: Incidents, spot: Planted, last: Week) -> bool:
    """Test the planted disc in its weeks against its own past, as if both had been known."""
    age_weeks = last.ordinal - week_ordinals(incidents.started_s, ZONE)
    inside = np.hypot(*(incidents.xy_m - np.array(spot.xy_m)).T) <= spot.radius_m
    observed = int(np.count_nonzero(inside & (age_weeks < spot.weeks)))
    # Half an incident more, so that a place without a past is not thought to be safe for ever.
    past = np.count_nonzero(inside & (age_weeks >= WINDOW_WEEKS)) + 0.5
    p_value = float(poisson.sf(observed - 1, past * spot.weeks / BASELINE_WEEKS))
    return p_value <= _PLAIN_LEVEL / (2 * max(1, int(np.count_nonzero(age_weeks < WINDOW_WEEKS))))
