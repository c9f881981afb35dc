"""
Is what we saw more extreme than what chance gives? The one way in which this project answers by simulation.

Question: how often does a world in which nothing is going on give a statistic as large as the observed one?
Null: whatever the caller shuffles is exchangeable; for times of incidents, which of them are recent.
Cost: the caller's statistic, once per replicate; drawing costs one random number per incident drawn.
Reference: Phipson & Smyth (2010), Permutation p-values should never be zero; Barnard (1963).

Each replicate has a generator of its own, so that the result does not depend on which thread computes it
or on how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Constants of SplitMix64 (Steele, Lea & Flood 2014, Fast splittable pseudorandom number generators).
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def pseudo_p_value(observed: float, simulated: NDArray[np.float64]) -> float:
    """
    Share of the replicates, the observation itself counted, that are at least as extreme.

    Counting the observation keeps the value above zero and the test exact.

    Parameters
    ----------
    observed
        The statistic as it came; larger is less like chance.
    simulated
        The same statistic in each replicate, shape (r,).

    Returns
    -------
    float
        Between 1 / (1 + r) and 1.

    Examples
    --------
    >>> pseudo_p_value(3.0, np.array([1.0, 2.0, 3.0, 4.0]))
    0.6
    """
    return float((1 + np.count_nonzero(simulated >= observed)) / (1 + simulated.size))


def recurrence_weeks(p_value: float) -> float:
    """
    Tell once in how many weekly runs chance alone shows something as extreme.

    Parameters
    ----------
    p_value
        The value of one run, above 0 and at most 1.

    Returns
    -------
    float
        Weeks, at least 1.

    Examples
    --------
    >>> recurrence_weeks(0.01)
    100.0
    """
    return 1.0 / p_value


def recurrence_days(p_value: float, *, every_days: float) -> float:
    """
    Tell after how many days of regular runs chance alone is expected to show something as extreme once.

    Parameters
    ----------
    p_value
        The value of one run, above 0 and at most 1; a Gumbel value may be smaller than replicates can show.
    every_days
        Days between two runs, above 0.

    Returns
    -------
    float
        Days, at least `every_days`.

    Examples
    --------
    >>> recurrence_days(0.001, every_days=7)
    7000.0
    """
    return every_days / p_value


def replicate_seeds(rng: np.random.Generator, replicates: int) -> NDArray[np.uint64]:
    """
    Draw the state from which the generator of each replicate starts.

    Parameters
    ----------
    rng
        Source of chance.
    replicates
        Number of replicates.

    Returns
    -------
    ndarray
        One state per replicate, shape (replicates,).
    """
    return rng.integers(0, np.iinfo(np.uint64).max, size=replicates, dtype=np.uint64, endpoint=True)


@numba.njit(cache=True, nogil=True)
def advance(state: np.uint64) -> np.uint64:
    """
    Take the next state of a replicate's generator.

    Parameters
    ----------
    state
        The present state.

    Returns
    -------
    uint64
        The next.
    """
    return state + _GAMMA


@numba.njit(cache=True, nogil=True)
def below(state: np.uint64, n: int) -> int:
    """
    Draw a whole number below n from a state.

    Parameters
    ----------
    state
        State of the generator; advance it before the next draw.
    n
        Upper bound, 1 to 2**32.

    Returns
    -------
    int
        0 to n - 1; the bias of at most n / 2**32 of this fast form is beyond what any replicate can show.
    """
    mixed = (state ^ (state >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    mixed = mixed ^ (mixed >> np.uint64(31))
    return int(((mixed >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@numba.njit(cache=True, nogil=True)
def draw_without_return(items: NDArray[np.int32], drawn: int, state: np.uint64) -> None:
    """
    Shuffle so that the first items are a random draw without return, in random order.

    Parameters
    ----------
    items
        What is drawn from, changed in place, shape (n,).
    drawn
        How many are drawn, 0 to n.
    state
        State of the replicate's generator.
    """
    for position in range(drawn):
        state = advance(state)
        other = position + below(state, items.size - position)
        items[position], items[other] = items[other], items[position]
