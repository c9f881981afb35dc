"""The page's files are served, those and no others."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import problems
from api.routes import page
from api.settings import ApiSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "ranking").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name, text in {
        "index.html": "<!doctype html>",
        "main.js": "export {};",
        "ranking/ranking.css": "ol {}",
        "all.css": '@import "ranking/ranking.css";\n',
        "notes.md": "not served",
        ".hidden/main.js": "not served",
    }.items():
        (folder / name).write_text(text)
    (tmp_path / "secret.js").write_text("not served")
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    return folder


@pytest.fixture
def client(web: Path) -> TestClient:
    app = FastAPI()
    problems.install(app)
    app.include_router(page.router(ApiSettings(), folder=web))
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "media_type", "text"),
    [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/web/main.js", "text/javascript; charset=utf-8", "export {};"),
        ("/web/ranking/ranking.css", "text/css; charset=utf-8", "ol {}"),
    ],
)
def test_file__is_served_with_its_type_and_a_tag(
    client: TestClient, path: str, media_type: str, text: str
) -> None:
    answer = client.get(path)
    assert answer.text == text
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Cache-Control"] == "no-cache"
    held = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert held.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/web/linked/nothing.js",
        "/web/linked/ranking/ranking.css",
        "/web/linked/../../secret.js",
        "/web/linked/%2e%2e/%2e%2e/secret.js",
        "/web/linked/%00.js",
        "/web/nothing.js",
        "/web/ranking",
        "/web/ranking/",
        "/web/",
        "/web/notes.md",
        "/web/link.js",
        "/web/.hidden/main.js",
        "/web/../secret.js",
        "/web/%2e%2e/secret.js",
        "/web/..%2fsecret.js",
        "/web/%2Fetc/passwd",
        "/web/%00.js",
        "/web/" + "x" * 5000 + ".js",
        "/web/main.js/x.js",
    ],
)
def test_file__that_is_not_the_pages_is_not_found(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "served" not in answer.text


@pytest.mark.parametrize(
    ("path", "file", "text"),
    [
        ("main.js", "main.js", "export const changed = 1;\n"),
        ("all.css", "ranking/ranking.css", "ol { changed: 1 }\n"),
    ],
)
def test_linked__is_served_with_its_type_and_anew_when_a_file_of_it_changes(
    client: TestClient, web: Path, path: str, file: str, text: str
) -> None:
    (web / "main.js").write_text("export const one = 1;\n")
    before = client.get(f"/web/linked/{path}")
    assert before.headers["Content-Type"] == client.get(f"/web/{file}").headers["Content-Type"]
    assert before.headers["Cache-Control"] == "no-cache"
    assert (
        client.get(f"/web/linked/{path}", headers={"If-None-Match": before.headers["ETag"]}).status_code
        == 304
    )
    (web / file).write_text(text)
    after = client.get(f"/web/linked/{path}")
    assert "changed" not in before.text
    assert "changed" in after.text
    assert client.get(f"/web/linked/{path}?v=1").status_code == 400
    (web / file).unlink()
    assert client.get(f"/web/linked/{path}").status_code == 404


def test_file__that_changes_is_served_anew(client: TestClient, web: Path) -> None:
    before = client.get("/web/main.js").headers["ETag"]
    (web / "main.js").write_text("export const changed = true;")
    assert client.get("/web/main.js").headers["ETag"] != before
    shutil.rmtree(web)
    assert client.get("/").status_code == 404


def test_library__is_the_one_that_is_installed(client: TestClient) -> None:
    answer = client.get("/web/deck.js")
    assert answer.content == page.bundle().read_bytes()
    assert b"GeoJsonLayer" in answer.content
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_library__is_the_one_whose_hash_the_page_holds() -> None:
    found = "sha384-" + base64.b64encode(hashlib.sha384(page.bundle().read_bytes()).digest()).decode()
    change = (
        f"the installed pydeck has another map library. If it was updated on purpose: write '{found}' into "
        "api/web/integrity.js, and look at the map in a browser."
    )
    constants = re.findall(r"'(sha384-[^']*)'", (page.WEB / "integrity.js").read_text("utf-8"))
    assert constants == [found], change
    assert "script.integrity = MAP_LIBRARY" in (page.WEB / "map" / "library.js").read_text("utf-8")


def test_page__takes_embed_without_a_value_and_nothing_else(client: TestClient) -> None:
    plain = client.get("/")
    for query in ("?embed", "?embed="):
        assert client.get(f"/{query}").content == plain.content
    for query in ("?embed=1", "?embed&embed", "?embed&v=1", "?Embed"):
        assert client.get(f"/{query}").status_code == 400, query
    assert client.get("/web/main.js?embed").status_code == 400


@pytest.mark.parametrize("path", ["/", "/web/main.js", "/web/deck.js"])
def test_page__takes_no_parameters(client: TestClient, path: str) -> None:
    assert client.get(f"{path}?v=1").status_code == 400
