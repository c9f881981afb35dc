"""`hotspot briefing`: a published week on one page, for an area team to take along."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.files import write_whole
from hotspot.cli.opening import reading
from hotspot.cli.options import Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import ALL, EditionOption, WeekArgument, read_list
from hotspot.errors import InvalidParameter, StoreNotReady
from hotspot.model import Level
from hotspot.report.page import as_html
from hotspot.report.pdf import Press
from hotspot.store import boundaries
from hotspot.store import engine as engines
from hotspot.store.publications import Conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from hotspot.editions import Edition
    from hotspot.report.published import Json as Told
    from hotspot.report.published import PublishedList


class Format(StrEnum):
    """Forms of a briefing."""

    PDF = "pdf"
    HTML = "html"


def write_briefings(
    week: WeekArgument = "latest",
    area: Annotated[
        str | None,
        typer.Option(
            help="Neighbourhood or district (code); default: the whole municipality.", show_default=False
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="The municipality and each of its neighbourhoods.")
    ] = False,
    edition: EditionOption = None,
    language: LanguageOption = Language.EN,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.PDF,
    output: Annotated[Path, typer.Option(help="Folder to write to.")] = Path(),
    store: Store = None,
) -> None:
    """
    Write a published week as one A4 for an area or for the whole municipality.

    The page shows what is listed there, what has changed and why, a map, the hot hours, what is done about
    it, and whether last week's list was right. A week without hotspots gives a page that says so.

    Examples: `hotspot briefing --area BU09350000`; `hotspot briefing --all --language nl --output briefings`;
    `hotspot briefing --week 2010-W30 --format html`
    """
    if everything and area is not None:
        raise InvalidParameter(f"give --area or --all, not both, got --all and --area {area}")
    if not output.is_dir():
        raise InvalidParameter(f"--output must be an existing folder, got {output}")
    with reading(store) as connection:
        listed, areas = _read(connection, week, edition)
    codes = _codes(areas) if everything else (area,)
    for path in _write(listed, areas, codes, folder=output, languages=(language,), forms=(form,)):
        Output().say(str(path))


def write_all(engine: Engine, edition: Edition, *, folder: Path, languages: Sequence[Language]) -> int:
    """
    Write the briefings of an edition in every form: of the municipality and of each neighbourhood.

    Parameters
    ----------
    engine
        The store.
    edition
        The edition.
    folder
        Where they go; made if it is missing.
    languages
        Languages to write them in.

    Returns
    -------
    int
        Number of files.
    """
    with engines.read(engine) as connection:
        listed, areas = _read(connection, str(edition.week), edition.number)
    folder.mkdir(parents=True, exist_ok=True)
    forms = tuple(Format)
    return len(_write(listed, areas, _codes(areas), folder=folder, languages=languages, forms=forms))


def _read(connection: Connection, week: str, edition: int | None) -> tuple[PublishedList, list[Told]]:
    """Read a week with its notes, and the areas in force."""
    listed = read_list(connection, week, Conditions(edition=edition)).published
    areas = [
        json.loads(fragment)
        for level in (Level.NEIGHBOURHOOD, Level.DISTRICT)
        for fragment in boundaries.area_page(connection, level, limit=ALL).fragments
    ]
    if not areas:
        raise StoreNotReady("the store holds no boundaries; run `hotspot load boundaries` first")
    return listed, areas


def _codes(areas: Sequence[Told]) -> tuple[str | None, ...]:
    """Name the pages of a week: the municipality, then each neighbourhood."""
    told = [area["properties"] for area in areas]
    return (None, *(one["code"] for one in told if one["level"] == Level.NEIGHBOURHOOD))


def _write(
    listed: PublishedList,
    areas: Sequence[Told],
    codes: Sequence[str | None],
    *,
    folder: Path,
    languages: Sequence[Language],
    forms: Sequence[Format],
) -> list[Path]:
    """Write pages; the same hotspots stand in each form of a page."""
    press, paths = Press(), []
    for language in languages:
        for code in codes:
            page = press.fitting(listed, areas, code=code, language=language)
            for form in forms:
                path = folder / f"briefing-{listed.week}-{_file_name(page.code)}-{language}.{form}"
                content = (
                    press.pdf(page, published_at=listed.published_at) if form is Format.PDF else as_html(page)
                )
                write_whole(path, content, option="--output")
                paths.append(path)
    return paths


def _file_name(code: str) -> str:
    """Keep of a code what every file system takes."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in code)
