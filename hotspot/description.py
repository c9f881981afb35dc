"""
What a candidate is: its name, shape, neighbourhoods and evidence, from the events that make it up.

The outline is drawn around the incidents themselves, not around the circle that found them. A hotspot of one
address is drawn as a disc around that address, however many incidents it has, unless as many lie elsewhere.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.cluster.footprint import footprint
from hotspot.cluster.form import form
from hotspot.model import AreaShare, Evidence, Form, Grade, Hotspot, Kind
from hotspot.sample import taken
from hotspot.stats.monte_carlo import recurrence_weeks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hotspot.model import Parameters
    from hotspot.sample import Sample
    from hotspot.weeks import Week


_PILE_UP_SHARE = 0.5
"""Share of a hotspot's events; more at one coordinate makes it suspect, more at one address makes a disc."""
_ROUNDING = 1e-9
"""What sums of shares may be off."""


_HALF = 0.5
"""Half an event is added to both sides of a ratio, or nothing expected would make it boundless."""


@dataclass(frozen=True, slots=True)
class Naming:
    """
    What a hotspot's name is derived from, beside its place.

    Parameters
    ----------
    municipality
        Code of the municipality.
    theme, week
        What was detected.
    """

    municipality: str
    theme: str
    week: Week

    def id_at(self, kind: Kind, centroid_xy_m: tuple[float, float]) -> str:
        """
        Name the hotspot with this centre; no two hotspots of a kind have one.

        The centre is published. An address is not, and who knows all addresses could find the one from which
        a name was made.

        Parameters
        ----------
        kind
            Its kind.
        centroid_xy_m
            Mean position of its incidents in metres.

        Returns
        -------
        str
            The name.
        """
        x_m, y_m = centroid_xy_m
        text = f"{self.municipality}|{self.theme}|{self.week}|{kind}|{x_m:.1f}|{y_m:.1f}"
        return f"hs-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A candidate in the words that both searches share.

    Parameters
    ----------
    kind
        Which search found it.
    places
        Indices of its places, ascending.
    window_weeks
        Weeks of its window; it ends with the named week.
    observed
        Its events in the window.
    expected
        What it should have.
    baseline
        Events that it is compared with.
    p_value, q_value
        How sure it is.
    """

    kind: Kind
    places: NDArray[np.int64]
    window_weeks: int
    observed: int
    expected: float
    baseline: int
    p_value: float
    q_value: float


def grade(finding: Finding, parameters: Parameters) -> Grade:
    """
    Tell how sure a candidate is.

    Parameters
    ----------
    finding
        The candidate.
    parameters
        The bounds on its p-value and q-value.

    Returns
    -------
    Grade
        Confirmed, likely or none.
    """
    if finding.p_value <= parameters.alpha:
        return Grade.CONFIRMED
    # The chronic search knows chance from the city's other circles alone. Where those mislead, they do so for
    # all at once, so a second chronic place gets no credit from the first.
    least = finding.p_value if finding.kind is Kind.CHRONIC else finding.q_value
    return Grade.LIKELY if max(least, finding.q_value) <= parameters.false_share else Grade.NONE


def described(
    finding: Finding, events: Sample, names: Mapping[str, str], naming: Naming, parameters: Parameters
) -> Hotspot:
    """
    Describe a candidate.

    Parameters
    ----------
    finding
        The candidate.
    events
        The theme's events.
    names
        Names of the neighbourhoods by code.
    naming
        What its name is derived from.
    parameters
        The bounds of the grades.

    Returns
    -------
    Hotspot
        The candidate with all that people ask of it.
    """
    chosen = np.isin(events.place, finding.places) & (events.age_weeks < finding.window_weeks)
    members = taken(events.incidents, chosen)
    counted = chosen & events.is_event
    piles, heights = np.unique(events.place[counted], return_counts=True)
    shape = form(events.places_m[piles], heights)
    x_m, y_m = members.xy_m.mean(axis=0).round(2).tolist()
    # Half and half is not most, whatever the last digit of the sum of shares is.
    is_one_address = shape.kind == "dot" and shape.share_at_address > _PILE_UP_SHARE + _ROUNDING
    return Hotspot(
        id=naming.id_at(finding.kind, (x_m, y_m)),
        theme=naming.theme,
        week=naming.week,
        kind=finding.kind,
        grade=grade(finding, parameters),
        form=Form(shape.kind),
        pile_up=shape.share_at_coordinate > _PILE_UP_SHARE,
        footprint=footprint(np.array([shape.address_m]) if is_one_address else members.xy_m),
        centroid_xy_m=(x_m, y_m),
        neighbourhoods=tuple(
            AreaShare(code, names.get(code, code), count / int(counted.sum()))
            for code, count in _tally(events.incidents.neighbourhood[counted])
        ),
        subthemes=_tally(events.incidents.subtheme[counted]),
        evidence=_evidence(finding, piles.size, int(heights.max())),
        members=tuple(members.key.tolist()),
    )


def _evidence(finding: Finding, places: int, largest_pile_up: int) -> Evidence:
    """Say why it is, or is not, a hotspot."""
    observed, expected = finding.observed, finding.expected
    excess = observed * math.log(observed / expected) - (observed - expected) if observed > expected else 0.0
    return Evidence(
        observed=observed,
        expected=expected,
        baseline=finding.baseline,
        relative_risk=(observed + _HALF) / (expected + _HALF),
        log_likelihood_ratio=excess,
        p_value=finding.p_value,
        q_value=finding.q_value,
        recurrence_weeks=recurrence_weeks(finding.p_value),
        places=places,
        largest_pile_up=largest_pile_up,
        window_weeks=finding.window_weeks,
    )


def _tally(values: NDArray[np.object_]) -> tuple[tuple[str, int], ...]:
    """Count texts, the most frequent first, then by name."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    order = np.lexsort((names, -counts))
    return tuple((str(names[i]), int(counts[i])) for i in order)
