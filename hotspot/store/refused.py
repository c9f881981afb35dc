"""Rows that are no incidents: as they stood in their file, with the reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Rows come from the driver; the tables say what is in them.

from sqlalchemy import select

from hotspot.rows import Reason
from hotspot.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Select

_ROWS_AT_ONCE = 5000
"""Rows fetched at a time: bounded memory, few round trips."""

_LOAD = tables.loads.c
_REFUSED = tables.refused_rows.c
_ROW = tables.incident_rows.c
_OF_LOAD = ("source", "dataset")
_AS_READ = ("theme", "subtheme", "code", "neighbourhood", "stated_area", "started_s", "ended_s")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """
    A row that is no incident.

    Parameters
    ----------
    load_id
        Number of the load.
    source
        Name of the mapping that read the file.
    dataset
        The file.
    row
        Row in the file; the header of a table is row 1.
    reason
        Why it was refused.
    detail
        The same in a sentence.
    raw
        The row as JSON: as it stood in the file, or, where another file's row decided, as it was read.
    code
        Category as the source writes it, where it does.
    stated_area
        Area that the row names, where it does.
    reverses
        Whether its task is to take back another row.
    partner
        Load and row of the one that takes it back, or that it takes back.
    """

    load_id: int
    source: str
    dataset: str
    row: int
    reason: Reason
    detail: str
    raw: str
    code: str | None
    stated_area: str | None
    reverses: bool
    partner: tuple[int, int] | None


def refused_rows(
    connection: Connection, *, load_id: int | None = None, reason: Reason | None = None
) -> Iterator[RefusedRow]:
    """
    Give the rows that are no incidents, one by one.

    Parameters
    ----------
    connection
        The open transaction.
    load_id
        Number of the load; absent for all.
    reason
        Why they were refused; absent for all reasons.

    Yields
    ------
    RefusedRow
        First those that their own file refused, then those that another file's rows decided about; each
        ordered by load and row.
    """
    for table, statement in (
        (tables.refused_rows, _refused_statement()),
        (tables.incident_rows, _decided_statement()),
    ):
        chosen = statement
        if load_id is not None:
            chosen = chosen.where(table.c.load_id == load_id)
        if reason is not None:
            chosen = chosen.where(table.c.reason == reason.value)
        for row in connection.execute(chosen.execution_options(yield_per=_ROWS_AT_ONCE)):
            yield _refused_row(row._asdict())


def _refused_statement() -> Select[*tuple[Any, ...]]:
    """Select the rows that were refused when their file was read."""
    return (
        select(
            *(_LOAD[name] for name in _OF_LOAD),
            *(column for column in _REFUSED if column.name not in {"key", "reversal_key"}),
        )
        .join_from(tables.refused_rows, tables.loads, _LOAD.id == _REFUSED.load_id)
        .order_by(_REFUSED.load_id, _REFUSED.row)
    )


def _decided_statement() -> Select[*tuple[Any, ...]]:
    """Select the rows that stood in their file but not beside the others."""
    own = ("load_id", "row", "reason", "detail", "partner_load_id", "partner_row", "started_s", "ended_s")
    kind, assigned = tables.kinds.c, tables.assignments.c
    return (
        select(
            *(_LOAD[name] for name in _OF_LOAD),
            *(_ROW[name] for name in own),
            kind.theme,
            kind.subtheme,
            kind.code,
            assigned.neighbourhood,
            assigned.stated_area,
        )
        .join_from(tables.incident_rows, tables.loads, _LOAD.id == _ROW.load_id)
        .join(tables.kinds, kind.id == _ROW.kind_id)
        .join(tables.assignments, assigned.id == _ROW.assignment_id)
        .where(_ROW.reason.is_not(None))
        .order_by(_ROW.load_id, _ROW.row)
    )


def _refused_row(kept: dict[str, Any]) -> RefusedRow:
    """Make a refused row from what is stored of it."""
    partner = (kept["partner_load_id"], kept["partner_row"])
    return RefusedRow(
        load_id=kept["load_id"],
        source=kept["source"],
        dataset=kept["dataset"],
        row=kept["row"],
        reason=Reason(kept["reason"]),
        detail=kept["detail"],
        raw=kept["raw"] if "raw" in kept else json.dumps({name: kept[name] for name in _AS_READ}),
        code=kept["code"],
        stated_area=kept["stated_area"],
        reverses=bool(kept.get("reverses", False)),
        partner=None if partner[0] is None else partner,
    )
