"""What the baselines make of a scene: the incidents by age, and claims out of groups of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.evaluate.claims import Claim
from hotspot.evaluate.worlds import BASELINE_WEEKS, WINDOW_WEEKS
from hotspot.model import Grade
from hotspot.sample import is_dated, middle_s
from hotspot.weeks import week_ordinals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Polygon

    from hotspot.evaluate.claims import Scene
    from hotspot.model import Kind

MOST_CLAIMS = 100
"""Claims of a kind that a baseline names, the strongest; a calibrated list never reaches so deep."""
FEWEST_MEMBERS = 2
"""Incidents that a claim needs: one is no cluster (SaTScan's default)."""


@dataclass(frozen=True, slots=True)
class View:
    """
    The incidents of the window and of the baseline.

    Parameters
    ----------
    xy_m
        Where, shape (n, 2).
    key
        Their keys, shape (n,).
    age_weeks
        Weeks before the named one, 0 for that week itself, shape (n,).
    """

    xy_m: NDArray[np.float64]
    key: NDArray[np.int64]
    age_weeks: NDArray[np.int64]

    @property
    def is_recent(self) -> NDArray[np.bool_]:
        """Whether each lies in the window."""
        return self.age_weeks < WINDOW_WEEKS


def view(scene: Scene) -> View:
    """
    Look at a scene.

    Parameters
    ----------
    scene
        What the detector is shown.

    Returns
    -------
    View
        Its dated incidents, window and baseline, in their order.
    """
    age_weeks = scene.week.ordinal - week_ordinals(middle_s(scene.incidents), scene.zone)
    kept = is_dated(scene.incidents, within_weeks=WINDOW_WEEKS)
    kept &= (age_weeks >= 0) & (age_weeks < WINDOW_WEEKS + BASELINE_WEEKS)
    return View(scene.incidents.xy_m[kept], scene.incidents.key[kept], age_weeks[kept])


def claim_of(
    seen: View, members: NDArray[np.int64], *, footprint: Polygon, score: float, kind: Kind
) -> Claim:
    """
    Claim a place.

    Parameters
    ----------
    seen
        The incidents.
    members
        Which of them it points at, indices, at least one.
    footprint
        Its shape.
    score
        How extreme it is.
    kind
        Acute or chronic.

    Returns
    -------
    Claim
        Without a grade.
    """
    x_m, y_m = seen.xy_m[members].mean(axis=0).tolist()
    keys = tuple(np.sort(seen.key[members]).tolist())
    return Claim(footprint, float(score), kind, Grade.NONE, keys, (x_m, y_m))


def strongest_first(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """
    Order claims by their scores, and equal ones by their members.

    Parameters
    ----------
    claims
        Claims of any kind.

    Returns
    -------
    tuple of Claim
        The largest score first.
    """
    return tuple(sorted(claims, key=lambda claim: (-claim.score, claim.members)))
