import dataclasses
import datetime as dt

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.editions import RankedHotspot
from hotspot.harm import Weights
from hotspot.model import AreaShare, Detection, Evidence, Form, Grade, Hotspot, Kind, State
from hotspot.ranking import order, rank
from hotspot.weeks import Week

WEEK = Week(2024, 30)
EVIDENCE = Evidence(5, 1.0, 3, 5.0, 6.0, 0.01, 0.02, 100.0, 3, 2, 4)


def hotspot(
    name: str,
    *,
    x_m: float = 0.0,
    radius_m: float = 50.0,
    kind: Kind = Kind.ACUTE,
    grade: Grade = Grade.CONFIRMED,
    **evidence: float,
) -> Hotspot:
    return Hotspot(
        id=name,
        theme="theft",
        week=WEEK,
        kind=kind,
        grade=grade,
        form=Form.AREA,
        pile_up=False,
        footprint=shapely.Point(x_m, 0).buffer(radius_m),
        centroid_xy_m=(x_m, 0.0),
        neighbourhoods=(AreaShare("B0101", "Square", 1.0),),
        subthemes=(("bicycle", 5),),
        evidence=dataclasses.replace(EVIDENCE, **evidence),  # type: ignore[arg-type]  # All are numbers.
        members=(1, 2, 3, 4, 5),
    )


def detection(*hotspots: Hotspot) -> Detection:
    return Detection("theft", WEEK, State.HOTSPOTS, None, 20, 200, 4, 52, 9, hotspots)


def test_rank__of_nothing_is_empty() -> None:
    assert rank(detection()) == ()


def listed(
    *hotspots: Hotspot, seed: int = 1, weights: Weights | None = None, rejected: tuple[Hotspot, ...] = ()
) -> tuple[RankedHotspot, ...]:
    week = dataclasses.replace(detection(*hotspots), rejected=rejected)
    return rank(week, rng=np.random.default_rng(seed), weights=weights)


def test_rank__follows_the_score_then_the_id() -> None:
    rows = listed(
        hotspot("e", expected=2.0),
        hotspot("d"),
        hotspot("c"),
        hotspot("b", observed=12),
        hotspot("a", expected=4.0, log_likelihood_ratio=90.0),
    )
    assert [row.hotspot.id for row in rows] == ["b", "c", "d", "e", "a"]
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0].score > rows[1].score == rows[2].score > rows[3].score > rows[4].score
    assert {row.previous_rank for row in rows} == {None}


def test_rank__a_score_is_less_than_what_was_counted_too_many_and_lies_in_its_interval() -> None:
    (row,) = listed(hotspot("a", observed=30, expected=2.0))
    assert row.score_lower is not None
    assert row.score_upper is not None
    assert 0 < row.score_lower < row.score < row.score_upper
    assert row.score < 28


def test_rank__a_single_hotspot_is_first_for_sure() -> None:
    (row,) = listed(hotspot("a"))
    assert (row.rank_lower, row.rank_upper, row.p_top3, row.p_top10, row.tie) == (1, 1, 1.0, 1.0, 1)


def test_rank__of_hotspots_far_apart_is_sure_and_of_equal_ones_is_not() -> None:
    first, second, third = listed(
        hotspot("a", observed=90, expected=5.0), hotspot("b", observed=30), hotspot("c", observed=30)
    )
    assert (first.rank_lower, first.rank_upper, first.tie) == (1, 1, 1)
    assert (second.rank_lower, second.rank_upper, second.tie) == (2, 3, 2)
    assert (third.rank_lower, third.rank_upper, third.tie) == (2, 3, 2)
    assert second.p_top3 == 1.0


def test_rank__chances_of_the_top_count_the_rows_of_the_blocks_before() -> None:
    rows = listed(
        *[hotspot(f"a{i}") for i in range(2)],
        *[hotspot(f"b{i}", grade=Grade.LIKELY) for i in range(4)],
        *[hotspot(f"c{i}", kind=Kind.CHRONIC) for i in range(3)],
    )
    top3 = [row.p_top3 for row in rows]
    assert top3[:2] == [1.0, 1.0]
    assert sum(p for p in top3[2:6] if p is not None) == pytest.approx(1.0)
    assert top3[6:] == [0.0, 0.0, 0.0]
    assert [row.p_top10 for row in rows] == pytest.approx([1.0] * 9)
    assert {(row.rank_lower, row.rank_upper) for row in rows[6:]} <= {(7, 9), (7, 8), (8, 9)}
    assert [row.tie for row in rows] == [1, 1, 3, 3, 3, 3, 7, 7, 7]


