"""Notes of professionals."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import Literal

from pydantic import Field

from api.schemas.common import Answer, Link


class ActionLine(Answer):
    """What is done about a hotspot."""

    what: str = Field(description="What is done.")
    who: str = Field(description="The team or function that does it.")
    due: dt.date | None = Field(default=None, description="Day by which.")
    status: Literal["signalled", "interpreted", "agreed", "under_way", "evaluated", "closed"] = Field(
        description="How far it is; it goes forward only, or from closed to signalled."
    )


class NewNote(Answer):
    """A note that is added: a verdict, an action, or both."""

    verdict: Literal["confirmed", "rejected", "remark"] | None = Field(
        default=None, description="What the author makes of the hotspot."
    )
    text: str = Field(default="", description="The author's words; required where there is no action.")
    action: ActionLine | None = Field(default=None, description="What is done, as it stands from now on.")


class NoteLine(Answer):
    """A note that was added."""

    author: str = Field(description="Who wrote it: the name that belongs to the token.")
    written_at: dt.datetime = Field(description="When.")
    verdict: Literal["confirmed", "rejected", "remark"] | None
    text: str
    action: ActionLine | None


class HotspotNotes(Answer):
    """All that was written about a hotspot, and how it stands."""

    hotspot_id: str = Field(description="Id of the hotspot.")
    verdict: Literal["confirmed", "rejected", "remark"] | None = Field(
        description="The latest verdict that is more than a remark."
    )
    action: ActionLine | None = Field(description="The action as it stands.")
    notes: tuple[NoteLine, ...] = Field(description="The notes, the oldest first.")
    links: tuple[Link, ...]
