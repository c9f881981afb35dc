"""
How sure is a place in a list? The ranks that remain possible once each value is only known up to a draw.

Question: at which ranks may each item really stand, and is it among the first n?
Null: none; the draws are what is known of the values.
Cost: a sort per draw.
Reference: Goldstein & Spiegelhalter (1996), League tables and their limitations; Laird & Louis (1989),
Empirical Bayes ranking methods; Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for ranks.

Ranks are whole numbers: an interval that holds at least 90 % holds 95 % on average where few items are
listed. An interval here grows from the printed rank by the likelier neighbour each time and ends just before
or just after 90 %, whichever brings the list as a whole closer to it. An item whose one rank holds more than
90 % keeps that rank, and no other interval is made narrower for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import open_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONFIDENCE = 0.9
"""Share of the true ranks that the intervals of a list hold."""
_LEAST_HELD = 0.7
"""What each interval holds itself, whatever those before it held."""


@dataclass(frozen=True, slots=True)
class RankIntervals:
    """
    Where each item of a list may stand.

    Parameters
    ----------
    lower, upper
        Best and worst rank of the interval, from 1, shape (n,).
    chance
        Chance of each rank for each item, shape (n, n): items in rows.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    chance: NDArray[np.float64]

    def in_top(self, n: int) -> NDArray[np.float64]:
        """
        Give the chance that an item is among the first.

        Parameters
        ----------
        n
            How many are the first; none of the items if 0 or less.

        Returns
        -------
        ndarray
            Chances, shape (n,).
        """
        return np.asarray(np.minimum(1.0, self.chance[:, : max(n, 0)].sum(axis=1)))


def rank_intervals(draws: NDArray[np.float64], *, confidence: float = CONFIDENCE) -> RankIntervals:
    """
    Tell at which ranks the items of a list may stand, the largest value being first.

    Parameters
    ----------
    draws
        Values of the items, drawn together, in the order in which they are listed, shape (draws, n). Equal
        values are ranked in that order.
    confidence
        Share of the true ranks that the intervals of a list hold.

    Returns
    -------
    RankIntervals
        Each interval holds the item's place in the list.

    Examples
    --------
    >>> values = np.array([[9.0, 2.0, 1.0], [9.0, 1.0, 2.0]])
    >>> found = rank_intervals(values)
    >>> found.lower.tolist(), found.upper.tolist(), found.in_top(2).tolist()
    ([1, 2, 2], [1, 3, 3], [1.0, 0.5, 0.5])
    """
    level = open_share(confidence, name="confidence")
    if draws.ndim != 2 or draws.shape[0] == 0 or not np.isfinite(draws).all():  # noqa: PLR2004
        raise InvalidParameter(
            f"draws must be finite, one row per draw and at least one, got the shape {draws.shape}"
        )
    chance = _chances(draws)
    n = chance.shape[0]
    lower, upper = np.empty(n, np.int64), np.empty(n, np.int64)
    owed = 0.0
    for item in range(n):
        low, high, held = _grown(chance[item], item, level, owed)
        lower[item], upper[item] = low + 1, high + 1
        if chance[item, item] < level:
            owed += held - level
    return RankIntervals(lower, upper, chance)


def tied(draws: NDArray[np.float64], *, at_most: float) -> NDArray[np.int64]:
    """
    Group neighbours in a list that cannot be told apart.

    Parameters
    ----------
    draws
        As in `rank_intervals`.
    at_most
        Largest chance, above a half, that the first of a group is really above (or below) another of it.

    Returns
    -------
    ndarray
        Place in the list, from 0, of the first of each item's group, shape (n,). Each group is compared with
        its first, so that no chain of small steps ties what is far apart.

    Examples
    --------
    >>> tied(np.array([[9.0, 2.0, 1.0], [9.0, 1.0, 2.0]]), at_most=0.6).tolist()
    [0, 1, 1]
    """
    n = draws.shape[1]
    first = np.zeros(n, np.int64)
    for item in range(1, n):
        leader = first[item - 1]
        # Draws that are equal speak for neither.
        above = np.count_nonzero(draws[:, leader] > draws[:, item])
        equal = np.count_nonzero(draws[:, leader] == draws[:, item])
        chance = (above + equal / 2) / len(draws)
        first[item] = leader if 1 - at_most <= chance <= at_most else item
    return first


def _chances(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count how often each item has each rank."""
    number, n = draws.shape
    order = np.argsort(-draws, axis=1, kind="stable")
    where = order * n + np.arange(n)
    return np.asarray(np.bincount(where.ravel(), minlength=n * n).reshape(n, n) / number)


def _grown(chance: NDArray[np.float64], start: int, level: float, owed: float) -> tuple[int, int, float]:
    """Grow an interval from the listed place until it holds enough, or stop a step before."""
    low = high = start
    held = float(chance[start])
    while held < level and high - low + 1 < chance.size:
        left = chance[low - 1] if low > 0 else -1.0
        right = chance[high + 1] if high + 1 < chance.size else -1.0
        more = held + float(max(left, right))
        closer = abs(owed + held - level) < abs(owed + more - level)
        if more >= level and held >= _LEAST_HELD and closer:
            break
        low, high = (low - 1, high) if left > right else (low, high + 1)
        held = more
    return low, high, held
