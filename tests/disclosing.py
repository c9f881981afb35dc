"""Internal publications of made-up and simulated weeks, and what lower levels see of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hotspot import publication
from hotspot.catalogue import Disclosure
from hotspot.disclosure.lowering import disclosed
from hotspot.disclosure.rules import read_rules
from hotspot.model import Level, Parameters
from hotspot.telling import NOTHING_MORE, telling
from tests import factories, lives, small_town, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.disclosure.lowering import Lowered
    from hotspot.disclosure.rules import Rules
    from hotspot.editions import Publication
    from hotspot.model import Boundaries, Hotspot
    from hotspot.telling import Telling
    from hotspot.weeks import Week

KEY = b"a key that nobody else may know."
CORNER_M = np.array([176_000.0, 318_000.0])
LOWER = (Disclosure.PARTNER, Disclosure.OPEN)


def internal(
    hotspots: Sequence[Hotspot], *, week: Week, more: Telling = NOTHING_MORE, areas: Boundaries | None = None
) -> Publication:
    """A week with these hotspots, in this order by theme."""
    themes = sorted({one.theme for one in hotspots} | {"drug_nuisance"})
    detections = [
        factories.detection([one for one in hotspots if one.theme == theme], theme=theme, week=week)
        for theme in themes
    ]
    ranked = [row for one in detections for row in factories.ranked(one.hotspots)]
    return publication.publication(
        detections,
        ranked,
        municipality=factories.municipality(),
        boundaries=factories.boundaries() if areas is None else areas,
        parameters=Parameters(),
        labels={},
        input_hash="0" * 64,
        version="1",
        more=more,
    )


def lowered(
    published: Publication,
    level: Disclosure,
    *,
    areas: Boundaries | None = None,
    rules: Rules | None = None,
    key: bytes = KEY,
    before: Publication | None = None,
) -> Lowered:
    """What a level sees."""
    return disclosed(
        published,
        level,
        boundaries=factories.boundaries() if areas is None else areas,
        srid=28992,
        rules=read_rules() if rules is None else rules,
        key=key,
        before=before,
    )


def followed(
    weeks: Sequence[Publication], level: Disclosure, *, areas: Boundaries, rules: Rules | None = None
) -> list[Lowered]:
    """What a level sees week by week, each knowing the one before."""
    found: list[Lowered] = []
    for one in weeks:
        before = found[-1].publication if found else None
        found.append(lowered(one, level, areas=areas, rules=rules, before=before))
    return found


@cache
def town_weeks() -> tuple[Publication, ...]:
    """The lists of the small town as they are published."""
    made: list[Publication] = []
    for one in small_town.usual():
        setting: Any = one.setting
        made.append(
            publication.publication(
                one.named.detections,
                [row.ranked for row in one.rows],
                municipality=setting.municipality,
                boundaries=setting.boundaries,
                parameters=setting.parameters,
                labels=setting.labels,
                input_hash="0" * 64,
                version="1",
                more=telling(one),
            )
        )
    return tuple(made)


@cache
def town_areas() -> Boundaries:
    return stored.town_boundaries(small_town.town().areas)


def wide_boundaries() -> Boundaries:
    """Sixteen neighbourhoods of a kilometre in four districts."""
    quarters = [
        factories.area(
            f"BU{n:02d}",
            name=f"Buurt {n}",
            parent_code=f"WK{n // 4}",
            geometry=factories.square(*(CORNER_M + 1000 * np.array([n % 4, n // 4])).tolist(), side_m=1000),
        )
        for n in range(16)
    ]
    districts = [
        factories.area(
            f"WK{n}",
            level=Level.DISTRICT,
            name=f"Wijk {n}",
            parent_code="GM0001",
            geometry=shapely.MultiPolygon(
                [
                    shapely.box(
                        *shapely.union_all([one.geometry for one in quarters[4 * n : 4 * n + 4]]).bounds
                    )
                ]
            ),
        )
        for n in range(4)
    ]
    return factories.boundaries([*quarters, *districts])


@cache
def lived_weeks(*, weeks: int = 26, lives_at_once: int = 8, seed: int = 3) -> tuple[Publication, ...]:
    """Hotspots that are born, drift, split, merge and die, each on some incidents at some addresses."""
    rng = np.random.default_rng(seed)
    history = lives.lives(lives.City(lives=lives_at_once, weeks=weeks), rng)
    low_m = np.array([one.footprint.bounds[:2] for _, hotspots in history.weeks for one in hotspots]).min(
        axis=0
    )
    names = {name: truth.id for name, truth in history.truth.items()}
    return tuple(
        internal(
            [
                replace(
                    one,
                    id=f"hs-{names[week, one.id]}",
                    footprint=shapely.transform(one.footprint, lambda xy_m: xy_m - low_m + CORNER_M + 300),
                    evidence=factories.evidence(
                        observed=int(rng.integers(3, 12)), places=int(rng.integers(2, 9))
                    ),
                )
                for one in hotspots
            ],
            week=week,
            areas=wide_boundaries(),
        )
        for week, hotspots in history.weeks
    )


@cache
def lived_seen(level: Disclosure) -> tuple[Lowered, ...]:
    """What a level sees of these."""
    return tuple(followed(lived_weeks(), level, areas=wide_boundaries()))
