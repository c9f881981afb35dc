"""
Which of a scan's windows are worth telling, and how sure are they? Clusters that share no place, tested.

Question: which windows are the strongest of their centres, and how often does chance give one as strong?
Null: that of the replicates. Every cluster is compared with the strongest window of each replicate, so the
chance that any is reported at a level where there is nothing is that level; for all but the first it errs
towards caution.
Cost: a sort of the centres.
Reference: Kulldorff (1997); SaTScan user guide, secondary clusters without geographical overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotspot.stats.monte_carlo import gumbel_by_moments, sequential_p_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hotspot.stats.scan_windows import Windows

DIGITS = 9
"""Digits after the point to which statistics are compared: sums in another order may differ in the last."""


class Content(NamedTuple):
    """
    What one window holds.

    Parameters
    ----------
    observed, expected
        Its cases and what it should have.
    relative_risk
        How many times more.
    """

    observed: int
    expected: float
    relative_risk: float


@dataclass(frozen=True, slots=True)
class ScanCluster:
    """
    A circle and a period with too many cases, or too few, tested.

    Parameters
    ----------
    centre
        Place at its centre.
    places
        Its places, ascending.
    radius_m
        Distance from the centre to its farthest place; 0 if all lie at one point.
    first, last
        Its first and last step of time, counted from 0; both belong to it.
    observed
        Its cases.
    expected
        What it should have.
    relative_risk
        Rate inside over rate outside (Poisson, Bernoulli), else observed over expected; infinite if no case
        is outside.
    statistic
        How unlike chance it is.
    p_value
        Chance that the whole scan shows something as strong where there is nothing.
    gumbel_p_value
        The same by the tail of the replicates, for values smaller than they can show; NaN with one replicate.
    """

    centre: int
    places: NDArray[np.int64]
    radius_m: float
    first: int
    last: int
    observed: int
    expected: float
    relative_risk: float
    statistic: float
    p_value: float
    gumbel_p_value: float


@dataclass(frozen=True, slots=True)
class Scan:
    """
    The outcome of a scan.

    Parameters
    ----------
    clusters
        Strongest first; no two share a place. Empty if no window differs from its expectation the right way.
    simulated
        The strongest statistic of each replicate; fewer than planned if the test stopped early, none without
        clusters.
    """

    clusters: tuple[ScanCluster, ...]
    simulated: NDArray[np.float64]


class Found(NamedTuple):
    """
    A window, not yet tested.

    Parameters
    ----------
    centre
        Number of its centre in the windows.
    ring, period
        Its circle and period.
    places
        Its places, ascending.
    statistic
        How unlike chance it is, rounded.
    """

    centre: int
    ring: int
    period: int
    places: NDArray[np.int64]
    statistic: float


def disjoint_windows(
    scores: NDArray[np.float64], windows: Windows, xy_m: NDArray[np.float64]
) -> tuple[Found, ...]:
    """
    Take the strongest window of each centre, and drop those that share a place with a stronger one.

    Parameters
    ----------
    scores
        Statistic of each window, circle by circle; those of 0 or less are no candidates, shape (w,).
    windows
        The windows.
    xy_m
        Places in metres, shape (n, 2).

    Returns
    -------
    tuple of Found
        Strongest first. Ties go to fewer places, the shorter, then newer period, the place farther
        west; of equal circles the first centre is told.
    """
    periods = windows.newest.size
    candidates = []
    for centre in range(windows.centre.size):
        begin, end = windows.ring_start[centre], windows.ring_start[centre + 1]
        own = np.round(scores[begin * periods : end * periods], DIGITS)
        if own.max(initial=0.0) > 0.0:
            # Of equal windows the first: the smallest circle, then the newest and shortest period.
            ring, period = divmod(int(own.argmax()), periods)
            candidates.append((centre, int(begin) + ring, period, float(own.max())))

    def rank(candidate: tuple[int, int, int, float]) -> tuple[float, ...]:
        centre, ring, period, statistic = candidate
        size = windows.ring_end[ring] - windows.place_start[centre]
        length = windows.oldest[period] - windows.newest[period]
        # The corner of its places does not depend on their order; the centre only tells equal sets apart.
        places = windows.place[windows.place_start[centre] : windows.ring_end[ring]]
        corner_m = np.round(xy_m[places].min(axis=0), DIGITS)
        return (-statistic, size, length, windows.newest[period], *corner_m, windows.centre[centre])

    taken = np.zeros(len(xy_m), bool)
    kept = []
    for centre, ring, period, statistic in sorted(candidates, key=rank):
        places = windows.place[windows.place_start[centre] : windows.ring_end[ring]]
        if not taken[places].any():
            taken[places] = True
            kept.append(Found(centre, ring, period, np.sort(places), statistic))
    return tuple(kept)


def with_p_values(
    found: tuple[Found, ...],
    simulated: NDArray[np.float64],
    *,
    windows: Windows,
    steps: int,
    stop_after: int | None,
    content: Callable[[int], Content],
) -> Scan:
    """
    Give each window its p-values.

    Parameters
    ----------
    found
        Windows, strongest first.
    simulated
        The strongest statistic of each replicate, in the order in which they were computed.
    windows
        All windows.
    steps
        Number of steps of time.
    stop_after
        Replicates at least as large that settle a test; absent: none.
    content
        Tells of a window what it holds.

    Returns
    -------
    Scan
        The clusters.
    """
    simulated = np.round(simulated, DIGITS)
    # A test that stopped early has a sample that its own result has shaped; a fit to it is still the best
    # guess.
    tail = gumbel_by_moments(simulated) if simulated.size > 1 else None
    clusters = []
    for one in found:
        held = content(one.ring * windows.newest.size + one.period)
        clusters.append(
            ScanCluster(
                centre=int(windows.centre[one.centre]),
                places=one.places,
                radius_m=float(windows.ring_radius_m[one.ring]),
                first=steps - int(windows.oldest[one.period]),
                last=steps - 1 - int(windows.newest[one.period]),
                observed=held.observed,
                expected=held.expected,
                relative_risk=held.relative_risk,
                statistic=one.statistic,
                p_value=sequential_p_value(one.statistic, simulated, stop_after=stop_after),
                gumbel_p_value=float("nan") if tail is None else tail.p_value(one.statistic),
            )
        )
    return Scan(tuple(clusters), simulated)
