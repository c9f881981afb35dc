"""
From hotspots to what is served: GeoJSON texts, a summary of the week, and a hash of both.

Nothing here reads a file, a clock or a table, and every number is rounded in one place: the same input
gives the same bytes. Geometry is served as RFC 7946 asks: longitude before latitude on WGS 84, outer rings
counter-clockwise, seven decimals (about a centimetre).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from hotspot.crs import Plane
from hotspot.errors import InvalidParameter
from hotspot.model import Level, Publication, PublishedFeature

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.model import (
        Area,
        Boundaries,
        Detection,
        Hotspot,
        Label,
        Municipality,
        Parameters,
        RankedHotspot,
    )
    from hotspot.weeks import Week

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""Whatever JSON can say."""

DEGREE_DECIMALS = 7
"""Decimals of a degree, about a centimetre; RFC 7946 section 11.2 calls six already enough."""

SCORE_DECIMALS = 4
"""Decimals of scores, rates, shares and expected counts: more than anyone may conclude from."""

P_VALUE_DECIMALS = 6
"""Decimals of p-values: the finest setting, 99,999 replicates, gives steps of 0.00001."""

AREA_DECIMALS = 2
"""Decimals of square metres and of hectares."""


def publication(
    detections: Sequence[Detection],
    ranked: Sequence[RankedHotspot],
    *,
    municipality: Municipality,
    boundaries: Boundaries,
    parameters: Parameters,
    labels: Mapping[str, Label],
    input_hash: str,
    version: str,
) -> Publication:
    """
    Make one week's publication of all its themes.

    Parameters
    ----------
    detections
        What was found, one per theme and all of one week, in any order.
    ranked
        The rows of the lists of all themes, in any order: each hotspot of each detection once.
    municipality
        The place; the footprints are in its plane.
    boundaries
        The areas that the hotspots name.
    parameters
        What the detections were told.
    labels
        How people read themes and subthemes; only those that occur are published, and a name without a
        label is shown as it is.
    input_hash
        Fingerprint of the incidents and of whatever else the detections rest on.
    version
        Version of the program that made the detections.

    Returns
    -------
    Publication
        The week: its features ordered by theme and rank, its summary and their hash.

    Raises
    ------
    InvalidParameter
        If there is no detection, they are of several weeks, a theme comes twice, or the rows are not the
        hotspots of the detections.
    """
    _require_one_week(detections, ranked)
    ordered = sorted(detections, key=lambda detection: detection.theme)
    week = ordered[0].week
    days = _window_days(week, parameters)
    plane = Plane(municipality.srid)
    parents = {area.code: area.parent_code for area in boundaries.of(Level.NEIGHBOURHOOD)}
    rows = sorted(ranked, key=lambda row: (row.hotspot.theme, row.rank, row.hotspot.id))
    features = tuple(_published(row, plane=plane, parents=parents) for row in rows)
    names = {detection.theme for detection in ordered}
    names |= {subtheme for row in rows for subtheme, _ in row.hotspot.subthemes}
    summary = canonical_json(
        {
            "week": str(week),
            "window_start": days[0].isoformat(),
            "window_end": days[1].isoformat(),
            "municipality": {
                "code": municipality.code,
                "name": municipality.name,
                "time_zone": municipality.time_zone,
            },
            "boundaries": {
                "vintage": boundaries.vintage,
                "source": boundaries.source,
                "schematic": boundaries.schematic,
            },
            "generator": {"name": "hotspot", "version": version},
            "parameters": dataclasses.asdict(parameters),
            "input_hash": input_hash,
            "labels": {name: dataclasses.asdict(labels[name]) for name in sorted(names) if name in labels},
            "themes": [_theme_summary(detection) for detection in ordered],
        }
    )
    return Publication(week, summary, features, content_hash(summary, features))


def content_hash(summary: str, features: Sequence[PublishedFeature]) -> str:
    """
    Tell publications apart by what they say.

    Parameters
    ----------
    summary
        Summary of the week, a JSON text.
    features
        The features, in order.

    Returns
    -------
    str
        SHA-256 of the summary and the features' texts, 64 hexadecimal digits.
    """
    # No JSON text that we write holds a line feed, so that the parts cannot run into each other.
    text = "\n".join([summary, *(feature.geojson for feature in features)])
    return hashlib.sha256(text.encode()).hexdigest()


