"""
How maps are cut into tiles: the two tile matrix sets that are served, and where each tile lies.

WebMercatorQuad is as OGC 17-083r4 (Two Dimensional Tile Matrix Set 2.0) has it in annex D, and
NetherlandsRDNewQuad as Geonovum's guide to tiling has it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.catalogue import Reference
from hotspot.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TILE_PX = 256
"""Pixels of a tile's side at the scale of its matrix."""

EXTENT = 4096
"""Units of a vector tile's side."""

BUFFER = 64
"""Units around a tile in which shapes are told as well, so that no line shows where two tiles meet."""

_MOST_SHOWN = 60
"""Characters of a wrong name that are told back."""

_PIXEL_M = 0.00028
"""Size of a pixel on a screen by which scales are told (OGC 17-083r4, 6.1.1)."""


@dataclass(frozen=True, slots=True)
class TileMatrixSet:
    """
    A way to cut a plane into tiles: each level halves the tiles of the one before.

    Parameters
    ----------
    id
        Its name in addresses.
    title
        What people call it.
    reference
        The plane.
    west_m, north_m
        The corner from which rows and columns are counted.
    size_m
        Side of the only tile of level 0.
    levels
        Number of levels.
    uri
        Its name in the register of the OGC; absent where it is in none.
    well_known_scale_set
        Name of its scales; absent where they have none.
    """

    id: str
    title: str
    reference: Reference
    west_m: float
    north_m: float
    size_m: float
    levels: int
    uri: str | None = None
    well_known_scale_set: str | None = None

    def cell_m(self, level: int) -> float:
        """
        Tell the size of a pixel.

        Parameters
        ----------
        level
            The level, from 0.

        Returns
        -------
        float
            Metres of the plane.
        """
        return self.size_m / TILE_PX / (1 << level)

    def scale_denominator(self, level: int) -> float:
        """
        Tell the scale.

        Parameters
        ----------
        level
            The level, from 0.

        Returns
        -------
        float
            How many times smaller the map is on a screen of standard pixels.
        """
        return self.cell_m(level) / _PIXEL_M


@dataclass(frozen=True, slots=True)
class Tile:
    """
    One tile.

    Parameters
    ----------
    matrix_set
        How the plane is cut.
    level
        The level, from 0.
    row, column
        Counted from the north-west, from 0.

    Raises
    ------
    NotFound
        If the set has no such tile.
    """

    matrix_set: TileMatrixSet
    level: int
    row: int
    column: int

    def __post_init__(self) -> None:
        levels = self.matrix_set.levels
        if not 0 <= self.level < levels:
            raise NotFound(f"{self.matrix_set.id} has tile matrices 0 to {levels - 1}, got {self.level}")
        last = (1 << self.level) - 1
        if not (0 <= self.row <= last and 0 <= self.column <= last):
            raise NotFound(
                f"tile matrix {self.level} of {self.matrix_set.id} has rows and columns 0 to {last}, "
                f"got row {self.row} and column {self.column}"
            )

    @property
    def unit_m(self) -> float:
        """Metres of the plane for each of the tile's units."""
        return self.matrix_set.size_m / (1 << self.level) / EXTENT

    @property
    def west_m(self) -> float:
        """Its western side."""
        return self.matrix_set.west_m + self.column * (self.matrix_set.size_m / (1 << self.level))

    @property
    def north_m(self) -> float:
        """Its northern side."""
        return self.matrix_set.north_m - self.row * (self.matrix_set.size_m / (1 << self.level))

    def sides_m(self, *, buffer: int = 0) -> tuple[float, float, float, float]:
        """
        Tell where it lies.

        Parameters
        ----------
        buffer
            Units by which it is widened on all sides.

        Returns
        -------
        tuple of float
            West, south, east, north.
        """
        around, side = buffer * self.unit_m, EXTENT * self.unit_m
        west, north = self.west_m, self.north_m
        return west - around, north - side - around, west + side + around, north + around


@dataclass(frozen=True, slots=True)
class Limits:
    """
    The tiles of one level that may hold something.

    Parameters
    ----------
    level
        The level.
    first_row, last_row, first_column, last_column
        The outermost, all included.
    """

    level: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int


def limits(
    matrix_set: TileMatrixSet, sides_m: tuple[float, float, float, float], *, buffer: int = BUFFER
) -> list[Limits]:
    """
    Tell which tiles may hold something of what lies in a box.

    Parameters
    ----------
    matrix_set
        How the plane is cut.
    sides_m
        West, south, east, north of the box.
    buffer
        Units around a tile that it tells as well.

    Returns
    -------
    list of Limits
        One for each level; where the box lies outside, the nearest tile.
    """
    west, south, east, north = sides_m
    found = []
    for level in range(matrix_set.levels):
        side = matrix_set.size_m / (1 << level)
        margin = buffer * side / EXTENT
        last = (1 << level) - 1
        rows = [(matrix_set.north_m - y) / side for y in (north + margin, south - margin)]
        columns = [(x - matrix_set.west_m) / side for x in (west - margin, east + margin)]
        first_row, last_row, first_column, last_column = (
            min(max(math.floor(place), 0), last) for place in (*rows, *columns)
        )
        found.append(Limits(level, first_row, last_row, first_column, last_column))
    return found


_SPHERE_M = 6_378_137.0
"""Radius of the sphere that web maps take the earth for (EPSG:3857)."""

_HALF_EQUATOR_M = math.pi * _SPHERE_M


def from_mercator(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Bring positions on the web map to degrees; beyond its sides longitudes go on, instead of beginning anew.

    Parameters
    ----------
    xy_m
        Metres, shape (n, 2).

    Returns
    -------
    ndarray
        Longitudes and latitudes, shape (n, 2).
    """
    x, y = xy_m.T / _SPHERE_M
    lon_lat_deg: NDArray[np.float64] = np.degrees(np.column_stack([x, np.arctan(np.sinh(y))]))
    return lon_lat_deg


WEB_MERCATOR_QUAD = TileMatrixSet(
    "WebMercatorQuad",
    "Google Maps Compatible for the World",
    Reference.WEB_MERCATOR,
    -_HALF_EQUATOR_M,
    _HALF_EQUATOR_M,
    2 * _HALF_EQUATOR_M,
    levels=25,
    uri="http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
    well_known_scale_set="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)

NETHERLANDS_RD_NEW_QUAD = TileMatrixSet(
    "NetherlandsRDNewQuad",
    "Amersfoort / RD New scheme for the Netherlands",
    Reference.PLANE,
    -285_401.92,
    903_401.92,
    880_803.84,
    levels=17,
    well_known_scale_set="urn:ogc:def:wkss:OGC:1.0:NLDEPSG28992Scale",
)

TILE_MATRIX_SETS = (WEB_MERCATOR_QUAD, NETHERLANDS_RD_NEW_QUAD)
"""All that are known, the one that every map on the web uses first."""


def parse_matrix_set(text: str, offered: Sequence[TileMatrixSet] = TILE_MATRIX_SETS) -> TileMatrixSet:
    """
    Find a set by its name.

    Parameters
    ----------
    text
        The name.
    offered
        The sets that are served: that of the Dutch plane where a municipality is measured in it.

    Returns
    -------
    TileMatrixSet
        The set.

    Raises
    ------
    NotFound
        If there is none of that name.
    """
    for one in offered:
        if one.id == text:
            return one
    shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
    raise NotFound(f"a tile matrix set is one of {', '.join(one.id for one in offered)}, got {shown!r}")
