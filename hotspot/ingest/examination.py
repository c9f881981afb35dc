"""What is wrong with a row, apart from where it lies: reversals, codes, dates and coordinates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hotspot.errors import InvalidMapping
from hotspot.ingest import dates
from hotspot.ingest.categories import Categories, categories
from hotspot.ingest.coordinates import Coordinates, coordinates, shortcoming
from hotspot.rows import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.ingest.formats import DateFormat
    from hotspot.ingest.mapping import Mapping
    from hotspot.ingest.tables import Rows


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Why rows are refused; the first reason that is given to a row stays.

    Parameters
    ----------
    accepted
        Rows with which nothing is wrong so far.
    reason, detail
        Reason and sentence of each row, None as long as nothing is wrong with it.
    """

    accepted: NDArray[np.bool_]
    reason: NDArray[np.object_]
    detail: NDArray[np.object_]

    @classmethod
    def open(cls, n: int) -> Verdict:
        """
        Begin with nothing wrong.

        Parameters
        ----------
        n
            Number of rows.

        Returns
        -------
        Verdict
            On so many rows.
        """
        nothing = np.full(n, None, dtype=np.object_)
        return cls(np.ones(n, np.bool_), nothing, nothing.copy())

    def refuse(self, where: NDArray[np.bool_], reason: Reason, detail: Callable[[int], str]) -> None:
        """
        Refuse rows that are not refused yet.

        Parameters
        ----------
        where
            Rows to which the reason applies.
        reason
            The reason.
        detail
            Gives the sentence for the position of a row.
        """
        newly = np.flatnonzero(where & self.accepted)
        self.accepted[newly] = False
        self.reason[newly] = reason.value
        self.detail[newly] = [detail(int(row)) for row in newly]


@dataclass(frozen=True, slots=True)
class Examined:
    """
    What rows say, and what is wrong with them apart from where they lie.

    Parameters
    ----------
    rows
        The rows.
    verdict
        What is wrong with them; grows when places are looked at.
    reverses
        Rows that take back another.
    found
        What their codes mean.
    started_s, ended_s, precision
        When they happened, as in `model.INCIDENT_COLUMNS`; precision is a position in `dates.PRECISIONS`.
    place
        Where they happened, in the units of the source.
    """

    rows: Rows
    verdict: Verdict
    reverses: NDArray[np.bool_]
    found: Categories
    started_s: NDArray[np.int64]
    ended_s: NDArray[np.int64]
    precision: NDArray[np.int8]
    place: Coordinates


def examine(rows: Rows, mapping: Mapping, *, loaded_at: dt.datetime) -> Examined:
    """
    Look at everything in rows but where they lie and whether they repeat each other.

    Parameters
    ----------
    rows
        The rows.
    mapping
        What their columns and codes mean.
    loaded_at
        Moment of loading, aware.

    Returns
    -------
    Examined
        What they say and the reasons 1 to 6 at the head of this module.
    """
    verdict = Verdict.open(len(rows))
    reverses = _reversing(rows, mapping, verdict)
    found = categories(rows, mapping)
    verdict.refuse(~found.shown, Reason.UNMAPPED_CODE, lambda row: found.shortcoming(row, mapping.name))
    started_s, ended_s, precision = _interval(rows, mapping, verdict, loaded_at)
    place = coordinates(rows, mapping.position)
    verdict.refuse(place.missing, Reason.NO_COORDINATES, lambda row: shortcoming(rows, mapping.position, row))
    verdict.refuse(
        place.zero,
        Reason.ZERO_COORDINATES,
        lambda row: f"zeros stand for an unknown place: {pair(place.xy[row])}",
    )
    return Examined(rows, verdict, reverses, found, started_s, ended_s, precision, place)


def _reversing(rows: Rows, mapping: Mapping, verdict: Verdict) -> NDArray[np.bool_]:
    """Find and refuse the rows that take back another."""
    reversal = mapping.reversal
    if reversal is None:
        return np.zeros(len(rows), np.bool_)
    texts = rows.texts(reversal.column)
    reverses = np.asarray(pc.is_in(texts, value_set=pa.array(reversal.values, pa.string())))
    verdict.refuse(
        reverses,
        Reason.REVERSED,
        lambda row: f"it takes back an earlier row: column {reversal.column!r} holds {texts[row].as_py()!r}",
    )
    return reverses


