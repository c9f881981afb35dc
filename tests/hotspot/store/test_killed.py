"""kill -9 at any moment leaves the last complete state, and the same command then finishes the work."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import select, text

from hotspot.store import engine as engines
from hotspot.store import municipality, publications, rankings, runs
from hotspot.store.columns import metadata
from hotspot.store.shapes import raw
from hotspot.weeks import Week
from tests import factories
from tests.factories import NOW, accepted, batch, feature, publication, reversing
from tests.hotspot.store.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Event
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from hotspot.rows import Batch
    from tests.postgis import Cluster

    Work = Callable[[Engine, int, Event | None], None]

WEEK = Week(2010, 30)
N_BATCHES = 6


def _batches(n_rows: int, *, salt: int = 0) -> list[Batch]:
    """A file in batches, some rows of which another file has as well and some of which are taken back."""
    keys = np.arange(n_rows) + salt
    parts = np.array_split(keys, N_BATCHES)
    return [
        batch(
            accepted(part.tolist(), first_row=int(part[0]) + 2, fingerprints=(part + salt % 2).tolist()),
            reversing([int(part[0])], first_row=10**6 + int(part[0])),
        )
        for part in parts
    ]


def _load(engine: Engine, n_rows: int, began: Event | None = None) -> None:
    """Load a corrected file over an earlier version and beside another."""
    batches = _batches(n_rows, salt=n_rows // 2 + 1)
    if began is not None:
        began.set()
    with engines.begin(engine) as connection:
        load(connection, *batches, dataset="b.csv", sha256="2")


def _publish(engine: Engine, n_hotspots: int, began: Event | None = None) -> None:
    """Write a run, its publication and its list."""
    found = [factories.hotspot(f"h{number}", members=range(50)) for number in range(n_hotspots)]
    features = [feature(one.id, rank=rank) for rank, one in enumerate(found, start=1)]
    run = runs.Run(WEEK, factories.parameters(), "input", (factories.detection(found),))
    if began is not None:
        began.set()
    with engines.begin(engine) as connection:
        runs.write_run(connection, run, detected_at=NOW)
        edition = publications.write_publication(connection, publication(features), published_at=NOW)
        rankings.write_rankings(connection, edition, factories.ranked(found))


def _prepare(engine: Engine, n_rows: int) -> None:
    """Make a store with something in it."""
    with engines.begin(engine) as connection:
        municipality.write_municipality(connection, factories.municipality())
        load(connection, *_batches(n_rows), dataset="a.csv")
        load(connection, *_batches(n_rows // 4, salt=n_rows), dataset="b.csv")
        publications.write_publication(connection, publication([]), published_at=NOW)


def _state(engine: Engine) -> str:
    """Hash everything that is stored; on SQLite make sure that the file is whole."""
    digest = hashlib.sha256()
    with engines.read(engine) as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        for table in metadata.sorted_tables:
            columns = [raw(c) if c.name.startswith("geometry") else c for c in table.c]
            rows = connection.execute(select(*columns).order_by(*table.primary_key)).all()
            digest.update(repr([table.name, [tuple(row) for row in rows]]).encode())
        assert _indexes(connection) == INDEXES
    return digest.hexdigest()


INDEXES = {"ix_incident_rows_key", "ix_incident_rows_reversal_key", "ix_incident_rows_started_s"}


def _indexes(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_incident_rows%'"
    else:
        names = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix_incident_rows%'"
    return set(connection.scalars(text(names)))


@dataclass(frozen=True, slots=True)
class Killed:
    """How often a kill came before the commit and how often after it."""

    before: int
    after: int


def _child(url: str, work: Work, size: int, began: Event) -> None:
    work(engines.create_engine(url), size, began)
    os._exit(0)


def _run(url: str, work: Work, size: int, *, kill_after_s: float | None = None) -> float:
    """Do the work in a process of its own, perhaps killed after so many seconds; return how long it took."""
    context = multiprocessing.get_context("fork")
    began = context.Event()
    process = context.Process(target=_child, args=(url, work, size, began))
    process.start()
    assert began.wait(60)
    start = time.perf_counter()
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
    process.join(120)
    assert process.exitcode in ({0} if kill_after_s is None else {0, -signal.SIGKILL})
    return time.perf_counter() - start


def _state_of(url: str) -> str:
    engine = engines.create_engine(url)
    state = _state(engine)
    engine.dispose()
    return state


def _kill_at_random_moments(copy: Callable[[], str], work: Work, *, moments: int, size: int) -> Killed:
    """Kill the work at so many moments of its course; each must leave one of the two complete states."""
    undisturbed = copy()
    before = _state_of(undisturbed)
    took_s = _run(undisturbed, work, size)
    after = _state_of(undisturbed)
    assert after != before
    rng = np.random.default_rng(20100726)
    n_after = 0
    for _ in range(moments):
        url = copy()
        _run(url, work, size, kill_after_s=float(rng.uniform(0, took_s)))
        left = _state_of(url)
        assert left in {before, after}
        n_after += left == after
        if left == before:
            _run(url, work, size)
        assert _state_of(url) == after
    return Killed(moments - n_after, n_after)


@pytest.fixture
def copies(
    store_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[int], Callable[[], str]]]:
    """Prepare a store once and give as many copies of it as are asked for."""
    made: list[str] = []
    base: str = request.getfixturevalue("store_url")

    def prepare(n_rows: int) -> Callable[[], str]:
        engine = engines.create_engine(base)
        _prepare(engine, n_rows)
        engine.dispose()
        return copy

    def copy() -> str:
        if store_kind == "sqlite":
            path = tmp_path / f"copy{len(made)}.db"
            shutil.copy(str(engines.create_engine(base).url.database), path)
            made.append(str(path))
            return f"sqlite:///{path}"
        cluster: Cluster = request.getfixturevalue("postgis")
        made.append(cluster.create(template=str(engines.create_engine(base).url.database)))
        return cluster.url(made[-1])

    yield prepare
    if store_kind == "postgis":
        for name in made:
            request.getfixturevalue("postgis").drop(name)


@pytest.mark.parametrize(("work", "size"), [(_load, 400), (_publish, 40)])
def test_killed__leaves_a_complete_state(
    copies: Callable[[int], Callable[[], str]], work: Work, size: int
) -> None:
    _kill_at_random_moments(copies(600), work, moments=5, size=size)


@pytest.mark.slow
@pytest.mark.parametrize(("work", "size"), [(_load, 20_000), (_publish, 600)])
def test_killed__leaves_a_complete_state_at_twenty_moments(
    copies: Callable[[int], Callable[[], str]], work: Work, size: int, store_kind: str
) -> None:
    killed = _kill_at_random_moments(copies(5_000), work, moments=20, size=size)
    print(f"{store_kind} {work.__name__}: {killed}")  # noqa: T201 -- the figures are what is asked for.
    assert killed.before >= 10
