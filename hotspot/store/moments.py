"""From intervals of time in a filter to conditions on columns with dates or seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Double, and_, false, literal, not_, true

from hotspot.cql2.relations import TemporalTest
from hotspot.cql2.tree import Interval, Literal, PropertyName, Temporal
from hotspot.store.columns import TEXT
from hotspot.store.dialects import Value

Columns = Callable[[PropertyName], Value]
"""Finds the column of a property."""

_MICROSECONDS = 1_000_000
"""Microseconds in a second."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A bound: before everything (-1), after everything (1), or at a value (0) that may be unknown."""

    side: int
    at: Value | None = None
    is_column: bool = False


def bound_date(date: dt.date) -> Value:
    """
    Bind a date as columns keep it.

    Parameters
    ----------
    date
        The date.

    Returns
    -------
    ColumnElement
        A text.
    """
    return literal(date.isoformat(), TEXT)


def bound_instant(instant: dt.datetime) -> Value:
    """
    Bind an instant as columns keep it.

    Parameters
    ----------
    instant
        The instant.

    Returns
    -------
    ColumnElement
        Seconds, whole where they are.
    """
    since = instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    seconds = since.days * 86_400 + since.seconds
    if since.microseconds:
        return literal(seconds + since.microseconds / _MICROSECONDS, Double())
    return literal(seconds, BigInteger())


def temporal_condition(node: Temporal, columns: Columns) -> ColumnElement[bool]:
    """
    Tell which rows lie so in time.

    Parameters
    ----------
    node
        The test.
    columns
        Finds the column of a property.

    Returns
    -------
    ColumnElement
        The condition.
    """
    return _TESTS[node.test](*_moments(node.left, columns), *_moments(node.right, columns))


def _moments(interval: Interval, columns: Columns) -> tuple[_Moment, _Moment]:
    """Make the two bounds of an interval."""
    return _moment(interval.start, -1, columns), _moment(interval.end, 1, columns)


def _moment(bound: Literal | PropertyName | None, side: int, columns: Columns) -> _Moment:
    """Make a bound; where it is open, it lies on that side of everything."""
    if bound is None:
        return _Moment(side)
    if isinstance(bound, PropertyName):
        return _Moment(0, columns(bound), is_column=True)
    if isinstance(bound.value, dt.datetime):
        return _Moment(0, bound_instant(bound.value))
    if isinstance(bound.value, dt.date):
        return _Moment(0, bound_date(bound.value))
    raise AssertionError(bound)


def _earlier(first: _Moment, second: _Moment) -> ColumnElement[bool]:
    """Tell whether one lies before another."""
    if first.at is not None and second.at is not None:
        return first.at < second.at
    return _certain(first, second, holds=first.side < second.side)


def _no_later(first: _Moment, second: _Moment) -> ColumnElement[bool]:
    """Tell whether one lies before another or at it."""
    if first.at is not None and second.at is not None:
        return first.at <= second.at
    return _certain(first, second, holds=first.side <= second.side)


def _same(first: _Moment, second: _Moment) -> ColumnElement[bool]:
    """Tell whether one lies at another."""
    if first.at is not None and second.at is not None:
        return first.at == second.at
    return _certain(first, second, holds=first.side == second.side)


def _certain(first: _Moment, second: _Moment, *, holds: bool) -> ColumnElement[bool]:
    """Say what does not depend on a value, but is unknown where the row has none."""
    for moment in (first, second):
        if moment.at is not None and moment.is_column:
            return moment.at == moment.at if holds else moment.at != moment.at
    return true() if holds else false()


def _intersects(
    start: _Moment, end: _Moment, other_start: _Moment, other_end: _Moment
) -> ColumnElement[bool]:
    """Tell whether two intervals share an instant."""
    return and_(_no_later(start, other_end), _no_later(other_start, end))


_TESTS: dict[TemporalTest, Callable[[_Moment, _Moment, _Moment, _Moment], ColumnElement[bool]]] = {
    TemporalTest.AFTER: lambda start, _end, _start2, end2: _earlier(end2, start),
    TemporalTest.BEFORE: lambda _start, end, start2, _end2: _earlier(end, start2),
    TemporalTest.CONTAINS: lambda start, end, start2, end2: and_(
        _earlier(start, start2), _earlier(end2, end)
    ),
    TemporalTest.DISJOINT: lambda *bounds: not_(_intersects(*bounds)),
    TemporalTest.DURING: lambda start, end, start2, end2: and_(_earlier(start2, start), _earlier(end, end2)),
    TemporalTest.EQUALS: lambda start, end, start2, end2: and_(_same(start, start2), _same(end, end2)),
    TemporalTest.FINISHED_BY: lambda start, end, start2, end2: and_(
        _earlier(start, start2), _same(end, end2)
    ),
    TemporalTest.FINISHES: lambda start, end, start2, end2: and_(_earlier(start2, start), _same(end, end2)),
    TemporalTest.INTERSECTS: _intersects,
    TemporalTest.MEETS: lambda _start, end, start2, _end2: _same(end, start2),
    TemporalTest.MET_BY: lambda start, _end, _start2, end2: _same(start, end2),
    TemporalTest.OVERLAPPED_BY: lambda start, end, start2, end2: and_(
        _earlier(start2, start), _earlier(start, end2), _earlier(end2, end)
    ),
    TemporalTest.OVERLAPS: lambda start, end, start2, end2: and_(
        _earlier(start, start2), _earlier(start2, end), _earlier(end, end2)
    ),
    TemporalTest.STARTED_BY: lambda start, end, start2, end2: and_(_same(start, start2), _earlier(end2, end)),
    TemporalTest.STARTS: lambda start, end, start2, end2: and_(_same(start, start2), _earlier(end, end2)),
}
"""Each test of one interval (start, end) against another (start2, end2), both closed, as CQL2 has them."""
