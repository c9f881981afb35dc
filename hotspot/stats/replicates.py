"""
How are replicates shared between threads, so that their number changes nothing but the time? Batches.

Question: none; each replicate starts from a seed of its own, and results come back in the order of the seeds.
Null: whatever the caller shuffles.
Cost: that of the caller's kernel, which must let other threads run (`nogil`).
Reference: Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, for the idea of seeds by
replicate.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")


def shared_between_threads(
    work: Callable[[NDArray[np.uint64]], T], seeds: NDArray[np.uint64], *, batch: int, threads: int | None
) -> list[T]:
    """
    Run a kernel on one batch of replicates after another, several at a time.

    Parameters
    ----------
    work
        Takes the seeds of a batch and returns what came of them.
    seeds
        One per replicate, shape (r,).
    batch
        Replicates per batch, at least 1; the result must not depend on it.
    threads
        How many run at a time; absent for one per processor.

    Returns
    -------
    list
        What each batch returned, in the order of the seeds.

    Raises
    ------
    InvalidParameter
        If the number of threads is below 1.
    """
    if threads is None:
        threads = os.cpu_count() or 1
    if threads < 1:
        raise InvalidParameter(f"threads must be at least 1, got {threads}")
    batches = [seeds[begin : begin + batch] for begin in range(0, seeds.size, batch)]
    if threads == 1 or len(batches) <= 1:
        return [work(one) for one in batches]
    with ThreadPoolExecutor(min(threads, len(batches))) as pool:
        return list(pool.map(work, batches))


def checked_replicates(replicates: int) -> int:
    """
    Refuse a number of replicates that cannot be simulated.

    Parameters
    ----------
    replicates
        Number of replicates.

    Returns
    -------
    int
        The same, at least 1.

    Raises
    ------
    InvalidParameter
        If it is below 1.
    """
    if replicates < 1:
        raise InvalidParameter(f"replicates must be at least 1, got {replicates}")
    return replicates
