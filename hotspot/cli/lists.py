"""`hotspot list`: a published week to read and to hand on."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

import typer

from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import EditionOption, WeekArgument, WeeklyList, read_list
from hotspot.model import Grade, Kind
from hotspot.store.publications import Conditions


class Format(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


class ShownGrade(StrEnum):
    """Grades that a list shows."""

    CONFIRMED = Grade.CONFIRMED
    LIKELY = Grade.LIKELY


HEADINGS = {
    Language.EN: {
        "title": "Hotspots of {week}, edition {edition}",
        "rank": "rank",
        "previous": "before",
        "theme": "theme",
        "kind": "kind",
        "grade": "grade",
        "form": "form",
        "where": "neighbourhoods",
        "observed": "incidents",
        "expected": "expected",
        "weeks": "weeks",
        "p_value": "p-value",
        "recurrence": "by chance once in (weeks)",
        "acute": "acute",
        "chronic": "chronic",
        "confirmed": "confirmed",
        "likely": "likely",
        "dot": "hot dot",
        "line": "hot line",
        "area": "hot area",
        "pile_up": "mind: pile at one place",
        "no_hotspots": "no hotspots: that is a result",
        "not_enough_data": "not enough data",
    },
    Language.NL: {
        "title": "Hotspots van {week}, editie {edition}",
        "rank": "rang",
        "previous": "eerder",
        "theme": "thema",
        "kind": "soort",
        "grade": "zekerheid",
        "form": "vorm",
        "where": "buurten",
        "observed": "incidenten",
        "expected": "verwacht",
        "weeks": "weken",
        "p_value": "p-waarde",
        "recurrence": "bij toeval eens per (weken)",
        "acute": "acuut",
        "chronic": "chronisch",
        "confirmed": "bevestigd",
        "likely": "waarschijnlijk",
        "dot": "hot dot",
        "line": "hot lijn",
        "area": "hot gebied",
        "pile_up": "let op: stapel op één plek",
        "no_hotspots": "geen hotspots: dat is een uitkomst",
        "not_enough_data": "te weinig gegevens",
    },
}
"""What a person reads, in both languages."""

_COLUMNS = (
    "rank",
    "previous",
    "theme",
    "kind",
    "grade",
    "where",
    "observed",
    "expected",
    "weeks",
    "p_value",
    "recurrence",
    "form",
)
_NUMBERS = {"rank", "previous", "observed", "expected", "weeks", "p_value", "recurrence"}
"""Columns of the table, and those that stand right."""

_CSV_COLUMNS = (
    "week",
    "edition",
    "theme",
    "kind",
    "grade",
    "rank",
    "previous_rank",
    "id",
    "neighbourhood",
    "neighbourhood_name",
    "neighbourhoods",
    "observed",
    "expected",
    "baseline",
    "relative_risk",
    "p_value",
    "q_value",
    "recurrence_weeks",
    "window_start",
    "window_end",
    "places",
    "largest_pile_up",
    "pile_up",
    "form",
    "lon_deg",
    "lat_deg",
    "area_m2",
)
"""Columns of the CSV."""


def list_hotspots(
    week: WeekArgument = "latest",
    theme: Annotated[str | None, typer.Option(help="Only this theme.", show_default=False)] = None,
    area: Annotated[
        str | None,
        typer.Option(
            help="Only hotspots that touch this neighbourhood or district (code).", show_default=False
        ),
    ] = None,
    top: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many of each theme.", show_default=False)
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.", show_default=False)] = None,
    grade: Annotated[ShownGrade | None, typer.Option(help="Only this grade.", show_default=False)] = None,
    edition: EditionOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
    language: LanguageOption = Language.EN,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Print the ranked hotspots of a published week.

    A theme without hotspots says so, and one with too little data says what it lacks. Under the table stands
    how often each grade errs.

    Examples: `hotspot list --week latest`; `hotspot list --week 2010-W30 --theme drug_nuisance --top 5`;
    `hotspot list --week 2010-W30 --format geojson > week.geojson`
    """
    with reading(store) as connection:
        judged = None if grade is None else Grade(grade)
        wanted = Conditions(edition=edition, theme=theme, kind=kind, grade=judged, area=area)
        weekly = read_list(connection, week, wanted)
    if top is not None:
        weekly = replace(
            weekly, features=[one for one in weekly.features if one["properties"]["rank"] <= top]
        )
    form = Format.JSON if as_json else form
    if form is Format.TABLE:
        _print_table(weekly, theme, language)
    elif form is Format.CSV:
        sys.stdout.write(as_csv(weekly))
    elif form is Format.GEOJSON:
        sys.stdout.write(
            json.dumps({"type": "FeatureCollection", "features": weekly.features}, ensure_ascii=False) + "\n"
        )
    else:
        Output(as_json=True).result(_as_json(weekly))


