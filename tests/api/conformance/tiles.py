"""Tiles: what is listed, where it leads, and whether a tile holds what the features say."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import mapbox_vector_tile
import shapely

from tests.api.conformance.pages import match
from tests.api.conformance.requirements import FEATURES, TILES, TMS, requirement
from tests.api.conformance.service import NothingToTest, require
from tests.api.conformance.subject import JSON, REL, links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.conformance.subject import Json, Subject

PART = "Tiles"
MVT = "application/vnd.mapbox-vector-tile"
CORE = TILES + "core"
DEEPEST = 18
"""Zoom level beyond which no tiles are tried."""


@dataclass(frozen=True, slots=True)
class Set:
    """A tile set of a collection, with its scheme."""

    collection: str
    description: Json
    scheme: Json

    @property
    def template(self) -> str:
        """Address of its tiles."""
        found = [link for link in links(self.description, "item") if link.get("type") == MVT]
        require(found, f"the tile set {self.name} has no link `item` of type {MVT}")
        address: str = found[0]["href"]
        return address

    @property
    def name(self) -> str:
        """How it is called in messages."""
        return f"{self.collection}/{self.scheme['id']}"

    def matrix(self, level: int) -> Json:
        """The matrix of a zoom level."""
        matrices: list[Json] = self.scheme["tileMatrices"]
        return matrices[level]

    def address(self, matrix: Json, row: int, column: int) -> str:
        """Address of one tile."""
        names = {"tileMatrix": matrix["id"], "tileRow": row, "tileCol": column}
        return re.sub(r"\{(\w+)\}", lambda found: str(names.get(found[1], found[0])), self.template)

    def cell(self, matrix: Json, x: float, y: float) -> tuple[int, int]:
        """Row and column of the tile with a point."""
        left, top = self.origin(matrix)
        side = matrix["cellSize"] * matrix["tileWidth"]
        return int((top - y) // side), int((x - left) // side)

    def origin(self, matrix: Json) -> tuple[float, float]:
        """Left and upper side of a matrix."""
        left, top = matrix["pointOfOrigin"]
        # The axes of EPSG:3035 are northing and easting; x comes first here.
        return (top, left) if str(self.scheme.get("orderedAxes", "")).startswith("['N") else (left, top)

    def square(self, matrix: Json, row: int, column: int) -> tuple[float, float, float, float]:
        """West, south, east and north of a tile, in units of its system."""
        left, top = self.origin(matrix)
        side = matrix["cellSize"] * matrix["tileWidth"]
        west, north = left + column * side, top - row * side
        return west, north - side, west + side, north


def sets(subject: Subject) -> list[Set]:
    """All vector tile sets of all collections."""
    found = []
    for one in subject.collections:
        for link in links(subject.collection(one["id"]), REL + "tilesets-vector"):
            for listed in subject.service.ok(link["href"], Accept=JSON).json["tilesets"]:
                itself = links(listed, "self")
                require(itself, f"a tile set of {one['id']} has no link `self`")
                description = subject.service.ok(itself[0]["href"], Accept=JSON).json
                scheme = links(description, REL + "tiling-scheme") or links(listed, REL + "tiling-scheme")
                require(scheme, f"a tile set of {one['id']} has no link {REL}tiling-scheme")
                found.append(
                    Set(one["id"], description, subject.service.ok(scheme[0]["href"], Accept=JSON).json)
                )
    require(found, f"no collection has a link {REL}tilesets-vector with tile sets")
    return found


@requirement("tiles/core/tc-op", part=PART, needs=[CORE])
def templates(subject: Subject) -> None:
    for one in sets(subject):
        place = [one.template.find(f"{{{name}}}") for name in ("tileMatrix", "tileRow", "tileCol")]
        require(-1 not in place and place == sorted(place), f"{one.name}: the template is {one.template}")
        (item,) = [link for link in links(one.description, "item") if link.get("type") == MVT]
        require(item.get("templated") is True, f"{one.name}: the link `item` is not said to be templated")


@requirement(
    "tiles/tilesets-list/tileset-links",
    part=PART,
    needs=[TILES + "tilesets-list", TILES + "geodata-tilesets"],
)
def lists(subject: Subject) -> None:
    for one in subject.collections:
        for link in links(subject.collection(one["id"]), REL + "tilesets-vector"):
            told = subject.service.ok(link["href"], Accept=JSON).json
            require(links(told, "self"), f"{link['href']} has no link `self`")
            for listed in told["tilesets"]:
                require(
                    listed.get("dataType") == "vector",
                    f"{link['href']}: dataType is {listed.get('dataType')}",
                )
                require(listed.get("crs"), f"{link['href']}: a tile set without crs")
                wanted = listed.get("tileMatrixSetURI") or links(listed, REL + "tiling-scheme")
                require(wanted, f"{link['href']}: a tile set without its scheme")


@requirement("tiles/tileset/description", part=PART, needs=[TILES + "tileset"])
def descriptions(subject: Subject) -> None:
    for one in sets(subject):
        told = one.description
        for key in ("title", "dataType", "crs", "links", "tileMatrixSetURI", "tileMatrixSetLimits"):
            require(told.get(key), f"{one.name} has no {key}")
        names = {matrix["id"]: matrix for matrix in one.scheme["tileMatrices"]}
        for limit in told["tileMatrixSetLimits"]:
            matrix = names[limit["tileMatrix"]]
            require(
                0 <= limit["minTileRow"] <= limit["maxTileRow"] < matrix["matrixHeight"],
                f"{one.name}: {limit}",
            )
            require(
                0 <= limit["minTileCol"] <= limit["maxTileCol"] < matrix["matrixWidth"],
                f"{one.name}: {limit}",
            )


@requirement("tiles/tms/tilematrixset", part=PART, needs=[TMS + "tilematrixset", TMS + "json-tilematrixset"])
def schemes(subject: Subject) -> None:
    for one in sets(subject):
        told = one.scheme
        for key in ("id", "crs", "tileMatrices"):
            require(told.get(key), f"the scheme of {one.name} has no {key}")
        sizes = [matrix["cellSize"] for matrix in told["tileMatrices"]]
        require(sizes == sorted(sizes, reverse=True), f"the matrices of {one.name} are not in order")
        for matrix in told["tileMatrices"]:
            keys = {
                "id",
                "scaleDenominator",
                "cellSize",
                "pointOfOrigin",
                "tileWidth",
                "tileHeight",
                "matrixWidth",
                "matrixHeight",
            }
            require(
                keys <= matrix.keys(), f"matrix {matrix.get('id')} of {one.name} lacks {keys - matrix.keys()}"
            )
            scale = matrix["cellSize"] / 0.00028
            near = abs(scale / matrix["scaleDenominator"] - 1) < 1e-6
            require(near, f"matrix {matrix['id']} of {one.name}: scale and cell size do not fit")


def system(one: Set) -> str:
    """URI of the system of a tile set."""
    told = one.scheme["crs"]
    return told if isinstance(told, str) else str(told["uri"])


def places(subject: Subject, one: Set, levels: tuple[int, ...]) -> Iterator[tuple[Json, int, int]]:
    """Tiles in which there is something, at several zoom levels."""
    features = [f for f in subject.located(one.collection, system(one)) if f.geometry is not None]
    for level in levels:
        if level >= len(one.scheme["tileMatrices"]):
            continue
        seen = set()
        for feature in (features[0], features[-1]):
            geometry = feature.geometry
            if geometry is not None:
                point = geometry.representative_point()
                matrix = one.matrix(level)
                at = one.cell(matrix, point.x, point.y)
                if at not in seen:
                    seen.add(at)
                    yield matrix, *at


@requirement("tiles/core/tc-success", part=PART, needs=[CORE, TILES + "mvt"])
def one_tile(subject: Subject) -> None:
    for one in sets(subject):
        for matrix, row, column in places(subject, one, (8, 14)):
            answer = subject.service.ok(one.address(matrix, row, column), Accept=MVT)
            require(answer.media_type == MVT, f"{answer}, required {MVT}")
            require(answer.header("ETag"), f"{answer} has no ETag")
            require(
                subject.service.ok(one.address(matrix, row, column)).media_type == MVT, f"{answer} by default"
            )


@requirement("tiles/core/tc-error", part=PART, needs=[CORE])
def no_tile(subject: Subject) -> None:
    for one in sets(subject):
        matrix = one.matrix(5)
        wrong = [
            one.address({**matrix, "id": "99"}, 0, 0),
            one.address({**matrix, "id": "x"}, 0, 0),
            one.address(matrix, matrix["matrixHeight"], 0),
            one.address(matrix, 0, matrix["matrixWidth"]),
            one.address(matrix, -1, 0),
            one.address(matrix, 0, 0).replace("/0/0", "/a/b"),
        ]
        for address in wrong:
            answer = subject.service.ask(address)
            require(answer.status in {400, 404}, f"{answer}, required 400 or 404")
        empty = subject.service.ask(one.address(matrix, 0, 0))
        nothing = (
            empty.status == 204 or (empty.status == 200 and not _layers(empty.body)) or empty.status == 404
        )
        require(nothing, f"{empty}: a tile without anything in it")
        subject.service.refused(one.address(matrix, 0, 0), {"unknownQueryParameter": 1})


def _layers(body: bytes) -> dict[str, Any]:  # Any: as the decoder has it.
    """Decode a tile."""
    plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    decoded: dict[str, Any] = mapbox_vector_tile.decode(plain) if plain else {}  # Any: as above.
    return {name: layer for name, layer in decoded.items() if layer["features"]}


@requirement("tiles/mvt/content", part=PART, needs=[CORE, TILES + "mvt"])
def contents(subject: Subject) -> None:
    tried = 0
    for one in sets(subject):
        uri = system(one)
        if uri not in subject.collection(one.collection)["crs"]:
            continue
        features = [f for f in subject.located(one.collection, uri) if f.geometry is not None]
        for matrix, row, column in places(subject, one, (12, 13, 14, 15)):
            layers = _layers(subject.service.ok(one.address(matrix, row, column), Accept=MVT).body)
            if set(layers) != {one.collection}:
                require(layers, f"{one.name} {matrix['id']}/{row}/{column} is empty")
                continue  # There was too much: an aggregated layer that says so.
            tried += 1
            layer = layers[one.collection]
            require(layer["extent"] == 4096, f"{one.name} has extent {layer['extent']}")
            box = one.square(matrix, row, column)
            margin = (box[2] - box[0]) / 8
            inside = shapely.box(*box).buffer(-(box[2] - box[0]) / 2048)
            around = shapely.box(*box).buffer(margin)
            least = {f.id for f in features if f.geometry is not None and f.geometry.intersects(inside)}
            most = {f.id for f in features if f.geometry is not None and f.geometry.intersects(around)}
            held = [f["properties"] for f in layer["features"]]
            ids = {str(p.get("feature_id", p.get("id"))) for p in held}
            told = f"{one.name} {matrix['id']}/{row}/{column}"
            require(least <= ids, f"{told} misses {sorted(least - ids)[:3]}")
            require(ids <= most, f"{told} holds {sorted(ids - most)[:3]}, which lie elsewhere")
            require(
                len(least) <= len(held) <= len(most),
                f"{told} holds {len(held)}, true are {len(least)} to {len(most)}",
            )
            numbered = [f["id"] for f in layer["features"] if f.get("id")]
            unique = len(numbered) == len(set(numbered)) and len(ids) == len(held)
            require(unique, f"{told}: two features have one name or number")
    if not tried:
        raise NothingToTest("no tile set is in a system in which its features can be had")


@requirement("tiles/mvt/every-zoom", part=PART, needs=[CORE, TILES + "mvt"])
def every_zoom(subject: Subject) -> None:
    for one in sets(subject):
        for matrix, row, column in places(subject, one, tuple(range(DEEPEST))):
            answer = subject.service.ok(one.address(matrix, row, column), Accept=MVT)
            require(_layers(answer.body), f"{answer} is empty although there is something")


@requirement("tiles/geodata-tilesets/desc-links", part=PART, needs=[TILES + "geodata-tilesets"])
def linked(subject: Subject) -> None:
    found = [
        one["id"]
        for one in subject.collections
        if links(subject.collection(one["id"]), REL + "tilesets-vector")
    ]
    require(found, f"no collection has a link {REL}tilesets-vector")


@requirement("tiles/dataset-tilesets/landingpage", part=PART, needs=[TILES + "dataset-tilesets"])
def linked_from_landing(subject: Subject) -> None:
    told = links(subject.landing, REL + "tilesets-vector")
    require(told, f"the landing page has no link {REL}tilesets-vector")
    require(
        subject.service.ok(told[0]["href"], Accept=JSON).json["tilesets"], "the list of tile sets is empty"
    )


@requirement("tiles/oas30/operation-id", part=PART, needs=[CORE, TILES + "oas30", FEATURES + "oas30"])
def operation_ids(subject: Subject) -> None:
    prefix = urlsplit(subject.service.base).path
    for one in sets(subject):
        wanted = {
            f"/collections/{one.collection}/tiles": ".collection.vector.getTileSetsList",
            urlsplit(links(one.description, "self")[0]["href"]).path.removeprefix(
                prefix
            ): ".collection.vector.getTileSet",
            urlsplit(one.address(one.matrix(1), 0, 0)).path.removeprefix(
                prefix
            ): ".collection.vector.getTile",
        }
        for path, ending in wanted.items():
            template = match(subject.openapi, path)
            require(template is not None, f"the description has no path for {path}")
            said = subject.openapi["paths"][template]["get"]["operationId"]
            require(said.endswith(ending), f"{template} has the operationId {said}, required ...{ending}")
