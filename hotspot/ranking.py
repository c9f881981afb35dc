"""
The weekly list of one theme: the surest hotspot first, and where each stood the week before.

Acute hotspots come before chronic ones, since they are what is new this week; within a kind the confirmed
come before the likely, and within a grade the order follows the score, the log-likelihood ratio of the
search: the larger, the less like chance. The p-value would leave many tied at its smallest possible value.
Behind the score come the incidents above expectation and last the id: no two rows ever tie.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hotspot.editions import RankedHotspot
from hotspot.model import Grade, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.model import Detection, Hotspot

_KINDS = tuple(Kind)
_GRADES = tuple(Grade)
"""In the order of the list."""

SAME_PLACE_OVERLAP = 0.3
"""Shared part of two footprints' union from which they are one place; as METHODS 2.15 has it for tracking."""
SAME_PLACE_M = 150.0
"""Metres between two centroids up to which they are one place; same source."""


def rank(detection: Detection, previous: Detection | None) -> tuple[RankedHotspot, ...]:
    """
    Order the hotspots of one theme and week.

    Parameters
    ----------
    detection
        The week.
    previous
        The week before, of the same theme; absent if there was none.

    Returns
    -------
    tuple of RankedHotspot
        Ranks 1, 2, ... in this order. Each hotspot of the week before is taken over by one at most of its own
        kind, by the one that overlaps it most, then by the nearest.
    """
    present = _ordered(detection.hotspots)
    before = () if previous is None else _ordered(previous.hotspots)
    taken_over = _taken_over(present, before)
    return tuple(
        RankedHotspot(
            rank=number,
            score=hotspot.evidence.log_likelihood_ratio,
            previous_rank=taken_over.get(hotspot.id),
            hotspot=hotspot,
        )
        for number, hotspot in enumerate(present, start=1)
    )


def _ordered(hotspots: Sequence[Hotspot]) -> tuple[Hotspot, ...]:
    """Put the surest first."""
    return tuple(sorted(hotspots, key=_order))


def _order(hotspot: Hotspot) -> tuple[int, int, float, float, str]:
    """Sort key: kind, grade, log-likelihood ratio, excess, id."""
    kind, grade, evidence = _KINDS.index(hotspot.kind), _GRADES.index(hotspot.grade), hotspot.evidence
    excess = evidence.observed - evidence.expected
    return (kind, grade, -evidence.log_likelihood_ratio, -excess, hotspot.id)


def _taken_over(present: Sequence[Hotspot], before: Sequence[Hotspot]) -> dict[str, int]:
    """Match the hotspots of two weeks one to one, within a kind; gives the earlier rank by the later id."""
    pairs = []
    for (new, now), (old, then) in product(enumerate(present), enumerate(before, start=1)):
        if now.kind is not then.kind:
            continue
        apart_m = _apart_m(now, then)
        shared = _overlap(now, then)
        if shared >= SAME_PLACE_OVERLAP or apart_m <= SAME_PLACE_M:
            pairs.append((-shared, apart_m, new, old))
    matched: dict[str, int] = {}
    used: set[int] = set()
    for _, _, new, old in sorted(pairs):
        if present[new].id not in matched and old not in used:
            matched[present[new].id] = old
            used.add(old)
    return matched


def _overlap(one: Hotspot, other: Hotspot) -> float:
    """Shared part of the union of two footprints, 0 to 1."""
    shared_m2: float = one.footprint.intersection(other.footprint).area
    return shared_m2 / (one.footprint.area + other.footprint.area - shared_m2)


def _apart_m(one: Hotspot, other: Hotspot) -> float:
    """Metres between two centroids."""
    (x, y), (u, v) = one.centroid_xy_m, other.centroid_xy_m
    return float(((x - u) ** 2 + (y - v) ** 2) ** 0.5)
