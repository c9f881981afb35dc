"""
Where will the next incidents fall? A risk surface of places that are always full and of what is rising now.

Question: what share of the incidents of the coming weeks belongs to each cell?
Null: none; this is a forecast, and is judged by what came (`hotspot.stats.accuracy`).
Cost: one addition per cell, component and week, and one per incident and cell in reach.
Reference: Mohler et al. (2011), Self-exciting point process modeling of crime, for the composition; Clayton &
Kaldor (1987) for the shrinkage; Hunter & Lange (2004), A tutorial on MM
algorithms, and Varadhan & Roland (2008), Simple and globally convergent methods, for the fit of the shares.

The surface is a mixture. Each component spreads past incidents in space, over the cell itself or by a quartic
kernel, and lets them fade by half in so many weeks; one more component knows nothing and is even. The slow
ones are the chronic level: a long count with a share of its surroundings' is the gamma-Poisson estimate that
shrinks the count of a cell towards the mean of its neighbourhood. The fast ones are the acute excess, narrow
ones the near repeat. Their shares are those under which the incidents of the weeks before the forecast, each
foretold from what came before it, were most likely: nothing is tuned on the weeks that are foretold.

The longer the past, the more a cell's own count is to be trusted. As in the gamma-Poisson estimate, (prior +
count) / (prior weight + exposure), the weight of a cell's own count grows with what it has counted, and that
of its surroundings and of evenness does not. What early weeks teach, when little was known, thus holds for
later ones; shares that were the same in all weeks would spread too much over empty cells for ever.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from scipy.spatial import KDTree

from hotspot.errors import InvalidParameter
from hotspot.stats.kernels import quartic_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

HALF_LIVES_WEEKS = (2.0, 8.0, 26.0, 104.0)
"""From the near repeat to the place that is full for years, each about four times the one before."""
REACHES_M = (0.0, 200.0, 400.0, 800.0)
"""The cell itself, its street, its block and its quarter: bandwidths of the quartic kernel."""
LEVEL_HALF_LIFE_WEEKS = 8.0
"""How fast the number of incidents in all is forgotten."""
LESSON_HALF_LIFE_WEEKS = 26.0
"""How fast it is forgotten what earlier weeks said of the shares: a short past needs smoother ones."""
_MOST_ROUNDS = 100
"""Steps of the fit at each forecast at most, three evaluations each; some twenty are needed."""
_CLOSE = 1e-7
"""Gain in log-likelihood per incident below which the fit ends."""
_PRIOR_INCIDENTS = 0.1
"""Weight of equal shares against the incidents that were foretold; with none at all they stay equal."""


class _Lessons(NamedTuple):
    """
    What earlier incidents teach of the shares.

    `chance[i, k]` is that of incident i under component k, `lesson` says in which period each came,
    `grown[l, k]` how much a component weighed at the beginning of period l, compared with now, and `weight`
    how much each incident counts.
    """

    chance: NDArray[np.float64]
    lesson: NDArray[np.int64]
    grown: NDArray[np.float64]
    weight: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What is foretold for some weeks.

    Parameters
    ----------
    expected
        Incidents of the period in each cell, 0 in cells that are not known yet, shape (n,).
    share
        Share of each component, half-lives outer and reaches inner, the even one last; sums to 1.
    foretold
        Incidents before the forecast from which the shares were learnt.
    """

    expected: NDArray[np.float64]
    share: NDArray[np.float64]
    foretold: int


