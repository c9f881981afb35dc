"""
An incident file becomes batches of rows, each accepted or refused with one reason; none is lost.

A row with several shortcomings is refused for the first of these, in this order:

1. `reversed`: its task is to take back an earlier row; it is no incident, whatever else it says;
2. `unmapped_code`: it belongs to no theme, so that nothing else about it matters;
3. `unparsable_date`: its beginning is missing or not readable, or its end is given but not readable;
4. `impossible_date`: it begins before the earliest day that the mapping believes or after the moment of
   loading, or ends before it begins or after the moment of loading;
5. `no_coordinates`: one of the two is missing or no number;
6. `zero_coordinates`: zeros stand for an unknown place;
7. `outside`: it lies farther than `outside_m` from all neighbourhoods, or nowhere in the plane;
8. `duplicate`: an earlier accepted row of the file has the same key.

A row that is taken back by another is accepted here, because the other may stand in another file: the store
settles all reversals, and duplicates across files, by their keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspot import crs
from hotspot.errors import InvalidParameter
from hotspot.ingest import keys, tables
from hotspot.ingest.categories import reporters
from hotspot.ingest.examination import Examined, Verdict, examine, moments, pair
from hotspot.ingest.formats import MINUTE, PRECISIONS
from hotspot.neighbourhoods import assign
from hotspot.rows import ABSENT_S, AcceptedRows, Batch, Reason, RefusedRows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.crs import Plane
    from hotspot.ingest.mapping import Mapping
    from hotspot.ingest.tables import Rows
    from hotspot.neighbourhoods import Neighbourhoods

_JSON = json.JSONEncoder(default=str, ensure_ascii=False)

BATCH_ROWS = 100_000
"""Rows that are held at a time; a batch of a wide table then takes some 100 MB."""


@dataclass(slots=True)
class _Seen:
    """Keys of the accepted rows of a file so far, sorted, and the row in which each came first."""

    keys: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def first_rows(self, keys_of_rows: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Say for each row, in the order of the file, in which row its key came first, and remember it."""
        joined = np.concatenate([self.keys, keys_of_rows])
        distinct, first, inverse = np.unique(joined, return_index=True, return_inverse=True)
        rows_of_keys = np.concatenate([self.rows, numbers])[first]
        known = self.keys.size
        self.keys, self.rows = distinct, rows_of_keys
        earlier: NDArray[np.int64] = rows_of_keys[inverse[known:]]
        return earlier


