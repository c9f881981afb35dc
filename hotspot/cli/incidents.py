"""`hotspot load incidents` and `hotspot loads`: files into the store, one transaction each."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from hotspot.cli.opening import opened, reading, transaction
from hotspot.cli.options import Json, Mapping, Store
from hotspot.cli.output import Output, Step
from hotspot.crs import Plane
from hotspot.errors import InvalidFile, InvalidParameter, StoreNotReady
from hotspot.ingest import incidents as files
from hotspot.ingest import mapping as mappings
from hotspot.ingest import tables
from hotspot.neighbourhoods import Neighbourhoods
from hotspot.store import boundaries as stored_boundaries
from hotspot.store import incidents as stored_incidents
from hotspot.store import loads, municipality, settlement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

OUTSIDE_M = 250.0
"""Metres outside every neighbourhood up to which incidents count: geocoders put bridges and borders there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: loaded, in place of an earlier one of its name, or unchanged since then."""

    load: loads.Load
    unchanged: bool = False
    replaced: bool = False


def load_incidents(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="CSV, Parquet, GeoJSON or GeoPackage; .gz too.")
    ],
    mapping: Mapping,
    outside_m: Annotated[
        float,
        typer.Option(
            min=0.0, max=10_000.0, help="Metres outside every neighbourhood that are still accepted."
        ),
    ] = OUTSIDE_M,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """
    Load incident files: every row is accepted or refused with a reason.

    Each file is one transaction. Of one source, the file's name tells which earlier file it replaces: one
    that has not changed is skipped, one that has changed takes the place of its earlier rows; files with
    other rows need other names. After a kill, give the same command again.

    Examples: `hotspot load incidents 2026-W46.csv --mapping dutch_generic`;
    `hotspot load incidents ../shared/data/st_louis_2010/*2010.csv --mapping st_louis_2010`
    """
    output = Output(as_json)
    with opened(store) as engine:
        outcomes = load_files(engine, paths, mapping=mapping, outside_m=outside_m, output=output)
    output.result([asdict(outcome.load) | {"unchanged": outcome.unchanged} for outcome in outcomes])
    show_loads(outcomes, output)
    for outcome in outcomes:
        if outcome.load.rows_read and not outcome.load.rows_accepted:
            most = max(outcome.load.refused_by_reason.items(), key=lambda pair: pair[1])[0]
            output.say(
                f"{outcome.load.file_name}: no row was accepted, mostly {most}. Do mapping, coordinate "
                "reference system and municipality belong to this file? `hotspot mapping check` tells."
            )


def load_files(
    engine: Engine, paths: Sequence[Path], *, mapping: str, outside_m: float, output: Output
) -> list[Outcome]:
    """
    Load files in the given order, each in a transaction of its own.

    Parameters
    ----------
    engine
        The store.
    paths
        The files; two of the same name are refused, since the name tells which earlier load a file replaces.
    mapping
        Name of a shipped mapping, or path of a mapping file.
    outside_m
        Metres outside every neighbourhood that are still accepted.
    output
        Where progress is shown.

    Returns
    -------
    list of Outcome
        One for each file.
    """
    _check_paths(paths)
    read = mappings.read_mapping(mapping)
    with transaction(engine) as connection:
        ground = _Ground.of(connection)
    outcomes = []
    for path in paths:
        rows = tables.count_rows(path, read)
        with output.progress(path.name, rows) as step, transaction(engine) as connection:
            outcomes.append(_load_file(connection, path, read, ground, outside_m, step))
    # A later file may have taken back or repeated rows of an earlier one: only now are the counts final.
    with transaction(engine) as connection:
        final = {load.id: load for load in loads.loads(connection)}
    return [replace(outcome, load=final[outcome.load.id]) for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where incidents are put, made ready once for all files."""

    plane: Plane
    neighbourhoods: Neighbourhoods
    content_hash: str

    @classmethod
    def of(cls, connection: Connection) -> Self:
        """Read the boundaries in force."""
        return cls(
            Plane(municipality.read_municipality(connection).srid),
            Neighbourhoods.of(stored_boundaries.read_boundaries(connection)),
            stored_boundaries.content_hash(connection),
        )


