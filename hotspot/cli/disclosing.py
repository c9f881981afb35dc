"""What each level may see of a week, made when it is published: only here does anything go down a level."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from hotspot.catalogue import Disclosure
from hotspot.disclosure.density import cells_of, period
from hotspot.disclosure.lowering import disclosed
from hotspot.disclosure.rules import Rules, read_rules
from hotspot.model import Level
from hotspot.served import Disclosed, midnight_s
from hotspot.sheet import Sheet
from hotspot.store import disclosed as store
from hotspot.store.secrets import DISCLOSURE, secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import Polygon
    from sqlalchemy import Connection

    from hotspot.disclosure.density import CellRow
    from hotspot.editions import Publication
    from hotspot.listing import Setting
    from hotspot.tally import Ledger
    from hotspot.weekly import WeeklyList
    from hotspot.weeks import Week

_KEY_BYTES = 32
"""Length of the secret: that of the hash that it is used with."""

LOWER = (Disclosure.PARTNER, Disclosure.OPEN)
"""The levels below the internal one."""


@dataclass(frozen=True, slots=True)
class Surfaces:
    """
    What the surfaces of density of many weeks have in common, made once.

    Parameters
    ----------
    setting
        The place and its areas.
    ledger
        The register.
    squares
        Each square that was drawn, with the areas that it touches, by its western and southern side and its
        length: the same ones come back in every week and theme.
    of_period
        Squares of a level below the internal one and a period by its first week, which all weeks that tell
        of the period have.
    """

    setting: Setting
    ledger: Ledger
    squares: dict[tuple[int, int, int], tuple[Polygon, tuple[str, ...]]] = field(default_factory=dict)
    of_period: dict[tuple[Disclosure, Week, tuple[str, ...]], tuple[CellRow, ...]] = field(
        default_factory=dict
    )


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


def cells_by_level(listed: WeeklyList, surfaces: Surfaces) -> dict[Disclosure, Sheet]:
    """
    Make the surface of density of a week as each level may see it.

    Parameters
    ----------
    listed
        The list of the week.
    surfaces
        Of the register that it was made from; receives what other weeks have in common with this one.

    Returns
    -------
    dict
        Its squares by level.
    """
    return {level: _cells(listed.week, level, listed, surfaces) for level in (Disclosure.INTERNAL, *LOWER)}


def by_level(
    connection: Connection,
    published: Publication,
    listed: WeeklyList,
    cells: Mapping[Disclosure, Sheet],
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
    cells
        Squares of its surface of density, as `cells_by_level` gives them.

    Returns
    -------
    dict
        The week by level.
    """
    setting, week = listed.setting, published.week
    shapes = {row.hotspot.id: row.hotspot.footprint for row in listed.rows}
    whole = Disclosed(published, shapes, cells[Disclosure.INTERNAL])
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
        found[level] = Disclosed(lowered.publication, lowered.shapes, cells[level])
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


def _cells(week: Week, level: Disclosure, listed: WeeklyList, surfaces: Surfaces) -> Sheet:
    """Make the squares of the surface of density."""
    zone = ZoneInfo(surfaces.setting.municipality.time_zone)
    themes = tuple(sorted({detection.theme for detection in listed.named.detections}))
    made = _made(week, level, themes, surfaces, zone)
    _draw(made, surfaces)
    if not made:
        return Sheet()
    # All squares of a surface tell of the same weeks.
    told, first, last = str(week), made[0].first, made[0].last
    drawn = [surfaces.squares[cell.west_m, cell.south_m, cell.size_m] for cell in made]
    named = [cell.cell for cell in made]
    return Sheet(
        [f"{cell.theme}-{name}-{told}" for cell, name in zip(made, named, strict=True)],
        {
            "week": told,
            "window_start": first.monday.isoformat(),
            "window_end": last.sunday.isoformat(),
        },
        {
            "theme": [cell.theme for cell in made],
            "cell": named,
            "size_m": [cell.size_m for cell in made],
            "incidents": [cell.incidents for cell in made],
            "density_per_km2": [cell.density_per_km2 for cell in made],
            "ratio": [cell.ratio for cell in made],
        },
        [square for square, _ in drawn],
        [areas for _, areas in drawn],
        midnight_s(first.monday, zone),
        midnight_s(last.plus(1).monday, zone) - 1,
    )


def _made(
    week: Week, level: Disclosure, themes: tuple[str, ...], surfaces: Surfaces, zone: ZoneInfo
) -> tuple[CellRow, ...]:
    """Make the surface of a week, or take that of another week which tells of the same period."""
    # What the internal level sees is another year each week.
    key = None if level is Disclosure.INTERNAL else (level, period(week, rules())[0], themes)
    if key is not None and key in surfaces.of_period:
        return surfaces.of_period[key]
    city_m2 = _city_m2(surfaces.setting)
    made = cells_of(week, surfaces.ledger, level, themes=themes, city_m2=city_m2, zone=zone, rules=rules())
    if key is not None:
        surfaces.of_period[key] = made
    return made


def _draw(made: Sequence[CellRow], surfaces: Surfaces) -> None:
    """Draw the squares that are new, and name the areas that each touches: an area team finds its own."""
    # All at once: a square by itself costs more than what it says.
    new = list({(cell.west_m, cell.south_m, cell.size_m) for cell in made} - surfaces.squares.keys())
    if not new:
        return
    west_m, south_m, size_m = np.array(new, float).T
    squares = shapely.box(west_m, south_m, west_m + size_m, south_m + size_m)
    setting = surfaces.setting
    areas = [area for level in Level for area in setting.boundaries.of(level)]
    touched: list[list[str]] = [[setting.municipality.code] for _ in new]
    tree = shapely.STRtree([area.geometry for area in areas])
    for square, area in zip(*tree.query(squares, predicate="intersects").tolist(), strict=True):
        touched[square].append(areas[area].code)
    for corner, square, codes in zip(new, squares.tolist(), touched, strict=True):
        surfaces.squares[corner] = (square, tuple(dict.fromkeys(codes)))


def _city_m2(setting: Setting) -> float:
    """Measure the municipality: its neighbourhoods cover it."""
    return sum(area.geometry.area for area in setting.boundaries.of(Level.NEIGHBOURHOOD))
