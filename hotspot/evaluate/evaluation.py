"""
The whole comparison: which worlds, which detectors in them, and everything that is measured.

Ours is run everywhere. The baselines are run where they are compared: on the calibration worlds, on ordinary
weeks without hotspots, on those with acute ones, and on chronic ones if they answer that question.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotspot.evaluate.detectors import OURS
from hotspot.evaluate.entries import LEVELS, Cut, Entry, threshold
from hotspot.evaluate.intervals import Measure, wilson
from hotspot.evaluate.matching import Rule
from hotspot.evaluate.measures import (
    Ceiling,
    Difference,
    Score,
    ceiling,
    recall_difference,
    score,
)
from hotspot.evaluate.runner import outcome, spread, tasks
from hotspot.evaluate.scenarios import CALIBRATION, CLEAR, SCENARIOS
from hotspot.evaluate.steadiness import Shaking, changed_share, shaken
from hotspot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.evaluate.claims import Method
    from hotspot.evaluate.runner import Outcome, Progress


FULL: Mapping[str, int] = {
    CALIBRATION: 150,
    "null": 200,
    "null_drift_half": 60,
    "null_drift_whole": 60,
    "null_near_repeats": 60,
    "null_doubles": 60,
    "acute": 150,
    "acute_drift_half": 40,
    "acute_drift_whole": 40,
    "acute_near_repeats": 40,
    "acute_doubles": 40,
    "border": 50,
    "chronic": 80,
    "mixed": 30,
    CLEAR: 25,
    "null_sparse": 60,
    "acute_sparse": 60,
    "null_near_repeats_sparse": 60,
    "null_doubles_sparse": 60,
    "null_drift_half_sparse": 60,
    "null_drift_whole_sparse": 60,
    "acute_near_repeats_sparse": 40,
    "acute_doubles_sparse": 40,
    "acute_drift_half_sparse": 40,
    "acute_drift_whole_sparse": 40,
}
"""Worlds by scenario: enough for 5 % of 200 weeks and for recall to three hundredths."""
QUICK: Mapping[str, int] = {name: max(count // 10, 8) for name, count in FULL.items()} | {
    CALIBRATION: 40,
    "null": 25,
    "acute": 25,
    CLEAR: 3,
}
"""A look in a few minutes; its intervals are three times as wide."""
_RIVALS_IN = {CALIBRATION, "null", "acute", "null_sparse", "acute_sparse"}
_SHAKES = 5
"""Displacements of a clear world for each precision."""


@dataclass(frozen=True, slots=True)
class Split:
    """
    Share of the weeks without hotspots that show something, split by one property of the worlds.

    Parameters
    ----------
    entry
        Detector and operating point.
    kind
        Which of its claims.
    by
        The property: `background` or `shape`.
    weeks
        The share by value of the property.
    """

    entry: str
    kind: Kind
    by: str
    weeks: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    Everything that was measured on worlds with known truth.

    Parameters
    ----------
    seed
        Seed of the evaluation.
    worlds
        Worlds by scenario.
    entries
        Detectors at their operating points, ours first.
    scores
        What each came to in each scenario, and in `acute` by each rule.
    ceilings
        What could be found of the acute hotspots of each scenario.
    differences
        Ours against each other detector on the worlds of `acute`.
    splits
        False alarms of ours by background and shape.
    steadiness
        Share of the verdicts on clear hotspots that changed, by error of the coordinates in metres.
    seconds
        Time that all of it took.
    """

    seed: int
    worlds: Mapping[str, int]
    entries: tuple[Entry, ...]
    scores: tuple[Score, ...]
    ceilings: tuple[Ceiling, ...]
    differences: tuple[Difference, ...]
    splits: tuple[Split, ...]
    steadiness: Mapping[float, Measure]
    seconds: float = field(compare=False)

    def score(
        self, scenario: str, entry: str, *, kind: Kind = Kind.ACUTE, rule: Rule = Rule.STANDARD
    ) -> Score | None:
        """
        Look up what a detector came to.

        Parameters
        ----------
        scenario
            The scenario.
        entry
            Name of the detector at its operating point.
        kind
            Which of its claims.
        rule
            When a claim was a find.

        Returns
        -------
        Score or None
            Absent where it was not measured.
        """
        wanted = (scenario, entry, kind, rule)
        return next(
            (one for one in self.scores if (one.scenario, one.entry, one.kind, one.rule) == wanted), None
        )


