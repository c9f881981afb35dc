"""Which rows of a collection are wanted, and which part: values that the store turns into statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from hotspot.catalogue import Collection, Disclosure, Reference
    from hotspot.cql2.tree import Expression


@dataclass(frozen=True, slots=True)
class Box:
    """
    A rectangle.

    Parameters
    ----------
    west, south, east, north
        Its sides in the units of the reference, x or longitude first whatever the axis order of the reference
        says; west is the larger where a box in degrees crosses the antimeridian.
    reference
        The system of the sides.
    """

    west: float
    south: float
    east: float
    north: float
    reference: Reference


@dataclass(frozen=True, slots=True)
class SortKey:
    """
    One key of an order.

    Parameters
    ----------
    name
        Property that is ordered by.
    descending
        Whether the largest comes first. Rows without a value come last either way.
    """

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """
    Which rows are wanted.

    Parameters
    ----------
    collection
        Where from.
    level
        At which level of disclosure.
    version
        As the data stood at this version.
    where
        A filter that has been checked; absent for none.
    box
        Rows that share a point with it, or have no geometry; absent for all.
    interval
        First and last instant, each absent where open; rows whose closed interval shares an instant with it,
        or that have no time. Absent for all.
    areas
        Codes of areas; only rows that touch one of them. Absent for all.
    area
        Code of an area, as the request asks for it; only rows that touch it as well. Absent for all.
    name
        Name of the one feature that is wanted; absent for all.
    sort
        The order; after the last key, and where there is none, the order of publication.
    """

    collection: Collection
    level: Disclosure
    version: int
    where: Expression | None = None
    box: Box | None = None
    interval: tuple[dt.datetime | None, dt.datetime | None] | None = None
    areas: frozenset[str] | None = None
    area: str | None = None
    name: str | None = None
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """
    A part of the rows in their order.

    Parameters
    ----------
    limit
        Rows at the most.
    offset
        Rows that are skipped.
    after
        Values of the sort keys and the number of the last row of the part before; absent for the beginning.
    """

    limit: int
    offset: int = 0
    after: tuple[object, ...] | None = None
