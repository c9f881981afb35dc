"""
Do distances in space and in time rise together, over all pairs? Mantel's test.

Question: are pairs that are near in space near in time as well, with no bound to what is near?
Null: times are dealt out to the places at random.
Cost: the square of the number of incidents, per replicate; memory for the incidents only.
Reference: Mantel (1967), The detection of disease clustering and a generalized regression approach.

Raw distances give the far pairs, which are most and tell least, the greatest say. Mantel therefore takes the
reciprocal of the distance plus one, which is the default here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numba
import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.monte_carlo import pseudo_p_value, replicate_seeds, replicates_of
from hotspot.stats.pairs import checked_days, checked_positions
from hotspot.stats.permutation import deal

if TYPE_CHECKING:
    from numpy.typing import NDArray

Closeness = Literal["reciprocal", "raw"]
"""What is correlated: 1 / (1 + distance), or the distance."""

# Two pairs at least, or there is nothing to correlate.
_FEWEST = 3
# Replicates that are summed side by side.
_LANES = 32
# A correlation that differs by the rounding of another order of addition only is a tie.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class MantelTest:
    """
    Correlation of closeness in space with closeness in time.

    Parameters
    ----------
    r
        Pearson's correlation over all pairs, -1 to 1; 0 where all distances are equal.
    p_value
        Chance of at least as large a correlation when times are shuffled, above 0.
    """

    r: float
    p_value: float


def mantel(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    closeness: Closeness = "reciprocal",
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> MantelTest:
    """
    Test whether pairs near in space are near in time.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2), n at least 3.
    day
        Time of each incident in days, shape (n,).
    closeness
        Whether to correlate reciprocals, 1 / (1 + metres) with 1 / (1 + days), or raw distances. The constant
        of one metre makes little of what is farther than a few metres: choose the unit of `xy_m` for the
        question, such as hundreds of metres.
    replicates
        Number of shuffles, at least 1.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    MantelTest
        The correlation and its p-value.

    Raises
    ------
    InvalidParameter
        If a position or time is missing, or there are fewer than 3 incidents.
    """
    xy_m = checked_positions(xy_m)
    day = checked_days(day, len(xy_m))
    if len(xy_m) < _FEWEST:
        raise InvalidParameter(f"xy_m must hold at least {_FEWEST} incidents, got {len(xy_m)}")
    if closeness not in {"reciprocal", "raw"}:
        raise InvalidParameter(f"closeness must be reciprocal or raw, got {closeness!r}")
    is_raw = closeness == "raw"
    seeds = replicate_seeds(rng, replicates)
    pairs = day.size * (day.size - 1) / 2
    space, space_squared, time, time_squared, product = _moments(xy_m, day, is_raw)
    # Shuffling changes the sum of the products and nothing else in the correlation.
    spread = math.sqrt(max(space_squared - space**2 / pairs, 0.0) * max(time_squared - time**2 / pairs, 0.0))

    def products(some: NDArray[np.uint64]) -> NDArray[np.float64]:
        return _shuffled(xy_m, day, is_raw, some)[: some.size]

    simulated = replicates_of(products, seeds, batch=_LANES, threads=threads)
    if not spread > _ROUNDING * math.sqrt(space_squared * time_squared):
        return MantelTest(0.0, 1.0)
    p_value = pseudo_p_value(product - _ROUNDING * abs(product), simulated)
    return MantelTest((product - space * time / pairs) / spread, p_value)


@numba.njit(cache=True, nogil=True)
def _space(xy_m: NDArray[np.float64], i: int, j: int, is_raw: bool) -> float:  # noqa: FBT001 - compiled
    """Tell how close two positions are."""
    far = math.sqrt((xy_m[i, 0] - xy_m[j, 0]) ** 2 + (xy_m[i, 1] - xy_m[j, 1]) ** 2)
    return float(far if is_raw else 1.0 / (1.0 + far))


@numba.njit(cache=True, nogil=True)
def _moments(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    is_raw: bool,  # noqa: FBT001 - compiled code takes no keywords cheaply
) -> tuple[float, float, float, float, float]:
    """Sum closeness in space and in time, their squares and their products over all pairs."""
    space = space_squared = time = time_squared = product = 0.0
    for i in range(1, day.size):
        for j in range(i):
            a = _space(xy_m, i, j, is_raw)
            apart = abs(day[i] - day[j])
            b = apart if is_raw else 1.0 / (1.0 + apart)
            space += a
            space_squared += a * a
            time += b
            time_squared += b * b
            product += a * b
    return space, space_squared, time, time_squared, product


@numba.njit(cache=True, nogil=True)
def _shuffled(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    is_raw: bool,  # noqa: FBT001 - compiled code takes no keywords cheaply
    seeds: NDArray[np.uint64],
) -> NDArray[np.float64]:
    """Sum the products of closeness in space and in time after the shuffles, replicates side by side."""
    n = day.size
    shuffled = np.zeros((n, _LANES))
    items = np.empty(n, np.int32)
    for r in range(seeds.size):
        deal(items, n - 1, seeds[r])
        for i in range(n):
            shuffled[i, r] = day[items[i]]
    products = np.zeros(_LANES)
    for i in range(1, n):
        for j in range(i):
            a = _space(xy_m, i, j, is_raw)
            if is_raw:
                for r in range(_LANES):
                    products[r] += a * abs(shuffled[i, r] - shuffled[j, r])
            else:
                for r in range(_LANES):
                    products[r] += a / (1.0 + abs(shuffled[i, r] - shuffled[j, r]))
    return products
