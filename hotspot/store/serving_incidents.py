"""
Serves incidents: those of a year up to a published week that stand, each as it says now.

Work is done on whole columns: a hundred thousand incidents take a few seconds, and those that are served
already are told by a digest of 64 bits. Weeks that are served one after the other are read together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any  # Columns of several types travel together.

import numpy as np
import shapely
from sqlalchemy import func, select, update

from hotspot.catalogue import INCIDENTS, Disclosure
from hotspot.geojson import canonical_json
from hotspot.model import Level
from hotspot.rows import ABSENT_S
from hotspot.served import instant_texts
from hotspot.shapes import served_shapes
from hotspot.store import tables
from hotspot.store.bulk import read_arrays, write_rows
from hotspot.store.ids import next_id
from hotspot.store.served_rows import bars, columns, shaped
from hotspot.store.served_tables import served_incidents
from hotspot.store.shapes import POINT, positions, raw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection

    from hotspot.served import Ground
    from hotspot.weeks import Week

_WEEKS = 52
"""Weeks up to the published one whose incidents are served."""

_MARKED_AT_ONCE = 500
"""Rows closed by one statement: SQLite takes 32,766 values at the most, older ones 999."""

_ROW = tables.incident_rows.c
_KINDS: dict[str, np.dtype[Any]] = {
    "key": np.dtype(np.int64),
    "started_s": np.dtype(np.int64),
    "ended_s": np.dtype(np.int64),
    "reported_s": np.dtype(np.int64),
    "kind_id": np.dtype(np.int64),
    "assignment_id": np.dtype(np.int64),
    "load_id": np.dtype(np.int64),
    "geometry": POINT,
}


@dataclass(frozen=True, slots=True)
class Change:
    """
    What serving incidents changed.

    Parameters
    ----------
    only_added
        What finds the rows that were added, by an index; absent where others were closed.
    """

    only_added: ColumnElement[bool] | None


@dataclass(slots=True)
class Outstanding:
    """
    Incidents that are served otherwise than they stand, read once for the weeks that are served in one go.

    Parameters
    ----------
    first, last
        These weeks; nothing is known of others.
    version
        Number of the version that it is up to; absent where nothing has been read.
    loads
        What had been loaded when it was read; anything else changes what stands.
    new, digest
        Incidents that stand and are not served, by start and key, and their digests.
    gone
        Rows that are served and no longer stand, with when they start.
    """

    first: Week
    last: Week
    version: int | None = None
    loads: tuple[tuple[Any, ...], ...] = ()
    new: dict[str, NDArray[Any]] = field(default_factory=dict)
    digest: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    gone: dict[str, NDArray[Any]] = field(default_factory=dict)


def serve_incidents(
    connection: Connection,
    week: Week,
    *,
    version: int,
    ground: Ground,
    outstanding: Outstanding,
) -> Change | None:
    """
    Serve the incidents of the year up to a week.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The week.
    version
        Number of the version that is being made.
    ground
        The place and its areas.
    outstanding
        What is known from weeks before of the same store, of which this one is a later one; receives what
        this one leaves, and has to be told the version once that is made.

    Returns
    -------
    Change or None
        What changed; absent where nothing did.
    """
    since_s = int(week.plus(1 - _WEEKS).bounds(ground.zone)[0].timestamp())
    until_s = int(week.bounds(ground.zone)[1].timestamp())
    read_outstanding(connection, outstanding, week, version=version, ground=ground)
    new = (outstanding.new["started_s"] >= since_s) & (outstanding.new["started_s"] < until_s)
    gone = outstanding.gone["starts_s"] < until_s
    if not gone.any() and not new.any():
        return None
    first = next_id(connection, served_incidents)
    _close(connection, outstanding.gone["id"][gone], version)
    told = {name: array[new] for name, array in outstanding.new.items()}
    _add(connection, told, outstanding.digest[new], first, version, ground)
    outstanding.new = {name: array[~new] for name, array in outstanding.new.items()}
    outstanding.digest = outstanding.digest[~new]
    outstanding.gone = {name: array[~gone] for name, array in outstanding.gone.items()}
    return Change(None if gone.any() else served_incidents.c.id >= first)


def read_outstanding(
    connection: Connection, known: Outstanding, week: Week, *, version: int, ground: Ground
) -> None:
    """
    Read what is outstanding for a week and those that follow, unless it is known.

    Parameters
    ----------
    connection
        The open transaction.
    known
        What is known; receives what is read.
    week
        The week.
    version
        Number of the version that is being made.
    ground
        The place and its areas.
    """
    loads = tuple(tuple(row) for row in connection.execute(select(tables.loads).order_by(tables.loads.c.id)))
    if known.version == version - 1 and known.loads == loads and known.first <= week <= known.last:
        return
    known.first, known.last = week, max(week, known.last)
    since_s = int(known.first.plus(1 - _WEEKS).bounds(ground.zone)[0].timestamp())
    until_s = int(known.last.bounds(ground.zone)[1].timestamp())
    served = _served(connection, until_s)
    standing = _standing(connection, min([since_s, *served["starts_s"].tolist()]), until_s)
    digest = _digest(standing)
    gone = ~np.isin(served["digest"], digest)
    new = ~np.isin(digest, served["digest"]) & (standing["started_s"] >= since_s)
    order = np.lexsort((standing["key"], standing["started_s"]))
    chosen = order[new[order]]
    known.version, known.loads = version - 1, loads
    known.new = {name: array[chosen] for name, array in standing.items()}
    known.digest = digest[chosen]
    known.gone = {name: array[gone] for name, array in served.items()}


def _served(connection: Connection, until_s: int) -> dict[str, NDArray[Any]]:
    """Read which incidents are served."""
    column = served_incidents.c
    statement = select(column.id, column.digest, column.starts_s).where(
        column.to_version.is_(None), column.starts_s < until_s
    )
    kinds = dict.fromkeys(("id", "digest", "starts_s"), np.dtype(np.int64))
    return read_arrays(connection, statement, kinds)


def _standing(connection: Connection, since_s: int, until_s: int) -> dict[str, NDArray[Any]]:
    """Read the incidents that stand and began in some time."""
    statement = select(
        _ROW.key,
        _ROW.started_s,
        _ROW.ended_s,
        func.coalesce(_ROW.reported_s, int(ABSENT_S)),
        _ROW.kind_id,
        _ROW.assignment_id,
        _ROW.load_id,
        raw(_ROW.geometry),
    ).where(_ROW.reason.is_(None), _ROW.started_s >= since_s, _ROW.started_s < until_s)
    return read_arrays(connection, statement, _KINDS)


def _digest(standing: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """
    Mix all that is told of each incident into 64 bits.

    The constants and shifts are those of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable
    pseudorandom number generators").
    """
    xy_m = positions(standing["geometry"])
    mixed = np.zeros(len(xy_m), np.uint64)
    names = ("key", "started_s", "ended_s", "reported_s", "kind_id", "assignment_id")
    parts = [standing[name].view(np.uint64) for name in names]
    for part in (*parts, *np.ascontiguousarray(xy_m.T).view(np.uint64)):
        mixed = (mixed ^ part) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed.view(np.int64)


def _close(connection: Connection, ids: NDArray[np.int64], version: int) -> None:
    """Close rows."""
    for start in range(0, len(ids), _MARKED_AT_ONCE):
        connection.execute(
            update(served_incidents)
            .where(served_incidents.c.id.in_(ids[start : start + _MARKED_AT_ONCE].tolist()))
            .values(to_version=version)
        )


def _add(
    connection: Connection,
    told: dict[str, NDArray[Any]],
    digest: NDArray[np.int64],
    first: int,
    version: int,
    ground: Ground,
) -> None:
    """Add rows, numbered from the first."""
    if not digest.size:
        return
    points = np.asarray(shapely.points(positions(told["geometry"])), object)
    shapes = shaped(connection, served_shapes(points.tolist(), ground.plane), srid=ground.municipality.srid)
    properties = _properties(connection, told)
    areas = _areas(ground, [said[6] for said in properties])
    names = [one.name for one in INCIDENTS.properties]
    seconds = zip(*(_or_none(told[name]) for name in ("started_s", "ended_s", "reported_s")), strict=True)
    rows = (
        (
            *(number, str(Disclosure.INTERNAL), said[0], version, started_s, ended_s),
            *shape,
            canonical_json(dict(zip(names, said, strict=True))),
            touched,
            *(*said[:3], started_s, ended_s, reported_s, *said[6:]),
            mixed,
        )
        for number, (said, (started_s, ended_s, reported_s), shape, touched, mixed) in enumerate(
            zip(properties, seconds, shapes, areas, digest.tolist(), strict=True), start=first
        )
    )
    write_rows(connection, served_incidents, [*columns(INCIDENTS), "digest"], rows)


def _properties(connection: Connection, told: dict[str, NDArray[Any]]) -> list[tuple[Any, ...]]:
    """Say what is told of each, in the order of the catalogue."""
    kinds = {row.id: row for row in connection.execute(select(tables.kinds))}
    named = select(tables.assignments.c.id, tables.assignments.c.neighbourhood)
    assigned = {number: code for number, code in connection.execute(named)}  # noqa: C416 - rows, no tuples.
    told_by = select(tables.loads.c.id, tables.loads.c.source)
    sources = {number: source for number, source in connection.execute(told_by)}  # noqa: C416 - as above.
    kind = [kinds[number] for number in told["kind_id"].tolist()]
    reported = told["reported_s"]
    texts = instant_texts(np.where(reported == ABSENT_S, 0, reported))
    return list(
        zip(
            [f"in-{key & 0xFFFF_FFFF_FFFF_FFFF:016x}" for key in told["key"].tolist()],
            [one.theme for one in kind],
            [one.subtheme for one in kind],
            instant_texts(told["started_s"]),
            instant_texts(told["ended_s"]),
            [text if is_known else None for text, is_known in zip(texts, reported != ABSENT_S, strict=True)],
            [assigned[number] for number in told["assignment_id"].tolist()],
            [one.precision for one in kind],
            [one.reporter for one in kind],
            [sources[number] for number in told["load_id"].tolist()],
            strict=True,
        )
    )


def _or_none(instants_s: NDArray[np.int64]) -> list[int | None]:
    """Give seconds as the driver takes them."""
    return [None if second == ABSENT_S else second for second in instants_s.tolist()]


def _areas(ground: Ground, neighbourhoods: list[str]) -> list[str]:
    """Write which areas hold each incident."""
    parents = {area.code: area.parent_code for area in ground.boundaries.of(Level.NEIGHBOURHOOD)}
    texts = {
        code: bars(
            one for one in (code, parents.get(code), ground.municipality.code) if one is not None and one
        )
        for code in set(neighbourhoods)
    }
    return [texts[code] for code in neighbourhoods]
