"""The list as CSV, for spreadsheets and for systems."""

from __future__ import annotations

import csv
import datetime as dt
import io
from enum import StrEnum
from typing import TYPE_CHECKING

from hotspot.report.columns import COLUMNS, cells

if TYPE_CHECKING:
    from hotspot.report.columns import Cell
    from hotspot.report.published import PublishedList

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula."""


class Delimiter(StrEnum):
    """What stands between two cells, and with it how numbers are written."""

    COMMA = "comma"
    """Decimal point: what systems and English spreadsheets read."""
    SEMICOLON = "semicolon"
    """Decimal comma: what a Dutch spreadsheet reads."""


def as_csv(listed: PublishedList, *, delimiter: Delimiter, language: str) -> bytes:
    """
    Write a list as CSV, one line per hotspot.

    Parameters
    ----------
    listed
        The list.
    delimiter
        Comma with decimal points or semicolon with decimal commas.
    language
        `nl` or `en`: language of the texts; headings and codes are those that systems know.

    Returns
    -------
    bytes
        UTF-8 with the mark by which spreadsheets know it; a header even if the list is empty.
    """
    text = io.StringIO(newline="")
    is_dutch = delimiter is Delimiter.SEMICOLON
    # RFC 4180 ends a line with both; a text that holds either is quoted then.
    writer = csv.writer(text, delimiter=";" if is_dutch else ",", lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for row in listed.rows:
        values = cells(listed, row, language=language, codes=True)
        writer.writerow([_cell(value, decimal_comma=is_dutch) for value in values])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell, *, decimal_comma: bool) -> str:
    """Write one value; no text is left that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).replace(".", ",") if decimal_comma else repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return str(value)
