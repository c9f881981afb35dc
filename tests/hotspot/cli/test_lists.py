"""The list says of each hotspot what it is and how sure, and is written whole in every form."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import os
from typing import TYPE_CHECKING

import geopandas
import openpyxl
import pytest

from hotspot.store import engine as engines
from hotspot.store.publications import write_publication
from tests.api.published import weeks, write_town

if TYPE_CHECKING:
    from pathlib import Path

    from hotspot.editions import PublishedFeature
    from tests.hotspot.cli.conftest import Run


@pytest.fixture
def town(sqlite_url: str) -> str:
    """Address of a store with a confirmed, a likely and a chronic hotspot in its newest week."""
    write_town(sqlite_url)
    return sqlite_url


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder; the store lies beside it."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_list__says_kind_grade_and_form_and_the_error_rate_of_each_grade(town: str, run: Run) -> None:
    english = run("list", "--store", town).out
    for said in ("chronic", "acute", "confirmed", "likely", "hot line", "hot area"):
        assert said in english
    assert "Confirmed: of the weeks without hotspots, at most 5% show any, per theme and kind." in english
    assert "at most 1 in 10 is expected to be false" in english
    dutch = run("list", "--store", town, "--language", "nl").out
    for said in ("chronisch", "acuut", "bevestigd", "waarschijnlijk", "hot lijn", "hot gebied"):
        assert said in dutch
    assert "hooguit 1 op de 10 vals" in dutch


def test_list__states_no_rate_of_a_grade_that_it_does_not_show(town: str, run: Run) -> None:
    assert "Likely:" not in run("list", "--store", town, "--kind", "chronic").out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--kind", "chronic"], ["b1"]),
        (["--grade", "likely"], ["d2"]),
        (["--kind", "acute", "--grade", "confirmed"], ["d1"]),
        (["--kind", "chronic", "--grade", "likely"], []),
    ],
)
def test_list__filters_by_kind_and_grade(
    town: str, run: Run, options: list[str], expected: list[str]
) -> None:
    listed = run("list", "--store", town, *options, "--json").json["hotspots"]
    assert [row["id"] for row in listed] == expected
    table = list(csv.DictReader(io.StringIO(run("list", "--store", town, *options, "--format", "csv").out)))
    assert [(row["kind"], row["grade"], row["form"], row["q_value"]) for row in table] == [
        (row["kind"], row["grade"], row["form"], str(row["q_value"])) for row in listed
    ]


def test_list__refuses_a_grade_that_nobody_is_shown(town: str, run: Run) -> None:
    outcome = run("list", "--store", town, "--grade", "none")
    assert outcome.code == 2
    assert "confirmed" in outcome.err


def test_list__of_one_theme_speaks_of_no_other(town: str, run: Run) -> None:
    everything = run("list", "--store", town).out
    themes = run("list", "--store", town, "--json").json["themes"]
    assert len(themes) > 1
    only = run("list", "--store", town, "--theme", "burglary").out
    assert "Burglary" in only or "burglary" in only.lower()
    assert "Drug" in everything
    assert "Drug" not in only


def test_list__is_written_in_the_form_that_the_name_ends_in(town: str, run: Run, out: Path) -> None:
    ids = [row["id"] for row in run("list", "--store", town, "--json").json["hotspots"]]
    for ending in ("csv", "xlsx", "geojson", "gpkg", "json"):
        path = out / f"week.{ending}"
        outcome = run("list", "--store", town, "--output", path)
        assert outcome.code == 0, outcome
        assert f"{path.name}: 3 hotspots of 2010-W30" in outcome.out.replace("\n", "")
        assert path.stat().st_size > 0
    rows = csv.DictReader(io.StringIO((out / "week.csv").read_text("utf-8-sig")))
    assert [row["id"] for row in rows] == ids
    assert [row["id"] for row in json.loads((out / "week.json").read_text("utf-8"))["hotspots"]] == ids
    assert sorted(geopandas.read_file(out / "week.gpkg")["id"]) == sorted(ids)
    assert sorted(geopandas.read_file(out / "week.geojson")["id"]) == sorted(ids)
    assert openpyxl.load_workbook(out / "week.xlsx").sheetnames[0] == "all"
    assert len(list(out.iterdir())) == 5


@pytest.fixture
def tied_town(town: str) -> str:
    """The town in an edition in which both hotspots of one theme share a place, the second in no area."""
    week, published_at = weeks()[-1]
    tie = {"tie": 1, "rank_lower": 1, "rank_upper": 2, "too_little_data": True}

    def tied(one: PublishedFeature) -> PublishedFeature:
        if one.theme != "drug_nuisance":
            return one
        feature = json.loads(one.geojson)
        told = json.dumps(feature | {"properties": feature["properties"] | tie})
        return dataclasses.replace(one, geojson=told, areas=one.areas if one.rank == 1 else ())

    features = tuple(tied(one) for one in week.features)
    engine = engines.create_engine(town)
    with engines.begin(engine) as connection:
        write_publication(
            connection,
            dataclasses.replace(week, features=features, content_hash="1" * 64),
            published_at=published_at + dt.timedelta(days=1),
        )
    engine.dispose()
    return town


@pytest.mark.parametrize("options", [[], ["--top", "1"], ["--area", "BU01"], ["--theme", "drug_nuisance"]])
def test_list__marks_a_shared_place_also_where_the_others_are_not_shown(
    tied_town: str, run: Run, options: list[str]
) -> None:
    printed = run("list", "--store", tied_town, *options).out
    assert "1= (1\u20132)" in printed
    assert "A = after the rank: a shared place" in printed
    dutch = run("list", "--store", tied_town, *options, "--language", "nl").out
    assert "Een = achter de rang: gedeelde plaats" in dutch
    # A narrow column breaks the words apart.
    assert "weinig" in dutch


def test_list__marks_no_place_that_is_not_shared(tied_town: str, run: Run) -> None:
    printed = run("list", "--store", tied_town, "--theme", "burglary").out
    assert "1=" not in printed
    assert "after the rank" not in printed


def test_list__tells_the_window_beside_what_was_counted_in_it(town: str, run: Run) -> None:
    printed = run("list", "--store", town).out
    assert "12 / 0.7 in 52 wk" in printed
    assert "in 4 wk" in printed


def test_list__with_semicolons_is_for_a_dutch_spreadsheet(town: str, run: Run) -> None:
    text = run("list", "--store", town, "--format", "csv", "--delimiter", "semicolon").out
    assert text.startswith("\ufeffweek;edition;")
    first = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert "," in first["lon_deg"]
    assert "." not in first["lon_deg"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--output", "week.pdf"], "must end in .csv, .xlsx, .geojson, .gpkg, .json, got 'week.pdf'"),
        (["--output", "week"], "must end in"),
        (["--output", "week.csv", "--format", "xlsx"], "must end in .xlsx"),
        (["--output", "no/such/week.csv"], "existing folder"),
        (["--format", "xlsx"], "--output FILE.xlsx"),
        (["--format", "gpkg"], "--output FILE.gpkg"),
    ],
)
def test_list__says_what_is_wrong_with_a_file(
    town: str,
    run: Run,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(out)
    outcome = run("list", "--store", town, *options)
    assert outcome.code == 2
    assert complaint in " ".join(outcome.err.split())
    assert list(out.iterdir()) == []


def test_list__never_leaves_half_a_file(
    town: str, run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = out / "week.csv"
    path.write_text("the earlier file", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("pathlib.Path.replace", full)
    outcome = run("list", "--store", town, "--output", path)
    assert outcome.code == 2
    assert "No space left" in outcome.err
    assert path.read_text("utf-8") == "the earlier file"
    assert os.listdir(out) == ["week.csv"]  # noqa: PTH208 -- hidden files too.
