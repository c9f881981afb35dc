"""Areas and hotspots as GeoJSON, and their collections."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Answer, Link
from api.schemas.hotspots import HotspotProperties  # noqa: TC001 - as above


class Collection(Answer):
    """One set of features."""

    id: str
    title: str
    description: str
    item_type: Literal["feature"] = Field("feature", alias="itemType")
    crs: tuple[str, ...] = Field(description="Systems in which the features can be had.")
    links: tuple[Link, ...]


class Collections(Answer):
    """All sets of features."""

    links: tuple[Link, ...]
    collections: tuple[Collection, ...]


class Geometry(Answer):
    """A shape in longitude and latitude on WGS 84 (RFC 7946)."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any] = Field(description="Rings, the outer one first and counter-clockwise.")


class AreaProperties(Answer):
    """What is known of a neighbourhood or district."""

    code: str
    name: str
    level: Literal["neighbourhood", "district", "municipality"]
    parent_code: str | None = Field(description="Code of the area that holds it.")
    vintage: int = Field(description="Year for which the boundaries hold.")
    area_ha: float = Field(description="Area in hectares.")
    inhabitants: int | None
    # "schematic" says that the shape is a drawing for demonstration and not the real border.
    schematic: bool = Field(description="Whether the shape is a drawing and not the real border.")


class Feature(Answer):
    """A GeoJSON feature of either kind."""

    type: Literal["Feature"]
    id: str
    bbox: tuple[float, float, float, float] = Field(description="West, south, east, north.")
    geometry: Geometry
    properties: HotspotProperties | AreaProperties


class LinkedFeature(Feature):
    """A single feature with its links."""

    links: tuple[Link, ...]


class FeatureCollection(Answer):
    """A page of features."""

    type: Literal["FeatureCollection"]
    number_matched: int = Field(alias="numberMatched", description="Features on all pages.")
    number_returned: int = Field(alias="numberReturned", description="Features on this page.")
    time_stamp: dt.datetime | None = Field(
        None, alias="timeStamp", description="When what is served was published; only of hotspots."
    )
    links: tuple[Link, ...]
    features: list[Feature]
