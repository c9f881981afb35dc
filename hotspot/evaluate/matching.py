"""
When a claim is a true find.

The rule, `STANDARD`: the centroid of the claim's members lies within the planted radius plus 50 m of the
planted centre, and the footprint either holds at least half of the planted incidents or has an intersection
over union (IoU) with the planted disc of .2 or more. The first half keeps out claims that swallow a district,
the second those that only touch. Claims are taken in the order of their scores and each is given the best
planted hotspot of its kind that is still free: one claim, one find. What is left is false, also a second
claim on a hotspot that is already found. The other rules tell how much hangs on this choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.cluster.footprint import footprint
from hotspot.model import Grade, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from hotspot.evaluate.claims import Claim
    from hotspot.evaluate.worlds import Truth

_REACH_M = 50.0
"""A centroid may lie this far outside the planted radius: half a block."""
_HELD, _IOU = 0.5, 0.2
_KEPT_CLAIMS = 60
"""Claims of a kind that are remembered; no threshold at 5 % of weeks reaches so deep."""


@dataclass(frozen=True, slots=True)
class Pair:
    """
    How a claim and a planted hotspot lie to each other; only those that touch or nearly so have one.

    Parameters
    ----------
    truth
        Index of the planted hotspot.
    held
        Share of the planted incidents that the footprint covers.
    members_held
        Share of the planted incidents among the claim's members.
    purity
        Share of the claim's members that are planted.
    iou_disc
        Intersection over union of the footprint and the planted disc.
    iou_addresses
        The same with the footprint of the addresses that it draws from.
    centroid_error_m
        Distance between the claim's centroid and the planted centre, in metres.
    """

    truth: int
    held: float
    members_held: float
    purity: float
    iou_disc: float
    iou_addresses: float
    centroid_error_m: float


@dataclass(frozen=True, slots=True)
class Scored:
    """
    A claim as the evaluation remembers it.

    Parameters
    ----------
    score, kind, grade
        As claimed.
    area_m2
        Area of the footprint.
    members
        How many incidents it points at.
    pairs
        How it lies to the planted hotspots near it.
    """

    score: float
    kind: Kind
    grade: Grade
    area_m2: float
    members: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Planting:
    """
    A planted hotspot as the evaluation remembers it.

    Parameters
    ----------
    kind, radius_m, weeks, incidents, on_border, is_plain
        As planted.
    recorded
        Incidents of it in the register.
    """

    kind: Kind
    radius_m: float
    weeks: int
    incidents: int
    on_border: bool
    is_plain: bool
    recorded: int


class Rule(StrEnum):
    """When a claim is a true find."""

    STANDARD = "standard"
    """The centroid near enough, and half of the incidents held or an IoU of .2."""
    STRICT = "strict"
    """The centroid within the radius, half of the incidents held, and an IoU of .2."""
    LOOSE = "loose"
    """The footprint holds a planted incident."""
    MEMBERS = "members"
    """Three tenths of the planted incidents, two at least, are members."""


def is_find(pair: Pair, planting: Planting, rule: Rule = Rule.STANDARD) -> bool:
    """
    Tell whether a claim finds a planted hotspot.

    Parameters
    ----------
    pair
        How the two lie to each other.
    planting
        The planted hotspot.
    rule
        The rule.

    Returns
    -------
    bool
        Whether it does.
    """
    if rule is Rule.LOOSE:
        return pair.held > 0
    if rule is Rule.MEMBERS:
        return pair.members_held * planting.recorded >= max(1.5, 0.3 * planting.recorded)
    if rule is Rule.STRICT:
        return pair.centroid_error_m <= planting.radius_m and pair.held >= _HELD and pair.iou_disc >= _IOU
    is_near = pair.centroid_error_m <= planting.radius_m + _REACH_M
    return is_near and (pair.held >= _HELD or pair.iou_disc >= _IOU)


def scored(claims: Sequence[Claim], truth: Sequence[Truth]) -> tuple[Scored, ...]:
    """
    Measure each claim against the planted hotspots.

    Parameters
    ----------
    claims
        Claims of one detector in one world.
    truth
        What was planted.

    Returns
    -------
    tuple of Scored
        Graded claims, and of each kind the strongest others; the largest score first.
    """
    order = sorted(claims, key=lambda claim: (-claim.score, claim.centroid_xy_m))
    kept, counts = [], dict.fromkeys(Kind, 0)
    for claim in order:
        counts[claim.kind] += 1
        if counts[claim.kind] <= _KEPT_CLAIMS or claim.grade is not Grade.NONE:
            kept.append(claim)
    discs = [shapely.Point(spot.xy_m).buffer(spot.radius_m) for spot in truth]
    outlines = [footprint(spot.addresses_m) for spot in truth]
    return tuple(
        Scored(
            claim.score,
            claim.kind,
            claim.grade,
            claim.footprint.area,
            len(claim.members),
            tuple(
                _pair(claim, index, spot, disc, outline)
                for index, (spot, disc, outline) in enumerate(zip(truth, discs, outlines, strict=True))
                if claim.footprint.intersects(disc)
            ),
        )
        for claim in kept
    )


def plantings(truth: Sequence[Truth]) -> tuple[Planting, ...]:
    """
    Remember what was planted without its incidents.

    Parameters
    ----------
    truth
        What was planted.

    Returns
    -------
    tuple of Planting
        In the same order.
    """
    return tuple(
        Planting(
            spot.kind,
            spot.radius_m,
            spot.weeks,
            spot.incidents,
            spot.on_border,
            spot.is_plain,
            len(spot.members),
        )
        for spot in truth
    )


def matched(
    claims: Sequence[Scored], spots: Sequence[Planting], *, kind: Kind, rule: Rule = Rule.STANDARD
) -> dict[int, Pair | None]:
    """
    Give each claim its planted hotspot, one to one.

    Parameters
    ----------
    claims
        Claims that count, the largest score first.
    spots
        What was planted.
    kind
        Kind of the claims and hotspots that are matched.
    rule
        When a claim is a find.

    Returns
    -------
    dict
        Index of each claim of that kind, with the pair in which it is a find; `None` for a false one.
    """
    free = {index for index, spot in enumerate(spots) if spot.kind is kind}
    found: dict[int, Pair | None] = {}
    for number, claim in enumerate(claims):
        if claim.kind is not kind:
            continue
        fits = [pair for pair in claim.pairs if pair.truth in free and is_find(pair, spots[pair.truth], rule)]
        best = max(fits, key=lambda pair: (pair.iou_disc, pair.held), default=None)
        found[number] = best
        if best is not None:
            free.discard(best.truth)
    return found


def _pair(claim: Claim, index: int, spot: Truth, disc: BaseGeometry, outline: BaseGeometry) -> Pair:
    """Measure how a claim and a planted hotspot lie to each other."""
    x_m, y_m = claim.centroid_xy_m
    inside = shapely.intersects_xy(claim.footprint, spot.members_m) if spot.members else np.zeros(0, bool)
    common = len(set(claim.members) & set(spot.members))
    return Pair(
        truth=index,
        held=float(inside.mean()) if inside.size else 0.0,
        members_held=common / max(len(spot.members), 1),
        purity=common / max(len(claim.members), 1),
        iou_disc=_iou(claim.footprint, disc),
        iou_addresses=_iou(claim.footprint, outline),
        centroid_error_m=float(np.hypot(x_m - spot.xy_m[0], y_m - spot.xy_m[1])),
    )


def _iou(one: BaseGeometry, other: BaseGeometry) -> float:
    """Divide the area that two shapes share by the area that they cover together."""
    both = one.intersection(other).area
    return float(both / (one.area + other.area - both))
