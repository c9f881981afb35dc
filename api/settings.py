"""What may be set for the service, each with its unit, its bounds and what it is for."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from hotspot.roles import GIVEN, Role
from hotspot.settings import Access, ServiceSettings, StoreSettings

API_VERSION = "1.0.0"
"""Version of the interface, not of the program; its first number is the `/v1` of the addresses."""

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that are checked with a public key."""

PREFIX = "/v1"
"""Where the interface begins; the map page, its files and `/health` stand beside it."""


_ORIGIN = re.compile(r"https?://[a-z0-9.\-]+(:\d{1,5})?")

_TEMPLATE = re.compile(r"https://[a-z0-9.\-]+(?::\d{1,5})?/[A-Za-z0-9._~:/?@!$&()*+=%{}\-]*")
"""Addresses of tiles: nothing in them can end a directive of the page's security policy."""

_GAPS = ("{z}", "{x}", "{y}")


def _require_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is no origin."""
    for origin in origins:
        if _ORIGIN.fullmatch(origin) is None:
            raise ValueError(f"an origin must be SCHEME://HOST[:PORT] in small letters, got {origin!r}")
    return origins


class PageSettings(ServiceSettings):
    """What a municipality sets for its map page; a part of `ApiSettings`."""

    basemap_url: str | None = Field(
        None,
        description="Address of the tiles of a background map, `https://` with `{z}`, `{x}` and `{y}` (web "
        "mercator); none by default: the page then asks no other host for anything.",
    )
    basemap_credit: str | None = Field(
        None, max_length=200, description="Whom that map is from, as its licence asks to be said on the map."
    )
    basemap_max_zoom: int = Field(
        19, ge=0, le=24, description="Deepest level of its tiles; beyond it they are enlarged."
    )
    streets_credit: str | None = Field(
        None,
        max_length=200,
        description="Whom the loaded streets are from, as their licence asks to be said on the map.",
    )
    embedders: tuple[str, ...] = Field(
        (),
        description="Origins whose pages may show the map in a frame (JSON list), at `/?embed`; none by "
        "default.",
    )

    @field_validator("basemap_url")
    @classmethod
    def _template(cls, url: str | None) -> str | None:
        """Refuse what is no template, or would take the page to more than one host."""
        if url is None:
            return None
        rest = url
        for gap in _GAPS:
            rest = rest.replace(gap, "", 1)
        if _TEMPLATE.fullmatch(url) is None or "{" in rest or "}" in rest or len(rest) != len(url) - 9:
            raise ValueError(
                "must be https://HOST[:PORT]/PATH, the host in small letters, {z}, {x} and {y} once each "
                f"in the path; got {url!r}"
            )
        return url

    @field_validator("embedders")
    @classmethod
    def _origins_of_frames(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no origin: anything else would widen the page's security policy."""
        return _require_origins(origins)

    @model_validator(mode="after")
    def _credited(self) -> Self:
        """Refuse a map of others that does not say whose it is, and a credit of no map."""
        if (self.basemap_url is None) != (self.basemap_credit is None):
            raise ValueError("basemap_url and basemap_credit must be set together")
        if self.basemap_credit is not None and not self.basemap_credit.strip():
            raise ValueError("basemap_credit must say whom the map is from, got a blank text")
        return self

    @property
    def basemap_origin(self) -> str | None:
        """Scheme and host of the background map."""
        return None if self.basemap_url is None else "/".join(self.basemap_url.split("/")[:3])


