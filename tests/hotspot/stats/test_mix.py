from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.mix import choices, mix_test

WAYS = choices(20, last=4)


def test_choices__begin_with_the_last_weeks_and_miss_none() -> None:
    ways = choices(7, last=2)
    assert len(ways) == comb(7, 2)
    assert ways[0].tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert {tuple(np.flatnonzero(way).tolist()) for way in ways} == set(combinations(range(7), 2))


@pytest.mark.parametrize(("weeks", "last"), [(4, 4), (4, 0), (60, 10)])
def test_choices__refuse_what_cannot_be_chosen(weeks: int, last: int) -> None:
    with pytest.raises(InvalidParameter, match=r"last|choices"):
        choices(weeks, last=last)


def test_mix_test__by_hand() -> None:
    # Three weeks of days only, one of nights only: of the four ways to choose a week one differs as much.
    found = mix_test([[8, 0], [8, 0], [8, 0], [0, 8]], ways=choices(4, last=1))
    assert (found.fell, found.rose, found.fall, found.rise) == (0, 1, 8.0, 8.0)
    assert found.p_value == 0.25
    assert found.is_shift


def test_mix_test__calls_more_of_everything_no_shift() -> None:
    counts = np.full((20, 3), 2)
    counts[-4:] = 6
    found = mix_test(counts, ways=WAYS)
    assert found.p_value == 1.0
    assert not found.is_shift


def test_mix_test__takes_one_bad_night_for_one_story() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(2.0, (20, 4))
    counts[-1, 0] += 12
    counts[3, 0] += 12
    # An ordinary test of these sums is far below a thousandth.
    assert mix_test(counts, ways=WAYS).p_value > 0.05


def test_mix_test__of_one_part_has_nothing_to_say() -> None:
    assert mix_test(np.column_stack([np.full(20, 3), np.zeros(20, int)]), ways=WAYS).p_value == 1.0


def test_mix_test__of_weeks_without_anything_has_nothing_to_say() -> None:
    assert mix_test(np.zeros((20, 2), int), ways=WAYS).p_value == 1.0


@settings(max_examples=30)
@given(order=st.permutations(range(4)), before=st.permutations(range(16)))
def test_mix_test__does_not_care_about_the_order_of_parts_and_earlier_weeks(
    order: list[int], before: list[int]
) -> None:
    counts = np.random.default_rng(9).poisson([3, 2, 1, 1], (20, 4))
    counts[-4:, 3] += 3
    turned = counts[[*before, 16, 17, 18, 19]][:, order]
    here, there = mix_test(counts, ways=WAYS), mix_test(turned, ways=WAYS)
    assert there.p_value == pytest.approx(here.p_value)
    assert order[there.rose] == here.rose


def test_mix_test__rejects_true_nulls_at_the_nominal_rate_however_uneven_the_weeks() -> None:
    rng = np.random.default_rng(6)
    share = np.array([0.4, 0.3, 0.2, 0.1])
    p_value = np.array(
        [
            mix_test(rng.poisson(3.0 * share * rng.gamma(0.5, 2.0, (20, 4))), ways=WAYS).p_value
            for _ in range(400)
        ]
    )
    assert (p_value <= 0.05).mean() <= 0.075
    assert (p_value <= 0.01).mean() <= 0.025


@pytest.mark.parametrize("shape", [(20,), (19, 4), (20, 1)])
def test_mix_test__refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidParameter, match="20 weeks by two parts"):
        mix_test(np.ones(shape), ways=WAYS)
