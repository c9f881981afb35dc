"""How long one week takes: a year of St. Louis, a city with all its themes, and a country."""

import multiprocessing
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from hotspot.crs import transform
from hotspot.model import Incidents, Municipality, Parameters
from hotspot.pipeline import detect_week
from hotspot.weeks import Week

CHICAGO = ZoneInfo("America/Chicago")
THEMES = {3: "robbery", 4: "assault", 5: "burglary", 14: "vandalism", 18: "drugs", 24: "disorderly"}
TOWN = Municipality("GM0000", "Town", 28992, "UTC")
WEEKS = 56
LAST = Week(2025, 10)
THEME_SHARES = (0.24, 0.22, 0.19, 0.15, 0.12, 0.08)
"""Of six themes."""
SIDE_M = 1170.0
"""Of a neighbourhood: the 44 of Maastricht share 60 square kilometres."""
PER_ADDRESS = 6
"""Incidents of a year for each address that has any: most are on shared ones."""
COLD = """
import sys
import numpy as np
from hotspot.model import Incidents, Municipality, Parameters
from hotspot.pipeline import detect_week
from hotspot.weeks import Week
columns = dict(np.load(sys.argv[1]))
for name in ("precision", "theme", "subtheme", "neighbourhood"):
    columns[name] = columns[name].astype(object)
town = Municipality("GM0000", "Town", 28992, "UTC")
found = detect_week(Incidents(**columns), (), Week.parse(sys.argv[2]), Parameters(), municipality=town)
print(sum(one.candidates for one in found))
"""


