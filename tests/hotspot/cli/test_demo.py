"""The demonstration: from nothing to a published week, with planted truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotspot.demo import KINDS

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
