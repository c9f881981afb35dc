"""
Incident files as streams of rows, whatever their format: the content decides, not the name's extension.

A row's number is what a person sees: the header of a CSV file is row 1 and its first record row 2; in
GeoJSON, GeoPackage and Parquet files, which have no header, the first record is row 1.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from hotspot.errors import InvalidFile
from hotspot.ingest import delimited, features

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.ingest.mapping import Mapping

_PARQUET, _GEOPACKAGE, _GEOJSON, _CSV = "Parquet", "GPKG", "GeoJSON", "CSV"

_MAGIC = {b"PAR1": _PARQUET, b"SQLite format 3\0": _GEOPACKAGE}
_FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
"""First bytes of what people send instead, and what it is."""


@dataclass(frozen=True, slots=True)
class Rows:
    """
    Consecutive rows of a file.

    Parameters
    ----------
    table
        Their columns.
    first_row
        Number of the first of them.
    file
        Name of the file, for messages.
    """

    table: pa.Table
    first_row: int
    file: str
    _texts: dict[str, pa.StringArray] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Number of each row."""
        return np.arange(self.first_row, self.first_row + len(self), dtype=np.int64)

    def column(self, name: str) -> pa.Array:
        """
        Give a column as the file has it.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        Array
            One value for each row.
        """
        chunks = self.table.column(name)
        return chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()

    def texts(self, name: str) -> pa.StringArray:
        """
        Give a column as text without surrounding blanks; an absent value is an empty text.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        StringArray
            One text for each row.

        Raises
        ------
        InvalidFile
            If the column holds lists or structures.
        """
        if name not in self._texts:
            try:
                text = self.column(name).cast(pa.string())
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                kind = self.table.schema.field(name).type
                message = f"text, numbers or dates are required, got {kind}"
                raise InvalidFile(message, file=self.file, column=name) from error
            # Databases refuse a zero character, which JSON and Parquet can carry.
            text = pc.fill_null(text, "")
            if any(b"\0" in buffer.to_pybytes() for buffer in text.buffers()[2:] if buffer is not None):
                text = pc.replace_substring(text, "\0", "")
            self._texts[name] = pc.utf8_trim_whitespace(text)
        return self._texts[name]


def rows(path: Path, mapping: Mapping, *, batch_rows: int) -> Iterator[Rows]:
    """
    Stream an incident file.

    Parameters
    ----------
    path
        The file.
    mapping
        Says which columns it must have and, where needed, how it is written.
    batch_rows
        Rows at a time, at the most.

    Yields
    ------
    Rows
        Consecutive rows, at least one.

    Raises
    ------
    InvalidFile
        If the file is no such file, is damaged or lacks a column.
    """
    form, packed = _form(path)
    first_row = 2 if form == _CSV else 1
    for table in _rebatched(
        _checked(_tables(path, mapping, form, packed, batch_rows), path, mapping), batch_rows
    ):
        yield Rows(table, first_row, path.name)
        first_row += table.num_rows


def count_rows(path: Path, mapping: Mapping) -> int | None:
    """
    Tell cheaply how many rows a file has at the most, for a progress bar.

    Parameters
    ----------
    path
        The file.
    mapping
        Names the layer of a GeoPackage.

    Returns
    -------
    int or None
        Number of rows, or a little more for CSV files with quoted newlines or empty lines; None if only
        reading the file would tell.

    Raises
    ------
    InvalidFile
        If the file is no such file or is damaged.
    """
    form, _ = _form(path)
    if form == _CSV:
        return delimited.rows_at_most(path)
    if form == _PARQUET:
        with _parquet(path) as file:
            return int(file.metadata.num_rows)
    return features.features_at_most(path, layer=mapping.file.layer) if form == _GEOPACKAGE else None


def _form(path: Path) -> tuple[str, bool]:
    """Tell from its first bytes what a file is, and whether it is gzipped."""
    if not path.is_file():
        raise InvalidFile("a file is required, got none at this place", file=str(path))
    with path.open("rb") as plain:
        packed = plain.read(2) == delimited.GZIP_MAGIC
    with delimited.opened(path) as file:
        head = file.read(4096)
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            message = f"CSV, Parquet, GeoJSON or GeoPackage is required, got {what}"
            raise InvalidFile(message, file=path.name)
    for magic, form in _MAGIC.items():
        if head.startswith(magic):
            if packed:
                raise InvalidFile(f"a {form} file that is not gzipped is required, got gzip", file=path.name)
            return form, packed
    json_follows = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    return (_GEOJSON if json_follows else _CSV), packed


