"""What is told about tiles: how the plane is cut, which tiles there are, and what their layers tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import links as to
from api.columns import schema
from api.formats.media import Format
from api.schemas.tiles import (
    Box,
    Layer,
    Limits,
    TemplatedLink,
    TileJson,
    TileMatrix,
    TileMatrixSet,
    TileMatrixSetEntry,
    TileMatrixSets,
    TileSet,
    TileSetEntry,
    TileSets,
    VectorLayer,
)
from hotspot.model import Label
from hotspot.store import tiles as stored
from hotspot.tiles import mvt, tiling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.formats.negotiation import Language
    from api.links import Links
    from api.schemas.common import Link
    from hotspot.catalogue import Collection, Disclosure, Property

TILE = Format("mvt", mvt.MEDIA_TYPE, Label("vectortegel", "vector tile"), also=("application/x-protobuf",))
"""Format of tiles."""

TILE_JSON = Format(
    "tilejson",
    "application/vnd.mapbox.tilejson+json",
    Label("TileJSON", "TileJSON"),
    also=("application/json",),
)
"""What maps on the web read; there is none but for their own tile matrix set."""

SCHEME = f"{to.RELATIONS}tiling-scheme"
"""Relation to the tile matrix set."""

_MAX_ZOOM = 18
"""Zoom from which on maps enlarge tiles: their units are a few centimetres by then."""

_DIMENSIONS = {"point": 0, "multilinestring": 1, "polygon": 2, "multipolygon": 2}

_TYPES = {"integer": "Number", "number": "Number", "boolean": "Boolean"}
"""What TileJSON calls what is told; everything else is a text."""

_ABOUT = {
    "nl": "Volledig op elke schaal: waar te veel in een tegel ligt, staan in plaats van de objecten hun "
    "aantallen per vierkant, in een laag waarvan de naam eindigt op `_aggregated`.",
    "en": "Complete at every scale: where too much lies in a tile, it tells instead of the features how many "
    "there are in each square, in a layer whose name ends in `_aggregated`.",
}
_TITLE = {"nl": "Alles in tegels", "en": "Everything in tiles"}


def matrix_sets(offered: Sequence[tiling.TileMatrixSet], links: Links) -> TileMatrixSets:
    """
    List the tile matrix sets.

    Parameters
    ----------
    offered
        Those that are served.
    links
        Makes addresses.

    Returns
    -------
    TileMatrixSets
        The list.
    """
    entries = tuple(
        TileMatrixSetEntry(
            id=one.id,
            title=one.title,
            uri=one.uri,
            crs=str(one.reference),
            links=(links.to(f"/tileMatrixSets/{one.id}", "self", to.JSON, one.title),),
        )
        for one in offered
    )
    return TileMatrixSets(tile_matrix_sets=entries, links=(links.itself(to.JSON),))


def matrix_set(one: tiling.TileMatrixSet, links: Links) -> TileMatrixSet:
    """
    Describe a tile matrix set.

    Parameters
    ----------
    one
        The set.
    links
        Makes addresses.

    Returns
    -------
    TileMatrixSet
        Its definition.
    """
    matrices = tuple(
        TileMatrix(
            id=str(level),
            scale_denominator=one.scale_denominator(level),
            cell_size=one.cell_m(level),
            point_of_origin=(one.west_m, one.north_m),
            tile_width=tiling.TILE_PX,
            tile_height=tiling.TILE_PX,
            matrix_width=1 << level,
            matrix_height=1 << level,
        )
        for level in range(one.levels)
    )
    return TileMatrixSet(
        id=one.id,
        title=one.title,
        uri=one.uri,
        crs=str(one.reference),
        ordered_axes=("X", "Y"),
        well_known_scale_set=one.well_known_scale_set,
        tile_matrices=matrices,
        links=(links.itself(to.JSON),),
    )


def path_of(collection: Collection | None) -> str:
    """
    Tell where the tiles of a collection are.

    Parameters
    ----------
    collection
        The collection; absent for all.

    Returns
    -------
    str
        The path of the list below `/v1`.
    """
    return "/tiles" if collection is None else f"/collections/{collection.id}/tiles"


def tilesets(
    collection: Collection | None,
    offered: Sequence[tiling.TileMatrixSet],
    links: Links,
    language: Language,
) -> TileSets:
    """
    List the tiles that there are of a collection.

    Parameters
    ----------
    collection
        The collection; absent for all.
    offered
        Tile matrix sets.
    links
        Makes addresses.
    language
        Language of the titles.

    Returns
    -------
    TileSets
        One entry for each tile matrix set.
    """
    entries = tuple(
        TileSetEntry(
            title=f"{_title(collection, language)}: {one.title}",
            crs=str(one.reference),
            tile_matrix_set_uri=_uri(one, links),
            links=_around(collection, one, links),
        )
        for one in offered
    )
    return TileSets(tilesets=entries, links=(links.itself(to.JSON),))


def tileset(
    collections: Sequence[Collection],
    one: tiling.TileMatrixSet,
    level: Disclosure,
    bounds: tuple[Box, Sequence[tiling.Limits]] | None,
    links: Links,
    language: Language,
    *,
    is_of_all: bool = False,
) -> TileSet:
    """
    Describe the tiles of one collection, or of all, in one tile matrix set.

    Parameters
    ----------
    collections
        The collections whose layers they have.
    one
        The set.
    level
        Who asks.
    bounds
        Where there is something; absent where there is nothing.
    links
        Makes addresses.
    language
        Language of titles.
    is_of_all
        Whether the tiles are those of all collections.

    Returns
    -------
    TileSet
        The description.
    """
    subject = None if is_of_all else collections[0]
    limits = () if bounds is None else bounds[1]
    return TileSet(
        title=f"{_title(subject, language)}: {one.title}",
        description=_ABOUT[language],
        crs=str(one.reference),
        tile_matrix_set_uri=_uri(one, links),
        tile_matrix_set_limits=tuple(
            Limits(
                tile_matrix=str(of.level),
                min_tile_row=of.first_row,
                max_tile_row=of.last_row,
                min_tile_col=of.first_column,
                max_tile_col=of.last_column,
            )
            for of in limits
        ),
        bounding_box=None if bounds is None else bounds[0],
        layers=tuple(layer for each in collections for layer in _layers(each, level, language)),
        links=_around(subject, one, links),
    )


def tile_json(
    collections: Sequence[Collection],
    level: Disclosure,
    bounds_deg: tuple[float, float, float, float] | None,
    links: Links,
    language: Language,
    *,
    is_of_all: bool = False,
) -> TileJson:
    """
    Describe tiles as maps on the web want it.

    Parameters
    ----------
    collections
        The collections whose layers they have.
    level
        Who asks.
    bounds_deg
        West, south, east, north of what there is; absent where there is nothing.
    links
        Makes addresses.
    language
        Language of titles.
    is_of_all
        Whether the tiles are those of all collections.

    Returns
    -------
    TileJson
        The description.
    """
    subject = None if is_of_all else collections[0]
    path = f"{path_of(subject)}/{tiling.WEB_MERCATOR_QUAD.id}"
    return TileJson(
        name=_title(subject, language),
        description=_ABOUT[language],
        tiles=(links.href(f"{path}/{{z}}/{{y}}/{{x}}"),),
        minzoom=0,
        maxzoom=_MAX_ZOOM,
        bounds=bounds_deg,
        vector_layers=tuple(
            VectorLayer(
                id=layer.id,
                description=layer.description,
                fields={
                    name: _TYPES.get(str(said["type"]), "String")
                    for name, said in layer.properties_schema["properties"].items()
                },
            )
            for one in collections
            for layer in _layers(one, level, language)
        ),
    )


def _title(collection: Collection | None, language: Language) -> str:
    """Name what the tiles show."""
    return _TITLE[language] if collection is None else str(getattr(collection.title, language))


def _uri(one: tiling.TileMatrixSet, links: Links) -> str:
    """Name a tile matrix set by its address in the register, or by ours where it is in none."""
    return links.href(f"/tileMatrixSets/{one.id}") if one.uri is None else one.uri


def _around(
    collection: Collection | None, one: tiling.TileMatrixSet, links: Links
) -> tuple[Link | TemplatedLink, ...]:
    """Link to the description of tiles, to the tiles, and to how they are cut."""
    path = f"{path_of(collection)}/{one.id}"
    told = [
        links.to(path, "self", to.JSON, "These tiles"),
        links.to(f"/tileMatrixSets/{one.id}", SCHEME, to.JSON, one.title),
        TemplatedLink(
            href=links.href(f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            rel="item",
            type=mvt.MEDIA_TYPE,
            title="A tile",
        ),
    ]
    if one is tiling.WEB_MERCATOR_QUAD:
        told.append(links.to(f"{path}?f=tilejson", "describedby", TILE_JSON.media_type, "TileJSON"))
    if collection is not None:
        told.append(
            links.to(f"/collections/{collection.id}", f"{to.RELATIONS}geodata", to.JSON, "The features")
        )
    return tuple(told)


def _layers(collection: Collection, level: Disclosure, language: Language) -> tuple[Layer, Layer]:
    """Describe the layer of the features and the one that stands in for it."""
    title, said = getattr(collection.title, language), getattr(collection.description, language)
    name: dict[str, object] = {"title": "Name", "type": "string"}
    features = Layer(
        id=collection.id,
        title=title,
        description=said,
        geometry_dimension=_DIMENSIONS.get(collection.geometry),
        properties_schema=_object(
            {stored.NAME: name} | {one.name: _schema(one, language) for one in collection.told(level)}
        ),
    )
    counted = Layer(
        id=stored.aggregated(collection),
        title={"nl": f"{title}, aantallen per vierkant", "en": f"{title}, counted in squares"}[language],
        description=_ABOUT[language],
        geometry_dimension=2,
        properties_schema=_object(
            {
                "count": {"type": "integer", "description": "Features whose middle lies in the square."},
                "aggregated": {"type": "boolean", "description": "Always true: no single feature is told."},
            }
        ),
    )
    return features, counted


def _object(properties: dict[str, dict[str, object]]) -> dict[str, object]:
    """Describe an object."""
    return {"type": "object", "properties": properties}


def _schema(one: Property, language: Language) -> dict[str, object]:
    """Describe a property as tiles tell it, in which several texts are one: a JSON array."""
    said = schema(one) if one.type != "texts" else {"type": "string", "contentMediaType": to.JSON}
    return {"title": getattr(one.title, language), "description": one.description, **said}
