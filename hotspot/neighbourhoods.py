"""
In which neighbourhood does a place lie? Decided by one written rule, border points and gaps included.

The rule (docs/decisions/0002-which-neighbourhood.md gives its reasons):

1. A point that exactly one neighbourhood covers, its border counted, lies in that one.
2. A point that several cover, because it is on a shared border or in an overlap, lies in the one whose code
   comes first in the order of characters.
3. A point that none covers lies in the nearest one if that is at most `gap_m` away; of several equally near
   ones, in the one whose code comes first.
4. Any other point, one without finite coordinates too, lies in none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
import shapely
from shapely import MultiPolygon

from hotspot.errors import InvalidBoundaries, InvalidParameter
from hotspot.grid import NOWHERE, Grid, covering, grid, nearest
from hotspot.model import Area, Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from hotspot.model import Boundaries, Municipality


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """
    The neighbourhoods of one municipality, ready to answer which of them covers a point.

    Parameters
    ----------
    areas
        Areas with valid geometries in one plane and different codes, in any order; kept in the order of
        their codes.

    Raises
    ------
    InvalidBoundaries
        If there are none, or if a code occurs twice.
    """

    areas: tuple[Area, ...]
    _grid: Grid = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        areas = tuple(sorted(self.areas, key=lambda area: area.code))
        codes = [area.code for area in areas]
        if not areas:
            raise InvalidBoundaries("at least one neighbourhood is required, got none")
        twice = sorted({code for code, after in pairwise(codes) if code == after})
        if twice:
            raise InvalidBoundaries(f"each neighbourhood needs its own code, got twice: {', '.join(twice)}")
        object.__setattr__(self, "areas", areas)
        object.__setattr__(self, "_grid", grid([area.geometry for area in areas]))

    @classmethod
    def of(cls, boundaries: Boundaries) -> Self:
        """
        Take the neighbourhoods out of all areas of a vintage.

        Parameters
        ----------
        boundaries
            Areas of all levels.

        Returns
        -------
        Neighbourhoods
            Those of level neighbourhood.
        """
        return cls(boundaries.of(Level.NEIGHBOURHOOD))

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in ascending order."""
        return tuple(area.code for area in self.areas)


def assign(neighbourhoods: Neighbourhoods, xy_m: ArrayLike, *, gap_m: float) -> NDArray[np.object_]:
    """
    Say for each point in which neighbourhood it lies, by the rule at the head of this module.

    Parameters
    ----------
    neighbourhoods
        The neighbourhoods.
    xy_m
        Points in the plane of the neighbourhoods, in metres, shape (n, 2); not finite where unknown.
    gap_m
        Largest distance in metres from a point that no neighbourhood covers to the one it is given, 0 or
        more.

    Returns
    -------
    ndarray of object
        Code of the neighbourhood or None, shape (n,).

    Raises
    ------
    InvalidParameter
        If `gap_m` is negative or not a number.
    """
    codes = np.array([*neighbourhoods.codes, None], dtype=np.object_)
    found: NDArray[np.object_] = codes[positions(neighbourhoods, xy_m, gap_m=gap_m)]
    return found


def positions(neighbourhoods: Neighbourhoods, xy_m: ArrayLike, *, gap_m: float) -> NDArray[np.int64]:
    """
    Do as `assign`, but answer with positions in `neighbourhoods.areas` instead of codes.

    Parameters
    ----------
    neighbourhoods
        The neighbourhoods.
    xy_m
        Points as for `assign`, in metres, shape (n, 2).
    gap_m
        Distance in metres as for `assign`.

    Returns
    -------
    ndarray
        Positions from 0, `grid.NOWHERE` (-1) for none, shape (n,).

    Raises
    ------
    InvalidParameter
        If `gap_m` is negative or not a number.
    """
    if not gap_m >= 0:
        raise InvalidParameter(f"gap_m must be 0 or more, got {gap_m}")
    points = np.ascontiguousarray(xy_m, np.float64).reshape(-1, 2)
    under = neighbourhoods._grid  # noqa: SLF001 - its own module.
    found = covering(under, points)
    if gap_m > 0:
        uncovered = np.flatnonzero(found == NOWHERE)
        found[uncovered] = nearest(under, points[uncovered], within_m=gap_m)
    return found


def nested(
    neighbourhoods: Sequence[Area], municipality: Municipality, district_names: Mapping[str, str]
) -> tuple[Area, ...]:
    """
    Dissolve districts and the municipality from neighbourhoods.

    Parameters
    ----------
    neighbourhoods
        Neighbourhoods with the code of their district, or of the municipality where there are no districts.
    municipality
        The municipality.
    district_names
        Names of districts by code; the code stands in for an absent name.

    Returns
    -------
    tuple of Area
        Areas of all levels, by level and code. An area has inhabitants if all its neighbourhoods have.
    """
    members: defaultdict[str, list[Area]] = defaultdict(list)
    for area in neighbourhoods:
        if area.parent_code is not None and area.parent_code != municipality.code:
            members[area.parent_code].append(area)
    return (
        *sorted(neighbourhoods, key=lambda area: area.code),
        *(
            _dissolved(Level.DISTRICT, code, district_names.get(code, code), municipality.code, members[code])
            for code in sorted(members)
        ),
        _dissolved(Level.MUNICIPALITY, municipality.code, municipality.name, None, neighbourhoods),
    )


def _dissolved(level: Level, code: str, name: str, parent_code: str | None, members: Sequence[Area]) -> Area:
    """Unite areas into the one that holds them."""
    united = shapely.union_all(np.array([area.geometry for area in members], dtype=np.object_))
    counts = [area.inhabitants for area in members if area.inhabitants is not None]
    inhabitants = sum(counts) if len(counts) == len(members) else None
    return Area(level, code, name, parent_code, MultiPolygon(list(shapely.get_parts(united))), inhabitants)