def evaluate(
    worlds: Mapping[str, int],
    detectors: Sequence[Method],
    *,
    seed: int,
    processes: int,
    progress: Progress | None = None,
) -> Evaluation:
    """
    Run everything and measure it.

    Parameters
    ----------
    worlds
        Worlds by scenario; the calibration worlds among them.
    detectors
        The detectors.
    seed
        Seed of all worlds and detectors.
    processes
        How many processes share the work; the result does not depend on it.
    progress
        Called after each world.

    Returns
    -------
    Evaluation
        What was measured.
    """
    start = time.perf_counter()
    counts = {name: worlds[name] for name in SCENARIOS if worlds.get(name, 0) > 0 and name != CLEAR}
    taking = {name: _taking(name, detectors) for name in counts}
    done = spread(
        outcome,
        tasks(counts, taking, seed=seed),
        processes=processes,
        progress=progress,
    )
    outcomes = {name: tuple(one for one in done if one.scenario == name) for name in counts}
    entries = _entries(detectors, outcomes[CALIBRATION])
    return Evaluation(
        seed=seed,
        worlds={name: count for name, count in worlds.items() if count > 0},
        entries=entries,
        scores=_scores(entries, detectors, outcomes, seed),
        ceilings=tuple(ceiling(some, seed=seed) for name, some in outcomes.items() if SCENARIOS[name].acute),
        differences=_differences(entries, outcomes.get("acute", ()), seed),
        splits=_splits(entries, outcomes.get("null", ())),
        steadiness=_steadiness(worlds.get(CLEAR, 0), detectors, seed, processes, progress),
        seconds=time.perf_counter() - start,
    )


def _taking(name: str, detectors: Sequence[Method]) -> tuple[Method, ...]:
    """Select the detectors that are run in a scenario."""
    return tuple(
        method
        for method in detectors
        if method.is_graded
        or name in _RIVALS_IN
        or (Kind.CHRONIC in method.kinds and SCENARIOS[name].chronic and not SCENARIOS[name].acute)
    )


def _entries(detectors: Sequence[Method], calibration: Sequence[Outcome]) -> tuple[Entry, ...]:
    """Give each detector its operating points."""
    entries = []
    for method in detectors:
        limits = {
            kind: threshold(calibration, method.name, kind, level=LEVELS[kind])
            for kind in Kind
            if kind in method.kinds
        }
        cuts = tuple(Cut) if method.is_graded else (Cut.CALIBRATED,)
        entries += [Entry(method.name, method.label, cut, limits) for cut in cuts]
    return tuple(entries)


def _scores(
    entries: Sequence[Entry],
    detectors: Sequence[Method],
    outcomes: Mapping[str, Sequence[Outcome]],
    seed: int,
) -> tuple[Score, ...]:
    """Measure each detector at each operating point in each scenario where it was run."""
    kinds = {method.name: method.kinds for method in detectors}
    scores = []
    for name, worlds in outcomes.items():
        for entry in entries:
            if entry.method not in worlds[0].claims or name == CALIBRATION:
                continue
            scores += [
                score(worlds, entry, kind=kind, seed=seed) for kind in Kind if kind in kinds[entry.method]
            ]
            if name == "acute" and Kind.ACUTE in kinds[entry.method]:
                others = [rule for rule in Rule if rule is not Rule.STANDARD]
                scores += [score(worlds, entry, kind=Kind.ACUTE, rule=rule, seed=seed) for rule in others]
    return tuple(scores)


def _differences(entries: Sequence[Entry], acute: Sequence[Outcome], seed: int) -> tuple[Difference, ...]:
    """Compare ours, as confirmed and as calibrated, with each baseline."""
    if not acute:
        return ()
    mine = [entry for entry in entries if entry.method == OURS.name and entry.cut is not Cut.LIKELY]
    rivals = [entry for entry in entries if entry.method != OURS.name and Kind.ACUTE in entry.thresholds]
    return tuple(
        recall_difference(acute, one, other, kind=Kind.ACUTE, seed=seed) for one in mine for other in rivals
    )


def _splits(entries: Sequence[Entry], null: Sequence[Outcome]) -> tuple[Split, ...]:
    """Split our false alarms by what the worlds are like."""
    splits = []
    for entry in entries:
        if entry.method != OURS.name or entry.cut is Cut.CALIBRATED:
            continue
        for kind in Kind:
            for by in ("background", "shape"):
                shown: dict[str, list[bool]] = {}
                for one in null:
                    claims = entry.reported(one.claims[entry.method])
                    shown.setdefault(str(getattr(one, by)), []).append(any(c.kind is kind for c in claims))
                weeks = {value: wilson(sum(shown[value]), len(shown[value])) for value in sorted(shown)}
                splits.append(Split(entry.name, kind, by, weeks))
    return tuple(splits)


def _steadiness(
    worlds: int,
    detectors: Sequence[Method],
    seed: int,
    processes: int,
    progress: Progress | None,
) -> dict[float, Measure]:
    """Displace clear worlds, for ours only."""
    ours = [method for method in detectors if method.name == OURS.name]
    if not ours or worlds == 0:
        return {}
    done = spread(
        shaken,
        [Shaking(number, seed, ours[0], _SHAKES) for number in range(worlds)],
        processes=processes,
        progress=progress,
    )
    return changed_share(done)
