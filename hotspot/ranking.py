"""
The weekly list of one theme: where most happens beyond expectation comes first, with how sure each rank is.

Question: which places have most incidents too many, and which order do the data support?
Null: none; the order is an estimate, and each rank says between which ranks the truth may lie.
Cost: a few milliseconds per kind of hotspot.
Source: METHODS 2.11; `hotspot.stats.selected_risks` for the shrinkage, `hotspot.stats.rank_intervals` for the
ranks.

Acute hotspots come before chronic ones, since they are what is new this week; within a kind the confirmed
come before the likely. Within a grade the order follows the score: the incidents beyond expectation in four
weeks, shrunken, since the hotspots are listed because they are high. Ranks are uncertain within a grade only;
that acute goes before chronic is a rule and no estimate. Behind the score come the incidents above
expectation as counted and last the id: no two rows ever have the same key.

Four weeks are the common period. A flare-up that fits in them is counted as it is and not as a rate: of five
incidents too many in one week nobody knows whether the next weeks bring as many. What lasts longer, as
chronic hotspots do, is brought to four weeks.

The law of the relative risks is learnt from the hotspots of the theme and kind; rejected candidates are
included where a detection holds them, which a stored one does not.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from hotspot import harm
from hotspot.editions import RankedHotspot
from hotspot.model import Grade, Kind, Reporter
from hotspot.stats.rank_intervals import rank_intervals, tied
from hotspot.stats.selected_risks import risk_law

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotspot.harm import Weights
    from hotspot.model import Detection, Hotspot

_KINDS = tuple(Kind)
_GRADES = tuple(Grade)
"""In the order of the list."""

SCORE_WEEKS = 4
"""Weeks to which the score of a hotspot with a longer window is brought: the window of the list."""
TIE_CHANCE = 0.6
"""Two rows are tied if neither stands above the other with more than this chance: little more than a coin."""
FEWEST_EVENTS = 5
"""
Events below which a hotspot has too little data to be ranked in earnest.

The exact 90 % interval of the mean of four events reaches from 1.4 to 9.2, a factor of 7; from five on it is
less than 6.
"""
_DRAWS = 4_000
_CONFIDENCE = 0.9
"""Of the intervals of scores and ranks."""
_DIGITS = 9
"""Digits after the point to which scores are compared: beyond them is rounding."""
_LEAST_EXPECTED = 1e-3
"""Events that are expected at the least; a smaller number is the wreck of a division."""


def rank(
    detection: Detection,
    *,
    rng: np.random.Generator | None = None,
    weights: Weights | None = None,
    tallies: Mapping[str, Mapping[tuple[str, str], int]] | None = None,
) -> tuple[RankedHotspot, ...]:
    """
    Order the hotspots of one theme and week, and say how sure each rank is.

    Parameters
    ----------
    detection
        The week.
    rng
        Source of chance for the intervals; the order and the scores need none. Absent: always the same.
    weights
        What incidents weigh by harm; absent for all alike.
    tallies
        Incidents of each hotspot by subtheme and reporter, as `harm.tallies` gives them. Without them
        nothing is known of reporters and every incident counts as one that a citizen made known.

    Returns
    -------
    tuple of RankedHotspot
        Ranks 1, 2, ... in this order.
    """
    chance = np.random.Generator(np.random.PCG64(0)) if rng is None else rng
    rows = _rows(detection, chance)
    harms = _harms(rows, detection.theme, weights, tallies)
    return tuple(
        dataclasses.replace(
            row,
            harm_score=None if harms is None else harms[row.hotspot.id][0],
            harm_rank=None if harms is None else harms[row.hotspot.id][1],
        )
        for row in rows
    )


def order(detection: Detection) -> tuple[Hotspot, ...]:
    """
    Order the hotspots of one theme and week, where only their ranks are asked for.

    Parameters
    ----------
    detection
        The week.

    Returns
    -------
    tuple of Hotspot
        In the order of `rank`, which draws for its intervals as well.
    """
    return tuple(one.hotspot for kind in _KINDS for one in _scored(detection, kind, None))


def _rows(detection: Detection, rng: np.random.Generator) -> list[RankedHotspot]:
    """Order the hotspots, kind by kind and grade by grade."""
    rows: list[RankedHotspot] = []
    for kind in _KINDS:
        scored = _scored(detection, kind, rng)
        for _, block in groupby(scored, key=lambda one: one.hotspot.grade):
            rows += _block(list(block), above=len(rows))
    return rows


@dataclass(frozen=True, slots=True)
class _Scored:
    """A hotspot with its score and what the score may be, shape (draws,)."""

    hotspot: Hotspot
    score: float
    draws: NDArray[np.float64]

    @property
    def key(self) -> tuple[int, float, float, str]:
        """Place within the kind: grade, score, excess, id."""
        evidence = self.hotspot.evidence
        excess = evidence.observed - evidence.expected
        return (_GRADES.index(self.hotspot.grade), -self.score, -excess, self.hotspot.id)


def _scored(detection: Detection, kind: Kind, rng: np.random.Generator | None) -> list[_Scored]:
    """Score the hotspots of one kind, best first; nothing is drawn where there is no source of chance."""
    # In the order of the ids, so that the order in which they are given changes no digit.
    by_id = sorted((one for one in detection.hotspots if one.kind is kind), key=lambda one: one.id)
    if not by_id:
        return []
    others = sorted((one for one in detection.rejected if one.kind is kind), key=lambda one: one.id)
    observed, expected = _counted([*by_id, *others])
    law = risk_law(observed, expected)
    observed, expected = observed[: len(by_id)], expected[: len(by_id)]
    weeks = np.array([one.evidence.window_weeks for one in by_id], np.float64)
    events = expected * np.minimum(1.0, SCORE_WEEKS / weeks)
    scores = np.round(events * (law.mean(observed, expected) - 1), _DIGITS)
    draws = np.empty((0, len(by_id)))
    if rng is not None:
        draws = events * (law.draws(observed, expected, draws=_DRAWS, rng=rng) - 1)
    scored = [
        _Scored(hotspot, float(score), drawn)
        for hotspot, score, drawn in zip(by_id, scores, draws.T, strict=True)
    ]
    return sorted(scored, key=lambda one: one.key)


def _counted(hotspots: Sequence[Hotspot]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what was observed and expected at each hotspot."""
    observed = np.array([one.evidence.observed for one in hotspots], np.float64)
    expected = np.array([one.evidence.expected for one in hotspots], np.float64)
    return observed, np.maximum(expected, _LEAST_EXPECTED)


