import dataclasses

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspot.model import AreaShare, Detection, Evidence, Form, Grade, Hotspot, Kind, State
from hotspot.ranking import rank
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
    assert rank(detection(), None) == ()


def test_rank__follows_the_evidence_then_the_excess_then_the_id() -> None:
    rows = rank(
        detection(
            hotspot("e", expected=2.0),
            hotspot("d"),
            hotspot("c"),
            hotspot("b", log_likelihood_ratio=9.0),
            hotspot("a", p_value=0.05, log_likelihood_ratio=3.0),
        ),
        None,
    )
    assert [row.hotspot.id for row in rows] == ["b", "c", "d", "e", "a"]
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert [row.score for row in rows] == [9.0, 6.0, 6.0, 6.0, 3.0]
    assert {row.previous_rank for row in rows} == {None}


def test_rank__puts_acute_before_chronic_and_confirmed_before_likely_whatever_the_score() -> None:
    rows = rank(
        detection(
            hotspot("d", kind=Kind.CHRONIC, grade=Grade.LIKELY, log_likelihood_ratio=90.0),
            hotspot("c", kind=Kind.CHRONIC, log_likelihood_ratio=80.0),
            hotspot("b", grade=Grade.LIKELY, log_likelihood_ratio=70.0),
            hotspot("a", log_likelihood_ratio=5.0),
        ),
        None,
    )
    assert [row.hotspot.id for row in rows] == ["a", "b", "c", "d"]


def test_rank__an_acute_hotspot_does_not_take_over_the_rank_of_a_chronic_one_at_its_place() -> None:
    before = detection(hotspot("lasting", kind=Kind.CHRONIC), hotspot("passing", x_m=4000))
    rows = rank(detection(hotspot("flaring"), hotspot("lasts", kind=Kind.CHRONIC)), before)
    assert {row.hotspot.id: row.previous_rank for row in rows} == {"flaring": None, "lasts": 2}


def test_rank__of_a_place_is_known_again_when_it_is_surer_than_before() -> None:
    before = detection(hotspot("likely", grade=Grade.LIKELY))
    assert rank(detection(hotspot("confirmed")), before)[0].previous_rank == 1


@given(st.permutations(range(6)))
def test_rank__does_not_care_about_the_order_it_is_given(order: list[int]) -> None:
    spots = [hotspot(f"h{i}", log_likelihood_ratio=float(i // 2)) for i in range(6)]
    assert rank(detection(*[spots[i] for i in order]), None) == rank(detection(*spots), None)


def test_rank__knows_the_rank_of_the_week_before_at_the_same_place() -> None:
    before = detection(
        hotspot("weak", x_m=1000, log_likelihood_ratio=5.0),
        hotspot("strong", x_m=0, log_likelihood_ratio=8.0),
    )
    rows = rank(detection(hotspot("new", x_m=5000), hotspot("old", x_m=1100)), before)
    assert {row.hotspot.id: row.previous_rank for row in rows} == {"new": None, "old": 2}


def test_rank__a_large_overlap_is_the_same_place_even_if_the_centre_moved() -> None:
    wide = hotspot("wide", x_m=0, radius_m=400)
    assert rank(detection(hotspot("moved", x_m=200, radius_m=400)), detection(wide))[0].previous_rank == 1
    assert rank(detection(hotspot("gone", x_m=700, radius_m=400)), detection(wide))[0].previous_rank is None


def test_rank__hands_each_earlier_rank_to_one_hotspot_only() -> None:
    near, nearer = hotspot("near", x_m=120), hotspot("nearer", x_m=-60)
    rows = rank(detection(near, nearer), detection(hotspot("old", x_m=0)))
    assert {row.hotspot.id: row.previous_rank for row in rows} == {"near": None, "nearer": 1}


def test_rank__a_hotspot_keeps_one_earlier_rank() -> None:
    before = detection(hotspot("first", x_m=-40, log_likelihood_ratio=9.0), hotspot("second", x_m=30))
    rows = rank(detection(hotspot("now", x_m=0)), before)
    assert [row.previous_rank for row in rows] == [2]
    assert np.isfinite(rows[0].score)
