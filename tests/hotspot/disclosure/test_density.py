from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.catalogue import Disclosure
from hotspot.disclosure.density import LEAST_RATIO, MOST_CELLS, cells_of, period
from hotspot.disclosure.rules import Rules
from hotspot.errors import InvalidParameter
from hotspot.stats.kde import kde_at
from hotspot.weeks import Week
from tests.published_rows import FIRST, RULES, register, seen
from tests.small_town import ZONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

INTERNAL, PARTNER, OPEN = Disclosure.INTERNAL, Disclosure.PARTNER, Disclosure.OPEN
TOLD = FIRST.plus(13 + 4 - 1)
"""The first week whose list tells the first period."""


def spread(
    n: int, *, west_m: float = 0.0, south_m: float = 0.0, side_m: float = 1000.0
) -> NDArray[np.float64]:
    rng = np.random.default_rng(n)
    return np.array([west_m, south_m]) + rng.uniform(1, side_m - 1, (n, 2))


def in_week(n: int, week: int = 3) -> NDArray[np.int64]:
    """All in one week but the first, which lies in the first week: the register covers the period."""
    return np.where(np.arange(n) == 0, 0, week)


def test_period__is_one_for_all_weeks_of_a_quarter_and_never_overlaps() -> None:
    told = [period(FIRST.plus(ahead), RULES) for ahead in range(120)]
    distinct = sorted(set(told), key=lambda one: one[0].ordinal)
    for (_, before), (after, _) in pairwise(distinct):
        assert after.ordinal == before.ordinal + 1
    for ahead, (first, last) in enumerate(told):
        assert last.ordinal - first.ordinal == 12
        assert RULES.lag_weeks <= FIRST.ordinal + ahead - last.ordinal < RULES.lag_weeks + 13


def test_cells_of__has_no_square_with_too_few_incidents_or_addresses() -> None:
    enough = spread(5)
    one_address = np.tile([2500.5, 500.5], (40, 1))
    few = spread(4, west_m=4000)
    book = register(np.concatenate([enough, one_address, few]), in_week(49))
    (row,) = seen(book, TOLD, OPEN)
    assert (row.west_m, row.south_m, row.size_m, row.incidents) == (0, 0, 1000, 5)
    assert [one.incidents for one in seen(book, TOLD, PARTNER)] == [5, 4]


def test_cells_of__shows_no_square_to_everybody_that_is_mostly_one_address() -> None:
    pile = np.tile([2500.5, 500.5], (10, 1))
    for around, told in ((9, []), (10, [20])):
        xy_m = np.concatenate([pile, spread(around, west_m=2000)])
        book = register(xy_m, in_week(len(xy_m)))
        assert [one.incidents for one in seen(book, TOLD, OPEN)] == told
        assert sum(one.incidents for one in seen(book, TOLD, PARTNER)) == 10 + around


def test_cells_of__divides_a_square_only_if_each_quarter_holds_enough() -> None:
    quarters = [
        spread(9, west_m=west_m, south_m=south_m, side_m=500) for west_m in (0, 500) for south_m in (0, 500)
    ]
    book = register(np.concatenate(quarters), in_week(36))
    told = seen(book, TOLD, OPEN)
    assert [(one.size_m, one.incidents) for one in told] == [(500, 5)] * 4
    assert [one.cell for one in told] == ["c500-0-0", "c500-500-0", "c500-0-500", "c500-500-500"]
    lacking = register(np.concatenate([*quarters[:3], quarters[3][:4]]), in_week(31))
    assert [(one.size_m, one.incidents) for one in seen(lacking, TOLD, OPEN)] == [(1000, 30)]


def test_cells_of__does_not_change_within_a_quarter_nor_by_what_comes_late() -> None:
    n = 60
    xy_m, weeks = spread(n), np.arange(n) % 13
    book = register(xy_m, weeks)
    told = [seen(book, TOLD.plus(ahead), OPEN) for ahead in range(13)]
    assert all(rows == told[0] for rows in told)
    late_s = np.full(n + 30, int(TOLD.bounds(ZONE)[0].timestamp()) + 1, np.int64)
    late_s[:n] -= 2
    more = register(
        np.concatenate([xy_m, spread(30)]), np.concatenate([weeks, in_week(30)]), reported_s=late_s
    )
    assert seen(more, TOLD.plus(5), OPEN) == told[0]


def test_cells_of__says_nothing_of_a_period_that_is_too_new_or_not_covered() -> None:
    book = register(spread(50), np.arange(50) % 13)
    assert seen(book, TOLD.plus(-1), OPEN) == []
    assert seen(register(spread(50), 1 + np.arange(50) % 12), TOLD, OPEN) == []


def test_cells_of__leaves_out_what_is_sensitive_below_the_internal_level() -> None:
    book = register(spread(20), in_week(20), subtheme=["robbery"] * 10 + ["bicycle"] * 10)
    assert [one.incidents for one in seen(book, TOLD, PARTNER)] == [10]
    assert sum(one.incidents for one in seen(book, TOLD, INTERNAL)) == 20


def test_cells_of__of_the_internal_level_is_the_kernel_sum() -> None:
    xy_m = spread(300, side_m=2000)
    book = register(xy_m, np.arange(300) % 30)
    rows = seen(book, FIRST.plus(29), INTERNAL)
    centres_m = np.array([[one.west_m + 62.5, one.south_m + 62.5] for one in rows])
    expected = kde_at(xy_m, centres_m, bandwidth_m=250.0) * 1e6
    assert [one.density_per_km2 for one in rows] == pytest.approx(expected, abs=1e-3)
    assert min(one.ratio for one in rows) >= LEAST_RATIO
    assert {(one.size_m, one.last) for one in rows} == {(125, FIRST.plus(29))}
    for one in rows:
        inside = shapely.contains_xy(one.shape, xy_m[:, 0], xy_m[:, 1])
        assert one.incidents == np.count_nonzero(inside)


@settings(max_examples=20)
@given(order=st.permutations(range(60)), seed=st.integers(0, 99))
def test_cells_of__does_not_care_about_the_order_of_the_register(order: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    # On the decimetre, where sums of kernels are the same in any order up to the digits that are told.
    xy_m, week = np.round(rng.uniform(0, 1500, (60, 2)), 1), rng.integers(0, 13, 60)
    at = np.array(order)
    for level in (PARTNER, OPEN):
        assert seen(register(xy_m, week), TOLD, level) == seen(register(xy_m[at], week[at]), TOLD, level)


def test_cells_of__refuses_a_city_without_an_area() -> None:
    book = register(spread(5), in_week(5))
    with pytest.raises(InvalidParameter, match="city_m2 must be above 0, got 0"):
        cells_of(TOLD, book, OPEN, themes=["theft"], city_m2=0.0, zone=ZONE, rules=Rules())


def test_cells_of__is_bounded_for_a_large_register() -> None:
    rng = np.random.default_rng(5)
    n = 105_000
    themes = [f"theme{number}" for number in rng.integers(0, 6, n)]
    xy_m = rng.normal(0, 4000, (n, 2))
    book = register(xy_m, rng.integers(0, 52, n), theme=themes)
    for level in (INTERNAL, PARTNER, OPEN):
        rows = cells_of(
            Week.from_ordinal(FIRST.ordinal + 51),
            book,
            level,
            themes=sorted(set(themes)),
            city_m2=6e7,
            zone=ZONE,
            rules=RULES,
        )
        assert 0 < len(rows) <= 6 * MOST_CELLS