def area_fragments(boundaries: Boundaries, plane: Plane) -> dict[tuple[Level, str], str]:
    """
    Write each area as the GeoJSON feature that is served.

    Parameters
    ----------
    boundaries
        Areas of one vintage.
    plane
        The plane in which their shapes are.

    Returns
    -------
    dict of str
        GeoJSON text of each area, by its level and code.
    """
    return {
        (area.level, area.code): _area_feature(area, boundaries=boundaries, plane=plane)
        for area in boundaries.areas
    }


def canonical_json(value: Json) -> str:
    """
    Write JSON that is the same text for the same value: no blanks, keys in the order given.

    Parameters
    ----------
    value
        Anything that JSON can say.

    Returns
    -------
    str
        One line of text.

    Raises
    ------
    ValueError
        If a number is infinite or no number, which JSON cannot say.

    Examples
    --------
    >>> canonical_json({"name": "Wyck", "share": 0.25})
    '{"name":"Wyck","share":0.25}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _require_one_week(detections: Sequence[Detection], ranked: Sequence[RankedHotspot]) -> None:
    """Refuse what is not exactly one week with each hotspot once."""
    weeks = sorted({detection.week for detection in detections})
    if len(weeks) != 1:
        raise InvalidParameter(f"a publication is of one week, got {len(weeks)}: {weeks}")
    themes = [detection.theme for detection in detections]
    if len(set(themes)) != len(themes):
        raise InvalidParameter(f"a publication has each theme once, got {sorted(themes)}")
    found = sorted(hotspot.id for detection in detections for hotspot in detection.hotspots)
    listed = sorted(row.hotspot.id for row in ranked)
    if found != listed or len(set(found)) != len(found):
        raise InvalidParameter(f"the list must name each hotspot found once: found {found}, listed {listed}")


def _window_days(week: Week, parameters: Parameters) -> tuple[dt.date, dt.date]:
    """Give the first and the last local day of the weeks that the detection looks at."""
    return week.plus(1 - parameters.window_weeks).monday, week.sunday


def _theme_summary(detection: Detection) -> dict[str, Json]:
    """Say what a reader must know of a theme, most of all where its list is empty."""
    return {
        "theme": detection.theme,
        "state": detection.state.value,
        "reason": None if detection.reason is None else dataclasses.asdict(detection.reason),
        "window_incidents": detection.window_incidents,
        "baseline_incidents": detection.baseline_incidents,
        "window_weeks": detection.window_weeks,
        "baseline_weeks": detection.baseline_weeks,
        "candidates": detection.candidates,
        "hotspots": len(detection.hotspots),
    }


def _published(
    row: RankedHotspot,
    *,
    plane: Plane,
    parents: Mapping[str, str | None],
) -> PublishedFeature:
    """Write one row of the list as a feature, with what it is filtered by."""
    hotspot = row.hotspot
    served = _served(hotspot.footprint, plane)
    bbox_deg = _bbox_deg(served)
    neighbourhoods = [share.code for share in hotspot.neighbourhoods]
    districts = [parent for code in neighbourhoods if (parent := parents.get(code)) is not None]
    feature: dict[str, Json] = {
        "type": "Feature",
        "id": hotspot.id,
        "bbox": bbox_deg,
        "geometry": _geometry(served),
        "properties": _hotspot_properties(row, plane=plane),
    }
    areas = tuple(sorted({*neighbourhoods, *districts}))
    return PublishedFeature(hotspot.id, hotspot.theme, row.rank, areas, bbox_deg, canonical_json(feature))


def _hotspot_properties(row: RankedHotspot, *, plane: Plane) -> dict[str, Json]:
    """Flat where it can be, so that a GIS shows every one as a column."""
    hotspot, evidence = row.hotspot, row.hotspot.evidence
    foremost = hotspot.neighbourhoods[0] if hotspot.neighbourhoods else None
    return {
        "id": hotspot.id,
        "theme": hotspot.theme,
        "week": str(hotspot.week),
        "rank": row.rank,
        "score": _number(row.score, SCORE_DECIMALS),
        "previous_rank": row.previous_rank,
        "observed": evidence.observed,
        "expected": _number(evidence.expected, SCORE_DECIMALS),
        "baseline": evidence.baseline,
        "relative_risk": _number(evidence.relative_risk, SCORE_DECIMALS),
        "p_value": _number(evidence.p_value, P_VALUE_DECIMALS),
        "recurrence_weeks": _number(evidence.recurrence_weeks, SCORE_DECIMALS),
        "places": evidence.places,
        "largest_pile_up": evidence.largest_pile_up,
        "pile_up": 2 * evidence.largest_pile_up > evidence.observed,
        "neighbourhood": None if foremost is None else foremost.code,
        "neighbourhood_name": None if foremost is None else foremost.name,
        "neighbourhoods": _shares(hotspot),
        "subthemes": dict(hotspot.subthemes),
        "window_weeks": evidence.window_weeks,
        "window_start": hotspot.week.plus(1 - evidence.window_weeks).monday.isoformat(),
        "window_end": hotspot.week.sunday.isoformat(),
        "centroid": _rounded_deg(plane.to_lon_lat([hotspot.centroid_xy_m])).tolist()[0],
        "area_m2": _number(hotspot.footprint.area, AREA_DECIMALS),
    }


def _shares(hotspot: Hotspot) -> list[Json]:
    """List the neighbourhoods of a hotspot, largest share first."""
    return [
        {"code": share.code, "name": share.name, "share": _number(share.share, SCORE_DECIMALS)}
        for share in hotspot.neighbourhoods
    ]


def _area_feature(area: Area, *, boundaries: Boundaries, plane: Plane) -> str:
    """Write one area as a feature."""
    served = _served(area.geometry, plane)
    square_metres_per_hectare = 10_000
    return canonical_json(
        {
            "type": "Feature",
            "id": area.code,
            "bbox": _bbox_deg(served),
            "geometry": _geometry(served),
            "properties": {
                "code": area.code,
                "name": area.name,
                "level": area.level.value,
                "parent_code": area.parent_code,
                "vintage": boundaries.vintage,
                "area_ha": _number(area.geometry.area / square_metres_per_hectare, AREA_DECIMALS),
                "inhabitants": area.inhabitants,
                "schematic": boundaries.schematic,
            },
        }
    )


def _number(value: float, decimals: int) -> float | None:
    """Round; what JSON cannot say, such as the infinite risk of a place that expected nothing, is absent."""
    # Adding zero turns the negative zero that rounding may leave into zero.
    return round(float(value), decimals) + 0.0 if math.isfinite(value) else None


def _rounded_deg(lon_lat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to what is served; np.round would leave the last bit to chance, Python's own does not."""
    if not np.isfinite(lon_lat_deg).all():
        raise InvalidParameter("a shape must lie where its plane is defined, got one without longitude")
    flat = [round(value, DEGREE_DECIMALS) + 0.0 for value in lon_lat_deg.ravel().tolist()]
    return np.array(flat).reshape(lon_lat_deg.shape)


