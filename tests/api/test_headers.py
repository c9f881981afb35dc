"""Every answer comes in the same envelope, whatever happened inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.headers import SECURITY
from api.settings import ApiSettings
from hotspot.settings import Access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import Message

ANSWERS = ["/", "/v1", "/health", "/v1/nothing", "/v1?x=1", "/web/deck.js", "/v1/weeks"]


@pytest.fixture
def everybodys(tmp_path: Path) -> Iterator[TestClient]:
    """Ask a service that everybody may ask; its store is not there."""
    settings = ApiSettings(store_url=f"sqlite:///{tmp_path}/nothing.db", access=Access.CONTROLLED)
    with TestClient(create_app(settings)) as asking:
        yield asking


@pytest.mark.parametrize("path", ANSWERS)
def test_each_answer__is_secured(storeless: TestClient, path: str) -> None:
    headers = storeless.get(path).headers
    for name, value in SECURITY.items():
        assert headers[name] == value
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/v1", "/v1/nothing", "/v1?x=1", "/health", "/v1/weeks"])
def test_the_interface__may_be_read_from_any_page_and_tells_its_version(
    everybodys: TestClient, path: str
) -> None:
    headers = everybodys.get(path).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "API-Version", "Content-Crs"} <= set(
        headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert headers["API-Version"] == "1.0.0"


def test_the_page__is_not_for_other_pages(everybodys: TestClient) -> None:
    assert "Access-Control-Allow-Origin" not in everybodys.get("/web/deck.js").headers
    assert "Access-Control-Allow-Origin" not in everybodys.get("/v1x").headers


def test_what_the_local_user_sees__is_not_for_other_pages(storeless: TestClient) -> None:
    for path in ANSWERS:
        assert "Access-Control-Allow-Origin" not in storeless.get(path).headers


def test_transport__is_kept_safe_whoever_speaks_tls(storeless: TestClient) -> None:
    # Behind a proxy that speaks TLS the service sees plain http; browsers heed this over TLS only.
    for address in ("http://testserver/v1", "https://testserver/v1"):
        assert "max-age" in storeless.get(address).headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ANSWERS)
def test_head__says_what_get_says_without_a_body(storeless: TestClient, path: str) -> None:
    got, head = storeless.get(path), storeless.head(path)
    assert head.status_code == got.status_code
    # Each request has an id of its own.
    own = {"x-request-id": ""}
    assert dict(head.headers) | own == dict(got.headers) | own
    assert head.content == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods__are_refused_with_what_is_allowed(storeless: TestClient, method: str) -> None:
    answer = storeless.request(method, "/v1/collections", json={"a": 1})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_options__lets_other_pages_ask(everybodys: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    answer = everybodys.options("/v1/weeks", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def broken(tmp_path: Path) -> TestClient:
    app = create_app(ApiSettings(store_url=f"sqlite:///{tmp_path}/nothing.db"))

    @app.get("/v1/broken")
    def break_down() -> None:
        raise RuntimeError("secret")

    return TestClient(app)


def test_our_own_mistake__is_told_as_a_problem_and_noted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with broken(tmp_path) as client:
        answer = client.get("/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "secret" not in answer.text
    assert "no answer to /v1/broken" in caplog.text


def test_our_own_mistake__halfway_through_an_answer_ends_it(tmp_path: Path) -> None:
    app = create_app(ApiSettings(store_url=f"sqlite:///{tmp_path}/nothing.db"))

    async def half(scope: object, receive: object, send: object) -> None:
        start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)  # type: ignore[operator]  # It is ASGI's.
        raise RuntimeError("halfway")

    app.mount("/v1/half", half)
    with TestClient(app) as client, pytest.raises(RuntimeError, match="halfway"):
        client.get("/v1/half/way")


BASEMAP: dict[str, Any] = {
    "basemap_url": "https://tiles.example.nl/{z}/{x}/{y}.png",
    "basemap_credit": "Tiles by Example",
}
NO_MAP: dict[str, Any] = {}


def policy_of(answer: Any) -> dict[str, str]:  # noqa: ANN401 - the client's.
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def test_basemap__is_the_only_other_host_and_may_only_be_drawn(tmp_path: Path) -> None:
    plain, mapped = (
        create_app(ApiSettings(store_url=f"sqlite:///{tmp_path}/nothing.db", **more))
        for more in (NO_MAP, BASEMAP)
    )
    with TestClient(plain) as without, TestClient(mapped) as with_map:
        before, after = policy_of(without.get("/")), policy_of(with_map.get("/"))
    assert after.pop("connect-src") == "'self' https://tiles.example.nl"
    assert after.pop("img-src") == "'self' blob: data: https://tiles.example.nl"
    assert "https:" not in " ".join(after.values())
    assert before.pop("img-src") == "'self' blob: data:"
    assert before == after


def test_frames__are_for_the_embedders_and_the_embedded_page_alone(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/nothing.db"
    nobody = create_app(ApiSettings(store_url=store))
    some = create_app(ApiSettings(store_url=store, embedders=("https://a.example.nl", "http://b:8080")))
    with TestClient(nobody) as closed, TestClient(some) as opened:
        for path in ("/?embed", "/?embed="):
            answer = opened.get(path)
            assert policy_of(answer)["frame-ancestors"] == "https://a.example.nl http://b:8080"
            assert "X-Frame-Options" not in answer.headers
            assert policy_of(closed.get(path))["frame-ancestors"] == "'none'"
            assert closed.get(path).headers["X-Frame-Options"] == "DENY"
        for path in ("/", "/?embed=1", "/?embed&x", "/v1?embed", "/web/main.js", "/web/main.js?embed"):
            answer = opened.get(path)
            assert policy_of(answer)["frame-ancestors"] == "'none'", path
            assert answer.headers["X-Frame-Options"] == "DENY", path
