"""
Which incident belongs to which cluster? The one form in which every clustering of this project answers.

Labels run from 0 without a gap in the order in which the clusters first appear among the rows, noise is -1:
two clusterings that mean the same have the same labels, and the table and the map may be compared as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE = -1
"""Label of what belongs to no cluster."""
_FAR_M = 1e100
"""Metres whose square is still a number; far beyond any place."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """
    The cluster of each incident.

    Parameters
    ----------
    label
        0 to the number of clusters less one, or `NOISE`, shape (n,).
    is_core
        Whether an incident lies in the dense part of its cluster, shape (n,). The first core rows of the
        clusters ascend with their labels; a row at the border may come earlier.
    """

    label: NDArray[np.int64]
    is_core: NDArray[np.bool_]

    @property
    def n_clusters(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.label.max(initial=NOISE)) + 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Rows in each cluster, whatever their weight, shape (n_clusters,)."""
        return np.bincount(self.label[self.label >= 0], minlength=self.n_clusters).astype(np.int64)


def canonical(label: NDArray[np.integer]) -> NDArray[np.int64]:
    """
    Give clusters their numbers in the order in which they first appear.

    Parameters
    ----------
    label
        Any whole numbers, equal within a cluster; negative for noise; shape (n,).

    Returns
    -------
    ndarray
        The same clusters numbered from 0, noise `NOISE`, shape (n,).

    Examples
    --------
    >>> canonical(np.array([7, -3, 2, 7, 2])).tolist()
    [0, -1, 1, 0, 1]
    """
    clustered = label >= 0
    _, first, which = np.unique(label[clustered], return_index=True, return_inverse=True)
    number = np.empty(first.size, np.int64)
    number[np.argsort(first)] = np.arange(first.size)
    numbered = np.full(label.shape, NOISE, np.int64)
    numbered[clustered] = number[which]
    return numbered


def positions(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Check positions on the plane.

    Parameters
    ----------
    xy_m
        Metres, shape (n, 2); n may be 0.

    Returns
    -------
    ndarray
        The same as contiguous floats, shape (n, 2).

    Raises
    ------
    InvalidParameter
        If the shape is another or a coordinate is not finite or absurdly large.
    """
    xy_m = np.ascontiguousarray(xy_m, np.float64)
    if xy_m.shape[1:] != (2,):
        raise InvalidParameter(f"xy_m must have the shape (n, 2), got {xy_m.shape}")
    # Written so that NaN, which fails every comparison, is refused as well.
    if not (xy_m.max(initial=0) < _FAR_M and xy_m.min(initial=0) > -_FAR_M):
        raise InvalidParameter(f"xy_m must be finite and within {_FAR_M:g} m, got a coordinate that is not")
    return xy_m


def weights(weight: NDArray[np.floating] | NDArray[np.integer] | None, n: int) -> NDArray[np.float64]:
    """
    Check how many incidents each row stands for.

    Parameters
    ----------
    weight
        At least 0 and finite, shape (n,); None for one incident a row.
    n
        Number of rows.

    Returns
    -------
    ndarray
        The weights, shape (n,).

    Raises
    ------
    InvalidParameter
        If there are more or fewer than n, or one is negative or not finite.
    """
    if weight is None:
        return np.ones(n)
    checked = np.ascontiguousarray(weight, np.float64)
    if checked.shape != (n,):
        raise InvalidParameter(f"weight must have the shape ({n},), got {checked.shape}")
    if not (np.isfinite(checked) & (checked >= 0)).all():
        raise InvalidParameter("weight must be finite and at least 0 in every row")
    return checked


def at_least(name: str, value: float, least: float, *, strictly: bool = False) -> float:
    """
    Check that a number has a bound below.

    Parameters
    ----------
    name
        What the number is called.
    value
        The number.
    least
        The bound.
    strictly
        Whether the bound itself is refused.

    Returns
    -------
    float
        The number.

    Raises
    ------
    InvalidParameter
        If it is below the bound or not finite.
    """
    # Written so that NaN, which fails every comparison, is refused as well.
    if not (least < value < np.inf or (value == least and not strictly)):
        raise InvalidParameter(f"{name} must be {'above' if strictly else 'at least'} {least:g}, got {value}")
    return float(value)
