"""Longitude and latitude on paper: metres around a place, a frame, and a length for a scale bar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_LAT_M = (111_132.92, -559.82, 1.175)
_LON_M = (111_412.84, -93.5, 0.118)
"""Metres of a degree on WGS 84, by cosines of multiples of the latitude: NGA, "Length of a degree"."""

_STEPS = (0.5, 1.0, 2.0, 5.0)
"""A scale bar is one of these times a power of ten; the first for a power that rounding made too large."""


@dataclass(frozen=True, slots=True)
class Ground:
    """
    A plane in metres around one place; within 20 km a distance on it is right to one in a thousand.

    Parameters
    ----------
    lon_deg, lat_deg
        The place.
    """

    lon_deg: float
    lat_deg: float

    def metres(self, shape: shapely.Geometry) -> shapely.Geometry:
        """
        Bring a shape to metres east and north of the place.

        Parameters
        ----------
        shape
            A shape in degrees.

        Returns
        -------
        Geometry
            The same shape in metres.
        """
        scale_m = np.array(self._degree_m())
        middle_deg = np.array([self.lon_deg, self.lat_deg])
        return shapely.transform(shape, lambda lon_lat_deg: (lon_lat_deg - middle_deg) * scale_m)

    def _degree_m(self) -> tuple[float, float]:
        """Metres of a degree of longitude and of latitude here."""
        latitude = math.radians(self.lat_deg)
        lon_m = sum(part * math.cos(n * latitude) for n, part in zip((1, 3, 5), _LON_M, strict=True))
        lat_m = sum(part * math.cos(n * latitude) for n, part in zip((0, 2, 4), _LAT_M, strict=True))
        return lon_m, lat_m


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A window onto the ground, drawn at one scale.

    Parameters
    ----------
    west_m, north_m
        Its upper left corner on the ground.
    px_per_m
        Its scale.
    width_px, height_px
        Its size on paper.
    """

    west_m: float
    north_m: float
    px_per_m: float
    width_px: float
    height_px: float

    def pixels(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Bring metres to the paper, where y runs down.

        Parameters
        ----------
        xy_m
            Positions on the ground, shape (n, 2).

        Returns
        -------
        ndarray
            Positions on paper, shape (n, 2).
        """
        return (xy_m - [self.west_m, self.north_m]) * [self.px_per_m, -self.px_per_m]


def frame(shapes: Iterable[shapely.Geometry], *, width_px: float, height_px: float, margin: float) -> Frame:
    """
    Choose the window that shows shapes as large as they go, in the middle.

    Parameters
    ----------
    shapes
        Shapes in metres; at least one.
    width_px, height_px
        Size on paper.
    margin
        Part of the shapes' size that is left free on each side.

    Returns
    -------
    Frame
        The window.
    """
    west, south, east, north = shapely.total_bounds(list(shapes))
    wide_m, high_m = (max(side, 1.0) * (1 + 2 * margin) for side in (east - west, north - south))
    px_per_m = min(width_px / wide_m, height_px / high_m)
    middle = ((west + east) / 2, (south + north) / 2)
    return Frame(
        float(middle[0] - width_px / px_per_m / 2),
        float(middle[1] + height_px / px_per_m / 2),
        float(px_per_m),
        width_px,
        height_px,
    )


def bar_m(*, most_m: float) -> float:
    """
    Choose the length of a scale bar.

    Parameters
    ----------
    most_m
        Metres that there is room for; positive.

    Returns
    -------
    float
        The longest round length that fits.

    Examples
    --------
    >>> bar_m(most_m=730.0)
    500.0
    """
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(step * power for step in _STEPS if step * power <= most_m)
