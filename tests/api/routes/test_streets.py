"""Claims about streets: nobody sees any until some are loaded, then everybody sees the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings
from hotspot.crs import Plane
from hotspot.store import engine as engines
from hotspot.store import serving
from tests.api.published import TOWN, write_town
from tests.hotspot.store.test_serving_streets import street

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS = "/v1/collections/streets/items"
BOX = "5.6,50.8,5.8,50.9"


@pytest.fixture
def service(store_url: str) -> Iterator[TestClient]:
    write_town(store_url)
    with TestClient(create_app(ApiSettings(store_url=store_url))) as client:
        yield client


def _load(store_url: str, *names: str) -> None:
    store = engines.create_engine(store_url)
    with engines.begin(store) as connection:
        rows = [street(name, 100.0 * place) for place, name in enumerate(names)]
        serving.serve_streets(connection, rows, Plane(TOWN.srid), made_at=None)
    store.dispose()


def test_streets__are_an_empty_collection_until_they_are_loaded(service: TestClient, store_url: str) -> None:
    assert service.get(ITEMS).json()["features"] == []
    assert service.get("/v1/map").json()["streets"] is None
    tag = service.get("/v1/map").headers["ETag"]
    _load(store_url, "st-a", "st-b")
    # A service that runs looks for news now and then; one that begins knows them.
    settings = ApiSettings(store_url=store_url, streets_credit="Streets by Example")
    with TestClient(create_app(settings)) as client:
        told = client.get("/v1/map", headers={"If-None-Match": tag})
    assert told.json()["streets"] == {
        "items": f"http://testserver{ITEMS}",
        "attribution": "Streets by Example",
    }


def test_streets__are_had_by_box_importance_and_tile(service: TestClient, store_url: str) -> None:
    _load(store_url, "st-a", "st-b")
    asked = {
        "bbox": BOX,
        "filter": "importance<=2",
        "sortby": "importance",
        "properties": "geometry,importance",
    }
    page = service.get(ITEMS, params=asked).json()
    assert page["numberMatched"] == 2
    feature = page["features"][0]
    assert feature["geometry"]["type"] == "MultiLineString"
    assert feature["properties"] == {"importance": 2}
    assert service.get(ITEMS, params=asked | {"bbox": "4,51,4.1,51.1"}).json()["numberMatched"] == 0
    assert service.get(ITEMS, params={"name": "st-b"}).json()["numberMatched"] == 1
    tile = service.get("/v1/collections/streets/tiles/WebMercatorQuad/12/1374/2112")
    assert tile.status_code in {200, 204}
    for form in ("csv", "gpkg", "fgb", "html"):
        assert service.get(ITEMS, params={"f": form}).status_code == 200, form
    found = service.get("/v1/collections/streets").json()
    assert found["extent"]["spatial"]["bbox"]
