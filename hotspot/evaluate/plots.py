"""Plots of the report: recall by size, and false alarms by what the week is like."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from hotspot.errors import NotFound
from hotspot.evaluate.detectors import OURS
from hotspot.evaluate.entries import Cut
from hotspot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hotspot.evaluate.evaluation import Evaluation
    from hotspot.evaluate.intervals import Measure

RECALL_FILE = "detection-quality-recall.svg"
FALSE_FILE = "detection-quality-false-weeks.svg"
_OURS, _OTHERS = "#b3123d", "#5b6670"
_COLOURS = ("#0072b2", "#009e73", "#56b4e9", "#cc79a7", "#e69f00", "#000000", "#7f7f7f")
"""Okabe and Ito's, which the colour-blind can tell apart, without the red that is ours."""
_MARKERS = "osD^v<>PX"
_NOMINAL = 0.05


def require_matplotlib() -> None:
    """
    Refuse to start where the plots could not be drawn at the end.

    Raises
    ------
    NotFound
        If matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise NotFound("the plots need matplotlib, which is not installed: pip install 'hotspot[plots]'")


def draw(found: Evaluation, folder: Path) -> tuple[str, ...]:
    """
    Draw the plots whose scenarios were run.

    Parameters
    ----------
    found
        What was measured.
    folder
        Where the files go; must exist.

    Returns
    -------
    tuple of str
        Names of the files.
    """
    # Here, not above: everything else works without it, and it takes half a second.
    import matplotlib as mpl  # noqa: PLC0415 - an optional dependency.
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above.

    files = []
    # A salt of our own and no date: the same numbers give the same file.
    with mpl.rc_context({"svg.hashsalt": "hotspot", "font.size": 9, "svg.fonttype": "none"}):
        for name, plot in ((RECALL_FILE, _recall), (FALSE_FILE, _false_weeks)):
            figure = Figure(figsize=(7.5, 4.2), layout="constrained")
            if plot(found, figure):
                figure.savefig(folder / name, metadata={"Date": None})
                files.append(name)
    return tuple(files)


def _recall(found: Evaluation, figure: Figure) -> bool:
    """Draw recall by planted incidents, one line a detector."""
    scores = [one for entry in found.entries if (one := found.score("acute", entry.name)) is not None]
    if not scores:
        return False
    axes: Axes = figure.subplots()
    for number, one in enumerate(scores):
        sizes = [int(size) for size in one.recall_by_size]
        values = list(one.recall_by_size.values())
        height = [value.value for value in values]
        if one.entry.startswith(f"{OURS.label}, "):
            spread = [[v.value - v.low for v in values], [v.high - v.value for v in values]]
            line = {Cut.CONFIRMED: "-", Cut.LIKELY: "--", Cut.CALIBRATED: ":"}[one.cut]
            axes.errorbar(sizes, height, yerr=spread, label=one.entry, color=_OURS, linestyle=line, capsize=2)
        else:
            axes.plot(sizes, height, label=one.entry, color=_COLOURS[number % 7], marker=_MARKERS[number % 9])
    for limit in found.ceilings:
        if limit.scenario == "acute":
            height = [value.value for value in limit.recall_by_size.values()]
            axes.plot(sizes, height, label="place and weeks known", color=_OTHERS, linestyle=(0, (1, 3)))
    axes.set(xlabel="incidents planted", ylabel="share found", ylim=(-0.02, 1.02), xticks=sizes)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return True


def _false_weeks(found: Evaluation, figure: Figure) -> bool:
    """Draw the share of weeks without hotspots that show a confirmed one."""
    rows = false_weeks(found)
    if not rows:
        return False
    axes: Axes = figure.subplots()
    values = list(rows.values())
    axes.errorbar(
        [v.value for v in values],
        range(len(rows)),
        xerr=[[v.value - v.low for v in values], [v.high - v.value for v in values]],
        fmt="o",
        color=_OURS,
        capsize=2,
    )
    axes.axvline(_NOMINAL, color=_OTHERS, linestyle="--", linewidth=0.9)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.invert_yaxis()
    axes.set(xlabel="share of weeks without hotspots that show a confirmed acute one", xlim=(0, None))
    axes.grid(visible=True, axis="x", alpha=0.3)
    return True


def false_weeks(found: Evaluation) -> Mapping[str, Measure]:
    """
    List our false alarms by what the week is like.

    Parameters
    ----------
    found
        What was measured.

    Returns
    -------
    dict
        Share of weeks without hotspots that show a confirmed acute one, by background.
    """
    rows: dict[str, Measure] = {}
    for split in found.splits:
        if split.kind is Kind.ACUTE and split.by == "background" and split.entry.endswith(Cut.CONFIRMED):
            rows |= {value.replace("_", " "): share for value, share in split.weeks.items()}
    for one in found.scores:
        is_stress = one.scenario.startswith("null_") and one.kind is Kind.ACUTE
        if is_stress and one.cut is Cut.CONFIRMED:
            rows[one.scenario.removeprefix("null_").replace("_", " ")] = one.any_weeks
    return rows