_Shape: TypeAlias = "shapely.Polygon | shapely.MultiPolygon"


def _served(shape: _Shape, plane: Plane) -> _Shape:
    """Bring a shape to rounded longitude and latitude, valid and with its rings the way RFC 7946 asks."""
    served: _Shape = shapely.transform(shape, lambda xy_m: _rounded_deg(plane.to_lon_lat(xy_m)))
    if not served.is_valid:
        served = _mended(served)
    if served.area == 0:
        raise InvalidParameter(f"a shape must have an area, got {shape.area:g} square metres")
    if isinstance(shape, shapely.MultiPolygon) and isinstance(served, shapely.Polygon):
        served = shapely.MultiPolygon([served])
    oriented: _Shape = shapely.orient_polygons(shapely.remove_repeated_points(served), exterior_cw=False)
    return oriented


def _mended(served: _Shape) -> _Shape:
    """Let the grid's own rules mend a shape of which rounding made an edge touch another."""
    gridded = shapely.set_precision(shapely.make_valid(served), 10.0**-DEGREE_DECIMALS)
    # A collection may hold collections: twice taken apart, only simple shapes are left.
    simple = shapely.get_parts(shapely.get_parts(gridded))
    polygons = [part for part in simple if isinstance(part, shapely.Polygon)]
    joined = shapely.union_all(polygons)
    # A grid's coordinates are multiples of its size but for the last bit, which is rounded away.
    parts = shapely.get_parts(shapely.transform(joined, _rounded_deg)).tolist()
    return shapely.Polygon(parts[0]) if len(parts) == 1 else shapely.MultiPolygon(parts)


def _bbox_deg(served: _Shape) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    west, south, east, north = served.bounds
    return west, south, east, north


def _rings(polygon: shapely.Polygon) -> list[Json]:
    """Outer ring first, then the holes."""
    return [shapely.get_coordinates(ring).tolist() for ring in (polygon.exterior, *polygon.interiors)]


def _geometry(served: _Shape) -> dict[str, Json]:
    """Write a GeoJSON geometry."""
    if isinstance(served, shapely.Polygon):
        return {"type": "Polygon", "coordinates": _rings(served)}
    return {"type": "MultiPolygon", "coordinates": [_rings(polygon) for polygon in served.geoms]}
