"""
CSV files as streams of text columns: any delimiter, UTF-8 or Latin-1, byte order mark, gzip, quoted newlines.

The header is row 1. Rows are records: a quoted newline does not end one, and empty lines are not counted.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.csv

from hotspot.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
"""Delimiters that are tried where the mapping names none."""

ENCODINGS = ("utf-8", "windows-1252", "latin-1")
"""Encodings that a mapping may name, in the order in which they are tried where it names none."""

GZIP_MAGIC = b"\x1f\x8b"

_BLOCK_BYTES = 8 << 20
"""Bytes that are parsed at a time, and the longest possible row: 8 MiB."""

_READ_BYTES = 1 << 20
"""Bytes that are looked at a time when the encoding is sought: 1 MiB."""

_HEADER_BYTES = 1 << 18
"""Bytes within which the header must end: 256 KiB."""

_UNDEFINED_IN_WINDOWS_1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How a CSV file is written.

    Parameters
    ----------
    delimiter
        What stands between two fields.
    encoding
        How characters are stored.
    header
        Names of the columns.
    blank_lines
        Empty lines before the header.
    has_rows
        Whether anything follows the header.
    """

    delimiter: str
    encoding: str
    header: tuple[str, ...]
    blank_lines: int
    has_rows: bool


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """
    Open a file, unpacking it if it is gzipped.

    Parameters
    ----------
    path
        The file; its content and not its name decides.

    Yields
    ------
    file
        Its bytes.

    Raises
    ------
    InvalidFile
        If what is read turns out to be a broken gzip file.
    """
    with path.open("rb") as plain:
        packed = plain.read(2) == GZIP_MAGIC
        plain.seek(0)
        try:
            if packed:
                with gzip.GzipFile(fileobj=plain, mode="rb") as unpacked:
                    yield cast("IO[bytes]", unpacked)
            else:
                yield plain
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            message = f"a whole gzip file is required, got a damaged one ({error})"
            raise InvalidFile(message, file=path.name) from error


def dialect(path: Path, *, required: Sequence[str], delimiter: str | None, encoding: str | None) -> Dialect:
    """
    Find out how a CSV file is written.

    Parameters
    ----------
    path
        The file.
    required
        Columns that the mapping names: the delimiter that brings out most of them is the right one.
    delimiter, encoding
        What the mapping says, if anything.

    Returns
    -------
    Dialect
        Delimiter, encoding and header.

    Raises
    ------
    InvalidFile
        If the file is empty, holds no text or has a header that never ends.
    """
    if encoding is None:
        encoding = _encoding(path)
    with opened(path) as file:
        head = file.read(_HEADER_BYTES)
    text = head.decode(encoding, errors="ignore").removeprefix("\ufeff")
    if not text.strip():
        raise InvalidFile("a header and rows are required, got an empty file", file=path.name)
    body = text.lstrip("\r\n")
    candidates = (delimiter,) if delimiter is not None else DELIMITERS
    headers = {candidate: _header(body, candidate) for candidate in candidates}
    best = max(headers, key=lambda d: (len(set(required) & set(headers[d])), len(headers[d])))
    if not headers[best]:
        raise InvalidFile("a header and rows are required, got a first row that never ends", file=path.name)
    blank_lines = len(text[: len(text) - len(body)].splitlines())
    has_rows = len(head) == _HEADER_BYTES or _has_rows(body, best)
    return Dialect(best, encoding, headers[best], blank_lines, has_rows)


