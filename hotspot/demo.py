"""
Synthetic incidents for the demonstration: a year and more on the schematic Maastricht, with planted hotspots.

The incidents are written as a registration would export them, for the generic Dutch mapping, with the flaws
that registrations have: rows without coordinates, rows registered twice, codes that never come on a map, and
reports that come in late. The file is that of Monday morning: what becomes known later is not in it yet. What
was planted is written beside it, so that anyone can check what the detection made of it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from hotspot import model, schematic, simulate
from hotspot.cluster.footprint import MARGIN_M
from hotspot.model import Level
from hotspot.simulate import Campaign, Kind, Planted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hotspot.model import Detection
    from hotspot.places import Place
    from hotspot.simulate import City, History
    from hotspot.weeks import Week

WEEKS = 60
"""Weeks of incidents: a baseline of a year, a window, and a few weeks to look back on."""

_ADDRESSES = 6_000
_WITHOUT_COORDINATES = 0.02
_REGISTERED_TWICE = 0.005
_WITHHELD = 0.01
"""Shares of rows with each flaw; withheld ones carry a code that is never shown on a map."""
_WITHHELD_CODE = "3.7.4"
_MEAN_DELAY_H = 20.0
"""Hours between an incident and its registration, on average."""
_AS_OF_HOUR = 6
"""Hour of the Monday after the last week at which the file is made."""
_INCIDENTS = "incidents.csv"
_TRUTH = "truth.json"

KINDS = (
    Kind(
        "drug_nuisance",
        (("drug_use", 0.6), ("drug_trade", 0.3), ("drug_waste", 0.1)),
        per_week=30.0,
        peak_hour=21.0,
    ),
    Kind(
        "high_impact_crime",
        (("burglary_home", 0.4), ("assault", 0.45), ("street_robbery", 0.12), ("robbery", 0.03)),
        per_week=22.0,
        peak_hour=22.0,
        season=0.1,
        interval_h=5.0,
    ),
    Kind(
        "public_order",
        (("disorder", 0.5), ("neighbours", 0.4), ("trespass", 0.1)),
        per_week=25.0,
        peak_hour=23.0,
    ),
    Kind(
        "theft",
        (("theft_bicycle", 0.5), ("shoplifting", 0.35), ("pickpocketing", 0.15)),
        per_week=55.0,
        peak_hour=16.0,
    ),
    Kind("vandalism", (("damage", 0.9), ("arson", 0.1)), per_week=20.0, peak_hour=1.0, season=0.1),
    Kind(
        "vehicle_crime",
        (("theft_from_vehicle", 0.7), ("theft_of_vehicle", 0.3)),
        per_week=15.0,
        peak_hour=3.0,
        interval_h=8.0,
    ),
)
"""Themes of the demonstration, at about the volume of a city of Maastricht's size."""

_CODES = {
    "drug_use": ("2.1.1", "F47"),
    "drug_trade": ("3.1.1", "F40"),
    "drug_waste": ("2.6.2", "M011"),
    "burglary_home": ("1.1.1", "A20"),
    "assault": ("1.4.5", "F550"),
    "street_robbery": ("1.4.6", "B70"),
    "robbery": ("1.4.7", "B73"),
    "disorder": ("3.6.4", "F10"),
    "neighbours": ("2.4.1", "F95"),
    "trespass": ("2.4.2", "F15"),
    "theft_bicycle": ("1.2.3", "A72"),
    "shoplifting": ("2.5.2", "A50"),
    "pickpocketing": ("1.2.4", "A40"),
    "damage": ("2.2.1", "C20"),
    "arson": ("1.6.1", "F13"),
    "theft_from_vehicle": ("1.2.1", "A10"),
    "theft_of_vehicle": ("1.2.2", "A70"),
}
"""Type of offence and class of registration of each subtheme, as the generic Dutch mapping reads them."""


