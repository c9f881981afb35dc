"""The commands, in the order of the README, on the demonstration's files and on wrong input."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hotspot.cli.conftest import Demo, Run

BOUNDARIES = "geodata/maastricht_schematic.geojson"


@pytest.fixture
def own(demo: Demo, tmp_path: Path) -> str:
    """Address of a copy of the demonstration's store."""
    shutil.copy(demo.store.removeprefix("sqlite:///"), tmp_path / "own.db")
    return f"sqlite:///{tmp_path}/own.db"


@pytest.fixture
def incidents(demo: Demo) -> Path:
    """The demonstration's incident file."""
    return demo.folder / ".demo/maastricht_demo/incidents.csv"


def test_commands__go_from_nothing_to_a_list(
    empty_store_url: str, incidents: Path, tmp_path: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    store = ("--store", empty_store_url)
    boundaries = request.config.rootpath / BOUNDARIES
    assert run("init", "--code", "GM0935", "--name", "Maastricht", *store).code == 0
    loaded = run(
        "load", "boundaries", boundaries, "--vintage", 2024, "--source", "schematic", *store, "--json"
    ).json
    assert loaded["areas"] == {"neighbourhood": 44, "district": 7, "municipality": 1}
    rows = run("load", "incidents", incidents, "--mapping", "dutch_generic", *store, "--json").json[0]
    assert rows["rows_accepted"] + rows["rows_refused"] == rows["rows_read"] > 9_000
    assert sum(rows["refused_by_reason"].values()) == rows["rows_refused"]
    assert run("quality", *store).code == 0
    assert run("detect", "--week", "2026-W44", *store).code == 0
    assert run("publish", "--week", "2026-W44", *store).code == 0
    listed = run("list", "--week", "latest", *store)
    assert listed.code == 0
    assert "2026-W44" in listed.out
    out = tmp_path / "map.html"
    assert run("map", "--out", out, *store).code == 0
    assert out.read_text("utf-8").startswith("<!")


def test_list__says_the_same_in_every_form(demo: Demo, run: Run) -> None:
    at = ("list", "--week", "2026-W44", "--store", demo.store)
    as_json = run(*at, "--format", "json").json
    assert as_json == run(*at, "--json").json
    ids = [row["id"] for row in as_json["hotspots"]]
    assert ids
    assert [one["properties"]["id"] for one in run(*at, "--format", "geojson").json["features"]] == ids
    rows = list(csv.DictReader(io.StringIO(run(*at, "--format", "csv").out)))
    assert [row["id"] for row in rows] == ids
    assert [int(row["observed"]) for row in rows] == [row["observed"] for row in as_json["hotspots"]]
    assert all(row["neighbourhood_name"] for row in rows)


def test_list__speaks_dutch_and_english(demo: Demo, run: Run) -> None:
    english = run("list", "--week", "2026-W44", "--store", demo.store).out
    dutch = run("list", "--week", "2026-W44", "--store", demo.store, "--language", "nl").out
    assert "Drug nuisance" in english
    assert "Drugsoverlast" in dutch
    assert "no hotspots" in english
    assert "geen hotspots" in dutch


def test_list__filters_by_theme_area_and_top(demo: Demo, run: Run) -> None:
    everything = run("list", "--week", "2026-W44", "--store", demo.store, "--json").json["hotspots"]
    theme = everything[0]["theme"]
    area = everything[0]["neighbourhood"]
    some = run(
        "list", "--week", "2026-W44", "--store", demo.store, "--theme", theme, "--area", area, "--json"
    ).json
    assert [row["id"] for row in some["hotspots"]] == [
        row["id"]
        for row in everything
        if row["theme"] == theme and area in {share["code"] for share in row["neighbourhoods"]}
    ]
    first = run("list", "--week", "2026-W44", "--store", demo.store, "--top", 1, "--json").json["hotspots"]
    assert {row["rank"] for row in first} == {1}


def test_load_boundaries__are_needed_again_for_incidents_when_they_change(
    own: str, incidents: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    changed = json.loads((request.config.rootpath / BOUNDARIES).read_text("utf-8"))
    changed["features"][0]["properties"]["name"] = "Renamed"
    other = incidents.parent / "renamed.geojson"
    other.write_text(json.dumps(changed), encoding="utf-8")
    assert run("load", "boundaries", other, "--vintage", 2025, "--store", own).code == 0
    again = run("load", "incidents", incidents, "--mapping", "dutch_generic", "--store", own, "--json").json[
        0
    ]
    assert not again["unchanged"]


def test_refused__can_be_listed_and_exported(demo: Demo, tmp_path: Path, run: Run) -> None:
    counts = run("loads", "--store", demo.store, "--json").json[0]["refused_by_reason"]
    out = tmp_path / "refused.csv"
    assert run("refused", "--out", out, "--store", demo.store).code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert {reason: sum(row["reason"] == reason for row in rows) for reason in counts} == counts
    one = run("refused", "--reason", "duplicate", "--store", demo.store, "--json").json
    assert len(one) == counts["duplicate"]
    assert all(row["row"] >= 2 for row in one)


def test_quality__adds_up(demo: Demo, run: Run) -> None:
    report = run("quality", "--store", demo.store, "--json").json
    loads = run("loads", "--store", demo.store, "--json").json
    assert report["rows_read"] == sum(load["rows_read"] for load in loads)
    assert report["rows_accepted"] == sum(load["rows_accepted"] for load in loads)
    table = run("quality", "--store", demo.store)
    assert table.code == 0
    assert "no_coordinates" in table.out


def test_mapping_check__tells_what_becomes_of_a_file(incidents: Path, run: Run) -> None:
    check = run("mapping", "check", "dutch_generic", incidents, "--json")
    assert check.code == 0
    assert "drug_nuisance" in check.out
    people = run("mapping", "check", "dutch_generic", incidents)
    assert "3.7.4" in people.out


def test_mapping_list__names_what_ships(run: Run) -> None:
    names = {entry["name"] for entry in run("mapping", "list", "--json").json}
    assert {
        "st_louis_2010",
        "chicago",
        "uk_police",
        "nyc_vehicle_thefts",
        "nij_portland",
        "dutch_generic",
    } <= names
    assert "st_louis_2010" in run("mapping", "list").out


def test_load_incidents__of_a_wrong_file_names_row_and_column_and_stores_nothing(
    own: str, tmp_path: Path, run: Run
) -> None:
    before = run("loads", "--store", own, "--json").json
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("registratienummer;soort\n1;1.1.1\n", encoding="utf-8")
    outcome = run("load", "incidents", wrong, "--mapping", "dutch_generic", "--store", own)
    assert outcome.code == 2
    assert "wrong.csv" in outcome.err
    assert "soort_misdrijf" in outcome.err
    assert run("loads", "--store", own, "--json").json == before


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["detect", "--week", "2026-44"], 2, "a week looks like"),
        (["detect"], 2, "name a week"),
        (["detect", "--weeks", "2026-W44..2026-W40"], 2, "forward"),
        (["detect", "--week", "2026-W44", "--weeks", "many"], 2, "number"),
        (["detect", "--week", "2026-W44", "--weeks", "2026-W01..2026-W02"], 2, "not both"),
        (["detect", "--week", "2999-W01"], 2, "must have ended"),
        (["publish", "--week", "1999-W01"], 3, "hotspot detect"),
        (["refused", "--out", "docs"], 2, "docs"),
        (["list", "--edition", "99999999999999999999"], 2, "edition"),
        (["list", "--week", "1999-W01"], 3, "not been published"),
        (["list", "--theme", "kindness"], 2, "drug_nuisance"),
        (["list", "--area", "BU00000000"], 2, "area must be"),
        (["load", "incidents", "no.csv", "--mapping", "dutch_generic"], 2, "does not exist"),
        (["load", "incidents", BOUNDARIES, "--mapping", "atlantis"], 2, "atlantis"),
        (["load", "boundaries", "no.geojson", "--vintage", "2020"], 2, "no.geojson"),
        (["map", "--out", "no/such/folder/map.html"], 2, "existing folder"),
        (["refused", "--reason", "mood"], 2, "zero_coordinates"),
    ],
)
def test_commands__say_what_is_wrong(
    arguments: list[str],
    code: int,
    complaint: str,
    own: str,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(request.config.rootpath)
    outcome = run(*arguments, "--store", own)
    assert outcome.code == code, outcome
    assert complaint in outcome.err
    assert "Traceback" not in outcome.err


def test_commands__without_a_store_say_how_to_make_one(tmp_path: Path, run: Run) -> None:
    outcome = run("list", "--store", f"sqlite:///{tmp_path}/none.db")
    assert outcome.code == 5
    assert "hotspot init" in outcome.err


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [("--srid", "4326", "in metres"), ("--time-zone", "Mars/Olympus", "IANA"), ("--srid", "1", "EPSG:1")],
)
def test_init__refuses_a_plane_or_zone_that_cannot_serve(
    tmp_path: Path, run: Run, option: str, value: str, complaint: str
) -> None:
    store = f"sqlite:///{tmp_path}/new.db"
    outcome = run("init", "--code", "X", "--name", "X", option, value, "--store", store)
    assert outcome.code == 2
    assert complaint in outcome.err
    assert not (tmp_path / "new.db").exists()


