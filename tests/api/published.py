"""A small town with two published weeks, made by hand so that every answer about it is known."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import shapely

from hotspot.catalogue import Disclosure
from hotspot.crs import Plane
from hotspot.editions import RankedHotspot
from hotspot.model import (
    Area,
    AreaShare,
    Boundaries,
    Detection,
    Evidence,
    Form,
    Grade,
    Hotspot,
    Kind,
    Label,
    Level,
    Municipality,
    Parameters,
    State,
)
from hotspot.publication import area_fragments, publication
from hotspot.served import Disclosed, Ground
from hotspot.store import engine as engines
from hotspot.store import serving
from hotspot.store.boundaries import write_boundaries
from hotspot.store.municipality import write_municipality
from hotspot.store.publications import write_publication
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from hotspot.editions import Edition, Publication

WEEK = Week.parse("2010-W30")
"""The newest week: two themes with hotspots, corrected once, and one with too little to tell."""

EARLIER = Week.parse("2010-W29")
"""The week before: one hotspot."""

PUBLISHED_AT = dt.datetime(2010, 8, 2, 6, 0, tzinfo=dt.UTC)
CORRECTED_AT = dt.datetime(2010, 8, 3, 6, 0, tzinfo=dt.UTC)

CENTRE_M = (176_500.0, 317_800.0)
"""Somewhere in Maastricht."""

TOWN = Municipality("GM0935", "Maastricht")


def square(x_m: float = CENTRE_M[0], y_m: float = CENTRE_M[1], *, half_m: float = 50.0) -> shapely.Polygon:
    return shapely.box(x_m - half_m, y_m - half_m, x_m + half_m, y_m + half_m)


def evidence(**changes: Any) -> Evidence:  # noqa: ANN401 - one keyword per field, each of its own type
    usual = Evidence(
        observed=12,
        expected=2.0 / 3.0,
        baseline=9,
        relative_risk=17.34567891,
        log_likelihood_ratio=21.0,
        p_value=0.001,
        q_value=0.0025,
        recurrence_weeks=1000.0,
        places=5,
        largest_pile_up=6,
    )
    return dataclasses.replace(usual, **changes)


def hotspot(name: str = "a", **changes: Any) -> Hotspot:  # noqa: ANN401 - as in `evidence`
    usual = Hotspot(
        id=name,
        theme="drug_nuisance",
        week=WEEK,
        kind=Kind.ACUTE,
        grade=Grade.CONFIRMED,
        form=Form.AREA,
        pile_up=False,
        footprint=square(),
        centroid_xy_m=CENTRE_M,
        neighbourhoods=(AreaShare("BU01", "Wyck", 0.75), AreaShare("BU02", "Céramique", 0.25)),
        subthemes=(("dealing", 8), ("use", 4)),
        evidence=evidence(),
        members=(1, 2, 3),
    )
    return dataclasses.replace(usual, **changes)


def detection(*hotspots: Hotspot, theme: str = "drug_nuisance", week: Week = WEEK) -> Detection:
    return Detection(
        theme=theme,
        week=week,
        state=State.HOTSPOTS if hotspots else State.NO_HOTSPOTS,
        reason=None,
        window_incidents=40,
        baseline_incidents=400,
        window_weeks=4,
        baseline_weeks=52,
        candidates=7,
        hotspots=hotspots,
    )


def areas() -> Boundaries:
    def area(level: Level, code: str, name: str, parent: str | None, *shapes: shapely.Polygon) -> Area:
        return Area(level, code, name, parent, shapely.MultiPolygon(list(shapes)))

    west, east = square(CENTRE_M[0] - 500.0, half_m=500.0), square(CENTRE_M[0] + 500.0, half_m=500.0)
    return Boundaries(
        2024,
        (
            area(Level.NEIGHBOURHOOD, "BU01", "Wyck", "WK01", west),
            area(Level.NEIGHBOURHOOD, "BU02", "Céramique", "WK01", east),
            area(Level.DISTRICT, "WK01", "Oost", "GM0935", square(half_m=1000.0)),
        ),
        "drawn for a test",
        schematic=True,
    )


def published(detections: Sequence[Detection], **changes: Any) -> Publication:  # noqa: ANN401 - as in `evidence`
    usual: dict[str, Any] = {  # Any: as in `evidence`.
        "ranked": [
            RankedHotspot(rank, 9.0 / rank, None, found)
            for one in detections
            for rank, found in enumerate(one.hotspots, start=1)
        ],
        "municipality": TOWN,
        "boundaries": areas(),
        "parameters": Parameters(),
        "labels": {"drug_nuisance": Label("Drugsoverlast", "Drug nuisance"), "other": Label("x", "y")},
        "input_hash": "0" * 64,
        "version": "0.1.0",
    }
    return publication(detections, **(usual | changes))


def weeks() -> list[tuple[Publication, dt.datetime]]:
    """The town's publications with their times: the newest week was corrected a day later."""
    x_m, y_m = CENTRE_M
    burglary = {
        "theme": "burglary",
        "kind": Kind.CHRONIC,
        "form": Form.LINE,
        "neighbourhoods": (AreaShare("BU02", "Céramique", 1.0),),
        "evidence": evidence(window_weeks=52),
    }
    likely = hotspot("d2", grade=Grade.LIKELY, footprint=square(x_m - 400.0, y_m))
    too_little = dataclasses.replace(
        detection(theme="nuisance"),
        state=State.NOT_ENOUGH_DATA,
        reason=Label(nl="3 incidenten waar er 50 nodig zijn", en="3 incidents where 50 are needed"),
    )
    newest = [
        detection(hotspot("d1"), likely),
        detection(hotspot("b1", footprint=square(x_m + 300.0, y_m), **burglary), theme="burglary"),
        too_little,
    ]
    earlier = detection(hotspot("e1", week=EARLIER), week=EARLIER)
    return [
        (published([earlier]), PUBLISHED_AT - dt.timedelta(weeks=1)),
        (published(newest[:2]), PUBLISHED_AT),
        (published(newest), CORRECTED_AT),
    ]


def serve_to_all(connection: Connection, week: Publication, edition: Edition) -> None:
    """Serve a week to every level as it is: what is left out where is tested elsewhere."""
    ground = Ground(TOWN, areas())
    serving.serve(connection, edition, dict.fromkeys(Disclosure, Disclosed(week)), ground=ground)


def write_town(store_url: str) -> None:
    """Put the town into a store that has its tables."""
    engine = engines.create_engine(store_url)
    with engines.begin(engine) as connection:
        write_municipality(connection, TOWN)
        write_boundaries(connection, areas(), area_fragments(areas(), Plane(TOWN.srid)))
        for week, published_at in weeks():
            edition = write_publication(connection, week, published_at=published_at)
            serve_to_all(connection, week, edition)
    engine.dispose()
