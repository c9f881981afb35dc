"""What a register adds to what happened."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotspot.city import City, chessboard, city
from hotspot.evaluate.echoes import NEAR_REPEAT_M, jittered, rounded, with_doubles, with_near_repeats
from hotspot.simulate import History, Kind, history
from hotspot.weeks import Week

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST, WEEKS = Week(2024, 1), 20
END_S = int(FIRST.plus(WEEKS - 1).bounds(ZONE)[1].timestamp())


@pytest.fixture(scope="module")
def where() -> City:
    return city(
        chessboard(2, 2, side_m=800), weights=[1, 2, 3, 4], addresses=800, rng=np.random.default_rng(1)
    )


@pytest.fixture(scope="module")
def told(where: City) -> History:
    kind = Kind("burglary", (("home", 1.0),), per_week=100.0)
    return history(where, [kind], first=FIRST, weeks=WEEKS, zone=ZONE, rng=np.random.default_rng(2))


def test_near_repeats__add_their_share_within_reach_and_in_time(where: City, told: History) -> None:
    more = with_near_repeats(told, where, share=0.1, end_s=END_S, rng=np.random.default_rng(3))
    added = len(more.incidents) - len(told.incidents)
    assert 0.06 * len(told.incidents) < added < 0.12 * len(told.incidents)
    assert more.incidents.started_s.max() < END_S
    assert (np.diff(more.incidents.started_s) >= 0).all()
    assert np.array_equal(more.incidents.key, np.arange(1, len(more.incidents) + 1))
    addresses = {tuple(xy) for xy in where.xy_m.tolist()}
    assert {tuple(xy) for xy in more.incidents.xy_m.tolist()} <= addresses
    assert NEAR_REPEAT_M == 100.0


def test_doubles__lie_at_the_same_address_or_ten_metres_off(where: City, told: History) -> None:
    more = with_doubles(told, share=0.5, end_s=END_S, rng=np.random.default_rng(4))
    apart_m = np.hypot(*(more.incidents.xy_m[:, None] - where.xy_m[None]).transpose(2, 0, 1)).min(axis=1)
    assert apart_m.max() <= 10.2
    off = np.count_nonzero(apart_m > 0.2)
    added = len(more.incidents) - len(told.incidents)
    assert 0.1 < off / added < 0.3


def test_echoes__share_of_nought_changes_nothing(where: City, told: History) -> None:
    same = with_near_repeats(told, where, share=0.0, end_s=END_S, rng=np.random.default_rng(5))
    assert np.array_equal(same.incidents.xy_m, told.incidents.xy_m)
    assert np.array_equal(same.incidents.started_s, told.incidents.started_s)


def test_rounded__to_ten_metres(told: History) -> None:
    grid = rounded(told.incidents, to_m=10.0).xy_m
    assert np.allclose(grid % 10, 0)
    assert np.abs(grid - told.incidents.xy_m).max() <= 5.0


def test_jittered__is_off_by_its_precision(told: History) -> None:
    moved = jittered(told.incidents, precision_m=8.0, rng=np.random.default_rng(6))
    off_m2 = ((moved.xy_m - told.incidents.xy_m) ** 2).sum(axis=1)
    assert np.sqrt(off_m2.mean()) == pytest.approx(8.0, rel=0.05)
    assert np.array_equal(moved.started_s, told.incidents.started_s)
