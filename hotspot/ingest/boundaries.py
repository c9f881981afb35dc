"""
Boundaries come in: GeoJSON, GeoPackage and shapefile, checked, repaired and nested in three levels.

What can be repaired without doubt is repaired and reported; what cannot is refused, all mistakes at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotspot.crs import Plane
from hotspot.errors import InvalidBoundaries
from hotspot.ingest import layers, mojibake, polygons
from hotspot.model import Area, Boundaries, Level
from hotspot.neighbourhoods import nested

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hotspot.ingest.layers import Layer, Row
    from hotspot.model import Municipality

_REFUSED_SHARE = 0.01
"""Overlap refused, as a share of the smaller polygon (1 %): more is no rounding of a border."""

_REPORTED_SHARE = 1e-4
"""Overlap reported, as a share of the smaller polygon: below it, digits of coordinates."""

_NAMED = 10
"""Mistakes of one kind that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Repair:
    """
    Something in a file that was not as it should be, and what became of it.

    Parameters
    ----------
    code
        Code of the area.
    problem
        What was found.
    action
        What was done.
    """

    code: str
    problem: str
    action: str


@dataclass(frozen=True, slots=True)
class BoundariesReading:
    """
    Boundaries as a file gave them.

    Parameters
    ----------
    boundaries
        Areas of all levels.
    repairs
        What was repaired or left as it was, in the order of the rows.
    left_out
        Rows of other municipalities and of open water.
    """

    boundaries: Boundaries
    repairs: tuple[Repair, ...]
    left_out: int


def read_boundaries(  # noqa: PLR0913 - a file without a known layout has to be described.
    path: Path,
    *,
    municipality: Municipality,
    vintage: int,
    source: str = "",
    layer: str | None = None,
    code_column: str | None = None,
    name_column: str | None = None,
    district_column: str | None = None,
    district_name_column: str | None = None,
    inhabitants_column: str | None = None,
) -> BoundariesReading:
    """
    Read the neighbourhoods of a municipality; dissolve its districts and itself from them.

    Columns of known layouts (CBS buurten, St. Louis, Chicago, Sheffield) are recognised; a column named here
    goes before. Of a national file only the municipality's rows are taken, without open water.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or shapefile, zipped or not, in any known coordinate reference system.
    municipality
        The municipality; its code chooses the rows and its plane is that of the result.
    vintage
        Year for which the boundaries hold.
    source
        Where they come from, as written under a map; the file's name if empty.
    layer
        Layer of the file; needed only if several could be meant.
    code_column, name_column
        Columns with code and name of the neighbourhood.
    district_column, district_name_column
        Columns with code and name of its district. Without a code column there are no districts. Without a
        name, the districts of the same file or the shipped facts give it, else the code stands for it.
    inhabitants_column
        Column with its number of inhabitants.

    Returns
    -------
    BoundariesReading
        The boundaries and what was repaired.

    Raises
    ------
    InvalidFile
        If the file cannot be read at all.
    InvalidBoundaries
        If it lacks columns or a coordinate reference system, if no row is of the municipality, or if rows
        have no code, no polygon, a code already taken or an overlap above 1 % of the smaller polygon.
    """
    wanted = layers.Columns(
        code=code_column,
        name=name_column,
        district=district_column,
        district_name=district_name_column,
        inhabitants=inhabitants_column,
    )
    content = layers.read_layer(path, layer=layer, wanted=wanted, municipality_code=municipality.code)
    plane = Plane(municipality.srid)
    neighbourhoods, repairs, unusable = [], [], []
    for row in content.rows:
        area, found, mistake = _neighbourhood(row, content, municipality, plane)
        repairs += found
        unusable += [mistake] if mistake else []
        neighbourhoods += [area] if area is not None else []
    notes, refused = _overlap_notes(neighbourhoods)
    mistakes = [*_code_mistakes(content.rows), *unusable[:_NAMED], *refused]
    if len(unusable) > _NAMED:
        mistakes.append(f"{len(unusable) - _NAMED} more rows are unusable")
    if mistakes:
        raise InvalidBoundaries(f"{path.name}: {'; '.join(mistakes)}")
    names = {code: mojibake.mended(name) for code, name in content.district_names.items()}
    areas = nested(neighbourhoods, municipality, names)
    boundaries = Boundaries(vintage, areas, source or path.name, schematic=content.schematic)
    return BoundariesReading(boundaries, (*repairs, *notes), content.left_out)


def _code_mistakes(rows: Sequence[Row]) -> list[str]:
    """Name what is wrong with the codes."""
    nameless = [str(row.number) for row in rows if not row.code]
    mistakes = [f"each row needs a code, got none in {_listed('row', nameless)}"] if nameless else []
    times = Counter(row.code for row in rows if row.code)
    twice = [f"{code} ({n} times)" for code, n in sorted(times.items()) if n > 1]
    if twice:
        mistakes.append(f"each code may occur once, got {_listed('', twice)}")
    return mistakes


def _listed(word: str, items: Sequence[str]) -> str:
    """Name the first few of many."""
    rest = len(items) - _NAMED
    named = ", ".join(items[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{word} {named}".strip()


def _neighbourhood(
    row: Row, content: Layer, municipality: Municipality, plane: Plane
) -> tuple[Area | None, list[Repair], str]:
    """Make a neighbourhood of a row, with its repairs and its mistake."""
    who = row.code or f"row {row.number}"
    if row.geometry is None or row.geometry.is_empty:
        return None, [], f"{who} has no geometry"
    if row.geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        return None, [], f"{who} must be a polygon, got a {row.geometry.geom_type}"
    placed = polygons.in_plane(row.geometry, source=content.crs, plane=plane)
    if placed.geometry is None:
        return None, [], f"{who} has no area in {plane.code}; is {content.crs} right for it?"
    name, repairs = _name(row)
    if placed.problem:
        repairs.append(Repair(who, placed.problem, placed.action))
    if content.has_districts and not row.district:
        return None, repairs, f"{who} has no district"
    parent = row.district if content.has_districts else municipality.code
    area = Area(Level.NEIGHBOURHOOD, who, name, parent, placed.geometry, row.inhabitants)
    return area, repairs, ""


def _name(row: Row) -> tuple[str, list[Repair]]:
    """Mend the name of a neighbourhood; its code stands in for an absent one."""
    name = mojibake.mended(row.name)
    if not name:
        return row.code, [Repair(row.code, "no name", "its code is used")]
    if name != row.name:
        return name, [Repair(row.code, f"damaged name {row.name!r}", f"read as {name!r}")]
    if mojibake.is_lost(name):
        return name, [Repair(row.code, f"damaged name {name!r}", "left: its characters are lost")]
    return name, []


def _overlap_notes(areas: Sequence[Area]) -> tuple[list[Repair], list[str]]:
    """Say which areas share ground: the small overlaps that are left, the large ones that are refused."""
    notes, refused = [], []
    for overlap in polygons.overlaps([area.geometry for area in areas], at_least=_REPORTED_SHARE):
        first, second = areas[overlap.first].code, areas[overlap.second].code
        size = f"{overlap.area_m2:.0f} m2, {overlap.share:.2%} of the smaller"
        if overlap.share > _REFUSED_SHARE:
            refused.append(f"{first} and {second} ({size})")
        else:
            notes.append(Repair(first, f"overlaps {second} by {size}", "left: the first code counts there"))
    limit = f"neighbourhoods may overlap by {_REFUSED_SHARE:.0%} of the smaller at most"
    return notes, [f"{limit}, got {_listed('', refused)}"] if refused else []
