"""The service is told what to do by its environment, with bounds."""

from __future__ import annotations

from datetime import timedelta

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