def moments(
    rows: Rows, columns: tuple[str, ...], mapping: Mapping, formats: tuple[DateFormat, ...]
) -> dates.Moments:
    """
    Read a date that stands in one column, or in one for the date and one for the time.

    Parameters
    ----------
    rows
        The rows.
    columns
        One column or more; their texts are joined by a blank.
    mapping
        Knows the clock.
    formats
        Formats of the joined text.

    Returns
    -------
    Moments
        One for each row.

    Raises
    ------
    InvalidMapping
        If the columns hold text and there is no format to read it by.
    """
    clock = mapping.clock
    if len(columns) == 1:
        column = rows.column(columns[0])
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
            return dates.read_typed(
                column, zone=clock.zone, coarsest=clock.coarsest, ignore_offset=clock.ignore_offset
            )
    if not formats:
        raise InvalidMapping(
            f"{mapping.name}: time.formats is required, as {' and '.join(map(repr, columns))} hold text"
        )
    return dates.read_texts(_joined(rows, columns), formats, zone=clock.zone, coarsest=clock.coarsest)


def _joined(rows: Rows, columns: tuple[str, ...]) -> pa.StringArray:
    """Texts of the columns of a date, joined by a blank."""
    texts = [rows.texts(name) for name in columns]
    return texts[0] if len(texts) == 1 else pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))


def _interval(
    rows: Rows, mapping: Mapping, verdict: Verdict, loaded_at: dt.datetime
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
    """Read from when to when and how exactly, and refuse what cannot be read or cannot be."""
    clock = mapping.clock
    start = moments(rows, clock.start, mapping, clock.formats)
    verdict.refuse(~start.known, Reason.UNPARSABLE_DATE, lambda row: _unread(rows, clock.start, row))
    started_s, ended_s, precision = start.first_s, start.last_s, start.precision
    until = start.first_s
    if clock.end:
        end = moments(rows, clock.end, mapping, clock.formats)
        verdict.refuse(end.unparsable, Reason.UNPARSABLE_DATE, lambda row: _unread(rows, clock.end, row))
        ended_s = np.where(end.known, end.last_s, start.last_s)
        until = np.where(end.known, end.first_s, start.first_s)
        precision = np.where(end.known, np.maximum(start.precision, end.precision), start.precision)
    earliest_s = _day_s(clock.earliest, mapping)
    loaded_s = int(loaded_at.timestamp())
    verdict.refuse(
        started_s < earliest_s,
        Reason.IMPOSSIBLE_DATE,
        lambda row: f"it begins on {utc(started_s[row])}, before {clock.earliest}, the earliest day believed",
    )
    verdict.refuse(
        np.maximum(started_s, until) > loaded_s,
        Reason.IMPOSSIBLE_DATE,
        lambda row: (
            f"it lies after {utc(loaded_s)}, the moment of loading: {utc(max(started_s[row], until[row]))}"
        ),
    )
    verdict.refuse(
        ended_s < started_s,
        Reason.IMPOSSIBLE_DATE,
        lambda row: f"it ends on {utc(ended_s[row])}, before it begins on {utc(started_s[row])}",
    )
    return started_s, ended_s, precision


def _unread(rows: Rows, columns: tuple[str, ...], row: int) -> str:
    """Say why a date could not be read."""
    names = " and ".join(map(repr, columns))
    text = _joined(rows, columns)[row].as_py()
    return (
        f"column {names} holds {text!r}, which no date format reads" if text else f"column {names} is empty"
    )


def _day_s(day: dt.date, mapping: Mapping) -> int:
    """First instant of a local day."""
    return int(dt.datetime.combine(day, dt.time(), mapping.clock.zone).timestamp())


def utc(instant_s: int) -> str:
    """
    Write an instant for people.

    Parameters
    ----------
    instant_s
        Seconds since 1970 in UTC.

    Returns
    -------
    str
        Date and time, to the second.
    """
    return f"{np.datetime64(int(instant_s), 's')}Z"


def pair(xy: NDArray[np.float64]) -> str:
    """
    Write a pair of coordinates for people.

    Parameters
    ----------
    xy
        In any unit, shape (2,).

    Returns
    -------
    str
        Both, in brackets.
    """
    return f"({xy[0]:.10g}, {xy[1]:.10g})"
