"""Whole selections as files: sent while they are read, or made first where the format needs to be whole."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api import moments
from api.connection import transaction
from api.formats import flatgeobuf, geojson, media, table
from hotspot.store import served
from hotspot.store.geopackage import write_geopackage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from api.connection import Connection
    from api.wanted import Wanted
    from hotspot.selection import Selection
    from hotspot.store.served import Version

T = TypeVar("T")

_CHUNK_BYTES = 1 << 18
"""Bytes of a file that are sent at once."""


class Pieces(StreamingResponse):
    """
    A file that is sent as it is made; what it holds is given back as soon as it is sent or given up.

    While one piece is sent the next is made, so that whoever reads and the store are at work at once.

    Parameters
    ----------
    pieces
        Makes the file.
    headers
        Headers of the answer.
    """

    def __init__(self, pieces: Generator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(self._ahead(), headers=headers)
        self._pieces = pieces
        self._coming: asyncio.Task[bytes | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a caller who leaves takes no connection and no folder along until rubbish is collected."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # While a service is stopped by force, a thread may still be at it, which then ends it itself.
            with CancelScope(shield=True), suppress(ValueError):
                if self._coming is not None:
                    # What comes of the next piece concerns nobody any more.
                    await asyncio.gather(self._coming, return_exceptions=True)
                await run_in_threadpool(self._pieces.close)

    async def _ahead(self) -> AsyncIterator[bytes]:
        """Give each piece while a thread makes the next."""
        self._coming = self._next()
        # A caller who leaves ends this, but not what the thread is at.
        while (piece := await asyncio.shield(self._coming)) is not None:
            self._coming = self._next()
            yield piece

    def _next(self) -> asyncio.Task[bytes | None]:
        """Begin to make the next piece; None is the end."""
        return asyncio.create_task(run_in_threadpool(next, self._pieces, None))


def response(request: Request, asked: Wanted, state: Version, headers: dict[str, str]) -> Response:
    """
    Answer with a file; nothing is read before it is sent.

    Parameters
    ----------
    request
        The request.
    asked
        What it wants.
    state
        Version of the data.
    headers
        Headers of the answer.

    Returns
    -------
    Response
        The file, piece by piece.
    """
    name = f"{asked.collection.id}.{asked.format.suffix}"
    sent = {**headers, "Content-Disposition": f'attachment; filename="{name}"'}
    return Pieces(_pieces(request, asked, state), sent)


def _pieces(request: Request, asked: Wanted, state: Version) -> Generator[bytes]:
    """Read a selection and write it as it comes; the transaction lasts as long as reading does."""
    selection = asked.at(state.number)
    request.state.records = 0
    if asked.format in {media.GEOPACKAGE, media.FLATGEOBUF}:
        yield from _whole(request, asked, selection, state)
        return
    with transaction(request) as connection:
        if asked.format is media.CSV:
            kinds = {one.name: one.type for one in asked.collection.properties}
            rows = _rows(request, connection, asked, selection)
            yield from table.pieces({name: kinds[name] for name in asked.told.names}, asked.crs, rows)
            return
        features = _features(request, connection, asked, selection)
        if asked.format is media.GEOJSON_LINES:
            yield from geojson.lines(features)
        else:
            head = {} if state.made_at is None else {"timeStamp": moments.written(state.made_at)}
            yield from geojson.file(head, features)


def _whole(request: Request, asked: Wanted, selection: Selection, state: Version) -> Iterator[bytes]:
    """Make a file that must be whole before it is sent; it is gone when it has been sent or given up."""
    with tempfile.TemporaryDirectory(prefix="hotspot-") as folder:
        path = Path(folder) / f"{asked.collection.id}.gpkg"
        with transaction(request) as connection:
            write_geopackage(
                path,
                asked.collection,
                asked.told.names,
                asked.crs,
                _rows(request, connection, asked, selection),
                changed_at=state.made_at,
            )
        if asked.format is media.FLATGEOBUF:
            target = path.with_suffix(".fgb")
            flatgeobuf.write_flatgeobuf(path, target, asked.collection.id)
            path = target
        with path.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                yield piece


def _features(
    request: Request, connection: Connection, asked: Wanted, selection: Selection
) -> Iterator[Sequence[str]]:
    """Read the texts of the features that are wanted, in batches."""
    for batch in _part(request, asked, served.stream_features(connection, selection, asked.crs)):
        yield batch if asked.told.is_all else [geojson.told_only(one, asked.told) for one in batch]


def _rows(
    request: Request, connection: Connection, asked: Wanted, selection: Selection
) -> Iterator[Sequence[Sequence[object]]]:
    """Read the rows that are wanted, in batches."""
    shape = asked.crs if asked.told.has_shape else None
    read = served.read_rows(connection, selection, names=asked.told.names, geometry=shape)
    return _part(request, asked, read)


def _part(request: Request, asked: Wanted, batches: Iterable[Sequence[T]]) -> Iterator[Sequence[T]]:
    """Take the part that is wanted of what is read, and count it, a batch at a time."""
    skipped, left = asked.offset, asked.limit
    for batch in batches:
        kept = batch[skipped:] if left is None else batch[skipped : skipped + left]
        skipped = max(skipped - len(batch), 0)
        left = None if left is None else left - len(kept)
        if kept:
            request.state.records += len(kept)
            yield kept
        if left == 0:
            return
