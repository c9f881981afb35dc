"""
From what is published to the rows that are served: flat properties, and each shape in three systems.

Nothing here reads a file, a clock or a table. The plane, rounded to a tenth of a millimetre, is the truth:
degrees follow from it, and metres on the web map from the degrees.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any  # What is published is JSON, of which parts are read.
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from hotspot.catalogue import CELLS, HOTSPOTS, RANKINGS, Disclosure, PropertyType
from hotspot.crs import Plane
from hotspot.editions import feature_id, told
from hotspot.geojson import number
from hotspot.model import Level
from hotspot.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hotspot.catalogue import Collection
    from hotspot.editions import Publication, PublishedFeature
    from hotspot.geojson import Json
    from hotspot.model import Boundaries, Municipality
    from hotspot.weeks import Week

_HECTARE_M2 = 10_000
_AREA_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """
    One feature as it is served.

    Parameters
    ----------
    feature_id
        Its name, the same at every version.
    properties
        What it says, by the names of the catalogue; what is not told at its level is left out.
    shape
        Its shape in the municipality's plane, in metres; absent where it has none.
    areas
        Codes of the areas that it touches.
    starts_s, ends_s
        First and last second of it, since 1970 in UTC; absent where it has no time.
    """

    feature_id: str
    properties: Mapping[str, Json]
    shape: shapely.Geometry | None
    areas: tuple[str, ...] = ()
    starts_s: int | None = None
    ends_s: int | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """
    A week as one level may see it.

    Parameters
    ----------
    publication
        Its hotspots and summary.
    shapes
        Shapes in the municipality's plane by the names of the hotspots. Where a name is missing the shape is
        that of the published feature, and where it is named without a shape the hotspot has none.
    cells
        Squares of the surface of density.
    """

    publication: Publication
    shapes: Mapping[str, shapely.Geometry | None] = field(default_factory=dict)
    cells: Sheet = field(default_factory=Sheet)


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What rows are laid out on.

    Parameters
    ----------
    municipality
        The place.
    boundaries
        Its areas.
    """

    municipality: Municipality
    boundaries: Boundaries

    @property
    def plane(self) -> Plane:
        """The plane of the place."""
        return Plane(self.municipality.srid)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone in which its days begin."""
        return ZoneInfo(self.municipality.time_zone)

    def named(self) -> dict[str, tuple[str, Level]]:
        """
        Tell the names of the areas.

        Returns
        -------
        dict
            Name and level by code; of two levels that share a code, the smaller.
        """
        order = (Level.MUNICIPALITY, Level.DISTRICT, Level.NEIGHBOURHOOD)
        return {area.code: (area.name, level) for level in order for area in self.boundaries.of(level)}


_PATHS = {
    "hotspot_id": ("id",),
    "trend": ("lifecycle_steps", "trend"),
    "near_repeats_pairs": ("near_repeats", "pairs"),
    "near_repeats_expected": ("near_repeats", "expected"),
    "why_nl": ("why", "nl", 0),
    "why_en": ("why", "en", 0),
    "what_changed_nl": ("what_changed", "nl"),
    "what_changed_en": ("what_changed", "en"),
    "when_nl": ("hot_times", "said", "nl"),
    "when_en": ("hot_times", "said", "en"),
    "is_pattern": ("hot_times", "is_pattern"),
    "peak_start_hour": ("hot_times", "peak", "start_hour"),
    "peak_hours": ("hot_times", "peak", "hours"),
    "peak_share": ("hot_times", "peak", "share"),
    **{f"counts_weeks_{weeks}": ("counts", f"weeks_{weeks}") for weeks in (1, 4, 12, 52)},
    **{f"sources_{who}": ("sources", who) for who in ("citizen", "police", "unknown")},
}
"""Where a published feature tells what a row says; under its own name where none is given."""


def hotspot_rows(disclosed: Disclosed, *, edition: int, level: Disclosure, ground: Ground) -> list[Row]:
    """
    Flatten the hotspots of a week.

    Parameters
    ----------
    disclosed
        The week.
    edition
        Number of its edition.
    level
        Who sees it.
    ground
        Where it is.

    Returns
    -------
    list of Row
        In the order of the publication.
    """
    week = disclosed.publication.week
    found = []
    for feature in disclosed.publication.features:
        published = json.loads(feature.geojson)
        properties = told(published)
        said: dict[str, Json] = {one.name: _at(properties, one.name) for one in HOTSPOTS.told(level)}
        said |= {"hotspot_id": feature.id, "week": str(week), "edition": edition}
        areas = (*feature.areas, ground.municipality.code)
        shape = _shape(disclosed, feature, published, ground.plane)
        starts_s, ends_s = _bounds_s(properties, week, ground.zone)
        found.append(Row(feature_id(feature.id, week), said, shape, areas, starts_s, ends_s))
    return found


def _at(properties: Mapping[str, Any], name: str) -> Json:
    """Find a property in what is published."""
    if name == "neighbourhoods":
        listed = properties.get("neighbourhoods")
        return None if listed is None else [one["code"] for one in listed]
    found: Any = properties
    for step in _PATHS.get(name, (name,)):
        if isinstance(step, int):
            found = found[step] if found else None
        else:
            found = None if found is None else found.get(step)
    value: Json = found
    return value


def _shape(
    disclosed: Disclosed, feature: PublishedFeature, published: Mapping[str, Any], plane: Plane
) -> shapely.Geometry | None:
    """Give the shape of a hotspot in the plane."""
    if feature.id in disclosed.shapes:
        return disclosed.shapes[feature.id]
    geometry = published["geometry"]
    if geometry is None:
        return None
    return shapely.transform(shapely.from_geojson(json.dumps(geometry)), plane.to_metres)


def _bounds_s(properties: Mapping[str, Any], week: Week, zone: ZoneInfo) -> tuple[int, int]:
    """Give the first and the last second of a hotspot's period; of early editions, of its week."""
    first, last = properties.get("window_start"), properties.get("window_end")
    starts = week.monday if first is None else dt.date.fromisoformat(first)
    ends = week.sunday if last is None else dt.date.fromisoformat(last)
    return midnight_s(starts, zone), midnight_s(ends + dt.timedelta(days=1), zone) - 1