def test_settings__out_of_bounds_are_named(demo: Demo, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_DETECTION_ALPHA", "5")
    outcome = run("detect", "--week", "2026-W44", "--store", demo.store)
    assert outcome.code == 2
    assert "alpha" in outcome.err


def test_detect__gives_the_same_bytes_again(own: str, run: Run) -> None:
    first = run("detect", "--week", "2026-W43", "--store", own, "--json")
    assert first.out == run("detect", "--week", "2026-W43", "--store", own, "--json").out


def test_help__of_the_program_lists_every_command(run: Run) -> None:
    outcome = run("--help")
    assert outcome.code == 0
    for name in (
        "init",
        "load",
        "mapping",
        "quality",
        "refused",
        "detect",
        "publish",
        "list",
        "map",
        "serve",
        "demo",
    ):
        assert name in outcome.out


def test_load_boundaries__of_other_codes_must_be_followed_by_the_incidents(
    own: str, tmp_path: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    changed = json.loads((request.config.rootpath / BOUNDARIES).read_text("utf-8"))
    for feature in changed["features"]:
        feature["properties"] |= {"code": "X" + feature["properties"]["code"], "schematic": False}
    other = tmp_path / "renumbered.geojson"
    other.write_text(json.dumps(changed), encoding="utf-8")
    assert (
        "load the incident files again"
        in run("load", "boundaries", other, "--vintage", 2030, "--store", own).out
    )
    outcome = run("detect", "--week", "2026-W44", "--store", own)
    assert outcome.code == 5
    assert "load the incident files again" in outcome.err


def test_commands__print_brackets_as_they_are(tmp_path: Path, run: Run) -> None:
    store = f"sqlite:///{tmp_path}/odd.db"
    outcome = run("init", "--code", "X", "--name", "Foo[/bar] [red]", "--store", store)
    assert outcome.code == 0
    assert "Foo[/bar] [red]" in outcome.out


def test_load_incidents__without_any_accepted_row_says_what_to_look_at(
    demo: Demo, tmp_path: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    store = f"sqlite:///{tmp_path}/far.db"
    run("init", "--code", "GM0935", "--name", "Maastricht", "--store", store)
    run("load", "boundaries", request.config.rootpath / BOUNDARIES, "--vintage", 2024, "--store", store)
    far = tmp_path / "far.csv"
    far.write_text(
        "soort_misdrijf;bvh_klasse;registratienummer;begindatum;begintijd;einddatum;eindtijd;kennisnamedatum;"
        "kennisnametijd;x_coordinaat;y_coordinaat;buurtcode\n"
        "[/x];;1;01-01-2026;12:00;;;;;5,69;50,85;\n1.1.1;;2;01-01-2026;12:00;;;;;5,69;50,85;\n",
        encoding="utf-8",
    )
    outcome = run("load", "incidents", far, "--mapping", "dutch_generic", "--store", store)
    assert outcome.code == 0
    assert "no row was accepted" in outcome.out
    assert run("mapping", "check", "dutch_generic", far).code == 0
    assert "[/x]" in run("refused", "--store", store).out
