"""
How does one incident spread over its surroundings? The two kernels, their values and their integrals.

The quartic (biweight) kernel ends at the bandwidth; the Gaussian has the bandwidth as its standard deviation
and is cut off where it has fallen below 2e-14 of its peak. Both are densities per square metre and integrate
to 1. A quartic surface of bandwidth h is about as smooth as a Gaussian one of 0.38 h: their bandwidths are no
like quantities.

Reference: Silverman (1986), Density estimation for statistics and data analysis, section 4.2.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

import numba
import numpy as np

from hotspot.errors import InvalidParameter

Kernel: TypeAlias = Literal["quartic", "gaussian"]
"""Names of the kernels."""

GAUSSIAN_REACH = 8.0
"""Bandwidths at which the Gaussian is cut off: exp(-8**2 / 2) is 1.3e-14."""

# Gauss-Legendre rule for the integral over a rectangle: exact to about 1e-14 for the trigonometric
# polynomials of degree six that occur, over half a turn at most.
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)


def require_kernel(kernel: str) -> None:
    """
    Refuse what is no kernel.

    Parameters
    ----------
    kernel
        Name of a kernel.

    Raises
    ------
    InvalidParameter
        If the name is unknown.
    """
    if kernel not in get_args(Kernel):
        raise InvalidParameter(f"kernel must be one of {', '.join(get_args(Kernel))}, got {kernel!r}")


@numba.njit(cache=True, nogil=True)
def quartic_value(squared_m2: float, bandwidth_m: float) -> float:
    """
    Tell the quartic kernel at a distance.

    Parameters
    ----------
    squared_m2
        Square of the distance.
    bandwidth_m
        Distance at which the kernel ends.

    Returns
    -------
    float
        Per square metre; 3 / pi / h**2 * (1 - d**2 / h**2)**2 within the bandwidth, 0 beyond.

    Examples
    --------
    >>> [float(f"{quartic_value(d * d, 100.0):.6g}") for d in (0.0, 50.0, 90.0, 100.0)]
    [9.5493e-05, 5.37148e-05, 3.4473e-06, 0.0]
    """
    inside = 1.0 - squared_m2 / (bandwidth_m * bandwidth_m)
    if inside <= 0.0:
        return 0.0
    return 3.0 / math.pi / (bandwidth_m * bandwidth_m) * inside * inside


@numba.njit(cache=True, nogil=True)
def gaussian_value(squared_m2: float, bandwidth_m: float) -> float:
    """
    Tell the Gaussian kernel at a distance.

    Parameters
    ----------
    squared_m2
        Square of the distance.
    bandwidth_m
        Standard deviation along each axis.

    Returns
    -------
    float
        Per square metre; exp(-d**2 / 2 h**2) / (2 pi h**2), 0 beyond `GAUSSIAN_REACH` bandwidths.

    Examples
    --------
    >>> round(gaussian_value(0.0, 100.0) * 1e6, 6)
    15.915494
    """
    squared = squared_m2 / (bandwidth_m * bandwidth_m)
    if squared > GAUSSIAN_REACH * GAUSSIAN_REACH:
        return 0.0
    return math.exp(-0.5 * squared) / (2.0 * math.pi * bandwidth_m * bandwidth_m)


@numba.njit(cache=True, nogil=True)
def gaussian_below(position: float) -> float:
    """
    Tell the share of a Gaussian below a position, along one axis.

    Parameters
    ----------
    position
        In bandwidths from the middle.

    Returns
    -------
    float
        0 to 1.
    """
    return 0.5 * math.erfc(-position * math.sqrt(0.5))


@numba.njit(cache=True, nogil=True)
def _along_row(y: float, west: float, east: float) -> float:
    """Integrate (1 - x**2 - y**2)**2 over x from west to east, within the unit disc."""
    b = max(1.0 - y * y, 0.0)
    half = math.sqrt(b)
    low = min(max(west, -half), half)
    high = min(max(east, -half), half)
    upper = high * (b * b + high * high * (high * high / 5.0 - 2.0 * b / 3.0))
    lower = low * (b * b + low * low * (low * low / 5.0 - 2.0 * b / 3.0))
    return upper - lower


@numba.njit(cache=True, nogil=True)
def quartic_over_rectangle(west: float, east: float, south: float, north: float) -> float:
    """
    Integrate the quartic kernel of bandwidth 1 over a rectangle.

    Parameters
    ----------
    west, east, south, north
        The rectangle, in bandwidths from the kernel's middle.

    Returns
    -------
    float
        0 to 1, to about 1e-14.

    Examples
    --------
    >>> round(quartic_over_rectangle(-1.0, 1.0, 0.0, 2.0), 12)
    0.5
    """
    south, north = max(south, -1.0), min(north, 1.0)
    if south >= north or west >= 1.0 or east <= -1.0:
        return 0.0
    # The integrand bends where the circle passes the rectangle's sides; between these heights it is smooth in
    # the angle theta, y = sin(theta).
    bends = np.empty(6)
    bends[0], bends[1] = south, north
    n = 2
    for side in (west, east):
        if -1.0 < side < 1.0:
            height = math.sqrt(1.0 - side * side)
            for bend in (-height, height):
                if south < bend < north:
                    bends[n] = bend
                    n += 1
    for last in range(1, n):
        for at in range(last, 0, -1):
            if bends[at - 1] > bends[at]:
                bends[at - 1], bends[at] = bends[at], bends[at - 1]
    total = 0.0
    for piece in range(n - 1):
        low, high = math.asin(bends[piece]), math.asin(bends[piece + 1])
        for node in range(_NODES.size):
            theta = 0.5 * (low + high) + 0.5 * (high - low) * _NODES[node]
            along = _along_row(math.sin(theta), west, east)
            total += 0.5 * (high - low) * _NODE_WEIGHTS[node] * along * math.cos(theta)
    return 3.0 / math.pi * total
