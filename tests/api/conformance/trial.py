"""The whole trial: all requirements in their order, and a table of how they ended."""

from __future__ import annotations

import importlib
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from tests.api.conformance.requirements import REGISTER, Outcome, Result, tried, unexercised
from tests.api.conformance.service import Service
from tests.api.conformance.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOMS = (
    "landing", "items", "pages", "crs", "filtering", "cql2", "cql2_functions", "schemas", "json_fg", "tiles",
    "http_rules", "dutch",
)  # fmt: skip
"""Modules with requirements; what looks at everything that was observed comes last."""


def load() -> None:
    """Fill the register."""
    for room in ROOMS:
        importlib.import_module(f"tests.api.conformance.{room}")
    order = {f"tests.api.conformance.{room}": number for number, room in enumerate(ROOMS)}
    REGISTER.sort(key=lambda one: order[one.check.__module__])


def run(base: str, only: str = "", *, collections: Sequence[str] = ()) -> tuple[list[Result], list[str]]:
    """
    Try a service.

    Parameters
    ----------
    base
        Address of its landing page.
    only
        Beginning of the names of the requirements to try; all where empty.
    collections
        Names of the collections to try; all where empty.

    Returns
    -------
    list of Result
        In order.
    list of str
        Declared classes that were not exercised.
    """
    load()
    with closing(Service(base.rstrip("/"))) as service:
        subject = Subject(service, only=collections)
        results = [tried(one, subject) for one in REGISTER if one.id.startswith(only)]
        return results, unexercised(results, subject.conforms_to)


def table(results: Sequence[Result]) -> str:
    """Write how many requirements ended how, part by part."""
    parts = list(dict.fromkeys(one.requirement.part for one in results))
    width = max(map(len, parts), default=4) + 2
    lines = ["part".ljust(width) + "".join(f"{outcome:>18}" for outcome in Outcome)]
    for part in [*parts, "all"]:
        ended = Counter(one.outcome for one in results if part in {one.requirement.part, "all"})
        lines.append(part.ljust(width) + "".join(f"{ended[outcome]:>18}" for outcome in Outcome))
    return "\n".join(lines)
