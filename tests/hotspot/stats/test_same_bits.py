"""Every test by simulation gives the same bits for one, two and five threads."""

import dataclasses
import os
from collections.abc import Callable

import numpy as np
import pytest

from hotspot.cluster.nnh import groups_by_chance
from hotspot.stats.accuracy import pai_by_week
from hotspot.stats.cells import square_cells
from hotspot.stats.concentration import concentration
from hotspot.stats.conditional import permuted_tails
from hotspot.stats.jacquez import jacquez
from hotspot.stats.knox import knox, knox_table, modified_knox
from hotspot.stats.lattice import Lattice
from hotspot.stats.mantel import mantel
from hotspot.stats.near_repeat import near_repeat_table
from hotspot.stats.relative_risk import relative_risk
from hotspot.stats.scan_bernoulli import bernoulli_scan
from hotspot.stats.scan_expectation import expectation_scan
from hotspot.stats.scan_negative_binomial import negative_binomial_scan
from hotspot.stats.scan_permutation import permutation_scan
from hotspot.stats.scan_poisson import poisson_scan
from hotspot.stats.scan_windows import ScanPlan

# More than the batches of any test hold, and a multiple of none.
REPLICATES = 401
XY_M = np.random.default_rng(2).uniform(0, 2000, (90, 2)).round()
DAY = np.random.default_rng(3).integers(0, 60, 90).astype(float)
COUNTS = np.random.default_rng(5).poisson(1.0, (6, 90))
ONES = np.ones((6, 90))
RING = Lattice(np.arange(1, 61), np.array([-1, 1]), 62)


def chance() -> np.random.Generator:
    return np.random.default_rng(1)


def plan(stop_after: int | None = None) -> ScanPlan:
    return ScanPlan(max_steps=2, max_share=0.2, replicates=REPLICATES, stop_after=stop_after)


TESTS: dict[str, Callable[[], object]] = {
    "knox": lambda: knox(XY_M, DAY, within_m=200, within_days=7, replicates=REPLICATES, rng=chance()),
    "knox_table": lambda: knox_table(
        XY_M, DAY, edges_m=[0, 200, 400], edges_days=[0, 7, 14], replicates=REPLICATES, rng=chance()
    ),
    "modified_knox": lambda: modified_knox(
        XY_M, DAY, within_m=200, within_days=7, replicates=REPLICATES, rng=chance()
    ),
    "near_repeat_table": lambda: near_repeat_table(
        XY_M, DAY, edges_m=[200, 400], edges_days=[0, 7, 14], replicates=REPLICATES, rng=chance()
    ),
    "mantel": lambda: mantel(XY_M, DAY, replicates=REPLICATES, rng=chance()),
    "jacquez": lambda: jacquez(XY_M, DAY, neighbours=3, replicates=REPLICATES, rng=chance()),
    "permuted_tails": lambda: permuted_tails(
        COUNTS[0, :60].astype(float), RING, replicates=REPLICATES, rng=chance()
    ),
    "concentration": lambda: concentration(COUNTS[0], replicates=REPLICATES, rng=chance()),
    "pai_by_week": lambda: pai_by_week(
        COUNTS[0], COUNTS[0] + COUNTS[1], selected_share=0.1, replicates=REPLICATES, rng=chance()
    ),
    "relative_risk": lambda: relative_risk(
        XY_M[:30],
        XY_M[30:],
        square_cells((0, 0, 2000, 2000), side_m=200),
        bandwidth_m=300,
        n_permutations=REPLICATES,
        rng=chance(),
    ),
    "groups_by_chance": lambda: groups_by_chance(
        XY_M, area_m2=4e6, min_incidents=3, n_replicates=REPLICATES, rng=chance()
    ),
    "permutation_scan": lambda: permutation_scan(XY_M, COUNTS, plan=plan(), rng=chance()),
    "permutation_scan, early": lambda: permutation_scan(XY_M, COUNTS, plan=plan(9), rng=chance()),
    "poisson_scan": lambda: poisson_scan(XY_M, COUNTS, ONES, plan=plan(), rng=chance()),
    "bernoulli_scan": lambda: bernoulli_scan(XY_M, COUNTS, COUNTS[::-1], plan=plan(), rng=chance()),
    "expectation_scan": lambda: expectation_scan(XY_M, COUNTS, ONES, plan=plan(), rng=chance()),
    "negative_binomial_scan": lambda: negative_binomial_scan(
        XY_M, COUNTS, ONES, 2.0, plan=plan(9), rng=chance()
    ),
}


def bits(found: object) -> list[bytes]:
    """Give all numbers of a result as they lie in memory."""
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return [part for field in dataclasses.fields(found) for part in bits(getattr(found, field.name))]
    if isinstance(found, tuple):
        return [part for one in found for part in bits(one)]
    return [np.asarray(found).tobytes()]


@pytest.mark.parametrize("test", TESTS)
def test_every_test__gives_the_same_bits_for_any_number_of_threads(
    test: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        found.append(bits(TESTS[test]()))
    assert found[0] == found[1] == found[2]
    assert len(b"".join(found[0])) > 0
