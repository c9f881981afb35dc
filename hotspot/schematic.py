"""
A drawing of Maastricht made from a table of facts, to show the project without anybody's geometry.

Each neighbourhood is a cell of a power diagram (Aurenhammer 1987): the ground that is nearer to its centre
than to any other, distances being reduced by a weight of the neighbourhood. The weights are those for which
every cell has the area of the real neighbourhood; they are found by Newton's method, damped so that no cell
vanishes (Kitagawa, Mérigot and Thibert 2019). The outline is the union of one disc per neighbourhood, of its
area, smoothed. Nothing comes from real borders, and no border of the drawing is a real one.

`python -m hotspot.schematic > geodata/maastricht_schematic.geojson` draws it again.

References
----------
F. Aurenhammer, "Power diagrams: properties, algorithms and applications", SIAM J. Comput. 16(1), 1987.
J. Kitagawa, Q. Mérigot, B. Thibert, "Convergence of a Newton algorithm for semi-discrete optimal transport",
J. Eur. Math. Soc. 21(9), 2019.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from hotspot.crs import Plane
from hotspot.model import Area, Boundaries, Level, Municipality
from hotspot.neighbourhoods import nested

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAASTRICHT = Municipality("GM0935", "Maastricht")
"""The municipality of the drawing."""

SOURCE = "Schematic drawing from facts of CBS, Kadaster and the police: not the real borders"
"""What a map of the drawing has to say."""

VINTAGE = 2017
"""Year of the division into neighbourhoods that the facts follow."""

_FACTS = "maastricht_neighbourhoods.csv"
_DRAWING = "maastricht_schematic.geojson"
_CRIME_YEARS = (2021, 2022, 2023)

_DISC_FACTOR = 1.2
"""Radius of a disc of the outline over that of a disc of the neighbourhood's area: closes the holes."""

_SMOOTHING_M = 800.0
"""Radius of the bends of the outline, in metres."""

_TOLERANCE_M = 5.0
"""How far the outline may be simplified, in metres."""

_ON_LINE_M = 1e-6
"""How far from a line a corner on it may be by rounding, in metres."""

