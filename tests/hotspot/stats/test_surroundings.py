"""Sums over circles and rings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.surroundings import circles_around
from hotspot.stats.threads import by_rows

RADII_M = (20.0, 50.0)
SURROUNDINGS_M = 100.0
MOST = 4


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 120), st.sampled_from([0.0, -7000.0, 2e6]))
def test_circles_around__sum_what_a_loop_over_all_pairs_sums(seed: int, n: int, origin_m: float) -> None:
    rng = np.random.default_rng(seed)
    # A lattice of 10 m, so that many places lie exactly on a circle.
    xy_m = np.unique(rng.integers(0, 40, (n, 2)), axis=0).astype(np.float64) * 10.0 + origin_m
    count, events = rng.integers(0, MOST + 1, len(xy_m)), rng.integers(0, 50, len(xy_m))
    found = circles_around(xy_m, count, events, most=MOST, radii_m=RADII_M, surroundings_m=SURROUNDINGS_M)
    apart_m = np.hypot(*(xy_m[:, None] - xy_m[None]).transpose(2, 0, 1))
    weights = np.column_stack([np.ones(len(xy_m)), count, events])
    wide = (apart_m <= SURROUNDINGS_M) @ weights
    for number, radius_m in enumerate(RADII_M):
        inside = apart_m <= radius_m
        assert np.array_equal(found.inside[:, number], inside @ weights)
        assert np.array_equal(found.ring[:, number], wide - inside @ weights)
        for value in range(MOST + 1):
            assert np.array_equal(found.histogram[number][:, value], inside @ (count == value).astype(int))


def test_circles_around__of_nothing_is_nothing() -> None:
    nothing = np.empty(0, np.int64)
    found = circles_around(
        np.empty((0, 2)), nothing, nothing, most=MOST, radii_m=RADII_M, surroundings_m=SURROUNDINGS_M
    )
    assert found.inside.shape == (0, 2, 3)
    assert found.histogram.shape == (2, 0, MOST + 1)


@pytest.mark.parametrize("rows", [0, 1, 499, 1000, 12_345])
def test_by_rows__works_off_every_row_once(rows: int) -> None:
    done = np.zeros(rows, int)

    def work(first: int, last: int) -> None:
        done[first:last] += 1

    by_rows(work, rows)
    assert (done == 1).all()


def test_by_rows__does_not_hide_a_failure() -> None:
    def work(first: int, last: int) -> None:
        raise ValueError(f"rows {first} to {last}")

    with pytest.raises(ValueError, match="rows"):
        by_rows(work, 5000)
