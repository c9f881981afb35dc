"""Polygons put in order before they serve as areas: made valid, brought into the plane, compared in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from hotspot import crs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_SMALLEST_PART_M2 = 0.01
"""Parts of a repaired polygon below this area (a square of 10 cm) are rounding, not ground."""


@dataclass(frozen=True, slots=True)
class InPlane:
    """
    A shape of a file brought into the plane.

    Parameters
    ----------
    geometry
        The valid shape in metres; absent if nothing with an area is left.
    problem
        What was wrong with it; empty if nothing was.
    action
        What was done about it; empty if nothing was.
    """

    geometry: MultiPolygon | None
    problem: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """
    Two polygons that share ground.

    Parameters
    ----------
    first, second
        Their positions, the smaller first.
    area_m2
        The shared area.
    share
        The shared area as a share of the smaller polygon's, from 0 to 1.
    """

    first: int
    second: int
    area_m2: float
    share: float


def in_plane(shape: BaseGeometry, *, source: str, plane: crs.Plane) -> InPlane:
    """
    Bring a polygon into the plane and repair it where its border crosses or touches itself.

    Parameters
    ----------
    shape
        Polygon or multipolygon in the coordinates of `source`.
    source
        Its coordinate reference system, as `crs.parse_crs` takes it.
    plane
        The plane.

    Returns
    -------
    InPlane
        The shape, with what was wrong and what was done.
    """
    raw = _transformed(shape, source, plane)
    if not np.isfinite(shapely.get_coordinates(raw)).all():
        return InPlane(None)
    # The check is made in the file's own coordinates: rounding in the plane may hide or make a crossing.
    valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    moved = _polygonal(_transformed(valid, source, plane))
    if shape.is_valid or moved is None:
        return InPlane(moved)
    problem = shapely.is_valid_reason(shape).split("[")[0].lower()
    before_ha, after_ha = raw.area / 10_000, moved.area / 10_000
    action = (
        f"rings rebuilt: {before_ha:.3f} ha before, {after_ha:.3f} ha after ({after_ha - before_ha:+.3f} ha)"
    )
    return InPlane(moved, problem, action)


def overlaps(geometries: Sequence[MultiPolygon], *, at_least: float) -> list[Overlap]:
    """
    Find the pairs of polygons that share ground.

    Parameters
    ----------
    geometries
        Valid polygons in metres.
    at_least
        Smallest share of the smaller polygon that counts, from 0 to 1.

    Returns
    -------
    list of Overlap
        In the order of their positions.
    """
    shapes: NDArray[np.object_] = np.array(geometries, dtype=np.object_)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    ahead = one < other
    one, other = one[ahead], other[ahead]
    shared_m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    share = shared_m2 / np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    found = np.flatnonzero((share >= at_least) & (shared_m2 > 0))
    return sorted(
        (Overlap(int(one[i]), int(other[i]), float(shared_m2[i]), float(share[i])) for i in found),
        key=lambda overlap: (overlap.first, overlap.second),
    )


def _transformed(shape: BaseGeometry, source: str, plane: crs.Plane) -> BaseGeometry:
    """Bring each vertex into the plane."""
    return shapely.transform(shape, lambda xy: crs.transform(xy, source=source, target=plane.code))


def _polygonal(shape: BaseGeometry) -> MultiPolygon | None:
    """Keep the parts with an area, repaired once more where rounding has made them cross."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    kept = [part for part in parts if part.area >= _SMALLEST_PART_M2]
    return MultiPolygon(kept) if kept else None
