"""
What does a hotspot look like on a map? One polygon in metres around its places.

The places' concave hull with a margin around it, so that one address becomes a disc, a street a band and a
square an area. Notches narrower than twice the closing radius, which would be slivers between houses, and
holes are filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MARGIN_M = 40.0
"""Metres around the outermost places: half a block; a single address becomes a disc of this radius."""
_CLOSING_M = 30.0
_CONCAVITY = 0.4
"""0 follows every inlet, 1 is the convex hull."""
_SIMPLIFIED_M = 0.5
_DIGITS = 2
"""Coordinates are kept to the centimetre, so that the same places give the same text."""


def footprint(xy_m: NDArray[np.float64]) -> shapely.Polygon:
    """
    Draw the outline of some places.

    Parameters
    ----------
    xy_m
        Places in metres, repeated or not, in any order, at least one, shape (n, 2).

    Returns
    -------
    Polygon
        Valid, without holes, covers all places.

    Examples
    --------
    >>> disc = footprint(np.array([[0.0, 0.0]]))
    >>> disc.covers(shapely.Point(39.0, 0.0)), disc.covers(shapely.Point(41.0, 0.0))
    (True, False)
    """
    # Places a hair's breadth apart are one place: triangulation does not survive them.
    places = shapely.MultiPoint(np.unique(np.round(xy_m, _DIGITS) + 0.0, axis=0))
    shape = _closed(shapely.concave_hull(places, ratio=_CONCAVITY))
    if not isinstance(shape, shapely.Polygon):
        # Closing can in principle leave an island in a hole; the convex hull has neither.
        shape = shapely.Polygon(shapely.buffer(places.convex_hull, MARGIN_M).exterior)
    smooth = shapely.Polygon(shape.exterior).simplify(_SIMPLIFIED_M)
    return shapely.orient_polygons(shapely.Polygon(np.round(shapely.get_coordinates(smooth), _DIGITS)))


def _closed(hull: BaseGeometry) -> BaseGeometry:
    """Put the margin around a hull and close its notches."""
    return hull.buffer(MARGIN_M + _CLOSING_M).buffer(-_CLOSING_M)
