"""How good the stored incidents are: what was refused, what lies where, and when it was told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import case, func, select

from hotspot.model import Precision
from hotspot.rows import Reason
from hotspot.store import tables
from hotspot.store.agreement import Agreement, agreement
from hotspot.store.loads import Load, loads
from hotspot.store.shapes import POINT, positions, raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    _GroupColumns = tuple[str, str, str, str, str, str | None, int, int, int]
    _Group = Row[*_GroupColumns]
    _UnlocatedColumns = tuple[str | None, str | None, int, int]
    _Unlocated = Row[*_UnlocatedColumns]

PILE_UP_INCIDENTS = 20
"""
Incidents at one coordinate from which on a place is listed as a pile-up.

A house has a handful of incidents a year; twenty at one point are a shopping centre, a police station or the
point to which a geocoder sends whatever it cannot find. Which of these it is, a person can tell.
"""

PILE_UPS_LISTED = 20
"""Pile-ups in the report; the number of all of them is in it as well."""

DELAY_QUANTILES = (0.5, 0.75, 0.9, 0.99)
"""Shares of the incidents that were reported within so many days."""

LATE_DAYS = (7, 30, 365)
"""Delays of which the report says how often they were exceeded: a week, a month, a year."""

_DAY_S = 86_400

_UNLOCATED = (Reason.NO_COORDINATES, Reason.ZERO_COORDINATES)

_ROW = tables.incident_rows.c
_REFUSED = tables.refused_rows.c


@dataclass(frozen=True, slots=True)
class GeocodedShare:
    """
    How many rows of one area or one category could be put on the map.

    Parameters
    ----------
    name
        The area that the rows themselves name, or the category as the source writes it; absent where they
        do not.
    theme
        Theme of the category; absent for areas and for categories that no incident has.
    rows
        Rows that were accepted or refused for their place; what was refused for another reason is left out,
        as its place was never looked at.
    geocoded
        Those with usable coordinates, inside the municipality or not.
    """

    name: str | None
    theme: str | None
    rows: int
    geocoded: int

    @property
    def share(self) -> float:
        """Geocoded rows among all, 0 to 1."""
        return self.geocoded / self.rows


@dataclass(frozen=True, slots=True)
class PileUp:
    """
    Many incidents at one coordinate.

    Parameters
    ----------
    x_m, y_m
        The place in the municipality's plane.
    neighbourhood
        Code of the neighbourhood it lies in.
    incidents
        Incidents there.
    share
        Of all incidents, 0 to 1.
    days
        Distinct days (in UTC) on which they began.
    """

    x_m: float
    y_m: float
    neighbourhood: str
    incidents: int
    share: float
    days: int


@dataclass(frozen=True, slots=True)
class Delay:
    """
    Days between the latest instant at which an incident can have begun and its report.

    Parameters
    ----------
    incidents
        Incidents of which the report's time is known.
    within_days
        For each share of `DELAY_QUANTILES`, the whole days within which so many were reported.
    late
        For each number of `LATE_DAYS`, the share that was reported later, 0 to 1.
    """

    incidents: int
    within_days: dict[float, int]
    late: dict[int, float]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """
    How good the stored incidents are.

    Parameters
    ----------
    source
        Name of the mapping whose files it is about; absent for all.
    rows_read
        Rows of the files (bruto).
    rows_accepted
        Those that are incidents (netto).
    refused_by_reason
        The others by reason; all add up to `rows_read`.
    loads
        The same per file.
    first, last
        Start of the earliest and of the latest incident, in UTC.
    themes
        Incidents by theme, and within it by subtheme.
    precisions
        Share of the incidents by how exactly their time is known.
    geocoded_by_area, geocoded_by_code
        Rows that could be put on the map, those with the smallest share first.
    pile_ups
        Coordinates with `PILE_UP_INCIDENTS` incidents or more, the largest first.
    n_pile_ups
        How many there are in all.
    delay
        Time between incident and report.
    agreement
        Assigned neighbourhoods against the rows' own.
    """

    source: str | None
    rows_read: int
    rows_accepted: int
    refused_by_reason: dict[Reason, int]
    loads: tuple[Load, ...]
    first: dt.datetime | None
    last: dt.datetime | None
    themes: dict[str, dict[str, int]]
    precisions: dict[Precision, float]
    geocoded_by_area: tuple[GeocodedShare, ...]
    geocoded_by_code: tuple[GeocodedShare, ...]
    pile_ups: tuple[PileUp, ...]
    n_pile_ups: int
    delay: Delay
    agreement: Agreement


def quality_report(connection: Connection, *, source: str | None = None) -> QualityReport:
    """
    Report how good the stored incidents are.

    Parameters
    ----------
    connection
        The open transaction.
    source
        Name of the mapping whose files it is about; absent for all.

    Returns
    -------
    QualityReport
        The report.
    """
    files = tuple(load for load in loads(connection) if source is None or load.source == source)
    groups = connection.execute(_groups_statement(source)).all()
    unlocated = connection.execute(_unlocated_statement(source)).all()
    refused = sum((Counter(load.refused_by_reason) for load in files), Counter[Reason]())
    accepted = sum(group.incidents for group in groups)
    n_pile_ups, pile_ups = _pile_ups(connection, source, accepted)
    precisions = _sums((group.precision, group.incidents) for group in groups)
    return QualityReport(
        source=source,
        rows_read=sum(load.rows_read for load in files),
        rows_accepted=accepted,
        refused_by_reason={reason: refused[reason] for reason in Reason if reason in refused},
        loads=files,
        first=_instant(min((group.first_s for group in groups), default=None)),
        last=_instant(max((group.last_s for group in groups), default=None)),
        themes=_themes(groups),
        precisions={one: precisions[one] / accepted for one in Precision if one in precisions},
        geocoded_by_area=_geocoded(groups, unlocated, "stated_area", {}),
        geocoded_by_code=_geocoded(groups, unlocated, "code", {g.code: g.theme for g in groups}),
        pile_ups=pile_ups,
        n_pile_ups=n_pile_ups,
        delay=_delay(connection, source),
        agreement=agreement((g.neighbourhood, g.stated_area, g.incidents) for g in groups),
    )


def _of_source(load_id: ColumnElement[int], source: str | None) -> ColumnElement[bool]:
    """Choose the rows of a source, or all."""
    chosen = select(tables.loads.c.id)
    return load_id.in_(chosen if source is None else chosen.where(tables.loads.c.source == source))


def _groups_statement(
    source: str | None,
) -> Select[*_GroupColumns]:
    """Count the incidents by everything that is a name."""
    kind, assigned = tables.kinds.c, tables.assignments.c
    counted = (
        select(
            _ROW.kind_id,
            _ROW.assignment_id,
            func.count().label("incidents"),
            func.min(_ROW.started_s).label("first_s"),
            func.max(_ROW.started_s).label("last_s"),
        )
        .where(_ROW.reason.is_(None), _of_source(_ROW.load_id, source))
        .group_by(_ROW.kind_id, _ROW.assignment_id)
        .subquery("counted")
    )
    return (
        select(
            kind.theme,
            kind.subtheme,
            kind.code,
            kind.precision,
            assigned.neighbourhood,
            assigned.stated_area,
            counted.c.incidents,
            counted.c.first_s,
            counted.c.last_s,
        )
        .join_from(counted, tables.kinds, kind.id == counted.c.kind_id)
        .join(tables.assignments, assigned.id == counted.c.assignment_id)
    )


def _unlocated_statement(source: str | None) -> Select[*_UnlocatedColumns]:
    """Count the rows that were refused for their place."""
    has_coordinates = case((_REFUSED.reason == Reason.OUTSIDE.value, 1), else_=0)
    return (
        select(
            _REFUSED.code,
            _REFUSED.stated_area,
            func.count().label("incidents"),
            func.sum(has_coordinates).label("geocoded"),
        )
        .where(
            _REFUSED.reason.in_([reason.value for reason in (*_UNLOCATED, Reason.OUTSIDE)]),
            _of_source(_REFUSED.load_id, source),
        )
        .group_by(_REFUSED.code, _REFUSED.stated_area)
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    """Add numbers up by name."""
    sums = Counter[str]()
    for name, number in pairs:
        sums[name] += number
    return sums


def _instant(instant_s: int | None) -> dt.datetime | None:
    """Make an instant of seconds since 1970."""
    return None if instant_s is None else dt.datetime.fromtimestamp(instant_s, dt.UTC)


def _themes(
    groups: Sequence[_Group],
) -> dict[str, dict[str, int]]:
    """Count the incidents by theme and subtheme."""
    counted: dict[str, dict[str, int]] = {}
    for group in sorted(groups, key=lambda group: (group.theme, group.subtheme)):
        subthemes = counted.setdefault(group.theme, {})
        subthemes[group.subtheme] = subthemes.get(group.subtheme, 0) + group.incidents
    return counted


def _geocoded(
    groups: Sequence[_Group],
    unlocated: Sequence[_Unlocated],
    column: str,
    themes: Mapping[str, str],
) -> tuple[GeocodedShare, ...]:
    """Share of the rows with usable coordinates by the names in a column."""
    rows, geocoded = Counter[str | None](), Counter[str | None]()
    for group in groups:
        rows[getattr(group, column)] += group.incidents
        geocoded[getattr(group, column)] += group.incidents
    for refused in unlocated:
        rows[getattr(refused, column)] += refused.incidents
        geocoded[getattr(refused, column)] += refused.geocoded
    shares = [
        GeocodedShare(name, None if name is None else themes.get(name), n, geocoded[name])
        for name, n in rows.items()
    ]
    return tuple(sorted(shares, key=lambda one: (one.share, -one.rows, one.name is None, str(one.name))))


def _pile_ups(connection: Connection, source: str | None, accepted: int) -> tuple[int, tuple[PileUp, ...]]:
    """Count the pile-ups and list the largest."""
    shape = raw(_ROW.geometry)
    piled = (
        select(
            shape.label("shape"),
            func.count().label("incidents"),
            func.count((_ROW.started_s // _DAY_S).distinct()).label("days"),
            func.min(_ROW.assignment_id).label("assignment_id"),
        )
        .where(_ROW.reason.is_(None), _of_source(_ROW.load_id, source))
        .group_by(shape)
        .having(func.count() >= PILE_UP_INCIDENTS)
        .subquery("piled")
    )
    n_pile_ups = connection.scalar(select(func.count()).select_from(piled)) or 0
    largest = connection.execute(
        select(piled.c.shape, piled.c.incidents, piled.c.days, tables.assignments.c.neighbourhood)
        .join(tables.assignments, tables.assignments.c.id == piled.c.assignment_id)
        .order_by(piled.c.incidents.desc(), piled.c.shape)
        .limit(PILE_UPS_LISTED)
    ).all()
    xy_m = positions(np.frombuffer(b"".join(row.shape for row in largest), POINT))
    return n_pile_ups, tuple(
        PileUp(float(x_m), float(y_m), row.neighbourhood, row.incidents, row.incidents / accepted, row.days)
        for (x_m, y_m), row in zip(xy_m, largest, strict=True)
    )


def _delay(connection: Connection, source: str | None) -> Delay:
    """Measure the time between incident and report in whole days."""
    delay_s = _ROW.reported_s - _ROW.ended_s
    days = case((delay_s > 0, delay_s // _DAY_S), else_=0).label("days")
    statement = (
        select(days, func.count().label("incidents"))
        .where(_ROW.reason.is_(None), _ROW.reported_s.is_not(None), _of_source(_ROW.load_id, source))
        .group_by(days)
        .order_by(days)
    )
    counted = [(int(delay), number) for delay, number in connection.execute(statement)]
    total = sum(number for _, number in counted)
    if total == 0:
        return Delay(0, {}, {})
    reached = list(accumulate(number for _, number in counted))
    within = {
        quantile: next(delay for (delay, _), n in zip(counted, reached, strict=True) if n >= quantile * total)
        for quantile in DELAY_QUANTILES
    }
    late = {limit: sum(number for delay, number in counted if delay >= limit) / total for limit in LATE_DAYS}
    return Delay(total, within, late)
