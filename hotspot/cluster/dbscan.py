"""
Which incidents lie so close together that they form one dense place? Exact DBSCAN for millions of incidents.

Question: where are at least so many incidents within a radius of each other, and how far does that reach?
Null: none; density clustering says nothing about chance, a busy street is dense every week. Test its result.
Cost: linear in the incidents; only places in squares that are not dense by themselves are looked at one by
one, and two squares are compared in full only where their boxes leave it open whether they touch. Memory:
about 80 bytes an incident.
Reference: Ester et al. (1996), A density-based algorithm for discovering clusters in large spatial databases;
on squares: Gunawan (2013), A faster algorithm for DBSCAN.

The textbook leaves one choice to the order of the rows: a border place within reach of two clusters.
`border="first"` gives it to the cluster with the lowest label, which is what scikit-learn does, so that all
labels are equal to its labels. `border="nearest"` gives it to the cluster of its nearest core place, at equal
distance to that with the lowest x and then y, so that the same places in any order give the same clusters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numba
import numpy as np

from hotspot.cluster import cells, reach
from hotspot.cluster.cells import REACH, Squares, by_squares
from hotspot.cluster.labels import NOISE, Clusters, at_least, positions, weights
from hotspot.cluster.square_sort import unsorted
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Border = Literal["first", "nearest"]
"""Whose a border place within reach of two clusters is."""


def dbscan(
    xy_m: NDArray[np.float64],
    *,
    radius_m: float,
    min_incidents: float,
    weight: NDArray[np.floating] | NDArray[np.integer] | None = None,
    border: Border = "first",
) -> Clusters:
    """
    Cluster incidents by how many lie close together.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, shape (n, 2). Longitudes and latitudes give nonsense.
    radius_m
        Incidents exactly this far apart or closer are neighbours; above 0. Not the size of a cluster, which
        may reach across the city.
    min_incidents
        Incidents within the radius, its own included, that make an incident a core incident; above 0.
    weight
        Incidents each row stands for, at least 0, shape (n,); None for one. A row of weight 0 adds nothing
        but may be a core like any other: leave out the addresses at which nothing happened.
    border
        Whose a border incident within reach of two clusters is: of the "first" or of the "nearest".

    Returns
    -------
    Clusters
        Label and core of each row, the clusters numbered by their first core rows.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds or a coordinate not finite.

    Examples
    --------
    >>> xy_m = np.array([[1, 2], [2, 2], [2, 3], [8, 7], [8, 8], [25, 80]], float)
    >>> dbscan(xy_m, radius_m=3, min_incidents=2).label.tolist()
    [0, 0, 0, 1, 1, -1]
    """
    if border not in {"first", "nearest"}:
        raise InvalidParameter(f"border must be 'first' or 'nearest', got {border!r}")
    xy_m = positions(xy_m)
    n = len(xy_m)
    radius_m = at_least("radius_m", radius_m, 0, strictly=True)
    min_incidents = at_least("min_incidents", min_incidents, 0, strictly=True)
    mass = np.ones(1) if weight is None else weights(weight, n)
    if n == 0:
        return Clusters(np.empty(0, np.int64), np.empty(0, np.bool_))
    if not max(cells.steps(xy_m, radius_m=radius_m)) < cells.MOST_STEPS:
        return reach.clusters(xy_m, radius=radius_m, min_weight=min_incidents, weight=weight, border=border)
    made = cells.squares(xy_m, mass, radius_m=radius_m, min_weight=min_incidents)
    return _clusters(made, radius_m**2, min_incidents, nearest=border == "nearest")


def _clusters(made: Squares, reach_m2: float, min_weight: float, *, nearest: bool) -> Clusters:
    """Find core places, join their squares, give away the border and write the labels."""
    is_core = np.empty(made.order.size, np.bool_)
    first_core = np.empty(made.key.size, np.int32)
    by_squares(made.start, lambda a, b: _cores(made, reach_m2, min_weight, is_core, first_core, a, b))
    number = _numbered(_joined(made, reach_m2, is_core, first_core), first_core)
    of_place = np.empty(made.order.size, np.int32)
    by_squares(made.start, lambda a, b: _border(made, reach_m2, is_core, number, nearest, of_place, a, b))
    answer = np.empty(made.order.size, np.int32)
    by_squares(made.start, lambda a, b: _answers(made, is_core, number, of_place, answer, a, b))
    by_row = unsorted(made.order, answer)
    return Clusters((by_row >> 1).astype(np.int64), (by_row & 1).astype(np.bool_))


def _numbered(root: NDArray[np.int32], first_core: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the squares of each cluster its number, by first core rows; squares without a core have none."""
    number = np.full(root.size, NOISE, np.int32)
    cored = np.flatnonzero(root >= 0)
    lowest = np.full(root.size, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(lowest, root[cored], first_core[cored])
    roots = np.flatnonzero(root == np.arange(root.size))
    number[roots[np.argsort(lowest[roots])]] = np.arange(roots.size)
    number[cored] = number[root[cored]]
    return number


@numba.njit(cache=True, nogil=True)
def _box_m2(box_m: NDArray[np.float64], square: int, x: float, y: float) -> tuple[float, float]:
    """Square the least and the most that a point can be away from the places of a square."""
    x0, x1, y0, y1 = box_m[square, 0], box_m[square, 1], box_m[square, 2], box_m[square, 3]
    near_x, near_y = max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)
    far_x, far_y = max(x - x0, x1 - x), max(y - y0, y1 - y)
    return near_x * near_x + near_y * near_y, far_x * far_x + far_y * far_y


