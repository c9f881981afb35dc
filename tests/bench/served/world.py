"""What both services serve: 2,000 hotspots of about 40 corners with 20 attributes, and 100,000 points."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.schema import CreateSchema

from hotspot.catalogue import Disclosure
from hotspot.model import Municipality
from hotspot.served import Ground, Row
from hotspot.store import engine as engines
from hotspot.store import migration, municipality, served_extents, serving
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.geojson import Json

N_HOTSPOTS = 2_000
N_POINTS = 100_000
N_CORNERS = 40
CORNER_M = (172_000.0, 313_000.0)
SIDE_M = 10_000.0
THEMES = ("theft", "burglary", "drugs", "nuisance", "traffic", "violence")
FIRST_DAY = dt.date(2025, 1, 6)
SCHEMA = "peer"

ATTRIBUTES = (
    *("hotspot_id", "week", "edition", "theme", "kind", "grade", "rank", "previous_rank", "neighbourhood"),
    *("neighbourhood_name", "window_start", "window_end", "window_weeks", "observed", "expected"),
    *("relative_risk", "q_value", "score", "area_m2", "why_nl"),
)
"""The 20 attributes of a hotspot that are filled."""

POINT_ATTRIBUTES = ("week", "theme", "cell", "size_m", "window_start", "window_end", "incidents", "ratio")


def _instant(day: dt.date, days: int) -> int:
    """Second at which a day begins, so many days later."""
    return int(dt.datetime.combine(day + dt.timedelta(days), dt.time(), dt.UTC).timestamp())


def hotspots(rng: np.random.Generator) -> list[Row]:
    """Make outlines with corners at random around places at random, in 100 weeks."""
    found = []
    for n in range(N_HOTSPOTS):
        x_m, y_m = np.add(CORNER_M, rng.uniform(0, SIDE_M, 2))
        turn = np.sort(rng.uniform(0, 2 * np.pi, N_CORNERS))
        reach_m = rng.uniform(40, 160, N_CORNERS)
        outline = shapely.Polygon(
            np.column_stack([x_m + reach_m * np.cos(turn), y_m + reach_m * np.sin(turn)])
        )
        starts = FIRST_DAY + dt.timedelta(weeks=n % 100)
        ends = starts + dt.timedelta(days=27)
        values = (
            *(f"h{n}", f"2025-W{n % 52 + 1:02d}", 1, THEMES[n % 6], "acute", ("likely", "confirmed")[n % 2]),
            *(n % 20 + 1, n % 7 + 1, f"BU{n % 44:02d}", f"Buurt {n % 44}", starts.isoformat()),
            *(ends.isoformat(), 4, int(rng.integers(3, 60)), round(float(rng.uniform(1, 9)), 4)),
            *(round(float(rng.uniform(1, 9)), 4), round(float(rng.uniform(0, 0.1)), 6)),
            *(round(float(rng.uniform(0, 50)), 4), round(outline.area, 1), "Drie keer zo veel als verwacht."),
        )
        said: dict[str, Json] = dict(zip(ATTRIBUTES, values, strict=True))
        row = Row(f"h{n}", said, outline, (), _instant(starts, 0), _instant(ends, 1) - 1)
        found.append(row)
    return found


def points(rng: np.random.Generator) -> list[Row]:
    """Make points at random."""
    places_m = np.add(CORNER_M, rng.uniform(0, SIDE_M, (N_POINTS, 2)).round(1))
    found = []
    for n, (x_m, y_m) in enumerate(places_m):
        starts = FIRST_DAY + dt.timedelta(days=n % 700)
        values = (
            *(f"2025-W{n % 52 + 1:02d}", THEMES[n % 6], f"c{n}", 50, starts.isoformat()),
            *(starts.isoformat(), n % 90, round(n % 1000 / 7, 4)),
        )
        said: dict[str, Json] = dict(zip(POINT_ATTRIBUTES, values, strict=True))
        shape = shapely.Point(x_m, y_m)
        found.append(
            Row(f"p{n}-{said['week']}", said, shape, (), _instant(starts, 0), _instant(starts, 1) - 1)
        )
    return found


def write_world(url: str) -> None:
    """Put everything into a store, as a publication puts it there."""
    rng = np.random.default_rng(5)
    store = engines.create_engine(url)
    migration.migrate(store)
    ground = Ground(Municipality("GM0935", "Maastricht"), factories.boundaries())
    with engines.begin(store) as connection:
        municipality.write_municipality(connection, ground.municipality)
        place = serving._place(connection, ground)
        serving._write(place, "hotspots", Disclosure.INTERNAL, hotspots(rng))
        serving._write(place, "cells", Disclosure.INTERNAL, points(rng))
        serving._write_version(place, factories.NOW, None)
        served_extents.write_extents(connection, place.version, {"hotspots", "cells"})
        if store.dialect.name == "postgresql":
            _copy_for_the_peer(connection)
    with engines.begin(store) as connection:
        connection.execute(text("ANALYZE"))
    store.dispose()


def _copy_for_the_peer(connection: Connection) -> None:
    """Give the peer tables of its own with the same rows and indexes, as its manual wants them."""
    connection.execute(CreateSchema(SCHEMA))
    for rows, name, kind, attributes in (
        ("served_hotspots", "hotspots", "Polygon", ATTRIBUTES),
        ("served_cells", "points", "Point", POINT_ATTRIBUTES),
    ):
        shape = f"geometry_deg::geometry({kind},4326) AS geom"
        chosen = ", ".join(["id", "feature_id", shape, "to_timestamp(starts_s) AS starts", *attributes])
        for statement in (
            f"CREATE TABLE {SCHEMA}.{name} AS SELECT {chosen} FROM {rows}",  # noqa: S608 -- our own names
            f"ALTER TABLE {SCHEMA}.{name} ADD PRIMARY KEY (id)",
            f"CREATE INDEX ON {SCHEMA}.{name} USING gist (geom)",
            f"CREATE INDEX ON {SCHEMA}.{name} (starts)",
            f"CREATE INDEX ON {SCHEMA}.{name} (theme)",
        ):
            connection.execute(text(statement))
