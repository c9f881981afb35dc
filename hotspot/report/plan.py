"""The map of the briefing as SVG: neighbourhoods, footprints, signs, a bar of real metres, and north."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.report import look
from hotspot.report.ground import Frame, Ground, bar_m, frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.report.published import Json

FONT = "Libertinus Serif"
"""A font that the maker of the PDF brings along; a page takes its own."""

_STRIP_PX = 30.0
"""Height under the map for the scale bar and north."""
_AREA_MARGIN, _CITY_MARGIN = 0.12, 0.03
"""Part of an area, or of the city, that is shown around it on each side."""
_BADGE_PX = 11.0
"""Half the height of a sign."""
_SIGN_PX = 14.0
_NAME_PX = 11.5
_NUMBER_PX = 12.0
_BAR_SHARE = 0.32
"""Part of the width that the scale bar may take."""
_LEAST_PX = 9.0
"""Size below which a footprint is a dot."""
_RINGS, _DIRECTIONS = 7, 16
"""Where a sign is tried that would lie on another: so many circles, so many places on each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """
    A hotspot on the map.

    Parameters
    ----------
    feature
        The hotspot as GeoJSON.
    sign
        What stands in its badge; empty for one that the table leaves out.
    colour
        Colour of its theme.
    """

    feature: Json
    sign: str
    colour: str


def plan(
    areas: Sequence[Json],
    marks: Sequence[Mark],
    *,
    code: str | None,
    title: str,
    widths_px: tuple[float, float],
    height_px: float,
) -> str:
    """
    Draw the map.

    Parameters
    ----------
    areas
        The neighbourhoods as GeoJSON features; at least one.
    marks
        The hotspots, the ones that matter most first.
    code
        Code of the neighbourhood or district that it is about; absent for the whole municipality.
    title
        What the map shows, for those who cannot see it.
    widths_px
        Least and largest width of the drawing; it is as wide as what it shows.
    height_px
        Its height.

    Returns
    -------
    str
        SVG without any reference to elsewhere.
    """
    shapes = [shapely.geometry.shape(area["geometry"]) for area in areas]
    chosen = [code in _names(area) for area in areas]
    aimed = [shape for shape, is_chosen in zip(shapes, chosen, strict=True) if is_chosen] or shapes
    west, south, east, north = shapely.total_bounds(aimed)
    ground = Ground(float(west + east) / 2, float(south + north) / 2)
    shapes_m = [ground.metres(shape) for shape in shapes]
    aimed_m = [ground.metres(shape) for shape in aimed]
    margin = _CITY_MARGIN if len(aimed) == len(shapes) else _AREA_MARGIN
    # A hotspot on the border is shown whole.
    whole = [ground.metres(shapely.geometry.shape(mark.feature["geometry"])) for mark in marks]
    width_px = _width_px([*aimed_m, *whole], widths_px, height_px - _STRIP_PX)
    view = frame([*aimed_m, *whole], width_px=width_px, height_px=height_px - _STRIP_PX, margin=margin)
    names = [area["properties"]["name"] for area in areas]
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px:g} {height_px:g}" '
            f'font-family="{FONT}" role="img">'
        ),
        f"<title>{html.escape(title)}</title>",
        f'<clipPath id="view"><rect width="{view.width_px:g}" height="{view.height_px:g}"/></clipPath>',
        '<g clip-path="url(#view)">',
        f'<rect width="{view.width_px:g}" height="{view.height_px:g}" fill="#fff"/>',
        *_ground(shapes_m, chosen, view),
        *(_names_of_neighbours(shapes_m, names, chosen, view) if any(chosen) else ()),
        *(_footprint(shape, mark, view) for shape, mark in zip(whole, marks, strict=True)),
        *_badges(whole, marks, view),
        "</g>",
        (
            f'<rect x="0.5" y="0.5" width="{view.width_px - 1:g}" height="{view.height_px - 1:g}" '
            f'fill="none" stroke="{look.FAINT}"/>'
        ),
        *_scale_bar(view),
        *_north(view),
        "</svg>",
    ]
    return "".join(parts)


def _width_px(
    shapes_m: Sequence[shapely.Geometry], widths_px: tuple[float, float], height_px: float
) -> float:
    """Choose how wide the map is: as what it shows, within bounds."""
    west, south, east, north = shapely.total_bounds(list(shapes_m))
    least, most = widths_px
    return float(round(min(most, max(least, height_px * (east - west) / max(north - south, 1.0)))))


def _names(area: Json) -> set[str | None]:
    """Codes under which a neighbourhood is asked for: its own and its district's."""
    return {area["properties"]["code"], area["properties"].get("parent_code")}


def _path(shape: shapely.Geometry, view: Frame) -> str:
    """Write a shape as the path of an SVG."""
    text = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = view.pixels(shapely.get_coordinates(ring))[:-1]
            text.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) + "Z")
    return "".join(text)


