"""Areas and hotspots as GeoJSON, and their collections."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Answer, Link


class _Sparse(Answer):
    """An answer of which absent members are left out."""

    def encoded(self) -> bytes:
        """
        Write the answer as JSON.

        Returns
        -------
        bytes
            The same bytes for the same answer.
        """
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class Spatial(Answer):
    """Where the features are."""

    bbox: tuple[tuple[float, float, float, float]] = Field(
        description="One box around all of them: west, south, east, north."
    )
    crs: str = Field(description="System of the box.")


class Temporal(Answer):
    """When the features are."""

    interval: tuple[tuple[str | None, str | None]] = Field(
        description="From the first instant of all of them to the last; null where it is open."
    )
    trs: str = Field(
        "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian", description="Calendar of the interval."
    )


class Extent(Answer):
    """Where and when the features are."""

    spatial: Spatial | None = Field(None, description="Absent where no feature has a shape.")
    temporal: Temporal | None = Field(None, description="Absent where features have no time.")


class Collection(_Sparse):
    """One set of features."""

    id: str
    title: str
    description: str
    extent: Extent | None = None
    item_type: Literal["feature"] = Field("feature", alias="itemType")
    crs: tuple[str, ...] = Field(description="Systems in which the features can be had.")
    storage_crs: str = Field(alias="storageCrs", description="System in which they are kept.")
    links: tuple[Link, ...]


class Collections(_Sparse):
    """All sets of features."""

    links: tuple[Link, ...]
    crs: tuple[str, ...] = Field(description="Systems in which the features of all sets can be had.")
    collections: tuple[Collection, ...]


class Geometry(Answer):
    """A shape (RFC 7946), in the system and the axis order that `Content-Crs` names."""

    type: Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
    coordinates: list[Any] = Field([], description="Of polygons the rings, the outer one first.")


class Feature(Answer):
    """A GeoJSON feature; the schema of its collection says what its properties are."""

    type: Literal["Feature"]
    id: str
    bbox: tuple[float, float, float, float] | None = Field(None, description="West, south, east, north.")
    geometry: Geometry | None
    properties: dict[str, Any] | None


class LinkedFeature(Feature):
    """A single feature with its links."""

    links: tuple[Link, ...]


class FeatureCollection(Answer):
    """A page of features."""

    type: Literal["FeatureCollection"]
    number_matched: int = Field(alias="numberMatched", description="Features on all pages.")
    number_returned: int = Field(alias="numberReturned", description="Features on this page.")
    time_stamp: dt.datetime | None = Field(
        None, alias="timeStamp", description="When the data that are told were published."
    )
    links: tuple[Link, ...]
    features: list[Feature]
