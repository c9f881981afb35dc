"""A place with many things to serve, and what is served of it, for tests of whatever reads it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.catalogue import Disclosure
from hotspot.crs import Plane
from hotspot.model import Grade, Kind
from hotspot.publication import area_fragments
from hotspot.selection import Window
from hotspot.served import Disclosed, Ground
from hotspot.sheet import Sheet
from hotspot.store import boundaries, municipality, publications, served, serving
from hotspot.weeks import Week
from tests import factories
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from hotspot.catalogue import Reference
    from hotspot.editions import PublishedFeature
    from hotspot.selection import Selection
    from hotspot.store.serving_incidents import Outstanding

CORNER_M = (176_000.0, 318_000.0)
SIDE_M = 1_000.0
WEEK = Week(2010, 30)


def ground() -> Ground:
    """Four neighbourhoods in two districts, in Maastricht."""
    return Ground(factories.municipality(), factories.boundaries())


def prepare(connection: Connection) -> None:
    """Say which place it is, and load its areas."""
    place = ground()
    municipality.write_municipality(connection, place.municipality)
    fragments = area_fragments(place.boundaries, Plane(place.municipality.srid))
    boundaries.write_boundaries(connection, place.boundaries, fragments)


def footprints(n: int, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Outlines with corners at random around places at random."""
    found = []
    for x_m, y_m in rng.uniform(CORNER_M, np.add(CORNER_M, SIDE_M), (n, 2)):
        turn = np.sort(rng.uniform(0, 2 * np.pi, 12))
        reach_m = rng.uniform(10, 120, 12)
        corners = np.column_stack([x_m + reach_m * np.cos(turn), y_m + reach_m * np.sin(turn)])
        outline = shapely.Polygon(corners)
        found.append(outline if outline.is_valid else shapely.Point(x_m, y_m).buffer(50))
    return found


def feature(
    name: str, *, rank: int, week: Week, theme: str = "theft", more: Mapping[str, object] | None = None
) -> PublishedFeature:
    """A published hotspot that says what a real one does, as far as it matters here."""
    properties = {
        "id": name,
        "theme": theme,
        "week": str(week),
        "kind": str(Kind.ACUTE),
        "grade": str(Grade.LIKELY),
        "rank": rank,
        "score": None if rank % 5 == 0 else round(10.0 - rank % 7, 4),
        "previous_rank": None if rank % 3 == 0 else rank % 4,
        "observed": rank + 4,
        "neighbourhood": f"BU0{rank % 4 + 1}",
        "window_weeks": 4,
        "window_start": week.plus(-3).monday.isoformat(),
        "window_end": week.sunday.isoformat(),
        "pile_up": rank % 2 == 0,
        "caveats": ["pile_up"] if rank % 2 == 0 else [],
        "why": {"nl": [f'"Meer" dan één \\ {rank}'], "en": []},
        **({} if more is None else more),
    }
    made = factories.feature(name, theme=theme, rank=rank, areas=(f"BU0{rank % 4 + 1}", "WK01"))
    geojson = json.loads(made.geojson) | {"properties": properties}
    return type(made)(
        made.id, theme, Kind.ACUTE, Grade.LIKELY, rank, made.areas, made.bbox_deg, json.dumps(geojson)
    )


def publish(
    connection: Connection,
    shapes: dict[str, shapely.Geometry | None] | Sequence[shapely.Geometry | None],
    *,
    week: Week = WEEK,
    levels: Sequence[Disclosure] = (Disclosure.INTERNAL,),
    summary: str = "{}",
    outstanding: Outstanding | None = None,
    cells: Sheet | None = None,
) -> int | None:
    """Publish and serve a week with a hotspot for each shape; tells the version."""
    named = dict(shapes) if isinstance(shapes, dict) else {f"h{n}": one for n, one in enumerate(shapes)}
    features = [
        feature(name, rank=rank, week=week, theme=("theft", "drugs")[rank % 2])
        for rank, name in enumerate(named, start=1)
    ]
    publication = factories.publication(features, week=week, summary=summary)
    edition = publications.write_publication(connection, publication, published_at=factories.NOW)
    told = Disclosed(publication, named, Sheet() if cells is None else cells)
    return serving.serve(
        connection, edition, dict.fromkeys(levels, told), ground=ground(), outstanding=outstanding
    )


def load_incidents(connection: Connection, n: int, rng: np.random.Generator, *, first_key: int = 1) -> None:
    """Load incidents of the weeks before the end of `WEEK`, at random."""
    end = dt.datetime.combine(WEEK.sunday, dt.time(20), dt.UTC)
    started_s = int(end.timestamp()) - rng.integers(0, 40 * 604_800, n)
    rows = factories.accepted(
        range(first_key, first_key + n),
        xy_m=[tuple(one) for one in rng.uniform(CORNER_M, np.add(CORNER_M, SIDE_M), (n, 2)).tolist()],
        started_s=started_s.tolist(),
        length_s=3_600,
    )
    load(connection, factories.batch(rows))


def texts_of(connection: Connection, selection: Selection, name: str, reference: Reference) -> list[str]:
    """The text of the feature with a name, if it is selected."""
    return served.read_page(connection, replace(selection, name=name), Window(1), reference).features