def year_of(incidents: int, neighbourhoods: int, rng: np.random.Generator) -> Incidents:
    """A year of six themes in a town of any size: uneven addresses around uneven centres, drawn at once."""
    across = int(np.ceil(np.sqrt(neighbourhoods)))
    side_m = SIDE_M * across
    centre_m = rng.uniform(0, side_m, (max(neighbourhoods // 2, 1), 2))
    addresses = max(incidents // PER_ADDRESS, 20)
    near_m = centre_m[rng.integers(0, len(centre_m), addresses)] + rng.normal(0, 600, (addresses, 2))
    address_m = np.clip(near_m, 0, side_m - 1).round(1).astype(np.float64)
    weight = rng.pareto(1.5, addresses) + 0.2
    place = rng.choice(addresses, size=incidents, p=weight / weight.sum())
    first_s = int(LAST.plus(1 - WEEKS).bounds(ZoneInfo("UTC"))[0].timestamp())
    started_s = first_s + np.sort(rng.integers(0, WEEKS * 604_800, incidents))
    theme = np.array(list(THEMES.values()), object)
    cell = (address_m[place] // SIDE_M).astype(np.int64)
    quarter = cell[:, 0] * across + cell[:, 1]
    names = np.array([f"B{number:04d}" for number in range(across**2)], object)
    return Incidents(
        key=np.arange(incidents, dtype=np.int64),
        xy_m=address_m[place],
        started_s=started_s,
        ended_s=started_s,
        precision=np.full(incidents, "minute", object),
        theme=theme[rng.choice(theme.size, size=incidents, p=THEME_SHARES)],
        subtheme=np.array(["some", "other"], object)[rng.integers(0, 2, incidents)],
        neighbourhood=names[quarter],
    )


def week_s(incidents: Incidents) -> float:
    """Seconds for the last week of all themes, both questions, all tests."""
    start = time.perf_counter()
    found = detect_week(incidents, (), LAST, Parameters(), municipality=TOWN)
    assert [len(found), {one.reason for one in found}] == [len(THEMES), {None}]
    return time.perf_counter() - start


def municipalities(country: int, number: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Incidents of each: a few cities and many villages."""
    size = 0.15 + rng.pareto(1.3, number)
    share: NDArray[np.float64] = size / size.sum()
    return np.maximum((share * country).astype(np.int64), 2_000)


def country_s(incidents: int, number: int) -> tuple[float, float]:
    """Seconds for the last week of each municipality, and the most memory of the process in GB."""
    rng = np.random.default_rng(340)
    week_s(year_of(5_000, 8, rng))  # Compile.
    taken_s, counted = 0.0, 0
    for size in municipalities(incidents, number, rng).tolist():
        year = year_of(size, max(size // 2_500, 4), rng)
        counted += len(year)
        taken_s += week_s(year)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(f"{counted} incidents of {number} municipalities: {taken_s:.1f} s, {peak_gb:.1f} GB")  # noqa: T201 - its purpose.
    return taken_s, peak_gb


def st_louis(folder: Path) -> Incidents:
    """A year of the police's own files, read as plainly as possible."""
    rows = pd.concat([pd.read_csv(file, dtype=str) for file in sorted(folder.glob("*2010.csv"))])
    code = pd.to_numeric(rows["Crime"], errors="coerce") // 10_000
    feet = rows[["XCoord", "YCoord"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    when = pd.to_datetime(rows["DateOccured"], format="%m/%d/%Y %H:%M", errors="coerce")
    kept = (
        code.isin(list(THEMES)) & (rows["Count"].str.strip() != "-1") & when.notna() & (feet > 1).all(axis=1)
    ).to_numpy()
    local = when[kept].dt.tz_localize(CHICAGO, ambiguous=True, nonexistent="shift_forward")
    started_s = (local - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)
    n = int(kept.sum())
    return Incidents(
        key=np.arange(n, dtype=np.int64),
        xy_m=transform(feet[kept], source="ESRI:102696", target="EPSG:26915"),
        started_s=started_s.to_numpy(np.int64),
        ended_s=started_s.to_numpy(np.int64),
        precision=np.full(n, "minute", object),
        theme=code[kept].map(THEMES).to_numpy(object),
        subtheme=rows["Description"][kept].to_numpy(object),
        neighbourhood=rows["Neighborhood"][kept].to_numpy(object),
    )


@pytest.mark.benchmark
def test_detect_week__six_themes_and_a_year_of_56181_rows_take_under_3_s(shared_data: Path) -> None:
    incidents = st_louis(shared_data / "st_louis_2010")
    place = Municipality("US2965000", "St. Louis", 26915, "America/Chicago")
    assert len(fields(incidents)) == 8

    def seconds(week: str) -> float:
        start = time.perf_counter()
        found = detect_week(incidents, (), Week.parse(week), Parameters(), municipality=place)
        assert [len(found), {one.baseline_weeks > 20 for one in found}] == [6, {True}]
        return time.perf_counter() - start

    seconds("2010-W30")
    times = [seconds(week) for week in ("2010-W30", "2010-W40", "2010-W48")]
    print(f"six themes, one week: {', '.join(f'{one:.2f} s' for one in times)}")  # noqa: T201 - its purpose.
    assert max(times) < 3.0


@pytest.mark.benchmark
def test_detect_week__44_neighbourhoods_6_themes_and_100k_incidents_take_2_s_warm_and_6_s_cold(
    tmp_path: Path,
) -> None:
    incidents = year_of(100_000, 44, np.random.default_rng(44))
    week_s(incidents)
    warm_s = min(week_s(incidents) for _ in range(3))
    columns = {column.name: getattr(incidents, column.name) for column in fields(incidents)}
    plain = {name: value.astype(str) if value.dtype == object else value for name, value in columns.items()}
    np.savez(tmp_path / "year.npz", allow_pickle=False, **plain)
    command = [sys.executable, "-c", COLD, str(tmp_path / "year.npz"), str(LAST)]
    colds_s = []
    # The first on a machine compiles what is then kept on disk.
    for _ in range(3):
        start = time.perf_counter()
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        colds_s.append(time.perf_counter() - start)
        assert int(told.stdout) > 0
    print(f"warm {warm_s:.2f} s, a cold process {min(colds_s[1:]):.2f} s")  # noqa: T201 - its purpose.
    assert warm_s < 2.0  # Issue 3, section 4.
    assert min(colds_s[1:]) < 6.0


@pytest.mark.benchmark
def test_detect_week__a_country_of_1e7_incidents_takes_90_s_and_6_gb() -> None:
    # A process of its own: the most memory of this one may be that of a peer.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        taken_s, peak_gb = pool.submit(country_s, 10_000_000, 340).result()
    assert taken_s < 90.0  # Issue 3, section 4; making the data is not counted.
    assert peak_gb < 6.0
