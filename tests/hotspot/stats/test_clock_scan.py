"""Claims about windows on a circle of hours or days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.stats.clock_scan import best_window, draw_p_value, rotation_p_value
from hotspot.stats.monte_carlo import replicate_seeds

LENGTHS = (2, 3, 4, 6, 8)


def rotation_p(bins: list[int], *, replicates: int = 999, seed: int = 0) -> float:
    """Test incidents that lie in one bin each."""
    rows = np.arange(len(bins) + 1)
    return rotation_p_value(
        rows,
        np.array(bins),
        np.ones(len(bins)),
        bins=24,
        lengths=LENGTHS,
        replicates=replicates,
        seed=replicate_seeds(np.random.default_rng(seed), 1)[0],
    )


def test_best_window__runs_past_midnight() -> None:
    hours = np.ones(24)
    hours[[22, 23, 0]] = 10.0
    best = best_window(hours, lengths=(2, 3))
    assert (best.start, best.length) == (22, 3)
    assert best.share == pytest.approx(30 / 51)


def test_best_window__has_kulldorffs_ratio() -> None:
    # 6 of 10 where 2 / 24 are expected: 6 ln(6 / (10/12)) + 4 ln(4 / (10 - 10/12)).
    hours = np.zeros(24)
    hours[[4, 5, 10, 13, 16, 19]] = 3, 3, 1, 1, 1, 1
    best = best_window(hours, lengths=(2,))
    assert best.log_likelihood_ratio == pytest.approx(6 * np.log(7.2) + 4 * np.log(4 / (110 / 12)))


def test_best_window__compares_with_the_profile() -> None:
    hours, profile = np.ones(24), np.full(24, 0.5 / 22)
    hours[[3, 4]] = 2.0
    hours[[20, 21]] = 3.0
    profile[[20, 21]] = 0.25
    assert best_window(hours, lengths=(2,)).start == 20
    assert best_window(hours, lengths=(2,), profile=profile).start == 3


@given(st.lists(st.integers(0, 23), min_size=2, max_size=30), st.integers(0, 23))
def test_best_window__turns_with_the_circle(bins: list[int], turn: int) -> None:
    count = np.bincount(bins, minlength=24).astype(float)
    here, there = best_window(count, lengths=LENGTHS), best_window(np.roll(count, turn), lengths=LENGTHS)
    assert there.log_likelihood_ratio == pytest.approx(here.log_likelihood_ratio)


def test_rotation_p_value__is_exact_for_two_incidents() -> None:
    # In windows of two: the same bin or neighbours, 3 chances of 24. Both are the same ratio.
    rows, seed = np.arange(3), replicate_seeds(np.random.default_rng(1), 1)[0]
    p_value = rotation_p_value(
        rows, np.array([5, 6]), np.ones(2), bins=24, lengths=(2,), replicates=99_999, seed=seed
    )
    assert p_value == pytest.approx(3 / 24, abs=0.03)


def test_rotation_p_value__of_an_even_spread_is_one() -> None:
    assert rotation_p(list(range(24))) == 1.0


def test_rotation_p_value__finds_five_of_five() -> None:
    assert rotation_p([22, 22, 23, 23, 22]) <= 0.01


def test_rotation_p_value__moves_what_belongs_together_as_one() -> None:
    # Nine incidents of one night are one row: however they lie, they show nothing.
    rows, seed = np.array([0, 9]), replicate_seeds(np.random.default_rng(1), 1)[0]
    p_value = rotation_p_value(
        rows, np.full(9, 23), np.ones(9), bins=24, lengths=LENGTHS, replicates=999, seed=seed
    )
    assert p_value == 1.0


@pytest.mark.parametrize("n", [5, 12, 60])
def test_rotation_p_value__rejects_true_nulls_at_the_nominal_rate(n: int) -> None:
    rng, trials = np.random.default_rng(n), 600
    rejected = sum(
        rotation_p(rng.integers(0, 24, n).tolist(), replicates=199, seed=k) <= 0.05 for k in range(trials)
    )
    # 30 expected, standard deviation 5.3; few incidents give few values, so it may be less.
    assert rejected <= 47


def test_rotation_p_value__holds_for_intervals() -> None:
    rng, rejected = np.random.default_rng(8), 0
    for _ in range(600):
        length, first = rng.integers(1, 13, 15), rng.integers(0, 24, 15)
        rows = np.concatenate([[0], np.cumsum(length)])
        bins = np.concatenate([(a + np.arange(k)) % 24 for a, k in zip(first, length, strict=True)])
        p_value = rotation_p_value(
            rows,
            bins,
            np.repeat(1 / length, length),
            bins=24,
            lengths=LENGTHS,
            replicates=199,
            seed=replicate_seeds(rng, 1)[0],
        )
        rejected += p_value <= 0.05
    assert 14 <= rejected <= 47


def drawn_p(members: np.ndarray[tuple[int], np.dtype[np.int64]], everyone: list[int], seed: int) -> float:
    """Test members against everyone, who lie in one bin each."""
    return draw_p_value(
        np.ones(members.size),
        np.arange(len(everyone) + 1),
        np.array(everyone),
        np.ones(len(everyone)),
        observed=np.bincount(members, minlength=24).astype(float),
        lengths=LENGTHS,
        replicates=199,
        seed=replicate_seeds(np.random.default_rng(seed), 1)[0],
    )


def test_draw_p_value__rejects_true_nulls_at_the_nominal_rate_whatever_the_profile() -> None:
    rng = np.random.default_rng(3)
    everyone = np.concatenate([rng.normal(22, 2, 300), rng.normal(14, 3, 100)]).round().astype(int) % 24
    rejected = sum(
        drawn_p(rng.choice(everyone, 20, replace=False), everyone.tolist(), k) <= 0.05 for k in range(400)
    )
    # 20 expected, standard deviation 4.4.
    assert 7 <= rejected <= 34


def test_draw_p_value__finds_a_place_that_is_otherwise() -> None:
    rng = np.random.default_rng(3)
    everyone = rng.normal(22, 2, 300).round().astype(int) % 24
    everyone[:12] = 9
    assert drawn_p(everyone[:12], everyone.tolist(), 1) <= 0.01
    assert drawn_p(everyone[20:32], everyone.tolist(), 1) > 0.05


def test_draw_p_value__of_everyone_is_one() -> None:
    everyone = [1, 1, 2, 7, 9]
    assert drawn_p(np.array(everyone), everyone, 1) == 1.0
