"""
In which cell of H3 does a place lie? Hexagons for exchange with others, not for analysis.

Question: how do our counts look in the cells that others publish theirs in?
Null: none. An H3 cell is no unit for a density or a test: cells of one resolution differ in area (at
resolution 9 between 0.06 and 0.13 square kilometres over the world, by a few per cent within a country),
their sides are no round number of metres, their children do not fill them exactly, and twelve cells of each
resolution are pentagons. Use `hotspot.stats.hexagons` for those.
Cost: a microsecond per distinct place.
Reference: H3, a hexagonal hierarchical geospatial indexing system (h3geo.org); version 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import h3.api.basic_int as h3
import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_FINEST = 15
"""Resolutions run from 0 (continents) to 15 (a square metre); 9 is a city block or two."""


@dataclass(frozen=True, slots=True, eq=False)
class H3Counts:
    """
    Incidents per cell of H3, for cells that have any.

    Parameters
    ----------
    cell
        Ids of the cells, ascending, shape (n,).
    count
        Incidents, or the sum of their weights, shape (n,).
    """

    cell: NDArray[np.uint64]
    count: NDArray[np.float64]


def h3_cell_of(
    lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64], *, resolution: int
) -> NDArray[np.uint64]:
    """
    Find the cell of H3 in which each place lies.

    Parameters
    ----------
    lon_deg, lat_deg
        Longitude and latitude on WGS 84 in degrees, shape (n,).
    resolution
        Resolution of the cells, 0 to 15.

    Returns
    -------
    ndarray
        Ids, shape (n,); `h3_text` writes them as others do.

    Raises
    ------
    InvalidParameter
        If a place is not on the globe or the resolution out of bounds.

    Examples
    --------
    >>> h3_text(h3_cell_of(np.array([5.6909]), np.array([50.8514]), resolution=9))
    ['891fa087157ffff']
    """
    if not 0 <= resolution <= _FINEST:
        raise InvalidParameter(f"resolution must be 0 to {_FINEST}, got {resolution}")
    # Written so that NaN, which fails every comparison, is refused as well.
    if not ((np.abs(lon_deg) <= 180) & (np.abs(lat_deg) <= 90)).all():  # noqa: PLR2004 - the globe.
        raise InvalidParameter("lon_deg and lat_deg must be -180 to 180 and -90 to 90, got others")
    places, which = np.unique(np.column_stack([lon_deg, lat_deg]), axis=0, return_inverse=True)
    ids = [h3.latlng_to_cell(lat, lon, resolution) for lon, lat in places.tolist()]
    return np.array(ids, np.uint64)[which.reshape(-1)]


def h3_counts(cell: NDArray[np.uint64], *, weights: NDArray[np.float64] | None = None) -> H3Counts:
    """
    Add up the incidents, or their weights, of each cell.

    Parameters
    ----------
    cell
        Cell of each place, shape (n,).
    weights
        Incidents at each place, 1 if absent, shape (n,).

    Returns
    -------
    H3Counts
        Sums of the cells that occur.
    """
    cells, which = np.unique(cell, return_inverse=True)
    return H3Counts(cells, np.bincount(which, weights=weights, minlength=cells.size).astype(np.float64))


def h3_boundaries(cell: NDArray[np.uint64]) -> list[NDArray[np.float64]]:
    """
    Tell the corners of cells, counter-clockwise.

    Parameters
    ----------
    cell
        Ids of cells, shape (n,).

    Returns
    -------
    list of ndarray
        Longitude and latitude in degrees of each cell's corners, shape (k, 2); k is 6, or up to 10 where a
        cell is a pentagon or crosses an edge of the icosahedron.

    Raises
    ------
    InvalidParameter
        If an id is no cell.
    """
    return [np.array(h3.cell_to_boundary(one))[:, ::-1] for one in _valid(cell)]


def h3_area_m2(cell: NDArray[np.uint64]) -> NDArray[np.float64]:
    """
    Tell the area of cells on the globe, which is not the same for all.

    Parameters
    ----------
    cell
        Ids of cells, shape (n,).

    Returns
    -------
    ndarray
        Square metres, shape (n,).

    Raises
    ------
    InvalidParameter
        If an id is no cell.
    """
    return np.array([h3.cell_area(one, unit="m^2") for one in _valid(cell)], np.float64)


def h3_text(cell: NDArray[np.uint64]) -> list[str]:
    """
    Write ids as others do.

    Parameters
    ----------
    cell
        Ids of cells, shape (n,).

    Returns
    -------
    list of str
        Fifteen hexadecimal digits each.
    """
    return [h3.int_to_str(one) for one in cell.tolist()]


def h3_parse(texts: Sequence[str]) -> NDArray[np.uint64]:
    """
    Read ids as others write them.

    Parameters
    ----------
    texts
        Hexadecimal digits.

    Returns
    -------
    ndarray
        Ids, shape (n,).

    Raises
    ------
    InvalidParameter
        If a text is no cell.
    """
    ids = []
    for text in texts:
        try:
            one = int(text, 16)
        except ValueError as error:
            raise InvalidParameter(f"a cell of H3 is hexadecimal digits, got {text!r}") from error
        if not 0 <= one < 2**64 or not h3.is_valid_cell(one):
            raise InvalidParameter(f"a cell of H3 is required, got {text!r}")
        ids.append(one)
    return np.array(ids, np.uint64)


def _valid(cell: NDArray[np.uint64]) -> list[int]:
    """Check ids."""
    ids: list[int] = cell.tolist()
    for one in ids:
        if not h3.is_valid_cell(one):
            raise InvalidParameter(f"a cell of H3 is required, got {one:x}")
    return ids
