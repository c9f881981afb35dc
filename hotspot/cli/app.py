"""
The command line: parse, open one transaction, call, print.

Exit codes: 0 done; 1 our own fault; 2 the input is wrong; 3 it does not exist; 4 the data cannot answer this
question; 5 the store is not ready or cannot be reached; 130 interrupted.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import typer
from pydantic import ValidationError
from rich.console import Console
from typer.core import TyperCommand, TyperGroup

from hotspot.errors import HotspotError, InvalidInput, NotFound, StoreNotReady, StoreUnavailable, Unsuitable

if TYPE_CHECKING:
    from typer._click.core import Command, Context

EXIT_CODES: dict[type[HotspotError], int] = {
    InvalidInput: 2,
    NotFound: 3,
    Unsuitable: 4,
    StoreNotReady: 5,
    StoreUnavailable: 5,
}
"""Exit code of each kind of error; an unlisted one is our own fault."""

COMMANDS: Mapping[str, str | Mapping[str, str]] = {
    "init": "setup:init",
    "load": {
        "boundaries": "boundaries:load_boundaries",
        "incidents": "incidents:load_incidents",
        "streets": "streets:load_streets",
    },
    "loads": "incidents:list_loads",
    "mapping": {"list": "mappings:list_mappings", "check": "mappings:check_mapping"},
    "quality": "quality:report",
    "refused": "quality:list_refused",
    "detect": "detection:detect",
    "publish": "publishing:publish",
    "list": "lists:list_hotspots",
    "briefing": "briefing:write_briefings",
    "differences": "differences:show",
    "hits": "hits:show",
    "note": {
        "add": "notes:add_verdict",
        "action": "notes:add_action",
        "list": "notes:list_notes",
    },
    "key": {"create": "keys:create", "list": "keys:list_keys", "revoke": "keys:revoke"},
    "audit": {"verify": "audit:verify", "export": "audit:export"},
    "map": "map:write_map",
    "serve": "service:serve",
    "demo": "demonstration:demo",
    "run-weekly": "run_weekly:run_weekly",
    "evaluate": "evaluate:quality",
}
"""Module and function of each command, in the order in which the help lists them."""

_GROUPS = {
    "load": "Load boundaries, incidents or streets into the store.",
    "mapping": "List and check mapping files.",
    "key": "Who may see more than everybody through the API.",
    "audit": "The log of who saw what through the API, and what for.",
    "note": "What professionals say of a hotspot, and do about it; apart from the counts.",
}


class _OnDemand(TyperGroup):
    """
    A group that imports a command's module when it is called.

    `hotspot list` needs neither the numerical stack nor the readers of files, and should not wait for them.
    """

    table: ClassVar[Mapping[str, str | Mapping[str, str]]] = COMMANDS

    def list_commands(self, ctx: object) -> list[str]:
        """List the names in our order."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """Give a group, or a command that says what it is for but does nothing yet."""
        del ctx
        target = self.table.get(cmd_name)
        if target is None:
            return None
        if isinstance(target, Mapping):
            return _group(cmd_name, _GROUPS[cmd_name], target)
        return _described(cmd_name, target)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Import the command that is called, and no other."""
        name, command, rest = super().resolve_command(ctx, args)
        target = self.table.get(args[0])
        return name, _imported(args[0], target) if isinstance(target, str) else command, rest


def _described(name: str, target: str) -> TyperCommand:
    """Read what a command is for in its source: to import all of them for a list would take seconds."""
    module, function = target.split(":")
    source = ast.parse(Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8"))
    (found,) = (node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == function)
    return TyperCommand(name, help=ast.get_docstring(found), rich_markup_mode="markdown")


def _imported(name: str, target: str) -> TyperCommand:
    """Import one command."""
    module, function = target.split(":")
    single = typer.Typer(add_completion=False, rich_markup_mode="markdown")
    single.command(name)(getattr(import_module(f"hotspot.cli.{module}"), function))
    return typer.main.get_command(single)  # type: ignore[return-value]


def _group(name: str, help_text: str, table: Mapping[str, str]) -> TyperGroup:
    """Make a group of commands that are imported on demand."""
    kind = type(f"_{name.title()}", (_OnDemand,), {"table": table})
    group = typer.main.get_command(_typer(kind, help_text))
    group.name = name
    return group  # type: ignore[return-value]


def _typer(kind: type[TyperGroup], help_text: str) -> typer.Typer:
    """Make a group that only holds others."""
    made = typer.Typer(
        cls=kind,
        help=help_text,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        add_completion=False,
    )
    made.callback()(lambda: None)
    return made


app = _typer(
    _OnDemand,
    """Weekly hotspots of incidents per neighbourhood: found, tested, ranked, published.

    The usual order: `init`, `load boundaries`, `load incidents`, `quality`, `detect`, `publish`, `list`,
    `briefing`, `serve`; each Monday `run-weekly` does it in one.
    `hotspot demo` does it all on a demonstration city.

    Exit codes: 0 done, 1 our own fault, 2 wrong input, 3 does not exist, 4 the data cannot answer this
    question, 5 the store is not ready or cannot be reached, 130 interrupted.""",
)


def exit_code(error: HotspotError) -> int:
    """
    Tell the exit code of an error: that of its nearest listed ancestor.

    Parameters
    ----------
    error
        Any error of ours.

    Returns
    -------
    int
        1 to 5.
    """
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)


def main() -> None:
    """Run the command line and turn errors into a message and an exit code."""
    try:
        app()
    except HotspotError as error:
        _complain(str(error))
        sys.exit(exit_code(error))
    except ValidationError as error:
        for mistake in error.errors():
            _complain(
                f"setting {'.'.join(map(str, mistake['loc']))}: {mistake['msg']}, got {mistake['input']!r}"
            )
        sys.exit(2)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # Whoever read our output has read enough, as in `hotspot list | head`.
            sys.stderr.close()
            sys.exit(0)
        _complain(f"{error.filename or 'the file system'}: {error.strerror or error}")
        sys.exit(2)
    except KeyboardInterrupt:
        _complain("interrupted; nothing of the step under way was stored")
        sys.exit(130)


def _complain(message: str) -> None:
    """Say what is wrong on the error stream."""
    console = Console(stderr=True, soft_wrap=True)
    console.print("hotspot:", style="bold red", end=" ")
    console.print(message, markup=False, highlight=False)
