"""Writes the audit: what comes at the same time is written at once, and nobody is answered before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hotspot.store import audit
from hotspot.store import engine as engines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from hotspot.audit import Entry

_BATCH = 500
"""Entries of one transaction, so that none waits long for those before it."""


class Ledger:
    """
    Adds entries to the audit.

    One task writes at a time; while it does, further entries gather and make the next batch. So an entry
    costs a share of a transaction when there are many, and one transaction when there is one.

    Parameters
    ----------
    engine
        Gives the store.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, entry: Entry) -> None:
        """
        Write an entry, and come back when it is kept.

        Parameters
        ----------
        entry
            The entry.

        Raises
        ------
        StoreUnavailable, StoreNotReady
            If it could not be kept: then nothing may be answered.
        """
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        self._waiting.append((entry, kept))
        if self._writing is None or self._writing.done() or self._writing.get_loop() is not loop:
            self._writing = loop.create_task(self._write())
        await kept

    async def _write(self) -> None:
        """Write all that waits, batch by batch."""
        while self._waiting:
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            failure: Exception | None = None
            try:
                await asyncio.to_thread(_append, self._engine(), [entry for entry, _ in batch])
            except Exception as error:  # noqa: BLE001 -- handed on to those who wait, each of whom raises it.
                failure = error
            for _, kept in batch:
                # Who has gone away waits no longer.
                if kept.done():
                    continue
                if failure is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(failure)


def _append(engine: Engine, entries: Sequence[Entry]) -> None:
    """Add entries in one transaction."""
    with engines.begin_audit(engine) as connection:
        audit.append(connection, entries)
