import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats import counts


@pytest.mark.parametrize(
    ("parse", "wrong", "message"),
    [
        (counts.finite, [1.0, np.nan], "must be finite, got nan"),
        (counts.finite, [np.inf], "must be finite, got inf"),
        (counts.non_negative, [0.0, -1.0], "must not be negative, got -1"),
        (counts.positive, [1.0, 0.0], "must be positive, got 0"),
        (counts.whole, [1.0, 2.5], "must be whole numbers, got 2.5"),
    ],
)
def test_counts__say_what_was_required_and_what_came(parse: object, wrong: list[float], message: str) -> None:
    assert callable(parse)
    with pytest.raises(InvalidParameter, match=f"these {message}"):
        parse(wrong, name="these")


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, float("nan")])
def test_open_share__is_neither_nothing_nor_all(value: float) -> None:
    with pytest.raises(InvalidParameter, match="alpha must lie between 0 and 1"):
        counts.open_share(value, name="alpha")


def test_at_least__refuses_less() -> None:
    assert counts.at_least(3, least=3, name="weeks") == 3
    with pytest.raises(InvalidParameter, match="weeks must be at least 3, got 2"):
        counts.at_least(2, least=3, name="weeks")


def test_exact_interval__is_that_of_ten_incidents() -> None:
    interval = counts.exact_interval(10)
    assert float(interval.lower) == pytest.approx(4.7954, abs=5e-5)
    assert float(interval.upper) == pytest.approx(18.3904, abs=5e-5)


def test_exact_interval__of_none_begins_at_zero() -> None:
    interval = counts.exact_interval([0, 1])
    assert interval.lower[0] == 0
    # P(X = 0 | 3.6889) = 0.025, and P(X >= 1 | 0.0253) = 0.025.
    assert interval.upper[0] == pytest.approx(-np.log(0.025))
    assert interval.lower[1] == pytest.approx(-np.log(0.975))


@given(st.integers(0, 500))
def test_exact_interval__holds_the_count_itself(count: int) -> None:
    interval = counts.exact_interval(count)
    assert interval.lower <= count < interval.upper


@pytest.mark.parametrize("mean", [0.3, 2.0, 11.0])
def test_exact_interval__covers_the_mean_often_enough(mean: float) -> None:
    drawn = np.random.default_rng(1).poisson(mean, 20_000)
    interval = counts.exact_interval(drawn)
    covered = ((interval.lower <= mean) & (mean <= interval.upper)).mean()
    assert covered >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 20_000)
