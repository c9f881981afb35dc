"""
Where a detector's list ends: the operating points at which detectors are compared.

Either it says itself what it reports (its grades), or a threshold lets at most 5 % (acute) or 10 % (chronic)
of the weeks of the calibration worlds show anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.model import Grade, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.evaluate.matching import Scored
    from hotspot.evaluate.runner import Outcome

LEVELS = {Kind.ACUTE: 0.05, Kind.CHRONIC: 0.10}
"""Share of the calibration weeks that may show a claim; the issue's bars."""


class Cut(StrEnum):
    """Where a detector's list of candidates ends."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    CALIBRATED = "calibrated"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A detector at an operating point.

    Parameters
    ----------
    method
        Its name.
    label
        How tables call it.
    cut
        As graded, or calibrated.
    thresholds
        Score that a claim of a kind must exceed; only where calibrated.
    """

    method: str
    label: str
    cut: Cut
    thresholds: Mapping[Kind, float]

    @property
    def name(self) -> str:
        """Name for tables: the detector and where its list ends."""
        return f"{self.label}, {self.cut}"

    def reported(self, claims: Sequence[Scored]) -> tuple[Scored, ...]:
        """
        Select what it would report.

        Parameters
        ----------
        claims
            Its candidates.

        Returns
        -------
        tuple of Scored
            Those on its list, in the same order.
        """
        return tuple(claim for claim in claims if self._takes(claim))

    def _takes(self, claim: Scored) -> bool:
        """Tell whether a claim is on the list."""
        if self.cut is Cut.CALIBRATED:
            return claim.score > self.thresholds[claim.kind]
        return claim.grade is Grade.CONFIRMED or (self.cut is Cut.LIKELY and claim.grade is Grade.LIKELY)


def threshold(outcomes: Sequence[Outcome], method: str, kind: Kind, *, level: float) -> float:
    """
    Find the score that at most a share of the weeks exceed.

    Parameters
    ----------
    outcomes
        Worlds without hotspots, of a set of their own.
    method
        Name of the detector.
    kind
        Kind of its claims.
    level
        The share.

    Returns
    -------
    float
        The threshold; minus infinity where so few weeks show any claim that none is needed.
    """
    tops = sorted(
        (max((c.score for c in one.claims[method] if c.kind is kind), default=-math.inf) for one in outcomes),
        reverse=True,
    )
    allowed = math.floor(level * len(tops) + 1e-9)
    return tops[allowed] if allowed < len(tops) else -math.inf
