"""The sections of a mapping file and the values they declare; docs/mapping.md describes the keys."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotspot.crs import parse_crs
from hotspot.errors import InvalidCrs, InvalidMapping
from hotspot.ingest.delimited import ENCODINGS
from hotspot.ingest.features import GEOMETRY_X, GEOMETRY_Y
from hotspot.ingest.formats import MINUTE, PRECISIONS, DateFormat
from hotspot.ingest.rules import Category, CodeRange, CodeSet, Withheld
from hotspot.model import Label, Reporter

if TYPE_CHECKING:
    from collections.abc import Mapping as FrozenDict

    from hotspot.ingest.sections import Section

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIRST_DAY = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class FileForm:
    """How the file is written, where its content does not tell; the layer is that of a GeoPackage."""

    delimiter: str | None
    encoding: str | None
    layer: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """
    Where the place stands.

    Parameters
    ----------
    crs
        Code of the system of the coordinates.
    x, y
        Columns; those of the file's own points if it has geometries.
    decimal
        Decimal sign in these columns.
    """

    crs: str
    x: str = GEOMETRY_X
    y: str = GEOMETRY_Y
    decimal: str = "."

    @property
    def from_columns(self) -> bool:
        """Whether two columns hold the coordinates; otherwise the file's geometries do."""
        return self.x != GEOMETRY_X


@dataclass(frozen=True, slots=True)
class Clock:
    """
    Where and how the time stands.

    Parameters
    ----------
    zone
        Zone of the clock that the source looked at.
    start, end, reported
        Columns, one or a date and a time; `end` and `reported` may be empty.
    formats, reported_formats
        Formats in the order in which they are tried.
    coarsest
        Position in `dates.PRECISIONS` to which finer times are coarsened.
    earliest
        First local day that is believed, not before 1970, when the weeks of this project begin.
    ignore_offset
        Whether time zones that the file itself declares are to be ignored.
    """

    zone: ZoneInfo
    start: tuple[str, ...]
    end: tuple[str, ...]
    reported: tuple[str, ...]
    formats: tuple[DateFormat, ...]
    reported_formats: tuple[DateFormat, ...]
    coarsest: int
    earliest: dt.date
    ignore_offset: bool


