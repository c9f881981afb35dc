"""
How often would the neighbours of a place hold as much, had the values been dealt out at random? Exact tails.

Question: how unusual is the sum over the neighbours of a place, given all values? The one question behind the
permutation p-values of Gi, Gi* and local Moran.
Null: the values of the other places are dealt out to them at random while the place keeps its own
(conditional permutation, Anselin 1995): the k neighbours hold k of the n - 1 other values, drawn without
return.
Cost: exact, for whole numbers: k squared times the largest possible sum, once for all places; by simulation:
one random number per neighbour and replicate.
Reference: Anselin (1995), Local indicators of spatial association; for the exact distribution Pagano &
Tritchler (1983), On obtaining permutation distributions in polynomial time.

The exact tails are what 999 permutations estimate. They make no smallest p-value of 1 / 1000, which no cell
of 14,400 could survive an adjustment with. The generating function of sums of k values drawn without return
is an elementary symmetric polynomial; Newton's identities give it from the histogram, at each frequency
apart. From "a draw of all n" follows "a draw of all but this place's own value", since a draw of all either
holds it or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
from scipy import fft

from hotspot.errors import InvalidParameter
from hotspot.stats.lattice import Lattice
from hotspot.stats.monte_carlo import exceedances, pseudo_p_values, replicate_seeds
from hotspot.stats.permutation import advance, below
from hotspot.stats.weights import Weights, checked_values, listed, neighbour_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Additions and multiplications that an exact distribution may take: some ten seconds.
_MOST_WORK = 4e9
# Rounding of the transform, summed over a tail, stays well below; nothing smaller is claimed.
_SMALLEST = 1e-12
# Newton's identities lose at most about exp(k * k / n) of the precision: with this, a factor 55.
_STABLE = 4


@dataclass(frozen=True, slots=True)
class Tails:
    """
    Chance of a sum as large, and as small, as each place's neighbours have.

    Parameters
    ----------
    high
        Chance of at least what was seen: small for a hot place, above 0, at most 1, shape (n,).
    low
        Chance of at most what was seen: small for a cold place, above 0, at most 1, shape (n,).
    """

    high: NDArray[np.float64]
    low: NDArray[np.float64]

    @property
    def two_sided(self) -> NDArray[np.float64]:
        """Twice the smaller tail, at most 1."""
        return np.asarray(np.minimum(2 * np.minimum(self.high, self.low), 1.0))

    @property
    def folded(self) -> NDArray[np.float64]:
        """The smaller tail alone, what GeoDa and PySAL call pseudo p: half of a two-sided value."""
        return np.minimum(self.high, self.low)


def exact_tails(value: NDArray[np.float64], weights: Weights | Lattice) -> Tails:
    """
    Give the tails of all conditional permutations, without drawing any.

    Parameters
    ----------
    value
        A whole number per place, such as a count, shape (n,).
    weights
        The neighbours; all neighbours of a place must have one weight (which of Gi, Gi* and local Moran, and
        how rows are scaled, does then not matter: all rise with the plain sum).

    Returns
    -------
    Tails
        Exact to 1e-12; smaller chances are given as 1e-12. 1 where a place has no neighbours.

    Raises
    ------
    InvalidParameter
        If a value is no whole number, the weights of a place differ, or there are so many neighbours that
        only `permuted_tails` can answer.
    """
    whole, total, count = _plain_sums(value, weights)
    most = int(count.max(initial=0))
    if not most:
        return Tails(np.ones(whole.size), np.ones(whole.size))
    # What alone exceeds every sum that was seen need not be told apart from what exceeds it by more.
    ceiling = int(total.max()) + 1
    whole = np.minimum(whole, ceiling)
    if most * most <= _STABLE * whole.size:
        tail = _upper_tails(whole, most)
        return Tails(*_without_own(tail, whole, total, count))
    kinds, kind = np.unique(whole, return_inverse=True)
    if kinds.size * whole.size * most * ceiling > _MOST_WORK:
        raise InvalidParameter(
            f"value and weights are too large for exact tails: {most} neighbours of {whole.size}"
        )
    high, low = np.ones(whole.size), np.ones(whole.size)
    for k in range(kinds.size):
        others = np.delete(whole, np.argmax(kind == k))
        _look_up(_counted(others, most, ceiling), np.flatnonzero(kind == k), total, count, high, low)
    return Tails(high, low)


def exact_tails_with_self(value: NDArray[np.float64], weights: Weights | Lattice) -> Tails:
    """
    Give the tails when the place's own value is dealt out as well: the null that the z of Gi* has.

    Parameters
    ----------
    value
        A whole number per place, such as a count, shape (n,).
    weights
        The neighbours; all neighbours of a place must have one weight.

    Returns
    -------
    Tails
        For the sum over the place and its neighbours; exact to 1e-12, smaller chances are given as 1e-12.

    Raises
    ------
    InvalidParameter
        If a value is no whole number, the weights of a place differ, or a place has more than twice the root
        of n neighbours.
    """
    whole, total, count = _plain_sums(value, weights)
    total = total + whole
    most = int(count.max(initial=0)) + 1
    if most * most > _STABLE * max(whole.size, 1) and whole.size > 1:
        raise InvalidParameter(
            f"weights must have at most 2 root n neighbours, got {most - 1} of {whole.size}"
        )
    whole = np.minimum(whole, int(total.max(initial=0)) + 1)
    high, low = np.ones(whole.size), np.ones(whole.size)
    if whole.size > 1:
        tail = _upper_tails(whole, most)
        high = _clamped(tail[count + 1, np.minimum(total, tail.shape[1] - 1)])
        low = _clamped(1 - tail[count + 1, np.minimum(total + 1, tail.shape[1] - 1)])
    return Tails(high, low)


def permuted_tails(
    value: NDArray[np.float64],
    weights: Weights | Lattice,
    *,
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> Tails:
    """
    Estimate the tails by conditional permutation, for any values and weights.

    Parameters
    ----------
    value
        One number per place, shape (n,).
    weights
        The neighbours.
    replicates
        Number of permutations, at least 1.
    rng
        Source of chance.
    threads
        How many replicates run at a time, absent for one per processor; the result does not depend on it.

    Returns
    -------
    Tails
        (1 + as extreme) / (1 + replicates), shape (n,); 1 where a place has no neighbours.

    Raises
    ------
    InvalidParameter
        If a value is not finite, there is not one per place, or there are no replicates.
    """
    value = checked_values(value, weights)
    pairs = listed(weights) if isinstance(weights, Lattice) else weights
    lag = neighbour_sums(value, pairs).lag
    # A sum that differs by the rounding of another order of addition only is a tie.
    slack = 1e-12 * neighbour_sums(np.abs(value), pairs).lag
    seeds = replicate_seeds(rng, replicates)

    def extreme(some: NDArray[np.uint64]) -> NDArray[np.int64]:
        return _permuted(value, pairs, lag, slack, some)

    high, low = pseudo_p_values(exceedances(extreme, seeds, threads=threads), replicates)
    return Tails(high, low)


def _plain_sums(
    value: NDArray[np.float64], weights: Weights | Lattice
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Whole values from 0 on, their sums over the neighbours, and how many neighbours there are."""
    value = checked_values(value, weights)
    if not (value == np.rint(value)).all() or np.abs(value).max(initial=0) >= 2**31:
        raise InvalidParameter(
            "value must be whole numbers below 2**31 for exact tails; or use permuted_tails"
        )
    if isinstance(weights, Weights):
        sums = neighbour_sums(value, weights)
        if not np.allclose(sums.squared * sums.neighbours, sums.weight**2, rtol=1e-9):
            raise InvalidParameter("weights of one place's neighbours must be equal for exact tails")
        weights = weights._replace(weight=np.ones(weights.weight.size))
    lowest = value.min() if value.size else 0.0
    sums = neighbour_sums(value - lowest, weights)
    return (value - lowest).astype(np.int64), sums.lag.astype(np.int64), sums.neighbours


