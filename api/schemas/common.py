"""What all answers share, and those about the service itself."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Answer(BaseModel):
    """What all answers share: they are values, and say nothing that is not documented."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def encoded(self) -> bytes:
        """
        Write the answer as JSON.

        Returns
        -------
        bytes
            The same bytes for the same answer.
        """
        return self.model_dump_json(by_alias=True).encode()


class Levelled(Answer):
    """What is told in full at the internal level; below it, what may not be seen is left out."""

    always: ClassVar[frozenset[str]] = frozenset()
    """What every level is told; the rest need not be there."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Require of an answer what every level is told, and nothing more."""
        schema = handler(core_schema)
        own = handler.resolve_ref_schema(schema)
        required = [name for name in own.pop("required", ()) if name in cls.always]
        # OpenAPI 3.0 knows no empty list.
        if required:
            own["required"] = required
        return schema


class Link(Answer):
    """Where something related is found."""

    href: str = Field(description="Its address.")
    rel: str = Field(description="How it is related, a name registered with IANA or a URI.")
    type: str = Field(description="Its media type.")
    title: str = Field(description="What it is, for people.")


class Mistake(Answer):
    """One thing that is wrong with a request."""

    parameter: str = Field(description="Name of the parameter.")
    message: str = Field(description="What was required and what came.")


class Problem(Answer):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description="`about:blank`: the title says it all.")
    title: str = Field(description="Name of the status.")
    status: int = Field(description="The status, again.")
    detail: str = Field(description="What was required and what came.")
    errors: tuple[Mistake, ...] = Field(description="All that is wrong with the request, at once.")


class LabelPair(Answer):
    """How people read a name."""

    nl: str
    en: str


class Landing(Answer):
    """Where to begin."""

    title: str
    description: str
    links: tuple[Link, ...]


class Conformance(Answer):
    """Which requirements classes are kept in full."""

    links: tuple[Link, ...]
    conforms_to: tuple[str, ...] = Field(alias="conformsTo", description="URI of each class.")


class Alive(Answer):
    """That the service runs."""

    status: Literal["ok"]


class Ready(Answer):
    """That the service can answer, and from which data."""

    status: Literal["ok"]
    version: int = Field(description="Version of the data: it grows with each publication.")


class Health(Answer):
    """Whether the service can answer."""

    status: Literal["ok"]
    store: Literal["reachable"]
    latest_week: str | None = Field(description="Newest published week, if there is any.")
    edition: int | None
    published_at: dt.datetime | None
