"""What the neighbourhoods had of a theme in a week, in columns."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotations when the module is loaded
from typing import ClassVar, Literal

from pydantic import Field

from api.schemas.common import Answer, Levelled, Link


class Earlier(Answer):
    """The weeks with which the week is compared."""

    week_1: str | None = Field(description="The week before; null where it was not published with figures.")
    week_4: str | None = Field(description="The week four weeks before; null likewise.")


class AreaColumns(Levelled):
    """
    The neighbourhoods by code, a column for each thing that is told of them.

    Figures are told at the internal level; whoever is bound to some areas is told those of these, and null of
    the others. Below it, sums by neighbourhood would give away what squares and lists hide: only alarms and
    the list itself are told.
    """

    always: ClassVar[frozenset[str]] = frozenset({"code", "name", "alarm", "hotspots"})

    code: list[str]
    name: list[str]
    alarm: list[bool] = Field(
        description="Whether the level is told of an alarm there: a rise beyond season and past weeks."
    )
    hotspots: list[int] = Field(description="Hotspots of the theme on the list that touch it.")
    observed: list[int | None] = Field(description="Events of the week; null where nothing was tested.")
    expected: list[float | None] = Field(description="Events that season and past weeks lead to expect.")
    ratio: list[float | None] = Field(description="The week's rate against the expected one.")
    ratio_lower: list[float | None] = Field(description="Lower end of its 95 % interval.")
    ratio_upper: list[float | None] = Field(description="Upper end of it.")
    inhabitants: list[int | None] = Field(description="Inhabitants; null where it is not known.")
    rate: list[float | None] = Field(
        description="Events of the week per 1,000 inhabitants; null where hardly anybody lives."
    )
    change_1: list[int | None] = Field(description="Events more than in the week before.")
    change_4: list[int | None] = Field(description="Events more than in the week four weeks before.")


class AreaFigures(Answer):
    """What the neighbourhoods had of a theme in a week."""

    week: str
    edition: int
    content_hash: str
    published_at: dt.datetime
    theme: str
    level: Literal["open", "partner", "internal"] = Field(description="Level of the figures told here.")
    before: Earlier
    areas: AreaColumns
    number_returned: int = Field(alias="numberReturned", description="Neighbourhoods told here.")
    links: tuple[Link, ...]
