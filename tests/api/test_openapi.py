"""The description is valid, is committed, and says what the service does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

import api
from api.app import create_app
from api.settings import ApiSettings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

COMMITTED = Path(api.__file__).with_name("openapi.json")


def described() -> dict[str, Any]:  # Any: JSON.
    return create_app(ApiSettings()).openapi()


def address(path: str, item: dict[str, Any]) -> str:
    example = {"{featureId}": "d1", "{week}": "latest", "{hotspotId}": "d1"}
    for name, value in example.items():
        path = path.replace(name, value)
    return path if "servers" in item else "/v1" + path.rstrip("/")


def test_document__is_the_committed_one() -> None:
    text = json.dumps(described(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text("utf-8") == text, (
        "the interface changed: if that is meant, write api/openapi.json anew and say so in the changelog"
    )


def test_document__is_valid() -> None:
    validate(described())


def test_document__names_whom_to_ask_and_invents_nobody() -> None:
    assert described()["info"]["contact"] == {"name": "Hotspot"}
    told = create_app(ApiSettings(contact_url="https://example.org", contact_email="team@example.org"))
    assert told.openapi()["info"]["contact"] == {
        "name": "Hotspot",
        "url": "https://example.org",
        "email": "team@example.org",
    }


def test_document__describes_every_address(client: TestClient) -> None:
    for path, item in described()["paths"].items():
        operation = item["get"]
        assert operation["summary"]
        assert operation["description"]
        if "security" in operation:
            assert client.get(address(path, item)).status_code == 401
            continue
        answer = client.get(address(path, item))
        if "neighbourhoods/items/" in path or "districts/items/" in path:
            continue
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] in operation["responses"]["200"]["content"]


def test_document__names_exactly_the_parameters_that_are_taken(client: TestClient) -> None:
    for path, item in described()["paths"].items():
        named = {one["name"] for one in item["get"].get("parameters", ()) if one["in"] == "query"}
        if "security" in item["get"]:
            continue  # Who may not ask is not told what could be asked.
        answer = client.get(address(path, item), params=dict.fromkeys([*named, "unknown"], "\x00"))
        assert answer.status_code == 400
        assert {mistake["parameter"] for mistake in answer.json()["errors"]} == {*named, "unknown"}
        assert answer.json()["errors"][-1]["message"] or named


@pytest.mark.parametrize("path", ["/collections/hotspots/items", "/collections/districts/items"])
def test_document__has_the_forms_that_the_ogc_looks_for(path: str) -> None:
    parameters = {one["name"]: one for one in described()["paths"][path]["get"]["parameters"]}
    assert parameters["bbox"]["style"] == "form"
    assert parameters["bbox"]["explode"] is False
    schema = parameters["bbox"]["schema"]
    assert (schema["type"], schema["minItems"], schema["maxItems"]) == ("array", 4, 6)
    assert parameters["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "default": 100,
    }
    assert not any(one["required"] for one in parameters.values())
