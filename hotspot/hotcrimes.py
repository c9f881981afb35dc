"""
Which kind of incident stands out in which neighbourhood this week? The matrix of subthemes and areas.

Question: for each subtheme in each area: how many, how many expected, is there a trend, is it beyond chance?
Null: the week is drawn from the cell's `expectation`, which takes season and trend from the subtheme in the
city, and that from its theme; for the trend, all orders of the steps are equally likely.
Cost: that of the expectation, and 78 slopes a cell.
Reference: Clayton & Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks; Benjamini &
Hochberg (1995); Mann (1945); Kendall (1975).

Cells are small. Their ratios are therefore drawn towards that of all cells, and a cell with hardly any past
is not tested at all: what it holds this week does not decide about that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.expectation import LEAST_STEPS, ROOT, expectation
from hotspot.model import Level
from hotspot.stats.counts import open_share, whole
from hotspot.stats.fdr import benjamini_hochberg
from hotspot.stats.rates import GammaPrior, gamma_prior, posterior
from hotspot.stats.trend import mann_kendall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.expectation import Expectation
    from hotspot.model import Area
    from hotspot.stats.rates import RelativeRisk

Direction = Literal["up", "down", "none"]

FALSE_SHARE = 0.1
"""Share of false alarms, and of false trends, among all that is accepted (METHODS 2.7)."""

LEAST_EVENTS = 5
"""Events that a cell needs in the year before, to be more than indicative (METHODS 2.4)."""

_YEAR_WEEKS = 52
_STEP_WEEKS = 4
_STEPS = 13
"""A year in steps of four weeks: too coarse for weeks to matter, too long for a season to be a trend."""

_LEAST_PRIOR_VARIANCE = 0.01
"""Cells differ by a tenth at least, or an interval could have no width."""


@dataclass(frozen=True, slots=True)
class HotCrime:
    """
    One cell of the matrix.

    Parameters
    ----------
    theme, subtheme
        Names of theme and subtheme.
    area, area_name, level
        Code, name and level of the area.
    observed
        Events of this week.
    expected
        What season and past weeks lead to expect.
    ratio, ratio_lower, ratio_upper
        Observed against expected, drawn towards that of all cells, and its 95 % interval.
    trend
        Where the last 13 steps of four weeks go, if beyond chance among all cells.
    p_value, q_value
        Chance of at least so many events, and adjusted for all tests; absent where there was no test.
    is_alarm
        Whether `q_value` is at most q.
    too_little_data
        Whether the cell was not tested and its ratio is but indicative.
    """

    theme: str
    subtheme: str
    area: str
    area_name: str
    level: Level
    observed: int
    expected: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    trend: Direction
    p_value: float | None
    q_value: float | None
    is_alarm: bool
    too_little_data: bool


@dataclass(frozen=True, slots=True)
class HotCrimes:
    """
    The matrix of one week.

    Parameters
    ----------
    q
        Share of false alarms among all alarms that is accepted.
    tests
        Cells that were tested.
    expected_false
        False alarms to be expected: tests times the largest p-value of an alarm, at most q times the alarms.
    rows
        All cells, ordered by theme, subtheme, level (the city first) and area; none where there are fewer
        than eight weeks before this one.
    """

    q: float
    tests: int
    expected_false: float
    rows: tuple[HotCrime, ...]


def hotcrimes(
    counts: NDArray[np.int64],
    subthemes: Sequence[tuple[str, str]],
    areas: Sequence[Area],
    *,
    q: float = FALSE_SHARE,
) -> HotCrimes:
    """
    Make the matrix of the last week.

    Parameters
    ----------
    counts
        Events by subtheme, area and week, oldest week first and the judged one last, shape (subthemes, areas,
        weeks).
    subthemes
        Theme and subtheme of each.
    areas
        The municipality and its neighbourhoods, in any order; the row of the municipality counts all events.
    q
        Share of false alarms among all alarms that is accepted.

    Returns
    -------
    HotCrimes
        The matrix.

    Raises
    ------
    InvalidParameter
        If the shapes do not fit or there is not exactly one municipality.
    """
    share = open_share(q, name="q")
    observed = _checked(counts, len(subthemes), areas)
    if observed.shape[2] <= LEAST_STEPS or not subthemes:
        return HotCrimes(share, 0, 0.0, ())
    # An order of our own: the same input in any order gives the same bits.
    down = sorted(range(len(subthemes)), key=lambda row: subthemes[row])
    across = sorted(range(len(areas)), key=lambda column: _area_order(areas[column]))
    ordered = observed[np.ix_(np.array(down), np.array(across))]
    names, places = [subthemes[row] for row in down], [areas[column] for column in across]
    found = _expected(ordered, [theme for theme, _ in names])
    cells = ordered.reshape(-1, ordered.shape[2])
    enough = cells[:, -_YEAR_WEEKS - 1 : -1].sum(axis=1) >= LEAST_EVENTS
    p_value = found.at_least(np.concatenate([np.zeros(len(found.expected) - len(cells)), cells[:, -1]]))
    p_value = p_value[-len(cells) :]
    q_value = np.full(len(cells), np.nan)
    q_value[enough] = benjamini_hochberg(p_value[enough])
    alarm = q_value <= share
    trends = _trends(cells, enough, share)
    risk = _ratios(cells[:, -1], found.expected[-len(cells) :])
    rows = tuple(
        HotCrime(
            theme=names[index // len(places)][0],
            subtheme=names[index // len(places)][1],
            area=places[index % len(places)].code,
            area_name=places[index % len(places)].name,
            level=places[index % len(places)].level,
            observed=int(cells[index, -1]),
            expected=float(found.expected[index - len(cells)]),
            ratio=float(risk.risk[index]),
            ratio_lower=float(risk.lower[index]),
            ratio_upper=float(risk.upper[index]),
            trend=trends[index],
            p_value=float(p_value[index]) if enough[index] else None,
            q_value=float(q_value[index]) if enough[index] else None,
            is_alarm=bool(alarm[index]),
            too_little_data=not enough[index],
        )
        for index in range(len(cells))
    )
    threshold = float(p_value[alarm].max(initial=0.0))
    return HotCrimes(share, int(enough.sum()), threshold * int(enough.sum()), rows)


def _checked(counts: NDArray[np.int64], subthemes: int, areas: Sequence[Area]) -> NDArray[np.float64]:
    """Take counts of so many subthemes in areas with one municipality among them."""
    observed = whole(counts, name="counts")
    if observed.ndim != 3 or observed.shape[:2] != (subthemes, len(areas)):  # noqa: PLR2004 (three axes)
        raise InvalidParameter(
            f"counts must be {subthemes} subthemes by {len(areas)} areas by weeks, got {observed.shape}"
        )
    if sum(area.level is Level.MUNICIPALITY for area in areas) != 1:
        raise InvalidParameter("areas must hold one municipality")
    return observed


def _area_order(area: Area) -> tuple[bool, str, str]:
    """Put the city first, then the others by level and code."""
    return area.level is not Level.MUNICIPALITY, area.level, area.code


def _expected(ordered: NDArray[np.float64], themes: Sequence[str]) -> Expectation:
    """Expect all cells, after as many series of whole themes as there are; the first area is the city."""
    names, theme = np.unique(np.array(themes), return_inverse=True)
    n_subthemes, n_areas, weeks = ordered.shape
    whole_themes = np.zeros((names.size, weeks))
    np.add.at(whole_themes, theme, ordered[:, 0])
    city = names.size + np.arange(n_subthemes) * n_areas
    within = np.repeat(city, n_areas).reshape(n_subthemes, n_areas)
    within[:, 0] = theme
    series = np.concatenate([whole_themes, ordered.reshape(-1, weeks)])
    return expectation(series[:, :-1], within=np.concatenate([np.full(names.size, ROOT), within.ravel()]))


def _trends(cells: NDArray[np.float64], enough: NDArray[np.bool_], q: float) -> list[Direction]:
    """Tell which cells rise or fall over a year, with as few false ones among them as among the alarms."""
    found: list[Direction] = ["none"] * len(cells)
    if cells.shape[1] < _STEPS * _STEP_WEEKS or not enough.any():
        return found
    steps = cells[:, -_STEPS * _STEP_WEEKS :].reshape(len(cells), _STEPS, _STEP_WEEKS).sum(axis=2)
    trend = mann_kendall(steps[enough])
    beyond = benjamini_hochberg(trend.p_value) <= q
    for cell, is_trend, score in zip(np.flatnonzero(enough).tolist(), beyond, trend.s, strict=True):
        if is_trend:
            found[cell] = "up" if score > 0 else "down"
    return found


def _ratios(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> RelativeRisk:
    """Divide observed by expected and draw the ratios of all cells towards each other."""
    prior = GammaPrior(1.0, _LEAST_PRIOR_VARIANCE)
    if observed.sum() > 0:
        fitted = gamma_prior(observed, expected)
        prior = GammaPrior(fitted.mean, max(fitted.variance, _LEAST_PRIOR_VARIANCE * fitted.mean**2))
    return posterior(observed, expected, prior=prior)
