"""
Cities of many shapes to try detectors on: what holds for one kind of city only is no proof.

Five shapes of land and streets, neighbourhoods that are squares or irregular cells, and three laws of how
unequal addresses are. All come out as a `hotspot.city.City` on which a history is drawn.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.city import City, chessboard, city
from hotspot.model import Area, Level

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Shape(StrEnum):
    """How the addresses of a city lie."""

    STREETS = "streets"
    """Streets in square quarters, one street where people go out, a pile-up in each quarter."""
    TOWNS = "towns"
    """Several towns of Thomas clusters with open land between them."""
    CENTRE = "centre"
    """One centre from which density and intensity fall off."""
    VILLAGE = "village"
    """A long road with side lanes; few addresses."""
    PILE_UPS = "pile_ups"
    """As streets, and a few coordinates that hold a large part of all incidents."""


class Inequality(StrEnum):
    """Law of the intensities of addresses."""

    LOGNORMAL = "lognormal"
    GAMMA = "gamma"
    PARETO = "pareto"


_HOUSE_SPACING_M = 14.0
_ADDRESSES_PER_KM2 = 400.0
"""Built-up and open land together."""
_ADDRESSES = (2500, 14000)
_KM2_PER_TOWN = 2.5
"""Of the land of `TOWNS`."""
_LOGNORMAL_SPREAD = (0.7, 1.5)
"""Standard deviation of the logarithm."""
_GAMMA_SHAPE = (0.3, 1.0)
_PARETO_TAIL = (1.2, 2.0)
"""Exponent of the tail; below 2 the variance is infinite."""
_PARETO_LARGEST = 300.0
"""Times the smallest that one address may have: more would make a city of one address."""
_PILE_UP_POINTS = (3, 8)
_PILE_UP_SHARE = (0.02, 0.06)
"""Share of the city's incidents at each of the big pile-ups."""


def town(shape: Shape, inequality: Inequality, *, side_m: float, rng: np.random.Generator) -> City:
    """
    Build a city of a shape, new with each state of the generator.

    Parameters
    ----------
    shape
        How its addresses lie.
    inequality
        How unequal they are; the streets of `STREETS` and `PILE_UPS` keep their own, log-normal, besides.
    side_m
        Side of the square that holds the city, in metres, 2,000 or more.
    rng
        Source of chance.

    Returns
    -------
    City
        About 400 addresses on a square kilometre, 14,000 at most; a village has fewer.
    """
    if shape in {Shape.STREETS, Shape.PILE_UPS}:
        return _street_town(shape, inequality, side_m, rng)
    make = {Shape.TOWNS: _towns, Shape.CENTRE: _centre, Shape.VILLAGE: _village}[shape]
    points_m, level = make(side_m, rng)
    # Whole decimetres, as registers of addresses write them.
    points_m = np.round(points_m, 1)
    inside = ((points_m > 0) & (points_m < side_m)).all(axis=1)
    areas = cells(side_m, int(rng.integers(10, 40)), rng=rng)
    return _settled(points_m[inside], level[inside], areas, inequality, rng)


def unequal(inequality: Inequality, n: int, *, rng: np.random.Generator) -> NDArray[np.float64]:
    """
    Draw intensities of addresses.

    Parameters
    ----------
    inequality
        Their law; its parameter is drawn as well.
    n
        How many.
    rng
        Source of chance.

    Returns
    -------
    array of float64, shape (n,)
        Positive, of any scale.
    """
    if inequality is Inequality.LOGNORMAL:
        return rng.lognormal(0.0, rng.uniform(*_LOGNORMAL_SPREAD), size=n)
    if inequality is Inequality.GAMMA:
        return rng.gamma(rng.uniform(*_GAMMA_SHAPE), size=n)
    return np.minimum(1 + rng.pareto(rng.uniform(*_PARETO_TAIL), size=n), _PARETO_LARGEST)


def cells(side_m: float, number: int, *, rng: np.random.Generator) -> tuple[Area, ...]:
    """
    Cut a square into irregular neighbourhoods: the cells around random points.

    Parameters
    ----------
    side_m
        Side of the square in metres; its corner is the origin.
    number
        How many neighbourhoods.
    rng
        Source of chance.

    Returns
    -------
    tuple of Area
        Codes `B0001` onwards; together they fill the square.
    """
    square = shapely.box(0, 0, side_m, side_m)
    points = shapely.MultiPoint(rng.uniform(0, side_m, size=(number, 2)))
    diagram = shapely.voronoi_polygons(points, extend_to=square)
    clipped = [shapely.intersection(cell, square) for cell in diagram.geoms]
    return tuple(
        Area(
            Level.NEIGHBOURHOOD, f"B{index + 1:04d}", f"Cell {index + 1}", "D01", shapely.MultiPolygon([cell])
        )
        for index, cell in enumerate(clipped)
        if isinstance(cell, shapely.Polygon) and cell.area > 0
    )


