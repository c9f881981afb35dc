"""
When did it happen? Local clock times as text or typed columns -> instants in UTC with a stated precision.

The rules:

- A format decides the precision: with an hour it is a minute, without a day it is a month. A day and a month
  stand for the whole of it on the local clock, from the first second to the last.
- A time that the clocks show twice (the hour that is repeated in autumn) may be either: it stands for the
  interval from the first to the second.
- A time that the clocks skip (the hour lost in spring) is read as if the clocks had not been changed: 02:30
  is then the instant that the new clock calls 03:30.
- Formats are tried in their order; the first that reads the whole text and gives a date that exists counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspot.ingest.formats import DAY, MINUTE, MONTH, PRECISIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from hotspot.ingest.formats import DateFormat

_DAY_S = 86_400
_FIRST_DAY = dt.date(2, 1, 1).toordinal() - dt.date(1970, 1, 1).toordinal()
_LAST_DAY = dt.date(9998, 12, 30).toordinal() - dt.date(1970, 1, 1).toordinal()
"""Days since 1970 between which Python knows the offset of a zone; beyond them the nearest one is taken."""

_PIVOT_YEAR = 69
"""Two-digit years from here on are 19xx, as POSIX reads them."""


@dataclass(frozen=True, slots=True)
class Moments:
    """
    What a column tells about when, row by row.

    Parameters
    ----------
    first_s, last_s
        Earliest and latest instant that it can mean, seconds since 1970 in UTC; 0 where unknown.
    precision
        Positions in `PRECISIONS`.
    absent
        Where the source tells nothing.
    unparsable
        Where it tells something that no format reads.
    """

    first_s: NDArray[np.int64]
    last_s: NDArray[np.int64]
    precision: NDArray[np.int8]
    absent: NDArray[np.bool_]
    unparsable: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where it tells a moment."""
        return ~(self.absent | self.unparsable)

    def take(self, positions: NDArray[np.int64]) -> Moments:
        """
        Pick and repeat rows.

        Parameters
        ----------
        positions
            Positions of rows.

        Returns
        -------
        Moments
            Those rows.
        """
        return Moments(
            self.first_s[positions],
            self.last_s[positions],
            self.precision[positions],
            self.absent[positions],
            self.unparsable[positions],
        )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Readings before the zone is known: seconds on the local clock, or in UTC where `absolute`."""

    clock_s: NDArray[np.int64]
    precision: NDArray[np.int8]
    absolute: NDArray[np.bool_]
    valid: NDArray[np.bool_]


def read_texts(
    texts: pa.StringArray, formats: Sequence[DateFormat], *, zone: ZoneInfo, coarsest: int = MINUTE
) -> Moments:
    """
    Read dates that stand as text.

    Parameters
    ----------
    texts
        Trimmed texts; an empty one tells nothing. Repeated texts are read once.
    formats
        Formats in the order in which they are tried.
    zone
        Zone of the clock that the source looked at.
    coarsest
        Position in `PRECISIONS` to which finer readings are coarsened.

    Returns
    -------
    Moments
        One for each text.
    """
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    n = len(distinct)
    clock = _unread(n)
    for date_format in formats:
        rows = np.flatnonzero(~clock.valid)
        reading = _read(distinct.take(pa.array(rows)), date_format)
        for column, values in (
            (clock.clock_s, reading.clock_s),
            (clock.precision, reading.precision),
            (clock.absolute, reading.absolute),
            (clock.valid, reading.valid),
        ):
            column[rows] = values
    absent = np.asarray(pc.equal(distinct, ""))
    moments = _moments(clock, absent, zone=zone, coarsest=coarsest)
    return moments.take(np.asarray(encoded.indices).astype(np.int64))


def read_typed(
    column: pa.Array, *, zone: ZoneInfo, coarsest: int = MINUTE, ignore_offset: bool = False
) -> Moments:
    """
    Read dates of a column that the file itself declares to be dates.

    Parameters
    ----------
    column
        Of an Arrow date or timestamp type; with a time zone it means instants, without one the local clock.
    zone
        Zone of the local clock.
    coarsest
        Position in `PRECISIONS` to which finer readings are coarsened.
    ignore_offset
        Whether the file's own time zone is wrong and its times are those of the local clock.

    Returns
    -------
    Moments
        One for each row; none is unparsable.
    """
    absent = np.asarray(column.is_null())
    is_day = pa.types.is_date(column.type)
    absolute = not is_day and column.type.tz is not None and not ignore_offset
    # Casting over an int64 of the same unit never fails, whereas a cast to seconds refuses fractions.
    unit = "s" if is_day else column.type.unit
    counts = column.cast(pa.date32()).cast(pa.int32()) if is_day else column.cast(pa.int64())
    per_s = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[unit]
    values = np.asarray(pc.fill_null(counts, 0)).astype(np.int64)
    n = values.size
    clock = _Clock(
        values * _DAY_S if is_day else values // per_s,
        np.full(n, DAY if is_day else MINUTE, np.int8),
        np.full(n, absolute),
        ~absent,
    )
    return _moments(clock, absent, zone=zone, coarsest=coarsest)


def to_utc(clock_s: NDArray[np.int64], zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Turn readings of the local clock into instants, by the rules at the head of this module.

    Parameters
    ----------
    clock_s
        Seconds from 1970-01-01 00:00 as the local clock counts them, shape (n,).
    zone
        Zone of the clock.

    Returns
    -------
    tuple of ndarray
        Earliest and latest instant that each can mean, seconds since 1970 in UTC, shape (n,) each.
    """
    days, day_of_row = np.unique(clock_s // _DAY_S, return_inverse=True)
    offsets = [_offsets_s(int(day), zone) for day in np.clip(days, _FIRST_DAY, _LAST_DAY)]
    steady = np.array([len(set(of_day)) == 1 for of_day in offsets], np.bool_)
    offset_s = np.array([of_day[0] for of_day in offsets], np.int64)
    first_s = clock_s - offset_s[day_of_row]
    last_s = first_s.copy()
    # The few days on which the clocks change are read second by second.
    changing = np.flatnonzero(~steady[day_of_row])
    seconds, second_of_row = np.unique(clock_s[changing], return_inverse=True)
    pairs = np.array([_instants_s(int(second), zone) for second in seconds], np.int64).reshape(-1, 2)
    first_s[changing], last_s[changing] = pairs[second_of_row, 0], pairs[second_of_row, 1]
    return first_s, last_s


def _unread(n: int) -> _Clock:
    """Begin with readings of which none is valid."""
    return _Clock(np.zeros(n, np.int64), np.zeros(n, np.int8), np.zeros(n, np.bool_), np.zeros(n, np.bool_))


def _read(texts: pa.StringArray, date_format: DateFormat) -> _Clock:
    """Read texts by one format; what it does not read is not valid."""
    match = pc.extract_regex(texts, date_format.pattern)
    valid = np.asarray(match.is_valid())
    if not valid.any():
        return _unread(len(texts))

    def number(name: str, absent: int) -> NDArray[np.int64]:
        """Numbers of one part; those of other texts are not looked at."""
        if f"(?P<{name}>" not in date_format.pattern:
            return np.full(len(texts), absent, np.int64)
        part = pc.fill_null(pc.struct_field(match, name), "")
        values = pc.if_else(pc.equal(part, ""), "0", part).cast(pa.int64())
        return np.asarray(values)

    year = number("Y", 0) if "Y" in date_format.fields else _full_year(number("y", 0))
    month, day = number("m", 1), number("d", 1)
    hour, minute, second = number("H", 0), number("M", 0), number("S", 0)
    if "I" in date_format.fields:
        half = pc.fill_null(pc.utf8_lower(pc.struct_field(match, "p")), "am")
        twelve = number("I", 12)
        valid &= (twelve >= 1) & (twelve <= 12)  # noqa: PLR2004 (hours on a clock face)
        hour = twelve % 12 + 12 * np.asarray(pc.equal(half, "pm"))
    months = (year - 1970) * 12 + month - 1
    first, following = (_month_start(months + step) for step in (0, 1))
    valid &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)  # noqa: PLR2004
    valid &= (hour < 24) & (minute < 60) & (second < 60)  # noqa: PLR2004 (a clock)
    clock_s = (first + day - 1) * _DAY_S + hour * 3600 + minute * 60 + second
    if date_format.has_offset:
        sign = pc.fill_null(pc.struct_field(match, "sign"), "+")
        ahead_s = number("zh", 0) * 3600 + number("zm", 0) * 60
        clock_s -= np.where(np.asarray(pc.equal(sign, "-")), -ahead_s, ahead_s)
    number_of_precision = PRECISIONS.index(date_format.precision)
    n = len(texts)
    return _Clock(
        np.where(valid, clock_s, 0),
        np.full(n, number_of_precision, np.int8),
        np.full(n, date_format.has_offset),
        valid,
    )


