"""
How far above expectation are places that are listed because they are high? Shrinkage that knows it.

Question: given what was counted and expected at places that a search picked out, what are their relative
risks really?
Null: none; each risk is pulled towards what the picked places together say of all places, the more the less
was expected there.
Cost: one negative binomial law per place and point of a grid of a few hundred priors.
Reference: Clayton & Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks for use in
disease mapping; Dawid (1994), Selection paradoxes of Bayesian inference, on why a prior of all places needs
no further correction; Deely & Lindley (1981), Bayes empirical Bayes, on priors that are themselves unsure.

A prior fitted to the listed places as if they were all places is too high and too narrow, and their counts
are then believed too much (the winner's curse). Here the weakest of them, by the likelihood ratio against the
expectation, is taken for the bar: it says nothing itself, and of each other place only how far it is above
that bar counts, given that it is above. This holds whether the places were picked by such a bar or are all
there are: beyond the lowest of a sample the others are a sample of what lies above it. What is lost is a
little information, most of it where few places are listed.

The law of the risks is a gamma with mean m E^-g and coefficient of variation v, where E is what was expected.
With g = 0 the risks have nothing to do with the expectation, with g = 1 what happens has nothing to do with
it: an outbreak of ten in a quiet street is as large as one in a busy street. All three numbers are unsure and
are averaged over, so that a single place, too, has an interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, gammaln

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import at_least, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MEDIAN_RISK = 2.0
"""What is thought of the mean risk before any count: as likely below as above twice the expectation..."""
_RISK_SPREAD = 1.5
"""... and, as standard deviation of its logarithm, hardly above forty times or below a tenth."""
_REACH = 2.5
"""Standard deviations to which the grid of mean risks goes."""
_MEANS = 13
_VARIATIONS = (0.1, 16.0)
"""Smallest and largest coefficient of variation: from almost equal risks to rare outbursts."""
_USUAL_VARIATION = 2.0
"""Scale of the half-Cauchy law of the coefficient of variation (Gelman 2006)."""
_STEPS = 11
_SLOPES = ((0.0, 0.8), (0.5, 0.1), (1.0, 0.1))
"""Each g with what it weighs before any count."""
_TINY = 1e-300
"""Chances below it are as good as none."""
_ROUNDING = 1e-9
"""Difference of likelihood ratios that is rounding."""


@dataclass(frozen=True, slots=True)
class RiskLaw:
    """
    The law of relative risks, as far as it is known: several gamma laws with what speaks for each.

    Parameters
    ----------
    weight
        Probability of each law, adding up to 1, shape (k,).
    shape
        Shape of each gamma, shape (k,).
    rate
        Rate of each gamma where one event is expected, shape (k,).
    slope
        Power of the expectation by which the rate grows with it, shape (k,).
    """

    weight: NDArray[np.float64]
    shape: NDArray[np.float64]
    rate: NDArray[np.float64]
    slope: NDArray[np.float64]

    def mean(self, observed: ArrayLike, expected: ArrayLike) -> NDArray[np.float64]:
        """
        Give the relative risk of each place after its count is known.

        Parameters
        ----------
        observed
            Events at each place, shape (n,).
        expected
            What was expected there, above 0, shape (n,).

        Returns
        -------
        ndarray
            Posterior means, shape (n,).
        """
        count, mean = _counted(observed, expected)
        risk = (count + self.shape[:, None]) / (mean + self._rates(mean))
        return np.asarray((self.weight[:, None] * risk).sum(axis=0))

    def draws(
        self, observed: ArrayLike, expected: ArrayLike, *, draws: int, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """
        Draw relative risks of all places together: the law first, then each place's risk under it.

        Parameters
        ----------
        observed, expected
            As in `mean`.
        draws
            How often, at least 1.
        rng
            Source of chance.

        Returns
        -------
        ndarray
            Relative risks, shape (draws, n).
        """
        count, mean = _counted(observed, expected)
        number = int(at_least(draws, least=1, name="draws"))
        law = rng.choice(self.weight.size, size=number, p=self.weight)
        shape = count + self.shape[law, None]
        return np.asarray(rng.standard_gamma(shape) / (mean + self._rates(mean)[law]))

    def _rates(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rate of each gamma at each place."""
        return np.asarray(self.rate[:, None] * expected ** self.slope[:, None])


