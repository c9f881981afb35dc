"""Features as a table for spreadsheets (RFC 4180), written while it is read from the store."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from api.answers import cell
from api.formats import geometries
from api.space import DEGREES, LATITUDE_FIRST
from hotspot.catalogue import PropertyType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hotspot.catalogue import Reference

_MARK = "\ufeff"
"""By which spreadsheets know that a table is in UTF-8."""


def columns(names: Sequence[str], crs: Reference) -> list[str]:
    """
    Name the columns.

    Parameters
    ----------
    names
        Properties that are told.
    crs
        System of the shapes.

    Returns
    -------
    list of str
        The feature's name, its properties, both coordinates of its centre, and its shape as well-known text.
    """
    if crs in LATITUDE_FIRST:
        centre = ["centre_lat_deg", "centre_lon_deg"]
    elif crs in DEGREES:
        centre = ["centre_lon_deg", "centre_lat_deg"]
    else:
        centre = ["centre_x_m", "centre_y_m"]
    return ["feature_id", *names, *centre, "wkt"]


def pieces(
    kinds: Mapping[str, PropertyType], crs: Reference, batches: Iterable[Sequence[Sequence[object]]]
) -> Iterator[bytes]:
    """
    Write a table piece by piece.

    Parameters
    ----------
    kinds
        Properties that are told, in order, with what they hold.
    crs
        System of the shapes; the axis order of it holds in the table.
    batches
        Rows: the feature's name, its shape (EWKB, x or longitude first), the properties.

    Yields
    ------
    bytes
        CSV in UTF-8, behind the mark by which spreadsheets know it.
    """
    yield (_MARK + _lines([columns(list(kinds), crs)])).encode()
    written = [_WRITTEN.get(kind) for kind in kinds.values()]
    digits = 8 if crs in DEGREES else 4
    for batch in batches:
        if not batch:
            continue
        names_, binaries, *values = zip(*batch, strict=True)
        shapes = geometries.read(binaries)
        if crs in LATITUDE_FIRST:
            shapes = geometries.flipped(shapes)
        centres = shapely.centroid(shapes)
        where = (np.round(axis(centres), digits).tolist() for axis in (shapely.get_x, shapely.get_y))
        told = [
            column if write is None else map(write, column)
            for column, write in zip(values, written, strict=True)
        ]
        x, y = ([None if one != one else one for one in axis] for axis in where)  # noqa: PLR0124 - NaN: no shape
        texts = shapely.to_wkt(shapes, rounding_precision=digits).tolist()
        yield _lines(zip(map(cell, names_), *told, x, y, texts, strict=True)).encode()


def _texts(value: object) -> object:
    """Join the texts of a list, which comes as JSON."""
    return None if value is None else cell(json.loads(str(value)))


def _truth(value: object) -> object:
    """Write truth as JSON does; a store without it has numbers."""
    return None if value is None else cell(bool(value))


_WRITTEN: Mapping[PropertyType, Callable[[object], object]] = {
    PropertyType.TEXT: cell,
    PropertyType.TEXTS: _texts,
    PropertyType.BOOLEAN: _truth,
}
"""How values are written that are neither numbers nor days."""


def _lines(rows: Iterable[Iterable[object]]) -> str:
    """Write rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
