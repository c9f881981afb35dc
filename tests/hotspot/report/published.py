"""A published week of the schematic Maastricht, as JSON and with everything that a list may tell."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import Any

import numpy as np
import shapely

from hotspot import schematic
from hotspot.crs import Plane
from hotspot.geojson import bbox_deg, geometry, rounded_deg, served_shape
from hotspot.grades import KINDS, error_rates
from hotspot.model import Area, Level, Parameters
from hotspot.notes import Action, Note, Status, Verdict
from hotspot.publication import area_fragments
from hotspot.report.published import PublishedList
from hotspot.weeks import Week

WEEK = Week.parse("2026-W47")
PUBLISHED_AT = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
HASH = "5f2a" * 16
CENTRE = "BU09350000"
"""Code of the neighbourhood with most hotspots."""

PLANE = Plane(schematic.MAASTRICHT.srid)

LABELS = {
    "assault": {"nl": "Mishandeling", "en": "Assault"},
    "burglary": {"nl": "Woninginbraak", "en": "Burglary"},
    "drug_nuisance": {"nl": "Drugsoverlast", "en": "Drug nuisance"},
    "nuisance": {"nl": "Overlast jeugd", "en": "Youth nuisance"},
    "vandalism": {"nl": "Vernieling", "en": "Vandalism"},
}
"""Themes; the last has too little data and the one before it no hotspots."""


@cache
def _boundaries() -> dict[str, Area]:
    return {area.code: area for area in schematic.read().of(Level.NEIGHBOURHOOD)}


def areas(level: Level = Level.NEIGHBOURHOOD) -> list[dict[str, Any]]:
    """The areas as GeoJSON features."""
    made = area_fragments(schematic.read(), PLANE)
    return [json.loads(text) for (of, _), text in sorted(made.items()) if of is level]


def hours(peak: int, n: int) -> list[list[float]]:
    """Incidents by weekday and hour around a peak on Friday and Saturday."""
    day = np.exp(-0.5 * (((np.arange(24) - peak + 12) % 24 - 12) / 2.5) ** 2) + 0.03
    week = np.outer([0.6, 0.6, 0.7, 0.9, 1.6, 1.8, 0.8], day)
    counts: list[list[float]] = (n * week / week.sum()).round(3).tolist()
    return counts


def hotspot(
    theme: str = "drug_nuisance",
    rank: int = 1,
    *,
    area: str = CENTRE,
    place: tuple[float, float] = (0.0, 0.0),
    radius_m: float = 60.0,
    **changes: Any,  # noqa: ANN401 -- JSON
) -> dict[str, Any]:
    """One published hotspot; `place` is its shift from the middle of its neighbourhood, in metres."""
    home = _boundaries()[area]
    middle = home.geometry.representative_point()
    x, y = middle.x + place[0], middle.y + place[1]
    shape = shapely.Point(x, y).buffer(radius_m)
    served = served_shape(shape, PLANE)
    name = f"{theme[:2]}{rank}{area[-4:]}"
    observed = max(3, 14 - 2 * rank)
    properties = {
        "id": name,
        "theme": theme,
        "week": str(WEEK),
        "kind": "acute",
        "grade": "confirmed" if rank < 3 else "likely",
        "rank": rank,
        "score": round(observed - 1.2, 4),
        "previous_rank": {1: 2, 2: 1, 3: 3}.get(rank),
        "observed": observed,
        "expected": round(0.8 + 0.3 * rank, 4),
        "baseline": 9,
        "relative_risk": 6.2,
        "p_value": 0.001,
        "q_value": 0.0025,
        "recurrence_weeks": 1000.0,
        "places": 5,
        "largest_pile_up": 3,
        "pile_up": False,
        "form": "area",
        "neighbourhood": home.code,
        "neighbourhood_name": home.name,
        "neighbourhoods": [{"code": home.code, "name": home.name, "share": 1.0}],
        "subthemes": {"drug_dealing": observed},
        "window_weeks": 4,
        "window_start": WEEK.plus(-3).monday.isoformat(),
        "window_end": WEEK.sunday.isoformat(),
        "centroid": rounded_deg(PLANE.to_lon_lat([(x, y)])).tolist()[0],
        "area_m2": round(shape.area, 2),
        "first_week": str(WEEK.plus(-4 * rank)),
        "weeks_listed": 4 * rank,
        "event": "continued" if rank < 4 else "new",
        "event_from": [],
        "gap_weeks": 0,
        "lifecycle": ("intensifying", "persistent", "consecutive", "new")[min(rank, 4) - 1],
        "lifecycle_steps": {
            "weeks": 4,
            "counts": [1] * 12 + [observed],
            "expected": [1.0] * 13,
            "hot": [0] * 12 + [1],
            "trend": "up",
            "slope_per_step": 0.2,
            "trend_p_value": 0.01,
        },
        "changes": [None, None],
        "score_lower": round(observed - 5.0, 4),
        "score_upper": round(observed + 4.0, 4),
        "rank_lower": max(1, rank - 1),
        "rank_upper": rank + 2,
        "p_top3": 0.9,
        "p_top10": 1.0,
        "tie": rank,
        "too_little_data": False,
        "harm_score": None,
        "harm_rank": None,
        "relative_risk_lower": 2.9,
        "relative_risk_upper": 13.1,
        "recurrence_years": 19.2,
        "repeat_share": 0.4,
        "sources": {"citizen": observed - 1, "police": 1, "unknown": 0},
        "geocoding": {"precise": 8, "stated_area_agrees": 7, "stated_area_known": 8, "dated_to_minute": 8},
        "near_repeats": {"pairs": 4, "expected": 0.6},
        "nearby": [],
        "caveats": ["small_numbers"] if rank > 2 else [],
        "why": {
            "nl": [
                f"{observed} gebeurtenissen in vier weken, waar er 1,4 te verwachten waren.",
                "Zoiets is bij toeval eens in de 19 jaar te zien; 7 van de 8 kwamen van burgers.",
            ],
            "en": [
                f"{observed} events in four weeks, where 1.4 were expected.",
                "By chance this is seen once in 19 years; 7 of 8 came from citizens.",
            ],
        },
        "what_changed": {
            "nl": "Twee meer dan vorige week, en 40 m naar het noordoosten verschoven.",
            "en": "Two more than last week, and 40 m further to the north-east.",
        },
        "counts": {"weeks_1": 3, "weeks_4": observed, "weeks_12": observed + 4, "weeks_52": observed + 9},
        "weekly_counts": [0] * 48 + [2, 3, 3, 3],
        "hot_times": {
            "incidents": observed,
            "left_out": 1,
            "hours": hours(23 if theme != "burglary" else 15, observed),
            "p_value": 0.01,
            "is_pattern": rank != 3,
            "peak": {"weekdays": [5, 6], "start_hour": 22, "hours": 3, "share": 0.41},
        },
    } | changes
    return {
        "type": "Feature",
        "id": properties["id"],
        "bbox": bbox_deg(served),
        "geometry": geometry(served),
        "properties": properties,
    }


def features() -> list[dict[str, Any]]:
    """Thirteen hotspots of three themes; five in the centre, and two that share the fourth place."""
    away = ["BU09350001", "BU09350100", "BU09350300", "BU09350203", "BU09350401", "BU09350600"]
    known = [code for code in away if code in _boundaries()]
    return [
        hotspot("assault", 1, place=(-40.0, 60.0)),
        hotspot("assault", 2, area=known[0]),
        hotspot("assault", 3, area=known[2], kind="chronic", form="line", lifecycle="persistent"),
        hotspot("burglary", 1, area=known[1], radius_m=110.0),
        hotspot("burglary", 2, area=known[3], event="returned", previous_rank=None),
        hotspot("burglary", 3, place=(180.0, -60.0), kind="chronic", pile_up=True, form="dot"),
        hotspot("drug_nuisance", 1, radius_m=90.0),
        hotspot("drug_nuisance", 2, place=(30.0, 25.0), radius_m=45.0, kind="chronic"),
        hotspot("drug_nuisance", 3, place=(-220.0, -120.0)),
        hotspot("drug_nuisance", 4, area=known[0], place=(90.0, 0.0)),
        hotspot("drug_nuisance", 5, area=known[4], expected=0.01, event="split", previous_rank=2, tie=4),
        hotspot("drug_nuisance", 6, area=known[-1], too_little_data=True),
        hotspot("drug_nuisance", 7, area=known[2], place=(300.0, 200.0)),
    ]


def _rate(share: float, n: int) -> dict[str, Any]:
    return {
        "hits": round(share * n),
        "hit_rate": share,
        "lower": round(max(0.0, share - 0.08), 4),
        "upper": round(share + 0.09, 4),
        "pai": 14.2,
    }


def _cell(theme: str, subtheme: str, observed: int, expected: float, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    return {
        "theme": theme,
        "subtheme": subtheme,
        "area": CENTRE,
        "area_name": _boundaries()[CENTRE].name,
        "level": "neighbourhood",
        "observed": observed,
        "expected": expected,
        "ratio": 1.2,
        "ratio_lower": 0.6,
        "ratio_upper": 2.1,
        "trend": "up",
        "p_value": 0.3,
        "q_value": 1.0,
        "is_alarm": False,
        "too_little_data": False,
    } | changes


def _spread(quarter: float, half: float, gini: float) -> dict[str, float]:
    return {"share_of_places_25": quarter, "share_of_places_50": half, "gini": gini}


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What the week says beside these hotspots."""
    parameters = Parameters()
    listed = [one["properties"]["theme"] for one in found]
    state = {"nuisance": "no_hotspots", "vandalism": "not_enough_data"}
    short = {"nl": "er zijn 3 weken, er zijn er 16 nodig", "en": "there are 3 weeks, 16 are needed"}
    complete = {"share": 0.93, "lower": 0.9, "upper": 0.96, "is_known": True}
    return {
        "week": str(WEEK),
        "window_start": WEEK.plus(-3).monday.isoformat(),
        "window_end": WEEK.sunday.isoformat(),
        "municipality": {"code": "GM0935", "name": "Maastricht", "time_zone": "Europe/Amsterdam"},
        "boundaries": {"vintage": schematic.VINTAGE, "source": schematic.SOURCE, "schematic": True},
        "generator": {"name": "hotspot", "version": "0.1.0"},
        "parameters": {"window_weeks": 4, "baseline_weeks": 52, "alpha": 0.05, "replicates": 999},
        "input_hash": "ab" * 32,
        "labels": LABELS,
        "kinds": {str(kind): {"nl": said.nl, "en": said.en} for kind, said in KINDS.items()},
        "grades": {
            str(grade): {"nl": said.nl, "en": said.en} for grade, said in error_rates(parameters).items()
        },
        "themes": [
            {
                "theme": theme,
                "state": "hotspots" if theme in listed else state.get(theme, "no_hotspots"),
                "reason": short if theme == "vandalism" else None,
                "window_incidents": 140,
                "baseline_incidents": 1900,
                "window_weeks": 4,
                "baseline_weeks": 52,
                "candidates": 12,
                "hotspots": listed.count(theme),
                "counts": {},
            }
            for theme in sorted(LABELS)
        ],
        "as_of": "2026-11-23T04:00:00Z",
        "completeness": {
            theme: complete
            | {
                "share": 0.91 + 0.02 * place,
                "said": {
                    "nl": f"{91 + 2 * place}\u00a0% van de week is binnen.",
                    "en": f"{91 + 2 * place}% of the week is in.",
                },
            }
            for place, theme in enumerate(sorted(LABELS))
            if theme != "vandalism"
        },
        "gone": [
            {
                "id": "x1",
                "theme": "burglary",
                "rank": 4,
                "neighbourhood_name": _boundaries()[CENTRE].name,
                "event": "ended",
                "into": None,
            },
            {
                "id": "x2",
                "theme": "drug_nuisance",
                "rank": 3,
                "neighbourhood_name": "Elders",
                "event": "merged",
                "into": "dr50401",
            },
        ],
        "alarms": {
            "q": 0.1,
            "tests": 264,
            "threshold": 0.005,
            "expected_false": 1.3,
            "untested": ["vandalism"],
            "said": {"nl": "Een alarm.", "en": "One alarm."},
            "rows": [
                {
                    "theme": "burglary",
                    "area": "GM0935",
                    "area_name": "Maastricht",
                    "level": "municipality",
                    "observed": 31,
                    "expected": 30.2,
                    "ratio": 1.03,
                    "ratio_lower": 0.7,
                    "ratio_upper": 1.5,
                    "p_value": 0.45,
                    "q_value": 1.0,
                    "is_alarm": False,
                    "ears": "none",
                    "cusum": False,
                    "beyond_city": None,
                    "said": {"nl": "Geen alarm voor woninginbraak.", "en": "No alarm for burglary."},
                },
                {
                    "theme": "drug_nuisance",
                    "area": CENTRE,
                    "area_name": _boundaries()[CENTRE].name,
                    "level": "neighbourhood",
                    "observed": 21,
                    "expected": 9.5,
                    "ratio": 2.2,
                    "ratio_lower": 1.4,
                    "ratio_upper": 3.4,
                    "p_value": 0.0004,
                    "q_value": 0.04,
                    "is_alarm": True,
                    "ears": "c2",
                    "cusum": True,
                    "beyond_city": True,
                    "said": {
                        "nl": "Drugsoverlast in Binnenstad: 21 meldingen, 9,5 verwacht.",
                        "en": "Drug nuisance in Binnenstad: 21 reports, 9.5 expected.",
                    },
                },
            ],
        },
        "shifts": [
            {
                "theme": "assault",
                "kind": "hour",
                "place": CENTRE,
                "place_name": _boundaries()[CENTRE].name,
                "from": "evening",
                "to": "night",
                "fall": 6.0,
                "rise": 7.0,
                "p_value": 0.0004,
                "q_value": 0.03,
                "said": {"nl": "Mishandeling: minder 's avonds.", "en": "Assault: less in the evening."},
            }
        ],
        "hotcrimes": {
            "q": 0.1,
            "tests": 200,
            "expected_false": 0.2,
            "rows": [
                _cell("assault", "assault_in_public", 2, 1.1),
                _cell("burglary", "home_burglary", 1, 0.02, p_value=None, q_value=None, too_little_data=True),
                _cell("drug_nuisance", "drug_dealing", 9, 1.4, p_value=0.0001, q_value=0.02, is_alarm=True),
            ],
        },
        "concentration": [
            {"theme": theme, "places": 1907, "incidents": 128}
            | _spread(0.0136, 0.0304, 0.0894)
            | {"by_chance": _spread(0.0146, 0.0314, 0.0621), "p_value": 0.247}
            for theme in ("assault", "drug_nuisance")
        ]
        + [{"theme": "vandalism", "places": 4, "incidents": 0, "by_chance": None, "p_value": None}],
        "backing": [
            {"theme": theme, "incidents": 61, "listed_week": str(WEEK.plus(-1)), "area_m2": 9e4}
            | {"city_m2": 6e7, "said": {"nl": "Beter dan beide.", "en": "Better than both."}}
            | _rate(share, 61)
            | {"naive_12": _rate(share - 0.07, 61), "naive_52": _rate(share - 0.11, 61)}
            for theme, share in (("assault", 0.21), ("burglary", 0.12), ("drug_nuisance", 0.34))
        ],
        "hot_times": {},
        "weights": {"name": "even", "version": "1", "source": "-"},
    }


