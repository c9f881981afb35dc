"""
How many incidents do the weeks before lead to expect? One seasonal expectation for all that judge a week.

Question: given the weeks before, how are the counts of this week distributed if nothing changes?
Null: none; this is the distribution that others test against.
Cost: 24 settings times the weeks looked back upon, per series; 0.1 ms for a series of weeks.
Reference: Smith & Miller (1986), A non-Gaussian state space model and application to prediction of records;
Harvey & Fernandes (1989), Time series models for count or qualitative observations (gamma levels with
discounting); Noufaily et al. (2013), An improved algorithm for outbreak detection in multiple surveillance
systems, on past outbreaks, season and trend.

Series form a tree: a city's series has its neighbourhoods below it, and they take their season and trend
from it, since their own history is too thin for either. Each series has a level that follows its past weeks,
recent ones more; how fast it forgets and how uneven its weeks are is not chosen but weighed, by how well each
setting foretold the weeks before, among all series together and then in each. The result is a mixture of
negative binomials, so that what is not known of mean and size makes p-values larger, not smaller.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import at_least, whole
from hotspot.stats.exceedance import exceedance
from hotspot.stats.rates import gamma_prior

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEAST_STEPS = 8
"""Weeks before the judged one below which nothing is expected of it; EARS takes seven."""

ROOT = -1
"""What `within` says of a series that lies in no other."""

WEEKS_A_YEAR = 52
"""Steps after which a season returns."""

_LOOKED_BACK_YEARS = 1.0
"""Years of which the levels are followed; the season is taken from all there are."""

_DISCOUNTS = (0.8, 0.93, 0.98)
"""What part of a week's weight is left a week later: a memory of 5, 14 and 50 weeks."""
_UNEVENNESS = (0.0, 0.003, 0.02, 0.1, 0.25, 0.5, 1.0, 2.0)
"""Settings of 1 / k, k the size of the negative binomial: from Poisson to weeks of all or nothing."""
_SETTINGS = np.array(list(product(_DISCOUNTS, _UNEVENNESS)))

_CAUTION, _CAUTION_WEEKS = 1.2, 5.0
"""
What unevenness is multiplied with in what is foretold, and what is added to that, divided by the weeks.

Its estimate is too small where it matters, in the far tail; chosen on `tests/bench/test_rise_alarms.py`.
"""

_OUTBREAK_SD = 4.0
"""Standard deviations above which a past count does not raise the level any further."""

_LEARNING_STEPS = 3
"""First weeks that teach the level and judge no setting: what was believed before them is rough."""

_PRIOR_EVENTS = 0.5
"""Events' worth of prior belief in a level (Jeffreys), where there are no series like it to learn from."""
_PRIOR_EVENTS_BOUNDS = (0.2, 5.0)

_FLOOR = 2.0
"""Series' worth of belief that all settings are equally likely."""
_ROUNDS = 30
"""Rounds of expectation and maximisation; the shares change by less than a thousandth after a dozen."""

