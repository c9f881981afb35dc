"""How much of a collection there is for whoever sees only some areas of it: measured when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hotspot.store.served_extents import Extent, extent, instant, measures
from hotspot.store.served_selection import conditions
from hotspot.store.served_tables import SERVED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.selection import Selection


def extent_of(connection: Connection, selection: Selection) -> Extent:
    """
    Tell how much of a collection there is in some areas, where and when.

    The extent of the whole stands written; it would tell how far what is in other areas reaches.

    Parameters
    ----------
    connection
        The open transaction.
    selection
        The collection, who asks, the version, and the areas; nothing else of it is looked at where these are
        all.

    Returns
    -------
    Extent
        Of these areas, or where they are all, of the whole.
    """
    if selection.areas is None:
        return extent(connection, selection.collection, selection.level, selection.version)
    table = SERVED[selection.collection.rows]
    found = connection.execute(select(*measures(table)).where(*conditions(connection, selection))).one()
    box = (found.west_deg, found.south_deg, found.east_deg, found.north_deg)
    return Extent(
        None if found.west_deg is None else box,
        instant(found.starts_s),
        instant(found.ends_s),
        found.matched,
    )
