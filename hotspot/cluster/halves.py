"""
How is work shared between two cores? By halves: one here, one in a thread.

More than two cores find no work in these methods that pays for another thread. What is computed does not
depend on whether there are two.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_FEW = 20_000
"""Incidents below which a second thread costs more than it brings."""


def both(n: int, work: Callable[[int, int], object]) -> None:
    """
    Do work on ranges of n items, on both cores if there is enough of it.

    Parameters
    ----------
    n
        Number of items.
    work
        Does the items from a first up to an end; it releases the interpreter lock and touches its own only.
    """
    _in_two(0, n // 2 if n >= _FEW else n, n, work)


def shared(start: NDArray[np.int32], work: Callable[[int, int], object]) -> None:
    """
    Do work on ranges of squares, on both cores if there is enough of it.

    Parameters
    ----------
    start
        Where each square begins among the incidents, shape (m + 1,).
    work
        Does the squares from a first up to an end; it releases the interpreter lock and touches its own only.
    """
    m, n = start.size - 1, int(start[-1])
    _in_two(0, int(np.searchsorted(start, n // 2)) if n >= _FEW else m, m, work)


def _in_two(begin: int, middle: int, end: int, work: Callable[[int, int], object]) -> None:
    """Do the first part here and the second, if there is one, in a thread of its own."""
    if middle >= end:
        work(begin, end)
        return
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(work, middle, end)
        work(begin, middle)
        other.result()
