"""The weekly lists of a small simulated town in which a hotspot is planted and goes again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from hotspot import harm
from hotspot.city import City, chessboard, city
from hotspot.geojson import canonical_json
from hotspot.listing import Setting
from hotspot.model import Detection, Incidents, Label, Parameters
from hotspot.past import NOTHING
from hotspot.pipeline import detect_week
from hotspot.simulate import History, Kind, Planted, history, planted
from hotspot.telling import telling
from hotspot.weekly import Ground, WeeklyList, ground, weekly
from hotspot.weeks import Week, week_range
from tests import stored

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONE = ZoneInfo("Europe/Amsterdam")
QUICK = Parameters(replicates=199)
FIRST, LAST = Week(2025, 6), Week(2025, 14)
WEEKS = week_range(FIRST, LAST)
BEGINS = Week(2025, 8)
"""The planted hotspot lasts from here for two weeks; what looks four weeks back sees it for three more."""
DRUGS = Kind("drug_nuisance", (("dealing", 0.6), ("use", 0.4)), per_week=25.0)
THEFT = Kind("theft", (("bicycle", 1.0),), per_week=12.0, interval_h=3.0)
LABELS = {"drug_nuisance": Label("Drugsoverlast", "Drug nuisance"), "theft": Label("Diefstal", "Theft")}


@cache
def town() -> City:
    rng = np.random.default_rng(20)
    return city(chessboard(4, 4, side_m=700), weights=1 + rng.pareto(1.5, 16), addresses=4000, rng=rng)


@cache
def spot() -> Planted:
    rng = np.random.default_rng(22)
    return planted(town(), "drug_nuisance", radius_m=70, incidents=16, first=BEGINS, weeks=2, rng=rng)


@cache
def lived() -> History:
    return history(
        town(),
        (DRUGS, THEFT),
        first=LAST.plus(-69),
        weeks=70,
        truth=(spot(),),
        zone=ZONE,
        rng=np.random.default_rng(21),
    )


def setting(labels: Mapping[str, Label] = LABELS) -> Setting:
    return Setting(
        municipality=stored.PLACE,
        boundaries=stored.town_boundaries(town().areas),
        parameters=QUICK,
        labels=labels,
        weights=harm.read_weights("default"),
    )


def found(incidents: Incidents, week: Week, *more: str) -> tuple[Detection, ...]:
    return detect_week(
        incidents,
        town().areas,
        week,
        QUICK,
        municipality=stored.PLACE,
        themes=["drug_nuisance", "theft", *more],
    )


@cache
def detections(week: Week) -> tuple[Detection, ...]:
    return found(stored.told_of(lived())[0], week)


@cache
def usual_ground() -> Ground:
    return ground(*stored.told_of(lived()), setting())


def composed(on: Ground, labels: Mapping[str, Label] = LABELS) -> list[WeeklyList]:
    """The lists of all weeks, one after the other."""
    lists: list[WeeklyList] = []
    past = NOTHING
    for week in WEEKS:
        lists.append(weekly(week, detections(week), past, on, setting(labels)))
        past = lists[-1].named.past
    return lists


@cache
def usual() -> tuple[WeeklyList, ...]:
    return tuple(composed(usual_ground()))


def written(made: WeeklyList) -> str:
    """What is told of a list; refuses what is no number."""
    told = telling(made)
    return canonical_json({"properties": dict(told.properties), "summary": dict(told.summary)})
