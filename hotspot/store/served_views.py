"""Which rows of a table are those of a collection: several collections are views of the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.catalogue import Disclosure
from hotspot.store.served_tables import SERVED, column_name

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from hotspot.catalogue import Collection


def stored_level(collection: Collection, level: Disclosure) -> Disclosure:
    """
    Tell under which level the rows are stored.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    Disclosure
        The same, or open where everybody sees the same rows.
    """
    return Disclosure.OPEN if collection.same_at_all_levels else level


def of_collection(
    collection: Collection, level: Disclosure, *, week: str | None
) -> list[ColumnElement[bool]]:
    """
    Tell the rows of a collection from others in their table, at any version.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.
    week
        The newest week; looked at only where the collection holds nothing else.

    Returns
    -------
    list of ColumnElement
        Conditions that all must hold.
    """
    table = SERVED[collection.rows]
    found: list[ColumnElement[bool]] = [table.c.level == str(stored_level(collection, level))]
    if collection.only is not None:
        name, value = collection.only
        found.append(table.c[column_name(name)] == value)
    if collection.latest_only:
        found.append(table.c.week == week)
    return found
