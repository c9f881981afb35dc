"""
What filters ask of a database and SQLite lacks: folding, arithmetic within bounds, and sets of texts.

PostgreSQL does the same in its own terms (`hotspot.store.filters`); the tests hold the two together.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from hotspot.cql2.arithmetic import reckon
from hotspot.cql2.folding import without_accents, without_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

_PARSED_SETS = 4096
"""Sets of texts kept parsed: few distinct ones are compared again and again."""


@lru_cache(_PARSED_SETS)
def _set(texts: str) -> frozenset[str]:
    """Parse a stored set of texts."""
    return frozenset(json.loads(texts))


def _folded(fold: Callable[[str], str], text: str | None) -> str | None:
    """Fold a text where there is one."""
    return None if text is None else fold(text)


def _without_case(text: str | None) -> str | None:
    """Take the capitals from a text."""
    return _folded(without_case, text)


def _without_accents(text: str | None) -> str | None:
    """Take the accents from a text."""
    return _folded(without_accents, text)


def _reckon(operator: str, left: float | None, right: float | None) -> float | None:
    """Reckon two numbers together."""
    return None if left is None or right is None else reckon(operator, float(left), float(right))


def _contains(first: str | None, second: str | None) -> bool | None:
    """Tell whether a set has all members of another."""
    return None if first is None or second is None else _set(first) >= _set(second)


def _overlaps(first: str | None, second: str | None) -> bool | None:
    """Tell whether two sets share a member."""
    return None if first is None or second is None else not _set(first).isdisjoint(_set(second))


FOLDERS = {"casei": "without_case", "accenti": "without_accents"}
"""Names of the functions that fold, by what they are called in a filter."""


def register(connection: sqlite3.Connection) -> None:
    """
    Teach a connection these functions.

    Parameters
    ----------
    connection
        A new connection to SQLite.
    """
    for name, n_arguments, function in (
        ("without_case", 1, _without_case),
        ("without_accents", 1, _without_accents),
        ("reckon", 3, _reckon),
        ("texts_contain", 2, _contains),
        ("texts_overlap", 2, _overlaps),
    ):
        connection.create_function(name, n_arguments, function, deterministic=True)