def _print_table(weekly: WeeklyList, theme: str | None, language: Language) -> None:
    """Print the list for people."""
    words = HEADINGS[language]
    output = Output()
    edition = weekly.stored.edition
    output.table(
        words["title"].format(week=edition.week, edition=edition.number),
        [("#" if column in _NUMBERS else "") + words[column] for column in _COLUMNS],
        [_row(weekly, feature["properties"], language) for feature in weekly.features],
    )
    shown = {feature["properties"]["grade"] for feature in weekly.features}
    # Early editions know neither grades nor their error rates.
    for grade, said in weekly.summary.get("grades", {}).items():
        if grade in shown:
            output.say(said[language])
    for entry in weekly.summary["themes"]:
        if entry["hotspots"] == 0 and theme in {None, entry["theme"]}:
            reason = "" if entry["reason"] is None else f" ({entry['reason'][language]})"
            output.say(f"{weekly.label(entry['theme'], language)}: {words[entry['state']]}{reason}")


def _row(weekly: WeeklyList, row: dict[str, Any], language: Language) -> list[object]:
    """Write one hotspot as cells."""
    words = HEADINGS[language]
    form = words[row["form"]]
    where = ", ".join(f"{share['name']} {share['share']:.0%}" for share in row["neighbourhoods"])
    return [
        row["rank"],
        "-" if row["previous_rank"] is None else row["previous_rank"],
        weekly.label(row["theme"], language),
        words[row["kind"]],
        words[row["grade"]],
        where,
        row["observed"],
        _expected(row),
        row["window_weeks"],
        f"{row['p_value']:.3f}",
        _recurrence(row, weekly.summary["parameters"].get("replicates")),
        f"{form}; {words['pile_up']}" if row["pile_up"] else form,
    ]


def _expected(row: dict[str, Any]) -> str:
    """Write an expected count; what is not nothing is not written as nothing."""
    expected = row["expected"]
    return "< 0.1" if 0 < expected < 0.05 else f"{expected:.1f}"  # noqa: PLR2004 -- half of the last decimal.


def _recurrence(row: dict[str, Any], replicates: float | None) -> str:
    """Write how rare a hotspot is; the rarest that so many replicates can count is only a lower bound."""
    weeks = row["recurrence_weeks"]
    if weeks is None:
        return "-"
    is_bound = replicates is not None and round(weeks) == replicates + 1
    return f"{'≥ ' if is_bound else ''}{weeks:.0f}"


def as_csv(weekly: WeeklyList) -> str:
    """
    Write a list as CSV: comma, decimal point, one line per hotspot.

    Parameters
    ----------
    weekly
        The week.

    Returns
    -------
    str
        The text, with a header even if the list is empty.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, _CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for feature in weekly.features:
        row = feature["properties"]
        shares = " ".join(f"{share['code']}:{share['share']}" for share in row["neighbourhoods"])
        lon_deg, lat_deg = row["centroid"]
        number = weekly.stored.edition.number
        writer.writerow(
            row | {"edition": number, "neighbourhoods": shares, "lon_deg": lon_deg, "lat_deg": lat_deg}
        )
    return text.getvalue()


def _as_json(weekly: WeeklyList) -> dict[str, Any]:
    """Give a list as JSON can hold it."""
    edition = weekly.stored.edition
    return weekly.summary | {
        "edition": edition.number,
        "content_hash": edition.content_hash,
        "published_at": edition.published_at.isoformat(),
        "hotspots": [feature["properties"] for feature in weekly.features],
    }
