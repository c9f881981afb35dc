"""Where: boxes and coordinate reference systems as requests name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.queries import Parameter, told
from hotspot.catalogue import Reference
from hotspot.errors import InvalidParameter
from hotspot.selection import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)

_HEIGHTS = 6
"""Numbers of a box with heights."""

MAX_LONGITUDE_DEG = 180.0
MAX_LATITUDE_DEG = 90.0

MAX_PLANE_M = 1e8
"""Metres from the origin of any plane: more than twice around the Earth."""

LATITUDE_FIRST = frozenset({Reference.ETRS89, Reference.ETRF2000})
"""Systems whose definition puts the latitude first, in requests and in answers."""

DEGREES = LATITUDE_FIRST | {Reference.CRS84}
"""Systems in degrees."""

_FORMS = (
    re.compile(r"https?://www\.opengis\.net/def/crs/([A-Z]+)/(?:0|1\.3)/(\w+)"),
    re.compile(r"\[([A-Z]+):(\w+)\]"),
    re.compile(r"urn:ogc:def:crs:([A-Z]+):[\d.]*:(\w+)"),
)
"""A URI, a safe CURIE, a URN."""

_NAMES = {tuple(one.rsplit("/", 3)[i] for i in (1, 3)): one for one in Reference}


def reference(name: str) -> Callable[[str], Reference]:
    """
    Make the reader of a coordinate reference system.

    Parameters
    ----------
    name
        Name of the parameter, for the message.

    Returns
    -------
    callable
        Turns a text into the system or raises `InvalidParameter`.
    """

    def parse(text: str) -> Reference:
        for form in _FORMS:
            found = form.fullmatch(text)
            if found is not None and found.groups() in _NAMES:
                return _NAMES[found[1], found[2]]
        raise InvalidParameter(f"{name} must be one of {', '.join(Reference)}, got {told(text)}")

    return parse


def numbers(text: str) -> tuple[float, ...]:
    """
    Read the numbers of a box.

    Parameters
    ----------
    text
        Four numbers, or six with heights, separated by commas.

    Returns
    -------
    tuple of float
        Four numbers: the heights are left aside.

    Raises
    ------
    InvalidParameter
        If these are not four or six numbers, or the heights are upside down.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in {4, _HEIGHTS} or not all(_NUMBER.fullmatch(part) for part in parts):
        raise InvalidParameter(f"bbox must be four or six numbers separated by commas, got {told(text)}")
    found = [float(part) for part in parts]
    if len(found) == _HEIGHTS:
        lowest, highest = found.pop(2), found.pop(-1)
        if lowest > highest:
            raise InvalidParameter(f"bbox must have its lowest height before its highest, got {told(text)}")
    return tuple(found)


def box(corners: Sequence[float], system: Reference) -> Box:
    """
    Make a box of numbers in the axis order of their system.

    Parameters
    ----------
    corners
        Smallest values of both axes, then the largest ones.
    system
        Their system.

    Returns
    -------
    Box
        The box; it crosses the antimeridian where its west is greater than its east.

    Raises
    ------
    InvalidParameter
        If these make no box.
    """
    west, south, east, north = (corners[i] for i in ((1, 0, 3, 2) if system in LATITUDE_FIRST else range(4)))
    if system in DEGREES:
        on_globe = abs(west) <= MAX_LONGITUDE_DEG and abs(east) <= MAX_LONGITUDE_DEG
        if not on_globe or not -MAX_LATITUDE_DEG <= south <= north <= MAX_LATITUDE_DEG:
            order = "south,west,north,east" if system in LATITUDE_FIRST else "west,south,east,north"
            raise InvalidParameter(
                f"bbox must be {order} with longitudes -180 to 180 and latitudes -90 to 90, "
                f"south not above north, got {told(','.join(map(str, corners)))}"
            )
    elif not (-MAX_PLANE_M <= west <= east <= MAX_PLANE_M and -MAX_PLANE_M <= south <= north <= MAX_PLANE_M):
        raise InvalidParameter(
            "bbox must be west,south,east,north in metres, west not above east and south not above north, "
            f"got {told(','.join(map(str, corners)))}"
        )
    return Box(west, south, east, north, system)


_REFERENCE_SCHEMA = {"type": "string", "format": "uri", "enum": [str(one) for one in Reference]}

BBOX = Parameter(
    "bbox",
    numbers,
    # minItems and maxItems beside each other, because the OGC test suite looks for them there.
    {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
    "Only what shares a point with this box, and what has no geometry: west,south,east,north in degrees on "
    "WGS 84 (with six numbers, the third and the sixth are heights and left aside), or in the system and the "
    "axis order that `bbox-crs` names. West greater than east crosses the antimeridian. The shapes "
    "themselves are compared, not their boxes.",
    [5.6, 50.8, 5.8, 50.9],
)

BBOX_CRS = Parameter(
    "bbox-crs",
    reference("bbox-crs"),
    {**_REFERENCE_SCHEMA, "default": str(Reference.CRS84)},
    "System of `bbox`; without a `bbox` it changes nothing.",
    str(Reference.CRS84),
)

CRS = Parameter(
    "crs",
    reference("crs"),
    {**_REFERENCE_SCHEMA, "default": str(Reference.CRS84)},
    "System of the geometries in the answer, which tells it in `Content-Crs`. EPSG:4258 and EPSG:9067 have "
    "the latitude first.",
    str(Reference.CRS84),
)

FILTER_CRS = Parameter(
    "filter-crs",
    reference("filter-crs"),
    {**_REFERENCE_SCHEMA, "default": str(Reference.CRS84)},
    "System of the geometries in `filter`, in its axis order.",
    str(Reference.CRS84),
)
