"""
From the internal publication of a week what partners, and what everybody, may see of it.

Everything is made anew and then held against what is allowed (`allowed`): nothing is copied and struck out.
What a row says of its own past comes from what the same level said the week before, so that no row can tell
that it was there and hidden. Pure: the same publication, rules and key give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.

import shapely

from hotspot import grades
from hotspot.catalogue import Disclosure
from hotspot.cluster.footprint import MARGIN_M
from hotspot.crs import Plane
from hotspot.disclosure import allowed
from hotspot.disclosure import summary as summaries
from hotspot.disclosure.coarsening import INCIDENT_BANDS, RISK_BANDS, band, name_at, squares
from hotspot.disclosure.remembering import Remembered, remembered
from hotspot.editions import Publication, PublishedFeature, feature_id, told
from hotspot.geojson import bbox_deg, canonical_json, geometry, served_shape
from hotspot.model import Kind, Level
from hotspot.publication import content_hash
from hotspot.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hotspot.disclosure.rules import LevelRules, Rules
    from hotspot.geojson import Json, Shape
    from hotspot.model import Area, Boundaries

INWARDS_M = MARGIN_M - 1.0
"""Rim of an outline without incidents, in metres; a metre is kept for what was rounded and simplified."""

_CITY_WIDE = ("campaign", "event", "late_reports")
"""Caveats that say something of the theme in the whole municipality and nothing of the place."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """
    A week as one level may see it.

    Parameters
    ----------
    publication
        Its hotspots under names of the level's own, its summary and the hash of both.
    shapes
        Shape of each hotspot in the plane by that name: squares of the fixed grid, or a district.
    """

    publication: Publication
    shapes: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all rows of a level are made with."""

    level: Disclosure
    rules: Rules
    plane: Plane
    boundaries: Boundaries
    key: bytes
    window_weeks: int
    past: Remembered

    @property
    def own(self) -> LevelRules:
        """The rules of the level."""
        return self.rules.of(self.level)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a hotspot is as the level sees it; the areas with most of the shape first."""

    shape: Shape
    neighbourhoods: tuple[Area, ...]
    codes: tuple[str, ...]


def disclosed(
    publication: Publication,
    level: Disclosure,
    *,
    boundaries: Boundaries,
    srid: int,
    rules: Rules,
    key: bytes,
    before: Publication | None = None,
) -> Lowered:
    """
    Make of a week what a level may see.

    Parameters
    ----------
    publication
        The internal publication.
    level
        Partner or open.
    boundaries
        The areas by which hotspots are named and, if sensitive, shown.
    srid
        EPSG code of the municipality's plane, in which the squares lie.
    rules
        What may be seen.
    key
        Secret of the store, from which the level's names are made; at least 16 bytes.
    before
        What the same level saw of the week before; absent if it saw nothing. Without it nothing is said of
        the past: a list cannot know whether it hid a place last week.

    Returns
    -------
    Lowered
        The level's own publication of the week, and the shapes of its hotspots.

    Raises
    ------
    InvalidParameter
        If the level is the internal one, or the key too short.
    """
    own = rules.of(level)
    summary = json.loads(publication.summary)
    ground = _Ground(
        level=level,
        rules=rules,
        plane=Plane(srid),
        boundaries=boundaries,
        key=key,
        window_weeks=summary["parameters"]["window_weeks"],
        past=remembered(before, week=publication.week),
    )
    features: list[PublishedFeature] = []
    shapes: dict[str, Shape] = {}
    for _, of_theme in groupby(publication.features, key=lambda feature: feature.theme):
        for feature, shape in _rows(of_theme, ground, own):
            features.append(feature)
            shapes[feature.id] = shape
    said = summaries.summary(
        summary, features, level=level, rules=rules, boundaries=boundaries, past=ground.past
    )
    text = canonical_json(allowed.only(said, allowed.SUMMARY[level]))
    return Lowered(Publication(publication.week, text, tuple(features), content_hash(text, features)), shapes)


def _rows(
    of_theme: Iterator[PublishedFeature], ground: _Ground, own: LevelRules
) -> list[tuple[PublishedFeature, Shape]]:
    """Make the rows of a theme that are shown, ranked among themselves."""
    rows: list[tuple[PublishedFeature, Shape]] = []
    first_of_tie: dict[int, int] = {}
    for feature in sorted(of_theme, key=lambda one: (one.rank, one.id)):
        whole = json.loads(feature.geojson)
        exact = told(whole)
        place = _place(whole, exact, ground) if may_be_shown(exact, own) else None
        if place is None:
            continue
        rank = len(rows) + 1
        tie = first_of_tie.setdefault(exact.get("tie") or feature.rank, rank)
        rows.append((_feature(feature, exact, place, ground, ranks=(rank, tie)), place.shape))
    return rows


def may_be_shown(exact: Mapping[str, Any], own: LevelRules) -> bool:
    """
    Tell whether a hotspot rests on enough to be shown.

    Parameters
    ----------
    exact
        What the internal publication tells of it.
    own
        The rules of the level.

    Returns
    -------
    bool
        False as well where an early edition does not say on how much it rests.
    """
    incidents, places = exact.get("observed") or 0, exact.get("places") or 0
    largest = exact.get("largest_pile_up")
    is_pile = bool(exact.get("pile_up")) or (largest is not None and 2 * largest > incidents)
    enough = incidents >= own.least_incidents and places >= own.least_places
    return enough and (own.allows_pile_up or not is_pile)


def _place(whole: Mapping[str, Any], exact: Mapping[str, Any], ground: _Ground) -> _Place | None:
    """Bring a hotspot to squares, or to the district that holds most of them."""
    outline = shapely.transform(shapely.geometry.shape(whole["geometry"]), ground.plane.to_metres)
    own = ground.own
    shape = squares(outline, side_m=own.grid_m, inwards_m=INWARDS_M, least=own.least_cells)
    # Names follow from the squares and not from the outline: they would cut the squares in two.
    districts = _overlapping(shape, ground.boundaries.of(Level.DISTRICT))
    if own.sensitive_by_district and exact["theme"] in ground.rules.sensitive_themes:
        return _Place(districts[0].geometry, (), (districts[0].code,)) if districts else None
    neighbourhoods = _overlapping(shape, ground.boundaries.of(Level.NEIGHBOURHOOD))
    codes = {area.code for area in (*neighbourhoods, *districts)}
    return _Place(shape, tuple(neighbourhoods), tuple(sorted(codes)))


def _overlapping(shape: Shape, areas: Sequence[Area]) -> list[Area]:
    """List the areas that share more than a border with a shape, those with most of it first."""
    shared = shapely.area(shapely.intersection(shape, [area.geometry for area in areas])).tolist()
    found = [(-m2, area.code, area) for m2, area in zip(shared, areas, strict=True) if m2 > 0]
    return [area for _, _, area in sorted(found, key=lambda one: one[:2])]


def _feature(
    feature: PublishedFeature,
    exact: Mapping[str, Any],
    place: _Place,
    ground: _Ground,
    *,
    ranks: tuple[int, int],
) -> PublishedFeature:
    """Write one row as a feature."""
    name = name_at(feature.id, ground.level, ground.key)
    week = Week.parse(exact["week"])
    served = served_shape(place.shape, ground.plane)
    box_deg = bbox_deg(served)
    rank, tie = ranks
    foremost = place.neighbourhoods[0] if place.neighbourhoods else None
    said: dict[str, Json] = {
        "id": name,
        "theme": feature.theme,
        "week": str(week),
        "kind": str(feature.kind),
        "grade": str(feature.grade),
        "rank": rank,
        "tie": tie,
        "neighbourhood": None if foremost is None else foremost.code,
        "neighbourhood_name": None if foremost is None else foremost.name,
        "neighbourhoods": [{"code": area.code, "name": area.name} for area in place.neighbourhoods],
        **_window(week, exact, ground),
        **ground.past.of(name, week),
        **_evidence(exact),
        "why": _why(feature.kind, place, ground),
    }
    text = canonical_json(
        {
            "type": "Feature",
            "id": feature_id(name, week),
            "bbox": box_deg,
            "geometry": geometry(served),
            "properties": allowed.only(said, allowed.PROPERTIES[ground.level]),
        }
    )
    return PublishedFeature(
        name, feature.theme, feature.kind, feature.grade, rank, place.codes, box_deg, text
    )


def _window(week: Week, exact: Mapping[str, Any], ground: _Ground) -> dict[str, Json]:
    """Tell the period; for everybody that of an acute hotspot is the whole window of the detection."""
    weeks = exact.get("window_weeks") or ground.window_weeks
    if ground.level is Disclosure.OPEN and exact["kind"] == Kind.ACUTE:
        weeks = ground.window_weeks
    return {
        "window_weeks": weeks,
        "window_start": week.plus(1 - weeks).monday.isoformat(),
        "window_end": week.sunday.isoformat(),
    }


def _evidence(exact: Mapping[str, Any]) -> dict[str, Json]:
    """Bring to bands what a level may know of the evidence; `allowed` decides which level that is."""
    risk = exact.get("relative_risk")
    times = exact.get("hot_times") or {}
    caveats = exact.get("caveats")
    return {
        "observed": band(exact["observed"], INCIDENT_BANDS),
        "relative_risk": None if risk is None else band(risk, RISK_BANDS),
        "lifecycle": exact.get("lifecycle"),
        "lifecycle_steps": {"trend": (exact.get("lifecycle_steps") or {}).get("trend")},
        "hot_times": summaries.peak(times),
        "caveats": None if caveats is None else [one for one in caveats if one in _CITY_WIDE],
    }


def _why(kind: Kind, place: _Place, ground: _Ground) -> dict[str, Json]:
    """Say what it is from what is left; no number of the register is in it."""
    side_m = ground.own.grid_m
    if place.neighbourhoods:
        nl = f"De plek is verruimd tot vierkanten van minstens {side_m} m."
        en = f"The place is widened to squares of at least {side_m} m."
    else:
        nl, en = "De plek is verruimd tot de wijk.", "The place is widened to the district."
    what = grades.KINDS[kind]
    return {"nl": [f"{what.nl} {nl}"], "en": [f"{what.en} {en}"]}
