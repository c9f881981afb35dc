"""
Where are the densest circles of a lattice, and which of them are one place? CrimeStat's STAC.

Question: which circles of one size hold the most incidents, circles with incidents in common being one place?
Null: none; the densest circles exist in every city in every week. Test the result.
Cost: linear in the pairs of a lattice node and an incident in its circle.
Reference: Block (1995), STAC hot-spot areas; Levine (2015), CrimeStat IV, chapter 8.

The lattice begins at the lowest x and y of the incidents, its nodes are half a radius apart. (CrimeStat lays
20 by 20 nodes over a given area and enlarges the circles by the square root of 2: there the result depends on
the frame that the analyst draws; give `spacing_m` and `radius_m` to have its numbers.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from hotspot.cluster.ellipse import LEAST, Ellipse, ellipse
from hotspot.cluster.labels import NOISE, at_least, positions
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

RADIUS_M = 804.672
"""Default radius of CrimeStat: half a mile."""
_MOST_NODES = 10_000_000
"""Nodes of a lattice that fit comfortably into memory."""


@dataclass(frozen=True, slots=True)
class HotCircles:
    """
    Places made of circles that share incidents.

    Parameters
    ----------
    label
        Place of each incident, 0 for the one with the most incidents, -1 for none, shape (n,).
    ellipses
        Standard deviational ellipse of each place's incidents, absent if it has fewer than 3. It may leave
        some of them out and take others in.
    node_m
        Centres of the densest circles, the fullest first, shape (circles, 2).
    node_label
        Place of each circle, shape (circles,).
    """

    label: NDArray[np.int64]
    ellipses: tuple[Ellipse | None, ...]
    node_m: NDArray[np.float64]
    node_label: NDArray[np.int64]

    @property
    def n_clusters(self) -> int:
        """Number of places."""
        return len(self.ellipses)


def stac(
    xy_m: NDArray[np.float64],
    *,
    radius_m: float = RADIUS_M,
    min_incidents: int = 5,
    most_circles: int = 25,
    spacing_m: float | None = None,
    lattice: Literal["rectangular", "triangular"] = "rectangular",
) -> HotCircles:
    """
    Find the densest circles and join those that share incidents.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, shape (n, 2).
    radius_m
        Radius of the circles, above 0; an incident exactly that far away is in.
    min_incidents
        Incidents in a circle, at least 1.
    most_circles
        How many circles are kept, the fullest first, at least 1; of equally full ones that with the lowest y
        and then x.
    spacing_m
        Distance between neighbouring nodes, above 0; None for half the radius.
    lattice
        Whether the nodes make squares or equal-sided triangles.

    Returns
    -------
    HotCircles
        The places.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds, a coordinate not finite or the lattice larger than memory.

    Examples
    --------
    >>> xy_m = np.array([[0, 0], [10, 0], [0, 10], [500, 500], [500, 510], [900, 0]], float)
    >>> stac(xy_m, radius_m=50, min_incidents=2).label.tolist()
    [0, 0, 0, 1, 1, -1]
    """
    xy_m = positions(xy_m)
    n = len(xy_m)
    at_least("radius_m", radius_m, 0, strictly=True)
    at_least("min_incidents", min_incidents, 1)
    at_least("most_circles", most_circles, 1)
    step_m = at_least("spacing_m", radius_m / 2 if spacing_m is None else spacing_m, 0, strictly=True)
    if lattice not in {"rectangular", "triangular"}:
        raise InvalidParameter(f"lattice must be 'rectangular' or 'triangular', got {lattice!r}")
    if n == 0:
        return HotCircles(np.empty(0, np.int64), (), np.empty((0, 2)), np.empty(0, np.int64))
    nodes_m = _nodes(xy_m, step_m, is_triangular=lattice == "triangular")
    tree = KDTree(xy_m)
    filled = np.asarray(tree.query_ball_point(nodes_m, radius_m, return_length=True), np.int64)
    densest = np.argsort(-filled, kind="stable")[:most_circles]
    densest = densest[filled[densest] >= min_incidents]
    circles = tree.query_ball_point(nodes_m[densest], radius_m)
    label, node_label = _joined(n, [np.array(circle, np.intp) for circle in circles])
    groups = [xy_m[label == k] for k in range(int(label.max(initial=NOISE)) + 1)]
    ellipses = tuple(ellipse(group) if len(group) >= LEAST else None for group in groups)
    return HotCircles(label, ellipses, nodes_m[densest], node_label)


def _nodes(xy_m: NDArray[np.float64], step_m: float, *, is_triangular: bool) -> NDArray[np.float64]:
    """Lay the lattice over the incidents, row by row."""
    low_m = xy_m.min(axis=0)
    row_m = step_m * np.sqrt(0.75) if is_triangular else step_m
    columns, rows = np.floor(np.ptp(xy_m, axis=0) / np.array([step_m, row_m])) + 2
    if not columns * rows <= _MOST_NODES:
        came = f"{columns * rows:.0f}: spacing_m is too small"
        raise InvalidParameter(f"the lattice must have at most {_MOST_NODES} nodes, got {came}")
    y, x = np.mgrid[0 : int(rows), 0 : int(columns)].astype(float)
    if is_triangular:
        x -= 0.5 * (y % 2)
    nodes: NDArray[np.float64] = low_m + np.column_stack([x.ravel() * step_m, y.ravel() * row_m])
    return nodes


def _joined(n: int, circles: list[NDArray[np.intp]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join circles that share an incident; number the places by their incidents, the most first."""
    m = len(circles)
    label = np.full(n, NOISE, np.int64)
    if m == 0:
        return label, np.empty(0, np.int64)
    incident = np.concatenate(circles)
    circle = np.repeat(np.arange(m), [len(members) for members in circles])
    shared = coo_array((np.ones(incident.size, np.int64), (circle, incident)), (m, n)).tocsr()
    count, component = connected_components(shared @ shared.T, directed=False)
    label[incident] = component[circle]
    size = np.bincount(label[label >= 0], minlength=count)
    # Of equally large places the one with the fuller circle comes first: its circles do.
    first = np.full(count, m)
    np.minimum.at(first, component, np.arange(m))
    number = np.empty(count, np.int64)
    number[np.lexsort((first, -size))] = np.arange(count)
    label[incident] = number[component[circle]]
    return label, number[component]
