"""The town as a list tells it that follows its hotspots: two weeks, the later one corrected."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hotspot.crs import Plane
from hotspot.editions import RankedHotspot
from hotspot.model import AreaShare, Grade
from hotspot.publication import area_fragments
from hotspot.store import engine as engines
from hotspot.store.boundaries import write_boundaries
from hotspot.store.municipality import write_municipality
from hotspot.store.publications import write_publication
from hotspot.telling import Telling
from tests.api.published import (
    CENTRE_M,
    CORRECTED_AT,
    EARLIER,
    PUBLISHED_AT,
    TOWN,
    WEEK,
    areas,
    detection,
    evidence,
    hotspot,
    published,
    serve_to_all,
    square,
)

if TYPE_CHECKING:
    from hotspot.editions import Publication
    from hotspot.model import Hotspot
    from hotspot.weeks import Week

_Json = dict[str, Any]  # Any: JSON.


def times(**changes: Any) -> _Json:  # noqa: ANN401 - JSON
    usual = {
        "incidents": 11,
        "left_out": 1,
        "hours": [[0.5] * 24] * 7,
        "p_value": 0.01,
        "is_pattern": True,
        "peak": {"weekdays": [5, 6], "start_hour": 22, "hours": 3, "share": 0.41},
        "said": {
            "nl": "Vooral vrijdag en zaterdag tussen 22 en 1 uur (41 %).",
            "en": "Mostly Friday and Saturday between 22:00 and 1:00 (41%).",
        },
    }
    return usual | changes


def properties(**changes: Any) -> _Json:  # noqa: ANN401 - JSON
    """What is told of a hotspot beside its evidence."""
    usual = {
        "first_week": "2010-W26",
        "weeks_listed": 5,
        "event": "continued",
        "event_from": [],
        "gap_weeks": 0,
        "lifecycle": "consecutive",
        "lifecycle_steps": {
            "weeks": 4,
            "counts": [1] * 12 + [12],
            "expected": [0.7] * 13,
            "hot": [0] * 12 + [1],
            "trend": "up",
            "slope_per_step": 0.2,
            "trend_p_value": 0.01,
        },
        "changes": [
            {
                "weeks_ago": 1,
                "rank": 2,
                "observed": 10,
                "expected": 0.7,
                "area_m2": 9000.0,
                "shift_m": 0.0,
                "shift_bearing_deg": None,
                "peak_start_hour": 22,
                "peak_hours": 3,
            },
            None,
        ],
        "score_lower": 2.5,
        "score_upper": 11.5,
        "rank_lower": 1,
        "rank_upper": 3,
        "p_top3": 0.93,
        "p_top10": 1.0,
        "tie": 1,
        "too_little_data": False,
        "harm_score": None,
        "harm_rank": None,
        "relative_risk_lower": 8.1,
        "relative_risk_upper": 30.2,
        "recurrence_years": 19.2,
        "repeat_share": 0.5,
        "sources": {"citizen": 4, "police": 8, "unknown": 0},
        "geocoding": {
            "precise": 11,
            "stated_area_agrees": 10,
            "stated_area_known": 12,
            "dated_to_minute": 12,
        },
        "near_repeats": {"pairs": 4, "expected": 0.6},
        "nearby": [{"id": "hs-b", "distance_m": 120.5, "theme": "drug_nuisance"}],
        "caveats": ["small_numbers", "police_found"],
        "why": {
            "nl": ["Bevestigd: 12 voorvallen waar er 0,7 te verwachten waren.", "Verspreid over 5 adressen."],
            "en": ["Confirmed: 12 events where 0.7 were expected.", "Spread over 5 addresses."],
        },
        "what_changed": {"nl": "Van plaats 2 naar plaats 1.", "en": "From rank 2 to rank 1."},
        "counts": {"weeks_1": 3, "weeks_4": 12, "weeks_12": 14, "weeks_52": 24},
        "weekly_counts": [0] * 40 + [2] * 12,
        "hot_times": times(),
    }
    return usual | changes


def caught(rate: float) -> _Json:
    return {"hits": 40 * rate, "hit_rate": rate, "lower": rate / 2, "upper": 2 * rate, "pai": 100 * rate}


def backing(listed: Week, *, theme: str = "drug_nuisance", rate: float = 0.25) -> _Json:
    return {
        "theme": theme,
        "listed_week": str(listed),
        "incidents": 40,
        **caught(rate),
        "area_m2": 20000.0,
        "city_m2": 2e6,
        "naive_12": caught(0.2),
        "naive_52": None,
        "said": {"nl": "Van de 40 ...", "en": "Of the 40 ..."},
    }


def cell(subtheme: str, area: str, level: str = "neighbourhood", **changes: Any) -> _Json:  # noqa: ANN401 - JSON
    usual = {
        "theme": "drug_nuisance",
        "subtheme": subtheme,
        "area": area,
        "area_name": {"GM0935": "Maastricht", "BU01": "Wyck", "BU02": "Céramique"}[area],
        "level": level,
        "observed": 5,
        "expected": 2.0,
        "ratio": 1.9,
        "ratio_lower": 1.1,
        "ratio_upper": 3.2,
        "trend": "none",
        "p_value": 0.05,
        "q_value": 0.3,
        "is_alarm": False,
        "too_little_data": False,
    }
    return usual | changes


def summary(week: Week, **changes: Any) -> _Json:  # noqa: ANN401 - JSON
    """What is told of a week beside its detections."""
    spread = {"share_of_places_25": 0.01, "share_of_places_50": 0.05, "gini": 0.2}
    said = {"nl": "Zo staat het.", "en": "So it is."}
    usual = {
        "as_of": "2010-08-02T04:00:00Z",
        "completeness": {
            "drug_nuisance": {"share": 0.93, "lower": 0.9, "upper": 0.96, "is_known": True, "said": said}
        },
        "gone": [
            {
                "id": "hs-z",
                "theme": "drug_nuisance",
                "kind": "acute",
                "rank": 3,
                "neighbourhood_name": "Wyck",
                "event": "merged",
                "into": "hs-a",
            }
        ],
        "alarms": {
            "q": 0.1,
            "tests": 3,
            "threshold": 0.01,
            "expected_false": 0.03,
            "untested": ["nuisance"],
            "said": said,
            "rows": [
                {
                    "theme": "drug_nuisance",
                    "area": "BU01",
                    "area_name": "Wyck",
                    "level": "neighbourhood",
                    "observed": 9,
                    "expected": 3.1,
                    "ratio": 2.9,
                    "ratio_lower": 1.5,
                    "ratio_upper": 5.2,
                    "p_value": 0.01,
                    "q_value": 0.03,
                    "is_alarm": True,
                    "ears": "c2",
                    "cusum": True,
                    "beyond_city": True,
                    "said": said,
                }
            ],
        },
        "shifts": [
            {
                "theme": "drug_nuisance",
                "kind": "hour",
                "place": "BU01",
                "place_name": "Wyck",
                "from": "evening",
                "to": "night",
                "fall": 8.0,
                "rise": 9.5,
                "p_value": 0.001,
                "q_value": 0.02,
                "said": said,
            }
        ],
        "hotcrimes": {
            "q": 0.1,
            "tests": 3,
            "expected_false": 0.1,
            "rows": [
                cell("dealing", "GM0935", "municipality"),
                cell("dealing", "BU01", is_alarm=True, p_value=0.002, q_value=0.006, trend="up"),
                cell("use", "BU02", p_value=None, q_value=None, too_little_data=True),
            ],
        },
        "concentration": [
            {
                "theme": "drug_nuisance",
                "places": 300,
                "incidents": 40,
                **spread,
                "by_chance": spread,
                "p_value": 0.01,
            },
            {"theme": "nuisance", "places": 3, "incidents": 0, "by_chance": None, "p_value": None},
        ],
        "backing": [backing(week.plus(-1), theme="all"), backing(week.plus(-1))],
        "hot_times": {"drug_nuisance": times(peak=None, is_pattern=False)},
        "weights": {"name": "default", "version": "1", "source": "All incidents weigh the same"},
    }
    return usual | changes


def told_week(
    week: Week,
    hotspots: tuple[tuple[Hotspot, _Json], ...],
    *,
    previous: tuple[int | None, ...],
    **more: Any,  # noqa: ANN401 - JSON
) -> Publication:
    found = [one for one, _ in hotspots]
    ranked = [
        RankedHotspot(rank, 9.0 / rank, before, one)
        for rank, (one, before) in enumerate(zip(found, previous, strict=True), start=1)
    ]
    telling = Telling(
        properties={one.id: said for one, said in hotspots},
        summary=summary(week, **more),
        names=("dealing", "use"),
    )
    return published([detection(*found, week=week)], ranked=ranked, more=telling)


def told_weeks() -> list[tuple[Publication, dt.datetime]]:
    """An early week without a telling, then two that follow `hs-a`; a correction takes a line away."""
    x_m, y_m = CENTRE_M
    early = published([detection(hotspot("e1", week=EARLIER.plus(-1)), week=EARLIER.plus(-1))])
    first = hotspot("hs-a", week=EARLIER, evidence=evidence(observed=10))
    then = properties(
        event="new", first_week=str(EARLIER), weeks_listed=1, rank_upper=1, changes=[None, None]
    )
    now = hotspot("hs-a")
    east = (AreaShare("BU02", "Céramique", 1.0),)
    other = hotspot("hs-b", grade=Grade.LIKELY, footprint=square(x_m + 300.0, y_m), neighbourhoods=east)
    third = hotspot("hs-c", grade=Grade.LIKELY, footprint=square(x_m - 400.0, y_m))
    back = properties(event="returned", gap_weeks=2, too_little_data=True, caveats=[])
    listed = ((now, properties()), (other, back), (third, properties(event="new", caveats=["late_reports"])))
    later = PUBLISHED_AT
    return [
        (early, later - dt.timedelta(weeks=2)),
        (told_week(EARLIER, ((first, then),), previous=(None,)), later - dt.timedelta(weeks=1)),
        (told_week(WEEK, listed, previous=(2, None, None)), later),
        (told_week(WEEK, listed[:2], previous=(2, None), backing=[backing(EARLIER, rate=0.5)]), CORRECTED_AT),
    ]


def write_told(store_url: str) -> None:
    """Put the weeks into a store that has its tables."""
    engine = engines.create_engine(store_url)
    with engines.begin(engine) as connection:
        write_municipality(connection, TOWN)
        write_boundaries(connection, areas(), area_fragments(areas(), Plane(TOWN.srid)))
        for week, published_at in told_weeks():
            edition = write_publication(connection, week, published_at=published_at)
            serve_to_all(connection, week, edition)
    engine.dispose()
