"""A store with many features of every collection, the same in every run, for those who ask from outside."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.catalogue import Disclosure
from hotspot.served import Disclosed, Row, midnight_s
from hotspot.store import engine as engines
from hotspot.store import publications, serving
from tests import factories
from tests import served as stored
from tests.sheets import sheet

if TYPE_CHECKING:
    from hotspot.editions import PublishedFeature
    from hotspot.geojson import Json
    from hotspot.weeks import Week

SEED = 20101
WEEKS = (-5, -1, 0)
"""Weeks that are published, counted from `tests.served.WEEK`."""

CELL_M = 100.0
CELLS = 36
STREETS = 8

NAMES = ("Céramique", "ceramique", "O'Neill", '50% "Wyck"', "Sint_Pieter", "İstanbul ß", "Zuid\\Oost", "")
"""Names with what filters trip over: accents, quotes, wildcards, blanks, other scripts."""

THEMES = ("theft", "drugs", "burglary")


def write_crowd(store_url: str, *, hotspots: int = 40, incidents: int = 150) -> None:
    """Put the crowd into a store that has its tables; two more hotspots of each week have no shape."""
    rng = np.random.default_rng(SEED)
    engine = engines.create_engine(store_url)
    with engines.begin(engine) as connection:
        stored.prepare(connection)
        stored.load_incidents(connection, incidents, rng)
        serving.serve_streets(connection, _streets(), stored.ground().plane, made_at=factories.NOW)
        # The second week is corrected: what its first edition said is no longer served.
        for weeks in (*WEEKS[:2], *WEEKS[1:]):
            week = stored.WEEK.plus(weeks)
            shapes: list[shapely.Geometry | None] = [*stored.footprints(hotspots, rng), None, None]
            named = {f"h{number}": shape for number, shape in enumerate(shapes)}
            features = [_feature(name, rank, week, rng) for rank, name in enumerate(named, start=1)]
            publication = factories.publication(features, week=week)
            edition = publications.write_publication(connection, publication, published_at=factories.NOW)
            told = Disclosed(publication, named, sheet(_cells(week, rng)))
            levels = dict.fromkeys(Disclosure, told)
            serving.serve(connection, edition, levels, ground=stored.ground())
    engine.dispose()


def _feature(name: str, rank: int, week: Week, rng: np.random.Generator) -> PublishedFeature:
    """A hotspot that says something different of most things."""
    caveats = [str(one) for one in rng.permutation(["pile_up", "small_numbers", "police_found"])]
    more = {
        "neighbourhood_name": NAMES[rank % len(NAMES)] or None,
        "expected": round(float(rng.uniform(0.1, 9.0)), 3),
        "relative_risk": round(float(rng.lognormal()), 4),
        "p_value": float(rng.choice([0.001, 0.01, 0.05])),
        "weeks_listed": int(rng.integers(1, 9)),
        "window_weeks": int(rng.choice([4, 52])),
        "caveats": caveats[: rank % 4],
    }
    return stored.feature(name, rank=rank, week=week, theme=THEMES[rank % 3], more=more)


def _streets() -> list[Row]:
    """Streets from west to east, one of them without a name."""
    found = []
    for number in range(STREETS):
        y_m = stored.CORNER_M[1] + number * stored.SIDE_M / STREETS
        line = shapely.MultiLineString(
            [[(stored.CORNER_M[0] + x_m, y_m + x_m / 50) for x_m in (0, 300, 900)]]
        )
        said: dict[str, Json] = {
            "street_id": f"s{number}",
            "name": NAMES[number] or None,
            "street_class": ("primary", "residential", None)[number % 3],
            "importance": number % 4,
            "length_m": round(line.length, 1),
        }
        found.append(
            Row(f"s{number}", said, line, (f"BU0{number % 4 + 1}", stored.ground().municipality.code))
        )
    return found


def _cells(week: Week, rng: np.random.Generator) -> list[Row]:
    """Squares beside each other with numbers in them."""
    zone = stored.ground().zone
    starts_s = midnight_s(week.plus(-3).monday, zone)
    ends_s = midnight_s(week.sunday + dt.timedelta(days=1), zone) - 1
    found = []
    for number in range(CELLS):
        x_m = stored.CORNER_M[0] + CELL_M * (number % 6)
        y_m = stored.CORNER_M[1] + CELL_M * (number // 6)
        count = int(rng.integers(0, 40))
        said: dict[str, Json] = {
            "week": str(week),
            "theme": THEMES[0],
            "cell": f"c{number}",
            "size_m": int(CELL_M),
            "window_start": week.plus(-3).monday.isoformat(),
            "window_end": week.sunday.isoformat(),
            "incidents": count,
            "density_per_km2": count * 100.0,
            "ratio": None if count < 5 else round(count / 7, 3),
        }
        shape = shapely.box(x_m, y_m, x_m + CELL_M, y_m + CELL_M)
        found.append(Row(f"c{number}-{week}", said, shape, (f"BU0{number % 4 + 1}",), starts_s, ends_s))
    return found
