"""How a list was made and what it rests on, line by line: the sheet 'method and sources' of the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Parameters are JSON.

from hotspot.model import Label
from hotspot.report import statements, tables
from hotspot.report.columns import COLUMNS, in_language
from hotspot.report.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotspot.report.columns import Column
    from hotspot.report.published import PublishedList

_HEADINGS = {
    "edition": Label("Deze editie", "This edition"),
    "state": Label("Stand en volledigheid", "State and completeness"),
    "errors": Label("Hoe vaak het mis is", "How often it errs"),
    "parameters": Label("Instellingen van de detectie", "Parameters of the detection"),
    "sources": Label("Bronnen", "Sources"),
    "columns": Label("Kolommen", "Columns"),
    "more_columns": Label("Kolommen van '{sheet}'", "Columns of '{sheet}'"),
}
_NAMES = {
    "municipality": Label("gemeente", "municipality"),
    "week": Label("week", "week"),
    "window": Label("venster", "window"),
    "edition": Label("editie", "edition"),
    "published": Label("gepubliceerd", "published"),
    "as_of": Label("stand van", "as of"),
    "hash": Label("inhoud (SHA-256)", "content (SHA-256)"),
    "input": Label("invoer", "input"),
    "level": Label("vertrouwelijkheid", "disclosure level"),
    "program": Label("programma", "program"),
    "boundaries": Label("grenzen", "boundaries"),
    "weights": Label("gewichten", "weights"),
    "theme": Label("thema", "theme"),
}
_PARAMETERS = {
    "window_weeks": Label("weken in het venster", "weeks in the window"),
    "baseline_weeks": Label(
        "weken ervoor waarmee wordt vergeleken", "weeks before with which it is compared"
    ),
    "radius_m": Label("straal van de grootste zoekcirkel (m)", "radius of the largest circle searched (m)"),
    "min_incidents": Label("gebeurtenissen die een kandidaat nodig heeft", "events that a candidate needs"),
    "alpha": Label(
        "grens aan de kans op een valse bevestigde", "bound on the chance of a false confirmed one"
    ),
    "false_share": Label("deel valse dat wordt aanvaard", "share of false ones that is accepted"),
    "replicates": Label("herhalingen van de zoektocht", "replicates of the search"),
    "seed": Label("begin van de toevalsgetallen", "start of the random numbers"),
}
_COUNTS = Label(
    "{window} incidenten in het venster, {baseline} ervoor",
    "{window} incidents in the window, {baseline} before",
)


@dataclass(frozen=True, slots=True)
class Line:
    """
    A line of the account.

    Parameters
    ----------
    name
        What it is about.
    said
        What there is to say.
    is_heading
        Whether a part begins with it.
    """

    name: str
    said: str
    is_heading: bool = False


def lines(listed: PublishedList, language: str) -> list[Line]:
    """
    Say how a list was made.

    Parameters
    ----------
    listed
        The list.
    language
        `nl` or `en`.

    Returns
    -------
    list of Line
        Edition, state, error rates, parameters, sources and the meaning of every column of every sheet.
    """
    headings = {part: in_language(label, language) for part, label in _HEADINGS.items()}
    parts = {
        headings["edition"]: _edition(listed, language),
        headings["state"]: _statements(listed, language),
        headings["errors"]: _errors(listed, language),
        headings["parameters"]: _parameters(listed.summary.get("parameters", {}), language),
        headings["sources"]: _sources(listed, language),
        headings["columns"]: _meanings(COLUMNS, language),
    } | {
        headings["more_columns"].format(sheet=table.name): _meanings(table.columns, language)
        for table in tables.tables(listed, language)
    }
    return [line for part, told in parts.items() for line in [Line(part, "", is_heading=True), *told]]


def _meanings(columns: Sequence[Column], language: str) -> list[Line]:
    """Say what each column means."""
    return [
        Line(in_language(column.heading, language), in_language(column.meaning, language))
        for column in columns
    ]


def _edition(listed: PublishedList, language: str) -> list[Line]:
    """Name the edition."""
    summary = listed.summary
    told = {
        "municipality": f"{summary['municipality']['name']} ({summary['municipality']['code']})",
        "week": str(listed.week),
        "window": f"{summary['window_start']} / {summary['window_end']}",
        "edition": str(listed.edition),
        "published": listed.published(language),
        "as_of": listed.as_of(language),
        "hash": listed.content_hash,
        "input": summary.get("input_hash"),
        "level": words(language)["disclosure"],
    }
    return [
        Line(in_language(_NAMES[name], language), said) for name, said in told.items() if said is not None
    ]


def _statements(listed: PublishedList, language: str) -> list[Line]:
    """Say how complete it is, what is gone and whether the list before was right."""
    tellers = (
        statements.completeness,
        statements.gone,
        statements.alarms,
        statements.backing,
        statements.without_hotspots,
    )
    return [Line("", said.strip()) for tell in tellers for said in tell(listed, language)]


def _errors(listed: PublishedList, language: str) -> list[Line]:
    """Say how often each grade errs, and what each kind asks."""
    told = [*listed.summary.get("kinds", {}).values(), *listed.summary.get("grades", {}).values()]
    return [Line("", said[language]) for said in told]


def _parameters(told: Mapping[str, Any], language: str) -> list[Line]:
    """List the parameters."""
    return [
        Line(
            name,
            f"{value}: {in_language(_PARAMETERS[name], language)}" if name in _PARAMETERS else str(value),
        )
        for name, value in told.items()
    ]


def _sources(listed: PublishedList, language: str) -> list[Line]:
    """Say where everything comes from."""
    said, summary = words(language), listed.summary
    boundaries = summary["boundaries"]
    drawn = f" {said['schematic']}" if boundaries["schematic"] else ""
    generator = summary.get("generator", {})
    told = [
        Line(
            in_language(_NAMES["boundaries"], language),
            f"{boundaries['source']}, {boundaries['vintage']}.{drawn}",
        ),
        Line(
            in_language(_NAMES["program"], language),
            f"{generator.get('name', 'hotspot')} {generator.get('version', '')}".strip(),
        ),
    ]
    weights = summary.get("weights")
    if weights is not None:
        text = ", ".join(str(weights[key]) for key in ("name", "version", "source") if weights.get(key))
        told.append(Line(in_language(_NAMES["weights"], language), text))
    theme = in_language(_NAMES["theme"], language)
    counts = in_language(_COUNTS, language)
    for entry in summary["themes"]:
        said_of = counts.format(window=entry["window_incidents"], baseline=entry["baseline_incidents"])
        told.append(Line(theme, f"{listed.label(entry['theme'], language)}: {said_of}"))
    return told
