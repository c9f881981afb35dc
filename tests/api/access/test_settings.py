"""Half a configuration of access is refused: it would look like a whole one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api.settings import ApiSettings
from hotspot.roles import Role

OIDC: dict[str, Any] = {
    "access": "controlled",
    "oidc_issuer": "https://login.example",
    "oidc_audience": "hotspot",
    "oidc_keys": "https://login.example/keys",
    "oidc_roles": {"a": "analyst"},
}


def test_settings__of_an_issuer_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_API_ACCESS", "controlled")
    monkeypatch.setenv("HOTSPOT_API_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("HOTSPOT_API_OIDC_AUDIENCE", "hotspot")
    monkeypatch.setenv("HOTSPOT_API_OIDC_KEYS", "keys.json")
    monkeypatch.setenv("HOTSPOT_API_OIDC_ROLES", '{"hs": "taskforce"}')
    monkeypatch.setenv("HOTSPOT_API_PURPOSES", '["one", "two"]')
    settings = ApiSettings()
    assert settings.oidc_roles == {"hs": Role.TASKFORCE}
    assert settings.purposes == ("one", "two")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oidc_issuer": None}, "must be set together"),
        ({"oidc_keys": None}, "must be set together"),
        ({"oidc_roles": {}}, "must be set together"),
        ({"access": "local"}, "access must be controlled"),
        ({"oidc_roles": {"a": "anonymous"}}, "oidc_roles must name roles among"),
        ({"oidc_roles": {"a": "king"}}, "oidc_roles"),
        ({"oidc_algorithms": ("RS256", "HS256")}, "got HS256"),
        ({"oidc_algorithms": ("none",)}, "got none"),
        ({"purposes": ()}, "at least 1"),
        ({"purposes": ("two words",)}, "a purpose must be letters"),
        ({"origins": ("*",)}, "an origin must be"),
        ({"origins": ("https://Map.example",)}, "small letters"),
        ({"origins": ("https://map.example/",)}, "an origin must be"),
    ],
)
def test_settings__refuse_half_a_configuration(changes: dict[str, Any], said: str) -> None:
    ApiSettings(**OIDC)
    with pytest.raises(ValidationError, match=said):
        ApiSettings(**OIDC | changes)
