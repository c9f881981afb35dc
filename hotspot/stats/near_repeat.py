"""
Does one incident bring the next one nearby and soon? Near-repeat tables, strings and rates.

Question: in which distance and time after an incident are there more incidents than chance gives, which
incidents hang together in this way, and how many of them does it concern?
Null: times are dealt out to the places at random.
Cost: see `pair_table`; the strings cost the near pairs only.
Reference: Johnson et al. (2007), Space-time patterns of risk; Ratcliffe & Rengert (2008), Near-repeat
patterns in Philadelphia shootings; Haberman & Ratcliffe (2012) on chains of near repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hotspot.errors import InvalidParameter
from hotspot.stats import pair_table
from hotspot.stats.pairs import Metric, checked_days, checked_positions, near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hotspot.stats.pair_table import PairCounts

# Two incidents closer than this are at one address: less than coordinates are rounded to, as in R's
# NearRepeat.
SAME_PLACE_M = 0.1
"""Distance in metres below which a repeat is exact."""


@dataclass(frozen=True, slots=True)
class NearRepeatTable:
    """
    Pairs by distance and time; the first row holds the exact repeats.

    Parameters
    ----------
    edges_m
        Where the bands of distance begin and the last one ends, in metres, the first two being 0 and
        `SAME_PLACE_M`, shape (s + 1,).
    edges_days
        The same for time, in days, shape (t + 1,).
    counts
        The pairs and their margins, with expectation, ratio and Poisson values.
    p_value
        Chance of at least as many pairs when times are shuffled, above 0, shape (s, t).
    mean_shuffled
        Mean number of pairs in the shuffled replicates, shape (s, t).
    """

    edges_m: NDArray[np.float64]
    edges_days: NDArray[np.float64]
    counts: PairCounts
    p_value: NDArray[np.float64]
    mean_shuffled: NDArray[np.float64]

    @property
    def ratio_to_shuffled(self) -> NDArray[np.float64]:
        """Observed over the mean of the replicates; with few pairs `counts.ratio` is steadier."""
        return pair_table.ratio(self.counts.observed, self.mean_shuffled)


@dataclass(frozen=True, slots=True)
class NearRepeatStrings:
    """
    Incidents that hang together by steps that are each near and soon.

    Parameters
    ----------
    string
        Number of the string that each incident belongs to, from 1 in the order of the input; an incident on
        its own is a string of one, shape (n,).
    size
        Number of incidents in the string of each incident, shape (n,).
    """

    string: NDArray[np.int64]
    size: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NearRepeatRate:
    """
    How many incidents more than chance gives follow an incident nearby and soon.

    Parameters
    ----------
    incidents
        Number of incidents.
    pairs
        Pairs that are near and soon.
    expected_pairs
        The same when times are shuffled over the whole period.
    expected_from_later
        The same judged by the pairs as near in the next stretch of time of equal length. Places that drift
        slowly, or have a season of their own, raise both alike; a near repeat raises the first only.
    """

    incidents: int
    pairs: int
    expected_pairs: float
    expected_from_later: float

    @property
    def per_incident(self) -> float:
        """Excess pairs per incident over the whole period's expectation; below 0 where pairs are avoided."""
        return (self.pairs - self.expected_pairs) / max(self.incidents, 1)

    @property
    def per_incident_soon(self) -> float:
        """Excess pairs per incident over what the next stretch of time leads to expect."""
        return (self.pairs - self.expected_from_later) / max(self.incidents, 1)


