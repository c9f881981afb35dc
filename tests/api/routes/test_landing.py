"""From the landing page everything can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from api.schemas.common import Conformance, Landing

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_landing__leads_to_answers_of_the_types_it_names(client: TestClient) -> None:
    landing = Landing.model_validate_json(client.get("/v1").text)
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= {
        link.rel for link in landing.links
    }
    for link in landing.links:
        answer = client.get(link.href)
        assert answer.status_code == 200, link
        assert answer.headers["Content-Type"].removesuffix("; charset=utf-8") == link.type


def test_landing__names_the_host_that_was_asked(client: TestClient) -> None:
    links = client.get("/v1", headers={"Host": "hotspots.example:8080"}).json()["links"]
    assert links[0]["href"] == "http://hotspots.example:8080/v1"
    for host in ("[::1", '"><script>', "a b", "", "x:y"):
        assert client.get("/v1", headers={"Host": host}).status_code in {200, 400}


def test_conformance__claims_classes_of_ogc_once(client: TestClient) -> None:
    claimed = Conformance.model_validate_json(client.get("/v1/conformance").text).conforms_to
    assert all(uri.startswith("http://www.opengis.net/spec/") and "/conf/" in uri for uri in claimed)
    assert len(set(claimed)) == len(claimed)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in claimed


def test_landing__speaks_both_languages(client: TestClient) -> None:
    told = {lang: client.get("/v1", params={"lang": lang}).json()["description"] for lang in ("nl", "en")}
    assert told["nl"].startswith("Wekelijkse")
    assert told["en"].startswith("Weekly")


def test_docs__are_a_page_that_loads_nothing(client: TestClient) -> None:
    text = client.get("/v1/docs").text
    for word in ("<script", "<style", "<link", "<img", "style=", "src=", 'href="http'):
        assert word not in text
    assert "GET /v1/rankings/{week}" in text
    assert "GET /health" in text
    # Every element that is opened is closed.
    closed = text.replace("<!doctype html>", "").replace('charset="utf-8">', 'charset="utf-8"/>')
    ET.fromstring(closed.replace('width=device-width">', 'width=device-width"/>'))  # noqa: S314 - our own text


def test_landing__is_found_with_a_slash_behind_it_too(client: TestClient) -> None:
    assert client.get("/v1/").json()["title"] == client.get("/v1").json()["title"]
