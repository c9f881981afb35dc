"""Hotspots under the names that they keep, and the lists of the last four weeks."""

from __future__ import annotations

import dataclasses

from hotspot.past import KEPT_WEEKS, NOTHING, named
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
