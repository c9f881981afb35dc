"""The one place that a store is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from hotspot.errors import InvalidParameter, StoreNotReady
from hotspot.model import Municipality
from hotspot.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

_COLUMNS = (
    tables.municipality.c.code,
    tables.municipality.c.name,
    tables.municipality.c.srid,
    tables.municipality.c.time_zone,
)


def write_municipality(connection: Connection, municipality: Municipality) -> None:
    """
    Say which place the store is about.

    Parameters
    ----------
    connection
        The open transaction.
    municipality
        The place.

    Raises
    ------
    InvalidParameter
        If the store already holds boundaries, incidents or runs of a place with another code, plane or time
        zone: a store is about one place.
    """
    values = {
        "code": municipality.code,
        "name": municipality.name,
        "srid": municipality.srid,
        "time_zone": municipality.time_zone,
    }
    earlier = find_municipality(connection)
    if earlier is None:
        connection.execute(insert(tables.municipality).values(id=1, **values))
        return
    here = (earlier.code, earlier.srid, earlier.time_zone)
    asked = (municipality.code, municipality.srid, municipality.time_zone)
    if asked != here and _holds_anything(connection):
        raise InvalidParameter(
            f"this store is about {earlier.name} ({_place(earlier)}) and cannot become "
            f"{municipality.name} ({_place(municipality)}); give that its own store"
        )
    connection.execute(update(tables.municipality).values(**values))


def _place(municipality: Municipality) -> str:
    """Say what cannot change once something is stored."""
    return f"{municipality.code}, EPSG:{municipality.srid}, {municipality.time_zone}"


def _holds_anything(connection: Connection) -> bool:
    """Tell whether anything depends on the plane or the time zone."""
    dependent = (tables.boundary_sets, tables.loads, tables.runs, tables.publications)
    return any(connection.scalar(select(func.count()).select_from(table)) for table in dependent)


def find_municipality(connection: Connection) -> Municipality | None:
    """
    Tell which place the store is about, if it has been said.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    Municipality or None
        The place.
    """
    row = connection.execute(select(*_COLUMNS)).one_or_none()
    return None if row is None else Municipality(*row)


def read_municipality(connection: Connection) -> Municipality:
    """
    Tell which place the store is about.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    Municipality
        The place.

    Raises
    ------
    StoreNotReady
        If it has not been said.
    """
    found = find_municipality(connection)
    if found is None:
        raise StoreNotReady("the store does not say which municipality it is about; run `hotspot init` first")
    return found
