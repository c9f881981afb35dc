"""
A city to try a detector on or to show one with: addresses along streets, as uneven as real ones.

Quarters differ, streets within a quarter differ, addresses within a street differ most, one street is where
people go out, and each quarter has a point that collects what nobody could place better (a pile-up).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.model import Area, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_HOUSE_SPACING_M = 12.0
_STREET_LENGTH_M = (80.0, 320.0)
_STREET_HALF_WIDTH_M = 8.0
_STREET_SPREAD = 0.9
"""Standard deviation of the logarithm of the intensities of streets in one quarter."""
_ADDRESS_SPREAD = 1.2
"""The same of addresses in one street: about 5 % of the addresses hold half of the incidents."""
_NIGHTLIFE_FACTOR = 12.0
_PILE_UP_SHARE = 0.01
"""Share of a quarter's incidents at its pile-up point."""


@dataclass(frozen=True, slots=True)
class City:
    """
    Addresses of a city and how much happens at each.

    Parameters
    ----------
    areas
        Its neighbourhoods.
    xy_m
        Addresses in metres, shape (n, 2).
    area
        Index into `areas` of each address, shape (n,).
    intensity
        Share of the city's incidents at each address, sums to 1, shape (n,).
    """

    areas: tuple[Area, ...]
    xy_m: NDArray[np.float64]
    area: NDArray[np.intp]
    intensity: NDArray[np.float64]


def chessboard(rows: int, columns: int, *, side_m: float) -> tuple[Area, ...]:
    """
    Lay out square neighbourhoods, for cities that need no map.

    Parameters
    ----------
    rows, columns
        How many there are in each direction.
    side_m
        Length of a side in metres.

    Returns
    -------
    tuple of Area
        Neighbourhoods with codes `B0101` (row, column) in the order of their codes.
    """
    return tuple(
        Area(
            level=Level.NEIGHBOURHOOD,
            code=f"B{row + 1:02d}{column + 1:02d}",
            name=f"Square {row + 1}-{column + 1}",
            parent_code="D01",
            geometry=shapely.MultiPolygon(
                [shapely.box(column * side_m, row * side_m, column * side_m + side_m, row * side_m + side_m)]
            ),
        )
        for row in range(rows)
        for column in range(columns)
    )


def city(
    areas: Sequence[Area],
    *,
    weights: Sequence[float] | NDArray[np.float64],
    addresses: int,
    rng: np.random.Generator,
) -> City:
    """
    Build a city: addresses along streets in each area, with uneven intensities.

    Parameters
    ----------
    areas
        Neighbourhoods in metres.
    weights
        How much happens in each area, such as its crimes per year; any positive scale.
    addresses
        Addresses in the whole city, about; each area has 20 at the least.
    rng
        Source of chance.

    Returns
    -------
    City
        The city; the same generator state gives the same city.
    """
    share = np.asarray(weights, np.float64) / float(np.sum(weights))
    # People live where the ground is as well as where things happen.
    land = np.array([area.geometry.area for area in areas])
    houses = np.maximum(20, addresses * (0.5 * share + 0.5 * land / land.sum())).astype(int)
    busiest = int(np.argmax(share))
    xy_m, index, intensity = [], [], []
    for number, area in enumerate(areas):
        points_m, local = _streets(area, int(houses[number]), nightlife=number == busiest, rng=rng)
        local[0] = _PILE_UP_SHARE * local[1:].sum()
        xy_m.append(points_m)
        index.append(np.full(local.size, number, np.intp))
        intensity.append(share[number] * local / local.sum())
    return City(tuple(areas), np.concatenate(xy_m), np.concatenate(index), np.concatenate(intensity))


def _streets(
    area: Area, houses: int, *, nightlife: bool, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay streets of one area until it has its addresses; the first address is its pile-up point."""
    inside = area.geometry.representative_point()
    points_m = [np.array([[inside.x, inside.y]])]
    intensity = [np.array([0.0])]
    grid_rad = rng.uniform(0.0, np.pi / 2)
    laid = 1
    while laid < houses:
        street_m = _street(area, grid_rad, rng)
        if len(street_m) == 0:
            continue
        factor = _NIGHTLIFE_FACTOR if nightlife and laid == 1 else 1.0
        points_m.append(street_m)
        intensity.append(
            factor
            * rng.lognormal(0.0, _STREET_SPREAD)
            * rng.lognormal(0.0, _ADDRESS_SPREAD, size=len(street_m))
        )
        laid += len(street_m)
    return np.concatenate(points_m), np.concatenate(intensity)


def _street(area: Area, grid_rad: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lay one street with houses on both sides; the part outside the area is left out."""
    west, south, east, north = area.geometry.bounds
    middle_m = rng.uniform((west, south), (east, north))
    angle_rad = grid_rad + rng.integers(2) * np.pi / 2 + rng.normal(0.0, 0.1)
    length_m = rng.uniform(*_STREET_LENGTH_M)
    along_m = np.arange(-length_m / 2, length_m / 2, _HOUSE_SPACING_M)
    side_m = rng.choice([-_STREET_HALF_WIDTH_M, _STREET_HALF_WIDTH_M], size=along_m.size)
    x = middle_m[0] + along_m * np.cos(angle_rad) - side_m * np.sin(angle_rad)
    y = middle_m[1] + along_m * np.sin(angle_rad) + side_m * np.cos(angle_rad)
    # Whole decimetres, as registers of addresses write them.
    points_m = np.round(np.column_stack([x, y]), 1)
    kept: NDArray[np.float64] = points_m[shapely.contains_xy(area.geometry, points_m)]
    return kept