def _upper_tails(whole: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """Chance that 0, 1, ... `most` values drawn without return sum to at least 0, 1, ..."""
    # The largest sum is that of the largest values; one place more holds the chance 0 of exceeding it.
    largest = int(np.partition(whole, whole.size - most)[whole.size - most :].sum())
    size = fft.next_fast_len(largest + 1, real=True)
    if most * most * size > _MOST_WORK:
        raise InvalidParameter(
            f"value and weights are too large for exact tails: {most} neighbours, sums of {largest}"
        )
    # Power sums wrap around; only the sums of distinct places, which do not, remain in the end.
    histogram = np.bincount(whole % size, minlength=size) / whole.size
    spectrum = _symmetric(fft.fft(histogram), most, whole.size, size // 2 + 1)
    chance = fft.irfft(spectrum, size, axis=1)[:, : largest + 1]
    tail = np.zeros((most + 1, largest + 2))
    tail[:, :-1] = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    tail[:, 0] = 1.0
    return tail


def _clamped(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Claim neither a chance below what rounding leaves nor one above 1."""
    return np.clip(chance, _SMALLEST, 1.0)


def _counted(others: NDArray[np.int64], most: int, ceiling: int) -> NDArray[np.float64]:
    """Find the tails by adding value after value, for few places with many neighbours."""
    chance = np.zeros((most + 1, ceiling + 1))
    chance[0, 0] = 1.0
    _add_one_by_one(others, chance)
    return np.asarray(np.cumsum(chance[:, ::-1], axis=1)[:, ::-1])


def _look_up(
    tail: NDArray[np.float64],
    at: NDArray[np.int64],
    total: NDArray[np.int64],
    count: NDArray[np.int64],
    high: NDArray[np.float64],
    low: NDArray[np.float64],
) -> None:
    """Write down the tails of the places that share an own value."""
    drawn = count[at]
    high[at] = _clamped(tail[drawn, total[at]])
    low[at] = _clamped(1 - tail[drawn, total[at] + 1])


@numba.njit(cache=True, nogil=True)
def _symmetric(
    histogram: NDArray[np.complex128], most: int, n: int, frequencies: int
) -> NDArray[np.complex128]:
    """Newton's identities, scaled so that each polynomial is the transform of a distribution."""
    factor = np.zeros((most + 1, most + 1))
    for k in range(1, most + 1):
        factor[k, 1] = n / (n - k + 1)
        for j in range(1, k):
            factor[k, j + 1] = -factor[k, j] * (k - j) / (n - k + j + 1)
    spectrum = np.empty((most + 1, frequencies), np.complex128)
    for f in range(frequencies):
        spectrum[0, f] = 1.0
        for k in range(1, most + 1):
            total = 0j
            at = 0
            for j in range(1, k + 1):
                # The transform of the j-th power sum at a frequency is that of the histogram at j times it.
                at += f
                if at >= histogram.size:
                    at -= histogram.size
                total += factor[k, j] * histogram[at] * spectrum[k - j, f]
            spectrum[k, f] = total
    return spectrum


@numba.njit(cache=True, nogil=True)
def _without_own(
    tail: NDArray[np.float64], whole: NDArray[np.int64], total: NDArray[np.int64], count: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tails of a draw from all but the own value: a draw from all holds that value, or is one of these."""
    n, end = whole.size, tail.shape[1] - 1
    high, low = np.ones(n), np.ones(n)
    for i in range(n):
        for side in range(2):
            rest = total[i] + side - count[i] * whole[i]
            chance = 1.0 if rest <= 0 else 0.0
            for k in range(1, count[i] + 1):
                rest += whole[i]
                of_all = tail[k, min(rest, end)] if rest > 0 else 1.0
                chance = (of_all * n - k * chance) / (n - k)
            if side == 0:
                high[i] = min(max(chance, _SMALLEST), 1.0)
            elif count[i] > 0:
                low[i] = min(max(1 - chance, _SMALLEST), 1.0)
    return high, low


@numba.njit(cache=True, nogil=True)
def _add_one_by_one(others: NDArray[np.int64], chance: NDArray[np.float64]) -> None:
    """Turn "no value drawn" into the joint distribution of a random draw, one value after the other."""
    most, ceiling = chance.shape[0] - 1, chance.shape[1] - 1
    for seen in range(others.size):
        value = others[seen]
        for k in range(min(most, seen + 1), 0, -1):
            # A draw of k of seen + 1 values holds the new one with this chance.
            drawn = k / (seen + 1)
            keep = 1 - drawn
            for s in range(ceiling + 1):
                chance[k, s] *= keep
            for s in range(ceiling + 1):
                to = min(s + value, ceiling)
                chance[k, to] += drawn * chance[k - 1, s]


@numba.njit(cache=True, nogil=True)
def _permuted(
    value: NDArray[np.float64],
    pairs: Weights,
    lag: NDArray[np.float64],
    slack: NDArray[np.float64],
    seeds: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Count for each place the replicates whose sum is at least, and at most, the observed one."""
    n = value.size
    extreme = np.zeros((2, n), np.int64)
    items = np.empty(n, np.int32)
    for r in range(seeds.size):
        state = seeds[r]
        for i in range(n):
            items[i] = i
        for i in range(n):
            simulated, drawn = 0.0, 0
            for at in range(pairs.start[i], pairs.start[i + 1]):
                if pairs.neighbour[at] == i:
                    continue
                # Draw from what was not drawn yet, and again where that is the place itself.
                state = advance(state)
                other = drawn + below(state, n - drawn)
                while items[other] == i:
                    state = advance(state)
                    other = drawn + below(state, n - drawn)
                items[drawn], items[other] = items[other], items[drawn]
                simulated += pairs.weight[at] * value[items[drawn]]
                drawn += 1
            extreme[0, i] += simulated >= lag[i] - slack[i]
            extreme[1, i] += simulated <= lag[i] + slack[i]
    return extreme
