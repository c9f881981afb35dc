"""The report of an evaluation: Markdown for people, JSON for machines."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from hotspot.evaluate.bars import SPARSE, bars
from hotspot.evaluate.entries import LEVELS, Cut
from hotspot.evaluate.matching import Rule
from hotspot.evaluate.plots import FALSE_FILE, RECALL_FILE, false_weeks
from hotspot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotspot.evaluate.evaluation import Evaluation
    from hotspot.evaluate.measures import Score

_CEILING = "*place and weeks known*"
_HOW = """## How it is measured

Every world is a fresh city with one theme, 56 weeks long: streets in squares, scattered towns, a single
centre, a village along a road, or streets with a few big pile-ups; addresses log-normal, gamma or Pareto
unequal; 20 to 400 incidents a week (each factor as likely; villages up to 60), .5 to 12 on a square
kilometre (the themes of St. Louis, Chicago and Maastricht have .5 to 5), the city's weekly level
noisy beyond Poisson; coordinates exact, rounded to 1 m or 10 m, or measured with an error of 3 m. Ordinary
weeks are, in turn, plain, with a season of ±20 to 60 %, a campaign of 1.5 to 3 times as much in the city or
in one quarter, or a trend of a factor ½ to 2 a year that differs between neighbourhoods. Acute hotspots: 3,
5, 8 and 12 extra incidents in each world, evenly over the addresses within 40 to 150 m and over the last 1
to 4 weeks. Chronic ones: .3 to 2 extra a week all year, 2 to 4 in a world. The stressed worlds: a near
repeat after 10 % of the incidents (half at the same address, half within 100 m; within 14 days), 10 %
registered twice (minutes to 3 days later, a fifth of them 10 m off), or addresses whose logarithm moves
with a standard deviation of .5 or 1.0 a year.

A claim is a find if the mean of its members lies within the planted radius + 50 m of the planted centre and
its footprint holds half of the planted incidents or has an IoU of .2 with the planted disc; one claim, one
find, the strongest first; every other claim is false, a second one on the same hotspot too.

The row *place and weeks known* is a ceiling for orientation: the share of the planted hotspots that a
Poisson test of the very disc in its very weeks against its own year shows at 5 %, divided by twice the
incidents of the window, as many places and lengths as a search tries.

Baselines report what exceeds the score that at most 5 % of the weeks of a calibration set exceed, a set of
ordinary worlds without hotspots that is used for nothing else (10 % for chronic claims). Ours is shown as
it reports (*confirmed*; *likely* means both grades) and calibrated in the same way. Shares of weeks have
Wilson's intervals; the others come from a bootstrap over worlds; all are at 95 %.
"""

_SPARSE = """How much can be found hangs on how much goes on around it. Where a week has .15 to .6
incidents on a square kilometre instead of .5 to 12 (20 to 100 in all), the same acute hotspots stand out
more, to every detector. Thresholds are those of the ordinary worlds.
"""


def markdown(found: Evaluation, *, command: str, plots: Sequence[str], history: str = "") -> str:
    """
    Write the report for people.

    Parameters
    ----------
    found
        What was measured.
    command
        The command that makes this report.
    plots
        Names of the plots beside it.
    history
        Its section about real history, with its heading; empty where that was not run.

    Returns
    -------
    str
        Markdown.
    """
    made = (
        f"Made by `{command}`: {sum(found.worlds.values())} simulated weeks with known truth, seed "
        f"{found.seed}, {found.seconds / 60:.0f} minutes. Nothing below is written by hand.\n"
    )
    parts = [
        "# How good the detection is\n",
        made,
        "## The bars\n\n" + bar_table(found),
        _compared(found),
        _plot("How much is found, by size", RECALL_FILE, plots),
        _recalls(found),
        _false(found, plots),
        _chronic(found),
        _sparse(found),
        _everywhere(found),
        _rules(found),
        history,
        _HOW,
    ]
    return "\n".join(part for part in parts if part)


def as_json(found: Evaluation) -> str:
    """
    Write everything that was measured for machines.

    Parameters
    ----------
    found
        What was measured.

    Returns
    -------
    str
        JSON; what is not a number is null.
    """
    whole = asdict(found) | {"bars": [asdict(bar) for bar in bars(found)]}
    return json.dumps(_finite(whole), indent=1, ensure_ascii=False) + "\n"


def _finite(value: object) -> object:
    """Replace what JSON cannot hold."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return value


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _plot(title: str, file: str, plots: Sequence[str]) -> str:
    """Show a plot that was drawn."""
    return f"## {title}\n\n![{title}]({file})\n" if file in plots else f"## {title}\n"


def bar_table(found: Evaluation) -> str:
    """
    Write the table of bars.

    Parameters
    ----------
    found
        What was measured.

    Returns
    -------
    str
        Markdown.
    """
    rows = [(bar.what, bar.required, bar.measured, "yes" if bar.passed else "**no**") for bar in bars(found)]
    return _table(["what", "required", "measured (95 %)", "cleared"], rows)


def _compared(found: Evaluation) -> str:
    """Write the main table: ours and every baseline on the same worlds."""
    table = _beside_each_other(found, "")
    if not table:
        return ""
    text = "## Ours and every baseline, acute hotspots\n\n" + table
    if found.differences:
        text += "\nRecall of ours less that of each other, on the same worlds:\n\n" + _table(
            ["ours", "less", "difference (95 %)"],
            [(d.first, d.second, d.recall) for d in found.differences],
        )
    return text


def _sparse(found: Evaluation) -> str:
    """Write the same table of the sparse worlds, and what could be found there."""
    table = _beside_each_other(found, SPARSE)
    if not table:
        return ""
    limit = next(one.recall for one in found.ceilings if one.scenario == f"acute{SPARSE}")
    return f"## Where little happens\n\n{_SPARSE}\nPlace and weeks known: recall {limit}.\n\n{table}"


