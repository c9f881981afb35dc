from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hotspot.disclosure.suppression import feasible, told

COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=44)


def published(counts: list[int], least: int) -> tuple[int | None, tuple[int | None, ...]]:
    """What is seen of a table."""
    chosen = told(counts, least=least)
    parts = tuple(n if is_told else None for n, is_told in zip(counts, chosen.parts, strict=True))
    return sum(counts) if chosen.total else None, parts


def test_told__hides_small_parts_and_those_without_incidents_alike() -> None:
    assert told([3, 2, 1, 0, 12], least=3).parts == (True, False, False, False, True)


def test_told__hides_a_total_that_would_tell_a_single_hidden_part() -> None:
    assert told([10, 9, 8, 2], least=3) == told([10, 9, 8, 1], least=3)
    assert not told([10, 9, 8, 2], least=3).total


@given(counts=COUNTS, least=st.integers(2, 5))
def test_told__leaves_every_hidden_part_its_whole_range(counts: list[int], least: int) -> None:
    total, parts = published(counts, least)
    for count, part, (low, high) in zip(counts, parts, feasible(total, parts, least=least), strict=True):
        assert low <= count <= high
        assert (low, high) == ((count, count) if part is not None else (0, least - 1))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_told__does_not_tell_by_what_it_hides(size: int) -> None:
    # Who knows the rule turns it round: all tables that look the same. No hidden part may be bounded by that.
    alike = defaultdict(list)
    for counts in product(range(6), repeat=size):
        alike[published(list(counts), 3)].append(counts)
    for (_, parts), tables in alike.items():
        for column, part in enumerate(parts):
            if part is None:
                assert {counts[column] for counts in tables} == {0, 1, 2}


@settings(max_examples=25)
@given(counts=st.lists(st.integers(0, 6), min_size=2, max_size=12), least=st.integers(2, 5))
def test_feasible__is_what_linear_programming_finds(counts: list[int], least: int) -> None:
    # A total that should have been hidden, so that the ranges are narrow.
    parts = [n if n >= least else None for n in counts]
    if not any(part is None for part in parts):
        return
    bounds = [(0, least - 1) if part is None else (part, part) for part in parts]
    ends = []
    for column in range(len(parts)):
        cost = np.zeros(len(parts))
        cost[column] = 1
        one = []
        for sign in (1, -1):
            found = linprog(sign * cost, A_eq=np.ones((1, len(parts))), b_eq=[sum(counts)], bounds=bounds)
            assert found.fun is not None
            one.append(sign * found.fun)
        ends.append((round(one[0]), round(one[1])))
    assert tuple(ends) == feasible(sum(counts), parts, least=least)
