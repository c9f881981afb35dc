"""Hotspots under the names that they keep, and the lists of the last four weeks."""

from __future__ import annotations

import dataclasses

import shapely

from hotspot.past import KEPT_WEEKS, NOTHING, named
from hotspot.same_place import Place
from hotspot.weeks import Week
from tests import factories

W30 = Week(2010, 30)


def _week(week: Week, name: str) -> tuple[object, ...]:
    hotspot = dataclasses.replace(factories.hotspot(name), week=week)
    return (dataclasses.replace(factories.detection([hotspot]), week=week),)


def test_named__keeps_the_first_name_and_the_lists_of_four_weeks() -> None:
    past = NOTHING
    for number in range(6):
        week = W30.plus(number)
        found = named(past, week, _week(week, f"hs-{number}"))  # type: ignore[arg-type]  # Shorter above.
        assert [one.id for one in found.detections[0].hotspots] == ["hs-0"]
        assert found.followed.entries[0].weeks_listed == number + 1
        past = found.past
    assert sorted(past.lists) == [W30.plus(number) for number in range(2, 6)]
    assert len(past.lists) == KEPT_WEEKS
    following = W30.plus(6)
    for ago in (1, 4):
        then = past.since(following, weeks_ago=ago)
        assert then is not None
        assert then[0].week == following.plus(-ago)
    assert past.since(following, weeks_ago=5) is None


def _place(name: str, x_m: float = 176_500.0) -> Place:
    hotspot = factories.hotspot("any")
    return Place(
        name,
        hotspot.theme,
        hotspot.kind,
        shapely.Point(x_m, 318_500.0).buffer(50.0),
        (x_m, 318_500.0),
        frozenset(hotspot.members),
        W30.plus(-1),
        W30.plus(-1),
        1,
    )


def test_named__a_correction_keeps_the_name_under_which_a_place_was_published() -> None:
    (detection,) = _week(W30, "hs-after")
    hotspot = detection.hotspots[0]  # type: ignore[attr-defined]  # As above.
    x_m, y_m = hotspot.centroid_xy_m
    published = dataclasses.replace(
        _place("hs-before"), footprint=hotspot.footprint, centroid_xy_m=(x_m, y_m)
    )
    found = named(NOTHING, W30, [detection], published=[published, _place("hs-far", x_m=200_000.0)])  # type: ignore[list-item]
    assert [one.id for one in found.detections[0].hotspots] == ["hs-before"]
    assert found.followed.entries[0].hotspot_id == "hs-after"
    # Elsewhere is another place, and keeps its own name.
    other = named(NOTHING, W30, [detection], published=[_place("hs-far", x_m=200_000.0)])  # type: ignore[list-item]
    assert [one.id for one in other.detections[0].hotspots] == ["hs-after"]


def test_named__a_name_that_is_in_use_is_not_given_again() -> None:
    first = named(NOTHING, W30, _week(W30, "hs-a"))  # type: ignore[arg-type]
    far = dataclasses.replace(
        factories.hotspot("hs-b"),
        week=W30.plus(1),
        footprint=shapely.Point(200_000.0, 318_500.0).buffer(50.0),
        centroid_xy_m=(200_000.0, 318_500.0),
        members=(90, 91, 92),
    )
    detection = dataclasses.replace(factories.detection([far]), week=W30.plus(1))
    found = named(first.past, W30.plus(1), [detection], published=[_place("hs-a", x_m=200_000.0)])
    assert [one.id for one in found.detections[0].hotspots] == ["hs-b"]
