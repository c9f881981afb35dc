"""A bucket gives its burst at once and then its rate, to each caller alike, and is forgotten in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import buckets
from api.access.buckets import Buckets
from tests.api.access.small import Clock


def test_bucket__gives_its_burst_and_then_its_rate() -> None:
    clock = Clock()
    held = Buckets(60, 2, clock)
    assert [held.take("a"), held.take("a")] == [0.0, 0.0]
    assert held.take("a") == pytest.approx(1.0)
    assert held.take("b") == 0.0
    clock.now_s += 0.5
    assert held.take("a") == pytest.approx(0.5)
    clock.now_s += 0.5
    assert held.take("a") == 0.0
    clock.now_s += 100
    assert [held.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_bucket__without_a_rate_never_ends() -> None:
    held = Buckets(0, 1, Clock())
    assert [held.take("a") for _ in range(5)] == [0.0] * 5
    assert not held.is_limited


@given(st.lists(st.floats(0, 5), max_size=60))
def test_bucket__never_gives_more_than_burst_and_rate(pauses_s: list[float]) -> None:
    clock = Clock()
    start = clock.now_s
    held = Buckets(120, 3, clock)
    given_out = 0
    for pause_s in pauses_s:
        clock.now_s += pause_s
        given_out += held.take("a") == 0.0
        assert given_out <= 3 + 2 * (clock.now_s - start) + 1e-6


def test_buckets__forget_those_that_are_full_or_else_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "MAX_BUCKETS", 4)
    clock = Clock()
    held = Buckets(60, 2, clock)
    for name in "abcd":
        held.take(name)
    clock.now_s += 10
    held.take("e")
    assert list(held._buckets) == ["e"]
    for name in "fghij":
        held.take(name)
    assert len(held._buckets) <= 4
    assert "j" in held._buckets
