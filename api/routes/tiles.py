"""Vector tiles of each collection and of all, and how maps are cut into them (OGC API - Tiles)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.responses import Response

from api import choice, columns, moments, parameters, serving, space, tilesets
from api import links as to
from api.access.callers import caller
from api.answers import matches
from api.connection import depends_on, glance, transaction
from api.formats import media, negotiation
from api.plain import Plain, shortened
from api.queries import Parameter, Reader
from api.schemas.tiles import Box, TileMatrixSet, TileMatrixSets, TileSet, TileSets
from hotspot.catalogue import COLLECTIONS, Disclosure, Reference
from hotspot.selection import Selection
from hotspot.store import tiles as stored
from hotspot.store.tile_regions import Regions
from hotspot.tiles import mvt, tiling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any  # Any: each parameter reads a type of its own.

    from api.access.callers import Caller
    from api.connection import Connection
    from api.formats.media import Format
    from api.formats.negotiation import Language
    from api.schemas.common import Answer
    from api.settings import ApiSettings
    from hotspot.catalogue import Collection
    from hotspot.store.served import Version

_TILED = tuple(one for one in COLLECTIONS if one.has_tiles)


def _any_text(text: str) -> str:
    """Take a name as it is; whether there is such a thing is found out with the store."""
    return text


def _number(name: str, description: str, example: int) -> Parameter[int]:
    """Make a parameter that counts tiles."""
    return Parameter(
        name,
        parameters.whole_number(name, least=0, most=parameters.MAX_OFFSET),
        {"type": "integer", "minimum": 0, "maximum": parameters.MAX_OFFSET},
        description,
        example,
        in_path=True,
    )


MATRIX_SET = Parameter(
    "tileMatrixSetId",
    _any_text,
    {"type": "string", "enum": [one.id for one in tiling.TILE_MATRIX_SETS]},
    "How the plane is cut; `/tileMatrixSets` tells which there are.",
    tiling.WEB_MERCATOR_QUAD.id,
    in_path=True,
)
MATRIX = _number("tileMatrix", "The level: 0 is the whole plane in one tile.", 14)
ROW = _number("tileRow", "Row of the tile, from the north.", 5495)
COLUMN = _number("tileCol", "Column of the tile, from the west.", 8450)
_ADDRESS = (MATRIX_SET, MATRIX, ROW, COLUMN)

_ABOUT = (media.JSON, tilesets.TILE_JSON, media.HTML)
_TILE = (tilesets.TILE,)


def router(settings: ApiSettings) -> APIRouter:
    """
    Make the routes.

    Parameters
    ----------
    settings
        Lifetimes.

    Returns
    -------
    APIRouter
        The tile matrix sets, and for each collection and for all: what tiles there are, and the tiles.
    """
    routes = APIRouter(tags=["tiles"], route_class=Plain)
    regions = Regions()
    _add_matrix_sets(routes, settings)
    for collection in _TILED:
        _add_tilesets(routes, collection, settings)
        _add_tiles(routes, collection, settings, regions)
    _add_tilesets(routes, None, settings)
    _add_tiles(routes, None, settings, regions)
    return routes


def _described(*taken: Parameter[Any]) -> dict[str, object]:
    """Describe parameters."""
    return {"parameters": [one.document() for one in taken]}


def _add_matrix_sets(routes: APIRouter, settings: ApiSettings) -> None:
    """Serve the tile matrix sets."""
    taken = (negotiation.format_parameter(media.RESOURCE), negotiation.LANGUAGE)

    @routes.get(
        "/tileMatrixSets",
        summary="Tile matrix sets",
        operation_id="getTileMatrixSetsList",
        response_model=TileMatrixSets,
        openapi_extra=_described(*taken),
    )
    def all_sets(request: Request) -> Response:
        """List the ways in which maps are cut into tiles here."""
        return _about(
            request, caller(request), settings, lambda asked: tilesets.matrix_sets(asked.offered, asked.links)
        )

    @routes.get(
        f"/tileMatrixSets/{{{MATRIX_SET.name}}}",
        summary="A tile matrix set",
        operation_id="getTileMatrixSet",
        response_model=TileMatrixSet,
        openapi_extra=_described(MATRIX_SET, *taken),
    )
    def one_set(request: Request) -> Response:
        """Tell how a plane is cut into tiles: scales, where they are counted from, and how many there are."""
        return _about(
            request,
            caller(request),
            settings,
            lambda asked: tilesets.matrix_set(asked.matrix_set(), asked.links),
        )


def _offered(request: Request, connection: Connection) -> tuple[tiling.TileMatrixSet, ...]:
    """List the tile matrix sets of the municipality."""
    known = serving.references(request, connection)
    return tuple(one for one in tiling.TILE_MATRIX_SETS if one.reference in known)


class _Asked:
    """What an answer about tiles is made of."""

    def __init__(
        self, request: Request, connection: Connection, state: Version, asking: Caller, language: Language
    ) -> None:
        self.offered = _offered(request, connection)
        self.links = to.Links(request)
        self.language = language
        self.connection = connection
        self.level = asking.level
        self._asking = asking
        self._name = request.path_params.get(MATRIX_SET.name, "")
        self._version = state.number

    def matrix_set(self) -> tiling.TileMatrixSet:
        """Find the tile matrix set of the address."""
        return tiling.parse_matrix_set(self._name, self.offered)

    def sides_deg(self, collections: Sequence[Collection]) -> tuple[float, float, float, float] | None:
        """Tell where the features of collections are."""
        extents = (serving.extent(self.connection, one, self._asking, self._version) for one in collections)
        boxes = [one.bbox_deg for one in extents if one.bbox_deg is not None]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    def bounds(self, collections: Sequence[Collection]) -> tuple[Box, list[tiling.Limits]] | None:
        """Tell where the features of collections are, and which tiles may hold some."""
        sides_deg = self.sides_deg(collections)
        if sides_deg is None:
            return None
        west, south, east, north = sides_deg
        box = Box(lower_left=(west, south), upper_right=(east, north), crs=str(Reference.CRS84))
        sides_m = stored.sides_m(sides_deg, self.matrix_set())
        return box, tiling.limits(self.matrix_set(), sides_m)


def _about(
    request: Request,
    asking: Caller,
    settings: ApiSettings,
    tell: Callable[[_Asked], Answer],
    *,
    offered: tuple[Format, ...] = media.RESOURCE,
    tell_maps: Callable[[_Asked], Answer] | None = None,
) -> Response:
    """Answer with something about tiles, in JSON or TileJSON."""
    read = Reader(request)
    is_for_maps = negotiation.chosen(request, read, offered) is tilesets.TILE_JSON
    form = tilesets.TILE_JSON if is_for_maps else media.JSON
    language = negotiation.spoken(request, read, form)
    read.finish()
    with transaction(request) as connection:
        state = serving.version(request, connection)
        sent = serving.headers(request, state, asking, form, settings.cache_lifetime)
        sent |= {"Content-Type": form.content_type, "Content-Language": language}
        asked = _Asked(request, connection, state, asking, language)
        body = tell(asked) if tell_maps is None or not is_for_maps else tell_maps(asked)
    if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
        return Response(status_code=304, headers=sent)
    return Response(body.encoded(), headers=sent)


def _operation(collection: Collection | None, what: str) -> str:
    """Name an operation as the standard wants it to end."""
    return f"dataset.vector.{what}" if collection is None else f"{collection.id}.collection.vector.{what}"


def _title(collection: Collection | None) -> str:
    """Name a collection, or all of them."""
    return "all collections" if collection is None else collection.id


def _seen(request: Request, collection: Collection | None) -> tuple[Caller, tuple[Collection, ...]]:
    """Tell who asks, and for which collections."""
    if collection is not None:
        return serving.seen(request, collection), (collection,)
    asking = caller(request)
    return asking, tuple(one for one in _TILED if asking.may_see(one))


def _add_tilesets(routes: APIRouter, collection: Collection | None, settings: ApiSettings) -> None:
    """Serve the descriptions of the tiles of a collection, or of all."""
    path = tilesets.path_of(collection)

    @routes.get(
        path,
        summary=f"Tilesets of {_title(collection)}",
        operation_id=_operation(collection, "getTileSetsList"),
        response_model=TileSets,
        openapi_extra=_described(negotiation.format_parameter(media.RESOURCE), negotiation.LANGUAGE),
    )
    def tile_sets(request: Request) -> Response:
        """List the tile matrix sets in which there are tiles."""
        asking, _ = _seen(request, collection)

        def tell(asked: _Asked) -> Answer:
            return tilesets.tilesets(collection, asked.offered, asked.links, asked.language)

        return _about(request, asking, settings, tell)

    @routes.get(
        f"{path}/{{tileMatrixSetId}}",
        summary=f"A tileset of {_title(collection)}",
        operation_id=_operation(collection, "getTileSet"),
        response_model=TileSet,
        openapi_extra=_described(MATRIX_SET, negotiation.format_parameter(_ABOUT), negotiation.LANGUAGE),
    )
    def tile_set(request: Request) -> Response:
        """Tell where there are tiles and what their layers tell; TileJSON of those that web maps use."""
        asking, collections = _seen(request, collection)
        is_of_all = collection is None

        def tell(asked: _Asked) -> Answer:
            bounds, one = asked.bounds(collections), asked.matrix_set()
            return tilesets.tileset(
                collections, one, asked.level, bounds, asked.links, asked.language, is_of_all=is_of_all
            )

        def tell_maps(asked: _Asked) -> Answer:
            sides_deg = asked.sides_deg(collections)
            return tilesets.tile_json(
                collections, asked.level, sides_deg, asked.links, asked.language, is_of_all=is_of_all
            )

        has_maps = request.path_params[MATRIX_SET.name] == tiling.WEB_MERCATOR_QUAD.id
        offered = _ABOUT if has_maps else media.RESOURCE
        return _about(request, asking, settings, tell, offered=offered, tell_maps=tell_maps)


def _taken(collection: Collection | None, level: Disclosure) -> tuple[Parameter[Any], ...]:
    """List the parameters that a request for a tile can have."""
    form = negotiation.format_parameter(_TILE)
    if collection is None:
        return (*_ADDRESS, moments.DATETIME, form)
    touched = (parameters.AREA,) if collection.id in choice.TOUCHED else ()
    filters = (choice.FILTER, choice.FILTER_LANG, space.FILTER_CRS)
    return (
        *_ADDRESS,
        moments.DATETIME,
        *filters,
        *touched,
        *columns.conditions(collection, level),
        form,
    )


def _add_tiles(
    routes: APIRouter, collection: Collection | None, settings: ApiSettings, regions: Regions
) -> None:
    """Serve the tiles of a collection, or of all."""

    async def short(request: Request) -> Response | None:
        known = serving.newest(request)
        is_plain = not request.scope["query_string"] and "if-none-match" not in request.headers
        if known is None or not is_plain:
            return None
        asked = _wanted(request, collection)
        offered = {one.id: one for one in tiling.TILE_MATRIX_SETS if one.reference is Reference.WEB_MERCATOR}
        if asked.matrix_set not in offered:
            return None
        wished = tiling.Tile(offered[asked.matrix_set], *asked.place)
        now = asked.at(known)
        if not all(regions.is_ready(one, wished, known.made_at) for one in now):
            return None
        asking = asyncio.ensure_future(serving.version_at_once(request))
        try:
            # The store is asked first, and looks it up while the answer is made of what most likely holds.
            await asyncio.sleep(0)
            layers = [regions.ready(one, wished, known.made_at) for one in now]
            sent = serving.headers(request, known, asked.caller, asked.form, settings.cache_lifetime)
            answer = _answer(filter(None, layers), sent)
            state = await asking
        finally:
            # Nobody waits for it any more where the request was given up.
            asking.cancel()
        if state is None or state != known or None in layers:
            return None
        depends_on(request, state.number)
        return answer

    @routes.get(
        f"{tilesets.path_of(collection)}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        summary=f"A tile of {_title(collection)}",
        operation_id=_operation(collection, "getTile"),
        response_class=Tile,
        responses={204: {"description": "Nothing lies in the tile."}},
        openapi_extra=_described(*_taken(collection, Disclosure.INTERNAL)),
    )
    @shortened(short)
    def tile(request: Request) -> Response:
        """All that lies in the tile; where that is too much, how many features lie in each square of it."""
        asked = _wanted(request, collection)
        # Whatever is asked of the store is asked at one version.
        with glance(request) as connection:
            state = serving.version(request, connection)
            serving.check_references(request, connection, {space.FILTER_CRS.name: asked.system})
            matrix_set = tiling.parse_matrix_set(asked.matrix_set, _offered(request, connection))
            wished = tiling.Tile(matrix_set, *asked.place)
            sent = serving.headers(request, state, asked.caller, asked.form, settings.cache_lifetime)
            if matches(request.headers.getlist("if-none-match"), sent["ETag"]):
                return Response(status_code=304, headers=sent)
            now = asked.at(state)
            return _answer([regions.layer(connection, one, wished, state.made_at) for one in now], sent)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a request for a tile wants."""

    caller: Caller
    matrix_set: str
    place: tuple[int, int, int]
    form: Format
    selections: list[Selection]
    system: Reference | None

    def at(self, state: Version) -> list[Selection]:
        """Select at a version."""
        return [replace(one, version=state.number) for one in self.selections]