def _ground(shapes_m: list[shapely.Geometry], chosen: list[bool], view: Frame) -> list[str]:
    """Draw the neighbourhoods, the chosen ones last so that their border lies on top."""
    plain = [
        f'<path d="{_path(shape, view)}" fill="{look.LAND}" stroke="{look.BORDER}" stroke-width="0.8"/>'
        for shape, is_chosen in zip(shapes_m, chosen, strict=True)
        if not is_chosen
    ]
    own = [shape for shape, is_chosen in zip(shapes_m, chosen, strict=True) if is_chosen]
    if not own:
        return plain
    inside = [
        f'<path d="{_path(shape, view)}" fill="{look.CHOSEN_LAND}" stroke="{look.BORDER}"/>' for shape in own
    ]
    around = _path(shapely.union_all(own), view)
    edge = f'<path d="{around}" fill="none" stroke="{look.CHOSEN_BORDER}" stroke-width="1.8"/>'
    return [*plain, *inside, edge]


def _names_of_neighbours(
    shapes_m: list[shapely.Geometry], names: list[str], chosen: list[bool], view: Frame
) -> list[str]:
    """Name the neighbourhoods around, where the name fits into what is in sight."""
    west, north = view.west_m, view.north_m
    east, south = west + view.width_px / view.px_per_m, north - view.height_px / view.px_per_m
    window = shapely.box(west, south, east, north)
    texts = []
    for shape, name, is_chosen in zip(shapes_m, names, chosen, strict=True):
        # A letter is about half as wide as it is high.
        half_m = np.array([len(name) * _NAME_PX * 0.27, _NAME_PX * 0.6]) / view.px_per_m
        free = shapely.intersection(shape, window)
        if is_chosen or free.is_empty:
            continue
        x, y = shapely.get_coordinates(shapely.point_on_surface(free))[0]
        room = shapely.box(x - half_m[0], y - half_m[1], x + half_m[0], y + half_m[1])
        if free.contains(room):
            ((x_px, y_px),) = view.pixels(np.array([[x, y]])).tolist()
            texts.append(
                f'<text x="{x_px:.1f}" y="{y_px + _NAME_PX / 3:.1f}" font-size="{_NAME_PX:g}" '
                f'text-anchor="middle" fill="{look.SOFT_INK}">{html.escape(name)}</text>'
            )
    return texts


def _footprint(shape: shapely.Geometry, mark: Mark, view: Frame) -> str:
    """Draw the shape of a hotspot, as a dot where it is too small; lighter where it is only likely."""
    is_likely = mark.feature["properties"]["grade"] == "likely"
    west, south, east, north = shapely.total_bounds(shape)
    if max(east - west, north - south) * view.px_per_m < _LEAST_PX:
        ((x, y),) = view.pixels(shapely.get_coordinates(shapely.centroid(shape))).tolist()
        fill = "#fff" if is_likely else mark.colour
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_LEAST_PX / 2:g}" fill="{fill}" '
            f'stroke="{mark.colour}" stroke-width="1.5"/>'
        )
    dashes = ' stroke-dasharray="4 2.5"' if is_likely else ""
    return (
        f'<path d="{_path(shape, view)}" fill="{mark.colour}" fill-opacity="{0.14 if is_likely else 0.3}" '
        f'stroke="{mark.colour}" stroke-width="1.5"{dashes}/>'
    )


def _badges(shapes_m: list[shapely.Geometry], marks: Sequence[Mark], view: Frame) -> list[str]:
    """Draw the signs so that none lies on another; one that had to give way points at its hotspot."""
    middles = [view.pixels(shapely.get_coordinates(shapely.centroid(shape)))[0] for shape in shapes_m]
    taken: list[tuple[float, float, float]] = []
    lines, badges = [], []
    for middle, mark in zip(middles, marks, strict=True):
        if not mark.sign:
            continue
        half_px = _half_width_px(mark.sign)
        x, y = _free_place(float(middle[0]), float(middle[1]), half_px, taken, view)
        taken.append((x, y, half_px))
        if math.hypot(x - middle[0], y - middle[1]) > 1:
            lines.append(
                f'<path d="M{middle[0]:.1f} {middle[1]:.1f}L{x:.1f} {y:.1f}" stroke="{look.INK}" '
                f'stroke-width="0.9"/><circle cx="{middle[0]:.1f}" cy="{middle[1]:.1f}" r="2" '
                f'fill="{look.INK}"/>'
            )
        badges.append(badge(mark, x, y))
    return [*lines, *badges]


def _half_width_px(sign: str) -> float:
    """Half the width of a badge."""
    return max(_BADGE_PX, len(sign) * _SIGN_PX * 0.3 + 5)


