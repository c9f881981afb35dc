"""
Which areas have a high rate, once chance in the small ones is taken into account? Empirical Bayes shrinkage.

Question: what is the underlying rate, or relative risk, of each area?
Null: none; each area's rate is pulled towards that of all areas, the more the fewer it counts.
Cost: linear in the areas (or in neighbouring pairs); the likelihood fit a few hundred times that.
Reference: Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators; Clayton &
Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks for use in disease mapping.

Where the areas vary no more than chance makes them, the variance between them is taken for 0 and all of
them get the common rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaincinv, gammaln

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import (
    CONFIDENCE,
    Interval,
    exact_interval,
    non_negative,
    open_share,
    positive,
    whole,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_CONVERGED = 1e-10
"""Relative change of the prior below which the iteration has settled."""

_MOST_ROUNDS = 10_000

_POOLED = 1e-9
"""Variance divided by squared mean below which the areas are one."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """
    Rates pulled towards a common one.

    Parameters
    ----------
    rate
        The shrunk rate of each area.
    weight
        What part of it is the area's own rate, 0 to 1.
    prior_mean
        The common rate: one number, or one per area for the local method.
    prior_variance
        Variance of the underlying rates: one number, or one per area.
    """

    rate: NDArray[np.float64]
    weight: NDArray[np.float64]
    prior_mean: NDArray[np.float64]
    prior_variance: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GammaPrior:
    """
    The gamma distribution from which the areas' relative risks come.

    Parameters
    ----------
    mean
        Its mean, above 0.
    variance
        Its variance; 0 where the areas are one.
    """

    mean: float
    variance: float

    @property
    def shape(self) -> float:
        """The shape a; infinite without variance."""
        return self.mean**2 / self.variance if self.variance > 0 else np.inf

    @property
    def rate(self) -> float:
        """The rate b; infinite without variance."""
        return self.mean / self.variance if self.variance > 0 else np.inf

    @classmethod
    def of(cls, *, shape: float, rate: float) -> GammaPrior:
        """
        Make a prior from shape and rate.

        Parameters
        ----------
        shape
            The shape a, above 0.
        rate
            The rate b, above 0.

        Returns
        -------
        GammaPrior
            The prior with mean a / b and variance a / b².
        """
        a, b = float(positive(shape, name="shape")), float(positive(rate, name="rate"))
        return cls(a / b, a / b**2)


@dataclass(frozen=True, slots=True)
class RelativeRisk:
    """
    Observed divided by expected, with what chance leaves open.

    Parameters
    ----------
    risk
        The relative risk of each area: 1 is as expected.
    lower, upper
        Its interval.
    """

    risk: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def marshall(events: ArrayLike, population: ArrayLike) -> Shrunk:
    """
    Pull each area's rate towards that of all areas together.

    Parameters
    ----------
    events
        Incidents in each area, at least one in all of them, shape (n,).
    population
        Homes, inhabitants or other units at risk in each, above 0, shape (n,).

    Returns
    -------
    Shrunk
        The rates; mean and variance of the prior are single numbers.

    Examples
    --------
    >>> marshall([0, 2, 5, 1, 12], [100, 300, 400, 250, 500]).rate.round(5).tolist()
    [0.01052, 0.01038, 0.01271, 0.00969, 0.01879]
    """
    observed, at_risk = _areas(events, population)
    prior = _marshall_prior(observed, at_risk)
    return _shrunk(observed, at_risk, np.asarray(prior.mean), np.asarray(prior.variance))


def marshall_local(
    events: ArrayLike, population: ArrayLike, *, start: NDArray[np.int64], neighbour: NDArray[np.int64]
) -> Shrunk:
    """
    Pull each area's rate towards that of its neighbourhood.

    Parameters
    ----------
    events
        Incidents in each area, shape (n,).
    population
        Units at risk in each, above 0, shape (n,).
    start
        Where the neighbours of each area begin in `neighbour`, shape (n + 1,).
    neighbour
        The areas around each, itself included, shape (start[-1],).

    Returns
    -------
    Shrunk
        The rates, with mean and variance of the prior of each area.
    """
    observed, at_risk = _areas(events, population)
    first, other = np.asarray(start, np.int64), np.asarray(neighbour, np.int64)
    sizes = np.diff(first)
    if first.size != observed.size + 1 or (sizes < 1).any() or first[-1] != other.size:
        raise InvalidParameter(
            f"start must tell at least one neighbour, itself, for each of {observed.size} areas"
        )
    own = np.repeat(np.arange(observed.size), sizes)

    def around(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(own, values, observed.size).astype(np.float64)

    people = around(at_risk[other])
    mean = around(observed[other]) / people
    spread = around(at_risk[other] * (observed[other] / at_risk[other] - mean[own]) ** 2) / people
    variance = np.maximum(0.0, spread - mean / (people / sizes))
    return _shrunk(observed, at_risk, mean, variance)


def gamma_prior(observed: ArrayLike, expected: ArrayLike) -> GammaPrior:
    """
    Estimate the prior of relative risks by moments, as Marshall does for rates.

    Parameters
    ----------
    observed
        Incidents in each area, at least one in all of them, shape (n,).
    expected
        What was expected in each, above 0, shape (n,).

    Returns
    -------
    GammaPrior
        The prior.
    """
    return _marshall_prior(*_areas(observed, expected))


def gamma_prior_iterated(observed: ArrayLike, expected: ArrayLike) -> GammaPrior:
    """
    Estimate the prior by the moments of the shrunk risks, until both agree (Clayton & Kaldor).

    Parameters
    ----------
    observed
        Incidents in each area, at least one in all of them, at least two areas, shape (n,).
    expected
        What was expected in each, above 0, shape (n,).

    Returns
    -------
    GammaPrior
        The prior.
    """
    count, mean = _areas(observed, expected)
    if count.size < 2:  # noqa: PLR2004 (a variance needs two)
        raise InvalidParameter(f"at least 2 areas are needed for a variance, got {count.size}")
    prior = GammaPrior(float(count.sum() / mean.sum()), float(np.var(count / mean, ddof=1)))
    for _ in range(_MOST_ROUNDS):
        if prior.variance <= _POOLED * prior.mean**2:
            return GammaPrior(float(count.sum() / mean.sum()), 0.0)
        risk = (count + prior.shape) / (mean + prior.rate)
        centre = float(risk.mean())
        variance = float(((1 + prior.rate / mean) * (risk - centre) ** 2).sum() / (count.size - 1))
        settled = abs(variance - prior.variance) <= _CONVERGED * prior.variance
        prior = GammaPrior(centre, variance)
        if settled:
            break
    return prior


def gamma_prior_likelihood(observed: ArrayLike, expected: ArrayLike) -> GammaPrior:
    """
    Estimate the prior of relative risks by maximum likelihood of the negative binomial counts.

    Parameters
    ----------
    observed
        Incidents in each area, at least one in all of them, shape (n,).
    expected
        What was expected in each, above 0, shape (n,).

    Returns
    -------
    GammaPrior
        The prior.
    """
    count, mean = _areas(observed, expected)
    common = float(count.sum() / mean.sum())
    # The slope of the likelihood where the variance is 0: without excess variance the maximum lies there.
    if ((count - common * mean) ** 2 - count).sum() <= 0:
        return GammaPrior(common, 0.0)

    def minus_likelihood(log_shape_rate: NDArray[np.float64]) -> float:
        a, b = np.exp(log_shape_rate)
        terms = gammaln(count + a) - gammaln(a) + a * np.log(b / (b + mean)) - count * np.log(b + mean)
        return -float(terms.sum())

    start = _marshall_prior(count, mean)
    shape = start.shape if np.isfinite(start.shape) else 1.0
    best = minimize(
        minus_likelihood,
        np.log([shape, shape / common]),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 2_000},
    )
    a, b = np.exp(best.x)
    return GammaPrior.of(shape=float(a), rate=float(b))


def posterior(
    observed: ArrayLike, expected: ArrayLike, *, prior: GammaPrior, confidence: float = CONFIDENCE
) -> RelativeRisk:
    """
    Give each area's relative risk after its count is known, with its credible interval.

    Parameters
    ----------
    observed
        Incidents in each area.
    expected
        What was expected in each, above 0.
    prior
        The distribution of the risks before.
    confidence
        Probability of the interval, tails of equal size.

    Returns
    -------
    RelativeRisk
        Posterior mean and interval, of the shape of the counts.

    Examples
    --------
    >>> after = posterior(6, 4, prior=GammaPrior.of(shape=2, rate=0.5))
    >>> round(float(after.risk), 3), round(float(after.lower), 3), round(float(after.upper), 3)
    (1.778, 0.768, 3.205)
    """
    count, mean = np.broadcast_arrays(whole(observed, name="observed"), positive(expected, name="expected"))
    outside = (1.0 - open_share(confidence, name="confidence")) / 2.0
    if prior.variance == 0:
        risk = np.full(count.shape, prior.mean)
        return RelativeRisk(risk, risk.copy(), risk.copy())
    shape, rate = count + prior.shape, mean + prior.rate
    return RelativeRisk(
        np.asarray(shape / rate),
        np.asarray(gammaincinv(shape, outside) / rate),
        np.asarray(gammaincinv(shape, 1.0 - outside) / rate),
    )


def relative_risk(
    observed: ArrayLike, expected: ArrayLike, *, confidence: float = CONFIDENCE
) -> RelativeRisk:
    """
    Divide what was observed by what was expected, with the exact Poisson interval and no shrinkage.

    Parameters
    ----------
    observed
        Incidents in each area.
    expected
        What was expected in each, above 0.
    confidence
        Least coverage of the interval.

    Returns
    -------
    RelativeRisk
        Risk and interval, of the shape of the counts.
    """
    mean = positive(expected, name="expected")
    interval: Interval = exact_interval(observed, confidence=confidence)
    return RelativeRisk(np.asarray(observed) / mean, interval.lower / mean, interval.upper / mean)


def _areas(events: ArrayLike, population: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take counts and what they are divided by, one of each per area."""
    observed, at_risk = non_negative(events, name="events"), positive(population, name="population")
    if observed.ndim != 1 or observed.shape != at_risk.shape:
        raise InvalidParameter(
            f"events and population must be one per area, got {observed.shape}, {at_risk.shape}"
        )
    if observed.sum() == 0:
        raise InvalidParameter("events must not all be 0: without any there is no rate to pull towards")
    return observed, at_risk


def _marshall_prior(observed: NDArray[np.float64], at_risk: NDArray[np.float64]) -> GammaPrior:
    """Estimate mean and variance of the underlying rates by moments, weighted by population."""
    mean = observed.sum() / at_risk.sum()
    spread = (at_risk * (observed / at_risk - mean) ** 2).sum() / at_risk.sum()
    return GammaPrior(float(mean), float(max(0.0, spread - mean / at_risk.mean())))


def _shrunk(
    observed: NDArray[np.float64],
    at_risk: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
) -> Shrunk:
    """Weigh own and common rate by what is known of each."""
    noise = mean / at_risk
    total = variance + noise
    # Without any event around there is neither variance nor noise, and nothing to choose between.
    weight = np.divide(variance, total, out=np.zeros_like(total), where=total > 0)
    return Shrunk(weight * observed / at_risk + (1 - weight) * mean, weight, mean, variance)
