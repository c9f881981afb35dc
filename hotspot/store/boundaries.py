"""Neighbourhoods, districts and the municipality itself: every set that was ever loaded is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import shapely
from sqlalchemy import func, insert, select

from hotspot.errors import InvalidInput, NotFound, StoreNotReady
from hotspot.model import Area, Boundaries, Level
from hotspot.served import Ground
from hotspot.store import serving, tables
from hotspot.store.columns import LON_LAT_SRID
from hotspot.store.ids import next_id
from hotspot.store.municipality import read_municipality
from hotspot.store.pages import FeaturePage, touches
from hotspot.store.shapes import ewkb, from_ewkb, raw

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from shapely import MultiPolygon
    from sqlalchemy import ColumnElement, Connection, Row, Select

    from hotspot.store.pages import BBox

_SET = tables.boundary_sets.c
_AREA = tables.areas.c


def write_boundaries(
    connection: Connection,
    boundaries: Boundaries,
    fragments: Mapping[tuple[Level, str], str],
    *,
    loaded_at: dt.datetime | None = None,
) -> None:
    """
    Store a set of boundaries and serve those in force; the set that is in force already is not stored again.

    Parameters
    ----------
    connection
        The open transaction.
    boundaries
        All areas of a vintage, in the municipality's plane.
    fragments
        The GeoJSON feature of each area, by level and code.
    loaded_at
        When; absent where nobody says.

    Raises
    ------
    InvalidInput
        If an area has no feature.
    """
    missing = [(a.level, a.code) for a in boundaries.areas if (a.level, a.code) not in fragments]
    if missing:
        raise InvalidInput(f"every area needs its GeoJSON feature, missing for {missing[0]}")
    municipality = read_municipality(connection)
    content = _content_hash(boundaries, fragments)
    like_it = _set_statement(vintage=boundaries.vintage, schematic=boundaries.schematic)
    earlier = connection.execute(like_it).first()
    if earlier is None or earlier.content_hash != content:
        _write_set(connection, boundaries, fragments, content=content, srid=municipality.srid)
    serving.serve_areas(connection, Ground(municipality, read_boundaries(connection)), made_at=loaded_at)


def _write_set(
    connection: Connection,
    boundaries: Boundaries,
    fragments: Mapping[tuple[Level, str], str],
    *,
    content: str,
    srid: int,
) -> None:
    """Store a set."""
    set_id = next_id(connection, tables.boundary_sets)
    connection.execute(
        insert(tables.boundary_sets).values(
            id=set_id,
            vintage=boundaries.vintage,
            source=boundaries.source,
            schematic=boundaries.schematic,
            content_hash=content,
        )
    )
    first = next_id(connection, tables.areas)
    rows = [
        {"id": area_id, "boundary_set_id": set_id}
        | _area_row(area, fragments[area.level, area.code], srid=srid)
        for area_id, area in enumerate(boundaries.areas, start=first)
    ]
    if rows:
        connection.execute(insert(tables.areas), rows)


def _content_hash(boundaries: Boundaries, fragments: Mapping[tuple[Level, str], str]) -> str:
    """Hash everything that is stored of a set."""
    digest = hashlib.sha256(
        json.dumps([boundaries.vintage, boundaries.source, boundaries.schematic]).encode()
    )
    for area in boundaries.areas:
        facts = [area.level, area.code, area.name, area.parent_code, area.inhabitants]
        digest.update(json.dumps([*facts, fragments[area.level, area.code]]).encode())
        digest.update(shapely.to_wkb(area.geometry, byte_order=1))
    return digest.hexdigest()


def _area_row(area: Area, fragment: str, *, srid: int) -> dict[str, object]:
    """Make the row of an area."""
    shape_deg = shapely.from_geojson(json.dumps(json.loads(fragment)["geometry"]))
    west, south, east, north = shape_deg.bounds
    return {
        "level": area.level.value,
        "code": area.code,
        "name": area.name,
        "parent_code": area.parent_code,
        "inhabitants": area.inhabitants,
        "geometry": ewkb(area.geometry, srid=srid),
        "west_deg": west,
        "south_deg": south,
        "east_deg": east,
        "north_deg": north,
        "geometry_deg": ewkb(shape_deg, srid=LON_LAT_SRID),
        "geojson": fragment,
    }


def _set_statement(
    *, vintage: int | None = None, schematic: bool | None = None
) -> Select[int, int, str, bool, str]:
    """Order the sets, the one in force first: real borders before drawings, then the latest."""
    statement = select(_SET.id, _SET.vintage, _SET.source, _SET.schematic, _SET.content_hash)
    if vintage is not None:
        statement = statement.where(_SET.vintage == vintage)
    if schematic is not None:
        statement = statement.where(_SET.schematic == schematic)
    return statement.order_by(_SET.schematic, _SET.vintage.desc(), _SET.id.desc()).limit(1)


def _set_in_force(connection: Connection, vintage: int | None = None) -> Row[int, int, str, bool, str]:
    """Find the set in force, or that of a vintage."""
    found = connection.execute(_set_statement(vintage=vintage)).first()
    if found is not None:
        return found
    if vintage is None:
        raise StoreNotReady("the store holds no boundaries; run `hotspot load boundaries` first")
    raise NotFound(f"there are no boundaries of vintage {vintage}")


def read_boundaries(connection: Connection, *, vintage: int | None = None) -> Boundaries:
    """
    Read the areas in force, or those of an earlier year.

    Parameters
    ----------
    connection
        The open transaction.
    vintage
        Year of the boundaries; absent for those in force: the newest real ones, else the newest drawing.

    Returns
    -------
    Boundaries
        All areas, ordered by level and code.

    Raises
    ------
    StoreNotReady
        If the store holds no boundaries.
    NotFound
        If it holds none of that vintage.
    """
    chosen = _set_in_force(connection, vintage)
    statement = (
        select(_AREA.level, _AREA.code, _AREA.name, _AREA.parent_code, raw(_AREA.geometry), _AREA.inhabitants)
        .where(_AREA.boundary_set_id == chosen.id)
        .order_by(_AREA.id)
    )
    areas = tuple(
        Area(Level(level), code, name, parent_code, cast("MultiPolygon", from_ewkb(stored)), inhabitants)
        for level, code, name, parent_code, stored, inhabitants in connection.execute(statement)
    )
    return Boundaries(chosen.vintage, areas, chosen.source, chosen.schematic)


def find_content_hash(connection: Connection) -> str | None:
    """
    Give the hash of the boundaries in force, if there are any.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    str or None
        SHA-256 in hexadecimal.
    """
    count = connection.scalar(select(func.count()).select_from(tables.boundary_sets))
    return content_hash(connection) if count else None


def content_hash(connection: Connection) -> str:
    """
    Give the hash of the boundaries in force.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    str
        SHA-256 in hexadecimal.

    Raises
    ------
    StoreNotReady
        If the store holds no boundaries.
    """
    return str(_set_in_force(connection).content_hash)


def area_page(
    connection: Connection, level: Level, *, bbox_deg: BBox | None = None, limit: int, offset: int = 0
) -> FeaturePage:
    """
    Give a page of the areas in force, in the order of their codes.

    Parameters
    ----------
    connection
        The open transaction.
    level
        Level of the areas.
    bbox_deg
        West, south, east, north; areas that share a point with the box. Absent for all.
    limit
        Features on the page, at most.
    offset
        Features before the page.

    Returns
    -------
    FeaturePage
        The page; empty where the store holds no boundaries.
    """
    chosen = connection.execute(_set_statement()).first()
    if chosen is None:
        return FeaturePage(0, [])
    matching: list[ColumnElement[bool]] = [
        _AREA.boundary_set_id == chosen.id,
        _AREA.level == level.value,
    ]
    if bbox_deg is not None:
        matching.append(touches(connection, tables.areas, tables.areas_tree, bbox_deg))
    matched = connection.scalar(select(func.count()).select_from(tables.areas).where(*matching))
    page = select(_AREA.geojson).where(*matching).order_by(_AREA.code).limit(limit).offset(offset)
    return FeaturePage(int(matched or 0), list(connection.scalars(page)))


@dataclass(frozen=True, slots=True)
class AreaLine:
    """
    An area without its shape.

    Parameters
    ----------
    code, name
        Code and name.
    parent_code
        Code of the area that it is a part of; absent where there is none.
    inhabitants
        How many live there; absent where that is not known.
    """

    code: str
    name: str
    parent_code: str | None
    inhabitants: int | None


def area_lines(connection: Connection, level: Level) -> list[AreaLine]:
    """
    List the areas in force.

    Parameters
    ----------
    connection
        The open transaction.
    level
        Neighbourhoods or districts.

    Returns
    -------
    list of AreaLine
        By code.
    """
    in_force = _set_statement().subquery()
    statement = (
        select(_AREA.code, _AREA.name, _AREA.parent_code, _AREA.inhabitants)
        .join(in_force, in_force.c.id == _AREA.boundary_set_id)
        .where(_AREA.level == level.value)
        .order_by(_AREA.code)
    )
    return [AreaLine(*row) for row in connection.execute(statement)]


def area_names(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """
    Tell what areas of the boundaries in force are called.

    Parameters
    ----------
    connection
        The open transaction.
    codes
        Codes of neighbourhoods and districts.

    Returns
    -------
    dict
        Names by code; codes that are not in force are left out.
    """
    in_force = _set_statement().subquery()
    statement = (
        select(_AREA.code, _AREA.name)
        .join(in_force, in_force.c.id == _AREA.boundary_set_id)
        .where(_AREA.code.in_(sorted(set(codes))))
    )
    return {code: name for code, name in connection.execute(statement)}  # noqa: C416 - rows are no pairs to `dict`


def area_feature(connection: Connection, level: Level, code: str) -> str:
    """
    Give one area in force.

    Parameters
    ----------
    connection
        The open transaction.
    level
        Its level.
    code
        Its code.

    Returns
    -------
    str
        A GeoJSON feature.

    Raises
    ------
    NotFound
        If there is no such area.
    """
    chosen = connection.execute(_set_statement()).first()
    found = None
    if chosen is not None:
        found = connection.scalar(
            select(_AREA.geojson).where(
                _AREA.boundary_set_id == chosen.id, _AREA.level == level.value, _AREA.code == code
            )
        )
    if found is None:
        raise NotFound(f"there is no {level} {code!r}")
    return str(found)
