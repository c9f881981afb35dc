"""
Do incidents crowd into a few hours of the day, or days of the week? A scan of a circle of bins.

Question: is there a window of neighbouring bins with more incidents than chance gives it, and which one?
Null: either each incident may as well have happened in any bin (its interval is moved around the circle, its
length kept), or the incidents are a draw from a larger set (whole intervals are drawn from that set). In both
what belongs together, a row of the input, moves together.
Cost: one random number and the pieces of a row, per row and replicate, and an addition per window; a test
that is plainly lost stops after few replicates.
Reference: Naus (1965), The distribution of the size of the maximum cluster of points on a line; Kulldorff
(1997), A spatial scan statistic, on the likelihood ratio; Wallenstein, Weinberg & Gould (1989) on seasonal
clusters of a circle; Besag & Clifford (1991), Sequential Monte Carlo p-values.

The p-value holds for small numbers and for spread-out intervals alike, because each replicate is spread out
just as the data are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np

from hotspot.stats.monte_carlo import sequential_p_value
from hotspot.stats.permutation import advance, below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_TIE = 1e-9
"""Relative difference between two weights that is left of adding up in another order."""
_HALVINGS = 34
"""Steps of the search for the weight with a given ratio: to less than a tenth of what counts as a tie."""
_STOP_AFTER = 50
"""Replicates at least as extreme that settle a test: one that stops within 999 is above 0.05."""


@dataclass(frozen=True, slots=True)
class Window:
    """
    Neighbouring bins on a circle.

    Parameters
    ----------
    start
        The first bin.
    length
        Number of bins; it may run past the last bin to the first.
    share
        Part of the whole weight in it, 0 to 1.
    log_likelihood_ratio
        How unlike chance that is; 0 if it holds no more than expected.
    """

    start: int
    length: int
    share: float
    log_likelihood_ratio: float


def best_window(
    weight: NDArray[np.float64], *, lengths: Sequence[int], profile: NDArray[np.float64] | None = None
) -> Window:
    """
    Find the window of a circle that is most unlike chance.

    Parameters
    ----------
    weight
        Incidents in each bin, not all 0, shape (b,).
    lengths
        Lengths of the windows that are compared, in bins, ascending, below b.
    profile
        Share of the incidents that is expected in each bin, adding up to 1, shape (b,); absent for equal
        ones.

    Returns
    -------
    Window
        The first one, in the order of the lengths and of the bins, if several are equal.

    Examples
    --------
    >>> hours = np.zeros(24)
    >>> hours[[23, 0]] = 4.0, 3.0
    >>> hours[12] = 1.0
    >>> best = best_window(hours, lengths=(2, 3))
    >>> best.start, best.length, best.share
    (23, 2, 0.875)
    """
    expected = _profile(profile, weight.size)
    tried = np.array(lengths, np.int64)
    ratio = _ratios(np.asarray(weight, np.float64), expected, tried)
    # A window is better only by more than rounding, or the order of adding up would choose among equals.
    chosen = int(np.argmax(ratio >= ratio.max() * (1 - _TIE)))
    which, start = divmod(chosen, weight.size)
    length = int(tried[which])
    inside = math.fsum(weight[(start + np.arange(length)) % weight.size].tolist())
    return Window(start, length, inside / math.fsum(weight.tolist()), float(ratio.flat[chosen]))


def rotation_p_value(
    rows: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    bins: int,
    lengths: Sequence[int],
    replicates: int,
    seed: np.uint64,
) -> float:
    """
    Test whether any window holds more than it would if each row could as well lie in any bin.

    Parameters
    ----------
    rows
        Where the pieces of each row begin, shape (n + 1,).
    bin_of, weight
        Bin and weight of each piece, shape (rows[-1],).
    bins
        Number of bins of the circle.
    lengths
        Lengths of the windows, in bins, ascending, below `bins`.
    replicates
        Number of replicates; in each, every row is turned by a random number of bins.
    seed
        State from which the random numbers start.

    Returns
    -------
    float
        Share of the replicates, the observation counted, with a window at least as unlike chance; a test that
        is plainly lost stops early.
    """
    observed = np.asarray(np.bincount(bin_of, weight, bins), np.float64)
    tried = np.array(lengths, np.int64)
    # All bins are alike here: what the first window of a length needs, the others need too.
    needed = _needed(observed, np.full(bins, 1.0 / bins), tried, first_only=True)
    if needed.size == 0:
        return 1.0
    extreme = _rotated(rows, bin_of, weight, needed, tried, bins, replicates, seed)
    return sequential_p_value(1.0, extreme, stop_after=_STOP_AFTER)


def draw_p_value(
    sizes: NDArray[np.float64],
    donors: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    *,
    observed: NDArray[np.float64],
    lengths: Sequence[int],
    replicates: int,
    seed: np.uint64,
) -> float:
    """
    Test whether any window holds more than it would if the rows were drawn from a larger set.

    Parameters
    ----------
    sizes
        Weight of each row, shape (n,).
    donors
        Where the pieces of each of the larger set begin, shape (m + 1,), m at least n.
    bin_of, weight
        Bin and weight of each of these pieces, shape (donors[-1],); those of a donor add up to 1.
    observed
        Weight in each bin as it came, shape (b,).
    lengths
        Lengths of the windows, in bins, ascending, below b.
    replicates
        Number of replicates; in each, every row is replaced by another of the larger set.
    seed
        State from which the random numbers start.

    Returns
    -------
    float
        Share of the replicates, the observation counted, with a window at least as unlike chance; a test that
        is plainly lost stops early.
    """
    bins = observed.size
    everyone = np.asarray(np.bincount(bin_of, weight, bins), np.float64)
    tried = np.array(lengths, np.int64)
    needed = _needed(observed, everyone / everyone.sum(), tried, first_only=False)
    if needed.size == 0:
        return 1.0
    extreme = _drawn(sizes, donors, bin_of, weight, needed, tried, replicates, seed)
    return sequential_p_value(1.0, extreme, stop_after=_STOP_AFTER)


def _profile(profile: NDArray[np.float64] | None, bins: int) -> NDArray[np.float64]:
    """Expect as much in each bin as in any other unless it is said otherwise."""
    return np.full(bins, 1.0 / bins) if profile is None else profile


def _needed(
    observed: NDArray[np.float64],
    profile: NDArray[np.float64],
    lengths: NDArray[np.int64],
    *,
    first_only: bool,
) -> NDArray[np.float64]:
    """Weight from which windows, by first bin and length, are as extreme as the best; empty if none is."""
    most = float(_ratios(observed, profile, lengths).max())
    # Without any window above its expectation, every replicate is as extreme.
    if most <= 0:
        return np.empty((0, 0))
    return _critical(float(observed.sum()), profile, lengths, most, 1 if first_only else profile.size)


@numba.njit(cache=True, nogil=True)
def _log_likelihood_ratio(inside: float, total: float, share: float) -> float:
    """Kulldorff's ratio of a window that is expected to hold a share; 0 if it holds no more."""
    expected = total * share
    if inside <= expected or share >= 1.0:
        return 0.0
    ratio = inside * np.log(inside / expected)
    if total > inside:
        ratio += (total - inside) * np.log((total - inside) / (total - expected))
    return float(max(0.0, ratio))


