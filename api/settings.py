"""What may be set for the service, each with its unit, its bounds and what it is for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations when the module is loaded

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from hotspot.settings import StoreSettings

API_VERSION = "1.0.0"
"""Version of the interface, not of the program; its first number is the `/v1` of the addresses."""

PREFIX = "/v1"
"""Where the interface begins; the map page, its files and `/health` stand beside it."""


class ApiSettings(StoreSettings):
    """Sizes, lifetimes and names of the service; each may be set as `HOTSPOT_API_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="HOTSPOT_API_", frozen=True, populate_by_name=True)

    # The alias keeps the name that it has everywhere else; the prefix does not apply to it.
    store_url: str = Field(
        StoreSettings.model_fields["store_url"].default,
        validation_alias="HOTSPOT_STORE_URL",
        description="Where everything is kept; see `StoreSettings`.",
    )
    title: str = Field("Hotspot", min_length=1, description="Name of the service, as people read it.")
    contact_name: str = Field(
        "Hotspot", min_length=1, description="Whom to ask about the service: a team, not a person."
    )
    contact_url: str | None = Field(None, description="Page on which that team can be reached.")
    contact_email: str | None = Field(None, description="Address of that team.")
    writers: Path | None = Field(
        None,
        description="File of those who may read and write notes (`hotspot note token` makes its lines); "
        "without it nobody may.",
    )
    page_size: int = Field(100, ge=1, le=10_000, description="Features per page when `limit` is not given.")
    max_page_size: int = Field(1000, ge=1, le=10_000, description="Features per page at the most.")
    cache_lifetime: timedelta = Field(
        timedelta(minutes=1),
        ge=timedelta(0),
        le=timedelta(days=1),
        description="How long an answer may be shown before it is asked again whether it still holds.",
    )
    asset_lifetime: timedelta = Field(
        timedelta(days=1),
        ge=timedelta(0),
        le=timedelta(days=365),
        description="The same for the map library, which changes only when it is installed anew.",
    )
