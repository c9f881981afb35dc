"""
Whether a clear hotspot stays one when its coordinates are off by what their precision admits.

In worlds with large planted hotspots those that the detector confirms with a margin are clear. Every
incident of the world is then displaced at random, again and again, and a verdict has changed where the
hotspot is no longer found as confirmed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotspot.evaluate.echoes import jittered
from hotspot.evaluate.intervals import Measure, wilson
from hotspot.evaluate.matching import matched, plantings, scored
from hotspot.evaluate.scenarios import CLEAR
from hotspot.evaluate.worlds import stream, world
from hotspot.model import Grade, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from hotspot.evaluate.claims import Claim, Method
    from hotspot.evaluate.worlds import World

PRECISIONS_M = (5.0, 10.0)
"""Root mean square errors of a geocoded address and of a satellite fix in a street."""
_CLEAR_P = 0.01
"""A confirmed hotspot with at most this p-value has a margin to the level of 5 %."""


@dataclass(frozen=True, slots=True)
class Shaking:
    """
    One world that is displaced.

    Parameters
    ----------
    number, seed
        Which world of the scenario.
    method
        The detector; it grades its claims and scores them by minus the logarithm of p.
    replicates
        How often, for each precision.
    """

    number: int
    seed: int
    method: Method
    replicates: int


@dataclass(frozen=True, slots=True)
class Shaken:
    """
    What became of the clear hotspots of one world.

    Parameters
    ----------
    clear
        How many were clear.
    verdicts
        Verdicts by precision in metres: clear hotspots times replicates.
    changed
        Those of them that changed.
    """

    clear: int
    verdicts: dict[float, int]
    changed: dict[float, int]


def shaken(task: Shaking) -> Shaken:
    """
    Displace one world and look again.

    Parameters
    ----------
    task
        Which world, which detector.

    Returns
    -------
    Shaken
        How many verdicts changed.
    """
    where = world(CLEAR, task.number, seed=task.seed)
    clear = _confirmed(where, task.method.find(where.scene, _stream(task, 0.0, 0)), at_most_p=_CLEAR_P)
    verdicts, changed = {}, {}
    for precision_m in PRECISIONS_M:
        lost = 0
        for replicate in range(task.replicates if clear else 0):
            rng = _stream(task, precision_m, replicate)
            incidents = jittered(where.scene.incidents, precision_m=precision_m, rng=rng)
            scene = replace(where.scene, incidents=incidents)
            lost += len(clear - _confirmed(where, task.method.find(scene, rng), at_most_p=1.0))
        verdicts[precision_m], changed[precision_m] = len(clear) * task.replicates, lost
    return Shaken(len(clear), verdicts, changed)


def changed_share(outcomes: Sequence[Shaken]) -> dict[float, Measure]:
    """
    Tell which share of the verdicts changed.

    Parameters
    ----------
    outcomes
        Worlds.

    Returns
    -------
    dict
        The share by precision in metres; the interval takes verdicts for independent, as a rough guide.
    """
    return {
        precision_m: wilson(
            sum(one.changed[precision_m] for one in outcomes),
            sum(one.verdicts[precision_m] for one in outcomes),
        )
        for precision_m in PRECISIONS_M
    }


def _confirmed(where: World, claims: Sequence[Claim], *, at_most_p: float) -> set[int]:
    """Name the planted hotspots that are found as confirmed, at most at some p-value."""
    spots = plantings(where.truth)
    sure = [
        claim
        for claim in scored(claims, where.truth)
        if claim.grade is Grade.CONFIRMED and claim.score >= -math.log10(at_most_p) - 1e-9
    ]
    return {pair.truth for pair in matched(sure, spots, kind=Kind.ACUTE).values() if pair is not None}


def _stream(task: Shaking, precision_m: float, replicate: int) -> np.random.Generator:
    """Make the source of chance of one replicate."""
    return stream(task.seed, "shaken", task.number, precision_m, replicate)
