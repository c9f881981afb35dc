"""Who asks, and what is set for the page."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ApiSettings
from hotspot.settings import Access
from hotspot.store import engine as engines
from hotspot.store import tables
from tests.access import kept_key
from tests.api.published import write_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

CODES = ["area_work", "analysis", "coordination", "evaluation", "oversight"]


@pytest.fixture(scope="module")
def town(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Engine]]:
    """Ask a service that knows its callers."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('me') / 'town.db')}"
    write_town(url)
    engine = engines.create_engine(url)
    settings = ApiSettings(
        store_url=url,
        access=Access.CONTROLLED,
        hosts_warmed=0,
        key_lifetime=dt.timedelta(0),
        purposes=(*CODES, "eigen_werk"),
    )
    with TestClient(create_app(settings)) as asking:
        yield asking, engine
    engine.dispose()


def test_me__tells_an_area_team_its_areas_by_name(town: tuple[TestClient, Engine]) -> None:
    client, engine = town
    key = kept_key(engine, "area_team", areas=frozenset({"BU01", "BU99"}))
    answer = client.get("/v1/me", headers={"X-API-Key": key})
    told = answer.json()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    assert (told["access"], told["role"], told["level"]) == ("controlled", "area_team", "internal")
    assert told["areas"] == [{"code": "BU01", "name": "Wyck"}, {"code": "BU99", "name": None}]
    assert told["scopes"] == ["notes", "read:internal"]
    assert told["expires_at"].endswith("Z")
    assert told["purpose"] is None
    sent = client.get("/v1/me", headers={"X-API-Key": key, "Purpose": "analysis"})
    assert sent.json()["purpose"] == "analysis"
    assert client.get("/v1/me", headers={"X-API-Key": key, "Purpose": "none"}).json()["purpose"] is None


def test_me__tells_nobody_that_nobody_asks(town: tuple[TestClient, Engine]) -> None:
    answer = town[0].get("/v1/me")
    told = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (told["name"], told["role"], told["level"], told["areas"]) == (
        "anonymous",
        "anonymous",
        "open",
        None,
    )
    assert (told["scopes"], told["expires_at"]) == ([], None)
    assert [one["code"] for one in told["purposes"]] == [*CODES, "eigen_werk"]
    assert told["purposes"][1]["label"] == {"nl": "Analyse", "en": "Analysis"}
    assert told["purposes"][-1]["label"] == {"nl": "eigen werk", "en": "eigen werk"}


def test_me__refuses_a_key_that_does_not_hold(town: tuple[TestClient, Engine]) -> None:
    answer = town[0].get("/v1/me", headers={"X-API-Key": "hs_nothing_nothing"})
    assert answer.status_code == 401
    assert town[0].get("/v1/me?name=1").status_code == 400


def test_me__needs_no_purpose_and_is_not_written_down(town: tuple[TestClient, Engine]) -> None:
    client, engine = town
    key = {"X-API-Key": kept_key(engine, "analyst")}
    with engine.connect() as connection:
        before = len(connection.execute(tables.audit_entries.select()).all())
        assert client.get("/v1/me", headers=key).status_code == 200
        assert client.get("/v1/rankings/latest/overview", headers=key).status_code == 400
        assert len(connection.execute(tables.audit_entries.select()).all()) == before


def test_me__of_the_local_user_needs_no_store(storeless: TestClient) -> None:
    told = storeless.get("/v1/me").json()
    assert (told["access"], told["role"], told["level"], told["areas"]) == (
        "local",
        "local",
        "internal",
        None,
    )


def test_map__tells_what_is_set(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/nothing.db"
    mapped: dict[str, Any] = {
        "basemap_url": "https://tiles.example.nl/{z}/{x}/{y}.png",
        "basemap_credit": "Tiles by Example",
        "basemap_max_zoom": 17,
        "embedders": ("https://intranet.example.nl",),
        "title": "Hotspot Maastricht",
    }
    with TestClient(create_app(ApiSettings(store_url=store))) as plain:
        assert plain.get("/v1/map").json() == {
            "title": "Hotspot",
            "basemap": None,
            "streets": None,
            "embeddable": False,
        }
        assert plain.get("/v1/map?x").status_code == 400
    with TestClient(create_app(ApiSettings(store_url=store, **mapped))) as client:
        answer = client.get("/v1/map")
        assert answer.json() == {
            "title": "Hotspot Maastricht",
            "basemap": {
                "url": "https://tiles.example.nl/{z}/{x}/{y}.png",
                "attribution": "Tiles by Example",
                "max_zoom": 17,
            },
            "streets": None,
            "embeddable": True,
        }
        assert client.get("/v1/map", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        # Whom it may be embedded by is nobody's business but the browser's.
        assert "intranet" not in answer.text
