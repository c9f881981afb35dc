"""
Who is whose neighbour among the cells of a grid? Steps from cell to cell instead of a list of pairs.

Question: over which other cells does a local statistic of this cell sum?
Null: none; the choice of neighbours is an assumption, and a local statistic is no better than it.
Cost: one addition per cell and step; no pairs are kept.
Reference: Anselin & Rey (2014), Modern spatial econometrics in practice, chapter 3 (rook, queen).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING = 1e-9
"""A place at exactly the radius is a neighbour although coordinates are rounded: a millimetre in 1000 km."""

ROOK = np.array([[-1, 0], [0, -1], [0, 1], [1, 0]], dtype=np.int64)
"""Steps in rows and columns to the four cells that share a side."""

QUEEN = np.array([[r, c] for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c], dtype=np.int64)
"""Steps in rows and columns to the eight cells that share a side or a corner."""


class Lattice(NamedTuple):
    """
    Cells of a regular grid, any of which may be missing, and the steps from a cell to its neighbours.

    Parameters
    ----------
    position
        Place of each cell in a flat array with an empty margin, shape (n,).
    step
        How much further in that array each neighbour lies, shape (k,).
    size
        Length of that array.
    """

    position: NDArray[np.int64]
    step: NDArray[np.int64]
    size: int


def steps_within(*, cell_m: float, radius_m: float) -> NDArray[np.int64]:
    """
    List the steps on a lattice to the cells whose centre lies within a radius.

    Parameters
    ----------
    cell_m
        Side of a cell, above 0.
    radius_m
        The radius, at least 0; a centre exactly that far away is in.

    Returns
    -------
    ndarray
        Steps in rows and columns, the cell itself left out, shape (k, 2).

    Raises
    ------
    InvalidParameter
        If the side is not above 0 or the radius below 0.

    Examples
    --------
    >>> len(steps_within(cell_m=100.0, radius_m=200.0))
    12
    """
    if not (cell_m > 0 and 0 <= radius_m < math.inf):
        raise InvalidParameter(f"cell_m must be above 0 and radius_m at least 0, got {cell_m} and {radius_m}")
    reach = radius_m * (1 + ROUNDING) / cell_m
    axis = np.arange(-math.floor(reach), math.floor(reach) + 1)
    row, column = (part.ravel() for part in np.meshgrid(axis, axis, indexing="ij"))
    squared = row**2 + column**2
    inside = (squared > 0) & (squared <= reach**2)
    return np.column_stack([row[inside], column[inside]]).astype(np.int64)


def of_cells(
    row: NDArray[np.int64], column: NDArray[np.int64], *, steps: NDArray[np.int64] = QUEEN
) -> Lattice:
    """
    Make the cells so many rows and columns away neighbours, with weight 1.

    Parameters
    ----------
    row, column
        Where each cell lies in the grid, shape (n,); cells outside the study area are simply not there.
    steps
        Steps in rows and columns to the neighbours, shape (k, 2), none of them (0, 0).

    Returns
    -------
    Lattice
        The neighbours, without a list of pairs.

    Raises
    ------
    InvalidParameter
        If a cell comes twice, a step leads nowhere or the shapes do not fit.
    """
    row, column, steps = (np.asarray(part, dtype=np.int64) for part in (row, column, steps))
    if row.ndim != 1 or row.shape != column.shape:
        raise InvalidParameter(
            f"row and column must be lists of equal length, got {row.shape}, {column.shape}"
        )
    if steps.ndim != 2 or steps.shape[1] != 2 or not steps.any(axis=1).all():  # noqa: PLR2004 - rows, columns
        raise InvalidParameter(f"steps must have the shape (k, 2) and none be (0, 0), got {steps.tolist()}")
    if not row.size:
        return Lattice(row, np.empty(0, np.int64), 0)
    margin = int(np.abs(steps).max(initial=0))
    width = int(column.max() - column.min()) + 1 + 2 * margin
    height = int(row.max() - row.min()) + 1 + 2 * margin
    position = (row - row.min() + margin) * width + (column - column.min() + margin)
    if np.unique(position).size < position.size:
        raise InvalidParameter("each cell must come once, got a row and column twice")
    return Lattice(position, steps[:, 0] * width + steps[:, 1], width * height)
