"""What each level may see of a week, made when it is published: only here does anything go down a level."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from hotspot.catalogue import Disclosure
from hotspot.disclosure.density import cells_of
from hotspot.disclosure.lowering import disclosed
from hotspot.disclosure.rules import Rules, read_rules
from hotspot.model import Level
from hotspot.served import Disclosed, Row, midnight_s
from hotspot.store import disclosed as store
from hotspot.store.secrets import DISCLOSURE, secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from shapely import Polygon
    from sqlalchemy import Connection

    from hotspot.disclosure.density import CellRow
    from hotspot.editions import Publication
    from hotspot.geojson import Json
    from hotspot.listing import Setting
    from hotspot.tally import Ledger
    from hotspot.weekly import WeeklyList
    from hotspot.weeks import Week

_KEY_BYTES = 32
"""Length of the secret: that of the hash that it is used with."""

LOWER = (Disclosure.PARTNER, Disclosure.OPEN)
"""The levels below the internal one."""


@cache
def rules() -> Rules:
    """
    Read the rules of disclosure, once.

    Returns
    -------
    Rules
        The rules.
    """
    return read_rules()


def by_level(
    connection: Connection, published: Publication, listed: WeeklyList, ledger: Ledger
) -> dict[Disclosure, Disclosed]:
    """
    Make of a week what each level may see.

    Parameters
    ----------
    connection
        The open transaction; only what the lower levels saw of the week before is read, and the secret.
    published
        The internal publication.
    listed
        The list that it was made from.
    ledger
        The register.

    Returns
    -------
    dict
        The week by level.
    """
    setting, week = listed.setting, published.week
    shapes = {row.hotspot.id: row.hotspot.footprint for row in listed.rows}
    whole = Disclosed(published, shapes, _cells(week, ledger, Disclosure.INTERNAL, listed))
    key = secret(connection, DISCLOSURE, lambda: secrets.token_bytes(_KEY_BYTES))
    found = {Disclosure.INTERNAL: whole}
    for level in LOWER:
        lowered = disclosed(
            published,
            level,
            boundaries=setting.boundaries,
            srid=setting.municipality.srid,
            rules=rules(),
            key=key,
            before=store.find(connection, week.plus(-1), level),
        )
        cells = _cells(week, ledger, level, listed)
        found[level] = Disclosed(lowered.publication, lowered.shapes, cells)
    return found


def below(levels: Mapping[Disclosure, Disclosed]) -> dict[Disclosure, Publication]:
    """
    Take the publications of the levels below the internal one.

    Parameters
    ----------
    levels
        The week by level.

    Returns
    -------
    dict
        The publications.
    """
    return {level: made.publication for level, made in levels.items() if level in LOWER}


def _cells(week: Week, ledger: Ledger, level: Disclosure, listed: WeeklyList) -> tuple[Row, ...]:
    """Make the rows of the surface of density."""
    setting = listed.setting
    zone = ZoneInfo(setting.municipality.time_zone)
    made = cells_of(
        week,
        ledger,
        level,
        themes=[detection.theme for detection in listed.named.detections],
        city_m2=_city_m2(setting),
        zone=zone,
        rules=rules(),
    )
    # All at once: a square by itself costs more than what it says.
    corners_m = np.array([(cell.west_m, cell.south_m, cell.size_m) for cell in made], float).reshape(-1, 3).T
    west_m, south_m, size_m = corners_m
    squares = shapely.box(west_m, south_m, west_m + size_m, south_m + size_m)
    touched = _touched(squares, setting)
    spans = {(cell.first, cell.last): _span(cell.first, cell.last, zone) for cell in made}
    return tuple(
        _cell(week, cell, square, codes, spans[cell.first, cell.last])
        for cell, square, codes in zip(made, squares, touched, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """The time of a square: its first and last day, and its first and last second."""

    first_day: str
    last_day: str
    starts_s: int
    ends_s: int


def _span(first: Week, last: Week, zone: ZoneInfo) -> _Span:
    """Tell the bounds of some weeks."""
    ends_s = midnight_s(last.plus(1).monday, zone) - 1
    return _Span(first.monday.isoformat(), last.sunday.isoformat(), midnight_s(first.monday, zone), ends_s)


def _touched(squares: NDArray[np.object_], setting: Setting) -> list[tuple[str, ...]]:
    """Name the areas that each square touches, so that an area team finds its own."""
    areas = [area for level in Level for area in setting.boundaries.of(level)]
    touched: list[list[str]] = [[setting.municipality.code] for _ in squares]
    tree = shapely.STRtree([area.geometry for area in areas])
    for square, area in zip(*tree.query(squares, predicate="intersects").tolist(), strict=True):
        touched[square].append(areas[area].code)
    return [tuple(dict.fromkeys(codes)) for codes in touched]


def _city_m2(setting: Setting) -> float:
    """Measure the municipality: its neighbourhoods cover it."""
    return sum(area.geometry.area for area in setting.boundaries.of(Level.NEIGHBOURHOOD))


def _cell(week: Week, cell: CellRow, square: Polygon, areas: tuple[str, ...], span: _Span) -> Row:
    """Write a square as a row."""
    properties: dict[str, Json] = {
        "week": str(week),
        "theme": cell.theme,
        "cell": cell.cell,
        "size_m": cell.size_m,
        "window_start": span.first_day,
        "window_end": span.last_day,
        "incidents": cell.incidents,
        "density_per_km2": round(cell.density_per_km2, 4),
        "ratio": round(cell.ratio, 4),
    }
    return Row(f"{cell.theme}-{cell.cell}-{week}", properties, square, areas, span.starts_s, span.ends_s)
