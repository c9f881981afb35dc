"""How fast the store takes and gives incidents; sizes are in the names, bars in the assertions."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hotspot.rows import ABSENT_S, AcceptedRows, Batch
from hotspot.store import engine as engines
from hotspot.store import incidents, loads, municipality, settlement
from tests import factories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from sqlalchemy import Connection, Engine

BATCH_ROWS = 50_000
LOAD_BARS_S = {"sqlite": 20.0, "postgis": 13.0}
"""Seconds for a million rows beside some seven for reading the file: 40 and 20 are allowed in all."""

YEAR_S = 31_536_000


def _texts(values: list[str], n: int, rng: np.random.Generator) -> NDArray[np.object_]:
    return np.array(values, object)[rng.integers(0, len(values), n)]


def _batch(n: int, first_row: int, rng: np.random.Generator) -> Batch:
    """Rows of one year as a large city has them."""
    started_s = factories.MIDNIGHT_S + np.sort(rng.integers(0, YEAR_S, n))
    every = np.iinfo(np.int64)
    rows = AcceptedRows(
        row=np.arange(first_row, first_row + n),
        key=rng.integers(every.min, every.max, n),
        reversal_key=rng.integers(every.min, every.max, n),
        fingerprint=rng.integers(every.min, every.max, n),
        xy_m=rng.uniform(0, 20_000, (n, 2)).round(1),
        started_s=started_s,
        ended_s=started_s + rng.integers(0, 86_400, n),
        precision=_texts(["minute"], n, rng),
        reported_s=np.where(rng.random(n) < 0.1, ABSENT_S, started_s + 90_000),
        theme=_texts([f"theme_{i}" for i in range(6)], n, rng),
        subtheme=_texts([f"subtheme_{i}" for i in range(4)], n, rng),
        code=_texts([f"{i:02d}" for i in range(10)], n, rng),
        reporter=_texts(["citizen", "police"], n, rng),
        neighbourhood=_texts([f"BU{i:02d}" for i in range(50)], n, rng),
        stated_area=_texts([str(i) for i in range(50)], n, rng),
    )
    return Batch(rows, factories.refused())


def _batches(n_rows: int, seed: int = 1) -> Iterator[Batch]:
    rng = np.random.default_rng(seed)
    for first in range(0, n_rows, BATCH_ROWS):
        yield _batch(min(BATCH_ROWS, n_rows - first), first + 2, rng)


def _load(connection: Connection, n_rows: int, *, dataset: str = "a.csv", seed: int = 1) -> float:
    """Load so many rows and return the seconds that the store took."""
    spent_s = 0.0
    load_id = loads.begin_load(
        connection,
        source="police",
        dataset=dataset,
        sha256="1",
        mapping_sha256="1",
        file_name=dataset,
        loaded_at=factories.NOW,
    )
    for batch in _batches(n_rows, seed):
        start = time.perf_counter()
        incidents.write_batch(connection, load_id, batch)
        spent_s += time.perf_counter() - start
    start = time.perf_counter()
    settlement.settle(connection, load_id)
    assert loads.finish_load(connection, load_id).rows_accepted == n_rows
    return spent_s + time.perf_counter() - start


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with engines.begin(engine) as connection:
        municipality.write_municipality(connection, factories.municipality())
    return engine


def _report(store_kind: str, what: str, seconds: float) -> None:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{store_kind}: {what} in {seconds:.2f} s, peak of this process {peak_mb:.0f} MB")  # noqa: T201 -- the figures are what is asked for.


@pytest.mark.benchmark
def test_load_1m_rows(engine: Engine, store_kind: str) -> None:
    start = time.perf_counter()
    with engines.begin(engine) as connection:
        spent_s = _load(connection, 1_000_000)
        generated = time.perf_counter() - start - spent_s
    spent_s = time.perf_counter() - start - generated
    _report(store_kind, "1,000,000 rows loaded", spent_s)
    assert spent_s < LOAD_BARS_S[store_kind]


@pytest.mark.benchmark
def test_load_56k_rows_in_12_files(engine: Engine, store_kind: str) -> None:
    spent_s = 0.0
    for month in range(12):
        with engines.begin(engine) as connection:
            spent_s += _load(connection, 4_682, dataset=f"{month}.csv", seed=month)
    _report(store_kind, "56,184 rows of 12 files loaded", spent_s)
    assert spent_s < 3.0


@pytest.mark.benchmark
def test_read_100k_of_500k_rows(engine: Engine, store_kind: str) -> None:
    with engines.begin(engine) as connection:
        _load(connection, 500_000)
    since_s = factories.MIDNIGHT_S
    with engines.read(engine) as connection:
        times_s = []
        for _ in range(3):
            start = time.perf_counter()
            read = incidents.read_incidents(connection, since_s=since_s, until_s=since_s + YEAR_S // 5)
            times_s.append(time.perf_counter() - start)
    spent_s = min(times_s)
    assert 95_000 < len(read) < 105_000
    _report(store_kind, f"{len(read):,} of 500,000 incidents read", spent_s)
    assert spent_s < 0.5
