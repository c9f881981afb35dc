"""Between shapes as the library has them and EWKB as the store keeps them: to the last bit, SRID included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import LargeBinary, cast

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Cast, Column

_HAS_SRID = 0x20000000
"""Flag of EWKB (PostGIS): an SRID follows the kind of the geometry."""

POLYGON_KIND = _HAS_SRID | 3
"""Kind of a polygon that says its SRID, in EWKB."""

POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("srid", "<i4"), ("x_m", "<f8"), ("y_m", "<f8")])
"""A point in EWKB, little endian, byte by byte."""


def ewkb(shape: shapely.Geometry, *, srid: int) -> bytes:
    """
    Write a shape as it is stored.

    Parameters
    ----------
    shape
        A shape in two dimensions.
    srid
        Code of its coordinate system.

    Returns
    -------
    bytes
        EWKB, little endian.
    """
    return shapely.to_wkb(
        shapely.set_srid(shapely.force_2d(shape), srid), include_srid=True, byte_order=1, flavor="extended"
    )


def from_ewkb(stored: bytes) -> shapely.Geometry:
    """
    Read a shape as it is stored.

    Parameters
    ----------
    stored
        EWKB.

    Returns
    -------
    Geometry
        The shape, without its SRID: inside the library the plane is known.
    """
    return shapely.set_srid(shapely.from_wkb(stored), 0)


def point_records(xy_m: NDArray[np.float64], *, srid: int) -> NDArray[np.void]:
    """
    Write many points as they are stored.

    Parameters
    ----------
    xy_m
        Positions, shape (n, 2).
    srid
        Code of their plane.

    Returns
    -------
    ndarray
        EWKB of each, one record of 25 bytes per point, shape (n,).
    """
    points = np.empty(len(xy_m), POINT)
    points["order"] = 1
    points["kind"] = shapely.GeometryType.POINT + 1 | _HAS_SRID
    points["srid"] = srid
    points["x_m"] = xy_m[:, 0]
    points["y_m"] = xy_m[:, 1]
    return points


def positions(points: NDArray[np.void]) -> NDArray[np.float64]:
    """
    Read many points as they are stored.

    Parameters
    ----------
    points
        What `point_records` wrote, shape (n,).

    Returns
    -------
    ndarray
        Positions, shape (n, 2).
    """
    return np.column_stack([points["x_m"], points["y_m"]])


def raw(column: Column[object]) -> Cast[bytes]:
    """
    Select a geometry column as the bytes that are stored.

    Parameters
    ----------
    column
        The column.

    Returns
    -------
    Cast
        An expression that both databases understand.
    """
    return cast(column, LargeBinary)
