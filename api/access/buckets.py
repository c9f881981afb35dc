"""How often one caller may ask: a bucket of tokens for each, kept in memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BUCKETS = 20_000
"""Callers that are remembered at once, some 4 MB; then those that have not asked for long go."""

_MINUTE_S = 60.0


class Buckets:
    """
    Counts what callers ask: each has a bucket that fills at a steady rate, and a request takes one token.

    Parameters
    ----------
    rate_per_minute
        Tokens that come into a bucket each minute; 0 for no limit.
    burst
        Tokens that a bucket holds.
    monotonic
        Gives seconds that never go back.
    """

    def __init__(self, rate_per_minute: int, burst: int, monotonic: Callable[[], float]) -> None:
        self._rate_per_s = rate_per_minute / _MINUTE_S
        self._burst = float(burst)
        self._monotonic = monotonic
        # Tokens as they were, and when that was.
        self._buckets: dict[str, tuple[float, float]] = {}
        self.policy = f'"caller";q={burst};w={math.ceil(burst / self._rate_per_s) if rate_per_minute else 0}'

    @property
    def is_limited(self) -> bool:
        """Whether there is a limit at all."""
        return self._rate_per_s > 0

    def take(self, name: str) -> float:
        """
        Take a token.

        Parameters
        ----------
        name
            Whose.

        Returns
        -------
        float
            Seconds until there will be one; 0 if it was taken.
        """
        if not self._rate_per_s:
            return 0.0
        now = self._monotonic()
        held = self._buckets.get(name)
        if held is None:
            if len(self._buckets) >= MAX_BUCKETS:
                self._forget(now)
            tokens = self._burst
        else:
            tokens = min(self._burst, held[0] + (now - held[1]) * self._rate_per_s)
        if tokens < 1.0:
            self._buckets[name] = (tokens, now)
            return (1.0 - tokens) / self._rate_per_s
        self._buckets[name] = (tokens - 1.0, now)
        return 0.0

    def left(self, name: str) -> int:
        """
        Tell how many requests would be answered at once.

        Parameters
        ----------
        name
            Whose.

        Returns
        -------
        int
            Whole tokens as they were after the last request.
        """
        return int(self._buckets.get(name, (self._burst, 0.0))[0])

    def _forget(self, now: float) -> None:
        """Forget buckets that are full again; if all are in use, the half that was first seen first."""
        full = [
            name
            for name, (tokens, at) in self._buckets.items()
            if tokens + (now - at) * self._rate_per_s >= self._burst
        ]
        for name in full or list(self._buckets)[: MAX_BUCKETS // 2]:
            del self._buckets[name]
