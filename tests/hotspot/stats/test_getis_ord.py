"""Gi, Gi* and general G: by hand, published, invariance and calibration."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binom, norm

from hotspot.crs import transform
from hotspot.errors import InvalidParameter
from hotspot.stats import lattice, weights
from hotspot.stats.conditional import exact_tails
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.getis_ord import general_g, gi, gi_star
from tests.hotspot.stats.contiguity import sids

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((shared_data / "reference" / "published_values.json").read_text())
    return values


def grid_of(side: int) -> lattice.Lattice:
    row, column = np.divmod(np.arange(side * side), side)
    return lattice.of_cells(row, column)


def test_the_six_published_points__are_met(published: dict[str, Any]) -> None:
    six = published["gi_6pts"]
    value = np.array(six["y"], float)
    near = weights.within(np.array(six["points"], float), radius_m=six["threshold"])
    assert gi(value, near) == pytest.approx(six["z_Gi"], abs=5e-6)
    assert gi_star(value, near) == pytest.approx(six["z_Gi_star"], abs=5e-6)
    assert gi(value, near)[0] == pytest.approx(six["esda_Zs0_Gi"], abs=5e-8)
    assert gi_star(value, near)[0] == pytest.approx(six["esda_Zs0_Gi_star"], abs=5e-9)
    whole_map = general_g(value, near)
    assert whole_map.g == pytest.approx(six["G_global"], abs=5e-9)
    assert whole_map.p_one_sided == pytest.approx(six["G_p_norm"], abs=5e-7)
    assert whole_map.p_two_sided == 2 * whole_map.p_one_sided


def test_row_standardised_weights__are_esda_s_with_its_variance_and_the_binary_ones_with_the_formula(
    published: dict[str, Any],
) -> None:
    six = published["gi_6pts"]
    value = np.array(six["y"], float)
    near = weights.within(np.array(six["points"], float), radius_m=six["threshold"])
    scaled = weights.row_standardised(near)
    assert gi(value, scaled, is_binary_variance=True)[0] == pytest.approx(six["esda_Zs0_Gi_rowstd"], abs=5e-9)
    np.testing.assert_allclose(gi(value, scaled), gi(value, near), rtol=1e-12)
    np.testing.assert_allclose(gi_star(value, scaled), gi_star(value, near), rtol=1e-12)
    # Printed in the documentation of esda: G_Local(y, w, transform="R", star=True).Zs
    own = weights.Weights(
        near.start + np.arange(7),
        np.concatenate([[i, *near.neighbour[near.start[i] : near.start[i + 1]]] for i in range(6)]).astype(
            np.int32
        ),
        np.ones(near.neighbour.size + 6),
    )
    printed = [-0.62488094, -0.09144599, 0.41150696, -0.09144599, 0.24690418, 1.28024388]
    assert gi_star(value, weights.row_standardised(own), is_binary_variance=True) == pytest.approx(
        printed, abs=5e-9
    )


def test_sudden_infant_deaths__are_those_of_esda(shared_data: Path) -> None:
    # esda 2.9.0: G_Local(SIDR74, w, transform="B", star=...).Zs[:6] and G(SIDR74, w).
    near, value = sids(shared_data / "reference" / "pysal" / "sids2")
    star = [-1.6990928211663148, -1.4355522568710857, -1.9221475534087812]
    plain = [-1.5403696572100825, -0.9134395438266828, -1.9538551320522044]
    assert gi_star(value, near)[:3] == pytest.approx(star, rel=1e-12)
    assert gi(value, near)[:3] == pytest.approx(plain, rel=1e-12)
    whole_map = general_g(value, near)
    assert [whole_map.g, whole_map.expected] == pytest.approx([0.05450944570133598, 0.04666666666666667])
    assert [whole_map.variance, whole_map.z] == pytest.approx([8.430623609161948e-06, 2.7010966794789484])


def test_robberies_of_memphis__have_the_published_z(shared_data: Path, published: dict[str, Any]) -> None:
    asked = published["gistar_memphis_january_500m"]
    rows = pd.read_csv(shared_data / "memphis" / "robberies_2019.csv")
    january = rows[rows["date"] < "2019-02-01"][["longitude", "latitude"]].to_numpy(float)
    xy_m = transform(january, source="EPSG:4326", target="EPSG:32615")
    side_m = 500.0
    area = shapely.MultiPoint(xy_m).convex_hull.buffer(side_m / 2)
    west_m, south_m, east_m, north_m = area.bounds
    columns, rows_up = math.ceil((east_m - west_m) / side_m), math.ceil((north_m - south_m) / side_m)
    row, column = np.divmod(np.arange(rows_up * columns), columns)
    x_m, y_m = west_m + column * side_m, south_m + row * side_m
    kept = shapely.intersects(shapely.box(x_m, y_m, x_m + side_m, y_m + side_m), area)
    at = ((xy_m - [west_m, south_m]) // side_m).astype(int)
    count = np.bincount(at[:, 1] * columns + at[:, 0], minlength=row.size)[kept].astype(float)
    steps = lattice.steps_within(cell_m=side_m, radius_m=side_m * math.sqrt(2))
    z = gi_star(count, lattice.of_cells(row[kept], column[kept], steps=steps))
    assert [z.size, count.sum()] == [asked["n_cells"], 206]
    assert z[:10].round(3).tolist() == asked["first10_z"]


VALUES = arrays(np.float64, 36, elements=st.integers(0, 50).map(float))


@given(VALUES, st.floats(0.1, 100), st.floats(-1e3, 1e3))
def test_z__does_not_care_about_the_unit(value: NDArray[np.float64], factor: float, shift: float) -> None:
    grid = grid_of(6)
    for statistic in (gi, gi_star):
        here = statistic(value, grid)
        np.testing.assert_allclose(statistic(value * factor + shift, grid), here, atol=1e-6)
        np.testing.assert_allclose(statistic(-value, grid), -here, atol=1e-9)


@given(VALUES, st.integers(0, 2**32 - 1))
def test_z__follows_its_cell(value: NDArray[np.float64], seed: int) -> None:
    row, column = np.divmod(np.arange(36), 6)
    order = np.random.default_rng(seed).permutation(36)
    for statistic in (gi, gi_star):
        here = statistic(value, lattice.of_cells(row, column))
        there = statistic(value[order], lattice.of_cells(row[order], column[order]))
        np.testing.assert_allclose(there, here[order], atol=1e-9)


@pytest.mark.parametrize("statistic", [gi, gi_star])
def test_z__is_zero_where_there_is_nothing_to_compare(statistic: Any) -> None:  # noqa: ANN401 - either function
    assert (statistic(np.full(36, 0.1), grid_of(6)) == 0).all()
    everybody = weights.within(np.zeros((5, 2)), radius_m=1)
    assert (statistic(np.arange(5.0), everybody) == 0).all()
    for n in (0, 1):
        alone = weights.within(np.zeros((n, 2)), radius_m=1)
        assert statistic(np.full(n, 3.0), alone).tolist() == [0.0] * n
    pair = weights.within(np.array([[0.0, 0], [1, 0]]), radius_m=1)
    assert statistic(np.array([1.0, 4.0]), pair).tolist() == [0, 0]


def test_gi_star__of_a_cell_without_neighbours_is_its_own_z() -> None:
    far = weights.within(np.array([[0.0, 0], [100, 0], [200, 0]]), radius_m=10)
    value = np.array([1.0, 2, 6])
    assert gi_star(value, far) == pytest.approx((value - 3) / value.std())
    assert (gi(value, far) == 0).all()


def test_gi_star__keeps_its_precision_with_very_large_values() -> None:
    value = np.random.default_rng(2).normal(size=36)
    np.testing.assert_allclose(gi_star(value + 1e9, grid_of(6)), gi_star(value, grid_of(6)), atol=1e-5)


def test_gi__rejects_true_nulls_at_the_nominal_rate() -> None:
    rng, level = np.random.default_rng(3), 0.05
    z = np.array([gi(rng.normal(size=400), grid_of(20))[210] for _ in range(1_000)])
    rejected = int((2 * norm.sf(np.abs(z)) <= level).sum())
    assert binom.ppf(0.0005, 1_000, level) <= rejected <= binom.ppf(0.9995, 1_000, level)


def test_a_planted_hotspot__is_found_with_exact_tails_and_adjustment_and_nothing_else_is() -> None:
    rng = np.random.default_rng(4)
    value = rng.poisson(0.5, (40, 40)).astype(float)
    value[9:12, 19:22] += 4
    adjusted = benjamini_hochberg(exact_tails(value.ravel(), grid_of(40)).high)
    row, column = np.divmod(np.flatnonzero(adjusted <= 0.05), 40)
    assert (10, 20) in set(zip(row.tolist(), column.tolist(), strict=True))
    assert (np.abs(row - 10) <= 2).all()
    assert (np.abs(column - 20) <= 2).all()


def test_general_g__refuses_values_without_products() -> None:
    for wrong in ([1.0, 2, 3], [1.0, 2, 3, -1], [1.0, 0, 0, 0]):
        near = weights.within(np.zeros((len(wrong), 2)), radius_m=1)
        with pytest.raises(InvalidParameter, match="at least 4 numbers"):
            general_g(np.array(wrong), near)
    nobody = weights.within(np.arange(8.0).reshape(4, 2), radius_m=0.1)
    assert general_g(np.array([1.0, 2, 3, 4]), nobody).z == 0
