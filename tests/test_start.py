"""The service starts without what it does not need, and without touching anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {"geopandas", "numba", "pandas", "pyarrow", "pydeck", "pyogrio", "scipy", "sklearn"}
"""What only the pipeline, the ingest and the maps need; each costs the service's start and memory."""


SELDOM = {"jinja2", "prometheus_client"}
"""What only pages for people and figures for Prometheus need: three megabytes of each worker."""


def loaded_by(statement: str, folder: Path) -> set[str]:
    """Names of the packages that a fresh Python has loaded after a statement."""
    program = (
        f"{statement}\nimport json, sys\nprint(json.dumps([name.split('.')[0] for name in sys.modules]))"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(root)},
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_service__starts_without_the_numerical_stack(tmp_path: Path) -> None:
    statement = "from api.app import from_environment; from_environment().openapi()"
    assert not loaded_by(statement, tmp_path) & HEAVY


def test_service__loads_what_is_seldom_asked_for_only_then(tmp_path: Path) -> None:
    statement = "from api.app import from_environment; from_environment().openapi()"
    assert not loaded_by(statement, tmp_path) & SELDOM


def test_service__opens_nothing_before_it_runs(tmp_path: Path) -> None:
    loaded_by("from api.app import from_environment; from_environment()", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_publication__is_written_without_the_numerical_stack(tmp_path: Path) -> None:
    assert not loaded_by("import hotspot.publication", tmp_path) & HEAVY
