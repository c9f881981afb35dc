"""Monday's work in one command: safe to repeat, and a failed step leaves the last list in place."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hotspot.cli.conftest import Demo, Run

LAST = "2026-W44"
"""The last week of the demonstration."""


@pytest.fixture
def own(demo: Demo, tmp_path: Path) -> str:
    """A copy of the demonstration's store."""
    return f"sqlite:///{shutil.copy(demo.store.removeprefix('sqlite:///'), tmp_path / 'own.db')}"


def _file(demo: Demo, folder: Path, *, drop: int = 0, every: int = 1) -> Path:
    """The demonstration's incidents without the last rows of the file, or without every so many of them."""
    lines = (demo.folder / ".demo/maastricht_demo/incidents.csv").read_text("utf-8").splitlines(keepends=True)
    path = folder / "incidents.csv"
    last = len(lines) - drop
    kept = [line for n, line in enumerate(lines) if n < last or (n - last) % every]
    path.write_text("".join(kept), "utf-8")
    return path


def test_run_weekly__does_nothing_twice(run: Run, own: str, tmp_path: Path) -> None:
    folder = tmp_path / "briefings"
    asked = (
        "run-weekly",
        "--week",
        LAST,
        "--store",
        own,
        "--briefings",
        folder,
        "--language",
        "nl",
        "--json",
    )
    first = run(*asked)
    assert first.code == 0, first.err
    steps = {step["step"]: step["outcome"] for step in first.json["steps"]}
    assert steps["detect"] == "2 weeks, 2 unchanged"
    assert steps["follow, rank, publish"] == "nothing new"
    assert (first.json["week"], first.json["edition"]) == (LAST, 1)
    # The municipality and its 44 neighbourhoods, as PDF and as HTML.
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(written) == 90
    again = run(*asked)
    assert (again.code, again.json["edition"]) == (0, 1)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == written


def test_run_weekly__a_correction_is_a_new_edition_that_tells_its_difference(
    run: Run, demo: Demo, own: str, tmp_path: Path
) -> None:
    file = _file(demo, tmp_path, drop=60)
    outcome = run("run-weekly", file, "--mapping", "dutch_generic", "--week", LAST, "--store", own)
    assert outcome.code == 0, outcome.err
    assert f"{LAST} edition 2" in outcome.out
    lines = run("differences", "--week", LAST, "--store", own, "--json").json
    themes = {line["theme"] for line in lines if line["id"] is None}
    assert themes
    said = run("differences", "--week", LAST, "--store", own, "--language", "nl")
    assert "editie 2 naast editie 1" in said.out
    assert run("list", "--week", LAST, "--edition", 1, "--store", own).code == 0


def test_run_weekly__without_data_of_the_week_the_last_list_stays(run: Run, own: str) -> None:
    outcome = run("run-weekly", "--week", "2026-W45", "--store", own)
    assert outcome.code == 4
    assert "the store holds no incident of 2026-W45" in outcome.err
    assert "failed" in outcome.out
    assert f"The list of {LAST}, edition 1, is the newest and stays in place." in outcome.out


def test_run_weekly__a_wrong_file_leaves_everything_as_it_was(run: Run, own: str, tmp_path: Path) -> None:
    before = run("list", "--week", "latest", "--store", own, "--json").json
    file = tmp_path / "wrong.csv"
    file.write_text("a;b\n1;2\n", "utf-8")
    outcome = run("run-weekly", file, "--mapping", "dutch_generic", "--week", LAST, "--store", own)
    assert outcome.code == 2
    assert "wrong.csv" in outcome.err
    assert run("list", "--week", "latest", "--store", own, "--json").json == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--week", "2999-W01"), "a week must have ended to be listed, got 2999-W01"),
        (("some.csv",), "files need --mapping"),
        (("--week", "soon"), "soon"),
    ],
)
def test_run_weekly__refuses_what_makes_no_sense(
    run: Run, own: str, arguments: tuple[str, ...], said: str
) -> None:
    outcome = run("run-weekly", *arguments, "--store", own)
    assert outcome.code == 2
    assert said in outcome.err


def test_hits__pools_the_published_weeks(run: Run, demo: Demo) -> None:
    told = run("hits", "--store", demo.store, "--json").json
    weeks = {row["week"] for row in told["rows"]}
    # Of the eight weeks the first has no list before it.
    assert len(weeks) == 7
    everything = next(one for one in told["pooled"] if one["theme"] == "all")
    rows = [row for row in told["rows"] if row["theme"] == "all" and row["listed"] is not None]
    assert everything["weeks"] == len(rows)
    assert everything["incidents"] == sum(row["incidents"] for row in rows)
    assert everything["listed"]["hits"] == pytest.approx(sum(row["listed"]["hits"] for row in rows))
    shown = run("hits", "--store", demo.store, "--language", "nl")
    assert "trefkans" in shown.out
    assert run("hits", "--week", "2026-W37", "--weeks", 1, "--store", demo.store).code == 3


