"""What the map page has to know of its reader and of its place."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Literal

from pydantic import Field

from api.schemas.common import Answer, LabelPair


class OwnArea(Answer):
    """An area in which somebody works."""

    code: str
    name: str | None = Field(description="Its name; null if it is not among the areas in force.")


class Purpose(Answer):
    """Something that may be asked for above the open level."""

    code: str = Field(description="What goes into the header `Purpose`.")
    label: LabelPair


class Me(Answer):
    """Who asks, as the service sees it."""

    access: Literal["local", "controlled"] = Field(
        description="`local`: only this machine's user asks, and sees everything. `controlled`: who is known "
        "by a key or token sees more than everybody does."
    )
    name: str = Field(description="What the audit calls the caller.")
    role: str = Field(description="Whom the caller works for; `anonymous` without key or token.")
    level: Literal["open", "partner", "internal"] = Field(description="Level of disclosure of the answers.")
    areas: tuple[OwnArea, ...] | None = Field(description="Areas to which answers are cut; null for all.")
    scopes: tuple[str, ...] = Field(description="What the caller may do.")
    purpose: str | None = Field(
        description="Purpose that was sent with this request or stands in the token; null without, or if it "
        "is none of the codes."
    )
    expires_at: dt.datetime | None = Field(
        description="When the key or token ends; null where there is none."
    )
    purposes: tuple[Purpose, ...] = Field(description="What may be asked for.")


class Basemap(Answer):
    """A map of others to draw below."""

    url: str = Field(description="Address of a tile, with `{z}`, `{x}` and `{y}` to be filled in.")
    attribution: str = Field(description="Whom it is from, to be said on the map.")
    max_zoom: int = Field(description="Deepest level of its tiles.")


class Streets(Answer):
    """Streets that were loaded, to draw below."""

    items: str = Field(description="Address of their features, which takes `bbox`, `filter` and `limit`.")
    attribution: str | None = Field(description="Whom they are from, to be said on the map; null if unsaid.")


class MapSettings(Answer):
    """What the municipality has set for the map page."""

    title: str = Field(description="Name of the service.")
    basemap: Basemap | None = Field(description="Null where none is set: nothing is asked of other hosts.")
    streets: Streets | None = Field(description="Null where no streets were loaded.")
    embeddable: bool = Field(description="Whether any other origin may show the page in a frame.")
