"""Health is whether the store answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from api.app import create_app
from api.schemas.common import Health
from api.settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


def test_health__names_the_newest_list(
    client: TestClient, counted: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with counted() as statements:
        answer = client.get("/health")
    health = Health.model_validate_json(answer.text)
    assert (health.status, health.latest_week, health.edition) == ("ok", "2010-W30", 2)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(statements) == 1


def test_health__is_503_without_a_store(storeless: TestClient) -> None:
    for path in ("/health", "/v1/weeks", "/v1/collections/hotspots/items", "/v1/rankings/latest"):
        answer = storeless.get(path)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "nothing.db" not in answer.text


def test_health__is_503_where_the_database_does_not_answer() -> None:
    nowhere = ApiSettings(store_url="postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=1")
    with TestClient(create_app(nowhere)) as client:
        assert client.get("/health").status_code == 503


def test_mistakes__are_told_even_without_a_store(storeless: TestClient) -> None:
    assert storeless.get("/v1/weeks?x=1").status_code == 400
    assert storeless.get("/v1/conformance").status_code == 200
