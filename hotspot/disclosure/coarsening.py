"""
From what is exact to what is coarse: squares for outlines, bands for numbers, names without a place.

Squares are those of one fixed grid of the plane with its origin at 0, so that shapes of different weeks,
themes and levels are unions of the same squares: whatever is cut out of each other is made of whole ones.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from hotspot.disclosure.rules import grid_sizes_m
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from hotspot.catalogue import Disclosure

INCIDENT_BANDS = (3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Lower ends of bands of incidents; the last is open."""

RISK_BANDS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Lower ends of bands of relative risks; the last is open."""

KEY_BYTES = 16
"""A key that cannot be tried out has so many bytes at the least."""

_ID_DIGITS = 12


def band(value: float, lower_ends: tuple[float, ...]) -> float | None:
    """
    Give the lower end of the band in which a value lies.

    Parameters
    ----------
    value
        The value.
    lower_ends
        Lower ends of the bands, ascending.

    Returns
    -------
    float or None
        One of them; None below the first.

    Examples
    --------
    >>> band(17, INCIDENT_BANDS), band(2, INCIDENT_BANDS)
    (10, None)
    """
    return next((end for end in reversed(lower_ends) if value >= end), None)


def rounded_down(count: int, step: int) -> int:
    """
    Round a count down to a multiple.

    Rounding to the nearest would leave only three counts for what is told as 5, since 3 and 4 are never told:
    downwards each told number stands for `step` counts.

    Parameters
    ----------
    count
        The count, 0 or more.
    step
        What it becomes a multiple of.

    Returns
    -------
    int
        At most `count`.

    Examples
    --------
    >>> rounded_down(9, 5)
    5
    """
    return count - count % step


def squares(
    shape: BaseGeometry, *, side_m: int, inwards_m: float = 0.0, least: int = 1
) -> shapely.MultiPolygon:
    """
    Give the squares of the fixed grid that a shape touches.

    Parameters
    ----------
    shape
        A shape in the plane, in metres.
    side_m
        Side of a square in metres.
    inwards_m
        So much of the shape's rim does not count: an outline that keeps a known distance from the places
        within would otherwise tell that none of them is nearer to the edge of the squares.
    least
        Squares that there are at the least; where there would be fewer, those of twice the side.

    Returns
    -------
    MultiPolygon
        Their union; its corners are multiples of the side.

    Raises
    ------
    InvalidParameter
        If the shape is empty.

    Examples
    --------
    >>> squares(shapely.box(10, 10, 260, 20), side_m=250).bounds
    (0.0, 0.0, 500.0, 250.0)
    """
    if shape.is_empty:
        raise InvalidParameter("a shape must not be empty to lie in squares")
    core = shape.buffer(-inwards_m) if inwards_m else shape
    # A band narrower than twice the rim has no core; the outline itself then errs to the safe side.
    core = shape if core.is_empty else core
    for size_m in grid_sizes_m(side_m):
        touched = _touched(core, size_m)
        if len(touched) * (size_m // side_m) ** 2 >= least:
            break
    joined = shapely.union_all(touched).normalize()
    return shapely.MultiPolygon(
        [one for one in shapely.get_parts(joined) if isinstance(one, shapely.Polygon)]
    )


def _touched(shape: BaseGeometry, side_m: int) -> list[shapely.Polygon]:
    """List the squares of one size that a shape shares a point with."""
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(
        np.arange(math.floor(west / side_m), math.floor(east / side_m) + 1) * float(side_m),
        np.arange(math.floor(south / side_m), math.floor(north / side_m) + 1) * float(side_m),
    )
    boxes = shapely.box(x.ravel(), y.ravel(), x.ravel() + side_m, y.ravel() + side_m)
    return list(boxes[shapely.intersects(boxes, shape)])


def name_at(hotspot_id: str, level: Disclosure, key: bytes) -> str:
    """
    Name a hotspot anew for a level: stable from week to week, without a way back.

    An internal name is a hash of the place to a tenth of a metre. Who knows the square tries all six million
    of its positions and has the place; so other levels get a name that needs a key to be made.

    Parameters
    ----------
    hotspot_id
        The internal name.
    level
        The level.
    key
        A secret of at least 16 bytes.

    Returns
    -------
    str
        Such as `hs-3f2a91c07b44`.

    Raises
    ------
    InvalidParameter
        If the key is short enough to be tried out.
    """
    if len(key) < KEY_BYTES:
        raise InvalidParameter(f"a key for names must have at least {KEY_BYTES} bytes, got {len(key)}")
    digest = hmac.new(key, f"{level}|{hotspot_id}".encode(), hashlib.sha256).hexdigest()
    return f"hs-{digest[:_ID_DIGITS]}"
