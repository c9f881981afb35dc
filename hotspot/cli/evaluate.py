"""`hotspot evaluate`: how good the detection is, on cities with known truth and on real history."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.options import Json
from hotspot.cli.output import Output
from hotspot.errors import InvalidParameter
from hotspot.evaluate import plots, report
from hotspot.evaluate.bars import bars
from hotspot.evaluate.detectors import methods
from hotspot.evaluate.evaluation import FULL, QUICK, evaluate
from hotspot.evaluate.history import history as real_history
from hotspot.evaluate.history_tables import history_tables
from hotspot.evaluate.scenarios import CALIBRATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.evaluate.evaluation import Evaluation

REPORT_FILE, JSON_FILE = "detection-quality.md", "detection-quality.json"


def quality(
    scenarios: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help=f"Only these, of: {', '.join(FULL)}. Thresholds always need `{CALIBRATION}`."
        ),
    ] = None,
    worlds: Annotated[
        int | None, typer.Option(min=1, help="Worlds in each scenario, instead of its own number.")
    ] = None,
    detectors: Annotated[
        str | None, typer.Option(metavar="A,B", help="Only these: `ours` and the baselines by name.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other cities.")] = 3,
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the report, its plots and the JSON file go.")
    ] = Path("docs"),
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the worlds: a look.")] = False,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder with `st_louis_2010`, `chicago`, `portland_nij`: judge forecasts on them too.",
            show_default=False,
        ),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes. Default: one a core.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Measure how good the detection is, and that of every baseline in the same run.

    Simulated cities with known truth: false alarms, recall, precision, place, each with its interval, held
    against the bars; with `--history` forecasts on real registers as well. Writes `detection-quality.md`
    with plots and `detection-quality.json`. The same seed gives the same numbers on any number of processes.

    Examples: `hotspot evaluate --quick --output /tmp/quality`;
    `hotspot evaluate --scenarios null,acute --detectors ours,permutation_scan --worlds 50`
    """
    plots.require_matplotlib()
    said = Output(as_json)
    counts = _counts(scenarios, worlds, QUICK if quick else FULL)
    chosen = methods(None if detectors is None else detectors.split(","))
    output.mkdir(parents=True, exist_ok=True)
    with said.progress("evaluate", sum(counts.values())) as step:
        found = evaluate(
            counts, chosen, seed=seed, processes=processes or os.cpu_count() or 1, progress=lambda: step(1)
        )
    _write(found, output, history_tables(real_history(history, seed=seed)) if history is not None else "")
    said.result([asdict(bar) for bar in bars(found)])
    said.table(
        "Bars",
        ["what", "required", "measured (95 %)", "cleared"],
        [(bar.what, bar.required, bar.measured, "yes" if bar.passed else "no") for bar in bars(found)],
    )
    said.say(f"{output / REPORT_FILE}: {sum(counts.values())} worlds, {found.seconds:.0f} s")


def _counts(scenarios: str | None, worlds: int | None, counts: Mapping[str, int]) -> dict[str, int]:
    """Tell how many worlds of each scenario are wanted."""
    names = list(counts) if scenarios is None else [CALIBRATION, *scenarios.split(",")]
    unknown = [name for name in names if name not in counts]
    if unknown:
        raise InvalidParameter(f"scenarios must be among {', '.join(counts)}, got {', '.join(unknown)}")
    return {name: counts[name] if worlds is None else worlds for name in counts if name in names}


def _write(found: Evaluation, folder: Path, history: str) -> None:
    """Write the report, its plots and the JSON file."""
    drawn = plots.draw(found, folder)
    command = shlex.join(["hotspot", *sys.argv[1:]])
    text = report.markdown(found, command=command, plots=drawn, history=history)
    (folder / REPORT_FILE).write_text(text, encoding="utf-8")
    (folder / JSON_FILE).write_text(report.as_json(found), encoding="utf-8")
