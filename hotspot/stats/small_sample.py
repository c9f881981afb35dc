"""
Do a handful of events prefer some days of the week? The exact distribution over all ways they can fall.

Question: are a few events spread over the bins (days, hours, districts) as their probabilities say?
Null: each event falls in a bin independently, with the bin's probability.
Cost: linear in the number of outcomes, C(n + m - 1, m - 1) for n events in m bins: 8,008 for 10 events in 7
days.
Reference: Wheeler (2016), Testing serial crime events for randomness in day-of-week patterns with small
samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numba
import numpy as np
from scipy.special import gammaln

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import open_share, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Statistic = Literal["g", "chi_square"]
"""Likelihood ratio G, the more powerful here, or Pearson's chi-square."""

_MOST_OUTCOMES = 10_000_000
_TIE = 1e-9
"""Difference below which two statistics are one."""


@dataclass(frozen=True, slots=True)
class ExactTest:
    """
    The outcome of the test.

    Parameters
    ----------
    statistic
        Its value; larger is less like the null.
    p_value
        Exact chance of a value at least as large.
    outcomes
        Number of ways in which the events could have fallen.
    """

    statistic: float
    p_value: float
    outcomes: int


def exact_test(
    counts: ArrayLike, *, probabilities: ArrayLike | None = None, statistic: Statistic = "g"
) -> ExactTest:
    """
    Test whether counts in bins follow given probabilities.

    Parameters
    ----------
    counts
        Events in each bin, at least one bin and one event, shape (m,).
    probabilities
        Of the bins, each above 0, adding up to 1; equal if absent, shape (m,).
    statistic
        `g` or `chi_square`.

    Returns
    -------
    ExactTest
        The outcome.

    Raises
    ------
    InvalidParameter
        If there are more than ten million outcomes: with so many events use the chi-square distribution.

    Examples
    --------
    >>> test = exact_test([3, 0, 0, 0, 0, 0, 0])
    >>> round(test.statistic, 2), round(test.p_value, 4), test.outcomes
    (11.68, 0.0204, 84)
    """
    observed = whole(counts, name="counts")
    if observed.ndim != 1 or observed.sum() == 0:
        raise InvalidParameter("counts must be one row of bins with at least one event in all")
    p = _probabilities(probabilities, observed.size)
    n = int(observed.sum())
    value, chance = _distribution(n, p, p, statistic)
    bins, numbers = np.arange(observed.size), observed.astype(int)
    own = float(_terms(n, p, statistic)[bins, numbers].sum())
    extreme = value >= own - _TIE * (1.0 + abs(own))
    return ExactTest(own, min(1.0, float(chance[extreme].sum())), value.size)


def power(
    n: int,
    *,
    alternative: ArrayLike,
    probabilities: ArrayLike | None = None,
    alpha: float = 0.05,
    statistic: Statistic = "g",
) -> float:
    """
    Tell how often the test finds a preference that is there.

    Parameters
    ----------
    n
        Number of events, at least 1.
    alternative
        True probabilities of the bins, adding up to 1; some may be 0, shape (m,).
    probabilities
        Those of the null; equal if absent, shape (m,).
    alpha
        Level: the test finds something where its p-value is below it.
    statistic
        `g` or `chi_square`.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> round(power(3, alternative=[0.5, 0.5, 0, 0, 0, 0, 0]), 2)
    0.25
    """
    truth = np.asarray(alternative, np.float64)
    if truth.ndim != 1 or (truth < 0).any() or not math.isclose(float(truth.sum()), 1.0, abs_tol=_TIE):
        raise InvalidParameter(
            f"alternative must be probabilities that add up to 1, got a sum of {truth.sum()}"
        )
    if n < 1:
        raise InvalidParameter(f"n must be at least 1, got {n}")
    null = _probabilities(probabilities, truth.size)
    value, chance = _distribution(n, null, null, statistic)
    _, true_chance = _distribution(n, null, truth, statistic)
    order = np.argsort(-value, kind="stable")
    ranked = value[order]
    # All outcomes that tie with one belong to its tail.
    last = np.searchsorted(-ranked, -ranked + _TIE * (1.0 + np.abs(ranked)), side="right") - 1
    p_value = np.cumsum(chance[order])[last]
    return float(true_chance[order][p_value < open_share(alpha, name="alpha")].sum())


def _probabilities(probabilities: ArrayLike | None, bins: int) -> NDArray[np.float64]:
    """Take the probabilities of the bins, equal ones if absent."""
    if probabilities is None:
        return np.full(bins, 1.0 / bins)
    p = positive(probabilities, name="probabilities")
    if p.shape != (bins,) or not math.isclose(float(p.sum()), 1.0, abs_tol=_TIE):
        raise InvalidParameter(
            f"probabilities must be {bins} that add up to 1, got {p.size} that make {p.sum()}"
        )
    return p


def _terms(n: int, p: NDArray[np.float64], statistic: Statistic) -> NDArray[np.float64]:
    """Give what each count in each bin adds to the statistic, shape (bins, n + 1)."""
    count = np.arange(n + 1)[None, :]
    expected = n * p[:, None]
    if statistic == "g":
        return np.asarray(2.0 * count * np.log(np.maximum(count, 1) / expected))
    if statistic == "chi_square":
        return np.asarray((count - expected) ** 2 / expected)
    raise InvalidParameter(f"statistic must be 'g' or 'chi_square', got {statistic!r}")


def _distribution(
    n: int, null: NDArray[np.float64], truth: NDArray[np.float64], statistic: Statistic
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the statistic against `null`, and the chance under `truth`, of each outcome in a fixed order."""
    outcomes = math.comb(n + null.size - 1, null.size - 1)
    if outcomes > _MOST_OUTCOMES:
        raise InvalidParameter(f"at most {_MOST_OUTCOMES} outcomes can be enumerated, got {outcomes}")
    count = np.arange(n + 1)[None, :]
    with np.errstate(divide="ignore"):
        log_truth = np.log(truth)[:, None]
    # Nothing in a bin without probability is certain, something impossible.
    log_chance = np.where(count == 0, 0.0, np.maximum(count, 1) * log_truth) - gammaln(count + 1)
    value, chance = np.empty(outcomes), np.empty(outcomes)
    _enumerate(n, _terms(n, null, statistic), log_chance, math.lgamma(n + 1), value, chance)
    return value, chance


@numba.njit(cache=True, nogil=True)
def _enumerate(
    n: int,
    terms: NDArray[np.float64],
    log_chance: NDArray[np.float64],
    log_orders: float,
    value: NDArray[np.float64],
    chance: NDArray[np.float64],
) -> None:
    """Walk through all ways to put n events in the bins (Nijenhuis & Wilf 1978, NEXCOM)."""
    bins = terms.shape[0]
    held = np.zeros(bins, np.int64)
    held[0] = n
    moved, place = n, 0
    for outcome in range(value.size):
        total, log_p = 0.0, log_orders
        for b in range(bins):
            total += terms[b, held[b]]
            log_p += log_chance[b, held[b]]
        value[outcome] = total
        chance[outcome] = math.exp(log_p)
        if held[bins - 1] == n:
            break
        if moved > 1:
            place = 0
        moved = held[place]
        held[place] = 0
        held[0] = moved - 1
        held[place + 1] += 1
        place += 1