def test_differences__of_a_first_edition_are_none(run: Run, demo: Demo) -> None:
    said = run("differences", "--week", LAST, "--store", demo.store)
    assert "one edition only" in said.out
    wrong = run("differences", "--week", LAST, "--against", 3, "--store", demo.store)
    assert (wrong.code, "--against must be an edition before 1, got 3" in wrong.err) == (2, True)
    assert run("differences", "--week", LAST, "--store", demo.store, "--json").json == []


def test_note__is_kept_and_shown_and_changes_no_number(run: Run, own: str) -> None:
    before = run("list", "--week", LAST, "--store", own, "--json").json
    hotspot = before["hotspots"][0]["id"]
    assert run("note", "add", hotspot, "--author", "team", "--text", "klopt", "--verdict", "confirmed",
               "--store", own).code == 0  # fmt: skip
    assert run("note", "action", hotspot, "--author", "team", "--what", "patrol", "--who", "team",
               "--due", "2026-12-04", "--status", "agreed", "--store", own).code == 0  # fmt: skip
    (verdict, action) = run("note", "list", hotspot, "--store", own, "--json").json
    assert (verdict["verdict"], verdict["text"], action["action"]["status"]) == (
        "confirmed",
        "klopt",
        "agreed",
    )
    after = run("list", "--week", LAST, "--store", own, "--json").json
    assert after["content_hash"] == before["content_hash"]
    numbers = ("rank", "observed", "expected", "score")
    assert [[row[name] for name in numbers] for row in after["hotspots"]] == [
        [row[name] for name in numbers] for row in before["hotspots"]
    ]
    unknown = run("note", "add", "hs-none", "--author", "team", "--text", "x", "--store", own)
    assert (unknown.code, "there is no hotspot 'hs-none'" in unknown.err) == (3, True)


def test_run_weekly__looks_at_the_folder_before_it_begins(run: Run, own: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", "utf-8")
    outcome = run("run-weekly", "--week", LAST, "--store", own, "--briefings", file / "below")
    assert outcome.code == 2
    assert "--briefings must be a folder that can be written" in outcome.err


def test_publish__refuses_a_week_without_incidents(run: Run, own: str) -> None:
    assert run("detect", "--week", "2026-W45", "--store", own).code == 0
    outcome = run("publish", "--week", "2026-W45", "--store", own)
    assert (outcome.code, "the store holds no incident of 2026-W45" in outcome.err) == (4, True)
    assert run("list", "--week", "latest", "--store", own, "--json").json["week"] == LAST


def test_publish__refuses_a_run_whose_incidents_have_changed(
    run: Run, demo: Demo, own: str, tmp_path: Path
) -> None:
    file = _file(demo, tmp_path, drop=60)
    assert run("load", "incidents", file, "--mapping", "dutch_generic", "--store", own).code == 0
    outcome = run("publish", "--week", LAST, "--store", own)
    assert outcome.code == 5
    assert f"run `hotspot detect --week {LAST}` first" in outcome.err


def test_run_weekly__a_correction_keeps_names_and_judges_the_list_that_was_handed_out(
    run: Run, demo: Demo, own: str, tmp_path: Path
) -> None:
    before = {
        row["id"] for row in run("list", "--week", "2026-W43", "--store", own, "--json").json["hotspots"]
    }
    judged = _areas(run("list", "--week", LAST, "--store", own, "--json").json)
    file = _file(demo, tmp_path, drop=400, every=9)
    outcome = run("run-weekly", file, "--mapping", "dutch_generic", "--week", LAST, "--store", own)
    assert outcome.code == 0, outcome.err
    corrected = run("list", "--week", "2026-W43", "--store", own, "--json").json
    kept = {row["id"] for row in corrected["hotspots"]}
    # What is still listed is listed under the name that people know.
    assert kept & before
    # Week 44 judges the list of week 43 as it was handed out first, also after its correction.
    assert _areas(run("list", "--week", LAST, "--store", own, "--json").json) == judged


def _areas(told: dict[str, Any]) -> dict[str, float]:
    """Tell the area of each theme's list that a week judges."""
    return {row["theme"]: row["area_m2"] for row in told["backing"] if row["theme"] != "all"}