class AccessSettings(ServiceSettings):
    """Who may see what, and how often; a part of `ApiSettings`."""

    key_lifetime: timedelta = Field(
        timedelta(seconds=5),
        ge=timedelta(0),
        le=timedelta(minutes=5),
        description="How long the list of keys is kept in memory: a key that is taken back works so long.",
    )
    purposes: tuple[str, ...] = Field(
        ("area_work", "analysis", "coordination", "evaluation", "oversight"),
        min_length=1,
        description="Codes of what may be asked for above the open level (JSON list); one comes with each "
        "request, in the header `Purpose` or as a claim.",
    )
    local_purpose: bool = Field(
        False,
        description="Whether the local user, too, must name a purpose and is written into the audit.",
    )
    rate_per_minute: int = Field(
        1200, ge=0, le=1_000_000, description="Requests per minute of one key or token; 0 for any number."
    )
    anonymous_rate_per_minute: int = Field(
        600,
        ge=0,
        le=1_000_000,
        description="Requests per minute of one address without a key; 0 for any number.",
    )
    burst: int = Field(
        300, ge=1, le=100_000, description="Requests that may come at once, before the rate counts."
    )
    origins: tuple[str, ...] = Field(
        (),
        description="Origins whose pages may show what is above the open level (JSON list), such as "
        "`https://map.example.nl`; none by default. Open answers may be shown by any page.",
    )
    oidc_issuer: str | None = Field(
        None, description="Who makes the bearer tokens (OIDC), as their claim `iss` says; none by default."
    )
    oidc_audience: str | None = Field(
        None, min_length=1, description="Whom the tokens are made for, as their claim `aud` says."
    )
    oidc_keys: str | None = Field(
        None, description="The issuer's keys (JWKS): an address that begins with `https://`, or a file."
    )
    oidc_algorithms: tuple[str, ...] = Field(
        ("RS256", "PS256", "ES256", "EdDSA"),
        min_length=1,
        description="Signatures that are taken (JSON list); only ones with a public key can be named.",
    )
    oidc_leeway: timedelta = Field(
        timedelta(seconds=30),
        ge=timedelta(0),
        le=timedelta(minutes=5),
        description="How far the issuer's clock may differ from ours.",
    )
    oidc_keys_lifetime: timedelta = Field(
        timedelta(minutes=10),
        ge=timedelta(seconds=1),
        le=timedelta(days=1),
        description="How long the issuer's keys are kept before they are fetched again.",
    )
    oidc_role_claim: str = Field("roles", min_length=1, description="Claim that says what somebody may do.")
    oidc_roles: dict[str, Role] = Field(
        {},
        description="Our role for each value of that claim (JSON object); other values give none. Where "
        "several fit, the first that is listed here counts.",
    )
    oidc_areas_claim: str = Field("areas", min_length=1, description="Claim with codes of areas.")
    oidc_name_claim: str = Field("sub", min_length=1, description="Claim with the name for the audit.")
    oidc_purpose_claim: str = Field("purpose", min_length=1, description="Claim with the purpose.")

    @field_validator("purposes")
    @classmethod
    def _codes(cls, purposes: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse purposes that could not be sent in a header."""
        for code in purposes:
            if not code.isascii() or not code.replace("_", "").replace("-", "").isalnum():
                raise ValueError(f"a purpose must be letters, digits, - and _, got {code!r}")
        return purposes

    @field_validator("oidc_algorithms")
    @classmethod
    def _with_public_keys(cls, algorithms: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse `none` and shared secrets: with those anyone who can check a token can make one."""
        strange = [name for name in algorithms if name not in SIGNATURES]
        if strange:
            raise ValueError(f"must be among {', '.join(SIGNATURES)}; got {', '.join(strange)}")
        return algorithms

    @field_validator("origins")
    @classmethod
    def _plain_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what a browser would never send: it compares letter by letter."""
        return _require_origins(origins)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse half of a configuration: it would look as if access were controlled."""
        oidc = (self.oidc_issuer, self.oidc_audience, self.oidc_keys)
        if any(part is not None for part in oidc):
            if None in oidc or not self.oidc_roles:
                raise ValueError("oidc_issuer, oidc_audience, oidc_keys and oidc_roles must be set together")
            if self.access is not Access.CONTROLLED:
                raise ValueError("access must be controlled where there is an oidc_issuer, got local")
        for role in self.oidc_roles.values():
            if role not in GIVEN:
                raise ValueError(f"oidc_roles must name roles among {', '.join(GIVEN)}; got {role}")
        return self


class Metrics(StrEnum):
    """Who may read the figures at `/metrics`."""

    LOOPBACK = "loopback"
    EVERYONE = "everyone"
    OFF = "off"


class ApiSettings(StoreSettings, AccessSettings, PageSettings):
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
    kept_mib: int = Field(
        24,
        ge=0,
        le=4096,
        description="MiB of answers that each worker keeps ready; 0 keeps none.",
    )
    poll_interval: timedelta = Field(
        timedelta(seconds=1),
        ge=timedelta(milliseconds=20),
        le=timedelta(minutes=1),
        description="How often each worker looks whether something new was published.",
    )
    hosts_warmed: int = Field(
        4,
        ge=0,
        le=64,
        description="Names under which the service was asked lately, for which the hot answers are made anew "
        "after a publication; 0 makes none.",
    )
    requests_at_work: int = Field(
        8,
        ge=1,
        le=256,
        description="Requests of a worker that are at work at once; kept answers do not count.",
    )
    requests_waiting: int = Field(
        64,
        ge=0,
        le=10_000,
        description="Requests of a worker that wait at most; the next are answered with 503.",
    )
    streams: int = Field(4, ge=1, le=64, description="Whole collections that a worker sends at once.")
    time_to_answer: timedelta = Field(
        timedelta(seconds=10),
        ge=timedelta(milliseconds=10),
        le=timedelta(minutes=10),
        description="How long a request may wait for its turn, and a statement in the store may take.",
    )
    journal: bool = Field(
        False,
        description="Whether each request is noted on standard output as a line of JSON.",
    )
    metrics: Metrics = Field(
        Metrics.LOOPBACK,
        description="Who may read the figures at `/metrics`: `loopback`, `everyone` or `off`.",
    )
