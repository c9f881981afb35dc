"""`hotspot audit`: whether the log of who saw what is whole, and the log itself for who must look into it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot import audit
from hotspot.audit import Anchor
from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Store
from hotspot.cli.output import Output
from hotspot.errors import Unsuitable
from hotspot.store import audit as stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotspot.audit import Sealed


class Format(StrEnum):
    """How the log is written out."""

    CSV = "csv"
    JSON = "json"


def verify(
    anchors: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor",
            metavar="NUMBER:HASH",
            help="What an earlier run said of the end; may be given more than once. Without one, a cut end "
            "and a log that was written anew as a whole cannot be seen.",
            show_default=False,
        ),
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Tell whether the audit is as it was written: nothing changed, removed, inserted or moved.

    Says the number and the seal of the last entry: note them elsewhere, as the anchor of the next run.
    Exit code 4 if something is wrong.

    Examples: `hotspot audit verify`; `hotspot audit verify --anchor 1042:9f2c...`
    """
    output = Output(as_json)
    noted = [Anchor.parse(text) for text in anchors or ()]
    with reading(store) as connection:
        found = audit.verify(stored.entries(connection), noted)
    anchor = None if found.end is None else str(found.end)
    output.result(
        {
            "entries": found.entries,
            "anchor": anchor,
            "is_whole": not found.faults,
            "faults": list(found.faults),
        }
    )
    if found.faults:
        raise Unsuitable("the audit is not as it was written: " + "; ".join(found.faults))
    output.say(f"{found.entries} entries, the chain is whole")
    if anchor is not None:
        output.say(f"anchor: {anchor}")


def export(
    first: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day (UTC).", show_default=False),
    ] = None,
    last: Annotated[
        dt.datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (UTC).", show_default=False),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="A table, or a line of JSON each.")] = Format.CSV,
    store: Store = None,
) -> None:
    """
    Write the audit to standard output, with the seals, for the privacy officer or an auditor.

    Examples: `hotspot audit export --from 2026-11-01 --to 2026-11-30 > november.csv`;
    `hotspot audit export --format json`
    """
    with reading(store) as connection:
        found = stored.entries(
            connection,
            from_ms=None if first is None else _ms(first),
            to_ms=None if last is None else _ms(last + dt.timedelta(days=1)),
        )
        _write(map(_row, found), form)


def _write(rows: Iterator[dict[str, object]], form: Format) -> None:
    """Write rows as they come: the log may be longer than fits in memory."""
    if form is Format.JSON:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    table = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _row(sealed: Sealed) -> dict[str, object]:
    """Tell an entry."""
    told = {"number": sealed.number} | asdict(sealed.entry)
    at = dt.datetime.fromtimestamp(sealed.entry.at_ms / 1000, dt.UTC)
    told["at"] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told |= {"previous_hash": sealed.previous_hash, "hash": sealed.hash}
    return {name: told[name] for name in _COLUMNS}


_COLUMNS = (
    "number",
    "at",
    "request",
    "act",
    "who",
    "key",
    "role",
    "level",
    "areas",
    "purpose",
    "method",
    "path",
    "query",
    "status",
    "records",
    "previous_hash",
    "hash",
)


def _cell(value: object) -> object:
    """Keep what callers sent from being read as a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value


def _ms(day: dt.datetime) -> int:
    """Give the beginning of a day in milliseconds."""
    return int(day.replace(tzinfo=dt.UTC).timestamp() * 1000)
