"""
Which counts may be told, so that no hidden one can be told from the others? Parts and their total.

Question: is the range in which a hidden count can lie, for somebody who knows all that is told and this rule
as well, as wide as that of a count of which nothing else is known?
Cost: one pass over the parts.
Source: the audit of tables by interval (Willenborg & de Waal 2001, Elements of Statistical Disclosure
Control); that leaving something out must not tell it either is the minimality attack (Wong et al. 2007).

A part with fewer than `least` is hidden, one with none as well. The sum of the hidden parts follows from the
total and the parts that are told. The total is told only if that sum is so far from both of its ends that
every hidden part may still be anything from 0 to `least` - 1. The margin is twice as wide as that needs: a
total that is hidden tells that the margin was not met, and that must leave every part its whole range too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Told:
    """
    What may be told of the parts of a total.

    Parameters
    ----------
    parts
        Whether each part may be told, in the order in which they came.
    total
        Whether the total may be told.
    """

    parts: tuple[bool, ...]
    total: bool


def told(counts: Sequence[int], *, least: int) -> Told:
    """
    Choose what is told of parts and their total.

    Parameters
    ----------
    counts
        All parts of the total, those without incidents as well.
    least
        The smallest count that is told, at least 2.

    Returns
    -------
    Told
        What may be told.

    Examples
    --------
    One incident is hidden, and total minus parts would tell it:

    >>> told([7, 4, 1, 0, 0], least=3)
    Told(parts=(True, True, False, False, False), total=False)
    >>> told([7, 4, 2, 1, 1, 0, 0], least=3).total
    True
    """
    parts = tuple(count >= least for count in counts)
    hidden = [count for count, is_told in zip(counts, parts, strict=True) if not is_told]
    margin = 2 * (least - 1)
    below, above = sum(hidden), (least - 1) * len(hidden) - sum(hidden)
    return Told(parts, total=sum(counts) >= least and below >= margin and above >= margin)


def feasible(total: int | None, counts: Sequence[int | None], *, least: int) -> tuple[tuple[int, int], ...]:
    """
    Tell in which range each part can lie, for somebody who sees only what is told.

    Parameters
    ----------
    total
        The total; None where it is hidden.
    counts
        The parts, None where hidden.
    least
        The smallest count that is told.

    Returns
    -------
    tuple
        Least and most of each part.

    Examples
    --------
    >>> feasible(12, [7, 4, None, None], least=3)
    ((7, 7), (4, 4), (0, 1), (0, 1))
    >>> feasible(None, [7, 4, None, None], least=3)
    ((7, 7), (4, 4), (0, 2), (0, 2))
    """
    hidden = sum(count is None for count in counts)
    seen = sum(count for count in counts if count is not None)
    low, high = 0, least - 1
    if total is not None and hidden:
        missing = total - seen
        low = max(low, missing - (hidden - 1) * (least - 1))
        high = min(high, missing)
    return tuple((low, high) if count is None else (count, count) for count in counts)
