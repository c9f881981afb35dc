"""Features come back exactly, page by page, and only those that were asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.answers import CRS84
from api.schemas.features import Collection, Collections, FeatureCollection, LinkedFeature

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from fastapi.testclient import TestClient

ITEMS = "/v1/collections/hotspots/items"


def page(client: TestClient, path: str, **query: object) -> dict[str, Any]:  # Any: JSON.
    answer = client.get(path, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    FeatureCollection.model_validate_json(answer.text)
    read: dict[str, Any] = answer.json()  # Any: JSON.
    return read


def ids(collection: dict[str, Any]) -> list[str]:
    """Name areas by their codes, hotspots by the ids that they keep."""
    told = [feature["properties"] for feature in collection["features"]]
    return [properties.get("id", properties.get("code")) for properties in told]


def test_collections__are_described_alike_alone_and_together(client: TestClient) -> None:
    together = Collections.model_validate_json(client.get("/v1/collections").text)
    assert [one.id for one in together.collections] == ["neighbourhoods", "districts", "hotspots"]
    for one in together.collections:
        alone = Collection.model_validate_json(client.get(f"/v1/collections/{one.id}").text)
        assert alone.model_copy(update={"links": alone.links[1:]}) == one
        items = client.get(one.links[0].href)
        assert items.headers["Content-Type"] == one.links[0].type == "application/geo+json"
        assert items.headers["Content-Crs"] == f"<{CRS84}>"


def test_items__of_hotspots_come_newest_week_first_then_by_theme_and_rank(client: TestClient) -> None:
    collection = page(client, ITEMS)
    assert ids(collection) == ["b1", "d1", "d2", "e1"]
    assert collection["numberMatched"] == collection["numberReturned"] == 4
    assert collection["timeStamp"] == "2010-08-03T06:00:00Z"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"week": "2010-W29"}, ["e1"]),
        ({"week": "2010W30"}, ["b1", "d1", "d2"]),
        ({"week": "2010-W30", "edition": 1}, ["b1", "d1", "d2"]),
        ({"week": "2010-W30", "edition": 9}, []),
        ({"week": "2011-W01"}, []),
        ({"theme": "burglary"}, ["b1"]),
        ({"theme": "nothing"}, []),
        ({"kind": "chronic"}, ["b1"]),
        ({"kind": "acute", "grade": "confirmed"}, ["d1", "e1"]),
        ({"grade": "likely"}, ["d2"]),
        ({"area": "BU01"}, ["d1", "d2", "e1"]),
        ({"area": "WK01", "week": "2010-W30", "theme": "drug_nuisance"}, ["d1", "d2"]),
        ({"area": "BU99"}, []),
    ],
)
def test_items__of_hotspots_are_those_asked_for(
    client: TestClient, query: dict[str, object], expected: list[str]
) -> None:
    assert ids(page(client, ITEMS, **query)) == expected


def test_items__of_areas_are_in_the_order_of_their_codes_and_bear_no_time(client: TestClient) -> None:
    collection = page(client, "/v1/collections/neighbourhoods/items")
    assert ids(collection) == ["BU01", "BU02"]
    assert "timeStamp" not in collection
    assert ids(page(client, "/v1/collections/districts/items")) == ["WK01"]


@pytest.mark.parametrize("path", ["neighbourhoods", "districts"])
@pytest.mark.parametrize("name", ["week", "theme", "kind", "grade", "area", "edition"])
def test_items__of_areas_cannot_be_asked_by_what_hotspots_have(
    client: TestClient, path: str, name: str
) -> None:
    answer = client.get(f"/v1/collections/{path}/items", params={name: "1"})
    assert answer.status_code == 400
    assert [mistake["parameter"] for mistake in answer.json()["errors"]] == [name]


def test_items__want_the_week_of_an_edition(client: TestClient) -> None:
    answer = client.get(ITEMS, params={"edition": 1})
    assert answer.status_code == 400
    assert answer.json()["detail"] == "edition must come with the week that it is of"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50, 10**9])
def test_items__are_all_reached_once_by_the_links(client: TestClient, limit: int) -> None:
    href: str | None = f"{ITEMS}?limit={limit}&theme=drug_nuisance&week=2010-W30"
    seen: list[str] = []
    back: list[str] = []
    while href is not None:
        answer = client.get(href)
        collection = answer.json()
        links = {link["rel"]: link["href"] for link in collection["links"]}
        assert client.get(links["self"]).content == answer.content
        assert len(collection["features"]) <= limit
        seen += ids(collection)
        if "prev" in links:
            back += ids(client.get(links["prev"]).json())
        href = links.get("next")
    assert seen == ["d1", "d2"]
    assert back == seen[: len(back)]
    assert ids(client.get(links["first"]).json()) == seen[:limit]


def test_items__past_the_end_lead_back(client: TestClient) -> None:
    collection = page(client, ITEMS, offset=10, limit=2)
    assert ids(collection) == []
    assert collection["numberMatched"] == 4
    assert {link["rel"] for link in collection["links"]} == {"self", "first", "prev"}


def test_items__name_their_pages_in_the_header_too(client: TestClient) -> None:
    answer = client.get(ITEMS, params={"limit": 1})
    assert set(answer.links) == {"self", "first", "next"}
    assert answer.links["next"]["url"].endswith("?limit=1&offset=1")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    for name in ("neighbourhoods", "hotspots"):
        path = f"/v1/collections/{name}/items"
        everything = page(client, path)["features"]
        touching = [
            feature
            for feature in everything
            if any(shapely.from_geojson(json.dumps(feature["geometry"])).intersects(boxes))
        ]
        expected = ids({"features": touching})
        assert ids(page(client, path, bbox=f"{west},{south},{east},{north}")) == expected


def test_item__is_the_feature_of_the_collection_with_its_links(client: TestClient) -> None:
    for name in ("neighbourhoods", "districts", "hotspots"):
        for feature in page(client, f"/v1/collections/{name}/items")["features"]:
            answer = client.get(f"/v1/collections/{name}/items/{feature['id']}")
            LinkedFeature.model_validate_json(answer.text)
            alone = answer.json()
            links = {link["rel"]: link["href"] for link in alone.pop("links")}
            assert alone == feature
            assert client.get(links["self"]).content == answer.content
            assert client.get(links["collection"]).status_code == 200


def test_item__of_a_hotspot_is_named_by_its_week_too_since_it_keeps_its_id(followed: TestClient) -> None:
    told = page(followed, ITEMS)["features"]
    assert [feature["id"] for feature in told] == [
        "hs-a-2010-W30",
        "hs-b-2010-W30",
        "hs-a-2010-W29",
        "e1-2010-W28",
    ]
    for feature in told:
        alone = followed.get(f"{ITEMS}/{feature['id']}").json()
        del alone["links"]
        assert alone == feature
    assert followed.get(f"{ITEMS}/hs-a").json()["id"] == "hs-a-2010-W30"
    assert followed.get(f"{ITEMS}/e1").json()["id"] == "e1-2010-W28"
    # The correction of the week left the first one out.
    for name in ("hs-c", "hs-c-2010-W30", "hs-b-2010-W29", "hs-a-2010-W54"):
        assert followed.get(f"{ITEMS}/{name}").status_code == 404


def test_items__say_nothing_that_is_not_documented_and_leave_unsaid_what_early_editions_do(
    followed: TestClient,
) -> None:
    # `page` holds each answer against the schema.
    *_, early = features = page(followed, ITEMS)["features"]
    assert all("why" in feature["properties"] for feature in features[:-1])
    assert "why" not in early["properties"]


@pytest.mark.parametrize(
    "feature_id", ["nothing", "%00", "a%0Ab", "x" * 300, "%F0%9F%98%80", "d1%27--", "%FF"]
)
@pytest.mark.parametrize("name", ["neighbourhoods", "hotspots"])
def test_item__that_does_not_exist_is_not_found(client: TestClient, name: str, feature_id: str) -> None:
    answer = client.get(f"/v1/collections/{name}/items/{feature_id}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_items__are_answered_304_to_who_holds_them(client: TestClient) -> None:
    first = client.get(ITEMS)
    again = client.get(ITEMS, headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(ITEMS, params={"limit": 1}).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "n_statements"),
    [
        ("/v1/collections", 0),
        ("/v1/collections/hotspots", 0),
        (ITEMS, 3),
        (f"{ITEMS}?week=2010-W30&theme=burglary&kind=acute&grade=likely&area=BU02&bbox=5,50,6,51", 3),
        (f"{ITEMS}?week=x", 0),
        ("/v1/collections/neighbourhoods/items?bbox=5,50,6,51", 3),
        ("/v1/collections/hotspots/items/d1", 1),
        ("/v1/collections/hotspots/items/d1-2010-W30", 1),
        ("/v1/collections/districts/items/WK01", 2),
    ],
)
def test_each_address__asks_the_store_so_often(
    client: TestClient,
    counted: Callable[[], AbstractContextManager[list[str]]],
    path: str,
    n_statements: int,
) -> None:
    with counted() as statements:
        client.get(path)
    assert len(statements) == n_statements, statements
