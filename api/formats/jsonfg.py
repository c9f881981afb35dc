"""Features as JSON-FG 1.0: GeoJSON that also tells its time, its kind, and its shape in another system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from api import moments
from hotspot.catalogue import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.formats.told import Told
    from hotspot.catalogue import Collection
    from hotspot.store.served_times import Interval

CONFORMS_TO = (
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
)
"""What a document in this form keeps to."""

_DIMENSIONS = {"point": 0, "multilinestring": 1, "polygon": 2, "multipolygon": 2}
"""Dimension of shapes by their kind, where all have the same."""

_Json = dict[str, Any]  # Any: JSON.


def head(collection: Collection, crs: Reference, schema_href: str) -> _Json:
    """
    Tell what holds for all features of a document.

    Parameters
    ----------
    collection
        Where they are from.
    crs
        System that was asked for; where it is not CRS84, their shapes stand in it under `place`.
    schema_href
        Address of their schema.

    Returns
    -------
    dict
        Members of the document.
    """
    told: _Json = {
        "conformsTo": list(CONFORMS_TO),
        "featureType": collection.id,
        "featureSchema": schema_href,
    }
    if collection.geometry in _DIMENSIONS:
        told["geometryDimension"] = _DIMENSIONS[collection.geometry]
    return told if crs is Reference.CRS84 else told | {"coordRefSys": str(crs)}


def feature(in_degrees: str, in_crs: str | None, told: Told, times: Mapping[str, Interval]) -> str:
    """
    Write one feature.

    Parameters
    ----------
    in_degrees
        It as GeoJSON in CRS84.
    in_crs
        It as GeoJSON in the system that was asked for; absent where that is CRS84.
    told
        What is told of it.
    times
        When features are, by their names.

    Returns
    -------
    str
        The feature as text.
    """
    read: _Json = json.loads(in_degrees)
    had: _Json = read["properties"]
    written: _Json = {"type": "Feature", "id": read["id"]}
    if "bbox" in read and told.has_shape:
        written["bbox"] = read["bbox"]
    written["time"] = _time(times.get(read["id"], (None, None)))
    written["place"] = json.loads(in_crs)["geometry"] if in_crs is not None and told.has_shape else None
    written["geometry"] = read["geometry"] if told.has_shape else None
    written["properties"] = had if told.is_all else {name: had[name] for name in told.names if name in had}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def _time(interval: Interval) -> _Json | None:
    """Tell when a feature is: the very instants by which it is chosen."""
    if interval == (None, None):
        return None
    return {"interval": [".." if end is None else moments.written(end) for end in interval]}