@numba.njit(cache=True, nogil=True)
def _ratios(
    weight: NDArray[np.float64], profile: NDArray[np.float64], lengths: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Ratio of each window, by length and first bin; of none that nothing is expected in."""
    bins = weight.size
    total = weight.sum()
    ratio = np.zeros((lengths.size, bins))
    for which in range(lengths.size):
        for start in range(bins):
            inside, share = 0.0, 0.0
            for step in range(lengths[which]):
                inside += weight[(start + step) % bins]
                share += profile[(start + step) % bins]
            if share > 0.0:
                ratio[which, start] = _log_likelihood_ratio(inside, total, share)
    return ratio


@numba.njit(cache=True, nogil=True)
def _critical(
    total: float, profile: NDArray[np.float64], lengths: NDArray[np.int64], ratio: float, starts: int
) -> NDArray[np.float64]:
    """Find for each window the weight with this ratio, by halving; infinite where none reaches it."""
    bins = profile.size
    weight = np.full((starts, lengths.size), np.inf)
    for which in range(lengths.size):
        for start in range(starts):
            share = 0.0
            for step in range(lengths[which]):
                share += profile[(start + step) % bins]
            if share <= 0.0 or _log_likelihood_ratio(total, total, share) < ratio * (1 - _TIE):
                continue
            low, high = total * share, total
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                if _log_likelihood_ratio(middle, total, share) < ratio:
                    low = middle
                else:
                    high = middle
            # A tie counts as at least as extreme, whatever rounding did to it.
            weight[start, which] = high - _TIE * total
    return weight


@numba.njit(cache=True, nogil=True)
def _reaches(
    count: NDArray[np.float64], needed: NDArray[np.float64], lengths: NDArray[np.int64], start: int
) -> bool:
    """Tell whether a window from this bin on holds what is needed; the bins are written down twice."""
    inside, done = 0.0, 0
    for which in range(lengths.size):
        while done < lengths[which]:
            inside += count[start + done]
            done += 1
        if inside >= needed[which]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _rotated(
    rows: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    needed: NDArray[np.float64],
    lengths: NDArray[np.int64],
    bins: int,
    replicates: int,
    seed: np.uint64,
) -> NDArray[np.float64]:
    """Mark with 1 the replicates in which a window holds what is needed after every row was turned."""
    state, settled = seed, 0
    extreme = np.zeros(replicates)
    # Where every row lies in one bin, nothing needs to be looked up: that is most of the time.
    is_whole = rows.size - 1 == bin_of.size
    # A turned bin lies below twice the number of bins: folding once per replicate saves a division per piece.
    count = np.zeros(2 * bins)
    for replicate in range(replicates):
        count[:] = 0.0
        for row in range(rows.size - 1):
            state = advance(state)
            turn = below(state, bins)
            if is_whole:
                count[bin_of[row] + turn] += weight[row]
                continue
            for piece in range(rows[row], rows[row + 1]):
                count[bin_of[piece] + turn] += weight[piece]
        for one in range(bins):
            count[one] += count[one + bins]
            count[one + bins] = count[one]
        for start in range(bins):
            if _reaches(count, needed[0], lengths, start):
                extreme[replicate] = 1.0
                settled += 1
                break
        if settled == _STOP_AFTER:
            return extreme[: replicate + 1]
    return extreme


@numba.njit(cache=True, nogil=True)
def _drawn(
    sizes: NDArray[np.float64],
    donors: NDArray[np.int64],
    bin_of: NDArray[np.int64],
    weight: NDArray[np.float64],
    needed: NDArray[np.float64],
    lengths: NDArray[np.int64],
    replicates: int,
    seed: np.uint64,
) -> NDArray[np.float64]:
    """Mark with 1 the replicates in which a window holds what is needed after the rows were drawn anew."""
    bins = needed.shape[0]
    state, settled = seed, 0
    extreme = np.zeros(replicates)
    count = np.zeros(2 * bins)
    items = np.arange(donors.size - 1).astype(np.int32)
    is_whole = items.size == bin_of.size
    if is_whole:
        # Where every donor lies in one bin, the bins are shuffled themselves: less memory to jump about in.
        items = bin_of.astype(np.int32)
    for replicate in range(replicates):
        count[:] = 0.0
        for row in range(sizes.size):
            # A draw without return; what earlier replicates left shuffled is as good a start as any.
            state = advance(state)
            other = row + below(state, items.size - row)
            drawn = items[other]
            items[other] = items[row]
            items[row] = drawn
            if is_whole:
                count[drawn] += sizes[row]
                continue
            for piece in range(donors[drawn], donors[drawn + 1]):
                count[bin_of[piece]] += sizes[row] * weight[piece]
        count[bins:] = count[:bins]
        for start in range(bins):
            if _reaches(count, needed[start], lengths, start):
                extreme[replicate] = 1.0
                settled += 1
                break
        if settled == _STOP_AFTER:
            return extreme[: replicate + 1]
    return extreme
