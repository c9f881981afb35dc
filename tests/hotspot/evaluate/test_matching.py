"""When a claim is a true find."""

import numpy as np
import pytest

from hotspot.evaluate.matching import Rule, is_find, matched, scored
from hotspot.evaluate.worlds import Truth
from hotspot.model import Grade, Kind
from tests.hotspot.evaluate.invented import claim, pair, planting, scored_claim

EAST_M = np.array([[0.0, 0.0], [30.0, 0.0], [60.0, 0.0], [90.0, 0.0]])


def truth() -> Truth:
    return Truth(
        Kind.ACUTE, (0.0, 0.0), 100.0, 4, 4, on_border=False, is_plain=True,
        members=(1, 2, 3, 4), members_m=EAST_M, addresses_m=EAST_M,
    )  # fmt: skip


def test_scored__measures_a_claim_that_is_the_planted_disc() -> None:
    (one,) = scored([claim(radius_m=100.0, members=(1, 2, 3, 4))], [truth()])
    (found,) = one.pairs
    assert found.held == found.members_held == found.purity == 1.0
    assert found.iou_disc == pytest.approx(1.0)
    assert found.centroid_error_m == 0.0


def test_scored__measures_a_claim_beside_it_by_hand() -> None:
    # A disc of half the radius inside: a quarter of the area; it holds the incidents at 0 and 30 m.
    (one,) = scored([claim(radius_m=50.0, members=(1, 2, 99))], [truth()])
    (found,) = one.pairs
    assert found.iou_disc == pytest.approx(0.25)
    assert found.held == 0.5
    assert found.purity == pytest.approx(2 / 3)


def test_scored__a_claim_elsewhere_has_no_pair() -> None:
    (one,) = scored([claim(xy_m=(1000.0, 0.0))], [truth()])
    assert one.pairs == ()


def test_scored__keeps_graded_claims_however_weak() -> None:
    strong = [claim(score=10.0 + i) for i in range(100)]
    kept = scored([*strong, claim(score=0.1, grade=Grade.LIKELY)], [])
    assert len(kept) < 100
    assert kept[-1].grade is Grade.LIKELY
    assert [one.score for one in kept] == sorted((one.score for one in kept), reverse=True)


@pytest.mark.parametrize(
    ("held", "iou", "error_m", "found"),
    [
        (0.5, 0.0, 150.0, True),
        (0.4, 0.2, 150.0, True),
        (0.4, 0.19, 0.0, False),
        (1.0, 1.0, 151.0, False),
    ],
)
def test_standard__near_enough_and_half_held_or_overlapping(
    *, held: float, iou: float, error_m: float, found: bool
) -> None:
    assert is_find(pair(held=held, iou=iou, error_m=error_m), planting(radius_m=100.0)) is found


def test_rules__strict_finds_are_standard_finds_and_these_hold_something() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        held, iou, error_m = rng.random(), rng.random() / 2, 200 * rng.random()
        one = pair(held=held, iou=iou, error_m=error_m)
        if is_find(one, planting(), Rule.STRICT):
            assert is_find(one, planting())
        assert is_find(one, planting(), Rule.LOOSE)


def test_members__three_tenths_and_two_at_least() -> None:
    assert not is_find(pair(members_held=1 / 3), planting(incidents=3), Rule.MEMBERS)
    assert is_find(pair(members_held=2 / 3), planting(incidents=3), Rule.MEMBERS)
    assert not is_find(pair(members_held=3 / 12), planting(incidents=12), Rule.MEMBERS)
    assert is_find(pair(members_held=4 / 12), planting(incidents=12), Rule.MEMBERS)


def test_matched__a_second_claim_on_one_hotspot_is_false() -> None:
    claims = [scored_claim(pair(0), score=2.0), scored_claim(pair(0), score=1.0)]
    found = matched(claims, [planting()], kind=Kind.ACUTE)
    assert found == {0: pair(0), 1: None}


def test_matched__a_claim_on_two_hotspots_finds_the_one_that_it_fits_best() -> None:
    claims = [scored_claim(pair(0, iou=0.3), pair(1, iou=0.6))]
    found = matched(claims, [planting(), planting()], kind=Kind.ACUTE)
    assert found == {0: pair(1, iou=0.6)}


def test_matched__kinds_do_not_mix() -> None:
    claims = [scored_claim(pair(0)), scored_claim(pair(0), kind=Kind.CHRONIC)]
    assert matched(claims, [planting(kind=Kind.CHRONIC)], kind=Kind.ACUTE) == {0: None}
    assert matched(claims, [planting(kind=Kind.CHRONIC)], kind=Kind.CHRONIC) == {1: pair(0)}
