"""Answers about vector tiles: how maps are cut, and what tiles there are (OGC 17-083r4, TileJSON 3.0)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.common import Answer, Link


class _Sparse(Answer):
    """An answer that leaves out what is absent."""

    def encoded(self) -> bytes:
        """
        Write the answer as JSON.

        Returns
        -------
        bytes
            The same bytes for the same answer, without what is absent.
        """
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


Pair = Annotated[tuple[float, float], Field(description="Two coordinates, x or longitude first.")]


class TemplatedLink(Link):
    """An address with gaps that are to be filled."""

    templated: Literal[True] = Field(True, description="The address has gaps in braces.")


class TileMatrixSetEntry(_Sparse):
    """A tile matrix set that is known."""

    id: str = Field(description="Its name in addresses.")
    title: str = Field(description="What people call it.")
    uri: str | None = Field(None, description="Its name in the register of the OGC.")
    crs: str = Field(description="Its coordinate reference system.")
    links: tuple[Link, ...]


class TileMatrixSets(_Sparse):
    """The tile matrix sets that are known."""

    tile_matrix_sets: tuple[TileMatrixSetEntry, ...] = Field(alias="tileMatrixSets")
    links: tuple[Link, ...]


class TileMatrix(_Sparse):
    """One level of a tile matrix set."""

    id: str = Field(description="The level, from 0.")
    scale_denominator: float = Field(alias="scaleDenominator")
    cell_size: float = Field(alias="cellSize", description="Metres of the plane for each pixel.")
    corner_of_origin: Literal["topLeft"] = Field("topLeft", alias="cornerOfOrigin")
    point_of_origin: Pair = Field(alias="pointOfOrigin")
    tile_width: int = Field(alias="tileWidth", description="Pixels.")
    tile_height: int = Field(alias="tileHeight", description="Pixels.")
    matrix_width: int = Field(alias="matrixWidth", description="Columns.")
    matrix_height: int = Field(alias="matrixHeight", description="Rows.")


class TileMatrixSet(_Sparse):
    """How a plane is cut into tiles (OGC 17-083r4, JSON encoding)."""

    id: str = Field(description="Its name in addresses.")
    title: str = Field(description="What people call it.")
    uri: str | None = Field(None, description="Its name in the register of the OGC.")
    crs: str = Field(description="Its coordinate reference system.")
    ordered_axes: tuple[str, str] = Field(alias="orderedAxes")
    well_known_scale_set: str | None = Field(None, alias="wellKnownScaleSet")
    tile_matrices: tuple[TileMatrix, ...] = Field(alias="tileMatrices")
    links: tuple[Link, ...]


class Limits(_Sparse):
    """The tiles of one level that may hold something."""

    tile_matrix: str = Field(alias="tileMatrix")
    min_tile_row: int = Field(alias="minTileRow")
    max_tile_row: int = Field(alias="maxTileRow")
    min_tile_col: int = Field(alias="minTileCol")
    max_tile_col: int = Field(alias="maxTileCol")


class Box(_Sparse):
    """A rectangle."""

    lower_left: Pair = Field(alias="lowerLeft")
    upper_right: Pair = Field(alias="upperRight")
    crs: str


class Layer(_Sparse):
    """A layer of the tiles and what it tells of each feature."""

    id: str = Field(description="Its name in the tiles.")
    title: str
    description: str
    data_type: Literal["vector"] = Field("vector", alias="dataType")
    geometry_dimension: int | None = Field(None, alias="geometryDimension", description="2 for areas.")
    properties_schema: dict[str, Any] = Field(alias="propertiesSchema", description="A JSON schema.")


class TileSet(_Sparse):
    """Tiles of one collection, or of all, in one tile matrix set."""

    title: str
    description: str
    data_type: Literal["vector"] = Field("vector", alias="dataType")
    crs: str
    tile_matrix_set_uri: str = Field(alias="tileMatrixSetURI")
    tile_matrix_set_limits: tuple[Limits, ...] = Field(alias="tileMatrixSetLimits")
    bounding_box: Box | None = Field(None, alias="boundingBox")
    layers: tuple[Layer, ...]
    links: tuple[Link | TemplatedLink, ...]


class TileSetEntry(_Sparse):
    """Tiles that there are."""

    title: str
    data_type: Literal["vector"] = Field("vector", alias="dataType")
    crs: str
    tile_matrix_set_uri: str = Field(alias="tileMatrixSetURI")
    links: tuple[Link | TemplatedLink, ...]


class TileSets(_Sparse):
    """All tiles of one collection, or of all."""

    tilesets: tuple[TileSetEntry, ...]
    links: tuple[Link, ...]


class VectorLayer(_Sparse):
    """A layer as TileJSON tells it."""

    id: str
    description: str
    fields: dict[str, str]


class TileJson(_Sparse):
    """Tiles as maps on the web look for them (TileJSON 3.0)."""

    tilejson: Literal["3.0.0"] = "3.0.0"
    name: str
    description: str
    scheme: Literal["xyz"] = "xyz"
    tiles: tuple[str, ...] = Field(description="Address of the tiles, with gaps for zoom, row and column.")
    minzoom: int
    maxzoom: int
    bounds: tuple[float, float, float, float] | None = None
    vector_layers: tuple[VectorLayer, ...]
