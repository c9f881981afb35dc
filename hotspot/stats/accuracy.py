"""
Did the marked areas catch what came after? Hit rate, PAI and their kin, with intervals.

Question: how much better than area alone does a selection of places say where the next incidents fall?
Null: none; an interval that holds a PAI of 1 does not exclude a selection by lot.
Cost: a sort of the areas; the bootstrap one random number per week and replicate.
Reference: Chainey, Tompson & Uhlig (2008), on the PAI; Hunt (2016), on the PEI; Levine (2008), on the
recapture rate; Wheeler & Steenbeek (2021), Mapping the risk terrain for crime using machine learning; Joshi
et al. (2021), on the penalised PAI; Wilson (1927), Probable inference, the law of succession, and
statistical inference.

Say which area stands below: the whole city, or its developed part, change a PAI by a factor of 1.5 to 3.
Two indices bear the name RRI: predicted divided by observed (the R package `ptools`), and Levine's
recapture rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
from scipy.special import ndtri

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import CONFIDENCE, Interval, non_negative, open_share, positive, whole
from hotspot.stats.monte_carlo import filled, replicate_seeds, replicates_of
from hotspot.stats.permutation import advance, below

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_M2_PER_KM2 = 1e6


@dataclass(frozen=True, slots=True)
class Accuracy:
    """
    What a selection of a given area caught.

    Parameters
    ----------
    hit_rate, hit_rate_lower, hit_rate_upper
        Share of the incidents inside, with its Wilson interval.
    pai, pai_lower, pai_upper
        Hit rate divided by the share of the area, with the same interval.
    hits_per_km2
        Incidents inside per square kilometre of the selection (search efficiency rate).
    """

    hit_rate: NDArray[np.float64]
    hit_rate_lower: NDArray[np.float64]
    hit_rate_upper: NDArray[np.float64]
    pai: NDArray[np.float64]
    pai_lower: NDArray[np.float64]
    pai_upper: NDArray[np.float64]
    hits_per_km2: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PaiCurve:
    """
    The indices when the first, the first two, ... of the areas are selected, shape (n,) each.

    Parameters
    ----------
    order
        The areas, that with the highest prediction per area first.
    area_share, hit_rate
        Shares of the area and of the incidents in the selection.
    pai
        Hit rate divided by share of the area.
    best_pai
        PAI of the same number of areas, chosen in hindsight (PAI*).
    pei
        PAI divided by that, at most 1 where the areas are equally large; not to be trusted where they are
        not.
    predicted_per_observed
        Incidents predicted in the selection divided by those observed; `ptools` calls it RRI.
    """

    order: NDArray[np.int64]
    area_share: NDArray[np.float64]
    hit_rate: NDArray[np.float64]
    pai: NDArray[np.float64]
    best_pai: NDArray[np.float64]
    pei: NDArray[np.float64]
    predicted_per_observed: NDArray[np.float64]

    @property
    def area_under_curve(self) -> float:
        """Area under the hit rate against the share of the area: 0.5 by lot, towards 1 for the best."""
        x, y = np.concatenate([[0.0], self.area_share]), np.concatenate([[0.0], self.hit_rate])
        return float(np.trapezoid(y, x))


def wilson_interval(hits: ArrayLike, trials: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """
    Tell which probabilities a share does not exclude.

    Parameters
    ----------
    hits
        How often it happened, at most `trials`.
    trials
        How often it could have.
    confidence
        Approximate coverage.

    Returns
    -------
    Interval
        Probabilities; 0 to 1 without trials.

    Examples
    --------
    >>> interval = wilson_interval(20, 100)
    >>> round(float(interval.lower), 4), round(float(interval.upper), 4)
    (0.1334, 0.2888)
    """
    k, n = np.broadcast_arrays(whole(hits, name="hits"), whole(trials, name="trials"))
    if (k > n).any():
        raise InvalidParameter(
            f"hits must be at most the trials, got {k[k > n].flat[0]:g} of {n[k > n].flat[0]:g}"
        )
    z = float(ndtri(0.5 + open_share(confidence, name="confidence") / 2))
    safe = np.maximum(n, 1.0)
    share = k / safe
    centre = share + z**2 / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z**2 / (4 * safe**2))
    lower, upper = (centre - half) / (1 + z**2 / safe), (centre + half) / (1 + z**2 / safe)
    # Without rounding the ends of "never" and "always" are 0 and 1.
    lower = np.where(k == 0, 0.0, np.maximum(0.0, lower))
    upper = np.where(k == n, 1.0, np.minimum(1.0, upper))
    return Interval(lower, upper)


def accuracy(
    hits: ArrayLike,
    incidents: ArrayLike,
    *,
    selected_m2: ArrayLike,
    total_m2: ArrayLike,
    confidence: float = CONFIDENCE,
) -> Accuracy:
    """
    Judge selections by what they caught.

    Parameters
    ----------
    hits
        Incidents inside the selection.
    incidents
        Incidents in the whole area, at least 1.
    selected_m2
        Area of the selection, above 0, at most the total.
    total_m2
        The whole area.
    confidence
        Of the intervals, which take the incidents for independent; see `pai_by_week` where they are not.

    Returns
    -------
    Accuracy
        The indices, of the broadcast shape.

    Examples
    --------
    >>> found = accuracy(20, 100, selected_m2=3, total_m2=100)
    >>> round(float(found.pai), 2), round(float(found.pai_lower), 2), round(float(found.pai_upper), 2)
    (6.67, 4.45, 9.63)
    """
    caught, total = whole(hits, name="hits"), positive(incidents, name="incidents")
    share = _area_share(selected_m2, total_m2)
    interval = wilson_interval(caught, total, confidence=confidence)
    rate = np.asarray(caught / total)
    return Accuracy(
        rate,
        interval.lower,
        interval.upper,
        np.asarray(rate / share),
        np.asarray(interval.lower / share),
        np.asarray(interval.upper / share),
        np.asarray(caught / (np.asarray(selected_m2, np.float64) / _M2_PER_KM2)),
    )


def penalised_pai(
    hits: ArrayLike, incidents: ArrayLike, *, selected_m2: ArrayLike, total_m2: ArrayLike, penalty: float
) -> NDArray[np.float64]:
    """
    Give the PAI with a milder reward for selecting little (PPAI).

    Parameters
    ----------
    hits, incidents, selected_m2, total_m2
        As in `accuracy`.
    penalty
        Exponent of the share of the area, 0 (hit rate) to 1 (PAI).

    Returns
    -------
    ndarray
        Hit rate divided by the share of the area raised to the exponent.
    """
    if not 0.0 <= penalty <= 1.0:
        raise InvalidParameter(f"penalty must be 0 to 1, got {penalty}")
    share = _area_share(selected_m2, total_m2)
    return np.asarray(whole(hits, name="hits") / positive(incidents, name="incidents") / share**penalty)


def recapture_rate(
    hits_before: ArrayLike, incidents_before: ArrayLike, *, hits_after: ArrayLike, incidents_after: ArrayLike
) -> NDArray[np.float64]:
    """
    Compare a selection's incidents after and before, the growth of all incidents taken out (Levine 2008).

    Parameters
    ----------
    hits_before, incidents_before
        Incidents inside the selection and in all, in the time from which it was made; above 0.
    hits_after, incidents_after
        The same for the time that it is judged on.

    Returns
    -------
    ndarray
        1 where the selection kept its share, below 1 where it lost some.
    """
    inside = whole(hits_after, name="hits_after") / positive(hits_before, name="hits_before")
    everywhere = positive(incidents_after, name="incidents_after") / positive(
        incidents_before, name="incidents_before"
    )
    return np.asarray(inside / everywhere)


def pai_curve(observed: ArrayLike, predicted: ArrayLike, *, area_m2: ArrayLike) -> PaiCurve:
    """
    Follow the indices from the most promising area to the last.

    Parameters
    ----------
    observed
        Incidents that came in each area, at least one in all of them, shape (n,).
    predicted
        What was predicted for each, at least 0, shape (n,).
    area_m2
        How large each is (or how long, for streets), above 0, shape (n,).

    Returns
    -------
    PaiCurve
        The indices. Areas with equal predictions come emptiest first, so that ties are never rewarded.

    Examples
    --------
    >>> curve = pai_curve([6, 3, 0], [3, 2, 1], area_m2=[1, 1, 1])
    >>> curve.pai.tolist(), curve.pei.tolist()
    ([2.0, 1.5, 1.0], [1.0, 1.0, 1.0])
    """
    count, guess = non_negative(observed, name="observed"), non_negative(predicted, name="predicted")
    area = positive(area_m2, name="area_m2")
    if count.ndim != 1 or not count.shape == guess.shape == area.shape:
        raise InvalidParameter(
            "observed, predicted and area_m2 must be one per area, "
            f"got {count.shape}, {guess.shape}, {area.shape}"
        )
    if count.sum() == 0:
        raise InvalidParameter("observed must hold at least one incident, got none")
    order = np.lexsort((count, -guess / area))
    best = np.argsort(-count / area, kind="stable")
    area_share = np.cumsum(area[order]) / area.sum()
    hit_rate = np.cumsum(count[order]) / count.sum()
    pai = hit_rate / area_share
    best_pai = np.cumsum(count[best]) / count.sum() / (np.cumsum(area[best]) / area.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.cumsum(guess[order]) / np.cumsum(count[order])
    return PaiCurve(order, area_share, hit_rate, pai, best_pai, pai / best_pai, ratio)


def pai_by_week(
    hits: ArrayLike,
    incidents: ArrayLike,
    *,
    selected_share: float,
    replicates: int = 999,
    confidence: float = CONFIDENCE,
    rng: np.random.Generator,
) -> Interval:
    """
    Tell how sure a PAI is when the incidents of a week hang together, by drawing whole weeks anew.

    Parameters
    ----------
    hits
        Incidents inside the selection, by week, shape (w,).
    incidents
        Incidents in all, by week, at least one in all weeks, shape (w,).
    selected_share
        Share of the area that is selected each week, between 0 and 1.
    replicates
        Number of draws, at least 1.
    confidence
        Approximate coverage.
    rng
        Source of chance.

    Returns
    -------
    Interval
        PAI of all weeks together, percentiles of the draws; draws without any incident are left out.
    """
    caught, total = whole(hits, name="hits"), whole(incidents, name="incidents")
    if caught.ndim != 1 or caught.shape != total.shape or (caught > total).any() or total.sum() == 0:
        raise InvalidParameter(
            "hits and incidents must be one per week, hits at most the incidents, not all 0"
        )
    share = open_share(selected_share, name="selected_share")

    def draw(some: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
        _drawn_rates(caught, total, some, out)

    rates = replicates_of(filled(draw), replicate_seeds(rng, replicates))
    outside = (1 - open_share(confidence, name="confidence")) / 2
    lower, upper = np.nanquantile(rates / share, [outside, 1 - outside])
    return Interval(np.asarray(lower), np.asarray(upper))


def _area_share(selected_m2: ArrayLike, total_m2: ArrayLike) -> NDArray[np.float64]:
    """Take the part of an area that is selected."""
    share = np.asarray(positive(selected_m2, name="selected_m2") / positive(total_m2, name="total_m2"))
    if (share > 1).any():
        raise InvalidParameter("selected_m2 must be at most total_m2, got more")
    return share


@numba.njit(cache=True, nogil=True)
def _drawn_rates(
    hits: NDArray[np.float64],
    incidents: NDArray[np.float64],
    seeds: NDArray[np.uint64],
    rates: NDArray[np.float64],
) -> None:
    """Draw as many weeks as there are, with return, and give the hit rate of each draw."""
    for replicate in range(seeds.size):
        state = seeds[replicate]
        caught, total = 0.0, 0.0
        for _ in range(hits.size):
            state = advance(state)
            week = below(state, hits.size)
            caught += hits[week]
            total += incidents[week]
        rates[replicate] = caught / total if total > 0.0 else np.nan
