"""Every error has a status, and tells the caller what to do and nobody what is inside."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from api.app import create_app
from api.problems import STATUS, response, status_of
from api.settings import ApiSettings
from hotspot.errors import HotspotError, InvalidFile, InvalidQuery, NotFound, StoreUnavailable


def all_errors(kind: type[HotspotError]) -> list[type[HotspotError]]:
    return [below for child in kind.__subclasses__() for below in [child, *all_errors(child)]]


@pytest.mark.parametrize("kind", all_errors(HotspotError), ids=lambda kind: kind.__name__)
def test_each_error__has_a_status(kind: type[HotspotError]) -> None:
    assert any(ancestor in STATUS for ancestor in kind.__mro__)


def test_status_of__is_that_of_the_nearest_ancestor() -> None:
    assert status_of(InvalidFile("x", file="y")) == HTTPStatus.BAD_REQUEST
    assert status_of(NotFound("x")) == HTTPStatus.NOT_FOUND
    assert status_of(HotspotError("x")) == HTTPStatus.INTERNAL_SERVER_ERROR


def test_response__names_each_mistake() -> None:
    answer = response(InvalidQuery({"limit": "limit must be 1", "x": "x is unknown"}))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(bytes(answer.body)) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "limit must be 1; x is unknown",
        "errors": [
            {"parameter": "limit", "message": "limit must be 1"},
            {"parameter": "x", "message": "x is unknown"},
        ],
    }


def test_response__does_not_tell_where_the_database_is() -> None:
    answer = response(StoreUnavailable("no route to secret-host"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert b"secret-host" not in bytes(answer.body)


def test_response__does_not_tell_of_our_own_mistakes() -> None:
    answer = response(ValueError("secret"))
    assert answer.status_code == 500
    assert b"secret" not in bytes(answer.body)


def test_response__says_which_methods_there_are() -> None:
    answer = response(HTTPException(405, headers={"Allow": "GET"}))
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_refusal__does_not_need_the_whole_description() -> None:
    app = create_app(ApiSettings(store_url="sqlite:///none.db"))
    client = TestClient(app)
    for path, status in (("/v1/nothing", 404), ("/v1/conformance?x=1", 400)):
        assert client.get(path).status_code == status
        assert vars(app)["interface"] is None
    refused = client.delete("/v1/conformance")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
