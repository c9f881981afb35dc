"""The bars that the detector has to clear, each with what was measured and whether that is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotspot.evaluate.detectors import OURS
from hotspot.evaluate.entries import Cut
from hotspot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotspot.evaluate.evaluation import Evaluation
    from hotspot.evaluate.intervals import Measure
    from hotspot.evaluate.measures import Score

CONFIRMED, LIKELY = f"{OURS.label}, {Cut.CONFIRMED}", f"{OURS.label}, {Cut.LIKELY}"
RIVAL = "permutation_scan"
"""The baseline that has to be beaten beyond chance."""
STRESSES = {
    "near_repeats": "near repeats after 10 %",
    "doubles": "10 % registered twice",
    "drift_half": "drift of .5 a year",
    "drift_whole": "drift of 1.0 a year",
}

SPARSE = "_sparse"
"""End of the names of the scenarios with few incidents on a square kilometre."""


@dataclass(frozen=True, slots=True)
class Bar:
    """
    One bar.

    Parameters
    ----------
    what
        What is measured.
    required
        The bar, as a person reads it.
    measured
        The value with its interval.
    passed
        Whether the value clears it.
    """

    what: str
    required: str
    measured: Measure
    passed: bool


def bars(found: Evaluation) -> tuple[Bar, ...]:
    """
    Hold what was measured against the bars.

    Parameters
    ----------
    found
        What was measured.

    Returns
    -------
    tuple of Bar
        Those whose scenarios were run.
    """
    return (
        *_false_weeks(found),
        *_stressed(found),
        *_compared(found),
        *_acute(found),
        *_chronic(found),
        *_steady(found),
    )


def _bar(what: str, measured: Measure, *, at_most: float | None = None, at_least: float = 0.0) -> Bar:
    """Hold a value against a bound; nothing measured clears no bar."""
    value = measured.value
    if math.isnan(value):
        return Bar(
            what, f"≤ {at_most:g}" if at_most is not None else f"≥ {at_least:g}", measured, passed=False
        )
    if at_most is not None:
        return Bar(what, f"≤ {at_most:g}", measured, value <= at_most)
    return Bar(what, f"≥ {at_least:g}", measured, value >= at_least)


def _when(score: Score | None, make: Callable[[Score], list[Bar]]) -> list[Bar]:
    """Make bars of a score that was measured."""
    return [] if score is None else make(score)


def _false_weeks(found: Evaluation) -> list[Bar]:
    """Ordinary weeks without hotspots: campaigns, seasons and trends included."""
    return _when(
        found.score("null", CONFIRMED),
        lambda s: [_bar("null weeks with a confirmed acute hotspot", s.any_weeks, at_most=0.075)],
    )


def _stressed(found: Evaluation) -> list[Bar]:
    """Backgrounds that break the null of a scan, in ordinary cities and in sparse ones."""
    made: list[Bar] = []
    for suffix, where in (("", ""), (SPARSE, "sparse, ")):
        for key, words in STRESSES.items():
            made += _stress(found, f"{key}{suffix}", f"{where}{words}")
    return made


def _stress(found: Evaluation, key: str, words: str) -> list[Bar]:
    """Hold one such background against its bars."""
    made: list[Bar] = []
    null, acute = found.score(f"null_{key}", CONFIRMED), found.score(f"acute_{key}", CONFIRMED)
    if null is not None:
        made.append(_bar(f"{words}: null weeks with one", null.any_weeks, at_most=0.10))
    if acute is not None:
        known = next(one for one in found.ceilings if one.scenario == acute.scenario).recall.value
        what = f"{words}: recall (place and weeks known: {known:.2f})"
        made.append(_bar(what, acute.recall, at_least=0.60))
        made.append(_bar(f"{words}: false hotspots a week", acute.false_per_week, at_most=0.25))
    return made


def _compared(found: Evaluation) -> list[Bar]:
    """Recall against the baselines: all of them at the same false alarms, and the best as graded, too."""
    made: list[Bar] = []
    labels = {entry.name: entry.method for entry in found.entries}
    for difference in found.differences:
        is_rival = labels[difference.second] == RIVAL
        is_graded = difference.first == CONFIRMED
        if is_graded and not is_rival:
            continue
        margin = difference.recall.low if is_rival else difference.recall.value
        where = ", ours only at the confirmed grade" if is_graded else ""
        made.append(
            Bar(
                f"recall above that of {difference.second.removesuffix(f', {Cut.CALIBRATED}')}{where}",
                "lower limit > 0" if is_rival else "> 0",
                difference.recall,
                margin > 0,
            )
        )
    return made


def _acute(found: Evaluation) -> list[Bar]:
    """Hold acute hotspots against their bars."""
    return [
        *_when(
            found.score("acute", CONFIRMED),
            lambda s: [
                _bar("false hotspots a planted week, confirmed", s.false_per_week, at_most=0.10),
                _bar("median IoU with the planted disc", s.iou_disc, at_least=0.50),
                _bar("median IoU with the planted addresses", s.iou_addresses, at_least=0.50),
                _bar("median centroid error (m)", s.centroid_error_m, at_most=33.0),
            ],
        ),
        *_when(
            found.score("acute", LIKELY),
            lambda s: [
                _bar("false hotspots a planted week, confirmed and likely", s.false_per_week, at_most=0.40)
            ],
        ),
        *_when(
            found.score("border", CONFIRMED),
            lambda s: [_bar("border hotspots found that are reported once", s.once, at_least=0.97)],
        ),
    ]


def _chronic(found: Evaluation) -> list[Bar]:
    """Hold chronic hotspots against their bars: the confirmed ones, and all that a list shows."""
    made: list[Bar] = []
    for grade, words in ((CONFIRMED, "confirmed"), (LIKELY, "confirmed and likely")):
        null = found.score("null", grade, kind=Kind.CHRONIC)
        chronic = found.score("chronic", grade, kind=Kind.CHRONIC)
        if null is not None:
            made.append(_bar(f"null weeks with a chronic hotspot, {words}", null.any_weeks, at_most=0.10))
        if chronic is not None:
            made.append(_bar(f"chronic hotspots, {words}: recall", chronic.recall, at_least=0.35))
            made.append(_bar(f"chronic hotspots, {words}: precision", chronic.precision, at_least=0.90))
    return made


def _steady(found: Evaluation) -> list[Bar]:
    """Displaced coordinates."""
    return [
        _bar(f"verdicts on clear hotspots changed by errors of {metres:g} m", share, at_most=0.05)
        for metres, share in found.steadiness.items()
    ]
