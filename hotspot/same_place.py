"""
Are a hotspot of this week and one of a week before the same place? The rule by which places are known again.

Question: how alike are a place as it was seen last and a hotspot, and may they be one?
Cost: an intersection of outlines for each pair of one theme and kind whose outlines or centroids are near.
Source: overlap and distance from METHODS 2.15 (descriptive shift); the shared incidents and the preferences
are our own, tried on simulated lives (tests/lives.py).

Likeness is the sum of nearness (1 less the square of the distance in units of the largest allowed, counted
twice), of the part of both outlines and of the part of both's incidents that is shared, and of the hotspot's
size, each 0 to 1: of two parts of a place the larger goes on as that place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Polygon

    from hotspot.model import Hotspot, Kind
    from hotspot.weeks import Week

_PREFERENCE = 0.1
"""Most that age, recency and events each add to a likeness: they decide between almost equal pairs."""

_NEARNESS = 2.0
"""How often nearness counts; with 1 or 3 as many lives are followed rightly, give or take half a percent."""

_HALF_SIZE_M2 = 10_000.0
"""Square metres at which a size counts half: outlines are a quarter of it (a dot) to some times it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What makes two hotspots of one theme and kind one place.

    Parameters
    ----------
    overlap
        Shared part of the union of both outlines from which they are, above 0 to 1.
    apart_m
        Metres between both centroids up to which they are, above 0.
    members
        Shared incidents, as a part of the smaller's, from which they are; above 0 to 1.
    part
        Shared outline, as a part of the smaller, from which one continues the other in a split or a merge;
        above 0 to 1.
    max_gap_weeks
        Weeks in a row without being listed after which a place still keeps its name, at least 0.

    Raises
    ------
    InvalidParameter
        If a value is out of bounds.
    """

    overlap: float = 0.3
    apart_m: float = 150.0
    members: float = 0.3
    part: float = 0.2
    max_gap_weeks: int = 4

    def __post_init__(self) -> None:
        # Written so that NaN, which fails every comparison, is refused as well.
        for name in ("overlap", "members", "part"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise InvalidParameter(f"{name} must be above 0 and at most 1, got {getattr(self, name)}")
        if not 0.0 < self.apart_m < np.inf:
            raise InvalidParameter(f"apart_m must be above 0, got {self.apart_m}")
        if self.max_gap_weeks < 0:
            raise InvalidParameter(f"max_gap_weeks must be at least 0, got {self.max_gap_weeks}")


RULE = Rule()
"""The rule unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """
    A hotspot that is being followed, as it was seen last.

    Parameters
    ----------
    id
        Its name, that of the hotspot with which it began.
    theme, kind
        Of its incidents, and what was asked of it.
    footprint, centroid_xy_m, members
        Outline, centroid in metres and incidents when it was seen last.
    first_week, last_week
        When it was listed first and last.
    weeks_listed
        In how many weeks it was listed.
    """

    id: str
    theme: str
    kind: Kind
    footprint: Polygon
    centroid_xy_m: tuple[float, float]
    members: frozenset[int]
    first_week: Week
    last_week: Week
    weeks_listed: int

    def gap_weeks(self, week: Week) -> int:
        """
        Count the weeks between the one in which it was seen last and another.

        Parameters
        ----------
        week
            A later week.

        Returns
        -------
        int
            Weeks, 0 for the next.
        """
        return week.ordinal - self.last_week.ordinal - 1


@dataclass(frozen=True, slots=True)
class Fit:
    """
    How places and hotspots fit together; both arrays have the shape (places, hotspots).

    Parameters
    ----------
    likeness
        How alike they are as one place, above 0; 0 where they are not.
    part
        What part of the smaller they share, 0 to 1; 0 where it is too little for one to continue the other.
    """

    likeness: NDArray[np.float64]
    part: NDArray[np.float64]


