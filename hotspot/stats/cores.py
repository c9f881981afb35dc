"""
Share rows among the cores of the machine, for compiled loops in which no row depends on another.

Question: none; this is how the others stay quick.
Null: none.
Cost: a few threads; the work must release Python's lock, as kernels with `nogil` do.
Reference: none.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROWS_PER_THREAD = 500
"""Fewer rows are not worth a thread."""


def on_all_cores(work: Callable[[int, int], None], rows: int) -> None:
    """
    Give each core a part of the rows; what a row gives must not depend on which part it is in.

    Parameters
    ----------
    work
        Works off the rows from its first argument up to, but not with, its second.
    rows
        Number of rows.
    """
    threads = max(1, min(os.cpu_count() or 1, rows // _ROWS_PER_THREAD))
    bounds = [rows * part // threads for part in range(threads + 1)]
    if threads == 1:
        work(0, rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        for job in [pool.submit(work, first, last) for first, last in pairwise(bounds)]:
            job.result()
