"""Claims about settings."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hotspot.model import Parameters
from hotspot.settings import DetectionSettings, StoreSettings, export_store_url


def test_detection_settings__default_to_what_the_pipeline_defaults_to() -> None:
    assert DetectionSettings().parameters() == Parameters()


def test_detection_settings__are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_DETECTION_RADIUS_M", "150")
    assert DetectionSettings().parameters().radius_m == 150.0


def test_detection_settings__refuse_what_is_out_of_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_DETECTION_RADIUS_M", "5000")
    with pytest.raises(ValidationError, match="radius_m"):
        DetectionSettings()


@pytest.mark.parametrize("settings", [StoreSettings, DetectionSettings])
def test_settings__each_says_what_it_is_for(settings: type[StoreSettings | DetectionSettings]) -> None:
    for name, field in settings.model_fields.items():
        assert field.description, name


def test_export_store_url__is_what_the_next_reader_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_STORE_URL", "sqlite:///before.db")
    export_store_url("sqlite:///after.db")
    assert StoreSettings().store_url == "sqlite:///after.db"
