"""`hotspot map`: a published week as one HTML file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hotspot.cli.opening import reading
from hotspot.cli.options import Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import ALL, EditionOption, WeekArgument, read_list
from hotspot.errors import InvalidParameter
from hotspot.maps.standalone import standalone_map
from hotspot.model import Level
from hotspot.store import boundaries
from hotspot.store.publications import Conditions


def write_map(
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")] = Path("map.html"),
    week: WeekArgument = "latest",
    edition: EditionOption = None,
    language: LanguageOption = Language.EN,
    store: Store = None,
) -> None:
    """
    Write a published week as one HTML file that opens anywhere and asks nobody for anything.

    Examples: `hotspot map --out map.html`; `hotspot map --week 2010-W30 --language nl --out kaart.html`
    """
    if not out.parent.is_dir():
        raise InvalidParameter(f"--out must lie in an existing folder, got {out}")
    with reading(store) as connection:
        weekly = read_list(connection, week, Conditions(edition=edition))
        areas = boundaries.area_page(connection, Level.NEIGHBOURHOOD, bbox_deg=None, limit=ALL, offset=0)
    html = standalone_map(
        [json.dumps(feature) for feature in weekly.features],
        areas.fragments,
        weekly.summary,
        language=str(language),
    )
    out.write_text(html, encoding="utf-8")
    Output().say(f"{out}: {len(weekly.features)} hotspots of {weekly.stored.edition.week}")