def risk_law(observed: ArrayLike, expected: ArrayLike) -> RiskLaw:
    """
    Learn from the listed places how relative risks are spread over all places.

    Parameters
    ----------
    observed
        Events at each listed place, shape (n,), n at least 0.
    expected
        What was expected there, above 0, shape (n,).

    Returns
    -------
    RiskLaw
        The law; with fewer than two places, what is thought before any count.

    Examples
    --------
    One count of 6 where 1 was expected, among places of which nothing else is known:

    >>> law = risk_law([6], [1.0])
    >>> round(float(law.mean([6], [1.0])[0]), 2)
    4.97
    """
    count, mean = _counted(observed, expected)
    law = _before()
    if count.size < 2:  # noqa: PLR2004 - the lowest is the bar, so that one place says nothing.
        return law
    ratio = _signed_ratio(count, mean)
    weakest = int(np.argmin(ratio))
    bar = _bar(float(ratio[weakest]), mean, most=int(count.max()))
    above = np.arange(count.size) != weakest
    likelihood = np.log(law.weight) + _log_chance(law, count[above], mean[above], bar[above])
    weight = np.exp(likelihood - likelihood.max())
    return RiskLaw(weight / weight.sum(), law.shape, law.rate, law.slope)


def _counted(observed: ArrayLike, expected: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take counts and what was expected, one of each per place."""
    count, mean = whole(observed, name="observed"), positive(expected, name="expected")
    if count.ndim != 1 or count.shape != mean.shape:
        raise InvalidParameter(
            f"observed and expected must be one per place, got {count.shape} and {mean.shape}"
        )
    return count, mean


def _before() -> RiskLaw:
    """Lay the grid of laws with what they weigh before any count."""
    sigma = np.linspace(-_REACH, _REACH, _MEANS)
    variation = np.geomspace(*_VARIATIONS, _STEPS)
    slope, slope_weight = np.array(_SLOPES).T
    # The steps of the coefficient of variation are equal in its logarithm, hence the factor before the law.
    variation_weight = variation / (1 + (variation / _USUAL_VARIATION) ** 2)
    mean, v, g = np.meshgrid(
        _MEDIAN_RISK * np.exp(_RISK_SPREAD * sigma), variation, slope, indexing="ij", copy=False
    )
    weight = np.exp(-(sigma**2) / 2)[:, None, None] * variation_weight[:, None] * slope_weight
    shape = (1 / v**2).ravel()
    return RiskLaw((weight / weight.sum()).ravel(), shape, shape / mean.ravel(), g.ravel())


def _signed_ratio(count: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-likelihood ratio of a Poisson count against its expectation, negative where it lies below."""
    logged = np.log(np.maximum(count, 1.0) / mean)
    ratio = np.where(count > 0, count * logged, 0.0) - (count - mean)
    return np.asarray(np.where(count >= mean, ratio, -ratio))


def _bar(least: float, mean: NDArray[np.float64], *, most: int) -> NDArray[np.float64]:
    """Smallest count at each place whose ratio reaches the bar."""
    counts = np.arange(most + 1, dtype=np.float64)[:, None]
    return np.asarray((_signed_ratio(counts, mean) >= least - _ROUNDING).argmax(axis=0), np.float64)


def _log_chance(
    law: RiskLaw, count: NDArray[np.float64], mean: NDArray[np.float64], bar: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log of the chance of the counts under each law, given that each reaches its bar."""
    a, b = law.shape[:, None], law._rates(mean)  # noqa: SLF001 - of this module.
    logs = gammaln(count + a) - gammaln(a) + a * np.log(b / (b + mean)) + count * np.log(mean / (b + mean))
    # The upper tail of the negative binomial law is an incomplete beta function.
    reach = np.where(bar > 0, betainc(np.maximum(bar, 1.0), a, mean / (b + mean)), 1.0)
    return np.asarray((logs - np.log(np.maximum(reach, _TINY))).sum(axis=1))
