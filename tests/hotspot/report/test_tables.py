"""The list as CSV, XLSX, GeoPackage, JSON and GeoJSON: the same rows in every form."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import jsonschema
import openpyxl
import pyogrio
import pytest
import shapely

from hotspot.report import delimited, document, geopackage, tables, workbook
from hotspot.report.columns import COLUMNS, Type
from hotspot.report.delimited import Delimiter
from tests.hotspot.report import published

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotspot.report.published import PublishedList

SCHEMA = json.loads(Path(__file__).parents[3].joinpath("docs/list.schema.json").read_text("utf-8"))


def read_csv(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def sheets(content: bytes) -> Any:  # noqa: ANN401 -- openpyxl
    return openpyxl.load_workbook(io.BytesIO(content))


def valid(value: dict[str, Any]) -> None:
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(value)


@pytest.fixture(params=["week", "early", "empty"])
def listed(request: pytest.FixtureRequest) -> PublishedList:
    made: dict[str, Callable[[], PublishedList]] = {
        "week": published.week, "early": published.early_week, "empty": lambda: published.week([])
    }  # fmt: skip
    return made[request.param]()


def test_columns__have_headings_and_meanings_in_both_languages_and_own_names() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    for more in tables.COLUMNS.values():
        assert len({column.name for column in more}) == len({column.heading for column in more}) == len(more)
    for column in (*COLUMNS, *(column for more in tables.COLUMNS.values() for column in more)):
        assert column.heading.nl
        assert column.heading.en
        assert column.meaning.nl.endswith(".")
        assert column.meaning.en.endswith(".")


def test_csv__begins_with_the_mark_and_has_a_header_even_without_rows(listed: PublishedList) -> None:
    content = delimited.as_csv(listed, delimiter=Delimiter.COMMA, language="en")
    assert content.startswith(b"\xef\xbb\xbfweek,edition,theme,")
    assert [row["id"] for row in read_csv(content)] == [row["id"] for row in listed.rows]


def test_csv__with_semicolons_has_decimal_commas() -> None:
    week = published.week()
    point = read_csv(delimited.as_csv(week, delimiter=Delimiter.COMMA, language="nl"))
    comma = read_csv(delimited.as_csv(week, delimiter=Delimiter.SEMICOLON, language="nl"), ";")
    for column in COLUMNS:
        if column.type in {Type.NUMBER, Type.SHARE, Type.PROBABILITY, Type.DEGREES}:
            assert [row[column.name].replace(",", ".") for row in comma] == [
                row[column.name] for row in point
            ]
    assert comma[0]["expected"] == "1,1"
    assert float(point[0]["lon_deg"]) == week.rows[0]["centroid"][0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv__holds_no_formula_whatever_a_neighbourhood_is_called(start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    week = published.week([published.hotspot(neighbourhood_name=name)])
    (row,) = read_csv(delimited.as_csv(week, delimiter=Delimiter.COMMA, language="en"))
    assert row["neighbourhood_name"] == f"'{name}"


def test_csv__of_a_hotspot_that_stayed_says_so_in_a_word() -> None:
    week = published.week([published.hotspot(rank=3)])
    (row,) = read_csv(delimited.as_csv(week, delimiter=Delimiter.COMMA, language="en"))
    assert row["change"] == "same"


def test_workbook__has_a_sheet_for_all_for_each_theme_and_for_the_method(listed: PublishedList) -> None:
    book = sheets(workbook.as_workbook(listed, language="nl"))
    themes = [listed.label(theme, "nl") for theme in listed.themes]
    more = [
        tables.NAMES[part].nl for part in tables.NAMES if part in listed.summary
    ]  # Early editions have none.
    assert book.sheetnames == ["alle", *themes, *more, "methode en bronnen"]
    for name in ("alle", *themes):
        sheet = book[name]
        assert sheet.freeze_panes == "E2"
        assert sheet.auto_filter.ref.startswith("A1:")
    rows = [len(list(book[name].iter_rows(min_row=2, max_col=1, values_only=True))) for name in themes]
    assert sum(rows) == len(listed.rows)


def test_workbook__holds_numbers_dates_and_truth_as_what_they_are() -> None:
    week = published.week()
    sheet = sheets(workbook.as_workbook(week, language="en"))["all"]
    first = next(sheet.iter_rows(min_row=2, values_only=True))
    told = dict(zip((column.path for column in COLUMNS), first, strict=True))
    row = week.rows[0]
    assert told["rank"] == 1
    assert isinstance(told["rank"], int)
    assert told["expected"] == row["expected"]
    assert told["window_start"] == dt.datetime(2026, 10, 26)  # noqa: DTZ001 -- a cell has no time zone.
    assert told["pile_up"] is False
    assert told["kind"] == "acute"
    assert told["theme_name"] == "Assault"


def table_of(content: bytes, name: str) -> tuple[str, list[dict[str, Any]]]:
    """What stands above a table, and its rows by heading."""
    lines = list(sheets(content)[name].iter_rows(values_only=True))
    return str(lines[0][0]), [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def test_workbook__of_an_early_edition_has_no_tables_beside_the_list() -> None:
    assert tables.tables(published.early_week(), "en") == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_workbook__has_tables_beside_the_list_with_a_frozen_header_and_filters(language: str) -> None:
    book = sheets(workbook.as_workbook(published.week(), language=language))
    for table in tables.tables(published.week(), language):
        sheet = book[table.name]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet["A1"].value == table.head
        assert [cell.value for cell in sheet[2]] == [
            column.heading.nl if language == "nl" else column.heading.en for column in table.columns
        ]
        assert sheet.max_row == 2 + len(table.rows)


def test_workbook__tells_the_hotcrimes_with_the_alarms_first() -> None:
    head, rows = table_of(workbook.as_workbook(published.week(), language="en"), "hotcrimes")
    assert head.startswith("Subthemes by neighbourhood: 1 alarms of 200 tests; of these 0.2 are expected")
    assert [(row["subtheme"], row["alarm"]) for row in rows] == [
        ("Drug dealing", True),
        ("Assault in public", False),
        ("Home burglary", False),
    ]
    first = rows[0]
    assert (first["theme"], first["area"], first["level"]) == ("Drug nuisance", "Binnenstad", "neighbourhood")
    assert (first["counted"], first["expected"], first["ratio from"], first["ratio to"]) == (9, 1.4, 0.6, 2.1)
    assert (first["trend"], first["few data"]) == ("up", False)
    assert (rows[2]["few data"], rows[2]["p-value"]) == (True, None)


def test_workbook__tells_above_the_rises_how_many_chance_is_expected_to_have_made() -> None:
    head, rows = table_of(workbook.as_workbook(published.week(), language="nl"), "stijgingen")
    assert head == "Stijgingen: 1 van 264 toetsen; daarvan naar verwachting 1,3 vals."
    assert [(row["thema"], row["niveau"], row["alarm"]) for row in rows] == [
        ("Drugsoverlast", "buurt", True),
        ("Woninginbraak", "gemeente", False),
    ]
    assert (rows[0]["EARS"], rows[1]["EARS"], rows[1]["meer dan gemeente"]) == ("c2", "\u2013", None)
    assert rows[0]["uitleg"] == "Drugsoverlast in Binnenstad: 21 meldingen, 9,5 verwacht."


def test_workbook__tells_shifts_hit_rates_and_concentration() -> None:
    content = workbook.as_workbook(published.week(), language="en")
    (shift,) = table_of(content, "shifts")[1]
    assert (shift["theme"], shift["kind"], shift["less"], shift["more"]) == ("Assault", "hour", 6, 7)
    rates = table_of(content, "hit rate")[1]
    assert [row["hit rate"] for row in rates] == [0.21, 0.12, 0.34]
    assert rates[0]["12 weeks"] == pytest.approx(0.14)
    assert rates[0]["list of"] == "2026-W46"
    spread = table_of(content, "concentration")[1]
    assert [row["addresses with 50%"] for row in spread] == [0.0304, 0.0304, None]
    assert [row["by chance Gini"] for row in spread] == [0.0621, 0.0621, None]


def test_workbook__of_one_theme_tells_no_other_beside_the_list() -> None:
    content = workbook.as_workbook(published.week().of_theme("burglary"), language="en")
    for table in tables.tables(published.week().of_theme("burglary"), "en"):
        assert {row["theme"] for row in table_of(content, table.name)[1]} <= {"Burglary"}
    assert len(table_of(content, "hotcrimes")[1]) == 1


def test_workbook__marks_a_shared_place_and_leaves_it_a_number() -> None:
    place = [column.path for column in COLUMNS].index("tie") + 1
    sheet = sheets(workbook.as_workbook(published.week(), language="en"))["Drug nuisance"]
    ties = [sheet.cell(line, place) for line in range(2, sheet.max_row + 1)]
    assert [cell.value for cell in ties] == [1, 2, 3, 4, 4, 6, 7]
    assert [cell.number_format == '0"="' for cell in ties] == [False] * 3 + [True] * 2 + [False] * 2


def test_workbook__holds_no_formula_and_no_link() -> None:
    row = published.hotspot(neighbourhood_name="=1+1", neighbourhood="https://example.test")
    sheet = sheets(workbook.as_workbook(published.week([row]), language="en"))["all"]
    cells = {cell.value: cell for line in sheet.iter_rows(min_row=2) for cell in line}
    assert cells["=1+1"].data_type == "s"
    assert cells["https://example.test"].hyperlink is None


def test_workbook__says_how_it_was_made_and_what_each_column_means() -> None:
    week = published.week()
    sheet = sheets(workbook.as_workbook(week, language="en"))["method and sources"]
    lines = [tuple(line) for line in sheet.iter_rows(values_only=True)]
    told = dict(lines)
    assert told["content (SHA-256)"] == published.HASH
    assert told["disclosure level"] == "internal"
    assert told["as of"] == "23 November 2026, 05:00"
    assert told["alpha"] == "0.05: bound on the chance of a false confirmed one"
    assert "Schematic boundaries" in told["boundaries"]
    for column in (*COLUMNS, *(column for more in tables.COLUMNS.values() for column in more)):
        assert (column.heading.en, column.meaning.en) in lines
    for name in tables.NAMES.values():
        assert (f"Columns of '{name.en}'", "") in lines
    assert any("at most 1 in 10 is expected to be false" in str(said) for _, said in lines)


def test_workbook__names_sheets_as_the_format_allows() -> None:
    long = {"nl": "Overlast: personen/groepen [straat] en nog veel meer", "en": "x"}
    labels = published.LABELS | {"assault": long, "burglary": long, "nuisance": {"nl": "ALLE", "en": "All"}}
    names = sheets(workbook.as_workbook(published.week(labels=labels), language="nl")).sheetnames
    assert len({name.lower() for name in names}) == len(names) == 7 + len(tables.NAMES)
    assert all(len(name) <= workbook.MAX_SHEET_NAME for name in names)


def test_files__are_the_same_bytes_at_another_time(listed: PublishedList) -> None:
    def made() -> list[bytes]:
        return [
            workbook.as_workbook(listed, language="nl"),
            geopackage.as_geopackage(listed, language="nl"),
            delimited.as_csv(listed, delimiter=Delimiter.COMMA, language="nl"),
            document.as_json(listed),
            document.as_geojson(listed),
        ]

    first = made()
    # Past the next second, which a clock in a file would tell.
    time.sleep(1.01)
    assert made() == first


def test_geopackage__holds_shapes_and_typed_columns(listed: PublishedList, tmp_path: Path) -> None:
    path = tmp_path / "week.gpkg"
    path.write_bytes(geopackage.as_geopackage(listed, language="en"))
    assert pyogrio.list_layers(path)[:, 0].tolist() == [geopackage.LAYER]
    frame = geopandas.read_file(path)
    assert frame.crs.to_epsg() == 4326
    assert [column.name for column in COLUMNS] == list(frame.columns[:-1])
    assert frame["id"].tolist() == [row["id"] for row in listed.rows]
    for shape, feature in zip(frame.geometry, listed.features, strict=True):
        assert shape.equals(shapely.geometry.shape(feature["geometry"]))
    if len(frame):
        assert frame["observed"].dtype.kind == "i"
        assert frame["window_start"].dtype.kind == "M"


def test_json__meets_its_schema(listed: PublishedList) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told = json.loads(document.as_json(listed))
    valid(told)
    assert [row["id"] for row in told["hotspots"]] == [row["id"] for row in listed.rows]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rank", 0),
        ("kind", "chilly"),
        ("week", "2026-47"),
        ("observed", 1.5),
        ("lifecycle", "gone"),
        ("why", "because"),
        (
            "hot_times",
            {"incidents": 1, "left_out": 0, "hours": [[0.0] * 24], "is_pattern": True, "peak": None},
        ),
    ],
)
def test_json__that_is_wrong_does_not_meet_the_schema(name: str, value: Any) -> None:  # noqa: ANN401 -- JSON
    told = document.document(published.week([published.hotspot(**{name: value})] if name != "week" else None))
    if name == "week":
        told["week"] = value
    with pytest.raises(jsonschema.ValidationError):
        valid(told)


def test_schema__describes_every_column_that_stands_in_the_list() -> None:
    row = SCHEMA["$defs"]["hotspot"]["properties"]
    derived = {"edition", "theme_name", "change", "hot_time", "action", "open_weeks", "lon_deg", "lat_deg"}
    for column in COLUMNS:
        if column.path not in derived:
            assert column.path.split(".")[0] in row, column.path


def closed(schema: Any) -> Any:  # noqa: ANN401 -- JSON
    """The schema as if nothing but what it describes may stand anywhere."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items() if key != "properties"}
    if "properties" in schema:
        made["properties"] = {name: closed(one) for name, one in schema["properties"].items()}
        made.setdefault("additionalProperties", False)
    return made


def test_schema__describes_every_member_of_a_full_week_at_every_depth() -> None:
    told = json.loads(document.as_json(published.week()))
    check = jsonschema.Draft202012Validator(closed(SCHEMA))
    assert [error.message for error in check.iter_errors(told)] == []
    told["hotcrimes"]["rows"][0]["more"] = 1
    assert not check.is_valid(told)


@pytest.mark.parametrize("part", ["hotcrimes", "alarms", "shifts", "backing", "concentration"])
def test_schema__describes_every_column_of_the_tables_beside_the_list(part: str) -> None:
    described = SCHEMA["properties"][part]
    rows = described["items"] if "items" in described else described["properties"]["rows"]["items"]
    for column in tables.COLUMNS[part]:
        if column.path not in {"theme_name", "subtheme_name"}:
            assert column.path.split(".")[0] in rows["properties"], column.path


def test_geojson__is_a_collection_that_names_its_edition(listed: PublishedList) -> None:
    told = json.loads(document.as_geojson(listed))
    assert told["type"] == "FeatureCollection"
    assert (told["week"], told["edition"]) == (str(listed.week), listed.edition)
    assert told["features"] == json.loads(json.dumps(listed.features))