class _Wish(NamedTuple):
    """A hotspot to plant: counted back from the last week."""

    theme: str
    radius_m: float
    incidents: int
    weeks_back: int
    weeks: int
    on_border: bool = False
    kind: model.Kind = model.Kind.ACUTE


_WISHES = (
    _Wish("drug_nuisance", 60.0, 18, weeks_back=3, weeks=4),
    _Wish("drug_nuisance", 90.0, 16, weeks_back=7, weeks=4),
    _Wish("high_impact_crime", 110.0, 14, weeks_back=2, weeks=3, on_border=True),
    _Wish("public_order", 80.0, 18, weeks_back=6, weeks=4),
    _Wish("vandalism", 50.0, 12, weeks_back=1, weeks=2),
    _Wish("drug_nuisance", 80.0, 130, weeks_back=WEEKS - 1, weeks=WEEKS, kind=model.Kind.CHRONIC),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """A planted hotspot as it is written beside the incidents."""

    theme: str
    kind: model.Kind
    x_m: float
    y_m: float
    radius_m: float
    first_week: str
    last_week: str
    incidents: int
    neighbourhood: str


def write_incidents(folder: Path, place: Place, rng: np.random.Generator) -> None:
    """
    Draw the demonstration's incidents and write them with what was planted.

    Parameters
    ----------
    folder
        Existing folder for `incidents.csv` and `truth.json`.
    place
        The demonstration's place: its last week and time zone.
    rng
        Source of chance; the same state gives the same bytes.
    """
    zone = ZoneInfo(place.municipality.time_zone)
    city, truth, history = _draw(place.week, zone, rng)
    as_of = dt.datetime.combine(place.week.plus(1).monday, dt.time(_AS_OF_HOUR), zone)
    rows = _with_flaws(_rows(history, zone, as_of, rng), rng)
    rows.to_csv(folder / _INCIDENTS, sep=";", decimal=",", index=False, lineterminator="\n")
    told = [asdict(_told(city, wish, planted)) for wish, planted in zip(_WISHES, truth, strict=True)]
    (folder / _TRUTH).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _draw(last: Week, zone: ZoneInfo, rng: np.random.Generator) -> tuple[City, tuple[Planted, ...], History]:
    """Build the city, choose places for the hotspots and draw what happens."""
    areas = schematic.read().of(Level.NEIGHBOURHOOD)
    weights = {fact.code: float(np.mean(fact.crimes_per_year)) for fact in schematic.facts()}
    city = simulate.city(areas, weights=[weights[area.code] for area in areas], addresses=_ADDRESSES, rng=rng)
    truth = tuple(
        simulate.planted(
            city,
            wish.theme,
            radius_m=wish.radius_m,
            incidents=wish.incidents,
            first=last.plus(-wish.weeks_back),
            weeks=wish.weeks,
            on_border=wish.on_border,
            rng=rng,
        )
        for wish in _WISHES
    )
    # A campaign raises a whole theme: nobody should find a hotspot in that.
    campaign = Campaign("theft", first=last.plus(-5), weeks=3, factor=1.4)
    history = simulate.history(
        city,
        KINDS,
        first=last.plus(1 - WEEKS),
        weeks=WEEKS,
        truth=truth,
        campaigns=[campaign],
        zone=zone,
        rng=rng,
    )
    return city, truth, history


def _rows(history: History, zone: ZoneInfo, as_of: dt.datetime, rng: np.random.Generator) -> pd.DataFrame:
    """Write incidents as the rows of a registration, those that are known by a moment."""
    incidents = history.incidents
    start = pd.to_datetime(incidents.started_s, unit="s", utc=True).tz_convert(zone)
    # Clocks show minutes; only burglaries and the like are known as intervals.
    end = pd.to_datetime(incidents.ended_s // 60 * 60, unit="s", utc=True).tz_convert(zone)
    delay_s = rng.exponential(_MEAN_DELAY_H * 3600.0, size=len(incidents)).astype(np.int64)
    known = pd.to_datetime(incidents.ended_s + delay_s, unit="s", utc=True).tz_convert(zone)
    interval = incidents.ended_s > incidents.started_s
    codes = [_CODES[str(name)] for name in incidents.subtheme]
    rows = pd.DataFrame(
        {
            "registratienummer": [f"SYN{number:06d}" for number in incidents.key],
            "soort_misdrijf": [code for code, _ in codes],
            "bvh_klasse": [bvh for _, bvh in codes],
            "begindatum": start.strftime("%d-%m-%Y"),
            "begintijd": start.strftime("%H:%M"),
            "einddatum": np.where(interval, end.strftime("%d-%m-%Y"), ""),
            "eindtijd": np.where(interval, end.strftime("%H:%M"), ""),
            "kennisnamedatum": known.strftime("%d-%m-%Y"),
            "kennisnametijd": known.strftime("%H:%M"),
            "x_coordinaat": [f"{x_m:.1f}".replace(".", ",") for x_m in incidents.xy_m[:, 0]],
            "y_coordinaat": [f"{y_m:.1f}".replace(".", ",") for y_m in incidents.xy_m[:, 1]],
            "buurtcode": incidents.neighbourhood,
            "synthetisch": "ja",
        }
    )
    return rows[known <= pd.Timestamp(as_of)].reset_index(drop=True)


def _with_flaws(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give the file the flaws that registrations have."""
    n = len(rows)
    rows.loc[rng.random(n) < _WITHOUT_COORDINATES, ["x_coordinaat", "y_coordinaat", "buurtcode"]] = ""
    rows.loc[rng.random(n) < _WITHHELD, ["soort_misdrijf", "bvh_klasse"]] = [_WITHHELD_CODE, ""]
    twice = np.sort(np.concatenate([np.arange(n), np.flatnonzero(rng.random(n) < _REGISTERED_TWICE)]))
    return rows.iloc[twice]


def _told(city: City, wish: _Wish, planted: Planted) -> Truth:
    """Write down a planted hotspot."""
    x_m, y_m = planted.xy_m
    here = shapely.Point(x_m, y_m)
    name = next((area.name for area in city.areas if area.geometry.covers(here)), "")
    return Truth(
        theme=planted.theme,
        kind=wish.kind,
        x_m=x_m,
        y_m=y_m,
        radius_m=planted.radius_m,
        first_week=str(planted.first),
        last_week=str(planted.first.plus(planted.weeks - 1)),
        incidents=planted.incidents,
        neighbourhood=name,
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What the detection made of a planted hotspot: the weeks in which it was found, maybe none."""

    truth: Truth
    found_in: tuple[str, ...]


def findings(folder: Path, detections: Sequence[Detection]) -> tuple[Finding, ...]:
    """
    Say of each planted hotspot in which weeks it was found.

    Parameters
    ----------
    folder
        Folder that `write_incidents` filled.
    detections
        What was found, of all themes and weeks.

    Returns
    -------
    tuple of Finding
        In the order in which they were planted.
    """
    told = json.loads((folder / _TRUTH).read_text("utf-8"))
    truths = [Truth(**entry | {"kind": model.Kind(entry["kind"])}) for entry in told]
    return tuple(Finding(truth, tuple(_found_in(truth, detections))) for truth in truths)


def _found_in(truth: Truth, detections: Sequence[Detection]) -> list[str]:
    """List the weeks in which a hotspot of the planted kind and theme lies at a planted place."""
    disc = shapely.Point(truth.x_m, truth.y_m).buffer(truth.radius_m)
    return [
        str(detection.week)
        for detection in detections
        if detection.theme == truth.theme
        and any(
            hotspot.kind is truth.kind and hotspot.footprint.buffer(-MARGIN_M / 2).intersects(disc)
            for hotspot in detection.hotspots
        )
    ]
