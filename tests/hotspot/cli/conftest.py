"""The command line as a person uses it, on a store made by the demonstration."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from hotspot.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command says.
        """Standard output, read as JSON."""
        return json.loads(self.out)


def run_main(arguments: list[str]) -> int:
    """Call the command line in this process and give its exit code."""
    before = sys.argv
    sys.argv = ["hotspot", *arguments]
    try:
        main()
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    finally:
        sys.argv = before
    return 0


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command and tell its exit code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    # The service's store is handed over in the environment: nothing of it may stay behind.
    monkeypatch.setenv("HOTSPOT_STORE_URL", "sqlite:///nowhere.db")

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = run_main([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return Outcome(code, said.out, said.err)

    return call


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder in which the demonstration ran, and its store."""

    folder: Path
    store: str
    result: dict[str, Any]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demonstration once; tests that change its store must copy it."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        written = folder / "said.json"
        with written.open("w", encoding="utf-8") as file:
            patch.setattr(sys, "stdout", file)
            code = run_main(["demo", "--no-serve", "--json"])
    assert code == 0
    return Demo(
        folder, f"sqlite:///{folder}/.demo/maastricht_demo/hotspot.db", json.loads(written.read_text("utf-8"))
    )