def test_rank__fewer_than_five_events_are_too_little_data() -> None:
    rows = listed(hotspot("a", observed=4), hotspot("b", observed=5))
    assert {row.hotspot.id: row.too_little_data for row in rows} == {"a": True, "b": False}


def test_rank__does_not_multiply_a_short_window_and_brings_a_year_to_four_weeks() -> None:
    week, month = listed(hotspot("a", window_weeks=1), hotspot("b", window_weeks=4))
    assert week.score == month.score
    (year,) = listed(hotspot("a", kind=Kind.CHRONIC, window_weeks=52, observed=60, expected=20.0))
    (long,) = listed(hotspot("a", kind=Kind.CHRONIC, window_weeks=4, observed=60, expected=20.0))
    assert year.score == pytest.approx(long.score / 13, abs=1e-8)


def test_rank__believes_counts_less_where_the_rejected_candidates_are_as_high() -> None:
    same = [hotspot(f"r{i}", grade=Grade.NONE, observed=9 + i % 2, expected=4.0) for i in range(20)]
    spot = hotspot("a", observed=12, expected=4.0)
    (alone,), (among,) = listed(spot), listed(spot, rejected=tuple(same))
    assert among.score < alone.score


def test_rank__the_order_does_not_hang_on_chance_and_the_same_chance_gives_the_same_rows() -> None:
    spots = [hotspot(f"h{i}", observed=4 + i, expected=1.0 + i / 3) for i in range(9)]
    one, same, other = listed(*spots), listed(*spots), listed(*spots, seed=2)
    assert one == same
    assert [(row.hotspot.id, row.score) for row in one] == [(row.hotspot.id, row.score) for row in other]
    assert one != other


def test_rank__an_expectation_of_nothing_is_no_error() -> None:
    (row,) = listed(hotspot("a", expected=0.0))
    assert np.isfinite(row.score)
    assert row.score_lower is not None
    assert np.isfinite(row.score_lower)


def weights(usual: float = 1.0, **subthemes: float) -> Weights:
    by_subtheme = {("theft", name): weight for name, weight in subthemes.items()}
    return Weights("w", "1", dt.date(2026, 11, 22), "us", False, usual, {}, by_subtheme)


def test_rank__says_nothing_of_harm_where_all_weights_are_1() -> None:
    (row,) = listed(hotspot("a"), weights=weights(bicycle=1.0))
    assert (row.harm_score, row.harm_rank) == (None, None)


def test_rank__by_harm_stands_beside_the_rank_by_count() -> None:
    many = hotspot("many", observed=20)
    grave = dataclasses.replace(hotspot("grave"), subthemes=(("robbery", 5),))
    first, second = listed(many, grave, weights=weights(robbery=50.0))
    assert (first.hotspot.id, first.rank, first.harm_rank) == ("many", 1, 2)
    assert (second.hotspot.id, second.rank, second.harm_rank) == ("grave", 2, 1)
    assert first.harm_score == pytest.approx(first.score)
    assert second.harm_score == pytest.approx(50 * second.score)


def test_rank__what_the_police_found_is_no_harm() -> None:
    tallies = {"a": {("bicycle", "police"): 3, ("bicycle", "citizen"): 1}}
    (row,) = rank(
        detection(hotspot("a")), rng=np.random.default_rng(1), weights=weights(2.0), tallies=tallies
    )
    assert row.harm_score == pytest.approx(0.5 * row.score)
    (row,) = rank(detection(hotspot("a")), rng=np.random.default_rng(1), weights=weights(2.0), tallies={})
    assert row.harm_score == 0.0


def test_rank__puts_acute_before_chronic_and_confirmed_before_likely_whatever_the_score() -> None:
    rows = rank(
        detection(
            hotspot("d", kind=Kind.CHRONIC, grade=Grade.LIKELY, observed=90),
            hotspot("c", kind=Kind.CHRONIC, observed=80),
            hotspot("b", grade=Grade.LIKELY, observed=70),
            hotspot("a"),
        )
    )
    assert [row.hotspot.id for row in rows] == ["a", "b", "c", "d"]


@given(st.permutations(range(6)))
def test_rank__does_not_care_about_the_order_it_is_given(order: list[int]) -> None:
    spots = [hotspot(f"h{i}", observed=4 + i // 2) for i in range(6)]
    assert rank(detection(*[spots[i] for i in order])) == rank(detection(*spots))


def test_order__is_that_of_the_ranks() -> None:
    spots = [hotspot(f"h{i}", observed=4 + i % 3, kind=tuple(Kind)[i % 2]) for i in range(7)]
    assert order(detection(*spots)) == tuple(row.hotspot for row in listed(*spots))
    assert order(detection()) == ()
