"""The map itself: what pydeck is told to draw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pydeck
import shapely
from shapely.ops import substring

from hotspot.maps.rows import FILL_SHARES, WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.maps.rows import Row
    from hotspot.maps.words import Json

_LAND, _BORDER, _NAME = [229, 233, 236], list(WHITE), [82, 93, 104]
_BADGE_RADIUS_PX, _FIGURE_PX, _NAME_PX = 12, 13, 11.5
_LETTER_WIDTH = 0.62
"""Width of a bold letter against the height of its line, on average."""

DASHES = 14
"""Dashes of the outline of a likely hotspot, however large it is."""

_MAP_PX, _WORLD_PX = 700, 512
"""What the municipality takes of the screen, and the world at zoom level 0, in pixels."""

_PIXELS = pydeck.types.String("pixels")


def deck(rows: Sequence[Row], areas: Sequence[Json]) -> pydeck.Deck:
    """
    Describe the map; what lies on top comes last, and the best rank above all.

    Parameters
    ----------
    rows
        The hotspots.
    areas
        The neighbourhoods as GeoJSON features; at least one.

    Returns
    -------
    Deck
        The map, without a basemap: nobody is told where the reader looks.
    """
    west, south, east, north = _bounds_deg(areas)
    ground = [_shape(area["geometry"], tip=area["properties"]["name"]) for area in areas]
    # The logarithm of how many times the map at zoom level 0 is enlarged; a degree of latitude is the larger.
    span_deg = max(east - west, (north - south) / math.cos(math.radians((south + north) / 2)))
    zoom = math.log2(360 * _MAP_PX / (_WORLD_PX * span_deg))
    names = [_name(area) for area in areas if _has_room(area, px_per_deg=_MAP_PX / span_deg)]
    layers = [
        _polygons("areas", ground, fill=_LAND, line=_BORDER, line_px=1.5),
        *_footprints(rows),
        _texts("names", names, size_px=_NAME_PX, colour=_NAME),
        *_badges(rows),
    ]
    return pydeck.Deck(
        # deck.gl complains about texts without any text.
        layers=[layer for layer in layers if layer.data],
        initial_view_state=pydeck.ViewState(
            longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=zoom
        ),
        map_provider=None,
        map_style=None,
    )


def _footprints(rows: Sequence[Row]) -> list[pydeck.Layer]:
    """Describe the fillings of all hotspots, and the outlines: unbroken if confirmed, dashed if likely."""
    shapes = [
        _shape(
            row.geometry,
            tip=row.tip,
            fill=[*row.colour, round(row.strength[1] * FILL_SHARES[row.found["grade"]])],
            line=row.colour,
            px=0 if row.is_likely else row.strength[2],
        )
        for row in rows
    ]
    dashes = [
        _shape(dashed(row.geometry), line=row.colour, px=row.strength[2]) for row in rows if row.is_likely
    ]
    look = {"line": "properties.line", "line_px": "properties.px"}
    return [
        _polygons("hotspots", shapes, fill="properties.fill", **look),
        _polygons("dashes", dashes, fill=_LAND, **look),
    ]


def dashed(geometry: Json) -> Json:
    """
    Cut the outlines of a shape into dashes and gaps of one length.

    Parameters
    ----------
    geometry
        A polygon, or several, as GeoJSON.

    Returns
    -------
    dict
        The dashes as a GeoJSON MultiLineString, `DASHES` of each ring.
    """
    shape = shapely.geometry.shape(dict(geometry))
    rings = [ring for polygon in shapely.get_parts(shape) for ring in (polygon.exterior, *polygon.interiors)]
    pieces = [
        substring(shapely.LineString(ring), place / DASHES, (place + 0.5) / DASHES, normalized=True)
        for ring in rings
        for place in range(DASHES)
    ]
    coordinates = [shapely.get_coordinates(piece).tolist() for piece in pieces]
    return {"type": "MultiLineString", "coordinates": coordinates}


def _shape(geometry: Json, **properties: object) -> Json:
    """Make a feature of a geometry, with what its layer reads."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _polygons(
    name: str, data: Sequence[Json], *, fill: list[int] | str, line: list[int] | str, line_px: float | str
) -> pydeck.Layer:
    """Describe a layer of shapes; a look is the same for all, or the name of a property."""
    return pydeck.Layer(
        "GeoJsonLayer",
        data,
        id=name,
        # What says nothing under the pointer lets through to what lies below.
        pickable=all("tip" in feature["properties"] for feature in data),
        get_fill_color=fill,
        get_line_color=line,
        get_line_width=line_px,
        line_width_units=_PIXELS,
    )


def _badges(rows: Sequence[Row]) -> list[pydeck.Layer]:
    """Describe the badges with their signs: round for what is acute, angular for what is chronic."""
    badges = [
        {
            "position": row.found["centroid"],
            "text": row.sign,
            "fill": row.ground,
            "ink": row.ink,
            "rim": row.colour if row.is_likely else WHITE,
            "tip": row.tip,
            "kind": row.found["kind"],
        }
        for row in reversed(rows)
    ]
    acute = [badge for badge in badges if badge["kind"] == "acute"]
    chronic = [badge for badge in badges if badge["kind"] == "chronic"]
    return [
        _texts("chronic", chronic, size_px=_FIGURE_PX, colour="ink", **_ANGULAR),
        _discs(acute),
        _texts("signs", acute, size_px=_FIGURE_PX, colour="ink"),
    ]


_ANGULAR = {
    "pickable": True,
    "background": True,
    "background_padding": [6, 4],
    "background_border_radius": 3,
    "get_background_color": "fill",
    "get_border_color": "rim",
    "get_border_width": 1.5,
}


def _discs(data: Sequence[Json]) -> pydeck.Layer:
    """Describe the discs on which signs stand."""
    return pydeck.Layer(
        "ScatterplotLayer",
        data,
        id="badges",
        pickable=True,
        stroked=True,
        get_position="position",
        get_radius=_BADGE_RADIUS_PX,
        radius_units=_PIXELS,
        get_fill_color="fill",
        get_line_color="rim",
        get_line_width=1.5,
        line_width_units=_PIXELS,
    )


def _texts(
    name: str, data: Sequence[Json], *, size_px: float, colour: list[int] | str, **look: object
) -> pydeck.Layer:
    """Describe a layer of texts; all letters that occur are named, whatever their alphabet."""
    letters = {letter for entry in data for letter in entry["text"]}
    return pydeck.Layer(
        "TextLayer",
        data,
        id=name,
        get_text="text",
        get_position="position",
        get_size=size_px,
        get_color=colour,
        font_weight=600,
        font_family=pydeck.types.String("system-ui, DejaVu Sans, sans-serif"),
        character_set=pydeck.types.String("".join(sorted(letters))),
        **look,
    )


def _bounds_deg(areas: Sequence[Json]) -> tuple[float, float, float, float]:
    """West, south, east, north of all areas."""
    wests, souths, easts, norths = zip(*(area["bbox"] for area in areas), strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _name(area: Json) -> Json:
    """Put the name of an area in its middle."""
    west, south, east, north = area["bbox"]
    return {"position": [(west + east) / 2, (south + north) / 2], "text": area["properties"]["name"]}


def _has_room(area: Json, *, px_per_deg: float) -> bool:
    """Tell whether the name of an area is narrower than the area; the pointer shows the others."""
    west, _, east, _ = area["bbox"]
    return bool((east - west) * px_per_deg > len(area["properties"]["name"]) * _NAME_PX * _LETTER_WIDTH)