def _street_town(shape: Shape, inequality: Inequality, side_m: float, rng: np.random.Generator) -> City:
    """Lay streets in squares; address intensities get the law's factor on top of the streets' own."""
    across = int(rng.integers(3, 8))
    made = city(
        chessboard(across, across, side_m=side_m / across),
        weights=0.2 + rng.pareto(1.5, across**2),
        addresses=_addresses(side_m),
        rng=rng,
    )
    intensity = made.intensity.copy()
    if inequality is not Inequality.LOGNORMAL:
        # The square root: the two laws together should be about as unequal as one.
        factor = np.sqrt(unequal(inequality, intensity.size, rng=rng))
        intensity *= factor / factor.mean()
    if shape is Shape.PILE_UPS:
        points = rng.choice(intensity.size, size=int(rng.integers(*_PILE_UP_POINTS)), replace=False)
        intensity[points] = intensity.sum() * rng.uniform(*_PILE_UP_SHARE, size=points.size)
    return City(made.areas, made.xy_m, made.area, intensity / intensity.sum())


def _addresses(side_m: float) -> int:
    """Tell how many addresses a city of that size has."""
    return int(np.clip(_ADDRESSES_PER_KM2 * (side_m / 1000) ** 2, *_ADDRESSES))


def _settled(
    points_m: NDArray[np.float64],
    base: NDArray[np.float64],
    areas: tuple[Area, ...],
    inequality: Inequality,
    rng: np.random.Generator,
) -> City:
    """Put addresses into their neighbourhoods and give them intensities."""
    tree = shapely.STRtree([area.geometry for area in areas])
    point, cell = tree.query(shapely.points(points_m), predicate="intersects")
    index = np.full(len(points_m), -1, np.intp)
    # A point on a border touches two cells; the last one has it, always the same.
    index[point] = cell
    kept = index >= 0
    intensity = (base * unequal(inequality, len(points_m), rng=rng))[kept]
    return City(areas, points_m[kept], index[kept], intensity / intensity.sum())


def _towns(side_m: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scatter towns of clustered addresses, each town with a level of its own, and some farms."""
    towns = max(3, int(rng.poisson((side_m / 1000) ** 2 / _KM2_PER_TOWN)))
    middle_m = rng.uniform(0.1 * side_m, 0.9 * side_m, size=(towns, 2))
    points_m, level = [rng.uniform(0, side_m, size=(300, 2))], [np.full(300, 0.3)]
    for spot_m in middle_m:
        clusters = rng.normal(spot_m, rng.uniform(150, 450), size=(int(rng.integers(10, 40)), 2))
        for cluster_m in clusters:
            houses = 1 + rng.poisson(20)
            points_m.append(rng.normal(cluster_m, rng.uniform(25, 60), size=(houses, 2)))
            level.append(np.full(houses, rng.lognormal(0.0, 0.5)))
    return np.concatenate(points_m), np.concatenate(level)


def _centre(side_m: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Let density and intensity fall off from one centre; addresses on a grid of blocks."""
    n = _addresses(side_m)
    middle_m = rng.uniform(0.35, 0.65, size=2) * side_m
    scale_m = side_m * rng.uniform(0.08, 0.15)
    away_m = rng.gamma(2.0, scale_m, size=n)
    angle_rad = rng.uniform(0, 2 * np.pi, size=n)
    points_m = middle_m + away_m[:, None] * np.column_stack([np.cos(angle_rad), np.sin(angle_rad)])
    along = rng.integers(2, size=n) == 0
    # Each house stands on a street of its block, one coordinate on a multiple of the block's side.
    block_m = rng.uniform(60, 120)
    points_m[along, 0] = np.round(points_m[along, 0] / block_m) * block_m
    points_m[~along, 1] = np.round(points_m[~along, 1] / block_m) * block_m
    points_m, first = np.unique(np.round(points_m, 1), axis=0, return_index=True)
    return points_m, np.exp(-away_m[first] / (2 * scale_m))


def _village(side_m: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay one bent road with houses on both sides and some lanes across it."""
    along_m = np.arange(0.03 * side_m, 0.97 * side_m, _HOUSE_SPACING_M / 2)
    bend_m = 0.12 * side_m * np.sin(2 * np.pi * along_m / side_m * rng.uniform(0.5, 1.5))
    road_m = np.column_stack([along_m, 0.5 * side_m + bend_m])
    lines, level = [road_m], [np.full(len(road_m), 1.5)]
    for start in rng.choice(len(road_m), size=int(rng.integers(12, 30)), replace=False):
        off_m = np.arange(_HOUSE_SPACING_M, rng.uniform(120, 500), _HOUSE_SPACING_M) * rng.choice([-1, 1])
        lines.append(road_m[start] + np.column_stack([0.1 * off_m, off_m]))
        level.append(np.full(off_m.size, 0.7))
    points_m = np.concatenate(lines)
    points_m = points_m + rng.uniform(-10, 10, size=points_m.shape)
    return points_m, np.concatenate(level)
