"""
Is a hotspot one address, a street or a square? Dot, line or area, since each asks for another measure.

Question: do most incidents lie at one address, or all of them about one; if not, do they lie along one
straight street; or neither?
Null: none, it is a description. The thresholds leave room for locations that are 5 to 10 metres off: a clear
dot, line or area stays one. Few incidents (less than about eight) can lie in a row by chance.
Cost: one search in a tree per distinct place.
Reference: Ratcliffe (2004), The hotspot matrix, for the kinds (hotpoint, clustered, dispersed); Eck et al.
(2005), Mapping crime: understanding hot spots, for dots, lines and areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.spatial import KDTree

from hotspot.cluster.ellipse import axis_bearing_deg
from hotspot.cluster.labels import positions, weights
from hotspot.errors import InvalidParameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["dot", "line", "area"]
"""One address; along one street; neither."""
ADDRESS_M = 15.0
"""Metres around a point that count as one address: a building and what geocoding adds to it."""
MOST = 0.5
"""Share of the incidents above which an address is the whole hotspot."""
_ALIKE = 1e-9
"""What sums of shares may be off: half and half is not most."""
STREET_M = 20.0
"""Standard deviation across a street, at most: two rows of houses and the same error."""
ELONGATED = 2.5
"""How many times longer than wide a line is, at least, in standard deviations."""


@dataclass(frozen=True, slots=True)
class Form:
    """
    The form of a hotspot.

    Parameters
    ----------
    kind
        "dot", "line" or "area".
    share_at_address
        Largest share of the incidents that lie within `ADDRESS_M` of one point, above 0 to 1.
    address_m
        That point: the mean of these incidents, (x, y).
    share_at_coordinate
        Largest share of the incidents at one exact coordinate; near 1 a pile-up, perhaps a default of the
        geocoder.
    length_m, width_m
        Standard deviations along and across the principal axis, in metres; a street with incidents all along
        it is about 3.5 times as long.
    bearing_deg
        Direction of that axis clockwise from the y axis (north), 0 up to 180.
    """

    kind: Kind
    share_at_address: float
    address_m: tuple[float, float]
    share_at_coordinate: float
    length_m: float
    width_m: float
    bearing_deg: float


def form(xy_m: NDArray[np.float64], weight: NDArray[np.floating] | NDArray[np.integer] | None = None) -> Form:
    """
    Tell whether incidents make a dot, a line or an area.

    Parameters
    ----------
    xy_m
        Positions in metres, repeated or not, at least one, shape (n, 2).
    weight
        Incidents at each, at least 0, not all 0, shape (n,); None for one.

    Returns
    -------
    Form
        The form and what it rests on.

    Raises
    ------
    InvalidParameter
        If there is no incident, a coordinate is not finite or a weight negative.

    Examples
    --------
    >>> form(np.array([[0.0, 0.0], [3.0, 4.0], [90.0, 0.0]])).kind
    'dot'
    >>> form(np.array([[0.0, 0.0], [30.0, 4.0], [60.0, 0.0], [90.0, 4.0], [120.0, 0.0]])).kind
    'line'
    """
    xy_m = positions(xy_m)
    mass = weights(weight, len(xy_m))
    if mass.sum() <= 0:
        raise InvalidParameter("a form needs at least one incident, got none")
    place_m, of = np.unique(xy_m[mass > 0], axis=0, return_inverse=True)
    at = np.bincount(of.reshape(-1), mass[mass > 0]) / mass.sum()
    share, address_m = _address(place_m, at)
    length_m, width_m, bearing_deg = _axes(place_m, at)
    kind: Kind = "area"
    # A handful of incidents at one address, each a little off, may leave no point with most of them near it.
    if share > MOST + _ALIKE or np.hypot(length_m, width_m) <= ADDRESS_M:
        kind = "dot"
    elif width_m <= STREET_M and length_m >= ELONGATED * width_m:
        kind = "line"
    return Form(kind, share, address_m, float(at.max()), length_m, width_m, bearing_deg)


def _address(place_m: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[float, tuple[float, float]]:
    """Find the point with the largest share around it."""
    tree = KDTree(place_m)
    # From each place one step to the mean around it: the best point need not be a place, least of all if the
    # locations are a little off.
    around = tree.query_ball_point(place_m, ADDRESS_M)
    centre_m = np.array([np.average(place_m[near], axis=0, weights=at[near]) for near in around])
    candidate_m = np.vstack([place_m, centre_m])
    near = tree.query_ball_point(candidate_m, ADDRESS_M, return_sorted=True)
    share = np.array([at[members].sum() for members in near])
    # Sums in another order differ in their last digits; the first of those that are as good decides.
    best = int(np.argmax(share >= share.max() - 1e-12))
    x, y = np.average(place_m[near[best]], axis=0, weights=at[near[best]])
    return min(float(share[best]), 1.0), (float(x), float(y))


def _axes(place_m: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[float, float, float]:
    """Measure length, width and direction along the principal axes."""
    away = place_m - np.average(place_m, axis=0, weights=at)
    variance, axes = np.linalg.eigh((away * at[:, None]).T @ away)
    width_m, length_m = np.sqrt(np.maximum(variance, 0))
    return float(length_m), float(width_m), axis_bearing_deg(*axes[:, 1])
