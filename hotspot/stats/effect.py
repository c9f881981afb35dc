"""
Did a measure help, and where did the incidents go? Before and after, with controls and with displacement.

Question: did incidents in a treated area change more than in its control, and did those around it rise in
exchange?
Null: treated and control areas change alike (weighted displacement difference; difference in differences).
Cost: none to speak of.
Reference: Wheeler & Ratcliffe (2018), A simple weighted displacement difference test to evaluate place
based crime interventions; Bowers & Johnson (2003), Measuring the geographical displacement and diffusion of
benefit effects of crime prevention activity; Guerette (2009), Analyzing crime displacement and diffusion
(POP Guide 10).

An area that was chosen because it was full falls back without any measure: take controls that were as full.
Counts that vary more than Poisson need `dispersion`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erfc, ndtri

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import CONFIDENCE, finite, non_negative, open_share, positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_FULL_TURN_DEG = 360.0


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """
    Incidents of one area before and after the measure.

    Parameters
    ----------
    before, after
        The counts, at least 0.
    size
        Area or length of streets relative to the others, above 0; the effect is then per unit of it.

    Raises
    ------
    InvalidParameter
        If a value is out of bounds.
    """

    before: float
    after: float
    size: float = 1.0

    def __post_init__(self) -> None:
        non_negative([self.before, self.after], name="before and after")
        positive(self.size, name="size")


NOTHING = BeforeAfter(0.0, 0.0)
"""Takes the place of an area that is not looked at."""


@dataclass(frozen=True, slots=True)
class Effect:
    """
    A change with its uncertainty.

    Parameters
    ----------
    estimate
        The change beyond that of the control; negative where incidents were prevented.
    standard_error
        Its standard error.
    z
        Estimate divided by standard error; not a number where that is 0.
    p_value
        Two-sided, from the normal distribution.
    lower, upper
        Confidence interval.
    """

    estimate: float
    standard_error: float
    z: float
    p_value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class DisplacementDifference:
    """
    The weighted displacement difference.

    Parameters
    ----------
    local
        Effect in the treated area.
    displaced
        Effect around it.
    total
        Both together.
    """

    local: Effect
    displaced: Effect
    total: Effect


@dataclass(frozen=True, slots=True)
class DisplacementQuotient:
    """
    The weighted displacement quotient and the effects that go with it.

    Parameters
    ----------
    quotient
        Above 1: diffusion of benefit exceeds the effect; 0 to 1: diffusion; -1 to 0: displacement less than
        the effect; below -1: displacement eclipses it. Not a number where the treated area kept its share.
    displacement, success
        Its numerator and denominator: changes of buffer and treated area relative to the control.
    gross_effect
        Incidents before minus after in the treated area.
    net_effect
        Minus the denominator.
    total_net_effect
        Incidents prevented in treated area and buffer together.
    is_interpretable
        Whether the denominator is below 0, that is whether there was a success that can have been displaced.
    """

    quotient: float
    displacement: float
    success: float
    gross_effect: float
    net_effect: float
    total_net_effect: float
    is_interpretable: bool


@dataclass(frozen=True, slots=True)
class RateRatio:
    """
    The ratio of two changes.

    Parameters
    ----------
    ratio, lower, upper
        Change of the treated area divided by that of the control (incident rate ratio), with its interval.
    log_ratio, standard_error
        Its natural logarithm and the standard error of that.
    z, p_value
        Test of a ratio of 1, two-sided.
    """

    ratio: float
    lower: float
    upper: float
    log_ratio: float
    standard_error: float
    z: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Shift:
    """
    How far and where to the mean centre moved.

    Parameters
    ----------
    distance_m
        Metres between both centres.
    bearing_deg
        Direction, clockwise from the north of the plane, 0 up to 360; not a number where nothing moved.
    """

    distance_m: float
    bearing_deg: float


def displacement_difference(
    treated: BeforeAfter,
    control: BeforeAfter,
    *,
    displaced_treated: BeforeAfter = NOTHING,
    displaced_control: BeforeAfter = NOTHING,
    durations: tuple[float, float] = (1.0, 1.0),
    dispersion: float = 1.0,
    confidence: float = CONFIDENCE,
) -> DisplacementDifference:
    """
    Test whether incidents changed more in treated areas than in their controls (WDD).

    Parameters
    ----------
    treated, control
        Counts of the treated area and of one like it.
    displaced_treated, displaced_control
        Counts of the surroundings of both, if looked at.
    durations
        Length of the time before and after, in the same unit; the effect is then per unit of time.
    dispersion
        Variance of the counts divided by their mean, 1 for Poisson.
    confidence
        Of the intervals.

    Returns
    -------
    DisplacementDifference
        The effects, with normal approximation.

    Examples
    --------
    >>> found = displacement_difference(
    ...     BeforeAfter(207, 110), BeforeAfter(308, 318),
    ...     displaced_treated=BeforeAfter(178, 157), displaced_control=BeforeAfter(150, 140),
    ... )
    >>> found.total.estimate, round(found.total.standard_error, 2), round(found.total.z, 2)
    (-118.0, 39.6, -2.98)
    """
    lengths = positive(durations, name="durations")
    scale = float(positive(dispersion, name="dispersion"))
    local = _difference(treated, control, lengths, scale)
    displaced = _difference(displaced_treated, displaced_control, lengths, scale)
    total = (local[0] + displaced[0], local[1] + displaced[1])
    return DisplacementDifference(*(_effect(*part, confidence) for part in (local, displaced, total)))


def weighted_sum(effects: Sequence[Effect], *, weights: ArrayLike, confidence: float = CONFIDENCE) -> Effect:
    """
    Add up effects on several kinds of incident, each with its harm.

    Parameters
    ----------
    effects
        Effects of independent counts.
    weights
        Harm of one incident of each kind, one weight per effect.
    confidence
        Of the interval.

    Returns
    -------
    Effect
        The effect on the sum.
    """
    harm = finite(weights, name="weights")
    if harm.shape != (len(effects),):
        raise InvalidParameter(f"weights must be {len(effects)}, one per effect, got {harm.size}")
    estimate = sum(effect.estimate * float(w) for effect, w in zip(effects, harm, strict=True))
    variance = sum((effect.standard_error * float(w)) ** 2 for effect, w in zip(effects, harm, strict=True))
    return _effect(estimate, variance, confidence)


def displacement_quotient(
    treated: BeforeAfter, buffer: BeforeAfter, control: BeforeAfter
) -> DisplacementQuotient:
    """
    Compare what happened around a treated area with what happened in it (WDQ).

    Parameters
    ----------
    treated
        Counts of the treated area.
    buffer
        Counts of its surroundings.
    control
        Counts of an area that neither reaches, above 0.

    Returns
    -------
    DisplacementQuotient
        The quotient; read it only where `is_interpretable`.

    Examples
    --------
    >>> found = displacement_quotient(BeforeAfter(40, 20), BeforeAfter(30, 36), BeforeAfter(100, 90))
    >>> round(found.quotient, 4)
    -0.5625
    """
    positive([control.before, control.after], name="the control's counts")
    displacement = buffer.after / control.after - buffer.before / control.before
    success = treated.after / control.after - treated.before / control.before
    growth = control.after / control.before
    return DisplacementQuotient(
        quotient=displacement / success if success != 0 else math.nan,
        displacement=displacement,
        success=success,
        gross_effect=treated.before - treated.after,
        net_effect=-success,
        total_net_effect=(treated.before * growth - treated.after) + (buffer.before * growth - buffer.after),
        is_interpretable=success < 0,
    )


def rate_ratio(
    treated: BeforeAfter, control: BeforeAfter, *, dispersion: float = 1.0, confidence: float = CONFIDENCE
) -> RateRatio:
    """
    Divide the change of a treated area by that of its control (difference in differences of Poisson counts).

    Parameters
    ----------
    treated, control
        Counts of both, all above 0; sizes cancel out.
    dispersion
        Variance of the counts divided by their mean, 1 for Poisson.
    confidence
        Of the interval.

    Returns
    -------
    RateRatio
        The ratio, below 1 where incidents were prevented.

    Examples
    --------
    >>> found = rate_ratio(BeforeAfter(207, 110), BeforeAfter(308, 318))
    >>> round(found.ratio, 4), round(found.lower, 3), round(found.upper, 3)
    (0.5147, 0.389, 0.681)
    """
    counts = positive([treated.before, treated.after, control.before, control.after], name="counts")
    scale = float(positive(dispersion, name="dispersion"))
    log_ratio = math.log(treated.after / treated.before) - math.log(control.after / control.before)
    error = math.sqrt(scale * float((1 / counts).sum()))
    effect = _effect(log_ratio, error**2, confidence)
    return RateRatio(
        math.exp(log_ratio),
        math.exp(effect.lower),
        math.exp(effect.upper),
        log_ratio,
        error,
        effect.z,
        effect.p_value,
    )


def centre_shift(before_m: NDArray[np.float64], after_m: NDArray[np.float64]) -> Shift:
    """
    Tell how far and where to the mean centre of incidents moved.

    Parameters
    ----------
    before_m, after_m
        Places in metres, at least one each, shapes (n, 2) and (m, 2).

    Returns
    -------
    Shift
        The move.

    Examples
    --------
    >>> shift = centre_shift(np.array([[0.0, 0.0]]), np.array([[30.0, 40.0], [30.0, 40.0]]))
    >>> shift.distance_m, round(shift.bearing_deg, 2)
    (50.0, 36.87)
    """
    for places in (before_m, after_m):
        if len(finite(places, name="places")) == 0:
            raise InvalidParameter("a centre needs at least one place, got none")
    east_m, north_m = (np.mean(after_m, axis=0) - np.mean(before_m, axis=0)).tolist()
    distance_m = math.hypot(east_m, north_m)
    if distance_m == 0:
        return Shift(0.0, math.nan)
    return Shift(distance_m, math.degrees(math.atan2(east_m, north_m)) % _FULL_TURN_DEG)


def _difference(
    treated: BeforeAfter, control: BeforeAfter, durations: NDArray[np.float64], dispersion: float
) -> tuple[float, float]:
    """Give the difference of two changes and its variance."""
    before, after = durations.tolist()
    weights = np.array([1 / after, -1 / before, -1 / after, 1 / before])
    weights /= np.array([treated.size, treated.size, control.size, control.size])
    counts = np.array([treated.after, treated.before, control.after, control.before], np.float64)
    return float(weights @ counts), dispersion * float(weights**2 @ counts)


def _effect(estimate: float, variance: float, confidence: float) -> Effect:
    """Put a normal distribution around an estimate."""
    error = math.sqrt(variance)
    half_width = float(ndtri(0.5 + open_share(confidence, name="confidence") / 2)) * error
    z = estimate / error if error > 0 else math.nan
    p_value = float(erfc(abs(z) / math.sqrt(2))) if error > 0 else 1.0
    return Effect(estimate, error, z, p_value, estimate - half_width, estimate + half_width)
