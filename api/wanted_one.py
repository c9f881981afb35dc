"""What a request for one feature wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api import choice, columns, parameters, space, wanted
from api.formats import media, negotiation
from api.queries import Reader
from hotspot.catalogue import Reference

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.access.callers import Caller
    from api.formats.media import Format
    from api.formats.told import Told
    from api.queries import Parameter
    from hotspot.catalogue import Collection, Disclosure


@dataclass(frozen=True, slots=True)
class WantedOne:
    """
    What a request for one feature wants.

    Parameters
    ----------
    collection
        Where from.
    caller
        Who asks.
    name
        Name of the feature.
    format
        Format of the answer.
    version
        Version of the data; absent for the newest.
    crs
        System of the geometry.
    told
        What is told of it.
    """

    collection: Collection
    caller: Caller
    name: str
    format: Format
    version: int | None
    crs: Reference
    told: Told


def read(request: Request, collection: Collection, caller: Caller) -> WantedOne:
    """
    Read a request for one feature.

    Parameters
    ----------
    request
        The request.
    collection
        Where from.
    caller
        Who asks.

    Returns
    -------
    WantedOne
        What it wants.

    Raises
    ------
    InvalidQuery
        With everything that is wrong with it.
    NotFound
        If nothing can have such a name.
    """
    given = Reader(request)
    name = given.read(parameters.FEATURE_ID, "")
    crs, version = given.read(space.CRS, Reference.CRS84), given.read(wanted.VERSION, None)
    wished = wanted.chosen(request, given, media.FEATURE)
    negotiation.spoken(request, given, wished)
    told = choice.told(given, collection, caller.level)
    given.finish()
    return WantedOne(collection, caller, name, wished, version, crs, told)


def taken(collection: Collection, level: Disclosure) -> tuple[Parameter[Any], ...]:  # Any: as in `taken`.
    """
    List the parameters that a request for one feature can have.

    Parameters
    ----------
    collection
        The collection.
    level
        Who asks.

    Returns
    -------
    tuple of Parameter
        In the order in which they are described.
    """
    return (
        parameters.FEATURE_ID,
        space.CRS,
        columns.told_only(collection, level),
        columns.told_not(collection, level),
        wanted.VERSION,
        negotiation.format_parameter(media.FEATURE),
        wanted.PROFILE,
        negotiation.LANGUAGE,
    )
