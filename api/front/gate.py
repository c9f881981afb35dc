"""So many requests at work at once, so many waiting, and the rest are told to come back."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from hotspot.errors import Busy

if TYPE_CHECKING:
    from datetime import timedelta


class Gate:
    """
    Lets a bounded number in; whoever comes first goes first.

    Parameters
    ----------
    at_work
        Requests inside at the most.
    waiting
        Requests that wait at the most.
    patience
        How long one waits before it is told to come back.
    """

    def __init__(self, *, at_work: int, waiting: int, patience: timedelta) -> None:
        self._free = at_work
        self._most_waiting = waiting
        self._patience_s = patience.total_seconds()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.at_work = 0

    @property
    def waiting(self) -> int:
        """Requests that wait."""
        return len(self._waiting)

    async def enter(self) -> None:
        """
        Wait for a place.

        Raises
        ------
        Busy
            If too many wait already, or none leaves in time.
        """
        if self.at_work < self._free:
            self.at_work += 1
            return
        if len(self._waiting) >= self._most_waiting:
            raise Busy(f"at most {self._most_waiting} requests wait at once; ask again in a moment")
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self._patience_s):
                await place
        except BaseException as error:
            # A place may have been given in the very moment in which the waiting ended.
            if place.done() and not place.cancelled():
                self.leave()
            else:
                # Unless `leave` has passed over it already.
                with suppress(ValueError):
                    self._waiting.remove(place)
            if isinstance(error, TimeoutError):
                raise Busy(
                    f"no place was free within {self._patience_s:g} s; ask again in a moment"
                ) from error
            raise

    def leave(self) -> None:
        """Give the place to the next."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.at_work -= 1
