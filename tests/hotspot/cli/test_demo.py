"""The demonstration: from nothing to a published week, with planted truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hotspot.demo import KINDS, WEEKS

if TYPE_CHECKING:
    from tests.hotspot.cli.conftest import Demo, Run


def test_demo__publishes_eight_weeks_of_every_theme(demo: Demo) -> None:
    weeks = demo.result["weeks"]
    assert len(weeks) == 8
    assert all(sorted(counts) == sorted(kind.theme for kind in KINDS) for counts in weeks.values())


def test_demo__finds_what_was_planted_and_little_else(demo: Demo) -> None:
    planted = demo.result["planted"]
    assert len(planted) >= 5
    assert sum(truth["found_in"] != [] for truth in planted) >= 4
    by_theme = [counts for week in demo.result["weeks"].values() for counts in week.values()]
    shown = sum(counts["acute"]["confirmed"] for counts in by_theme)
    at_truth = sum(len(truth["found_in"]) for truth in planted)
    # 48 lists at 5 %: more than 7 false ones would be a surprise (chance below 1 %).
    assert shown - at_truth <= 7


def test_demo__plants_a_place_for_all_the_year_and_finds_it_as_chronic(demo: Demo, run: Run) -> None:
    (chronic,) = (truth for truth in demo.result["planted"] if truth["kind"] == "chronic")
    assert (chronic["first_week"], chronic["last_week"]) == ("2025-W37", "2026-W44")
    assert WEEKS == 60
    assert list(chronic["found_in"]) == list(demo.result["weeks"])
    rows = run("list", "--store", demo.store, "--json").json["hotspots"]
    assert {"acute", "chronic"} == {row["kind"] for row in rows if row["theme"] == chronic["theme"]}


def test_demo__the_file_is_that_of_monday_six_o_clock(demo: Demo, run: Run) -> None:
    register = pd.read_csv(demo.folder / ".demo/maastricht_demo/incidents.csv", sep=";", dtype=str)
    known = pd.to_datetime(
        register["kennisnamedatum"] + " " + register["kennisnametijd"], format="%d-%m-%Y %H:%M"
    )
    assert pd.Timestamp("2026-11-02 04:00") < known.max() <= pd.Timestamp("2026-11-02 06:00")
    told = run("list", "--store", demo.store, "--json").json
    assert pd.Timestamp(told["as_of"]) <= known.max().tz_localize("Europe/Amsterdam")
    assert pd.Timestamp(told["as_of"]) > pd.Timestamp("2026-11-02 04:00", tz="Europe/Amsterdam")
    # A mean delay of 20 hours leaves 91 % of a week known six hours after its end.
    for complete in told["completeness"].values():
        assert complete["is_known"]
        assert 0.85 < complete["share"] < 0.95


def test_demo__a_second_run_changes_nothing(demo: Demo, run: Run) -> None:
    before = run("list", "--week", "latest", "--store", demo.store, "--json").json
    loads = run("loads", "--store", demo.store, "--json").json
    assert run(
        "load",
        "incidents",
        demo.folder / ".demo/maastricht_demo/incidents.csv",
        "--mapping",
        "dutch_generic",
        "--store",
        demo.store,
        "--json",
    ).json[0]["unchanged"]
    again = run("publish", "--week", "2026-W44", "--store", demo.store, "--json").json
    assert again[0]["edition"] == "1"
    assert run("list", "--week", "latest", "--store", demo.store, "--json").json == before
    assert run("loads", "--store", demo.store, "--json").json == loads


def test_demo__refuses_a_folder_that_is_none(run: Run) -> None:
    outcome = run("demo", "--data", "no/such/folder", "--no-serve")
    assert outcome.code == 3
    assert "no/such/folder" in outcome.err


def test_demo__names_the_places_when_the_folder_is_no_known_one(run: Run, demo: Demo) -> None:
    outcome = run("demo", "--data", demo.folder, "--no-serve")
    assert outcome.code == 3
    assert "st_louis_2010" in outcome.err
