"""
Are the last weeks mixed otherwise than those before? An exact test for few counts and uneven weeks.

Question: did the shares of parts of the day, or of kinds of incident, change?
Null: the weeks are exchangeable; each may be as uneven, and its incidents may come in bursts, as they like.
Cost: weeks times parts, for each of the ways to choose as many weeks as the last ones.
Reference: Good (2005), Permutation, parametric and bootstrap tests of hypotheses; Pearson (1900) for the
statistic.

Whole weeks are exchanged and not incidents, since ten thefts of one night are one story and not ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MOST_CHOICES = 20_000
_LOOK_CLOSER = 0.2
"""A mix whose chi-squared p-value is above this is as before; uneven weeks only make that smaller."""
_FEWEST_PARTS = 2
_SAME = 1.0 - 1e-9
"""What rounding may take from a statistic that equals the observed one."""


@dataclass(frozen=True, slots=True)
class MixTest:
    """
    Outcome of the test of one mix.

    Parameters
    ----------
    p_value
        Share of the choices of weeks, the observed one among them, that differ as much from the others; 1
        where an ordinary test sees no hint.
    fell, rose
        The parts that lost and gained most, in standard deviations, beside what the totals made of all parts.
    fall, rise
        By how much less, and more, came in the last weeks than in as many weeks before; may be negative.
    """

    p_value: float
    fell: int
    rose: int
    fall: float
    rise: float

    @property
    def is_shift(self) -> bool:
        """Whether one part really fell and another rose, be it by chance."""
        return self.fall > 0 and self.rise > 0


@lru_cache(maxsize=4)
def choices(weeks: int, *, last: int) -> NDArray[np.float64]:
    """
    List the ways to choose weeks, the last ones first.

    Parameters
    ----------
    weeks
        Number of weeks.
    last
        How many are chosen, at least 1, fewer than `weeks`.

    Returns
    -------
    ndarray
        1 where a week is chosen, 0 elsewhere, shape (ways, weeks).

    Raises
    ------
    InvalidParameter
        If there is nothing to choose, or more than 20,000 ways to do so.

    Examples
    --------
    >>> choices(3, last=1).tolist()
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    if not 0 < last < weeks:
        raise InvalidParameter(f"last must be at least 1 and fewer than the {weeks} weeks, got {last}")
    if comb(weeks, last) > _MOST_CHOICES:
        raise InvalidParameter(f"at most {_MOST_CHOICES} choices can be made, got {comb(weeks, last)}")
    chosen = np.array(list(combinations(range(weeks), last)))
    ways = np.zeros((len(chosen), weeks))
    np.put_along_axis(ways, weeks - 1 - chosen, 1.0, axis=1)
    ways.flags.writeable = False
    return ways


def mix_test(counts: ArrayLike, *, ways: NDArray[np.float64]) -> MixTest:
    """
    Test whether the last weeks are mixed otherwise than the others.

    Parameters
    ----------
    counts
        Incidents by week and part, oldest week first, shape (weeks, parts), two parts or more.
    ways
        From `choices`, which says how many are the last weeks.

    Returns
    -------
    MixTest
        With p = 1 where only one part holds incidents.

    Raises
    ------
    InvalidParameter
        If the shapes do not fit.

    Examples
    --------
    >>> weeks = np.array([[3, 1]] * 16 + [[1, 3]] * 4)
    >>> found = mix_test(weeks, ways=choices(20, last=4))
    >>> found.fell, found.rose, found.fall, found.rise, round(found.p_value * 4845)
    (0, 1, 8.0, 8.0, 1)
    """
    table = whole(counts, name="counts")
    if table.ndim != 2 or table.shape[0] != ways.shape[1] or table.shape[1] < _FEWEST_PARTS:  # noqa: PLR2004
        raise InvalidParameter(
            f"counts must be {ways.shape[1]} weeks by two parts or more, got {table.shape}"
        )
    last = ways[0] > 0
    after = table[last].sum(axis=0)
    before = table[~last].sum(axis=0) * (last.sum() / (~last).sum())
    total = table.sum(axis=0)
    centred = (after - after.sum() * total / max(total.sum(), 1.0)) / np.sqrt(np.maximum(total, 1.0))
    fell, rose = int(np.argmin(centred)), int(np.argmax(centred))
    change = after - before
    return MixTest(_p_value(table, ways), fell, rose, float(-change[fell]), float(change[rose]))


def _p_value(table: NDArray[np.float64], ways: NDArray[np.float64]) -> float:
    """Compare the observed choice with all of them, where it is worth the effort."""
    held = table[:, table.sum(axis=0) > 0]
    if held.shape[1] < _FEWEST_PARTS:
        return 1.0
    observed = float(_chi_squared(held, ways[:1])[0])
    if chdtrc(held.shape[1] - 1, observed) > _LOOK_CLOSER:
        return 1.0
    return float((_chi_squared(held, ways) >= observed * _SAME).mean())


def _chi_squared(table: NDArray[np.float64], ways: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give Pearson's statistic of chosen against other weeks for each choice; 0 where either has nothing."""
    total = table.sum(axis=0)
    sums = ways @ table
    n = sums.sum(axis=1)
    share = total / total.sum()
    room = n * (1.0 - n / total.sum())
    squares = ((sums - n[:, None] * share) ** 2 / share).sum(axis=1)
    return np.asarray(np.divide(squares, room, out=np.zeros_like(squares), where=room > 0))
