"""The collections say where, when, in what systems and by what their features can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from api.schemas.features import Collection, Collections
from hotspot.catalogue import COLLECTIONS, Reference

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

NAMES = [one.id for one in COLLECTIONS]
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"

FEW = ("neighbourhoods", "hotspots", "incidents")
"""Without a time, with one, and many: the others are made of the same."""


def test_collections__are_described_alike_alone_and_together(client: TestClient) -> None:
    answer = client.get("/v1/collections")
    together = Collections.model_validate_json(answer.text)
    assert [one.id for one in together.collections] == NAMES
    assert {"self", "alternate"} <= {link.rel for link in together.links}
    for one in together.collections:
        alone = Collection.model_validate_json(client.get(f"/v1/collections/{one.id}").text)
        assert alone.model_copy(update={"links": one.links}) == one
        assert set(one.links[1:]) <= set(alone.links)
        assert "alternate" in {link.rel for link in alone.links}


@pytest.mark.parametrize("name", FEW)
def test_links__lead_to_what_they_say(client: TestClient, name: str) -> None:
    links = client.get(f"/v1/collections/{name}").json()["links"]
    rels = {link["rel"] for link in links}
    assert {
        "items",
        "enclosure",
        f"{RELATION}queryables",
        f"{RELATION}schema",
        f"{RELATION}sortables",
    } <= rels
    for link in links:
        if link["rel"].endswith("tilesets-vector"):
            continue
        answer = client.get(link["href"], headers={"Accept": link["type"]})
        assert answer.status_code == 200, link
        assert answer.headers["Content-Type"].partition(";")[0] == link["type"]


def everything(client: TestClient, name: str) -> list[dict[str, Any]]:  # Any: JSON.
    features: list[dict[str, Any]] = client.get(
        f"/v1/collections/{name}/items", params={"f": "geojson", "profile": "rfc7946"}
    ).json()["features"]
    return features


@pytest.mark.parametrize("name", ["neighbourhoods", "hotspots", "rankings"])
def test_extent__holds_every_feature(client: TestClient, name: str) -> None:
    told = client.get(f"/v1/collections/{name}").json()
    west, south, east, north = told["extent"]["spatial"]["bbox"][0]
    assert told["crs"] == list(Reference)
    assert told["storageCrs"] == Reference.PLANE
    for feature in everything(client, name):
        for part in feature["geometry"]["coordinates"]:
            ring = part[0] if feature["geometry"]["type"] == "MultiPolygon" else part
            assert all(west <= x <= east and south <= y <= north for x, y in ring)
    if name == "neighbourhoods":
        assert "temporal" not in told["extent"]
    else:
        start, end = told["extent"]["temporal"]["interval"][0]
        whole = client.get(f"/v1/collections/{name}/items", params={"datetime": f"{start}/{end}"}).json()
        assert whole["numberMatched"] == len(everything(client, name))


def test_collections__speak_both_languages(client: TestClient) -> None:
    dutch = client.get("/v1/collections/neighbourhoods", params={"lang": "nl"})
    assert (dutch.json()["title"], dutch.headers["Content-Language"]) == ("Buurten", "nl")
    plain = client.get("/v1/collections/neighbourhoods", headers={"Accept-Language": "nl"})
    assert (plain.json()["title"], plain.headers["Content-Language"]) == ("Neighbourhoods", "en")


@pytest.mark.parametrize("path", ["", "/neighbourhoods", "/neighbourhoods/queryables", "/nothing"])
def test_collections__refuse_what_they_do_not_know(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/collections{path}", params={"unknown": "1"})
    assert answer.status_code == (404 if path == "/nothing" else 400)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_collections__are_answered_304_to_who_holds_them(client: TestClient) -> None:
    for path in ("", "/hotspots", "/hotspots/schema"):
        first = client.get(f"/v1/collections{path}")
        tag = first.headers["ETag"]
        assert client.get(f"/v1/collections{path}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", NAMES)
def test_queryables__are_a_schema_that_names_all_there_is(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/collections/{name}/queryables", headers={"Accept": "application/schema+json"})
    assert answer.headers["Content-Type"] == "application/schema+json"
    told = answer.json()
    jsonschema.Draft202012Validator.check_schema(told)
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["$id"] == f"http://testserver/v1/collections/{name}/queryables"
    assert told["additionalProperties"] is False
    shape = told["properties"].pop("geometry")
    assert shape["format"].startswith("geometry-")
    assert "type" not in shape
    assert told["properties"]
    assert all("type" in one and one["title"] for one in told["properties"].values())


@pytest.mark.parametrize("name", FEW)
def test_queryables__that_have_one_value_are_parameters(client: TestClient, name: str) -> None:
    schema = client.get(f"/v1/collections/{name}/queryables").json()["properties"]
    example = {"string": "x", "integer": "1", "number": "0.5", "boolean": "true"}
    formats = {"date": "2010-07-26", "date-time": "2010-07-26T12:00:00Z"}
    for one, said in schema.items():
        if one == "geometry" or said["type"] == "array":
            continue
        value = formats.get(said.get("format", ""), example[said["type"]])
        value = "2010-W30" if one == "week" else said.get("enum", [value])[0]
        answer = client.get(f"/v1/collections/{name}/items", params={one: value, "limit": 1})
        assert answer.status_code == 200, (one, answer.text)
        null = client.get(f"/v1/collections/{name}/items", params={"filter": f"{one} IS NULL", "limit": 1})
        assert null.status_code == 200, (one, null.text)


@pytest.mark.parametrize("name", FEW)
def test_sortables__order_the_features(client: TestClient, name: str) -> None:
    for one in client.get(f"/v1/collections/{name}/sortables").json()["properties"]:
        for sign in ("+", "-"):
            told = client.get(f"/v1/collections/{name}/items", params={"sortby": f"{sign}{one}"})
            assert told.status_code == 200, told.text
            values = [feature["properties"][one] for feature in told.json()["features"]]
            known = [value for value in values if value is not None]
            assert values[: len(known)] == known == sorted(known, reverse=sign == "-")


def test_schema__says_which_property_plays_which_part(client: TestClient) -> None:
    told = client.get("/v1/collections/hotspots/schema").json()["properties"]
    roles = {one["x-ogc-role"]: name for name, one in told.items() if "x-ogc-role" in one}
    assert roles == {
        "id": "id",
        "primary-interval-start": "window_start",
        "primary-interval-end": "window_end",
        "primary-geometry": "geometry",
    }