@dataclass(frozen=True, slots=True)
class CodeColumns:
    """
    Where the category code stands.

    Parameters
    ----------
    columns
        Columns; none if every row has the same code.
    joined
        Whether the columns together form one code; otherwise the first with a code that a rule names counts.
    constant
        The code of every row, if there are no columns.
    """

    columns: tuple[str, ...]
    joined: bool
    constant: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """Rows whose `column` holds one of `values` take back an earlier row that agrees with them in `match`."""

    column: str
    values: tuple[str, ...]
    match: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who made an incident known: what a column says, else what the code tells, else `default`."""

    default: Reporter
    column: str | None
    values: FrozenDict[str, Reporter]


def file_form(section: Section) -> FileForm:
    """
    Read [file].

    Parameters
    ----------
    section
        The section.

    Returns
    -------
    FileForm
        What it declares.
    """
    delimiter = section.character("delimiter")
    return FileForm(delimiter, section.choice("encoding", ENCODINGS), section.optional_text("layer"))


def position(section: Section) -> Position:
    """
    Read [position].

    Parameters
    ----------
    section
        The section.

    Returns
    -------
    Position
        What it declares.
    """
    crs = section.text("crs")
    if crs:
        try:
            parse_crs(crs)
        except InvalidCrs as error:
            section.wrong("crs", f"is unknown: {error}")
    x, y = section.optional_text("x"), section.optional_text("y")
    decimal = section.choice("decimal", (".", ","))
    if (x is None) != (y is None):
        section.wrong("x", "and y go together; leave both out for a file with geometries")
    if x is None or y is None:
        return Position(crs)
    return Position(crs, x, y, "." if decimal is None else decimal)


def clock(section: Section) -> Clock:
    """
    Read [time].

    Parameters
    ----------
    section
        The section.

    Returns
    -------
    Clock
        What it declares.
    """
    start, end, reported = (section.texts(key) for key in ("start", "end", "reported"))
    if not start:
        section.wrong("start", "is required: the column, or the columns for date and time, of the beginning")
    formats = _formats(section, "formats")
    reported_formats = _formats(section, "reported_formats")
    precision = section.choice("precision", tuple(precision.value for precision in PRECISIONS))
    coarsest = MINUTE if precision is None else [p.value for p in PRECISIONS].index(precision)
    return Clock(
        zone=_zone(section),
        start=start,
        end=end,
        reported=reported,
        formats=formats,
        reported_formats=reported_formats or formats,
        coarsest=coarsest,
        earliest=_earliest(section),
        ignore_offset=section.flag("ignore_offset"),
    )


def _earliest(section: Section) -> dt.date:
    """Read the first day that is believed."""
    day = section.date("earliest")
    if day is not None and day < _FIRST_DAY:
        section.wrong("earliest", f"must be {_FIRST_DAY} or later, got {day}")
    return _FIRST_DAY if day is None else day


def _zone(section: Section) -> ZoneInfo:
    """Read the time zone."""
    name = section.text("zone")
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        section.wrong("zone", f"must be an IANA time zone such as Europe/Amsterdam, got {name!r}")
        return ZoneInfo("UTC")


def _formats(section: Section, key: str) -> tuple[DateFormat, ...]:
    """Read date formats."""
    formats = []
    for text in section.texts(key):
        try:
            formats.append(DateFormat.parse(text))
        except InvalidMapping as error:
            section.wrong(key, f"is wrong: {error}")
    return tuple(formats)


def code_columns(section: Section) -> CodeColumns:
    """
    Read [category].

    Parameters
    ----------
    section
        The section.

    Returns
    -------
    CodeColumns
        What it declares.
    """
    columns, constant = section.texts("columns"), section.optional_text("constant")
    if (not columns) == (constant is None):
        section.wrong("columns", "or category.constant is required, and not both")
    return CodeColumns(columns, section.flag("joined"), "" if constant is None else constant)


def reversal(root: Section) -> Reversal | None:
    """
    Read [reversal].

    Parameters
    ----------
    root
        The whole file.

    Returns
    -------
    Reversal or None
        What it declares; None if there is no such section.
    """
    section = root.section("reversal")
    if not root.has("reversal"):
        return None
    column, values, match = section.text("column"), section.texts("values"), section.texts("match")
    for key, texts in (("values", values), ("match", match)):
        if not texts and not section.has(key):
            section.wrong(key, "is required, got nothing")
    return Reversal(column, tuple(value.strip() for value in values), match)


def reporting(section: Section) -> Reporting:
    """
    Read [reporter].

    Parameters
    ----------
    section
        The section.

    Returns
    -------
    Reporting
        What it declares.
    """
    default = section.choice("default", tuple(reporter.value for reporter in Reporter))
    column = section.optional_text("column")
    values: dict[str, Reporter] = {}
    listed = section.section("values")
    for reporter in Reporter:
        for text in listed.texts(reporter.value):
            if values.setdefault(text.strip().casefold(), reporter) is not reporter:
                listed.wrong(reporter.value, f"lists {text!r}, which another list names as well")
    if (column is None) != (not values):
        section.wrong("column", "and reporter.values go together")
    return Reporting(
        Reporter.UNKNOWN if default is None else Reporter(default), column, MappingProxyType(values)
    )


def withheld(root: Section) -> tuple[CodeSet, ...]:
    """
    Read [[withheld]].

    Parameters
    ----------
    root
        The whole file.

    Returns
    -------
    tuple of CodeSet
        Codes that are deliberately left out, group by group.
    """
    return tuple(
        _code_set(section, Withheld(section.text("why"), section.flag("sensitive")))
        for section in root.sections("withheld")
    )


def shown(root: Section, labels: dict[str, Label]) -> tuple[CodeSet, ...]:
    """
    Read [themes.*] and [themes.*.*].

    Parameters
    ----------
    root
        The whole file.
    labels
        Where the labels of themes and subthemes are put.

    Returns
    -------
    tuple of CodeSet
        Codes, subtheme by subtheme.
    """
    sets = []
    themes = root.section("themes")
    for theme, section in themes.tables().items():
        _label(section, theme, labels)
        subthemes = section.tables()
        if not subthemes:
            section.wrong("", "needs at least one subtheme, such as [themes.theft.shoplifting], got none")
        for subtheme, below in subthemes.items():
            _label(below, subtheme, labels)
            reporter = below.choice("reporter", tuple(reporter.value for reporter in Reporter))
            known = None if reporter is None else Reporter(reporter)
            sets.append(_code_set(below, Category(theme, subtheme, known)))
    if not sets:
        root.wrong("themes", "needs at least one theme with a subtheme, got none")
    return tuple(sets)


def _label(section: Section, name: str, labels: dict[str, Label]) -> None:
    """Read the Dutch and English label of a theme or subtheme."""
    if _NAME.fullmatch(name) is None:
        section.wrong("", f"must be named with small letters, digits and _, got {name!r}")
    label = Label(section.text("nl"), section.text("en"))
    if labels.setdefault(name, label) != label:
        section.wrong("", f"repeats the name {name!r} with another label")


def _code_set(section: Section, meaning: Category | Withheld) -> CodeSet:
    """Read codes, prefixes and ranges."""
    codes, prefixes, texts = (section.texts(key) for key in ("codes", "prefixes", "ranges"))
    if not any(section.has(key) for key in ("codes", "prefixes", "ranges")):
        section.wrong("codes", "or prefixes or ranges are required, got none")
    ranges = []
    for text in texts:
        span = CodeRange.parse(text)
        if span is None:
            section.wrong("ranges", f"look like F520-F527, with ends of the same form, got {text!r}")
        else:
            ranges.append(span)
    return CodeSet(meaning, codes, prefixes, tuple(ranges))
