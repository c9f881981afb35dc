"""`hotspot quality` and `hotspot refused`: how good the incidents are, and what was left out."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.errors import InvalidParameter
from hotspot.rows import Reason
from hotspot.store import quality, refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotspot.store.quality import GeocodedShare, QualityReport

_SHOWN = 15
"""Rows of a table on the screen; `--json` has all."""

_REFUSED_COLUMNS = ("load_id", "source", "dataset", "row", "reason", "detail", "code", "stated_area", "raw")


def report(
    source: Annotated[str | None, typer.Option(help="Only this source.", show_default=False)] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Report how good the stored incidents are.

    Rows read (bruto) and accepted (netto), refusals by reason, the share that could be put on the map per
    area and category, pile-ups (many incidents on one coordinate), precision of dates, delay between event
    and report, and how often the assigned neighbourhood is the one that the row itself names.

    Examples: `hotspot quality`; `hotspot quality --source politie --json`
    """
    output = Output(as_json)
    with reading(store) as connection:
        found = quality.quality_report(connection, source=source)
    output.result(_as_json(found))
    _show(found, output)


def _as_json(found: QualityReport) -> dict[str, object]:
    """Give a report as JSON can hold it, with the shares that are properties."""
    geocoded = {
        name: [asdict(one) | {"share": one.share} for one in getattr(found, name)]
        for name in ("geocoded_by_area", "geocoded_by_code")
    }
    return (
        asdict(found) | geocoded | {"agreement": asdict(found.agreement) | {"share": found.agreement.share}}
    )


def _show(found: QualityReport, output: Output) -> None:
    """Print a report for people."""
    rows: list[list[object]] = [
        ["read (bruto)", found.rows_read, ""],
        ["accepted (netto)", found.rows_accepted, ""],
    ]
    rows += [[f"refused: {reason}", count, ""] for reason, count in found.refused_by_reason.items()]
    for row in rows:
        row[2] = f"{int(str(row[1])) / found.rows_read:.1%}" if found.rows_read else "-"
    output.table("Rows", ["what", "#rows", "#share"], rows)
    _show_incidents(found, output)
    _show_geocoded("Least often on the map, by the area that the rows name", found.geocoded_by_area, output)
    _show_geocoded("Least often on the map, by category", found.geocoded_by_code, output)
    output.table(
        f"Pile-ups: {found.n_pile_ups} coordinates with {quality.PILE_UP_INCIDENTS} incidents or more",
        ["#x (m)", "#y (m)", "neighbourhood", "#incidents", "#share", "#days"],
        [
            [f"{p.x_m:.0f}", f"{p.y_m:.0f}", p.neighbourhood, p.incidents, f"{p.share:.1%}", p.days]
            for p in found.pile_ups[:_SHOWN]
        ],
    )
    agreement = found.agreement
    if agreement.share is not None:
        output.say(
            f"Neighbourhood as the row names it: {agreement.agreed} of {agreement.compared} "
            f"({agreement.share:.1%})"
        )


def _show_incidents(found: QualityReport, output: Output) -> None:
    """Print what the incidents are about and how their time is known."""
    output.table(
        f"Incidents, {found.first} to {found.last}",
        ["theme", "#incidents", "subthemes"],
        [
            [theme, sum(counts.values()), ", ".join(f"{name} {count}" for name, count in counts.items())]
            for theme, counts in found.themes.items()
        ],
    )
    precisions = ", ".join(f"{precision} {share:.1%}" for precision, share in found.precisions.items())
    output.say(f"Precision of dates: {precisions or 'no incidents'}")
    delay = found.delay
    if delay.incidents:
        within = ", ".join(f"{share:.0%} within {days} days" for share, days in delay.within_days.items())
        late = ", ".join(f"{share:.1%} after {days} days" for days, share in delay.late.items())
        output.say(f"Reported: {within}; {late} ({delay.incidents} incidents with a known report)")


def _show_geocoded(title: str, shares: Iterable[GeocodedShare], output: Output) -> None:
    """Print where rows could not be put on the map."""
    poor = [one for one in shares if one.geocoded < one.rows][:_SHOWN]
    output.table(
        title,
        ["name", "#rows", "#on the map", "#share"],
        [[one.name or "(none)", one.rows, one.geocoded, f"{one.share:.1%}"] for one in poor],
    )


def list_refused(
    reason: Annotated[str | None, typer.Option(help="Only this reason.", show_default=False)] = None,
    load: Annotated[
        int | None, typer.Option(help="Only this load (see `hotspot loads`).", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write a CSV file instead.", show_default=False)] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    List or export the rows that are no incidents, each with its reason and the row as it came.

    Examples: `hotspot refused --reason unmapped_code`; `hotspot refused --out refused.csv`
    """
    output = Output(as_json)
    wanted = _reason(reason)
    with reading(store) as connection:
        rows = refused.refused_rows(connection, load_id=load, reason=wanted)
        if out is not None:
            output.say(f"{out}: {_write(out, rows)} rows")
        elif as_json:
            output.result([asdict(row) for row in rows])
        else:
            output.table(
                "Refused rows",
                ["#load", "file", "#row", "reason", "detail"],
                [[row.load_id, row.dataset, row.row, row.reason, row.detail] for row in rows],
            )


def _reason(text: str | None) -> Reason | None:
    """Read a reason."""
    if text is None:
        return None
    if text not in list(Reason):
        raise InvalidParameter(f"--reason must be one of {', '.join(Reason)}, got {text!r}")
    return Reason(text)


def _write(out: Path, rows: Iterable[refused.RefusedRow]) -> int:
    """Write refused rows as CSV and count them."""
    if not out.parent.is_dir():
        raise InvalidParameter(f"--out must lie in an existing folder, got {out}")
    count = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_REFUSED_COLUMNS)
        for row in rows:
            writer.writerow([getattr(row, column) for column in _REFUSED_COLUMNS])
            count += 1
    return count
