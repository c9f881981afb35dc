"""The API keys that hold, kept in memory for a few seconds so that a request costs no query."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hotspot import keys
from hotspot.store import engine as engines
from hotspot.store.keys import all_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Engine

    from hotspot.keys import Key


class Keyring:
    """
    Recognises API keys.

    The list of keys is read as a whole, at most once per lifetime: guesses at names cause no queries, and a
    key that is taken back stops within the lifetime.

    Parameters
    ----------
    engine
        Gives the store.
    lifetime_s
        Seconds for which the list is kept.
    monotonic
        Gives seconds that never go back.
    """

    def __init__(
        self, engine: Callable[[], Engine], *, lifetime_s: float, monotonic: Callable[[], float]
    ) -> None:
        self._engine = engine
        self._lifetime_s = lifetime_s
        self._monotonic = monotonic
        self._keys: Mapping[str, Key] = {}
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def holder(self, text: str, *, now_s: float) -> Key | None:
        """
        Find the key that was sent.

        Parameters
        ----------
        text
            What was sent.
        now_s
            The time, in seconds since 1970.

        Returns
        -------
        Key or None
            Absent if there is none, or if it holds no longer.
        """
        found = keys.parts(text)
        if found is None:
            return None
        await self._refresh()
        key = self._keys.get(found[0])
        # The secret is compared before anything is told of the key, be it only by the time that it takes.
        if key is None or not key.is_of(found[1]) or not key.holds(now_s):
            return None
        return key

    async def _refresh(self) -> None:
        """Read the list if it is too old; whoever comes meanwhile waits for the same reading."""
        if self._read_at is not None and self._monotonic() - self._read_at < self._lifetime_s:
            return
        loop = asyncio.get_running_loop()
        if self._reading is None or self._reading.done() or self._reading.get_loop() is not loop:
            self._reading = loop.create_task(self._read())
        # One caller who goes away must not take the reading from the others.
        await asyncio.shield(self._reading)

    async def _read(self) -> None:
        """Read the list."""
        started = self._monotonic()
        self._keys = await asyncio.to_thread(_read_keys, self._engine())
        # From when it was begun: what was taken back meanwhile may not have been seen.
        self._read_at = started


def _read_keys(engine: Engine) -> Mapping[str, Key]:
    """Read all keys by their names."""
    with engines.read(engine) as connection:
        return {key.id: key for key in all_keys(connection)}
