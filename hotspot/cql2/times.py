"""Dates, instants and intervals as filters state them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from hotspot.catalogue import PropertyType
from hotspot.cql2.tokens import shown
from hotspot.cql2.tree import Interval, Literal, PropertyName
from hotspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LAST_MOMENT = dt.time(23, 59, 59, 999_999, tzinfo=dt.UTC)

Bound = Literal | PropertyName | None
"""One end of an interval, before both ends are of one type."""


def date(text: str) -> Literal:
    """
    Read a date.

    Parameters
    ----------
    text
        Such as `2026-02-28`.

    Returns
    -------
    Literal
        The date.

    Raises
    ------
    InvalidInput
        If there is no such day.
    """
    try:
        if _DATE.fullmatch(text):
            return Literal(dt.date.fromisoformat(text), PropertyType.DATE)
    except ValueError:
        pass
    raise InvalidInput(f"a date is a day that exists, such as '2026-02-28', got {shown(text)}")


def instant(text: str) -> Literal:
    """
    Read an instant.

    Parameters
    ----------
    text
        Such as `2026-02-28T12:00:00Z`, with at most six digits of a second's fraction.

    Returns
    -------
    Literal
        The instant, in UTC.

    Raises
    ------
    InvalidInput
        If there is no such instant.
    """
    try:
        if _INSTANT.fullmatch(text):
            read = dt.datetime.fromisoformat(text.upper())
            return Literal(read.astimezone(dt.UTC), PropertyType.INSTANT)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput(
        f"a timestamp is an instant that exists, such as '2026-02-28T12:00:00Z' "
        f"(at most six digits after the point), got {shown(text)}"
    )


def date_or_instant(text: str) -> Literal:
    """
    Read a bound of an interval.

    Parameters
    ----------
    text
        A date, or an instant.

    Returns
    -------
    Literal
        It.

    Raises
    ------
    InvalidInput
        If it is neither.
    """
    return date(text) if _DATE.fullmatch(text) else instant(text)


def unified(intervals: Sequence[tuple[Bound, Bound]]) -> list[Interval]:
    """
    Give the bounds of intervals that are compared one type.

    Parameters
    ----------
    intervals
        Start and end of each; absent where there is no bound.

    Returns
    -------
    list of Interval
        All of dates or all of instants: among instants, a date that was stated is the whole day in UTC.

    Raises
    ------
    InvalidInput
        If properties that hold dates would be compared with instants, or an interval ends before it starts.
    """
    bounds = [bound for interval in intervals for bound in interval if bound is not None]
    types = {bound.type for bound in bounds}
    days = {
        bound.name for bound in bounds if isinstance(bound, PropertyName) and bound.type is PropertyType.DATE
    }
    if PropertyType.INSTANT in types and days:
        names = ", ".join(shown(name) for name in sorted(days))
        raise InvalidInput(f"dates ({names}) are compared with dates, got an instant")
    common = PropertyType.INSTANT if PropertyType.INSTANT in types else PropertyType.DATE
    return [_interval(start, end, common) for start, end in intervals]


def _interval(start: Bound, end: Bound, type_: PropertyType) -> Interval:
    """Make an interval of one type, and look whether it ends after it starts."""
    if type_ is PropertyType.INSTANT:
        start = _moment(start, dt.time(0, tzinfo=dt.UTC))
        end = _moment(end, _LAST_MOMENT)
    if isinstance(start, Literal) and isinstance(end, Literal):
        first, last = start.value, end.value
        # Both are dates or both are instants, which the type of their union does not say.
        if last < first:  # type: ignore[operator]
            raise InvalidInput(f"an interval starts before it ends, got {first} to {last}")
    return Interval(start, end, type_)


def _moment(bound: Bound, time: dt.time) -> Bound:
    """Make an instant of a date that was stated."""
    if isinstance(bound, Literal) and bound.type is PropertyType.DATE and isinstance(bound.value, dt.date):
        return Literal(dt.datetime.combine(bound.value, time), PropertyType.INSTANT)
    return bound
