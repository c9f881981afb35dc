"""What the command line prints: tables for people, JSON for machines, progress on the error stream."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Output:
    """
    Where a command speaks: results on standard output, everything else on the error stream.

    Parameters
    ----------
    as_json
        Whether results are JSON for machines; then nothing else is printed.
    """

    as_json: bool = False

    def say(self, text: str) -> None:
        """
        Tell a person one line; silent for machines.

        Parameters
        ----------
        text
            The line; what stands in brackets is text like any other.
        """
        if not self.as_json:
            _people().print(text, markup=False, highlight=False)

    def result(self, value: Any) -> None:  # noqa: ANN401 - whatever json can write
        """
        Print a result for machines; silent for people.

        Parameters
        ----------
        value
            Anything that JSON can hold.
        """
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """
        Print a table for people; silent for machines and without rows.

        Parameters
        ----------
        title
            Heading of the table.
        columns
            Headings of the columns; one that begins with `#` is a number and stands right.
        rows
            The cells, row by row.
        """
        rows = list(rows)
        if self.as_json or not rows:
            return
        table = Table(title=Text(title), title_justify="left", title_style="bold")
        for column in columns:
            table.add_column(column.lstrip("#"), justify="right" if column.startswith("#") else "left")
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        _people().print(table)

    @contextmanager
    def progress(self, description: str, total: int | None) -> Iterator[Step]:
        """
        Show a bar on the error stream while a long job runs.

        Parameters
        ----------
        description
            What is being done.
        total
            Units of work, where known.

        Yields
        ------
        Step
            Call it with the units done.
        """
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=self.as_json or not sys.stderr.isatty(),
        )
        with bar:
            yield Step(bar, bar.add_task(description, total=total))


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a progress display."""

    bar: Progress
    task: Any

    def __call__(self, units: int = 1) -> None:
        """
        Move the bar.

        Parameters
        ----------
        units
            Units of work done since the last call.
        """
        self.bar.advance(self.task, units)


def _people() -> Console:
    """Make the console anew, so that a redirected standard output is respected."""
    return Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 160)