def _wanted(request: Request, collection: Collection | None) -> _Wanted:
    """Read a request for a tile."""
    asking, collections = _seen(request, collection)
    read = Reader(request)
    name = read.read(MATRIX_SET, "")
    place = (read.read(MATRIX, 0), read.read(ROW, 0), read.read(COLUMN, 0))
    form = negotiation.chosen(request, read, _TILE)
    if request.scope["query_string"]:
        selections = _selections(read, asking, collections, is_of_all=collection is None)
        system = None if collection is None else read.read(space.FILTER_CRS, None)
    else:
        # As maps ask: to look for each parameter that there could be would take longer than all else.
        selections = [
            Selection(one, asking.level, 0, areas=serving.areas(one, asking)) for one in collections
        ]
        system = None
    read.finish()
    return _Wanted(asking, name, place, form, selections, system)


def _answer(layers: Iterable[bytes], sent: dict[str, str]) -> Response:
    """Answer with the layers that there are."""
    body = b"".join(layers)
    if not body:
        return Response(status_code=204, headers=sent)
    return Response(body, headers=sent | {"Content-Type": mvt.MEDIA_TYPE})


class Tile(Response):
    """An answer whose media type is that of vector tiles."""

    media_type = mvt.MEDIA_TYPE


def _selections(
    read: Reader, asking: Caller, collections: Sequence[Collection], *, is_of_all: bool
) -> list[Selection]:
    """Read which features are wanted of each collection, at version 0 until the store has told its own."""
    interval = read.read(moments.DATETIME, None)
    if is_of_all:
        return [
            Selection(one, asking.level, 0, interval=interval, areas=serving.areas(one, asking))
            for one in collections
        ]
    (only,) = collections
    where = choice.where(read, only, asking.level)
    area = read.read(parameters.AREA, None) if only.id in choice.TOUCHED else None
    cut_to = serving.areas(only, asking)
    return [Selection(only, asking.level, 0, where, interval=interval, areas=cut_to, area=area)]
