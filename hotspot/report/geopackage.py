"""The list as a GeoPackage, for QGIS and its like."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any  # pandas takes cells of any kind.

import geopandas
import pandas as pd
import pyogrio
import shapely

from hotspot.report.columns import COLUMNS, Type, cells

if TYPE_CHECKING:
    from hotspot.report.published import PublishedList

LAYER = "hotspots"
"""Name of the layer."""

_CRS = "EPSG:4326"
"""By the standard, a GeoPackage in this system holds longitude before latitude, as our GeoJSON does."""

_DTYPES = {
    Type.INTEGER: "Int64",
    Type.FLAG: "boolean",
    Type.NUMBER: "Float64",
    Type.RATE: "Float64",
    Type.WHOLE: "Float64",
    Type.SHARE: "Float64",
    Type.FINE_SHARE: "Float64",
    Type.PROBABILITY: "Float64",
    Type.DEGREES: "Float64",
}
"""How pandas holds each kind of value so that absent ones stay absent; all others are texts."""

_DATE_OPTION = "OGR_CURRENT_DATE"
"""Setting of GDAL: the moment that a GeoPackage says it was changed."""


def as_geopackage(listed: PublishedList, *, language: str) -> bytes:
    """
    Write the hotspots of a list as a GeoPackage: the same bytes for the same edition and library.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`: language of the texts; columns and codes are those that systems know.

    Returns
    -------
    bytes
        The file; its layer has all columns even if the list is empty.
    """
    rows = [cells(listed, row, language=language, codes=True) for row in listed.rows]
    table = {
        column.name: _values([row[place] for row in rows], column.type)
        for place, column in enumerate(COLUMNS)
    }
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in listed.features]
    frame = geopandas.GeoDataFrame(table, geometry=shapes, crs=_CRS)
    file = io.BytesIO()
    before = pyogrio.get_gdal_config_option(_DATE_OPTION)
    pyogrio.set_gdal_config_options({_DATE_OPTION: f"{listed.published_at:%Y-%m-%dT%H:%M:%S.000Z}"})
    try:
        pyogrio.write_dataframe(frame, file, driver="GPKG", layer=LAYER, geometry_type="Unknown")
    finally:
        pyogrio.set_gdal_config_options({_DATE_OPTION: before})
    return file.getvalue()


def _values(values: list[Any], kind: Type) -> pd.Series[Any]:
    """Hold the values of a column; absent ones stay absent."""
    if kind is Type.DATE:
        return pd.Series(pd.to_datetime(values)).astype("datetime64[ms]")
    dtype: Any = _DTYPES.get(kind, "string")
    series: pd.Series[Any] = pd.Series(values, dtype=dtype)
    return series
