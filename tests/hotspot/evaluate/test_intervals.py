"""Intervals of shares, ratios and medians."""

import math

import numpy as np
import pytest

from hotspot.evaluate.intervals import Measure, bootstrap, mean_difference, median, ratio, wilson


def test_wilson__published_values() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    for hits, trials, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        one = wilson(hits, trials)
        assert (one.low, one.high) == pytest.approx((low, high), abs=5e-5)


def test_wilson__nothing_tried_is_nothing_known() -> None:
    assert math.isnan(wilson(0, 0).value)
    assert str(wilson(0, 0)) == "-"


def test_ratio__is_that_of_the_sums_and_its_interval_has_the_standard_error_of_the_mean() -> None:
    rng = np.random.default_rng(1)
    hits = rng.binomial(4, 0.5, size=200).astype(float)
    one = ratio(np.column_stack([hits, np.full(200, 4.0)]), rng=rng)
    assert one.value == pytest.approx(hits.sum() / 800)
    assert (one.high - one.low) / 2 == pytest.approx(1.96 * 0.5 / math.sqrt(800), rel=0.15)


def test_ratio__nothing_to_divide_by_is_nothing_known() -> None:
    assert math.isnan(ratio(np.zeros((5, 2)), rng=np.random.default_rng(1)).value)


def test_mean_difference__keeps_pairs_together() -> None:
    rng = np.random.default_rng(2)
    easy = rng.integers(1, 4, size=60).astype(float)
    of_four = np.full(60, 4.0)
    one = mean_difference(np.column_stack([easy + 1, of_four]), np.column_stack([easy, of_four]), rng=rng)
    # However much the worlds differ, the first finds one more in each.
    assert (one.value, one.low, one.high) == pytest.approx((0.25, 0.25, 0.25))


def test_median__and_its_interval() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(30.0, 10.0, size=400)
    one = median(values, np.arange(400), rng=rng)
    assert one.value == pytest.approx(np.median(values))
    assert one.low < 30 < one.high
    assert (one.high - one.low) / 2 == pytest.approx(1.96 * 1.2533 * 10 / 20, rel=0.3)


def test_bootstrap__is_the_same_for_the_same_state() -> None:
    rows = np.arange(20.0)[:, None]
    first, same = (
        bootstrap(rows, lambda sums: sums[..., 0] / 20, rng=np.random.default_rng(4)) for _ in range(2)
    )
    assert first == same
    assert isinstance(first, Measure)