def _block(scored: Sequence[_Scored], *, above: int) -> list[RankedHotspot]:
    """Make the rows of one kind and grade, below so many others."""
    draws = np.column_stack([one.draws for one in scored])
    ranks = rank_intervals(draws, confidence=_CONFIDENCE)
    outside = (1 - _CONFIDENCE) / 2
    lower, upper = np.quantile(draws, [outside, 1 - outside], axis=0)
    top3, top10 = ranks.in_top(3 - above), ranks.in_top(10 - above)
    first = tied(draws, at_most=TIE_CHANCE)
    return [
        RankedHotspot(
            rank=above + place + 1,
            score=one.score,
            previous_rank=None,
            hotspot=one.hotspot,
            score_lower=float(lower[place]),
            score_upper=float(upper[place]),
            rank_lower=above + int(ranks.lower[place]),
            rank_upper=above + int(ranks.upper[place]),
            p_top3=float(top3[place]),
            p_top10=float(top10[place]),
            tie=above + int(first[place]) + 1,
            too_little_data=one.hotspot.evidence.observed < FEWEST_EVENTS,
        )
        for place, one in enumerate(scored)
    ]


def _harms(
    rows: Sequence[RankedHotspot],
    theme: str,
    weights: Weights | None,
    tallies: Mapping[str, Mapping[tuple[str, str], int]] | None,
) -> dict[str, tuple[float, int]] | None:
    """Give each hotspot's score weighed by harm and its rank by that, within kind and grade."""
    if weights is None or weights.is_flat:
        return None
    score = {row.hotspot.id: row.score * _weight(row.hotspot, theme, weights, tallies) for row in rows}
    ordered = sorted(
        rows,
        key=lambda row: (
            _KINDS.index(row.hotspot.kind),
            _GRADES.index(row.hotspot.grade),
            -round(score[row.hotspot.id], _DIGITS),
            row.rank,
        ),
    )
    return {row.hotspot.id: (score[row.hotspot.id], number) for number, row in enumerate(ordered, start=1)}


def _weight(
    hotspot: Hotspot,
    theme: str,
    weights: Weights,
    tallies: Mapping[str, Mapping[tuple[str, str], int]] | None,
) -> float:
    """Harm of a hotspot's average incident."""
    if tallies is None:
        tally = {(subtheme, str(Reporter.UNKNOWN)): number for subtheme, number in hotspot.subthemes}
    else:
        tally = dict(tallies.get(hotspot.id, {}))
    incidents = sum(tally.values())
    return harm.harm(weights, theme, tally) / incidents if incidents > 0 else 0.0
