"""The detectors that are compared, by name: ours first, then the baselines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hotspot.errors import InvalidParameter
from hotspot.evaluate.baselines import BASELINES
from hotspot.evaluate.claims import Claim, Method
from hotspot.model import Kind, Parameters
from hotspot.pipeline import detect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from hotspot.evaluate.claims import Scene
    from hotspot.model import Hotspot

REPLICATES = 199
"""Monte Carlo replicates of our detector here: 5 % needs 19, and thousands of weeks take time."""
_TIE = 1e-3
"""Most that the statistic adds to the score: it only orders what has one p-value."""


def ours(scene: Scene, rng: np.random.Generator) -> tuple[Claim, ...]:
    """
    Run the default detector and give every candidate.

    Parameters
    ----------
    scene
        What it is shown.
    rng
        Source of chance.

    Returns
    -------
    tuple of Claim
        Graded claims of both kinds, the largest score first.
    """
    found = detect(
        scene.incidents,
        scene.areas,
        scene.week,
        Parameters(replicates=REPLICATES),
        zone=scene.zone,
        municipality="GM0000",
        theme=scene.theme,
        rng=rng,
        every_candidate=True,
    )
    claims = [_claim(hotspot) for hotspot in found.hotspots + found.rejected]
    return tuple(sorted(claims, key=lambda claim: -claim.score))


def _claim(hotspot: Hotspot) -> Claim:
    """Say what our detector says in the words of the comparison."""
    evidence = hotspot.evidence
    statistic = max(evidence.log_likelihood_ratio, 0.0)
    return Claim(
        footprint=hotspot.footprint,
        score=-math.log10(evidence.p_value) + _TIE * statistic / (1 + statistic),
        kind=hotspot.kind,
        grade=hotspot.grade,
        members=hotspot.members,
        centroid_xy_m=hotspot.centroid_xy_m,
    )


OURS = Method("ours", "ours", ours, kinds=frozenset(Kind), is_graded=True)
METHODS = {method.name: method for method in (OURS, *BASELINES)}
"""By name, in the order of the tables."""


def methods(names: Sequence[str] | None) -> tuple[Method, ...]:
    """
    Look up detectors.

    Parameters
    ----------
    names
        Their names; absent for all.

    Returns
    -------
    tuple of Method
        In the order of the tables.

    Raises
    ------
    InvalidParameter
        If there is none of a name.
    """
    wanted = list(METHODS) if names is None else list(names)
    unknown = [name for name in wanted if name not in METHODS]
    if unknown:
        raise InvalidParameter(f"detectors must be among {', '.join(METHODS)}, got {', '.join(unknown)}")
    return tuple(method for name, method in METHODS.items() if name in wanted)
