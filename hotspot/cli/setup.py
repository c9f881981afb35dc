"""`hotspot init`: make the tables and say which place the store is about."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from hotspot.cli.opening import connected, transaction
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.crs import Plane
from hotspot.errors import InvalidParameter
from hotspot.model import Municipality
from hotspot.store import migration
from hotspot.store import municipality as municipalities


def init(
    code: Annotated[str, typer.Option(help="Code of the municipality, such as GM0935.")],
    name: Annotated[str, typer.Option(help="Its name as people read it.")],
    srid: Annotated[int, typer.Option(help="EPSG code of its plane; projected and in metres.")] = 28992,
    time_zone: Annotated[str, typer.Option(help="Time zone in which its weeks begin.")] = "Europe/Amsterdam",
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Make the tables, or upgrade them, and say which place the store is about.

    Examples: `hotspot init --code GM0935 --name Maastricht`;
    `hotspot init --code STL --name "St. Louis" --srid 26915 --time-zone America/Chicago --store sqlite:///stl.db`
    """
    place = Municipality(code=code, name=name, srid=srid, time_zone=time_zone)
    initialise(place, store)
    output = Output(as_json)
    output.say(f"The store is ready for {name} ({code}), plane EPSG:{srid}, weeks in {time_zone}.")
    output.result(asdict(place))


def initialise(place: Municipality, store: str | None) -> None:
    """
    Check the place, make the tables and write it down.

    Parameters
    ----------
    place
        The municipality.
    store
        Address of the database.

    Raises
    ------
    InvalidParameter
        If the time zone is unknown.
    InvalidCrs
        If the plane is not projected or not in metres.
    """
    Plane(place.srid)
    try:
        ZoneInfo(place.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidParameter(
            f"time zone must be an IANA name such as Europe/Amsterdam, got {place.time_zone!r}"
        ) from error
    with connected(store) as engine:
        migration.migrate(engine)
        with transaction(engine) as connection:
            municipalities.write_municipality(connection, place)
