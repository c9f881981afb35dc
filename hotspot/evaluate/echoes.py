"""
What a register adds to what happened: near repeats, double registrations, rounded and displaced coordinates.

None of it is a hotspot. Each function takes a history and gives a new one in the order of time, in which an
echo belongs to the planted hotspot of the incident that it follows, if any.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from hotspot.model import Incidents
from hotspot.simulate import History

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hotspot.city import City

NEAR_REPEAT_M = 100.0
NEAR_REPEAT_DAYS = 14.0
_SAME_ADDRESS_SHARE = 0.5
"""Share of the near repeats at the very address; the others at one within `NEAR_REPEAT_M`."""
_DOUBLE_S = (300.0, 3 * 86_400.0)
"""A double registration follows after minutes to days, each order of magnitude as likely."""
_DOUBLE_OFF_SHARE = 0.2
"""Share of the double registrations whose coordinate is `_DOUBLE_OFF_M` off."""
_DOUBLE_OFF_M = 10.0
_DAY_S = 86_400


def with_near_repeats(
    told: History, where: City, *, share: float, end_s: int, rng: np.random.Generator
) -> History:
    """
    Let some incidents be followed by another, at the same address or close by, within two weeks.

    Parameters
    ----------
    told
        The history.
    where
        Its city, whose addresses the others come from.
    share
        Share of the incidents that are followed, 0 to 1.
    end_s
        End of the last week, in seconds since 1970; what would come later is left out.
    rng
        Source of chance.

    Returns
    -------
    History
        With the repeats.
    """
    source = np.flatnonzero(rng.random(len(told.incidents)) < share)
    xy_m = told.incidents.xy_m[source]
    tree = KDTree(where.xy_m)
    codes = told.incidents.neighbourhood[source].copy()
    area_codes = np.array([area.code for area in where.areas], object)
    places_m = xy_m.copy()
    for index in np.flatnonzero(rng.random(source.size) >= _SAME_ADDRESS_SHARE):
        near = tree.query_ball_point(xy_m[index], NEAR_REPEAT_M)
        address = int(rng.choice(near))
        places_m[index], codes[index] = where.xy_m[address], area_codes[where.area[address]]
    later_s = rng.uniform(60, NEAR_REPEAT_DAYS * _DAY_S, size=source.size).astype(np.int64)
    return _joined(told, source, places_m, codes, later_s, end_s)


def with_doubles(told: History, *, share: float, end_s: int, rng: np.random.Generator) -> History:
    """
    Register some incidents twice: minutes to days later, at the same address or ten metres off.

    Parameters
    ----------
    told
        The history.
    share
        Share of the incidents that are registered again, 0 to 1.
    end_s
        End of the last week, in seconds since 1970; what would come later is left out.
    rng
        Source of chance.

    Returns
    -------
    History
        With the doubles.
    """
    source = np.flatnonzero(rng.random(len(told.incidents)) < share)
    places_m = told.incidents.xy_m[source].copy()
    off = rng.random(source.size) < _DOUBLE_OFF_SHARE
    angle_rad = rng.uniform(0, 2 * np.pi, size=source.size)
    step_m = _DOUBLE_OFF_M * np.column_stack([np.cos(angle_rad), np.sin(angle_rad)])
    places_m[off] += np.round(step_m[off], 1)
    low, high = np.log(_DOUBLE_S)
    later_s = np.exp(rng.uniform(low, high, size=source.size)).astype(np.int64)
    return _joined(told, source, places_m, told.incidents.neighbourhood[source], later_s, end_s)


def rounded(incidents: Incidents, *, to_m: float) -> Incidents:
    """
    Round coordinates, as some registers do.

    Parameters
    ----------
    incidents
        The incidents.
    to_m
        Step in metres, above 0.

    Returns
    -------
    Incidents
        The same at rounded coordinates.
    """
    return replace(incidents, xy_m=np.round(incidents.xy_m / to_m) * to_m)


def jittered(incidents: Incidents, *, precision_m: float, rng: np.random.Generator) -> Incidents:
    """
    Displace each incident by the error that its precision admits.

    Parameters
    ----------
    incidents
        The incidents.
    precision_m
        Root mean square of the distance by which a coordinate is off, in metres; normal in each direction
        and independent between incidents, those of one address included.
    rng
        Source of chance.

    Returns
    -------
    Incidents
        The same at displaced coordinates, to the decimetre.
    """
    error_m = rng.normal(0.0, precision_m / np.sqrt(2), size=incidents.xy_m.shape)
    return replace(incidents, xy_m=np.round(incidents.xy_m + error_m, 1))


def _joined(
    told: History,
    source: NDArray[np.intp],
    places_m: NDArray[np.float64],
    codes: NDArray[np.object_],
    later_s: NDArray[np.int64],
    end_s: int,
) -> History:
    """Add echoes of some incidents, put all in the order of time and number them anew."""
    kept = told.incidents.started_s[source] + later_s < end_s
    source, later_s = source[kept], later_s[kept]
    rows = np.concatenate([np.arange(len(told.incidents)), source])
    columns = {column.name: getattr(told.incidents, column.name)[rows] for column in fields(Incidents)}
    n = len(told.incidents)
    columns["xy_m"][n:] = places_m[kept]
    columns["neighbourhood"][n:] = codes[kept]
    columns["started_s"][n:] += later_s
    columns["ended_s"][n:] += later_s
    order = np.argsort(columns["started_s"], kind="stable")
    ordered = {name: values[order] for name, values in columns.items()}
    ordered["key"] = np.arange(1, order.size + 1, dtype=np.int64)
    return History(Incidents(**ordered), told.reporter[rows][order], told.planted[rows][order], told.truth)
