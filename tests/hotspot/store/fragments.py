"""GeoJSON of areas for tests of the store, which does not look at coordinates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hotspot.model import Boundaries, Level

METRES_PER_DEGREE = 131_072
"""A power of two: whole metres become degrees without rounding."""


def to_degrees(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """A plane that is easy to reckon with."""
    return (xy_m - (176_000, 318_000)) / METRES_PER_DEGREE


def fragments(boundaries: Boundaries) -> dict[tuple[Level, str], str]:
    """A GeoJSON feature for each area."""
    return {
        (area.level, area.code): json.dumps(
            {
                "type": "Feature",
                "id": area.code,
                "properties": {"code": area.code, "name": area.name},
                "geometry": json.loads(shapely.to_geojson(shapely.transform(area.geometry, to_degrees))),
            },
            ensure_ascii=False,
        )
        for area in boundaries.areas
    }
