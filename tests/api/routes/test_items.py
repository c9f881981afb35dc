"""Features come back exactly, page by page, and only those that were asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas.features import FeatureCollection, LinkedFeature
from hotspot.catalogue import COLLECTIONS, Reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fastapi.testclient import TestClient

ITEMS = "/v1/collections/hotspots/items"
AREAS = "/v1/collections/neighbourhoods/items"
SELDOM = [HealthCheck.function_scoped_fixture]


DASHED = ("bbox_crs", "exclude_properties", "filter_lang", "filter_crs")


def asked(path: str, query: dict[str, object]) -> str:
    """Put parameters behind those that an address has."""
    named = {name.replace("_", "-") if name in DASHED else name: str(value) for name, value in query.items()}
    return path + ("&" if "?" in path else "?") + urlencode(named) if named else path


def page(client: TestClient, path: str, **query: object) -> dict[str, Any]:  # Any: JSON.
    answer = client.get(asked(path, query))
    assert answer.status_code == 200, answer.text
    FeatureCollection.model_validate_json(answer.text)
    read: dict[str, Any] = answer.json()  # Any: JSON.
    return read


def ids(collection: dict[str, Any]) -> list[str]:
    """Name areas by their codes, hotspots by the ids that they keep."""
    told = [feature["properties"] for feature in collection["features"]]
    return [properties.get("hotspot_id", properties.get("code")) for properties in told]


def mistakes(client: TestClient, path: str, **query: object) -> dict[str, str]:
    answer = client.get(asked(path, query))
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {one["parameter"]: one["message"] for one in answer.json()["errors"]}


def test_items__are_all_there_in_the_order_of_publication(client: TestClient) -> None:
    collection = page(client, ITEMS)
    assert sorted(ids(collection)) == ["b1", "d1", "d2", "e1"]
    assert ids(collection)[0] == "e1"
    assert collection["numberMatched"] == collection["numberReturned"] == 4
    assert collection["timeStamp"] == "2010-08-03T06:00:00Z"
    assert ids(page(client, AREAS)) == ["BU01", "BU02"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"week": "2010-W29"}, ["e1"]),
        ({"week": "2010W30"}, ["b1", "d1", "d2"]),
        ({"week": "2010-W30", "edition": 2}, ["b1", "d1", "d2"]),
        ({"week": "2010-W30", "edition": 9}, []),
        ({"week": "2011-W01"}, []),
        ({"theme": "burglary"}, ["b1"]),
        ({"theme": "nothing"}, []),
        ({"kind": "chronic"}, ["b1"]),
        ({"kind": "acute", "grade": "confirmed"}, ["d1", "e1"]),
        ({"grade": "likely"}, ["d2"]),
        ({"rank": 2}, ["d2"]),
        ({"pile_up": "false", "observed": 12, "p_value": "1e-3"}, ["b1", "d1", "d2", "e1"]),
        ({"window_end": "2010-08-01", "window_weeks": 4}, ["d1", "d2"]),
        ({"area": "BU01"}, ["d1", "d2", "e1"]),
        ({"area": "WK01", "week": "2010-W30", "theme": "drug_nuisance"}, ["d1", "d2"]),
        ({"area": "BU99"}, []),
        ({"filter": "theme = 'burglary' OR rank > 1"}, ["b1", "d2"]),
        ({"filter": '{"op":"=","args":[{"property":"rank"},2]}', "filter-lang": "cql2-json"}, ["d2"]),
        ({"filter": "S_INTERSECTS(geometry,BBOX(5.69,50.84,5.7,50.86))", "grade": "likely"}, []),
        ({"datetime": "2010-07-04T12:00:00Z"}, ["b1", "e1"]),
        ({"datetime": "2010-08-01T21:59:59Z"}, ["b1", "d1", "d2"]),
        ({"datetime": "2010-08-01T22:00:00Z/.."}, []),
        ({"datetime": "../2010-06-27T22:00:00Z"}, ["b1", "e1"]),
        ({"datetime": "../2010-06-27T21:59:59.9Z"}, ["b1"]),
    ],
)
def test_items__are_those_asked_for(
    client: TestClient, query: dict[str, object], expected: list[str]
) -> None:
    found = page(client, ITEMS, **query)
    assert sorted(ids(found)) == expected
    assert found["numberMatched"] == len(expected)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"limit": "unlimited"}, {"limit"}),
        ({"limit": 0, "offset": -1, "f": "nope"}, {"limit", "offset", "f"}),
        ({"bbox": "1,2,3"}, {"bbox"}),
        ({"bbox": "5,51,6,50"}, {"bbox"}),
        ({"bbox": "5,50,6,51", "bbox-crs": "http://www.opengis.net/def/crs/0/unsupported"}, {"bbox-crs"}),
        ({"crs": "http://www.opengis.net/def/crs/0/unsupported"}, {"crs"}),
        ({"filter-crs": "x", "filter-lang": "none"}, {"filter-crs", "filter-lang"}),
        ({"filter": "THIS IS NOT A FILTER"}, {"filter"}),
        ({"filter": "this_is_not_a_queryable IS NULL"}, {"filter"}),
        ({"filter": "S_INTERSECTS(geometry,BBOX(1000000,0,1000001,1))"}, {"filter"}),
        ({"datetime": "yesterday"}, {"datetime"}),
        ({"datetime": "../.."}, {"datetime"}),
        ({"sortby": "nope"}, {"sortby"}),
        ({"sortby": "rank,-rank"}, {"sortby"}),
        ({"properties": "nope", "exclude-properties": ""}, {"properties", "exclude-properties"}),
        ({"kind": "blunt", "rank": "1.5", "pile_up": "yes"}, {"kind", "rank", "pile_up"}),
        ({"window_end": "2010-02-30", "p_value": "nan", "week": "2010"}, {"window_end", "p_value", "week"}),
        ({"unknownQueryParameter": 1, "profile": "x"}, {"unknownQueryParameter", "profile"}),
        ({"cursor": "x"}, {"cursor"}),
        ({"version": 10**6}, {"version"}),
        ({"lang": "fr"}, {"lang"}),
    ],
)
def test_items__tell_all_that_is_wrong_with_a_request(
    client: TestClient, query: dict[str, object], wrong: set[str]
) -> None:
    assert set(mistakes(client, ITEMS, **query)) == wrong


@pytest.mark.parametrize("name", ["week", "theme", "kind", "grade", "area", "edition"])
def test_items__of_areas_cannot_be_asked_by_what_hotspots_have(client: TestClient, name: str) -> None:
    assert set(mistakes(client, AREAS, **{name: "1"})) == {name}


def walked(client: TestClient, href: str | None) -> list[dict[str, Any]]:  # Any: JSON.
    pages = []
    while href is not None:
        pages.append(client.get(href).json())
        links = {link["rel"]: link for link in pages[-1]["links"]}
        href = links["next"]["href"] if "next" in links else None
        assert href is None or links["next"]["type"] == "application/geo+json"
    return pages


@pytest.mark.parametrize("limit", [1, 3, 10**9])
@pytest.mark.parametrize(
    "query",
    ["", "&sortby=-score", "&sortby=theme,-rank", "&theme=drug_nuisance", "&sortby=previous_rank,week"],
)
def test_items__are_all_reached_once_by_the_links(client: TestClient, limit: int, query: str) -> None:
    whole = page(client, f"{ITEMS}?limit=50{query}")
    pages = walked(client, f"{ITEMS}?limit={limit}{query}")
    assert [feature for one in pages for feature in one["features"]] == whole["features"]
    assert {one["numberMatched"] for one in pages} == {whole["numberMatched"]}
    assert all(0 < one["numberReturned"] <= limit for one in pages)
    back = {link["rel"]: link["href"] for link in pages[-1]["links"]}
    assert len(pages) == 1 or client.get(back["first"]).json()["features"] == pages[0]["features"]


def test_items__can_be_asked_for_by_offset_and_back(client: TestClient) -> None:
    everything = ids(page(client, ITEMS))
    links = {"prev": f"{ITEMS}?offset=3&limit=2"}
    seen: list[str] = []
    while "prev" in links:
        one = client.get(links["prev"]).json()
        seen = ids(one) + seen
        links = {link["rel"]: link["href"] for link in one["links"]}
    assert seen == everything
    past = page(client, ITEMS, offset=10, limit=2)
    assert ids(past) == []
    assert past["numberMatched"] == 4
    (before,) = [link["href"] for link in past["links"] if link["rel"] == "prev"]
    assert ids(client.get(before).json()) == everything[2:]


def test_cursor__leads_on_in_its_own_selection_only(client: TestClient) -> None:
    (following,) = [
        link["href"] for link in page(client, ITEMS, limit=1, sortby="rank")["links"] if link["rel"] == "next"
    ]
    assert client.get(following).status_code == 200
    for change in ("&theme=burglary", "&offset=1", "&version=1", "&bbox=5,50,6,51", "&f=csv"):
        assert client.get(following + change).status_code == 400
    assert client.get(following.replace("sortby=rank", "sortby=-rank")).status_code == 400
    # What is told of the features may be changed between the pages.
    assert client.get(following + "&properties=rank&crs=[EPSG:28992]").status_code == 200


def test_version__gives_the_data_as_they_stood(client: TestClient) -> None:
    newest = client.get(ITEMS)
    version = int(newest.headers["Data-Version"])
    assert client.get(ITEMS, params={"version": version}).json()["features"] == newest.json()["features"]
    before = client.get(ITEMS, params={"version": version - 1})
    assert before.json()["timeStamp"] == "2010-08-02T06:00:00Z"
    assert {one["properties"]["edition"] for one in before.json()["features"]} == {1}
    assert before.headers["Data-Version"] == str(version - 1)


@settings(max_examples=12, deadline=None, suppress_health_check=SELDOM)
@given(
    sides=st.tuples(
        *[st.sampled_from([5.67, 5.6783, 5.688, 5.6917664, 5.6925, 5.7, 5.71, -170.0])] * 2,
        *[st.sampled_from([50.84, 50.845, 50.8491813, 50.8497, 50.8509, 50.86])] * 2,
    )
)
def test_items__in_a_box_are_those_whose_shape_touches_it(
    client: TestClient, sides: tuple[float, float, float, float]
) -> None:
    west, east, south, north = sides
    south, north = sorted((south, north))
    halves = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    # The hull of the corners is a line or a point where the box is flat.
    boxes = [
        shapely.MultiPoint([(left, south), (left, north), (right, south), (right, north)]).convex_hull
        for left, right in halves
    ]
    for path in (AREAS, ITEMS):
        everything = page(client, path)["features"]
        touching = [
            feature
            for feature in everything
            if any(shapely.from_geojson(json.dumps(feature["geometry"])).intersects(boxes))
        ]
        expected = ids({"features": touching})
        assert ids(page(client, path, bbox=f"{west},{south},{east},{north}")) == expected
        turned = page(client, path, bbox=f"{south},{west},{north},{east}", bbox_crs=Reference.ETRS89)
        assert ids(turned) == expected


@pytest.mark.parametrize("crs", list(Reference))
def test_items__come_in_each_system_and_are_found_in_it(client: TestClient, crs: Reference) -> None:
    answer = client.get(ITEMS, params={"crs": crs})
    assert answer.headers["Content-Crs"] == f"<{crs}>"
    for feature in answer.json()["features"]:
        x, y = feature["geometry"]["coordinates"][0][0]
        place = {
            Reference.CRS84: (5.69, 50.85),
            Reference.ETRS89: (50.85, 5.69),
            Reference.ETRF2000: (50.85, 5.69),
            Reference.PLANE: (176_500, 317_800),
            Reference.WEB_MERCATOR: (633_700, 6_594_000),
        }[crs]
        assert (x, y) == pytest.approx(place, rel=0.002)
        # The corner itself is a box without extent.
        found = page(client, ITEMS, bbox=f"{x!r},{y!r},{x!r},{y!r}", bbox_crs=crs)
        assert feature["properties"]["hotspot_id"] in ids(found)
        alone = client.get(f"{ITEMS}/{feature['id']}", params={"crs": crs})
        assert alone.headers["Content-Crs"] == f"<{crs}>"
        assert alone.json()["geometry"] == feature["geometry"]


def test_items__tell_only_the_properties_asked_for(client: TestClient) -> None:
    full = page(client, ITEMS)["features"][0]
    two = {name: full["properties"][name] for name in ("week", "rank")}
    some = page(client, ITEMS, properties="rank,week", limit=1)["features"][0]
    # The shape is a property as well.
    assert some == {**full, "geometry": None, "properties": two}
    shaped = page(client, ITEMS, properties="rank,geometry,week", limit=1)["features"][0]
    assert shaped == {**full, "properties": two}
    less = page(client, ITEMS, exclude_properties="rank", limit=1)["features"][0]
    assert less["properties"].keys() == full["properties"].keys() - {"rank"}
    assert less["geometry"] == full["geometry"]
    alone = client.get(f"{ITEMS}/{full['id']}", params={"properties": "rank"}).json()
    assert alone["properties"] == {"rank": full["properties"]["rank"]}
    told = client.get(asked(ITEMS, {"exclude_properties": "geometry", "f": "jsonfg", "crs": Reference.PLANE}))
    fg = told.json()["features"][0]
    assert (fg["geometry"], fg["place"]) == (None, None)


def test_item__is_the_feature_of_the_collection_with_its_links(client: TestClient) -> None:
    for name in ("neighbourhoods", "districts", "hotspots", "rankings"):
        for feature in page(client, f"/v1/collections/{name}/items")["features"]:
            answer = client.get(f"/v1/collections/{name}/items/{feature['id']}")
            LinkedFeature.model_validate_json(answer.text)
            alone = answer.json()
            links = {link["rel"]: link for link in alone.pop("links")}
            assert alone == feature
            assert client.get(links["self"]["href"]).content == answer.content
            assert links["alternate"]["type"]
            assert client.get(links["collection"]["href"]).status_code == 200


def test_item__of_a_hotspot_is_named_by_its_week_too_since_it_keeps_its_id(followed: TestClient) -> None:
    told = page(followed, ITEMS)["features"]
    assert {feature["id"] for feature in told} == {
        "hs-a-2010-W30",
        "hs-b-2010-W30",
        "hs-a-2010-W29",
        "e1-2010-W28",
    }
    assert followed.get(f"{ITEMS}/hs-a").json()["id"] == "hs-a-2010-W30"
    assert followed.get(f"{ITEMS}/e1").json()["id"] == "e1-2010-W28"
    # The correction of the week left the first one out.
    for name in ("hs-c", "hs-c-2010-W30", "hs-b-2010-W29", "hs-a-2010-W54"):
        assert followed.get(f"{ITEMS}/{name}").status_code == 404


@pytest.mark.parametrize(
    "feature_id", ["nothing", "%00", "a%0Ab", "x" * 300, "%F0%9F%98%80", "d1%27--", "%FF"]
)
@pytest.mark.parametrize("path", [AREAS, ITEMS])
def test_item__that_does_not_exist_is_not_found(client: TestClient, path: str, feature_id: str) -> None:
    answer = client.get(f"{path}/{feature_id}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_items__tell_nothing_that_their_schema_does_not(client: TestClient, followed: TestClient) -> None:
    for asked in (client, followed):
        for collection in COLLECTIONS:
            path = f"/v1/collections/{collection.id}"
            listed = asked.get(f"{path}/schema").json()["properties"].keys()
            for feature in page(asked, f"{path}/items")["features"]:
                assert feature["properties"].keys() <= listed


def test_items__as_json_fg_tell_time_kind_and_place(client: TestClient) -> None:
    told = client.get(ITEMS, params={"profile": "jsonfg", "crs": Reference.PLANE})
    assert told.headers["Content-Type"] == "application/geo+json"
    body = told.json()
    assert body["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    assert (body["featureType"], body["coordRefSys"]) == ("hotspots", Reference.PLANE)
    plain = page(client, ITEMS)["features"]
    in_plane = page(client, ITEMS, crs=Reference.PLANE)["features"]
    for feature, here, there in zip(body["features"], plain, in_plane, strict=True):
        assert feature["geometry"] == here["geometry"]
        assert feature["place"] == there["geometry"]
        assert feature["properties"] == here["properties"]
        start, end = feature["time"]["interval"]
        assert ids(page(client, ITEMS, datetime=end, limit=50)).count(here["properties"]["hotspot_id"]) == 1
        assert start.endswith("Z")
    alone = client.get(f"{ITEMS}/{plain[0]['id']}", params={"f": "jsonfg"}).json()
    assert alone["place"] is None
    assert "coordRefSys" not in alone
    assert alone["time"] == body["features"][0]["time"]


def test_items__are_answered_304_to_who_holds_them(client: TestClient) -> None:
    first = client.get(ITEMS)
    again = client.get(ITEMS, headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "public, max-age=60"
    others = [
        client.get(ITEMS, params={"limit": 1}),
        client.get(ITEMS, params={"profile": "jsonfg"}),
        client.get(ITEMS, headers={"Accept": "text/csv"}),
        client.get(ITEMS, headers={"Host": "elsewhere"}),
    ]
    assert len({first.headers["ETag"], *(one.headers["ETag"] for one in others)}) == 5


def test_items__name_their_pages_and_queryables_in_the_header_too(client: TestClient) -> None:
    answer = client.head(ITEMS, params={"limit": 1})
    assert {"self", "next", "http://www.opengis.net/def/rel/ogc/1.0/queryables"} <= set(answer.links)
    assert len(client.get(ITEMS, params={"limit": 1}).json()["links"]) <= 20


def test_items__refuse_formats_that_there_are_not(client: TestClient) -> None:
    assert client.get(ITEMS, headers={"Accept": "application/xml"}).status_code == 406
    assert client.get(ITEMS, headers={"Accept": "application/xml"}, params={"f": "json"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (f"{ITEMS}?week=x", 0),
        ("/v1/conformance", 0),
        ("/v1/collections/hotspots/queryables", 0),
        (AREAS, 4),
        (f"{ITEMS}?week=2010-W30&theme=burglary&kind=acute&bbox=5,50,6,51", 5),
    ],
)
def test_each_address__asks_the_store_so_often_at_the_most(
    client: TestClient, counted: Callable[[], AbstractContextManager[list[str]]], path: str, most: int
) -> None:
    with counted() as statements:
        client.get(path)
    assert len(statements) <= most, statements