def _beside_each_other(found: Evaluation, suffix: str) -> str:
    """Write what each detector comes to in the worlds of one kind; nothing where they were not run."""
    rows = []
    for entry in found.entries:
        one, null = found.score(f"acute{suffix}", entry.name), found.score(f"null{suffix}", entry.name)
        if one is None:
            continue
        rows.append(
            (
                f"**{entry.name}**" if entry.cut is Cut.CONFIRMED else entry.name,
                null.any_weeks if null is not None else "-",
                one.recall,
                one.false_per_week,
                one.precision,
                one.iou_disc,
                one.iou_addresses,
                one.centroid_error_m,
                "-" if math.isnan(one.radius_m) else f"{one.radius_m:.0f}",
                f"{one.seconds:.2f}",
            )
        )
    head = ["detector", "null weeks with any", "recall", "false a week", "precision", "IoU disc"]
    head += ["IoU addresses", "centroid off (m)", "radius (m)", "s a week"]
    return _table(head, rows) if rows else ""


def _recalls(found: Evaluation) -> str:
    """Write recall by size and by incidents a week."""
    scores = [one for entry in found.entries if (one := found.score("acute", entry.name)) is not None]
    if not scores:
        return ""
    sizes, volumes = list(scores[0].recall_by_size), list(scores[0].recall_by_volume)
    limit = next(one for one in found.ceilings if one.scenario == "acute")
    by_size: list[tuple[object, ...]] = [
        (one.entry, *(one.recall_by_size[size] for size in sizes)) for one in scores
    ]
    by_volume: list[tuple[object, ...]] = [
        (one.entry, *(one.recall_by_volume[volume] for volume in volumes)) for one in scores
    ]
    by_size.append((_CEILING, *limit.recall_by_size.values()))
    by_volume.append((_CEILING, *limit.recall_by_volume.values()))
    return (
        _table(["detector", *(f"{size} planted" for size in sizes)], by_size)
        + "\n"
        + _table(["detector", *volumes], by_volume)
    )


def _false(found: Evaluation, plots: Sequence[str]) -> str:
    """Write false alarms of ours by what the week is like."""
    rows = false_weeks(found)
    if not rows:
        return ""
    text = _plot("False alarms, by what the week is like", FALSE_FILE, plots) + "\n"
    text += _table(["nothing planted", "weeks with a confirmed acute hotspot"], rows.items())
    shapes = [
        (split.entry, split.kind, *split.weeks.values()) for split in found.splits if split.by == "shape"
    ]
    names = next((list(split.weeks) for split in found.splits if split.by == "shape"), [])
    return text + "\nThe same by the shape of the city:\n\n" + _table(["list", "kind", *names], shapes)


def _chronic(found: Evaluation) -> str:
    """Write what is known of chronic hotspots."""
    rows = []
    for entry in found.entries:
        one = found.score("chronic", entry.name, kind=Kind.CHRONIC)
        null = found.score("null", entry.name, kind=Kind.CHRONIC)
        if one is None:
            continue
        sizes = [f"{size}: {value}" for size, value in one.recall_by_size.items()]
        rows.append(
            (
                entry.name,
                null.any_weeks if null is not None else "-",
                one.recall,
                "; ".join(sizes),
                one.precision,
                one.false_per_week,
                one.iou_disc,
                one.centroid_error_m,
            )
        )
    if not rows:
        return ""
    head = ["detector", "null weeks with any", "recall", "by incidents planted", "precision", "false a week"]
    level = f"Calibrated means {LEVELS[Kind.CHRONIC]:.0%} of the weeks here.\n\n"
    return "## Chronic hotspots\n\n" + level + _table([*head, "IoU disc", "centroid off (m)"], rows)


def _everywhere(found: Evaluation) -> str:
    """Write what ours came to in every scenario."""
    scores = [
        one for one in found.scores if one.rule is Rule.STANDARD and one.cut in {Cut.CONFIRMED, Cut.LIKELY}
    ]
    rows = [
        (one.scenario, one.kind, one.cut, one.worlds, *_figures(one))
        for one in sorted(scores, key=lambda one: (one.kind, list(found.worlds).index(one.scenario)))
        if one.kind is Kind.ACUTE or one.scenario.startswith("null") or not math.isnan(one.recall.value)
    ]
    head = [
        "scenario",
        "kind",
        "grade",
        "weeks",
        "weeks with any",
        "recall",
        "false a week",
        "precision",
        "once",
    ]
    return "## Ours in every scenario\n\n" + _table(head, rows) if rows else ""


def _figures(one: Score) -> tuple[object, ...]:
    """Select the columns of a scenario."""
    return one.any_weeks, one.recall, one.false_per_week, one.precision, one.once


def _rules(found: Evaluation) -> str:
    """Write how much hangs on the rule that makes a claim a find."""
    rows = []
    for entry in found.entries:
        scores = [found.score("acute", entry.name, rule=rule) for rule in Rule]
        if all(one is not None for one in scores):
            cells = [
                f"{one.recall.value:.3f} / {one.false_per_week.value:.2f}"
                for one in scores
                if one is not None
            ]
            rows.append((entry.name, *cells))
    if not rows:
        return ""
    text = (
        "## How much hangs on the rule\n\nRecall / false a week, by when a claim is a find. *Strict*: the "
        "centroid within the radius, half of the incidents held and an IoU of .2. *Loose*: the footprint "
        "holds a planted incident. *Members*: three tenths of the planted incidents, two at least, are "
        "members.\n\n"
    )
    return text + _table(["detector", *Rule], rows)
