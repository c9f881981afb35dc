"""From worlds to the report, with detectors that cost nothing."""

import json
from pathlib import Path

import pytest

from hotspot.errors import InvalidParameter, NotFound
from hotspot.evaluate import plots
from hotspot.evaluate.bars import bars
from hotspot.evaluate.claims import Method
from hotspot.evaluate.detectors import METHODS, methods
from hotspot.evaluate.evaluation import FULL, QUICK, Evaluation, evaluate
from hotspot.evaluate.report import as_json, markdown
from hotspot.evaluate.runner import Task, outcome, spread
from hotspot.evaluate.scenarios import SCENARIOS
from hotspot.evaluate.worlds import world
from hotspot.model import Grade, Kind
from tests.hotspot.evaluate.invented import NOISE, clairvoyant

COUNTS = {"calibration": 4, "null": 3, "acute": 2, "chronic": 1}


def blind(ours: Method) -> Method:
    return Method("ours", "ours", ours.find, kinds=frozenset(Kind), is_graded=True)


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluate(COUNTS, [blind(NOISE), NOISE], seed=8, processes=1)


def test_outcome__a_detector_that_knows_the_truth_finds_all_of_it() -> None:
    where = world("acute", 0, seed=8)
    one = outcome(Task("acute", 0, 8, (clairvoyant(where),)))
    assert len(one.claims["clairvoyant"]) == len(where.truth)
    for claim in one.claims["clairvoyant"]:
        (pair,) = claim.pairs
        assert pair.iou_disc == pytest.approx(1.0)
        assert pair.purity == 1.0
        assert claim.grade is Grade.CONFIRMED


def test_spread__two_processes_give_what_one_gives() -> None:
    tasks = [Task("null", number, 8, (NOISE,)) for number in range(2)]
    seen = []
    one = spread(outcome, tasks, processes=1, progress=lambda: seen.append(1))
    two = spread(outcome, tasks, processes=2)
    assert one == two
    assert len(seen) == 2


def test_outcome__another_detector_changes_nothing() -> None:
    where = world("null", 0, seed=8)
    alone = outcome(Task("null", 0, 8, (NOISE,)))
    together = outcome(Task("null", 0, 8, (clairvoyant(where), NOISE)))
    assert alone.claims["noise"] == together.claims["noise"]


def test_evaluate__measures_each_detector_where_it_was_run(found: Evaluation) -> None:
    assert [entry.name for entry in found.entries] == [
        "ours, confirmed", "ours, likely", "ours, calibrated", "noise, calibrated",
    ]  # fmt: skip
    assert found.score("acute", "noise, calibrated") is not None
    assert found.score("chronic", "noise, calibrated") is None
    assert found.score("chronic", "ours, confirmed", kind=Kind.CHRONIC) is not None
    assert [one.second for one in found.differences] == ["noise, calibrated"] * 2


def test_evaluate__is_the_same_for_the_same_seed(found: Evaluation) -> None:
    again = evaluate(COUNTS, [blind(NOISE), NOISE], seed=8, processes=1)
    assert without_times(again) == without_times(found)


def without_times(one: Evaluation) -> str:
    whole = json.loads(as_json(one))
    del whole["seconds"]
    for score in whole["scores"]:
        del score["seconds"]
    return json.dumps(whole)


def test_bars__a_detector_that_never_confirms_has_no_false_week_and_no_recall(found: Evaluation) -> None:
    cleared = {bar.what: bar.passed for bar in bars(found)}
    assert cleared["null weeks with a confirmed acute hotspot"]
    assert not cleared["chronic hotspots, confirmed: recall"]
    assert not cleared["median IoU with the planted disc"]
    assert not cleared["recall above that of noise"]


def test_report__has_its_sections_and_is_json(found: Evaluation, tmp_path: Path) -> None:
    drawn = plots.draw(found, tmp_path)
    text = markdown(found, command="hotspot evaluate", plots=drawn, history="## History\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## The bars",
        "## Ours and every baseline, acute hotspots",
        "## How much is found, by size",
        "## False alarms, by what the week is like",
        "## Chronic hotspots",
        "## Ours in every scenario",
        "## How much hangs on the rule",
        "## History",
        "## How it is measured",
    ]
    assert "nan" not in text
    assert all((tmp_path / name).stat().st_size > 1000 for name in drawn)
    assert json.loads(as_json(found))["seed"] == 8


def test_report__tells_what_is_found_where_little_happens() -> None:
    worlds = {"calibration": 4, "null_doubles_sparse": 2, "acute_sparse": 2, "acute_doubles_sparse": 1}
    found = evaluate(worlds, [blind(NOISE), NOISE], seed=8, processes=1)
    told = [bar.what for bar in bars(found) if bar.what.startswith("sparse, 10 % registered twice: ")]
    assert [what.split(": ")[1].split(" (")[0] for what in told] == [
        "null weeks with one", "recall", "false hotspots a week",
    ]  # fmt: skip
    assert not any(bar.what.startswith("10 % registered twice") for bar in bars(found))
    text = markdown(found, command="hotspot evaluate", plots=())
    section = text[text.index("## Where little happens") :].split("\n## ")[0]
    assert "| noise, calibrated | - |" in section
    assert "Place and weeks known: recall " in section


def test_plots__are_the_same_files_for_the_same_numbers(found: Evaluation, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        plots.draw(found, tmp_path / folder)
    for one in sorted((tmp_path / "one").iterdir()):
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()


def test_plots__say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    with pytest.raises(NotFound, match=r"pip install 'hotspot\[plots\]'"):
        plots.require_matplotlib()


def test_methods__ours_comes_first_and_unknown_ones_are_refused() -> None:
    assert next(iter(METHODS)) == "ours"
    assert methods(["ours"]) == (METHODS["ours"],)
    with pytest.raises(InvalidParameter, match="got nobody"):
        methods(["nobody"])


def test_counts__full_and_quick_name_every_scenario() -> None:
    assert set(FULL) == set(QUICK) == set(SCENARIOS)
    assert all(QUICK[name] <= FULL[name] for name in FULL)


def test_ours__finds_what_nobody_should_doubt() -> None:
    one = outcome(Task("clear", 14, 8, (METHODS["ours"],)))
    sure = [claim for claim in one.claims["ours"] if claim.grade is Grade.CONFIRMED]
    assert any(pair.held >= 0.5 for claim in sure for pair in claim.pairs)
