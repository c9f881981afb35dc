"""`hotspot evaluate`, with a detector that costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hotspot.cli import evaluate
from hotspot.evaluate.claims import Method
from hotspot.model import Kind
from tests.hotspot.evaluate.invented import NOISE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hotspot.cli.conftest import Run


@pytest.fixture(autouse=True)
def quick_detectors(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Method("ours", "ours", NOISE.find, kinds=frozenset(Kind), is_graded=True)
    monkeypatch.setattr(evaluate, "methods", lambda names: (ours, NOISE))


def test_evaluate__writes_a_report_with_plots_and_numbers(run: Run, tmp_path: Path) -> None:
    done = run(
        "evaluate", "--scenarios", "null,acute", "--worlds", 2, "--processes", 1, "--output", tmp_path / "new"
    )
    assert done.code == 0, done.err
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "detection-quality.md",
        "detection-quality.json",
        "detection-quality-recall.svg",
        "detection-quality-false-weeks.svg",
    }
    text = (tmp_path / "new/detection-quality.md").read_text(encoding="utf-8")
    assert "Made by `hotspot evaluate --scenarios null,acute --worlds 2" in text
    assert "null weeks with a confirmed acute hotspot" in done.out


def test_evaluate__says_the_bars_as_json(run: Run, tmp_path: Path) -> None:
    done = run(
        "evaluate", "--json", "--scenarios", "null", "--worlds", 1, "--processes", 1, "--output", tmp_path
    )
    assert done.json[0]["what"] == "null weeks with a confirmed acute hotspot"
    assert done.json[0]["passed"] is True


def test_evaluate__refuses_a_scenario_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "--scenarios", "acuut", "--output", tmp_path)
    assert done.code == 2
    assert "scenarios must be among calibration, null" in done.err
    assert "got acuut" in done.err
