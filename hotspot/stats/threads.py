"""
How is work shared between processors, so that their number changes nothing but the time? One way for all.

Question: none; this is how compiled loops use the machine.
Null: none.
Cost: some tens of microseconds per thread; the work must let go of the interpreter, as kernels with `nogil`
do.
Reference: none.

What a part gives must not depend on which other parts there are, nor on how many. Replicates are shared by
`hotspot.stats.monte_carlo`, which is built upon this.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_A_THREAD = 500
"""Rows below which a thread costs more than it brings, where a row is much work."""


def thread_count(threads: int | None = None) -> int:
    """
    Tell how many threads work at a time.

    Parameters
    ----------
    threads
        How many are wanted, at least 1; absent for one per processor.

    Returns
    -------
    int
        How many there are.

    Raises
    ------
    InvalidParameter
        If none is wanted.
    """
    if threads is None:
        return os.cpu_count() or 1
    if threads < 1:
        raise InvalidParameter(f"threads must be at least 1, got {threads}")
    return threads


def in_threads(
    work: Callable[[Item], Result], items: Sequence[Item], *, threads: int | None = None
) -> list[Result]:
    """
    Do one thing for each item, several at a time.

    Parameters
    ----------
    work
        What is done; it shares nothing that it changes.
    items
        What it is done for.
    threads
        How many work at a time, at least 1; absent for one per processor.

    Returns
    -------
    list
        What came of each item, in the order of the items.

    Raises
    ------
    InvalidParameter
        If there is to be no thread.

    Examples
    --------
    >>> in_threads(lambda item: item * item, [1, 2, 3], threads=2)
    [1, 4, 9]
    """
    workers = min(thread_count(threads), len(items))
    if workers <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, items))


def even_parts(rows: int, *, least: int, most: int | None = None) -> list[tuple[int, int]]:
    """
    Divide rows evenly, one part per processor.

    Parameters
    ----------
    rows
        Number of rows.
    least
        Rows that are worth a thread, at least 1.
    most
        Parts at most, at least 1; absent for no bound but the processors.

    Returns
    -------
    list
        First row and end of each part, at least one part.

    Examples
    --------
    >>> even_parts(9, least=10)
    [(0, 9)]
    """
    parts = _parts(rows, least, most)
    return [(rows * part // parts, rows * (part + 1) // parts) for part in range(parts)]


def balanced_parts(
    start: NDArray[np.integer], *, least: int, most: int | None = None
) -> list[tuple[int, int]]:
    """
    Divide groups so that each part has about as many members, one part per processor.

    Parameters
    ----------
    start
        Where each group begins among the members, and their number, ascending from 0, shape (groups + 1,).
    least
        Members that are worth a thread, at least 1.
    most
        Parts at most, at least 1; absent for no bound but the processors.

    Returns
    -------
    list
        First group and end of each part, at least one part; a part may have no group.

    Examples
    --------
    >>> balanced_parts(np.array([0, 5, 6, 7]), least=10)
    [(0, 3)]
    """
    members = int(start[-1])
    parts = _parts(members, least, most)
    inner = np.searchsorted(start, [members * part // parts for part in range(1, parts)])
    bounds = [0, *inner.tolist(), start.size - 1]
    return list(pairwise(bounds))


def by_rows(
    work: Callable[[int, int], object], rows: int, *, least: int = _WORTH_A_THREAD, most: int | None = None
) -> None:
    """
    Do work on all rows, a part of them in each thread.

    Parameters
    ----------
    work
        Works off the rows from its first argument up to, but not with, its second, and changes those only.
    rows
        Number of rows.
    least
        Rows that are worth a thread, at least 1.
    most
        Parts at most, at least 1; absent for no bound but the processors.
    """
    in_threads(lambda part: work(*part), even_parts(rows, least=least, most=most))


def _parts(size: int, least: int, most: int | None) -> int:
    """Tell how many parts are worth it."""
    parts = min(thread_count(), size // least)
    return max(1, parts if most is None else min(parts, most))
