"""Incidents: written batch by batch, settled across files, and read as arrays."""

from __future__ import annotations

import hashlib
import json
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import BigInteger, func, insert, literal_column, select, update

from hotspot.model import Incidents, Reports
from hotspot.rows import ABSENT_S
from hotspot.store import indexes, tables
from hotspot.store.bulk import read_arrays, write_arrays, write_rows
from hotspot.store.municipality import read_municipality
from hotspot.store.shapes import POINT, point_records, positions, raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select, Table

    from hotspot.rows import AcceptedRows, Batch, RefusedRows

_ROW = tables.incident_rows.c
_REFUSED = tables.refused_rows.c
_LOAD = tables.loads.c
_KIND = tables.kinds.c
_ASSIGNMENT = tables.assignments.c


def write_batch(connection: Connection, load_id: int, batch: Batch) -> None:
    """
    Write a run of rows of a file.

    Parameters
    ----------
    connection
        The open transaction, the one in which the load was begun.
    load_id
        Number of the load.
    batch
        The rows; none of them written before.
    """
    source = str(connection.scalar(select(_LOAD.source).where(_LOAD.id == load_id)))
    salt = _salt(source)
    longest_s = 0
    if len(batch.accepted):
        indexes.drop_for_large_load(connection, load_id, more_rows=batch.rows_read)
        _write_accepted(connection, load_id, batch.accepted, salt)
        longest_s = int((batch.accepted.ended_s - batch.accepted.started_s).max())
    if len(batch.refused):
        _write_refused(connection, load_id, batch.refused, salt)
    longest = func.max if connection.dialect.name == "sqlite" else func.greatest
    connection.execute(
        update(tables.loads)
        .where(_LOAD.id == load_id)
        .values(
            rows_read=_LOAD.rows_read + batch.rows_read,
            longest_interval_s=longest(_LOAD.longest_interval_s, longest_s),
        )
    )


def _salt(source: str) -> np.int64:
    """Give what makes the keys of one source differ from those of another: they are unique in the store."""
    return np.int64(int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], "big", signed=True))


def _write_accepted(connection: Connection, load_id: int, rows: AcceptedRows, salt: np.int64) -> None:
    """Write the rows that are incidents."""
    kinds = (rows.theme, rows.subtheme, rows.code, rows.precision, rows.reporter)
    assigned = (rows.neighbourhood, rows.stated_area)
    columns: dict[str, NDArray[np.generic]] = {
        "load_id": np.full(len(rows), load_id, np.int32),
        "row": rows.row,
        "key": rows.key ^ salt,
        "reversal_key": rows.reversal_key ^ salt,
        "fingerprint": rows.fingerprint,
        "geometry": point_records(rows.xy_m, srid=read_municipality(connection).srid),
        "started_s": rows.started_s,
        "ended_s": rows.ended_s,
        "kind_id": _numbers(connection, tables.kinds, kinds),
        "assignment_id": _numbers(connection, tables.assignments, assigned),
    }
    # A field of fixed width cannot be absent: rows without a report go in by themselves.
    is_reported = rows.reported_s != ABSENT_S
    for chosen, extra in ((is_reported, {"reported_s": rows.reported_s}), (~is_reported, {})):
        if chosen.any():
            part = {name: array[chosen] for name, array in (columns | extra).items()}
            write_arrays(connection, tables.incident_rows, part)


def _numbers(
    connection: Connection, table: Table, columns: Sequence[NDArray[np.object_]]
) -> NDArray[np.int32]:
    """Give the number of each row of texts in the table that lists the distinct ones, adding the new."""
    values = list(zip(*(column.tolist() for column in columns), strict=True))
    names = [column.name for column in table.c if column.name != "id"]
    numbers = {tuple(rest): number for number, *rest in connection.execute(select(table))}
    new = [value for value in dict.fromkeys(values) if value not in numbers]
    if new:
        added = dict(zip(new, count(max(numbers.values(), default=0) + 1), strict=False))
        rows = [{"id": number, **dict(zip(names, value, strict=True))} for value, number in added.items()]
        connection.execute(insert(table), rows)
        numbers |= added
    return np.fromiter(map(numbers.__getitem__, values), np.int32, len(values))


def _write_refused(connection: Connection, load_id: int, rows: RefusedRows, salt: np.int64) -> None:
    """Write the rows that were refused."""
    columns: dict[str, Sequence[object]] = {
        "row": rows.row.tolist(),
        "reason": [str(reason) for reason in rows.reason],
        "detail": rows.detail.tolist(),
        "raw": rows.raw.tolist(),
        "code": rows.code.tolist(),
        "stated_area": rows.stated_area.tolist(),
        "reverses": rows.reverses.tolist(),
        "key": (rows.key ^ salt).tolist(),
        "reversal_key": (rows.reversal_key ^ salt).tolist(),
    }
    load = [load_id] * len(rows)
    write_rows(
        connection, tables.refused_rows, ["load_id", *columns], zip(load, *columns.values(), strict=True)
    )


_KINDS = {
    "key": np.dtype(np.int64),
    "geometry": POINT,
    "started_s": np.dtype(np.int64),
    "ended_s": np.dtype(np.int64),
    "reported_s": np.dtype(np.int64),
    "kind_id": np.dtype(np.int32),
    "assignment_id": np.dtype(np.int32),
}


