"""Every address has a page for people, in two languages, that names all that programs are told."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
VOID = {"meta", "link", "br", "img", "input"}

PATHS = [
    "/v1",
    "/v1/conformance",
    "/v1/collections",
    "/v1/collections/hotspots",
    "/v1/collections/hotspots/items",
    "/v1/collections/hotspots/items?limit=1&sortby=-rank",
    "/v1/collections/hotspots/items?theme=nothing",
    "/v1/collections/neighbourhoods/items/BU01",
    "/v1/collections/hotspots/queryables",
    "/v1/collections/hotspots/schema",
    "/v1/collections/hotspots/sortables",
    "/v1/weeks",
    "/v1/rankings/latest",
    "/v1/backing",
]


class Page(HTMLParser):
    """Reads a page; fails where an element is not closed, and notes what it loads and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: set[str] = set()
        self.loaded: list[str] = []
        self.language = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert not any(name.startswith("on") or name == "style" for name in given), given
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.addresses.add(given["href"])
        if tag == "script":
            assert given["src"]
            self.loaded.append(given["src"])
        if tag == "html":
            self.language = given["lang"]
        assert tag != "style"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(client: TestClient, path: str, **headers: str) -> Page:
    answer = client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    page = Page(answer.text)
    assert page.open == []
    assert answer.headers["Content-Language"] == page.language
    return page


def without_language(href: str) -> str:
    return href.replace("?lang=en&", "?").replace("?lang=en", "").replace("&lang=en", "")


@pytest.mark.parametrize("path", PATHS)
def test_page__leads_wherever_its_address_does(client: TestClient, path: str) -> None:
    page = read(client, path)
    told = client.get(path).json()["links"] if "schema" not in path and "ables" not in path else []
    addresses = {without_language(href) for href in page.addresses}
    assert {link["href"] for link in told} <= addresses


@pytest.mark.parametrize("path", PATHS)
def test_page__speaks_the_language_of_its_reader(client: TestClient, path: str) -> None:
    dutch = read(client, path, **{"Accept-Language": "nl-NL, en;q=0.5"})
    assert (dutch.language, read(client, path).language) == ("nl", "en")
    (other,) = [href for href in dutch.addresses if href.endswith("lang=en")][:1]
    assert read(client, other, **{"Accept-Language": "nl"}).language == "en"


def test_page__is_had_by_its_format_too(client: TestClient) -> None:
    for path in ("/v1/weeks?f=html", "/v1/collections/hotspots/items?limit=1&f=html"):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Accept-Language" in answer.headers["Vary"]
        held = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert held.status_code == 304
    assert client.get("/v1/collections?f=json", headers=BROWSER).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "path", ["/v1/weeks?f=html&x=1", "/v1/collections?lang=fr", "/v1/weeks?lang=fr", "/v1/nothing"]
)
def test_page__that_there_is_not_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code in {400, 404}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_page__shows_text_as_text(client: TestClient) -> None:
    answer = client.get("/v1/collections/hotspots/items", params={"theme": "<b>&'\"", "f": "html"})
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_page__of_features_loads_a_map_from_here(client: TestClient) -> None:
    page = read(client, "/v1/collections/neighbourhoods/items")
    assert page.loaded == ["http://testserver/web/browse/browse.js"]
    for href in (*page.loaded, "/web/browse/browse.css", "/web/deck.js"):
        assert client.get(href).status_code == 200


def test_programs__get_json_without_asking_for_it(client: TestClient) -> None:
    for accept in ("*/*", "application/json, text/html;q=0.5"):
        assert client.get("/v1", headers={"Accept": accept}).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/v1/rankings/latest", "/v1/rankings/2010-W29", "/v1/hotspots/d1"])
def test_page__shows_what_lists_hold_where_a_part_is_unknown(followed: TestClient, path: str) -> None:
    answer = followed.get(path.replace("d1", _listed(followed)), headers=BROWSER)
    assert answer.status_code == 200, answer.text
    Page(answer.text)


def _listed(client: TestClient) -> str:
    return str(client.get("/v1/rankings/latest").json()["items"][0]["id"])
