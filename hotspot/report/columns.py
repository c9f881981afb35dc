"""The columns of the list as a table: what each is called, what it means and what kind of value it holds."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from hotspot.model import Label
from hotspot.report import telling
from hotspot.report.words import DASH, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotspot.report.published import Json, PublishedList

Cell: TypeAlias = "str | int | float | bool | dt.date | None"
"""What stands in one cell of a table; absent where the edition does not tell."""


class Type(StrEnum):
    """What kind of value a column holds."""

    TEXT = "text"
    CODE = "code"
    """A word of a fixed set, which people read in their own language."""
    INTEGER = "integer"
    NUMBER = "number"
    RATE = "rate"
    """A number that is often below 1, so that its second decimal says something."""
    WHOLE = "whole"
    """A number whose decimals say nothing."""
    SHARE = "share"
    """0 to 1."""
    FINE_SHARE = "fine_share"
    """0 to 1, and often below a hundredth or two."""
    PROBABILITY = "probability"
    DEGREES = "degrees"
    FLAG = "flag"
    DATE = "date"


NUMERIC = frozenset(Type) - {Type.TEXT, Type.CODE, Type.FLAG, Type.DATE}
"""Kinds of value that one can count with."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column of the list.

    Parameters
    ----------
    path
        Where the value stands in a hotspot's properties, a dot before each level.
    type
        What kind of value it is.
    heading
        How people read it.
    meaning
        What it says, in a sentence.
    """

    path: str
    type: Type
    heading: Label
    meaning: Label

    @property
    def name(self) -> str:
        """How systems call it."""
        return self.path.replace(".", "_")

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Self:
        """
        Read a column.

        Parameters
        ----------
        row
            A line of the table that tells the columns.

        Returns
        -------
        Column
            The column.
        """
        return cls(
            row["path"],
            Type(row["type"]),
            Label(nl=row["heading_nl"], en=row["heading_en"]),
            Label(nl=row["meaning_nl"], en=row["meaning_en"]),
        )


def _columns() -> tuple[Column, ...]:
    """Read the columns from the table that tells them."""
    text = resources.files("hotspot.report").joinpath("columns.csv").read_text("utf-8")
    return tuple(Column.of(row) for row in csv.DictReader(text.splitlines()))


COLUMNS = _columns()
"""In the order of the table; what is nested is flattened, for spreadsheets and geographic systems."""


def in_language(label: Label, language: str) -> str:
    """
    Give the text of a label in one language.

    Parameters
    ----------
    label
        The label.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The text.
    """
    return label.nl if language == "nl" else label.en


def cells(listed: PublishedList, row: Json, *, language: str, codes: bool) -> list[Cell]:
    """
    Give the values of one row in the order of `COLUMNS`.

    Parameters
    ----------
    listed
        The list.
    row
        Properties of one of its hotspots.
    language
        `nl` or `en`, for texts.
    codes
        Whether codes stay as systems know them; else they are words.

    Returns
    -------
    list
        A value for each column.
    """
    known = dict(row) | _derived(listed, row, language)
    said = words(language)
    made: list[Cell] = []
    for column in COLUMNS:
        value = value_at(known, column.path)
        if value is not None and column.type is Type.DATE:
            value = dt.date.fromisoformat(value)
        elif value is not None and column.type is Type.CODE and not codes:
            value = said.get(value, value)
        made.append(value)
    return made


def value_at(row: Json, path: str) -> Any:  # noqa: ANN401 -- JSON.
    """
    Follow a path into a value.

    Parameters
    ----------
    row
        What is published of something.
    path
        Names of its members, a dot before each level.

    Returns
    -------
    Any
        What stands there; absent where anything on the way is.
    """
    value: Any = row
    for step in path.split("."):
        value = None if value is None else value.get(step)
    return value


def _derived(listed: PublishedList, row: Json, language: str) -> dict[str, Any]:
    """Make what a row does not hold as one value."""
    lon_deg, lat_deg = row["centroid"]
    why, changed = row.get("why"), row.get("what_changed")
    hot = row.get("hot_times")
    return {
        "edition": listed.edition,
        "theme_name": listed.label(row["theme"], language),
        "change": _plain(telling.change(row, language), language),
        "neighbourhoods": " ".join(f"{one['code']}:{one['share']}" for one in row["neighbourhoods"]),
        "hot_time": _plain(telling.hot_time(row, language), language),
        # A peak that is no pattern has a name that says nothing.
        "hot_times": hot if hot and hot.get("is_pattern") else None,
        "caveats": telling.caveats(row, language) or None,
        "why": None if why is None else " ".join(why[language]),
        "what_changed": None if changed is None else changed[language],
        "action": telling.action(listed.notes.get(row["id"], ()), language) or None,
        "open_weeks": telling.open_weeks(row, listed.notes),
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
    }


def _plain(text: str, language: str) -> str | None:
    """Write a sign as a word, which no spreadsheet takes for a formula, and a dash as nothing."""
    return words(language)["same"] if text == telling.SAME else None if text == DASH else text