def forecasts(
    xy_m: NDArray[np.float64],
    week: NDArray[np.int64],
    centres_m: NDArray[np.float64],
    *,
    cell: NDArray[np.int64],
    known_since: NDArray[np.int64],
    origins: Sequence[int],
    horizon_weeks: int = 1,
) -> tuple[Forecast, ...]:
    """
    Foretell one period after another, each from what came before it.

    Parameters
    ----------
    xy_m
        Where the incidents lie, in metres, shape (n, 2).
    week
        When, in whole weeks from 0 on, shape (n,).
    centres_m
        Middle of each cell, shape (c, 2).
    cell
        Cell of each incident, -1 for none, shape (n,).
    known_since
        First week in which a cell is known to be developed; before, it gets nothing and teaches nothing,
        shape (c,).
    origins
        First weeks of the periods, ascending, at whole horizons from each other.
    horizon_weeks
        Length of the period, at least 1.

    Returns
    -------
    tuple of Forecast
        One per origin. What happens in or after the week of an origin does not change its forecast.

    Raises
    ------
    InvalidParameter
        If shapes do not fit, a number is out of its bounds, or periods overlap.
    """
    wanted = _checked(xy_m, week, centres_m, cell, known_since, origins, horizon_weeks)
    if not wanted:
        return ()
    order = np.argsort(week, kind="stable")
    xy_m, week, cell = xy_m[order], week[order], cell[order]
    fade = 0.5 ** (1 / np.repeat(HALF_LIVES_WEEKS, len(REACHES_M)))
    surface = np.zeros((fade.size + 1, len(centres_m)))
    surface[-1] = 1.0
    share = np.full(fade.size + 1, 1 / (fade.size + 1))
    # The components of a cell's own count; the others stand for a prior, whose weight does not grow.
    grows = np.append(np.tile(np.array(REACHES_M) == 0.0, len(HALF_LIVES_WEEKS)), False)
    lessons, taught = [np.empty((0, share.size))], [np.empty(0, np.int64)]
    masses: list[NDArray[np.float64]] = []
    level, known_weeks, found = 0.0, 0.0, []
    first = wanted[0] % horizon_weeks
    start = np.searchsorted(week, np.arange(wanted[-1] + horizon_weeks + 1))
    tree = KDTree(centres_m)
    for now in range(wanted[-1] + 1):
        if now >= first and (now - first) % horizon_weeks == 0:
            component, mass = _normalised(surface, known_since <= now)
            mass[~grows] = 1.0
            if now in wanted:
                foretold, lesson = np.concatenate(lessons), np.concatenate(taught)
                lessons, taught = [foretold], [lesson]
                if len(foretold):
                    age_weeks = (len(masses) - lesson) * horizon_weeks
                    weight = 0.5 ** (age_weeks / LESSON_HALF_LIFE_WEEKS)
                    share = _fitted(_Lessons(foretold, lesson, np.array(masses) / mass, weight), share)
                mean = level / known_weeks if known_weeks > 0 else 0.0
                expected = horizon_weeks * mean * (share @ component)
                found.append(Forecast(expected, share, len(foretold)))
            coming = cell[start[now] : start[now + horizon_weeks]]
            coming = coming[(coming >= 0) & (known_since[coming] <= now)]
            if now > 0:
                lessons.append(component[:, coming].T)
                taught.append(np.full(coming.size, len(masses)))
                masses.append(mass)
        came = slice(start[now], start[now + 1])
        surface[:-1] *= fade[:, None]
        _spread(surface, xy_m[came], cell[came], centres_m, tree)
        forget = 0.5 ** (1 / LEVEL_HALF_LIFE_WEEKS)
        level, known_weeks = level * forget + (came.stop - came.start), known_weeks * forget + 1.0
    return tuple(found)


def _checked(
    xy_m: NDArray[np.float64],
    week: NDArray[np.int64],
    centres_m: NDArray[np.float64],
    cell: NDArray[np.int64],
    known_since: NDArray[np.int64],
    origins: Sequence[int],
    horizon_weeks: int,
) -> tuple[int, ...]:
    """Check what came; give the origins."""
    n, cells = len(xy_m), len(centres_m)
    if xy_m.shape != (n, 2) or not week.shape == cell.shape == (n,):
        raise InvalidParameter(
            f"xy_m, week and cell must be one per incident, got {xy_m.shape}, {week.shape}, {cell.shape}"
        )
    if centres_m.shape != (cells, 2) or known_since.shape != (cells,) or cells == 0:
        raise InvalidParameter(
            f"centres_m and known_since must be one per cell, got {centres_m.shape}, {known_since.shape}"
        )
    if not (np.isfinite(xy_m).all() and np.isfinite(centres_m).all()):
        raise InvalidParameter("xy_m and centres_m must be finite, got a number that is not")
    if n and (week.min() < 0 or cell.min() < -1 or cell.max() >= cells):
        raise InvalidParameter(f"week must be at least 0 and cell -1 to {cells - 1}")
    if horizon_weeks < 1:
        raise InvalidParameter(f"horizon_weeks must be at least 1, got {horizon_weeks}")
    wanted = tuple(int(origin) for origin in origins)
    steps = np.diff(wanted)
    if wanted and (wanted[0] < 0 or (steps <= 0).any() or (steps % horizon_weeks).any()):
        raise InvalidParameter(
            f"origins must ascend from at least 0 by multiples of {horizon_weeks}, got {wanted}"
        )
    return wanted


