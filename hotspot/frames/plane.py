"""
Is this table on a plane in metres, and where and when are its rows? What every frame passes on its way in.

All methods measure distances. Degrees give nonsense without a word, feet give a third of the distance, and
Web Mercator, whose unit is called a metre, stretches it (by 1.6 in the Netherlands): all three are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from hotspot.crs import RIJKSDRIEHOEK
from hotspot.errors import InvalidCrs, InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WEB_MERCATOR = "Popular Visualisation Pseudo Mercator"
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def metres(frame: gpd.GeoDataFrame, *, name: str) -> CRS:
    """
    Make sure that a table is measured in metres.

    Parameters
    ----------
    frame
        A table with geometry.
    name
        What it is called in an error.

    Returns
    -------
    CRS
        Its plane.

    Raises
    ------
    InvalidParameter
        If it has no geometry.
    InvalidCrs
        If it has no CRS, or one that is not projected or not in true metres; the message says how to
        reproject.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise InvalidParameter(
            f"{name} must be a GeoDataFrame with a geometry column, got {type(frame).__name__}"
        )
    required = f"{name} must be in a projected CRS in metres"
    remedy = f"{name}.to_crs({name}.estimate_utm_crs()), in the Netherlands {name}.to_crs({RIJKSDRIEHOEK})"
    if frame.crs is None:
        raise InvalidCrs(
            f"{required}, got none; say which it is with {name}.set_crs(...), then reproject: {remedy}"
        )
    crs = CRS.from_user_input(frame.crs)
    units = sorted({axis.unit_name for axis in crs.axis_info[:2]})
    came = f"{crs.name} (in {', '.join(units)})"
    if not crs.is_projected or units != ["metre"]:
        raise InvalidCrs(f"{required}, got {came}; reproject first: {remedy}")
    operation = crs.coordinate_operation
    if operation is not None and operation.method_name == _WEB_MERCATOR:
        raise InvalidCrs(f"{required}, got {came}, which stretches distances; reproject first: {remedy}")
    return crs


def together(frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame, *, names: tuple[str, str]) -> CRS:
    """
    Make sure that two tables are on one plane in metres.

    Parameters
    ----------
    frame, other
        The tables.
    names
        What they are called in an error.

    Returns
    -------
    CRS
        Their plane.

    Raises
    ------
    InvalidCrs
        If one is not in metres, or their planes differ.
    """
    here, there = metres(frame, name=names[0]), metres(other, name=names[1])
    if here != there:
        raise InvalidCrs(
            f"{names[1]} must be in the CRS of {names[0]} ({here.name}), got {there.name}; "
            f"reproject first: {names[1]}.to_crs({names[0]}.crs)"
        )
    return here


def positions(incidents: gpd.GeoDataFrame, *, name: str = "incidents") -> NDArray[np.float64]:
    """
    Take the positions of points.

    Parameters
    ----------
    incidents
        A table of points in metres.
    name
        What it is called in an error.

    Returns
    -------
    ndarray
        Metres, shape (n, 2).

    Raises
    ------
    InvalidCrs
        If the table is not in metres.
    InvalidParameter
        If a geometry is missing, empty or no point.
    """
    metres(incidents, name=name)
    geometry = np.asarray(incidents.geometry.array, object)
    wrong = ~(shapely.get_type_id(geometry) == shapely.GeometryType.POINT) | shapely.is_empty(geometry)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        came = "none" if geometry[row] is None else f"{geometry[row]}"
        raise InvalidParameter(f"{name} must have a point in each row, got {came} in row {row}")
    return np.ascontiguousarray(shapely.get_coordinates(geometry))


def centres(areas: gpd.GeoDataFrame, *, name: str) -> NDArray[np.float64]:
    """
    Take the centroids of cells or other areas.

    Parameters
    ----------
    areas
        A table of polygons in metres.
    name
        What it is called in an error.

    Returns
    -------
    ndarray
        Metres, shape (n, 2).

    Raises
    ------
    InvalidCrs
        If the table is not in metres.
    InvalidParameter
        If a geometry is missing, empty or no polygon.
    """
    metres(areas, name=name)
    geometry = np.asarray(areas.geometry.array, object)
    wrong = ~np.isin(shapely.get_type_id(geometry), _POLYGONS) | shapely.is_empty(geometry)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        came = "none" if geometry[row] is None else f"{geometry[row]}"
        raise InvalidParameter(f"{name} must have a polygon in each row, got {came} in row {row}")
    return np.ascontiguousarray(shapely.get_coordinates(shapely.centroid(geometry)).reshape(-1, 2))


def numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """
    Take a column of numbers.

    Parameters
    ----------
    frame
        A table.
    column
        Name of the column.

    Returns
    -------
    ndarray
        One number per row, shape (n,).

    Raises
    ------
    InvalidParameter
        If there is no such column, or it holds a missing value or something else than numbers.
    """
    values = _column(frame, column)
    if not pd.api.types.is_numeric_dtype(values) or values.isna().any():
        raise InvalidParameter(f"column {column!r} must hold a number in each row, got {_contents(values)}")
    return values.to_numpy(np.float64)


def days(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """
    Take a column of times as days.

    Parameters
    ----------
    frame
        A table.
    column
        Name of a column of dates or times, or of numbers that are days already.

    Returns
    -------
    ndarray
        Days since the beginning of 1970 (or since whatever the numbers count from), shape (n,).

    Raises
    ------
    InvalidParameter
        If there is no such column, or it holds a missing value or no times.
    """
    values = _column(frame, column)
    if values.isna().any() or not (
        pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_numeric_dtype(values)
    ):
        raise InvalidParameter(
            f"column {column!r} must hold a time in each row, got {_contents(values)}; see pandas.to_datetime"
        )
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64)
    instants = values.dt.tz_localize(None) if values.dt.tz is None else values.dt.tz_convert(None)
    elapsed = instants.to_numpy("datetime64[us]") - np.datetime64(0, "us")
    return np.asarray(elapsed / np.timedelta64(1, "D"), np.float64)


def _column(frame: pd.DataFrame, column: str) -> pd.Series:
    """Take a column that exists."""
    if column not in frame.columns:
        raise InvalidParameter(
            f"the table must have a column {column!r}, got {', '.join(map(str, frame.columns))}"
        )
    return frame[column]


def _contents(values: pd.Series) -> str:
    """Say what a column holds."""
    missing = int(values.isna().sum())
    return f"{missing} missing" if missing else f"values of type {values.dtype}"
