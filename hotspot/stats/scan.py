"""
Is a zone fuller now than its own past and the present elsewhere lead to expect? Kulldorff's likelihood ratio.

Question: do the incidents of a period fall in a zone more than they would if the zone had its usual share?
Null: which of the incidents of all periods fall in the present one is a matter of chance, the same for all
places (space-time permutation): a place that is always full, and a week that is full everywhere, are none.
Cost: a few logarithms per zone.
Reference: Kulldorff et al. (2005), A space-time permutation scan statistic for disease outbreak detection.
"""

from __future__ import annotations

import math

import numba


@numba.njit(cache=True, nogil=True)
def log_likelihood_ratio(observed: float, expected: float, total: float) -> float:
    """
    Compare a zone's incidents with what is expected; larger is less like chance.

    Parameters
    ----------
    observed
        Incidents in the zone in the period, 0 to `total`.
    expected
        Incidents that are expected there, above 0.
    total
        Incidents of the period in all zones.

    Returns
    -------
    float
        0 unless more was observed than expected.

    Examples
    --------
    >>> round(log_likelihood_ratio(5.0, 3.5, 14.0), 6)
    0.396019
    """
    if observed <= expected:
        return 0.0
    inside = observed * math.log(observed / expected)
    if observed >= total:
        return inside
    return inside + (total - observed) * math.log((total - observed) / (total - expected))
