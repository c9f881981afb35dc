"""Streets come in: lines of any file that GDAL reads, brought into the plane and cut to the municipality."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: a column holds whatever the file does.

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from shapely import GeometryType

from hotspot import crs
from hotspot.crs import Plane
from hotspot.errors import InvalidCrs, InvalidFile
from hotspot.geojson import canonical_json, number
from hotspot.ingest import mojibake
from hotspot.ingest.layers import dataset_of
from hotspot.served import Row
from hotspot.shapes import PLANE_DECIMALS, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.model import Municipality

MARGIN_M = 1000.0
"""Streets are kept up to this far from the box around the municipality: the map is looked at beyond it."""

_SHORTEST_M = 0.01
"""A piece that is shorter (1 cm) is what is left of a street at the edge, or a mistake of drawing."""

_NAMES = ("name", "naam", "straatnaam", "street_name", "stt_naam", "openbareruimtenaam")
"""Columns with the name: of OpenStreetMap, of the Dutch road file (NWB), and common ones."""

_CLASSES = ("highway", "fclass", "street_class", "class", "road_class", "wegklasse", "typeweg", "wegbehsrt")
"""Columns with the class, likewise."""

_MAIN, _THROUGH, _OTHER = 1, 2, 3

_IMPORTANCE = (
    dict.fromkeys(("motorway", "trunk", "primary", "secondary"), _MAIN)
    | dict.fromkeys(("autosnelweg", "hoofdweg", "regionale weg", "r", "p", "0", "1", "2"), _MAIN)
    | dict.fromkeys(("tertiary", "unclassified", "lokale weg", "w", "3", "4"), _THROUGH)
)
"""Classes of OpenStreetMap, of the Dutch topographic map, by manager (NWB), and of road functions (FRC)."""

_LINES = (GeometryType.LINESTRING, GeometryType.LINEARRING, GeometryType.MULTILINESTRING)


@dataclass(frozen=True, slots=True)
class StreetsReading:
    """
    Streets as a file gave them.

    Parameters
    ----------
    rows
        Each street once, as it is served, in the order of the file.
    outside
        Lines of the file that lie elsewhere.
    repeated
        Lines that say the same as one before.
    """

    rows: tuple[Row, ...]
    outside: int
    repeated: int


@dataclass(frozen=True, slots=True)
class _Content:
    """A layer: shapes in its own system, with the two columns that are looked at."""

    system: str
    shapes: NDArray[np.object_]
    names: Sequence[Any]
    classes: Sequence[Any]


def read_streets(
    path: Path,
    *,
    municipality: Municipality,
    bounds_m: tuple[float, float, float, float],
    layer: str | None = None,
    name_column: str | None = None,
    class_column: str | None = None,
) -> StreetsReading:
    """
    Read the streets of a municipality and of its surroundings.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, shapefile or any other file that GDAL reads, zipped or not.
    municipality
        The municipality; its plane is that of the result.
    bounds_m
        West, south, east and north of it in its plane; streets are cut off 1 km beyond.
    layer
        Layer of the file; needed only if it has several with lines.
    name_column, class_column
        Columns with the name and the class; known ones are recognised, and neither has to be there.

    Returns
    -------
    StreetsReading
        The streets.

    Raises
    ------
    InvalidFile
        If the file cannot be read, has no coordinate reference system or lacks a column that is named; if a
        row is no line; or if no line lies in the municipality.
    """
    content = _read(path, layer, name_column, class_column)
    _require_lines(content.shapes, path)
    plane = Plane(municipality.srid)
    west, south, east, north = bounds_m
    box = west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M
    rows: dict[str, Row] = {}
    inside = 0
    for at, shape in _cut(_in_plane(content, plane, path), box):
        inside += 1
        row = _row(_text(content.names, at), _text(content.classes, at), shape, municipality)
        rows.setdefault(row.feature_id, row)
    if not rows:
        raise InvalidFile(
            f"lines in or around {municipality.name} are required, all {len(content.shapes)} lie elsewhere; "
            f"is {_said(content.system)} right for them?",
            file=path.name,
        )
    return StreetsReading(tuple(rows.values()), len(content.shapes) - inside, inside - len(rows))


def _read(path: Path, layer: str | None, name_column: str | None, class_column: str | None) -> _Content:
    """Read the one layer that is meant."""
    dataset = dataset_of(path, what="street")
    try:
        with warnings.catch_warnings():
            # What GDAL warns about is checked below.
            warnings.simplefilter("ignore")
            chosen = _layer(path, dataset, layer)
            there = [str(one) for one in pyogrio.read_info(dataset, layer=chosen)["fields"]]
            name = _column(path, there, name_column, _NAMES)
            road_class = _column(path, there, class_column, _CLASSES)
            wanted = sorted({one for one in (name, road_class) if one is not None})
            meta, _, wkb, values = pyogrio.raw.read(dataset, layer=chosen, columns=wanted, force_2d=True)
            shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), object)
    except (
        *(DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError),
        *(UnicodeDecodeError, shapely.GEOSException),
    ) as error:
        raise InvalidFile(f"cannot be read as streets: {error}", file=path.name) from error
    if not meta["crs"]:
        raise InvalidFile(
            "a coordinate reference system is required, got none (a shapefile needs its .prj)", file=path.name
        )
    by_name = dict(zip([str(one) for one in meta["fields"]], values, strict=True))
    columns = [() if one is None else by_name[one] for one in (name, road_class)]
    return _Content(meta["crs"], shapes, *columns)


def _layer(path: Path, dataset: str, layer: str | None) -> str:
    """Choose the layer: the one named, the only one with shapes, or the only one with lines."""
    listed = {str(name): str(kind) for name, kind in pyogrio.list_layers(dataset) if kind is not None}
    if layer is not None:
        if layer not in listed:
            got = ", ".join(listed) or "none"
            raise InvalidFile(f"layer {layer!r} is required, got {got}", file=path.name)
        return layer
    lines = [name for name, kind in listed.items() if "LineString" in kind]
    for candidates in (list(listed), lines):
        if len(candidates) == 1:
            return candidates[0]
    if not listed:
        raise InvalidFile("lines are required, got a table without shapes", file=path.name)
    raise InvalidFile(f"name the layer with the streets, one of: {', '.join(listed)}", file=path.name)


def _column(path: Path, there: Sequence[str], wanted: str | None, known: Iterable[str]) -> str | None:
    """Find a column: the one that is named, or the first that is known; upper and lower case are the same."""
    by_name = {name.casefold(): name for name in there}
    if wanted is not None and wanted.casefold() not in by_name:
        got = ", ".join(there) or "none"
        raise InvalidFile(f"column {wanted!r} is required, got the columns {got}", file=path.name)
    names = known if wanted is None else (wanted.casefold(),)
    return next((by_name[name] for name in names if name in by_name), None)


def _require_lines(shapes: NDArray[np.object_], path: Path) -> None:
    """Refuse a file of which a row is no line, and name the first."""
    if not len(shapes):
        raise InvalidFile("lines are required, got no rows", file=path.name)
    is_line = np.isin(shapely.get_type_id(shapes), _LINES) & ~shapely.is_empty(shapes)
    wrong = np.flatnonzero(~is_line).tolist()
    if not wrong:
        return
    first = shapes[wrong[0]]
    got = "no shape" if first is None or first.is_empty else f"a {first.geom_type}"
    others = f"; {len(wrong) - 1} more rows are no lines either" if len(wrong) > 1 else ""
    raise InvalidFile(f"a line is required, got {got}{others}", file=path.name, row=wrong[0] + 1)


def _in_plane(content: _Content, plane: Plane, path: Path) -> NDArray[np.object_]:
    """Bring the lines into the plane; what lies outside its domain becomes infinite."""
    numbers = shapely.get_coordinates(content.shapes)
    broken = np.flatnonzero(~np.isfinite(numbers).all(axis=1))
    if len(broken):
        _, whose = shapely.get_coordinates(content.shapes, return_index=True)
        row = int(whose[broken[0]]) + 1
        raise InvalidFile("coordinates must be finite numbers, got others", file=path.name, row=row)
    try:
        moved = crs.transform(numbers, source=content.system, target=plane.code)
    except InvalidCrs as error:
        raise InvalidFile(
            f"a known coordinate reference system is required, got {_said(content.system)}", file=path.name
        ) from error
    return np.asarray(shapely.set_coordinates(content.shapes.copy(), moved))


def _cut(
    shapes: NDArray[np.object_], box: tuple[float, float, float, float]
) -> Iterator[tuple[int, shapely.MultiLineString]]:
    """Cut lines to a box; give those that are left with their places."""
    west, south, east, north = box
    sides = shapely.bounds(shapes)
    # Nothing that is infinite or no number passes these.
    near = (sides[:, 0] <= east) & (sides[:, 2] >= west) & (sides[:, 1] <= north) & (sides[:, 3] >= south)
    whole = (sides[:, 0] >= west) & (sides[:, 2] <= east) & (sides[:, 1] >= south) & (sides[:, 3] <= north)
    around = shapely.box(*box)
    for at in np.flatnonzero(near & np.isfinite(sides).all(axis=1)).tolist():
        left = shapes[at] if whole[at] else shapely.intersection(shapes[at], around)
        parts = [
            shapely.LineString(one.coords)
            for one in shapely.get_parts(left).tolist()
            if one.geom_type in {"LineString", "LinearRing"} and one.length >= _SHORTEST_M
        ]
        if parts:
            yield at, shapely.MultiLineString(parts)


def _row(
    name: str | None, street_class: str | None, shape: shapely.MultiLineString, municipality: Municipality
) -> Row:
    """Lay out a street; its name as a feature follows from all that it says."""
    in_plane = shapely.transform(shape, lambda xy_m: rounded(xy_m, PLANE_DECIMALS))
    said = canonical_json([name, street_class]).encode() + shapely.to_wkb(in_plane, byte_order=1)
    identity = f"st-{hashlib.sha256(said).hexdigest()[:16]}"
    properties = {
        "street_id": identity,
        "name": name,
        "street_class": street_class,
        "importance": importance(street_class),
        "length_m": number(in_plane.length, 1),
    }
    return Row(identity, properties, in_plane, (municipality.code,))


def importance(street_class: str | None) -> int:
    """
    Tell how much a street matters to whoever looks for the way.

    Parameters
    ----------
    street_class
        Its class as the file calls it; absent where it does not.

    Returns
    -------
    int
        1 for main roads, 2 for roads through quarters and where the class is not known, 3 for all others.
    """
    if street_class is None:
        return _THROUGH
    return _IMPORTANCE.get(street_class.casefold().removesuffix("_link"), _OTHER)


def _text(values: Sequence[Any], at: int) -> str | None:  # Any: whatever the file holds.
    """Write a value as text, without what would break a line."""
    value = values[at] if len(values) else None
    if value is None or value != value:  # noqa: PLR0124 - absent numbers are not equal to themselves
        return None
    whole = isinstance(value, (float, np.floating)) and float(value).is_integer()
    return " ".join(mojibake.mended(str(int(value) if whole else value)).split()) or None


def _said(system: str) -> str:
    """Name a coordinate reference system that may be a long text."""
    return system if len(system) <= len("EPSG:0000000") + 8 else f"{system[:20]}..."
