"""Place files: everything that a demonstration on somebody's data has to be told, in one TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from hotspot.errors import InvalidFile, NotFound
from hotspot.model import Municipality
from hotspot.weeks import Week

_KEYS = {
    "municipality": {"code", "name", "srid", "time_zone"},
    "boundaries": {"file", "vintage", "source", "code_column", "name_column", "district_column"},
    "incidents": {"files", "mapping"},
    "detection": {"week", "weeks"},
}
"""Tables and keys of a place file; `boundaries` may be absent, and so may its columns."""


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """
    Boundaries of a place.

    Parameters
    ----------
    file
        Name of the file in the data folder.
    vintage
        Year for which they hold.
    source
        Where they come from.
    code_column, name_column, district_column
        Columns, where the layout is not a known one.
    """

    file: str
    vintage: int
    source: str = ""
    code_column: str | None = None
    name_column: str | None = None
    district_column: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place with its data and the weeks to show.

    Parameters
    ----------
    name
        Name of the place file without its ending.
    municipality
        What the store is about.
    boundaries
        Its boundaries; absent for the schematic ones that ship with the project.
    incident_files
        Pattern of the incident files in the data folder.
    mapping
        Mapping of the incident files.
    week
        Last week to detect.
    weeks
        Number of weeks.
    """

    name: str
    municipality: Municipality
    boundaries: BoundaryFile | None
    incident_files: str
    mapping: str
    week: Week
    weeks: int


def shipped_places() -> list[str]:
    """
    List the place files that ship with the project.

    Returns
    -------
    list of str
        Their names, in alphabetical order.
    """
    folder = resources.files("geodata").joinpath("places")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def read_place(name: str) -> Place:
    """
    Read a place file.

    Parameters
    ----------
    name
        Name of a shipped place, such as `st_louis_2010`, or path of a TOML file.

    Returns
    -------
    Place
        The place.

    Raises
    ------
    NotFound
        If there is neither such a shipped place nor such a file.
    InvalidFile
        If the file is no place file; every missing or unknown key is named.
    InvalidWeek
        If its week is no ISO week.
    """
    if name in shipped_places():
        text = resources.files("geodata").joinpath("places", f"{name}.toml").read_text("utf-8")
    elif Path(name).is_file():
        text = Path(name).read_text("utf-8")
    else:
        raise NotFound(
            f"no place {name!r}: it is none of {', '.join(shipped_places())}, and no such file exists"
        )
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidFile(f"is no TOML: {error}", file=name) from error
    _check(tables, name)
    return Place(
        name=Path(name).stem,
        municipality=Municipality(**tables["municipality"]),
        boundaries=BoundaryFile(**tables["boundaries"]) if "boundaries" in tables else None,
        incident_files=tables["incidents"]["files"],
        mapping=tables["incidents"]["mapping"],
        week=Week.parse(tables["detection"]["week"]),
        weeks=tables["detection"]["weeks"],
    )


def _check(tables: dict[str, Any], name: str) -> None:
    """Name every mistake at once."""
    optional = {"source", "code_column", "name_column", "district_column"}
    mistakes = [f"unknown table [{table}]" for table in tables if table not in _KEYS]
    for table, keys in _KEYS.items():
        if table not in tables:
            mistakes += [] if table == "boundaries" else [f"table [{table}] is missing"]
            continue
        if not isinstance(tables[table], dict):
            mistakes.append(f"{table} must be a table, got {tables[table]!r}")
            continue
        mistakes += [f"unknown key {table}.{key}" for key in tables[table] if key not in keys]
        mistakes += [
            f"key {table}.{key} is missing" for key in sorted(keys - optional) if key not in tables[table]
        ]
        for key, value in tables[table].items():
            required = int if key in {"srid", "vintage", "weeks"} else str
            if key in keys and not (isinstance(value, required) and not isinstance(value, bool)):
                mistakes.append(f"{table}.{key} must be {required.__name__}, got {value!r}")
    if mistakes:
        raise InvalidFile("; ".join(mistakes), file=name)
