"""
Which incidents lie closer together than chance puts them, and which of these groups again? CrimeStat's NNH.

Question: nearest-neighbour hierarchical clustering groups incidents that are closer than random neighbours
would be; the groups' centres are then grouped in the same way, and so on.
Null: complete spatial randomness in the study area; it is tested for the number of groups as a whole, by
Monte Carlo, and not for any one group. People do not live at random, so it nearly always fails.
Cost: linear in the pairs closer than the threshold, and in the incidents for each group.
Reference: Levine (2015), CrimeStat IV, chapter 7; Clark & Evans (1954) for the random distance.

The incident with the most others in reach is the first seed and takes them all; of those left the one with
the most left is the next. Ties go to the lowest x and then y, so that the order of the rows does not matter.
The manual's warning holds: the area must be that in which incidents can happen, or the threshold means
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
from scipy.spatial import KDTree

from hotspot.cluster.ellipse import LEAST, Ellipse, ellipse
from hotspot.cluster.labels import NOISE, at_least, canonical, positions
from hotspot.stats.monte_carlo import pseudo_p_value, replicate_generator, replicate_seeds, replicates_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

T_5_PERCENT = 1.645
"""One-tailed 5 % point of the normal distribution, as CrimeStat's manual prints it."""
_SE = 0.26136
"""Standard error of the mean random distance, of sqrt(area) / n (Clark & Evans 1954)."""
_SLACK = 1e-9
"""Share by which the tree looks further than the threshold: it may round, the exact test follows."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """
    The distance below which two incidents are closer than chance.

    Parameters
    ----------
    random_m
        Mean distance to the nearest neighbour if incidents fell at random.
    standard_error_m
        Its standard error.
    lower_m
        The threshold: so many standard errors less than the mean.
    """

    random_m: float
    standard_error_m: float
    lower_m: float


@dataclass(frozen=True, slots=True)
class Order:
    """
    The groups of one order.

    Parameters
    ----------
    label
        Group of each member: of each incident in the first order, of each group of the order below in the
        others; -1 for none; shape (members,).
    centre_m
        Mean of the members of each group, shape (groups, 2).
    ellipses
        Standard deviational ellipse of each group's members, absent if it has fewer than 3.
    within_m
        The threshold of this order.
    """

    label: NDArray[np.int64]
    centre_m: NDArray[np.float64]
    ellipses: tuple[Ellipse | None, ...]
    within_m: float

    @property
    def n_clusters(self) -> int:
        """Number of groups."""
        return len(self.centre_m)


@dataclass(frozen=True, slots=True)
class GroupsByChance:
    """
    How many first-order groups chance makes.

    Parameters
    ----------
    observed
        Groups found.
    simulated
        Groups in each replicate, shape (replicates,).
    p_value
        Share of the replicates, the observation counted, with at least as many groups.
    """

    observed: int
    simulated: NDArray[np.int64]
    p_value: float


def nearest_neighbour_threshold(n: int, *, area_m2: float, t: float = T_5_PERCENT) -> Threshold:
    """
    Tell below which distance two of n incidents are closer than chance puts neighbours.

    Parameters
    ----------
    n
        Incidents, at least 1.
    area_m2
        Study area in square metres, above 0.
    t
        Standard errors below the mean; 0 takes the mean itself, negative more. `T_5_PERCENT` by default.

    Returns
    -------
    Threshold
        In metres.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds.

    Examples
    --------
    >>> threshold = nearest_neighbour_threshold(500, area_m2=60.03e6)
    >>> round(threshold.random_m, 5), round(threshold.standard_error_m, 5), round(threshold.lower_m, 5)
    (173.24838, 4.04998, 166.58615)
    """
    at_least("n", n, 1)
    at_least("area_m2", area_m2, 0, strictly=True)
    at_least("t", t, -np.finfo(float).max)
    random_m = 0.5 * np.sqrt(area_m2 / n)
    standard_error_m = _SE / np.sqrt(n**2 / area_m2)
    return Threshold(float(random_m), float(standard_error_m), float(random_m - t * standard_error_m))


def nnh(
    xy_m: NDArray[np.float64],
    *,
    area_m2: float,
    t: float = T_5_PERCENT,
    min_incidents: int = 10,
    min_groups: int | None = None,
    within_m: float | None = None,
) -> tuple[Order, ...]:
    """
    Group incidents, then groups, then groups of groups, as long as there are any.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, shape (n, 2).
    area_m2
        Study area in square metres, above 0: not the box around the incidents.
    t
        Standard errors by which the threshold of each order lies below the mean random distance.
    min_incidents
        Members of a first-order group, at least 2.
    min_groups
        Members of a group of a higher order, at least 2; None takes `min_incidents`.
    within_m
        A fixed threshold for the first order, above 0, instead of the random one.

    Returns
    -------
    tuple of Order
        From the first order up; empty if nothing is grouped.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds or a coordinate not finite.

    Examples
    --------
    >>> xy_m = np.array([[0, 0], [1, 0], [0, 1], [900, 900], [901, 900], [900, 901], [500, 0]], float)
    >>> first, = nnh(xy_m, area_m2=1e6, min_incidents=3)
    >>> first.label.tolist(), first.centre_m.round(2).tolist()
    ([0, 0, 0, 1, 1, 1, -1], [[0.33, 0.33], [900.33, 900.33]])
    """
    members = positions(xy_m)
    at_least("min_incidents", min_incidents, 2)
    higher = min_incidents if min_groups is None else min_groups
    at_least("min_groups", higher, 2)
    at_least("area_m2", area_m2, 0, strictly=True)
    if within_m is not None:
        at_least("within_m", within_m, 0, strictly=True)
    orders: list[Order] = []
    while len(members) > 1:
        fixed = None if orders else within_m
        closer_m = nearest_neighbour_threshold(len(members), area_m2=area_m2, t=t).lower_m
        found = _order(members, closer_m if fixed is None else fixed, higher if orders else min_incidents)
        if found.n_clusters == 0:
            break
        orders.append(found)
        members = found.centre_m
    return tuple(orders)


def groups_by_chance(
    xy_m: NDArray[np.float64],
    *,
    area_m2: float,
    t: float = T_5_PERCENT,
    min_incidents: int = 10,
    n_replicates: int = 999,
    rng: np.random.Generator,
) -> GroupsByChance:
    """
    Compare the number of first-order groups with that among as many incidents that fell at random.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    area_m2
        Study area in square metres, above 0. The random incidents fall in a rectangle of this area, in
        proportion to the box around the incidents, as CrimeStat has it.
    t, min_incidents
        As for `nnh`.
    n_replicates
        Random worlds, at least 1.
    rng
        Source of chance.

    Returns
    -------
    GroupsByChance
        The test; small values say that incidents are grouped, not where.

    Raises
    ------
    InvalidParameter
        If a number is out of its bounds or a coordinate not finite.
    """
    xy_m = positions(xy_m)
    at_least("n_replicates", n_replicates, 1)
    at_least("min_incidents", min_incidents, 2)
    n = len(xy_m)
    at_least("the number of incidents", n, 2)
    within_m = nearest_neighbour_threshold(n, area_m2=area_m2, t=t).lower_m
    width, height = np.ptp(xy_m, axis=0)
    shape = width / height if width > 0 and height > 0 else 1.0
    sides_m = np.sqrt([area_m2 * shape, area_m2 / shape])
    observed = _groups(xy_m, within_m, min_incidents).max(initial=NOISE) + 1

    def groups(seeds: NDArray[np.uint64]) -> NDArray[np.int64]:
        worlds = (replicate_generator(seed).random((n, 2)) * sides_m for seed in seeds)
        return np.array([_groups(one, within_m, min_incidents).max(initial=NOISE) + 1 for one in worlds])

    simulated = replicates_of(groups, replicate_seeds(rng, n_replicates))
    return GroupsByChance(int(observed), simulated, pseudo_p_value(float(observed), simulated))


def _order(members_m: NDArray[np.float64], within_m: float, least: int) -> Order:
    """Group the members of one order."""
    label = canonical(_groups(members_m, within_m, least))
    groups = [members_m[label == k] for k in range(int(label.max(initial=NOISE)) + 1)]
    centre_m = np.array([group.mean(axis=0) for group in groups]).reshape(-1, 2)
    ellipses = tuple(ellipse(group) if len(group) >= LEAST else None for group in groups)
    return Order(label, centre_m, ellipses, within_m)


def _groups(xy_m: NDArray[np.float64], within_m: float, least: int) -> NDArray[np.int64]:
    """Give the groups their numbers in the order in which they are found; the first is the largest."""
    n = len(xy_m)
    label = np.full(n, NOISE, np.int64)
    if within_m <= 0:
        return label
    order = np.lexsort((xy_m[:, 1], xy_m[:, 0]))
    sorted_m = xy_m[order]
    pairs = KDTree(sorted_m).query_pairs(within_m * (1 + _SLACK), output_type="ndarray")
    away_m2 = ((sorted_m[pairs[:, 0]] - sorted_m[pairs[:, 1]]) ** 2).sum(axis=1)
    pairs = pairs[away_m2 < within_m**2]
    source, target = np.concatenate([pairs, pairs[:, ::-1]]).T
    start = np.searchsorted(np.sort(source), np.arange(n + 1))
    label[order] = _taken(start, target[np.argsort(source, kind="stable")], least)
    return label


@numba.njit(cache=True, nogil=True)
def _taken(start: NDArray[np.int64], near: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Let the one with the most neighbours left take them, again and again."""
    n = start.size - 1
    label = np.full(n, NOISE, np.int64)
    left = start[1:] - start[:-1]
    group = 0
    while n > 0:
        seed = np.argmax(left)
        if left[seed] + 1 < least:
            break
        label[seed] = group
        for k in near[start[seed] : start[seed + 1]]:
            if label[k] < 0:
                label[k] = group
        for i in range(n):
            if label[i] == group:
                left[i] = -1
                for k in near[start[i] : start[i + 1]]:
                    if label[k] < 0:
                        left[k] -= 1
        group += 1
    return label
