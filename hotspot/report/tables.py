"""The tables beside the list: hotcrimes, rises, shifts, hit rate and concentration of the week."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any  # What is published is JSON.

from hotspot.model import Label
from hotspot.report import figures, statements
from hotspot.report.columns import Column, Type, in_language, value_at
from hotspot.report.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.report.columns import Cell
    from hotspot.report.published import Json, PublishedList

NAMES: dict[str, Label] = {
    "hotcrimes": Label("hotcrimes", "hotcrimes"),
    "alarms": Label("stijgingen", "rises"),
    "shifts": Label("verschuivingen", "shifts"),
    "backing": Label("trefkans", "hit rate"),
    "concentration": Label("concentratie", "concentration"),
}
"""What people call each part of the summary that is a table, in the order of the workbook."""

_HEADS = {
    "hotcrimes": Label(
        "Subthema's per buurt: {alarms} alarmen uit {tests} toetsen; daarvan naar verwachting {false} vals. "
        "Cellen zonder incidenten staan er niet in.",
        "Subthemes by neighbourhood: {alarms} alarms of {tests} tests; of these {false} are expected to be "
        "false. Cells without incidents are left out.",
    ),
    "shifts": Label(
        "Dalingen die samengaan met een stijging elders, op een ander uur of in een ander subthema.",
        "Falls that came with a rise elsewhere, at another hour or in another subtheme.",
    ),
    "backing": Label(
        "Deel van de nieuwe incidenten in de hotspots van de lijst ervoor, naast even veel oppervlak op de "
        "drukste plekken van 12 en 52 weken.",
        "Share of the new incidents in the hotspots of the list before, beside equal area at the busiest "
        "places of 12 and 52 weeks.",
    ),
    "concentration": Label(
        "Hoe weinig adressen veel van de gebeurtenissen van vier weken hebben, naast wat toeval zou geven.",
        "How few addresses hold much of four weeks' events, beside what chance would make.",
    ),
}
"""What stands above a table; above the rises stands what the list says of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table beside the list.

    Parameters
    ----------
    name
        What people call it.
    head
        What must be known to read it, in a sentence or two.
    columns
        What each column is.
    rows
        A value for each column.
    """

    name: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _columns() -> Mapping[str, tuple[Column, ...]]:
    """Read the columns from the table that tells them."""
    text = resources.files("hotspot.report").joinpath("tables.csv").read_text("utf-8")
    found: defaultdict[str, list[Column]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        found[row["table"]].append(Column.of(row))
    return {name: tuple(found[name]) for name in NAMES}


COLUMNS = _columns()
"""Columns of each table, by the name of its part of the summary."""


def tables(listed: PublishedList, language: str) -> list[Table]:
    """
    Give the tables beside a list.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of Table
        With the rows about the list's themes, the alarms first; none in editions that do not tell.
    """
    return [
        Table(
            name=in_language(NAMES[name], language),
            head=_head(listed, name, language),
            columns=COLUMNS[name],
            rows=tuple(tuple(_cells(listed, row, COLUMNS[name], language)) for row in _rows(listed, name)),
        )
        for name in NAMES
        if name in listed.summary
    ]


def _rows(listed: PublishedList, name: str) -> Sequence[Json]:
    """Give what is published of a table about the list's themes; what alarms comes first."""
    told = listed.summary[name]
    rows = told["rows"] if isinstance(told, dict) else told
    themes = {*listed.themes, statements.ALL_THEMES}
    return sorted((row for row in rows if row["theme"] in themes), key=lambda row: not row.get("is_alarm"))


def _head(listed: PublishedList, name: str, language: str) -> str:
    """Say what must be known to read a table."""
    if name == "alarms":
        return statements.alarms(listed, language)[0]
    text = in_language(_HEADS[name], language)
    if name != "hotcrimes":
        return text
    told = listed.summary[name]
    return text.format(
        alarms=sum(bool(row.get("is_alarm")) for row in told["rows"]),
        tests=figures.number(told.get("tests"), language),
        false=figures.number(told.get("expected_false"), language, decimals=1),
    )


def _cells(listed: PublishedList, row: Json, columns: Sequence[Column], language: str) -> list[Cell]:
    """Write one row; codes are words."""
    known: dict[str, Any] = dict(row)
    known["theme_name"] = statements.theme_name(listed, row["theme"], language)
    if "subtheme" in row:
        known["subtheme_name"] = listed.label(row["subtheme"], language)
    if row.get("said") is not None:
        known["said"] = row["said"][language]
    said = words(language)
    return [
        said.get(value, value) if column.type is Type.CODE and value is not None else value
        for column in columns
        for value in [value_at(known, column.path)]
    ]
