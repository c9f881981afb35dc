"""The density squares of a week and theme, as a level sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import select

from hotspot.catalogue import CELLS
from hotspot.selection import Selection
from hotspot.store.served_selection import conditions
from hotspot.store.served_tables import SERVED
from hotspot.store.shapes import raw
from hotspot.surface import Square

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.catalogue import Disclosure
    from hotspot.weeks import Week


@dataclass(frozen=True, slots=True)
class Surface:
    """
    The squares of a week and theme.

    Parameters
    ----------
    window_start, window_end
        First and last local day that are counted; absent where there are no squares.
    squares
        The squares, in no order.
    """

    window_start: str | None
    window_end: str | None
    squares: tuple[Square, ...]


def surface(
    connection: Connection,
    week: Week,
    theme: str,
    *,
    level: Disclosure,
    version: int,
    areas: frozenset[str] | None = None,
) -> Surface:
    """
    Read the squares of a week and theme.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week; of its newest edition.
    theme
        The theme.
    level
        Who asks.
    version
        As the data stood at this version.
    areas
        Codes of areas; only squares that touch one of them. Absent for all.

    Returns
    -------
    Surface
        The squares.
    """
    table = SERVED[CELLS.rows].c
    statement = select(
        raw(table.geometry_plane),
        table.size_m,
        table.incidents,
        table.density_per_km2,
        table.ratio,
        table.window_start,
        table.window_end,
    ).where(
        *conditions(connection, Selection(CELLS, level, version, areas=areas)),
        table.week == str(week),
        table.theme == theme,
    )
    found = connection.execute(statement).all()
    if not found:
        return Surface(None, None, ())
    sides_m = shapely.bounds(shapely.from_wkb([bytes(row[0]) for row in found])).tolist()
    squares = tuple(
        Square(west_m, south_m, size_m, incidents, density, ratio)
        for (west_m, south_m, _, _), (_, size_m, incidents, density, ratio, _, _) in zip(
            sides_m, found, strict=True
        )
    )
    return Surface(found[0][5], found[0][6], squares)
