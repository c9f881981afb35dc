"""
Where in the study area can an incident happen at all? The developed area, told by addresses and incidents.

Question: which cells are street and house, and which are meadow, river or railway yard?
Null: none. Cells in which nothing can happen are no calm places: left in, they make the whole town a hotspot.
Cost: one search per cell in a tree of the distinct places.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray


def developed(
    vertices_m: NDArray[np.float64], xy_m: NDArray[np.float64], *, within_m: float = 0.0
) -> NDArray[np.bool_]:
    """
    Tell which cells hold an address or incident, or lie near one.

    Parameters
    ----------
    vertices_m
        Corners of each cell, convex or not, squares or hexagons alike, shape (n, k, 2).
    xy_m
        Addresses, or places of all incidents ever recorded, repeated or not, shape (m, 2).
    within_m
        Largest distance in metres from a cell's border to a place, 0 or more; 0 for cells that hold one. A
        place on the border of two cells makes both developed.

    Returns
    -------
    ndarray of bool
        One answer per cell, shape (n,); give it to `cells.keep` or `hexagons.keep`.

    Raises
    ------
    InvalidParameter
        If `within_m` is negative or a place is not finite.

    Examples
    --------
    >>> from hotspot.stats.cells import square_cells, vertices_m
    >>> corners_m = vertices_m(square_cells((0, 0, 60, 20), side_m=20))
    >>> developed(corners_m, np.array([[5.0, 5.0]]), within_m=15.0).tolist()
    [True, True, False]
    """
    if not 0 <= within_m < math.inf:
        raise InvalidParameter(f"within_m must be 0 or more and finite, got {within_m}")
    if not np.isfinite(xy_m).all():
        raise InvalidParameter(
            f"xy_m must be finite, got {np.count_nonzero(~np.isfinite(xy_m))} numbers that are not"
        )
    found = np.zeros(len(vertices_m), np.bool_)
    if len(xy_m) == 0 or len(vertices_m) == 0:
        return found
    tree = shapely.STRtree(np.asarray(shapely.points(np.unique(xy_m, axis=0))))
    shapes = shapely.polygons(vertices_m)
    if within_m == 0:
        found[tree.query(shapes, predicate="intersects")[0]] = True
    else:
        found[tree.query_nearest(shapes, max_distance=within_m, all_matches=False)[0]] = True
    return found
