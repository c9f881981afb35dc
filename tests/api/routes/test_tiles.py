"""Claims about tiles over HTTP: what there is, how it is cut, and what each tile tells (OGC API - Tiles)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any  # Any: JSON.

import mapbox_vector_tile
import pytest

from hotspot.catalogue import COLLECTIONS
from hotspot.tiles.tiling import TILE_MATRIX_SETS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fastapi.testclient import TestClient

TILED = [one.id for one in COLLECTIONS if one.has_tiles]
PATHS = ["/v1/tiles", *(f"/v1/collections/{name}/tiles" for name in TILED)]
SETS = [one.id for one in TILE_MATRIX_SETS]
RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0/"
MVT = "application/vnd.mapbox-vector-tile"


def _json(client: TestClient, path: str) -> Any:  # noqa: ANN401 - JSON
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _links(body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {link["rel"]: link for link in body["links"]}


def _decoded(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    return found


def test_tiled__are_those_of_the_catalogue() -> None:
    assert {"neighbourhoods", "hotspots", "hotspots-latest", "cells"} <= set(TILED)


def test_tile_matrix_sets__are_listed_with_their_definitions(client: TestClient) -> None:
    body = _json(client, "/v1/tileMatrixSets")
    assert [one["id"] for one in body["tileMatrixSets"]] == SETS
    for one in body["tileMatrixSets"]:
        told = _json(client, _links(one)["self"]["href"])
        assert (told["id"], told["crs"]) == (one["id"], one["crs"])
        assert told["orderedAxes"] == ["X", "Y"]
        assert [matrix["id"] for matrix in told["tileMatrices"]] == [
            str(level) for level in range(len(told["tileMatrices"]))
        ]
        for level, matrix in enumerate(told["tileMatrices"]):
            assert matrix["scaleDenominator"] == pytest.approx(matrix["cellSize"] / 0.00028)
            assert matrix["matrixWidth"] == matrix["matrixHeight"] == 2**level
            assert matrix["cornerOfOrigin"] == "topLeft"
            assert matrix["tileWidth"] == matrix["tileHeight"] == 256


@pytest.mark.parametrize("path", PATHS)
def test_tilesets__lead_to_tiles_and_to_how_they_are_cut(client: TestClient, path: str) -> None:
    body = _json(client, path)
    assert [one["crs"] for one in body["tilesets"]] == [str(one.reference) for one in TILE_MATRIX_SETS]
    assert _links(body)["self"]["type"] == "application/json"
    for one in body["tilesets"]:
        links = _links(one)
        assert one["dataType"] == "vector"
        assert links["item"]["templated"] is True
        assert links["item"]["type"] == MVT
        assert links["item"]["href"].endswith("/{tileMatrix}/{tileRow}/{tileCol}")
        scheme = _json(client, links[f"{RELATIONS}tiling-scheme"]["href"])
        assert scheme["crs"] == one["crs"]
        told = _json(client, links["self"]["href"])
        assert (told["crs"], told["tileMatrixSetURI"]) == (one["crs"], one["tileMatrixSetURI"])
        assert _links(told)["item"]["href"] == links["item"]["href"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", SETS)
def test_tileset__tells_its_layers_and_where_they_hold_something(
    client: TestClient, path: str, name: str
) -> None:
    told = _json(client, f"{path}/{name}")
    layers = {layer["id"]: layer for layer in told["layers"]}
    of = TILED if path == "/v1/tiles" else [path.split("/")[3]]
    assert set(layers) == {end for one in of for end in (one, f"{one}_aggregated")}
    for limit in told["tileMatrixSetLimits"]:
        row, column = limit["minTileRow"], limit["minTileCol"]
        assert row <= limit["maxTileRow"] < 2 ** int(limit["tileMatrix"])
        assert column <= limit["maxTileCol"] < 2 ** int(limit["tileMatrix"])
    if not told["tileMatrixSetLimits"]:
        assert "boundingBox" not in told
        return
    found: set[str] = set()
    deep = next(one for one in told["tileMatrixSetLimits"] if one["tileMatrix"] == "11")
    for row in range(deep["minTileRow"], deep["maxTileRow"] + 1):
        for column in range(deep["minTileCol"], deep["maxTileCol"] + 1):
            decoded = _decoded(client.get(f"{path}/{name}/11/{row}/{column}").content)
            for layer, content in decoded.items():
                described = layers[layer]["propertiesSchema"]["properties"]
                for feature in content["features"]:
                    assert set(feature["properties"]) <= set(described)
                    found.add(f"{layer}:{feature['properties']['feature_id']}")
    expected = {
        f"{one}:{feature['id']}"
        for one in of
        for feature in _json(client, f"/v1/collections/{one}/items?limit=1000")["features"]
        if feature["geometry"] is not None
    }
    assert found == expected


@pytest.mark.parametrize("path", PATHS)
def test_tilejson__leads_web_maps_to_the_tiles(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}/WebMercatorQuad?f=tilejson")
    body = answer.json()
    assert answer.headers["content-type"] == "application/vnd.mapbox.tilejson+json"
    assert (body["tilejson"], body["minzoom"]) == ("3.0.0", 0)
    (template,) = body["tiles"]
    tile = client.get(template.replace("{z}/{y}/{x}", "0/0/0"))
    decoded = _decoded(tile.content)
    assert set(decoded) <= {layer["id"] for layer in body["vector_layers"]}
    refused = client.get(f"{path}/NetherlandsRDNewQuad?f=tilejson")
    assert refused.status_code == 400


def test_tile__is_one_that_can_be_asked_for_again(client: TestClient) -> None:
    path = "/v1/collections/hotspots/tiles/WebMercatorQuad/0/0/0"
    first = client.get(path)
    assert (first.status_code, first.headers["content-type"]) == (200, MVT)
    assert {"accept", "accept-encoding"} <= {one.strip().lower() for one in first.headers["vary"].split(",")}
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{path}?theme=burglary")
    assert other.headers["etag"] != first.headers["etag"]
    assert client.head(path).headers["etag"] == first.headers["etag"]


def test_tile__tells_what_is_asked_for(client: TestClient) -> None:
    path = "/v1/collections/hotspots/tiles/WebMercatorQuad/0/0/0"

    def themes(query: str) -> list[str]:
        layers = _decoded(client.get(path + query).content)
        return [one["properties"]["theme"] for one in layers.get("hotspots", {"features": []})["features"]]

    everything = themes("")
    assert set(themes("?theme=burglary")) == {"burglary"}
    assert sorted(themes("?theme=burglary") + themes("?filter=theme<>'burglary'")) == sorted(everything)
    assert len(themes("?week=2010-W29")) + len(themes("?week=2010-W30")) == len(everything)
    assert themes("?datetime=1999-01-01") == []
    assert themes("?area=BU99") == []
    assert sorted(themes("?area=BU02")) == sorted(everything)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("WebMercatorQuad/3/8/0", 404),
        ("WebMercatorQuad/3/0/8", 404),
        ("WebMercatorQuad/25/0/0", 404),
        ("NetherlandsRDNewQuad/17/0/0", 404),
        ("Nowhere/0/0/0", 404),
        ("Nowhere", 404),
        ("WebMercatorQuad/3/0/0", 204),
        ("WebMercatorQuad/a/0/0", 400),
        ("WebMercatorQuad/0/-1/0", 400),
        ("WebMercatorQuad/0/0/1.5", 400),
        ("WebMercatorQuad/0/0/0?week=yesterday", 400),
        ("WebMercatorQuad/0/0/0?nonsense=1", 400),
        ("WebMercatorQuad/0/0/0?f=json", 400),
        ("WebMercatorQuad/0/0/0?filter=THIS%20IS%20NONE", 400),
        ("WebMercatorQuad?nonsense=1", 400),
        ("WebMercatorQuad?f=pdf", 400),
    ],
)
def test_tile__that_cannot_be_is_answered_as_what_it_is(client: TestClient, end: str, status: int) -> None:
    answer = client.get(f"/v1/collections/hotspots/tiles/{end}")
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
    else:
        assert answer.content == b""


@pytest.mark.parametrize("end", ["WebMercatorQuad/0/0", "WebMercatorQuad/0/0/0/0", "WebMercatorQuad/0//0"])
def test_tile__has_an_address_of_four_parts(client: TestClient, end: str) -> None:
    assert client.get(f"/v1/collections/hotspots/tiles/{end}").status_code == 404


def test_tile__in_no_format_that_is_taken_is_406(client: TestClient) -> None:
    answer = client.get(
        "/v1/collections/hotspots/tiles/WebMercatorQuad/0/0/0", headers={"Accept": "image/png"}
    )
    assert answer.status_code == 406


def test_all_mistakes__are_told_at_once(client: TestClient) -> None:
    answer = client.get("/v1/collections/hotspots/tiles/WebMercatorQuad/a/b/c?nonsense=1")
    assert {one["parameter"] for one in answer.json()["errors"]} == {
        "tileMatrix",
        "tileRow",
        "tileCol",
        "nonsense",
    }


@pytest.mark.parametrize("collection", [one.id for one in COLLECTIONS if not one.has_tiles])
def test_collections_without_tiles__have_none(client: TestClient, collection: str) -> None:
    assert client.get(f"/v1/collections/{collection}/tiles").status_code == 404


def test_tile__asks_the_store_a_few_times(
    client: TestClient, counted: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with counted() as statements:
        client.get("/v1/collections/hotspots/tiles/NetherlandsRDNewQuad/9/298/269")
    # The version, the plane where it is not known yet, how many rows there are at all, and the rows.
    assert len([one for one in statements if not one.startswith("PRAGMA")]) <= 6
