"""`hotspot mapping list` and `hotspot mapping check`: what a mapping makes of a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.options import Json
from hotspot.cli.output import Output
from hotspot.ingest import explanation
from hotspot.ingest import mapping as mappings

if TYPE_CHECKING:
    from hotspot.ingest.explanation import MappingCheck


def list_mappings(as_json: Json = False) -> None:
    """
    List the mapping files that ship with the project.

    Example: `hotspot mapping list`
    """
    output = Output(as_json)
    found = [mappings.read_mapping(name) for name in mappings.shipped_mappings()]
    output.result([{"name": one.name, "source": one.source, "themes": dict(one.themes)} for one in found])
    output.table(
        "Mappings", ["name", "source", "themes"], [[m.name, m.source, ", ".join(m.themes)] for m in found]
    )


def check_mapping(
    mapping: Annotated[str, typer.Argument(metavar="MAPPING", help="A shipped mapping or a TOML file.")],
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="An incident file; its first rows are looked at.")
    ],
    rows: Annotated[int, typer.Option(min=1, help="Rows to look at, at the most.")] = explanation.SAMPLE_ROWS,
    as_json: Json = False,
) -> None:
    """
    Say what a mapping makes of a file before anything is loaded.

    Which codes become which theme, which are unknown or left out, which rows would be refused and why.
    Nothing is stored.

    Examples: `hotspot mapping check st_louis_2010 july2010.csv`;
    `hotspot mapping check my.toml export.csv --json`
    """
    output = Output(as_json)
    now = dt.datetime.now(dt.UTC)
    check = explanation.explain(mappings.read_mapping(mapping), path, loaded_at=now, sample_rows=rows)
    output.result(asdict(check))
    _show(check, output)


def _show(check: MappingCheck, output: Output) -> None:
    """Print a check for people."""
    part = "all" if check.whole_file else "the first"
    output.say(
        f"{check.file}: {check.fitting} of {part} {check.rows} rows fit {check.mapping}"
        + (f", from {check.first} to {check.last}" if check.first is not None else "")
    )
    if check.bbox_deg is not None:
        west, south, east, north = check.bbox_deg
        output.say(f"They lie at longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}")
    elif check.fitting:
        output.say("Some lie where their coordinate reference system is not defined: is it the right one?")
    output.table(
        "Codes that are shown",
        ["code", "theme", "subtheme", "#rows", "#first row"],
        [[code.code, code.theme, code.subtheme, code.rows, code.example_row] for code in check.codes],
    )
    if check.unmapped:
        output.table(
            "Codes that are not shown",
            ["code", "why", "#rows", "#first row"],
            [[c.code, c.withheld or "no rule names it", c.rows, c.example_row] for c in check.unmapped],
        )
    if check.problems:
        output.table(
            "Rows that would be refused",
            ["reason", "#rows", "#first row", "example"],
            [[one.reason, one.rows, one.example_row, one.example] for one in check.problems],
        )
    for title, counts in (("Precision of dates", check.precision), ("Reported by", check.reporters)):
        output.say(
            f"{title}: " + (", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing")
        )
    if check.unused:
        output.say(f"Subthemes without a row: {', '.join(check.unused)}")
