import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidParameter
from hotspot.stats.scan_windows import ScanPlan, Windows, lay_windows


def circles(windows: Windows) -> list[set[int]]:
    found = []
    for centre in range(windows.centre.size):
        for ring in range(windows.ring_start[centre], windows.ring_start[centre + 1]):
            begin, end = windows.place_start[centre], windows.ring_end[ring]
            found.append(set(windows.place[begin:end].tolist()))
    return found


def periods(steps: int, plan: ScanPlan) -> set[tuple[int, int]]:
    windows = lay_windows(np.zeros((1, 2)), np.ones(1), steps=steps, plan=plan)
    first, last = steps - windows.oldest, steps - 1 - windows.newest
    return set(zip(first.tolist(), last.tolist(), strict=True))


CROSS_M = np.array([[0.0, 0.0], [100.0, 0.0], [-100.0, 0.0], [0.0, 100.0], [0.0, -100.0], [300.0, 0.0]])


def test_lay_windows__lets_places_at_equal_distance_in_together() -> None:
    plan = ScanPlan(max_share=1.0, centres=(0,))
    windows = lay_windows(CROSS_M, np.ones(6), steps=1, plan=plan)
    assert circles(windows) == [{0}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4, 5}]
    assert windows.ring_radius_m.tolist() == [0.0, 100.0, 300.0]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (ScanPlan(max_share=0.5, centres=(5,)), [{5}, {5, 1}, {5, 1, 0}]),
        (ScanPlan(max_share=1.0, max_radius_m=200.0, centres=(5,)), [{5}, {5, 1}]),
        (ScanPlan(max_share=0.5, centres=(0,)), [{0}]),
        (ScanPlan(max_share=0.1, centres=(0,)), []),
    ],
)
def test_lay_windows__keeps_within_share_and_radius(plan: ScanPlan, expected: list[set[int]]) -> None:
    assert circles(lay_windows(CROSS_M, np.ones(6), steps=1, plan=plan)) == expected


def test_lay_windows__takes_all_at_one_point_as_one_place() -> None:
    xy_m = np.array([[5.0, 5.0], [5.0, 5.0], [9.0, 5.0]])
    plan = ScanPlan(max_share=1.0, centres=(0,))
    assert circles(lay_windows(xy_m, np.ones(3), steps=1, plan=plan)) == [{0, 1}, {0, 1, 2}]


def test_lay_windows__prospective_periods_end_now() -> None:
    assert periods(5, ScanPlan(prospective=True, max_steps=3)) == {(4, 4), (3, 4), (2, 4)}
    assert periods(5, ScanPlan(prospective=True)) == {(4, 4), (3, 4)}
    assert periods(1, ScanPlan(prospective=True)) == {(0, 0)}


def test_lay_windows__retrospective_periods_are_all() -> None:
    assert periods(3, ScanPlan(max_steps=2)) == {(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)}
    assert periods(3, ScanPlan(max_steps=9)) == {(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)}


def test_lay_windows__of_no_places_are_none() -> None:
    for radius_m in (None, 100.0):
        plan = ScanPlan(max_radius_m=radius_m)
        assert lay_windows(np.empty((0, 2)), np.empty(0), steps=3, plan=plan).size == 0


@given(st.integers(0, 2**32), st.floats(0, 6.28), st.integers(-(10**6), 10**6))
def test_lay_windows__do_not_care_about_shift_and_turn(seed: int, angle: float, shift_m: int) -> None:
    xy_m = np.random.default_rng(seed).integers(0, 6, (12, 2)).astype(np.float64) * 50.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    plan = ScanPlan(max_share=0.6)
    here = lay_windows(xy_m, np.ones(12), steps=1, plan=plan)
    there = lay_windows(xy_m @ turn.T + shift_m, np.ones(12), steps=1, plan=plan)
    assert circles(here) == circles(there)


def test_lay_windows__refuse_bad_places() -> None:
    with pytest.raises(InvalidParameter, match="shape"):
        lay_windows(np.zeros((3, 3)), np.ones(3), steps=1, plan=ScanPlan())
    with pytest.raises(InvalidParameter, match="finite"):
        lay_windows(np.array([[np.nan, 0.0]]), np.ones(1), steps=1, plan=ScanPlan())
    with pytest.raises(InvalidParameter, match="centres must be from 0 to 1, got 0 to 2"):
        lay_windows(np.zeros((2, 2)), np.ones(2), steps=1, plan=ScanPlan(centres=(0, 2)))


def test_scan_plan__names_every_mistake() -> None:
    with pytest.raises(InvalidParameter) as refused:
        ScanPlan(max_share=0.0, max_radius_m=-1.0, max_steps=0, min_cases=0, replicates=0, threads=0)
    assert len(refused.value.mistakes) == 6
    with pytest.raises(InvalidParameter, match="rates must be high, low or both"):
        ScanPlan(rates="all")  # type: ignore[arg-type]  # A wrong word is what is tried.
