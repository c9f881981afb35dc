"""
From hotspots to what is served: GeoJSON texts, a summary of the week, and a hash of both.

Nothing here reads a file, a clock or a table, and every number is rounded in one place, `geojson`: the same
input gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from hotspot import grades
from hotspot.crs import Plane
from hotspot.editions import Publication, PublishedFeature, feature_id
from hotspot.errors import InvalidParameter
from hotspot.geojson import bbox_deg, canonical_json, geometry, number, rounded_deg, served_shape
from hotspot.model import Grade, Level
from hotspot.telling import NOTHING_MORE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from hotspot.editions import RankedHotspot
    from hotspot.geojson import Json
    from hotspot.model import Area, Boundaries, Detection, Hotspot, Label, Municipality, Parameters
    from hotspot.telling import Telling
    from hotspot.weeks import Week

SCORE_DECIMALS = 4
"""Decimals of scores, rates, shares and expected counts: more than anyone may conclude from."""

P_VALUE_DECIMALS = 6
"""Decimals of p-values: the finest setting, 99,999 replicates, gives steps of 0.00001."""

AREA_DECIMALS = 2
"""Decimals of square metres and of hectares."""


def publication(  # noqa: PLR0913 - what is published, and all that it rests on.
    detections: Sequence[Detection],
    ranked: Sequence[RankedHotspot],
    *,
    municipality: Municipality,
    boundaries: Boundaries,
    parameters: Parameters,
    labels: Mapping[str, Label],
    input_hash: str,
    version: str,
    more: Telling = NOTHING_MORE,
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
    more
        What the list says beside the detections, by the ids that the rows have.

    Returns
    -------
    Publication
        The week: its features ordered by theme and rank, its summary and their hash.

    Raises
    ------
    InvalidParameter
        If there is no detection, they are of several weeks, a theme comes twice, the rows are not the
        hotspots of the detections, or one of them did not pass.
    """
    _require_one_week(detections, ranked)
    ordered = sorted(detections, key=lambda detection: detection.theme)
    week = ordered[0].week
    days = _window_days(week, parameters)
    plane = Plane(municipality.srid)
    parents = {area.code: area.parent_code for area in boundaries.of(Level.NEIGHBOURHOOD)}
    rows = sorted(ranked, key=lambda row: (row.hotspot.theme, row.rank, row.hotspot.id))
    features = tuple(
        _published(row, more.properties.get(row.hotspot.id, {}), plane=plane, parents=parents) for row in rows
    )
    names = {detection.theme for detection in ordered}
    names |= {subtheme for row in rows for subtheme, _ in row.hotspot.subthemes}
    names |= set(more.names)
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
            "kinds": {str(kind): dataclasses.asdict(said) for kind, said in grades.KINDS.items()},
            "grades": {
                str(grade): dataclasses.asdict(said) for grade, said in grades.error_rates(parameters).items()
            },
            "themes": [_theme_summary(detection) for detection in ordered],
            **more.summary,
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
    failed = sorted(row.hotspot.id for row in ranked if row.hotspot.grade is Grade.NONE)
    if failed:
        raise InvalidParameter(f"only what is confirmed or likely is published, got the candidates {failed}")


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
        "counts": {
            str(kind): {str(grade): n for grade, n in of_kind.items()}
            for kind, of_kind in grades.counts(detection.hotspots).items()
        },
    }


def _published(
    row: RankedHotspot,
    more: Mapping[str, Json],
    *,
    plane: Plane,
    parents: Mapping[str, str | None],
) -> PublishedFeature:
    """Write one row of the list as a feature, with what it is filtered by."""
    hotspot = row.hotspot
    served = served_shape(hotspot.footprint, plane)
    box_deg = bbox_deg(served)
    neighbourhoods = [share.code for share in hotspot.neighbourhoods]
    districts = [parent for code in neighbourhoods if (parent := parents.get(code)) is not None]
    feature: dict[str, Json] = {
        "type": "Feature",
        "id": feature_id(hotspot.id, hotspot.week),
        "bbox": box_deg,
        "geometry": geometry(served),
        "properties": _hotspot_properties(row, plane=plane) | dict(more),
    }
    areas = tuple(sorted({*neighbourhoods, *districts}))
    return PublishedFeature(
        hotspot.id,
        hotspot.theme,
        hotspot.kind,
        hotspot.grade,
        row.rank,
        areas,
        box_deg,
        canonical_json(feature),
    )


def _hotspot_properties(row: RankedHotspot, *, plane: Plane) -> dict[str, Json]:
    """Flat where it can be, so that a GIS shows every one as a column."""
    hotspot, evidence = row.hotspot, row.hotspot.evidence
    foremost = hotspot.neighbourhoods[0] if hotspot.neighbourhoods else None
    return {
        "id": hotspot.id,
        "theme": hotspot.theme,
        "week": str(hotspot.week),
        "kind": str(hotspot.kind),
        "grade": str(hotspot.grade),
        "rank": row.rank,
        "score": number(row.score, SCORE_DECIMALS),
        "previous_rank": row.previous_rank,
        "observed": evidence.observed,
        "expected": number(evidence.expected, SCORE_DECIMALS),
        "baseline": evidence.baseline,
        "relative_risk": number(evidence.relative_risk, SCORE_DECIMALS),
        "p_value": number(evidence.p_value, P_VALUE_DECIMALS),
        "q_value": number(evidence.q_value, P_VALUE_DECIMALS),
        "recurrence_weeks": number(evidence.recurrence_weeks, SCORE_DECIMALS),
        "places": evidence.places,
        "largest_pile_up": evidence.largest_pile_up,
        "pile_up": bool(hotspot.pile_up),
        "form": str(hotspot.form),
        "neighbourhood": None if foremost is None else foremost.code,
        "neighbourhood_name": None if foremost is None else foremost.name,
        "neighbourhoods": _shares(hotspot),
        "subthemes": dict(hotspot.subthemes),
        "window_weeks": evidence.window_weeks,
        "window_start": hotspot.week.plus(1 - evidence.window_weeks).monday.isoformat(),
        "window_end": hotspot.week.sunday.isoformat(),
        "centroid": rounded_deg(plane.to_lon_lat([hotspot.centroid_xy_m])).tolist()[0],
        "area_m2": number(hotspot.footprint.area, AREA_DECIMALS),
    }


def _shares(hotspot: Hotspot) -> list[Json]:
    """List the neighbourhoods of a hotspot, largest share first."""
    return [
        {"code": share.code, "name": share.name, "share": number(share.share, SCORE_DECIMALS)}
        for share in hotspot.neighbourhoods
    ]


def _area_feature(area: Area, *, boundaries: Boundaries, plane: Plane) -> str:
    """Write one area as a feature."""
    served = served_shape(area.geometry, plane)
    square_metres_per_hectare = 10_000
    return canonical_json(
        {
            "type": "Feature",
            "id": area.code,
            "bbox": bbox_deg(served),
            "geometry": geometry(served),
            "properties": {
                "code": area.code,
                "name": area.name,
                "level": area.level.value,
                "parent_code": area.parent_code,
                "vintage": boundaries.vintage,
                "area_ha": number(area.geometry.area / square_metres_per_hectare, AREA_DECIMALS),
                "inhabitants": area.inhabitants,
                "schematic": boundaries.schematic,
            },
        }
    )
