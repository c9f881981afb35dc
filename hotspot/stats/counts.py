"""
Are these numbers counts, and how sure is a count? What every method that counts incidents asks first.

Question: may these numbers be taken as counts, exposures or shares, and which means does a count not
exclude?
Null: the count is Poisson with the mean in question.
Cost: linear in the number of values.
Reference: Garwood (1936), Fiducial limits for the Poisson distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv

from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
"""Coverage of an interval unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Interval:
    """
    The values that the data do not exclude.

    Parameters
    ----------
    lower, upper
        Ends of the interval, both included.
    """

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def finite(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """
    Take numbers that are all finite.

    Parameters
    ----------
    values
        Numbers of any shape.
    name
        What they are called in an error.

    Returns
    -------
    ndarray
        The numbers, same shape.

    Raises
    ------
    InvalidParameter
        If one is missing or infinite.
    """
    parsed = np.asarray(values, np.float64)
    return _required(parsed, np.isfinite(parsed), f"{name} must be finite")


def non_negative(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """
    Take numbers of at least 0, for example weighted counts.

    Parameters
    ----------
    values, name
        As for `finite`.

    Returns
    -------
    ndarray
        The numbers, same shape.

    Raises
    ------
    InvalidParameter
        If one is negative, missing or infinite.
    """
    parsed = finite(values, name=name)
    return _required(parsed, parsed >= 0, f"{name} must not be negative")


def positive(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """
    Take numbers above 0, for example exposures.

    Parameters
    ----------
    values, name
        As for `finite`.

    Returns
    -------
    ndarray
        The numbers, same shape.

    Raises
    ------
    InvalidParameter
        If one is 0, negative, missing or infinite.
    """
    parsed = finite(values, name=name)
    return _required(parsed, parsed > 0, f"{name} must be positive")


def whole(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """
    Take counts of incidents: whole numbers of at least 0.

    Parameters
    ----------
    values, name
        As for `finite`.

    Returns
    -------
    ndarray
        The counts as floating point numbers, same shape.

    Raises
    ------
    InvalidParameter
        If one is negative, broken, missing or infinite.
    """
    parsed = non_negative(values, name=name)
    return _required(parsed, parsed == np.floor(parsed), f"{name} must be whole numbers")


def open_share(value: float, *, name: str) -> float:
    """
    Take a share that is neither nothing nor all, for example a level or a confidence.

    Parameters
    ----------
    value
        The share.
    name
        What it is called in an error.

    Returns
    -------
    float
        The share, above 0 and below 1.

    Raises
    ------
    InvalidParameter
        If it is not between 0 and 1.
    """
    # Written so that NaN, which fails every comparison, is refused as well.
    if not 0.0 < value < 1.0:
        raise InvalidParameter(f"{name} must lie between 0 and 1, got {value}")
    return float(value)


def at_least(value: int, *, least: int, name: str) -> int:
    """
    Take a whole number that is large enough.

    Parameters
    ----------
    value
        The number.
    least
        The smallest that will do.
    name
        What it is called in an error.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InvalidParameter
        If it is smaller.
    """
    if value < least:
        raise InvalidParameter(f"{name} must be at least {least}, got {value}")
    return value


def exact_interval(observed: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """
    Tell which Poisson means a count does not exclude (Garwood's exact interval).

    Parameters
    ----------
    observed
        Counts of any shape.
    confidence
        Least coverage, between 0 and 1.

    Returns
    -------
    Interval
        Means, of the shape of the counts.

    Examples
    --------
    >>> interval = exact_interval(10)
    >>> round(float(interval.lower), 4), round(float(interval.upper), 4)
    (4.7954, 18.3904)
    """
    counted = whole(observed, name="observed")
    outside = (1.0 - open_share(confidence, name="confidence")) / 2.0
    # The lower end of no incident at all is 0, where the inverse is not defined.
    lower = np.where(counted > 0, gammaincinv(np.maximum(counted, 1.0), outside), 0.0)
    return Interval(lower, np.asarray(gammaincinv(counted + 1.0, 1.0 - outside)))


def _required(values: NDArray[np.float64], is_right: NDArray[np.bool_], must: str) -> NDArray[np.float64]:
    """Give back the numbers if all are right; else say what they must be and what the first wrong one is."""
    if not is_right.all():
        raise InvalidParameter(f"{must}, got {values[~is_right].flat[0]:g}")
    return values