_DECIMALS = 7
"""Decimals of degrees in the file: a centimetre."""


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is known of a neighbourhood of Maastricht; geodata/README.md names the sources.

    Parameters
    ----------
    code, name
        Code and name of the neighbourhood.
    district_code, district_name
        Code and name of its district.
    centroid_xy_m
        Its centroid in EPSG:28992, in metres.
    area_ha
        Its area in hectares, water included.
    inhabitants
        Inhabitants on 1 January 2024.
    addresses_per_km2
        Density of addresses in its surroundings, in 2024.
    crimes
        Crimes that the police registered in 2021, 2022 and 2023.
    """

    code: str
    name: str
    district_code: str
    district_name: str
    centroid_xy_m: tuple[float, float]
    area_ha: float
    inhabitants: int
    addresses_per_km2: int
    crimes: tuple[int, ...]

    @property
    def crimes_per_year(self) -> float:
        """Mean number of registered crimes a year."""
        return sum(self.crimes) / len(self.crimes)


@cache
def facts() -> tuple[Facts, ...]:
    """
    List the facts of all neighbourhoods.

    Returns
    -------
    tuple of Facts
        In the order of their codes.
    """
    text = resources.files("geodata").joinpath(_FACTS).read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Facts(
            code=row["code"],
            name=row["name"],
            district_code=row["district_code"],
            district_name=row["district_name"],
            centroid_xy_m=(float(row["x_m"]), float(row["y_m"])),
            area_ha=float(row["area_ha"]),
            inhabitants=int(row["inhabitants_2024"]),
            addresses_per_km2=int(row["addresses_per_km2_2024"]),
            crimes=tuple(int(row[f"crimes_{year}"]) for year in _CRIME_YEARS),
        )
        for row in rows
    )


def district_names() -> dict[str, str]:
    """
    Name the districts, which boundary files often do not.

    Returns
    -------
    dict
        Name of each district by its code.
    """
    return {fact.district_code: fact.district_name for fact in facts()}


def read() -> Boundaries:
    """
    Read the drawing that ships with the project.

    Returns
    -------
    Boundaries
        Areas of all levels in EPSG:28992, marked as schematic.
    """
    drawing = json.loads(resources.files("geodata").joinpath(_DRAWING).read_text("utf-8"))
    plane = Plane(MAASTRICHT.srid)
    areas = []
    for feature in drawing["features"]:
        properties = feature["properties"]
        ring = plane.to_metres(feature["geometry"]["coordinates"][0])
        areas.append(
            Area(
                Level.NEIGHBOURHOOD,
                properties["code"],
                properties["name"],
                properties["district_code"],
                MultiPolygon([Polygon(ring)]),
                properties["inhabitants"],
            )
        )
    return Boundaries(VINTAGE, nested(areas, MAASTRICHT, district_names()), SOURCE, schematic=True)


def geojson() -> str:
    """
    Draw the map and write it as the file that ships with the project.

    Returns
    -------
    str
        A GeoJSON feature collection in longitude and latitude.
    """
    plane = Plane(MAASTRICHT.srid)
    features = []
    for fact, cell in zip(facts(), draw(facts()), strict=True):
        ring = plane.to_lon_lat(shapely.get_coordinates(cell.exterior))
        features.append(_feature(fact, np.round(ring, _DECIMALS).tolist()))
    head = {"type": "FeatureCollection", "name": "maastricht_schematic", "source": SOURCE, "schematic": True}
    body = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return json.dumps(head, ensure_ascii=False)[:-1] + f', "features": [\n{body}\n]}}\n'


def _feature(fact: Facts, ring: list[list[float]]) -> dict[str, Any]:  # A GeoJSON object.
    """Write a cell as GeoJSON."""
    return {
        "type": "Feature",
        "properties": {
            "code": fact.code,
            "name": fact.name,
            "district_code": fact.district_code,
            "district_name": fact.district_name,
            "inhabitants": fact.inhabitants,
            "schematic": True,
        },
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def draw(neighbourhoods: tuple[Facts, ...]) -> list[Polygon]:
    """
    Draw a cell for each neighbourhood.

    Parameters
    ----------
    neighbourhoods
        Their facts.

    Returns
    -------
    list of Polygon
        Cells in metres, on whole metres, without gaps or overlaps, anticlockwise.
    """
    centres_m = np.array([fact.centroid_xy_m for fact in neighbourhoods])
    areas_m2 = np.array([fact.area_ha for fact in neighbourhoods]) * 10_000
    # The weights depend on squared coordinates: near the origin they keep their digits.
    origin_m = np.round(centres_m.mean(axis=0))
    sites_m = centres_m - origin_m
    outline = _outline(sites_m, areas_m2)
    cells = _cells_with_areas(sites_m, areas_m2 * (outline.area / areas_m2.sum()), outline)
    # On whole metres the cells that meet in a corner have the same corner, to the last digit.
    return [
        shapely.orient_polygons(shapely.transform(cell, lambda xy: np.round(xy) + origin_m)) for cell in cells
    ]


def _outline(sites_m: NDArray[np.float64], areas_m2: NDArray[np.float64]) -> Polygon:
    """Make an outline of the total area from one disc per neighbourhood."""
    discs = shapely.buffer(shapely.points(sites_m), _DISC_FACTOR * np.sqrt(areas_m2 / np.pi))
    smooth = shapely.union_all(discs).buffer(_SMOOTHING_M).buffer(-_SMOOTHING_M)
    low_m, high_m = -_SMOOTHING_M, _SMOOTHING_M
    while high_m - low_m > _TOLERANCE_M / 100:
        middle_m = (low_m + high_m) / 2
        low_m, high_m = (
            (low_m, middle_m) if smooth.buffer(middle_m).area > areas_m2.sum() else (middle_m, high_m)
        )
    outline = smooth.buffer(low_m).simplify(_TOLERANCE_M)
    if not isinstance(outline, Polygon) or outline.interiors:
        raise AssertionError("the discs leave holes or fall apart")
    return outline


def _cells_with_areas(
    sites_m: NDArray[np.float64], areas_m2: NDArray[np.float64], outline: Polygon
) -> list[Polygon]:
    """Find the power diagram in which each cell has its area, by damped Newton steps on the weights."""
    weights_m2 = np.zeros(len(sites_m))
    cells = _cells(sites_m, weights_m2, outline)
    smallest_m2 = min(areas_m2.min(), shapely.area(cells).min()) / 2
    while np.abs(areas_m2 - shapely.area(cells)).max() > 1:
        missing_m2 = areas_m2 - shapely.area(cells)
        # The weights matter up to a constant: that of the first cell stays.
        full_step_m2 = np.zeros(len(sites_m))
        full_step_m2[1:] = np.linalg.solve(_growth(sites_m, weights_m2, cells)[1:, 1:], missing_m2[1:])
        damping = 1.0
        while True:
            trial = _cells(sites_m, weights_m2 + damping * full_step_m2, outline)
            still_missing_m2 = np.linalg.norm(areas_m2 - shapely.area(trial))
            enough = still_missing_m2 <= (1 - damping / 2) * np.linalg.norm(missing_m2)
            if shapely.area(trial).min() >= smallest_m2 and enough:
                break
            damping /= 2
        weights_m2 = weights_m2 + damping * full_step_m2
        cells = trial
    return cells


def _lines(
    sites_m: NDArray[np.float64], weights_m2: NDArray[np.float64], i: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lines between a cell and each other: the cell is where `xy @ normal <= offset`."""
    power = (sites_m**2).sum(axis=1) - weights_m2
    normals = 2 * (sites_m - sites_m[i])
    lengths = np.linalg.norm(normals, axis=1)
    lengths[i] = 1.0
    return normals / lengths[:, None], (power - power[i]) / lengths


