"""`hotspot list`: a published week to read and to hand on."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.errors import InvalidParameter, NotFound
from hotspot.model import Level
from hotspot.store import boundaries, publications
from hotspot.weeks import Week

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ALL = 1_000_000
"""More hotspots than any week has: a list on the command line is never cut off silently."""


class Format(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


WeekArgument = Annotated[str, typer.Option("--week", help="A published ISO week, or `latest`.")]
EditionOption = Annotated[
    int | None,
    typer.Option(
        min=1, max=1_000_000, help="An earlier edition of the week; default: the newest.", show_default=False
    ),
]

HEADINGS = {
    Language.EN: {
        "title": "Hotspots of {week}, edition {edition}",
        "rank": "rank",
        "previous": "before",
        "theme": "theme",
        "where": "neighbourhoods",
        "observed": "incidents",
        "expected": "expected",
        "weeks": "weeks",
        "p_value": "p-value",
        "recurrence": "by chance once in (weeks)",
        "note": "note",
        "pile_up": "mostly one address",
        "no_hotspots": "no hotspots: that is a result",
        "not_enough_data": "not enough data",
    },
    Language.NL: {
        "title": "Hotspots van {week}, editie {edition}",
        "rank": "rang",
        "previous": "eerder",
        "theme": "thema",
        "where": "buurten",
        "observed": "incidenten",
        "expected": "verwacht",
        "weeks": "weken",
        "p_value": "p-waarde",
        "recurrence": "bij toeval eens per (weken)",
        "note": "opmerking",
        "pile_up": "vooral één adres",
        "no_hotspots": "geen hotspots: dat is een uitkomst",
        "not_enough_data": "te weinig gegevens",
    },
}
"""What a person reads, in both languages."""


@dataclass(frozen=True, slots=True)
class WeeklyList:
    """A published week: what the list says beside its rows, and the rows as GeoJSON features."""

    stored: publications.StoredPublication
    summary: dict[str, Any]
    features: list[dict[str, Any]]

    def label(self, name: str, language: Language) -> str:
        """
        Name a theme or subtheme as people read it.

        Parameters
        ----------
        name
            Its name.
        language
            Dutch or English.

        Returns
        -------
        str
            Its label, or its name if it has none.
        """
        label = self.summary["labels"].get(name)
        return name if label is None else str(label[language])


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
    edition: EditionOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
    language: LanguageOption = Language.EN,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Print the ranked hotspots of a published week.

    A theme without hotspots says so, and one with too little data says what it lacks.

    Examples: `hotspot list --week latest`; `hotspot list --week 2010-W30 --theme drug_nuisance --top 5`;
    `hotspot list --week 2010-W30 --format geojson > week.geojson`
    """
    with reading(store) as connection:
        weekly = read_list(connection, week, edition=edition, theme=theme, area=area)
    if top is not None:
        kept = [feature for feature in weekly.features if feature["properties"]["rank"] <= top]
        weekly = WeeklyList(weekly.stored, weekly.summary, kept)
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


def read_list(
    connection: Connection,
    week: str,
    *,
    edition: int | None = None,
    theme: str | None = None,
    area: str | None = None,
) -> WeeklyList:
    """
    Read a published week.

    Parameters
    ----------
    connection
        The open transaction.
    week
        An ISO week or `latest`.
    edition
        Number of an edition; absent for the newest.
    theme
        Only this theme.
    area
        Only hotspots that touch the neighbourhood or district of this code.

    Returns
    -------
    WeeklyList
        The week.

    Raises
    ------
    NotFound
        If nothing, or not this week or edition, was published.
    InvalidParameter
        If the week has no such theme, or there is no such area.
    """
    stored = publications.edition(connection, parse_week(connection, week), edition)
    summary: dict[str, Any] = json.loads(stored.summary)
    themes = [entry["theme"] for entry in summary["themes"]]
    mistakes = []
    if theme is not None and theme not in themes:
        mistakes.append(f"theme must be one of {', '.join(themes)}, got {theme!r}")
    if area is not None and not _is_area(connection, area):
        mistakes.append(f"area must be the code of a neighbourhood or district, got {area!r}")
    if mistakes:
        raise InvalidParameter(*mistakes)
    page = publications.hotspot_page(
        connection,
        week=stored.edition.week,
        edition=stored.edition.number,
        theme=theme,
        area=area,
        limit=_ALL,
        offset=0,
    )
    return WeeklyList(stored, summary, [json.loads(fragment) for fragment in page.fragments])


