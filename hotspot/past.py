"""
What a weekly list must know of the weeks before it: the names of places, and the lists they were on.

A history is followed week by week, as `tracking` does; what is kept is enough to go on from any week.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scipy.optimize import linear_sum_assignment

from hotspot.same_place import RULE, compared
from hotspot.tracking import EMPTY, follow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.model import Detection, Hotspot
    from hotspot.same_place import Place
    from hotspot.tracking import Followed, Memory
    from hotspot.weeks import Week

KEPT_WEEKS = 4
"""Weeks of which the lists are kept: a list says what changed since the week before and four weeks ago."""


@dataclass(frozen=True, slots=True)
class Past:
    """
    What is known after some weeks.

    Parameters
    ----------
    memory
        Places that are being followed.
    lists
        Detections of the last weeks by week, each hotspot under the name that it keeps.
    """

    memory: Memory
    lists: Mapping[Week, tuple[Detection, ...]]

    def since(self, week: Week, *, weeks_ago: int) -> tuple[Detection, ...] | None:
        """
        Give the list of an earlier week.

        Parameters
        ----------
        week
            A week.
        weeks_ago
            How many weeks before it.

        Returns
        -------
        tuple of Detection or None
            The detections; None where that week was not detected.
        """
        return self.lists.get(week.plus(-weeks_ago))


NOTHING = Past(EMPTY, {})
"""Before the first week."""


@dataclass(frozen=True, slots=True)
class Named:
    """
    A week whose hotspots have been followed.

    Parameters
    ----------
    followed
        What happened to each place.
    detections
        The detections, each hotspot under the name that it keeps.
    past
        What is known after this week.
    """

    followed: Followed
    detections: tuple[Detection, ...]
    past: Past


def named(
    past: Past, week: Week, detections: Sequence[Detection], *, published: Sequence[Place] = ()
) -> Named:
    """
    Follow one week more.

    Parameters
    ----------
    past
        What is known after the weeks before.
    week
        The week; later than those.
    detections
        What was found, of all themes.
    published
        Places of this week under the names with which it was published before: a report that comes in late
        may move a place's centre, and must not give it another name.

    Returns
    -------
    Named
        The week under the names that stay.
    """
    hotspots = [hotspot for detection in detections for hotspot in detection.hotspots]
    (followed,) = follow([(week, hotspots)], memory=past.memory, names=_known(published, hotspots, week))
    entries = followed.by_hotspot()
    renamed = tuple(
        replace(
            detection,
            hotspots=tuple(replace(one, id=entries[one.id].id) for one in detection.hotspots),
        )
        for detection in detections
    )
    kept = {
        earlier: found for earlier, found in past.lists.items() if week.ordinal - earlier.ordinal < KEPT_WEEKS
    }
    return Named(followed, renamed, Past(followed.memory, {**kept, week: renamed}))


def _known(published: Sequence[Place], hotspots: Sequence[Hotspot], week: Week) -> dict[str, str]:
    """Tell under which name each hotspot was published, by its present id; those that are new have none."""
    present = sorted(hotspots, key=lambda hotspot: hotspot.id)
    places = sorted(published, key=lambda place: place.id)
    if not places or not present:
        return {}
    likeness = compared(places, present, week, RULE).likeness
    old, new = linear_sum_assignment(likeness, maximize=True)
    return {
        present[j].id: places[i].id
        for i, j in zip(old.tolist(), new.tolist(), strict=True)
        if likeness[i, j] > 0
    }
