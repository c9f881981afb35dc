"""What does a mapping make of a file? A look at its first rows, before anything is loaded."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.crs import LON_LAT, transform
from hotspot.ingest import tables
from hotspot.ingest.categories import reporters
from hotspot.ingest.examination import examine, utc
from hotspot.ingest.formats import PRECISIONS
from hotspot.ingest.rules import Category, Withheld

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.ingest.examination import Examined
    from hotspot.ingest.mapping import Mapping
    from hotspot.ingest.tables import Rows

SAMPLE_ROWS = 100_000
"""Rows that are looked at: enough for the codes of a year, and read in about a second."""


@dataclass(frozen=True, slots=True)
class CodeCount:
    """
    What one code means, and how often it occurs.

    Parameters
    ----------
    code
        Code as the source writes it; empty where a row has none.
    theme, subtheme
        What it means; absent for a code that is not shown.
    withheld
        Why it is deliberately left out; absent if it is not.
    rows
        Rows with it.
    example_row
        Number of the first of them.
    """

    code: str
    theme: str | None
    subtheme: str | None
    withheld: str | None
    rows: int
    example_row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """
    A reason for which rows are refused.

    Parameters
    ----------
    reason
        The reason, as in `model.Reason`.
    rows
        Rows that are refused for it.
    example_row, example
        Number of the first of them, and the sentence about it.
    """

    reason: str
    rows: int
    example_row: int
    example: str


@dataclass(frozen=True, slots=True)
class MappingCheck:
    """
    What a mapping makes of the first rows of a file; whether they lie in the municipality is not looked at.

    Parameters
    ----------
    mapping, file
        What was looked at.
    rows
        Rows that were looked at.
    whole_file
        Whether these are all rows of the file.
    fitting
        Rows with which nothing is wrong.
    codes
        Codes that are shown, most frequent first.
    unmapped
        Codes that no rule names and codes that are left out, most frequent first.
    problems
        Reasons for which rows are refused, most frequent first.
    unused
        Subthemes that no row belongs to, as `theme.subtheme`: a code may be spelt wrongly.
    precision, reporters
        Rows by precision of their date and by who reported, of those with which nothing is wrong.
    first, last
        Beginnings of the earliest and the latest of these, in UTC; absent if there are none.
    bbox_deg
        West, south, east, north of these; absent if there are none, or if some lie outside the mapping's
        coordinate reference system.
    """

    mapping: str
    file: str
    rows: int
    whole_file: bool
    fitting: int
    codes: tuple[CodeCount, ...]
    unmapped: tuple[CodeCount, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]
    precision: dict[str, int]
    reporters: dict[str, int]
    first: str | None
    last: str | None
    bbox_deg: tuple[float, float, float, float] | None

    def to_json(self) -> str:
        """
        Write it for machines.

        Returns
        -------
        str
            A JSON object.
        """
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)


def explain(
    mapping: Mapping, path: Path, *, loaded_at: dt.datetime, sample_rows: int = SAMPLE_ROWS
) -> MappingCheck:
    """
    Say what a mapping makes of the first rows of a file.

    Parameters
    ----------
    mapping
        The mapping.
    path
        The file.
    loaded_at
        Moment of loading, aware: later dates are impossible.
    sample_rows
        Rows to look at, at the most.

    Returns
    -------
    MappingCheck
        Counts with an example of each.

    Raises
    ------
    InvalidFile
        If the file is no such file, is damaged or lacks a column.
    """
    batches = tables.rows(path, mapping, batch_rows=sample_rows)
    rows = next(batches, None)
    if rows is None:
        return _empty(mapping, path)
    more = next(batches, None) is not None
    examined = examine(rows, mapping, loaded_at=loaded_at)
    fits = examined.verdict.accepted
    counts = _code_counts(examined)
    begun_s = examined.started_s[fits]
    seen = {(count.theme, count.subtheme) for count in counts}
    return MappingCheck(
        mapping=mapping.name,
        file=path.name,
        rows=len(rows),
        whole_file=not more,
        fitting=int(fits.sum()),
        codes=tuple(count for count in counts if count.theme is not None),
        unmapped=tuple(count for count in counts if count.theme is None),
        problems=_problems(rows, examined),
        unused=tuple(name for pair, name in _subthemes(mapping) if pair not in seen),
        precision=_tally(PRECISIONS[number].value for number in examined.precision[fits]),
        reporters=_tally(reporters(rows, mapping, examined.found)[fits]),
        first=utc(int(begun_s.min())) if begun_s.size else None,
        last=utc(int(begun_s.max())) if begun_s.size else None,
        bbox_deg=_bbox_deg(examined, mapping),
    )


def _empty(mapping: Mapping, path: Path) -> MappingCheck:
    """Say that a file has no rows."""
    unused = tuple(name for _, name in _subthemes(mapping))
    return MappingCheck(mapping.name, path.name, 0, True, 0, (), (), (), unused, {}, {}, None, None, None)


def _bbox_deg(examined: Examined, mapping: Mapping) -> tuple[float, float, float, float] | None:
    """Say where on earth the fitting rows lie, so that exchanged or mistaken coordinates are seen."""
    xy = examined.place.xy[examined.verdict.accepted]
    if len(xy) == 0:
        return None
    lon_lat_deg = transform(xy, source=mapping.position.crs, target=LON_LAT)
    if not np.isfinite(lon_lat_deg).all():
        return None
    west, south = lon_lat_deg.min(axis=0).tolist()
    east, north = lon_lat_deg.max(axis=0).tolist()
    return west, south, east, north


def _code_counts(examined: Examined) -> list[CodeCount]:
    """Count rows by code, most frequent first; rows that take back others are no incidents."""
    counted = np.flatnonzero(~examined.reverses)
    found = examined.found
    first, rows = _first_and_count(found.code[counted])
    counts = []
    for code, position in first.items():
        row = int(counted[position])
        meaning = found.meanings[found.meaning[row]]
        counts.append(
            CodeCount(
                code=code,
                theme=meaning.theme if isinstance(meaning, Category) else None,
                subtheme=meaning.subtheme if isinstance(meaning, Category) else None,
                withheld=meaning.why if isinstance(meaning, Withheld) else None,
                rows=rows[code],
                example_row=int(examined.rows.numbers[row]),
            )
        )
    return sorted(counts, key=lambda count: (-count.rows, count.code))


def _problems(rows: Rows, examined: Examined) -> tuple[Problem, ...]:
    """Count refused rows by reason, most frequent first."""
    refused = np.flatnonzero(~examined.verdict.accepted)
    first, count = _first_and_count(examined.verdict.reason[refused])
    problems = [
        Problem(
            reason,
            count[reason],
            int(rows.numbers[refused[position]]),
            str(examined.verdict.detail[refused[position]]),
        )
        for reason, position in first.items()
    ]
    return tuple(sorted(problems, key=lambda problem: (-problem.rows, problem.reason)))


def _first_and_count(texts: NDArray[np.object_]) -> tuple[dict[str, int], Counter[str]]:
    """Position of the first of each text, and how often it occurs."""
    listed: list[str] = texts.tolist()
    first: dict[str, int] = {}
    for position, text in enumerate(listed):
        first.setdefault(text, position)
    return first, Counter(listed)


def _tally(texts: Iterable[str]) -> dict[str, int]:
    """Count texts, most frequent first."""
    return dict(Counter(texts).most_common())


def _subthemes(mapping: Mapping) -> Iterator[tuple[tuple[str, str], str]]:
    """All subthemes of a mapping with their names."""
    pairs = itertools.chain.from_iterable(
        ((theme, subtheme) for subtheme in subthemes) for theme, subthemes in mapping.themes.items()
    )
    return (((theme, subtheme), f"{theme}.{subtheme}") for theme, subtheme in pairs)
