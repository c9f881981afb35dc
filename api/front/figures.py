"""Figures of the service: how much is asked, how long it takes, what is kept; `exposition` tells them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.front.gate import Gate
    from api.front.shelf import Shelf

BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the times that are told apart, in seconds."""


class Figures:
    """
    Counts requests; adding one costs less than a microsecond, all else is done when somebody asks.

    Parameters
    ----------
    shelf
        What is kept.
    gate
        Who is at work.
    """

    def __init__(self, shelf: Shelf, gate: Gate) -> None:
        self.shelf = shelf
        self.gate = gate
        self.answers: dict[tuple[int, bool], int] = {}
        self.times = {is_kept: [0] * (len(BOUNDS_S) + 1) for is_kept in (False, True)}
        self.seconds = {False: 0.0, True: 0.0}
        self.n_bytes = 0

    def count(self, *, status: int, is_kept: bool, seconds: float, n_bytes: int) -> None:
        """
        Count one request.

        Parameters
        ----------
        status
            Status of its answer.
        is_kept
            Whether that came from kept bytes.
        seconds
            How long it took.
        n_bytes
            Bytes of the body.
        """
        which = status, is_kept
        self.answers[which] = self.answers.get(which, 0) + 1
        self.times[is_kept][bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds[is_kept] += seconds
        self.n_bytes += n_bytes
