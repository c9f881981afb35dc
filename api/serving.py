"""What all answers about collections share: who may see one, at which version, and their headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.access.callers import caller
from api.answers import caching, dated_tag
from api.connection import brief, depends_on, lines
from api.queries import told
from api.settings import API_VERSION
from hotspot.catalogue import Reference
from hotspot.errors import InvalidQuery, NotFound, OutOfTime
from hotspot.selection import Selection
from hotspot.store import served
from hotspot.store.served_measures import extent_of

if TYPE_CHECKING:
    from datetime import timedelta

    from starlette.requests import Request

    from api.access.callers import Caller
    from api.connection import Connection
    from api.formats.media import Format
    from hotspot.catalogue import Collection
    from hotspot.store.served import Extent, Version

_EVERYWHERE = frozenset({Reference.CRS84, Reference.WEB_MERCATOR})
"""Systems in which every municipality can be had."""


def seen(request: Request, collection: Collection) -> Caller:
    """
    Tell who asks for a collection; for whom it is not there, it does not exist.

    Parameters
    ----------
    request
        The request.
    collection
        The collection.

    Returns
    -------
    Caller
        Who asks.

    Raises
    ------
    NotFound
        If the caller may not see it.
    """
    asking = caller(request)
    if not asking.may_see(collection):
        raise NotFound(f"there is no collection {told(collection.id)}")
    return asking


def areas(collection: Collection, asking: Caller) -> frozenset[str] | None:
    """
    Tell to which areas an answer is cut.

    Parameters
    ----------
    collection
        The collection.
    asking
        Who asks.

    Returns
    -------
    frozenset of str or None
        Codes; absent for all, as of the borders, which are everybody's.
    """
    return None if collection.same_at_all_levels else asking.areas


def extent(connection: Connection, collection: Collection, asking: Caller, at: int) -> Extent:
    """
    Tell how much of a collection there is for somebody, where and when.

    Parameters
    ----------
    connection
        The open transaction.
    collection
        The collection.
    asking
        Who asks.
    at
        Version of the data.

    Returns
    -------
    Extent
        Of what the caller may see.
    """
    return extent_of(connection, Selection(collection, asking.level, at, areas=areas(collection, asking)))


def version(request: Request, connection: Connection, wanted: int | None = None) -> Version:
    """
    Tell the version of the data that a request is answered from.

    Parameters
    ----------
    request
        The request, which is told that its answer depends on it.
    connection
        The open transaction.
    wanted
        Its number; absent for the newest.

    Returns
    -------
    Version
        The version.

    Raises
    ------
    InvalidQuery
        If there is no such version yet.
    """
    newest = served.version(connection)
    request.app.state.newest = newest
    depends_on(request, newest.number)
    if wanted is None or wanted == newest.number:
        return newest
    if wanted > newest.number:
        raise InvalidQuery({"version": f"version must be at most {newest.number}, got {wanted}"})
    return replace(newest, number=wanted, made_at=served.made_at(connection, wanted))


def newest(request: Request) -> Version | None:
    """
    Tell the version that was the newest when the store was asked last: most likely it still is.

    Parameters
    ----------
    request
        The request; its application remembers it.

    Returns
    -------
    Version or None
        The version; absent as long as nothing was asked.
    """
    state: Version | None = getattr(request.app.state, "newest", None)
    return state


async def version_at_once(request: Request) -> Version | None:
    """
    Tell the newest version without a thread that waits for it.

    Parameters
    ----------
    request
        The request.

    Returns
    -------
    Version or None
        The version; absent where it has to be read in the ordinary way.
    """
    held = lines(request)
    if held is not None:
        return await served.version_at_once(held)
    try:
        with brief(request) as connection:
            return served.version(connection)
    except OutOfTime:
        return None


def references(request: Request, connection: Connection) -> tuple[Reference, ...]:
    """
    List the systems in which features can be had, asking the store for them once.

    Parameters
    ----------
    request
        The request; its application remembers them.
    connection
        The open transaction.

    Returns
    -------
    tuple of Reference
        CRS84 first.
    """
    state = request.app.state
    known: tuple[Reference, ...] | None = getattr(state, "references", None)
    if known is None:
        known = served.references(connection)
        # A store without a municipality gets one later; once it has one, that stays.
        if len(known) > len(_EVERYWHERE):
            state.references = known
    return known


def are_served_everywhere(used: dict[str, Reference | None]) -> bool:
    """
    Tell whether systems are served whatever the municipality is, so that the store need not be asked.

    Parameters
    ----------
    used
        Systems by the parameters that name them.

    Returns
    -------
    bool
        Whether all are.
    """
    return all(one is None or one in _EVERYWHERE for one in used.values())


def check_references(request: Request, connection: Connection, used: dict[str, Reference | None]) -> None:
    """
    Refuse systems in which this municipality is not served.

    Parameters
    ----------
    request
        The request.
    connection
        The open transaction.
    used
        Systems by the parameters that name them.

    Raises
    ------
    InvalidQuery
        With every one that is not served.
    """
    special = {name: one for name, one in used.items() if one is not None and one not in _EVERYWHERE}
    if not special:
        return
    known = references(request, connection)
    wrong = {
        name: f"{name} must be one of {', '.join(known)}, got {told(one)}"
        for name, one in special.items()
        if one not in known
    }
    if wrong:
        raise InvalidQuery(wrong)


def headers(
    request: Request,
    state: Version,
    asking: Caller,
    form: Format,
    lifetime: timedelta,
) -> dict[str, str]:
    """
    Write the headers of an answer that is told by its address, who asks, and the version of the data.

    Parameters
    ----------
    request
        The request; its address stands in the links of the answer.
    state
        The version.
    asking
        Who asks.
    form
        Format of the answer.
    lifetime
        How long it may be shown before it is asked again whether it still holds.

    Returns
    -------
    dict
        Headers by name.
    """
    who = (str(asking.level), None if asking.areas is None else sorted(asking.areas))
    tag = dated_tag(API_VERSION, state.number, state.made_at, who, request.url, form.name, form.media_type)
    return {
        "ETag": tag,
        "Cache-Control": caching(lifetime, is_public=asking.is_anonymous or asking.is_local),
        "Vary": "Accept, Accept-Encoding",
        "Data-Version": str(state.number),
    }
