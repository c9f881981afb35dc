"""Knox tests and pair tables: by hand, published, invariance and calibration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom

from hotspot.errors import InvalidParameter
from hotspot.stats.knox import knox, knox_table, modified_knox
from hotspot.stats.monte_carlo import replicate_seeds
from hotspot.stats.pair_table import banded_pairs, pair_counts, shuffled_counts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SEED = 1964


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    return values


@pytest.fixture(scope="module")
def burkitt(shared_data: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cases = gpd.read_file(shared_data / "reference" / "pysal" / "burkitt" / "burkitt.shp")
    return cases[["X", "Y"]].to_numpy(float), cases["T"].to_numpy(float)


def some_incidents(n: int, *, seed: int = SEED) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whole metres and days, many at one address or on one day."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 60, (n, 2)).astype(np.float64) * 10, rng.integers(0, 50, n).astype(np.float64)


def test_burkitt_s_lymphoma__is_as_published(
    published: dict[str, Any], burkitt: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    known = published["knox_burkitt"]
    found = knox(*burkitt, within_m=known["delta"], within_days=known["tau"], rng=np.random.default_rng(SEED))
    assert found.observed.tolist() == known["observed"]
    np.testing.assert_allclose(found.expected, known["expected"], rtol=5e-9)
    assert found.p_poisson == pytest.approx(known["p_poisson_ge"], abs=5e-9)
    assert found.p_poisson_above == pytest.approx(known["p_poisson_gt"], abs=5e-12)
    assert found.ratio == pytest.approx(13 / 10.1438161)
    assert found.mean_shuffled == pytest.approx(found.expected_pairs, rel=0.03)
    # PySAL prints .21 of 99 permutations; two standard errors of such a value are .08.
    assert found.p_value == pytest.approx(0.21, abs=0.08)


def test_burkitt_s_lymphoma__has_the_modified_statistic_as_published(
    published: dict[str, Any], burkitt: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    known = published["knox_burkitt"]
    at: dict[str, Any] = {"within_m": known["delta"], "within_days": known["tau"]}
    found = modified_knox(*burkitt, **at, rng=np.random.default_rng(SEED))
    assert found.excess_pairs == pytest.approx(known["modified_knox_stat"], abs=5e-9)
    assert found.p_value == pytest.approx(0.13, abs=0.05)


def test_burglaries_of_chicago__are_as_published(published: dict[str, Any], shared_data: Path) -> None:
    known = published["nearrepeat_vignette_1"]
    rows = pd.read_csv(shared_data / "chicago" / "burglaries_2016.csv.gz", parse_dates=["date"])
    rows = rows[rows["date"] < "2016-02-01"]
    day = (rows["date"] - pd.Timestamp("2016-01-01")).dt.days.to_numpy().astype(np.float64)
    found = knox_table(
        rows[["X", "Y"]].to_numpy(float),
        day,
        edges_m=known["sds_half_open"],
        edges_days=known["tds_half_open_days"],
        metric="manhattan",
        rng=np.random.default_rng(SEED),
    )
    assert day.size == 970
    assert found.counts.observed.tolist() == known["observed"]
    np.testing.assert_allclose(found.ratio_to_shuffled, known["knox_ratio_mean_999"], rtol=0.03)
    np.testing.assert_allclose(found.counts.ratio, known["knox_ratio_mean_999"], rtol=0.03)
    # Both sides are of 999 shuffles: two standard errors of their difference are .045 in the middle.
    np.testing.assert_allclose(found.p_value, known["p_999"], atol=0.045)


def test_four_incidents__by_hand() -> None:
    xy_m = np.array([[0.0, 0], [0, 0], [60, 80], [500, 0]])
    day = np.array([0.0, 3, 3, 3])
    table = pair_counts(xy_m, day, edges_m=[0, 1, 100, 101], edges_days=[0, 3, 4])
    # At exactly 100 m and 3 days a pair lies in the band that begins there.
    assert table.observed.tolist() == [[0, 1], [0, 0], [1, 1]]
    assert [table.in_space.tolist(), table.in_time.tolist(), table.pairs] == [[1, 0, 2], [3, 3], 6]
    assert table.expected.tolist() == [[0.5, 0.5], [0, 0], [1, 1]]
    assert table.ratio.tolist() == [[0, 2], [1, 1], [1, 1]]
    assert pair_counts(xy_m, day, edges_m=[0, 101], edges_days=[0, 4], metric="manhattan").in_space[0] == 1


def test_knox__counts_a_pair_at_exactly_the_bounds() -> None:
    xy_m, day = np.array([[0.0, 0], [3, 4], [100, 100]]), np.array([0.0, 7, 90])
    found = knox(xy_m, day, within_m=5, within_days=7, replicates=9, rng=np.random.default_rng(SEED))
    assert found.close_pairs == 1
    assert pair_counts(xy_m, day, edges_m=[0, 5], edges_days=[0, 7]).observed.tolist() == [[0]]


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=30)
def test_shuffled_counts__are_those_of_a_plain_shuffle(seed: int, is_whole: bool) -> None:  # noqa: FBT001
    xy_m, day = some_incidents(40, seed=seed)
    day = day if is_whole else day + np.random.default_rng(seed).random(40)
    edges_m, edges_days = [0.0, 50, 150], [0.0, 2, 7, 14.5, np.inf]
    near = banded_pairs(xy_m, edges_m=edges_m)
    seeds = replicate_seeds(np.random.default_rng(seed), 70)
    tables = shuffled_counts(near, day, edges_days=edges_days, seeds=seeds)
    plain = pair_counts(xy_m, day, edges_m=edges_m, edges_days=edges_days)
    assert tables.shape == (70, 2, 4)
    assert (tables.sum(axis=2) == plain.in_space).all()
    # The mean of all shuffles is the analytic expectation; 70 of them come near.
    spread = np.maximum(tables.std(axis=0), 0.2)
    assert (np.abs(tables.mean(axis=0) - plain.expected) < 5 * spread / np.sqrt(70)).all()


@given(
    arrays(np.float64, 2, elements=st.integers(-10_000, 10_000).map(float)),
    st.integers(-1_000, 1_000),
    st.sampled_from([1, 3, None]),
)
def test_knox__does_not_care_where_or_when_the_origin_is_or_who_counts(
    shift_m: NDArray[np.float64], later_days: int, threads: int | None
) -> None:
    xy_m, day = some_incidents(60)
    at: dict[str, Any] = {"within_m": 60.5, "within_days": 7, "replicates": 199}
    here = knox(xy_m, day, **at, threads=1, rng=np.random.default_rng(SEED))
    there = knox(xy_m + shift_m, day + later_days, **at, threads=threads, rng=np.random.default_rng(SEED))
    assert here == there


def test_knox__does_not_care_about_the_unit() -> None:
    xy_m, day = some_incidents(60)
    here = knox(xy_m, day, within_m=50, within_days=7, rng=np.random.default_rng(SEED))
    there = knox(xy_m * 4, day * 0.25, within_m=200, within_days=1.75, rng=np.random.default_rng(SEED))
    assert here == there


def test_knox__reversing_the_order_changes_no_count() -> None:
    xy_m, day = some_incidents(80)
    at: dict[str, Any] = {"edges_m": [0, 50, 100], "edges_days": [0, 3, 9]}
    here, there = pair_counts(xy_m, day, **at), pair_counts(xy_m[::-1], day[::-1], **at)
    np.testing.assert_array_equal(here.observed, there.observed)


def test_modified_knox__is_the_formula() -> None:
    xy_m, day = some_incidents(70)
    near_m = np.hypot(*(xy_m[:, None] - xy_m).transpose(2, 0, 1)) <= 50
    near_days = np.abs(day[:, None] - day) <= 4
    close = (np.triu(near_m & near_days, 1)).sum()
    degrees = ((near_m.sum(axis=0) - 1) * (near_days.sum(axis=0) - 1)).sum()
    found = modified_knox(
        xy_m, day, within_m=50, within_days=4, replicates=99, rng=np.random.default_rng(SEED)
    )
    assert found.excess_pairs == pytest.approx(close - degrees / 69 / 2)


@pytest.mark.parametrize("test", [knox, modified_knox])
def test_p_values__reject_true_nulls_at_the_nominal_rate_and_find_planted_repeats(test: Any) -> None:  # noqa: ANN401
    rng, level, worlds = np.random.default_rng(SEED), 0.1, 300
    at: dict[str, Any] = {"within_m": 100, "within_days": 7, "replicates": 49, "threads": 1}
    p_values = [
        test(rng.normal(0, 400, (80, 2)), rng.integers(0, 120, 80).astype(float), **at, rng=rng).p_value
        for _ in range(worlds)
    ]
    rejected = int((np.array(p_values) <= level).sum())
    assert binom.ppf(0.001, worlds, level) * 0.8 <= rejected <= binom.ppf(0.999, worlds, level)
    xy_m, day = rng.normal(0, 400, (80, 2)), rng.integers(0, 120, 80).astype(float)
    repeated = np.concatenate([xy_m, xy_m[:30] + 20]), np.concatenate([day, day[:30] + 3])
    assert test(*repeated, **at, rng=rng).p_value == 1 / 50


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_incidents__prove_nothing(n: int) -> None:
    xy_m, day = np.zeros((n, 2)), np.zeros(n)
    found = knox(xy_m, day, within_m=1, within_days=1, replicates=9, rng=np.random.default_rng(SEED))
    assert [found.close_pairs, found.p_value] == [n * (n - 1) // 2, 1]
    assert found.expected_pairs == found.close_pairs
    assert found.ratio == 1
    modified = modified_knox(
        xy_m, day, within_m=1, within_days=1, replicates=9, rng=np.random.default_rng(SEED)
    )
    assert [modified.excess_pairs, modified.p_value] == [0, 1]


def test_wrong_numbers__are_refused() -> None:
    xy_m, day = some_incidents(5)
    rng = np.random.default_rng(SEED)
    with pytest.raises(InvalidParameter, match="at least 0, got -1"):
        knox(xy_m, day, within_m=-1, within_days=1, rng=rng)
    with pytest.raises(InvalidParameter, match="replicates"):
        knox(xy_m, day, within_m=1, within_days=1, replicates=0, rng=rng)
    with pytest.raises(InvalidParameter, match="edges_days"):
        knox_table(xy_m, day, edges_m=[0, 1], edges_days=[1, 0], rng=rng)
    with pytest.raises(InvalidParameter, match="day must"):
        knox_table(xy_m, day[:3], edges_m=[0, 1], edges_days=[0, 1], rng=rng)
