from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.stats.forecast import HALF_LIVES_WEEKS, REACHES_M, Forecast, forecasts

SIDE = 6
CENTRES_M = np.array([[100.0 + 200 * i, 100.0 + 200 * j] for i in range(SIDE) for j in range(SIDE)])
CELLS = SIDE * SIDE


def drawn(rate: NDArray[np.float64], weeks: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Incidents of some weeks, by chance, with a rate for each cell."""
    rng = np.random.default_rng(seed)
    cell = [np.repeat(np.arange(CELLS), rng.poisson(rate)) for _ in range(weeks)]
    week = np.repeat(np.arange(weeks), [len(one) for one in cell])
    xy_m = CENTRES_M[np.concatenate(cell)] + rng.uniform(-99, 99, (week.size, 2))
    return xy_m, week.astype(np.int64)


def cell_of(xy_m: NDArray[np.float64]) -> NDArray[np.int64]:
    row = np.floor(xy_m / 200).astype(np.int64)
    return row[:, 0] * SIDE + row[:, 1]


def foretold(
    xy_m: NDArray[np.float64], week: NDArray[np.int64], origins: list[int], *, horizon_weeks: int = 1
) -> tuple[Forecast, ...]:
    return forecasts(
        xy_m,
        week,
        CENTRES_M,
        cell=cell_of(xy_m),
        known_since=np.zeros(CELLS, np.int64),
        origins=origins,
        horizon_weeks=horizon_weeks,
    )


def test_forecasts__by_hand_after_one_incident() -> None:
    xy_m, week = np.array([[100.0, 100.0]]), np.array([0])
    (one,) = foretold(xy_m, week, [1])
    # Nothing was foretold yet: all components have equal shares, and one incident a week is the level.
    assert one.foretold == 0
    assert one.share == pytest.approx(np.full(len(HALF_LIVES_WEEKS) * len(REACHES_M) + 1, 1 / 17))
    assert one.expected.sum() == pytest.approx(1.0)
    # The cell itself and the narrow kernel (whose next centre lies at its end) are all in the first cell.
    own = 0.25
    squared = ((CENTRES_M - CENTRES_M[0]) ** 2).sum(axis=1)
    for reach in REACHES_M[1:]:
        kernel = np.maximum(1 - squared / reach**2, 0) ** 2
        own += 0.25 * kernel[0] / kernel.sum()
    expected = (16 * own + 1 / CELLS) / 17
    assert one.expected[0] == pytest.approx(expected)


def test_forecasts__without_incidents_expect_nothing() -> None:
    (one,) = foretold(np.empty((0, 2)), np.empty(0, np.int64), [3])
    assert one.expected.tolist() == [0.0] * CELLS
    assert foretold(np.empty((0, 2)), np.empty(0, np.int64), []) == ()


def test_forecasts__do_not_look_ahead() -> None:
    xy_m, week = drawn(np.full(CELLS, 0.5), 30, seed=1)
    past = week < 20
    whole = foretold(xy_m, week, [18, 20])[1]
    cut = foretold(xy_m[past], week[past], [18, 20])[1]
    assert np.array_equal(whole.expected, cut.expected)
    assert np.array_equal(whole.share, cut.share)


def test_forecasts__give_nothing_to_cells_not_known_yet() -> None:
    xy_m, week = drawn(np.full(CELLS, 0.5), 12, seed=2)
    known_since = np.where(np.arange(CELLS) < 6, 11, 0)
    early, late = forecasts(
        xy_m, week, CENTRES_M, cell=cell_of(xy_m), known_since=known_since, origins=[10, 11]
    )
    assert not early.expected[:6].any()
    assert (late.expected[:6] > 0).all()


@settings(max_examples=15)
@given(st.integers(-5_000, 5_000), st.integers(-5_000, 5_000), st.sampled_from([1, 2, 4]), st.integers(0, 9))
def test_forecasts__do_not_care_where_the_origin_is_or_how_rows_are_ordered(
    east_m: int, north_m: int, horizon: int, seed: int
) -> None:
    xy_m, week = drawn(np.full(CELLS, 0.3), 20, seed=seed)
    shift = np.array([east_m, north_m], float)
    order = np.random.default_rng(seed).permutation(week.size)
    here = foretold(xy_m, week, [12, 16], horizon_weeks=horizon)
    there = forecasts(
        xy_m[order] + shift,
        week[order],
        CENTRES_M + shift,
        cell=cell_of(xy_m)[order],
        known_since=np.zeros(CELLS, np.int64),
        origins=[12, 16],
        horizon_weeks=horizon,
    )
    for one, other in zip(here, there, strict=True):
        assert one.expected == pytest.approx(other.expected, rel=1e-6, abs=1e-12)
        assert one.share.sum() == pytest.approx(1.0)


def test_forecasts__expect_what_comes_where_nothing_changes() -> None:
    rate = np.random.default_rng(4).gamma(0.5, 1.0, CELLS)
    expected, came = np.zeros(CELLS), np.zeros(CELLS)
    for seed in range(4):
        xy_m, week = drawn(rate, 120, seed=seed)
        for origin, one in zip(range(100, 120), foretold(xy_m, week, list(range(100, 120))), strict=True):
            expected += one.expected
            came += np.bincount(cell_of(xy_m)[week == origin], minlength=CELLS)
    # 80 weeks with some 1800 incidents: in all, and cell by cell as near as chance lets it be.
    assert expected.sum() == pytest.approx(came.sum(), abs=4 * np.sqrt(came.sum()))
    assert np.sum((came - expected) ** 2 / (expected + 1)) < 1.3 * CELLS


def test_forecasts__are_neither_too_high_nor_too_low_for_empty_and_full_cells() -> None:
    expected, truth = [], []
    for seed in range(40):
        rate = np.random.default_rng(1000 + seed).gamma(0.5, 1.0, CELLS)
        for one in foretold(*drawn(rate, 120, seed=seed), [100, 110]):
            expected.append(one.expected)
            truth.append(rate)
    told, rates = np.concatenate(expected), np.concatenate(truth)
    # By what was foretold: by what is true, a forecast that learns from chance counts must seem to level out.
    for least, most, within in ((0.0, 0.05, 0.15), (0.05, 0.2, 0.1), (0.2, 0.8, 0.05), (0.8, np.inf, 0.05)):
        band = (told >= least) & (told < most)
        assert told[band].sum() == pytest.approx(rates[band].sum(), rel=within)


def test_forecasts__learn_whether_the_past_or_the_present_counts() -> None:
    half = len(REACHES_M) * 2
    steady = np.random.default_rng(5).gamma(0.3, 2.0, CELLS)
    xy_m, week = drawn(steady, 80, seed=5)
    (lasting,) = foretold(xy_m, week, [79])
    rng = np.random.default_rng(6)
    moved_m, moved_week = [], []
    for block in range(20):
        full = rng.permutation(CELLS) < 3
        some_m, some_week = drawn(np.where(full, 4.0, 0.1), 4, seed=block)
        moved_m.append(some_m)
        moved_week.append(some_week + 4 * block)
    (moving,) = foretold(np.vstack(moved_m), np.concatenate(moved_week), [79])
    assert lasting.share[half:-1].sum() > 0.5
    assert moving.share[: len(REACHES_M)].sum() > 0.5
    assert [lasting.foretold > 500, moving.foretold > 500] == [True, True]


def test_forecasts__a_longer_period_has_more_incidents() -> None:
    xy_m, week = drawn(np.full(CELLS, 0.5), 40, seed=8)
    sums = [foretold(xy_m, week, [32], horizon_weeks=h)[0].expected.sum() for h in (1, 2, 4)]
    assert all(later == pytest.approx(2 * earlier) for earlier, later in pairwise(sums))


def foretell(
    xy_m: NDArray[np.float64] = np.zeros((1, 2)),  # noqa: B008 - nobody changes it.
    *,
    cell: tuple[int, ...] = (0,),
    known: int = CELLS,
    origins: tuple[int, ...] = (3,),
    horizon_weeks: int = 1,
) -> None:
    forecasts(
        xy_m,
        np.zeros(1, np.int64),
        CENTRES_M,
        cell=np.array(cell, np.int64),
        known_since=np.zeros(known, np.int64),
        origins=origins,
        horizon_weeks=horizon_weeks,
    )


def test_forecasts__say_what_is_wrong() -> None:
    with pytest.raises(InvalidParameter, match="horizon_weeks"):
        foretell(horizon_weeks=0)
    for origins in ((3, 3), (-1,)):
        with pytest.raises(InvalidParameter, match="ascend"):
            foretell(origins=origins)
    with pytest.raises(InvalidParameter, match="multiples of 2"):
        foretell(origins=(3, 4), horizon_weeks=2)
    with pytest.raises(InvalidParameter, match="cell -1 to 35"):
        foretell(cell=(CELLS,))
    with pytest.raises(InvalidParameter, match="one per incident"):
        foretell(cell=(1, 2))
    with pytest.raises(InvalidParameter, match="one per cell"):
        foretell(known=3)
    with pytest.raises(InvalidParameter, match="finite"):
        foretell(np.full((1, 2), np.nan))