@numba.njit(cache=True, nogil=True)
def _cores(
    made: Squares,
    reach_m2: float,
    min_weight: float,
    is_core: NDArray[np.bool_],
    first_core: NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    """Tell which places are cores, and the first row that is one in each square (-1 if none is)."""
    for square in range(begin, end):
        low, high = made.first_place[square], made.end_place[square]
        if made.is_dense[square]:
            is_core[low:high] = True
            first_core[square] = made.first_row[low]
            continue
        first_core[square] = -1
        # All of its own square lie within the radius.
        lacking = min_weight - made.mass[square]
        for place in range(low, high):
            x, y = made.place_m[place, 0], made.place_m[place, 1]
            is_core[place] = _mass_around(made, reach_m2, lacking, square, x, y) >= lacking
            if is_core[place] and first_core[square] < 0:
                first_core[square] = made.first_row[place]


@numba.njit(cache=True, nogil=True)
def _mass_around(made: Squares, reach_m2: float, lacking: float, square: int, x: float, y: float) -> float:
    """Weigh the neighbours of a place in the other squares; stop once they suffice."""
    key, place_m, box_m = made.key, made.place_m, made.box_m
    mass = 0.0
    for k in range(2 * REACH + 1):
        last = key[square] + (np.int64(k - REACH) << 32) + REACH
        other = made.near[square, k]
        while other < key.size and key[other] <= last and mass < lacking:
            near_m2, far_m2 = _box_m2(box_m, other, x, y)
            if near_m2 <= reach_m2 and other != square:
                if far_m2 <= reach_m2:
                    mass += made.mass[other]
                else:
                    for its in range(made.first_place[other], made.end_place[other]):
                        dx, dy = place_m[its, 0] - x, place_m[its, 1] - y
                        if dx * dx + dy * dy <= reach_m2:
                            mass += made.weight[its]
            other += 1
    return mass


@numba.njit(cache=True, nogil=True)
def _root(parent: NDArray[np.int32], square: int) -> int:
    """Find the representative of a square's cluster, halving the path on the way."""
    while parent[square] != square:
        parent[square] = parent[parent[square]]
        square = parent[square]
    return square


@numba.njit(cache=True, nogil=True)
def _joined(
    made: Squares, reach_m2: float, is_core: NDArray[np.bool_], first_core: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Join the squares whose core places are in reach of each other; tell the lowest of each cluster."""
    key, near = made.key, made.near
    m = key.size
    parent = np.full(m, -1, np.int32)
    for square in range(m):
        if first_core[square] >= 0:
            parent[square] = square
    # Those that touch come first: most of the others are joined through them and need no look.
    for steps in range(1, REACH + 1):
        for square in range(m):
            if parent[square] < 0:
                continue
            for k in range(REACH, REACH + steps + 1):
                middle = key[square] + (np.int64(k - REACH) << 32)
                other = max(near[square, k], square + 1)
                while other < m and key[other] <= middle + steps:
                    if parent[other] >= 0 and key[other] >= middle - steps:
                        one, two = _root(parent, square), _root(parent, other)
                        if one != two and _touch(made, reach_m2, is_core, square, other):
                            parent[max(one, two)] = min(one, two)
                    other += 1
    for square in range(m):
        if parent[square] >= 0:
            parent[square] = _root(parent, square)
    return parent


@numba.njit(cache=True, nogil=True)
def _touch(made: Squares, reach_m2: float, is_core: NDArray[np.bool_], one: int, two: int) -> bool:
    """Tell whether some core places of two squares are within the radius of each other."""
    place_m, box_m = made.place_m, made.box_m
    low, high = made.first_place[two], made.end_place[two]
    for place in range(made.first_place[one], made.end_place[one]):
        if is_core[place]:
            x, y = place_m[place, 0], place_m[place, 1]
            near_m2, far_m2 = _box_m2(box_m, two, x, y)
            if far_m2 <= reach_m2:
                return True
            if near_m2 <= reach_m2 and _core_within(place_m, is_core, low, high, reach_m2, x, y):
                return True
    return False


@numba.njit(cache=True, nogil=True)
def _core_within(
    place_m: NDArray[np.float64],
    is_core: NDArray[np.bool_],
    low: int,
    high: int,
    reach_m2: float,
    x: float,
    y: float,
) -> bool:
    """Tell whether one of some places is a core within the radius of a point."""
    for its in range(low, high):
        dx, dy = place_m[its, 0] - x, place_m[its, 1] - y
        if dx * dx + dy * dy <= reach_m2 and is_core[its]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _border(
    made: Squares,
    reach_m2: float,
    is_core: NDArray[np.bool_],
    number: NDArray[np.int32],
    nearest: bool,  # noqa: FBT001 (compiled code is called by position)
    of_place: NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    """Give each place of the squares that are not dense to a cluster or to noise."""
    for square in range(begin, end):
        if made.is_dense[square]:
            continue
        for place in range(made.first_place[square], made.end_place[square]):
            if is_core[place]:
                of_place[place] = number[square]
            elif nearest:
                of_place[place] = _nearest(made, reach_m2, is_core, number, square, place)
            else:
                of_place[place] = _first(made, reach_m2, is_core, number, square, place)


@numba.njit(cache=True, nogil=True)
def _first(
    made: Squares,
    reach_m2: float,
    is_core: NDArray[np.bool_],
    number: NDArray[np.int32],
    square: int,
    place: int,
) -> np.int32:
    """Find the lowest cluster in reach of a border place."""
    key, box_m, place_m = made.key, made.box_m, made.place_m
    x, y = place_m[place, 0], place_m[place, 1]
    best: np.int32 = number[square]
    for k in range(2 * REACH + 1):
        last = key[square] + (np.int64(k - REACH) << 32) + REACH
        other = made.near[square, k]
        while other < key.size and key[other] <= last:
            candidate = number[other]
            if (
                candidate >= 0
                and (best < 0 or candidate < best)
                and _box_m2(box_m, other, x, y)[0] <= reach_m2
            ):
                low, high = made.first_place[other], made.end_place[other]
                if _core_within(place_m, is_core, low, high, reach_m2, x, y):
                    best = candidate
            other += 1
    return best


@numba.njit(cache=True, nogil=True)
def _nearest(
    made: Squares,
    reach_m2: float,
    is_core: NDArray[np.bool_],
    number: NDArray[np.int32],
    square: int,
    place: int,
) -> np.int32:
    """Find the cluster of the nearest core place in reach of a border place."""
    key, box_m, place_m = made.key, made.box_m, made.place_m
    x, y = place_m[place, 0], place_m[place, 1]
    best, best_m2, owner = np.int32(-1), reach_m2, -1
    for k in range(2 * REACH + 1):
        last = key[square] + (np.int64(k - REACH) << 32) + REACH
        other = made.near[square, k]
        while other < key.size and key[other] <= last:
            if number[other] >= 0 and _box_m2(box_m, other, x, y)[0] <= best_m2:
                for its in range(made.first_place[other], made.end_place[other]):
                    dx, dy = place_m[its, 0] - x, place_m[its, 1] - y
                    away_m2 = dx * dx + dy * dy
                    if is_core[its] and (
                        away_m2 < best_m2
                        or (away_m2 == best_m2 and (owner < 0 or _is_before(place_m, its, owner)))
                    ):
                        best, best_m2, owner = number[other], away_m2, its
            other += 1
    return best


@numba.njit(cache=True, nogil=True)
def _is_before(place_m: NDArray[np.float64], one: int, two: int) -> bool:
    """Tell whether a place comes first in the order of x and then y."""
    if place_m[one, 0] != place_m[two, 0]:
        return bool(place_m[one, 0] < place_m[two, 0])
    return bool(place_m[one, 1] < place_m[two, 1])


@numba.njit(cache=True, nogil=True)
def _answers(
    made: Squares,
    is_core: NDArray[np.bool_],
    number: NDArray[np.int32],
    of_place: NDArray[np.int32],
    answer: NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    """Write twice the label, and one more for a core, of the incidents by square."""
    for square in range(begin, end):
        low, high = made.start[square], made.start[square + 1]
        if made.is_dense[square]:
            answer[low:high] = 2 * number[square] + 1
        else:
            for position in range(low, high):
                place = made.place[position]
                answer[position] = 2 * of_place[place] + is_core[place]
