"""
Which circles and periods does a scan look at? The windows that all scan statistics share.

Question: what are all circles around each centre, and all periods, that a plan allows?
Null: none; windows are laid before anything is counted.
Cost: for each centre the distances to all places in reach, sorted.
Reference: Kulldorff (1997), A spatial scan statistic; Kulldorff (2001) for cylinders in space and time.

Time runs backwards here: step 0 is the last one. A window that ends now is then a sum from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from scipy.spatial import KDTree

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rates = Literal["high", "low", "both"]

# Relative difference below which two distances, or shares, are taken as equal: what rounding may cause.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """
    What a scan tries and how it is tested.

    Parameters
    ----------
    max_share
        Largest share of the population (of the cases, where there is none) that a circle may hold, above 0
        to 1.
    max_radius_m
        Largest radius in metres, above 0; absent: no bound.
    max_steps
        Longest window in steps of time, at least 1; absent: half of them.
    prospective
        Only windows that end with the last step; otherwise any.
    centres
        Places around which circles are drawn; absent: all.
    rates
        Look for too many cases, too few, or both.
    min_cases
        Cases that a window of too many needs, at least 1.
    replicates
        Monte Carlo replicates, at least 1; 999 make a p-value of .05 exact.
    stop_after
        Stop once so many replicates are at least as extreme as the strongest window; absent: never.
    threads
        Number of threads; absent: one per core. It does not change the result.

    Raises
    ------
    InvalidParameter
        If a value is outside its bounds.
    """

    max_share: float = 0.5
    max_radius_m: float | None = None
    max_steps: int | None = None
    prospective: bool = False
    centres: tuple[int, ...] | None = None
    rates: Rates = "high"
    min_cases: int = 2
    replicates: int = 999
    stop_after: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        mistakes = []
        if not 0.0 < self.max_share <= 1.0:
            mistakes.append(f"max_share must be above 0 and at most 1, got {self.max_share}")
        if self.max_radius_m is not None and not self.max_radius_m > 0.0:
            mistakes.append(f"max_radius_m must be above 0, got {self.max_radius_m}")
        if self.rates not in {"high", "low", "both"}:
            mistakes.append(f"rates must be high, low or both, got {self.rates!r}")
        for name, value in (
            ("max_steps", self.max_steps),
            ("min_cases", self.min_cases),
            ("replicates", self.replicates),
            ("stop_after", self.stop_after),
            ("threads", self.threads),
        ):
            if value is not None and value < 1:
                mistakes.append(f"{name} must be at least 1, got {value}")
        if mistakes:
            raise InvalidParameter(*mistakes)


class Windows(NamedTuple):
    """
    All circles of a plan, each with all its periods; a named tuple, since compiled code takes it as it is.

    Parameters
    ----------
    centre
        Place at the centre of each group of circles, shape (centres,).
    ring_start
        Where the circles of each centre begin in `ring_end`, smallest first, shape (centres + 1,).
    place_start
        Where the places around each centre begin in `place`, nearest first, shape (centres,).
    place
        The places, shape (pairs,).
    ring_end
        Where the places of each circle end in `place`, shape (rings,).
    ring_radius_m
        Distance to the farthest place of each circle, shape (rings,).
    newest
        First step of each period, counted back from the last one, shape (periods,).
    oldest
        One past its last step, counted likewise, shape (periods,).
    """

    centre: NDArray[np.int64]
    ring_start: NDArray[np.int64]
    place_start: NDArray[np.int64]
    place: NDArray[np.int64]
    ring_end: NDArray[np.int64]
    ring_radius_m: NDArray[np.float64]
    newest: NDArray[np.int64]
    oldest: NDArray[np.int64]

    @property
    def depth(self) -> int:
        """Steps back that any window reaches."""
        return int(self.oldest.max(initial=0))

    @property
    def size(self) -> int:
        """Number of windows."""
        return self.ring_end.size * self.newest.size


def lay_windows(
    xy_m: NDArray[np.float64], weight: NDArray[np.float64], *, steps: int, plan: ScanPlan
) -> Windows:
    """
    Lay all circles and periods of a plan.

    Parameters
    ----------
    xy_m
        Places in metres, shape (n, 2); several may lie at one point.
    weight
        Population of each place, or its cases, at least 0, shape (n,).
    steps
        Number of steps of time, 1 for a scan in space alone.
    plan
        What to lay.

    Returns
    -------
    Windows
        The windows; places at equal distance enter a circle together.

    Raises
    ------
    InvalidParameter
        If coordinates or centres are not what they should be.
    """
    n = len(xy_m)
    if xy_m.ndim != 2 or xy_m.shape[1:] != (2,) or not np.isfinite(xy_m).all():  # noqa: PLR2004 -- x and y.
        raise InvalidParameter(f"xy_m must be finite and of shape (n, 2), got shape {xy_m.shape}")
    centre = np.arange(n) if plan.centres is None else np.array(plan.centres, np.int64)
    if centre.size and not (centre.min() >= 0 and centre.max() < n):
        raise InvalidParameter(f"centres must be from 0 to {n - 1}, got {centre.min()} to {centre.max()}")
    most = plan.max_share * float(weight.sum()) * (1 + _SAME)
    everyone = np.arange(n)
    reach_m = np.inf if plan.max_radius_m is None else plan.max_radius_m * (1 + _SAME)
    tree = None if np.isinf(reach_m) or n == 0 else KDTree(xy_m)
    around, ends, radii = [], [], []
    for one in centre:
        near = everyone if tree is None else np.array(tree.query_ball_point(xy_m[one], reach_m), np.int64)
        order, end, radius_m = _circles(xy_m[one], near, xy_m, weight, most)
        around.append(order)
        ends.append(end)
        radii.append(radius_m)
    place_start = np.concatenate([[0], np.cumsum([order.size for order in around])]).astype(np.int64)
    newest, oldest = _periods(steps, plan)
    return Windows(
        centre=centre.astype(np.int64),
        ring_start=np.concatenate([[0], np.cumsum([end.size for end in ends])]).astype(np.int64),
        place_start=place_start[:-1],
        place=np.concatenate([everyone[:0], *around]).astype(np.int64),
        ring_end=np.concatenate(
            [everyone[:0], *(start + end for start, end in zip(place_start, ends, strict=False))]
        ).astype(np.int64),
        ring_radius_m=np.concatenate([np.empty(0), *radii]),
        newest=newest,
        oldest=oldest,
    )


def _circles(
    at_m: NDArray[np.float64],
    near: NDArray[np.int64],
    xy_m: NDArray[np.float64],
    weight: NDArray[np.float64],
    most: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Order the places around one centre and tell where each circle that is not too full ends."""
    offset_m = xy_m[near] - at_m
    distance_m = np.hypot(offset_m[:, 0], offset_m[:, 1])
    order = np.argsort(distance_m)
    distance_m = distance_m[order]
    last = np.append(distance_m[1:] > distance_m[:-1] * (1 + _SAME), True)[: order.size]
    full = np.cumsum(weight[near[order]]) > most
    end = np.flatnonzero(last & ~full) + 1
    return near[order[: end[-1] if end.size else 0]], end, distance_m[end - 1]


def _periods(steps: int, plan: ScanPlan) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All periods of a plan, backwards: the newest first, each length in turn."""
    longest = max(1, steps // 2) if plan.max_steps is None else min(plan.max_steps, steps)
    last = 1 if plan.prospective else steps
    pairs = [
        (newest, newest + length)
        for newest in range(last)
        for length in range(1, min(longest, steps - newest) + 1)
    ]
    newest, oldest = np.array(pairs, np.int64).reshape(-1, 2).T
    return np.ascontiguousarray(newest), np.ascontiguousarray(oldest)
