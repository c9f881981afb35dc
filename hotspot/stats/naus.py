"""
How often does a quiet series show so many incidents in one window by luck alone? Naus's scan approximation.

Question: given a steady mean, what is the chance of at least n incidents in some window, of all the windows
that slide over the whole period?
Null: incidents come independently at a constant rate (Poisson).
Cost: a sum of n terms.
Reference: Naus (1982), Approximations for distributions of scan statistics; Spiegelhalter in Wheeler's
ptools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Windows that Q2, the first factor of the approximation, covers itself; the rest multiply by Q3 / Q2.
_WINDOWS_OF_Q2 = 2


def naus_p_value(
    n: int, *, windows: float, mean: float, subtracted: float = _WINDOWS_OF_Q2, as_ptools: bool = False
) -> float:
    """
    Chance that some window of the period holds at least n incidents.

    Parameters
    ----------
    n
        Incidents in the fullest window, at least 1.
    windows
        Length of the whole period, in windows, at least 2.
    mean
        Incidents to be expected in one window, above 0.
    subtracted
        What is subtracted from `windows` in the exponent: 2 in the paper, often 1 in examples of R's ptools.
    as_ptools
        Leave out the last term of Naus's sum A4, as R's ptools does, only to compare with its printed values.

    Returns
    -------
    float
        Between 0 and 1; an approximation, best where it is small.

    Raises
    ------
    InvalidParameter
        If a number is outside its bounds.

    Notes
    -----
    With one incident the chance is exact: that of a period with any incident at all. The paper sums A4 up to
    n - 1 and simulation agrees (tests); ptools stops at n - 2, which hardly shows at 6 and does at 3 or 4.

    Examples
    --------
    >>> round(naus_p_value(6, windows=208, mean=0.6), 6)
    0.039023
    >>> round(naus_p_value(6, windows=208, mean=0.6, as_ptools=True), 8)
    0.03902238
    """
    if n < 1:
        raise InvalidParameter(f"n must be at least 1, got {n}")
    if not (np.isfinite(windows) and windows >= _WINDOWS_OF_Q2):
        raise InvalidParameter(f"windows must be at least {_WINDOWS_OF_Q2}, got {windows}")
    if not (np.isfinite(mean) and mean > 0.0):
        raise InvalidParameter(f"mean must be above 0, got {mean}")
    if n == 1:
        return float(-np.expm1(-mean * windows))
    two, three = _none_in_two(n, mean), _none_in_three(n, mean, last=n - 2 if as_ptools else n - 1)
    if two <= 0.0 or three <= 0.0:
        return 1.0
    return float(np.clip(1.0 - two * (three / two) ** (windows - subtracted), 0.0, 1.0))


def _point(n: int | NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    """Poisson probability, 0 below 0."""
    return np.asarray(stats.poisson.pmf(n, mean), np.float64)


def _below(n: int | NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    """Poisson probability of at most n, 0 below 0."""
    return np.asarray(stats.poisson.cdf(n, mean), np.float64)


def _none_in_two(n: int, mean: float) -> float:
    """Chance of no window with n incidents in a period of two windows (Naus's Q2), exact."""
    at_n = _point(n, mean)
    return float(
        _below(n - 1, mean) ** 2
        - (n - 1) * at_n * _point(n - 2, mean)
        - (n - 1 - mean) * at_n * _below(n - 3, mean)
    )


def _none_in_three(n: int, mean: float, *, last: int) -> float:
    """Chance of no window with n incidents in three windows (Naus's Q3), exact if A4 ends at n - 1."""
    at_n, under = _point(n, mean), _below(n - 1, mean)
    a1 = 2 * at_n * under * ((n - 1) * _below(n - 2, mean) - mean * _below(n - 3, mean))
    a2 = (
        0.5
        * at_n**2
        * (
            (n - 1) * (n - 2) * _below(n - 3, mean)
            - 2 * (n - 2) * mean * _below(n - 4, mean)
            + mean**2 * _below(n - 5, mean)
        )
    )
    r = np.arange(1, n, dtype=np.int64)
    a3 = np.sum(_point(2 * n - r, mean) * _below(r - 1, mean) ** 2)
    r = np.arange(2, last + 1, dtype=np.int64)
    a4 = np.sum(
        _point(2 * n - r, mean)
        * _point(r, mean)
        * ((r - 1) * _below(r - 2, mean) - mean * _below(r - 3, mean))
    )
    return float(under**3 - a1 + a2 + a3 - a4)
