"""Layers of boundary files: which layer and which columns hold what, and their rows as plain values."""

from __future__ import annotations

import math
import warnings
import zipfile
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from hotspot import schematic
from hotspot.errors import InvalidBoundaries, InvalidFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Columns:
    """
    Names of the columns of a layer.

    Parameters
    ----------
    code, name
        Code and name of the neighbourhood.
    district, district_name
        Code and name of its district.
    municipality
        Code of its municipality.
    inhabitants
        Number of its inhabitants; negative where unknown.
    water
        Whether it is open water: yes unless NEE.
    schematic
        Whether it is drawn for a demonstration and no real border.
    """

    code: str | None = None
    name: str | None = None
    district: str | None = None
    district_name: str | None = None
    municipality: str | None = None
    inhabitants: str | None = None
    water: str | None = None
    schematic: str | None = None


LAYOUTS = (
    # CBS, Wijk- en Buurtkaart: until 2022, and since then.
    Columns("BU_CODE", "BU_NAAM", "WK_CODE", "WK_NAAM", "GM_CODE", "AANT_INW", "WATER"),
    Columns("BU_CODE", "BU_NAAM", "WK_CODE", "WK_NAAM", "GM_CODE", "AANT_INW", "H2O"),
    Columns("buurtcode", "buurtnaam", "wijkcode", "wijknaam", "gemeentecode", "aantal_inwoners", "water"),
    # Our own drawing in geodata/.
    Columns(
        "code", "name", "district_code", "district_name", inhabitants="inhabitants", schematic="schematic"
    ),
    Columns("NHD_NUM", "NHD_NAME"),  # St. Louis
    Columns("AREA_NUMBE", "COMMUNITY"),  # Chicago
    Columns("felt:id", "name"),  # Sheffield
)
"""Known layouts; upper and lower case are the same, and only code and name have to be there."""

_DISTRICT_LAYOUTS = (("WK_CODE", "WK_NAAM"), ("wijkcode", "wijknaam"))
"""Columns of a layer of districts."""

_LAND = "NEE"
"""What CBS writes in the column about water for a row that is land."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a layer.

    Parameters
    ----------
    number
        Its place in the layer, from 1.
    code, name, district
        Texts; empty where the row has none.
    inhabitants
        Number of inhabitants; absent where unknown.
    geometry
        Its shape in the coordinates of the layer; absent where the row has none.
    """

    number: int
    code: str
    name: str
    district: str
    inhabitants: int | None
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Layer:
    """
    The rows of one municipality.

    Parameters
    ----------
    rows
        In the order of the file.
    crs
        Coordinate reference system of the layer, as its code or its well-known text.
    has_districts
        Whether the rows name districts.
    district_names
        Names of districts by code, as far as known.
    left_out
        Rows of other municipalities and of open water.
    schematic
        Whether any of them says that it is no real border.
    """

    rows: tuple[Row, ...]
    crs: str
    has_districts: bool
    district_names: Mapping[str, str]
    left_out: int
    schematic: bool


