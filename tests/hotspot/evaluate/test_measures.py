"""Thresholds and what they lead to."""

import math

import pytest

from hotspot.evaluate.entries import Cut, Entry, threshold
from hotspot.evaluate.matching import Planting, Scored
from hotspot.evaluate.measures import ceiling, recall_difference, score
from hotspot.evaluate.runner import Outcome
from hotspot.evaluate.scenarios import Background
from hotspot.evaluate.towns import Shape
from hotspot.model import Grade, Kind
from tests.hotspot.evaluate.invented import pair, planting, scored_claim


def outcome(*claims: Scored, spots: tuple[Planting, ...] = (), other: tuple[Scored, ...] = ()) -> Outcome:
    found = {"mine": claims, "other": other}
    seconds = {"mine": 0.1, "other": 0.2}
    return Outcome("acute", 0, Background.PLAIN, Shape.STREETS, 100.0, spots, found, seconds)


def entry(cut: Cut = Cut.CONFIRMED, *, method: str = "mine", limit: float = 0.0) -> Entry:
    return Entry(method, method, cut, dict.fromkeys(Kind, limit))


def test_threshold__at_most_one_of_twenty_weeks_exceeds_it() -> None:
    weeks = [outcome(scored_claim(score=float(i))) for i in range(20)]
    limit = threshold(weeks, "mine", Kind.ACUTE, level=0.05)
    assert limit == 18.0
    assert sum(bool(entry(Cut.CALIBRATED, limit=limit).reported(one.claims["mine"])) for one in weeks) == 1


def test_threshold__ties_fall_on_the_safe_side() -> None:
    weeks = [outcome(scored_claim(score=1.0)) for _ in range(20)]
    limit = threshold(weeks, "mine", Kind.ACUTE, level=0.05)
    assert not any(entry(Cut.CALIBRATED, limit=limit).reported(one.claims["mine"]) for one in weeks)


def test_threshold__weeks_without_claims_need_none() -> None:
    assert threshold([outcome()] * 20, "mine", Kind.ACUTE, level=0.05) == -math.inf


def test_reported__likely_means_both_grades() -> None:
    claims = (
        scored_claim(grade=Grade.CONFIRMED),
        scored_claim(grade=Grade.LIKELY),
        scored_claim(grade=Grade.NONE),
    )
    assert len(entry(Cut.CONFIRMED).reported(claims)) == 1
    assert len(entry(Cut.LIKELY).reported(claims)) == 2


def test_score__by_hand() -> None:
    # Two worlds of two hotspots each: three finds, one false, of which one is a second claim on a found one.
    sure = Grade.CONFIRMED
    first = outcome(
        scored_claim(pair(0, iou=0.4, error_m=10.0), grade=sure),
        scored_claim(pair(1, iou=0.6, error_m=30.0), grade=sure),
        scored_claim(pair(1), grade=sure),
        spots=(planting(incidents=3), planting(incidents=12)),
    )
    second = outcome(
        scored_claim(pair(0, iou=0.5, error_m=20.0), grade=sure),
        scored_claim(grade=Grade.NONE),
        spots=(planting(incidents=3), planting(incidents=12)),
    )
    one = score([first, second], entry(), kind=Kind.ACUTE, seed=1)
    assert one.recall.value == 0.75
    assert one.precision.value == 0.75
    assert one.false_per_week.value == 0.5
    assert one.any_weeks.value == 1.0
    assert one.false_weeks.value == 0.5
    assert {size: value.value for size, value in one.recall_by_size.items()} == {"3": 1.0, "12": 0.5}
    assert one.recall_by_volume["60 to 150 a week"].value == 0.75
    assert one.iou_disc.value == 0.5
    assert one.centroid_error_m.value == 20.0
    assert one.radius_m == pytest.approx(math.sqrt(1e4 / math.pi))


def test_score__a_border_hotspot_in_two_pieces_is_not_reported_once() -> None:
    sure = Grade.CONFIRMED
    whole = outcome(scored_claim(pair(0), grade=sure), spots=(planting(on_border=True),))
    cut = outcome(
        scored_claim(pair(0), grade=sure),
        scored_claim(pair(0, held=0.3, iou=0.1, purity=0.1), grade=sure),
        spots=(planting(on_border=True),),
    )
    assert score([whole, cut], entry(), kind=Kind.ACUTE, seed=1).once.value == 0.5


def test_recall_difference__of_a_detector_from_itself_is_nought() -> None:
    world = outcome(
        scored_claim(pair(0), grade=Grade.CONFIRMED),
        spots=(planting(), planting()),
        other=(scored_claim(pair(0), score=5.0), scored_claim(pair(1), score=4.0)),
    )
    same = recall_difference([world] * 4, entry(), entry(), kind=Kind.ACUTE, seed=1)
    assert (same.recall.value, same.recall.low, same.recall.high) == (0.0, 0.0, 0.0)
    worse = recall_difference(
        [world] * 4, entry(), entry(Cut.CALIBRATED, method="other", limit=1.0), kind=Kind.ACUTE, seed=1
    )
    assert worse.recall.value == -0.5


def test_ceiling__counts_what_is_plain() -> None:
    known = ceiling([outcome(spots=(planting(incidents=3), planting(incidents=12)))], seed=1)
    assert known.recall.value == 1.0
    assert set(known.recall_by_size) == {"3", "12"}
