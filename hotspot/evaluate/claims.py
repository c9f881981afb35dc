"""
What a detector is shown and what it says, so that ours and every other answer the same question.

A detector names every candidate that it looked at, not only those that it would report: where the line is
drawn is found for each of them on weeks without hotspots, so that all are compared at one rate of false
alarms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotspot.model import Grade, Kind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import numpy as np
    from shapely import Polygon

    from hotspot.model import Area, Incidents
    from hotspot.weeks import Week


@dataclass(frozen=True, slots=True)
class Scene:
    """
    What a detector is shown: one theme of one city up to one week, and nothing of the truth.

    Parameters
    ----------
    incidents
        Incidents of the theme, coordinates in metres, in the order of time; they reach back for the window
        of 4 weeks and the baseline of 52 weeks before it, and none is later than the week.
    areas
        The neighbourhoods.
    week
        The week that is asked for: the last one.
    zone
        Time zone that bounds the weeks.
    theme
        Name of the theme.
    """

    incidents: Incidents
    areas: tuple[Area, ...]
    week: Week
    zone: ZoneInfo
    theme: str


@dataclass(frozen=True, slots=True)
class Claim:
    """
    A place that a detector points at.

    Parameters
    ----------
    footprint
        Its shape, in metres: a polygon without slivers, of an area above zero.
    score
        How extreme the detector finds it: the larger, the more. Scores are compared across weeks and cities,
        so a detector whose statistic depends on the amount of data should give one that does not, such as
        minus the decimal logarithm of a p-value; ties are best broken by the statistic.
    kind
        What was asked: acute or chronic. Each kind has a threshold of its own.
    grade
        How sure the detector itself says it is; `none` where it grades nothing or does not report it.
    members
        Keys of the incidents that it points at; for acute ones those of its window only.
    centroid_xy_m
        Mean position of the members.
    """

    footprint: Polygon
    score: float
    kind: Kind
    grade: Grade
    members: tuple[int, ...] = field(repr=False)
    centroid_xy_m: tuple[float, float]


Detector = Callable[["Scene", "np.random.Generator"], "tuple[Claim, ...]"]
"""
Names every candidate, the largest score first within each kind; no two claims of one kind share a member.

The same scene and the same state of the generator give the same claims.
"""


@dataclass(frozen=True, slots=True)
class Method:
    """
    A detector with its name.

    Parameters
    ----------
    name
        For the command line and for files: lower case, digits and underscores.
    label
        For tables and plots.
    find
        The detector.
    kinds
        The questions that it answers.
    is_graded
        Whether it grades its claims, so that it can be judged as reported, too.
    """

    name: str
    label: str
    find: Detector
    kinds: frozenset[Kind] = frozenset({Kind.ACUTE})
    is_graded: bool = False


__all__ = ["Claim", "Detector", "Grade", "Kind", "Method", "Scene"]
