"""
Do a few addresses hold much of what happened in the last weeks? Beside what chance would make it.

Question: what share of the addresses holds a quarter, and half, of the window's events?
Null: each event falls at any of the year's addresses with the same chance, independently of the others.
Cost: one random number per event and replicate.
Source: METHODS 2.14; `hotspot.stats.concentration` for the measures.

The places are the addresses at which anything of the theme happened in the year up to the week, the window
included: what no source lists, homes where nothing ever happens, is no part of the frame. That makes the
shares larger and the concentration smaller than among all addresses of the city.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotspot.errors import InvalidParameter
from hotspot.stats.concentration import concentration

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME_WEEKS = 52
"""Weeks whose addresses are the places."""
WINDOW_WEEKS = 4
"""Weeks whose events are counted."""
_SHARES = (0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Spread:
    """
    How events are spread over places.

    Parameters
    ----------
    share_of_places_25, share_of_places_50
        Smallest share of the places that holds a quarter, and half, of the events.
    gini
        Generalised Gini coefficient: 0 as even as so few events can be, towards 1 all at one place.
    """

    share_of_places_25: float
    share_of_places_50: float
    gini: float


@dataclass(frozen=True, slots=True)
class WeekConcentration:
    """
    Concentration of one theme in the window.

    Parameters
    ----------
    theme
        The theme.
    places
        Addresses of the year.
    incidents
        Events in the window.
    observed
        How these are spread; absent without any.
    by_chance
        Mean of the same if they fell by lot; absent likewise.
    p_value
        Chance that they would fall so unevenly by lot; absent likewise.
    """

    theme: str
    places: int
    incidents: int
    observed: Spread | None
    by_chance: Spread | None
    p_value: float | None


def week_concentration(
    place: NDArray[np.int64],
    age_weeks: NDArray[np.int64],
    *,
    theme: str,
    rng: np.random.Generator,
    window_weeks: int = WINDOW_WEEKS,
    replicates: int = 999,
) -> WeekConcentration:
    """
    Measure how concentrated the window's events are.

    Parameters
    ----------
    place
        Number of the address of each event, any numbers, shape (n,).
    age_weeks
        Weeks before the named week, 0 for that week itself; events of 52 weeks and more are not looked at.
        Shape (n,).
    theme
        The theme.
    rng
        Source of chance.
    window_weeks
        Weeks that are counted, 1 to 52.
    replicates
        Random allocations, at least 1.

    Returns
    -------
    WeekConcentration
        The measures; absent where nothing happened in the window.

    Raises
    ------
    InvalidParameter
        If the window is not within the year.

    Examples
    --------
    Four of five events at one of four addresses:

    >>> found = week_concentration(
    ...     np.array([7, 7, 7, 7, 3, 4, 5]),
    ...     np.array([0, 0, 1, 3, 2, 9, 9]),
    ...     theme="theft",
    ...     rng=np.random.default_rng(1),
    ... )
    >>> found.places, found.incidents, found.observed.share_of_places_50
    (4, 5, 0.25)
    """
    if not 1 <= window_weeks <= FRAME_WEEKS:
        raise InvalidParameter(f"window_weeks must be 1 to {FRAME_WEEKS}, got {window_weeks}")
    in_year = (age_weeks >= 0) & (age_weeks < FRAME_WEEKS)
    addresses, at = np.unique(place[in_year], return_inverse=True)
    counts = np.bincount(at[age_weeks[in_year] < window_weeks], minlength=addresses.size)
    incidents = int(counts.sum())
    if incidents == 0:
        return WeekConcentration(theme, addresses.size, 0, None, None, None)
    found = concentration(counts, incident_shares=_SHARES, replicates=replicates, rng=rng)
    return WeekConcentration(
        theme,
        addresses.size,
        incidents,
        _spread(found.place_share, found.generalised_gini),
        _spread(found.random_place_share, found.random_generalised_gini),
        found.p_value,
    )


def _spread(shares: NDArray[np.float64], gini: float) -> Spread:
    """Name the shares of `_SHARES`."""
    quarter, half = shares.tolist()
    return Spread(quarter, half, gini)
