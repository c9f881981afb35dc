import os
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.threads import balanced_parts, by_rows, even_parts, in_threads, thread_count


@pytest.fixture
def five(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of five processors."""
    monkeypatch.setattr(os, "cpu_count", lambda: 5)


@pytest.mark.parametrize("threads", [1, 2, 5, None])
def test_in_threads__gives_results_in_the_order_of_the_items(threads: int | None) -> None:
    assert in_threads(lambda item: item**2, range(101), threads=threads) == [i**2 for i in range(101)]
    assert in_threads(str, [], threads=threads) == []


def test_in_threads__works_on_several_at_a_time() -> None:
    # Each waits for the other: one after the other they would wait until the barrier breaks.
    together = threading.Barrier(2, timeout=30)
    assert sorted(in_threads(lambda _: together.wait(), range(2), threads=2)) == [0, 1]


def test_in_threads__do_not_hide_a_failure() -> None:
    def work(item: int) -> None:
        if item == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_threads(work, range(5), threads=2)


def test_thread_count__is_that_of_the_machine_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert [thread_count(), thread_count(3)] == [1, 3]
    with pytest.raises(InvalidParameter, match="threads must be at least 1, got 0"):
        thread_count(0)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (0, [(0, 0)]),
        (9, [(0, 9)]),
        (20, [(0, 10), (10, 20)]),
        (51, [(0, 10), (10, 20), (20, 30), (30, 40), (40, 51)]),
    ],
)
def test_even_parts__by_hand(rows: int, parts: list[tuple[int, int]]) -> None:
    assert even_parts(rows, least=10) == parts
    assert len(even_parts(rows, least=10, most=2)) == min(2, len(parts))


@pytest.mark.usefixtures("five")
def test_balanced_parts__give_each_part_as_many_members() -> None:
    start = np.array([0, 40, 42, 44, 46, 48, 50, 100])
    assert balanced_parts(start, least=10, most=2) == [(0, 6), (6, 7)]
    assert balanced_parts(start, least=1000) == [(0, 7)]
    assert balanced_parts(np.zeros(1, np.int64), least=10) == [(0, 0)]


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(1, 8), st.integers(1, 20))
def test_balanced_parts__hold_every_group_once(sizes: list[int], most: int, least: int) -> None:
    parts = balanced_parts(np.cumsum([0, *sizes]), least=least, most=most)
    assert [group for first, end in parts for group in range(first, end)] == list(range(len(sizes)))


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("rows", [0, 1, 499, 500, 1003, 5001])
def test_by_rows__works_off_every_row_once(rows: int) -> None:
    done = np.zeros(rows, np.int64)

    def work(first: int, end: int) -> None:
        done[first:end] += 1

    by_rows(work, rows)
    assert (done == 1).all()
