"""Does the fast search find what looking at every window finds?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.stats.scan import BERNOULLI, EXPECTATION, POISSON, deviations
from hotspot.stats.scan_search import (
    LANES,
    Comparison,
    backwards,
    cumulate,
    least_counts,
    strongest,
    window_sums,
)
from hotspot.stats.scan_windows import ScanPlan, Windows, lay_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODELS = [POISSON, BERNOULLI, EXPECTATION]


def some_windows(rng: np.random.Generator, *, n: int, steps: int, prospective: bool) -> Windows:
    plan = ScanPlan(max_share=0.7, max_steps=3, prospective=prospective)
    return lay_windows(rng.integers(0, 9, (n, 2)).astype(np.float64), np.ones(n), steps=steps, plan=plan)


def replicates(rng: np.random.Generator, model: int, persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts of 64 replicates, shape (64, t, n), each with as many cases as the model says."""
    cells, total = persons.ravel(), int(persons.sum()) // 3
    if model == BERNOULLI:
        drawn = rng.multivariate_hypergeometric(cells, total, size=LANES)
    elif model == POISSON:
        drawn = rng.multinomial(total, cells / cells.sum(), size=LANES)
    else:
        drawn = rng.poisson(cells / 3, size=(LANES, cells.size))
    return np.asarray(drawn).reshape(LANES, *persons.shape)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("sign", [1, -1])
@given(st.integers(0, 2**32), st.integers(0, 1), st.sampled_from([0.0, 0.3, 1.0, 2.5]), st.integers(1, 4))
@settings(max_examples=25)
def test_strongest__is_that_of_looking_at_every_window(
    model: int, sign: int, seed: int, ends_now: int, level: float, min_cases: int
) -> None:
    rng = np.random.default_rng(seed)
    steps, n = 4, 7
    windows = some_windows(rng, n=n, steps=steps, prospective=bool(ends_now))
    persons = rng.integers(1, 9, (steps, n))
    counts = replicates(rng, model, persons)
    total, everyone = float(persons.sum() // 3), float(persons.sum())
    base = window_sums(backwards(persons.astype(float), windows.depth), windows)
    base = base if model == BERNOULLI else base * total / everyone
    compared = Comparison(model, base, total, everyone)
    lanes = np.zeros((n, windows.depth + 1, LANES), np.int32)
    lanes[:, 1:] = sign * counts[:, ::-1][:, : windows.depth].transpose(2, 1, 0)
    cumulate(lanes)
    best = np.zeros(LANES)
    observed = [window_sums(backwards(one.astype(float), windows.depth), windows) for one in counts]
    every = [deviations(model, one, base, total, everyone, sign, min_cases) for one in observed]
    largest = np.array([one.max(initial=0.0) for one in every])
    # A replicate without a window above a level is searched at the next as if for the first time.
    for lower in (level, level / 2, level / 4, 0.0):
        needed = least_counts(windows, compared, level=lower, sign=sign, min_cases=min_cases, dtype=np.int32)
        strongest(lanes, windows, needed, compared, sign, lower, best)
        assert np.array_equal(best, np.where(largest > lower, largest, 0.0))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("sign", [1, -1])
def test_least_counts__miss_none_and_let_hardly_any_in_for_nothing(model: int, sign: int) -> None:
    rng = np.random.default_rng(3)
    windows = some_windows(rng, n=9, steps=3, prospective=False)
    total, everyone, level = 60.0, 200.0, 1.4
    persons = window_sums(backwards(rng.integers(1, 15, (3, 9)).astype(float), windows.depth), windows)
    base = persons if model == BERNOULLI else persons * 0.3
    compared = Comparison(model, base, total, everyone)
    needed = least_counts(windows, compared, level=level, sign=sign, min_cases=1, dtype=np.int32)
    every, needless = np.arange(61.0), 0
    for window, against in enumerate(base):
        possible = every[every <= against] if model == BERNOULLI else every
        ratio = deviations(model, possible, np.full(possible.size, against), total, everyone, sign, 1)
        passing = sign * possible[ratio > level]
        assert not (passing < needed[window]).any()
        least = passing.min() if passing.size else (sign * possible).max() + 1
        needless += needed[window] < least
    # Only a window at the very edge may be let in for nothing.
    assert needless <= 0.05 * base.size


def test_window_sums__by_hand() -> None:
    xy_m = np.array([[0.0, 0.0], [10.0, 0.0], [100.0, 0.0]])
    plan = ScanPlan(max_share=1.0, centres=(0,), max_steps=2)
    windows = lay_windows(xy_m, np.ones(3), steps=2, plan=plan)
    sums = window_sums(backwards(np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]]), 2), windows)
    # Periods: the last step, both, the first; circles of one, two, three places.
    assert sums.reshape(3, 3).tolist() == [[8.0, 9.0, 1.0], [24.0, 27.0, 3.0], [56.0, 63.0, 7.0]]
