"""Moran's I, local and global: by hand, published, invariance and calibration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom

from hotspot.errors import InvalidParameter
from hotspot.stats import lattice, weights
from hotspot.stats.conditional import exact_tails, permuted_tails
from hotspot.stats.local_moran import Quadrant, global_moran, local_moran, moran_tails
from tests.hotspot.stats.contiguity import gal, sids

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

VALUES = arrays(np.float64, 25, elements=st.integers(0, 9).map(float))


def grid_of(side: int) -> lattice.Lattice:
    row, column = np.divmod(np.arange(side * side), side)
    return lattice.of_cells(row, column)


def test_the_six_published_points__are_met(shared_data: Path) -> None:
    published = json.loads((shared_data / "reference" / "published_values.json").read_text())
    points, six = published["gi_6pts"], published["local_moran_6pts"]
    near = weights.within(np.array(points["points"], float), radius_m=points["threshold"])
    value, scaled = np.array(points["y"], float), weights.row_standardised(near)
    assert local_moran(value, scaled).i == pytest.approx(six["I"], abs=5e-6)
    as_geoda = local_moran(value, scaled, is_sample_variance=True)
    assert as_geoda.i == pytest.approx(six["I_m2_nminus1"], abs=5.1e-6)


def test_de_smith_s_ten_places__have_the_quadrants_of_pysal(shared_data: Path) -> None:
    folder = shared_data / "reference" / "pysal" / "desmith"
    value = np.loadtxt(folder / "desmith.txt", delimiter=",", skiprows=2)[:, 1]
    near = weights.row_standardised(gal(folder / "desmith.gal", [str(i) for i in range(1, 11)]))
    found = local_moran(value, near)
    assert found.quadrant.tolist() == [4, 4, 4, 2, 3, 3, 1, 4, 3, 3]
    assert found.quadrant[6] == Quadrant.HIGH_HIGH
    # esda 2.9.0: Moran_Local(z, w).Is and Moran(z, w).
    i = [-0.11409277, -0.19940543, -0.13351408, -0.51770383, 0.48095009]
    assert local_moran(value, near, is_sample_variance=True).i[:5] == pytest.approx(i, abs=5e-9)
    whole_map = global_moran(value, near)
    assert [whole_map.i, whole_map.expected] == pytest.approx([0.07361243111060224, -1 / 9])
    assert whole_map.variance == pytest.approx(0.06296699883493342)


def test_sudden_infant_deaths__are_those_of_esda(shared_data: Path) -> None:
    near, value = sids(shared_data / "reference" / "pysal" / "sids2")
    whole_map = global_moran(value, weights.row_standardised(near))
    # esda 2.9.0: Moran(SIDR74, w), w row-standardised: I, VI_rand, z_rand, p_rand; Moran_Local(SIDR74, w).
    assert [whole_map.i, whole_map.variance] == pytest.approx([0.24772519320480135, 0.004275965096355707])
    assert [whole_map.z, whole_map.p_two_sided] == pytest.approx([3.9428474787377734, 8.05198658716307e-05])
    found = local_moran(value, weights.row_standardised(near), is_sample_variance=True)
    assert found.i[:3] == pytest.approx([0.6247641298503459, 0.6556865771199983, 0.258516040357654])
    assert np.bincount(found.quadrant).tolist() == [0, 26, 21, 39, 14]


def test_the_mean_of_local_i__is_global_i(shared_data: Path) -> None:
    near, value = sids(shared_data / "reference" / "pysal" / "sids2")
    scaled = weights.row_standardised(near)
    assert local_moran(value, scaled).i.mean() == pytest.approx(global_moran(value, scaled).i)


def test_four_cells_in_a_row__by_hand() -> None:
    row = lattice.of_cells(np.zeros(4, np.int64), np.arange(4))
    found = local_moran(np.array([0.0, 0, 2, 2]), row)
    assert found.i.tolist() == [1, 0, 0, 1]
    assert found.quadrant.tolist() == [3, 0, 0, 1]


@given(VALUES, st.floats(0.1, 10), st.floats(-100, 100))
def test_local_i__does_not_care_about_the_unit(
    value: NDArray[np.float64], factor: float, shift: float
) -> None:
    here, there = local_moran(value, grid_of(5)), local_moran(value * factor + shift, grid_of(5))
    np.testing.assert_allclose(there.i, here.i, atol=1e-7)


def test_tails__are_those_of_the_statistic_itself() -> None:
    value = np.random.default_rng(1).poisson(2, 49).astype(float)
    grid = grid_of(7)
    exact = moran_tails(value, exact_tails(value, grid))
    rng, at, extreme = np.random.default_rng(2), 24, 0
    observed = local_moran(value, grid).i[at]
    for _ in range(2_000):
        dealt = value.copy()
        others = np.delete(np.arange(49), at)
        dealt[others] = value[rng.permutation(others)]
        extreme += local_moran(dealt, grid).i[at] >= observed - 1e-9
    assert extreme / 2_000 == pytest.approx(exact.high[at], abs=0.05)


def test_a_cell_at_the_mean__is_never_unusual() -> None:
    value = np.array([1.0, 2, 3, 2, 2, 2, 3, 2, 1])
    tails = moran_tails(value, permuted_tails(value, grid_of(3), replicates=9, rng=np.random.default_rng(3)))
    assert tails.high[4] == tails.low[4] == 1
    assert local_moran(value, grid_of(3)).quadrant[4] == Quadrant.NONE


def test_exact_tails_of_local_i__reject_true_nulls_at_no_more_than_the_nominal_rate() -> None:
    rng, level = np.random.default_rng(4), 0.05
    value = rng.poisson(3, 225).astype(float)
    high = []
    for _ in range(400):
        dealt = rng.permutation(value)
        high.append(moran_tails(dealt, exact_tails(dealt, grid_of(15))).high[112])
    assert 0.3 * 400 * level < (np.array(high) <= level).sum() <= binom.ppf(0.9995, 400, level)


def test_values_that_are_all_equal__have_no_association() -> None:
    found = local_moran(np.full(9, 0.1), grid_of(3))
    assert (found.i == 0).all()
    assert (found.quadrant == Quadrant.NONE).all()
    assert (
        local_moran(np.empty(0), lattice.of_cells(np.empty(0, np.int64), np.empty(0, np.int64))).i.size == 0
    )
    empty = np.empty(0)
    nobody = weights.within(np.empty((0, 2)), radius_m=1)
    assert moran_tails(empty, exact_tails(empty, nobody)).high.size == 0


def test_global_moran__refuses_what_has_no_answer() -> None:
    with pytest.raises(InvalidParameter, match="not all equal"):
        global_moran(np.ones(9), grid_of(3))
    nobody = weights.within(np.arange(8.0).reshape(4, 2), radius_m=0.1)
    with pytest.raises(InvalidParameter, match="at least one pair"):
        global_moran(np.arange(4.0), nobody)