def midnight_s(day: dt.date, zone: ZoneInfo) -> int:
    """
    Tell when a local day begins.

    Parameters
    ----------
    day
        The day.
    zone
        The time zone.

    Returns
    -------
    int
        Seconds since 1970 in UTC.
    """
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp())


def ranking_rows(hotspots: Sequence[Row], *, level: Disclosure, ground: Ground) -> list[Row]:
    """
    Lay out the lists of a week: one of each theme for the municipality and for every area that is touched.

    Parameters
    ----------
    hotspots
        What `hotspot_rows` gave.
    level
        Who sees it.
    ground
        Where it is.

    Returns
    -------
    list of Row
        By theme, level of area, code and rank; each with the shape of its hotspot.
    """
    named = ground.named()
    names = [one.name for one in RANKINGS.told(level)]
    listed: list[tuple[tuple[str, int, str], Row]] = []
    for row in hotspots:
        for code in set(row.areas):
            of_level = list(Level).index(named.get(code, (code, Level.NEIGHBOURHOOD))[1])
            listed.append(((str(row.properties["theme"]), -of_level, code), row))
    # The rows come by rank, which a sort by the area alone keeps.
    listed.sort(key=lambda one: one[0])
    found = []
    for (theme, _, code), rows in groupby(listed, key=lambda one: one[0]):
        name, of_level = named.get(code, (code, Level.NEIGHBOURHOOD))
        for rank, (_, row) in enumerate(rows, start=1):
            area = {"area": code, "area_name": name, "area_level": str(of_level), "area_rank": rank}
            said = row.properties | area  # type: ignore[operator] # Made above, of dicts.
            of_row = {one: said.get(one) for one in names}
            identity = f"{row.properties['week']}-{theme}-{code}-{rank}"
            found.append(Row(identity, of_row, row.shape, row.areas, row.starts_s, row.ends_s))
    return found