def read_layer(path: Path, *, layer: str | None, wanted: Columns, municipality_code: str) -> Layer:
    """
    Read the rows of one municipality from a boundary file.

    Parameters
    ----------
    path
        The file.
    layer
        Layer to read; the one that fits if absent.
    wanted
        Columns that the caller names; they go before those of known layouts.
    municipality_code
        Code of the municipality.

    Returns
    -------
    Layer
        Its rows.

    Raises
    ------
    InvalidFile
        If the file cannot be read at all.
    InvalidBoundaries
        If layer, columns or coordinate reference system are missing, or no row is of the municipality.
    """
    dataset = dataset_of(path, what="boundary")
    available = _column_names(path, dataset)
    chosen = _layer(path, available, layer, wanted)
    columns, mistakes = _columns(available[chosen], wanted)
    with warnings.catch_warnings():
        # What GDAL warns about (rings that are not closed, say) is checked and reported below.
        warnings.simplefilter("ignore")
        content = _read(path, dataset, chosen, columns)
    if not content.crs:
        mistakes.append("a coordinate reference system is required, got none (a shapefile needs its .prj)")
    if mistakes or not content.crs:
        raise InvalidBoundaries(f"{path.name}: {'; '.join(mistakes)}")
    kept = [i for i in range(content.n_rows) if _is_wanted(content, columns, i, municipality_code)]
    if not kept:
        there = sorted({_text(value) for value in content.values(columns.municipality)})[:5]
        got = f"got those of {', '.join(there)}" if there else "got none"
        raise InvalidBoundaries(f"{path.name}: rows of municipality {municipality_code} are required, {got}")
    return Layer(
        rows=tuple(_row(content, columns, i) for i in kept),
        crs=content.crs,
        has_districts=columns.district is not None,
        district_names=_district_names(path, dataset, available, content, columns),
        left_out=content.n_rows - len(kept),
        schematic=any(bool(content.values(columns.schematic)[i]) for i in kept if columns.schematic),
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """What a layer holds, column by column."""

    crs: str | None
    shapes: Sequence[BaseGeometry | None]
    columns: Mapping[str, Sequence[Any]]  # Values are whatever the file holds.

    @property
    def n_rows(self) -> int:
        return len(self.shapes)

    def values(self, column: str | None) -> Sequence[Any]:  # As `columns`.
        return [] if column is None else self.columns[column]


def dataset_of(path: Path, *, what: str) -> str:
    """
    Name what GDAL should open: the file, or the one file with shapes in a zip file.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, for the complaint, such as `boundary`.

    Returns
    -------
    str
        Its path, or that of the file within.

    Raises
    ------
    InvalidFile
        If there is none, or not one in the zip file.
    """
    if not path.exists():
        raise InvalidFile(f"a {what} file is required, there is none", file=str(path))
    if not zipfile.is_zipfile(path):
        return str(path)
    with zipfile.ZipFile(path) as archive:
        members = [
            member
            for member in archive.namelist()
            if member.lower().endswith((".shp", ".gpkg", ".geojson", ".json")) and "__MACOSX" not in member
        ]
    if len(members) != 1:
        got = ", ".join(members) if members else "none"
        raise InvalidFile(f"one {what} file is required in the zip file, got {got}", file=path.name)
    return f"/vsizip/{path.resolve()}/{members[0]}"


def _column_names(path: Path, dataset: str) -> dict[str, list[str]]:
    """Columns of each layer that may hold polygons."""
    try:
        return {
            str(name): [str(field) for field in pyogrio.read_info(dataset, layer=name)["fields"]]
            for name, kind in pyogrio.list_layers(dataset)
            if kind is not None
        }
    except (DataSourceError, DataLayerError, FeatureError, GeometryError, UnicodeDecodeError) as error:
        raise InvalidFile(f"cannot be read as boundaries: {error}", file=path.name) from error


def _layer(path: Path, available: Mapping[str, list[str]], layer: str | None, wanted: Columns) -> str:
    """Choose the layer: the one named, the only one, or the only one with the columns of neighbourhoods."""
    if layer is not None and layer in available:
        return layer
    if not available:
        raise InvalidBoundaries(f"{path.name}: polygons are required, got a table without shapes")
    there = ", ".join(available)
    if layer is not None:
        raise InvalidBoundaries(f"{path.name}: layer {layer!r} is required, got {there}")
    fitting = [name for name, names in available.items() if not _columns(names, wanted)[1]]
    for candidates in (list(available), fitting):
        if len(candidates) == 1:
            return candidates[0]
    raise InvalidBoundaries(f"{path.name}: name the layer with the neighbourhoods, one of: {there}")


def _columns(names: Sequence[str], wanted: Columns) -> tuple[Columns, list[str]]:
    """Find the columns of a layer, with what is missing."""
    there = {name.casefold(): name for name in names}

    def present(name: str | None) -> str | None:
        return None if name is None else there.get(name.casefold())

    chosen = {f.name: getattr(wanted, f.name) for f in fields(Columns) if getattr(wanted, f.name) is not None}
    missing = [name for name in chosen.values() if present(name) is None]
    mistakes = [f"column {name!r} is required, got the columns {', '.join(names)}" for name in missing]
    known = [layout for layout in LAYOUTS if present(layout.code) and present(layout.name)]
    # Of two layouts that differ in one column only, the one with more of its columns is meant.
    found = max(
        known, key=lambda layout: sum(present(n) is not None for n in _names(layout)), default=Columns()
    )
    if wanted.code is None and found.code is None:
        mistakes.append(f"no known layout: name the column with the code, one of {', '.join(names)}")
    found = replace(found, **chosen)
    if found.name is None:
        found = replace(found, name=found.code)
    return Columns(*(present(name) for name in _names(found))), mistakes


def _names(columns: Columns) -> list[str | None]:
    """All names, in the order of the fields."""
    return [getattr(columns, f.name) for f in fields(Columns)]


def _read(path: Path, dataset: str, layer: str, columns: Columns) -> _Content:
    """Read one layer."""
    names = sorted({name for name in _names(columns) if name is not None})
    try:
        meta, _, wkb, values = pyogrio.raw.read(dataset, layer=layer, columns=names, force_2d=True)
    except (DataSourceError, FeatureError, FieldError, GeometryError, UnicodeDecodeError) as error:
        raise InvalidFile(f"cannot be read as boundaries: {error}", file=path.name) from error
    shapes = shapely.from_wkb(wkb, on_invalid="fix")
    by_name = dict(zip([str(name) for name in meta["fields"]], values, strict=True))
    return _Content(meta["crs"], list(shapes), by_name)


def _is_wanted(content: _Content, columns: Columns, row: int, municipality_code: str) -> bool:
    """Tell whether a row is land of the municipality."""
    if (
        columns.municipality is not None
        and _text(content.columns[columns.municipality][row]) != municipality_code
    ):
        return False
    return columns.water is None or _text(content.columns[columns.water][row]).upper() in {_LAND, ""}


def _row(content: _Content, columns: Columns, row: int) -> Row:
    """Make plain values of a row."""

    def text(column: str | None) -> str:
        return "" if column is None else _text(content.columns[column][row])

    return Row(
        number=row + 1,
        code=text(columns.code),
        name=text(columns.name),
        district=text(columns.district),
        inhabitants=_count(text(columns.inhabitants)),
        geometry=content.shapes[row],
    )


def _text(value: object) -> str:
    """Write a value as text: a whole number without its decimals, nothing for an absent one."""
    if value is None or (isinstance(value, (float, np.floating)) and math.isnan(value)):
        return ""
    if isinstance(value, (float, np.floating)) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _count(text: str) -> int | None:
    """Read a number of people; CBS writes negative numbers where it tells none."""
    try:
        count = float(text)
    except ValueError:
        return None
    return int(count) if 0 <= count < math.inf else None


def _district_names(
    path: Path, dataset: str, available: Mapping[str, list[str]], content: _Content, columns: Columns
) -> dict[str, str]:
    """Names of districts: the shipped facts, before them a layer of districts, before it the rows' own."""
    names = schematic.district_names()
    if columns.district is None:
        return names
    if columns.district_name is not None:
        pairs = zip(content.values(columns.district), content.values(columns.district_name), strict=True)
        return names | {_text(code): _text(name) for code, name in pairs if _text(name)}
    for layer, there in available.items():
        lower = {name.casefold(): name for name in there}
        for code, name in _DISTRICT_LAYOUTS:
            if code.casefold() in lower and name.casefold() in lower:
                found = Columns(code=lower[code.casefold()], name=lower[name.casefold()])
                districts = _read(path, dataset, layer, found)
                pairs = zip(districts.values(found.code), districts.values(found.name), strict=True)
                names |= {_text(code): _text(name) for code, name in pairs if _text(name)}
    return names
