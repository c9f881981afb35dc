"""
How close is close? A radius read from the data, for those who have none.

Question: up to which distance do incidents lie as close to each other as those of dense places do?
Null: none. It is a rule of thumb: a radius that means something on the street, say 100 m, is better.
Cost: one search in a tree per incident.
Reference: Ester et al. (1996), section 4.2 (the sorted distances to the k-th nearest); Satopaa et al. (2011),
Finding a "kneedle" in a haystack (the point of the curve that is farthest below its chord).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray


def radius_at_knee(x: NDArray[np.float64], *, min_incidents: int) -> float:
    """
    Find the distance at which the distances to the k-th nearest begin to rise steeply.

    Parameters
    ----------
    x
        Positions in any one unit, finite, at least one, shape (n, d).
    min_incidents
        The k, each incident counted as its own first; at most n are used.

    Returns
    -------
    float
        Above 0 and in the unit of the positions; 1 if no two positions differ.

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [90.0], [200.0]])
    >>> radius_at_knee(x, min_incidents=2)
    1.0
    """
    k = min(min_incidents, len(x))
    away_of_each, _ = KDTree(x).query(x, k=[k])
    away = np.sort(np.ravel(away_of_each))
    if away[-1] == 0:
        apart = np.ptp(x, axis=0).max()
        return float(apart) if apart > 0 else 1.0
    below_chord = np.linspace(0, 1, len(x)) - away / away[-1]
    knee = away[np.argmax(below_chord)]
    return float(knee if knee > 0 else away[away > 0][0])
