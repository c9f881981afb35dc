import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.concentration import (
    concentration,
    concentration_curve,
    generalised_gini,
    gini,
    place_share,
)

COUNTS = st.lists(st.integers(0, 20), min_size=2, max_size=40).filter(any)


def test_gini__is_that_of_lorenzgini(shared_data: Path) -> None:
    cases = json.loads((shared_data / "reference" / "published_values.json").read_text())["gini_generalised"]
    for case in cases["cases"]:
        assert gini(case["x"]) == pytest.approx(case["G"], abs=1e-9)
        if "Ggen" in case:
            assert generalised_gini(case["x"]) == pytest.approx(case["Ggen"], abs=1e-9)
        if "G_unbiased" in case:
            assert gini(case["x"], unbiased=True) == pytest.approx(case["G_unbiased"])


def test_gini__is_that_of_the_examples_of_lorenzgini() -> None:
    fewer = [5, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    assert gini(fewer) == pytest.approx(0.8)
    assert generalised_gini(fewer) == pytest.approx(0.75)
    assert gini([10] + [0] * 99) == pytest.approx(0.99)
    assert gini([10] + [0] * 99, unbiased=True) == pytest.approx(1)
    assert generalised_gini([10] + [0] * 99, unbiased=True) == pytest.approx(1)


def test_generalised_gini__of_the_most_even_spread_is_nothing() -> None:
    assert generalised_gini([1, 1, 1, 0, 0, 0, 0]) == pytest.approx(0)
    assert generalised_gini([2, 2, 2]) == pytest.approx(0)


def test_gini__without_incidents_is_no_number() -> None:
    for value in (gini([]), gini([0, 0]), generalised_gini([0]), gini([3], unbiased=True)):
        assert np.isnan(value)
    assert np.isnan(generalised_gini([1, 0], unbiased=True))
    assert gini([3]) == 0


@given(COUNTS, st.integers(1, 9))
def test_gini__is_the_mean_difference_and_does_not_care_about_order_and_unit(
    counts: list[int], unit: int
) -> None:
    x = np.array(counts, float)
    by_definition = np.abs(x[:, None] - x[None, :]).sum() / (2 * x.size**2 * x.mean())
    assert gini(counts) == pytest.approx(by_definition)
    assert gini(counts[::-1]) == pytest.approx(gini(x * unit))


@given(COUNTS)
def test_generalised_gini__lies_between_0_and_1(counts: list[int]) -> None:
    assert -1e-9 <= generalised_gini(counts) <= gini(counts) + 1e-9
    assert gini(counts) <= 1


@given(COUNTS)
def test_concentration_curve__encloses_the_gini_coefficient(counts: list[int]) -> None:
    curve = concentration_curve(counts)
    assert curve.place_share[0] == curve.incident_share[0] == 0
    assert curve.place_share[-1] == curve.incident_share[-1] == 1
    area = np.trapezoid(curve.incident_share, curve.place_share)
    assert 2 * area - 1 == pytest.approx(gini(counts))


def test_place_share__by_hand() -> None:
    counts = [1, 5, 0, 3, 1]
    assert [place_share(counts, incident_share=share) for share in (0.25, 0.5, 0.51, 0.8, 0.81)] == [
        0.2,
        0.2,
        0.4,
        0.4,
        0.6,
    ]


def test_concentration__of_one_full_place_is_beyond_chance() -> None:
    found = concentration([40] + [0] * 39, rng=np.random.default_rng(1))
    assert found.p_value == 0.001
    assert found.place_share.tolist() == [1 / 40, 1 / 40]
    # Forty incidents on forty places by lot: half of them lie in roughly a fifth.
    assert found.random_place_share[1] == pytest.approx(0.22, abs=0.03)
    assert found.excess_place_share[1] == pytest.approx(found.random_place_share[1] - 1 / 40)
    assert found.random_generalised_gini == pytest.approx(found.random_gini)


def test_concentration__the_random_gini_is_that_of_the_plain_function() -> None:
    rng = np.random.default_rng(2)
    drawn = np.array([np.bincount(rng.integers(0, 30, 45), minlength=30) for _ in range(2_000)])
    found = concentration([2] * 15 + [1] * 15, replicates=2_000, rng=rng, incident_shares=(0.3, 0.6))
    assert found.random_gini == pytest.approx(np.mean([gini(x) for x in drawn]), abs=0.005)
    for position, share in enumerate((0.3, 0.6)):
        expected = np.mean([place_share(x, incident_share=share) for x in drawn])
        assert found.random_place_share[position] == pytest.approx(expected, abs=0.005)


def test_concentration__repeats_with_the_generator() -> None:
    one, other = (concentration([3, 0, 1, 2], rng=np.random.default_rng(3)) for _ in range(2))
    assert one.random_gini == other.random_gini


def test_concentration__rejects_true_nulls_at_the_nominal_rate() -> None:
    rng = np.random.default_rng(4)
    rejected = sum(
        concentration(np.bincount(rng.integers(0, 50, 60), minlength=50), replicates=99, rng=rng).p_value
        <= 0.05
        for _ in range(600)
    )
    assert rejected <= 600 * 0.05 + 3 * np.sqrt(600 * 0.05 * 0.95)


@pytest.mark.parametrize(
    ("counts", "message"),
    [([], "at least one incident"), ([0, 0], "at least one incident"), ([[1]], "one row")],
)
def test_concentration__refuses(counts: list[int], message: str) -> None:
    for method in (concentration_curve, lambda c: concentration(c, rng=np.random.default_rng(1))):
        with pytest.raises(InvalidParameter, match=message):
            method(counts)


def test_concentration__refuses_wrong_shares_and_no_replicates() -> None:
    with pytest.raises(InvalidParameter, match="incident_shares must lie between 0 and 1"):
        concentration([1], incident_shares=(1.0,), rng=np.random.default_rng(1))
    with pytest.raises(InvalidParameter, match="replicates must be at least 1, got 0"):
        concentration([1], replicates=0, rng=np.random.default_rng(1))
    with pytest.raises(InvalidParameter, match="counts must be whole numbers"):
        concentration([1.5], rng=np.random.default_rng(1))
