"""
Between longitude and latitude and one municipality's plane in metres; only here are CRS codes known.

The Dutch national plane is reached exactly as it is defined, other systems as PROJ reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hotspot import rijksdriehoek
from hotspot.errors import InvalidCrs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS, Transformer

RIJKSDRIEHOEK = 28992
"""EPSG code of the Dutch national plane, in metres."""

_AMERSFOORT = 4289
"""EPSG code of degrees on the datum of the Dutch national plane."""

LON_LAT = "OGC:CRS84"
"""Longitude and latitude in degrees on WGS 84, longitude first."""

_TRUE_SCALE = (0.9, 1.1)
"""Metres of a plane per metre on the ground, anywhere in its area of use: national planes and UTM zones keep
within 0.96 and 1.04, web maps stretch to 1.6 in the Netherlands and 11.6 towards the poles."""


def parse_crs(text: str) -> CRS:
    """
    Read a coordinate reference system from its code.

    Parameters
    ----------
    text
        A code with its authority, such as `EPSG:28992`, `ESRI:102696` or `OGC:CRS84`.

    Returns
    -------
    CRS
        The system.

    Raises
    ------
    InvalidCrs
        If the code is unknown.
    """
    # PROJ is loaded by those who need it: a service whose coordinates are all stored does without its memory.
    from pyproj import CRS  # noqa: PLC0415
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise InvalidCrs(f"a CRS is a code such as EPSG:28992 or ESRI:102696, got {text!r}") from error


@cache
def _transformer(source: str, target: str) -> Transformer:
    """Make the transformation once per pair; x or longitude always comes first."""
    from pyproj import Transformer  # noqa: PLC0415 -- as in `parse_crs`

    return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)


@cache
def _is_rijksdriehoek(code: str) -> bool:
    """Whether a system is the Dutch national plane, with or without heights above it."""
    crs = parse_crs(code)
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    return flat.to_epsg() == RIJKSDRIEHOEK


@cache
def _is_amersfoort(code: str) -> bool:
    """Whether a system is of the Dutch plane's datum, so that no correction lies between the two."""
    geodetic = parse_crs(code).geodetic_crs
    return geodetic is not None and geodetic.to_epsg() == _AMERSFOORT


@cache
def _scale(code: str) -> tuple[float, float]:
    """Tell the least and the most that a metre on the ground measures in a system's area of use."""
    from pyproj import Proj  # noqa: PLC0415 -- as in `parse_crs`

    crs = parse_crs(code)
    area = crs.area_of_use
    if area is None:
        return 1.0, 1.0
    lon_deg, lat_deg = np.meshgrid(
        np.linspace(area.west, area.east, 5), np.linspace(area.south, area.north, 5)
    )
    factors = Proj(crs).get_factors(lon_deg.ravel(), lat_deg.ravel())
    return float(np.nanmin(factors.tissot_semiminor)), float(np.nanmax(factors.tissot_semimajor))


def transform(xy: ArrayLike, *, source: str, target: str) -> NDArray[np.float64]:
    """
    Bring coordinates from one system into another.

    Parameters
    ----------
    xy
        Coordinates, x or longitude first, in the units of `source` (feet too), shape (n, 2).
    source, target
        Codes as in `parse_crs`.

    Returns
    -------
    ndarray
        Coordinates in the units of `target`, shape (n, 2); infinite where the point lies outside the
        system's domain. Between the Dutch national plane and degrees as RDNAPTRANS2018 defines it, degrees on
        WGS 84 and in ETRS89 being taken for the same.
    """
    if _is_rijksdriehoek(source) and not _is_amersfoort(target):
        return _transformed(rijksdriehoek.to_lon_lat(xy), LON_LAT, target)
    if _is_rijksdriehoek(target) and not _is_amersfoort(source):
        return rijksdriehoek.to_metres(_transformed(xy, source, LON_LAT))
    return _transformed(xy, source, target)


def _transformed(xy: ArrayLike, source: str, target: str) -> NDArray[np.float64]:
    """Let PROJ bring coordinates from one system into another."""
    points = np.asarray(xy, np.float64).reshape(-1, 2)
    if source == target:
        return points
    x, y = _transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


@dataclass(frozen=True, slots=True)
class Plane:
    """
    The plane in metres in which one municipality is measured.

    Parameters
    ----------
    srid
        EPSG code of a projected system in metres.

    Raises
    ------
    InvalidCrs
        If the code is unknown, is not projected or is not in metres, or if its metres are not those on the
        ground, as in web maps (EPSG:3857).
    """

    srid: int = RIJKSDRIEHOEK

    def __post_init__(self) -> None:
        crs = parse_crs(self.code)
        units = {axis.unit_name for axis in crs.axis_info}
        if not crs.is_projected or units != {"metre"}:
            raise InvalidCrs(
                f"a municipality's plane must be projected and in metres (such as EPSG:28992), "
                f"got {self.code} ({crs.name}, in {', '.join(sorted(units))})"
            )
        least, most = _scale(self.code)
        if not _TRUE_SCALE[0] <= least <= most <= _TRUE_SCALE[1]:
            raise InvalidCrs(
                f"a municipality's plane must measure metres on the ground (such as EPSG:28992), since "
                f"radii and areas are taken in it, got {self.code} ({crs.name}, in whose area a metre on "
                f"the ground measures {least:.2f} to {most:.2f})"
            )

    @property
    def code(self) -> str:
        """The code with its authority, `EPSG:28992`."""
        return f"EPSG:{self.srid}"

    def to_metres(self, lon_lat_deg: ArrayLike) -> NDArray[np.float64]:
        """
        Bring longitude and latitude into the plane.

        Parameters
        ----------
        lon_lat_deg
            Degrees on WGS 84, longitude first, shape (n, 2).

        Returns
        -------
        ndarray
            Metres, shape (n, 2).
        """
        return transform(lon_lat_deg, source=LON_LAT, target=self.code)

    def to_lon_lat(self, xy_m: ArrayLike) -> NDArray[np.float64]:
        """
        Bring metres of the plane to longitude and latitude.

        Parameters
        ----------
        xy_m
            Metres, shape (n, 2).

        Returns
        -------
        ndarray
            Degrees on WGS 84, longitude first, shape (n, 2).
        """
        return transform(xy_m, source=self.code, target=LON_LAT)
