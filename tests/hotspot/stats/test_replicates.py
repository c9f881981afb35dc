"""Replicates in batches and threads: everything in the order of the seeds."""

import numpy as np
import pytest

from hotspot.errors import InvalidParameter
from hotspot.stats.replicates import checked_replicates, shared_between_threads

SEEDS = np.arange(101, dtype=np.uint64)


@pytest.mark.parametrize("threads", [1, 2, 7, None])
@pytest.mark.parametrize("batch", [1, 10, 101, 500])
def test_batches__come_back_in_the_order_of_their_seeds(batch: int, threads: int | None) -> None:
    parts = shared_between_threads(lambda part: part, SEEDS, batch=batch, threads=threads)
    assert max(part.size for part in parts) == min(batch, SEEDS.size)
    np.testing.assert_array_equal(np.concatenate(parts), SEEDS)


def test_no_threads_and_no_replicates__are_refused() -> None:
    with pytest.raises(InvalidParameter, match="threads must be at least 1, got 0"):
        shared_between_threads(len, SEEDS, batch=10, threads=0)
    with pytest.raises(InvalidParameter, match="replicates must be at least 1, got 0"):
        checked_replicates(0)


def test_no_seeds__give_no_batches() -> None:
    assert shared_between_threads(len, SEEDS[:0], batch=10, threads=2) == []
