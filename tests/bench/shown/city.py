"""A year of a city with 2,000 hotspots each week, published as weeks really are, for a page to show."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from hotspot import schematic
from hotspot.catalogue import Disclosure
from hotspot.crs import Plane
from hotspot.editions import RankedHotspot
from hotspot.ingest.boundaries import read_boundaries
from hotspot.model import AreaShare, Detection, Form, Grade, Hotspot, Kind, Label, Level, Parameters, State
from hotspot.publication import area_fragments, publication
from hotspot.served import Disclosed, Ground, Row
from hotspot.sheet import Sheet
from hotspot.store import engine as engines
from hotspot.store import migration, serving
from hotspot.store.boundaries import write_boundaries
from hotspot.store.municipality import write_municipality
from hotspot.store.publications import write_publication
from hotspot.telling import Telling
from hotspot.weeks import Week, week_range
from tests.api.published import evidence
from tests.api.told import properties, summary
from tests.conftest import SHARED_DATA
from tests.sheets import sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.editions import Publication
    from hotspot.model import Boundaries

N_HOTSPOTS = 2_000
N_WEEKS = 52
N_CORNERS = 40
N_CELLS = 50_000
NEW_EACH_WEEK = 80
LAST = Week(2026, 44)
WEEKS = week_range(LAST.plus(1 - N_WEEKS), LAST)
THEMES = ("burglary", "drug_nuisance", "nuisance", "theft", "traffic", "violence")
PLACE = schematic.MAASTRICHT
CELL_M = 25
_LABELS = {
    name: Label(name.replace("_", " "), name.replace("_", " ")) for name in (*THEMES, "dealing", "use")
}
_CAVEATS = ("small_numbers", "police_found", "late_reports", "pile_up")
_EVENTS = ("continued", "continued", "continued", "continued", "returned", "split")
_LIVES = ("new", "consecutive", "persistent", "sporadic", "oscillating", "none")


def city() -> Boundaries:
    """The neighbourhoods of Maastricht; as a drawing where the real ones are not here."""
    path = SHARED_DATA / "maastricht" / "maastricht_buurten_2017_valid_wgs84.geojson"
    if not path.is_file():
        return schematic.read()
    return read_boundaries(path, municipality=PLACE, vintage=2017, source="CBS/Kadaster").boundaries


@dataclasses.dataclass(frozen=True)
class Spot:
    """A place that is listed for some weeks."""

    name: str
    theme: str
    footprint: shapely.Polygon
    shares: tuple[AreaShare, ...]
    strength: float


class Spots:
    """Makes places, each in a neighbourhood, with an outline of 40 corners."""

    def __init__(self, boundaries: Boundaries, rng: np.random.Generator) -> None:
        self._areas = boundaries.of(Level.NEIGHBOURHOOD)
        self._tree = shapely.STRtree([area.geometry for area in self._areas])
        self._bounds = _bounds(self._areas)
        self._rng = rng
        self._made = 0

    def make(self, theme: str) -> Spot:
        """Make the next place."""
        rng, outline = self._rng, None
        while outline is None or len(self._tree.query(outline, predicate="intersects")) == 0:
            outline = self._outline()
        shares = [
            (self._areas[n], self._areas[n].geometry.intersection(outline).area)
            for n in self._tree.query(outline, predicate="intersects").tolist()
        ]
        whole = sum(m2 for _, m2 in shares)
        told = [AreaShare(one.code, one.name, m2 / whole) for one, m2 in shares if m2 > 0]
        self._made += 1
        name = f"hs-{self._made:012x}"
        ordered = tuple(sorted(told, key=lambda share: -share.share))
        return Spot(name, theme, outline, ordered, float(rng.uniform(1.5, 9)))

    def _outline(self) -> shapely.Polygon:
        rng = self._rng
        west, south, east, north = self._bounds
        middle_m = rng.uniform((west, south), (east, north))
        turn = np.linspace(0, 2 * math.pi, N_CORNERS, endpoint=False)
        wave = 1 + 0.25 * np.sin(turn * 3 + rng.uniform(0, 6)) + rng.uniform(-0.06, 0.06, N_CORNERS)
        reach_m = rng.uniform(25, 60) * wave
        corners = middle_m + reach_m[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
        return shapely.Polygon(corners)


def _bounds(areas: Sequence[Any]) -> tuple[float, float, float, float]:
    boxes = np.array([area.geometry.bounds for area in areas])
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _hotspot(spot: Spot, week: Week, rank: int, rng: np.random.Generator) -> Hotspot:
    observed = int(rng.poisson(8)) + 3
    is_chronic = rank % 3 == 0
    return Hotspot(
        id=spot.name,
        theme=spot.theme,
        week=week,
        kind=Kind.CHRONIC if is_chronic else Kind.ACUTE,
        grade=Grade.CONFIRMED if rank % 2 else Grade.LIKELY,
        form=(Form.DOT, Form.LINE, Form.AREA)[rank % 3],
        pile_up=rank % 11 == 0,
        footprint=spot.footprint,
        centroid_xy_m=(spot.footprint.centroid.x, spot.footprint.centroid.y),
        neighbourhoods=spot.shares,
        subthemes=(("dealing", observed - 1), ("use", 1)),
        evidence=evidence(
            observed=observed,
            expected=observed / spot.strength,
            relative_risk=spot.strength,
            window_weeks=52 if is_chronic else 4,
        ),
        members=(1, 2, 3),
    )


def _said(rank: int, *, is_new: bool, rng: np.random.Generator) -> dict[str, Any]:  # Any: JSON.
    usual = properties(
        event="new" if is_new else _EVENTS[rank % len(_EVENTS)],
        lifecycle=_LIVES[rank % len(_LIVES)],
        rank_lower=max(1, rank - 3),
        rank_upper=rank + 4,
        too_little_data=rank % 9 == 0,
        caveats=list(_CAVEATS[: rank % 3]),
        weekly_counts=rng.poisson(1.0, 52).tolist(),
        nearby=[],
    )
    return usual | ({"changes": [None, None]} if is_new else {})


def _week(
    week: Week, listed: dict[str, list[Spot]], before: dict[str, int], boundaries: Boundaries, seed: int
) -> Publication:
    """Publish a week."""
    rng = np.random.default_rng(seed)
    ranked = [
        RankedHotspot(rank, 9.0 / rank, before.get(spot.name), _hotspot(spot, week, rank, rng))
        for spots in listed.values()
        for rank, spot in enumerate(spots, start=1)
    ]
    detections = [
        Detection(
            theme=theme,
            week=week,
            state=State.HOTSPOTS,
            reason=None,
            window_incidents=4_000,
            baseline_incidents=40_000,
            window_weeks=4,
            baseline_weeks=52,
            candidates=900,
            hotspots=tuple(row.hotspot for row in ranked if row.hotspot.theme == theme),
        )
        for theme in THEMES
    ]
    told = {
        row.hotspot.id: _said(row.rank, is_new=bool(before) and row.hotspot.id not in before, rng=rng)
        for row in ranked
    }
    return publication(
        detections,
        ranked,
        municipality=PLACE,
        boundaries=boundaries,
        parameters=Parameters(),
        labels=_LABELS,
        input_hash="0" * 64,
        version="0.1.0",
        more=Telling(properties=told, summary=summary(week, gone=[]), names=("dealing", "use")),
    )


def _cells(week: Week, boundaries: Boundaries) -> Sheet:
    """Squares in a block around the middle of the city, many more than a week usually has."""
    west, south, east, north = _bounds(boundaries.of(Level.NEIGHBOURHOOD))
    across = math.ceil(math.sqrt(N_CELLS))
    corner = ((west + east - across * CELL_M) / 2, (south + north - across * CELL_M) / 2)
    west_m, south_m = (round(one / CELL_M) * CELL_M for one in corner)
    first_day, last_day = week.plus(-51).monday, week.sunday
    seconds = [int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) for day in (first_day, last_day)]
    made = []
    for n in range(N_CELLS):
        x_m, y_m = west_m + n % across * CELL_M, south_m + n // across * CELL_M
        wave = 1.5 + math.sin(x_m / 300) + math.cos(y_m / 400)
        said: dict[str, Any] = {  # Any: JSON.
            "week": str(week),
            "theme": THEMES[0],
            "cell": f"c{CELL_M}-{x_m}-{y_m}",
            "size_m": CELL_M,
            "window_start": first_day.isoformat(),
            "window_end": last_day.isoformat(),
            "incidents": n % 7,
            "density_per_km2": round(100 * wave, 4),
            "ratio": round(wave, 4),
        }
        square = shapely.box(x_m, y_m, x_m + CELL_M, y_m + CELL_M)
        name = f"{THEMES[0]}-c{CELL_M}-{x_m}-{y_m}-{week}"
        made.append(Row(name, said, square, (PLACE.code,), seconds[0], seconds[1]))
    return sheet(made)


def write_city(store_url: str, *, weeks: Sequence[Week] = WEEKS) -> None:
    """Put the year into a new store: at the internal level, which the user of this machine sees."""
    boundaries, rng = city(), np.random.default_rng(11)
    spots = Spots(boundaries, rng)
    listed = {theme: [spots.make(theme) for _ in range(N_HOTSPOTS // len(THEMES))] for theme in THEMES}
    listed[THEMES[0]] += [spots.make(THEMES[0]) for _ in range(N_HOTSPOTS % len(THEMES))]
    before: dict[str, int] = {}
    store = engines.create_engine(store_url)
    migration.migrate(store)
    with engines.begin(store) as connection:
        write_municipality(connection, PLACE)
        write_boundaries(connection, boundaries, area_fragments(boundaries, Plane(PLACE.srid)))
    for number, week in enumerate(weeks):
        made = _week(week, listed, before, boundaries, number)
        shapes = {one.name: one.footprint for of_theme in listed.values() for one in of_theme}
        cells = _cells(week, boundaries) if week == weeks[-1] else Sheet()
        at = dt.datetime.combine(week.plus(1).monday, dt.time(6), dt.UTC)
        with engines.begin(store) as connection:
            edition = write_publication(connection, made, published_at=at)
            told = {Disclosure.INTERNAL: Disclosed(made, shapes, cells)}
            serving.serve(connection, edition, told, ground=Ground(PLACE, boundaries))
        before = {
            one.name: rank for of_theme in listed.values() for rank, one in enumerate(of_theme, start=1)
        }
        for theme, of_theme in listed.items():
            gone = set(rng.choice(len(of_theme), NEW_EACH_WEEK // len(THEMES), replace=False).tolist())
            listed[theme] = [spots.make(theme) if n in gone else spot for n, spot in enumerate(of_theme)]
    store.dispose()
