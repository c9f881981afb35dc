"""Mantel's and Jacquez' tests: by hand, published, invariance and calibration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
from scipy.stats import binom, pearsonr

from hotspot.errors import InvalidParameter
from hotspot.stats.jacquez import jacquez
from hotspot.stats.mantel import Closeness, mantel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SEED = 1967


@pytest.fixture(scope="module")
def burkitt(shared_data: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cases = gpd.read_file(shared_data / "reference" / "pysal" / "burkitt" / "burkitt.shp")
    return cases[["X", "Y"]].to_numpy(float), cases["T"].to_numpy(float)


def some_incidents(n: int, seed: int = SEED) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 20, (n, 2)), rng.integers(0, 60, n).astype(float)


def test_burkitt_s_lymphoma__is_as_published(
    shared_data: Path, burkitt: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    known = json.loads((shared_data / "reference" / "published_values.json").read_text())["knox_burkitt"]
    found = mantel(*burkitt, replicates=99, rng=np.random.default_rng(SEED))
    assert found.r == pytest.approx(known["mantel_scon1_spow-1_tcon1_tpow-1"], abs=5e-7)
    assert found.p_value == known["mantel_p_99perm"]
    nearest = jacquez(*burkitt, neighbours=3, replicates=99, rng=np.random.default_rng(SEED))
    assert nearest.shared_neighbours == known["jacquez_k3"]
    # PySAL prints .21 of 99 permutations.
    assert nearest.p_value == pytest.approx(0.21, abs=0.12)


@pytest.mark.parametrize("closeness", ["reciprocal", "raw"])
def test_mantel__is_the_correlation_over_all_pairs(closeness: Closeness) -> None:
    xy_m, day = some_incidents(50)
    i, j = np.triu_indices(50, 1)
    far_m, far_days = np.hypot(*(xy_m[i] - xy_m[j]).T), np.abs(day[i] - day[j])
    if closeness == "reciprocal":
        far_m, far_days = 1 / (1 + far_m), 1 / (1 + far_days)
    found = mantel(xy_m, day, closeness=closeness, replicates=9, rng=np.random.default_rng(SEED))
    assert found.r == pytest.approx(pearsonr(far_m, far_days)[0])


def test_three_incidents__have_all_the_p_values_of_their_few_arrangements() -> None:
    # Of six arrangements two are as close as this one: itself and its mirror.
    found = mantel(
        np.array([[0.0, 0], [1, 0], [9, 0]]),
        np.array([0.0, 1, 9]),
        closeness="raw",
        replicates=5_999,
        rng=np.random.default_rng(SEED),
    )
    assert found.r == pytest.approx(1)
    assert found.p_value == pytest.approx(1 / 6, abs=0.02)


def test_jacquez__by_hand() -> None:
    xy_m = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0], [30, 0]])
    found = jacquez(
        xy_m, np.array([0.0, 1, 20, 21, 60]), neighbours=1, replicates=99, rng=np.random.default_rng(SEED)
    )
    # The nearest of the fifth in space and in time is the fourth; the pairs have each other.
    assert found.shared_neighbours == 5
    everybody = jacquez(xy_m, np.zeros(5), neighbours=4, replicates=9, rng=np.random.default_rng(SEED))
    assert [everybody.shared_neighbours, everybody.p_value] == [20, 1]


@pytest.mark.parametrize("threads", [1, 2])
def test_both__do_not_care_where_the_origin_is_or_who_counts(threads: int) -> None:
    xy_m, day = some_incidents(60)
    rng = np.random.default_rng
    assert (
        mantel(xy_m, day, rng=rng(SEED), threads=threads).p_value == mantel(xy_m, day, rng=rng(SEED)).p_value
    )
    here = jacquez(xy_m, day, neighbours=3, rng=rng(SEED))
    assert here == jacquez(xy_m * 2 + 1_024, day + 5, neighbours=3, rng=rng(SEED), threads=threads)


@pytest.mark.parametrize("test", [mantel, jacquez])
def test_p_values__reject_true_nulls_at_the_nominal_rate_and_find_planted_repeats(test: Any) -> None:  # noqa: ANN401
    rng, level, worlds = np.random.default_rng(SEED), 0.1, 300
    at: dict[str, Any] = {"neighbours": 2} if test is jacquez else {}
    p_values = [
        test(*some_incidents(40, seed), **at, replicates=49, threads=1, rng=rng).p_value
        for seed in range(worlds)
    ]
    rejected = int((np.array(p_values) <= level).sum())
    assert binom.ppf(0.001, worlds, level) * 0.6 <= rejected <= binom.ppf(0.999, worlds, level)
    xy_m, day = some_incidents(40)
    twice = np.concatenate([xy_m, xy_m + 0.1]), np.concatenate([day, day + 1])
    assert test(*twice, **at, replicates=49, rng=rng).p_value == 1 / 50


def test_what_has_no_answer__is_refused_or_plain() -> None:
    rng = np.random.default_rng(SEED)
    with pytest.raises(InvalidParameter, match="at least 3 incidents, got 2"):
        mantel(np.zeros((2, 2)), np.zeros(2), rng=rng)
    wrong: Any = "squared"  # Anything but the two words.
    with pytest.raises(InvalidParameter, match="reciprocal or raw"):
        mantel(np.zeros((3, 2)), np.zeros(3), closeness=wrong, rng=rng)
    for neighbours in (0, 3):
        with pytest.raises(InvalidParameter, match="neighbours must be 1 to 2"):
            jacquez(np.zeros((3, 2)), np.zeros(3), neighbours=neighbours, rng=rng)
    same_day = mantel(np.arange(8.0).reshape(4, 2), np.full(4, 7.0), rng=rng)
    assert [same_day.r, same_day.p_value] == [0, 1]
