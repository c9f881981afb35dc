"""How fast, and in how much memory, is a big incident file read and checked?"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
import shapely

from hotspot.crs import Plane
from hotspot.ingest.incidents import read_incidents
from hotspot.ingest.mapping import read_mapping
from hotspot.model import Area, Level
from hotspot.neighbourhoods import Neighbourhoods

ROWS = 1_000_000
LOADED_AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CODES = np.array(["1.1.1", "1.4.5", "1.4.6", "2.1.1", "3.1.1", "2.2.1", "2.5.2", "3.6.4", "1.4.1", "9.9.9"])


def neighbourhoods_50() -> Neighbourhoods:
    """A town of ten by five squares of a kilometre in the Dutch plane."""
    return Neighbourhoods(
        tuple(
            Area(
                Level.NEIGHBOURHOOD,
                f"BU0000{10 * j + i:04d}",
                "square",
                None,
                shapely.MultiPolygon(
                    [shapely.box(170e3 + 1e3 * i, 315e3 + 1e3 * j, 171e3 + 1e3 * i, 316e3 + 1e3 * j)]
                ),
            )
            for i in range(10)
            for j in range(5)
        )
    )


def dutch_file(path: Path, *, rows: int, seed: int = 0) -> Path:
    """Write incidents as the generic Dutch mapping expects them; one in a thousand lies outside the town."""
    rng = np.random.default_rng(seed)
    xy_m = np.column_stack([rng.uniform(170e3, 180.01e3, rows), rng.uniform(315e3, 320e3, rows)])
    minutes = rng.integers(0, 2 * 365 * 24 * 60, rows)
    moment = np.datetime64("2024-01-01T00:00") + minutes
    day = np.datetime_as_string(moment, unit="D")
    table = pa.table(
        {
            "registratienummer": pa.array(np.arange(rows)).cast(pa.string()),
            "begindatum": day,
            "begintijd": [text[11:16] for text in np.datetime_as_string(moment, unit="m")],
            "einddatum": pa.array([""] * rows),
            "eindtijd": pa.array([""] * rows),
            "kennisnamedatum": day,
            "kennisnametijd": pa.array(["23:59"] * rows),
            "soort_misdrijf": CODES[rng.choice(CODES.size, rows, p=[0.19, *[0.1] * 8, 0.01])],
            "bvh_klasse": pa.array([""] * rows),
            "x_coordinaat": np.round(xy_m[:, 0], 1),
            "y_coordinaat": np.round(xy_m[:, 1], 1),
            "buurtcode": pa.array(["BU00000001"] * rows),
        }
    )
    pa.csv.write_csv(table, path)
    return path


def read(path: Path) -> int:
    """Read a file to its end and count its rows."""
    batches = read_incidents(
        path,
        read_mapping("dutch_generic"),
        plane=Plane(),
        neighbourhoods=neighbourhoods_50(),
        outside_m=50.0,
        loaded_at=LOADED_AT,
    )
    return sum(batch.rows_read for batch in batches)


@pytest.mark.benchmark
def test_a_million_rows__are_read_and_checked_within_12_seconds_of_cpu(tmp_path: Path) -> None:
    read(dutch_file(tmp_path / "warm.csv", rows=1_000))
    path = dutch_file(tmp_path / "million.csv", rows=ROWS)
    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    assert read(path) == ROWS
    elapsed_s, cpu_s = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    print(f"{ROWS} rows in {elapsed_s:.1f} s, {cpu_s:.1f} s of CPU")  # noqa: T201 (the figure is the point)
    # The target is 8 s on two idle cores. Time on the CPU is compared, because others may use the machine.
    assert cpu_s < 12.0


@pytest.mark.benchmark
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell peak memory")
def test_a_million_rows__take_less_than_700_mb(tmp_path: Path) -> None:
    path = dutch_file(tmp_path / "million.csv", rows=ROWS)
    # The peak of resource.getrusage would include that of this process, from which the other one is forked.
    program = (
        "import runpy, pathlib;"
        f"bench = runpy.run_path({str(Path(__file__))!r});"
        f"assert bench['read'](pathlib.Path({str(path)!r})) == {ROWS};"
        "status = pathlib.Path('/proc/self/status').read_text();"
        "print(next(line.split()[1] for line in status.splitlines() if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    peak_mb = int(done.stdout) / 1e3
    print(f"peak {peak_mb:.0f} MB")  # noqa: T201 (the figure is the point)
    assert peak_mb < 700


@pytest.mark.benchmark
def test_st_louis__56181_rows_are_read_within_2_seconds() -> None:
    folder = Path(__file__).parents[3] / "shared" / "data" / "st_louis_2010"
    if not folder.is_dir():
        pytest.skip("the real data are not beside the repository")
    town = Neighbourhoods(
        (
            Area(
                Level.NEIGHBOURHOOD,
                "all",
                "all",
                None,
                shapely.MultiPolygon([shapely.box(7e5, 4.2e6, 8e5, 4.4e6)]),
            ),
        )
    )
    mapping = read_mapping("st_louis_2010")

    def load() -> int:
        return sum(
            batch.rows_read
            for path in sorted(folder.glob("*.csv"))
            for batch in read_incidents(
                path, mapping, plane=Plane(26915), neighbourhoods=town, outside_m=50.0, loaded_at=LOADED_AT
            )
        )

    load()
    begin_cpu_s = time.process_time()
    assert load() == 56_181
    cpu_s = time.process_time() - begin_cpu_s
    print(f"56181 rows in {cpu_s:.2f} s of CPU")  # noqa: T201 (the figure is the point)
    assert cpu_s < 2.0
