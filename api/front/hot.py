"""The answers that are asked most: made before anybody asks for them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import unquote

from api.front import memory
from api.settings import PREFIX
from hotspot.catalogue import COLLECTIONS, HOTSPOTS, HOTSPOTS_LATEST, NEIGHBOURHOODS, Disclosure
from hotspot.store import publications, served
from hotspot.store import tiles as stored
from hotspot.tiles import tiling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection
    from starlette.types import Scope

    from api.front.asked import Signature
    from api.front.door import Front

_LIMITS = (None, 10, 20, 100, 1000)
"""Features of a first page, as clients ask it of themselves: GDAL 20 and 1000, QGIS 1000, older GDAL 10."""

_CODINGS = (b"", b"gzip")
"""Programs take one or the other; what browsers take is made again once one has asked."""

_LARGE = f"limit={_LIMITS[-1]}"
"""Whoever takes so much at once takes it coded: as it is, it would take as much memory as all else."""

_TILED = (HOTSPOTS_LATEST, NEIGHBOURHOODS, HOTSPOTS)
"""Collections of which maps ask tiles first."""

_LEVELS = range(10, 15)
"""Levels of their tiles, from a region to a part of a town."""

_MOST_TILES = 256
"""Tiles that are made beforehand; of a large municipality the deepest are made when they are asked for."""

_CODINGS_OF_MAPS = (b"gzip", b"zstd")
"""Maps ask from browsers, which take the one of a service on their own machine, and both of any other."""

ACCEPT_OF_PAGE = b"application/geo+json, application/json"
"""What the map page takes, as its own `api.js` says it."""

_CODINGS_OF_PAGE = (b"gzip, deflate, br, zstd", b"gzip, deflate, br")
"""What browsers take; of the same choice among them, the bytes are the same."""

_WEEKS = 8
"""Newest weeks that readers of the page go back to; the others are made when they are asked for."""


@dataclass(frozen=True, slots=True)
class Paths:
    """
    What is hot of what is published.

    Parameters
    ----------
    tiles
        Paths of tiles.
    pages
        Paths that the map page asks.
    """

    tiles: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


NOTHING = Paths()
"""Where nothing is known of it."""


def addresses() -> Iterator[tuple[str, str]]:
    """
    List the addresses that are hot before anything is known of the callers.

    Yields
    ------
    tuple of str
        Path and query.
    """
    yield PREFIX, ""
    yield f"{PREFIX}/conformance", ""
    yield f"{PREFIX}/collections", ""
    yield f"{PREFIX}/rankings/latest", ""
    for collection in COLLECTIONS:
        if Disclosure.OPEN not in collection.levels:
            continue
        yield f"{PREFIX}/collections/{collection.id}", ""
        for limit in _LIMITS:
            yield f"{PREFIX}/collections/{collection.id}/items", "" if limit is None else f"limit={limit}"


def tiles(connection: Connection) -> list[str]:
    """
    List the tiles of maps that are hot: those of the first levels that may hold anything.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    list of str
        Paths.
    """
    number, matrices = served.version(connection).number, tiling.WEB_MERCATOR_QUAD
    found: list[tuple[int, str]] = []
    for collection in _TILED:
        # Where others than those at the lowest level see more, to know of nothing is an answer, too.
        sides_deg = served.extent(connection, collection, Disclosure.INTERNAL, number).bbox_deg
        if sides_deg is None:
            continue
        limits = tiling.limits(matrices, stored.sides_m(sides_deg, matrices))
        path = f"{PREFIX}/collections/{collection.id}/tiles/{matrices.id}"
        for one in (limits[level] for level in _LEVELS):
            rows, columns = (
                range(one.first_row, one.last_row + 1),
                range(one.first_column, one.last_column + 1),
            )
            if len(rows) * len(columns) <= _MOST_TILES:
                found += [
                    (one.level, f"{path}/{one.level}/{row}/{column}") for row in rows for column in columns
                ]
    return [path for _, path in sorted(found, key=itemgetter(0))[:_MOST_TILES]]


def pages(connection: Connection) -> list[str]:
    """
    List what the map page asks first: the overviews of the newest weeks.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    list of str
        Paths.
    """
    # A level that sees less of the weeks than there are is told so; that is an answer, too.
    weeks = sorted({one.week for one in publications.editions(connection)}, reverse=True)[:_WEEKS]
    if not weeks:
        return []
    listed = (f"{PREFIX}/rankings/{name}/overview" for name in ("latest", *weeks))
    return [f"{PREFIX}/map", f"{PREFIX}/weeks", *listed]


def signatures(scheme: str, host: bytes, *, is_local: bool, paths: Paths = NOTHING) -> Iterator[Signature]:
    """
    List the requests that are hot under one name of the service.

    Parameters
    ----------
    scheme, host
        The name.
    is_local
        Whether those who use it are on this machine.
    paths
        What is hot of what is published.

    Yields
    ------
    Signature
        A request.
    """
    for path, query in addresses():
        for coding in _CODINGS[query == _LARGE :]:
            yield scheme, host, path.encode(), query.encode(), b"*/*", b"", coding, b"", is_local
    for path in paths.pages:
        for coding in _CODINGS_OF_PAGE:
            yield scheme, host, path.encode(), b"", ACCEPT_OF_PAGE, b"", coding, b"", is_local
    for path in paths.tiles:
        for coding in _CODINGS_OF_MAPS:
            yield scheme, host, path.encode(), b"", b"*/*", b"", coding, b"", is_local


async def make(front: Front, wanted: Sequence[Signature]) -> None:
    """
    Ask the service itself, one after the other, so that the answers are kept before anybody asks.

    Parameters
    ----------
    front
        The service.
    wanted
        What to ask.
    """
    for signature in wanted:
        # An answer that cannot be made now is made, or told to fail, when it is asked.
        with suppress(Exception):
            await front.fill(_scope(signature))
        await asyncio.sleep(0)
    # Many large answers were put together, and coded: what that took lies about in pieces.
    await asyncio.to_thread(memory.give_back)


def _scope(signature: Signature) -> Scope:
    """Make a request of its signature."""
    scheme, host, path, query, accept, language, codings, origin, is_local = signature
    # The second is an address of nobody (RFC 5737).
    address = "127.0.0.1" if is_local else "192.0.2.1"
    headers = [
        (b"host", host),
        (b"accept", accept),
        (b"accept-language", language),
        (b"accept-encoding", codings),
        (b"origin", origin),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme,
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name, value) for name, value in headers if value],
        "client": (address, 0),
        "server": (address, 0),
        "state": {"warming": True},
    }
