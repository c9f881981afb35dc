"""
Do few places hold many incidents, fewer places than chance would make it? Gini and concentration curves.

Question: are incidents concentrated in few places, beyond what even a fair lottery among the places shows?
Null: each incident falls in any of the places with the same chance, independently of the others.
Cost: a sort; the null one random number per incident and replicate.
Reference: Bernasco & Steenbeek (2017), More places than crimes: implications for evaluating the law of
crime concentration at place; Weisburd (2015), The law of crime concentration; Levin, Rosenfeld & Deckard
(2017), The law of crime concentration: an application and recommendations for future research, on the
random allocation.

With fewer incidents than places some places stay empty however even the spread: the ordinary Gini
coefficient then says more about their number than about concentration. The generalised one starts from the
most even spread possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.counts import non_negative, open_share, whole
from hotspot.stats.monte_carlo import filled, pseudo_p_value, replicate_seeds, replicates_of
from hotspot.stats.permutation import advance, below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_ROUNDING = 1e-9
"""Part of an incident by which a sum of weights may miss a share and still reach it."""


@dataclass(frozen=True, slots=True)
class ConcentrationCurve:
    """
    The incidents that the fullest places hold, from none of the places to all.

    Parameters
    ----------
    place_share
        Shares of the places, fullest first, 0 to 1, shape (n + 1,).
    incident_share
        Shares of the incidents in them, 0 to 1, shape (n + 1,).
    """

    place_share: NDArray[np.float64]
    incident_share: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Concentration:
    """
    Concentration beside what the random allocation shows.

    Parameters
    ----------
    gini, generalised_gini
        Coefficients of the counts as they are.
    random_gini, random_generalised_gini
        Their means under random allocation.
    p_value
        Share of the allocations, the observed one counted, whose Gini is at least as large.
    incident_share
        Shares of the incidents that were asked for, shape (k,).
    place_share
        Smallest share of the places that holds them, shape (k,).
    random_place_share
        Its mean under random allocation, shape (k,).
    """

    gini: float
    generalised_gini: float
    random_gini: float
    random_generalised_gini: float
    p_value: float
    incident_share: NDArray[np.float64]
    place_share: NDArray[np.float64]
    random_place_share: NDArray[np.float64]

    @property
    def excess_place_share(self) -> NDArray[np.float64]:
        """Share of the places by which chance needs more than the city did."""
        return self.random_place_share - self.place_share


def gini(counts: ArrayLike, *, unbiased: bool = False) -> float:
    """
    Give the Gini coefficient: 0 where all places hold the same, towards 1 where one holds all.

    Parameters
    ----------
    counts
        Incidents at each place, places without any included, shape (n,).
    unbiased
        Whether to multiply by n / (n - 1), so that one place that holds all gives 1.

    Returns
    -------
    float
        The coefficient; not a number without incidents, and without a second place where `unbiased`.

    Examples
    --------
    >>> round(gini([10, 8, 2, 0, 0, 0, 0, 0, 0, 0]), 2), round(gini([10] + [0] * 9, unbiased=True), 2)
    (0.78, 1.0)
    """
    ascending = np.sort(_row(counts))
    n, total = ascending.size, ascending.sum()
    fewest = 2 if unbiased else 1
    if total == 0 or n < fewest:
        return float("nan")
    twice = 2 * (np.arange(1, n + 1) * ascending).sum() / total - (n + 1)
    return float(twice / (n - 1 if unbiased else n))


def generalised_gini(counts: ArrayLike, *, unbiased: bool = False) -> float:
    """
    Give the Gini coefficient measured from the most even spread that so few incidents allow.

    Parameters
    ----------
    counts
        Incidents at each place, places without any included, shape (n,).
    unbiased
        Whether to multiply by m / (m - 1), where m is the smaller of places and incidents.

    Returns
    -------
    float
        The coefficient, that of `gini` where there are at least as many incidents as places; not a number
        without incidents, and where `unbiased` for a single incident or place.

    Examples
    --------
    >>> round(generalised_gini([3, 1, 1, 0, 0, 0, 0, 0, 0, 0]), 2)
    0.56
    """
    parsed = _row(counts)
    total = float(parsed.sum())
    if total == 0:
        return float("nan")
    value = max(1.0, parsed.size / total) * (gini(parsed) - 1.0) + 1.0
    if not unbiased:
        return value
    smaller = min(parsed.size, total)
    return value * smaller / (smaller - 1) if smaller > 1 else float("nan")


def concentration_curve(counts: ArrayLike) -> ConcentrationCurve:
    """
    Draw the share of incidents against the share of places that hold them, fullest first.

    Parameters
    ----------
    counts
        Incidents at each place, at least one in all, shape (n,).

    Returns
    -------
    ConcentrationCurve
        The curve; the Lorenz curve, emptiest first, is the same turned by half a turn.
    """
    descending = np.sort(_occupied(counts))[::-1]
    held = np.concatenate([[0.0], np.cumsum(descending)])
    return ConcentrationCurve(np.arange(held.size) / descending.size, held / held[-1])


def place_share(counts: ArrayLike, *, incident_share: float) -> float:
    """
    Give the smallest share of the places that holds a share of the incidents.

    Parameters
    ----------
    counts
        Incidents at each place, places without any included, at least one incident, shape (n,).
    incident_share
        At least this share, between 0 and 1.

    Returns
    -------
    float
        A whole number of places divided by n.

    Examples
    --------
    >>> place_share([5, 3, 1, 1, 0], incident_share=0.5), place_share([5, 3, 1, 1, 0], incident_share=0.51)
    (0.2, 0.4)
    """
    descending = np.sort(_occupied(counts))[::-1]
    wanted = open_share(incident_share, name="incident_share") * descending.sum()
    return float((np.searchsorted(np.cumsum(descending), wanted - _ROUNDING) + 1) / descending.size)


def concentration(
    counts: ArrayLike,
    *,
    incident_shares: Sequence[float] = (0.25, 0.5),
    replicates: int = 999,
    rng: np.random.Generator,
) -> Concentration:
    """
    Measure concentration and compare it with incidents that fall anywhere by lot.

    Parameters
    ----------
    counts
        Incidents at each place, places without any included, at least one incident, shape (n,).
    incident_shares
        Shares of the incidents for which to tell the share of places, each between 0 and 1.
    replicates
        Number of random allocations, at least 1.
    rng
        Source of chance.

    Returns
    -------
    Concentration
        Both, side by side.
    """
    observed = whole(_occupied(counts), name="counts")
    shares = np.array([open_share(share, name="incident_shares") for share in incident_shares], np.float64)
    n_places, n_incidents = observed.size, int(observed.sum())

    def allocate(some: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
        _allocate(n_places, n_incidents, shares, some, out[:, 0], out[:, 1:])

    drawn = replicates_of(filled(allocate, (1 + shares.size,)), replicate_seeds(rng, replicates))
    ginis, places = np.ascontiguousarray(drawn[:, 0]), np.ascontiguousarray(drawn[:, 1:])
    own = gini(observed)
    # Both ways of adding up may differ in the last digit, and equal spreads are as extreme as each other.
    p_value = pseudo_p_value(own - _ROUNDING, ginis)
    stretch = max(1.0, observed.size / observed.sum())
    return Concentration(
        gini=own,
        generalised_gini=generalised_gini(observed),
        random_gini=float(ginis.mean()),
        random_generalised_gini=float(stretch * (ginis.mean() - 1.0) + 1.0),
        p_value=p_value,
        incident_share=shares,
        place_share=np.array([place_share(observed, incident_share=float(share)) for share in shares]),
        random_place_share=places.mean(axis=0),
    )


def _row(counts: ArrayLike) -> NDArray[np.float64]:
    """Take counts, one per place."""
    parsed = non_negative(counts, name="counts")
    if parsed.ndim != 1:
        raise InvalidParameter(f"counts must be one row of places, got {parsed.ndim} dimensions")
    return parsed


def _occupied(counts: ArrayLike) -> NDArray[np.float64]:
    """Take counts of which at least one is not 0."""
    parsed = _row(counts)
    if parsed.sum() == 0:
        raise InvalidParameter("counts must hold at least one incident, got none")
    return parsed


@numba.njit(cache=True, nogil=True)
def _allocate(
    n_places: int,
    n_incidents: int,
    shares: NDArray[np.float64],
    seeds: NDArray[np.uint64],
    ginis: NDArray[np.float64],
    places: NDArray[np.float64],
) -> None:
    """Throw the incidents once per seed and measure each outcome; places are counted by what they hold."""
    held = np.zeros(n_places, np.int64)
    for replicate in range(seeds.size):
        held[:] = 0
        state = seeds[replicate]
        fullest = 0
        for _ in range(n_incidents):
            state = advance(state)
            place = below(state, n_places)
            held[place] += 1
            fullest = max(fullest, int(held[place]))
        times = np.zeros(fullest + 1, np.int64)
        for place in range(n_places):
            times[held[place]] += 1
        ranked, seen = 0.0, 0
        for count in range(fullest + 1):
            # The ranks from seen + 1 to seen + times add up to this.
            ranked += count * times[count] * (seen + (times[count] + 1) / 2)
            seen += int(times[count])
        ginis[replicate] = (2 * ranked / n_incidents - (n_places + 1)) / n_places
        for which in range(shares.size):
            wanted = shares[which] * n_incidents - _ROUNDING
            places[replicate, which] = _fullest(times, wanted) / n_places


@numba.njit(cache=True, nogil=True)
def _fullest(times: NDArray[np.int64], wanted: float) -> int:
    """Count the places, fullest first, that hold so many incidents; `times` says how many hold 0, 1, 2..."""
    taken, count = 0, times.size - 1
    while wanted > 0 and count > 0:
        needed = min(int(times[count]), int(np.ceil(wanted / count)))
        taken += needed
        wanted -= needed * count
        count -= 1
    return taken