def _cells(sites_m: NDArray[np.float64], weights_m2: NDArray[np.float64], outline: Polygon) -> list[Polygon]:
    """Cut the outline into the cells of the power diagram."""
    frame = shapely.get_coordinates(shapely.box(*outline.buffer(1.0).bounds))[:-1]
    cells = []
    for i in range(len(sites_m)):
        corners = frame
        for j, (normal, offset) in enumerate(zip(*_lines(sites_m, weights_m2, i), strict=True)):
            corners = corners if j == i else _cut(corners, corners @ normal - offset)
        cells.append(_largest(shapely.intersection(Polygon(corners), outline)))
    return cells


def _cut(corners: NDArray[np.float64], beyond: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut a convex polygon along the line where `beyond` is zero; keep the side where it is negative."""
    following, after = np.roll(corners, -1, axis=0), np.roll(beyond, -1)
    crosses = (beyond < 0) != (after < 0)
    fraction = np.divide(beyond, beyond - after, out=np.zeros_like(beyond), where=crosses)
    crossings = corners + fraction[:, None] * (following - corners)
    # After each corner comes the crossing on the edge that leaves it.
    points = np.stack([corners, crossings], axis=1).reshape(-1, 2)
    kept: NDArray[np.float64] = points[np.stack([beyond < 0, crosses], axis=1).ravel()]
    return kept


def _largest(shape: shapely.Geometry) -> Polygon:
    """Keep the largest part of a cell that a bay of the outline may have cut in two."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area, default=Polygon())


def _growth(
    sites_m: NDArray[np.float64], weights_m2: NDArray[np.float64], cells: list[Polygon]
) -> NDArray[np.float64]:
    """How the area of each cell grows with each weight: by the length of the border over the distance."""
    growth = np.zeros((len(cells), len(cells)))
    for i, cell in enumerate(cells):
        corners = shapely.get_coordinates(cell.exterior)
        lengths_m = np.linalg.norm(np.diff(corners, axis=0), axis=1)
        normals, offsets = _lines(sites_m, weights_m2, i)
        on_line = np.abs(corners @ normals.T - offsets) < _ON_LINE_M
        borders_m = (lengths_m[:, None] * (on_line[:-1] & on_line[1:])).sum(axis=0)
        borders_m[i] = 0.0
        distances_m = np.linalg.norm(sites_m - sites_m[i], axis=1)
        distances_m[i] = 1.0
        growth[i] = -borders_m / (2 * distances_m)
        growth[i, i] = -growth[i].sum()
    return growth


if __name__ == "__main__":
    sys.stdout.write(geojson())