def read(path: Path, form: Dialect) -> Iterator[pa.Table]:
    """
    Stream the rows of a CSV file, every column as text.

    Parameters
    ----------
    path
        The file.
    form
        How it is written.

    Yields
    ------
    Table
        First an empty table that shows the columns, then consecutive rows; names of columns that repeat
        get a number.

    Raises
    ------
    InvalidFile
        If a row has more or fewer fields than the header, or the text is not in the encoding.
    """
    names = distinct_names(form.header)
    yield pa.table({name: pa.array([], pa.string()) for name in names})
    if not form.has_rows:
        return
    with opened(path) as file:
        try:
            utf_8 = form.encoding == "utf-8"
            reader = pa.csv.open_csv(
                file
                if utf_8
                else pa.transcoding_input_stream(pa.PythonFile(file, "r"), form.encoding, "utf-8"),
                # The names are ours and not those of the header, which need not be distinct.
                read_options=pa.csv.ReadOptions(
                    column_names=names,
                    skip_rows=form.blank_lines,
                    skip_rows_after_names=1,
                    block_size=_BLOCK_BYTES,
                ),
                parse_options=pa.csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                yield pa.Table.from_batches([batch])
        except (pa.ArrowInvalid, UnicodeError) as error:
            raise _diagnosis(path, form, error) from error


def rows_at_most(path: Path) -> int:
    """
    Count the lines of a file after the first: rows, or more where there are quoted newlines or empty lines.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    int
        Number of lines after the first.
    """
    lines, last = 0, b"\n"
    with opened(path) as file:
        while block := file.read(_READ_BYTES):
            lines += block.count(b"\n")
            last = block
    return max(0, lines - (1 if last.endswith(b"\n") else 0))


def distinct_names(names: Sequence[str]) -> list[str]:
    """
    Give columns that share a name a number, so that no value is lost.

    Parameters
    ----------
    names
        Names as in the file.

    Returns
    -------
    list of str
        `a`, `a (2)`, `a (3)`...
    """
    seen: set[str] = set()
    distinct = []
    for name in names:
        candidate, number = name, 1
        while candidate in seen:
            number += 1
            candidate = f"{name} ({number})"
        seen.add(candidate)
        distinct.append(candidate)
    return distinct


def _encoding(path: Path) -> str:
    """First of the encodings that the whole file can be read in; a file with zero bytes is no text."""
    utf_8, windows = True, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file:
        while block := file.read(_READ_BYTES):
            if b"\0" in block:
                message = "text in UTF-8 or Latin-1 is required, got bytes that are no text"
                raise InvalidFile(message, file=path.name)
            utf_8 = utf_8 and _decodes(decoder, block)
            windows = windows and len(block.translate(None, _UNDEFINED_IN_WINDOWS_1252)) == len(block)
    if utf_8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    return "windows-1252" if windows else "latin-1"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    """Say whether a file goes on in its encoding."""
    try:
        decoder.decode(block, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _header(body: str, delimiter: str) -> tuple[str, ...]:
    """First record of a text, its names trimmed; empty if it cannot be read."""
    try:
        return tuple(
            name.strip() for name in next(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
        )
    except csv.Error:
        return ()


def _has_rows(body: str, delimiter: str) -> bool:
    """Say whether a short text goes on after its first record."""
    records = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    next(records)
    try:
        return any(records)
    except csv.Error:
        return True


def _diagnosis(path: Path, form: Dialect, error: Exception) -> InvalidFile:
    """Find the first row that is wrong; slow, but only done for a file that cannot be read anyway."""
    required = len(form.header)
    try:
        with opened(path) as file:
            lines = io.TextIOWrapper(file, form.encoding, newline="")
            row = 0
            for fields in csv.reader(lines, delimiter=form.delimiter):
                row += 1 if fields else 0
                if fields and len(fields) != required:
                    message = f"{required} fields are required, as in the header, got {len(fields)}"
                    return InvalidFile(message, file=path.name, row=row)
    except UnicodeError:
        return InvalidFile(
            f"text in {form.encoding} is required, got other bytes", file=path.name, row=row + 1
        )
    except csv.Error as unreadable:
        return InvalidFile(f"rows are required, got {unreadable}", file=path.name, row=row + 1)
    return InvalidFile(f"a readable CSV file is required; the reader says: {error}", file=path.name)