def _is_area(connection: Connection, code: str) -> bool:
    """Tell whether some neighbourhood or district has this code."""
    known = boundaries.read_boundaries(connection)
    return any(area.code == code for area in known.areas if area.level is not Level.MUNICIPALITY)


def parse_week(connection: Connection, week: str) -> Week:
    """
    Read an ISO week or `latest`.

    Parameters
    ----------
    connection
        The open transaction.
    week
        The text.

    Returns
    -------
    Week
        The week; the newest that was published for `latest`.

    Raises
    ------
    NotFound
        If nothing was published yet.
    InvalidWeek
        If the text is neither.
    """
    if week != "latest":
        return Week.parse(week)
    found = publications.editions(connection)
    if not found:
        raise NotFound("nothing was published yet; run `hotspot detect` and `hotspot publish` first")
    return found[0].week


def _print_table(weekly: WeeklyList, theme: str | None, language: Language) -> None:
    """Print the list for people."""
    words = HEADINGS[language]
    output = Output()
    edition = weekly.stored.edition
    columns = [
        "rank",
        "previous",
        "theme",
        "where",
        "observed",
        "expected",
        "weeks",
        "p_value",
        "recurrence",
        "note",
    ]
    numbers = {"rank", "previous", "observed", "expected", "weeks", "p_value", "recurrence"}
    output.table(
        words["title"].format(week=edition.week, edition=edition.number),
        [("#" if column in numbers else "") + words[column] for column in columns],
        [_row(weekly, feature["properties"], language) for feature in weekly.features],
    )
    for entry in weekly.summary["themes"]:
        if entry["hotspots"] == 0 and theme in {None, entry["theme"]}:
            reason = "" if entry["reason"] is None else f" ({entry['reason'][language]})"
            output.say(f"{weekly.label(entry['theme'], language)}: {words[entry['state']]}{reason}")


def _row(weekly: WeeklyList, row: dict[str, Any], language: Language) -> list[object]:
    """Write one hotspot as cells."""
    where = ", ".join(f"{share['name']} {share['share']:.0%}" for share in row["neighbourhoods"])
    return [
        row["rank"],
        "-" if row["previous_rank"] is None else row["previous_rank"],
        weekly.label(row["theme"], language),
        where,
        row["observed"],
        f"{row['expected']:.1f}",
        row["window_weeks"],
        f"{row['p_value']:.3f}",
        _recurrence(row, weekly.summary["parameters"]["replicates"]),
        HEADINGS[language]["pile_up"] if row["pile_up"] else "",
    ]


def _recurrence(row: dict[str, Any], replicates: int) -> str:
    """Write how rare a hotspot is; the rarest that so many replicates can tell is only a lower bound."""
    weeks = row["recurrence_weeks"]
    return f"{'≥ ' if weeks >= replicates + 1 else ''}{weeks:.0f}"


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
    columns = [
        "week",
        "edition",
        "theme",
        "rank",
        "previous_rank",
        "id",
        "neighbourhood",
        "neighbourhood_name",
    ]
    columns += [
        "neighbourhoods",
        "observed",
        "expected",
        "baseline",
        "relative_risk",
        "p_value",
        "recurrence_weeks",
    ]
    columns += [
        "window_start",
        "window_end",
        "places",
        "largest_pile_up",
        "pile_up",
        "lon_deg",
        "lat_deg",
        "area_m2",
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
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