def _tables(path: Path, mapping: Mapping, form: str, packed: bool, batch_rows: int) -> Iterator[pa.Table]:  # noqa: FBT001 (private)
    """Stream a file by the reader for its format."""
    crs = None if mapping.position.from_columns else mapping.position.crs
    if form == _CSV:
        file = mapping.file
        required = mapping.columns
        dialect = delimited.dialect(path, required=required, delimiter=file.delimiter, encoding=file.encoding)
        return delimited.read(path, dialect)
    if form == _PARQUET:
        return _parquet_tables(path, crs, batch_rows)
    layer = mapping.file.layer if form == _GEOPACKAGE else None
    return features.read(path, driver=form, packed=packed, layer=layer, crs=crs, batch_rows=batch_rows)


def _parquet(path: Path) -> pa.parquet.ParquetFile:
    """Open a Parquet file."""
    try:
        return pa.parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        message = f"a readable Parquet file is required; the reader says: {error}"
        raise InvalidFile(message, file=path.name) from error


def _parquet_tables(path: Path, crs: str | None, batch_rows: int) -> Iterator[pa.Table]:
    """Stream a Parquet file; the points of a GeoParquet file get columns of their own."""
    with _parquet(path) as file:
        geometry = _geometry_column(file, crs, path)
        try:
            yield features.with_points(file.schema_arrow.empty_table(), geometry)
            for batch in file.iter_batches(batch_size=batch_rows):
                yield features.with_points(pa.Table.from_batches([batch]), geometry)
        except (pa.ArrowException, OSError) as error:
            message = f"a readable Parquet file is required; the reader says: {error}"
            raise InvalidFile(message, file=path.name) from error


def _geometry_column(file: pa.parquet.ParquetFile, crs: str | None, path: Path) -> str:
    """Name of the main geometry column of a GeoParquet file; empty if there is none."""
    metadata = file.schema_arrow.metadata or {}
    if b"geo" not in metadata:
        return ""
    try:
        geo = json.loads(metadata[b"geo"])
        name = str(geo["primary_column"])
        column = geo["columns"][name]
        encoding, found = column["encoding"], column.get("crs")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidFile(f"GeoParquet metadata are required, got {error!r}", file=path.name) from error
    if crs is not None:
        if encoding != "WKB":
            message = f"geometries as WKB are required, got {encoding}"
            raise InvalidFile(message, file=path.name, column=name)
        features.require_crs(None if found is None else json.dumps(found), crs, path)
    return name if encoding == "WKB" else ""


def _checked(tables: Iterator[pa.Table], path: Path, mapping: Mapping) -> Iterator[pa.Table]:
    """Refuse a file that lacks columns, before its first row is looked at."""
    for number, table in enumerate(tables):
        if number == 0:
            _require_columns(table.column_names, path, mapping)
        yield table


def _require_columns(names: list[str], path: Path, mapping: Mapping) -> None:
    """Name all missing columns at once, and what might be meant."""
    missing = [name for name in mapping.columns if name not in names]
    if missing:
        # Row 1 holds the names where there is a header.
        likely = [close for name in missing for close in difflib.get_close_matches(name, names, n=1)]
        hint = f" (meant: {', '.join(map(repr, likely))}?)" if likely else ""
        message = (
            f"mapping {mapping.name} requires the column{'s' * (len(missing) > 1)} "
            f"{', '.join(map(repr, missing))}, got {', '.join(map(repr, names[:20]))}{hint}"
        )
        raise InvalidFile(message, file=path.name, column=missing[0])


def _rebatched(tables: Iterator[pa.Table], batch_rows: int) -> Iterator[pa.Table]:
    """Cut a stream anew into tables of so many rows; only the last is shorter."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        n_waiting = sum(part.num_rows for part in waiting)
        if n_waiting < batch_rows:
            continue
        joined = pa.concat_tables(waiting, promote_options="default")
        whole = n_waiting - n_waiting % batch_rows
        for start in range(0, whole, batch_rows):
            yield joined.slice(start, batch_rows).combine_chunks()
        waiting = [joined.slice(whole)]
    rest = pa.concat_tables(waiting, promote_options="default") if waiting else None
    if rest is not None and rest.num_rows:
        yield rest.combine_chunks()
