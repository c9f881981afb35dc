import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hotspot.errors import InvalidParameter
from hotspot.hotcrimes import HotCrime, HotCrimes, hotcrimes
from hotspot.model import Area, Level

SHAPE = shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])
CITY = Area(Level.MUNICIPALITY, "GM0935", "Maastricht", None, SHAPE)
AREAS = (
    CITY,
    *(Area(Level.NEIGHBOURHOOD, f"BU{number}", f"Buurt {number}", "GM0935", SHAPE) for number in range(6)),
)
SUBTHEMES = (("drugs", "dealing"), ("drugs", "use"), ("theft", "bicycle"))


def lived(*, weeks: int = 60, mean: float = 4.0) -> NDArray[np.int64]:
    """Three subthemes in six neighbourhoods; the last week is as usual."""
    counts = np.random.default_rng(3).poisson(mean, (3, 6, weeks))
    counts[:, :, -1] = round(mean)
    return counts


def matrix(counts: NDArray[np.int64]) -> HotCrimes:
    return hotcrimes(np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1), SUBTHEMES, AREAS)


def cell(found: HotCrimes, subtheme: str, area: str) -> HotCrime:
    return next(row for row in found.rows if (row.subtheme, row.area) == (subtheme, area))


def test_hotcrimes__hold_every_cell_in_order() -> None:
    found = matrix(lived())
    assert found.tests == len(found.rows) == 21
    assert [row.subtheme for row in found.rows[::7]] == ["dealing", "use", "bicycle"]
    assert [row.area for row in found.rows[:7]] == [area.code for area in AREAS]
    assert not any(row.is_alarm for row in found.rows)
    assert found.expected_false == 0.0


def test_hotcrimes__show_the_cell_that_rose() -> None:
    counts = lived()
    counts[1, 2, -1] = 20
    found = matrix(counts)
    row = cell(found, "use", "BU2")
    assert row.is_alarm
    assert (row.theme, row.area_name, row.level, row.observed) == (
        "drugs",
        "Buurt 2",
        Level.NEIGHBOURHOOD,
        20,
    )
    assert row.expected == pytest.approx(4.0, rel=0.2)
    # Drawn towards the others, which are as expected.
    assert 1.0 < row.ratio < 20 / row.expected
    assert row.ratio_lower < row.ratio < row.ratio_upper
    assert 0.0 < found.expected_false <= found.q * sum(row.is_alarm for row in found.rows)


def test_hotcrimes__follow_a_year_long_trend() -> None:
    counts = lived(weeks=61)
    counts[0, 3] = np.arange(61) // 4
    counts[2, 1] = 15 - np.arange(61) // 4
    found = matrix(counts)
    assert cell(found, "dealing", "BU3").trend == "up"
    assert cell(found, "bicycle", "BU1").trend == "down"
    assert cell(found, "use", "BU5").trend == "none"


def test_hotcrimes__see_no_trend_in_less_than_a_year() -> None:
    counts = lived(weeks=40)
    counts[0, 3] = np.arange(40)
    assert {row.trend for row in matrix(counts).rows} == {"none"}


def test_hotcrimes__do_not_test_a_cell_with_hardly_any_past() -> None:
    counts = lived()
    counts[1, 2, :-1] = 0
    counts[1, 2, -10:-6] = 1
    counts[1, 2, -1] = 9
    row = cell(matrix(counts), "use", "BU2")
    assert row.too_little_data
    assert not row.is_alarm
    assert (row.p_value, row.q_value) == (None, None)
    counts[1, 2, -6] = 1
    assert not cell(matrix(counts), "use", "BU2").too_little_data


def test_hotcrimes__of_a_week_without_anything_draw_all_ratios_down_alike() -> None:
    counts = lived()
    counts[:, :, -1] = 0
    rows = matrix(counts).rows
    assert all(row.ratio <= 1.0 for row in rows)
    assert all(row.ratio_lower < row.ratio_upper for row in rows)


@pytest.mark.parametrize("weeks", [1, 8])
def test_hotcrimes__need_eight_weeks_before(weeks: int) -> None:
    assert matrix(lived(weeks=weeks)).rows == ()


def test_hotcrimes__without_subthemes_are_empty() -> None:
    assert hotcrimes(np.zeros((0, 7, 60), int), (), AREAS).rows == ()


def test_hotcrimes__without_any_past_test_nothing() -> None:
    found = matrix(np.zeros((3, 6, 60), int))
    assert found.tests == 0
    assert all(row.too_little_data for row in found.rows)


@settings(max_examples=10)
@given(across=st.permutations(range(7)), down=st.permutations(range(3)))
def test_hotcrimes__do_not_care_in_which_order_things_come(across: list[int], down: list[int]) -> None:
    counts = lived(weeks=20)
    counts = np.concatenate([counts.sum(axis=1, keepdims=True), counts], axis=1)
    shuffled = hotcrimes(
        counts[down][:, across], [SUBTHEMES[row] for row in down], [AREAS[column] for column in across]
    )
    assert shuffled == hotcrimes(counts, SUBTHEMES, AREAS)


def test_hotcrimes__refuse_what_does_not_fit() -> None:
    with pytest.raises(InvalidParameter, match="3 subthemes by 7 areas"):
        hotcrimes(np.zeros((3, 6, 60), int), SUBTHEMES, AREAS)
    with pytest.raises(InvalidParameter, match="one municipality"):
        hotcrimes(np.zeros((3, 6, 60), int), SUBTHEMES, AREAS[1:])
    two = (*AREAS, dataclasses.replace(CITY, code="GM2"))
    with pytest.raises(InvalidParameter, match="one municipality"):
        hotcrimes(np.zeros((3, 8, 60), int), SUBTHEMES, two)
