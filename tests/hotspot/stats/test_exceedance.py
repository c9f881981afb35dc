import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from hotspot.errors import InvalidParameter
from hotspot.stats.exceedance import (
    alarm_threshold,
    dispersion,
    exact_interval,
    exceedance,
    square_root_change,
)

MEANS = st.floats(0.01, 200)
SIZES = st.one_of(st.just(np.inf), st.floats(0.1, 50))


def test_exceedance__is_that_of_the_methods_paper() -> None:
    assert float(exceedance(6, expected=2)) == pytest.approx(0.0166, abs=5e-5)
    assert float(exceedance(6, expected=2, size=2)) == pytest.approx(0.0625, abs=5e-5)


def test_exceedance__by_hand() -> None:
    # P(X >= 2 | 1) = 1 - 2 / e; of a geometric distribution with mean 1, P(X >= 2) = 1 / 4.
    assert float(exceedance(2, expected=1)) == pytest.approx(1 - 2 / np.e)
    assert float(exceedance(2, expected=1, size=1)) == pytest.approx(0.25)


def test_exceedance__of_nothing_is_certain_and_where_nothing_is_expected_impossible() -> None:
    assert exceedance([0, 0, 1], expected=[0, 3, 0]).tolist() == [1, 1, 0]
    assert exceedance([0, 1], expected=0, size=3).tolist() == [1, 0]


@given(st.integers(1, 300), MEANS, st.floats(0.1, 50))
def test_exceedance__is_that_of_scipy(count: int, mean: float, size: float) -> None:
    ours, theirs = exceedance(count, expected=mean), poisson.sf(count - 1, mean)
    assert float(ours) == pytest.approx(theirs, rel=1e-6, abs=1e-250)
    ours, theirs = (
        exceedance(count, expected=mean, size=size),
        nbinom.sf(count - 1, size, size / (size + mean)),
    )
    assert float(ours) == pytest.approx(theirs, rel=1e-6, abs=1e-250)


def test_exceedance__keeps_its_digits_far_in_the_tail() -> None:
    assert float(exceedance(60, expected=1)) == pytest.approx(poisson.pmf(60, 1), rel=0.02)


@given(MEANS, SIZES, st.floats(0.0001, 0.5))
def test_alarm_threshold__is_the_smallest_that_is_rare_enough(mean: float, size: float, alpha: float) -> None:
    threshold = alarm_threshold(expected=mean, alpha=alpha, size=size)
    assert float(exceedance(threshold, expected=mean, size=size)) <= alpha
    assert threshold == 1 or float(exceedance(threshold - 1, expected=mean, size=size)) > alpha


def test_alarm_threshold__where_nothing_is_expected_is_one() -> None:
    assert float(alarm_threshold(expected=0, alpha=0.05)) == 1
    assert float(alarm_threshold(expected=0, alpha=0.05, size=2)) == 1


def test_dispersion__by_hand() -> None:
    fitted = dispersion([[0, 0, 6, 2], [2, 2, 2, 2], [0, 0, 0, 0]])
    assert fitted.mean.tolist() == [2, 2, 0]
    assert fitted.variance.tolist() == [8, 0, 0]
    assert fitted.size.tolist() == [4 / 6, np.inf, np.inf]
    assert fitted.ratio[:2].tolist() == [4, 0]
    assert np.isnan(fitted.ratio[2])


def test_dispersion__finds_the_size_from_which_counts_were_drawn() -> None:
    drawn = np.random.default_rng(2).negative_binomial(3, 3 / (3 + 5), 200_000)
    assert float(dispersion(drawn).size) == pytest.approx(3, rel=0.05)


def test_exact_interval__is_that_of_garwood() -> None:
    interval = exact_interval(10)
    assert [float(interval.lower), float(interval.upper)] == pytest.approx([4.7954, 18.3904], abs=5e-5)


def test_square_root_change__is_that_of_the_methods_paper() -> None:
    assert square_root_change([20, 10], [30, 20]).round(2).tolist() == [2.01, 2.62]


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan")])
def test_exceedance__refuses_a_size_that_is_none(size: float) -> None:
    with pytest.raises(InvalidParameter, match="size must be positive"):
        exceedance(1, expected=1, size=size)


def test_dispersion__needs_two_weeks() -> None:
    with pytest.raises(InvalidParameter, match="at least 2 weeks, got 1"):
        dispersion([3])


@pytest.mark.parametrize("size", [np.inf, 2.0])
def test_exceedance__rejects_true_nulls_at_most_at_the_nominal_rate(size: float) -> None:
    for mean in (0.5, 3.0, 12.0):
        counts = np.arange(400)
        law = poisson(mean) if np.isinf(size) else nbinom(size, size / (size + mean))
        chance = law.pmf(counts)
        rejected = exceedance(counts, expected=mean, size=size) <= 0.05
        # Exact: a sum over all counts, not a simulation.
        assert chance[rejected].sum() <= 0.05
