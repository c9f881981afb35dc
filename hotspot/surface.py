"""
The density squares of a week and theme, in columns: small enough to be sent whole and drawn as one picture.

Squares lie on one grid in the municipality's plane. Below the internal level they are of several sizes, each
a multiple of the smallest, and nested: no two overlap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotspot.geojson import Json

DENSITY_DECIMALS = 1
"""Decimals of incidents per square kilometre: a map shows whole ones."""

RATIO_DECIMALS = 2
"""Decimals of how many times the mean it is."""


@dataclass(frozen=True, slots=True)
class Square:
    """
    A square of the surface.

    Parameters
    ----------
    west_m, south_m, size_m
        South-western corner and side in the municipality's plane, in metres.
    incidents
        Incidents in it, as its level is told them.
    density_per_km2
        Incidents per square kilometre.
    ratio
        Density against the theme's mean; absent where there is no such expectation.
    """

    west_m: float
    south_m: float
    size_m: int
    incidents: int | None
    density_per_km2: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Grid:
    """
    The smallest grid on which all squares lie.

    Parameters
    ----------
    size_m
        Side of its cells in metres.
    west_m, south_m
        Its south-western corner in the municipality's plane.
    columns, rows
        How many cells it has from west to east, and from south to north.
    """

    size_m: int
    west_m: float
    south_m: float
    columns: int
    rows: int

    @property
    def corners_m(self) -> list[tuple[float, float]]:
        """South-west, south-east, north-east and north-west in the plane."""
        east_m = self.west_m + self.columns * self.size_m
        north_m = self.south_m + self.rows * self.size_m
        return [
            (self.west_m, self.south_m),
            (east_m, self.south_m),
            (east_m, north_m),
            (self.west_m, north_m),
        ]


EMPTY = Grid(1, 0.0, 0.0, 0, 0)
"""On which no square lies."""


def grid(squares: Sequence[Square]) -> Grid | None:
    """
    Find the grid of squares.

    Parameters
    ----------
    squares
        Squares on one grid.

    Returns
    -------
    Grid or None
        Absent where there are no squares.

    Examples
    --------
    >>> grid([Square(0, 0, 250, 5, 80.0, 1.0), Square(250, 0, 125, 4, 256.0, 3.2)]).columns
    3
    """
    if not squares:
        return None
    size_m = math.gcd(*(one.size_m for one in squares))
    west_m, south_m = min(one.west_m for one in squares), min(one.south_m for one in squares)
    return Grid(
        size_m,
        west_m,
        south_m,
        round((max(one.west_m + one.size_m for one in squares) - west_m) / size_m),
        round((max(one.south_m + one.size_m for one in squares) - south_m) / size_m),
    )


def columns(squares: Sequence[Square], on: Grid) -> dict[str, Json]:
    """
    Write squares as columns, row by row from the south-west.

    Parameters
    ----------
    squares
        The squares.
    on
        Their grid.

    Returns
    -------
    dict
        `column` and `row` of the south-western cell, `cells` along a side, `incidents`, `density_per_km2` and
        `ratio`. Of squares that are all one cell, `cells` is left out.
    """
    placed = sorted(
        (round((one.south_m - on.south_m) / on.size_m), round((one.west_m - on.west_m) / on.size_m), number)
        for number, one in enumerate(squares)
    )
    ordered = [squares[number] for _, _, number in placed]
    made: dict[str, Json] = {"column": [x for _, x, _ in placed], "row": [y for y, _, _ in placed]}
    if any(one.size_m != on.size_m for one in ordered):
        made["cells"] = [one.size_m // on.size_m for one in ordered]
    return made | {
        "incidents": [one.incidents for one in ordered],
        "density_per_km2": [_rounded(one.density_per_km2, DENSITY_DECIMALS) for one in ordered],
        "ratio": [_rounded(one.ratio, RATIO_DECIMALS) for one in ordered],
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    """Round what is told."""
    return None if value is None else round(value, decimals)
