"""The texts of features: what the database puts together of them, and what is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any  # Any: rows come from the driver; the tables say what is in them.

import numpy as np
import shapely
from sqlalchemy import Text, cast, func, literal, null

from hotspot.catalogue import Reference
from hotspot.shapes import DEGREE_DECIMALS, MERCATOR_DECIMALS, PLANE_DECIMALS
from hotspot.store.served_boxes import COLUMNS
from hotspot.store.served_tables import SERVED
from hotspot.store.shapes import raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from hotspot.selection import Selection

_DECIMALS = {Reference.PLANE: PLANE_DECIMALS, Reference.WEB_MERCATOR: MERCATOR_DECIMALS}
"""Decimals of metres; degrees stand in the rows as text."""

_LATITUDE_FIRST = frozenset({Reference.ETRS89, Reference.ETRF2000})
"""Systems whose axes are latitude and longitude, in this order."""


def parts(connection: Connection, selection: Selection, reference: Reference) -> list[ColumnElement[Any]]:
    """
    Select what the text of a feature is made of: the text before its geometry, the geometry, and the rest.

    Where the database can write the geometry all of it is the first, and nothing follows.

    Parameters
    ----------
    connection
        Tells which database it is.
    selection
        Of which features.
    reference
        The system of their coordinates.

    Returns
    -------
    list of ColumnElement
        Three columns.
    """
    column = SERVED[selection.collection.rows].c
    is_postgresql = connection.dialect.name == "postgresql"
    name = func.to_json(column.feature_id) if is_postgresql else func.json_quote(column.feature_id)
    head = literal('{"type":"Feature","id":').concat(cast(name, Text)).concat(literal(',"geometry":'))
    tail = literal(',"properties":').concat(column.properties_json).concat(literal("}"))
    if reference is Reference.CRS84:
        return [head.concat(func.coalesce(column.geometry_json, "null")).concat(tail), null(), null()]
    shape = column[COLUMNS[reference]]
    if not is_postgresql:
        return [head, raw(shape), tail]
    decimals = _DECIMALS.get(reference, DEGREE_DECIMALS)
    turned = func.ST_FlipCoordinates(shape) if reference in _LATITUDE_FIRST else shape
    # The last 0 leaves out the member `crs`, which GeoJSON has no longer.
    written = func.coalesce(func.ST_AsGeoJSON(turned, decimals, 0), "null")
    return [head.concat(written).concat(tail), null(), null()]


def joined(rows: Sequence[Sequence[Any]], reference: Reference) -> list[str]:
    """
    Put the texts of features together; shapes that the database could not write are written at once.

    Parameters
    ----------
    rows
        Each begins with the three parts.
    reference
        The system of their coordinates.

    Returns
    -------
    list of str
        A GeoJSON text of each.
    """
    if not rows or rows[0][2] is None:
        return [row[0] for row in rows]
    shapes = np.asarray(shapely.from_wkb([row[1] for row in rows]))
    if reference in _LATITUDE_FIRST:
        shapes = shapely.transform(shapes, lambda lon_lat_deg: lon_lat_deg[:, ::-1])
    written = shapely.to_geojson(shapes).tolist()
    return [
        f"{row[0]}{'null' if shape is None else shape}{row[2]}"
        for row, shape in zip(rows, written, strict=True)
    ]
