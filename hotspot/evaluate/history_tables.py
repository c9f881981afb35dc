"""The report's section about real history, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.evaluate.history import SHARES
from hotspot.evaluate.surfaces import COUNTS, LABELS, OURS, RIVALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.evaluate.history import Case, HistoryReport, Margin

_HOW = """\
For each period the cells are ranked from what happened before it, and so many are marked as make up the
area in the table. Cells are squares that held an incident of any theme of the register before the period,
the developed area as far as anybody could know; what falls elsewhere is missed by all. Cells of equal
rank are ordered by all incidents so far, for every method. Hit rate is the share of the period's
incidents in the marked cells; PAI is the hit rate divided by the marked share of the developed area (for
Portland of the whole city, as in the challenge); PEI is the hit rate divided by that of the best cells in
hindsight. The shares of ours are learnt from the weeks before each forecast. Hit rates have Wilson's
intervals; differences come from 1999 draws of whole periods, the same for both sides (expanded
percentiles). All intervals are at 95 %.
"""


def history_tables(report: HistoryReport) -> str:
    """
    Write the section.

    Parameters
    ----------
    report
        What was measured.

    Returns
    -------
    str
        Markdown with its heading; only what is missing where there are no data.
    """
    parts = ["## On real history\n"]
    if report.cases:
        parts += [_verdict(report), _HOW, _pooled(report), _cities(report)]
        parts += [_portland(report), _each(report)]
    parts += [f"Skipped: {reason}.\n" for reason in report.skipped]
    return "\n".join(part for part in parts if part)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """
    Write a table.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Their texts.

    Returns
    -------
    str
        Markdown, the first column to the left and the others to the right.
    """
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _verdict(report: HistoryReport) -> str:
    """Hold the report against its bars."""
    above = sum(margin.lower > 0 for margin in report.margins)
    below = sum(margin.upper < 0 for margin in report.margins)
    rows = [
        [
            "cases below the better naive count with all of their interval",
            "0",
            f"{below} of {len(report.margins)} ({above} above)",
            "yes" if report.is_never_below_counts else "no",
        ],
        [
            "hit rate less that of KDE and Gi*, all cases of one week together",
            "> 0 at the lower bound",
            "; ".join(_interval(margin) for margin in report.pooled if margin.against in RIVALS),
            "yes" if report.is_above_rivals else "no",
        ],
    ]
    return table(["what", "required", "measured", "cleared"], rows)


def _pooled(report: HistoryReport) -> str:
    """Compare ours with every method over all cases."""
    rows = [[LABELS[margin.against], _interval(margin)] for margin in report.pooled]
    text = "Hit rate of ours less that of the others, all cases of one week together:\n\n"
    return text + table(["ours against", "difference (95 %)"], rows)


def _cities(report: HistoryReport) -> str:
    """Give pooled hit rates by city and marked area."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in report.cases:
        if case.horizon_weeks == 1:
            groups.setdefault((case.city, case.marked), []).append(case)
    rows = []
    for (city, marked), cases in groups.items():
        incidents = sum(int(case.incidents.sum()) for case in cases)
        rates = {
            name: sum(int(case.catches[name].hits.sum()) for case in cases) / max(1, incidents)
            for name in LABELS
        }
        best = max(rates.values())
        rows.append(
            [f"{city}, {marked}", str(incidents)]
            + [f"**{rate:.3f}**" if rate == best else f"{rate:.3f}" for rate in rates.values()]
        )
    return "Hit rates in the following week, all themes together:\n\n" + table(
        ["city and marked area", "incidents", *LABELS.values()], rows
    )


def _portland(report: HistoryReport) -> str:
    """Give PAI and PEI of the challenge."""
    cases = [case for case in report.cases if not case.marked.endswith("developed area")]
    shown = (OURS, *COUNTS, "kde_52")
    rows = [
        [
            f"{case.theme}, {case.cell_m:.0f} m, {case.marked}, {case.horizon_weeks} wk",
            str(case.periods),
            *[f"{case.catches[name].pai:.1f} / {case.catches[name].pei:.2f}" for name in shown],
        ]
        for case in cases
    ]
    if not rows:
        return ""
    text = "The cells, areas and periods of the NIJ challenge in Portland, PAI / PEI:\n\n"
    return text + table(["case", "periods", *[LABELS[name] for name in shown]], rows)


def _each(report: HistoryReport) -> str:
    """Give every case with its interval."""
    rows = []
    for case, margin in zip(report.cases, report.margins, strict=True):
        ours = case.catches[OURS]
        rows.append(
            [
                margin.cases,
                f"{case.periods} / {int(case.incidents.sum())}",
                f"{ours.hit_rate:.3f} ({ours.hit_rate_lower:.3f} to {ours.hit_rate_upper:.3f})",
                f"{ours.pai:.1f}",
                f"{ours.pei:.2f}",
                f"{_interval(margin)} ({LABELS[margin.against]})",
            ]
        )
    head = ["case", "periods / incidents", "hit rate of ours", "PAI", "PEI", "against the better count"]
    marked = " and ".join(f"{share:.0%}" for share in SHARES)
    return f"Every case; {marked} are of the developed area:\n\n" + table(head, rows)


def _interval(margin: Margin) -> str:
    """Write a difference with its interval."""
    return f"{margin.difference:+.3f} ({margin.lower:+.3f} to {margin.upper:+.3f})"
