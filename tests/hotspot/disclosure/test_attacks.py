"""
Attacks on what is disclosed, by somebody who has everything that a level was ever told and knows all rules.

Counts: all that was told of many weeks as linear constraints on the counts of the finest squares by period;
linear programming gives the range in which each protected count can lie. Places: whatever can be cut out of
all shapes of all weeks. The same attacks on what is *not* published show that they find what can be found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.optimize import linprog

from hotspot.disclosure.rules import read_rules
from hotspot.evaluate.registers import st_louis
from hotspot.model import Level
from tests.disclosing import LOWER, lived_seen, wide_boundaries
from tests.published_rows import FIRST, RULES, register, seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hotspot.catalogue import Disclosure
    from hotspot.disclosure.density import CellRow
    from hotspot.tally import Ledger
    from hotspot.weeks import Week

PARTNER, OPEN = LOWER
FINEST_M = 125
PERIODS = 3
WEEKS = 13 * PERIODS
_MANY = 1e6
"""More incidents than there are."""
PROTECTED = {OPEN: (250, 4), PARTNER: (125, 2)}
"""Side of the squares whose small counts are protected, and the width that the range of each must keep."""


@dataclass(slots=True)
class Attacker:
    """What is known: sums of base squares by period that lie between two numbers."""

    columns: int
    rows: int
    constraints: list[tuple[NDArray[np.int64], float, float]] = field(default_factory=list)

    def squares(self, period: int, column: int, row: int, size_m: int) -> NDArray[np.int64]:
        """Numbers of the base squares in a square, by its column and row among those of its size."""
        n = size_m // FINEST_M
        x, y = np.meshgrid(np.arange(column * n, column * n + n), np.arange(row * n, row * n + n))
        return ((period * self.rows + y) * self.columns + x).ravel()

    def knows(self, which: NDArray[np.int64], low: float, high: float) -> None:
        self.constraints.append((which, low, high))

    def interval(
        self, which: NDArray[np.int64], *more: tuple[NDArray[np.int64], float, float]
    ) -> tuple[float, float]:
        """The range of a sum of squares of one period; other periods share no unknown with it."""
        n = self.columns * self.rows
        first = int(which[0]) // n * n
        known = [one for one in (*self.constraints, *more) if first <= int(one[0][0]) < first + n]
        sums, low, high = np.zeros((len(known), n)), np.zeros(len(known)), np.zeros(len(known))
        for row, (cells, least, most) in enumerate(known):
            sums[row, cells - first] = 1
            low[row], high[row] = least, min(most, _MANY)
        cost = np.zeros(n)
        cost[which - first] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * cost,
                A_ub=np.vstack([sums, -sums]),
                b_ub=np.concatenate([high, -low]),
                bounds=(0, _MANY),
            )
            if found.fun is None:
                return np.inf, -np.inf
            ends.append(sign * found.fun)
        return ends[0], ends[1]


def town(seed: int, *, n: int = 1500) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Incidents in four square kilometres, each at an address of its own, in some places dense."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(200, 1800, (6, 2))
    spread_m = rng.uniform(60, 500, 6)
    which = rng.choice(6, n, p=rng.dirichlet(np.ones(6)))
    xy_m = np.clip(centres[which] + rng.normal(0, 1, (n, 2)) * spread_m[which, None], 1, 1999)
    # The register covers all periods; nothing else is in the empty corner.
    return xy_m, np.r_[np.arange(WEEKS), rng.integers(0, WEEKS, n - WEEKS)]


def all_told(book: Ledger, level: Disclosure) -> dict[tuple[Week, str], CellRow]:
    """Everything that the lists of all weeks tell; a square of a period is the same in each."""
    told: dict[tuple[Week, str], CellRow] = {}
    for ahead in range(WEEKS + RULES.lag_weeks + 3):
        for row in seen(book, FIRST.plus(ahead), level):
            assert told.setdefault((row.first, row.cell), row) == row
    return told


def attacker(book: Ledger, *levels: Disclosure) -> Attacker:
    """Somebody who was told what these levels were, and knows that each incident has its own address."""
    found = Attacker(16, 16)
    for level in levels:
        own = RULES.of(level)
        told = all_told(book, level)
        for row in told.values():
            period = (row.first.ordinal - FIRST.ordinal) // 13
            which = found.squares(period, row.west_m // row.size_m, row.south_m // row.size_m, row.size_m)
            found.knows(which, row.incidents, row.incidents + own.step - 1)
        shapes = {(row.first, row.west_m // 1000, row.south_m // 1000) for row in told.values()}
        for period in range(PERIODS):
            first = FIRST.plus(13 * period)
            for column, row_number in ((c, r) for c in (0, 1) for r in (0, 1)):
                if (first, column, row_number) not in shapes:
                    found.knows(found.squares(period, column, row_number, 1000), 0, own.least_incidents - 1)
    return found


def leaf_of(book: Ledger, level: Disclosure, which: tuple[int, int, int], size_m: int) -> CellRow | None:
    """The square that is told and holds a smaller one."""
    period, column, row = which
    x_m, y_m = (column + 0.5) * size_m, (row + 0.5) * size_m
    for one in seen(book, FIRST.plus(13 * (period + 1) + RULES.lag_weeks), level):
        if one.shape.contains(shapely.Point(x_m, y_m)):
            return one
    return None


def ranges(
    known: Attacker, book: Ledger, level: Disclosure, which: tuple[int, int, int], size_m: int
) -> tuple[float, float]:
    """The range of a count, with the knowledge why its square was not divided: a quarter lacks enough."""
    own, target = RULES.of(level), known.squares(*which, size_m)
    leaf = leaf_of(book, level, which, size_m)
    if leaf is None or leaf.size_m == own.grid_m:
        return known.interval(target)
    half_m = leaf.size_m // 2
    found = [
        known.interval(
            target,
            (
                known.squares(which[0], leaf.west_m // half_m + i, leaf.south_m // half_m + j, half_m),
                0,
                own.least_incidents - 1,
            ),
        )
        for i in (0, 1)
        for j in (0, 1)
    ]
    return min(low for low, _ in found), max(high for _, high in found)


def small_counts(
    xy_m: NDArray[np.float64], week: NDArray[np.int64], size_m: int, least: int
) -> list[tuple[tuple[int, int, int], int]]:
    """Squares by period with few incidents, and how many."""
    cell = np.column_stack([week // 13, np.floor(xy_m / size_m).astype(np.int64)])
    cells, n = np.unique(cell, axis=0, return_counts=True)
    return [((int(p), int(c), int(r)), int(k)) for (p, c, r), k in zip(cells, n, strict=True) if k < least]


@pytest.mark.parametrize(
    ("levels", "seed"), [((OPEN,), 1), ((PARTNER,), 2), ((PARTNER, OPEN), 3)], ids=["open", "partner", "both"]
)
def test_cells__leave_every_small_count_its_range_whoever_collects_all_weeks_and_levels(
    levels: tuple[Disclosure, ...], seed: int
) -> None:
    xy_m, week = town(seed)
    book = register(xy_m, week)
    known = attacker(book, *levels)
    size_m, width = PROTECTED[levels[0]]
    few = small_counts(xy_m, week, size_m, RULES.of(levels[0]).least_incidents)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(few), min(6, len(few)), replace=False).tolist()
    assert len(chosen) == 6
    for number in chosen:
        which, count = few[number]
        low, high = ranges(known, book, levels[0], which, size_m)
        assert low <= count <= high
        assert low == pytest.approx(0, abs=1e-6)
        assert high - low >= width - 1e-6


def test_cells__and_listed_hotspots_leave_small_counts_of_the_open_level_their_range() -> None:
    xy_m, week = town(4)
    book = register(xy_m, week)
    known = attacker(book, OPEN)
    # Every four squares that hold five incidents in four weeks are listed: more than any detection would.
    listed = 0
    for first in range(WEEKS - 3):
        if first // 13 != (first + 3) // 13:
            continue
        now = (week >= first) & (week < first + 4)
        for column in range(0, 16, 4):
            for row in range(0, 16, 4):
                low_m = np.array([column, row]) * FINEST_M
                inside = now & (xy_m >= low_m).all(axis=1) & (xy_m < low_m + 500).all(axis=1)
                if np.count_nonzero(inside) >= RULES.open.least_incidents:
                    known.knows(known.squares(first // 13, column // 4, row // 4, 500), 5, np.inf)
                    listed += 1
    assert listed > 20
    few = small_counts(xy_m, week, 250, 5)
    for which, count in [
        few[n] for n in np.random.default_rng(4).choice(len(few), 6, replace=False).tolist()
    ]:
        low, high = ranges(known, book, OPEN, which, 250)
        assert low <= count <= high
        assert high - low >= 4 - 1e-6


def test_attack__finds_every_count_where_a_window_slides_and_counts_are_exact() -> None:
    # What is not published: exact counts of one square in the last 13 weeks, told every week.
    weeks = 60
    counts = np.random.default_rng(1).poisson(0.4, weeks)
    windows = [(n, counts[n : n + 13].sum()) for n in range(weeks - 12)]
    sums = np.array([[float(n <= week < n + 13) for week in range(weeks)] for n, _ in windows])
    narrow = 0
    for week in range(weeks):
        cost = np.zeros(weeks)
        cost[week] = 1
        ends = [
            linprog(sign * cost, A_eq=sums, b_eq=[total for _, total in windows], bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        assert ends[0] is not None
        assert ends[1] is not None
        narrow += -ends[1] - ends[0] < 2
    assert narrow > weeks // 2


def test_attack__finds_a_count_where_squares_of_two_sizes_overlap() -> None:
    # What is not published: a square of 500 m beside three of its quarters.
    known = Attacker(16, 16)
    known.knows(known.squares(0, 0, 0, 500), 30, 34)
    for column, row in ((0, 0), (1, 0), (0, 1)):
        known.knows(known.squares(0, column, row, 250), 10, 14)
    low, high = known.interval(known.squares(0, 1, 1, 250))
    assert 3 < high - low <= 4 + 1e-6


def cut_out(shapes: Sequence[shapely.Geometry]) -> NDArray[np.float64]:
    """Areas of all pieces that can be cut out of shapes, in square metres."""
    different = {shapely.to_wkb(shapely.normalize(one)): one for one in shapes}
    lines = shapely.union_all([shapely.boundary(one) for one in different.values()])
    return shapely.area(shapely.get_parts(shapely.polygonize([lines])))


@pytest.mark.parametrize("level", LOWER)
def test_shapes__of_all_weeks_cut_out_no_piece_smaller_than_a_square(level: Disclosure) -> None:
    shapes = [shape for one in lived_seen(level) for shape in one.shapes.values()]
    assert len(shapes) > 40
    side_m = read_rules().of(level).grid_m
    assert cut_out(shapes).min() >= side_m**2 - 1e-6
    others = [shape for one in lived_seen(PARTNER) for shape in one.shapes.values()]
    assert cut_out([*shapes, *others]).min() >= FINEST_M**2 - 1e-6


def test_attack__cuts_small_pieces_out_of_outlines() -> None:
    # What is not published.
    outlines = [shapely.Point(x_m, 0).buffer(80) for x_m in (0, 30, 45)]
    assert cut_out(outlines).min() < 1000


@pytest.mark.parametrize("level", LOWER)
def test_shapes__and_names_follow_from_the_squares_alone(level: Disclosure) -> None:
    areas = wide_boundaries()
    quarters = areas.of(Level.NEIGHBOURHOOD)
    for made in lived_seen(level):
        for feature in made.publication.features:
            shape = made.shapes[feature.id]
            touched = {one.code for one in quarters if shape.intersection(one.geometry).area > 0}
            assert {code for code in feature.areas if code.startswith("BU")} == touched


def test_cells__of_a_real_register_rest_on_enough_and_are_made_of_each_other(shared_data: Path) -> None:
    found = st_louis(shared_data)
    near = found.theme == "theft"
    xy_m, week = found.xy_m[near], found.week[near]
    place = np.unique(np.floor(xy_m + 0.5), axis=0, return_inverse=True)[1].reshape(-1)
    book = register(xy_m, week)
    for period in range(PERIODS):
        now = week // 13 == period
        told = {level: seen(book, FIRST.plus(13 * period + 12 + RULES.lag_weeks), level) for level in LOWER}
        for level, rows in told.items():
            own = RULES.of(level)
            assert len(rows) > 50
            for row in rows:
                at = np.floor(xy_m / row.size_m) * row.size_m == (row.west_m, row.south_m)
                inside = now & at.all(axis=1)
                assert row.incidents <= np.count_nonzero(inside) < row.incidents + own.step
                assert np.unique(place[inside]).size >= own.least_places
        parts = shapely.STRtree([row.shape for row in told[PARTNER]])
        for row in told[OPEN]:
            inside = [told[PARTNER][n] for n in parts.query(row.shape, predicate="covers").tolist()]
            assert sum(one.size_m**2 for one in inside) == row.size_m**2
            assert row.incidents == sum(one.incidents for one in inside) // 5 * 5
