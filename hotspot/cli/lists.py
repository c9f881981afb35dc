"""`hotspot list`: a published week to read and to hand on."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspot.cli.files import write_whole
from hotspot.cli.opening import reading
from hotspot.cli.options import Json, Language, LanguageOption, Store
from hotspot.cli.output import Output
from hotspot.cli.weekly import EditionOption, WeekArgument, read_list
from hotspot.errors import InvalidParameter
from hotspot.model import Grade, Kind
from hotspot.report import delimited, document, statements, telling
from hotspot.report.delimited import Delimiter
from hotspot.report.words import words
from hotspot.store.publications import Conditions

if TYPE_CHECKING:
    from hotspot.report.published import Json as Told
    from hotspot.report.published import PublishedList


class Format(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    JSON = "json"


_FILES = tuple(form for form in Format if form is not Format.TABLE)
"""Forms that a file may have; its name ends in the form."""
_BINARY = (Format.XLSX, Format.GPKG)
"""Forms that no terminal can show."""


class ShownGrade(StrEnum):
    """Grades that a list shows."""

    CONFIRMED = Grade.CONFIRMED
    LIKELY = Grade.LIKELY


_COLUMNS = (
    ("#", "rank"),
    ("", "change"),
    ("", "where"),
    ("", "theme"),
    ("#", "weeks_1_4_12"),
    ("#", "against"),
    ("", "lifecycle"),
    ("", "hot_time"),
    ("", "grade"),
    ("", "kind"),
    ("", "action"),
)
"""Columns of the table; the first part says which stand right."""


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
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="How to write it; default: what --output ends in, else a table.",
            show_default=False,
        ),
    ] = None,
    delimiter: Annotated[
        Delimiter, typer.Option(help="Of CSV; semicolon, with decimal commas, is for a Dutch spreadsheet.")
    ] = Delimiter.COMMA,
    output: Annotated[
        Path | None,
        typer.Option(
            help=f"File to write, ending in {', '.join(f'.{one}' for one in _FILES)}.", show_default=False
        ),
    ] = None,
    language: LanguageOption = Language.EN,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Print the ranked hotspots of a published week, or write them to a file.

    Below the table stands up to when reports were in and how complete the week is, what has left the list,
    which rises there are and how many of them chance is expected to make, how last week's list did beside two
    naive ones, and how often each grade errs. A theme without hotspots says so.

    Examples: `hotspot list --week latest`; `hotspot list --week 2010-W30 --theme drug_nuisance --top 5`;
    `hotspot list --output week.xlsx --language nl`; `hotspot list --format csv --delimiter semicolon`
    """
    form = _form(Format.JSON if as_json else form, output)
    with reading(store) as connection:
        judged = None if grade is None else Grade(grade)
        wanted = Conditions(edition=edition, theme=theme, kind=kind, grade=judged, area=area)
        listed = read_list(connection, week, wanted).published
        if area is not None:
            # Others of a tie may lie elsewhere, and still share its place.
            whole = read_list(connection, str(listed.week), Conditions(edition=listed.edition)).published
            listed = replace(listed, ties=whole.all_ties())
    if theme is not None and form is not Format.JSON:
        listed = listed.of_theme(theme)
    if top is not None:
        listed = listed.part([one for one in listed.features if one["properties"]["rank"] <= top])
    if form is Format.TABLE:
        _print_table(listed, language)
        return
    content = _content(listed, form, delimiter, language)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        write_whole(output, content, option="--output")
        Output(as_json).say(f"{output}: {len(listed.features)} hotspots of {listed.week}")


def _form(form: Format | None, output: Path | None) -> Format:
    """Choose the form that the options name; a file's name and its form must agree."""
    if output is None:
        if form in _BINARY:
            raise InvalidParameter(f"--format {form} needs --output FILE.{form}: no terminal can show it")
        return Format.TABLE if form is None else form
    ending = output.suffix.lower().removeprefix(".")
    if ending not in _FILES or (form is not None and form != ending):
        wanted = ", ".join(f".{one}" for one in (_FILES if form is None else (form,)))
        raise InvalidParameter(f"--output must end in {wanted}, got {output.name!r}")
    return Format(ending)


def _content(listed: PublishedList, form: Format, delimiter: Delimiter, language: Language) -> bytes:
    """Write a list in one form; what only some forms need is imported for those alone."""
    if form is Format.CSV:
        return delimited.as_csv(listed, delimiter=delimiter, language=language)
    if form is Format.GEOJSON:
        return document.as_geojson(listed)
    if form is Format.JSON:
        return document.as_json(listed)
    module, function = {
        Format.XLSX: ("workbook", "as_workbook"),
        Format.GPKG: ("geopackage", "as_geopackage"),
    }[form]
    content: bytes = getattr(import_module(f"hotspot.report.{module}"), function)(listed, language=language)
    return content


def _print_table(listed: PublishedList, language: Language) -> None:
    """Print the list for people."""
    said, output = words(language), Output()
    columns = [column for column in _COLUMNS if column[1] != "action" or listed.notes]
    title = said["list"].format(week=listed.week, edition=listed.edition)
    if not listed.rows:
        # A table without rows is not printed, and a reader must know of which week nothing is listed.
        output.say(f"{title}: {said['no_hotspots']}")
    output.table(
        title,
        [side + said[name] for side, name in columns],
        [_row(listed, row, language)[: len(columns)] for row in listed.rows],
    )
    for line in statements.below(listed, language):
        output.say(line)


def _row(listed: PublishedList, row: Told, language: Language) -> list[object]:
    """Write one hotspot as cells, in the order of the columns."""
    return [
        telling.rank(row, is_tied=listed.is_tied(row)),
        telling.change(row, language),
        telling.where(row, language),
        listed.label(row["theme"], language),
        telling.counts(row),
        f"{telling.against(row, language)} {telling.window(row, language)}",
        telling.lifecycle(row, language),
        telling.hot_time(row, language),
        telling.grade(row, language),
        telling.kind_and_form(row, language),
        telling.action_in_short(row, listed.notes, language),
    ]
