import math
import os
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats import kernel_sums
from hotspot.stats.cells import SquareCells, centres_m, keep, square_cells
from hotspot.stats.collapse import collapsed
from hotspot.stats.edge import share_at_centres, share_at_places
from hotspot.stats.fast_gauss import gaussians
from hotspot.stats.gauss_series import add_series
from hotspot.stats.kde import EdgeCorrection, kde, kde_at
from hotspot.stats.kernel_sums import Lattice, Sources
from hotspot.stats.kernels import Kernel

KERNELS = get_args(Kernel)
EDGES = get_args(EdgeCorrection)
seeds = st.integers(0, 10_000)


def town(seed: int, n: int = 300, side_m: float = 2000.0) -> NDArray[np.float64]:
    """Four incidents in five on shared addresses."""
    rng = np.random.default_rng(seed)
    address = rng.normal(side_m / 2, side_m / 6, (max(n // 20, 1), 2)).clip(0, side_m - 1)
    shared = address[rng.integers(0, len(address), n * 4 // 5)]
    return np.concatenate([shared, rng.uniform(0, side_m, (n - len(shared), 2))])


def square(side_m: float = 2000.0, cell_m: float = 50.0) -> SquareCells:
    return square_cells((0, 0, side_m, side_m), side_m=cell_m)


def with_a_lake(cells: SquareCells) -> SquareCells:
    x_m, y_m = centres_m(cells).T
    return keep(cells, ((x_m - 900) ** 2 + (y_m - 1200) ** 2 > 300**2) & (x_m + y_m < 3300))


def direct(
    xy_m: NDArray[np.float64],
    at_m: NDArray[np.float64],
    bandwidth_m: float | NDArray[np.float64],
    kernel: str,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """The sum as it is written down."""
    squared = ((at_m[:, None] - xy_m) ** 2).sum(axis=2) / np.square(bandwidth_m)
    if kernel == "quartic":
        value = 3 / math.pi * np.maximum(1 - squared, 0) ** 2
    else:
        value = np.exp(-squared / 2) / (2 * math.pi)
    weight = np.ones(len(xy_m)) if weights is None else weights
    total: NDArray[np.float64] = (value * weight / np.square(bandwidth_m)).sum(axis=1)
    return total


def test_kde__one_incident_in_the_middle_of_a_cell() -> None:
    density = kde(np.array([[150.0, 50.0]]), square_cells((0, 0, 300, 100), side_m=100), bandwidth_m=200.0)
    # 3 / (pi 200^2) in the middle, (1 - 1/4)^2 of it a hundred metres away.
    peak = 3 / math.pi / 40_000
    assert density == pytest.approx([peak * 0.5625, peak, peak * 0.5625], rel=1e-14)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("n", [1, 40, 3000])
@pytest.mark.parametrize("bandwidth_m", [20.0, 150.0, 430.0])
def test_kde__equals_the_direct_sum(kernel: Kernel, n: int, bandwidth_m: float) -> None:
    cells, xy_m = with_a_lake(square()), town(1, n)
    weights = np.random.default_rng(2).uniform(0, 3, n)
    density = kde(xy_m, cells, bandwidth_m=bandwidth_m, kernel=kernel, weights=weights)
    expected = direct(xy_m, centres_m(cells), bandwidth_m, kernel, weights)
    assert np.abs(density - expected).max() <= 1e-10 * expected.max()


@pytest.mark.parametrize("kernel", KERNELS)
def test_kde__counts_what_lies_outside_the_grid_but_in_reach(kernel: Kernel) -> None:
    xy_m = town(3, 4000, 3000.0) - 500.0
    cells = square()
    density = kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel)
    assert density == pytest.approx(direct(xy_m, centres_m(cells), 150.0, kernel), abs=1e-10 * density.max())


@pytest.mark.parametrize("kernel", KERNELS)
def test_kde__an_adaptive_surface_equals_the_direct_sum(kernel: Kernel) -> None:
    xy_m, cells = town(4), square()
    bandwidth_m = np.random.default_rng(4).uniform(40, 300, len(xy_m))
    density = kde(xy_m, cells, bandwidth_m=bandwidth_m, kernel=kernel)
    expected = direct(xy_m, centres_m(cells), bandwidth_m, kernel)
    assert density == pytest.approx(expected, abs=1e-12 * expected.max())
    at_m = np.random.default_rng(5).uniform(-300, 2300, (200, 2))
    found = kde_at(xy_m, at_m, bandwidth_m=bandwidth_m, kernel=kernel)
    assert found == pytest.approx(direct(xy_m, at_m, bandwidth_m, kernel), abs=1e-12 * expected.max())


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("edge_correction", EDGES)
@pytest.mark.parametrize("bandwidth_m", [60.0, 170.0])
def test_kde_at__agrees_with_the_grid_at_the_centres(
    kernel: Kernel, edge_correction: EdgeCorrection, bandwidth_m: float
) -> None:
    xy_m, cells = town(6), with_a_lake(square())
    on_grid = kde(xy_m, cells, bandwidth_m=bandwidth_m, kernel=kernel, edge_correction=edge_correction)
    at_places = kde_at(
        xy_m,
        centres_m(cells),
        bandwidth_m=bandwidth_m,
        kernel=kernel,
        edge_correction=edge_correction,
        study_area=cells,
    )
    assert at_places == pytest.approx(on_grid, abs=1e-10 * on_grid.max())


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("adaptive", [False, True])
def test_kde__corrected_by_jones_sums_to_the_number_of_incidents(kernel: Kernel, adaptive: bool) -> None:  # noqa: FBT001 - a parameter of a test.
    cells = with_a_lake(square(cell_m=10.0))
    rng = np.random.default_rng(7)
    xy_m = centres_m(cells)[rng.integers(0, cells.n_cells, 300)] + rng.uniform(-5, 5, (300, 2))
    bandwidth_m = rng.uniform(60, 120, 300) if adaptive else 90.0
    density = kde(xy_m, cells, bandwidth_m=bandwidth_m, kernel=kernel, edge_correction="jones")
    assert density.sum() * cells.area_m2 == pytest.approx(300, rel=1e-3)


@pytest.mark.parametrize("kernel", KERNELS)
def test_kde__interior_incidents_sum_to_their_number(kernel: Kernel) -> None:
    xy_m = np.random.default_rng(8).uniform(900, 1100, (50, 2))
    weights = np.arange(50.0)
    for edge_correction in EDGES:
        density = kde(
            xy_m,
            square(),
            bandwidth_m=100.0,
            kernel=kernel,
            weights=weights,
            edge_correction=edge_correction,
        )
        assert density.sum() * 2500 == pytest.approx(weights.sum(), rel=2e-3)


@pytest.mark.parametrize("kernel", KERNELS)
def test_kde__corrected_by_diggle_is_flat_where_incidents_are(kernel: Kernel) -> None:
    # A lattice of incidents so dense that it is a plane of four per hundred square metres.
    cells = with_a_lake(square())
    step = np.arange(2.5, 2000, 5.0)
    xy_m = np.column_stack([one.ravel() for one in np.meshgrid(step, step)])
    density = kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel, edge_correction="diggle")
    assert density == pytest.approx(np.full(cells.n_cells, 0.04), rel=2e-3)


@pytest.mark.parametrize("edge_correction", ["diggle", "jones"])
def test_kde__an_edge_correction_leaves_out_what_was_not_recorded(edge_correction: EdgeCorrection) -> None:
    inside = np.array([[100.0, 100.0], [30.0, 500.0]])
    beyond = np.array([[-5.0, 500.0], [100.0, 5000.0]])
    cells = square()
    one = kde(inside, cells, bandwidth_m=150.0, edge_correction=edge_correction)
    both = kde(np.concatenate([inside, beyond]), cells, bandwidth_m=150.0, edge_correction=edge_correction)
    assert np.array_equal(one, both)


def test_kde_at__knows_nothing_outside_the_study_area() -> None:
    found = kde_at(
        np.array([[10.0, 10.0]]),
        np.array([[-1.0, 10.0], [11.0, 10.0]]),
        bandwidth_m=50.0,
        edge_correction="diggle",
        study_area=square(),
    )
    assert [math.isnan(one) for one in found] == [True, False]


@pytest.mark.parametrize("kernel", KERNELS)
def test_share__equals_a_numeric_quadrature(kernel: Kernel) -> None:
    cells = with_a_lake(square())
    # Ten by ten points in each cell: the midpoint rule, off by less than a thousandth here.
    fine = (np.arange(10) + 0.5) * 5.0 - 25.0
    offset = np.column_stack([one.ravel() for one in np.meshgrid(fine, fine)])
    area_m = (centres_m(cells)[:, None] + offset).reshape(-1, 2)
    rng = np.random.default_rng(9)
    chosen = rng.integers(0, cells.n_cells, 40)
    at_centres = share_at_centres(cells, bandwidth_m=150.0, kernel=kernel)[chosen]
    expected = np.concatenate(
        [direct(area_m, one[None], 150.0, kernel) * 25.0 for one in centres_m(cells)[chosen]]
    )
    assert at_centres == pytest.approx(expected, abs=2e-4)
    at_m = rng.uniform(-200, 2200, (40, 2))
    share = share_at_places(cells, at_m, bandwidth_m=np.array([150.0]), kernel=kernel)
    expected = np.concatenate([direct(area_m, one[None], 150.0, kernel) * 25.0 for one in at_m])
    assert share == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("bandwidth_m", [10.0, 49.0, 75.0, 333.3])
def test_share__is_the_same_by_both_ways(kernel: Kernel, bandwidth_m: float) -> None:
    cells = with_a_lake(square())
    by_transform = share_at_centres(cells, bandwidth_m=bandwidth_m, kernel=kernel)
    by_place = share_at_places(
        cells, centres_m(cells), bandwidth_m=np.full(cells.n_cells, bandwidth_m), kernel=kernel
    )
    assert by_transform == pytest.approx(by_place, abs=1e-12)
    assert by_transform.max() <= 1.0


def test_share__of_a_kernel_wider_than_the_grid() -> None:
    cells = square_cells((0, 0, 100, 50), side_m=50)
    for kernel in KERNELS:
        by_transform = share_at_centres(cells, bandwidth_m=1000.0, kernel=kernel)
        by_place = share_at_places(cells, centres_m(cells), bandwidth_m=np.array([1000.0]), kernel=kernel)
        assert by_transform == pytest.approx(by_place, rel=1e-10)


@pytest.mark.parametrize("bandwidth_m", [3.0, 50.0, 51.0, 62.4, 62.6, 100.0, 126.0, 150.0, 600.0, 3000.0])
def test_gaussians__taken_apart_they_equal_the_direct_sum(bandwidth_m: float) -> None:
    xy_m = town(10, 6000) * 1.1 - 100.0
    lattice, shape = Lattice(25.0, 25.0, 50.0), (40, 40)
    sources = Sources(xy_m, np.ones(1), np.array([bandwidth_m]))
    one_by_one = kernel_sums.on_lattice(sources, lattice, shape, kernel="gaussian")
    # The many are summed by a series, the few by narrow Gaussians.
    assert np.abs(gaussians(sources, lattice, shape) - one_by_one).max() <= 1e-10 * one_by_one.max()
    few = Sources(xy_m[::10], xy_m[::10, 0] + 200.0, np.array([bandwidth_m]))
    one_by_one = kernel_sums.on_lattice(few, lattice, shape, kernel="gaussian")
    assert np.abs(gaussians(few, lattice, shape) - one_by_one).max() <= 1e-10 * one_by_one.max()
    by_series = np.zeros(shape)
    if bandwidth_m > 50:
        inside = ((few.xy_m > 0) & (few.xy_m < 2000)).all(axis=1)
        few = Sources(few.xy_m[inside], few.weight[inside], few.bandwidth_m)
        add_series(few, lattice, by_series)
        one_by_one = kernel_sums.on_lattice(few, lattice, shape, kernel="gaussian")
        assert np.abs(by_series - one_by_one).max() <= 1e-10 * one_by_one.max()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_kde__does_not_care_how_many_threads_there_are(
    kernel: Kernel, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    xy_m, cells = town(11, 30_000), square()
    many = {one: kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel, edge_correction=one) for one in EDGES}
    monkeypatch.setattr(os, "cpu_count", lambda: threads)
    for one in EDGES:
        other = kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel, edge_correction=one)
        assert np.array_equal(many[one], other)
    assert len(kernel_sums.row_bands(xy_m, Lattice(0.0, 0.0, 50.0), 40)) == threads


@pytest.mark.parametrize("weighted", [False, True])
def test_collapsed__holds_the_same_incidents_at_distinct_places(weighted: bool) -> None:  # noqa: FBT001 - a parameter of a test.
    xy_m = np.concatenate([town(12, 30_000)[:24_000], np.random.default_rng(1).uniform(0, 2000, (6000, 2))])
    xy_m = np.random.default_rng(2).permutation(np.concatenate([xy_m, np.zeros((5, 2))]))
    weights = (
        np.random.default_rng(3).integers(0, 5, len(xy_m)).astype(np.float64) if weighted else np.ones(1)
    )
    found = collapsed(Sources(xy_m, weights, np.array([150.0])))
    places, which = np.unique(xy_m, axis=0, return_inverse=True)
    expected = np.bincount(which.reshape(-1), weights=np.broadcast_to(weights, len(xy_m)))
    order = np.lexsort((found.xy_m[:, 1], found.xy_m[:, 0]))
    assert np.array_equal(found.xy_m[order], places)
    assert np.array_equal(found.weight[order], expected)
    assert len(places) < len(xy_m) / 3


def test_collapsed__leaves_alone_what_shares_nothing() -> None:
    apart = Sources(np.random.default_rng(4).uniform(0, 2000, (30_000, 2)), np.ones(1), np.array([150.0]))
    assert collapsed(apart) is apart


@given(seeds, st.integers(-100_000, 100_000), st.integers(-100_000, 600_000), st.sampled_from(KERNELS))
@settings(max_examples=25)
def test_kde__does_not_care_where_the_origin_is(seed: int, x_m: int, y_m: int, kernel: Kernel) -> None:
    xy_m, cells = town(seed, 100), square()
    there = SquareCells(float(x_m), float(y_m), 50.0, cells.kept)
    one = kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel, edge_correction="jones")
    other = kde(xy_m + np.array([x_m, y_m]), there, bandwidth_m=150.0, kernel=kernel, edge_correction="jones")
    assert other == pytest.approx(one, abs=1e-8 * one.max())


@given(seeds, st.sampled_from(KERNELS), st.sampled_from(EDGES))
@settings(max_examples=25)
def test_kde__turned_and_shuffled_and_collapsed_it_is_the_same(
    seed: int, kernel: Kernel, edge_correction: EdgeCorrection
) -> None:
    xy_m, cells = town(seed, 100), with_a_lake(square())
    one = kde(xy_m, cells, bandwidth_m=150.0, kernel=kernel, edge_correction=edge_correction)
    shuffled = np.random.default_rng(seed).permutation(xy_m)
    places, count = np.unique(shuffled, axis=0, return_counts=True)
    collapsed = kde(
        places,
        cells,
        bandwidth_m=150.0,
        kernel=kernel,
        edge_correction=edge_correction,
        weights=count.astype(np.float64),
    )
    assert collapsed == pytest.approx(one, abs=1e-11 * one.max())
    turned_cells = SquareCells(0.0, 0.0, 50.0, np.ascontiguousarray(cells.kept.T))
    turned = kde(
        xy_m[:, ::-1], turned_cells, bandwidth_m=150.0, kernel=kernel, edge_correction=edge_correction
    )
    image = np.zeros(cells.kept.shape).T
    image[turned_cells.kept] = turned
    assert image.T[cells.kept] == pytest.approx(one, abs=1e-11 * one.max())


def test_kde__of_nothing_is_nothing() -> None:
    none = np.empty((0, 2))
    for kernel in KERNELS:
        for one in EDGES:
            assert not kde(none, square(), bandwidth_m=100.0, kernel=kernel, edge_correction=one).any()
    assert kde_at(none, np.zeros((2, 2)), bandwidth_m=100.0).tolist() == [0.0, 0.0]
    assert kde_at(np.zeros((2, 2)), none, bandwidth_m=100.0).size == 0
    assert kde_at(np.zeros((3, 2)), np.array([[1e9, 0.0], [0.0, -1e9]]), bandwidth_m=100.0).tolist() == [
        0.0,
        0.0,
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bandwidth_m": 0.0}, "bandwidth_m must be above 0"),
        ({"bandwidth_m": math.nan}, "bandwidth_m must be above 0"),
        ({"bandwidth_m": np.ones(3)}, "bandwidth_m must be one number or 2"),
        ({"bandwidth_m": np.ones(2), "edge_correction": "diggle"}, "use 'jones'"),
        ({"kernel": "box"}, "kernel must be one of"),
        ({"weights": np.ones(3)}, "weights must be 2 numbers"),
        ({"weights": np.array([1.0, -1.0])}, "weights must be 0 or more"),
        ({"edge_correction": "some"}, "edge_correction must be"),
        ({"xy_m": np.array([[0.0, np.nan]])}, "xy_m must be finite, got 1"),
        ({"xy_m": np.zeros((2, 3))}, r"xy_m must have the shape \(n, 2\), got \(2, 3\)"),
    ],
)
def test_kde__refuses_what_makes_no_sense(change: dict[str, object], message: str) -> None:
    asked: dict[str, Any] = {"xy_m": np.zeros((2, 2)), "bandwidth_m": 100.0, **change}  # Wrong on purpose.
    with pytest.raises(InvalidParameter, match=message):
        kde(cells=square(), **asked)


def test_kde_at__needs_a_study_area_to_correct_the_edge() -> None:
    with pytest.raises(InvalidParameter, match="needs a study_area"):
        kde_at(np.zeros((1, 2)), np.zeros((1, 2)), bandwidth_m=1.0, edge_correction="jones")