def area_rows(ground: Ground) -> list[Row]:
    """
    Lay out neighbourhoods and districts.

    Parameters
    ----------
    ground
        The place.

    Returns
    -------
    list of Row
        By level and code.
    """
    found = []
    for level in (Level.NEIGHBOURHOOD, Level.DISTRICT):
        for area in sorted(ground.boundaries.of(level), key=lambda one: one.code):
            said: dict[str, Json] = {
                "code": area.code,
                "name": area.name,
                "level": str(level),
                "parent_code": area.parent_code,
                "vintage": ground.boundaries.vintage,
                "area_ha": number(area.geometry.area / _HECTARE_M2, _AREA_DECIMALS),
                "inhabitants": area.inhabitants,
                "schematic": ground.boundaries.schematic,
            }
            around = () if area.parent_code is None else (area.parent_code,)
            codes = (area.code, *around, ground.municipality.code)
            found.append(Row(area.code, said, area.geometry, tuple(dict.fromkeys(codes))))
    return found


def week_rows(
    disclosed: Disclosed, *, edition: int, level: Disclosure, ground: Ground
) -> dict[str, list[Row] | Sheet]:
    """
    Make all rows of a week.

    Parameters
    ----------
    disclosed
        The week.
    edition
        Number of its edition.
    level
        Who sees it.
    ground
        Where it is.

    Returns
    -------
    dict
        Rows by their kind.
    """
    hotspots = hotspot_rows(disclosed, edition=edition, level=level, ground=ground)
    told_of_cells = [one.name for one in CELLS.told(level)]
    return {
        HOTSPOTS.rows: hotspots,
        RANKINGS.rows: ranking_rows(hotspots, level=level, ground=ground),
        CELLS.rows: disclosed.cells.saying({"edition": edition}, told_of_cells),
    }


def column_values(collection: Collection, listed: Iterable[Mapping[str, Json]]) -> Iterator[list[object]]:
    """
    Give the values of the columns of rows.

    Parameters
    ----------
    collection
        Any collection of their kind of rows.
    listed
        What each says; what is left out is absent.

    Yields
    ------
    list
        In the order of the catalogue: several texts as a JSON array, instants in seconds since 1970.
    """
    names = [one.name for one in collection.properties]
    # Most properties are kept as they are.
    written = [(at, one.type) for at, one in enumerate(collection.properties) if one.type in _WRITTEN]
    for properties in listed:
        values: list[object] = [properties.get(name) for name in names]
        for at, kind in written:
            values[at] = _column_value(properties.get(names[at]), kind)
        yield values


def sheet_columns(collection: Collection, sheet: Sheet) -> list[Sequence[object]]:
    """
    Give the values of the columns of a sheet.

    Parameters
    ----------
    collection
        Any collection of its kind of rows.
    sheet
        What its rows say; what is left out is absent.

    Returns
    -------
    list of sequence
        A value for each row, by column in the order of the catalogue, each as `column_values` gives it.
    """
    said = sheet.columns([one.name for one in collection.properties])
    return [
        [_column_value(value, one.type) for value in values] if one.type in _WRITTEN else values
        for one, values in zip(collection.properties, said, strict=True)
    ]


_WRITTEN = frozenset({PropertyType.TEXTS, PropertyType.INSTANT})
"""What columns hold in another form."""


def _column_value(value: Json, kind: PropertyType) -> object:
    """Give a value as its column has it."""
    if value is None:
        return None
    if kind is PropertyType.TEXTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if kind is PropertyType.INSTANT:
        return int(dt.datetime.fromisoformat(str(value)).timestamp())
    return value


def instant_texts(instants_s: np.ndarray[Any, np.dtype[np.int64]]) -> list[str]:
    """
    Write many instants.

    Parameters
    ----------
    instants_s
        Seconds since 1970 in UTC, shape (n,).

    Returns
    -------
    list of str
        Each such as `2026-07-20T08:30:00Z`.
    """
    return [f"{text}Z" for text in np.datetime_as_string(instants_s.astype("datetime64[s]")).tolist()]