def notes() -> dict[str, tuple[Note, ...]]:
    """One hotspot with an action, one that was not recognised."""
    at = dt.datetime(2026, 11, 19, 10, 0, tzinfo=dt.UTC)
    action = Action("avondronde op vrijdag", "team Centrum", dt.date(2026, 12, 4), Status.AGREED)
    return {
        "dr10000": (Note("dr10000", "wijkteam", at, Verdict.CONFIRMED, "klopt", action),),
        "as10000": (Note("as10000", "wijkteam", at, Verdict.REJECTED, "uitgaan, geen patroon", None),),
    }


def week(found: list[dict[str, Any]] | None = None, **changes: Any) -> PublishedList:  # noqa: ANN401 -- JSON
    """The published week; changes are made to its summary."""
    found = features() if found is None else found
    return PublishedList(
        week=WEEK,
        edition=2,
        content_hash=HASH,
        published_at=PUBLISHED_AT,
        summary=summary(found) | changes,
        features=tuple(found),
        notes=notes(),
    )


_NEW = (
    *("first_week", "weeks_listed", "event", "event_from", "gap_weeks", "lifecycle", "lifecycle_steps"),
    *("changes", "score_lower", "score_upper", "rank_lower", "rank_upper", "p_top3", "p_top10", "tie"),
    *("too_little_data", "harm_score", "harm_rank", "relative_risk_lower", "relative_risk_upper"),
    *("recurrence_years", "repeat_share", "sources", "geocoding", "near_repeats", "nearby", "caveats"),
    *("why", "what_changed", "counts", "weekly_counts", "hot_times"),
)


def early_week() -> PublishedList:
    """A week of the first edition of this program, which told much less."""
    found = features()
    for one in found:
        one["properties"] = {name: value for name, value in one["properties"].items() if name not in _NEW}
    told = summary(found)
    for name in ("as_of", "completeness", "gone", "alarms", "shifts", "hotcrimes", "concentration"):
        del told[name]
    for name in ("backing", "hot_times", "weights"):
        del told[name]
    return PublishedList(WEEK, 1, HASH, PUBLISHED_AT, told, tuple(found))
