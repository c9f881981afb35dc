"""Simulated histories in a store, as if they had been loaded from a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.crs import Plane
from hotspot.model import Level, Municipality, Reports
from hotspot.publication import area_fragments
from hotspot.rows import ABSENT_S, AcceptedRows
from hotspot.store import boundaries, engine, municipality
from tests import factories
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from hotspot.model import Area, Boundaries, Incidents
    from hotspot.simulate import History

PLACE = Municipality("GM0001", "Testdam")
CORNER_M = (170_000.0, 315_000.0)
"""Where the simulated cities, which begin at 0, are put on the map."""
REPORTED_AFTER_S = 7_200


def town_boundaries(quarters: Sequence[Area]) -> Boundaries:
    """Quarters of a simulated city in one district of one municipality, put on the map."""
    moved = [
        factories.area(
            one.code,
            name=one.name,
            parent_code="WK01",
            geometry=shapely.transform(one.geometry, lambda xy_m: xy_m + CORNER_M),
        )
        for one in quarters
    ]
    whole = shapely.MultiPolygon([shapely.box(*shapely.union_all([one.geometry for one in moved]).bounds)])
    around = [
        factories.area("WK01", level=Level.DISTRICT, name="Wijk 1", parent_code=PLACE.code, geometry=whole),
        factories.area(
            PLACE.code, level=Level.MUNICIPALITY, name=PLACE.name, parent_code=None, geometry=whole
        ),
    ]
    return factories.boundaries([*moved, *around])


def told_of(lived: History) -> tuple[Incidents, Reports]:
    """A history put on the map, and how each incident became known; one in ten has no time of report."""
    told = lived.incidents
    reported_s = np.where(told.key % 10 == 0, ABSENT_S, told.ended_s + REPORTED_AFTER_S)
    return replace(told, xy_m=told.xy_m + CORNER_M), Reports(reported_s, lived.reporter, told.neighbourhood)


def rows_of(lived: History) -> AcceptedRows:
    """A history as rows of a file."""
    told, reports = told_of(lived)
    return AcceptedRows(
        row=np.arange(2, len(told) + 2),
        key=told.key,
        reversal_key=told.key,
        fingerprint=told.key,
        xy_m=told.xy_m,
        started_s=told.started_s,
        ended_s=told.ended_s,
        precision=told.precision,
        reported_s=reports.reported_s,
        theme=told.theme,
        subtheme=told.subtheme,
        code=factories.texts(["A1"] * len(told)),
        reporter=reports.reporter,
        neighbourhood=told.neighbourhood,
        stated_area=reports.stated_area,
    )


def store_town(store: Engine, quarters: Sequence[Area], rows: AcceptedRows) -> None:
    """Fill an empty store with a town and what happened there."""
    areas = town_boundaries(quarters)
    with engine.begin(store) as connection:
        municipality.write_municipality(connection, PLACE)
        boundaries.write_boundaries(connection, areas, area_fragments(areas, Plane(PLACE.srid)))
        load(connection, factories.batch(rows))
