"""
What does a hotspot look like on a map? One polygon in metres around its places.

The places' concave hull with a margin around it, so that one address becomes a disc, a street a band and a
square an area; around a few places, whose inlets are chance, the convex hull. Notches narrower than twice the
closing radius, which would be slivers between houses, and holes are filled. Whatever the places, the outline
is one ring that does not touch itself, covers them all and is nowhere narrower than a disc of the margin.

Cost: n log n in the places.
Reference: Duckham et al. (2008), Efficient generation of simple polygons for characterizing the shape of a
set of points (the concave hull).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.cluster.labels import positions
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MARGIN_M = 45.0
"""Metres around the outermost places: half a block; a single address becomes a disc of this radius."""
_CLOSING_M = 30.0
_CONCAVITY = 0.4
"""0 follows every inlet, 1 is the convex hull."""
_FEW_PLACES = 20
"""Below as many places the convex hull is drawn: an inlet between so few is chance."""
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

    Raises
    ------
    InvalidParameter
        If there is no place or a coordinate is not finite.

    Examples
    --------
    >>> disc = footprint(np.array([[0.0, 0.0]]))
    >>> disc.covers(shapely.Point(44.0, 0.0)), disc.covers(shapely.Point(46.0, 0.0))
    (True, False)
    """
    xy_m = positions(xy_m)
    if len(xy_m) == 0:
        raise InvalidParameter("a footprint needs at least one place, got none")
    # Places a hair's breadth apart are one place: triangulation does not survive them.
    place_m = np.unique(np.round(xy_m, _DIGITS) + 0.0, axis=0)
    places = shapely.MultiPoint(place_m)
    is_few = len(place_m) < _FEW_PLACES
    hull = places.convex_hull if is_few else shapely.concave_hull(places, ratio=_CONCAVITY)
    outline = _outline(_closed(hull))
    if outline is None or not outline.covers(places):
        # Closing can in principle leave an island in a hole; the convex hull has neither.
        outline = _outline(shapely.buffer(places.convex_hull, MARGIN_M))
    if outline is None:
        raise InvalidParameter("the places lie too far out for metres in this precision")
    return outline


def _outline(shape: BaseGeometry) -> shapely.Polygon | None:
    """Draw a shape's outer ring anticlockwise and to the centimetre; None if it is not one sound ring."""
    if not isinstance(shape, shapely.Polygon):
        return None
    smooth = shapely.Polygon(shape.exterior).simplify(_SIMPLIFIED_M)
    drawn = shapely.Polygon(np.round(shapely.get_coordinates(smooth), _DIGITS))
    return shapely.orient_polygons(drawn) if drawn.is_valid else None


def _closed(hull: BaseGeometry) -> BaseGeometry:
    """Put the margin around a hull and close its notches."""
    return hull.buffer(MARGIN_M + _CLOSING_M).buffer(-_CLOSING_M)
