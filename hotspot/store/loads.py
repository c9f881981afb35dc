"""Loads: which files are in the store, what became of their rows, and how people read their themes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, union_all

from hotspot.errors import NotFound
from hotspot.model import Label
from hotspot.rows import Reason
from hotspot.store import indexes, settlement, tables
from hotspot.store.ids import next_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row, Select

_LOAD = tables.loads.c
_ROW = tables.incident_rows.c
_REFUSED = tables.refused_rows.c
_LABEL = tables.labels.c


@dataclass(frozen=True, slots=True)
class Load:
    """
    A file in the store.

    Parameters
    ----------
    id
        Number of the load; a corrected file gets a new one.
    source
        Name of the mapping that reads such files.
    dataset
        What tells the files of a source apart; a file of the same name replaces the earlier one.
    file_name
        Name of the file.
    sha256
        Hash of the file.
    mapping_sha256
        Hash of everything else that decided what became of its rows.
    loaded_at
        When, in UTC.
    rows_read
        Rows of the file.
    rows_accepted
        Those that are incidents.
    rows_refused
        Those that are not; the two add up to `rows_read`.
    refused_by_reason
        The latter by reason.
    """

    id: int
    source: str
    dataset: str
    file_name: str
    sha256: str
    mapping_sha256: str
    loaded_at: dt.datetime
    rows_read: int
    rows_accepted: int
    rows_refused: int
    refused_by_reason: dict[Reason, int]


def begin_load(
    connection: Connection,
    *,
    source: str,
    dataset: str,
    sha256: str,
    mapping_sha256: str,
    file_name: str,
    loaded_at: dt.datetime,
) -> int:
    """
    Make room for a file: what an earlier file of the same source and dataset brought is taken out.

    Parameters
    ----------
    connection
        The open transaction, the one in which the whole file is loaded.
    source
        Name of the mapping that reads such files.
    dataset
        What tells the files of a source apart.
    sha256
        Hash of the file.
    mapping_sha256
        Hash of everything else that decides what becomes of its rows.
    file_name
        Name of the file.
    loaded_at
        When.

    Returns
    -------
    int
        Number of the load, larger than any before it.
    """
    load_id = next_id(connection, tables.loads)
    earlier = connection.scalar(select(_LOAD.id).where(_LOAD.source == source, _LOAD.dataset == dataset))
    if earlier is not None:
        settlement.forget(connection, earlier)
        connection.execute(delete(tables.loads).where(_LOAD.id == earlier))
    connection.execute(
        insert(tables.loads).values(
            id=load_id,
            source=source,
            dataset=dataset,
            file_name=file_name,
            sha256=sha256,
            mapping_sha256=mapping_sha256,
            loaded_at_s=int(loaded_at.timestamp()),
            rows_read=0,
            longest_interval_s=0,
        )
    )
    return load_id


def finish_load(connection: Connection, load_id: int) -> Load:
    """
    Close a load.

    Parameters
    ----------
    connection
        The open transaction.
    load_id
        Number of the load.

    Returns
    -------
    Load
        What became of its rows.

    Raises
    ------
    NotFound
        If there is no such load.
    """
    indexes.build(connection)
    for load in _loads(connection, load_id):
        return load
    raise NotFound(f"there is no load {load_id}")


def find_load(connection: Connection, source: str, dataset: str) -> Load | None:
    """
    Find the file that a new one of the same name would replace.

    Parameters
    ----------
    connection
        The open transaction.
    source
        Name of the mapping that reads such files.
    dataset
        What tells the files of a source apart.

    Returns
    -------
    Load or None
        The load, if there is one.
    """
    found = connection.scalar(select(_LOAD.id).where(_LOAD.source == source, _LOAD.dataset == dataset))
    return None if found is None else _loads(connection, found)[0]


def loads(connection: Connection) -> list[Load]:
    """
    List the files in the store.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    list of Load
        In the order in which they were loaded.
    """
    return _loads(connection, None)


def _loads(connection: Connection, load_id: int | None) -> list[Load]:
    """Read all loads, or one."""
    statement = select(
        _LOAD.id,
        _LOAD.source,
        _LOAD.dataset,
        _LOAD.file_name,
        _LOAD.sha256,
        _LOAD.mapping_sha256,
        _LOAD.loaded_at_s,
        _LOAD.rows_read,
    ).order_by(_LOAD.id)
    if load_id is not None:
        statement = statement.where(_LOAD.id == load_id)
    counts: dict[int, dict[str | None, int]] = {}
    for of_load, reason, n_rows in connection.execute(_counts_statement(load_id)):
        by_reason = counts.setdefault(of_load, {})
        by_reason[reason] = by_reason.get(reason, 0) + n_rows
    return [_load(row, counts.get(row.id, {})) for row in connection.execute(statement)]


def _counts_statement(load_id: int | None) -> Select[int, str | None, int]:
    """Count rows by load and reason; no reason means accepted."""
    parts = []
    for table in (tables.incident_rows, tables.refused_rows):
        part = select(table.c.load_id, table.c.reason, func.count().label("n_rows"))
        if load_id is not None:
            part = part.where(table.c.load_id == load_id)
        parts.append(part.group_by(table.c.load_id, table.c.reason))
    counted = union_all(*parts).subquery("counted")
    return select(counted.c.load_id, counted.c.reason, counted.c.n_rows)


def _load(row: Row[int, str, str, str, str, str, int, int], counts: Mapping[str | None, int]) -> Load:
    """Make a load from its row and its counts."""
    refused = {reason: counts[reason] for reason in Reason if reason in counts}
    return Load(
        id=row.id,
        source=row.source,
        dataset=row.dataset,
        file_name=row.file_name,
        sha256=row.sha256,
        mapping_sha256=row.mapping_sha256,
        loaded_at=dt.datetime.fromtimestamp(row.loaded_at_s, dt.UTC),
        rows_read=row.rows_read,
        rows_accepted=counts.get(None, 0),
        rows_refused=sum(refused.values()),
        refused_by_reason=refused,
    )


def write_labels(connection: Connection, labels: Mapping[str, Label]) -> None:
    """
    Say how people read themes and subthemes; what was said of a name before is replaced.

    Parameters
    ----------
    connection
        The open transaction.
    labels
        Labels by name.
    """
    if not labels:
        return
    connection.execute(delete(tables.labels).where(_LABEL.name.in_(list(labels))))
    connection.execute(
        insert(tables.labels),
        [{"name": name, "nl": label.nl, "en": label.en} for name, label in sorted(labels.items())],
    )


def labels(connection: Connection) -> dict[str, Label]:
    """
    Tell how people read themes and subthemes.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    dict
        Labels by name, in the order of the names.
    """
    statement = select(_LABEL.name, _LABEL.nl, _LABEL.en).order_by(_LABEL.name)
    return {name: Label(nl, en) for name, nl, en in connection.execute(statement)}
