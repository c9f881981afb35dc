"""What a reader of the stand-alone map reads, in Dutch and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = "Mapping[str, Any]"  # Any: the summary and the features are JSON, of which parts are read.

TEXTS: Mapping[str, Mapping[str, Any]] = {
    "nl": {
        "title": "Hotspots in week {week} van {year}",
        "period": "Incidenten van {start} tot en met {end}",
        "row": "{observed} incidenten, verwacht {expected}",
        "no_hotspots": "Geen hotspots deze week: dat is een uitkomst.",
        "not_enough_data": "Te weinig gegevens om hotspots aan te wijzen.",
        "legend": "Geteld tegen verwacht",
        "steps": ("tot {to}", "{from_} tot {to}", "{from_} of meer"),
        "schematic": "Schematische grenzen, niet de echte buurten",
        "source": "Grenzen: {source}, {vintage}",
        "nowhere": "Buiten de buurten",
        "kind": "Soort",
        "acute": "Acuut: de laatste weken",
        "chronic": "Chronisch: het hele jaar",
        "sure": "Hoe zeker?",
        "confirmed": "bevestigd",
        "likely": "waarschijnlijk",
        "dot": "hot dot",
        "line": "hot lijn",
        "area": "hot gebied",
        "pile_up": "stapel op één plek",
    },
    "en": {
        "title": "Hotspots in week {week} of {year}",
        "period": "Incidents from {start} to {end}",
        "row": "{observed} incidents, {expected} expected",
        "no_hotspots": "No hotspots this week: that is a result.",
        "not_enough_data": "Not enough data to point out hotspots.",
        "legend": "Counted against expected",
        "steps": ("up to {to}", "{from_} to {to}", "{from_} or more"),
        "schematic": "Schematic boundaries, not the real neighbourhoods",
        "source": "Boundaries: {source}, {vintage}",
        "nowhere": "Outside the neighbourhoods",
        "kind": "Kind",
        "acute": "Acute: the last weeks",
        "chronic": "Chronic: all year",
        "sure": "How sure?",
        "confirmed": "confirmed",
        "likely": "likely",
        "dot": "hot dot",
        "line": "hot line",
        "area": "hot area",
        "pile_up": "pile at one place",
    },
}


def title(summary: Json, language: str) -> str:
    """
    Name the week and the place.

    Parameters
    ----------
    summary
        What the publication says beside its hotspots.
    language
        `nl` or `en`.

    Returns
    -------
    str
        The title of the page.
    """
    year, week = str(summary["week"]).split("-W")
    name = str(TEXTS[language]["title"]).format(week=int(week), year=year)
    return f"{name} · {summary['municipality']['name']}"


def label(name: str, summary: Json, language: str) -> str:
    """
    Tell how people read the name of a theme.

    Parameters
    ----------
    name
        Its name.
    summary
        What the publication says beside its hotspots.
    language
        `nl` or `en`.

    Returns
    -------
    str
        Its label; the name spelt with spaces if it has none.
    """
    known: dict[str, str] | None = summary["labels"].get(name)
    return name.replace("_", " ").capitalize() if known is None else known[language]


def number(value: float | None, language: str, *, decimals: int = 1) -> str:
    """
    Write a number the reader's way.

    Parameters
    ----------
    value
        The number; absent where there is none.
    language
        `nl` or `en`.
    decimals
        Decimals to write.

    Returns
    -------
    str
        The number, or a dash.
    """
    if value is None:
        return "\u2013"
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text
