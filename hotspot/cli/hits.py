"""`hotspot hits`: did the lists say where the next incidents fell? Over many published weeks."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any  # What is published is JSON, of which parts are read.

import numpy as np
import typer

from hotspot.backing import Backing, Caught, pooled
from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import WeekArgument, parse_week
from hotspot.errors import NotFound
from hotspot.model import Label
from hotspot.store import loads, publications
from hotspot.weeks import Week

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hotspot.backing import Lead, PooledBacking

_CAUGHT = ("hits", "hit_rate", "lower", "upper", "pai")

_WORDS = {
    Language.EN: {
        "title": "Lists of {first} to {last}, each judged by the week after",
        "columns": ("theme", "#weeks", "#incidents", "#hit rate", "#PAI", "#12 weeks", "#52 weeks"),
        "lead": "{theme}: hit rate {lead12} against the busiest cells of 12 weeks, {lead52} against those of "
        "52 weeks, on equal area (share of incidents; from 8 weeks on with its 95 % interval).",
    },
    Language.NL: {
        "title": "Lijsten van {first} tot en met {last}, elk beoordeeld met de week erna",
        "columns": ("thema", "#weken", "#incidenten", "#trefkans", "#PAI", "#12 weken", "#52 weken"),
        "lead": "{theme}: trefkans {lead12} ten opzichte van de drukste cellen van 12 weken, {lead52} ten "
        "opzichte van die van 52 weken, op gelijke oppervlakte (deel van de incidenten; vanaf 8 weken met "
        "het 95 %-interval).",
    },
}
"""What a person reads, in both languages."""


def show(
    week: WeekArgument = "latest",
    weeks: Annotated[int, typer.Option(min=1, max=1040, help="Published weeks up to --week.")] = 26,
    language: LanguageOption = Language.EN,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Show which share of new incidents fell inside the listed hotspots, beside two naive baselines.

    Each list is judged by the week after it; the baselines are the fullest cells of 100 m by the counts of
    the last 12 and 52 weeks, on the very area of the list. An interval comes from drawing whole weeks anew.

    Examples: `hotspot hits`; `hotspot hits --week 2010-W51 --weeks 26`
    """
    output, words = Output(as_json), _WORDS[language]
    with reading(store) as connection:
        last = parse_week(connection, week)
        rows = _rows(connection, last, weeks)
        labels = loads.labels(connection)
    if not rows:
        raise NotFound(f"no list of {last} or the {weeks - 1} weeks before it was judged yet")
    themes = sorted({row.theme for row in rows}, key=lambda theme: (theme != "all", theme))
    judged = [
        pooled([row for row in rows if row.theme == theme], rng=np.random.Generator(np.random.PCG64(0)))
        for theme in themes
    ]
    output.result({"rows": [_as_json(row) for row in rows], "pooled": [asdict(one) for one in judged]})
    first = min(row.listed_week for row in rows)
    named = {theme: _name(labels.get(theme), theme, language) for theme in themes}
    output.table(
        str(words["title"]).format(first=first, last=max(row.listed_week for row in rows)),
        list(words["columns"]),
        [[named[one.theme], *_cells(one)] for one in judged],
    )
    for one in judged:
        if one.over_12 is not None and one.over_52 is not None:
            output.say(
                str(words["lead"]).format(
                    theme=named[one.theme], lead12=_lead(one.over_12), lead52=_lead(one.over_52)
                )
            )


def _rows(connection: Connection, last: Week, weeks: int) -> list[Backing]:
    """Read how the lists did, from the newest edition of each week."""
    rows = []
    newest = {edition.week: edition for edition in reversed(publications.editions(connection))}
    for week in sorted(newest):
        if last.ordinal - weeks < week.ordinal <= last.ordinal:
            summary = json.loads(publications.edition(connection, week).summary)
            rows += [_backing(week, entry) for entry in summary.get("backing", ())]
    return rows


def _backing(week: Week, entry: dict[str, Any]) -> Backing:
    """Read a published row."""
    return Backing(
        theme=entry["theme"],
        week=week,
        listed_week=Week.parse(entry["listed_week"]),
        incidents=entry["incidents"],
        area_m2=entry["area_m2"],
        city_m2=entry["city_m2"],
        listed=_caught(entry),
        naive_12=_caught(entry["naive_12"]),
        naive_52=_caught(entry["naive_52"]),
        said=Label(**entry["said"]),
    )


def _caught(entry: dict[str, Any] | None) -> Caught | None:
    """Read what a selection caught."""
    if entry is None or entry["hits"] is None:
        return None
    return Caught(**{name: entry[name] for name in _CAUGHT})


def _as_json(row: Backing) -> dict[str, Any]:
    """Give a row as JSON can hold it."""
    return asdict(row) | {"week": str(row.week), "listed_week": str(row.listed_week)}


def _cells(one: PooledBacking) -> list[object]:
    """Write the pooled weeks of a theme as cells."""
    caught = (one.listed, one.naive_12, one.naive_52)
    rates = [
        "-" if each is None else f"{each.hit_rate:.1%} ({each.lower:.1%}-{each.upper:.1%})" for each in caught
    ]
    pai = "-" if one.listed is None else f"{one.listed.pai:.0f}"
    return [one.weeks, one.incidents, rates[0], pai, *rates[1:]]


def _name(label: Label | None, theme: str, language: Language) -> str:
    """Name a theme as people read it."""
    if theme == "all":
        return "alle thema's" if language is Language.NL else "all themes"
    if label is None:
        return theme
    return label.nl if language is Language.NL else label.en


def _lead(lead: Lead) -> str:
    """Write a lead with its interval."""
    if lead.lower is None or lead.upper is None:
        return f"{lead.difference:+.1%}"
    return f"{lead.difference:+.1%} ({lead.lower:+.1%} - {lead.upper:+.1%})"