def _moments(clock: _Clock, absent: NDArray[np.bool_], *, zone: ZoneInfo, coarsest: int) -> Moments:
    """Place readings in time; a day or a month ends with its last second."""
    clock_s, absolute = clock.clock_s.copy(), clock.absolute
    if coarsest > MINUTE and absolute.any():
        clock_s[absolute] = _to_local(clock_s[absolute], zone)
        absolute = np.zeros_like(absolute)
    precision = np.maximum(clock.precision, np.int8(coarsest))
    begin_s, end_s = clock_s.copy(), clock_s.copy()
    day, month = precision == DAY, precision == MONTH
    begin_s[day] -= begin_s[day] % _DAY_S
    end_s[day] = begin_s[day] + _DAY_S - 1
    months = (clock_s[month] // _DAY_S).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    begin_s[month] = _month_start(months) * _DAY_S
    end_s[month] = _month_start(months + 1) * _DAY_S - 1
    first_s, last_s = begin_s.copy(), end_s.copy()
    local = ~absolute
    first_s[local] = to_utc(begin_s[local], zone)[0]
    last_s[local] = to_utc(end_s[local], zone)[1]
    unknown = ~clock.valid
    first_s[unknown] = last_s[unknown] = 0
    return Moments(first_s, last_s, precision, absent, unknown & ~absent)


def _full_year(two_digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give two-digit years their century."""
    full: NDArray[np.int64] = two_digits + np.where(two_digits >= _PIVOT_YEAR, 1900, 2000)
    return full


def _month_start(months: NDArray[np.int64]) -> NDArray[np.int64]:
    """First day of each month, both counted from January 1970."""
    days: NDArray[np.int64] = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


@lru_cache(maxsize=50_000)
def _offsets_s(day: int, zone: ZoneInfo) -> tuple[int, int, int]:
    """Seconds by which the clock is ahead of UTC at both readings of a day's midnight and at the next."""
    midnight = dt.datetime.combine(dt.date(1970, 1, 1) + dt.timedelta(days=day), dt.time(), zone)
    following = midnight + dt.timedelta(days=1)
    return _offset_s(midnight), _offset_s(midnight.replace(fold=1)), _offset_s(following)


def _offset_s(local: dt.datetime) -> int:
    """Seconds by which the clock of an aware local time is ahead of UTC."""
    offset = local.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _instants_s(clock_s: int, zone: ZoneInfo) -> tuple[int, int]:
    """Earliest and latest instant of one reading of the local clock."""
    local = dt.datetime(1970, 1, 1, tzinfo=zone) + dt.timedelta(seconds=clock_s)
    before_s, after_s = _offset_s(local), _offset_s(local.replace(fold=1))
    # The offset grows across a skipped hour: only the clock before the change shows such a time.
    return clock_s - before_s, clock_s - min(before_s, after_s)


def _to_local(instant_s: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """Read the local clock at instants; offsets change at quarters of an hour only."""
    low, high = _FIRST_DAY * _DAY_S, _LAST_DAY * _DAY_S
    quarters, quarter_of_row = np.unique(np.clip(instant_s, low, high) // 900, return_inverse=True)
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    offsets = [
        _offset_s((epoch + dt.timedelta(seconds=int(quarter) * 900)).astimezone(zone)) for quarter in quarters
    ]
    local: NDArray[np.int64] = instant_s + np.array(offsets, np.int64)[quarter_of_row]
    return local
