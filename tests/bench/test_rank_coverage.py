"""
Do the intervals of ranks hold the true rank in 88 to 92 of 100? 1,000 simulated weeks in each of many worlds.

In some worlds all places are listed; in others those that stand out of thousands, whose counts are thus too
high. True risks follow a gamma or log-normal law, or are outbreaks that have nothing to do with what was
expected. Lists of 3 to 40 hotspots come in turn.
"""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from hotspot.model import Detection, Evidence, Form, Grade, Hotspot, Kind, State
from hotspot.ranking import rank
from hotspot.weeks import Week

WEEKS = 1_000
MANY = 3_000
WEEK = Week(2026, 30)
DISC = shapely.Point(0, 0).buffer(50)
SIZES = (3, 5, 8, 12, 20, 40)

Law = Callable[[np.random.Generator, int], NDArray[np.float64]]


def log_uniform(low: float, high: float) -> Law:
    return lambda rng, n: np.exp(rng.uniform(np.log(low), np.log(high), n))


def gamma(shape: float, mean: float) -> Law:
    return lambda rng, n: rng.gamma(shape, mean / shape, n)


def log_normal(median: float, sigma: float) -> Law:
    return lambda rng, n: median * np.exp(sigma * rng.standard_normal(n))


def constant(value: float) -> Law:
    return lambda rng, n: np.full(n, value)


def uniform(low: float, high: float) -> Law:
    return lambda rng, n: rng.uniform(low, high, n)


def stands_out(count: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    ratio = count * np.log(np.maximum(count, 1) / expected) - (count - expected)
    return np.asarray((count >= 3) & (count > expected) & (ratio >= 3.0))


def list_of(
    expectation: Law, risks: Law, n: int, rng: np.random.Generator, *, chosen: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts, expectations and true risks of a list of n hotspots."""
    parts = []
    found = 0
    while found < n:
        many = MANY if chosen else n
        expected, risk = expectation(rng, many), risks(rng, many)
        count = rng.poisson(expected * risk).astype(float)
        taken = stands_out(count, expected) if chosen else np.ones(n, bool)
        parts.append(np.array([count[taken], expected[taken], risk[taken]]))
        found += int(np.count_nonzero(taken))
    count, expected, risk = np.concatenate(parts, axis=1)[:, :n]
    return count, expected, risk


def hotspot(name: str, count: float, expected: float) -> Hotspot:
    evidence = Evidence(int(count), float(expected), 20, 2.0, 6.0, 0.01, 0.02, 100.0, 3, 2, 4)
    return Hotspot(
        id=name,
        theme="theft",
        week=WEEK,
        kind=Kind.ACUTE,
        grade=Grade.CONFIRMED,
        form=Form.AREA,
        pile_up=False,
        footprint=DISC,
        centroid_xy_m=(0.0, 0.0),
        neighbourhoods=(),
        subthemes=(),
        evidence=evidence,
        members=(),
    )


def coverage(expectation: Law, risks: Law, *, chosen: bool, sizes: tuple[int, ...]) -> NDArray[np.float64]:
    """Share of each week's rows whose interval holds the true rank, shape (weeks,)."""
    rng = np.random.default_rng(20_260)
    held = []
    for week in range(WEEKS):
        n = sizes[week % len(sizes)]
        count, expected, risk = list_of(expectation, risks, n, rng, chosen=chosen)
        spots = tuple(hotspot(f"h{i:02d}", count[i], expected[i]) for i in range(n))
        rows = rank(Detection("theft", WEEK, State.HOTSPOTS, None, 99, 999, 4, 52, n, spots), rng=rng)
        true = {spots[i].id: place for place, i in enumerate(np.argsort(-expected * (risk - 1)), start=1)}
        inside = [(row.rank_lower or 0) <= true[row.hotspot.id] <= (row.rank_upper or 0) for row in rows]
        held.append(np.mean(inside))
    return np.array(held)


E = log_uniform(0.3, 30)
ALL = {
    "gamma, mean 1": (E, gamma(2, 1)),
    "gamma, mean 3": (E, gamma(4, 3)),
    "log-normal, narrow": (E, log_normal(2, 0.5)),
    "log-normal, wide": (E, log_normal(1, 1)),
    "even expectations": (uniform(0.3, 30), gamma(2, 1)),
    "one expectation, gamma": (constant(3), gamma(2, 1)),
    "one expectation, log-normal": (constant(3), log_normal(2, 0.5)),
}
CHOSEN = {
    "gamma": (E, gamma(2, 1)),
    "gamma, long tail": (E, gamma(0.5, 1)),
    "log-normal": (E, log_normal(1, 0.5)),
    "log-normal, hardly any differences": (E, log_normal(1, 0.2)),
    "even expectations": (uniform(0.3, 30), log_normal(1, 0.5)),
    "one expectation": (constant(3), gamma(2, 1)),
}


def is_about_90(held: NDArray[np.float64], capsys: pytest.CaptureFixture[str], name: str) -> bool:
    error = float(held.std()) / WEEKS**0.5
    with capsys.disabled():
        print(f"\n{name}: {100 * held.mean():.1f} % ± {196 * error:.1f}")  # noqa: T201 - the figure asked for.
    return bool(0.88 - 2 * error <= held.mean() <= 0.92 + 2 * error)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_rank__intervals_hold_the_true_rank_where_all_places_are_listed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_about_90(coverage(*ALL[name], chosen=False, sizes=SIZES), capsys, f"all, {name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOSEN)
def test_rank__intervals_hold_the_true_rank_where_the_highest_are_listed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_about_90(coverage(*CHOSEN[name], chosen=True, sizes=SIZES), capsys, f"chosen, {name}")
