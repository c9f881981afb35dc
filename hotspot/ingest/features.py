"""GeoJSON and GeoPackage files as streams of columns; the first feature is row 1."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from hotspot.crs import LON_LAT, parse_crs
from hotspot.errors import InvalidCrs, InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GEOMETRY_X, GEOMETRY_Y = "geometry.x", "geometry.y"
"""Columns in which the coordinates of a file's own points are handed on, in the units of its CRS."""


def read(
    path: Path, *, driver: str, packed: bool, layer: str | None, crs: str | None, batch_rows: int
) -> Iterator[pa.Table]:
    """
    Stream the features of a file.

    Parameters
    ----------
    path
        The file.
    driver
        `GeoJSON` or `GPKG`.
    packed
        Whether the file is gzipped.
    layer
        Layer of a GeoPackage; its only one if absent.
    crs
        Code of the CRS that the mapping states for the geometries; None if it does not use them.
    batch_rows
        Features at a time.

    Yields
    ------
    Table
        Consecutive features, the coordinates of points in columns of their own.

    Raises
    ------
    InvalidFile
        If the file cannot be read, is in another CRS, or has several layers and none is named.
    """
    # As text, dates reach the mapping's formats as they are written.
    options = {"DATE_AS_STRING": "YES"} if driver == "GeoJSON" else {}
    source = _source(path, driver=driver, packed=packed)
    try:
        with ExitStack() as stack:
            with _quiet():
                layer = layer if layer is not None or driver == "GeoJSON" else _only_layer(path, source)
                meta, reader = stack.enter_context(
                    pyogrio.open_arrow(
                        source, layer=layer, use_pyarrow=True, batch_size=batch_rows, **options
                    )
                )
            if crs is not None:
                require_crs(meta["crs"], crs, path)
            geometry = meta["geometry_name"] or "wkb_geometry"
            if driver == "GPKG":
                yield with_points(reader.schema.empty_table(), geometry)
            while (batch := _next(reader)) is not None:
                yield with_points(pa.Table.from_batches([batch]), geometry)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pa.ArrowException,
        OSError,
    ) as error:
        reason = str(error).replace(source, path.name).split(";")[0]
        message = f"a readable {driver} file is required; the reader says: {reason}"
        raise InvalidFile(message, file=path.name) from error


def features_at_most(path: Path, *, layer: str | None) -> int | None:
    """
    Tell the number of features of a GeoPackage without reading them.

    Parameters
    ----------
    path
        The file.
    layer
        Its layer; the only one if absent.

    Returns
    -------
    int or None
        Number of features; None if the file does not tell.
    """
    try:
        with _quiet():
            count = int(
                pyogrio.read_info(_source(path, driver="GPKG", packed=False), layer=layer)["features"]
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        return None
    return count if count >= 0 else None


def require_crs(found: str | None, required: str, path: Path) -> None:
    """
    Refuse a file whose geometries are in another CRS than the mapping says.

    Parameters
    ----------
    found
        What the file says: a code, a text or PROJJSON; None if nothing, which means degrees on WGS 84.
    required
        Code in the mapping.
    path
        The file.

    Raises
    ------
    InvalidFile
        If the two differ; the order of axes does not count.
    """
    try:
        # The two codes of WGS 84 in degrees differ in nothing but the order of their axes.
        same = parse_crs(LON_LAT if found is None else found).equals(
            parse_crs(required), ignore_axis_order=True
        )
    except InvalidCrs:
        same = False
    if not same:
        raise InvalidFile(
            f"geometries in {required} are required, as the mapping says, got {str(found)[:60]}",
            file=path.name,
        )


def with_points(table: pa.Table, geometry: str) -> pa.Table:
    """
    Replace geometries by the coordinates of points.

    Parameters
    ----------
    table
        Rows with a column of well-known binary.
    geometry
        Name of that column; the table is left alone if it has none.

    Returns
    -------
    Table
        The rows with two columns of coordinates, null where there is no point.
    """
    if geometry not in table.column_names:
        return table
    column = table.column(geometry).combine_chunks()
    storage = column.storage if isinstance(column, pa.ExtensionArray) else column
    shapes = shapely.from_wkb(storage.cast(pa.binary()).to_numpy(zero_copy_only=False), on_invalid="ignore")
    # Both are NaN for whatever is no point.
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    missing = np.isnan(x) | np.isnan(y)
    return (
        table.drop_columns([geometry])
        .append_column(GEOMETRY_X, pa.array(x, mask=missing))
        .append_column(GEOMETRY_Y, pa.array(y, mask=missing))
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence GDAL, which warns of file extensions and repeated ids; neither means anything here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _source(path: Path, *, driver: str, packed: bool) -> str:
    """Name a file for GDAL, which without the driver's name would follow the file's extension."""
    # Otherwise GDAL writes a file of its own beside a gzipped one.
    pyogrio.set_gdal_config_options({"CPL_VSIL_GZIP_WRITE_PROPERTIES": "NO"})
    return f"{driver}:{'/vsigzip/' if packed else ''}{path.resolve()}"


def _next(reader: pa.RecordBatchReader) -> pa.RecordBatch | None:
    """Read on, or tell that there is no more."""
    with _quiet():
        return next(reader, None)


def _only_layer(path: Path, source: str) -> str:
    """Name of the only layer of a file."""
    names = [str(name) for name, _ in pyogrio.list_layers(source)]
    if len(names) != 1:
        listed = ", ".join(names) or "none"
        message = f"one layer is required, or its name as file.layer in the mapping, got {listed}"
        raise InvalidFile(message, file=path.name)
    return names[0]