def _chosen_statement(
    since_s: int, until_s: int, *, longest_s: int, kind_ids: Sequence[int] | None
) -> Select[int, bytes, int, int, int, int, int]:
    """Select the incidents that can have begun in a period."""
    statement = select(
        _ROW.key,
        raw(_ROW.geometry),
        _ROW.started_s,
        _ROW.ended_s,
        # As a text of the statement: a bound number of this size is more than a driver takes for whole.
        func.coalesce(_ROW.reported_s, literal_column(str(int(ABSENT_S)), BigInteger)),
        _ROW.kind_id,
        _ROW.assignment_id,
    ).where(
        _ROW.reason.is_(None),
        # No incident is longer than the longest, which lets the index on the start skip what is too early.
        _ROW.started_s >= since_s - longest_s,
        _ROW.started_s < until_s,
        _ROW.ended_s >= since_s,
    )
    return statement if kind_ids is None else statement.where(_ROW.kind_id.in_(kind_ids))


def read_incidents(
    connection: Connection, *, since_s: int, until_s: int, themes: Sequence[str] | None = None
) -> Incidents:
    """
    Read the incidents that can have begun in a period.

    Parameters
    ----------
    connection
        The open transaction.
    since_s, until_s
        The period, since 1970 in UTC; the first instant is in it, the last is not. An incident of which
        only an interval is known is read if any part of that lies in the period.
    themes
        Their themes; absent for all.

    Returns
    -------
    Incidents
        Ordered by start and key: the same arrays from both databases.
    """
    return read_register(connection, since_s=since_s, until_s=until_s, themes=themes)[0]


def read_register(
    connection: Connection, *, since_s: int, until_s: int, themes: Sequence[str] | None = None
) -> tuple[Incidents, Reports]:
    """
    Read the incidents that can have begun in a period, and how each became known.

    Parameters
    ----------
    connection
        The open transaction.
    since_s, until_s, themes
        As in `read_incidents`.

    Returns
    -------
    tuple of Incidents and Reports
        Both ordered by start and key: the same arrays from both databases.
    """
    kinds = connection.execute(
        select(_KIND.id, _KIND.precision, _KIND.theme, _KIND.subtheme, _KIND.reporter)
    ).all()
    areas = connection.execute(
        select(_ASSIGNMENT.id, _ASSIGNMENT.neighbourhood, _ASSIGNMENT.stated_area)
    ).all()
    longest_s = connection.scalar(select(func.max(_LOAD.longest_interval_s))) or 0
    kind_ids = None if themes is None else [kind.id for kind in kinds if kind.theme in themes]
    statement = _chosen_statement(since_s, until_s, longest_s=longest_s, kind_ids=kind_ids)
    read = read_arrays(connection, statement, _KINDS)
    order = np.lexsort((read["key"], read["started_s"]))
    kind, area = read["kind_id"][order], read["assignment_id"][order]
    incidents = Incidents(
        key=read["key"][order],
        xy_m=positions(read["geometry"][order]),
        started_s=read["started_s"][order],
        ended_s=read["ended_s"][order],
        precision=_texts({row.id: row.precision for row in kinds})[kind],
        theme=_texts({row.id: row.theme for row in kinds})[kind],
        subtheme=_texts({row.id: row.subtheme for row in kinds})[kind],
        neighbourhood=_texts({row.id: row.neighbourhood for row in areas})[area],
    )
    reports = Reports(
        reported_s=read["reported_s"][order],
        reporter=_texts({row.id: row.reporter for row in kinds})[kind],
        stated_area=_texts({row.id: row.stated_area for row in areas})[area],
    )
    return incidents, reports


def _texts(by_number: Mapping[int, str | None]) -> NDArray[np.object_]:
    """Lay texts out by their numbers."""
    texts = np.empty(max(by_number, default=0) + 1, object)
    for number, text in by_number.items():
        texts[number] = text
    return texts


def fingerprint(incidents: Incidents) -> str:
    """
    Hash incidents that have been read.

    Parameters
    ----------
    incidents
        The incidents, in the order in which they are read.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256(str(len(incidents)).encode())
    for numbers in (incidents.key, incidents.xy_m, incidents.started_s, incidents.ended_s):
        digest.update(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes())
    for texts in (incidents.precision, incidents.theme, incidents.subtheme, incidents.neighbourhood):
        digest.update(_json(texts.tolist()))
    return digest.hexdigest()


def _json(texts: list[str]) -> bytes:
    """Write texts as `json.dumps` does, each different one once."""
    written = {text: json.dumps(text) for text in set(texts)}
    return f"[{', '.join(map(written.__getitem__, texts))}]".encode()


def themes(connection: Connection) -> list[str]:
    """
    List the themes of which there are incidents.

    Parameters
    ----------
    connection
        The open transaction.

    Returns
    -------
    list of str
        In the order of the alphabet.
    """
    used = select(_ROW.kind_id).where(_ROW.reason.is_(None)).distinct()
    return list(
        connection.scalars(select(_KIND.theme).where(_KIND.id.in_(used)).distinct().order_by(_KIND.theme))
    )
