"""The description is valid, is committed, keeps the Dutch rules, and says what the service does."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

import api
from api import openapi
from api.app import create_app
from api.columns import sortables
from api.settings import ApiSettings
from hotspot.catalogue import COLLECTIONS, Disclosure
from tests.api import adr_lint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

COMMITTED = Path(api.__file__).parent
CONTACT = {"contact_url": "https://example.org", "contact_email": "team@example.org"}


@cache
def described(**settings: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON, and settings of any kind
    return create_app(ApiSettings(**settings)).openapi()


def addresses(client: TestClient) -> Iterator[tuple[str, dict[str, Any]]]:  # Any: JSON.
    """Every address that anybody may read with GET, with examples in the place of its variables."""
    for path, item in described()["paths"].items():
        operation = item.get("get")
        if operation is None or {} not in operation["security"]:
            continue
        values = {
            one["name"]: one.get("example") for one in operation.get("parameters", ()) if one["in"] == "path"
        }
        collection = path.split("/")[2] if path.startswith("/collections/") else ""
        if "featureId" in values:
            found = client.get(f"/v1/collections/{collection}/items?limit=1").json()["features"]
            if not found:
                continue
            values["featureId"] = found[0]["id"]
        if "hotspotId" in values:
            values["hotspotId"] = "d1"
        if path.startswith(("/neighbourhoods/", "/districts/")):
            values["code"] = "BU01" if path.startswith("/n") else "WK01"
        filled = path
        for name, value in values.items():
            filled = filled.replace(f"{{{name}}}", str(value))
        yield filled if "servers" in item else "/v1" + filled.rstrip("/"), operation


@pytest.mark.parametrize(
    ("name", "document"), [("openapi.json", described()), ("openapi-3.1.json", openapi.newer(described()))]
)
def test_document__is_the_committed_one(name: str, document: dict[str, Any]) -> None:  # Any: JSON.
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    assert (COMMITTED / name).read_text("utf-8") == text, (
        "the interface changed: if that is meant, run `make openapi` and say so in the changelog"
    )


def test_document__is_valid_in_both_versions() -> None:
    older = described()
    newer = openapi.newer(older)
    assert (older["openapi"], newer["openapi"]) == ("3.0.3", "3.1.0")
    validate(older)
    validate(newer)


def test_document__says_in_3_0_nothing_that_only_3_1_knows() -> None:
    for where, node in adr_lint.nodes(described()):
        if "/example" in where or "/properties" in where.rsplit("/", 1)[0][-11:]:
            continue
        assert not isinstance(node.get("type"), list), where
        assert node.get("type") != "null", where
        assert not {"const", "prefixItems", "$defs"} & node.keys(), where


def test_newer_document__has_schemas_that_json_schema_takes() -> None:
    for name, schema in openapi.newer(described())["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert "nullable" not in json.dumps(schema), name


def test_document__breaks_only_the_dutch_rules_that_the_ogc_forces_it_to_break() -> None:
    # Decision 9 lists them; what is more or less than these fails.
    queryables = {
        one.name for collection in COLLECTIONS for one in sortables(collection, Disclosure.INTERNAL)
    }
    assert adr_lint.lint(described(**CONTACT)) == adr_lint.forced_by_the_ogc(queryables)


def test_lint__finds_what_is_wrong() -> None:
    wrong = copy.deepcopy(described())
    wrong["servers"] = [{"url": "http://example.org/api"}]
    wrong["info"]["version"] = "1"
    wrong["paths"]["/noKebab/"] = {"get": {"responses": {"200": {"description": ""}}, "parameters": [
        {"name": "no_camel", "in": "query", "schema": {}},
    ]}}  # fmt: skip
    found = {rule for rule, _ in adr_lint.lint(wrong)}
    expected = {
        "nlgov:include-major-version-in-uri",
        "nlgov:info-contact-fields-exist",
        "nlgov:missing-version-header",
        "nlgov:paths-kebab-case",
        "nlgov:paths-no-trailing-slash",
        "nlgov:problem-invalid-input",
        "nlgov:query-keys-camel-case",
        "nlgov:semver",
        "nlgov:servers-use-https",
        "operation-operationId-unique",
    }
    assert found == expected


def test_document__names_whom_to_ask_and_invents_nobody() -> None:
    assert described()["info"]["contact"] == {"name": "Hotspot"}
    assert described(**CONTACT)["info"]["contact"] == {
        "name": "Hotspot",
        "url": "https://example.org",
        "email": "team@example.org",
    }


def test_document__describes_every_address(client: TestClient) -> None:
    for address, operation in addresses(client):
        answer = client.get(address)
        assert operation["summary"]
        assert operation["description"]
        # A tile of the example may be empty where there is little to draw.
        assert str(answer.status_code) in {"200", "204"} & operation["responses"].keys(), address
        if answer.status_code == 204:
            continue
        types = {one.partition(";")[0] for one in operation["responses"]["200"]["content"]}
        assert answer.headers["Content-Type"].partition(";")[0] in types, address


def test_document__names_exactly_the_parameters_that_are_taken(client: TestClient) -> None:
    for address, operation in addresses(client):
        named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        answer = client.get(address, params=dict.fromkeys([*sorted(named)[:15], "unknown"], "\x00"))
        assert answer.status_code == 400, address
        mistakes = {one["parameter"]: one["message"] for one in answer.json()["errors"]}
        assert "unknown" in mistakes, address
        assert not any("is no parameter" in mistakes.get(name, "") for name in named), address


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.id)
def test_document__has_the_forms_that_the_ogc_looks_for(collection: Any) -> None:  # noqa: ANN401 - a catalogue's
    items = described()["paths"][f"/collections/{collection.id}/items"]["get"]
    parameters = {one["name"]: one for one in items["parameters"]}
    assert parameters["bbox"]["style"] == "form"
    assert parameters["bbox"]["explode"] is False
    schema = parameters["bbox"]["schema"]
    assert (schema["type"], schema["minItems"], schema["maxItems"]) == ("array", 4, 6)
    assert schema["items"]["type"] == "number"
    assert parameters["datetime"]["schema"]["type"] == "string"
    limit = parameters["limit"]["schema"]
    assert (limit["type"], limit["minimum"], limit["maximum"], limit["default"]) == ("integer", 1, 1000, 100)
    assert not any(one["required"] for one in parameters.values())
    told = {one.name for one in collection.properties if one.type != "texts"}
    assert told <= parameters.keys()
