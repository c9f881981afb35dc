"""The service is told what to do by its environment, with bounds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from api.app import from_environment
from api.settings import ApiSettings
from hotspot.settings import StoreSettings


def test_settings__share_the_store_with_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ApiSettings().store_url == StoreSettings().store_url
    monkeypatch.setenv("HOTSPOT_STORE_URL", "sqlite:///elsewhere.db")
    assert ApiSettings().store_url == StoreSettings().store_url == "sqlite:///elsewhere.db"
    assert ApiSettings(store_url="sqlite:///given.db").store_url == "sqlite:///given.db"


def test_settings__are_read_with_their_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_API_PAGE_SIZE", "7")
    monkeypatch.setenv("HOTSPOT_API_CACHE_LIFETIME", "PT5M")
    settings = ApiSettings()
    assert settings.page_size == 7
    assert settings.cache_lifetime == timedelta(minutes=5)


@pytest.mark.parametrize(("name", "value"), [("PAGE_SIZE", "0"), ("CACHE_LIFETIME", "-PT1S")])
def test_settings__refuse_what_is_out_of_bounds(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HOTSPOT_API_{name}", value)
    with pytest.raises(ValidationError):
        ApiSettings()


def test_service__can_be_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_API_TITLE", "Hotspots of a town")
    assert from_environment().title == "Hotspots of a town"


def test_settings__each_says_what_it_is_for() -> None:
    for name, field in ApiSettings.model_fields.items():
        assert field.description, name


MAP = "https://tiles.example.nl:8443/brt/EPSG:3857/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"basemap_url": MAP}, "must be set together"),
        ({"basemap_credit": "Example"}, "must be set together"),
        ({"basemap_url": MAP, "basemap_credit": "  "}, "whom the map is from"),
        *(
            ({"basemap_url": url, "basemap_credit": "Example"}, "must be https://HOST")
            for url in (
                "",
                "http://tiles.example.nl/{z}/{x}/{y}.png",
                "https://tiles.example.nl/{z}/{x}.png",
                "https://tiles.example.nl/{z}/{x}/{y}/{y}.png",
                "https://tiles.example.nl/{z}/{x}/{y}/{s}.png",
                "https://{z}.example.nl/{x}/{y}.png",
                "https://Tiles.example.nl/{z}/{x}/{y}.png",
                "https://a@tiles.example.nl/{z}/{x}/{y}.png",
                "https://tiles.example.nl/{z}/{x}/{y}.png; script-src *",
                "https://tiles.example.nl/{z}/{x}/{y}.png\n",
                "https://tiles.example.nl/{z}/{x}/{y}.png, https://b.example.nl",
            )
        ),
        ({"basemap_max_zoom": 25}, "less than or equal to 24"),
        ({"embedders": ["https://a.example.nl/page"]}, "an origin must be"),
        ({"embedders": ["*"]}, "an origin must be"),
        ({"embedders": ["https://a.example.nl 'self'"]}, "an origin must be"),
    ],
)
def test_settings__of_the_page_refuse_what_its_policy_must_not_hold(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        ApiSettings(**changes)


def test_settings__of_the_page_tell_where_its_map_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ApiSettings().basemap_origin is None
    monkeypatch.setenv("HOTSPOT_API_BASEMAP_URL", MAP)
    monkeypatch.setenv("HOTSPOT_API_BASEMAP_CREDIT", "Kaartgegevens © Kadaster")
    monkeypatch.setenv("HOTSPOT_API_EMBEDDERS", '["https://intranet.example.nl"]')
    settings = ApiSettings()
    assert settings.basemap_origin == "https://tiles.example.nl:8443"
    assert (settings.basemap_max_zoom, settings.embedders) == (19, ("https://intranet.example.nl",))
