"""Whatever may be set or called is told in the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.core import TyperGroup

from api.app import create_app
from api.settings import ApiSettings
from hotspot.cli.app import EXIT_CODES, app
from hotspot.settings import DetectionSettings, StoreSettings

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings
    from typer._click.core import Command

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
API = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("api.md", "operations.md"))


@pytest.mark.parametrize("settings", [StoreSettings, DetectionSettings, ApiSettings])
def test_each_setting__stands_in_the_documentation(settings: type[BaseSettings]) -> None:
    prefix = settings.model_config.get("env_prefix", "")
    for name in settings.model_fields:
        if settings is ApiSettings and name in StoreSettings.model_fields:
            continue
        assert f"{prefix}{name}".upper() in README + API, name


def test_each_command__stands_in_the_readme_and_shows_an_example() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for name, command in _commands(group).items():
        assert f"hotspot {name}" in README, name
        assert command.help is not None
        assert f"hotspot {name}" in command.help, name


def _commands(group: TyperGroup, prefix: str = "") -> dict[str, Command]:
    context = typer.Context(group)
    found: dict[str, Command] = {}
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, TyperGroup):
            found |= _commands(command, f"{name} ")
        else:
            found[prefix + name] = command
    return found


def test_each_exit_code__stands_in_the_readme() -> None:
    for code in {0, 1, 130, *EXIT_CODES.values()}:
        meaning = {0: "done", 1: "our own fault", 2: "wrong input", 3: "does not exist", 4: "the data cannot"}
        meaning |= {5: "the store is not ready", 130: "interrupted"}
        assert f"{code} {meaning[code]}" in " ".join(README[README.index("Exit codes") :].split())


def test_each_route__stands_in_the_documentation() -> None:
    for path in create_app(ApiSettings()).openapi()["paths"]:
        # What holds for every collection is told once.
        told = re.sub(r"^/collections/[^/{]+", "/collections/{collectionId}", path)
        assert told in API, path
