"""Sees that something new was published, lets go of what is kept, and makes the hot answers anew."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from api.front import hot
from hotspot.errors import HotspotError
from hotspot.store import engine, served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from api.front.asked import Signature
    from api.front.door import Front
    from api.settings import ApiSettings

_MOST_REPEATED = 256
"""Answers that are made anew because they were used before the data changed, the latest used first."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def watching(front: Front, settings: ApiSettings) -> AsyncIterator[None]:
    """
    Watch the store as long as the service runs.

    Parameters
    ----------
    front
        Whose answers are kept.
    settings
        Where the store is and how often to look.

    Yields
    ------
    None
        While it watches.
    """
    # A connection of its own: to look must not wait for those who are at work.
    store = engine.create_engine(
        settings.store_url, engine.Serving(connections=1, time_limit=settings.time_to_answer, cache_kib=256)
    )

    def look() -> int | None:
        try:
            with engine.read(store) as connection:
                return served.version(connection).number
        except HotspotError as error:
            _log.debug("the version cannot be read: %s", error)
            return None

    def paths() -> hot.Paths:
        try:
            with engine.read(store) as connection:
                return hot.Paths(tuple(hot.tiles(connection)), tuple(hot.pages(connection)))
        except HotspotError as error:
            _log.debug("what is hot cannot be read: %s", error)
            return hot.Paths()

    # A thread of its own, which is waited for: a connection that it holds at the end would never be closed.
    looking = ThreadPoolExecutor(1, "hotspot-watch")
    beside = partial(asyncio.get_running_loop().run_in_executor, looking)
    interval_s = settings.poll_interval.total_seconds()
    watch = asyncio.create_task(
        _watch(front, partial(beside, look), partial(beside, paths), interval_s, settings.hosts_warmed)
    )
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        looking.shutdown()
        store.dispose()
        front.journal.flush()


async def _watch(
    front: Front,
    look: Callable[[], Awaitable[int | None]],
    paths: Callable[[], Awaitable[hot.Paths]],
    interval_s: float,
    hosts_warmed: int,
) -> None:
    """Look again and again; what is made anew is made beside it."""
    repeating: asyncio.Task[None] | None = None
    warmed: set[tuple[str, bytes, bool]] = set()
    lower: int | None = None
    try:
        while True:
            version = await look()
            known = front.shelf.version
            # An answer may have told of a newer version while this one was being read: a lower one, which
            # only a restored backup brings, has to be seen twice.
            if version is not None and (known is None or version > known or version == lower):
                warmed.clear()
                dropped = front.shelf.renew(version)
                repeating = _begin(front, dropped[:_MOST_REPEATED], repeating)
            lower = version if version is not None and known is not None and version < known else None
            # No more than so many for one version: names that are made up must not keep the service busy.
            room = hosts_warmed - len(warmed)
            new = [host for host in front.hosts if host not in warmed][: max(room, 0)]
            if new and (repeating is None or repeating.done()) and front.shelf.version is not None:
                warmed.update(new)
                wanted = await paths()
                repeating = _begin(
                    front,
                    [
                        one
                        for host in new
                        for one in hot.signatures(*host[:2], is_local=host[2], paths=wanted)
                    ],
                    repeating,
                )
            await asyncio.sleep(interval_s)
    finally:
        if repeating is not None:
            repeating.cancel()


def _begin(
    front: Front, signatures: Sequence[Signature], before: asyncio.Task[None] | None
) -> asyncio.Task[None]:
    """Begin to make answers; those of the version before are no longer wanted."""
    if before is not None:
        before.cancel()
    return asyncio.create_task(hot.make(front, signatures))
