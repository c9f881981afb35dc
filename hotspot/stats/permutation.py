"""
How are labels dealt out anew, the same for the same seed? Draws without return, for compiled loops.

Question: none; this is what replicates of `hotspot.stats.monte_carlo` are made of.
Null: whatever the caller shuffles is exchangeable; for times of incidents, which of them are recent.
Cost: one random number per item drawn.
Reference: Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators; Fisher & Yates (1938).

Each replicate starts from a state of its own, so that the result does not depend on which thread computes it
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


@numba.njit(cache=True, nogil=True)
def deal(items: NDArray[np.int32], drawn: int, state: np.uint64) -> None:
    """
    Fill in 0 to n - 1 and draw without return, so that the first ones are a random draw.

    Parameters
    ----------
    items
        Receives the numbers, changed in place, shape (n,).
    drawn
        How many are drawn, 0 to n; n - 1 shuffle them all.
    state
        State of the replicate's generator.
    """
    for i in range(items.size):
        items[i] = i
    draw_without_return(items, drawn, state)
