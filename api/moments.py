"""When: instants and intervals as requests name them (RFC 3339)."""

from __future__ import annotations

import datetime as dt
import re

from api.queries import Parameter, told
from hotspot.errors import InvalidParameter

Interval = tuple[dt.datetime | None, dt.datetime | None]
"""First and last instant, both included; an absent one is open."""

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BARE = re.compile(r"(\d{4}-\d{2}-\d{2})T", re.ASCII)
"""A day as GDAL writes it when it is asked for a date: without the time, but with the letter before it."""

_LEAP_SECOND = 60
"""RFC 3339 knows a sixtieth second; it is the first of the next minute here."""

_MICROSECOND = dt.timedelta(microseconds=1)
_OPEN = frozenset({"", ".."})


def instant(text: str) -> dt.datetime:
    """
    Read an instant.

    Parameters
    ----------
    text
        A date and time with seconds and an offset from UTC.

    Returns
    -------
    datetime
        In UTC, to the microsecond.

    Raises
    ------
    InvalidParameter
        If it is none, or not between the years 1 and 9999.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise InvalidParameter(_required(text))
    day, time, seconds, fraction, sign, hours, minutes = found.groups()
    try:
        read = dt.datetime.fromisoformat(f"{day}T{time}:00+00:00")
        if int(seconds) > _LEAP_SECOND or int(hours or 0) > 23 or int(minutes or 0) > 59:  # noqa: PLR2004 - a clock
            raise InvalidParameter(_required(text))
        offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        read += dt.timedelta(seconds=int(seconds), microseconds=int((fraction or ".0")[1:7].ljust(6, "0")))
        return read + offset if sign == "-" else read - offset
    except (ValueError, OverflowError) as error:
        raise InvalidParameter(_required(text)) from error


def interval(text: str) -> Interval:
    """
    Read an instant, a day, or an interval of them.

    Parameters
    ----------
    text
        One of them, or two separated by `/` of which one may be empty or `..`.

    Returns
    -------
    tuple of datetime
        First and last instant; of a day the whole of it in UTC.

    Raises
    ------
    InvalidParameter
        If it is none of these, ends before it starts, or is open on both sides.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _first(start), _last(start)
    if start in _OPEN and end in _OPEN:
        raise InvalidParameter(f"datetime must be open on one side at the most, got {told(text)}")
    first = None if start in _OPEN else _first(start)
    last = None if end in _OPEN else _last(end)
    if first is not None and last is not None and last < first:
        raise InvalidParameter(f"datetime must not end before it starts, got {told(text)}")
    return first, last


def day(text: str) -> dt.date:
    """
    Read a day.

    Parameters
    ----------
    text
        A year, a month and a day.

    Returns
    -------
    date
        The day.

    Raises
    ------
    InvalidParameter
        If there is no such day.
    """
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidParameter(_required(text)) from error
    raise InvalidParameter(_required(text))


def _first(text: str) -> dt.datetime:
    """Read an instant, or the first one of a day."""
    text = _BARE.sub(r"\1", text) if _BARE.fullmatch(text) else text
    return _midnight(text) if _DAY.fullmatch(text) else instant(text)


def _last(text: str) -> dt.datetime:
    """Read an instant, or the last one of a day."""
    text = _BARE.sub(r"\1", text) if _BARE.fullmatch(text) else text
    if _DAY.fullmatch(text):
        return _midnight(text) + (dt.timedelta(days=1) - _MICROSECOND)
    return instant(text)


def _midnight(text: str) -> dt.datetime:
    """Read the first instant of a day."""
    return dt.datetime.combine(day(text), dt.time(), dt.UTC)


def _required(text: str) -> str:
    """Say what an instant must look like."""
    return (
        "datetime must be dates and times as 2010-07-26T00:00:00Z, or days as 2010-07-26, one of them or two "
        f"separated by / with .. for an open end, got {told(text)}"
    )


def written(moment: dt.datetime) -> str:
    """
    Write an instant as RFC 3339 does.

    Parameters
    ----------
    moment
        An aware instant.

    Returns
    -------
    str
        In UTC, with a `Z`.
    """
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


DATETIME = Parameter(
    "datetime",
    interval,
    {"type": "string"},
    "Only what holds at this instant or shares an instant with this interval, and what has no time: "
    "`2010-07-26T12:00:00Z`, `2010-07-01T00:00:00Z/2010-07-31T23:59:59Z`, `../2010-07-31T00:00:00Z`, "
    "`2010-07-01T00:00:00Z/`. A day (`2010-07-26`) is the whole of it in UTC. Both ends are included.",
    "2010-07-26T00:00:00Z/..",
)