_WAVES = 2
"""Waves a year that a season is made of."""
_PRIOR_SD = (math.inf, 0.3, 0.3, 0.3, 0.15, 0.15)
"""Of the logarithms of level, yearly trend and each wave's two amplitudes: 0.3 is a swing of a third."""
_FITS = 6
_SAME_WEEKS = 2.0 / 52.0
"""Years around the same week of previous years that count as that week: two weeks to each side."""
_SAME_WEEK_SD = 0.05
"""What the logarithm of a week may deviate from its waves each year, such as around holidays."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """
    What the weeks before lead to expect of the judged week: a mixture of negative binomials for each series.

    Parameters
    ----------
    expected
        Mean count of the judged week, above 0, shape (n,).
    history
        What each of the weeks before was expected to be by then, oldest first, shape (n, weeks); the season
        is known with hindsight.
    events
        Effective number of events behind `expected`: one divided by this is its relative variance, shape
        (n,).
    weights
        Weights of the settings, rows add up to 1, shape (n, settings).
    means, sizes
        Mean and size of the negative binomial under each setting, the uncertainty of the mean in it, same
        shape.
    """

    expected: NDArray[np.float64]
    history: NDArray[np.float64]
    events: NDArray[np.float64]
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    sizes: NDArray[np.float64]

    def of(self, rows: NDArray[np.intp]) -> Expectation:
        """
        Take some of the series.

        Parameters
        ----------
        rows
            Their numbers, shape (m,).

        Returns
        -------
        Expectation
            Of these series, in this order.
        """
        return Expectation(*(getattr(self, field.name)[rows] for field in fields(self)))

    def at_least(self, counts: ArrayLike, *, times: ArrayLike = 1.0) -> NDArray[np.float64]:
        """
        Give the chance of so many incidents or more.

        Parameters
        ----------
        counts
            Counts of the judged week, shape (n,).
        times
            Factor on the expectation, above 0: what a rise of the whole city makes of it.

        Returns
        -------
        ndarray
            P(X >= count), 1 for a count of 0, shape (n,).
        """
        observed = whole(counts, name="counts")
        some = np.flatnonzero(observed > 0)
        factor = np.broadcast_to(np.asarray(times, np.float64), observed.shape)[some, None]
        tails = exceedance(observed[some, None], expected=self.means[some] * factor, size=self.sizes[some])
        chance = np.ones(observed.shape)
        chance[some] = np.minimum(1.0, (self.weights[some] * tails).sum(axis=1))
        return chance

    def at_most(self, counts: ArrayLike) -> NDArray[np.float64]:
        """
        Give the chance of so many incidents or fewer.

        Parameters
        ----------
        counts
            Counts of the judged week, shape (n,).

        Returns
        -------
        ndarray
            P(X <= count), shape (n,).
        """
        more = whole(counts, name="counts")[:, None] + 1.0
        tails = 1.0 - exceedance(more, expected=self.means, size=self.sizes)
        return np.asarray(np.clip((self.weights * tails).sum(axis=1), 0.0, 1.0))


class _Season(NamedTuple):
    """Season and trend of a city by week, the same without the week itself, and their variance ahead."""

    curve: NDArray[np.float64]
    foretold: NDArray[np.float64]
    variance: float


def expectation(counts: ArrayLike, *, within: ArrayLike, steps_a_year: int = WEEKS_A_YEAR) -> Expectation:
    """
    Tell what the weeks before lead to expect of the judged week, for many series at once.

    Parameters
    ----------
    counts
        Incidents by series and week before the judged one, oldest first, at least `LEAST_STEPS` weeks, shape
        (n, weeks). Weeks without incidents are zeros, not gaps.
    within
        Row of the series that each lies in, such as the city's, or `ROOT`, shape (n,). A series comes after
        the one that it lies in.
    steps_a_year
        Steps after which a season returns: 52 for weeks, 13 for steps of four weeks.

    Returns
    -------
    Expectation
        For the week after the last one.

    Raises
    ------
    InvalidParameter
        If there are too few weeks or a series does not lie after the one that it lies in.

    Examples
    --------
    >>> city = [20, 18, 22, 21, 19, 20, 23, 17, 20, 20]
    >>> square = [2, 1, 3, 2, 2, 1, 3, 2, 2, 2]
    >>> found = expectation([city, square], within=[ROOT, 0])
    >>> found.expected.round(1).tolist()
    [19.7, 2.1]
    """
    series, inside = _tree(counts, within)
    kept = min(series.shape[1], round(_LOOKED_BACK_YEARS * steps_a_year))
    recent = np.ascontiguousarray(series[:, -kept:])
    depth = _depths(inside)
    exposure, unknown = np.empty((len(series), kept + 1)), np.zeros(len(series))
    foretold = np.empty_like(exposure)
    prior = np.empty((len(series), 2))
    means = np.empty((len(series), len(_SETTINGS), kept + 1))
    events = np.empty((len(series), len(_SETTINGS)))
    fit = np.empty_like(events)
    weights = np.empty_like(events)
    fitted = np.empty_like(exposure)
    for level in range(int(depth.max(initial=-1)) + 1):
        rows = np.flatnonzero(depth == level)
        for row in rows if level == 0 else ():
            season = _season(series[row], steps_a_year)
            exposure[row], foretold[row] = season.curve[-kept - 1 :], season.foretold[-kept - 1 :]
            unknown[row] = season.variance
            at_risk = exposure[row, :-1].sum()
            prior[row] = _PRIOR_EVENTS, _PRIOR_EVENTS * at_risk / max(recent[row].sum(), _PRIOR_EVENTS)
        if level > 0:
            exposure[rows], unknown[rows] = fitted[inside[rows]], unknown[inside[rows]]
            foretold[rows] = exposure[rows]
            for parent in np.unique(inside[rows]):
                below = rows[inside[rows] == parent]
                prior[below] = _prior(recent[below].sum(axis=1))
        found = _follow(recent[rows], exposure[rows], foretold[rows], prior[rows], _SETTINGS, _OUTBREAK_SD)
        fit[rows], means[rows], events[rows] = found
        weights[rows] = _weights(fit[rows])
        fitted[rows] = np.einsum("is,ist->it", weights[rows], means[rows])
    relative = 1.0 / events + unknown[:, None]
    uneven = (_CAUTION + _CAUTION_WEEKS / kept) * _SETTINGS[:, 1]
    sizes = 1.0 / (uneven + (1.0 + uneven) * relative)
    expected, last = fitted[:, -1], means[:, :, -1]
    variance = (weights * last**2 * (1.0 + relative)).sum(axis=1) - expected**2
    return Expectation(expected, fitted[:, :-1], expected**2 / variance, weights, last, sizes)


def _tree(counts: ArrayLike, within: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Take series, and in which other each lies."""
    series = np.ascontiguousarray(whole(counts, name="counts"))
    inside = np.asarray(within, np.intp)
    if series.ndim != 2 or inside.shape != series.shape[:1]:  # noqa: PLR2004 (series by weeks)
        raise InvalidParameter(f"within must be one per series, got {inside.shape} for {series.shape}")
    at_least(series.shape[1], least=LEAST_STEPS, name="the number of weeks before")
    if not ((inside >= ROOT) & (inside < np.arange(inside.size))).all():
        raise InvalidParameter("each series must come after the one that it lies in")
    return series, inside