def read_incidents(
    path: Path,
    mapping: Mapping,
    *,
    plane: Plane,
    neighbourhoods: Neighbourhoods,
    outside_m: float,
    loaded_at: dt.datetime,
    dataset: str | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[Batch]:
    """
    Stream an incident file as accepted and refused rows.

    Parameters
    ----------
    path
        CSV, Parquet, GeoJSON or GeoPackage; its content decides.
    mapping
        What its columns and codes mean.
    plane
        Plane of the municipality, in metres.
    neighbourhoods
        Its neighbourhoods, in that plane.
    outside_m
        Metres from the nearest neighbourhood at which a row still counts as inside.
    loaded_at
        Moment of loading, aware: nothing can have happened after it.
    dataset
        Name under which the file is loaded, so that a corrected file can replace it; the file's name if
        absent. It enters the keys of rows that the mapping gives nothing else to be recognised by.
    batch_rows
        Rows at a time, at the most.

    Yields
    ------
    Batch
        Consecutive rows in the order of the file.

    Raises
    ------
    InvalidFile
        If the file is no such file, is damaged or lacks a column.
    InvalidParameter
        If `loaded_at` has no time zone.
    """
    if loaded_at.tzinfo is None:
        raise InvalidParameter(f"loaded_at must have a time zone, got {loaded_at.isoformat()}")
    seen = _Seen()
    name = path.name if dataset is None else dataset
    for rows in tables.rows(path, mapping, batch_rows=batch_rows):
        examined = examine(rows, mapping, loaded_at=loaded_at)
        yield _batch(
            examined,
            mapping,
            plane=plane,
            neighbourhoods=neighbourhoods,
            outside_m=outside_m,
            dataset=name,
            seen=seen,
        )


def _batch(
    examined: Examined,
    mapping: Mapping,
    *,
    plane: Plane,
    neighbourhoods: Neighbourhoods,
    outside_m: float,
    dataset: str,
    seen: _Seen,
) -> Batch:
    """Look at places and duplicates and divide the rows."""
    rows, verdict = examined.rows, examined.verdict
    xy_m, neighbourhood = _placed(examined, mapping, plane, neighbourhoods, outside_m)
    key = keys.content_keys(rows, mapping.duplicate, source=mapping.source, dataset=dataset)
    if mapping.duplicate:
        _refuse_duplicates(rows, key, verdict, seen)
    match = mapping.duplicate if mapping.reversal is None else mapping.reversal.match
    reversal_key = (
        key
        if match == mapping.duplicate
        else keys.content_keys(rows, match, source=mapping.source, dataset=dataset)
    )
    stated = _stated_area(rows, mapping)
    yes = verdict.accepted
    no = np.flatnonzero(~yes)
    fingerprint = keys.content_keys(rows, mapping.columns, source=mapping.source, dataset=dataset)
    accepted = AcceptedRows(
        row=rows.numbers[yes],
        key=key[yes],
        reversal_key=reversal_key[yes],
        fingerprint=fingerprint[yes],
        xy_m=xy_m[yes],
        started_s=examined.started_s[yes],
        ended_s=examined.ended_s[yes],
        precision=np.array([p.value for p in PRECISIONS], dtype=np.object_)[examined.precision[yes]],
        reported_s=_reported_s(rows, mapping)[yes],
        theme=examined.found.theme[yes],
        subtheme=examined.found.subtheme[yes],
        code=examined.found.code[yes],
        reporter=reporters(rows, mapping, examined.found)[yes],
        neighbourhood=neighbourhood[yes],
        stated_area=stated[yes],
    )
    sensitive = examined.found.sensitive
    code = examined.found.code[no]
    refused = RefusedRows(
        row=rows.numbers[no],
        reason=verdict.reason[no],
        detail=verdict.detail[no],
        raw=_raw(rows, no, sensitive[no], mapping),
        code=_without(code, where=code == ""),
        stated_area=_without(stated[no], where=sensitive[no]),
        reverses=examined.reverses[no],
        key=key[no],
        reversal_key=reversal_key[no],
    )
    return Batch(accepted, refused)


def _placed(
    examined: Examined, mapping: Mapping, plane: Plane, neighbourhoods: Neighbourhoods, outside_m: float
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Bring the rows that are still accepted into the plane and find their neighbourhoods."""
    verdict, n = examined.verdict, len(examined.rows)
    xy_m = np.full((n, 2), np.nan)
    neighbourhood = np.full(n, None, dtype=np.object_)
    here = np.flatnonzero(verdict.accepted)
    xy_m[here] = crs.transform(examined.place.xy[here], source=mapping.position.crs, target=plane.code)
    neighbourhood[here] = assign(neighbourhoods, xy_m[here], gap_m=outside_m)
    verdict.refuse(
        pd.isna(neighbourhood),
        Reason.OUTSIDE,
        lambda row: (
            f"it lies farther than {outside_m:g} m from all neighbourhoods: {pair(examined.place.xy[row])}"
        ),
    )
    return xy_m, neighbourhood


def _refuse_duplicates(rows: Rows, key: NDArray[np.int64], verdict: Verdict, seen: _Seen) -> None:
    """Refuse rows whose key an earlier accepted row has."""
    candidates = np.flatnonzero(verdict.accepted)
    first = np.full(len(rows), -1)
    first[candidates] = seen.first_rows(key[candidates], rows.numbers[candidates])
    repeated = (first >= 0) & (first != rows.numbers)
    verdict.refuse(repeated, Reason.DUPLICATE, lambda row: f"row {first[row]} is the same incident")


def _reported_s(rows: Rows, mapping: Mapping) -> NDArray[np.int64]:
    """Instant of the report; absent unless a minute is told, because a delay needs an instant."""
    clock = mapping.clock
    if not clock.reported:
        return np.full(len(rows), ABSENT_S)
    told = moments(rows, clock.reported, mapping, clock.reported_formats)
    return np.where(told.known & (told.precision == MINUTE), told.first_s, ABSENT_S)


def _stated_area(rows: Rows, mapping: Mapping) -> NDArray[np.object_]:
    """Area that the row itself names, None if it names none."""
    if mapping.stated_area is None:
        return np.full(len(rows), None, dtype=np.object_)
    # Spreadsheets turn whole numbers into 66.0.
    texts = pc.replace_substring_regex(rows.texts(mapping.stated_area), r"^([0-9]+)\.0+$", r"\1")
    area: NDArray[np.object_] = texts.to_numpy(zero_copy_only=False)
    return _without(area, where=area == "")


def _without(values: NDArray[np.object_], *, where: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Make some values absent."""
    rest = values.copy()
    rest[where] = None
    return rest


def _raw(
    rows: Rows, positions: NDArray[np.int64], sensitive: NDArray[np.bool_], mapping: Mapping
) -> NDArray[np.object_]:
    """Rows as JSON objects; of a sensitive row only the code."""
    raw = np.empty(positions.size, dtype=np.object_)
    for i, values in enumerate(rows.table.take(pa.array(positions)).to_pylist()):
        kept = {name: values[name] for name in mapping.code.columns} if sensitive[i] else values
        raw[i] = _JSON.encode(_without_nan(kept))
    return raw


def _without_nan(values: dict[str, object]) -> dict[str, object]:
    """Replace what JSON cannot say, NaN, by null."""
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in values.items()
    }