def _free_place(
    x: float, y: float, half_px: float, taken: list[tuple[float, float, float]], view: Frame
) -> tuple[float, float]:
    """Find the nearest place where a badge lies on no other and inside the map."""
    tries = [(x, y)]
    for ring in range(1, _RINGS + 1):
        for step in range(_DIRECTIONS):
            # The first try is up and to the right, where a reader expects a label.
            angle = math.pi / 4 - 2 * math.pi * step / _DIRECTIONS
            far_px = ring * 1.5 * _BADGE_PX + _BADGE_PX / 2
            tries.append((x + far_px * math.cos(angle), y - far_px * math.sin(angle)))
    for at_x, at_y in tries:
        fits = half_px <= at_x <= view.width_px - half_px and _BADGE_PX <= at_y <= view.height_px - _BADGE_PX
        clear = all(
            abs(at_x - other_x) >= half_px + other_half + 1 or abs(at_y - other_y) >= 2 * _BADGE_PX + 1
            for other_x, other_y, other_half in taken
        )
        if fits and clear:
            return at_x, at_y
    return x, y


def badge(mark: Mark, x_px: float, y_px: float) -> str:
    """
    Draw a sign: round for acute, square for chronic, dashed and hollow for likely.

    Parameters
    ----------
    mark
        The hotspot.
    x_px, y_px
        The middle of the sign.

    Returns
    -------
    str
        A part of an SVG.
    """
    told = mark.feature["properties"]
    half_px = _half_width_px(mark.sign)
    is_likely, is_chronic = told["grade"] == "likely", told["kind"] == "chronic"
    ground, ink = ("#fff", mark.colour) if is_likely else (mark.colour, "#fff")
    dashes = ' stroke-dasharray="3 1.6"' if is_likely else ""
    return (
        f'<rect x="{x_px - half_px:.1f}" y="{y_px - _BADGE_PX:.1f}" width="{2 * half_px:.1f}" '
        f'height="{2 * _BADGE_PX:g}" rx="{2.5 if is_chronic else _BADGE_PX:g}" fill="{ground}" '
        f'stroke="{mark.colour}" stroke-width="1.7"{dashes}/>'
        f'<text x="{x_px:.1f}" y="{y_px + _SIGN_PX * 0.33:.1f}" font-size="{_SIGN_PX:g}" font-weight="700" '
        f'text-anchor="middle" fill="{ink}">{html.escape(mark.sign)}</text>'
    )


def sign_alone(mark: Mark) -> str:
    """
    Draw a sign by itself, for the table.

    Parameters
    ----------
    mark
        The hotspot.

    Returns
    -------
    str
        SVG.
    """
    half_px = _half_width_px(mark.sign) + 1
    size = f"{2 * half_px:g} {2 * _BADGE_PX + 2:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="{FONT}" role="img">'
        f"<title>{html.escape(mark.sign)}</title>{badge(mark, half_px, _BADGE_PX + 1)}</svg>"
    )


def _scale_bar(view: Frame) -> list[str]:
    """Draw a bar of a round length in two halves, with metres at its ends."""
    length_m = bar_m(most_m=_BAR_SHARE * view.width_px / view.px_per_m)
    half_px, top_px = length_m * view.px_per_m / 2, view.height_px + 6
    unit, per_unit = ("km", 1000.0) if length_m >= 2000 else ("m", 1.0)  # noqa: PLR2004 -- as maps do.
    texts = [
        f'<text x="{left:.1f}" y="{top_px + 18:.1f}" font-size="{_NUMBER_PX:g}" fill="{look.SOFT_INK}" '
        f'text-anchor="{anchor}">{said}</text>'
        for left, said, anchor in (
            (1, "0", "start"),
            (1 + half_px, f"{length_m / 2 / per_unit:g}", "middle"),
            (1 + 2 * half_px, f"{length_m / per_unit:g} {unit}", "middle"),
        )
    ]
    return [
        (
            f'<rect x="1" y="{top_px:.1f}" width="{half_px:.2f}" height="5" fill="{look.INK}" '
            f'stroke="{look.INK}" stroke-width="0.8"/>'
        ),
        (
            f'<rect x="{1 + half_px:.2f}" y="{top_px:.1f}" width="{half_px:.2f}" height="5" fill="#fff" '
            f'stroke="{look.INK}" stroke-width="0.8"/>'
        ),
        *texts,
    ]


def _north(view: Frame) -> list[str]:
    """Draw an arrow to the north, which is up."""
    x, top = view.width_px - 9, view.height_px + 5
    return [
        f'<path d="M{x:.1f} {top:.1f}l5 13l-5 -3.5l-5 3.5z" fill="{look.INK}"/>',
        (
            f'<text x="{x - 9:.1f}" y="{top + 13:.1f}" font-size="{_NUMBER_PX:g}" font-weight="700" '
            f'text-anchor="end" fill="{look.INK}">N</text>'
        ),
    ]