def near_repeat_table(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    edges_m: Sequence[float] | NDArray[np.float64],
    edges_days: Sequence[float] | NDArray[np.float64],
    metric: Metric = "euclidean",
    replicates: int = 999,
    rng: np.random.Generator,
    threads: int | None = None,
) -> NearRepeatTable:
    """
    Test for more pairs than chance gives, exact repeats and each band of distance and time apart.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, shape (n,).
    edges_m
        Upper edges of the bands of distance in metres, such as 100, 200, 400; each band holds its lower edge
        and not its upper one. 0 and `SAME_PLACE_M` are put in front where they are missing.
    edges_days
        Where the bands of time begin and the last one ends, such as 0, 7, 14; half-open as well.
    metric
        How distance is measured.
    replicates
        Number of shuffles, at least 1.
    rng
        Source of chance.
    threads
        How many batches of shuffles run at a time, absent for one per processor; changes nothing else.

    Returns
    -------
    NearRepeatTable
        Observed and expected pairs and p-values.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or the edges do not rise.
    """
    edges = np.asarray(edges_m, np.float64)
    edges = np.concatenate([[0.0, SAME_PLACE_M], edges[~np.isin(edges, [0.0, SAME_PLACE_M])]])
    found = pair_table.shuffled_pairs(
        xy_m,
        day,
        edges_m=edges,
        edges_days=edges_days,
        metric=metric,
        replicates=replicates,
        rng=rng,
        threads=threads,
    )
    return NearRepeatTable(
        edges, np.asarray(edges_days, np.float64), found.counts, found.p_value, found.mean_shuffled
    )


def near_repeat_strings(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    below_m: float,
    below_days: float,
    metric: Metric = "euclidean",
) -> NearRepeatStrings:
    """
    Group incidents that follow each other nearby and soon, step by step.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, shape (n,).
    below_m, below_days
        A step is shorter than this distance and this time; exactly as long is no step.
    metric
        How distance is measured.

    Returns
    -------
    NearRepeatStrings
        The string of each incident; a string may be longer and last longer than one step.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is not above 0.
    """
    _require_time(below_days)
    xy_m = checked_positions(xy_m)
    day = checked_days(day, len(xy_m))
    n = len(xy_m)
    near = near_pairs(xy_m, below_m=below_m, metric=metric)
    soon = np.abs(day[near.first] - day[near.second]) < below_days
    steps = (np.ones(np.count_nonzero(soon)), (near.first[soon], near.second[soon]))
    if not n:
        return NearRepeatStrings(np.empty(0, np.int64), np.empty(0, np.int64))
    component = connected_components(coo_array(steps, shape=(n, n)), directed=False)[1]
    first, inverse, size = np.unique(component, return_index=True, return_inverse=True, return_counts=True)[
        1:
    ]
    number = np.empty(first.size, np.int64)
    number[np.argsort(first)] = np.arange(1, first.size + 1)
    return NearRepeatStrings(number[inverse], size[inverse].astype(np.int64))


def near_repeat_rate(
    xy_m: NDArray[np.float64],
    day: NDArray[np.float64],
    *,
    below_m: float,
    below_days: float,
    metric: Metric = "euclidean",
) -> NearRepeatRate:
    """
    Estimate how many near repeats each incident brings.

    Parameters
    ----------
    xy_m
        Positions in metres, shape (n, 2).
    day
        Time of each incident in days, shape (n,).
    below_m, below_days
        What counts as nearby and soon; exactly as far is out.
    metric
        How distance is measured.

    Returns
    -------
    NearRepeatRate
        Pairs, two expectations, and the excess over each per incident. If each incident brings another one
        with probability p, the excess is about p, and more where repeats are repeated.

    Raises
    ------
    InvalidParameter
        If a position or time is missing or a number is not above 0.
    """
    _require_time(below_days)
    counts = pair_table.pair_counts(
        xy_m, day, edges_m=[0.0, below_m], edges_days=[0.0, below_days, 2 * below_days], metric=metric
    )
    (soon, later), (close, close_later) = counts.in_time.tolist(), counts.observed[0].tolist()
    not_soon = counts.pairs - soon
    # The mean of all shuffles would count the excess once more, as near pairs of which some become soon.
    expected = (int(counts.in_space[0]) - close) * soon / not_soon if not_soon else float(close)
    from_later = close_later * soon / later if later else expected
    return NearRepeatRate(len(xy_m), close, expected, from_later)


def _require_time(below_days: float) -> None:
    """Refuse a step that takes no time."""
    # Written so that NaN, which fails every comparison, is refused as well.
    if not below_days > 0:
        raise InvalidParameter(f"below_days must be above 0, got {below_days}")