def _depths(inside: NDArray[np.intp]) -> NDArray[np.intp]:
    """Count the series around each series."""
    depth = np.zeros(inside.size, np.intp)
    for row, parent in enumerate(inside):
        depth[row] = 0 if parent == ROOT else depth[parent] + 1
    return depth


def _prior(totals: NDArray[np.float64]) -> tuple[float, float]:
    """Give shape and rate of the gamma distribution from which the shares of siblings come."""
    shape = _PRIOR_EVENTS
    if totals.size > 1 and totals.sum() > 0:
        found = gamma_prior(totals, np.full(totals.size, totals.mean()))
        shape = float(np.clip(found.shape, *_PRIOR_EVENTS_BOUNDS))
    return shape, shape * totals.size


def _weights(fit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh the settings in each series, beginning with how common each is among all (empirical Bayes)."""
    likelihood = np.exp(fit - fit.max(axis=1, keepdims=True))
    even = np.full(fit.shape[1], 1.0 / fit.shape[1])
    share = even
    for _ in range(_ROUNDS):
        weights = likelihood * share
        weights /= weights.sum(axis=1, keepdims=True)
        share = (_FLOOR * even + weights.sum(axis=0)) / (_FLOOR + len(fit))
    weights = likelihood * share
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@numba.njit(cache=True, nogil=True)
def _follow(
    counts: NDArray[np.float64],
    exposure: NDArray[np.float64],
    foretold: NDArray[np.float64],
    prior: NDArray[np.float64],
    settings: NDArray[np.float64],
    outbreak_sd: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Foretell each week from those before; gives log-likelihoods, means by week, and events behind them."""
    n, weeks = counts.shape
    fit = np.empty((n, len(settings)))
    means = np.empty((n, len(settings), weeks + 1))
    events = np.empty((n, len(settings)))
    for row in range(n):
        for setting in range(len(settings)):
            discount, unevenness = settings[setting]
            seen, at_risk, total = 0.0, 0.0, 0.0
            for week in range(weeks):
                shape = prior[row, 0] + seen
                mean = shape / (prior[row, 1] + at_risk) * foretold[row, week]
                size = 1.0 / (unevenness + (1.0 + unevenness) / shape)
                means[row, setting, week] = mean
                count = counts[row, week]
                if week >= _LEARNING_STEPS:
                    total -= size * math.log1p(mean / size)
                    if count > 0:
                        total += _log_rising(size, mean / (size + mean), count)
                if week >= _LEARNING_STEPS and count > mean + 1.0:
                    count = min(count, mean + outbreak_sd * math.sqrt(mean + mean * mean / size) + 1.0)
                # Uneven weeks tell less of their mean than as many even ones.
                worth = 1.0 / (1.0 + unevenness * mean)
                seen = discount * seen + worth * count
                at_risk = discount * at_risk + worth * exposure[row, week]
            fit[row, setting] = total
            events[row, setting] = prior[row, 0] + seen
            means[row, setting, weeks] = (
                events[row, setting] / (prior[row, 1] + at_risk) * foretold[row, weeks]
            )
    return fit, means, events


@numba.njit(cache=True, nogil=True)
def _log_rising(size: float, share: float, count: float) -> float:
    """Give the logarithm of size (size + 1) ... (size + count - 1) times share to the power of count."""
    if count > 8.0:  # noqa: PLR2004 (from here on two logarithms of gamma are quicker)
        return math.lgamma(size + count) - math.lgamma(size) + count * math.log(share)
    factor = 1.0
    for step in range(int(count)):
        factor *= (size + step) * share
    return math.log(factor)


def _season(counts: NDArray[np.float64], period: int) -> _Season:
    """Fit season and trend to a city's series; gives them by week, the judged one last, and its variance."""
    weeks = counts.size
    year = (np.arange(weeks + 1) - weeks) / period
    waves = [part(2.0 * math.pi * wave * year) for wave in range(1, _WAVES + 1) for part in (np.cos, np.sin)]
    design = np.stack([np.ones(weeks + 1), year, *waves], axis=1)
    past = design[:-1]
    precision = np.diag(np.array(_PRIOR_SD) ** -2.0)
    beta = np.zeros(design.shape[1])
    beta[0] = math.log(max(counts.mean(), 0.5 / weeks))
    mean = np.exp(past @ beta)
    capped, unevenness = counts, 0.0
    for _ in range(_FITS):
        variance = mean * (1.0 + unevenness * mean)
        capped = np.minimum(counts, mean + _OUTBREAK_SD * np.sqrt(variance) + 1.0)
        worth = mean / (1.0 + unevenness * mean)
        response = np.log(mean) + np.clip((capped - mean) / mean, -1.0, 3.0)
        weighted = past * worth[:, None]
        covariance = np.linalg.inv(past.T @ weighted + precision)
        beta = covariance @ (weighted.T @ response)
        mean = np.exp(np.clip(past @ beta, -20.0, 20.0))
        excess = ((counts - mean) ** 2 - mean).sum() / (mean**2).sum()
        unevenness = float(np.clip(excess, 0.0, 10.0))
    # What is unknown of level is followed week by week; what remains is how the season goes on from here.
    ahead = design[-1] - design[-max(3, round(period / 9)) - 1 : -1].mean(axis=0)
    curve = np.exp(design[:, 1:] @ beta[1:]) * _same_weeks(counts, mean, unevenness, period)
    # Past weeks are judged by the curve without themselves, or their fit would flatter the foretelling.
    leverage = np.minimum(0.5, worth * ((past @ covariance) * past).sum(axis=1))
    without = np.append(np.exp(-leverage / (1.0 - leverage) * (response - past @ beta)), 1.0)
    return _Season(curve, curve * without, float(ahead[1:] @ covariance[1:, 1:] @ ahead[1:]))


def _same_weeks(
    counts: NDArray[np.float64], mean: NDArray[np.float64], unevenness: float, period: int
) -> NDArray[np.float64]:
    """Tell how the same weeks of previous years lay above their waves; 1 where that says little."""
    weeks, reach = counts.size, round(_SAME_WEEKS * period)
    worth = 1.0 / (1.0 + unevenness * mean)
    prior = _SAME_WEEK_SD**-2.0
    seen, fitted = np.full(weeks + 1, prior), np.full(weeks + 1, prior)
    for back in range(period, weeks + 1, period):
        for offset in range(-reach, reach + 1):
            week = np.arange(back - offset, weeks + 1)
            week = week[week <= weeks]
            other = week - back + offset
            known = (other >= 0) & (other < weeks)
            seen[week[known]] += (worth * counts)[other[known]]
            fitted[week[known]] += (worth * mean)[other[known]]
    return np.asarray(seen / fitted)
