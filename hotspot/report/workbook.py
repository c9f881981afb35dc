"""The list as an XLSX workbook: typed columns; themes, tables beside the list, and how it was made."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from hotspot.report import method, tables
from hotspot.report.columns import COLUMNS, NUMERIC, Type, cells, in_language
from hotspot.report.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from hotspot.report.columns import Cell, Column
    from hotspot.report.published import PublishedList

MAX_SHEET_NAME = 31
"""Characters of a sheet's name; a limit of the file format."""

MAX_CELL = 32_767
"""Characters of a cell; a limit of the file format."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

_FORMATS: Mapping[Type, str] = {
    Type.INTEGER: "0",
    Type.NUMBER: "0.0",
    Type.RATE: "0.00",
    Type.WHOLE: "#,##0",
    Type.SHARE: "0%",
    Type.FINE_SHARE: "0.0%",
    Type.PROBABILITY: "0.0000",
    Type.DEGREES: "0.000000",
    Type.DATE: "yyyy-mm-dd",
}

_TIED = '0"="'
"""A number with the mark of a shared place; it stays a number."""

_WIDTHS: Mapping[str, float] = {
    "theme_name": 18,
    "subtheme_name": 24,
    "area_name": 22,
    "place_name": 26,
    "level": 13,
    "said": 80,
    "change": 14,
    "id": 20,
    "neighbourhood": 13,
    "neighbourhood_name": 22,
    "neighbourhoods": 24,
    "why": 60,
    "what_changed": 50,
    "action": 40,
    "caveats": 26,
    "hot_time": 14,
}
_WIDTH, _LEAST_WIDTH = 11.0, 6.0
"""Widths of columns in characters; the second for numbers with a short heading."""

_HEAD_COLOUR = "#E8ECEF"
_FROZEN_COLUMNS = len(("week", "edition", "theme", "theme_name"))
_HEAD_LINE = 1
"""Line of the header of a table beside the list; what must be known to read it stands above."""


class _Looks(NamedTuple):
    """Formats of the cells."""

    by_type: Mapping[Type, Format]
    text: Format
    tied: Format
    head: Format
    remark: Format

    def of(self, kind: Type) -> Format:
        """Give the format of a kind of value."""
        return self.by_type.get(kind, self.text)


_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""What a cell holds is what it shows: nothing is guessed from a text."""


def plain(columns: Sequence[str], rows: Iterable[Sequence[object]], *, made_at: dt.datetime) -> bytes:
    """
    Write a table as a workbook of one sheet: the same bytes for the same table.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        The values of each row; what is neither a number nor a truth is written as text.
    made_at
        The moment that the file names as its own.

    Returns
    -------
    bytes
        The file.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(_OPTIONS))
    book.set_properties({"created": made_at.astimezone(dt.UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value)
            elif value is not None:
                text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
                sheet.write_string(line, place, text[:MAX_CELL])
    book.close()
    return file.getvalue()


def as_workbook(listed: PublishedList, *, language: str) -> bytes:
    """
    Write a list as a workbook: the same bytes for the same edition and notes.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    bytes
        The file.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(_OPTIONS))
    said = words(language)
    book.set_properties(
        {
            "title": said["list"].format(week=listed.week, edition=listed.edition),
            "comments": f"{said['disclosure']} · {listed.content_hash}",
            # Without a fixed moment the file would hold the one at which it was written.
            "created": listed.published_at.astimezone(dt.UTC).replace(tzinfo=None),
        }
    )
    taken: set[str] = set()
    looks = _looks(book)
    parts = [(said["all"], listed)]
    parts += [(listed.label(theme, language), listed.of_theme(theme)) for theme in listed.themes]
    for name, part in parts:
        _write_list(book.add_worksheet(_sheet_name(name, taken)), part, language, looks)
    for table in tables.tables(listed, language):
        _write_table(book.add_worksheet(_sheet_name(table.name, taken)), table, language, looks)
    sheet = book.add_worksheet(_sheet_name(said["sheet"], taken))
    _write_method(sheet, method.lines(listed, language), looks)
    book.close()
    return file.getvalue()


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    """Make the formats."""
    by_type = {
        kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _FORMATS.items()
    }
    return _Looks(
        by_type,
        text=book.add_format({"valign": "top", "text_wrap": True}),
        tied=book.add_format({"num_format": _TIED, "valign": "top"}),
        head=book.add_format({"bold": True, "bg_color": _HEAD_COLOUR, "text_wrap": True, "valign": "top"}),
        remark=book.add_format({"italic": True}),
    )


def _sheet_name(name: str, taken: set[str]) -> str:
    """Make a name that the format allows and that no other sheet has."""
    plain = _FORBIDDEN.sub(" ", name).strip().strip("'") or "-"
    wanted, number = plain[:MAX_SHEET_NAME], 1
    while wanted.lower() in taken:
        number += 1
        wanted = f"{plain[: MAX_SHEET_NAME - len(str(number)) - 1]} {number}"
    taken.add(wanted.lower())
    return wanted


def _write_list(sheet: Worksheet, listed: PublishedList, language: str, looks: _Looks) -> None:
    """Write the hotspots; those that share a place are marked."""
    _write_header(sheet, 0, COLUMNS, len(listed.rows), language, looks)
    for line, row in enumerate(listed.rows, start=1):
        values = cells(listed, row, language=language, codes=False)
        is_tied = listed.is_tied(row)
        for place, (column, value) in enumerate(zip(COLUMNS, values, strict=True)):
            look = looks.tied if is_tied and column.path == "tie" else looks.of(column.type)
            _write(sheet, line, place, value, look)
    sheet.freeze_panes(1, _FROZEN_COLUMNS)


def _write_table(sheet: Worksheet, table: tables.Table, language: str, looks: _Looks) -> None:
    """Write a table beside the list, with what must be known to read it on top."""
    sheet.write_string(0, 0, table.head, looks.remark)
    _write_header(sheet, _HEAD_LINE, table.columns, len(table.rows), language, looks)
    for line, values in enumerate(table.rows, start=_HEAD_LINE + 1):
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _write(sheet, line, place, value, looks.of(column.type))
    sheet.freeze_panes(_HEAD_LINE + 1, 1)


def _write_header(
    sheet: Worksheet, line: int, columns: Sequence[Column], rows: int, language: str, looks: _Looks
) -> None:
    """Write a header that filters the rows below it and stands on every page of paper."""
    for place, column in enumerate(columns):
        title = in_language(column.heading, language)
        short = max(_LEAST_WIDTH, min(_WIDTH, len(title) + 2.0)) if column.type in NUMERIC else _WIDTH
        sheet.set_column(place, place, _WIDTHS.get(column.path, short))
        sheet.write_string(line, place, title, looks.head)
    sheet.autofilter(line, 0, line + max(1, rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(line)


def _write(sheet: Worksheet, line: int, place: int, value: Cell, form: Format) -> None:
    """Write one value as what it is; a text never as a formula, a link or a number."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value, form)
    elif isinstance(value, (int, float)):
        sheet.write_number(line, place, value, form)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), form)
    else:
        sheet.write_string(line, place, value[:MAX_CELL], form)


def _write_method(sheet: Worksheet, lines: Sequence[method.Line], looks: _Looks) -> None:
    """Write what the workbook rests on, a heading before each part."""
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 110)
    for place, line in enumerate(lines):
        form = looks.head if line.is_heading else looks.text
        sheet.write_string(place, 0, line.name, form)
        sheet.write_string(place, 1, line.said[:MAX_CELL], form)
