"""
How far, and in which direction, do incidents spread around their mean? The standard deviational ellipse.

The axes are those along which the spread is largest and smallest. In CrimeStat's form the sum of squares
along each is divided by n - 2 and doubled, so that the ellipse of a round cloud has the standard distance as
radius.

Reference: Levine (2015), CrimeStat IV, chapter 4; Yuill (1971), The standard deviational ellipse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.cluster.labels import positions
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 3
"""Incidents from which n - 2 is above 0."""


@dataclass(frozen=True, slots=True)
class Ellipse:
    """
    A standard deviational ellipse.

    Parameters
    ----------
    x_m, y_m
        Mean centre, in metres.
    semi_major_m, semi_minor_m
        Half the length of the long and of the short axis, in metres, at least 0.
    bearing_deg
        Direction of the long axis clockwise from the y axis (north), 0 up to 180; 0 for a circle.
    """

    x_m: float
    y_m: float
    semi_major_m: float
    semi_minor_m: float
    bearing_deg: float

    @property
    def area_m2(self) -> float:
        """Area in square metres."""
        return float(np.pi * self.semi_major_m * self.semi_minor_m)

    def outline_m(self, *, n_points: int = 72) -> NDArray[np.float64]:
        """
        Draw the outline.

        Parameters
        ----------
        n_points
            Corners of the polygon, at least 3.

        Returns
        -------
        ndarray
            The corners, anticlockwise, the first not repeated, shape (n_points, 2).
        """
        angle = np.linspace(0, 2 * np.pi, n_points, endpoint=False)
        bearing = np.radians(self.bearing_deg)
        along, across = self.semi_major_m * np.cos(angle), self.semi_minor_m * np.sin(angle)
        x = self.x_m + along * np.sin(bearing) - across * np.cos(bearing)
        y = self.y_m + along * np.cos(bearing) + across * np.sin(bearing)
        return np.column_stack([x, y])


def ellipse(xy_m: NDArray[np.float64]) -> Ellipse:
    """
    Draw the standard deviational ellipse of some incidents, as CrimeStat does.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, at least 3, shape (n, 2).

    Returns
    -------
    Ellipse
        One standard deviation; a round normal cloud has 63 % of its incidents within it.

    Raises
    ------
    InvalidParameter
        If there are fewer than 3 incidents or a coordinate is not finite.

    Examples
    --------
    >>> e = ellipse(np.array([[-3.0, 0.0], [3.0, 0.0], [0.0, -1.0], [0.0, 1.0]]))
    >>> round(e.semi_major_m, 6), round(e.semi_minor_m, 6), e.bearing_deg
    (4.242641, 1.414214, 90.0)
    """
    xy_m = positions(xy_m)
    n = len(xy_m)
    if n < LEAST:
        raise InvalidParameter(f"an ellipse needs at least {LEAST} incidents, got {n}")
    centre = xy_m.mean(axis=0)
    away = xy_m - centre
    squares, axes = np.linalg.eigh(away.T @ away)
    minor, major = np.sqrt(2 * np.maximum(squares, 0) / (n - 2))
    # A circle has no direction; what rounding leaves of one would be noise.
    bearing = 0.0 if np.isclose(minor, major, rtol=1e-9) else axis_bearing_deg(*axes[:, 1])
    return Ellipse(float(centre[0]), float(centre[1]), float(major), float(minor), bearing)


def axis_bearing_deg(x: float, y: float) -> float:
    """
    Tell the direction of an axis, which has no front and no back.

    Parameters
    ----------
    x, y
        Any vector along it.

    Returns
    -------
    float
        Degrees clockwise from the y axis (north), 0 up to 180.

    Examples
    --------
    >>> axis_bearing_deg(-1.0, 0.0), axis_bearing_deg(-1.0, -1.0)
    (90.0, 45.0)
    """
    # Twice, since the remainder of a hair below zero is rounded to 180.
    return float(np.degrees(np.arctan2(x, y)) % 180 % 180)
