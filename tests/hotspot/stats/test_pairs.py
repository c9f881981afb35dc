"""Near pairs: the same as all pairs compared, wherever they lie."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hotspot.errors import InvalidParameter
from hotspot.stats import pairs
from hotspot.stats.pairs import Metric, checked_days, checked_edges, near_pairs, time_pairs_below

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Whole metres, so that pairs at exactly the distance and places with many incidents occur.
PLACES = arrays(
    np.float64, st.tuples(st.integers(0, 40), st.just(2)), elements=st.integers(-30, 30).map(float)
)


def as_set(xy_m: NDArray[np.float64], *, below_m: float, metric: Metric) -> set[tuple[int, int]]:
    found = near_pairs(xy_m, below_m=below_m, metric=metric)
    listed = {
        (min(pair), max(pair)) for pair in zip(found.first.tolist(), found.second.tolist(), strict=True)
    }
    assert len(listed) == found.first.size
    return listed


@given(PLACES, st.sampled_from([0.5, 1.0, 5.0, 13.0, 500.0, math.inf]), st.sampled_from([0.0, 1e6]))
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_near_pairs__are_those_of_all_pairs_below_the_distance(
    metric: Metric, xy_m: NDArray[np.float64], below_m: float, shift_m: float
) -> None:
    apart_m = np.abs(xy_m[:, None] - xy_m)
    far = np.sqrt((apart_m**2).sum(axis=2)) if metric == "euclidean" else apart_m.sum(axis=2)
    expected = {(i, j) for i, j in zip(*np.nonzero(np.triu(far < below_m, 1)), strict=True)}
    assert as_set(xy_m + shift_m, below_m=below_m, metric=metric) == expected


def test_near_pairs__tells_the_distance() -> None:
    xy_m = np.array([[0.0, 0], [3, 4]])
    assert near_pairs(xy_m, below_m=6).distance_m.tolist() == [5]
    assert near_pairs(xy_m, below_m=8, metric="manhattan").distance_m.tolist() == [7]
    assert near_pairs(xy_m, below_m=5).distance_m.size == 0


def test_near_pairs__of_a_very_small_distance_and_a_very_large_extent_are_found() -> None:
    xy_m = np.array([[0.0, 0], [1e-7, 0], [3e5, 3e5], [3e5, 3e5]])
    assert as_set(xy_m, below_m=1e-6, metric="euclidean") == {(0, 1), (2, 3)}


def test_near_pairs__too_many_for_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_MOST_PAIRS", 9)
    assert near_pairs(np.zeros((4, 2)), below_m=1).first.size == 6
    with pytest.raises(InvalidParameter, match="at most 9 pairs, got 10 at 1 m"):
        near_pairs(np.zeros((5, 2)), below_m=1)


@pytest.mark.parametrize(
    ("xy_m", "below_m", "metric", "message"),
    [
        ([[0.0, math.nan]], 1.0, "euclidean", "finite"),
        ([[0.0, math.inf]], 1.0, "euclidean", "finite"),
        ([0.0, 1.0], 1.0, "euclidean", "shape"),
        ([[0.0, 1.0]], 0.0, "euclidean", "above 0, got 0"),
        ([[0.0, 1.0]], math.nan, "euclidean", "above 0, got nan"),
        ([[0.0, 1.0]], 1.0, "chebyshev", "euclidean or manhattan"),
    ],
)
def test_near_pairs__refuses_what_it_cannot_use(
    xy_m: list[list[float]], below_m: float, metric: Metric, message: str
) -> None:
    with pytest.raises(InvalidParameter, match=message):
        near_pairs(np.array(xy_m), below_m=below_m, metric=metric)


@given(arrays(np.float64, st.integers(0, 30), elements=st.integers(0, 20).map(float)))
def test_time_pairs_below__are_those_of_all_pairs(day: NDArray[np.float64]) -> None:
    edges = np.array([0.0, 1, 7, math.inf])
    apart = np.abs(day[:, None] - day)[np.triu_indices(day.size, 1)]
    assert time_pairs_below(day, edges).tolist() == [int((apart < edge).sum()) for edge in edges]


def test_days_and_edges__are_checked() -> None:
    with pytest.raises(InvalidParameter, match="one value for each of the 2"):
        checked_days(np.zeros(3), 2)
    with pytest.raises(InvalidParameter, match="finite"):
        checked_days(np.array([math.nan]), 1)
    for wrong in ([1.0], [0.0, 0.0], [-1.0, 2.0], [0.0, math.nan], [3.0, 2.0]):
        with pytest.raises(InvalidParameter, match="edges_m must be at least two rising numbers"):
            checked_edges(wrong, "edges_m")