def compared(places: Sequence[Place], present: Sequence[Hotspot], week: Week, rule: Rule) -> Fit:
    """
    Hold each place against each hotspot of its theme and kind that is near.

    Parameters
    ----------
    places
        Places as they were seen last, at most `rule.max_gap_weeks` ago.
    present
        Hotspots of the week.
    week
        The week.
    rule
        What one place is.

    Returns
    -------
    Fit
        How they fit together.
    """
    fit = Fit(*np.zeros((2, len(places), len(present))))
    if fit.part.size == 0:
        return fit
    before = np.array([place.footprint for place in places])
    now = np.array([hotspot.footprint for hotspot in present])
    centres_m = [np.array([one.centroid_xy_m for one in side]) for side in (places, present)]
    apart_m = np.hypot(*(centres_m[0][:, None] - centres_m[1]).transpose(2, 0, 1))
    question = [np.array([f"{one.kind} {one.theme}" for one in side]) for side in (places, present)]
    alike = question[0][:, None] == question[1]
    old, new = np.nonzero(alike & ((apart_m <= rule.apart_m) | _boxes_meet(before, now)))
    shared_m2 = shapely.area(shapely.intersection(before[old], now[new]))
    sizes_m2 = shapely.area(before)[old], shapely.area(now)[new]
    overlap = shared_m2 / (sizes_m2[0] + sizes_m2[1] - shared_m2)
    of_smaller = shared_m2 / np.minimum(*sizes_m2)
    of_all, of_fewer = _shared_members(places, present, old, new)
    near = apart_m[old, new]
    same = (overlap >= rule.overlap) | (near <= rule.apart_m) | (of_fewer >= rule.members)
    # The square, as errors in a position have it: two short moves are likelier than none and a long one.
    nearness = 1.0 - np.minimum(near / rule.apart_m, 1.0) ** 2
    size = sizes_m2[1] / (sizes_m2[1] + _HALF_SIZE_M2)
    sum_of_all = (
        _NEARNESS * nearness + overlap + of_all + size + _preference(places, present, week, rule)[old, new]
    )
    fit.likeness[old, new] = np.where(same, sum_of_all, 0.0)
    continued = (of_smaller >= rule.part) | (of_fewer >= rule.members)
    fit.part[old, new] = np.where(continued, np.maximum(of_smaller, of_fewer), 0.0)
    return fit


def _boxes_meet(before: NDArray[np.object_], now: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which outlines may touch because the rectangles around them do."""
    west, south, east, north = shapely.bounds(before).T[:, :, None]
    left, bottom, right, top = shapely.bounds(now).T
    return np.asarray((west <= right) & (left <= east) & (south <= top) & (bottom <= north))


def _shared_members(
    places: Sequence[Place], present: Sequence[Hotspot], old: NDArray[np.intp], new: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Give the shared incidents as parts of all of both and of the smaller's, shape (2, pairs)."""
    members = {j: frozenset(present[j].members) for j in set(new.tolist())}
    pairs = [(places[i].members, members[j]) for i, j in zip(old.tolist(), new.tolist(), strict=True)]
    both = np.array([len(one & other) for one, other in pairs], np.float64)
    sizes = np.array([(len(one), len(other)) for one, other in pairs], np.float64).reshape(-1, 2)
    # Where one has no incidents, none are shared: any size will do.
    return both / np.maximum([sizes.sum(axis=1) - both, sizes.min(axis=1)], 1.0)


def _preference(
    places: Sequence[Place], present: Sequence[Hotspot], week: Week, rule: Rule
) -> NDArray[np.float64]:
    """Prefer, a little, what was listed longer and seen later, and the hotspot with more events; above 0."""
    listed = np.array([place.weeks_listed for place in places])
    gap = np.array([place.gap_weeks(week) for place in places])
    observed = np.array([hotspot.evidence.observed for hotspot in present])
    of_place = listed / (1 + listed) + 1 - gap / (1 + rule.max_gap_weeks)
    return np.asarray(_PREFERENCE * (of_place[:, None] + observed / (1 + observed)))