def _check_paths(paths: Sequence[Path]) -> None:
    """Refuse what is missing or named twice before anything is loaded."""
    mistakes = [f"{path} does not exist" for path in paths if not path.is_file()]
    names = [path.name for path in paths]
    mistakes += [
        f"{name} is named more than once" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    if mistakes:
        raise InvalidParameter(*mistakes)


def _load_file(
    connection: Connection,
    path: Path,
    mapping: mappings.Mapping,
    ground: _Ground,
    outside_m: float,
    step: Step,
) -> Outcome:
    """Load one file, unless it, its mapping and the boundaries are as they were."""
    if stored_boundaries.content_hash(connection) != ground.content_hash:
        raise StoreNotReady("the boundaries were replaced while files were loaded; load the files again")
    sha256 = _sha256(path)
    rules = _rules(mapping, outside_m, ground.content_hash)
    earlier = loads.find_load(connection, mapping.source, path.name)
    if earlier is not None and (earlier.sha256, earlier.mapping_sha256) == (sha256, rules):
        return Outcome(earlier, unchanged=True)
    loaded_at = dt.datetime.now(dt.UTC)
    load_id = loads.begin_load(
        connection,
        source=mapping.source,
        dataset=path.name,
        sha256=sha256,
        mapping_sha256=rules,
        file_name=path.name,
        loaded_at=loaded_at,
    )
    loads.write_labels(connection, mapping.labels)
    batches = files.read_incidents(
        path,
        mapping,
        plane=ground.plane,
        neighbourhoods=ground.neighbourhoods,
        outside_m=outside_m,
        loaded_at=loaded_at,
    )
    for batch in batches:
        stored_incidents.write_batch(connection, load_id, batch)
        step(batch.rows_read)
    settlement.settle(connection, load_id)
    return Outcome(loads.finish_load(connection, load_id), replaced=earlier is not None)


def _rules(mapping: mappings.Mapping, outside_m: float, boundaries_hash: str) -> str:
    """Hash everything beside the file that decides what becomes of its rows."""
    return hashlib.sha256(f"{mapping.sha256} {outside_m} {boundaries_hash}".encode()).hexdigest()


def _sha256(path: Path) -> str:
    """Hash a file as it lies there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InvalidFile(f"cannot be read: {error.strerror}", file=str(path)) from error


def list_loads(store: Store = None, as_json: Json = False) -> None:
    """
    List the files that were loaded, with rows read, accepted and refused.

    Example: `hotspot loads --json`
    """
    output = Output(as_json)
    with reading(store) as connection:
        found = loads.loads(connection)
    output.result([asdict(load) for load in found])
    output.table(
        "Loads",
        ["#load", "source", "file", "loaded", "#read", "#accepted", "#refused"],
        [
            [
                load.id,
                load.source,
                load.file_name,
                load.loaded_at.isoformat(timespec="seconds"),
                load.rows_read,
                load.rows_accepted,
                load.rows_refused,
            ]
            for load in found
        ],
    )


def show_loads(outcomes: Sequence[Outcome], output: Output) -> None:
    """
    Print a row per file and their sum.

    Parameters
    ----------
    outcomes
        What became of each file.
    output
        Where to print.
    """
    reasons = sorted({reason for outcome in outcomes for reason in outcome.load.refused_by_reason})
    rows: list[list[object]] = []
    for outcome in outcomes:
        load = outcome.load
        counts = [load.refused_by_reason.get(reason, 0) for reason in reasons]
        note = " (unchanged)" if outcome.unchanged else " (in place of the earlier one)" * outcome.replaced
        rows.append([load.file_name + note, load.rows_read, load.rows_accepted, load.rows_refused, *counts])
    if len(rows) > 1:
        rows.append(
            ["all", *(sum(int(str(row[column])) for row in rows) for column in range(1, len(rows[0])))]
        )
    output.table(
        "Rows", ["file", "#read", "#accepted", "#refused", *(f"#{reason}" for reason in reasons)], rows
    )
