"""How long a year of weekly lists takes, and the latest week alone: detection and list, through the store."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hotspot.city import chessboard, city
from hotspot.cli import detection, publishing
from hotspot.cli.output import Output
from hotspot.model import Parameters
from hotspot.simulate import Kind, history, planted
from hotspot.store import engine as engines
from hotspot.weeks import Week, week_range
from tests import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from hotspot.city import City
    from hotspot.simulate import History

ZONE = ZoneInfo("Europe/Amsterdam")
LAST = Week(2025, 10)
YEAR = week_range(LAST.plus(-51), LAST)
DATA_WEEKS = 107
"""The first week of the year has a whole window and baseline behind it."""
INCIDENTS = 100_000
THEMES = {
    "robbery": 0.24,
    "assault": 0.22,
    "burglary": 0.19,
    "vandalism": 0.15,
    "drugs": 0.12,
    "disorderly": 0.08,
}
SUBTHEMES = (0.4, 0.3, 0.2, 0.1)
SIDE_M = 1170.0
"""Of a neighbourhood: the 44 of Maastricht share 60 square kilometres."""
SPOTS = 12
"""Flare-ups of each theme in the time of the lists."""
SILENT = Output(as_json=True)


def town(rng: np.random.Generator) -> tuple[City, History]:
    """44 neighbourhoods and two years of six themes, with flare-ups in the second."""
    where = city(chessboard(4, 11, side_m=SIDE_M), weights=1 + rng.pareto(1.5, 44), addresses=30_000, rng=rng)
    kinds = [
        Kind(
            theme,
            tuple((f"{theme}_{number}", part) for number, part in enumerate(SUBTHEMES)),
            per_week=share * INCIDENTS / DATA_WEEKS,
            interval_h=2.0,
        )
        for theme, share in THEMES.items()
    ]
    truth = [
        planted(
            where,
            theme,
            radius_m=80,
            incidents=int(rng.integers(8, 25)),
            first=LAST.plus(-int(rng.integers(0, 60))),
            weeks=int(rng.integers(2, 9)),
            rng=rng,
        )
        for theme in THEMES
        for _ in range(SPOTS)
    ]
    first = LAST.plus(1 - DATA_WEEKS)
    return where, history(where, kinds, first=first, weeks=DATA_WEEKS, truth=truth, zone=ZONE, rng=rng)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of all processors."""
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start_s, time.process_time() - start_cpu_s


def made_s(store: Engine, weeks: Sequence[Week]) -> float:
    """Seconds for detecting and publishing some weeks; prints those of both."""
    found = timed(lambda: detection.detect_weeks(store, weeks, Parameters(), SILENT))
    listed = timed(lambda: publishing.publish_weeks(store, weeks, SILENT))
    told = ", ".join(
        f"{what} {wall_s:.1f} s (processors {cpu_s:.1f} s)"
        for what, (wall_s, cpu_s) in (("detection", found), ("list", listed))
    )
    print(f"{len(weeks)} weeks: {told}; load {os.getloadavg()[0]:.1f}")  # noqa: T201 - its purpose.
    return found[0] + listed[0]


@pytest.mark.benchmark
def test_weekly__a_year_of_44_neighbourhoods_takes_60_s_and_its_latest_week_3_s(sqlite_url: str) -> None:
    where, lived = town(np.random.default_rng(44))
    assert 0.95 * INCIDENTS < len(lived.incidents) < 1.1 * INCIDENTS
    store = engines.create_engine(sqlite_url)
    stored.store_town(store, where.areas, stored.rows_of(lived))
    made_s(store, YEAR[:1])  # Compile.
    year_s = made_s(store, YEAR[1:-1])
    latest_s = made_s(store, YEAR[-1:])
    store.dispose()
    assert latest_s < 3.0  # Issue 4.
    assert year_s + latest_s < 60.0