def _normalised(
    surface: NDArray[np.float64], is_known: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Make each component a distribution over the known cells, one without incidents even; tell the sums."""
    component = np.where(is_known, surface, 0.0)
    total = component.sum(axis=1)
    even = is_known / max(1, int(np.count_nonzero(is_known)))
    some = (total > 0)[:, None]
    return np.where(some, component / np.where(some, total[:, None], 1.0), even), total


def _fitted(lessons: _Lessons, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Find the shares of now under which what came was most likely.

    Steps of minorisation and maximisation, of which two tell how far the next may leap (SQUAREM).
    """
    chance = lessons.chance * lessons.grown[lessons.lesson]
    per_lesson = np.bincount(lessons.lesson, weights=lessons.weight, minlength=len(lessons.grown))
    taught = per_lesson > 0
    grown, per_lesson = lessons.grown[taught], per_lesson[taught]

    def better(share: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        """Take one step, and tell how likely what came was before it."""
        mixed, offered = chance @ share, grown @ share
        explained = chance.T @ (lessons.weight / mixed) * share
        expected = grown.T @ (per_lesson / offered) * share
        prior = _PRIOR_INCIDENTS / share.size
        after = share * (explained + prior) / (expected + _PRIOR_INCIDENTS * share)
        likely = lessons.weight @ np.log(mixed) - per_lesson @ np.log(offered) + prior * np.log(share).sum()
        return after / after.sum(), float(likely)

    # A start on the edge would be slow to leave it.
    share = (share + 1e-3) / (share + 1e-3).sum()
    before = -math.inf
    for _ in range(_MOST_ROUNDS):
        first, _ = better(share)
        second, likely = better(first)
        step, bend = np.log(first / share), np.log(second * share / first**2)
        leap = max(1.0, float(np.linalg.norm(step) / max(float(np.linalg.norm(bend)), 1e-300)))
        with np.errstate(all="ignore"):
            far = share * np.exp(2 * leap * step + leap**2 * bend)
            far /= far.sum()
            likely_far = better(far)[1]
        # A leap too far is less likely, or no number at all.
        share, likely = (far, likely_far) if likely_far >= likely else (second, likely)
        if likely - before < _CLOSE * per_lesson.sum():
            break
        before = likely
    return share


def _spread(
    surface: NDArray[np.float64],
    xy_m: NDArray[np.float64],
    cell: NDArray[np.int64],
    centres_m: NDArray[np.float64],
    tree: KDTree,
) -> None:
    """Add a week's incidents to the cell that holds them and to those around."""
    near = [tree.query_ball_point(place, REACHES_M[-1], return_sorted=True) for place in xy_m]
    ends = np.cumsum([0, *(len(cells) for cells in near)])
    cells = np.array([cell for cells in near for cell in cells], np.int64)
    _add(surface, xy_m, cell, centres_m, ends, cells, np.array(REACHES_M))


@numba.njit(cache=True, nogil=True)
def _add(
    surface: NDArray[np.float64],
    xy_m: NDArray[np.float64],
    cell: NDArray[np.int64],
    centres_m: NDArray[np.float64],
    ends: NDArray[np.int64],
    near: NDArray[np.int64],
    reaches_m: NDArray[np.float64],
) -> None:
    """Add kernels of all reaches to the components of all half-lives."""
    for i in range(len(xy_m)):
        for k in range(0, len(surface) - 1, reaches_m.size):
            if cell[i] >= 0:
                surface[k, cell[i]] += 1.0
        for edge in range(ends[i], ends[i + 1]):
            at = near[edge]
            squared_m2 = (xy_m[i, 0] - centres_m[at, 0]) ** 2 + (xy_m[i, 1] - centres_m[at, 1]) ** 2
            for reach in range(1, reaches_m.size):
                value = quartic_value(squared_m2, reaches_m[reach])
                for k in range(reach, len(surface) - 1, reaches_m.size):
                    surface[k, at] += value
